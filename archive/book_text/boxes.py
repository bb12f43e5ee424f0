"""Where words of a leaf's text stand on its scan: what is searched, cited or edited is boxed there."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

Rectangle = tuple[float, float, float, float]
"""Left, top, width and height, as fractions of the picture."""

_DECIMALS = 6
_TELLS_DIRECTION = 3
"""Characters from which on the shape of a line says whether it is written downwards."""


class TextBox(Protocol):
    """`archive.importing.books.contract.Box`, or anything like it."""

    left: float
    top: float
    width: float
    height: float
    start: int
    end: int
    is_word: bool


def boxes_of(
    ranges: Iterable[tuple[int, int]], boxes: Iterable[TextBox], is_vertical: bool | None = None
) -> list[Rectangle]:
    """The rectangles of these half-open ranges of the plain text, in reading order: one a line and range.

    Words are boxed by the boxes of words where the line has them, otherwise by the part of the line's box in
    proportion to its characters. Ranges that overlap or touch count as one. `is_vertical` None: each line's own shape
    tells (higher than wide), a very short one goes by the others.
    """
    boxes = sorted((box for box in boxes if box.end > box.start), key=lambda box: (box.start, -box.end))
    words = [box for box in boxes if box.is_word]
    lines = [box for box in boxes if not box.is_word]
    ends = [line.end for line in lines]
    # Words that stand in no line are lines of their own.
    lines += [word for word in words if not _is_inside(word, lines, ends)]
    lines.sort(key=lambda box: box.start)
    falls = is_vertical if is_vertical is not None else _most_fall(lines)
    found = []
    for start, end in _merged(ranges):
        for line in lines:
            if line.start >= end:
                break
            if line.end > start:
                vertical = _is_vertical(line, falls) if is_vertical is None else is_vertical
                found.append(_part_of_line(line, words, max(start, line.start), min(end, line.end), vertical))
    return [tuple(round(value, _DECIMALS) for value in rectangle) for rectangle in found]


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last: tuple[int, int] | None = None
    for start, end in sorted(pair for pair in ranges if pair[1] > pair[0]):
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last


def _is_inside(word: TextBox, lines: Sequence[TextBox], ends: Sequence[int]) -> bool:
    number = bisect_left(ends, word.end)
    return number < len(lines) and lines[number].start <= word.start


def _most_fall(lines: Sequence[TextBox]) -> bool:
    """Whether most of the text is in lines that are higher than wide."""
    told = [line for line in lines if line.end - line.start >= _TELLS_DIRECTION] or lines
    falling = sum(line.end - line.start for line in told if line.height > line.width)
    return falling * 2 > sum(line.end - line.start for line in told)


def _is_vertical(line: TextBox, most_fall: bool) -> bool:
    if line.end - line.start < _TELLS_DIRECTION:
        return most_fall
    return line.height > line.width


def _part_of_line(line: TextBox, words: Sequence[TextBox], start: int, end: int, vertical: bool) -> Rectangle:
    first = bisect_left(words, line.start, key=lambda word: word.start)
    parts = []
    for word in words[first:]:
        if word.start >= end:
            break
        if word.end > start and word is not line:
            parts.append(_share(word, max(start, word.start), min(end, word.end), vertical))
    return _around(parts) if parts else _share(line, start, end, vertical)


def _share(box: TextBox, start: int, end: int, vertical: bool) -> Rectangle:
    """The part of a box that these of its characters take, all being of one size."""
    length = box.end - box.start
    before, part = (start - box.start) / length, (end - start) / length
    if vertical:
        return box.left, box.top + box.height * before, box.width, box.height * part
    return box.left + box.width * before, box.top, box.width * part, box.height


def _around(parts: list[Rectangle]) -> Rectangle:
    left, top = min(part[0] for part in parts), min(part[1] for part in parts)
    right = max(part[0] + part[2] for part in parts)
    bottom = max(part[1] + part[3] for part in parts)
    return left, top, right - left, bottom - top
