"""Small printed things that people kept: tickets, coupons, a deed, a diploma, a playbill, a first issue."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from . import figures, landscape
from .inscriptions import SEAL, Colour, Lettering, along, centred, columns, down, seal
from .paper import GREY, WHITE, aged, on_table, sheet_of
from .sheet import Sheet

INK, BLUE, GREEN, RED = (46, 41, 38), (46, 76, 118), (58, 104, 84), (172, 52, 40)


def _guilloche(picture: Image.Image, box: tuple[int, int, int, int], tone: Colour, waves: int = 9) -> None:
    """The fine interlaced lines of security printing."""
    left, top, right, bottom = box
    pen = ImageDraw.Draw(picture)
    for phase in range(waves):
        line = []
        for x in range(left, right + 1, 3):
            swing = math.sin(x / 34 + phase * math.tau / waves) * math.cos(x / 150 + phase)
            line.append((x, (top + bottom) / 2 + swing * (bottom - top) / 2))
        pen.line(line, fill=tone, width=1)


def _rosette(picture: Image.Image, x: float, y: float, radius: float, tone: Colour, petals: int = 12) -> None:
    pen = ImageDraw.Draw(picture)
    for turn in (0.0, 0.09, 0.18, 0.27):
        line = []
        for k in range(0, 361, 2):
            angle = math.radians(k)
            reach = radius * (0.62 + 0.38 * math.sin(angle * petals + turn * 12))
            line.append((x + reach * math.cos(angle + turn), y + reach * math.sin(angle + turn)))
        pen.line(line, fill=tone, width=1)


def _paled(tone: Colour, part: float) -> Colour:
    return tuple(round(v + (246 - v) * part) for v in tone)


def _round_stamp(
    picture: Image.Image, letters: Lettering, words: str, place: tuple[float, float], radius: int, tone=SEAL
) -> None:
    """An office's round stamp: its name around a star."""
    mask = Image.new("L", (radius * 2, radius * 2), 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse((3, 3, radius * 2 - 4, radius * 2 - 4), outline=255, width=max(radius // 18, 3))
    star = []
    for k in range(10):
        angle, reach = math.pi * (k / 5 - 0.5), radius * (0.34 if k % 2 == 0 else 0.14)
        star.append((radius + reach * math.cos(angle), radius + reach * math.sin(angle)))
    pen.polygon(star, fill=255)
    size = round(radius * 0.3)
    for index, character in enumerate(words):
        glyph = letters(character, size)
        if glyph is None:
            continue
        angle = math.pi * (0.86 + 1.28 * index / max(len(words) - 1, 1))
        turned = glyph.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC, expand=True)
        at = (
            radius + radius * 0.74 * math.cos(angle) - turned.width / 2,
            radius + radius * 0.74 * math.sin(angle) - turned.height / 2,
        )
        mask.paste(255, (round(at[0]), round(at[1])), turned)
    mask = mask.rotate(-7, Image.Resampling.BICUBIC).point(lambda value: int(value * 0.72))
    picture.paste(tone, (round(place[0]), round(place[1])), mask)


# --- Tickets and coupons ----------------------------------------------------------------------------------------


def ferry_ticket(letters: Lettering, seed: int = 1953) -> Image.Image:
    """A steamer ticket with its stub, punched."""
    ticket = sheet_of((1180, 560), (226, 214, 178), seed)
    pen = ImageDraw.Draw(ticket)
    _guilloche(ticket, (40, 180, 1140, 400), _paled(GREEN, 0.66), 11)
    pen.rectangle((26, 26, 1154, 534), outline=GREEN, width=6)
    pen.rectangle((38, 38, 1142, 522), outline=GREEN, width=2)
    for y in range(44, 520, 14):
        pen.ellipse((866, y, 871, y + 5), fill=(120, 108, 84))
    centred(ticket, letters, "澜江民船运输联合社", 450, 62, 46, GREEN, 0.08)
    centred(ticket, letters, "客　票", 450, 130, 40, GREEN)
    along(ticket, letters, "青石埠", 110, 226, 74, INK)
    along(ticket, letters, "长　桥", 540, 226, 74, INK)
    pen.line([(370, 266), (500, 266)], fill=INK, width=4)
    pen.polygon([(520, 266), (492, 252), (492, 280)], fill=INK)
    along(ticket, letters, "票价人民币　贰仟伍佰元（旧币）", 110, 346, 34, INK)
    along(ticket, letters, "限当日有效　随身物件以二十市斤为限", 110, 410, 28, GREEN)
    along(ticket, letters, "第 0 3 7 1 8 号", 110, 462, 32, RED)
    down(ticket, letters, "存根", 900, 70, 40, GREEN)
    along(ticket, letters, "03718", 930, 460, 40, RED)
    down(ticket, letters, "青石埠至长桥", 1040, 110, 40, INK)
    for x, y in ((760, 92), (800, 470)):
        pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=(58, 52, 46))
    _round_stamp(ticket, letters, "青石埠售票处", (640, 170), 96, (70, 66, 120))
    return on_table(aged(ticket, seed, folds=(1, 0)), 110, (66, 74, 72), 2.2)


def grain_coupon(letters: Lettering, seed: int = 1975) -> Image.Image:
    """A grain coupon for five pounds: the dam and the fields in two colours, on fine lines."""
    coupon = sheet_of((1260, 600), (232, 224, 200), seed)
    _guilloche(coupon, (40, 60, 1220, 540), _paled(RED, 0.78), 15)
    _rosette(coupon, 250, 300, 190, _paled(GREEN, 0.45), 16)
    _rosette(coupon, 1030, 300, 150, _paled(RED, 0.5), 10)
    scene = Sheet(520, 250, "RGB", (244, 240, 224))
    dice = random.Random(seed)
    layer = scene.layer(GREEN)
    layer.polygon(landscape.peaks(dice, 170, [(130, 120, 130), (380, 150, 120)]), _paled(GREEN, 0.3))
    layer.polygon([(150, 90), (390, 110), (430, 180), (110, 180)], _paled(GREEN, 0.12))
    for k in range(9):
        layer.hair([(150 + k * 30, 92 + k * 2), (128 + k * 38, 180)], 1.4, _paled(GREEN, 0.7))
    for row in range(6):
        layer.hair([(0, 182 + row * 13), (520, 182 + row * 11)], 2.4)
        for x in range(6, 520, 17):
            layer.hair([(x, 184 + row * 12), (x + 4, 176 + row * 12)], 1.2)
    scene.put(layer, blur=0.4)
    coupon.paste(scene.picture, (390, 180))
    pen = ImageDraw.Draw(coupon)
    pen.rectangle((388, 178, 911, 431), outline=GREEN, width=4)
    pen.rectangle((24, 24, 1236, 576), outline=RED, width=8)
    pen.rectangle((38, 38, 1222, 562), outline=GREEN, width=2)
    centred(coupon, letters, "栖澜县地方粮票", 630, 62, 64, RED, 0.16)
    centred(coupon, letters, "伍", 250, 220, 150, RED)
    centred(coupon, letters, "市斤", 250, 384, 44, RED)
    centred(coupon, letters, "5", 1030, 216, 160, GREEN)
    centred(coupon, letters, "栖澜县革命委员会粮食局　1975", 650, 460, 34, RED)
    centred(coupon, letters, "限本县使用　盖章有效　不得转让", 650, 512, 26, GREEN)
    _round_stamp(coupon, letters, "栖澜县粮食局", (850, 330), 110)
    return on_table(aged(coupon, seed, folds=(1, 1), foxing=24), 100, (72, 66, 58), -1.4)


# --- Papers that were signed ------------------------------------------------------------------------------------


def deed(letters: Lettering, seed: int = 1777) -> Image.Image:
    """A sale of a shop, in brush columns on long paper, with the county's red seals over the price."""
    dice = random.Random(seed)
    paper = sheet_of((1640, 1060), (224, 204, 162), seed)
    lines = (
        "立賣店屋契人何有源，今因正用，願將祖遺",
        "青石市下街店屋壹間，坐西朝東，前至官街，",
        "後至江岸，左至陳宅，右至巷，四至分明，憑中",
        "出賣與同市周怡和號為業，三面議定時值價",
        "紋銀叁拾陸兩正，其銀即日收訖，不少分厘。",
        "自賣之後，任憑買主開張收租，賣主內外人等",
        "不得異說。所有上手老契，火毀無存，日後檢出，",
        "作為廢紙。恐口無憑，立此賣契，永遠為照。",
    )
    for index, words in enumerate(lines):
        top, left = 120 + dice.uniform(-8, 8), 1440 - index * 112
        for character in words:
            size = 40
            mask = letters(character, size)
            if mask is not None:
                turned = mask.rotate(dice.uniform(-4, 4), Image.Resampling.BICUBIC)
                paper.paste(INK, (round(left + dice.uniform(-3, 3)), round(top)), turned)
            top += size * (0.62 if character in "，。" else 1.06) + dice.uniform(-2, 2)
    down(paper, letters, "乾隆肆拾貳年拾壹月　日", 520, 150, 44, INK)
    for index, words in enumerate(("立賣契人　何有源", "見中　　　陳勝章", "代筆　　　林舒亭")):
        end = down(paper, letters, words, 390 - index * 90, 420, 36, INK)
        pen = ImageDraw.Draw(paper)
        pen.line([(386 - index * 90, end + 16), (430 - index * 90, end + 44)], fill=INK, width=4)
        pen.line([(430 - index * 90, end + 18), (388 - index * 90, end + 46)], fill=INK, width=4)
    seal(paper, letters, "棲瀾縣印", (1040, 380), 220, seed=seed, is_raised=True, tone=(182, 62, 46))
    seal(paper, letters, "棲瀾縣印", (440, 520), 220, seed=seed + 1, is_raised=True, tone=(182, 62, 46))
    return aged(paper, seed, folds=(5, 1), foxing=110)


def diploma(letters: Lettering, seed: int = 1934) -> Image.Image:
    """A diploma of the county school with its frame of printed vines, its stamp and a revenue stamp."""
    paper = sheet_of((1300, 1040), WHITE, seed)
    pen = ImageDraw.Draw(paper)
    for inset, width, tone in ((46, 10, BLUE), (64, 2, BLUE), (118, 2, BLUE), (126, 5, BLUE)):
        pen.rectangle((inset, inset, 1300 - inset, 1040 - inset), outline=tone, width=width)
    for k in range(25):
        for y in (91, 949):
            _rosette(paper, 100 + k * 46, y, 17, BLUE, 6)
    for k in range(17):
        for x in (91, 1209):
            _rosette(paper, x, 140 + k * 48, 17, BLUE, 6)
    for index, character in enumerate("畢業證書"):
        mask = letters(character, 96)
        if mask is not None:
            paper.paste(INK, (860 - index * 170, 170), mask)
    columns(
        paper,
        letters,
        (
            "學生林秀雲，係本省棲瀾縣",
            "人，現年十三歲，在本校修",
            "業期滿，考查成績及格，准",
            "予畢業。依小學規程給予證",
            "書。此證",
        ),
        1130,
        330,
        40,
        INK,
        1.6,
    )
    down(paper, letters, "縣立小學校長 卓明遠", 640, 380, 40, INK)
    down(paper, letters, "中華民國二十三年一月", 500, 340, 40, INK)
    down(paper, letters, "學字第一九〇七號", 270, 560, 30, BLUE)
    seal(paper, letters, "縣立小學", (590, 640), 140, seed=seed, is_raised=True)
    pen.rectangle((190, 200, 330, 370), fill=(196, 210, 190), outline=GREEN, width=4)
    _rosette(paper, 260, 275, 58, GREEN, 9)
    centred(paper, letters, "印花貳分", 260, 330, 28, GREEN)
    return aged(paper, seed, folds=(1, 1), foxing=46)


def playbill(letters: Lettering, seed: int = 1947) -> Image.Image:
    """A bill on red paper for three nights of opera before the temple of the river god."""
    bill = sheet_of((980, 1460), (190, 66, 50), seed)
    black, gold = (36, 20, 18), (232, 196, 120)
    pen = ImageDraw.Draw(bill)
    pen.rectangle((40, 40, 940, 1420), outline=gold, width=6)
    pen.rectangle((56, 56, 924, 1404), outline=gold, width=2)
    centred(bill, letters, "臺　戲　神　酬", 490, 90, 88, gold, 0.06)
    down(bill, letters, "長橋水神廟前", 800, 250, 58, black)
    down(bill, letters, "三夜連臺", 710, 250, 58, black)
    down(bill, letters, "慶昇平班", 560, 230, 110, black, 0.1)
    for index, (night, play, role) in enumerate(
        (
            ("初三夜", "鳳臺會", "文武老生　林玉樓"),
            ("初四夜", "斷橋重合", "青衣花旦　小月紅"),
            ("初五夜", "龍舟記", "全班合演"),
        )
    ):
        left = 420 - index * 130
        down(bill, letters, night, left + 62, 250, 34, gold)
        down(bill, letters, play, left, 420, 78, black)
        down(bill, letters, role, left + 6, 860, 32, black)
    pen.line([(90, 1180), (890, 1180)], fill=gold, width=3)
    centred(bill, letters, "民國卅六年端午　各埠公啟", 490, 1206, 44, black)
    centred(bill, letters, "夜場七點開鑼　風雨順延　自備凳椅", 490, 1280, 38, black)
    centred(bill, letters, "栖城大同印務館承印", 490, 1352, 26, gold)
    return aged(bill, seed, folds=(1, 3), foxing=70)


NEWS = (
    "本报讯　入夏以来，雨水调匀，沿江各社早稻普遍比去年早熟五天。长桥社把劳力分成三班，白天割、夜里打，"
    "到六月三十日已收割一百八十亩。社员何水根说：往年看天吃饭，今年看渠吃饭。青石埠的木帆船运输社抽出二十六条船，"
    "专运新谷进仓。陶溪窑户赶制大缸八百口，供应各社盛谷。县委号召各社颗粒归仓，留足种子，踊跃交售爱国粮。"
    "雁回山区的玉米也已抽雄，长势喜人。"
)
MORE_NEWS = "县供销社已备足镰刀、箩筐、打谷桶，送货到社。渡口、码头设茶水站十一处，方便来往运粮的社员。"


def newspaper(letters: Lettering, seed: int = 1956, *, body: Lettering | None = None) -> Image.Image:
    """The front page of the first issue of the county's paper."""
    body = body or letters
    page = sheet_of((1180, 1600), GREY, seed)
    pen = ImageDraw.Draw(page)
    for index, character in enumerate("栖澜报"):
        mask = letters(character, 150)
        if mask is not None:
            page.paste(RED, (80 + index * 166, 70), mask)
    pen.rectangle((620, 80, 1100, 230), outline=INK, width=3)
    for index, words in enumerate(("创刊号", "1956年7月1日　星期日", "本报地址：栖澜县城西街四十二号")):
        centred(page, body, words, 860, 98 + index * 42, 28, INK)
    pen.line([(70, 262), (1110, 262)], fill=INK, width=5)
    centred(page, letters, "早稻开镰，沿江四十二社丰收在望", 590, 290, 58, INK)
    centred(page, body, "长桥社三百亩早稻平均亩产四百一十斤", 590, 372, 34, INK)
    scene = Sheet(600, 380, "L", 214)
    dice = random.Random(seed)
    landscape.hills(scene, landscape.ridge(dice, -10, 620, 200, 110), 210, 150, blur=2)
    people = scene.layer(60)
    for row in range(7):
        for x in range(-6, 610, 9):
            people.hair([(x, 214 + row * 24), (x + dice.uniform(-4, 4), 200 + row * 24)], 1.6, 96)
    for x in (120, 260, 430):
        figures.bending(people, x, 340, 120, dice, 1, 190)
    figures.carrier(people, 540, 330, 120, dice)
    scene.put(people, blur=0.5)
    page.paste(_halftone(scene.picture).convert("RGB"), (80, 440))
    centred(page, body, "长桥社社员抢收早稻　本报记者摄", 380, 830, 24, INK)
    _set_text(page, body, NEWS, (710, 444), 25, 15, 16)
    _set_text(page, body, NEWS[84:] + MORE_NEWS, (84, 880), 25, 20, 9)
    pen.rectangle((620, 890, 1100, 1180), outline=INK, width=3)
    centred(page, letters, "发　刊　词", 860, 906, 40, INK)
    _set_text(
        page,
        body,
        "《栖澜报》今天同读者见面了。它要做全县人民的耳目，说实话，记实事。田里长的、窑里烧的、江上运的，都是我们的新闻。",
        (644, 966),
        25,
        17,
        6,
    )
    pen.line([(70, 1220), (1110, 1220)], fill=INK, width=2)
    for index, (head, words) in enumerate(
        (
            ("渡口加班", "端午前后，长桥渡口每日加开四班，不误农时。"),
            ("夜校招生", "县工人夜校七月十日开课，识字、记账两班，不收学费。"),
            ("寻人启事", "有民国廿三年县立小学毕业生者，请向本报编辑室登记，共庆校庆。"),
        )
    ):
        centred(page, letters, head, 240 + index * 350, 1244, 38, INK)
        _set_text(page, body, words, (90 + index * 350, 1306), 25, 12, 6)
    _pressed(page, seed)
    return aged(page, seed, folds=(1, 1), foxing=90)


def _set_text(
    page: Image.Image, letters: Lettering, text: str, place: tuple[int, int], size: int, wide: int, rows: int
) -> None:
    for index, character in enumerate(text[: wide * rows]):
        mask = letters(character, size)
        if mask is not None:
            page.paste(INK, (place[0] + index % wide * size, place[1] + round(index // wide * size * 1.36)), mask)


def _halftone(picture: Image.Image) -> Image.Image:
    """Dots as a newspaper prints grey."""
    screen = Image.new("L", (8, 8))
    screen.putdata([min(255, int(math.hypot(x - 3.5, y - 3.5) * 54)) for y in range(8) for x in range(8)])
    tiled = Image.new("L", picture.size)
    for x in range(0, picture.width, 8):
        for y in range(0, picture.height, 8):
            tiled.paste(screen, (x, y))
    sum_ = ImageChops.add(picture, ImageChops.invert(tiled), scale=1, offset=-128)
    return sum_.point(lambda value: 60 if value < 120 else 214 if value > 150 else 60 + (value - 120) * 5)


def _pressed(page: Image.Image, seed: int) -> None:
    """Printed unevenly: paler towards one side."""
    light = Image.linear_gradient("L").rotate(90).resize(page.size).point(lambda value: value // 6)
    page.paste(GREY, (0, 0), light)
