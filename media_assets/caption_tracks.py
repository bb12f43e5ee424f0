"""Caption documents as the player and the transcript want them: read when they come in, kept as rows."""

import logging

from . import captions
from .captions import Cue
from .file_errors import FileError
from .models import ArchiveDocument, CaptionText
from .storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

MIME_TYPES = frozenset({"text/vtt", "application/x-subrip"})


def document_stored(sender, instance, **kwargs) -> None:
    """A document has come in or was replaced."""
    if isinstance(instance, ArchiveDocument):
        CaptionText.objects.filter(document=instance).exclude(sha256=instance.sha256).delete()
        if instance.mime_type in MIME_TYPES:
            cues_of(instance)


def cues_of(document: ArchiveDocument) -> list[Cue]:
    """The cues of a caption document; none of one that cannot be read. No query when `caption_text` is fetched."""
    known = getattr(document, "caption_text", None)
    if known is not None and known.sha256 == document.sha256:
        return known.read()
    if document.mime_type not in MIME_TYPES:
        return []
    try:
        with document.file.storage.open(document.file.name) as file:
            cues = captions.read(captions.decoded(file.read(captions.MAX_BYTES + 1)))
    except FileError as error:
        logger.warning("captions of document %s: %s", document.pk, error)
        cues = []  # remembered too: a page must not read the file again each time it is shown
    except (FileNotFoundError, StorageUnavailableError) as error:
        logger.warning("captions of document %s: %s", document.pk, error)
        return []
    rows = [[cue.start, cue.end, cue.text, cue.settings] for cue in cues]
    CaptionText.objects.update_or_create(document=document, defaults={"sha256": document.sha256, "cues": rows})
    return cues
