"""Plates of work and leisure after 1950: the threshing floor, the film in the open, the works, the town
from the air."""

import math
import random

from PIL import Image, ImageFilter

from . import figures, landscape
from .develop import SILVER_COOL, SILVER_SMALL, SILVER_WARM, develop
from .inscriptions import Lettering
from .maps import smooth
from .sheet import Layer, Sheet

SIZE = (1600, 1130)


def cinema(lettering: Lettering, seed: int = 1974) -> Image.Image:
    """A film in the open: the screen between two poles, the beam, the village from behind."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=34)
    sheet.wash(60, 0, 600, 160, 0)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 640, 300), 700, 24, blur=3)
    sheet.glow(800, 420, 760, 150, 200)
    screen = sheet.layer(238)
    screen.box(420, 190, 1180, 640)
    sheet.put(screen, blur=1.4)
    film = Sheet(740, 432, ground=206)
    landscape.hills(film, landscape.ridge(dice, -10, 760, 250, 150), 260, 150, blur=2)
    scene = film.layer(60)
    for x in (120, 220, 300):
        figures.standing(scene, x, 400, 190, dice, stride=0.2)
    scene.stroke([(430, 420), (430, 120)], 8)
    scene.polygon([(434, 124), (600, 150), (590, 250), (434, 232)], 84)
    film.put(scene, blur=1.6)
    sheet.picture.paste(film.picture, (430, 199))
    frame = sheet.layer(16)
    for x in (404, 1196):
        frame.stroke([(x, 900), (x, 120)], 13)
    frame.stroke([(404, 176), (1196, 176)], 9)
    frame.ellipse(330, 250, 40, 52)
    frame.stroke([(330, 300), (330, 900)], 8)
    sheet.put(frame, blur=0.9)
    beam = sheet.layer(255)
    beam.polygon([(836, 1010), (846, 1010), (1180, 640), (1180, 190), (420, 190), (420, 640)])
    sheet.put(beam, blur=8, cover=0.05)
    for row in range(10):
        crowd, size = sheet.layer(max(64 - row * 6, 6)), 14 + row * 6
        x = dice.uniform(-20, 10)
        while x < 1620:
            y = 700 + row * 40 + dice.uniform(-8, 8)
            crowd.ellipse(x, y - 2, size * 0.74, size, 150 - row * 12)
            crowd.ellipse(x, y, size * 0.72, size)
            crowd.ellipse(x, y + size * 2.0 - 2, size * 1.75, size * 1.3, 110 - row * 9)
            crowd.ellipse(x, y + size * 2.0, size * 1.75, size * 1.3)
            if row < 7 and dice.random() < 0.08:
                crowd.ellipse(x + 4, y - size * 2.1, size * 0.6, size * 0.8)
                crowd.ellipse(x + 4, y - size * 0.6, size * 0.9, size)
            x += size * dice.uniform(2.4, 3.5)
        sheet.put(crowd, blur=0.8 + row * 0.12)
    machine = sheet.layer(8)
    machine.box(800, 1000, 884, 1080)
    machine.ellipse(812, 976, 36, 36)
    machine.ellipse(880, 984, 28, 28)
    sheet.put(machine, blur=1)
    sheet.glow(840, 1006, 60, 250, 220)
    return develop(sheet.picture, SILVER_SMALL, seed)


def threshing(lettering: Lettering, seed: int = 1971) -> Image.Image:
    """The threshing floor in autumn: chaff thrown against the light, stacks, people beating tubs."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=212)
    sheet.wash(244, 100, 560, 0, 255)
    sheet.glow(1080, 380, 700, 255, 255)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 560, 250), 570, 186, blur=3, fade=(340, 560))
    stacks = sheet.layer(110)
    for x, y, size in ((160, 690, 230), (420, 650, 170), (1420, 680, 230), (1240, 640, 150)):
        dome = [
            (x + size * 0.5 * math.cos(math.pi * k / 16), y - size * 0.28 - size * 0.5 * math.sin(math.pi * k / 16))
            for k in range(17)
        ]
        stacks.polygon([(x + size * 0.5, y), *dome, (x - size * 0.5, y)])
        stacks.stroke([(x, y - size * 0.7), (x, y - size)], 6)
        for _straw in range(240):
            px, py = x + dice.uniform(-0.5, 0.5) * size, y - dice.random() * size * 0.62
            stacks.hair([(px, py), (px + dice.uniform(-8, 8), py + 22)], 1.6, dice.choice((92, 124, 146)))
    sheet.put(stacks, blur=0.9)
    floor = sheet.layer(206)
    floor.polygon([(-10, 680), (1610, 670), (1610, 1140), (-10, 1140)])
    sheet.put(floor, blur=4)
    grain = sheet.layer(170)
    for _grain in range(2600):
        x, y = dice.gauss(800, 420), 700 + abs(dice.gauss(0, 190))
        grain.hair([(x, y), (x + dice.uniform(-5, 5), y + 1.5)], 1.4, dice.choice((150, 176, 226)))
    heap = [(800 + 330 * k / 12, 900 - 150 * math.exp(-((k / 5) ** 2))) for k in range(-12, 13)]
    grain.polygon([*heap, (1130, 910), (470, 910)], 224)
    sheet.put(grain, blur=0.8)
    chaff = sheet.layer(252)
    for _fleck in range(1400):
        t = dice.random()
        x = 950 + 360 * t + dice.gauss(0, 40 + 60 * t)
        y = 560 - 260 * math.sin(math.pi * (0.2 + 0.7 * t)) + dice.gauss(0, 36) + 190 * t
        chaff.ellipse(x, y, dice.uniform(1, 2.6), dice.uniform(1, 2.2))
    sheet.put(chaff, blur=0.8, cover=0.85)
    people = sheet.layer(52)
    for x, foot, height in ((900, 840, 250), (620, 820, 220)):
        shoulder, head = figures.standing(people, x, foot, height, dice, stride=0.12)
        figures.straw_hat(people, head, height)
        people.stroke([(shoulder[0] - 10, shoulder[1] + 90), (shoulder[0] + 120, shoulder[1] - 100)], 8)
        people.stroke([shoulder, (shoulder[0] + 70, shoulder[1] - 34)], 15)
        people.polygon(
            [
                (shoulder[0] + 104, shoulder[1] - 112),
                (shoulder[0] + 180, shoulder[1] - 150),
                (shoulder[0] + 170, shoulder[1] - 84),
            ]
        )
    for x in (280, 1260):
        people.polygon([(x - 90, 900), (x + 90, 900), (x + 110, 800), (x - 110, 800)], 74)
        shoulder, head = figures.standing(people, x - 130, 920, 230, dice, stride=0.16)
        people.stroke([shoulder, (x - 60, 740), (x + 10, 690)], 15, 10)
        for k in range(7):
            people.hair([(x + 6, 694), (x + 50 + k * 8, 660 + k * 13)], 3, 96)
    figures.carrier(people, 1480, 900, 230, dice, -1)
    sheet.put(people, blur=0.7)
    shade = sheet.layer(120)
    for x in (900, 620, 150, 1130, 1480):
        shade.polygon([(x - 20, 850), (x + 20, 850), (x - 120, 990), (x - 170, 980)])
    sheet.put(shade, blur=7, cover=0.4)
    return develop(sheet.picture, SILVER_WARM, seed)


def works(lettering: Lettering, seed: int = 1975) -> Image.Image:
    """The state pottery at Taoxi: sheds, chimney and smoke, great jars in ranks, a tractor with its load."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=222)
    sheet.wash(190, 0, 500, 150, 0)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 560, 220), 580, 186, blur=3, fade=(380, 560))
    landscape.smoke(sheet, dice, 1180, 120, 330, 120, 0.7)
    works_ = sheet.layer(120)
    works_.polygon([(1150, 640), (1162, 120), (1198, 120), (1212, 640)], 84)
    for ring in range(8):
        works_.hair([(1160, 170 + ring * 56), (1203, 170 + ring * 56)], 3, 112)
    for bay in range(6):
        x = 60 + bay * 176
        works_.polygon([(x, 640), (x, 470), (x + 120, 400), (x + 176, 470), (x + 176, 640)], 132 + bay % 2 * 12)
        works_.polygon([(x + 120, 400), (x + 176, 470), (x + 120, 470)], 200)
        for pane in range(4):
            works_.box(x + 16 + pane * 38, 510, x + 44 + pane * 38, 580, 74)
    works_.box(1230, 520, 1610, 640, 140)
    sheet.put(works_, blur=0.9)
    for place, character in enumerate("国营陶溪陶器厂"):
        words = sheet.layer(66)
        words.write(lettering(character, 44), 1250 + place * 49, 536)
        sheet.put(words)
    yard = sheet.layer(204)
    yard.polygon([(-10, 640), (1610, 640), (1610, 1140), (-10, 1140)])
    sheet.put(yard, blur=3)
    for row in range(6):
        layer, size, y = sheet.layer(70), 40 + row * 21, 690 + row * 62 + row * row * 3
        x = -20.0 + row % 2 * size * 0.5
        while x < 1640:
            if row < 3 or not 900 < x < 1420:
                _vat(layer, x, y, size, 62 + dice.randint(-8, 8) - row * 3)
            x += size * 1.12
        sheet.put(layer, blur=0.8)
    tractor = sheet.layer(40)
    _tractor(tractor, 1160, 960)
    figures.standing(tractor, 930, 1000, 210, dice, stride=0.1)
    sheet.put(tractor, blur=0.8)
    return develop(sheet.picture, SILVER_SMALL, seed)


def _vat(layer: Layer, x: float, y: float, size: float, tone: int) -> None:
    """A great glazed jar with the light of the sky on its shoulder."""
    side = [
        (x - size * 0.32, y),
        (x - size * 0.5, y - size * 0.5),
        (x - size * 0.44, y - size * 0.9),
        (x + size * 0.44, y - size * 0.9),
        (x + size * 0.5, y - size * 0.5),
        (x + size * 0.32, y),
    ]
    layer.polygon(side, tone)
    layer.ellipse(x, y - size * 0.9, size * 0.46, size * 0.13, tone + 46)
    layer.ellipse(x, y - size * 0.89, size * 0.38, size * 0.09, tone - 30)
    layer.stroke(
        [(x - size * 0.34, y - size * 0.7), (x - size * 0.3, y - size * 0.3)], size * 0.07, size * 0.03, tone + 76
    )
    layer.hair([(x - size * 0.47, y - size * 0.68), (x + size * 0.47, y - size * 0.68)], 2, tone - 22)


def _tractor(layer: Layer, x: float, y: float) -> None:
    for cx, r in ((x + 130, 62), (x - 40, 36), (x + 300, 40)):
        layer.ellipse(cx, y, r, r)
        layer.ellipse(cx, y, r * 0.4, r * 0.4, 130)
    layer.box(x - 70, y - 110, x + 80, y - 40)
    layer.stroke([(x - 30, y - 110), (x - 30, y - 190)], 8)
    layer.box(x + 170, y - 74, x + 390, y - 30, 70)
    for k in range(4):
        _vat(layer, x + 200 + k * 52, y - 72, 56, 60)
    layer.stroke([(x + 110, y - 70), (x + 104, y - 150)], 44, 36)
    layer.ellipse(x + 104, y - 184, 19, 23)
    layer.stroke([(x + 104, y - 140), (x + 50, y - 110)], 13)


def from_air(lettering: Lettering, seed: int = 1959) -> Image.Image:
    """The walled town in the bend of its river, photographed straight down, with the camera's marks."""
    dice = random.Random(seed)
    sheet = Sheet(1400, 1400, ground=132)
    fields = sheet.layer(130)
    for x in range(-40, 1440, 62):
        for y in range(-40, 1440, 40):
            tone = dice.choice((108, 122, 134, 146, 158, 172))
            lean = 16 * math.sin((x + y) / 300)
            fields.polygon(
                [(x + lean, y), (x + 62 + lean, y + lean * 0.6), (x + 60 + lean, y + 39), (x - 1 + lean, y + 39)], tone
            )
    sheet.put(fields, blur=1.2)
    hills = sheet.layer(84)
    for _tree in range(2600):
        x, y = dice.uniform(0, 1400), dice.uniform(0, 1400)
        if y < 380 - 0.5 * x or y > 1950 - 0.7 * x:
            r = dice.uniform(5, 12)
            hills.ellipse(x, y, r, r, dice.choice((66, 78, 92)))
            hills.ellipse(x - r * 0.3, y - r * 0.3, r * 0.6, r * 0.6, 108)
    sheet.put(hills, blur=0.9)
    river = sheet.layer(206)
    river.stroke(
        smooth(
            (
                (-40, 420),
                (260, 360),
                (420, 520),
                (400, 820),
                (560, 1060),
                (860, 1080),
                (1040, 900),
                (1160, 640),
                (1440, 560),
            )
        ),
        74,
        96,
    )
    sheet.put(river, blur=1.4)
    bars = sheet.layer(228)
    for x, y in ((420, 660), (700, 1090), (1090, 780)):
        bars.ellipse(x, y, 46, 20)
    sheet.put(bars, blur=5)
    town = sheet.layer(190)
    for x in range(560, 960, 19):
        for y in range(480, 900, 16):
            if (
                ((x - 750) / 200) ** 4 + ((y - 690) / 205) ** 4 < 1
                and abs(x - 752) > 9
                and abs(y - 690) > 8
                and dice.random() < 0.93
            ):
                w, h = dice.uniform(11, 17), dice.uniform(9, 13)
                town.box(x, y, x + w, y + h, dice.choice((88, 104, 120)))
                town.box(x, y, x + w, y + h * 0.45, dice.choice((150, 166)))
    wall = [
        (
            750 + 206 * math.copysign(abs(math.cos(a)) ** 0.5, math.cos(a)),
            690 + 212 * math.copysign(abs(math.sin(a)) ** 0.5, math.sin(a)),
        )
        for a in (k / 60 * math.tau for k in range(61))
    ]
    town.hair(wall, 7, 214)
    for road in (
        ((752, 476), (760, 0)),
        ((956, 690), (1200, 700), (1440, 840)),
        ((544, 690), (300, 700), (-20, 800)),
        ((752, 904), (760, 1120), (700, 1440)),
    ):
        town.hair(list(road), 5, 222)
    sheet.put(town, blur=0.7)
    sheet.picture = sheet.picture.filter(ImageFilter.GaussianBlur(0.6))
    marks = sheet.layer(246)
    for x, y in ((700, 26), (700, 1374), (26, 700), (1374, 700)):
        marks.hair([(x - 16, y), (x + 16, y)], 2)
        marks.hair([(x, y - 16), (x, y + 16)], 2)
    marks.box(0, 1330, 330, 1400, 20)
    for place, character in enumerate("1959.10.17　07-112"):
        marks.write(lettering(character, 26), 16 + place * 16, 1350, 240)
    sheet.put(marks)
    return develop(sheet.picture, SILVER_COOL, seed)
