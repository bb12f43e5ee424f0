"""Draws the names that a place had as bars on one scale of years."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.dates import OPEN_END, OPEN_START, to_year
from archive.models import PlaceName

WIDTH, LEAST = 400, 3


@dataclass(frozen=True)
class NameBar:
    """A name with its bar in units of the drawing; a name whose years are not understood has none."""

    name: PlaceName
    x: float | None = None
    width: float = 0.0


@dataclass(frozen=True)
class NamesDrawing:
    bars: list[NameBar]
    first_year: int | None
    last_year: int | None
    width: int = WIDTH


def draw(names: Iterable[PlaceName], this_year: int) -> NamesDrawing:
    """The names in the order of their years, each on the same scale. An open end reaches to this year."""
    rows = sorted(names, key=lambda name: (name.date_earliest is None, name.date_earliest or 0, name.sort_order or 0))
    spans = {name: _years(name, this_year) for name in rows if name.date_earliest is not None}
    if not spans:
        return NamesDrawing([NameBar(name) for name in rows], None, None)
    first = min(start for start, _end in spans.values())
    last = max(end for _start, end in spans.values())
    scale = WIDTH / max(last - first, 1)
    bars = []
    for name in rows:
        if name in spans:
            start, end = spans[name]
            width = max(LEAST, (end - start) * scale)
            bars.append(NameBar(name, round(min((start - first) * scale, WIDTH - width), 1), round(width, 1)))
        else:
            bars.append(NameBar(name))
    return NamesDrawing(bars, first, last)


def _years(name: PlaceName, this_year: int) -> tuple[int, int]:
    last = this_year if name.date_latest >= OPEN_END else to_year(name.date_latest)
    first = last if name.date_earliest <= OPEN_START else to_year(name.date_earliest)
    return min(first, last), max(first, last)
