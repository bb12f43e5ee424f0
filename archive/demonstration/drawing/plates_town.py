"""More plates of the 1920s to 1940s: the stage, the flood, the boatman, the tea house, the bridal chair."""

import math
import random

from PIL import Image

from . import buildings, figures, landscape
from .develop import GLASS_PLATE, SILVER_WARM, develop
from .inscriptions import Lettering
from .sheet import Layer, Sheet

SIZE = (1600, 1130)


def theatre(lettering: Lettering, seed: int = 1933) -> Image.Image:
    """Opera by night before the temple: a lit stage, three actors, a thousand heads."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=46)
    sheet.glow(800, 500, 900, 120, 200)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 520, 260), 700, 34, blur=3)
    stage = sheet.layer(70)
    stage.box(420, 330, 1180, 730, 232)
    stage.box(420, 330, 1180, 390, 150)
    for fold in range(24):
        x = 430 + fold * 32
        stage.polygon([(x, 390), (x + 16, 390), (x + 12, 560), (x + 4, 560)], 214)
    stage.box(600, 410, 1000, 640, 186)
    for place, character in enumerate("平昇樂奏"):
        stage.write(lettering(character, 54), 660 + place * 74, 334, 60)
    for x in (424, 566, 1034, 1176):
        stage.stroke([(x, 330), (x, 740)], 20, tone=60)
    stage.box(390, 730, 1210, 830, 92)
    for k in range(27):
        stage.hair([(392 + k * 31, 730), (392 + k * 31, 830)], 1.4, 70)
    buildings.curved_roof(stage, 380, 1220, 336, 190, 30)
    sheet.put(stage, blur=0.9)
    lamps = sheet.layer(255)
    for x in (470, 640, 960, 1130):
        lamps.ellipse(x, 432, 22, 30)
        lamps.hair([(x, 390), (x, 404)], 2)
    sheet.put(lamps, blur=2)
    for x in (470, 640, 960, 1130):
        sheet.glow(x, 432, 130, 255, 150)
    actors = sheet.layer(52)
    for x, way in ((700, 1), (900, -1)):
        shoulder, head = figures.standing(actors, x, 728, 210, dice, gown=True)
        _actor(actors, shoulder, head, way)
    figures.standing(actors, 1080, 726, 176, dice, gown=True)
    for x in (486, 532):
        actors.ellipse(x, 690, 20, 26)
        actors.stroke([(x, 716), (x, 668)], 22)
    sheet.put(actors, blur=0.8)
    for row in range(9):
        crowd, size = sheet.layer(max(30 - row * 2, 10)), 17 + row * 6
        x = dice.uniform(-20, 0)
        while x < 1620:
            y = 836 + row * 34 + dice.uniform(-8, 8)
            crowd.ellipse(x, y - 2, size * 0.74, size, 150 - row * 13)
            crowd.ellipse(x, y, size * 0.72, size)
            crowd.ellipse(x, y + size * 1.9 - 2, size * 1.7, size * 1.25, 116 - row * 10)
            crowd.ellipse(x, y + size * 1.9, size * 1.7, size * 1.25)
            if dice.random() < 0.13:
                figures.straw_hat(crowd, (x, y), size * 8)
            x += size * dice.uniform(2.3, 3.4)
        sheet.put(crowd, blur=0.8 + row * 0.12)
    return develop(sheet.picture, SILVER_WARM, seed)


def _actor(layer: Layer, shoulder, head, way: int) -> None:
    """Long sleeves, a head-dress with two pheasant feathers."""
    sx, sy = shoulder
    for lift, reach in ((-10, 120), (60, 86)):
        layer.polygon(
            [
                (sx, sy + 8),
                (sx + way * reach, sy + lift),
                (sx + way * (reach + 34), sy + lift + 86),
                (sx + way * reach * 0.6, sy + lift + 60),
            ]
        )
    hx, hy = head
    layer.polygon([(hx - 24, hy - 8), (hx + 24, hy - 8), (hx + 15, hy - 44), (hx - 15, hy - 44)])
    for side in (-1, 1):
        plume = [
            (hx + side * 8 + side * 90 * (k / 12) ** 1.4, hy - 44 - 120 * math.sin(k / 12 * 2.2)) for k in range(13)
        ]
        layer.stroke(plume, 6, 2)


def flood(lettering: Lettering, seed: int = 1931) -> Image.Image:
    """The flood of 1931: roofs stand out of the water, people on them, a sampan fetches a family."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=196)
    for tone in (150, 216, 170):
        cloud = sheet.layer(tone)
        for _bank in range(20):
            cloud.ellipse(
                dice.uniform(-100, 1700), dice.uniform(-20, 420), dice.uniform(140, 420), dice.uniform(14, 46)
            )
        sheet.put(cloud, blur=18, cover=0.5)
    line = 560
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, line, 170), line + 6, 168, blur=3, fade=(430, line))
    far = sheet.layer(128)
    for x in range(-20, 1600, 118):
        if dice.random() < 0.8:
            left = x + dice.uniform(-16, 16)
            far.polygon(
                [(left, line + 4), (left + 24, line - 34), (left + 84, line - 36), (left + 112, line + 4)],
                dice.randint(112, 140),
            )
    for x in (210, 890, 1340):
        landscape.broadleaf(far, dice, x, line + 30, 120, (116, 126))
    sheet.put(far, blur=1.6)
    landscape.water(sheet, line + 4, dice, dim=156, thick=120, sway=5)
    landscape.ripples(sheet, dice, line + 10, SIZE[1], 216, 260, 0.4)
    landscape.ripples(sheet, dice, line + 30, SIZE[1], 104, 200, 0.35)
    _drowned_house(sheet, dice, 300, 800, 430, 74)
    _drowned_house(sheet, dice, 1250, 720, 330, 92)
    floating = sheet.layer(70)
    for _drift in range(26):
        x, y = dice.uniform(0, 1600), dice.uniform(700, 1110)
        floating.stroke([(x, y), (x + dice.uniform(20, 90), y + dice.uniform(-6, 6))], dice.uniform(3, 8))
    for x in (700, 742):
        floating.ellipse(x, 960, 26, 12)
    floating.stroke([(640, 700), (640, 560)], 7)
    floating.hair([(560, 590), (720, 590)], 4)
    sheet.put(floating, blur=0.8, cover=0.85)
    boat = sheet.layer(40)
    figures.sampan(boat, 880, 940, 420, canopy=False)
    for x, height in ((760, 120), (812, 96), (850, 130), (900, 84), (960, 124)):
        figures.standing(boat, x, 936, height, dice, gown=True)
    figures.boatman(boat, 1040, 930, 150, dice, ways=-1)
    sheet.put(boat, blur=0.7)
    shade = sheet.layer(64)
    shade.ellipse(880, 974, 230, 16)
    sheet.put(shade, blur=8, cover=0.5)
    rain = sheet.layer(232)
    for _drop in range(500):
        x, y = dice.uniform(-20, 1600), dice.uniform(-20, 1130)
        rain.hair([(x, y), (x - 7, y + 34)], 0.9)
    sheet.put(rain, blur=0.6, cover=0.3)
    return develop(sheet.picture, GLASS_PLATE, seed)


def _drowned_house(sheet: Sheet, dice: random.Random, x: float, water: float, wide: float, tone: int) -> None:
    """A tiled roof with people astride its ridge; only the eaves are under."""
    roof = sheet.layer(tone)
    top = water - wide * 0.36
    roof.polygon([(x - wide * 0.62, water), (x - wide * 0.42, top), (x + wide * 0.42, top), (x + wide * 0.62, water)])
    for k in range(34):
        part = -1 + 2 * k / 33
        roof.hair([(x + wide * 0.6 * part, water), (x + wide * 0.41 * part, top)], 2.4, tone + 22)
    roof.stroke([(x - wide * 0.45, top), (x + wide * 0.45, top)], wide * 0.035, tone=tone - 24)
    people = sheet.layer(tone - 36)
    for part in (-0.3, -0.16, 0.02, 0.2, 0.3):
        height = wide * dice.uniform(0.2, 0.28)
        _shoulder, head = figures.standing(people, x + wide * part, top + wide * 0.02, height, dice)
        if dice.random() < 0.4:
            figures.straw_hat(people, head, height)
    foam = sheet.layer(214)
    foam.ellipse(x, water + 4, wide * 0.62, 7)
    sheet.put(roof, blur=0.8)
    sheet.put(people, blur=0.7)
    sheet.put(foam, blur=4, cover=0.6)


def boatman(lettering: Lettering, seed: int = 1928) -> Image.Image:
    """A boatman in his coat of palm fibre, seen from behind against the white river; an upright portrait."""
    dice = random.Random(seed)
    width, height = 1130, 1500
    sheet = Sheet(width, height, ground=226)
    sheet.wash(188, 0, 600, 140, 0)
    line = 690
    landscape.hills(sheet, landscape.ridge(dice, -10, width + 10, line, 240), line + 4, 190, blur=4, fade=(470, line))
    landscape.water(sheet, line, dice, dim=196, thick=90, sway=3)
    landscape.ripples(sheet, dice, line + 8, height, 244, 200, 0.5)
    sheet.glow(620, 760, 560, 250, 200)
    coat = sheet.layer(52)
    coat.polygon([(430, 560), (700, 560), (820, 900), (880, 1240), (250, 1240), (310, 900)])
    for _strand in range(1500):
        part = dice.random()
        x0, y0 = 565 + dice.uniform(-1, 1) * (140 + 170 * part), 560 + 620 * part
        lean = (x0 - 565) * 0.16
        tone = dice.choice((34, 46, 62, 84, 106))
        coat.hair(
            [(x0, y0), (x0 + lean * 0.5, y0 + 44), (x0 + lean + dice.uniform(-7, 7), y0 + 96)],
            dice.uniform(1.2, 3),
            tone,
        )
    for side in (-1, 1):
        coat.stroke([(565 + side * 48, 1220), (565 + side * 62, 1420)], 62, 46, 60)
    sheet.put(coat, blur=0.8)
    hat = sheet.layer(74)
    hat.polygon([(280, 560), (565, 330), (850, 560), (565, 610)])
    for k in range(44):
        part = -1 + 2 * k / 43
        hat.hair([(565, 332), (565 + 282 * part, 560 + 46 * (1 - part * part))], 2, dice.choice((54, 92, 112)))
    for ring in range(1, 7):
        rim = [
            (565 + 282 * ring / 7 * part, 332 + (228 + 46 * (1 - part * part)) * ring / 7)
            for part in [k / 12 - 1 for k in range(25)]
        ]
        hat.hair(rim, 1.6, 58)
    sheet.put(hat, blur=0.7)
    pole = sheet.layer(44)
    pole.stroke([(930, 120), (846, 860), (770, 1470)], 17, 20)
    pole.stroke([(770, 760), (846, 850)], 52, 34, 70)
    pole.polygon([(-10, 1390), (1140, 1360), (1140, 1510), (-10, 1510)], 58)
    for plank in range(9):
        pole.hair([(0, 1400 + plank * 16), (1130, 1372 + plank * 16)], 2, 40)
    sheet.put(pole, blur=0.9)
    return develop(sheet.picture, SILVER_WARM, seed)


def tea_house(lettering: Lettering, seed: int = 1930) -> Image.Image:
    """Inside a tea house of a morning: lattice windows with the river's light, tables, bird cages, steam."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=58)
    window = sheet.layer(240)
    for bay in range(4):
        left = 130 + bay * 350
        window.box(left, 190, left + 300, 650)
    sheet.put(window, blur=3)
    view = sheet.layer(206)
    view.polygon([*landscape.ridge(dice, 120, 1490, 520, 150), (1490, 650), (120, 650)])
    sheet.put(view, blur=3, cover=0.6)
    for bay in range(4):
        sheet.glow(280 + bay * 350, 420, 330, 250, 90)
    frame = sheet.layer(34)
    for left, right in ((0, 130), (430, 480), (780, 830), (1130, 1180), (1480, 1600)):
        frame.box(left, 120, right, 720)
    frame.box(0, 0, 1600, 190)
    frame.box(0, 650, 1600, 760)
    for bay in range(4):
        left = 130 + bay * 350
        for k in range(1, 6):
            frame.hair([(left + k * 50, 190), (left + k * 50, 330)], 4)
        for k in range(1, 4):
            frame.hair([(left, 190 + k * 46), (left + 300, 190 + k * 46)], 4)
        frame.stroke([(left + 150, 330), (left + 150, 650)], 8)
        frame.hair([(left, 330), (left + 300, 330)], 7)
    sheet.put(frame, blur=1)
    floor = sheet.layer(84)
    floor.polygon([(-10, 760), (1610, 760), (1610, 1140), (-10, 1140)])
    for bay in range(4):
        left = 130 + bay * 350
        floor.polygon([(left, 760), (left + 300, 760), (left + 230, 1140), (left - 150, 1140)], 128)
    sheet.put(floor, blur=8)
    for x, y, size in ((300, 760, 0.8), (820, 740, 0.76), (1270, 770, 0.82), (540, 960, 1.25), (1150, 990, 1.3)):
        _tea_table(sheet, dice, x, y, size)
    cages = sheet.layer(24)
    for x, y in ((360, 160), (705, 176), (1240, 158)):
        cages.hair([(x, 60), (x, y)], 2)
        for k in range(-4, 5):
            cages.hair([(x + k * 9, y + 86), (x + k * 9, y + 30 - 16 * math.cos(k / 3)), (x, y)], 1.8)
        for ring in (34, 60, 86):
            cages.hair([(x - 37, y + ring), (x + 37, y + ring)], 2.4)
        cages.ellipse(x + 6, y + 70, 11, 8)
    sheet.put(cages, blur=0.7)
    for x, y in ((300, 690), (820, 672), (560, 860)):
        landscape.smoke(sheet, dice, x, y, 190, 236, 0.32)
    return develop(sheet.picture, SILVER_WARM, seed)


def _tea_table(sheet: Sheet, dice: random.Random, x: float, y: float, size: float) -> None:
    """A square table with its bench, guests around it, a pot and bowls."""
    tone = int(44 - 16 * (size - 0.76))
    back = sheet.layer(tone + 6)
    for side in (-0.5, 0.42):
        _seated(back, dice, x + side * 150 * size, y + 30 * size, 190 * size)
    sheet.put(back, blur=0.9)
    table = sheet.layer(tone)
    table.polygon(
        [(x - 150 * size, y), (x + 150 * size, y), (x + 186 * size, y + 40 * size), (x - 186 * size, y + 40 * size)],
        tone + 54,
    )
    table.box(x - 186 * size, y + 40 * size, x + 186 * size, y + 58 * size)
    for leg in (-166, -120, 120, 166):
        table.stroke([(x + leg * size, y + 56 * size), (x + leg * size, y + 160 * size)], 10 * size)
    table.ellipse(x, y - 4 * size, 24 * size, 20 * size, tone - 10)
    table.stroke([(x + 20 * size, y - 4 * size), (x + 42 * size, y - 20 * size)], 7 * size, 5 * size, tone - 10)
    for bowl in (-90, -46, 60, 104):
        table.ellipse(x + bowl * size, y + 14 * size, 14 * size, 7 * size, 214)
        table.ellipse(x + bowl * size, y + 11 * size, 11 * size, 4 * size, 120)
    sheet.put(table, blur=0.8)
    front = sheet.layer(tone - 12)
    _seated(front, dice, x - 214 * size, y + 90 * size, 210 * size)
    sheet.put(front, blur=0.9)


def _seated(layer: Layer, dice: random.Random, x: float, seat: float, height: float) -> None:
    """Someone sitting, from behind or in half profile: gown, shoulders, cap or bare head."""
    broad = height * 0.24
    layer.polygon(
        [
            (x - broad, seat),
            (x + broad, seat),
            (x + broad * 0.95, seat - height * 0.5),
            (x + broad * 0.5, seat - height * 0.62),
            (x - broad * 0.5, seat - height * 0.62),
            (x - broad * 0.95, seat - height * 0.5),
        ]
    )
    layer.stroke([(x, seat - height * 0.6), (x, seat - height * 0.7)], height * 0.1)
    layer.ellipse(x, seat - height * 0.79, height * 0.085, height * 0.11)
    if dice.random() < 0.6:
        layer.polygon(
            [
                (x - height * 0.1, seat - height * 0.83),
                (x + height * 0.1, seat - height * 0.83),
                (x + height * 0.06, seat - height * 0.92),
                (x - height * 0.06, seat - height * 0.92),
            ]
        )


def bridal_chair(lettering: Lettering, seed: int = 1935) -> Image.Image:
    """A wedding on its way along the dyke: lanterns, the covered chair, chests, musicians, mirrored in the fields."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=214)
    sheet.wash(240, 100, 640, 0, 255)
    sheet.glow(420, 430, 620, 252, 200)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 600, 280), 610, 182, blur=3, fade=(380, 600))
    sheet.band(238, 580, 80, 180)
    dyke = sheet.layer(86)
    top = 668
    dyke.polygon(
        [(-10, top + 8), *[(x, top + 5 * math.sin(x / 70)) for x in range(0, 1620, 20)], (1610, 730), (-10, 726)]
    )
    for _grass in range(500):
        x = dice.uniform(0, 1600)
        dyke.hair([(x, top + 8), (x + dice.uniform(-6, 6), top - dice.uniform(2, 12))], 1.4)
    for x in (120, 1480):
        landscape.broadleaf(dyke, dice, x, top + 6, 300, (84, 96, 108))
    sheet.put(dyke, blur=0.8)
    people = sheet.layer(46)
    for x in (1260, 1190):
        shoulder, _head = figures.standing(people, x, top + 4, 112, dice, gown=True, stride=0.16)
        people.stroke([(shoulder[0] + 16, shoulder[1] + 40), (shoulder[0] + 30, shoulder[1] - 66)], 3)
        people.ellipse(shoulder[0] + 30, shoulder[1] - 44, 17, 22)
    for x in (1090, 1030):
        shoulder, head = figures.standing(people, x, top + 4, 112, dice, gown=True, stride=0.14)
        people.stroke([(head[0] + 6, head[1] + 8), (head[0] + 62, head[1] + 26)], 4, 11)
    _chair(people, 850, top + 4, 160, dice)
    for x in (640, 470, 320):
        _chest(people, x, top + 4, 112, dice)
    figures.standing(people, 214, top + 4, 104, dice, gown=True, stride=0.1)
    sheet.put(people, blur=0.6)
    landscape.water(sheet, 726, dice, dim=176, thick=70, sway=2.4)
    rice = sheet.layer(96)
    for row in range(12):
        y, gap = 770 + row * 31 + row * row * 0.8, 26 + row * 5
        for k in range(int(1640 / gap)):
            x = k * gap + row % 2 * gap / 2 + dice.uniform(-3, 3)
            for blade in (-0.4, 0, 0.4):
                rice.hair([(x, y), (x + blade * gap * 0.5, y - gap * 0.7)], 1 + row * 0.1)
    sheet.put(rice, blur=0.5, cover=0.6)
    return develop(sheet.picture, GLASS_PLATE, seed)


def _chair(layer: Layer, x: float, foot: float, height: float, dice: random.Random) -> None:
    """A covered chair on two poles between four bearers."""
    for side in (-1, 1):
        for step in (0.78, 1.08):
            figures.standing(layer, x + side * height * step, foot, height * 0.7, dice, stride=0.2)
    layer.stroke([(x - height * 1.25, foot - height * 0.52), (x + height * 1.25, foot - height * 0.52)], height * 0.035)
    layer.box(x - height * 0.32, foot - height * 0.86, x + height * 0.32, foot - height * 0.14)
    layer.polygon(
        [
            (x - height * 0.42, foot - height * 0.84),
            (x + height * 0.42, foot - height * 0.84),
            (x + height * 0.12, foot - height * 1.08),
            (x - height * 0.12, foot - height * 1.08),
        ]
    )
    layer.ellipse(x, foot - height * 1.1, height * 0.06, height * 0.06)
    for side in (-1, 1):
        layer.stroke(
            [(x + side * height * 0.42, foot - height * 0.84), (x + side * height * 0.42, foot - height * 0.66)], 3
        )
        layer.ellipse(x + side * height * 0.42, foot - height * 0.62, height * 0.035, height * 0.05)
    layer.box(x - height * 0.22, foot - height * 0.74, x + height * 0.22, foot - height * 0.4, 120)
    for k in range(-2, 3):
        layer.hair([(x + k * height * 0.08, foot - height * 0.74), (x + k * height * 0.08, foot - height * 0.4)], 3)


def _chest(layer: Layer, x: float, foot: float, height: float, dice: random.Random) -> None:
    """Two bearers with a chest slung from a pole."""
    for side in (-1, 1):
        figures.standing(layer, x + side * 56, foot, height, dice, stride=0.18)
    layer.stroke([(x - 74, foot - height * 0.78), (x + 74, foot - height * 0.78)], 5)
    layer.box(x - 34, foot - height * 0.5, x + 34, foot - height * 0.14)
    for side in (-26, 26):
        layer.hair([(x, foot - height * 0.78), (x + side, foot - height * 0.5)], 2.4)
