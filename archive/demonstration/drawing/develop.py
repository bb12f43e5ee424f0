"""Turns a painted sheet into an old photograph: soft lens, grain, vignette, toning, wear, the print's own border."""

import random
from dataclasses import dataclass
from functools import lru_cache

import pyvips
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
TILE = (701, 659)


@dataclass(frozen=True)
class Process:
    """How a picture was made and has aged. `shadows` to `lights` is the scale of its tones, `middle` where grey
    falls; `grain` in grey levels; `border` in hundredths of the width; `wear` counts scratches and spots."""

    shadows: Colour
    middle: Colour
    lights: Colour
    grain: float
    softness: float
    vignette: float
    border: float
    paper: Colour
    wear: int
    deckle: bool = False


GLASS_PLATE = Process((34, 23, 16), (136, 110, 82), (246, 232, 204), 5, 1.2, 0.42, 0, (0, 0, 0), 70)
SILVER_WARM = Process((26, 20, 16), (126, 111, 94), (248, 240, 222), 6, 0.9, 0.28, 4.2, (240, 231, 210), 34, True)
SILVER_COOL = Process((20, 21, 22), (114, 115, 113), (242, 240, 232), 7, 0.7, 0.22, 3.6, (241, 238, 228), 20)
SILVER_SMALL = Process((17, 18, 20), (108, 109, 109), (240, 240, 236), 8, 0.6, 0.18, 0, (0, 0, 0), 10)
COLOUR_FADED = Process((52, 34, 40), (150, 124, 104), (252, 238, 208), 7, 0.7, 0.16, 0, (0, 0, 0), 8)


PRINT = 1400
"""The long side of a grey print with its mount, in pixels: old prints are small, and softer than their paper."""


def develop(picture: Image.Image, process: Process, seed: int) -> Image.Image:
    """The print of a painted picture, sRGB; the same seed gives the same print. Colour keeps the size it has."""
    dice = random.Random(seed)
    if picture.mode == "L":
        part = PRINT / (max(picture.size) + 2 * picture.width * process.border / 100)
        picture = picture.resize((round(picture.width * part), round(picture.height * part)), Image.Resampling.BICUBIC)
    picture = ImageOps.autocontrast(picture, cutoff=(0.4, 0.4), preserve_tone=True)
    picture = picture.filter(ImageFilter.GaussianBlur(process.softness))
    picture = _vignetted(picture, process.vignette)
    picture = _worn(picture, process.wear, dice)
    grainy = _grained(to_vips(picture), process.grain, seed)
    print_ = to_pillow(_toned(grainy, process))
    return _mounted(print_, process, dice) if process.border else print_


def to_vips(picture: Image.Image) -> pyvips.Image:
    bands = len(picture.getbands())
    kind = "srgb" if bands == 3 else "b-w"
    raw = pyvips.Image.new_from_memory(picture.tobytes(), picture.width, picture.height, bands, "uchar")
    return raw.copy(interpretation=kind)


def to_pillow(picture: pyvips.Image) -> Image.Image:
    mode = "RGB" if picture.bands == 3 else "L"
    return Image.frombytes(mode, (picture.width, picture.height), picture.cast("uchar").write_to_memory())


def clouds(width: int, height: int, cell: int, seed: int) -> pyvips.Image:
    """Soft random patches around 0, within about -1 and 1; `cell` is their size in pixels."""
    coarse = 4 if cell >= 90 else 2 if cell >= 40 else 1  # large patches look the same from a part of the size
    small = (width // coarse + 1, height // coarse + 1)
    noise = pyvips.Image.perlin(*small, cell_size=cell // coarse, seed=seed)
    noise += pyvips.Image.perlin(*small, cell_size=max(cell // coarse // 3, 2), seed=seed + 1) * 0.4
    noise = noise.copy_memory()
    return (
        noise.crop(0, 0, width, height)
        if coarse == 1
        else noise.resize(coarse, kernel="linear").crop(0, 0, width, height)
    )


def grain(width: int, height: int, sigma: float, seed: int, soft: float = 0) -> pyvips.Image:
    """Normal noise around 0. Made once a process as a tile that no eye finds again, and shifted for each seed."""
    tile = _grain_tile(soft).wrap(x=seed * 97 % TILE[0], y=seed * 61 % TILE[1]) * sigma
    return tile.replicate(width // TILE[0] + 1, height // TILE[1] + 1).crop(0, 0, width, height)


@lru_cache(maxsize=4)
def _grain_tile(soft: float) -> pyvips.Image:
    noise = pyvips.Image.gaussnoise(*TILE, sigma=1, mean=0, seed=TILE[0])
    return (noise.gaussblur(soft) if soft else noise).copy_memory()


def _grained(picture: pyvips.Image, strength: float, seed: int) -> pyvips.Image:
    """Grain is strongest in the middle tones, as in silver; the emulsion itself is a little uneven."""
    width, height = picture.width, picture.height
    noise = grain(width, height, strength, seed, soft=0.6) * 2.2
    grey = picture if picture.bands == 1 else picture.colourspace("b-w")
    weight = (255 - (grey - 128).abs() * 1.5) / 255 + 0.15
    uneven = clouds(width, height, 260, seed + 7) * 5
    return picture + noise * weight + uneven


def _toned(picture: pyvips.Image, process: Process) -> pyvips.Image:
    """Through the scale shadows – middle – lights; a colour picture keeps its colours, with that scale's fading."""
    grey = picture.cast("uchar")
    scale = []
    for value in range(256):
        first, last, part = (
            (process.shadows, process.middle, value / 128)
            if value < 128
            else (process.middle, process.lights, (value - 128) / 127)
        )
        scale.append([round(a + (b - a) * part) for a, b in zip(first, last, strict=True)])
    if grey.bands == 1:
        grey = grey.bandjoin([grey, grey])
    table = pyvips.Image.new_from_memory(bytes(v for row in scale for v in row), 256, 1, 3, "uchar")
    return grey.maplut(table).copy(interpretation="srgb")


def _vignetted(picture: Image.Image, strength: float) -> Image.Image:
    dark = Image.radial_gradient("L").resize(picture.size, Image.Resampling.BICUBIC)
    dark = dark.point(lambda value: int(255 * (1 - strength * (value / 255) ** 2.2)))
    if picture.mode == "RGB":
        dark = Image.merge("RGB", (dark, dark, dark))
    return ImageChops.multiply(picture, dark)


def _worn(picture: Image.Image, wear: int, dice: random.Random) -> Image.Image:
    """Dust, hairs and scratches, few and faint."""
    width, height = picture.size
    marks = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(marks)
    for _dust in range(wear * 4):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), dice.choice((0.6, 0.8, 1, 1.6))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=dice.randint(40, 150))
    for _scratch in range(wear // 6):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        line = [(x, y)]
        for _step in range(dice.randint(3, 12)):
            x, y = x + dice.uniform(-4, 4), y + dice.uniform(8, 40)
            line.append((x, y))
        pen.line(line, fill=dice.randint(20, 80), width=1)
    marks = marks.filter(ImageFilter.BoxBlur(0.7))
    light = 246 if picture.mode == "L" else (246, 242, 230)
    picture = picture.copy()
    picture.paste(light, (0, 0), marks)
    return picture


def _mounted(print_: Image.Image, process: Process, dice: random.Random) -> Image.Image:
    """On the print's own paper: a white margin, its edge cut straight or torn along a deckle ruler."""
    margin = round(print_.width * process.border / 100)
    width, height = print_.width + 2 * margin, print_.height + 2 * margin
    paper = Image.new("RGB", (width, height), process.paper)
    paper.paste(print_, (margin, margin))
    pen = ImageDraw.Draw(paper)
    pen.rectangle((margin, margin, width - margin - 1, height - margin - 1), outline=(70, 62, 52))
    stains = to_pillow((clouds(width, height, 420, dice.randrange(9999)) * 7 + 248).cast("uchar"))
    paper = ImageChops.multiply(paper, Image.merge("RGB", (stains, stains.point(_less(2)), stains.point(_less(6)))))
    return _deckled(paper, dice) if process.deckle else paper


def _less(amount: int):
    return lambda value: max(value - amount, 0)


def _deckled(paper: Image.Image, dice: random.Random) -> Image.Image:
    """Laid on the album's card, so that the wavy edge is seen."""
    width, height = paper.size
    step, depth = 16, 4
    edge = Image.new("L", paper.size, 0)
    points = [(x, depth + dice.uniform(-2, 2) + (x // step % 2) * 3) for x in range(0, width, step)]
    points += [(width - depth + dice.uniform(-2, 2) - (y // step % 2) * 3, y) for y in range(0, height, step)]
    points += [(x, height - depth + dice.uniform(-2, 2) - (x // step % 2) * 3) for x in range(width, 0, -step)]
    points += [(depth + dice.uniform(-2, 2) + (y // step % 2) * 3, y) for y in range(height, 0, -step)]
    ImageDraw.Draw(edge).polygon(points, fill=255)
    card = Image.new("RGB", paper.size, (206, 194, 170))
    card.paste(paper, (0, 0), edge.filter(ImageFilter.GaussianBlur(0.8)))
    return card
