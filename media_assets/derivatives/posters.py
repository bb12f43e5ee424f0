"""A film's still, when the editor has given none."""

import logging

from django.core.files.base import ContentFile

from .. import intake, sandbox
from ..decoding import stills
from ..local_copies import local_path
from ..models import ArchiveVideo, PublicCopyRequest
from ..storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

WALL_SECONDS, CPU_SECONDS = 120, 120  # to look for light in a large film


def ensure_poster(video: ArchiveVideo, *, wait_for_storage: bool = False) -> None:
    """Give the film a still of its own, unless an editor has given one. Raises nothing that the film or the
    storage can cause: a film without a still is shown by its title, and `make_derivatives` notes the lack. A storage
    that is down is asked again later; with `wait_for_storage` StorageUnavailableError is raised instead."""
    if video.type != "video" or (video.thumbnail and not video.poster_is_automatic):
        return
    try:
        still = poster_of(video)
        _keep(video, still)
    except intake.FileError as error:
        logger.warning("no still of film %s: %s", video.pk, error.reason)
    except StorageUnavailableError as error:
        if wait_for_storage:
            raise
        logger.warning("the still of film %s waits: %s", video.pk, error)
        PublicCopyRequest.objects.ask("video", [video.pk])
    except Exception:  # as for derivatives: no save may fail for this, whatever the storage raises
        logger.exception("no still of film %s", video.pk)


def poster_of(video: ArchiveVideo) -> bytes:
    """One frame of the film as JPEG: from a tenth of its length, upright, square pixels, at most 1920 a side.

    Raises UnreadableFile when no frame can be decoded there, nor later, nor at the beginning.
    """
    with local_path(video.file) as path:
        return sandbox.call(
            stills.still,
            str(path),
            video.mime_type,
            float(video.duration or 0),
            wall_seconds=WALL_SECONDS,
            cpu_seconds=CPU_SECONDS,
        )


def _keep(video: ArchiveVideo, still: bytes) -> None:
    replaced = video.thumbnail.name if video.thumbnail else ""
    video.thumbnail.save("still.jpg", ContentFile(still), save=False)
    video.poster_is_automatic = True
    # Making it took a while: a still that an editor has given meanwhile stays, and a film that came meanwhile has none.
    unchanged = ArchiveVideo.objects.filter(pk=video.pk, file=video.file.name, thumbnail=replaced)
    if not unchanged.update(thumbnail=video.thumbnail.name, poster_is_automatic=True):
        video.thumbnail.storage.delete(video.thumbnail.name)
        video.refresh_from_db(fields=["thumbnail", "poster_is_automatic"])
    elif replaced:
        video.thumbnail.storage.delete(replaced)
