"""One picture in, the preset sizes out: upright, in sRGB, eight bits, without a trace of metadata.

The picture is decoded once; each size is made from the next larger one, in WebP and in JPEG.
"""

from dataclasses import dataclass
from pathlib import Path

import pyvips

from .bounds import Bounds
from .colours import known_bands, srgb
from .pictures import damaged, open_picture

WEBP_QUALITY = 80  # at this WebP is a third smaller than JPEG 85 at the same look
WEBP_EFFORT = 2  # half the time of 4, for files larger by two in a hundred
JPEG_QUALITY = 85
PAPER = 255  # what shows through where a JPEG has no transparency to give


@dataclass(frozen=True)
class Size:
    width: int
    height: int
    webp: bytes
    jpeg: bytes


def render(
    path: Path | str, mime_type: str, width: int, height: int, sizes: list[tuple[int, int]], bounds: Bounds
) -> list[Size]:
    """The picture, whose upright size is `width` × `height`, in these sizes, which get smaller from one to the next.

    Raises as `open_picture`.
    """
    made = []
    try:
        picture = _first_size(path, mime_type, width, height, sizes[0], bounds)
        for new_width, new_height in sizes:
            picture = _resized(picture, new_width, new_height)
            made.append(Size(new_width, new_height, _webp(picture), _jpeg(picture)))
    except pyvips.Error as error:
        raise damaged() from error
    return made


def _first_size(
    path: Path | str, mime_type: str, width: int, height: int, size: tuple[int, int], bounds: Bounds
) -> pyvips.Image:
    """The largest size, in memory: decoded as a stream, made small, then turned and converted (turning needs
    the whole picture, and colour conversion costs by the pixel)."""
    shrink = _jpeg_shrink(width / size[0]) if mime_type == "image/jpeg" else 1
    picture = open_picture(path, mime_type, bounds, jpeg_shrink=shrink)
    is_turned = picture.get_typeof("orientation") and picture.get("orientation") in (5, 6, 7, 8)
    picture = _resized(known_bands(picture), *(size[::-1] if is_turned else size)).copy_memory()
    return srgb(picture.autorot()).copy_memory()


def _jpeg_shrink(ratio: float) -> int:
    """How far a JPEG may be shrunk while it is decoded: the rest, at least a factor of two, is done well."""
    return next((shrink for shrink in (8, 4, 2) if ratio >= shrink * 2), 1)


def _resized(picture: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Colour under transparency must not bleed: it is weighed by its alpha while pixels are averaged."""
    if (picture.width, picture.height) == (width, height):
        return picture
    across, down = width / picture.width, height / picture.height
    if not picture.hasalpha():
        return _exactly(picture.resize(across, vscale=down), width, height)
    whole = picture.premultiply().resize(across, vscale=down).unpremultiply().cast(picture.format)
    return _exactly(whole, width, height)


def _exactly(picture: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """libvips rounds for itself, sometimes by one pixel."""
    if (picture.width, picture.height) == (width, height):
        return picture
    return picture.gravity("centre", width, height, extend="copy")


def _webp(picture: pyvips.Image) -> bytes:
    return picture.webpsave_buffer(Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")


def _jpeg(picture: pyvips.Image) -> bytes:
    if picture.hasalpha():
        picture = picture.flatten(background=[PAPER] * (picture.bands - 1))
    return picture.jpegsave_buffer(Q=JPEG_QUALITY, optimize_coding=True, keep="none")
