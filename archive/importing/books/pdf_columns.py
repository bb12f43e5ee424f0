"""The columns of a page that is written downwards: characters, the stops beside them, and double-line notes.

A page is laid on its side: `axis` grows from the right to the left of the page, `start` and `end` go down it.
"""

import statistics
from dataclasses import dataclass

STOPS = frozenset("、。，．；：！？,.;:!?・·…—）」』】〉》”’（「『【〈《“‘○〇●◎△▲")
SMALL = 0.8
"""Of the size of the text, at most: what is set in double lines within a column."""
_EMPHASIS = frozenset("、。．○◯〇●◎△▲·﹅")
_FEWEST_EMPHASISED = 3
_HALF, _QUARTER = 0.62, 0.36
"""Of the distance of two columns: so far apart are the halves of a note, and so far from the middle of the column."""


@dataclass(slots=True)
class Mark:
    """A letter as the text runs: `start` to `end` along the line, `axis` across lines, `size` its em; `box` is where it
    is for the reader: left, top, right, bottom in the page's units."""

    char: str
    start: float
    end: float
    axis: float
    size: float
    box: tuple[float, float, float, float]
    is_wide: bool
    is_apart: bool = False
    is_beside: bool = False

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def downward_columns(marks: list[Mark], body: float) -> list[list[Mark]]:
    """Columns from the right to the left; in each the marks as they go down, but those of a note not yet by halves.
    `body` is the size of most characters."""
    words = [mark for mark in marks if mark.char not in STOPS] or marks
    columns = _clusters([mark for mark in words if mark.size >= SMALL * body], 0.55 * body)
    axes = [_axis(column) for column in columns]
    steps = [two - one for one, two in zip(axes, axes[1:], strict=False)]
    step = min(statistics.median(steps), 3 * body) if steps else 1.6 * body
    apart: list[Mark] = []
    for mark in words:
        if mark.size < SMALL * body:
            near = min(range(len(axes)), key=lambda at: abs(axes[at] - mark.axis), default=None)
            is_inside = near is not None and abs(axes[near] - mark.axis) < _QUARTER * step
            (columns[near] if is_inside else apart).append(mark)
    columns += _notes(apart, body, step)
    columns.sort(key=_axis)
    if len(words) < len(marks):
        _add_stops([mark for mark in marks if mark.char in STOPS], columns, body)
    return _without_emphasis(columns, body)


def _axis(column: list[Mark]) -> float:
    return statistics.fmean(mark.axis for mark in column)


def _clusters(marks: list[Mark], near: float) -> list[list[Mark]]:
    found: list[list[Mark]] = []
    axis = 0.0
    for mark in sorted(marks, key=lambda mark: mark.axis):
        if found and mark.axis - axis < near:
            found[-1].append(mark)
            axis += (mark.axis - axis) / len(found[-1])
        else:
            found.append([mark])
            axis = mark.axis
    return found


def _notes(small: list[Mark], body: float, step: float) -> list[list[Mark]]:
    """Columns that are notes from top to bottom: two halves are one column."""
    joined: list[list[Mark]] = []
    is_half = False
    for half in _clusters(small, 0.4 * body):
        if is_half and _axis(half) - _axis(joined[-1]) < _HALF * step:
            joined[-1] += half
            is_half = False
        else:
            joined.append(half)
            is_half = True
    return joined


def _add_stops(stops: list[Mark], columns: list[list[Mark]], body: float) -> None:
    """Stops that stand outside their column belong to the one on their left, where the reader meets them after their
    character."""
    axes = [_axis(column) for column in columns]
    for stop in stops:
        # To the left is onwards: its column is a little preferred to the one on the right.
        distances = [abs(axis - stop.axis) - (0.15 * body if axis > stop.axis else 0) for axis in axes]
        near = min(range(len(axes)), key=distances.__getitem__)
        if distances[near] < 1.6 * body:
            if abs(axes[near] - stop.axis) > 0.4 * body:
                # Beside its character, whose foot it reaches: it comes after the character's middle.
                stop.start, stop.is_beside = stop.end, True
            columns[near].append(stop)
        else:
            columns.append([stop])
            axes.append(stop.axis)
    order = sorted(range(len(columns)), key=axes.__getitem__)
    columns[:] = [columns[at] for at in order]


def _without_emphasis(columns: list[list[Mark]], body: float) -> list[list[Mark]]:
    """Without the dots and rings (圈點) set beside character after character: they are no stops. What they look like
    is learnt where three characters running have one, then it goes for the whole page."""
    kinds: set[tuple[str, float]] = set()
    for column in columns:
        column.sort(key=lambda mark: mark.middle)
        running: dict[tuple[str, float], int] = {}
        had: set[tuple[str, float]] = set()
        for mark in column:
            if mark.is_beside and mark.char in _EMPHASIS:
                had.add(kind := _kind(mark, body))
                running[kind] = running.get(kind, 0) + 1
                if running[kind] >= _FEWEST_EMPHASISED:
                    kinds.add(kind)
            elif mark.char not in STOPS:
                running = {kind: count for kind, count in running.items() if kind in had}
                had = set()
    if not kinds:
        return columns
    kept = [[mark for mark in column if not (mark.is_beside and _kind(mark, body) in kinds)] for column in columns]
    return [column for column in kept if column]


def _kind(mark: Mark, body: float) -> tuple[str, float]:
    return mark.char, round(mark.size / body, 1)
