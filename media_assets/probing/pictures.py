"""Opening a picture of unknown origin with libvips: nothing but the picture is read, and no damage passes.

The loader is the one that the signature names; the others are never asked. Everything streams: a picture is
not held in memory until it has been made small. Size and orientation are read by the same library that will
make the derivatives, because two readers that disagree about which side is up would distort them.
"""

import io
import shutil
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

import pyvips
from django.utils.translation import gettext as _

from ..filetypes import FileKind, file_type
from .errors import RefusedFile, UnreadableFile
from .signatures import sniff

pyvips.block_untrusted_set(True)  # loaders that libvips itself does not trust stay shut in this process
pyvips.cache_set_max(0)  # an operation is never asked twice here; the cache would only hold memory

MAX_PIXELS = 200_000_000
COPY_BYTES = 1024 * 1024
MAX_SIDE = 65_500  # of JPEG and of everything that can be made from it

_LOADERS = {
    "JPEG": "jpegload_source",
    "PNG": "pngload_source",
    "WEBP": "webpload_source",
    "GIF": "gifload_source",
    "TIFF": "tiffload_source",
    "AVIF": "heifload_source",
}


@dataclass(frozen=True)
class PictureFacts:
    """`width` and `height` are the upright picture's; `orientation` is the EXIF value (1 to 8)."""

    width: int
    height: int
    orientation: int


def probe_picture(file: BinaryIO, mime_type: str | None = None) -> PictureFacts:
    """Size and orientation from the header; no pixel is decoded. Leaves the file at its beginning.

    Raises UnreadableFile, and RefusedFile for what is no picture or has more than MAX_PIXELS.
    """
    try:
        picture = open_picture(file, mime_type or sniff(file))
    finally:
        file.seek(0)
    orientation = picture.get("orientation") if picture.get_typeof("orientation") else 1
    size = (picture.width, picture.height)
    width, height = size[::-1] if orientation >= 5 else size
    return PictureFacts(width, height, orientation)


def open_picture(file: BinaryIO, mime_type: str, *, jpeg_shrink: int = 1) -> pyvips.Image:
    """The first picture of the file, streamed and not yet upright; pixels come when they are asked for, and
    damage shows itself then as `pyvips.Error`. A file on disk must stay where it is meanwhile.

    `jpeg_shrink` (1, 2, 4 or 8) lets a JPEG be decoded smaller at once. Raises UnreadableFile, RefusedFile.
    """
    found = file_type(mime_type)
    if found.kind is not FileKind.IMAGE:
        raise RefusedFile(_("这不是图片文件。"))
    loader = getattr(pyvips.Image, _LOADERS[found.reader])
    shrink = jpeg_shrink if found.reader == "JPEG" else 1
    options = {"shrink": shrink} if shrink > 1 else {}
    try:
        picture = loader(_source(file), access="sequential", fail_on="error", **options)
    except pyvips.Error as error:
        raise damaged() from error
    _check_size(picture.width * shrink, picture.height * shrink)
    if picture.format not in ("uchar", "ushort"):
        # Signed and floating samples carry no agreed black and white: the picture would come out wrong.
        raise RefusedFile(_("图片的像素格式少见，请转存为 8 位或 16 位的 JPEG、PNG 或 TIFF 后再上传。"))
    return picture


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise RefusedFile(
            _("图片过大：%(width)d×%(height)d 像素，总数不得超过%(limit)d亿，每边不得超过%(side)d。")
            % {"width": width, "height": height, "limit": MAX_PIXELS // 100_000_000, "side": MAX_SIDE}
        )


def damaged() -> UnreadableFile:
    return UnreadableFile(_("图片已损坏、不完整，或采用了少见的编码，解不出全部画面。"))


def check_whole(file: BinaryIO, mime_type: str) -> None:
    """Decode the picture to its last row and forget it. Leaves the file at its beginning.

    A cut-off picture has a good header; this is what finds it. Raises UnreadableFile.
    """
    try:
        # An eighth of the size: every byte of the JPEG is still read, most of the arithmetic is spared.
        open_picture(file, mime_type, jpeg_shrink=8).avg()
    except pyvips.Error as error:
        raise damaged() from error
    finally:
        file.seek(0)


def _source(file: BinaryIO) -> pyvips.Source:
    """The file as libvips reads it by itself: by its path, or through a copy on disk that has no name.

    Never by calling back into Python, nor out of Python's memory: pyvips lets go of both while libvips still
    reads in another thread, and the process dies.
    """
    path = _local_path(file)
    if path:
        return pyvips.Source.new_from_file(path)
    file.seek(0)
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy, COPY_BYTES)
        copy.flush()
        copy.seek(0)
        return pyvips.Source.new_from_descriptor(copy.fileno())  # libvips keeps a descriptor of its own


def _local_path(file: BinaryIO) -> str | None:
    """The file's own place on this machine's disk, if it has one."""
    if hasattr(file, "temporary_file_path"):
        return file.temporary_file_path()
    opened = getattr(file, "file", file)  # Django's File wraps what open() gave
    is_on_disk = isinstance(opened, io.BufferedReader) and isinstance(getattr(opened, "name", None), str)
    return opened.name if is_on_disk else None
