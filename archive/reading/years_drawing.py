"""Draws the museum's line of years: a lane for each kind of thing, a bar for each stretch of decades."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.models.holdings import FIRST_DECADE, GROUP, KINDS, Stretch

NARROWEST, WIDEST, WIDTH = 46, 66, 1100
"""In units of the drawing: the width of a stretch, and of the whole as long as the stretches are few."""
LANE, MARGIN, FOOT = 68, 56, 44
"""The height of a lane, the room for the names of the lanes and for the years."""
TALLEST, SHORTEST = 40, 3
BAR = 16

Address = Callable[[str, int, int], str]
"""Kind, first and last year → where these things are listed, or nothing."""


@dataclass(frozen=True)
class Bar:
    """`x`, `y` and `height` are the bar's; its link fills the whole cell from `left` and `top` on."""

    count: int
    words: str
    address: str
    left: int
    top: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Lane:
    kind: str
    label: str
    base: int
    bars: list[Bar]


@dataclass(frozen=True)
class Column:
    """A stretch under the lanes, and as a row of the table."""

    first_year: int
    lines: list[str]
    words: str
    middle: int
    gap: bool
    cells: list[tuple[str, int, str]]
    total: int


@dataclass(frozen=True)
class YearsDrawing:
    width: int
    height: int
    lanes: list[Lane]
    columns: list[Column]
    column_width: int
    lane_height: int = LANE
    bar_width: int = BAR


def kind_labels() -> dict[str, str]:
    """What a reader calls each kind, in the museum's order."""
    return {
        "book": _("图书"),
        "video": _("视频"),
        "photo": _("照片"),
        "story": _("故事"),
        "exhibition": _("专题展"),
        GROUP: _("相册、栏目与系列片"),
    }


def draw(stretches: Sequence[Stretch], address: Address) -> YearsDrawing:
    """The drawing of these stretches. Every lane has a scale of its own: a hundred photographs do not make one book
    vanish."""
    labels = kind_labels()
    wide = min(max((WIDTH - MARGIN) // max(len(stretches), 1), NARROWEST), WIDEST)
    present = [kind for kind in KINDS if any(kind in stretch.tally for stretch in stretches)]
    lanes = [
        _lane(stretches, kind, labels[kind], place * LANE, wide, address) for place, kind in enumerate(present)
    ]  # fmt: skip
    columns = []
    for place, stretch in enumerate(stretches):
        gap = place > 0 and stretches[place - 1].last_year + 1 < stretch.first_year
        cells = [
            (kind, stretch.tally.get(kind, 0), address(kind, stretch.first_year, stretch.last_year))
            for kind in present
        ]  # fmt: skip
        columns.append(
            Column(
                stretch.first_year,
                lines_of(stretch),
                words_of(stretch),
                MARGIN + place * wide + wide // 2,
                gap,
                cells,
                sum(stretch.tally.values()),
            )
        )
    return YearsDrawing(MARGIN + len(stretches) * wide, len(present) * LANE + FOOT, lanes, columns, wide)


def _lane(stretches: Sequence[Stretch], kind: str, label: str, top: int, wide: int, address: Address) -> Lane:
    most = max(stretch.tally.get(kind, 0) for stretch in stretches)
    base = top + LANE
    bars = []
    for place, stretch in enumerate(stretches):
        if count := stretch.tally.get(kind, 0):
            height = max(SHORTEST, round(TALLEST * count / most))
            left = MARGIN + place * wide
            bars.append(
                Bar(
                    count,
                    _("%(years)s，%(kind)s %(count)s 件") % {"years": words_of(stretch), "kind": label, "count": count},
                    address(kind, stretch.first_year, stretch.last_year),
                    left,
                    top,
                    left + (wide - BAR) // 2,
                    base - height,
                    height,
                )
            )
    return Lane(kind, label, base, bars)


def words_of(stretch: Stretch) -> str:
    """「1930 年代」, 「1690—1909 年」, 「1359 年以前」."""
    first, last = stretch.first_year, stretch.last_year
    if first <= FIRST_DECADE:
        return _("%(year)s 年以前") % {"year": _year(last)}
    if last - first < 10 and first > 0:
        return _("%(year)s 年代") % {"year": first}
    return _("%(first)s—%(last)s 年") % {"first": _year(first), "last": _year(last)}


def lines_of(stretch: Stretch) -> list[str]:
    """The years beneath a column, short enough for it."""
    first, last = stretch.first_year, stretch.last_year
    if first <= FIRST_DECADE:
        return [f"—{_year(last)}"]
    return [_year(first)] if last - first < 10 else [_year(first), f"—{_year(last)}"]


def _year(year: int) -> str:
    """An astronomical year as it is written: 0 is 前 1."""
    return str(year) if year > 0 else _("前 %(year)s") % {"year": 1 - year}
