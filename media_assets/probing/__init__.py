"""What a file really is, read from its bytes: its type, its pixels, its seconds.

Pure: a seekable binary file in, facts out. No decoder is asked that the signature has not named.
"""

from .errors import FileError, RefusedFile, UnreadableFile
from .films import FilmFacts, moving_picture, no_picture, open_film, probe_film, shown_size
from .pictures import PictureFacts, check_whole, damaged, open_picture, probe_picture
from .signatures import sniff

__all__ = [
    "FileError",
    "FilmFacts",
    "PictureFacts",
    "RefusedFile",
    "UnreadableFile",
    "check_whole",
    "damaged",
    "moving_picture",
    "no_picture",
    "open_film",
    "open_picture",
    "probe_film",
    "probe_picture",
    "shown_size",
    "sniff",
]
