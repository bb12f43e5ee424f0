"""How much a file may ask of those who open it. `settings.MEDIA_BOUNDS` changes any of these by its name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Pixels of a picture, and of one that cannot be decoded piece by piece; pixels a side (65,500 is the most that
    a JPEG holds); frames of an animation, pages of a TIFF or a PDF; seconds, streams and pixels a side of a film;
    members, unpacked bytes and the ratio of packing of an office document."""

    pixels: int = 200_000_000
    pixels_at_once: int = 80_000_000
    side: int = 65_500
    frames: int = 5_000
    pages: int = 5_000
    seconds: float = 24 * 3600.0
    streams: int = 64
    film_side: int = 16_384
    members: int = 20_000
    unpacked_bytes: int = 2 * 1024**3
    packing: int = 200
