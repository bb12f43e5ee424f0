"""The cover of the yearbook: the river in ink, the title in type, one seal."""

import random

import pyvips
from PIL import Image, ImageChops, ImageOps

from . import buildings, landscape
from .develop import clouds, to_pillow
from .leaves import Lettering
from .sheet import OVERSAMPLING, Layer, Sheet

SIZE = (1200, 1640)
GROUND, RICE, SEAL = (38, 70, 66), (240, 233, 216), (176, 54, 40)


def yearbook_cover(lettering: Lettering, *, title: str, year: str, office: str, seed: int = 2023) -> Image.Image:
    """`title` is set from top to bottom, `year` beneath it in figures, `office` at the foot."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", GROUND)
    line = 1190
    sheet.glow(820, 700, 400, (96, 132, 120), 140)
    moon = sheet.layer((232, 222, 196))
    moon.ellipse(820, 690, 148, 148)
    sheet.put(moon, blur=1.2, cover=0.94)
    for shapes, tone in (
        ([(180, 300, 300), (640, 240, 200), (1080, 280, 330)], (84, 116, 108)),
        ([(20, 260, 210), (430, 240, 250), (1180, 280, 260)], (62, 94, 88)),
        ([(-60, 200, 120), (860, 300, 150), (1240, 200, 180)], (46, 76, 71)),
    ):
        landscape.hills(
            sheet, landscape.peaks(dice, line, shapes), line + 8, tone, blur=1.6, fade=(line - 160, line + 20)
        )
        sheet.band((116, 146, 134), line - 30, 80, 80)
    span = sheet.layer((22, 44, 42))
    hill = landscape.peaks(dice, line, [(1080, 150, 104), (1220, 130, 70)])
    span.polygon([*hill, (hill[-1][0], line + 6), (hill[0][0], line + 6)])
    landscape.wooded(span, dice, hill, 9, ((22, 44, 42), (26, 50, 47), (32, 58, 54)))
    buildings.arched_bridge(span, 250, 950, line + 4, 152, 3, (22, 44, 42), (30, 54, 51))
    buildings.pagoda(span, 1066, line - 92, 260, 7, (22, 44, 42), (86, 114, 104))
    sheet.put(span, blur=0.6)
    landscape.water(sheet, line + 2, dice, dim=(34, 64, 60), thick=90, sway=3)
    landscape.ripples(sheet, dice, line + 10, SIZE[1], (170, 190, 176), 130, 0.3)
    sheet.wash((24, 48, 46), line + 60, SIZE[1], 0, 190)
    words = sheet.layer(RICE)
    _column(words, lettering, title, 170, 150, 176)
    _row(words, lettering, year, 176, 912, 74)
    words.stroke([(372, 156), (372, 966)], 2)
    _row(words, lettering, office, (SIZE[0] - len(office) * 46) / 2, 1530, 38, gap=8)
    sheet.put(words)
    stamp = sheet.layer(SEAL)
    stamp.box(176, 1016, 276, 1116)
    for character, (x, y) in zip("栖澜年鉴", ((226, 1021), (226, 1066), (181, 1021), (181, 1066)), strict=True):
        stamp.write(lettering(character, 44 * OVERSAMPLING), x, y, RICE)
    sheet.put(stamp, blur=0.5)
    return _cloth(sheet.picture, seed)


def _column(layer: Layer, lettering: Lettering, words: str, x: float, y: float, size: int) -> None:
    for index, character in enumerate(words):
        layer.write(lettering(character, size * OVERSAMPLING), x, y + index * size * 1.06)


def _row(layer: Layer, lettering: Lettering, words: str, x: float, y: float, size: int, gap: float = 0) -> None:
    for character in words:
        layer.write(lettering(character, size * OVERSAMPLING), x, y)
        x += (size * 0.56 if character.isascii() else size) + gap


def _cloth(picture: Image.Image, seed: int) -> Image.Image:
    """Bookcloth: a fine weave, and the groove along the spine."""
    width, height = picture.size
    weave = pyvips.Image.gaussnoise(width, height, sigma=9, mean=246, seed=seed)
    weave = weave.conv(pyvips.Image.new_from_array([[1, 1, 1, 1, 1]], scale=5)) + clouds(width, height, 500, seed) * 4
    shade = to_pillow((weave > 255).ifthenelse(255, weave))
    groove = Image.new("L", (width, height), 255)
    groove.paste(214, (44, 0, 52, height))
    groove.paste(238, (0, 0, 44, height))
    return ImageChops.multiply(picture, Image.merge("RGB", (ImageChops.multiply(shade, groove),) * 3))


def earlier_cover(lettering: Lettering, *, title: str, year: str, office: str, seed: int = 2022) -> Image.Image:
    """The cover of the volume before: the same composition, printed in one colour."""
    cover = yearbook_cover(lettering, title=title, year=year, office=office, seed=seed).convert("L")
    return ImageOps.colorize(cover, black=(58, 22, 16), white=(246, 236, 214), mid=(150, 66, 44))


def journal_cover(lettering: Lettering, *, title: str, issue: str, seed: int = 61) -> Image.Image:
    """A quarterly in soft covers: the name in large characters, the bridge in one line, the issue at the foot."""
    sheet = Sheet(*SIZE, "RGB", (236, 228, 208))
    line = sheet.layer((52, 62, 66))
    buildings.arched_bridge(line, 120, 1080, 1290, 210, 3, (214, 204, 180), (52, 62, 66))
    for k in range(9):
        line.hair([(90, 1306 + k * 13), (1110, 1306 + k * 13)], 1.6, (150, 158, 152))
    line.box(0, 0, 96, SIZE[1], SEAL)
    sheet.put(line, blur=0.4)
    words = sheet.layer((44, 40, 38))
    for index, character in enumerate(title):
        words.write(lettering(character, 230 * OVERSAMPLING), 200 + index % 2 * 260, 140 + index // 2 * 260)
    _column(words, lettering, "季刊", 940, 160, 56)
    _row(words, lettering, issue, 200, 1500, 44)
    sheet.put(words)
    return _cloth(sheet.picture, seed)
