"""Sets lines of text on sheets, as pictures: whoever opens the file needs no Chinese font."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image

from archive.typeface import PACKAGE, REGULAR, Typeface

from .document import Line, Sheet

WIDTH, HEIGHT = 1240, 1754
"""A sheet of A4 at 150 dots an inch."""
MARGIN = 150
INK, PAPER = 30, 255
_LEADING = 1.7
_QUALITY = 80
_NOT_AT_THE_BEGINNING = "，。、；：？！）》」』”’,.;:)]"
_SQUARE = 8  # dots of a side


@dataclass(frozen=True)
class Paragraph:
    """A text with the size of its type and the room above it, in dots."""

    text: str
    size: int = 30
    above: int = 18


@cache
def _typeface() -> Typeface | None:
    """None where the browser libraries are not installed: sheets then carry their text unseen."""
    try:
        return Typeface(Path(settings.NODE_MODULES_DIR) / PACKAGE, REGULAR)
    except OSError:
        return None


def sheets(paragraphs: Iterable[Paragraph], label: str, stamp: Sequence[Sequence[int]] = ()) -> list[Sheet]:
    """The paragraphs on as many sheets as they fill. `stamp` is a matrix of dark and light squares that stands at the
    foot of the first one."""
    picture, lines, made = _blank(), [], []
    top, foot = MARGIN, HEIGHT - MARGIN - (_SQUARE * (len(stamp) + 4) if stamp else 0)
    for paragraph in paragraphs:
        top += paragraph.above
        for text in _broken(paragraph):
            if top + paragraph.size > foot:
                made.append(_finished(picture, lines, label, () if made else stamp))
                picture, lines, top, foot = _blank(), [], MARGIN, HEIGHT - MARGIN
            width = _draw(picture, text, top, paragraph.size)
            lines.append(Line(text, MARGIN / WIDTH, top / HEIGHT, width / WIDTH, paragraph.size / HEIGHT))
            top += round(paragraph.size * _LEADING)
    return [*made, _finished(picture, lines, label, () if made else stamp)]


def _blank() -> Image.Image:
    return Image.new("L", (WIDTH, HEIGHT), PAPER)


def _finished(picture: Image.Image, lines: list[Line], label: str, stamp: Sequence[Sequence[int]]) -> Sheet:
    _stamp(picture, stamp)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return Sheet(label, out.getvalue(), WIDTH, HEIGHT, 1, tuple(lines))


def _advance(character: str, size: int) -> float:
    face = _typeface()
    known = face.advance(character, size) if face is not None else None
    return known if known is not None else size


def _broken(paragraph: Paragraph) -> Iterator[str]:
    """Its lines. None begins with a space or a mark that closes; a Latin word is cut where the line ends."""
    for text in paragraph.text.splitlines() or [""]:
        line, width = "", 0.0
        for character in text:
            advance = _advance(character, paragraph.size)
            if line and width + advance > WIDTH - 2 * MARGIN and character not in _NOT_AT_THE_BEGINNING:
                yield line
                line, width = "", 0.0
            if not line and character == " ":
                continue
            line, width = line + character, width + advance
        yield line


def _draw(picture: Image.Image, text: str, top: int, size: int) -> float:
    """Draws a line and says how wide it is."""
    face, left = _typeface(), float(MARGIN)
    for character in text:
        mask = face.letter(character, size) if face is not None else None
        if mask is not None:
            picture.paste(INK, (round(left), top), mask)
        left += _advance(character, size)
    return left - MARGIN


def _stamp(picture: Image.Image, squares: Sequence[Sequence[int]]) -> None:
    side = _SQUARE
    left, top = MARGIN, HEIGHT - MARGIN - side * len(squares)
    for y, row in enumerate(squares):
        for x, is_dark in enumerate(row):
            if is_dark:
                at = (left + x * side, top + y * side)
                picture.paste(INK, (*at, at[0] + side, at[1] + side))
