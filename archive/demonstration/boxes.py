"""Where the text of a drawn leaf stands on its picture, as `LeafLayout` keeps it. Pure: the sheets are drawn by the
same measures."""

from collections.abc import Iterator
from itertools import groupby

from archive.models.book_layout import PARTS

from .drawing import leaves, printed
from .page_layout import SetPage
from .typesetting import SetLeaf

Place = tuple[float, float, float, float]
"""Left, top, width and height in pixels."""
Row = list[int]
"""The same in ten-thousandths of the picture, then the half-open range in the leaf's text, then 1 for a word."""


def of_old_leaf(leaf: SetLeaf, *, is_front: bool) -> list[Row]:
    """Each column a line, each of the two lines of a note one, and every character a word of its own: the unprinted
    punctuation takes no room, so that a share of the line would miss it."""
    rows = []
    for _line, run in groupby(leaf.glyphs, key=lambda glyph: (glyph.column, glyph.side)):
        glyphs = list(run)
        places = [leaves.place_of(glyph, is_front=is_front) for glyph in glyphs]
        first, last = places[0], places[-1]
        whole = (first[0], first[1], first[2], last[1] + last[3] - first[1])
        rows.append(_row(whole, leaves.SIZE, glyphs[0].at, glyphs[-1].at + 1, is_word=False))
        rows += [
            _row(place, leaves.SIZE, glyph.at, glyph.at + 1, is_word=True)
            for place, glyph in zip(places, glyphs, strict=True)
        ]
    return rows


def of_page(page: SetPage) -> list[Row]:
    """Each line of type, without its indent."""
    return [_row(place, printed.SIZE, start, end, is_word=False) for place, start, end in _lines(page)]


def _lines(page: SetPage) -> Iterator[tuple[Place, int, int]]:
    at = 0
    for number, line in enumerate(page.lines):
        words = line.lstrip("\u3000")
        start = page.text.index(words, at)
        at = start + len(words)
        left, top = printed.place_of_line(page, number)
        indent = (len(line) - len(words)) * printed.TYPE
        yield (left + indent, top, len(words) * printed.TYPE, printed.TYPE), start, at


def _row(place: Place, size: tuple[int, int], start: int, end: int, *, is_word: bool) -> Row:
    sides = (size[0], size[1], size[0], size[1])
    return [*(round(PARTS * value / side) for value, side in zip(place, sides, strict=True)), start, end, int(is_word)]
