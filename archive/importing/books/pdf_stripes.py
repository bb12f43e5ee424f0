"""A scan that is stored in stripes or tiles, as many scanners write it: put together without losing a pixel."""

import math
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image

from .pdf_pages import NOT_DECODED, TRANSPOSED, NotTakenOut, Placed

MOST_PIXELS = 80_000_000
_AGREE = 0.02
_MODES = ("1", "L", "RGB")
_LOSSY = frozenset(("/DCTDecode", "/JPXDecode"))

Rectangle = tuple[float, float, float, float]


def rectangle_of(stripes: Sequence[Placed]) -> Rectangle:
    """Left, top, width, height of all of them together."""
    left, top = min(s.rectangle[0] for s in stripes), min(s.rectangle[1] for s in stripes)
    right = max(s.rectangle[0] + s.rectangle[2] for s in stripes)
    bottom = max(s.rectangle[1] + s.rectangle[3] for s in stripes)
    return left, top, right - left, bottom - top


def joined(stripes: Sequence[Placed], folder: Path, stem: str) -> str:
    """Write them as one PNG and return its name. Raises NotTakenOut for stripes that leave gaps or overlap, are of
    several resolutions or kinds, or are JPEGs, which would come out many times as large."""
    try:
        whole = _put_together(stripes)
    except NotTakenOut:
        raise
    except NOT_DECODED as error:
        raise NotTakenOut from error
    whole.save(folder / f"{stem}.png")
    return f"{stem}.png"


def _put_together(stripes: Sequence[Placed]) -> Image.Image:
    left, top, width, height = rectangle_of(stripes)
    if abs(sum(s.rectangle[2] * s.rectangle[3] for s in stripes) / (width * height) - 1) > _AGREE:
        raise NotTakenOut
    across, down = _scale(stripes[0])
    size = round(width * across), round(height * down)
    if size[0] * size[1] > MOST_PIXELS or any(not _alike(_scale(s), (across, down)) for s in stripes):
        raise NotTakenOut
    whole: Image.Image | None = None
    for stripe in stripes:
        part = _unpacked(stripe)
        if whole is None:
            whole = Image.new(part.mode, size, 255 if part.mode != "RGB" else (255, 255, 255))
        if part.mode != whole.mode:
            raise NotTakenOut
        at = round((stripe.rectangle[0] - left) * across), round((stripe.rectangle[1] - top) * down)
        whole.paste(part, at)
    return whole


def _scale(stripe: Placed) -> tuple[float, float]:
    """Pixels to a unit of the page, for the reader."""
    size = int(stripe.image.Width), int(stripe.image.Height)
    width, height = size[::-1] if stripe.orientation > 4 else size
    return width / stripe.rectangle[2], height / stripe.rectangle[3]


def _alike(one: tuple[float, float], two: tuple[float, float]) -> bool:
    return all(math.isclose(a, b, rel_tol=_AGREE) for a, b in zip(one, two, strict=True))


def _unpacked(stripe: Placed) -> Image.Image:
    picture = pikepdf.PdfImage(stripe.image)
    if not _LOSSY.isdisjoint(picture.filters):
        raise NotTakenOut
    part = picture.as_pil_image(apply_mask=False)
    if part.mode == "P":
        part = part.convert("RGB")
    if part.mode not in _MODES:
        raise NotTakenOut
    return part if stripe.orientation == 1 else part.transpose(TRANSPOSED[stripe.orientation])
