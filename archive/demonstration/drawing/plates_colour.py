"""The plates of the 1980s, in the half faded colours of their prints: the race and the cormorants."""

import random

from PIL import Image, ImageChops

from . import figures, landscape
from .develop import COLOUR_FADED, develop
from .sheet import Layer, Sheet

SIZE = (1600, 1130)


def dragon_boats(seed: int = 1984) -> Image.Image:
    """The race below the bridge at the Dragon Boat Festival: two boats abreast, in the faded colours of the time."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (196, 206, 200))
    sheet.wash((238, 226, 198), 60, 430, 0, 255)
    line = 430
    landscape.hills(
        sheet, landscape.ridge(dice, -10, 1610, line, 210), line + 6, (150, 168, 158), blur=3, fade=(260, line + 10)
    )
    bank = sheet.layer((96, 112, 86))
    shore = landscape.ridge(dice, -10, 1610, line - 6, 70)
    bank.polygon([*shore, (1620, line + 6), (-10, line + 6)])
    landscape.wooded(bank, dice, shore, 20, ((84, 104, 78), (98, 116, 86), (112, 124, 92)))
    sheet.put(bank, blur=1.4)
    _spectators(sheet, dice, line)
    landscape.water(sheet, line + 6, dice, dim=(122, 140, 128), thick=110, sway=4)
    landscape.ripples(sheet, dice, line + 12, SIZE[1], (240, 232, 206), 320, 0.5)
    landscape.ripples(sheet, dice, line + 60, SIZE[1], (70, 92, 84), 220, 0.4)
    boats = (
        (
            900,
            640,
            1010,
            0.42,
            {
                "hull": (70, 62, 46),
                "trim": (196, 160, 84),
                "crew": (218, 184, 96),
                "flag": (204, 150, 52),
                "mane": (206, 160, 70),
            },
        ),
        (
            690,
            880,
            1290,
            0.08,
            {
                "hull": (122, 36, 28),
                "trim": (222, 178, 92),
                "crew": (232, 226, 208),
                "flag": (182, 42, 34),
                "mane": (224, 174, 70),
            },
        ),
    )
    for x, y, length, phase, tones in boats:
        wake = sheet.layer((246, 240, 222))
        for _spray in range(240):
            px = x - length * 0.5 + dice.random() ** 0.8 * length * 0.9
            wake.ellipse(px, y + length * 0.034 + abs(dice.gauss(0, 10)), dice.uniform(4, 26), dice.uniform(1, 4))
        dim = sheet.layer((54, 66, 58))
        dim.ellipse(x, y + length * 0.05, length * 0.48, length * 0.022)
        sheet.put(dim, blur=8, cover=0.6)
        sheet.put(wake, blur=1.6, cover=0.7)
        boat = sheet.layer((58, 44, 38))
        figures.dragon_boat(
            boat, x, y, length, phase, rowers=15, tones=tones | {"skin": (164, 116, 84), "hair": (48, 40, 38)}
        )
        sheet.put(boat, blur=0.8)
        spray = sheet.layer((252, 248, 236))
        for _drop in range(150):
            px = x - length * 0.36 + length * 0.72 * dice.random()
            spray.ellipse(px, y + length * 0.038 - abs(dice.gauss(0, 7)), 2.0, 1.6)
        sheet.put(spray, blur=0.8, cover=0.8)
    return develop(_faded(sheet.picture), COLOUR_FADED, seed)


def _spectators(sheet: Sheet, dice: random.Random, line: float) -> None:
    """The whole town on the bank, in the shirts of that summer."""
    shirts = ((222, 214, 196), (200, 190, 170), (120, 132, 140), (168, 86, 70), (90, 98, 104), (214, 184, 120))
    crowd = sheet.layer((90, 90, 86))
    for rank in range(3):
        for x in range(-6, 1610, 13):
            px, py = x + dice.uniform(-5, 5), line - 20 + rank * 11 + dice.uniform(-3, 3)
            crowd.ellipse(px, py, 5.2, 9, dice.choice(shirts))
            crowd.ellipse(px, py - 12, 3.2, 4, (126, 96, 76) if dice.random() < 0.8 else (210, 190, 150))
    for _shade in range(16):
        x = dice.uniform(0, 1600)
        crowd.ellipse(x, line - 46, 17, 8, dice.choice(((60, 70, 88), (170, 70, 60), (206, 190, 150))))
    for x in (180, 520, 1130, 1420):
        crowd.stroke([(x, line), (x, line - 150)], 3, tone=(110, 96, 80))
        crowd.polygon([(x, line - 150), (x + 60, line - 140), (x + 56, line - 104), (x, line - 112)], (178, 60, 46))
    sheet.put(crowd, blur=1.1)


def raft(seed: int = 1986) -> Image.Image:
    """A cormorant fisher on his bamboo raft before sunrise."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (120, 138, 150))
    sheet.wash((236, 208, 168), 120, 640, 0, 255)
    sheet.glow(1060, 600, 520, (255, 232, 186), 255)
    line = 660
    for shapes, tone, blur in (
        ([(220, 260, 430), (620, 200, 330), (1500, 280, 420)], (150, 158, 164), 3),
        ([(40, 240, 330), (430, 190, 240), (1290, 220, 280), (1580, 200, 330)], (112, 124, 132), 2),
        ([(-20, 210, 220), (1420, 230, 170), (1640, 190, 230)], (76, 88, 94), 1.4),
    ):
        landscape.hills(
            sheet, landscape.peaks(dice, line, shapes), line + 6, tone, blur=blur, fade=(line - 130, line + 60)
        )
        sheet.band((240, 220, 190), line - 20, 90, 90)
    grove = sheet.layer((66, 76, 70))
    shore = [(x, y + max(0, x - 330) * 0.24) for x, y in landscape.ridge(dice, -20, 560, line - 12, 44)]
    grove.polygon([*shore, (600, line + 2), (-20, line + 2)])
    landscape.wooded(
        grove, dice, [point for point in shore if point[1] < line - 8], 15, ((58, 70, 66), (66, 78, 72), (76, 88, 80))
    )
    sheet.put(grove, blur=1.6)
    landscape.water(sheet, line, dice, dim=(98, 116, 128), thick=84, sway=3)
    landscape.ripples(sheet, dice, line + 6, SIZE[1], (252, 230, 190), 230, 0.44)
    float_ = sheet.layer((34, 36, 38))
    float_.polygon([(520, 902), (566, 880), (1010, 876), (1090, 846), (1096, 856), (1020, 896), (560, 908)])
    for pole in range(5):
        float_.stroke([(530, 902 - pole * 4), (1016, 890 - pole * 4), (1092, 850)], 4.4, 3)
    figures.boatman(float_, 690, 884, 236, dice)
    for x in (880, 940, 1000):
        _cormorant(float_, x, 874, 62, dice)
    float_.ellipse(800, 862, 32, 26)
    float_.ellipse(800, 838, 20, 6)
    sheet.put(float_, blur=0.7)
    mirror = sheet.layer((44, 50, 54))
    mirror.ellipse(790, 918, 290, 12)
    mirror.ellipse(690, 1000, 26, 90)
    sheet.put(mirror, blur=7, cover=0.5)
    near = sheet.layer((30, 34, 34))
    for x in (1440, 1496, 1540, 1588):
        landscape.bamboo(near, dice, x, 1150, dice.randint(720, 980))
    sheet.put(near, blur=2.2)
    return develop(_faded(sheet.picture), COLOUR_FADED, seed)


def _cormorant(layer: Layer, x: float, foot: float, height: float, dice: random.Random) -> None:
    ways = dice.choice((-1, 1))
    layer.stroke(
        [(x, foot), (x - ways * 4, foot - height * 0.5), (x + ways * 4, foot - height * 0.86)],
        height * 0.32,
        height * 0.13,
    )
    layer.stroke(
        [(x + ways * 4, foot - height * 0.9), (x + ways * height * 0.32, foot - height * 0.94)], height * 0.12, 2
    )
    layer.stroke([(x - ways * 6, foot - height * 0.3), (x - ways * height * 0.3, foot)], height * 0.14, 3)


def _faded(picture: Image.Image) -> Image.Image:
    """Colours half gone, the cyan first, as in prints of those years."""
    grey = picture.convert("L").convert("RGB")
    red, green, blue = Image.blend(picture, grey, 0.22).split()
    return ImageChops.add(Image.merge("RGB", (red, green, blue)), Image.new("RGB", picture.size, (8, 2, 0)))
