"""What a picture says of itself in its first bytes and its last, without being decoded."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from media_assets.decoding.tiff import NotTiffError, first_picture

EXTENSIONS = frozenset(
    ("jpg", "jpeg", "jpe", "png", "tif", "tiff", "jp2", "j2k", "jpx", "jpf", "webp", "heic", "heif", "avif", "gif")
)
"""What the names of page images end in."""

HEAD_BYTES = 64
_TAIL_BYTES = 65536
_MOST_PAGES = 5_000
_TURNED = 5
_ORIENTATION = 0x0112
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"II+\x00", "tif"),
    (b"MM\x00+", "tif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xffO\xffQ", "j2k"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_READERS = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "jp2": "JPEG2000", "j2k": "JPEG2000", "webp": "WEBP"}
_READERS |= {"gif": "GIF", "avif": "AVIF"}


@dataclass(frozen=True)
class Head:
    """`size` is the upright picture's, None when only decoding would tell. `pages` is 1 but for a TIFF of several.
    `is_whole` is False when the end is missing for certain."""

    size: tuple[int, int] | None = None
    pages: int = 1
    is_whole: bool = True


def extension_of(head: bytes) -> str:
    """What a picture that begins like this is called at the end of its name; "" for no picture that is kept."""
    for signature, extension in _SIGNATURES:
        if head.startswith(signature):
            return extension
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        brands = head[8:12], *(head[at : at + 4] for at in range(16, HEAD_BYTES, 4))
        if brands[0] in (b"avif", b"avis"):
            return "avif"
        return "heic" if any(brand in _HEIF_BRANDS for brand in brands) else ""
    return ""


def head_of(path: Path, extension: str) -> Head:
    """Of a file that begins as `extension` says. A head that cannot be read is not whole."""
    size = _size(path, extension)
    if extension == "tif":
        try:
            found = first_picture(path, _MOST_PAGES)
        except NotTiffError:
            return Head(None, 1, False)
        return Head(size or (found.width, found.height), found.pages, found.is_whole)
    return Head(size, 1, _has_end(path, extension) and (size is not None or extension in ("heic", "avif")))


def _size(path: Path, extension: str) -> tuple[int, int] | None:
    if extension not in _READERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[_READERS[extension]]) as picture:
                is_turned = picture.getexif().get(_ORIENTATION, 1) >= _TURNED
                return picture.size[::-1] if is_turned else picture.size
    except Image.DecompressionBombError:
        return 0, 0
    except Exception:  # Pillow raises whatever the parser of the format runs into
        return None


def _has_end(path: Path, extension: str) -> bool:
    length = path.stat().st_size
    with path.open("rb") as file:
        if extension == "webp":
            return int.from_bytes(file.read(8)[4:], "little") + 8 <= length
        file.seek(max(0, length - _TAIL_BYTES))
        tail = file.read()
    # Cameras put more behind the end of a picture, and some scanners fill up with zeros.
    return b"\xff\xd9" in tail if extension == "jpg" else b"IEND" in tail if extension == "png" else True
