"""Working sheets of engineers: the site of the dam in contours, the great bridge as a blueprint."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .inscriptions import Lettering, along, centred
from .paper import WHITE, aged, sheet_of
from .sheet import Layer, Sheet

PAPER, INK = (255, 255, 255), (50, 42, 36)


# --- A survey sheet ---------------------------------------------------------------------------------------------


def survey(lettering: Lettering, seed: int = 1958) -> Image.Image:
    """Contours, woods, fields and the proposed line of the dam: a working sheet of 1958, in four colours."""
    dice = random.Random(seed)
    sheet = Sheet(1560, 1180, "RGB", PAPER)
    tops = [
        (dice.uniform(80, 1480), dice.uniform(60, 1120), dice.uniform(130, 330), dice.uniform(0.5, 1.2))
        for _top in range(15)
    ]
    tops = [top for top in tops if abs(top[1] - _valley(top[0])) > 210]
    height = _heights(1560, 1180, tops)
    wood = height.point(lambda value: 90 if value > 96 else 0).filter(ImageFilter.GaussianBlur(3))
    sheet.picture.paste((196, 214, 178), (0, 0), wood)
    lines = Image.new("L", height.size, 0)
    for level in range(24, 250, 12):
        band = height.point(lambda value, level=level: 255 if value >= level else 0)
        edge = ImageChops.difference(band, ImageChops.offset(band, 2 if level % 60 == 0 else 1))
        lines = ImageChops.lighter(lines, edge)
        lines = ImageChops.lighter(lines, ImageChops.difference(band, ImageChops.offset(band, 0, 1)))
    sheet.picture.paste((176, 112, 66), (0, 0), lines.filter(ImageFilter.BoxBlur(0.5)))
    river = sheet.layer((64, 122, 158))
    river.stroke([(x, _valley(x)) for x in range(-10, 1580, 12)], 9, 17)
    sheet.put(river, blur=0.4)
    dam = sheet.layer((186, 46, 38))
    dam.stroke([(930, _valley(930) - 120), (960, _valley(960) + 124)], 7)
    lake = [(x, _valley(x) - 40 - 60 * (x / 930)) for x in range(300, 936, 18)] + [
        (x, _valley(x) + 36 + 62 * (x / 930)) for x in range(930, 300, -18)
    ]
    for first, last in zip(lake, [*lake[1:], lake[0]], strict=True):
        middle = ((first[0] * 2 + last[0]) / 3, (first[1] * 2 + last[1]) / 3)
        dam.hair([first, middle], 3)
    for x, y in ((520, 1), (700, -1), (430, -1)):
        for _house in range(5):
            hx, hy = x + dice.uniform(-34, 34), _valley(x) + y * dice.uniform(40, 70)
            dam.box(hx, hy, hx + 9, hy + 7, INK)
    sheet.put(dam, blur=0.3)
    picture = sheet.picture
    _survey_words(picture, lettering)
    return aged(ImageChops.multiply(picture, sheet_of(picture.size, WHITE, seed)), seed, folds=(3, 1), foxing=14)


def _valley(x: float) -> float:
    return 560 + 110 * math.sin(x / 260) + x * 0.06


def _heights(width: int, height: int, tops: list) -> Image.Image:
    """Grey as height: hills added up, in a quarter of the size and then enlarged."""
    ground = Image.new("L", (width // 4, height // 4), 6)
    for x, y, reach, rise in tops:
        bump = Image.radial_gradient("L").resize((int(reach * 0.75), int(reach * 0.62)))
        bump = bump.point(lambda value, rise=rise: int(max(0, 1 - value / 181) ** 1.2 * 150 * rise))
        place = Image.new("L", ground.size, 0)
        place.paste(bump, (int(x / 4 - bump.width / 2), int(y / 4 - bump.height / 2)))
        ground = ImageChops.add(ground, place)
    return ground.filter(ImageFilter.GaussianBlur(5)).resize((width, height), Image.Resampling.BICUBIC)


def _survey_words(picture: Image.Image, lettering: Lettering) -> None:
    pen = ImageDraw.Draw(picture)
    for x in range(130, 1500, 228):
        pen.line([(x, 60), (x, 1120)], fill=(120, 120, 116), width=1)
    for y in range(150, 1120, 228):
        pen.line([(60, y), (1500, y)], fill=(120, 120, 116), width=1)
    pen.rectangle((60, 60, 1500, 1120), outline=INK, width=3)
    pen.rectangle((1130, 890, 1480, 1100), fill=PAPER, outline=INK, width=2)
    centred(picture, lettering, "雁回水库坝址地形图", 1305, 908, 34, INK)
    for index, words in enumerate(("1958年11月测绘　1:5000", "等高距10米", "红线为拟定坝轴与蓄水线")):
        centred(picture, lettering, words, 1305, 966 + index * 40, 24, INK)
    for words, x, y, tone in (
        ("竹坞", 400, 470, INK),
        ("上坳", 690, 520, INK),
        ("拟坝轴线", 980, 470, (186, 46, 38)),
        ("澜江", 1190, 520, (64, 122, 158)),
        ("雁回山", 240, 180, INK),
    ):
        along(picture, lettering, words, x, y, 26, tone)


# --- A blueprint ------------------------------------------------------------------------------------------------

BLUE, LINE = (30, 66, 112), (214, 226, 236)


def blueprint(lettering: Lettering, seed: int = 1976) -> Image.Image:
    """Elevation and section of the great bridge, white on blue as it came from the copier."""
    sheet = Sheet(1640, 1100, "RGB", BLUE)
    lines = sheet.layer(LINE)
    deck, water = 380, 590
    for y in (deck, deck + 14):
        lines.hair([(120, y), (1520, y)], 2)
    for pier in range(6):
        x = 160 + pier * 264
        for side in (-13, 13):
            lines.hair([(x + side, deck + 14), (x + side * 1.7, water + 60)], 1.6)
        lines.hair(
            [
                (x - 34, water + 60),
                (x + 34, water + 60),
                (x + 34, water + 84),
                (x - 34, water + 84),
                (x - 34, water + 60),
            ],
            1.6,
        )
        lines.hair([(x, deck - 70), (x, water + 120)], 0.6)
        if pier < 5:
            _blue_span(lines, x, x + 264, deck, water)
    lines.hair([(90, water), (1550, water)], 0.8)
    lines.hair([(80, 300), (1540, 300)], 0.8)
    for pier in range(6):
        lines.hair([(154 + pier * 264, 306), (166 + pier * 264, 294)], 2)
    _blue_section(lines, 420, 860)
    for k in range(7):
        lines.hair([(860, 780 + k * 32), (1520, 780 + k * 32)], 1)
    for x in (860, 1010, 1320, 1520):
        lines.hair([(x, 780), (x, 972)], 1)
    sheet.put(lines, blur=0.4, cover=0.9)
    picture = sheet.picture
    _blue_words(picture, lettering)
    return _copied(picture, seed)


def _blue_span(layer: Layer, left: float, right: float, deck: float, water: float) -> None:
    middle, half = (left + right) / 2, (right - left) / 2 - 14
    for lift in (0, 13):
        layer.hair(
            [
                (middle + half * k / 24, water - 24 - (water - deck - 66 + lift) * (1 - (k / 24) ** 2))
                for k in range(-24, 25)
            ],
            1.6,
        )
    for part in (-0.78, -0.56, 0.56, 0.78):
        x, y = middle + half * part, water - 32 - (water - deck - 66) * (1 - part**2)
        for side in (-4, 4):
            layer.hair([(x + side, y), (x + side, deck + 14)], 1.2)
    layer.hair([(middle, deck - 40), (middle, water + 20)], 0.6)


def _blue_section(layer: Layer, x: float, y: float) -> None:
    for box in ((-220, -60, 220, -44), (-236, -96, -220, -44), (220, -96, 236, -44)):
        left, top, right, bottom = (x + box[0], y + box[1], x + box[2], y + box[3])
        layer.hair([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], 2)
    for rib in range(5):
        px = x - 180 + rib * 90
        layer.hair([(px - 16, y - 44), (px - 16, y + 30), (px + 16, y + 30), (px + 16, y - 44)], 1.6)
        for hatch in range(6):
            layer.hair([(px - 16, y + 20 - hatch * 12), (px + 4, y - hatch * 12)], 0.8)
    layer.hair([(x - 236, y - 130), (x + 236, y - 130)], 0.8)


def _blue_words(picture: Image.Image, lettering: Lettering) -> None:
    centred(picture, lettering, "栖澜大桥总布置图", 820, 90, 56, LINE, 0.16)
    centred(picture, lettering, "立　面　图　1:500", 820, 186, 28, LINE)
    centred(picture, lettering, "横断面图　1:50", 420, 960, 26, LINE)
    for pier in range(5):
        centred(picture, lettering, "6000", 292 + pier * 264, 264, 24, LINE)
    centred(picture, lettering, "900", 420, 694, 24, LINE)
    along(picture, lettering, "设计洪水位 47.60", 1370, 600, 22, LINE)
    rows = (
        ("工程名称", "栖澜大桥", "图号 桥-01"),
        ("桥型", "五孔双曲拱", "全长312米"),
        ("设计", "地区交通局设计组", "1976.6"),
        ("复核", "（签名从略）", "第1张"),
        ("施工", "栖澜大桥工程指挥部", "共24张"),
        ("附注", "尺寸以厘米计，高程以米计", ""),
    )
    for row, cells in enumerate(rows):
        for x, words in zip((872, 1022, 1332), cells, strict=True):
            along(picture, lettering, words, x, 784 + row * 32, 23, LINE)


def _copied(picture: Image.Image, seed: int) -> Image.Image:
    """The copier's streaks, the folds worn white, a corner faded by light."""
    dice = random.Random(seed)
    streaks = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(streaks)
    for _streak in range(60):
        y = dice.uniform(0, picture.height)
        pen.line(
            [(0, y), (picture.width, y + dice.uniform(-4, 4))], fill=dice.randint(6, 26), width=dice.randint(1, 14)
        )
    for k in range(1, 4):
        x = picture.width * k / 4
        pen.line([(x, 0), (x + 3, picture.height)], fill=120, width=3)
    pen.line([(0, picture.height / 2), (picture.width, picture.height / 2 + 2)], fill=110, width=3)
    picture.paste((146, 170, 196), (0, 0), streaks.filter(ImageFilter.GaussianBlur(1.6)))
    light = Image.radial_gradient("L").resize(picture.size).point(lambda value: int(max(0, value - 110) * 0.5))
    picture.paste((112, 140, 170), (0, 0), light)
    return ImageChops.multiply(picture, sheet_of(picture.size, (248, 248, 246), seed))
