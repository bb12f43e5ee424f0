"""One picture in, the preset sizes out: upright, in sRGB, eight bits, without a trace of metadata.

Pure. The picture is decoded once; each size is made from the next larger one, in WebP and in JPEG.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyvips

from .. import probing
from ..filetypes import file_type
from ..models.derivative import DerivativeFormat, Preset

WEBP_QUALITY = 80  # at this and effort 4 WebP is a third smaller than JPEG 85 at the same look
WEBP_EFFORT = 4
JPEG_QUALITY = 85
PAPER = 255  # what shows through where a JPEG has no transparency to give


@dataclass(frozen=True)
class Rendering:
    preset: Preset
    format: DerivativeFormat
    width: int
    height: int
    data: bytes


def sizes_for(width: int, height: int) -> list[tuple[Preset, int, int]]:
    """The presets made of an upright picture of this size, with their pixels, smallest first.

    Never larger than the picture: it stops at the first preset that shows the picture whole.
    """
    found = []
    for preset in sorted(Preset, key=lambda p: p.width):
        scale = min(1.0, preset.width / width, preset.height / height)
        found.append((preset, max(1, round(width * scale)), max(1, round(height * scale))))
        if scale == 1.0:
            break
    return found


def render(file: BinaryIO, mime_type: str, width: int, height: int) -> Iterator[Rendering]:
    """All sizes of a picture whose upright size is known, largest first.

    Raises UnreadableFile and RefusedFile; damage may show itself after some sizes have been yielded, which
    are then to be thrown away.
    """
    sizes = sizes_for(width, height)[::-1]
    try:
        picture = _first_size(file, mime_type, width, height, sizes[0][1:])
        for preset, new_width, new_height in sizes:
            picture = _resized(picture, new_width, new_height)
            yield Rendering(preset, DerivativeFormat.WEBP, new_width, new_height, _webp(picture))
            yield Rendering(preset, DerivativeFormat.JPEG, new_width, new_height, _jpeg(picture))
    except pyvips.Error as error:
        raise probing.damaged() from error


def _first_size(file: BinaryIO, mime_type: str, width: int, height: int, size: tuple[int, int]) -> pyvips.Image:
    """The largest size, in memory: decoded as a stream, made small, then turned and converted (turning needs
    the whole picture, and colour conversion costs by the pixel)."""
    is_jpeg = file_type(mime_type).mime_type == "image/jpeg"
    shrink = _jpeg_shrink(width / size[0]) if is_jpeg else 1
    picture = probing.open_picture(file, mime_type, jpeg_shrink=shrink)
    is_turned = picture.get_typeof("orientation") and picture.get("orientation") in (5, 6, 7, 8)
    picture = _resized(_known_bands(picture), *(size[::-1] if is_turned else size)).copy_memory()
    return _srgb(picture.autorot()).copy_memory()


def _jpeg_shrink(ratio: float) -> int:
    """How far a JPEG may be shrunk while it is decoded: the rest, at least a factor of two, is done well."""
    return next((shrink for shrink in (8, 4, 2) if ratio >= shrink * 2), 1)


def _known_bands(picture: pyvips.Image) -> pyvips.Image:
    """Without the extra channels that print shops leave in TIFF files."""
    colours = {"cmyk": 4, "b-w": 1, "grey16": 1, "multiband": 1}.get(picture.interpretation, 3)
    if picture.interpretation == "multiband" and picture.bands >= 3:
        colours = 3
    kept = min(picture.bands, colours + 1)
    return picture if kept == picture.bands else picture.extract_band(0, n=kept)


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


def _srgb(picture: pyvips.Image) -> pyvips.Image:
    """Eight-bit sRGB or grey, through the picture's own colour profile where it has one.

    Sixteen bits must be asked down to eight by name, or the conversion turns the picture white; a profile
    that does not belong to the picture's colours is ignored, as viewers do.
    """
    if picture.interpretation == "multiband":
        picture = picture.copy(interpretation="srgb" if picture.bands >= 3 else "b-w")
    if picture.interpretation in ("b-w", "grey16") and not picture.get_typeof("icc-profile-data"):
        return picture.colourspace("b-w").cast("uchar")
    if picture.get_typeof("icc-profile-data") or picture.interpretation == "cmyk":
        fallback = "cmyk" if picture.interpretation == "cmyk" else "srgb"
        try:
            return picture.icc_transform("srgb", embedded=True, input_profile=fallback, intent="perceptual", depth=8)
        except pyvips.Error:
            if picture.interpretation == "cmyk":
                return picture.icc_transform("srgb", input_profile="cmyk", intent="perceptual", depth=8)
    return picture.colourspace("srgb").cast("uchar")


def _webp(picture: pyvips.Image) -> bytes:
    return picture.webpsave_buffer(Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")


def _jpeg(picture: pyvips.Image) -> bytes:
    if picture.hasalpha():
        picture = picture.flatten(background=[PAPER] * (picture.bands - 1))
    return picture.jpegsave_buffer(Q=JPEG_QUALITY, optimize_coding=True, keep="none")
