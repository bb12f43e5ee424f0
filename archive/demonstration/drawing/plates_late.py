"""The plates of the 1960s and 1970s: the pagoda, the dam, the kiln, the great bridge, the fields."""

import math
import random

from PIL import Image

from . import buildings, figures, landscape
from .develop import SILVER_COOL, SILVER_SMALL, SILVER_WARM, develop
from .sheet import Layer, Sheet

SIZE = (1600, 1130)


def pagoda(seed: int = 1962) -> Image.Image:
    """The Wenlan pagoda on its hill at dusk, seen from the river; an upright picture."""
    dice = random.Random(seed)
    width, height = 1130, 1500
    sheet = Sheet(width, height, ground=150)
    sheet.wash(232, 180, 980, 0, 255)
    sheet.glow(420, 930, 620, 252, 255)
    for tone, cover in ((124, 0.3), (216, 0.34)):
        clouds = sheet.layer(tone)
        for _streak in range(14):
            clouds.ellipse(
                dice.uniform(-200, width), dice.uniform(140, 850), dice.uniform(140, 420), dice.uniform(5, 15)
            )
        sheet.put(clouds, blur=9, cover=cover)
    line = 1130
    landscape.hills(sheet, landscape.ridge(dice, -10, width + 10, line, 190), line + 6, 172, blur=3, fade=(960, line))
    hill = sheet.layer(60)
    shape = landscape.peaks(dice, line, [(760, 420, 300), (1120, 240, 190)])
    hill.polygon([*shape, (shape[-1][0], line + 8), (shape[0][0], line + 8)])
    landscape.wooded(hill, dice, shape, 22, (48, 56, 64))
    sheet.put(hill, blur=0.8, cover=0.96)
    tower = sheet.layer(40)
    buildings.pagoda(tower, 752, 850, 560, 7, 42, 118)
    landscape.birds(tower, dice, 560, 330, 17, 120)
    sheet.put(tower, blur=0.6)
    crown = sheet.layer(54)
    for x in (560, 640, 700, 806, 880, 960):
        landscape.broadleaf(crown, dice, x, 890 + abs(x - 760) * 0.16, dice.randint(90, 150), (48, 56, 64))
    sheet.put(crown, blur=0.8)
    landscape.water(sheet, line, dice, dim=96, thick=70, sway=3.2)
    landscape.ripples(sheet, dice, line + 8, height, 236, 200, 0.4)
    boat = sheet.layer(30)
    figures.sampan(boat, 330, 1290, 250, ways=-1)
    figures.boatman(boat, 424, 1284, 120, dice, ways=-1)
    sheet.put(boat, blur=0.6)
    shade = sheet.layer(40)
    shade.ellipse(330, 1320, 150, 11)
    sheet.put(shade, blur=6, cover=0.6)
    return develop(sheet.picture, SILVER_COOL, seed)


def dam(seed: int = 1965) -> Image.Image:
    """Building the dam of the Yanhui reservoir: lines of people with shoulder poles against the winter sky."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=206)
    sheet.wash(238, 150, 640, 0, 255)
    sheet.glow(1160, 470, 560, 252, 230)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 700, 330), 720, 186, blur=3, fade=(420, 720))
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 740, 180), 760, 160, blur=2, fade=(560, 780))
    sheet.band(232, 700, 90, 170)

    def slope(start: float, end: float, x: float) -> float:
        return start + (end - start) * x / 1600 + 9 * math.sin(x / 90)

    for start, end, size, tone, step in ((640, 560, 62, 138, 46), (800, 690, 100, 96, 78), (990, 850, 156, 52, 124)):
        bank = sheet.layer(tone)
        line = [(x, slope(start, end, x) + dice.uniform(-3, 3)) for x in range(-20, 1640, 18)]
        bank.polygon([*line, (1640, 1140), (-20, 1140)], tone + 16)
        for _clod in range(330):
            x = dice.uniform(0, 1600)
            y = slope(start, end, x) + dice.random() ** 1.4 * 190
            bank.ellipse(x, y, size * dice.uniform(0.03, 0.14), size * 0.035, tone + dice.randint(0, 34))
        sheet.put(bank, blur=1.2)
        people = sheet.layer(tone - 24)
        x = dice.uniform(-30, 20)
        while x < 1620:
            foot, height = slope(start, end, x) + size * 0.06, size * dice.uniform(0.92, 1.06)
            kind = dice.random()
            if kind < 0.72:
                figures.carrier(people, x, foot, height, dice, 1)
            elif kind < 0.9:
                _digger(people, x, foot, height, dice)
            x += step * dice.uniform(0.75, 1.45)
        for _flag in range(2):
            _flagpole(people, dice.uniform(100, 1500), start, end, size, slope)
        sheet.put(people, blur=0.6)
        if size < 150:
            sheet.band(226, start + 70, 90, 90)
    return develop(sheet.picture, SILVER_SMALL, seed)


def _digger(layer: Layer, x: float, foot: float, height: float, dice: random.Random) -> None:
    shoulder, head = figures.standing(layer, x, foot, height, dice, stride=0.2)
    tip = (x + height * 0.62, foot - height * dice.uniform(0.05, 0.9))
    layer.stroke([(shoulder[0] - height * 0.05, shoulder[1] + height * 0.3), tip], height * 0.03)
    layer.stroke([shoulder, ((shoulder[0] + tip[0]) / 2, (shoulder[1] + height * 0.16 + tip[1]) / 2)], height * 0.06)
    layer.stroke([tip, (tip[0] + height * 0.02, tip[1] + height * 0.13)], height * 0.06)
    figures.straw_hat(layer, head, height)


def _flagpole(layer: Layer, x: float, start: float, end: float, size: float, slope) -> None:
    foot = slope(start, end, x)
    top = foot - size * 2.1
    layer.stroke([(x, foot), (x, top)], size * 0.03)
    cloth = [(x + size * 1.1 * k / 12, top + size * 0.07 * math.sin(k * 0.8)) for k in range(13)]
    layer.polygon([*cloth, *[(px, py + size * 0.62) for px, py in cloth][::-1]])


def kiln(seed: int = 1973) -> Image.Image:
    """A dragon kiln climbing its hill at Taoxi, the fire at its mouth, jars set out to dry."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=112)
    sheet.wash(176, 120, 640, 0, 220)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 640, 300), 660, 108, blur=3, fade=(400, 660))
    hill = sheet.layer(70)
    shape = [(x, 900 - max(0, x - 260) * 0.44 + 10 * math.sin(x / 60)) for x in range(-20, 1640, 12)]
    hill.polygon([*shape, (1640, 1140), (-20, 1140)], 72)
    landscape.wooded(hill, dice, [point for point in shape if point[0] > 700][::3], 26, (54, 62, 72))
    sheet.put(hill, blur=1.2)
    _kiln_body(sheet, dice)
    for x, y in ((1424, 330), (1236, 410), (1040, 500)):
        landscape.smoke(sheet, dice, x, y, 360, 190, 0.4)
    sheet.glow(330, 812, 250, 250, 250)
    yard = sheet.layer(92)
    yard.polygon([(-10, 890), (420, 880), (900, 900), (1610, 890), (1610, 1140), (-10, 1140)])
    sheet.put(yard, blur=2)
    sheet.glow(320, 900, 330, 214, 170)
    _jars(sheet, dice)
    people = sheet.layer(24)
    _stoker(people, 476, 930, 196, dice)
    figures.carrier(people, 930, 980, 206, dice, -1)
    figures.standing(people, 226, 934, 182, dice, stride=0.1)
    sheet.put(people, blur=0.7)
    return develop(sheet.picture, SILVER_SMALL, seed)


def _kiln_body(sheet: Sheet, dice: random.Random) -> None:
    """The long vault in sections with stoking holes, and the shed over its mouth."""
    body = sheet.layer(120)
    spine = [(330 + 1130 * k / 40, 800 - 470 * k / 40) for k in range(41)]
    thick = [66 - 26 * k / 40 for k in range(41)]
    body.polygon(
        [*[(x, y - t) for (x, y), t in zip(spine, thick, strict=True)],
         *[(x, y + t * 1.3) for (x, y), t in zip(spine, thick, strict=True)][::-1]], 104
    )  # fmt: skip
    body.stroke([(x, y - t * 0.94) for (x, y), t in zip(spine, thick, strict=True)], 12, 6, 132)
    for _brick in range(500):
        index = dice.randrange(40)
        (x, y), t = spine[index], thick[index]
        px, py = x + dice.uniform(-14, 14), y + dice.uniform(-0.8, 1.15) * t
        body.hair([(px, py), (px + 11, py - 4)], 2, dice.choice((94, 99, 112)))
    for index in range(3, 40, 3):
        (x, y), t = spine[index], thick[index]
        body.stroke([(x - 20, y - t * 0.8), (x - 26, y + t)], 2, tone=84)
        body.ellipse(x, y + t * 0.3, t * 0.15, t * 0.2, 246 if index < 22 else 62)
    body.polygon([(150, 900), (150, 690), (470, 650), (470, 880)], 46)
    body.polygon([(110, 706), (300, 590), (524, 640), (500, 672), (470, 664), (150, 716)], 34)
    body.ellipse(330, 830, 62, 70, 246)
    body.box(268, 830, 392, 892, 246)
    sheet.put(body, blur=1.0)


def _jars(sheet: Sheet, dice: random.Random) -> None:
    """Rows of jars, nearer ones larger, each with the fire's light on its left side."""
    for row in range(5):
        layer = sheet.layer(40)
        size = 22 + row * 15
        y = 930 + row * 46
        x = 620 + row * 16 + dice.uniform(0, 20)
        while x < 1640:
            if not 860 < x < 1000 or row > 2:
                tone = 58 - row * 5 + dice.randint(-5, 5)
                layer.ellipse(x, y, size * 0.5, size * 0.62, tone)
                layer.box(x - size * 0.22, y - size * 0.74, x + size * 0.22, y - size * 0.45, tone)
                layer.ellipse(x, y - size * 0.74, size * 0.28, size * 0.08, tone + 18)
                layer.ellipse(x - size * 0.26, y - size * 0.1, size * 0.07, size * 0.3, 150 - row * 10)
            x += size * 1.3
        sheet.put(layer, blur=0.9)


def _stoker(layer: Layer, x: float, foot: float, height: float, dice: random.Random) -> None:
    shoulder, _head = figures.standing(layer, x, foot, height, dice, stride=-0.18)
    layer.stroke(
        [(shoulder[0] + height * 0.2, shoulder[1] + height * 0.34), (x - height * 0.5, foot - height * 0.42)], 7
    )
    layer.stroke([shoulder, (shoulder[0] - height * 0.2, shoulder[1] + height * 0.24)], height * 0.06)


def great_bridge(seed: int = 1978) -> Image.Image:
    """The road bridge at the county town on the day its last span was set."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=210)
    sheet.wash(236, 100, 620, 0, 255)
    line = 760
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, line, 250), line + 8, 178, blur=3, fade=(540, line))
    town = sheet.layer(160)
    for index in range(26):
        x = index * 64 + dice.uniform(-16, 16)
        town.box(x, line - dice.randint(22, 70), x + dice.randint(30, 60), line + 6, dice.randint(138, 168))
    for x in (300, 352, 1210):
        town.polygon([(x - 7, line), (x + 7, line), (x + 4, line - 190), (x - 4, line - 190)], 140)
    sheet.put(town, blur=1.8)
    landscape.smoke(sheet, dice, 300, line - 190, 200, 190, 0.4)
    bridge = sheet.layer(66)
    deck = 470
    for pier in range(6):
        x = 70 + pier * 300
        if pier < 5:
            _double_arch(bridge, x, x + 300, line + 6, deck)
        bridge.polygon([(x - 22, line + 20), (x + 22, line + 20), (x + 16, deck + 40), (x - 16, deck + 40)], 60)
    bridge.box(-10, deck, 808, deck + 30, 58)
    bridge.box(884, deck, 1610, deck + 30, 58)
    for post in range(58):
        if not 800 < post * 28 < 884:
            bridge.stroke([(post * 28, deck), (post * 28, deck - 20)], 4, tone=62)
    for left, right in ((-10, 806), (886, 1610)):
        bridge.stroke([(left, deck - 19), (right, deck - 19)], 4, tone=62)
    _crane(bridge, 846, deck)
    sheet.put(bridge, blur=0.7)
    crowd = sheet.layer(48)
    for x in range(20, 1600, 19):
        if not 780 < x < 906:
            figures.standing(crowd, x + dice.uniform(-6, 6), deck + 2, dice.uniform(46, 54), dice)
    for x in (120, 430, 640, 1010, 1240, 1490):
        cloth = [(x + 46 * k / 8, deck - 150 + 5 * math.sin(k)) for k in range(9)]
        crowd.stroke([(x, deck), (x, deck - 152)], 3)
        crowd.polygon([*cloth, *[(px, py + 34) for px, py in cloth][::-1]], 78)
    sheet.put(crowd, blur=0.6)
    landscape.water(sheet, line + 6, dice, dim=120, thick=80, sway=4)
    landscape.ripples(sheet, dice, line + 10, SIZE[1], 226, 190, 0.36)
    boats = sheet.layer(40)
    for x, y, length in ((300, 950, 250), (1180, 1010, 330)):
        figures.sampan(boats, x, y, length)
        figures.standing(boats, x - length * 0.34, y - 4, length * 0.4, dice)
    sheet.put(boats, blur=0.6)
    return develop(sheet.picture, SILVER_COOL, seed)


def _double_arch(layer: Layer, left: float, right: float, water: float, deck: float) -> None:
    """A flat arch with small open arches above its haunches, as was usual in the 1970s."""
    middle, half = (left + right) / 2, (right - left) / 2
    arch = [(middle + half * k / 20, water - 40 - (water - deck - 84) * (1 - (k / 20) ** 2)) for k in range(-20, 21)]
    layer.stroke(arch, 22, 22, 66)
    for part in (-0.74, -0.5, 0.5, 0.74):
        x = middle + half * part
        y = water - 40 - (water - deck - 84) * (1 - part**2)
        layer.stroke([(x, y), (x, deck + 20)], 11, tone=66)
    for part in (-0.87, -0.62, 0.62, 0.87):
        x = middle + half * part
        rim = [
            (x + half * 0.12 * math.cos(math.pi * k / 10), deck + 52 - 22 * math.sin(math.pi * k / 10))
            for k in range(11)
        ]
        layer.stroke(rim, 8, tone=66)


def _crane(layer: Layer, x: float, deck: float) -> None:
    """A derrick with the last span hanging from it."""
    layer.stroke([(x - 150, deck), (x - 96, deck - 270)], 8)
    layer.stroke([(x - 40, deck), (x - 96, deck - 270)], 8)
    for rung in range(1, 8):
        y = deck - 34 * rung
        layer.stroke([(x - 150 + 54 * (rung / 8), y), (x - 40 - 56 * (rung / 8), y)], 3)
    layer.stroke([(x - 150, deck - 190), (x + 30, deck - 340)], 9)
    layer.stroke([(x - 96, deck - 270), (x + 26, deck - 338)], 3)
    for side in (-30, 30):
        layer.stroke([(x + 28, deck - 336), (x + side, deck - 62)], 2)
    layer.box(x - 38, deck - 62, x + 38, deck - 34)


def transplanting(seed: int = 1979) -> Image.Image:
    """Transplanting rice in the terraces of Yunmen, the sky in every field."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=226)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 420, 280), 430, 184, blur=3, fade=(240, 430))
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 460, 170), 470, 150, blur=2, fade=(330, 480))
    sheet.band(238, 420, 80, 200)
    tree = sheet.layer(48)
    landscape.broadleaf(tree, dice, 1330, 486, 270, (56, 66, 78))
    sheet.put(tree, blur=0.9)
    edges = _terraces(sheet, dice)
    for row, (level, depth) in enumerate(edges[2:-1], start=2):
        size, count = 46 + depth * 130, 4 - row // 4
        people, mirror = sheet.layer(int(104 - depth * 64)), sheet.layer(118)
        for place in range(count):
            x = 1600 * (place + dice.uniform(0.25, 0.75)) / count
            foot = level(x) + size * 0.55
            if dice.random() < 0.16:
                figures.carrier(people, x, level(x) + 6, size * 1.15, dice, dice.choice((-1, 1)))
                continue
            figures.bending(people, x, foot, size, dice, 1 if dice.random() < 0.75 else -1, int(196 - depth * 40))
            mirror.ellipse(x + size * 0.06, foot + size * 0.2, size * 0.13, size * 0.2)
        sheet.put(mirror, blur=4, cover=0.3)
        sheet.put(people, blur=0.7)
    return develop(sheet.picture, SILVER_WARM, seed)


def _terraces(sheet: Sheet, dice: random.Random) -> list:
    """Fields stepping down toward the reader; returns the bank of each as a function of x, with its nearness."""
    edges = []
    y = 452.0
    for row in range(10):
        depth = row / 9
        wave, shift, swing = 210 + 330 * depth, dice.uniform(0, 6), 10 + 34 * depth

        def level(x: float, y=y, wave=wave, shift=shift, swing=swing) -> float:
            return y + swing * math.sin(x / wave + shift) + swing * 0.4 * math.sin(x / wave * 2.3)

        line = [(x, level(x)) for x in range(-20, 1640, 16)]
        bank = sheet.layer(88 - row * 3)
        bank.polygon([*line, (1640, 1140), (-20, 1140)])
        for x, py in line:
            for _grass in range(2 + row // 2):
                bank.hair([(x + dice.uniform(-8, 8), py + 3), (x + dice.uniform(-10, 10), py - 3 - 7 * depth)], 1.2)
        sheet.put(bank, blur=0.9)
        field = sheet.layer(228 - row * 4)
        inner = [(x, py + 5 + 15 * depth) for x, py in line]
        field.polygon([*inner, (1640, 1140), (-20, 1140)])
        sheet.put(field, blur=1.0)
        _seedlings(sheet, dice, level, depth)
        edges.append((level, depth))
        y += 38 + 62 * depth
    sheet.wash(120, 900, 1130, 0, 110)
    return edges


def _seedlings(sheet: Sheet, dice: random.Random, level, depth: float) -> None:
    plants = sheet.layer(104)
    gap = 15 + 24 * depth
    for rank in range(3):
        x = dice.uniform(0, 10)
        while x < dice.uniform(700, 1600):
            foot = level(x) + 12 + 16 * depth + rank * (9 + 12 * depth)
            for blade in (-0.3, 0, 0.35):
                plants.hair([(x, foot), (x + blade * gap * 0.4, foot - gap * 0.45)], 1)
            x += gap
    sheet.put(plants, blur=0.5, cover=0.7)
