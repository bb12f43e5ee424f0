"""Draws the two short films, frame by frame, and encodes them as H.264 in MP4 that plays while it loads."""

import math
import random
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from . import soundtrack
from .drawing import buildings, figures, landscape
from .drawing.leaves import Lettering
from .drawing.sheet import OVERSAMPLING, Layer, Sheet, vertical

SIZE = (960, 540)
RATE = 20
SECONDS = 10
KILN_SECONDS = 12
FRAMES = RATE * SECONDS
X264 = {"preset": "superfast", "crf": "25", "threads": "1"}
"""One thread: the films are drawn side by side, and waiting for one another costs threads more than they bring."""
WATERLINE = 330
PAPER, INK, SEAL = (232, 223, 202), (44, 40, 36), (164, 46, 34)


def encode(frames: Iterator[Image.Image], sound: bytes = b"") -> bytes:
    """An MP4 of the frames at `RATE` a second, its index in front so that it plays while it loads. `sound` are
    16-bit samples of one channel as `soundtrack` makes them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=RATE, options=X264)
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
            stream.time_base = Fraction(1, RATE)
            voice = container.add_stream("aac", rate=soundtrack.RATE, layout="mono") if sound else None
            for picture in frames:
                container.mux(stream.encode(av.VideoFrame.from_image(picture)))
            container.mux(stream.encode(None))
            if voice is not None:
                _speak(container, voice, sound)
        return path.read_bytes()


def _speak(container, voice, sound: bytes) -> None:
    for begin in range(0, len(sound), 2048):
        piece = sound[begin : begin + 2048]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
        frame.planes[0].update(piece)
        frame.sample_rate, frame.pts, frame.time_base = soundtrack.RATE, begin // 2, Fraction(1, soundtrack.RATE)
        container.mux(voice.encode(frame))
    container.mux(voice.encode(None))


# --- The river ------------------------------------------------------------------------------------------------


def river(lettering: Lettering, seed: int = 71) -> Iterator[Image.Image]:
    """A hand scroll of the Lan river, unrolled from right to left: hills, a bridge, the pagoda, a boat."""
    dice = random.Random(seed)
    sky = _sky(PAPER, (244, 238, 222))
    strips = [
        (_strip(_far_hills, 1300, dice), 0.6),
        (_strip(_near_hills, 1700, dice), 1.3),
        (_strip(_shore, 2300, dice), 2.3),
    ]
    boat = _cut_out(lambda layer: _boat(layer, dice))
    title = _title(lettering, "澜江", INK)
    shift = [dice.uniform(-1, 1) for _row in range(SIZE[1])]
    for number in range(FRAMES):
        frame = sky.copy()
        for strip, speed in strips:
            _roll(frame, strip, number * speed)
        _mirror(frame, number, shift, (206, 198, 178), 74)
        frame.paste(boat, (470 - number // 3, 358 + round(2 * math.sin(number / 9))), boat)
        yield _titled(frame, title, number)


def _sky(ground: tuple, light: tuple) -> Image.Image:
    sheet = Sheet(*SIZE, "RGB", ground)
    sheet.wash(light, 0, WATERLINE, 0, 255)
    sheet.glow(690, 150, 120, (250, 246, 232), 255)
    return sheet.picture


def _strip(paint, width: int, dice: random.Random) -> tuple[Image.Image, Image.Image]:
    """A long picture that the frame moves along, with its mask; down to the water and no further."""
    sheet = Sheet(width, SIZE[1], "RGB", PAPER)
    cover = Image.new("L", sheet.size, 0)
    paint(sheet, cover, dice)
    return sheet.picture, cover


def _roll(frame: Image.Image, strip: tuple[Image.Image, Image.Image], travelled: float) -> None:
    box = (round(travelled), 0, round(travelled) + SIZE[0], WATERLINE + 3)
    frame.paste(strip[0].crop(box), (0, 0), strip[1].crop(box))


def _lay(sheet: Sheet, cover: Image.Image, layer: Layer, blur: float, fade: tuple[float, float] | None = None) -> None:
    sheet.put(layer, blur=blur)
    mask = layer.mask.reduce(OVERSAMPLING).filter(ImageFilter.GaussianBlur(max(blur, 0.4)))
    if fade:
        mask = ImageChops.multiply(mask, vertical(sheet.size, fade[0], fade[1], 255, 20))
    cover.paste(ImageChops.lighter(cover, mask))


def _ranges(sheet: Sheet, cover: Image.Image, dice: random.Random, step: int, size: tuple[int, int], tone: tuple):
    layer = sheet.layer(tone)
    shapes = [
        (x + dice.uniform(-50, 50), dice.uniform(90, 170), dice.uniform(*size))
        for x in range(0, sheet.width + 100, step)
    ]
    line = landscape.peaks(dice, WATERLINE, shapes)
    layer.polygon([*line, (line[-1][0], WATERLINE + 2), (line[0][0], WATERLINE + 2)])
    _lay(sheet, cover, layer, 1.4, (WATERLINE - 170, WATERLINE))


def _far_hills(sheet: Sheet, cover: Image.Image, dice: random.Random) -> None:
    _ranges(sheet, cover, dice, 210, (90, 210), (172, 168, 154))


def _near_hills(sheet: Sheet, cover: Image.Image, dice: random.Random) -> None:
    _ranges(sheet, cover, dice, 330, (60, 150), (128, 126, 116))


def _shore(sheet: Sheet, cover: Image.Image, dice: random.Random) -> None:
    bank = sheet.layer((92, 92, 84))
    line = landscape.ridge(dice, -10, sheet.width + 10, WATERLINE, 34)
    bank.polygon([*line, (sheet.width, WATERLINE + 3), (0, WATERLINE + 3)])
    landscape.wooded(bank, dice, line, 8, ((84, 86, 78), (98, 99, 90), (76, 78, 72)))
    for left in (120, 176, 228, 640, 700, 1500, 1560, 1626, 1680):
        tones = {"wall": (222, 214, 196), "roof": (56, 52, 48), "dark": (90, 84, 76)}
        right, tall = left + dice.randint(40, 54), dice.randint(34, 52)
        buildings.horse_head_house(bank, left, right, WATERLINE + 2, tall, tones, dice)
    buildings.pagoda(bank, 1330, WATERLINE - 24, 210, 7, (62, 60, 56), (150, 146, 132))
    for x in (90, 300, 580, 780, 1440, 1760, 1900, 2060):
        landscape.broadleaf(bank, dice, x, WATERLINE, dice.randint(50, 84), ((70, 72, 66), (86, 88, 80)))
    _lay(sheet, cover, bank, 0.5)
    span = sheet.layer((74, 70, 64))
    buildings.arched_bridge(span, 830, 1250, WATERLINE + 3, 92, 3, (84, 80, 73), (62, 58, 54))
    _lay(sheet, cover, span, 0.4)


def _boat(layer: Layer, dice: random.Random) -> None:
    figures.sampan(layer, 130, 130, 190)
    figures.boatman(layer, 58, 126, 88, dice)


def _cut_out(paint, size: tuple[int, int] = (270, 170), tone: tuple = INK) -> Image.Image:
    """Something drawn alone on nothing, to be pasted into frames."""
    layer = Layer(size, "RGB", tone)
    paint(layer)
    picture = layer.paint.reduce(OVERSAMPLING)
    picture.putalpha(layer.mask.reduce(OVERSAMPLING))
    return picture


@cache
def _veil(depth: int, thick: int) -> Image.Image:
    return vertical((SIZE[0], depth), 0, depth, thick // 2, thick)


def _mirror(frame: Image.Image, number: int, shift: list[float], dim: tuple, thick: int) -> None:
    """The water: what is above it upside down, each row swaying in time."""
    depth = SIZE[1] - WATERLINE
    above = frame.crop((0, WATERLINE - depth, SIZE[0], WATERLINE)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    frame.paste(above, (0, WATERLINE))
    for y in range(0, depth, 3):
        sway = math.sin(number / 6 + y * 0.31) * (0.6 + y / 46) + shift[y] * (y / 60)
        if round(sway):
            frame.paste(above.crop((0, y, SIZE[0], y + 3)), (round(sway), WATERLINE + y))
    frame.paste(dim, (0, WATERLINE), _veil(depth, thick))


# --- The race -------------------------------------------------------------------------------------------------

BEAT = 12
"""Frames to a stroke of the paddles: a hundred strokes a minute."""

CREWS = (
    {
        "hull": (70, 62, 46),
        "trim": (196, 160, 84),
        "crew": (218, 184, 96),
        "flag": (204, 150, 52),
        "mane": (206, 160, 70),
    },
    {
        "hull": (122, 36, 28),
        "trim": (222, 178, 92),
        "crew": (232, 226, 208),
        "flag": (182, 42, 34),
        "mane": (224, 174, 70),
    },
)


def race(lettering: Lettering, seed: int = 84) -> Iterator[Image.Image]:
    """Two dragon boats before a bank full of people; the red one comes from behind and wins by a head."""
    dice = random.Random(seed)
    sky = _sky((206, 214, 206), (240, 230, 206))
    hills = _strip(_green_hills, 1200, dice)
    bank = _strip(_crowded_bank, 2900, dice)
    shift = [dice.uniform(-1, 1) for _row in range(SIZE[1])]
    boats = [_strokes(tones | {"skin": (164, 116, 84), "hair": (48, 40, 38)}, length)
             for tones, length in zip(CREWS, (560, 690), strict=True)]  # fmt: skip
    title = _title(lettering, "鼓声", (70, 34, 26))
    glints = [(dice.uniform(0, 1400), WATERLINE + 20 + 180 * dice.random() ** 1.3) for _glint in range(110)]
    for number in range(FRAMES):
        frame = sky.copy()
        for strip, travelled in ((hills, number * 0.5), (bank, number * 7.4)):
            _roll(frame, strip, travelled)
        _mirror(frame, number, shift, (122, 142, 130), 120)
        _glitter(frame, glints, number)
        _paste_boat(frame, boats[0], number, 206 - number * 0.42, 262)
        _paste_boat(frame, boats[1], number + BEAT // 2, -186 + number * 1.05, 330)
        yield _titled(frame, title, number)


def _green_hills(sheet: Sheet, cover: Image.Image, dice: random.Random) -> None:
    _ranges(sheet, cover, dice, 260, (70, 170), (150, 168, 158))


def _crowded_bank(sheet: Sheet, cover: Image.Image, dice: random.Random) -> None:
    bank = sheet.layer((96, 112, 86))
    line = landscape.ridge(dice, -10, sheet.width + 10, WATERLINE - 30, 46)
    bank.polygon([*line, (sheet.width, WATERLINE + 3), (0, WATERLINE + 3)])
    landscape.wooded(bank, dice, line, 11, ((84, 104, 78), (98, 116, 86), (112, 124, 92)))
    shirts = ((222, 214, 196), (200, 190, 170), (120, 132, 140), (168, 86, 70), (90, 98, 104), (214, 184, 120))
    for rank in range(3):
        for x in range(0, sheet.width, 10):
            px, py = x + dice.uniform(-4, 4), WATERLINE - 22 + rank * 8 + dice.uniform(-2, 2)
            bank.ellipse(px, py, 4, 7, dice.choice(shirts))
            bank.ellipse(px, py - 9, 2.6, 3.2, (126, 96, 76))
    for x in range(160, sheet.width, 420):
        bank.stroke([(x, WATERLINE), (x, WATERLINE - 112)], 2.4, tone=(110, 96, 80))
        bank.polygon(
            [(x, WATERLINE - 112), (x + 46, WATERLINE - 104), (x + 42, WATERLINE - 78), (x, WATERLINE - 84)],
            (178, 60, 46),
        )
    _lay(sheet, cover, bank, 0.6)


def _strokes(tones: dict, length: int) -> list[Image.Image]:
    """The boat at each moment of one stroke."""

    def paint(phase: float):
        return lambda layer: figures.dragon_boat(
            layer, length * 0.56, length * 0.25, length, phase, rowers=12, tones=tones
        )

    return [_cut_out(paint(step / BEAT), (round(length * 1.14), round(length * 0.34))) for step in range(BEAT)]


def _paste_boat(frame: Image.Image, strokes: list[Image.Image], number: int, x: float, y: float) -> None:
    boat = strokes[number % BEAT]
    bob = 2.4 * math.sin(number / BEAT * math.tau)
    place = (round(x + 2 * math.cos(number / BEAT * math.tau)), round(y + bob) - boat.height // 4)
    wake = Image.new("L", (boat.width, 26), 0)
    pen = ImageDraw.Draw(wake)
    dice = random.Random(number % BEAT)
    for _foam in range(90):
        fx = dice.uniform(0.04, 0.9) * boat.width
        pen.ellipse(
            (fx, dice.uniform(4, 16), fx + dice.uniform(4, 20), dice.uniform(17, 21)), fill=dice.randint(60, 170)
        )
    frame.paste(
        (248, 244, 230), (place[0], place[1] + round(boat.height * 0.79)), wake.filter(ImageFilter.GaussianBlur(1.4))
    )
    frame.paste(boat, place, boat)


def _glitter(frame: Image.Image, glints: list[tuple[float, float]], number: int) -> None:
    pen = ImageDraw.Draw(frame)
    for index, (x, y) in enumerate(glints):
        reach = (4 + (y - WATERLINE) / 8) * (0.5 + 0.5 * math.sin(number / 5 + index))
        px = (x - number * (2 + (y - WATERLINE) / 26)) % 1400 - 200
        pen.line([(px, y), (px + reach, y)], fill=(246, 238, 214), width=1 if y < 420 else 2)


# --- The kiln -------------------------------------------------------------------------------------------------


def kiln(lettering: Lettering, seed: int = 73) -> Iterator[Image.Image]:
    """A night and a morning at the dragon kiln: its eyes are lit one after the other, from cherry red to moon white;
    then the day comes up behind the hill."""
    dice = random.Random(seed)
    count = RATE * KILN_SECONDS
    night, dawn = _kiln_hill((20, 24, 38), (44, 46, 62), 40), _kiln_hill((196, 190, 178), (240, 222, 190), 120)
    eyes = [(300 + 44 * k, 404 - 19 * k) for k in range(14)]
    halo = Image.radial_gradient("L").resize((120, 120)).point(lambda value: int(max(0, 1 - value / 181) ** 2.4 * 255))
    sparks = [(dice.uniform(200, 300), dice.uniform(0, 1), dice.uniform(0.6, 1.6)) for _spark in range(60)]
    title = _title(lettering, "月白", (244, 226, 190))
    for number in range(count):
        frame = Image.blend(night, dawn, max(0.0, min(1.0, (number - count * 0.72) / (count * 0.24))))
        heat = min(number / (count * 0.66), 1.0)
        tone = _flame(heat)
        _shine(frame, halo.resize((300, 300)), (112, 264), tone, 0.85 + 0.15 * math.sin(number * 1.3))
        pen = ImageDraw.Draw(frame)
        for index, (x, y) in enumerate(eyes):
            lit = max(0.0, min(1.0, heat * 15 - index))
            if lit:
                _shine(
                    frame,
                    halo.resize((84, 84)),
                    (x - 42, y - 42),
                    tone,
                    lit * (0.8 + 0.2 * math.sin(number * 0.9 + index)),
                )
                pen.ellipse((x - 5, y - 6, x + 5, y + 6), fill=tone)
        pen.ellipse((238, 392, 286, 440), fill=tone)
        for x, start, speed in sparks:
            rise = (number / RATE * speed + start) % 1
            px, py = x + 26 * math.sin(rise * 9 + start * 7) + rise * 60, 390 - rise * 300
            pen.ellipse((px, py, px + 2, py + 2), fill=tuple(int(v * (1 - rise)) for v in tone))
        yield _titled(frame, title, number, count)


def _flame(heat: float) -> tuple[int, int, int]:
    """Cherry red, orange, moon white: the three clocks of the kiln master."""
    steps = ((168, 44, 28), (242, 140, 48), (255, 238, 200))
    part = heat * 2
    first, last = (steps[0], steps[1]) if part < 1 else (steps[1], steps[2])
    return tuple(round(a + (b - a) * (part % 1 if part < 2 else 1)) for a, b in zip(first, last, strict=True))


def _shine(frame: Image.Image, halo: Image.Image, place: tuple[int, int], tone: tuple, strength: float) -> None:
    frame.paste(tone, place, halo.point(lambda value: int(value * 0.62 * strength)))


def _kiln_hill(sky: tuple, low: tuple, tone: int) -> Image.Image:
    dice = random.Random(12)
    sheet = Sheet(*SIZE, "RGB", sky)
    sheet.wash(low, 40, 360, 0, 255)
    dark = (tone // 2, tone // 2 - 2, tone // 2 - 4)
    landscape.hills(sheet, landscape.ridge(dice, -10, 970, 330, 210), 350, tuple(v + tone // 4 for v in dark), blur=1.6)
    body = sheet.layer(dark)
    body.polygon([(-10, 470), (240, 450), (980, 150), (980, 550), (-10, 550)])
    body.stroke([(262, 420), (930, 128)], 62, 36, tuple(v + 16 for v in dark))
    body.polygon([(150, 450), (150, 352), (320, 326), (320, 440)], tuple(v // 2 for v in dark))
    body.polygon([(130, 360), (240, 292), (352, 330), (336, 346), (150, 372)], tuple(v // 3 for v in dark))
    for x in (60, 110, 690, 760, 840, 900):
        landscape.broadleaf(body, dice, x, 500, dice.randint(60, 110), (tuple(v // 2 for v in dark),))
    for x, foot, height in ((190, 470, 78), (352, 474, 84)):
        body.tone = tuple(v // 4 for v in dark)
        figures.standing(body, x, foot, height, dice)
    sheet.put(body, blur=0.6)
    return sheet.picture


# --- Titles ---------------------------------------------------------------------------------------------------


def _title(lettering: Lettering, words: str, tone: tuple) -> Image.Image:
    """The title from top to bottom with the seal of the series beneath it."""

    def paint(layer: Layer) -> None:
        for index, character in enumerate(words):
            layer.write(lettering(character, 92 * OVERSAMPLING), 10, index * 100, tone)
        layer.box(34, 214, 78, 258, SEAL)
        for character, y in (("栖", 216), ("澜", 236)):
            layer.write(lettering(character, 20 * OVERSAMPLING), 46, y, PAPER)

    return _cut_out(paint, (112, 264))


def _titled(frame: Image.Image, title: Image.Image, number: int, count: int = FRAMES) -> Image.Image:
    """The title comes and goes within the first four seconds; the film begins out of white and ends in it."""
    strength = min(max((number - 4) / 16, 0), 1) * min(max((80 - number) / 18, 0), 1)
    if strength:
        frame.paste(title, (96, 52), title.getchannel("A").point(lambda value: int(value * strength)))
    blank = max((10 - number) / 10, (number - (count - 14)) / 14, 0)
    return Image.blend(frame, Image.new("RGB", SIZE, (240, 234, 218)), min(blank, 1)) if blank else frame
