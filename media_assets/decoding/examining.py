"""Everything that intake asks of a file's content, in one call of the sandbox.

The libraries for one kind of file are imported when such a file comes: each costs more than most files do.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from ..file_errors import FileError, UnshownFile
from ..filetypes import FileKind, file_type, mime_type_as
from . import polyglots
from .bounds import Bounds


@dataclass(frozen=True)
class Examined:
    """`width` and `height` upright, `duration` in seconds; `likeness` is 0 when there is none; `unshown` says why a
    file that is kept cannot be shown; `said` is what a picture tells of itself, by the names of
    `metadata.reading.Said`."""

    mime_type: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    pages: int | None = None
    likeness: int = 0
    unshown: str = ""
    said: dict | None = None


@dataclass(frozen=True)
class Refusal:
    """The FileError of one file among many: the name of its class, its message and what fills it."""

    name: str
    message: str
    values: dict


def examine_many(files: list[tuple[str, str]], bounds: Bounds) -> list[Examined | Refusal]:
    """`examine` for files (path, type) of one origin, in one process: what one of them breaks, breaks them all."""
    found: list[Examined | Refusal] = []
    for path, mime_type in files:
        try:
            found.append(examine(path, mime_type, bounds))
        except FileError as error:
            found.append(Refusal(type(error).__name__, error.message, error.values))
    return found


def examine(path: str, mime_type: str, bounds: Bounds) -> Examined:
    """Raises UnreadableFile for what is damaged, RefusedFile for what must not be kept."""
    kind = file_type(mime_type).kind
    polyglots.check(path, kind, mime_type)
    if kind is FileKind.IMAGE:
        return _picture(path, mime_type, bounds)
    if kind is FileKind.DOCUMENT:
        return _document(path, mime_type, bounds)
    from . import films

    film = films.measure(path, mime_type, bounds)
    return Examined(mime_type_as(film.kind, mime_type), film.width, film.height, film.duration)


def _picture(path: str, mime_type: str, bounds: Bounds) -> Examined:
    import pyvips

    from ..metadata import reading
    from . import pictures
    from .likeness import likeness

    reader = file_type(mime_type).reader
    try:
        # An eighth of the size: every byte of a JPEG is still read, most of the arithmetic is spared.
        picture = pictures.open_picture(path, mime_type, bounds, jpeg_shrink=8)
        found = likeness(picture)
    except UnshownFile as error:
        return _kept_unseen(path, mime_type, error)
    except pyvips.Error as error:
        raise pictures.damaged() from error
    facts = pictures.measure(path, mime_type, bounds) if mime_type == "image/jpeg" else pictures.facts_of(picture)
    return Examined(mime_type, facts.width, facts.height, likeness=found, said=asdict(reading.read(path, reader)))


def _kept_unseen(path: str, mime_type: str, error: UnshownFile) -> Examined:
    """Only a TIFF tells its size and whether it is whole without being decoded."""
    from . import pictures, tiff

    if mime_type != "image/tiff":
        raise error
    first = tiff.first_picture(path, 1)
    if not first.is_whole:
        raise pictures.damaged() from error
    return Examined(mime_type, first.width, first.height, unshown=error.message)


def _document(path: str, mime_type: str, bounds: Bounds) -> Examined:
    if mime_type == "application/pdf":
        from . import pdfs

        return Examined(mime_type, pages=pdfs.examine(path, bounds).pages)
    with Path(path).open("rb") as file:
        is_archive = file.read(4) == b"PK\x03\x04"
    if is_archive:
        from . import offices

        offices.examine(path, mime_type, bounds)
    return Examined(mime_type)
