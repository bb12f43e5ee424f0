"""Plates of the road after 1950: the bicycles on the bridge, the bus at the ferry."""

import math
import random

from PIL import Image

from . import figures, landscape
from .develop import SILVER_COOL, develop
from .inscriptions import Lettering
from .maps import smooth
from .sheet import Layer, Sheet

SIZE = (1600, 1130)


def bicycles(lettering: Lettering, seed: int = 1983) -> Image.Image:
    """Cyclists on the great bridge against the rising sun."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=120)
    sheet.wash(238, 100, 760, 0, 255)
    sun = sheet.layer(255)
    sheet.glow(800, 600, 620, 255, 255)
    sun.ellipse(800, 600, 120, 120)
    sheet.put(sun, blur=2)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 760, 210), 800, 168, blur=3, fade=(600, 790))
    landscape.water(sheet, 790, dice, dim=150, thick=60, sway=4)
    deck = sheet.layer(28)
    deck.polygon([(-10, 964), (1610, 934), (1610, 1140), (-10, 1140)])
    for post in range(23):
        x = post * 74
        deck.stroke([(x, 966 - x * 0.019), (x, 890 - x * 0.019)], 8, tone=96)
    deck.stroke([(-10, 890), (1610, 860)], 9, tone=96)
    for lamp in (240, 1320):
        deck.stroke([(lamp, 870), (lamp, 330)], 11, 7)
        deck.stroke([(lamp, 336), (lamp + 90, 320)], 7)
        deck.ellipse(lamp + 96, 330, 24, 11)
    sheet.put(deck, blur=0.8)
    riders = sheet.layer(14)
    for x, size, load in (
        (190, 250, "hens"),
        (520, 270, ""),
        (830, 262, "child"),
        (1130, 256, ""),
        (1420, 270, "basket"),
    ):
        _cyclist(riders, x, 970 - x * 0.019, size * dice.uniform(0.96, 1.04), load, dice)
    sheet.put(riders, blur=0.7)
    return develop(sheet.picture, SILVER_COOL, seed)


def _cyclist(layer: Layer, x: float, y: float, size: float, load: str, dice: random.Random) -> None:
    """A heavy bicycle and its rider going right; `load` is what rides behind."""
    r = size * 0.2
    for wheel in (-0.32, 0.34):
        rim = [
            (x + wheel * size + r * math.cos(k / 24 * math.tau), y - r + r * math.sin(k / 24 * math.tau))
            for k in range(25)
        ]
        layer.hair(rim, size * 0.02)
        for k in range(9):
            angle = k / 9 * math.pi + dice.random()
            layer.hair(
                [
                    (x + wheel * size - r * math.cos(angle), y - r - r * math.sin(angle)),
                    (x + wheel * size + r * math.cos(angle), y - r + r * math.sin(angle)),
                ],
                0.8,
            )
    hub, seat, bars = (
        (x - size * 0.02, y - r * 1.0),
        (x - size * 0.1, y - size * 0.5),
        (x + size * 0.22, y - size * 0.56),
    )
    for line in (
        ((x - size * 0.32, y - r), hub),
        (hub, seat),
        (seat, (x - size * 0.32, y - r)),
        (hub, bars),
        (seat, bars),
        (bars, (x + size * 0.34, y - r)),
    ):
        layer.stroke(list(line), size * 0.022)
    layer.stroke([(bars[0] - size * 0.02, bars[1] - size * 0.06), (bars[0] + size * 0.02, bars[1])], size * 0.02)
    hip, shoulder = (x - size * 0.1, y - size * 0.56), (x + size * 0.03, y - size * 0.9)
    layer.stroke([hip, shoulder], size * 0.15, size * 0.17)
    turn = dice.uniform(-0.05, 0.05) * size
    for side in (-1, 1):
        knee = (x + size * 0.12 - side * turn, y - size * 0.36 + side * turn * 1.4)
        layer.stroke([hip, knee, (hub[0] + size * 0.02, hub[1] + size * 0.08 * side)], size * 0.09, size * 0.05)
    layer.stroke([shoulder, (x + size * 0.14, y - size * 0.72), bars], size * 0.06, size * 0.045)
    layer.ellipse(x + size * 0.07, y - size * 1.04, size * 0.065, size * 0.08)
    if dice.random() < 0.5:
        layer.polygon(
            [
                (x, y - size * 1.07),
                (x + size * 0.17, y - size * 1.06),
                (x + size * 0.12, y - size * 1.13),
                (x + size * 0.02, y - size * 1.13),
            ]
        )
    rear = x - size * 0.34
    if load == "child":
        figures.standing(layer, rear, y - size * 0.34, size * 0.46, dice)
    elif load == "basket":
        layer.polygon(
            [
                (rear - size * 0.16, y - size * 0.44),
                (rear + size * 0.1, y - size * 0.44),
                (rear + size * 0.06, y - size * 0.16),
                (rear - size * 0.12, y - size * 0.16),
            ]
        )
    elif load == "hens":
        for k in range(3):
            layer.ellipse(rear - size * 0.06 + k * size * 0.07, y - size * 0.46, size * 0.06, size * 0.05)


def bus(lettering: Lettering, seed: int = 1957) -> Image.Image:
    """The first bus comes down from Yanhui: a bend of the mountain road, children running beside it."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=224)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 520, 400), 640, 190, blur=3.5, fade=(200, 620))
    landscape.hills(
        sheet, landscape.peaks(dice, 700, [(120, 330, 420), (1460, 380, 470)]), 760, 150, blur=2, fade=(330, 760)
    )
    sheet.band(236, 640, 110, 190)
    slope = sheet.layer(98)
    line = [(x, 700 - 0.18 * (x - 800) * (x > 800) + 14 * math.sin(x / 50)) for x in range(-20, 1640, 12)]
    slope.polygon([*line, (1640, 1140), (-20, 1140)], 112)
    landscape.wooded(slope, dice, line, 26, (84, 98, 110))
    sheet.put(slope, blur=1.2)
    road = sheet.layer(212)
    bend = smooth(((1640, 700), (1300, 760), (1040, 830), (860, 900), (640, 980), (300, 1060), (-60, 1120)))
    road.stroke(bend, 46, 210)
    sheet.put(road, blur=1.6)
    for rut in (-22, 22):
        track = sheet.layer(176)
        track.stroke([(x, y + rut * (0.5 + (1640 - x) / 1640)) for x, y in bend], 3, 10)
        sheet.put(track, blur=1.4, cover=0.7)
    coach = sheet.layer(56)
    x, y = 780, 940
    coach.polygon(
        [
            (x - 250, y - 60),
            (x - 250, y - 236),
            (x - 226, y - 262),
            (x + 150, y - 262),
            (x + 176, y - 130),
            (x + 300, y - 116),
            (x + 314, y - 50),
        ],
        66,
    )
    coach.box(x - 250, y - 150, x + 176, y - 134, 168)
    for pane in range(6):
        coach.box(x - 232 + pane * 64, y - 238, x - 184 + pane * 64, y - 166, 206)
        coach.ellipse(x - 208 + pane * 64, y - 186, 12, 15, 74)
    for wheel in (-150, 216):
        coach.ellipse(x + wheel, y - 44, 50, 50, 30)
        coach.ellipse(x + wheel, y - 44, 20, 20, 150)
    coach.ellipse(x + 312, y - 88, 13, 18, 236)
    for bale in range(5):
        coach.ellipse(x - 200 + bale * 66, y - 276, 40, 24, 84)
    coach.polygon([(x + 40, y - 300), (x + 40, y - 420), (x + 190, y - 396), (x + 190, y - 330)], 96)
    sheet.put(coach, blur=0.8)
    words = sheet.layer(216)
    for place, character in enumerate("雁回—栖城"):
        words.write(lettering(character, 34), x - 160 + place * 46, y - 126)
    sheet.put(words)
    people = sheet.layer(44)
    for px, foot, height in ((300, 1000, 150), (390, 976, 132), (200, 1030, 160), (470, 960, 120)):
        shoulder, _head = figures.standing(people, px, foot, height, dice, stride=0.34)
        people.stroke([shoulder, (shoulder[0] + height * 0.2, shoulder[1] - height * 0.24)], height * 0.06)
    for px, foot, height in ((1240, 900, 150), (1310, 892, 140), (1380, 884, 146)):
        figures.standing(people, px, foot, height, dice, gown=px == 1310)
    sheet.put(people, blur=0.7)
    dust = sheet.layer(226)
    for _puff in range(40):
        dust.ellipse(
            480 - dice.random() * 420, 1000 + dice.gauss(0, 26), dice.uniform(20, 70), dice.uniform(10, 30), cover=90
        )
    sheet.put(dust, blur=12, cover=0.5)
    return develop(sheet.picture, SILVER_COOL, seed)
