"""What recognition found on a page, whichever way it was written down: lines and words with their places, put into
reading order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Frame = tuple[float, float, float, float]
"""Left, top, right, bottom, in the file's own unit."""

_DIRECTIONLESS = 1.5
"""A line is vertical, or horizontal, when one side is so much longer than the other."""
_WIDE, _FEW, _LEANING = 0.6, 4, 0.25


@dataclass
class Word:
    text: str
    frame: Frame | None = None


@dataclass
class Line:
    """`text` as it is on the page, without breaks. `block` tells the lines of one block (a paragraph, a column of the
    page) from those of the next. `rank` is its place where the file gives one. `role` is "", "heading", "note" (a
    double-line note), "number" (the printed page number) or "caption"."""

    text: str
    frame: Frame | None = None
    words: list[Word] = field(default_factory=list)
    block: int = 0
    rank: tuple[float, ...] = ()
    role: str = ""
    is_vertical: bool | None = None

    def turned(self) -> bool | None:
        """Whether it runs from top to bottom; None when neither the file nor its shape tells."""
        if self.is_vertical is not None or self.frame is None or len(self.text) < 2:
            return self.is_vertical
        left, top, right, bottom = self.frame
        width, height = right - left, bottom - top
        return True if height > _DIRECTIONLESS * width else False if width > _DIRECTIONLESS * height else None


@dataclass
class Sheet:
    """One page as its file gives it; `width` and `height` in the unit of the frames, 0 when the file does not say.
    `picture` is the name of the image that it was read from. `is_ordered`: the lines stand in the order that the file
    says they are read in; `numbers`, how many page numbers it says are printed here, read or not."""

    width: float = 0.0
    height: float = 0.0
    lines: list[Line] = field(default_factory=list)
    picture: str = ""
    is_ordered: bool = False
    is_vertical: bool | None = None
    in_pixels: bool = True
    numbers: int = 0

    def runs_down(self) -> bool:
        """Whether most of its text is vertical."""
        if self.is_vertical is not None:
            return self.is_vertical
        down = sum(len(line.text) for line in self.lines if line.turned() is True)
        across = sum(len(line.text) for line in self.lines if line.turned() is False)
        return down > across


def in_reading_order(sheet: Sheet) -> list[Line]:
    """The lines as they are read: by the file's own ranks; else as they stand in it, when that is a way in which such
    a page can be read; else by their places."""
    lines = sheet.lines
    if lines and all(line.rank for line in lines):
        return sorted(lines, key=lambda line: line.rank)
    if sheet.is_ordered or len(lines) < 2 or any(line.frame is None for line in lines):
        return lines
    is_vertical = sheet.runs_down()
    return lines if _goes_forward(lines, is_vertical) else by_place(lines, is_vertical)


def _goes_forward(lines: Sequence[Line], is_vertical: bool) -> bool:
    """Whether each line follows the one before it, but for a step to the next block or column of the page here and
    there."""
    frames = [_upright(line.frame, is_vertical) for line in lines]
    back = sum((after[1] + after[3]) / 2 < before[1] for before, after in pairwise(frames))
    blocks = len({line.block for line in lines})
    return back <= max(blocks - 1, len(lines) // 10) and back <= len(lines) // 4


def by_place(lines: Sequence[Line], is_vertical: bool) -> list[Line]:
    """Horizontal lines from the top, and the columns of the page from the left; vertical lines from the right, and the
    tiers of the page from the top."""
    places = [_Place(_upright(line.frame, is_vertical), line) for line in lines]
    return [place.line for place in _banded(places)]


def _upright(frame: Frame, is_vertical: bool) -> Frame:
    """A frame on the page turned so that lines run to the right, one below the other."""
    left, top, right, bottom = frame
    return (top, -right, bottom, -left) if is_vertical else frame


@dataclass(frozen=True)
class _Place:
    frame: Frame
    line: Line

    def extent(self, axis: int) -> float:
        return self.frame[axis + 2] - self.frame[axis]


_ALONG, _ONWARD = 0, 1


def _banded(places: list[_Place]) -> Iterator[_Place]:
    """Lines that go over most of the page divide it: the heading above two columns, the note below them."""
    whole = max((p.frame[2] for p in places), default=0) - min((p.frame[0] for p in places), default=0)
    wide = sorted((p for p in places if p.extent(_ALONG) > _WIDE * whole), key=lambda p: p.frame[1])
    narrow = [p for p in places if p.extent(_ALONG) <= _WIDE * whole]
    if not wide or len(narrow) < _FEW:
        yield from _in_columns(places)
        return
    for divider in wide:
        middle = (divider.frame[1] + divider.frame[3]) / 2
        yield from _in_columns([p for p in narrow if (p.frame[1] + p.frame[3]) / 2 <= middle])
        narrow = [p for p in narrow if (p.frame[1] + p.frame[3]) / 2 > middle]
        yield divider
    yield from _in_columns(narrow)


def _in_columns(places: list[_Place]) -> Iterator[_Place]:
    """Columns of the page hold several lines each; what stands between them alone is a page number or the like."""
    parts = _cut(places, _ALONG)
    columns = [part for part in parts if len(part) > 1]
    if len(columns) < 2:  # noqa: PLR2004 -- one column is none
        yield from _in_rows(places)
        return
    alone = [part[0] for part in parts if len(part) == 1]
    top = min(place.frame[1] for column in columns for place in column)
    yield from _in_rows([place for place in alone if place.frame[1] < top])
    for column in columns:
        yield from _banded(column)
    yield from _in_rows([place for place in alone if place.frame[1] >= top])


def _in_rows(places: list[_Place]) -> Iterator[_Place]:
    """Line below line; of what stands at the same height first the left, as the double lines of a note stand behind
    the text that they belong to."""
    for row in _cut(places, _ONWARD):
        for part in _cut(row, _ALONG):
            yield from sorted(part, key=lambda place: place.frame[1])


def _cut(places: Sequence[_Place], axis: int) -> list[list[_Place]]:
    """Into parts between which nothing stands, along one axis."""
    parts: list[list[_Place]] = []
    reach = float("-inf")
    for place in sorted(places, key=lambda place: place.frame[axis]):
        # Lines lean and their boxes touch: a little of the one may lie within its neighbour.
        slack = _LEANING * min(place.extent(_ALONG), place.extent(_ONWARD))
        if parts and place.frame[axis] < reach - slack:
            parts[-1].append(place)
        else:
            parts.append([place])
        reach = max(reach, place.frame[axis + 2])
    return parts


def frame_of(frames: Sequence[Frame | None]) -> Frame | None:
    """The frame around all of them."""
    known = [frame for frame in frames if frame is not None]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def joined(words: Sequence[str]) -> str:
    """Words of a line as one text: spaces belong between Latin words and numbers, not between Chinese characters,
    whatever the recognition put there."""
    text = ""
    for word in filter(None, words):
        text += f" {word}" if text and _is_narrow(text[-1]) and _is_narrow(word[0]) else word
    return text


def _is_narrow(char: str) -> bool:
    return char < "\u2e80"
