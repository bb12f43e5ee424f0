"""Leaves of a block-printed book on old paper: frame, rules, fishtail, type, stains, seals."""

import random
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from ..typesetting import Glyph, SetLeaf
from .develop import clouds, grain, to_pillow, to_vips

Lettering = Callable[[str, int], Image.Image | None]

COLUMNS, ROWS = 9, 20
SIZE = (1240, 1760)
CELL = 68
COLUMN = 104
FRAME_TOP, FRAME_BOTTOM = 214, 214 + ROWS * CELL + 16
CENTRE = 110
"""Half of the block's centre column, which the fold, at the edge of the picture, divides between the two sides."""
INK, SEAL = (38, 31, 27), (164, 46, 34)


def draw_leaf(
    leaf: SetLeaf, lettering: Lettering, *, running: str, folio: str, is_front: bool, seed: int, seal: str = ""
) -> Image.Image:
    """One side of a leaf. `running` and `folio` stand in the centre column, at the left edge of a front side and at
    the right edge of its back; `seal` is an owner's seal of four characters."""
    dice = random.Random(seed)
    ink = Image.new("L", SIZE, 0)
    left, right = _edges(is_front)
    _frame(ink, left, right, is_front)
    _centre(ink, left if is_front else right, is_front, running + folio, lettering)
    for glyph in leaf.glyphs:
        _set(ink, glyph, place_of(glyph, is_front=is_front), lettering, dice)
    printed = _printed(ink, seed)
    paper = _paper(seed)
    _show_through(paper, printed)
    paper.paste(INK, (0, 0), printed)
    if seal:
        _seal(paper, seal, (left + 34, FRAME_BOTTOM - 250), 128, lettering, seed)
    return _aged(paper, dice, is_front)


def place_of(glyph: Glyph, *, is_front: bool) -> tuple[float, float, float, float]:
    """Left, top, width and height of a character, in pixels of the picture."""
    edge = _edges(is_front)[1] - (glyph.column + 1) * COLUMN
    if glyph.side is None:
        wide, high = 72, 62
        x = edge + (COLUMN - wide) / 2
    else:
        wide, high = 40, 33
        x = edge + (COLUMN / 2 + 4 if glyph.side == 0 else COLUMN / 2 - wide - 4)
    return x, FRAME_TOP + 10 + glyph.row * CELL, wide, high


def _edges(is_front: bool) -> tuple[int, int]:
    """The left and the right edge of the block's columns."""
    left = CENTRE if is_front else SIZE[0] - CENTRE - COLUMNS * COLUMN
    return left, left + COLUMNS * COLUMN


def _frame(ink: Image.Image, left: float, right: float, is_front: bool) -> None:
    """A thick outer and a thin inner line, open towards the fold; rules between the columns."""
    pen = ImageDraw.Draw(ink)
    fold = 0 if is_front else SIZE[0]
    outer = right + 14 if is_front else left - 14
    inner = right + 2 if is_front else left - 2
    for top, bottom, edge, width in (
        (FRAME_TOP - 14, FRAME_BOTTOM + 14, outer, 9),
        (FRAME_TOP - 1, FRAME_BOTTOM + 1, inner, 3),
    ):
        pen.line([(fold, top), (edge, top)], fill=235, width=width)
        pen.line([(fold, bottom), (edge, bottom)], fill=235, width=width)
        pen.line([(edge, top - width // 2), (edge, bottom + width // 2)], fill=235, width=width)
    for column in range(0 if is_front else 1, COLUMNS + (0 if is_front else 1)):
        x = left + column * COLUMN
        pen.line([(x, FRAME_TOP), (x, FRAME_BOTTOM)], fill=205, width=3)


def _centre(ink: Image.Image, edge: float, is_front: bool, words: str, lettering: Lettering) -> None:
    """The half of the fishtail and of the running title that falls on this side; the rest is beyond the fold."""
    pen = ImageDraw.Draw(ink)
    fold = 0 if is_front else SIZE[0]
    near = edge - 4 if is_front else edge + 4
    tail = FRAME_TOP + 250
    pen.polygon([(near, tail), (near, tail + 64), (fold, tail + 26), (fold, tail)], fill=225)
    pen.line([(near, tail - 14), (fold, tail - 14)], fill=200, width=3)
    pen.line([(near, FRAME_BOTTOM - 210), (fold, FRAME_BOTTOM - 210)], fill=200, width=3)
    size = 56
    x = 0 - size // 2 if is_front else SIZE[0] - size // 2
    y = tail + 110
    for character in words:
        if character == " ":
            y += 300
            continue
        mask = lettering(character, size)
        if mask is not None:
            ink.paste(232, (x, y), mask)
        y += size + 6


def _set(
    ink: Image.Image,
    glyph: Glyph,
    where: tuple[float, float, float, float],
    lettering: Lettering,
    dice: random.Random,
) -> None:
    """One character, cut by hand: no two stand quite alike. Without a typeface a grey block keeps its place."""
    x, y, wide, high = where
    place = (round(x + dice.uniform(-1.5, 1.5)), round(y + dice.uniform(-1.5, 1.5)))
    mask = lettering(glyph.character, 68 if glyph.side is None else 40)
    if mask is None:
        ink.paste(90, (*place, place[0] + round(wide * 0.8), place[1] + round(high * 0.7)))
        return
    ink.paste(dice.randint(226, 255), place, mask.resize((wide, high), Image.Resampling.LANCZOS))


def _printed(ink: Image.Image, seed: int) -> Image.Image:
    """Ink as a worn block leaves it: edges that spread, patches that printed thin, grain of the wood."""
    soft = to_vips(ink.filter(ImageFilter.BoxBlur(1)))
    pressure = clouds(ink.width, ink.height, 300, seed) * 0.1 + clouds(ink.width, ink.height, 46, seed + 3) * 0.09
    speckle = grain(ink.width, ink.height, 26, seed, soft=0.8)
    spread = (soft + speckle * 1.3 - 96) * 2.1 * (pressure + 0.96)
    covered = (spread < 0).ifthenelse(0, (spread > 236).ifthenelse(236, spread))
    near = ink.filter(ImageFilter.BoxBlur(3)).point(lambda v: min(v * 4, 255))
    return ImageChops.darker(to_pillow(covered), near)


def _paper(seed: int) -> Image.Image:
    """A sheet of the paper of these books; few are made, and are turned so that no two leaves look the same."""
    turned = (None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180)
    way = turned[seed // 2 % 4]
    paper = _mould(seed % 2)
    return paper.copy() if way is None else paper.transpose(way)


@lru_cache(maxsize=2)
def _mould(seed: int) -> Image.Image:
    dice = random.Random(seed)
    width, height = SIZE
    fibre = Image.new("L", SIZE, 128)
    pen = ImageDraw.Draw(fibre)
    for _fibre in range(2600):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        dx, dy = dice.gauss(0, 16), dice.gauss(0, 9)
        pen.line([(x, y), (x + dx * 0.5, y + dy * 0.5 + 3), (x + dx, y + dy)], fill=128 + dice.randint(-16, 14))
    for line in range(0, width, 31):
        pen.line([(line, 0), (line + 4, height)], fill=124)
    threads = to_vips(fibre.filter(ImageFilter.GaussianBlur(0.8))) - 128
    tone = clouds(width, height, 420, seed + 11) * 6 + clouds(width, height, 90, seed + 12) * 3 + threads * 0.55
    noise = grain(width, height, 3, seed + 13)
    base = (tone + noise).bandjoin([tone * 1.1 + noise, tone * 1.5 + noise]) + [224, 205, 166]
    return to_pillow((base > 255).ifthenelse(255, base).cast("uchar").copy(interpretation="srgb"))


def _show_through(paper: Image.Image, printed: Image.Image) -> None:
    """The other side of thin paper, seen faintly and the wrong way round."""
    back = ImageOps.mirror(printed).filter(ImageFilter.BoxBlur(3)).point(lambda value: value // 13)
    paper.paste((120, 96, 66), (0, 0), ImageChops.offset(back, 26, 14))


def _seal(paper: Image.Image, words: str, place: tuple[int, int], size: int, lettering: Lettering, seed: int) -> None:
    """A square seal in red paste, its characters read from the right."""
    stamp = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(stamp)
    pen.rounded_rectangle((1, 1, size - 2, size - 2), 9, outline=255, width=7)
    half = (size - 24) // 2
    for character, (x, y) in zip(words, ((half, 0), (half, half), (0, 0), (0, half)), strict=False):
        mask = lettering(character, half)
        if mask is not None:
            stamp.paste(255, (12 + x, 12 + y), mask.resize((half, half)))
    worn = clouds(size, size, 18, seed + 5) * 90 + 210
    stamp = ImageChops.multiply(stamp, to_pillow((worn > 255).ifthenelse(255, (worn < 60).ifthenelse(60, worn))))
    stamp = stamp.rotate(-1.6, expand=False).filter(ImageFilter.GaussianBlur(0.7))
    paper.paste(SEAL, place, stamp.point(lambda value: int(value * 0.84)))


def _aged(paper: Image.Image, dice: random.Random, is_front: bool) -> Image.Image:
    """A tide line of damp from one corner, foxing, darkened edges, the shadow at the binding, worm holes."""
    width, height = paper.size
    damp = Image.new("L", (width // 4, height // 4), 0)  # soft, so that a quarter of the size does
    pen = ImageDraw.Draw(damp)
    corner = (0 if dice.random() < 0.5 else width, height if dice.random() < 0.6 else 0)
    reach = [dice.uniform(220, 420) for _point in range(24)]
    down = 0.9 if corner[1] == 0 else -0.9
    shore = [(corner[0] + dice.uniform(-30, 30) + r * (k - 12) / 7, corner[1] + r * down) for k, r in enumerate(reach)]
    outline = [(shore[0][0], corner[1]), *shore, (shore[-1][0], corner[1])]
    pen.polygon([(x / 4, y / 4) for x, y in outline], fill=24)
    damp = damp.filter(ImageFilter.GaussianBlur(3.5))
    rim = ImageChops.difference(damp, damp.filter(ImageFilter.GaussianBlur(2.2)))
    tide = ImageChops.add(damp, rim.point(lambda value: min(value * 5, 60)))
    paper.paste((150, 112, 66), (0, 0), tide.resize(paper.size, Image.Resampling.BILINEAR))
    spots = Image.new("L", paper.size, 0)
    pen = ImageDraw.Draw(spots)
    for _spot in range(46):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), abs(dice.gauss(0, 5)) + 1
        pen.ellipse((x - r, y - r, x + r, y + r), fill=dice.randint(20, 80))
    paper.paste((148, 100, 56), (0, 0), spots.filter(ImageFilter.BoxBlur(2)))
    edge = Image.radial_gradient("L").resize(paper.size).point(lambda value: max(0, int((value - 120) * 0.55)))
    paper.paste((128, 96, 58), (0, 0), edge)
    shade = Image.linear_gradient("L").rotate(90 if is_front else -90).resize((70, height))
    paper.paste((60, 44, 28), (width - 70 if is_front else 0, 0), shade.point(lambda value: int(value * 0.42)))
    return _wormed(paper, dice)


def _wormed(paper: Image.Image, dice: random.Random) -> Image.Image:
    pen = ImageDraw.Draw(paper)
    for _hole in range(dice.randint(2, 5)):
        x, y = dice.uniform(60, paper.width - 60), dice.choice((dice.uniform(40, 170), dice.uniform(1620, 1730)))
        for _step in range(dice.randint(3, 16)):
            x, y = x + dice.uniform(-5, 7), y + dice.uniform(-4, 4)
            r = dice.uniform(2, 3.6)
            pen.ellipse((x - r, y - r, x + r, y + r), fill=(74, 56, 40))
    return paper
