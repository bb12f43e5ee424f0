"""Reads stored pictures again for what was not asked of them when they came in: likeness and embedded metadata."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from . import sandbox
from .bounds import bounds
from .decoding.examining import examine
from .file_errors import FileError
from .likenesses import as_signed
from .local_copies import local_path
from .models import ArchiveImage
from .stored_names import by_key


@dataclass
class Tally:
    read: int = 0
    failed: int = 0


def reread(*, everything: bool, report: Callable[[str], None]) -> Tally:
    """All pictures of the library, or those that have told nothing yet; `report` is told each failure in one line.
    Titles that editors gave are not touched. Raises StorageUnavailableError."""
    tally = Tally()
    images = ArchiveImage.objects.all() if everything else ArchiveImage.objects.filter(likeness=None, said={})
    for (key,) in by_key(images):
        image = ArchiveImage.objects.filter(pk=key).first()
        if image is None:
            continue
        try:
            _reread(image)
            tally.read += 1
        except (FileError, FileNotFoundError) as error:
            tally.failed += 1
            report(f"{image.pk} {image.filename}：{getattr(error, 'reason', error)}")
    return tally


def _reread(image: ArchiveImage) -> None:
    with local_path(image.file) as path:
        found = asdict(sandbox.call(examine, str(path), image.mime_type, bounds()))
    likeness = as_signed(found["likeness"]) if found["likeness"] else None
    # Only if it is still the same file: an editor may have replaced it meanwhile.
    same = ArchiveImage.objects.filter(pk=image.pk, sha256=image.sha256)
    same.update(likeness=likeness, said=found["said"] or {})
