"""Maps and plans: the county as an old gazetteer draws it, the walled town, a survey sheet, a blueprint."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from . import buildings
from .inscriptions import Lettering, along, breadth, centred, down
from .paper import OLD, RICE, aged, sheet_of
from .sheet import Layer, Point, Sheet

PAPER, INK = (255, 255, 255), (50, 42, 36)
RIVER: tuple[Point, ...] = (
    (40, 190),
    (180, 236),
    (330, 330),
    (470, 330),
    (600, 440),
    (700, 560),
    (820, 590),
    (930, 520),
    (1040, 560),
    (1120, 680),
    (1230, 760),
    (1330, 850),
    (1480, 960),
    (1600, 1010),
)
"""The Lan river from the north-west to the south-east, in pixels of the county map."""


def smooth(points: tuple[Point, ...], steps: int = 14) -> list[Point]:
    """A curve through the points (Catmull–Rom)."""
    whole = (points[0], *points, points[-1])
    curve = []
    for a, b, c, d in zip(whole, whole[1:], whole[2:], whole[3:], strict=False):
        for k in range(steps):
            t = k / steps
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b[i]
                        + (c[i] - a[i]) * t
                        + (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i]) * t * t
                        + (3 * b[i] - a[i] - 3 * c[i] + d[i]) * t**3
                    )
                    for i in (0, 1)
                )
            )
    return [*curve, points[-1]]


# --- The county as the gazetteer of 1689 shows it ---------------------------------------------------------------

HILLS = (
    (150, 200),
    (260, 160),
    (370, 210),
    (240, 420),
    (360, 480),
    (130, 330),
    (520, 190),
    (640, 240),
    (1330, 300),
    (1240, 360),
    (1420, 420),
    (260, 760),
    (380, 850),
    (520, 900),
    (180, 900),
    (1130, 960),
    (990, 940),
    (860, 880),
    (1400, 690),
)
SITES = (
    ("縣治", 800, 470, "town"),
    ("永濟橋", 520, 400, "bridge"),
    ("文瀾塔", 950, 610, "pagoda"),
    ("青石埠", 1180, 660, "landing"),
    ("陶溪墟", 420, 680, "market"),
    ("雁迴堡", 330, 270, "fort"),
    ("學宮", 690, 330, "hall"),
    ("棲鳳臺", 1080, 430, "hall"),
    ("石門", 1370, 800, "gate"),
    ("雲門寺", 1040, 850, "hall"),
    ("蘆汀", 610, 520, "market"),
)


def county_map(lettering: Lettering, seed: int = 1689) -> Image.Image:
    """Hills in elevation, the river with its waves, the walled seat in the middle; north at the top."""
    dice = random.Random(seed)
    sheet = Sheet(1640, 1180, "RGB", PAPER)
    _river(sheet, smooth(RIVER), 25, dice)
    _river(sheet, smooth(((250, 980), (330, 860), (400, 760), (520, 700), (640, 620), (740, 580))), 12, dice)
    lines = sheet.layer(INK)
    for x, y in HILLS:
        _old_hill(lines, dice, x, y, dice.uniform(60, 104))
    for _tree in range(70):
        x, y = dice.uniform(90, 1540), dice.uniform(140, 1080)
        if all(abs(x - px) + abs(y - py) > 90 for px, py in RIVER) and all(
            abs(x - sx) > 90 or abs(y - sy) > 90 for _name, sx, sy, _kind in SITES
        ):
            lines.hair([(x, y), (x, y - 16)], 1.6)
            for k in range(5):
                lines.ellipse(x + (k - 2) * 5, y - 18 - (2 - abs(k - 2)) * 4, 4.4, 3.6)
    for _name, x, y, kind in SITES:
        _old_site(lines, kind, x, y)
    sheet.put(lines, blur=0.4)
    picture = sheet.picture
    _old_frame(picture, lettering)
    for name, x, y, kind in SITES:
        _label(picture, lettering, name, x + (96 if kind == "town" else 52), y - 60)
    for words, x, y in (("瀾江", 1270, 640), ("陶溪", 356, 744), ("雁迴山", 442, 96), ("雲門山", 930, 960)):
        down(picture, lettering, words, x, y, 26, (40, 74, 84))
    return aged(ImageChops.multiply(picture, sheet_of(picture.size, OLD, seed)), seed, folds=(3, 1), foxing=90)


def _river(sheet: Sheet, curve: list[Point], half: float, dice: random.Random) -> None:
    water, edge = sheet.layer((186, 204, 202)), sheet.layer(INK)
    water.stroke(curve, half * 1.5, half * 2)
    sheet.put(water, blur=1, cover=0.8)
    for side in (-1, 1):
        bank = []
        for (x0, y0), (x1, y1) in zip(curve, curve[1:], strict=False):
            reach = math.hypot(x1 - x0, y1 - y0) or 1
            bank.append((x0 - (y1 - y0) / reach * half * side, y0 + (x1 - x0) / reach * half * side))
        edge.hair(bank, 2)
    for x, y in curve[::2]:
        for wave in (-0.5, 0, 0.5):
            px, py = x + dice.uniform(-6, 6), y + wave * half * 1.5
            edge.hair([(px + 9 * k / 5, py - 2.6 * math.sin(math.pi * k / 5)) for k in range(6)], 0.9, (70, 92, 98))
    sheet.put(edge, blur=0.3)


def _old_hill(layer: Layer, dice: random.Random, x: float, y: float, size: float) -> None:
    """Three peaks like a brush rest, hatched on their right side."""
    for shift, scale in ((-0.55, 0.66), (0.58, 0.6), (0, 1.0)):
        px, rise, half = x + shift * size, size * scale, size * 0.55 * scale + 8
        line = [
            (px + half * k / 9, y - rise * math.exp(-((k / 4.6) ** 2)) + dice.uniform(-1, 1)) for k in range(-9, 10)
        ]
        layer.polygon([*line, (px + half, y), (px - half, y)], (222, 226, 210))
        layer.stroke(line, 2.2, 2.2)
        for k in range(1, 7):
            px0, py0 = line[9 + k]
            layer.hair([(px0, py0 + 3), (px0 - 5, py0 + rise * 0.24)], 1.1)
        layer.hair([(px - 3, y - rise + 8), (px - 8, y - rise * 0.6)], 1.1)


def _old_site(layer: Layer, kind: str, x: float, y: float) -> None:
    if kind == "town":
        layer.box(x - 82, y - 60, x + 82, y + 60, (236, 222, 190))
        for k in range(-8, 9):
            for side in (-62, 56):
                layer.box(x + k * 10 - 3.4, y + side, x + k * 10 + 3.4, y + side + 6)
        for box in ((-82, -60, 82, -56), (-82, 56, 82, 60), (-82, -60, -78, 60), (78, -60, 82, 60)):
            layer.box(x + box[0], y + box[1], x + box[2], y + box[3])
        for gx, gy in ((0, -60), (0, 60), (-80, 4), (80, 4)):
            _little_hall(layer, x + gx, y + gy + 8, 34)
        for gx, gy in ((-30, -6), (26, 0), (0, 34)):
            _little_hall(layer, x + gx, y + gy, 40)
    elif kind == "pagoda":
        buildings.pagoda(layer, x, y, 110, 7, INK, (232, 218, 188))
    elif kind == "bridge":
        buildings.arched_bridge(layer, x - 58, x + 58, y, 36, 3, (226, 212, 182), INK)
    elif kind == "gate":
        for side in (-1, 1):
            layer.polygon(
                [(x + side * 16, y + 20), (x + side * 22, y - 40), (x + side * 44, y - 54), (x + side * 58, y + 20)],
                (214, 214, 198),
            )
            layer.hair(
                [(x + side * 16, y + 20), (x + side * 22, y - 40), (x + side * 44, y - 54), (x + side * 58, y + 20)], 2
            )
    else:
        for shift in (0,) if kind == "hall" else (-24, 22):
            _little_hall(layer, x + shift, y, 46 if kind == "hall" else 36)


def _little_hall(layer: Layer, x: float, y: float, size: float) -> None:
    layer.box(x - size * 0.4, y - size * 0.4, x + size * 0.4, y, (244, 234, 208))
    layer.hair(
        [(x - size * 0.4, y - size * 0.4), (x - size * 0.4, y), (x + size * 0.4, y), (x + size * 0.4, y - size * 0.4)],
        1.6,
    )
    layer.box(x - size * 0.1, y - size * 0.26, x + size * 0.1, y)
    buildings.curved_roof(layer, x - size * 0.46, x + size * 0.46, y - size * 0.38, size * 0.34, INK)


def _label(picture: Image.Image, lettering: Lettering, words: str, x: float, y: float) -> None:
    """A name in its cartouche."""
    size = 25
    box = (x - 5, y - 5, x + size + 5, y + len(words) * size * 1.06 + 5)
    ImageDraw.Draw(picture).rectangle(box, fill=PAPER, outline=INK, width=2)
    down(picture, lettering, words, x, y, size, INK)


def _old_frame(picture: Image.Image, lettering: Lettering) -> None:
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    pen.rectangle((0, 0, width, height), outline=PAPER, width=40)
    pen.rectangle((44, 44, width - 44, height - 44), outline=INK, width=7)
    pen.rectangle((58, 58, width - 58, height - 58), outline=INK, width=2)
    for word, x, y in (
        ("北", width / 2 - 17, 66),
        ("南", width / 2 - 17, height - 100),
        ("東", width - 100, height / 2),
        ("西", 66, height / 2),
    ):
        down(picture, lettering, word, x, y, 34, INK)
    box = (width - 150, 78, width - 78, 78 + 6 * 56)
    pen.rectangle(box, fill=PAPER, outline=INK, width=3)
    down(picture, lettering, "棲瀾縣境圖", width - 140, 92, 52, INK)


# --- The walled town --------------------------------------------------------------------------------------------


def town_plan(lettering: Lettering, seed: int = 1921) -> Image.Image:
    """The walled seat as a surveyor of the 1920s plotted it: streets, wards, moat, scale and north."""
    dice = random.Random(seed)
    sheet = Sheet(1400, 1500, "RGB", PAPER)
    wall = smooth(
        (
            (380, 330),
            (700, 290),
            (1030, 340),
            (1120, 620),
            (1100, 960),
            (1010, 1130),
            (690, 1170),
            (370, 1120),
            (270, 900),
            (280, 560),
            (380, 330),
        )
    )
    plan = sheet.layer((120, 150, 156))
    plan.stroke([(x + (x - 690) * 0.075, y + (y - 730) * 0.075) for x, y in wall], 20)
    plan.stroke(smooth(((1190, 20), (1230, 560), (1210, 900), (1080, 1290), (600, 1330), (30, 1290))), 64, 90)
    sheet.put(plan, blur=0.6, cover=0.7)
    town = sheet.layer((248, 240, 222))
    town.polygon(wall)
    for x in range(300, 1100, 46):
        for y in range(320, 1150, 40):
            if _within(x, y) and dice.random() < 0.86 and abs(x - 690) > 26 and abs(y - 720) > 24 and abs(y - 940) > 18:
                w, h = dice.uniform(26, 40), dice.uniform(22, 33)
                town.box(x, y, x + w, y + h, dice.choice(((222, 200, 164), (214, 188, 150), (228, 210, 180))))
    for street in (
        ((278, 730), (690, 720), (1118, 736)),
        ((700, 292), (690, 720), (690, 1168)),
        ((276, 944), (1100, 950)),
        ((470, 320), (476, 1134)),
        ((910, 318), (914, 1140)),
    ):
        town.stroke(list(street), 17, tone=(252, 249, 240))
    town.ellipse(560, 470, 52, 32, (150, 176, 176))
    sheet.put(town, blur=0.4)
    ink = sheet.layer(INK)
    ink.stroke(wall, 9)
    for x, y in wall[::3]:
        ink.box(x - 6, y - 6, x + 6, y + 6)
    for x, y in ((700, 292), (1118, 736), (690, 1168), (278, 730)):
        ink.box(x - 24, y - 24, x + 24, y + 24, (168, 60, 46))
    ink.hair([(1260, 250), (1260, 130)], 3)
    ink.polygon([(1260, 104), (1244, 160), (1260, 146), (1276, 160)])
    for k in range(5):
        ink.box(140 + k * 60, 1416, 200 + k * 60, 1428, INK if k % 2 == 0 else (255, 255, 255))
    sheet.put(ink, blur=0.3)
    picture = sheet.picture
    names = (
        ("拱辰門", 730, 256),
        ("迎旭門", 1146, 690),
        ("臨瀾門", 730, 1176),
        ("來爽門", 152, 690),
        ("西街", 400, 690),
        ("縣公署", 724, 640),
        ("縣立小學", 820, 470),
        ("文廟", 560, 560),
        ("照影樓", 500, 752),
        ("米市巷", 724, 900),
        ("瀾江", 1176, 1060),
        ("泮池", 540, 456),
    )
    for words, x, y in names:
        pen = ImageDraw.Draw(picture)
        pen.rectangle((x - 4, y - 3, x + breadth(words, 24) + 4, y + 28), fill=(252, 249, 240))
        along(picture, lettering, words, x, y, 24, INK)
    centred(picture, lettering, "棲瀾縣城廂圖", 690, 96, 64, INK, 0.2)
    centred(picture, lettering, "民國十年測繪　比例五千分之一", 690, 186, 28, INK)
    along(picture, lettering, "〇　　一百公尺　　二百　　三百", 130, 1380, 22, INK)
    ImageDraw.Draw(picture).rectangle((28, 28, 1372, 1472), outline=PAPER, width=28)
    ImageDraw.Draw(picture).rectangle((56, 56, 1344, 1444), outline=INK, width=3)
    return aged(ImageChops.multiply(picture, sheet_of(picture.size, RICE, seed)), seed, folds=(1, 2), foxing=50)


def _within(x: float, y: float) -> bool:
    return ((x - 690) / 400) ** 4 + ((y - 735) / 410) ** 4 < 0.92
