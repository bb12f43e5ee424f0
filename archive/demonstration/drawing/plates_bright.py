"""Colour plates of later years: umbrellas in the market, the lantern dragon, the tea hill, the river by night."""

import math
import random

from PIL import Image

from . import buildings, figures, landscape
from .develop import Process, develop
from .inscriptions import Lettering
from .sheet import Layer, Sheet

SIZE = (1600, 1130)
COLOUR_CLEAR = Process((24, 22, 26), (132, 126, 120), (254, 250, 242), 3.4, 0.5, 0.12, 0, (0, 0, 0), 0)
CANOPIES = (
    (206, 74, 58),
    (222, 170, 70),
    (74, 124, 140),
    (110, 148, 110),
    (232, 222, 200),
    (150, 90, 116),
    (60, 78, 110),
)


def umbrellas(lettering: Lettering, seed: int = 1994) -> Image.Image:
    """Market day in the rain, looked down upon: a street of umbrellas between baskets and wet stone."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (110, 112, 116))
    stones = sheet.layer((122, 124, 128))
    for row in range(24):
        for column in range(23):
            x, y = column * 76 + row % 2 * 38 - 60, row * 50 - 20
            tone = dice.randint(104, 136)
            stones.box(x, y, x + 73, y + 47, (tone, tone + 2, tone + 5))
    sheet.put(stones, blur=1)
    stalls = sheet.layer((160, 130, 96))
    for side in (0, 1):
        for k in range(9):
            x, y = k * 190 - 30 + dice.uniform(-16, 16), 60 + side * 960 + dice.uniform(-14, 14)
            tone = dice.choice(((120, 150, 86), (206, 120, 60), (190, 60, 52), (226, 204, 120), (150, 100, 66)))
            stalls.ellipse(x + 60, y, 74, 66, (134, 104, 72))
            for _thing in range(70):
                angle, out = dice.uniform(0, math.tau), dice.random() ** 0.5 * 58
                r = dice.uniform(6, 12)
                shade = dice.randint(-24, 24)
                stalls.ellipse(
                    x + 60 + math.cos(angle) * out,
                    y + math.sin(angle) * out,
                    r,
                    r,
                    tuple(min(max(v + shade, 0), 255) for v in tone),
                )
    sheet.put(stalls, blur=0.6)
    people = sheet.layer((70, 70, 76))
    for _person in range(30):
        x, y = dice.uniform(30, 1570), dice.uniform(190, 930)
        people.ellipse(x, y, 30, 20, dice.choice(((66, 74, 96), (96, 84, 80), (130, 60, 54), (70, 96, 84))))
        people.ellipse(x, y - 3, 13, 14, (42, 36, 34))
    sheet.put(people, blur=0.8)
    places = [
        (90 + (k % 9) * 178 + dice.uniform(-44, 44), 210 + (k // 9) * 170 + dice.uniform(-44, 44)) for k in range(45)
    ]
    dice.shuffle(places)
    shadows, tops = sheet.layer((40, 42, 48)), sheet.layer(CANOPIES[0])
    for x, y in places[:38]:
        r = dice.uniform(76, 104)
        shadows.ellipse(x + 16, y + 22, r, r * 0.96)
        _canopy(tops, dice, x, y, r)
    sheet.put(shadows, blur=9, cover=0.45)
    sheet.put(tops, blur=0.6)
    rain = sheet.layer((238, 240, 242))
    for _drop in range(560):
        x, y = dice.uniform(0, 1600), dice.uniform(0, 1130)
        rain.hair([(x, y), (x + 5, y + 20)], 1)
    sheet.put(rain, blur=0.5, cover=0.35)
    return develop(sheet.picture, COLOUR_CLEAR, seed)


def _canopy(top: Layer, dice: random.Random, x: float, y: float, r: float) -> None:
    """An umbrella from above: a dark rim, eight panels, lit from one side."""
    tone, turn = dice.choice(CANOPIES), dice.uniform(0, 1)
    top.ellipse(x + 3, y + 5, r * 0.98, r * 0.98, tuple(v // 2 for v in tone))
    for panel in range(8):
        first, last = (panel + turn) / 8 * math.tau, (panel + 1 + turn) / 8 * math.tau
        light = round(26 * math.cos((first + last) / 2 + 2.2))
        shade = tuple(min(max(v + light, 0), 255) for v in tone)
        middle = (first + last) / 2
        top.polygon(
            [
                (x, y),
                (x + r * math.cos(first), y + r * math.sin(first)),
                (x + r * 0.95 * math.cos(middle), y + r * 0.95 * math.sin(middle)),
                (x + r * math.cos(last), y + r * math.sin(last)),
            ],
            shade,
        )
        top.hair([(x, y), (x + r * math.cos(first), y + r * math.sin(first))], 1.6, tuple(v * 3 // 4 for v in tone))
    top.ellipse(x, y, 5, 5, (60, 54, 50))


def lantern_dragon(lettering: Lettering, seed: int = 2005) -> Image.Image:
    """The fifteenth night: a dragon of lanterns winds over the fields to the old bridge, fireworks above."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (18, 22, 40))
    sheet.wash((58, 50, 72), 200, 640, 0, 200)
    for x, y, tone in ((320, 220, (255, 190, 110)), (760, 150, (255, 120, 96)), (1240, 240, (150, 220, 190))):
        _burst(sheet, dice, x, y, tone)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 600, 190), 660, (26, 28, 44), blur=2)
    land = sheet.layer((20, 22, 30))
    land.polygon([(-10, 640), (1610, 620), (1610, 1140), (-10, 1140)])
    buildings.arched_bridge(land, 1010, 1480, 660, 110, 3, (40, 40, 52), (70, 66, 70))
    sheet.put(land, blur=1)
    path = [
        (1560 - 1400 * t + 120 * math.sin(t * 7.2), 560 + 90 * math.sin(t * 3.1 - 0.4) + 420 * t**1.7)
        for t in (k / 44 for k in range(45))
    ]
    for index, (x, y) in enumerate(path):
        size = 13 + index * 0.75
        sheet.glow(x, y - size * 2.4, size * 5, (255, 176, 90), 150)
    dragon = sheet.layer((255, 214, 130))
    dragon.stroke([(x, y - (13 + index * 0.75) * 2.4) for index, (x, y) in enumerate(path)], 12, 40, (226, 110, 50))
    for index, (x, y) in enumerate(path):
        size = 13 + index * 0.75
        dragon.ellipse(x, y - size * 2.4, size * 0.62, size * 0.74, (255, 226, 150))
        dragon.hair([(x, y - size * 1.7), (x, y)], 2, (90, 60, 40))
    _lantern_head(dragon, path[-1][0] - 40, path[-1][1] - 118, 64)
    sheet.put(dragon, blur=0.9)
    people = sheet.layer((14, 12, 16))
    for index, (x, y) in enumerate(path[::2]):
        figures.standing(people, x + 6, y + (16 + index) * 1.4, (15 + index * 1.6) * 3, dice, stride=0.2)
    for x in range(-10, 1620, 44):
        people.ellipse(x + dice.uniform(-12, 12), 1076 + dice.uniform(-10, 20), 24, 32)
        people.ellipse(x + dice.uniform(-12, 12), 1140, 52, 46)
    sheet.put(people, blur=0.9)
    return develop(sheet.picture, COLOUR_CLEAR, seed)


def _burst(sheet: Sheet, dice: random.Random, x: float, y: float, tone: tuple) -> None:
    sheet.glow(x, y, 240, tone, 90)
    sparks = sheet.layer(tone)
    for k in range(64):
        angle, reach = k / 64 * math.tau + dice.uniform(-0.04, 0.04), dice.uniform(90, 180)
        line = [
            (x + math.cos(angle) * reach * t / 6, y + math.sin(angle) * reach * t / 6 + 26 * (t / 6) ** 2)
            for t in range(2, 7)
        ]
        sparks.stroke(line, 1, 3)
        sparks.ellipse(*line[-1], 3, 3, (255, 246, 220))
    sheet.put(sparks, blur=0.8)


def _lantern_head(layer: Layer, x: float, y: float, size: float) -> None:
    layer.ellipse(x, y, size, size * 0.74, (240, 150, 60))
    layer.polygon(
        [(x - size * 0.3, y - size * 0.1), (x - size * 1.5, y + size * 0.1), (x - size * 0.4, y + size * 0.24)],
        (206, 60, 44),
    )
    layer.polygon(
        [(x - size * 0.3, y + size * 0.3), (x - size * 1.3, y + size * 0.5), (x - size * 0.2, y + size * 0.6)],
        (206, 60, 44),
    )
    layer.ellipse(x - size * 0.3, y - size * 0.3, size * 0.2, size * 0.22, (255, 246, 210))
    layer.ellipse(x - size * 0.34, y - size * 0.3, size * 0.09, size * 0.1, (30, 24, 24))
    for k in range(5):
        layer.stroke(
            [
                (x + size * 0.3, y - size * 0.4 + k * size * 0.2),
                (x + size * (1.0 + 0.1 * k), y - size * 0.9 + k * size * 0.32),
            ],
            size * 0.13,
            2,
            (226, 90, 56),
        )
    layer.stroke(
        [(x, y - size * 0.6), (x + size * 0.1, y - size * 1.2), (x + size * 0.4, y - size * 1.3)],
        size * 0.12,
        3,
        (255, 206, 110),
    )


def tea_hill(lettering: Lettering, seed: int = 2012) -> Image.Image:
    """The tea hills of Yunmen in April: rows like combed hair, pickers in bright kerchiefs, cloud in the valley."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (214, 226, 226))
    sheet.wash((250, 244, 228), 100, 420, 0, 220)
    for shapes, tone in (
        ([(300, 330, 270), (900, 300, 330), (1450, 300, 240)], (170, 190, 186)),
        ([(80, 300, 230), (640, 260, 190), (1250, 330, 250)], (126, 156, 140)),
    ):
        landscape.hills(sheet, landscape.peaks(dice, 470, shapes), 500, tone, blur=2, fade=(300, 490))
        sheet.band((246, 246, 240), 460, 70, 190)
    for row in range(15):
        part = row / 14
        y = 480 + 640 * part**1.5
        rise = 70 * (1 - part) + 30

        def level(x: float, y=y, part=part, rise=rise) -> float:
            return (
                y
                - rise * math.exp(-(((x - 1120) / 430) ** 2))
                - rise * 0.7 * math.exp(-(((x - 320) / 330) ** 2))
                + 40 * part * math.sin(x / 260)
            )

        bushes, size = sheet.layer((70, 118, 64)), 13 + 30 * part
        for x in range(-20, 1640, max(int(size * 0.62), 7)):
            top = level(x)
            green = dice.choice(((58, 108, 56), (72, 124, 66), (86, 138, 74)))
            bushes.ellipse(x, top + size * 0.2, size * 0.8, size * 0.66, (42, 82, 46))
            bushes.ellipse(x, top - size * 0.1, size * 0.66, size * 0.44, green)
            bushes.ellipse(x - size * 0.1, top - size * 0.3, size * 0.36, size * 0.18, (150, 186, 96))
        sheet.put(bushes, blur=0.8)
        if row in (4, 6, 8, 10, 12):
            for _picker in range(3 if row < 9 else 2):
                _picker_at(sheet, dice, dice.uniform(90, 1510), level, 44 + 130 * part)
    return develop(sheet.picture, COLOUR_CLEAR, seed)


def _picker_at(sheet: Sheet, dice: random.Random, x: float, level, size: float) -> None:
    layer = sheet.layer(dice.choice(((186, 66, 60), (52, 92, 140), (214, 164, 70), (150, 96, 140))))
    foot = level(x) + size * 0.42
    shoulder, head = figures.standing(layer, x, foot, size, dice)
    layer.ellipse(*head, size * 0.066, size * 0.074, (196, 150, 116))
    figures.straw_hat(layer, head, size * 1.1, (228, 196, 132))
    layer.ellipse(shoulder[0] + size * 0.2, shoulder[1] + size * 0.34, size * 0.13, size * 0.12, (150, 110, 70))
    sheet.put(layer, blur=0.6)


def night_river(lettering: Lettering, seed: int = 2022) -> Image.Image:
    """The second bridge on the night of its opening, its lights in long threads in the river."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, "RGB", (20, 28, 48))
    sheet.wash((96, 84, 104), 200, 660, 0, 200)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 640, 210), 690, (24, 30, 46), blur=2)
    line = 680
    town = sheet.layer((34, 40, 58))
    for k in range(44):
        x, tall = k * 38 - 10 + dice.uniform(-8, 8), dice.randint(30, 150)
        town.box(x, line - tall, x + 32, line + 4, (30 + k % 3 * 6, 36 + k % 3 * 6, 54))
        for wy in range(int(line - tall + 8), line - 6, 13):
            for wx in (5, 14, 23):
                if dice.random() < 0.45:
                    town.box(
                        x + wx, wy, x + wx + 5, wy + 6, dice.choice(((250, 214, 140), (255, 234, 190), (190, 214, 236)))
                    )
    sheet.put(town, blur=0.6)
    bridge = sheet.layer((120, 116, 124))
    for tower in (520, 1080):
        for lean in (-1, 1):
            bridge.stroke([(tower + lean * 34, line + 10), (tower, 200)], 15, 9, (190, 184, 176))
        for k in range(1, 11):
            for side in (-1, 1):
                bridge.hair([(tower, 220 + k * 10), (tower + side * k * 27, 560)], 2, (236, 214, 160))
    bridge.box(-10, 556, 1610, 578, (150, 144, 146))
    for k in range(54):
        bridge.ellipse(k * 30, 552, 4, 4, (255, 236, 180))
    sheet.put(bridge, blur=0.6)
    for tower in (520, 1080):
        sheet.glow(tower, 230, 170, (255, 214, 140), 130)
    landscape.water(sheet, line + 4, dice, dim=(24, 34, 56), thick=80, sway=5)
    threads = sheet.layer((255, 226, 160))
    for k in range(54):
        x = k * 30
        for piece in range(12):
            y = 720 + piece * 33 + dice.uniform(-8, 8)
            reach = dice.uniform(4, 13) * (1 - piece / 15)
            threads.hair(
                [(x - reach, y), (x + reach, y)], 2.4, dice.choice(((255, 226, 160), (255, 200, 120), (220, 220, 230)))
            )
    sheet.put(threads, blur=1.2, cover=0.5)
    boat = sheet.layer((12, 14, 22))
    figures.sampan(boat, 860, 960, 300)
    figures.boatman(boat, 744, 956, 130, dice)
    sheet.put(boat, blur=0.8)
    sheet.glow(900, 940, 70, (255, 190, 100), 220)
    return develop(sheet.picture, COLOUR_CLEAR, seed)
