"""What an address of the IIIF Image API asks for (version 3.0, section 4): pure, from strings to pixels.

https://iiif.io/api/image/3.0/#4-image-requests
"""

import re
from dataclasses import dataclass, replace

FORMATS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
"""What is answered, with its media type."""
UNSUPPORTED_FORMATS = frozenset({"tif", "gif", "jp2", "pdf"})
"""What the specification names and this server does not make."""
QUALITIES = ("default", "color", "gray", "bitonal")

_LONGEST = 60  # of one parameter; the specification needs no more, and a number of megabytes costs time
_WHOLE = r"(\d{1,9})"
_DECIMAL = r"(\d{1,9}(?:\.\d{1,15})?|\.\d{1,15})"
_PIXELS = re.compile(rf"{_WHOLE},{_WHOLE},{_WHOLE},{_WHOLE}", re.ASCII)
_PERCENT = re.compile(rf"pct:{_DECIMAL},{_DECIMAL},{_DECIMAL},{_DECIMAL}", re.ASCII)
_SIZE_PERCENT = re.compile(rf"pct:{_DECIMAL}", re.ASCII)
_SIZE_PIXELS = re.compile(r"(!?)(\d{0,9}),(\d{0,9})", re.ASCII)
_ROTATION = re.compile(rf"(!?){_DECIMAL}", re.ASCII)


class BadRequestError(ValueError):
    """The address means nothing: 400."""


class UnsupportedError(ValueError):
    """The address means something that this server does not do: 501."""


@dataclass(frozen=True)
class Limits:
    """The largest picture that is made: pixels of one side, and of the whole (`maxWidth`, `maxArea`)."""

    side: int
    area: int

    def allow(self, width: int, height: int) -> bool:
        return max(width, height) <= self.side and width * height <= self.area

    def largest(self, width: int, height: int) -> tuple[int, int]:
        """The largest size of this shape, whether smaller or larger than it."""
        scale = self.side / max(width, height)
        if width * scale * height * scale > self.area:
            scale = (self.area / (width * height)) ** 0.5
        found = (max(1, int(width * scale)), max(1, int(height * scale)))
        # A strip so thin that one side is drawn out to a whole pixel.
        return found if self.allow(*found) else (min(found[0], self.side), min(found[1], self.side))


@dataclass(frozen=True)
class Wanted:
    """A part of the whole picture (`x`, `y`, `width`, `height`, in its pixels, inside it), the size in which it is
    wanted, and what is done to it then: mirrored, turned clockwise by `degrees`, its colours, its format."""

    x: int
    y: int
    width: int
    height: int
    out_width: int
    out_height: int
    mirrored: bool
    degrees: float
    quality: str
    format: str
    canonical: str

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the part and its size is asked for, in the form in which tiles are stored."""
        is_plain = self.format == "jpg" and self.quality in ("default", "color")
        return is_plain and not self.mirrored and not self.degrees


def wanted(  # noqa: PLR0913 -- the specification's own parameters
    region: str, size: str, rotation: str, quality: str, image_format: str, whole: tuple[int, int], limits: Limits
) -> Wanted:
    """What is asked of a picture of the size `whole`. Raises BadRequestError and UnsupportedError."""
    if max(map(len, (region, size, rotation, quality, image_format))) > _LONGEST:
        raise BadRequestError("too long")
    x, y, width, height = _region(region, *whole)
    out_width, out_height = _size(size, width, height, limits)
    mirrored, degrees = _rotation(rotation)
    if quality not in QUALITIES:
        raise BadRequestError(f"quality: {', '.join(QUALITIES)}")
    if image_format in UNSUPPORTED_FORMATS:
        raise UnsupportedError(f"format: {', '.join(FORMATS)}")
    if image_format not in FORMATS:
        raise BadRequestError(f"format: {', '.join(FORMATS)}")
    found = Wanted(x, y, width, height, out_width, out_height, mirrored, degrees, quality, image_format, "")
    return replace(found, canonical=_canonical(found, whole, limits))


# --- Region ---------------------------------------------------------------------------------------------------


def _region(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if match := _PIXELS.fullmatch(text):
        x, y, across, down = (int(part) for part in match.groups())
    elif match := _PERCENT.fullmatch(text):
        shares = [float(part) / 100 for part in match.groups()]
        x, y, across, down = (
            int(share * side + 0.5) for share, side in zip(shares, (width, height, width, height), strict=True)
        )
    else:
        raise BadRequestError("region: full, square, x,y,w,h, pct:x,y,w,h")
    if not across or not down or x >= width or y >= height:
        raise BadRequestError("region: nothing of the picture is in it")
    return x, y, min(across, width - x), min(down, height - y)


# --- Size -----------------------------------------------------------------------------------------------------


def _size(text: str, width: int, height: int, limits: Limits) -> tuple[int, int]:
    """In pixels. Without ^ nothing is made larger than the part that it is made of."""
    upscale = text.startswith("^")
    form = text.removeprefix("^")
    if form == "max":
        return limits.largest(width, height) if upscale else _no_larger(width, height, limits)
    if match := _SIZE_PERCENT.fullmatch(form):
        share = float(match[1]) / 100
        found = _pixels(width * share), _pixels(height * share)
    elif match := _SIZE_PIXELS.fullmatch(form):
        found = _of_numbers(match, width, height, limits, upscale=upscale)
    else:
        raise BadRequestError("size: max, w,, ,h, pct:n, w,h, !w,h, each with ^ or without")
    if not found[0] or not found[1]:
        raise BadRequestError("size: nothing is left")
    if not upscale and (found[0] > width or found[1] > height):
        raise BadRequestError("size: larger than the region; ^ makes it larger")
    if not limits.allow(*found):
        raise BadRequestError("size: larger than maxWidth or maxArea")
    return found


def _of_numbers(match: re.Match, width: int, height: int, limits: Limits, *, upscale: bool) -> tuple[int, int]:
    confined, across, down = match[1], match[2], match[3]
    if confined and not (across and down):
        raise BadRequestError("size: !w,h needs both")
    if confined:
        return _within(int(across), int(down), width, height, limits, upscale=upscale)
    if across and down:
        return int(across), int(down)
    if across:
        return int(across), _pixels(height * int(across) / width)
    if down:
        return _pixels(width * int(down) / height), int(down)
    raise BadRequestError("size: no number")


def _within(  # noqa: PLR0913
    across: int, down: int, width: int, height: int, limits: Limits, *, upscale: bool
) -> tuple[int, int]:
    """The largest of this shape that fits into the box and the limits."""
    if not across or not down:
        return 0, 0
    most = limits.largest(width, height) if upscale else _no_larger(width, height, limits)
    scale = min(across / width, down / height, max(most[0] / width, most[1] / height))
    return min(across, max(1, _pixels(width * scale))), min(down, max(1, _pixels(height * scale)))


def _no_larger(width: int, height: int, limits: Limits) -> tuple[int, int]:
    return (width, height) if limits.allow(width, height) else limits.largest(width, height)


def _pixels(value: float) -> int:
    return int(value + 0.5)


# --- Rotation, and the one name of each picture ---------------------------------------------------------------


def _rotation(text: str) -> tuple[bool, float]:
    match = _ROTATION.fullmatch(text)
    if match is None or float(match[2]) > 360:
        raise BadRequestError("rotation: n or !n, 0 to 360")
    return bool(match[1]), float(match[2]) % 360


def _canonical(found: Wanted, whole: tuple[int, int], limits: Limits) -> str:
    """Section 4.7: one spelling for each picture."""
    is_whole = (found.width, found.height) == whole
    region = "full" if is_whole else f"{found.x},{found.y},{found.width},{found.height}"
    size = (found.out_width, found.out_height)
    is_larger = size[0] > found.width or size[1] > found.height
    if size == _no_larger(found.width, found.height, limits):
        written = "max"
    elif is_larger and size == limits.largest(found.width, found.height):
        written = "^max"
    else:
        written = f"{'^' if is_larger else ''}{size[0]},{size[1]}"
    rotation = f"{'!' if found.mirrored else ''}{found.degrees:.15g}"
    quality = "default" if found.quality == "color" else found.quality
    return f"{region}/{written}/{rotation}/{quality}.{found.format}"
