"""Opening a picture of unknown origin: nothing but the picture is read, and no damage passes.

The loader is the one that the signature names; the others are never asked. libvips streams: a picture is not held in
memory until it has been made small. What it does not read (HEIC, JPEG 2000, Lab, the JPEG of old TIFFs) Pillow
decodes, whole, and libvips goes on from there. Size and orientation are read by the same library that will make the
derivatives, because two readers that disagree about which side is up would distort them.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import pyvips

from ..file_errors import RefusedFile, UnreadableFile, UnshownFile
from ..file_errors import marked as _
from ..filetypes import FileKind, file_type
from . import tiff
from .bounds import Bounds

pyvips.block_untrusted_set(True)  # loaders that libvips itself does not trust stay shut in this process
pyvips.cache_set_max(0)  # an operation is never asked twice here; the cache would only hold memory

_LOADERS = {
    "JPEG": "jpegload",
    "PNG": "pngload",
    "WEBP": "webpload",
    "GIF": "gifload",
    "TIFF": "tiffload",
    "AVIF": "heifload",
}


@dataclass(frozen=True)
class PictureFacts:
    """`width` and `height` are the upright picture's; `orientation` is the EXIF value (1 to 8)."""

    width: int
    height: int
    orientation: int


def measure(path: Path | str, mime_type: str, bounds: Bounds) -> PictureFacts:
    """Size and orientation; of what libvips reads, from the header alone. Raises as `open_picture`."""
    return facts_of(open_picture(path, mime_type, bounds))


def facts_of(picture: pyvips.Image) -> PictureFacts:
    orientation = picture.get("orientation") if picture.get_typeof("orientation") else 1
    size = (picture.width, picture.height)
    width, height = size[::-1] if orientation >= 5 else size
    return PictureFacts(width, height, orientation)


def decode_all(path: Path | str, mime_type: str, bounds: Bounds) -> None:
    """Decode the picture to its last row and forget it: a cut-off picture has a good header. Raises as
    `open_picture`."""
    try:
        open_picture(path, mime_type, bounds, jpeg_shrink=8).avg()
    except pyvips.Error as error:
        raise damaged() from error


def open_picture(
    path: Path | str, mime_type: str, bounds: Bounds | None = None, *, jpeg_shrink: int = 1
) -> pyvips.Image:
    """The first picture of the file, not yet upright, in 8 or 16 unsigned bits; of most types it is streamed, from
    top to bottom once, pixels come when they are asked for, and damage shows itself then as `pyvips.Error`.

    `jpeg_shrink` (1, 2, 4 or 8) lets a JPEG be decoded smaller at once. Raises UnreadableFile for damage,
    RefusedFile for what goes beyond the bounds, UnshownFile for what may be whole but is decoded by nothing here.
    """
    bounds = bounds or Bounds()
    found = file_type(mime_type)
    if found.kind is not FileKind.IMAGE:
        raise RefusedFile(_("这不是图片文件。"))
    if found.reader not in _LOADERS or (found.reader == "TIFF" and _is_rare_tiff(path, bounds)):
        from . import rare_pictures  # not above: Pillow would cost every other picture a tenth of its time

        return rare_pictures.decoded(path, found.reader, bounds)
    shrink = jpeg_shrink if found.reader == "JPEG" else 1
    picture = _loaded(path, found.reader, shrink)
    check_size(picture.width * shrink, picture.height * shrink, bounds.pixels, bounds.side)
    _check_pages(picture, found.reader, bounds)
    if picture.format in ("uchar", "ushort"):
        return picture
    return _stretched(picture, _loaded(path, found.reader, 1))


def damaged() -> UnreadableFile:
    return UnreadableFile(_("图片已损坏、不完整，或采用了少见的编码，解不出全部画面。"))


def _loaded(path: Path | str, reader: str, shrink: int) -> pyvips.Image:
    options = {"shrink": shrink} if shrink > 1 else {}
    try:
        return getattr(pyvips.Image, _LOADERS[reader])(str(path), access="sequential", fail_on="error", **options)
    except pyvips.Error as error:
        raise damaged() from error


def check_size(width: int, height: int, pixels: int, side: int) -> None:
    if width * height > pixels or max(width, height) > side:
        raise RefusedFile(
            _("图片过大：%(width)d×%(height)d 像素，总数不得超过%(limit)s亿，每边不得超过%(side)d。"),
            width=width,
            height=height,
            limit=f"{pixels / 100_000_000:g}",
            side=side,
        )


def _check_pages(picture: pyvips.Image, reader: str, bounds: Bounds) -> None:
    pages = picture.get("n-pages") if picture.get_typeof("n-pages") else 1
    check_pages(pages, bounds.pages if reader == "TIFF" else bounds.frames)


def check_pages(pages: int, limit: int) -> None:
    if pages > limit:
        raise RefusedFile(_("图片里有%(pages)d幅画面，最多可收%(limit)d幅。"), pages=pages, limit=limit)


def _stretched(picture: pyvips.Image, again: pyvips.Image) -> pyvips.Image:
    """Signed and floating samples carry no agreed black and white: they are shown between the darkest and the
    brightest that there are. `again` is the same picture, opened a second time: each is read once, as a stream."""
    if picture.interpretation == "cmyk" or picture.format in ("complex", "dpcomplex"):
        raise UnshownFile(_("已保存原件，暂不能显示：图片的像素格式少见，没有约定的黑白。"))
    try:
        extremes = picture.stats()
    except pyvips.Error as error:
        raise damaged() from error
    low, high = extremes(0, 0)[0], extremes(1, 0)[0]
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        raise UnshownFile(_("已保存原件，暂不能显示：图片的像素没有可显示的明暗。"))
    scale = 255 / (high - low)
    eight = again.linear([scale], [-low * scale], uchar=True)
    return eight.copy(interpretation="srgb" if eight.bands >= 3 else "b-w")


def _is_rare_tiff(path: Path | str, bounds: Bounds) -> bool:
    try:
        first = tiff.first_picture(path, bounds.pages)
    except tiff.NotTiffError as error:
        raise damaged() from error
    return first.compression == tiff.OLD_JPEG or first.photometric in tiff.LAB
