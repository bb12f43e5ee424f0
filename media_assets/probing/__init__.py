"""What a file really is, read from its bytes: its type here, its pixels, its seconds and its content in the sandbox.

No decoder is asked that the signature has not named.
"""

from typing import BinaryIO

from django.utils.translation import gettext as _

from .. import file_errors, sandbox
from ..bounds import bounds
from ..decoding import films, pictures
from ..decoding.examining import Examined, Refusal, examine, examine_many
from ..decoding.films import FilmFacts
from ..decoding.pictures import PictureFacts
from ..file_errors import FileError
from ..local_copies import path_of
from .signatures import sniff

__all__ = [
    "Examined",
    "FilmFacts",
    "PictureFacts",
    "look_inside",
    "look_inside_many",
    "probe_film",
    "probe_picture",
    "sniff",
]


def look_inside(file: BinaryIO, mime_type: str) -> Examined:
    """What intake must know of the content of a file of this type: decoded to its end if it is a picture. Leaves the
    file at its beginning. Raises UnreadableFile, RefusedFile."""
    return _asked(file, examine, mime_type)


def look_inside_many(files: list[tuple[str, str]]) -> list[Examined | FileError]:
    """The same for many files (path, type) that came together, in one process; an error in the place of each that
    cannot be kept. Raises FileError when one of them ended the process: then they are to be asked for one by one."""
    wall = max(60, 10 * len(files))
    found = sandbox.call(examine_many, files, bounds(), wall_seconds=wall, cpu_seconds=wall)
    return [
        getattr(file_errors, told.name)(_(told.message), **told.values) if isinstance(told, Refusal) else told
        for told in found
    ]


def probe_picture(file: BinaryIO, mime_type: str | None = None) -> PictureFacts:
    """Size and orientation, from the header where the format allows. Leaves the file at its beginning.

    Raises UnreadableFile; RefusedFile for what is no picture or beyond the bounds; UnshownFile.
    """
    return _asked(file, pictures.measure, mime_type or sniff(file))


def probe_film(file: BinaryIO, mime_type: str | None = None) -> FilmFacts:
    """Seconds, shown size and codecs; of a film the first picture is decoded, which proves that it has one. Leaves
    the file at its beginning. Raises UnreadableFile, RefusedFile."""
    return _asked(file, films.measure, mime_type or sniff(file))


def _asked(file: BinaryIO, function, mime_type: str):
    try:
        with path_of(file) as path:
            return sandbox.call(function, str(path), mime_type, bounds())
    finally:
        file.seek(0)
