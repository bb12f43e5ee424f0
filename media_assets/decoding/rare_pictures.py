"""The pictures that libvips' wheel does not read: HEIC, JPEG 2000, Lab and the JPEG of old TIFFs. Pillow decodes them,
whole and in memory, and hands them to libvips."""

from pathlib import Path

import pyvips
from PIL import Image, ImageCms

from ..file_errors import FileError
from . import pictures
from .bounds import Bounds

Image.MAX_IMAGE_PIXELS = None  # the bound is ours, and stands before anything is decoded
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B")


def decoded(path: Path | str, reader: str, bounds: Bounds) -> pyvips.Image:
    """The first picture of the file, upright. Raises UnreadableFile and RefusedFile."""
    if reader == "HEIF":
        _learn_heif()
    try:
        with Image.open(path, formats=[reader]) as picture:
            pictures.check_size(*picture.size, bounds.pixels_at_once, bounds.side)
            pictures.check_pages(getattr(picture, "n_frames", 1), bounds.pages)
            picture.load()
            return _handed_over(picture)
    except (FileError, MemoryError):
        raise
    except Exception as error:  # Pillow raises whatever the parser of the format runs into
        raise pictures.damaged() from error


def _learn_heif() -> None:
    import pillow_heif  # a large library, for one type of file

    pillow_heif.register_heif_opener(thumbnails=False)


def _handed_over(picture: Image.Image) -> pyvips.Image:
    """The pixels and the colour profile. Pillow and libheif have turned it upright already."""
    profile = picture.info.get("icc_profile")
    if picture.mode in _SIXTEEN_BITS:
        return _in_libvips(picture, "ushort", "grey16", profile)
    if picture.mode == "LAB":
        picture, profile = _out_of_lab(picture), None
    elif picture.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    kind = "cmyk" if picture.mode == "CMYK" else "srgb" if picture.mode.startswith("RGB") else "b-w"
    return _in_libvips(picture, "uchar", kind, profile)


def _in_libvips(picture: Image.Image, sample: str, interpretation: str, profile: bytes | None) -> pyvips.Image:
    bands = len(picture.getbands())
    handed = pyvips.Image.new_from_memory(picture.tobytes(), picture.width, picture.height, bands, sample)
    handed = handed.copy(interpretation=interpretation)
    if profile:
        handed.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return handed


def _out_of_lab(picture: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(picture, lab, srgb, outputMode="RGB")
