"""Pages of modern books: horizontal lines in two columns, with heads, folios and the printer's unevenness."""

import random

from PIL import Image, ImageDraw, ImageOps

from ..page_layout import LINES, MEASURE, SetPage
from . import buildings, figures, landscape
from .inscriptions import Lettering, along, centred
from .paper import aged, sheet_of
from .sheet import Sheet

SIZE = (1200, 1640)
TYPE, LEADING = 27, 45
LEFT, TOP, GUTTER = 128, 300, 54
INK, RULE = (42, 39, 36), (110, 60, 48)
PAPER = (240, 233, 215)


def draw_page(page: SetPage, text: Lettering, heads: Lettering, *, running: str, folio: str, seed: int) -> Image.Image:
    """`text` letters the lines and `heads` the titles; without a typeface grey lines keep their places."""
    picture = sheet_of(SIZE, PAPER, seed)
    pen = ImageDraw.Draw(picture)
    pen.line([(LEFT, 150), (SIZE[0] - LEFT, 150)], fill=RULE, width=3)
    along(picture, text, running, LEFT, 104, 28, INK)
    top = _top(page)
    if page.title:
        centred(picture, heads, page.title, SIZE[0] / 2, 200, 50, INK, 0.06)
        centred(picture, text, page.byline, SIZE[0] / 2, 288, 28, RULE)
    for number, line in enumerate(page.lines):
        _line(picture, text, line, *place_of_line(page, number))
    foot = top + page.rows * LEADING
    if TOP + LINES * LEADING - foot > 420:
        _vignette(picture, int(foot) + 50, TOP + LINES * LEADING - 20, seed)
    middle = LEFT + MEASURE * TYPE + GUTTER / 2
    pen.line([(middle, top), (middle, foot - 14)], fill=(196, 184, 160), width=1)
    centred(picture, text, f"· {folio} ·", SIZE[0] / 2, SIZE[1] - 112, 28, INK)
    return aged(picture, seed, foxing=8)


def place_of_line(page: SetPage, number: int) -> tuple[int, int]:
    """Left and top of a line of the page, in pixels of the picture."""
    column, row = divmod(number, page.rows)
    return LEFT + column * (MEASURE * TYPE + GUTTER), _top(page) + row * LEADING


def _top(page: SetPage) -> int:
    return TOP + 76 if page.title else TOP


def _vignette(picture: Image.Image, top: int, bottom: int, seed: int) -> None:
    """A line drawing in the space that the text leaves: the bridge, the pagoda or a boat, by turns."""
    wide, high = SIZE[0] - 2 * LEFT, bottom - top
    sheet = Sheet(wide, high, "L", 255)
    dice, line, ground = random.Random(seed), sheet.layer(70), high * 0.74
    far = landscape.ridge(dice, 0, wide, ground, high * 0.42)
    line.hair(far, 1.6, 150)
    match seed % 3:
        case 1:
            buildings.arched_bridge(line, wide * 0.16, wide * 0.84, ground, high * 0.32, 3, 226, 80)
        case 2:
            buildings.pagoda(line, wide * 0.62, ground, high * 0.66, 7, 90, 226)
        case _:
            figures.sampan(line, wide * 0.5, ground + high * 0.06, wide * 0.3)
            figures.boatman(line, wide * 0.39, ground + high * 0.05, high * 0.3, dice)
    for k in range(7):
        y = ground + 12 + k * high * 0.03
        line.hair([(wide * (0.06 + 0.03 * k), y), (wide * (0.94 - 0.03 * k), y)], 1.2, 150)
    sheet.put(line, blur=0.4)
    picture.paste(INK, (LEFT, top), ImageOps.invert(sheet.picture))


def _line(picture: Image.Image, text: Lettering, words: str, left: float, top: float) -> None:
    if words and text(words[-1], TYPE) is None and all(text(character, TYPE) is None for character in words):
        ImageDraw.Draw(picture).rectangle(
            (left, top + 6, left + len(words) * TYPE, top + TYPE - 6), fill=(170, 164, 152)
        )
        return
    along(picture, text, words, left, top, TYPE, INK)
