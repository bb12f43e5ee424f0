"""The eight views of Qilan: an album of ink paintings with a little colour, each with its title, couplet and seals."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from . import buildings, figures, landscape
from .brushwork import INK, WHITE, cottage, leafy, mist, mountain, pine, texture, waves
from .inscriptions import Lettering, columns, down, seal
from .paper import RICE, aged, sheet_of
from .sheet import Sheet

SIZE = (1500, 1060)
OCHRE, INDIGO, GREEN, RED = (196, 158, 116), (128, 146, 152), (132, 150, 124), (186, 84, 62)


def view(lettering: Lettering, scene: str, lines: tuple[str, str, str], seed: int) -> Image.Image:
    """One leaf of the album: `lines` are the title and the two verses."""
    dice = random.Random(seed)
    paint, shape, place = SCENES[scene]
    sheet = Sheet(*SIZE, "RGB", WHITE)
    paint(sheet, dice)
    painted = _silk(sheet.picture, shape)
    leaf = ImageChops.multiply(painted, sheet_of(SIZE, RICE, seed))
    right, top = place
    columns(leaf, lettering, lines[:1], right, top, 44, INK)
    columns(leaf, lettering, lines[1:], right - 70, top + 12, 30, INK, 1.35)
    seal(leaf, lettering, "西橋", (right - 46, top + 4 * 46 + 16), 46, seed=seed)
    seal(
        leaf, lettering, "瀾上" if seed % 2 else "寫生", (right - 136, top + 8 * 32 + 6), 34, seed=seed, is_raised=True
    )
    return aged(leaf, seed, folds=(1, 0), foxing=26)


def _silk(picture: Image.Image, shape: str) -> Image.Image:
    """The painted part: the whole leaf, a round fan or a folding fan."""
    if shape == "leaf":
        return picture
    width, height = SIZE
    cover = Image.new("L", (width // 2, height // 2), 0)
    pen = ImageDraw.Draw(cover)
    if shape == "round":
        pen.ellipse((30, 20, 530, 510), fill=255)
    else:
        pen.pieslice((-45, 40, 795, 880), 205, 335, fill=255)
        pen.ellipse((225, 310, 525, 610), fill=0)
        pen.rectangle((0, 380, 750, 530), fill=0)
    cover = cover.resize(SIZE, Image.Resampling.BILINEAR)
    framed = Image.new("RGB", SIZE, WHITE)
    framed.paste(ImageChops.multiply(picture, Image.new("RGB", SIZE, (247, 240, 222))), (0, 0), cover)
    rim = ImageChops.difference(cover, cover.filter(ImageFilter.BoxBlur(3)))
    framed.paste((150, 132, 104), (0, 0), rim)
    return framed


# --- The scenes -------------------------------------------------------------------------------------------------


def _dawn_ferry(sheet: Sheet, dice: random.Random) -> None:
    for shapes, tone, bottom in (
        ([(260, 240, 300), (620, 200, 220), (1100, 260, 260)], (156, 162, 166), 600),
        ([(80, 240, 200), (900, 180, 150)], (122, 128, 130), 620),
    ):
        mountain(sheet, dice, landscape.peaks(dice, bottom, shapes), bottom, tone=tone, wash=INDIGO, dots=0)
    mist(sheet, 590, 110)
    span = sheet.layer((170, 164, 152))
    buildings.arched_bridge(span, 220, 940, 700, 150, 3, (198, 190, 174), (104, 98, 90))
    for x, foot in ((520, 566), (640, 560)):
        figures.standing(span, x, foot, 34, dice, gown=True)
    sheet.put(span, blur=0.5)
    boat = sheet.layer(INK)
    figures.sampan(boat, 600, 800, 170)
    figures.boatman(boat, 540, 796, 74, dice)
    sheet.put(boat, blur=0.4, cover=0.9)
    waves(sheet, dice, 704, 960, 130)
    bank = sheet.layer((110, 118, 104))
    for x, height in ((90, 330), (190, 280)):
        landscape.willow(bank, dice, x, 860, height)
    sheet.put(bank, blur=0.6, cover=0.8)
    mountain(
        sheet,
        dice,
        [(x, 850 + 20 * math.sin(x / 60) + max(0, x - 180) * 0.62) for x in range(-20, 400, 9)],
        1010,
        wash=OCHRE,
    )


def _pagoda_dusk(sheet: Sheet, dice: random.Random) -> None:
    sun = sheet.layer((206, 96, 66))
    sun.ellipse(330, 330, 58, 58)
    sheet.put(sun, blur=3, cover=0.78)
    sheet.wash((226, 168, 126), 240, 620, 0, 70)
    mountain(sheet, dice, landscape.ridge(dice, -20, 1520, 640, 150), 660, tone=(160, 152, 146), wash=OCHRE, dots=0)
    mist(sheet, 640, 70)
    mountain(sheet, dice, landscape.peaks(dice, 700, [(640, 300, 250), (840, 240, 130)]), 720, wash=OCHRE, dots=2)
    tower = sheet.layer((92, 78, 68))
    buildings.pagoda(tower, 640, 462, 330, 7, (112, 92, 78), (214, 196, 168))
    for x in (540, 580, 700, 742, 790):
        pine(tower, dice, x, 520 + abs(x - 640) * 0.4, dice.randint(90, 130))
    landscape.birds(tower, dice, 420, 240, 11, 60)
    sheet.put(tower, blur=0.5)
    waves(sheet, dice, 700, 1000, 130)
    boats = sheet.layer(INK)
    for x, y, length in ((330, 810, 150), (470, 770, 90)):
        figures.sampan(boats, x, y, length)
    figures.boatman(boats, 282, 808, 64, dice)
    sheet.put(boats, blur=0.4)


def _geese(sheet: Sheet, dice: random.Random) -> None:
    for shapes, tone, bottom in (
        ([(300, 220, 560), (640, 190, 430)], (150, 152, 152), 760),
        ([(120, 260, 470), (480, 160, 640), (760, 240, 330)], (108, 106, 102), 860),
    ):
        mountain(sheet, dice, landscape.peaks(dice, bottom, shapes), bottom, tone=tone, wash=OCHRE, dots=1)
        mist(sheet, bottom - 130, 80, 170)
    flight = sheet.layer(INK)
    for rank in range(9):
        for side in (-1, 1):
            x, y = 980 + rank * 30, 330 + side * rank * 15 - rank * 6
            flight.stroke([(x - 11, y - 5), (x, y), (x + 12, y - 6)], 1.6, 1.2)
    sheet.put(flight, blur=0.3)
    trees = sheet.layer(INK)
    for x in (90, 190, 330, 420, 590, 700):
        leafy(
            trees, dice, x, 960 + dice.uniform(-20, 20), dice.randint(130, 210), (RED, (206, 124, 70), (168, 104, 66))
        )
    cottage(trees, 510, 950, 84)
    sheet.put(trees, blur=0.4)
    waves(sheet, dice, 880, 1030, 60)


def _stone_gate(sheet: Sheet, dice: random.Random) -> None:
    mountain(sheet, dice, landscape.ridge(dice, 300, 1200, 520, 150), 540, tone=(170, 174, 176), wash=INDIGO, dots=0)
    for side, reach in ((0, 430), (1500, 380)):
        way = 1 if side == 0 else -1
        face = [
            (side - way * 30, 130),
            (side + way * reach * 0.5, 170),
            (side + way * reach * 0.8, 300),
            (side + way * reach * 0.74, 470),
            (side + way * reach, 620),
            (side + way * reach * 0.96, 860),
        ]
        line = [
            (x0 + (x1 - x0) * k / 26 + dice.uniform(-5, 5), y0 + (y1 - y0) * k / 26)
            for (x0, y0), (x1, y1) in zip(face, face[1:], strict=False)
            for k in range(26)
        ]
        mountain(sheet, dice, line if way > 0 else line[::-1], 900, wash=OCHRE, dots=2)
        trees = sheet.layer(INK)
        for part in (0.2, 0.42, 0.62):
            pine(trees, dice, side + way * reach * part, 190 + part * 60, 120)
        sheet.put(trees, blur=0.4)
    fleet = sheet.layer(INK)
    for x, y, size in ((640, 640, 90), (760, 600, 66), (860, 720, 130), (690, 860, 190)):
        figures.sampan(fleet, x, y, size)
        fleet.hair([(x, y), (x, y - size * 1.25)], 2)
        fleet.polygon(
            [
                (x + 3, y - size * 1.2),
                (x + size * 0.55, y - size * 1.05),
                (x + size * 0.5, y - size * 0.35),
                (x + 3, y - size * 0.25),
            ],
            (206, 176, 132),
        )
        for batten in range(5):
            by = y - size * (1.1 - batten * 0.18)
            fleet.hair([(x + 3, by), (x + size * 0.52, by + size * 0.06)], 1, (120, 94, 66))
    sheet.put(fleet, blur=0.4)
    waves(sheet, dice, 540, 1040, 260)


def _kiln_fire(sheet: Sheet, dice: random.Random) -> None:
    sheet.wash((96, 104, 116), 0, 640, 150, 40)
    stars = sheet.layer(WHITE)
    for _star in range(60):
        stars.ellipse(dice.uniform(0, 1500), dice.uniform(20, 420), 1.8, 1.8)
    sheet.put(stars, blur=0.6)
    mountain(sheet, dice, landscape.ridge(dice, -20, 1520, 560, 220), 600, tone=(120, 124, 130), wash=INDIGO)
    for base, left, length, rise in ((900, 300, 400, 150), (770, 590, 300, 120), (690, 280, 240, 84)):
        sheet.glow(left, base - 20, 150, (246, 178, 110), 220)
        body = sheet.layer((142, 112, 90))
        spine = [(left + length * k / 20, base - rise * k / 20) for k in range(21)]
        body.stroke(spine, length * 0.1, length * 0.055)
        for x, y in spine[1::2]:
            body.ellipse(x, y, 5, 6, (250, 206, 120))
        body.ellipse(left - 4, base - 4, length * 0.036, length * 0.04, (252, 214, 130))
        sheet.put(body, blur=0.6)
        landscape.smoke(sheet, dice, left + length, base - rise, 170, (176, 170, 164), 0.5)
    people = sheet.layer(INK)
    figures.carrier(people, 450, 944, 62, dice)
    figures.standing(people, 366, 930, 60, dice)
    for x in (560, 660, 780, 880):
        leafy(people, dice, x, 960, dice.randint(90, 140), ((70, 82, 76), (92, 100, 92)))
    sheet.put(people, blur=0.4)
    waves(sheet, dice, 960, 1040, 50)


def _spring_tea(sheet: Sheet, dice: random.Random) -> None:
    mountain(
        sheet,
        dice,
        landscape.peaks(dice, 560, [(300, 260, 330), (720, 240, 250), (1100, 260, 290)]),
        580,
        tone=(150, 158, 156),
        wash=GREEN,
        dots=0,
    )
    mist(sheet, 520, 90)
    for row in range(9):
        part = row / 8
        y = 560 + 420 * part**1.2
        line = [(x, y + (26 + 30 * part) * math.sin(x / (150 + 60 * part) + row * 1.3)) for x in range(-20, 1530, 10)]
        bushes = sheet.layer((116, 138, 106))
        for x, py in line:
            r = (5 + 11 * part) * dice.uniform(0.75, 1.1)
            bushes.ellipse(x, py, r * 1.2, r, dice.choice(((112, 136, 104), (128, 150, 114), (98, 122, 96))))
        sheet.put(bushes, blur=0.7, cover=0.82)
        if 1 < row < 8:
            people = sheet.layer(INK)
            for _picker in range(2):
                x = dice.uniform(60, 1000)
                tone = dice.choice(((196, 112, 96), (112, 132, 156), (206, 190, 160)))
                size = 34 + 50 * part
                foot = y + (26 + 30 * part) * math.sin(x / (150 + 60 * part) + row * 1.3)
                people.tone = tone
                _shoulder, head = figures.standing(people, x, foot + 4, size, dice)
                figures.straw_hat(people, head, size, (222, 196, 140))
            sheet.put(people, blur=0.4)
    trees = sheet.layer(INK)
    cottage(trees, 860, 566, 90)
    leafy(trees, dice, 780, 570, 150, ((112, 134, 104), (88, 110, 92)))
    sheet.put(trees, blur=0.4)


def _moon_terrace(sheet: Sheet, dice: random.Random) -> None:
    sheet.wash((112, 122, 134), 0, 1060, 110, 50)
    moon = sheet.layer(WHITE)
    moon.ellipse(760, 250, 84, 84)
    sheet.glow(760, 250, 260, WHITE, 190)
    sheet.put(moon, blur=1.6)
    mountain(sheet, dice, landscape.ridge(dice, -20, 1520, 720, 170), 740, tone=(136, 142, 148), wash=INDIGO, dots=0)
    mist(sheet, 700, 90, 150)
    cliff = [(x, 900 - 330 / (1 + math.exp((x - 520) / 46)) + dice.uniform(-6, 6)) for x in range(-20, 760, 7)]
    mountain(sheet, dice, cliff, 1000, wash=INDIGO, dots=2)
    top = sheet.layer((96, 84, 74))
    top.box(150, 556, 420, 584, (178, 168, 150))
    for post in (186, 252, 318, 384):
        top.stroke([(post, 556), (post, 446)], 7, tone=(130, 74, 58))
    buildings.curved_roof(top, 166, 404, 450, 76, (72, 72, 74))
    for rail in range(13):
        top.hair([(152 + rail * 22, 556), (152 + rail * 22, 534)], 2, (130, 74, 58))
    top.hair([(150, 536), (420, 536)], 2.4, (130, 74, 58))
    figures.standing(top, 286, 556, 66, dice, gown=True)
    pine(top, dice, 90, 600, 330)
    pine(top, dice, 470, 640, 200)
    sheet.put(top, blur=0.4)
    waves(sheet, dice, 880, 1040, 120)


def _snow_gate(sheet: Sheet, dice: random.Random) -> None:
    sheet.wash((150, 154, 158), 0, 700, 130, 60)
    for base, height in ((620, 330), (700, 190)):
        line = landscape.ridge(dice, -20, 1520, base, height)
        white = sheet.layer(WHITE)
        white.polygon([*line, (1520, base + 120), (-20, base + 120)])
        sheet.put(white, blur=2)
        strokes = sheet.layer((130, 132, 134))
        texture(strokes, dice, line, base + 30)
        sheet.put(strokes, blur=0.8, cover=0.5)
    ground = sheet.layer((252, 251, 248))
    ground.box(0, 760, 1500, 1060)
    sheet.put(ground, blur=8)
    wall = sheet.layer((150, 142, 132))
    buildings.gate_tower(
        wall,
        420,
        790,
        330,
        {
            "wall": (158, 150, 140),
            "line": (134, 126, 118),
            "timber": (150, 92, 74),
            "roof": (250, 248, 244),
            "dark": (84, 72, 64),
        },
    )
    sheet.put(wall, blur=0.5)
    trees = sheet.layer((74, 66, 60))
    for x, size in ((120, 74), (740, 66), (860, 52)):
        landscape.branch(trees, dice, x, 850, -1.5, size, 12)
    sheet.put(trees, blur=0.4)
    rider = sheet.layer(INK)
    x, y = 560, 940
    rider.stroke([(x - 30, y - 34), (x + 26, y - 36)], 24)
    for leg in (-30, -18, 18, 28):
        rider.stroke([(x + leg, y - 30), (x + leg + 3, y)], 6, 4)
    rider.stroke([(x + 26, y - 40), (x + 46, y - 62), (x + 58, y - 54)], 13, 8)
    rider.stroke([(x + 44, y - 64), (x + 42, y - 80)], 4, 2)
    rider.tone = (172, 84, 66)
    _shoulder, head = figures.standing(rider, x - 2, y - 16, 84, dice, gown=True)
    figures.straw_hat(rider, head, 84, INK)
    sheet.put(rider, blur=0.4)


Scene = Callable[[Sheet, random.Random], None]
SCENES: dict[str, tuple[Scene, str, tuple[int, int]]] = {
    "view-ferry": (_dawn_ferry, "leaf", (1430, 90)),
    "view-pagoda": (_pagoda_dusk, "round", (1400, 110)),
    "view-geese": (_geese, "leaf", (1430, 500)),
    "view-gate": (_stone_gate, "leaf", (960, 80)),
    "view-kiln": (_kiln_fire, "round", (1400, 110)),
    "view-tea": (_spring_tea, "leaf", (1430, 80)),
    "view-moon": (_moon_terrace, "leaf", (1430, 110)),
    "view-snow": (_snow_gate, "leaf", (1430, 90)),
}
"""Scene → what paints it, the shape of its silk, and where its words begin (right edge, top)."""
VERSES = {
    "view-ferry": ("永濟曉渡", "一篙破曉煙初散", "三月橋頭柳欲飛"),
    "view-pagoda": ("文瀾夕照", "塔影自隨江水去", "夕陽不上渡人船"),
    "view-geese": ("雁迴秋色", "雁到峯前皆欲轉", "秋從木末最先來"),
    "view-gate": ("石門落帆", "水落石門千尺立", "帆收一葉九灣輕"),
    "view-kiln": ("陶溪窯火", "萬家不夜山頭火", "列宿疑從溪底生"),
    "view-tea": ("雲門春茗", "採得雲門春一寸", "滿山都是雨前聲"),
    "view-moon": ("鳳臺夜月", "鳳去臺空惟月在", "夜深猶照大江流"),
    "view-snow": ("北郭雪霽", "雪後城門開較早", "蹇驢馱得一山來"),
}


def title_leaf(lettering: Lettering, seed: int = 1843) -> Image.Image:
    """The album's title in large characters with its date and signature."""
    leaf = sheet_of(SIZE, RICE, seed)
    for index, character in enumerate("瀾江八景"):
        mask = lettering(character, 250)
        if mask is not None:
            leaf.paste(INK, (1190 - index * 290, 330), mask)
    down(leaf, lettering, "道光癸卯冬日", 110, 300, 40, INK)
    down(leaf, lettering, "西橋顧樵寫", 56, 340, 40, INK)
    seal(leaf, lettering, "顧樵", (56, 640), 60, seed=3)
    seal(leaf, lettering, "棲瀾藏書", (1370, 880), 92, seed=4, is_raised=True)
    return aged(leaf, seed, folds=(1, 0))
