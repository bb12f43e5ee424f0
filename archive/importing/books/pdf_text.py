"""Lines out of the letters of a page, by where they stand: across from the left, in columns, or downwards from the
right as in old books; and whether a text layer says anything at all.

All geometry is done as if the text ran across: a page written downwards is laid on its side first, so that its columns,
right to left, become lines, top to bottom.
"""

import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.book_text import notation

from .pdf_columns import SMALL, STOPS, Mark, downward_columns
from .pdf_drawing import Letter
from .pdf_pages import Frame

_SAME_LINE = 0.55
_WIDE_GAP, _WORD_GAP, _UPRIGHT_GAP, _EMPTY_CELL = 1.0, 1.0, 2.5, 0.8
_INDENT = 0.8
_FULL_LINE = 0.85


@dataclass
class Line:
    """`text` is notation; `box` left, top, width, height in the page's units; `size` the em of most of its letters;
    `is_indented`: it begins later than its column; `is_short`: it ends sooner, as the last line of a paragraph does."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    is_indented: bool = False
    is_short: bool = False


@dataclass
class PageText:
    lines: list[Line] = field(default_factory=list)
    is_vertical: bool = False


def is_vertical(letters: Sequence[Letter], turn: int = 0) -> bool | None:
    """Whether Chinese runs downwards here; None where too little of it is to be seen."""
    wide = [letter for letter in letters if _is_wide(letter.char) and letter.size > 0 and letter.char not in STOPS]
    down = across = 0
    for one, two in zip(wide, wide[1:], strict=False):
        dx, dy = _seen_move(two.x - one.x, two.y - one.y, turn)
        reach = 0.5 * (_em(one) + _em(two))
        if abs(dx) < 0.5 * reach and 0.4 * reach < dy < 3 * reach:
            down += 1
        elif abs(dy) < 0.5 * reach and 0.4 * reach < dx < 3 * reach:
            across += 1
    return None if down + across < 5 else down > across


def _seen_move(dx: float, dy: float, turn: int) -> tuple[float, float]:
    return {90: (dy, dx), 180: (-dx, dy), 270: (-dy, -dx)}.get(turn, (dx, -dy))


def page_text(letters: Sequence[Letter], frame: Frame, usual_vertical: bool = False) -> PageText:
    """The lines of a page in reading order. `usual_vertical` decides where the page itself does not."""
    letters = [letter for letter in letters if unicodedata.category(letter.char) not in ("Cc", "Cs", "Cf", "Cn")]
    turn = (frame.turn - _quarter(letters)) % 360
    found = is_vertical(letters, turn) if letters else None
    vertical = usual_vertical if found is None and _is_chinese(letters) else bool(found)
    marks = [mark for letter in letters if (mark := _mark(letter, frame, turn, vertical)) is not None]
    if not marks:
        return PageText([], vertical)
    body = _usual(mark.size for mark in marks)
    rows = downward_columns(marks, body) if vertical else _rows(marks, body)
    lines: list[Line] = []
    for block in _in_columns(rows, body):
        lines += _lines(block, body, vertical)
    return PageText(lines, vertical)


def _is_chinese(letters: Sequence[Letter]) -> bool:
    return 2 * sum(_is_wide(letter.char) for letter in letters) > len(letters)


def _quarter(letters: Sequence[Letter]) -> int:
    """By how many right angles most letters are turned, clockwise, in degrees."""
    turns = [round(letter.angle / 90) * 90 % 360 for letter in letters[:2000]]
    return (360 - statistics.mode(turns)) % 360 if turns else 0


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _em(letter: Letter) -> float:
    ink = max(letter.right - letter.left, letter.top - letter.bottom)
    return letter.size if 0.4 * ink <= letter.size <= 12 * ink or not ink else ink * 1.1


def _mark(letter: Letter, frame: Frame, turn: int, vertical: bool) -> Mark | None:
    em = _em(letter)
    if not (0 < em < 1e7):
        return None
    one, two = frame.seen(letter.left, letter.bottom), frame.seen(letter.right, letter.top)
    box = (min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))
    if box[2] < 0 or box[3] < 0 or box[0] > frame.size[0] or box[1] > frame.size[1]:
        return None
    upright = Frame(frame.left, frame.bottom, frame.right, frame.top, turn)
    one, two = upright.seen(letter.left, letter.bottom), upright.seen(letter.right, letter.top)
    left, right = sorted((one[0], two[0]))
    top, bottom = sorted((one[1], two[1]))
    wide = _is_wide(letter.char)
    if vertical:
        # A full stop sits in a corner of its square, and 一 is flat: what counts is the square.
        start, end = (top, bottom) if not wide or letter.char in STOPS else _square(top, bottom, em)
        return Mark(letter.char, start, end, -(left + right) / 2, em, box, wide, letter.is_apart)
    start, end = (left, right) if not wide or letter.char in STOPS else _square(left, right, em)
    baseline = upright.seen(letter.x, letter.y)[1]
    if not (top - em <= baseline <= bottom + em):
        baseline = bottom
    return Mark(letter.char, start, end, baseline, em, box, wide, letter.is_apart)


def _square(one: float, two: float, em: float) -> tuple[float, float]:
    spare = max(em - (two - one), 0) / 2
    return one - spare, two + spare


def _usual(sizes: Iterable[float]) -> float:
    return statistics.median_low(sorted(sizes))


def _rows(marks: list[Mark], body: float) -> list[list[Mark]]:
    """Letters whose feet stand on about the same line."""
    rows: list[list[Mark]] = []
    axis = 0.0
    for mark in sorted(marks, key=lambda mark: mark.axis):
        if rows and mark.axis - axis < _SAME_LINE * max(min(mark.size, body * 1.6), body * 0.6):
            rows[-1].append(mark)
            axis += (mark.axis - axis) / len(rows[-1])
        else:
            rows.append([mark])
            axis = mark.axis
    return rows


# --- columns of lines -----------------------------------------------------------------------------------


def _segments(row: list[Mark], body: float) -> list[list[Mark]]:
    row = sorted(row, key=lambda mark: mark.middle)
    found = [[row[0]]]
    reach = row[0].end
    for mark in row[1:]:
        if mark.start - reach > _WIDE_GAP * body:
            found.append([mark])
        else:
            found[-1].append(mark)
        reach = max(reach, mark.end)
    return found


def _in_columns(rows: list[list[Mark]], body: float) -> list[list[list[Mark]]]:
    """Blocks of rows in reading order: where the page is clearly set in columns, those between two lines that go across
    all of them, one column after the other."""
    gutters = _gutters(rows, body)
    if not gutters:
        return [rows]
    blocks: list[list[list[Mark]]] = []
    open_columns: list[list[list[Mark]]] = [[] for _column in range(len(gutters) + 1)]

    def close() -> None:
        blocks.extend(column for column in open_columns if column)
        open_columns[:] = [[] for _column in open_columns]

    for row in rows:
        if _crosses(row, gutters):
            close()
            blocks.append([row])
            continue
        for at, column in enumerate(open_columns):
            low = gutters[at - 1] if at else float("-inf")
            high = gutters[at] if at < len(gutters) else float("inf")
            if part := [mark for mark in row if low <= mark.middle < high]:
                column.append(part)
    close()
    return blocks


def _crosses(row: list[Mark], gutters: list[float]) -> bool:
    return any(mark.start < gutter < mark.end for gutter in gutters for mark in row)


_BINS = 240


def _gutters(rows: list[list[Mark]], body: float) -> list[float]:
    """Where blank strips go down between columns of running text; empty where there are none, or what stands there is
    a table: its cells are not full."""
    low, high = min(m.start for row in rows for m in row), max(m.end for row in rows for m in row)
    step = (high - low) / _BINS
    if step <= 0 or len(rows) < 8 or high - low < 16 * body:
        return []
    cover = [0] * _BINS
    for row in rows:
        for segment in _segments(row, body):
            first, last = (int((edge - low) / step) for edge in (segment[0].start, max(m.end for m in segment)))
            for at in range(max(first, 0), min(last + 1, _BINS)):
                cover[at] += 1
    blank = 0.2 * len(rows)
    strips, begun = [], None
    for at in range(_BINS + 1):
        is_blank = at < _BINS and cover[at] <= blank
        if is_blank and begun is None:
            begun = at
        elif not is_blank and begun is not None:
            if begun and at < _BINS and (at - begun) * step >= 0.7 * body:
                strips.append(low + (begun + at) / 2 * step)
            begun = None
    strips = strips[:2]
    edges = [low, *strips, high]
    widths = [two - one for one, two in zip(edges, edges[1:], strict=False)]
    if not strips or min(widths) < 0.6 * max(widths) or not _are_full(rows, edges):
        return []
    return strips


def _are_full(rows: list[list[Mark]], edges: list[float]) -> bool:
    for one, two in zip(edges, edges[1:], strict=False):
        filled = []
        for row in rows:
            part = [mark for mark in row if one <= mark.middle < two]
            if part:
                filled.append((max(m.end for m in part) - min(m.start for m in part)) / (two - one))
        if len(filled) < max(4, 0.4 * len(rows)) or statistics.median(filled) < 0.6:
            return False
    return True


# --- lines ----------------------------------------------------------------------------------------------


def _lines(rows: list[list[Mark]], body: float, vertical: bool) -> list[Line]:
    if not rows:
        return []
    begins = [min(mark.start for mark in row) for row in rows]
    ends = [max(mark.end for mark in row) for row in rows]
    edge = statistics.quantiles(begins, n=10)[0] if len(begins) > 3 else min(begins)
    extent = max(max(ends) - edge, 1e-6)
    lines = []
    for row, begin, end in zip(rows, begins, ends, strict=True):
        row.sort(key=lambda mark: mark.middle)
        text = _written(row, body, vertical)
        if not text.strip():
            continue
        boxes = [mark.box for mark in row]
        left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
        box = (left, top, max(b[2] for b in boxes) - left, max(b[3] for b in boxes) - top)
        sizes = [mark.size for mark in row if mark.char not in STOPS] or [body]
        size = _usual([size for size in sizes if size >= SMALL * body] or sizes)
        is_short = (end - edge) / extent < _FULL_LINE
        lines.append(Line(text, box, size, (begin - edge) / body > _INDENT, is_short))
    return lines


def _written(row: list[Mark], body: float, vertical: bool) -> str:
    if not vertical:
        return notation.escape(_joined(row, vertical))
    parts: list[str] = []
    for is_note, run in _runs(row, body):
        if is_note:
            axis = statistics.fmean((min(m.axis for m in run), max(m.axis for m in run)))
            halves = [m for m in run if m.axis < axis], [m for m in run if m.axis >= axis]
            parts.append(notation.note("".join(notation.escape(_joined(half, vertical)) for half in halves)))
        else:
            parts.append(notation.escape(_joined(run, vertical)))
    return "".join(parts)


def _runs(row: list[Mark], body: float) -> list[tuple[bool, list[Mark]]]:
    """Parts of a column that are text, and parts that are double-line notes: small, and side by side."""
    runs: list[tuple[bool, list[Mark]]] = []
    for mark in row:
        small = mark.size < SMALL * body if mark.char not in STOPS or not runs else runs[-1][0]
        if runs and runs[-1][0] == small:
            runs[-1][1].append(mark)
        else:
            runs.append((small, [mark]))
    return [(small and _is_double(run), run) for small, run in runs]


def _is_double(run: list[Mark]) -> bool:
    axes = [mark.axis for mark in run if mark.char not in STOPS]
    if len(axes) < 2:
        return False
    return max(axes) - min(axes) > 0.6 * _usual(mark.size for mark in run)


def _joined(row: list[Mark], vertical: bool) -> str:
    """The letters of a line, with a space where words are apart."""
    parts: list[str] = []
    last: Mark | None = None
    for mark in row:
        if last is not None:
            gap = mark.start - last.end
            em = max(min(mark.size, last.size), 1e-6)
            if not (mark.is_wide and last.is_wide):
                if gap > (_UPRIGHT_GAP if vertical else _WORD_GAP) * em or (mark.is_apart and not vertical):
                    parts.append(" ")
            elif gap > _EMPTY_CELL * em and not vertical and STOPS.isdisjoint((mark.char, last.char)):
                parts.append("　")
        parts.append(mark.char)
        last = mark
    return "".join(parts)
