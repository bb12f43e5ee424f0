"""The plates of the 1920s and 1930s: what the county's photographer saw along the river and in the town.

Each takes `lettering`, which gives a character of a size as a mask, or None where there is no typeface.
"""

import random
from collections.abc import Callable

from PIL import Image

from . import buildings, figures, landscape
from .develop import GLASS_PLATE, SILVER_WARM, develop
from .sheet import Sheet

SIZE = (1600, 1130)
SIGNS = ("茶莊", "布號", "藥材", "米行", "南貨", "紙店", "銀樓", "酒坊", "傘鋪", "窯器", "染坊", "書局", "客棧", "鹽行")

Lettering = Callable[[str, int], Image.Image | None]


def bridge(lettering: Lettering, seed: int = 1936) -> Image.Image:
    """The stone bridge of three arches at Changqiao, a boat coming through, hills in morning mist."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=222)
    sheet.wash(196, 0, 420, 150, 0)
    sheet.glow(1180, 250, 620, 246, 150)
    line = 690
    far = landscape.peaks(dice, line, [(240, 230, 330), (560, 150, 210), (1330, 260, 390), (1010, 170, 180)])
    landscape.hills(sheet, far, line + 10, 176, blur=2.5, fade=(330, 690))
    near = landscape.peaks(dice, line, [(60, 260, 250), (1540, 240, 290), (840, 200, 110)])
    landscape.hills(sheet, near, line + 10, 146, blur=1.6, fade=(430, 720))
    sheet.band(226, 640, 120, 190)
    far = sheet.layer(122)
    shore = landscape.ridge(dice, -20, 1620, line + 4, 46)
    far.polygon([*shore, (1620, line + 4), (-20, line + 4)])
    landscape.wooded(far, dice, shore, 17, (112, 126, 138))
    sheet.put(far, blur=1.2)
    houses = sheet.layer(96)
    for left in (26, 104, 1424, 1500):
        buildings.horse_head_house(houses, left, left + dice.randint(64, 84), line + 2, dice.randint(56, 82),
                                   {"wall": 214, "roof": 70, "dark": 92}, dice)  # fmt: skip
    for left, right in ((-20, 236), (1364, 1620)):
        houses.polygon([(left, line + 4), (left, line - 10), (right - 60, line - 16), (right, line + 4)], 88)
    for left in (170, 250, 1330, 1404, 1560):
        landscape.broadleaf(houses, dice, left, line - 4, dice.randint(90, 130), (92, 104, 116))
    sheet.put(houses, blur=1.0)
    span = sheet.layer(96)
    buildings.arched_bridge(span, 210, 1390, line + 8, 268, 3, 98, 74)
    _people_on_bridge(span, dice)
    sheet.put(span, blur=0.6)
    landscape.water(sheet, line + 4, dice, dim=128, thick=66, sway=3.4)
    landscape.ripples(sheet, dice, line + 10, SIZE[1], 232, 170, 0.34)
    landscape.ripples(sheet, dice, line + 60, SIZE[1], 84, 90, 0.24)
    boat = sheet.layer(44)
    figures.sampan(boat, 930, 908, 330)
    figures.boatman(boat, 800, 902, 150, dice)
    sheet.put(boat, blur=0.6)
    shade = sheet.layer(52)
    shade.ellipse(930, 946, 190, 15)
    sheet.put(shade, blur=7, cover=0.5)
    near = sheet.layer(38)
    landscape.willow(near, dice, 76, 1080, 800)
    near.polygon([(-10, 1140), (-10, 1036), (150, 1050), (330, 1098), (400, 1140)])
    sheet.put(near, blur=1.8)
    return develop(sheet.picture, SILVER_WARM, seed)


def _people_on_bridge(layer, dice: random.Random) -> None:
    for x, foot in ((650, 452), (734, 432), (772, 431), (1010, 474)):
        figures.standing(layer, x, foot, 54, dice, stride=0.14)
    figures.carrier(layer, 880, 441, 54, dice)


def wharf(lettering: Lettering, seed: int = 1925) -> Image.Image:
    """The stone landing at Qingshibu: masts, porters on the steps, warehouses above."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=218)
    sheet.wash(190, 0, 500, 120, 0)
    line = 742
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, line, 300), line + 8, 178, blur=3, fade=(430, 735))
    sheet.band(222, 690, 110, 190)
    fleet = sheet.layer(134)
    for x in (884, 984, 1090, 1210, 1330, 1450, 1548):
        _junk(fleet, x, line + dice.uniform(2, 16), dice.uniform(110, 150), dice)
    sheet.put(fleet, blur=1.3)
    landscape.water(sheet, line + 4, dice, dim=136, thick=60)
    landscape.ripples(sheet, dice, line + 10, SIZE[1], 228, 150, 0.34)
    rows = sheet.layer(110)
    for left, wide, tall, shade in (
        (150, 150, 292, 150),
        (456, 120, 236, 158),
        (-30, 190, 270, 176),
        (286, 186, 250, 182),
    ):
        buildings.horse_head_house(rows, left, left + wide, 560, tall, {"wall": shade, "roof": 62, "dark": 78}, dice)
    sheet.put(rows, blur=0.8)
    _steps(sheet, dice)
    near = sheet.layer(40)
    _junk(near, 1136, 936, 420, dice)
    figures.sampan(near, 1452, 1046, 380)
    for x, foot, height in ((1000, 930, 128), (1330, 1040, 136)):
        _shoulder, head = figures.standing(near, x, foot, height, dice)
        figures.straw_hat(near, head, height)
    sheet.put(near, blur=0.7)
    shade = sheet.layer(60)
    shade.ellipse(1140, 976, 250, 16)
    shade.ellipse(1452, 1082, 210, 14)
    sheet.put(shade, blur=8, cover=0.55)
    return develop(sheet.picture, GLASS_PLATE, seed)


def _junk(layer, x: float, y: float, length: float, dice: random.Random) -> None:
    """A river junk with its sail furled."""
    figures.sampan(layer, x, y, length)
    mast = length * dice.uniform(1.1, 1.35)
    lean = dice.uniform(-0.03, 0.03) * mast
    layer.stroke([(x + length * 0.16, y), (x + length * 0.16 + lean, y - mast)], length * 0.024, length * 0.01)
    if mast < 220:
        layer.stroke(
            [(x - length * 0.28, y - mast * 0.24), (x + length * 0.26 + lean, y - mast * 0.3)], length * 0.045, 2
        )
    for rope in (-0.48, 0.5):
        layer.stroke([(x + length * rope, y), (x + length * 0.16 + lean, y - mast * 0.96)], 1.3)


def _steps(sheet: Sheet, dice: random.Random) -> None:
    """Stone steps that come down to the right, with porters going up and down."""
    stairs = sheet.layer(140)
    count, top, bottom = 17, 556, 1010
    for index in range(count):
        y0, y1 = top + (bottom - top) * index / count, top + (bottom - top) * (index + 1) / count
        right = 590 + 420 * index / count
        stairs.polygon([(-10, y0), (right, y0), (right + 26, y1), (-10, y1)], 172 - index * 3)
        stairs.box(-10, y1 - (y1 - y0) * 0.36, right + 24, y1, 104 - index * 2)
    for _joint in range(90):
        row = dice.randrange(count)
        y0, x = top + (bottom - top) * row / count, dice.uniform(0, 580 + 420 * row / count)
        stairs.stroke([(x, y0), (x + 3, y0 + (bottom - top) / count)], 1.2, tone=120)
    stairs.polygon([(-10, bottom), (1030, bottom), (1010, 1140), (-10, 1140)], 84)
    for block in range(40):
        x, y = dice.uniform(0, 1000), bottom + block % 4 * 32
        stairs.stroke([(x, y), (x, y + 32)], 1.4, tone=62)
        stairs.stroke([(0, y), (1020, y)], 0.6, tone=66)
    sheet.put(stairs, blur=0.7)
    people = sheet.layer(48)
    for x, foot, height, ways in (
        (170, 640, 112, 1),
        (420, 722, 124, -1),
        (640, 830, 142, 1),
        (250, 884, 158, -1),
        (820, 960, 166, 1),
    ):
        figures.carrier(people, x, foot, height, dice, ways)
    for x, foot, height in ((560, 640, 104), (92, 760, 128), (486, 962, 168)):
        _shoulder, head = figures.standing(people, x, foot, height, dice, gown=True)
        if foot > 700:
            figures.straw_hat(people, head, height)
    sheet.put(people, blur=0.6)


def street(lettering: Lettering, seed: int = 1937) -> Image.Image:
    """Market day in the West Street of the county town after rain."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=226)
    vanish = (812.0, 520.0)
    sheet.glow(vanish[0], vanish[1] - 60, 560, 250, 255)
    ground = sheet.layer(150)
    ground.box(0, 548, 1600, 1140)
    sheet.put(ground, blur=1)
    flags = sheet.layer(112)
    for row in range(26):
        depth = 1 / (1 + row * 0.42)
        y = vanish[1] + 600 * depth
        flags.stroke([(vanish[0] - 900 * depth, y), (vanish[0] + 900 * depth, y)], 3.4 * depth + 0.4)
    for lane in range(-4, 5):
        flags.stroke([(vanish[0] + lane * 6, 556), (vanish[0] + lane * 235, 1140)], 0.6, 4)
    sheet.put(flags, blur=0.8, cover=0.5)
    tower = sheet.layer(188)
    buildings.gate_tower(tower, vanish[0] + 6, 566, 190,
                         {"wall": 192, "line": 184, "timber": 178, "roof": 164, "dark": 158})  # fmt: skip
    sheet.put(tower, blur=2.4)
    signs = dice.sample(SIGNS, 14)
    for side in (-1, 1):
        rows = sheet.layer(100)
        buildings.shop_row(sheet, rows, side, dice, [74, 94, 116, 138, 158, 174], vanish, signs[::side], lettering)
        sheet.put(rows, blur=0.9)
    sheet.band(236, 540, 90, 120)
    _crowd(sheet, dice, vanish)
    sheet.wash(70, 980, 1130, 0, 120)
    return develop(sheet.picture, SILVER_WARM, seed)


def _crowd(sheet: Sheet, dice: random.Random, vanish: tuple[float, float]) -> None:
    """From far to near: gowns, poles, umbrellas; nearer is darker and larger."""
    for depth, count, tone in ((0.16, 15, 150), (0.24, 11, 128), (0.36, 8, 100), (0.52, 5, 70), (0.78, 3, 44)):
        layer = sheet.layer(tone)
        places = [-0.6 + 1.2 * (k + dice.uniform(0.2, 0.8)) / count for k in range(count)]
        for place in places:
            height = 440 * depth * dice.uniform(0.92, 1.05)
            x, foot = vanish[0] + place * 1000 * depth, vanish[1] + 560 * depth + dice.uniform(-8, 8)
            kind = dice.random()
            if kind < 0.22:
                figures.carrier(layer, x, foot, height, dice, dice.choice((-1, 1)))
                continue
            shoulder, head = figures.standing(
                layer, x, foot, height, dice, gown=kind < 0.6, stride=dice.uniform(0, 0.2)
            )
            if kind > 0.78:
                figures.umbrella(layer, shoulder, height, tone + 26)
            elif kind > 0.6:
                figures.straw_hat(layer, head, height, tone + 18)
        sheet.put(layer, blur=0.8 + 0.7 * (depth > 0.7))
        mirror = sheet.layer(tone)
        for place in places:
            x, foot = vanish[0] + place * 1000 * depth, vanish[1] + 560 * depth
            mirror.ellipse(x, foot + 60 * depth, 24 * depth, 92 * depth)
        sheet.put(mirror, blur=6, cover=0.22)


def school(lettering: Lettering, seed: int = 1934) -> Image.Image:
    """Teachers and pupils of the county school before the gate of the former examination hall."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=196)
    wall = sheet.layer(164)
    wall.box(0, 170, 1600, 800)
    for course in range(26):
        wall.stroke([(0, 170 + course * 25), (1600, 170 + course * 25)], 1.0, tone=152)
        for joint in range(17):
            x = joint * 100 + course % 2 * 50
            wall.stroke([(x, 170 + course * 25), (x, 195 + course * 25)], 0.8, tone=152)
    sheet.put(wall, blur=0.8)
    gate = sheet.layer(66)
    gate.box(520, 250, 1080, 800, 82)
    gate.box(610, 380, 990, 800, 40)
    gate.box(606, 284, 994, 372, 58)
    for place, character in enumerate("學小立縣"):
        gate.write(lettering(character, 78), 632 + place * 88, 290, 190)
    for post in (560, 1040):
        gate.stroke([(post, 300), (post, 800)], 26, tone=58)
    buildings.curved_roof(gate, 470, 1130, 262, 176, 50)
    for tile in range(46):
        x = 440 + tile * 16
        gate.stroke([(x, 258), (800 + (x - 800) * 0.66, 100)], 1.6, tone=72)
    sheet.put(gate, blur=1.0)
    tree = sheet.layer(58)
    landscape.branch(tree, dice, 214, 800, -1.5, 150, 30)
    landscape.branch(tree, dice, 1420, 800, -1.66, 138, 26)
    sheet.put(tree, blur=1.2)
    floor = sheet.layer(150)
    floor.box(0, 780, 1600, 1140)
    sheet.put(floor, blur=3)
    sheet.wash(96, 960, 1130, 0, 120)
    _rows_of_people(sheet, dice)
    return develop(sheet.picture, SILVER_WARM, seed)


def _rows_of_people(sheet: Sheet, dice: random.Random) -> None:
    """Three rows: pupils standing behind, teachers seated, the little ones on the ground."""
    rows = (
        (11, 800, 300, 118, "woman"),
        (10, 890, 316, 128, "man"),
        (7, 985, 340, 168, "man"),
        (9, 1064, 250, 132, "child"),
    )
    for count, base, height, step, group in rows:
        layer = sheet.layer(70)
        for index in range(count):
            x = 800 + (index - (count - 1) / 2) * step + dice.uniform(-7, 7)
            coat = dice.choice((58, 66, 92, 150) if group != "man" else (48, 54, 62, 118))
            kind = dice.choice(("woman", "man", "man")) if group == "woman" else group
            face = dice.randint(178, 198)
            tones = {"coat": coat, "face": face, "shade": face - 27, "hair": 44, "collar": dice.choice((206, 150))}
            figures.sitter(layer, kind, x, base + dice.uniform(-5, 5), height * dice.uniform(0.95, 1.04), dice, tones)
        sheet.put(layer, blur=2.3)
    sheet.wash(58, 1040, 1130, 0, 190)


def snow(lettering: Lettering, seed: int = 1941) -> Image.Image:
    """The north gate under snow."""
    dice = random.Random(seed)
    sheet = Sheet(*SIZE, ground=178)
    sheet.wash(206, 200, 760, 0, 255)
    landscape.hills(sheet, landscape.ridge(dice, -10, 1610, 720, 260), 760, 188, blur=3.5, fade=(500, 740))
    far = sheet.layer(150)
    landscape.wooded(far, dice, landscape.ridge(dice, -10, 1610, 748, 50), 16, (150, 160, 172))
    sheet.put(far, blur=2)
    ground = sheet.layer(238)
    ground.polygon([(-10, 742), (500, 752), (1100, 748), (1610, 738), (1610, 1140), (-10, 1140)])
    sheet.put(ground, blur=1.5)
    wall = sheet.layer(96)
    for side in (-1, 1):
        wall.polygon(
            [(800 + side * 260, 560), (800 + side * 900, 640), (800 + side * 900, 770), (800 + side * 260, 770)], 104
        )
        for tooth in range(16):
            x0 = 800 + side * (300 + tooth * 36)
            y0 = 556 + abs(x0 - 1060 if side > 0 else x0 - 540) * 0.118
            wall.box(x0, y0, x0 + 22, y0 + 30, 104)
            wall.box(x0 - 2, y0 - 6, x0 + 24, y0 + 2, 244)
    buildings.gate_tower(wall, 800, 770, 640, {"wall": 88, "line": 108, "timber": 62, "roof": 236, "dark": 30})
    sheet.put(wall, blur=0.8)
    snow_lines = sheet.layer(246)
    for tooth in range(19):
        left = 800 - 352 + 704 * tooth / 19
        snow_lines.box(left - 1, 770 - 640 * 0.463, left + 704 / 19 * 0.62 + 1, 770 - 640 * 0.45)
    sheet.put(snow_lines, blur=0.8)
    path = sheet.layer(176)
    path.polygon([(756, 770), (844, 770), (980, 900), (1120, 1140), (640, 1140), (700, 900)])
    for _print in range(70):
        part = dice.random() ** 0.8
        path.ellipse(800 + dice.gauss(0, 40 + 110 * part), 790 + 330 * part, 5 + 12 * part, 2 + 4 * part, 138)
    sheet.put(path, blur=5, cover=0.8)
    tree = sheet.layer(46)
    landscape.branch(tree, dice, 182, 1010, -1.42, 176, 36)
    landscape.branch(tree, dice, 1452, 960, -1.72, 150, 28)
    sheet.put(tree, blur=0.9)
    mounds = sheet.layer(238)
    for x, y in ((182, 1016), (1452, 966)):
        mounds.ellipse(x, y, 66, 15)
    sheet.put(mounds, blur=3)
    people = sheet.layer(40)
    shoulder, _head = figures.standing(people, 860, 960, 168, dice, gown=True, stride=0.08)
    figures.umbrella(people, shoulder, 168, 58)
    figures.carrier(people, 742, 860, 108, dice, -1)
    sheet.put(people, blur=0.8)
    flakes = sheet.layer(252)
    for _flake in range(420):
        r = dice.choice((1.2, 1.6, 2.2, 3.4))
        flakes.ellipse(dice.uniform(0, 1600), dice.uniform(0, 1130), r * 0.8, r * 1.4)
    sheet.put(flakes, blur=1.0, cover=0.7)
    return develop(sheet.picture, GLASS_PLATE, seed)
