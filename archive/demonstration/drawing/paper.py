"""Sheets of paper to print, paint and write on: new and old, folded, foxed, with a deckle or a torn edge."""

import random

import pyvips
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .develop import clouds, grain, to_pillow

Colour = tuple[int, int, int]

RICE, OLD, WHITE, GREY = (238, 229, 208), (222, 203, 164), (240, 236, 224), (214, 206, 188)


def sheet_of(size: tuple[int, int], tone: Colour = RICE, seed: int = 1) -> Image.Image:
    """A plain sheet: uneven, with fibres and grain."""
    width, height = size
    dice = random.Random(seed)
    fibre = Image.new("L", (width // 2, height // 2), 128)
    pen = ImageDraw.Draw(fibre)
    for _fibre in range(width * height // 2600):
        x, y = dice.uniform(0, width / 2), dice.uniform(0, height / 2)
        dx, dy = dice.gauss(0, 9), dice.gauss(0, 5)
        pen.line([(x, y), (x + dx * 0.5, y + dy * 0.5 + 1), (x + dx, y + dy)], fill=128 + dice.randint(-14, 12))
    fibre = fibre.resize(size, Image.Resampling.BILINEAR)
    threads = pyvips.Image.new_from_memory(fibre.tobytes(), width, height, 1, "uchar") - 128
    noise = grain(width, height, 2.4, seed)
    uneven = clouds(width, height, 380, seed + 11) * 5 + threads * 0.5 + noise
    base = uneven.bandjoin([uneven * 1.05, uneven * 1.3]) + list(tone)
    return to_pillow((base > 255).ifthenelse(255, base).cast("uchar").copy(interpretation="srgb"))


def printed_on(picture: Image.Image, paper: Image.Image) -> Image.Image:
    """A picture in ink on paper: what is white in it is the paper."""
    return ImageChops.multiply(picture, paper)


def aged(paper: Image.Image, seed: int, *, folds: tuple[int, int] = (0, 0), foxing: int = 40) -> Image.Image:
    """Darkened edges, foxing, a stain, and the creases of `folds` (down, across)."""
    dice = random.Random(seed)
    width, height = paper.size
    spots = Image.new("L", paper.size, 0)
    pen = ImageDraw.Draw(spots)
    for _spot in range(foxing):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), abs(dice.gauss(0, 4)) + 1
        pen.ellipse((x - r, y - r, x + r, y + r), fill=dice.randint(20, 70))
    paper.paste((140, 96, 54), (0, 0), spots.filter(ImageFilter.BoxBlur(2)))
    _damp(paper, dice)
    edge = Image.radial_gradient("L").resize(paper.size).point(lambda value: max(0, int((value - 130) * 0.5)))
    paper.paste((122, 92, 56), (0, 0), edge)
    _creased(paper, folds, dice)
    return paper


def _damp(paper: Image.Image, dice: random.Random) -> None:
    """Damp that came in at a corner, and its tide line."""
    width, height = paper.size
    stain = Image.new("L", (width // 4, height // 4), 0)
    corner = dice.choice((0, width // 4)), dice.choice((0, height // 4))
    for _patch in range(14):
        x, y, r = corner[0] + dice.gauss(0, 26), corner[1] + dice.gauss(0, 18), dice.uniform(14, 40)
        ImageDraw.Draw(stain).ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=26)
    soft = stain.filter(ImageFilter.GaussianBlur(4))
    rim = ImageChops.difference(soft, soft.filter(ImageFilter.GaussianBlur(3))).point(lambda value: value * 4)
    whole = ImageChops.add(soft, rim).resize(paper.size, Image.Resampling.BILINEAR)
    paper.paste((140, 98, 56), (0, 0), whole)


def _creased(paper: Image.Image, folds: tuple[int, int], dice: random.Random) -> None:
    width, height = paper.size
    light, dark = Image.new("L", paper.size, 0), Image.new("L", paper.size, 0)
    lines = [((width * k / (folds[0] + 1), 0), (width * k / (folds[0] + 1) + dice.uniform(-3, 3), height))
             for k in range(1, folds[0] + 1)]  # fmt: skip
    lines += [((0, height * k / (folds[1] + 1)), (width, height * k / (folds[1] + 1) + dice.uniform(-3, 3)))
              for k in range(1, folds[1] + 1)]  # fmt: skip
    for (x0, y0), (x1, y1) in lines:
        ImageDraw.Draw(light).line([(x0 + 2, y0 + 2), (x1 + 2, y1 + 2)], fill=130, width=3)
        ImageDraw.Draw(dark).line([(x0, y0), (x1, y1)], fill=90, width=3)
    if lines:
        paper.paste((250, 244, 228), (0, 0), light.filter(ImageFilter.BoxBlur(2)))
        paper.paste((110, 84, 54), (0, 0), dark.filter(ImageFilter.BoxBlur(1)))


def on_table(thing: Image.Image, margin: int, tone: Colour = (58, 52, 46), turn: float = 0.0) -> Image.Image:
    """Photographed on a dark ground, with its shadow; turned by some degrees as things lie."""
    width, height = thing.width + 2 * margin, thing.height + 2 * margin
    cover = Image.new("L", (width, height), 0)
    cover.paste(255, (margin, margin, margin + thing.width, margin + thing.height))
    whole = Image.new("RGB", (width, height), tone)
    whole.paste(thing, (margin, margin))
    if turn:
        cover = cover.rotate(turn, Image.Resampling.BICUBIC)
        whole = whole.rotate(turn, Image.Resampling.BICUBIC, fillcolor=tone)
    ground = sheet_of((width, height), tone, seed=width)
    shadow = ImageChops.offset(cover.reduce(4).filter(ImageFilter.BoxBlur(5)).resize(cover.size), 10, 14)
    ground.paste((20, 17, 14), (0, 0), shadow.point(lambda value: int(value * 0.7)))
    ground.paste(whole, (0, 0), cover)
    return ground
