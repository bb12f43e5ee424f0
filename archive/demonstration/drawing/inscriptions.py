"""Words set on pictures: columns, lines and seals, drawn straight onto paper."""

from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .develop import clouds, to_pillow

Lettering = Callable[[str, int], Image.Image | None]
Colour = tuple[int, int, int]

SEAL = (168, 48, 36)
NARROW = 0.56
"""The width of a Latin letter or a figure, in the height of the type."""
QUIET = frozenset("，。、；：")
"""Marks that sit in the corner of their square; vertical lines set them to the right of the column's end."""


def down(
    picture: Image.Image,
    letters: Lettering,
    words: str,
    left: float,
    top: float,
    size: int,
    tone: Colour,
    gap: float = 0.06,
) -> float:
    """One column from the top; returns where it ends. A space leaves half a square free."""
    for character in words:
        if character == " ":
            top += size / 2
            continue
        mask = letters(character, size)
        if mask is not None:
            picture.paste(tone, (round(left), round(top)), mask)
        top += size * (1 + gap)
    return top


def columns(
    picture: Image.Image,
    letters: Lettering,
    lines: tuple[str, ...],
    right: float,
    top: float,
    size: int,
    tone: Colour,
    pitch: float = 1.4,
) -> None:
    """Columns from right to left, `pitch` sizes apart; `right` is the edge of the first one."""
    for index, words in enumerate(lines):
        down(picture, letters, words, right - size - index * size * pitch, top, size, tone)


def along(
    picture: Image.Image,
    letters: Lettering,
    words: str,
    left: float,
    top: float,
    size: int,
    tone: Colour,
    gap: float = 0.0,
) -> float:
    """One line from the left; returns where it ends."""
    for character in words:
        mask = None if character in (" ", "\u3000") else letters(character, size)
        if mask is not None:
            picture.paste(tone, (round(left), round(top)), mask)
        left += size * ((NARROW if character.isascii() else 1) + gap)
    return left


def breadth(words: str, size: int, gap: float = 0.0) -> float:
    return sum(size * ((NARROW if character.isascii() else 1) + gap) for character in words)


def centred(
    picture: Image.Image,
    letters: Lettering,
    words: str,
    middle: float,
    top: float,
    size: int,
    tone: Colour,
    gap: float = 0.0,
) -> None:
    along(picture, letters, words, middle - breadth(words, size, gap) / 2, top, size, tone, gap)


def seal(
    picture: Image.Image,
    letters: Lettering,
    words: str,
    place: tuple[float, float],
    size: int,
    *,
    seed: int = 1,
    is_raised: bool = False,
    tone: Colour = SEAL,
) -> None:
    """A square seal of one, two or four characters, read from the right: white letters on red, or red letters in a
    red frame (`is_raised`)."""
    stamp = _face(letters, words, size, is_raised)
    worn = clouds(size, size, max(size // 7, 4), seed) * 80 + 216
    stamp = ImageChops.multiply(stamp, to_pillow((worn > 255).ifthenelse(255, (worn < 40).ifthenelse(40, worn))))
    stamp = stamp.filter(ImageFilter.GaussianBlur(0.6)).point(lambda value: int(value * 0.9))
    picture.paste(tone, (round(place[0]), round(place[1])), stamp)


def _face(letters: Lettering, words: str, size: int, is_raised: bool) -> Image.Image:
    stamp = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(stamp)
    edge = max(size // 18, 2)
    pen.rounded_rectangle((0, 0, size - 1, size - 1), edge, fill=0 if is_raised else 255, outline=255, width=edge)
    inner = size - 4 * edge
    across = 2 if len(words) > 2 else 1
    rows = -(-len(words) // across)
    wide, high = inner // across, inner // rows
    for index, character in enumerate(words):
        column, row = index // rows, index % rows
        mask = letters(character, max(wide, high))
        if mask is not None:
            place = (2 * edge + (across - 1 - column) * wide, 2 * edge + row * high)
            stamp.paste(255 if is_raised else 0, place, mask.resize((wide, high)))
    return stamp
