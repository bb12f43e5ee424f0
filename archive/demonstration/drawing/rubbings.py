"""Ink rubbings of inscriptions: paper pressed into the stone and blackened, the letters left white."""

import math
import random

import pyvips
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .develop import clouds, to_pillow, to_vips
from .leaves import Lettering

PAPER, INK, SEAL = (237, 229, 210), (34, 32, 31), (168, 50, 38)
MARGIN = 120


def rubbing(
    columns: tuple[str, ...], lettering: Lettering, *, seal: str, size: int = 240, seed: int = 1
) -> Image.Image:
    """The words column by column from the right, `size` pixels a character, cut by an unpractised hand; a
    collector's `seal` of four characters on the margin."""
    dice = random.Random(seed)
    rows = max(len(column) for column in columns)
    width = round(len(columns) * size * 1.16) + 2 * MARGIN + 40
    height = round(rows * size * 1.1) + 2 * MARGIN + 60
    letters = Image.new("L", (width, height), 0)
    for index, column in enumerate(columns):
        left = width - MARGIN - 20 - (index + 1) * size * 1.16
        for row, character in enumerate(column):
            _cut(letters, lettering(character, size), left, MARGIN + 30 + row * size * 1.1, dice)
    ink = ImageChops.subtract(_stone(width, height, dice, seed), _worn(letters, seed))
    paper = _sheet(width, height, seed)
    paper.paste(INK, (0, 0), ink)
    _stamp(paper, seal, lettering, (width - 86, height - 108))
    return paper


def _cut(letters: Image.Image, mask: Image.Image | None, left: float, top: float, dice: random.Random) -> None:
    if mask is None:
        return
    turned = mask.rotate(dice.uniform(-3.5, 3.5), resample=Image.Resampling.BICUBIC)
    letters.paste(255, (round(left + dice.uniform(-9, 9)), round(top + dice.uniform(-9, 9))), turned)


def _worn(letters: Image.Image, seed: int) -> Image.Image:
    """Strokes chipped along their edges and filled here and there."""
    soft = to_vips(letters.filter(ImageFilter.GaussianBlur(3)))
    chips = (
        clouds(letters.width, letters.height, 22, seed + 2) * 64
        + clouds(letters.width, letters.height, 120, seed + 4) * 46
    )
    cut = (soft + chips - 104) * 5
    return to_pillow((cut < 0).ifthenelse(0, (cut > 255).ifthenelse(255, cut))).filter(ImageFilter.GaussianBlur(0.8))


def _stone(width: int, height: int, dice: random.Random, seed: int) -> Image.Image:
    """Where the ink took: the face of the stone, uneven, pitted, cracked, its border ragged."""
    face = Image.new("L", (width, height), 0)
    outline = []
    for part in range(160):
        angle = math.tau * part / 160
        across, down = math.cos(angle), math.sin(angle)
        stretch = 1 / max(abs(across), abs(down))
        outline.append(
            (
                width / 2 + across * stretch * (width / 2 - MARGIN * 0.62) + dice.uniform(-7, 7),
                height / 2 + down * stretch * (height / 2 - MARGIN * 0.62) + dice.uniform(-7, 7),
            )
        )
    ImageDraw.Draw(face).polygon(outline, fill=255)
    pounced = clouds(width, height, 64, seed) * 24 + clouds(width, height, 300, seed + 1) * 20
    pits = pyvips.Image.gaussnoise(width, height, sigma=42, mean=0, seed=seed).gaussblur(1.1) * 2
    tone = pounced + pits + 222
    ink = to_pillow((tone > 250).ifthenelse(250, (tone < 0).ifthenelse(0, tone)))
    return ImageChops.multiply(
        ImageChops.subtract(ink, _cracks(width, height, dice)), face.filter(ImageFilter.GaussianBlur(5))
    )


def _cracks(width: int, height: int, dice: random.Random) -> Image.Image:
    cracks = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(cracks)
    for _crack in range(3):
        x, y = dice.uniform(0, width), dice.choice((MARGIN, height - MARGIN))
        heading = dice.uniform(0, math.tau)
        for _step in range(60):
            heading += dice.uniform(-0.5, 0.5)
            end = (x + math.cos(heading) * 16, y + math.sin(heading) * 16)
            pen.line([(x, y), end], fill=dice.randint(90, 220), width=dice.choice((1, 2, 3, 4)))
            x, y = end
    for _pit in range(90):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(1.5, 6)
        pen.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=dice.randint(120, 240))
    return cracks.filter(ImageFilter.GaussianBlur(1))


def _sheet(width: int, height: int, seed: int) -> Image.Image:
    """Thin paper with the creases of its folding."""
    tone = clouds(width, height, 340, seed + 8) * 4 + pyvips.Image.gaussnoise(
        width, height, sigma=2.4, mean=0, seed=seed
    )
    base = (tone.bandjoin([tone, tone * 1.2]) + list(PAPER)).cast("uchar").copy(interpretation="srgb")
    paper = to_pillow(base)
    pen = ImageDraw.Draw(paper)
    pen.line([(0, height // 2), (width, height // 2 + 3)], fill=(220, 210, 188), width=2)
    return paper


def _stamp(paper: Image.Image, words: str, lettering: Lettering, place: tuple[int, int]) -> None:
    pen = ImageDraw.Draw(paper)
    pen.rectangle((*place, place[0] + 62, place[1] + 62), fill=SEAL)
    for character, (x, y) in zip(words, ((31, 3), (31, 31), (3, 3), (3, 31)), strict=False):
        mask = lettering(character, 28)
        if mask is not None:
            paper.paste(PAPER, (place[0] + x, place[1] + y), mask)
