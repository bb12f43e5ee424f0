"""A number of 64 bits that stays nearly the same when a picture is made smaller, compressed, greyed or brightened:
the low frequencies of its cosine transform against their median (pHash, C. Zauner 2010)."""

import math

import pyvips

from .colours import known_bands

_SIDE, _KEPT = 32, 8
_LUMA = [0.299, 0.587, 0.114]
_COSINES = [[math.cos(math.pi * (2 * x + 1) * u / (2 * _SIDE)) for x in range(_SIDE)] for u in range(_KEPT)]


def likeness(picture: pyvips.Image) -> int:
    """Of a picture that has not been turned yet; reads it to its last row. Raises pyvips.Error for damage."""
    picture = known_bands(picture)
    if picture.hasalpha():
        picture = picture.flatten(background=[255] * (picture.bands - 1))
    small = picture.resize(_SIDE / picture.width, vscale=_SIDE / picture.height).copy_memory()
    if (small.width, small.height) != (_SIDE, _SIDE):
        small = small.gravity("centre", _SIDE, _SIDE, extend="copy")
    if small.get_typeof("orientation"):
        small = small.autorot()
    return of_brightness(_grey(small).cast("uchar").write_to_memory())


def of_brightness(values: bytes) -> int:
    """The number of 32 × 32 brightnesses, row by row. A picture of one tone has 0, which is like nothing."""
    rows = [values[y * _SIDE : (y + 1) * _SIDE] for y in range(_SIDE)]
    across = [[sum(c * v for c, v in zip(cosine, row, strict=True)) for cosine in _COSINES] for row in rows]
    low = [sum(_COSINES[v][y] * across[y][u] for y in range(_SIDE)) for v in range(_KEPT) for u in range(_KEPT)]
    if max(map(abs, low[1:])) < 16:
        return 0
    median = sorted(low[1:])[len(low[1:]) // 2]
    return sum(1 << place for place, value in enumerate(low) if value > median)


def _grey(picture: pyvips.Image) -> pyvips.Image:
    """Its brightness as eyes weigh it, as greyed copies have it (ITU-R BT.601); the colour profile makes no difference
    here that would be worth its cost."""
    if picture.format == "ushort":
        picture = picture >> 8
    if picture.interpretation == "cmyk":
        picture = _printed(picture)
    return picture.recomb([_LUMA]) if picture.bands == 3 else picture.extract_band(0)


def _printed(cmyk: pyvips.Image) -> pyvips.Image:
    paper = cmyk.cast("uchar").invert()
    return paper.extract_band(0, n=3) * paper.extract_band(3) / 255
