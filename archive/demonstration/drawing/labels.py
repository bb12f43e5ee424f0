"""What was printed in colour to please: seals in a collector's book, a tea label, match labels, a New Year print."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from . import buildings, figures, landscape
from .inscriptions import Lettering, along, centred, down, seal
from .paper import RICE, aged, sheet_of
from .sheet import Layer, Sheet

INK, GREEN, RED = (46, 41, 38), (58, 104, 84), (172, 52, 40)


def seals(letters: Lettering, seed: int = 1702) -> Image.Image:
    """A page of a collector's book of seal impressions, each with its legend in small columns."""
    page = sheet_of((1180, 1500), (240, 234, 218), seed)
    pen = ImageDraw.Draw(page)
    pen.rectangle((90, 90, 1090, 1410), outline=(120, 60, 48), width=4)
    pen.rectangle((102, 102, 1078, 1398), outline=(120, 60, 48), width=1)
    kept = (
        ("棲瀾縣印", 250, True, "銅，印面方二寸一分"),
        ("周廷楷印", 170, False, "青田石"),
        ("瀾西居士", 170, True, "壽山石"),
        ("縣學之印", 210, True, "木，乾隆間製"),
        ("照影樓", 150, False, "昌化石，沈氏用印"),
        ("得水", 130, False, "黃楊木，蘆汀村廟物"),
    )
    for index, (words, size, is_raised, legend) in enumerate(kept):
        x, y = (330, 850)[index % 2], 300 + index // 2 * 410
        seal(page, letters, words, (x - size / 2, y - size / 2), size, seed=seed + index, is_raised=is_raised)
        down(page, letters, legend, x + 150, y - 120, 24, INK)
    down(page, letters, "棲瀾印存　卷上", 1030, 130, 30, INK)
    return aged(page, seed, foxing=30)


def tea_label(letters: Lettering, seed: int = 1932) -> Image.Image:
    """The wrapper of a tea house: a girl among the bushes beneath cloud and pine, in four colours."""
    dice = random.Random(seed)
    sheet = Sheet(1080, 1420, "RGB", (240, 226, 186))
    sky = sheet.layer((226, 178, 118))
    sky.ellipse(540, 560, 330, 330)
    sheet.put(sky, blur=0.6)
    for base, tone in ((700, (146, 172, 160)), (780, (104, 142, 126))):
        landscape.hills(
            sheet, landscape.peaks(dice, base, [(250, 190, 300), (560, 200, 210), (880, 210, 330)]), 900, tone, blur=0.6
        )
    cloud = sheet.layer((248, 240, 220))
    for x, y, r in ((260, 640, 40), (330, 620, 54), (410, 645, 40), (700, 700, 44), (780, 680, 58), (860, 706, 42)):
        cloud.ellipse(x, y, r * 1.6, r * 0.7)
    sheet.put(cloud, blur=0.6)
    bushes = sheet.layer(GREEN)
    for row in range(7):
        for x in range(0, 1100, 26 + row * 4):
            r = 17 + row * 5
            bushes.ellipse(
                x + row % 2 * 16,
                810 + row * 44 + 12 * math.sin(x / 90),
                r * 1.2,
                r,
                dice.choice(((64, 112, 88), (78, 126, 96), (52, 98, 80))),
            )
    figures.standing(bushes, 540, 1010, 300, dice, gown=True)
    sheet.put(bushes, blur=0.4)
    girl = sheet.layer((188, 62, 50))
    girl.polygon([(500, 900), (580, 900), (590, 770), (490, 770)])
    girl.ellipse(540, 735, 20, 26, (240, 206, 170))
    figures.straw_hat(girl, (540, 724), 320, (216, 170, 92))
    girl.polygon([(596, 880), (676, 880), (660, 940), (612, 940)], (150, 104, 60))
    sheet.put(girl, blur=0.4)
    picture = sheet.picture
    pen = ImageDraw.Draw(picture)
    for inset, width in ((24, 12), (46, 3)):
        pen.rectangle((inset, inset, 1080 - inset, 1420 - inset), outline=RED, width=width)
    pen.rectangle((120, 84, 960, 236), fill=RED)
    centred(picture, letters, "尖霧門雲", 540, 100, 118, (248, 232, 190), 0.3)
    down(picture, letters, "雨前揀選", 96, 300, 54, RED)
    down(picture, letters, "貨真價實", 930, 300, 54, RED)
    pen.rectangle((60, 1200, 1020, 1370), fill=(248, 238, 208), outline=RED, width=4)
    centred(picture, letters, "號發泰棧茶埠石青", 540, 1216, 64, GREEN, 0.12)
    centred(picture, letters, "開設下街碼頭　民國廿一年春莊", 540, 1306, 36, INK)
    return aged(
        ImageChops.multiply(picture, sheet_of(picture.size, (250, 244, 230), seed)), seed, folds=(1, 1), foxing=30
    )


def matchboxes(letters: Lettering, seed: int = 1982) -> Image.Image:
    """Six match labels on a collector's sheet: one motif each, in three flat colours."""
    dice = random.Random(seed)
    sheet = Sheet(1500, 1120, "RGB", (238, 232, 216))
    grounds = ((206, 92, 66), (64, 112, 132), (216, 166, 82), (92, 128, 96), (126, 84, 98), (70, 88, 120))
    paints = (_label_bridge, _label_pagoda, _label_kiln, _label_boat, _label_tea, _label_dam)
    for index, (ground, paint) in enumerate(zip(grounds, paints, strict=True)):
        x, y = 120 + index % 3 * 440, 120 + index // 3 * 470
        label = sheet.layer((250, 244, 226))
        label.box(x, y, x + 380, y + 410)
        label.box(x + 14, y + 14, x + 366, y + 396, ground)
        sheet.put(label)
        motif = sheet.layer((250, 240, 214))
        paint(motif, x, y, dice)
        sheet.put(motif, blur=0.4)
    picture = sheet.picture
    for index, words in enumerate(("永济桥", "文澜塔", "和合窑", "龙舟", "云门茶", "雁回坝")):
        x, y = 120 + index % 3 * 440, 120 + index // 3 * 470
        along(picture, letters, words, x + 30, y + 28, 46, (252, 244, 222), 0.06)
        along(picture, letters, "栖澜火柴厂", x + 30, y + 352, 28, (252, 244, 222))
        along(picture, letters, f"6—{index + 1}", x + 300, y + 352, 28, (252, 244, 222))
    return aged(ImageChops.multiply(picture, sheet_of(picture.size, (248, 244, 234), seed)), seed, foxing=24)


def _label_bridge(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    buildings.arched_bridge(layer, x + 30, x + 350, y + 270, 90, 3, (250, 240, 214), (196, 76, 54))
    for k in range(5):
        layer.hair([(x + 40, y + 288 + k * 11), (x + 340, y + 288 + k * 11)], 2)


def _label_pagoda(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    layer.ellipse(x + 280, y + 150, 40, 40, (234, 178, 92))
    buildings.pagoda(layer, x + 180, y + 320, 230, 7, (250, 240, 214), (64, 112, 132))
    layer.polygon([(x + 60, y + 336), (x + 180, y + 300), (x + 310, y + 336)], (36, 70, 88))


def _label_kiln(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    layer.stroke([(x + 60, y + 320), (x + 330, y + 150)], 66, 36, (140, 66, 44))
    for k in range(7):
        layer.ellipse(x + 90 + k * 34, y + 302 - k * 22, 9, 10, (252, 232, 150))
    layer.ellipse(x + 64, y + 322, 26, 24, (252, 232, 150))


def _label_boat(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    tones = {
        "hull": (196, 72, 50),
        "trim": (246, 214, 120),
        "crew": (250, 240, 214),
        "skin": (214, 166, 120),
        "hair": (50, 46, 40),
        "flag": (222, 176, 70),
        "mane": (246, 214, 120),
    }
    figures.dragon_boat(layer, x + 186, y + 240, 300, 0.1, rowers=8, tones=tones)
    for k in range(4):
        layer.hair([(x + 30 + j * 16, y + 280 + k * 16 - 5 * math.sin(j * 1.4)) for j in range(21)], 2.4)


def _label_tea(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    for angle, reach in ((-1.57, 150), (-1.05, 118), (-2.1, 118)):
        tip = (x + 190 + math.cos(angle) * reach, y + 310 + math.sin(angle) * reach)
        side = (math.cos(angle + 1.57) * 30, math.sin(angle + 1.57) * 30)
        middle = ((x + 190 + tip[0]) / 2, (y + 310 + tip[1]) / 2)
        layer.polygon(
            [
                (x + 190, y + 310),
                (middle[0] + side[0], middle[1] + side[1]),
                tip,
                (middle[0] - side[0], middle[1] - side[1]),
            ]
        )
        layer.hair([(x + 190, y + 310), tip], 2.4, (92, 128, 96))


def _label_dam(layer: Layer, x: float, y: float, dice: random.Random) -> None:
    layer.polygon([(x + 30, y + 320), (x + 110, y + 170), (x + 270, y + 170), (x + 350, y + 320)])
    for k in range(6):
        layer.hair([(x + 110 - k * 13, y + 180 + k * 24), (x + 270 + k * 13, y + 180 + k * 24)], 2, (70, 88, 120))
    for k in range(3):
        layer.stroke([(x + 150 + k * 40, y + 236), (x + 150 + k * 40, y + 320)], 12, 24, (132, 178, 206))


def carp_print(letters: Lettering, seed: int = 1911) -> Image.Image:
    """A New Year print from wood blocks: a carp that leaps at the Stone Gate, slightly out of register."""
    size = (1060, 1400)
    black, red, green, yellow = (Sheet(*size, "RGB", (255, 255, 255)) for _plate in range(4))
    keyline, fish, sea, gold = (
        black.layer((42, 36, 34)),
        red.layer((206, 70, 54)),
        green.layer((96, 146, 128)),
        yellow.layer((236, 190, 92)),
    )
    for row in range(7):
        y = 1010 + row * 52
        for x in range(-40 + row % 2 * 62, 1120, 124):
            for r in (62, 44, 26):
                arc = [
                    (x + r * math.cos(math.pi * k / 12), y - r * 0.8 * math.sin(math.pi * k / 12)) for k in range(13)
                ]
                keyline.hair(arc, 3)
            sea.ellipse(x, y, 60, 48)
    body = [(250, 960), (330, 760), (450, 590), (580, 480), (700, 440)]
    for (x0, y0), (x1, y1), w0, w1 in (
        (body[0], body[1], 60, 130),
        (body[1], body[2], 130, 176),
        (body[2], body[3], 176, 170),
        (body[3], body[4], 170, 110),
    ):
        fish.stroke([(x0, y0), (x1, y1)], w0, w1)
    fish.polygon([(250, 960), (130, 930), (200, 1020), (120, 1110), (260, 1080), (330, 1000)])
    fish.polygon([(350, 660), (250, 560), (420, 520), (500, 480)])
    fish.polygon([(560, 600), (640, 700), (520, 690)])
    for part in range(9):
        for side in range(-2, 3):
            k = part / 9 * (len(body) - 1.2)
            i = int(k)
            x = body[i][0] + (body[i + 1][0] - body[i][0]) * (k - i) + side * 26
            y = body[i][1] + (body[i + 1][1] - body[i][1]) * (k - i) + side * 20
            gold.ellipse(x, y, 16, 16)
            keyline.hair(
                [
                    (x + 17 * math.cos(a / 6 * math.pi - 0.6), y + 17 * math.sin(a / 6 * math.pi - 0.6))
                    for a in range(7)
                ],
                2.6,
            )
    keyline.ellipse(706, 420, 16, 16)
    keyline.ellipse(706, 420, 8, 8, (255, 255, 255))
    for side in (0, 26):
        keyline.hair([(748, 452), (800, 470 + side), (830, 440 + side * 2)], 4)
    gold.ellipse(830, 210, 74, 74)
    for side in (-1, 1):
        x = 530 + side * 390
        sea.polygon([(x - 90, 1010), (x - 70, 330), (x, 250), (x + 70, 330), (x + 100, 1010)])
        keyline.hair([(x - 90, 1010), (x - 70, 330), (x, 250), (x + 70, 330), (x + 100, 1010)], 4)
        for k in range(5):
            keyline.hair([(x - 60 + k * 26, 420 + k * 30), (x - 70 + k * 30, 640 + k * 30)], 3)
    for plate, layer in ((yellow, gold), (green, sea), (red, fish), (black, keyline)):
        plate.put(layer, blur=0.5)
    print_ = ImageChops.offset(yellow.picture, 5, -3)
    for plate, shift in ((green, (-4, 3)), (red, (3, 4)), (black, (0, 0))):
        print_ = ImageChops.multiply(print_, ImageChops.offset(plate.picture, *shift))
    ImageDraw.Draw(print_).rectangle((36, 36, 1024, 1364), outline=(42, 36, 34), width=7)
    seal_at = (110, 90)
    ImageDraw.Draw(print_).rectangle(
        (seal_at[0] - 12, 78, seal_at[0] + 92, 440), fill=(232, 120, 84), outline=(42, 36, 34), width=4
    )
    down(print_, letters, "魚躍石門", seal_at[0], seal_at[1], 80, (42, 36, 34))
    return aged(ImageChops.multiply(print_, sheet_of(size, RICE, seed)), seed, folds=(0, 1), foxing=40)
