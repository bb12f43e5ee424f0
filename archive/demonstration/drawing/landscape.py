"""Mountains, water, trees and smoke."""

import math
import random

from PIL import Image, ImageChops, ImageFilter

from .sheet import Layer, Point, Sheet, Tone, vertical


def ridge(
    dice: random.Random, left: float, right: float, base: float, height: float, rough: float = 0.55
) -> list[Point]:
    """A skyline from left to right by midpoint displacement; `height` is how far it rises above `base`."""
    line = [dice.uniform(0.2, 0.9) for _end in range(4)]
    swing = 0.42
    while len(line) < 220:
        finer = [line[0]]
        for first, last in zip(line, line[1:], strict=False):
            finer += [(first + last) / 2 + dice.uniform(-swing, swing), last]
        line, swing = finer, swing * rough
    low, high = min(line), max(line)
    step = (right - left) / (len(line) - 1)
    return [(left + index * step, base - (value - low) / (high - low) * height) for index, value in enumerate(line)]


def peaks(dice: random.Random, base: float, shapes: list[tuple[float, float, float]]) -> list[Point]:
    """Steep single hills as (middle, half width, height), joined into one skyline."""
    left = min(middle - half * 1.2 for middle, half, _height in shapes)
    right = max(middle + half * 1.2 for middle, half, _height in shapes)
    line, wobble = [], 0.0
    for index in range(300):
        x = left + (right - left) * index / 299
        wobble = wobble * 0.9 + dice.uniform(-2.4, 2.4)
        rise = max(height * _bell((x - middle) / half) for middle, half, height in shapes)
        line.append((x, base - rise - wobble))
    return line


def _bell(distance: float) -> float:
    return math.exp(-(abs(distance * 1.7) ** 2.6))


def hills(sheet: Sheet, line: list[Point], bottom: float, tone: Tone, *, blur: float = 0, fade=None, cover=1.0):
    layer = sheet.layer(tone)
    layer.polygon([*line, (line[-1][0], bottom), (line[0][0], bottom)])
    sheet.put(layer, blur=blur, fade=fade, cover=cover)


def wooded(layer: Layer, dice: random.Random, line: list[Point], size: float, tones: tuple[Tone, ...]) -> None:
    """Crowns of trees along a skyline."""
    for x, y in line:
        for _crown in range(2):
            r = size * dice.uniform(0.4, 1.0)
            layer.ellipse(
                x + dice.uniform(-size, size), y + dice.uniform(0, size * 0.8), r, r * 0.8, dice.choice(tones)
            )


def water(sheet: Sheet, line: float, dice: random.Random, *, dim: Tone, thick: int = 70, sway: float = 3.0):
    """Everything above the height `line`, mirrored below it: broken by ripples that grow toward the reader."""
    picture, depth = sheet.picture, sheet.height - int(line)
    mirror = picture.crop((0, max(0, int(line) - depth), sheet.width, int(line))).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = mirror.resize((sheet.width, depth), Image.Resampling.BILINEAR).filter(ImageFilter.BoxBlur(2))
    y = 0
    while y < depth:
        strip = max(1, int(1 + y / depth * 5))
        reach = sway * (0.4 + 3 * y / depth)
        shift = int(math.sin(y * 0.55) * reach * 0.6 + dice.uniform(-reach, reach))
        piece = mirror.crop((0, y, sheet.width, min(y + strip, depth)))
        picture.paste(ImageChops.offset(piece, shift, 0), (0, int(line) + y))
        y += strip
    veil = vertical((sheet.width, depth), 0, depth, thick // 2, thick)
    picture.paste(Image.new(sheet.mode, (sheet.width, depth), dim), (0, int(line)), veil)


def ripples(
    sheet: Sheet, dice: random.Random, top: float, bottom: float, tone: Tone, count: int, cover: float = 0.5
) -> None:
    """Short level strokes of light or dark, small at the far side and larger toward the reader."""
    layer = sheet.layer(tone)
    for _stroke in range(count):
        part = dice.random() ** 1.5
        y = top + (bottom - top) * part
        reach = (8 + 70 * part) * dice.uniform(0.3, 1)
        x = dice.uniform(-reach, sheet.width)
        thick = 0.5 + 1.6 * part
        layer.polygon(
            [(x, y), (x + reach * 0.5, y - thick), (x + reach, y), (x + reach * 0.5, y + thick)],
            cover=dice.randint(90, 255),
        )
    sheet.put(layer, blur=0.6, cover=cover)


def branch(layer: Layer, dice: random.Random, x: float, y: float, angle: float, length: float, width: float):
    """A bare tree, branch by branch; `angle` in radians, upward is -pi/2."""
    if length < 7:
        return
    bend = angle + dice.uniform(-0.22, 0.22)
    end = (x + math.cos(bend) * length, y + math.sin(bend) * length)
    layer.stroke([(x, y), end], width, width * 0.7)
    for _twig in range(2 if dice.random() < 0.75 else 3):
        branch(layer, dice, *end, bend + dice.uniform(-0.75, 0.75), length * dice.uniform(0.62, 0.86), width * 0.66)


def willow(layer: Layer, dice: random.Random, x: float, y: float, height: float) -> None:
    """A willow by the water: a leaning trunk, arching boughs, hanging strands with their leaves."""
    lean = dice.uniform(0.06, 0.16)
    top = (x + lean * height, y - height * 0.58)
    layer.stroke([(x, y), (x + lean * height * 0.3, y - height * 0.3), top], height * 0.06, height * 0.03)
    for _bough in range(15):
        reach, lift = dice.uniform(-0.42, 0.5) * height, dice.uniform(0.1, 0.36) * height
        bough = [(top[0] + reach * k / 10, top[1] - lift * math.sin(math.pi * 0.62 * k / 10)) for k in range(11)]
        layer.stroke(bough, height * 0.014, 1.0)
        for px, py in bough[4:]:
            for _strand in range(2):
                _strand_of_willow(layer, dice, px + dice.uniform(-8, 8), py, dice.uniform(0.14, 0.5) * height)


def _strand_of_willow(layer: Layer, dice: random.Random, x: float, y: float, fall: float) -> None:
    drift = dice.uniform(-0.1, 0.14) * fall
    strand = [(x + drift * (k / 14) ** 1.6, y + fall * k / 14) for k in range(15)]
    layer.hair(strand, 1.0)
    for px, py in strand[2:]:
        side = dice.choice((-1, 1))
        layer.hair([(px, py), (px + side * dice.uniform(2, 5), py + dice.uniform(7, 13))], 1.5)


def broadleaf(layer: Layer, dice: random.Random, x: float, y: float, height: float, tones=(None,)) -> None:
    """A round old tree, its crown built from many small masses with the sky showing through."""
    layer.stroke([(x, y), (x + dice.uniform(-6, 6), y - height * 0.5)], height * 0.085, height * 0.05)
    for _limb in range(5):
        reach = dice.uniform(-0.3, 0.3) * height
        layer.stroke([(x, y - height * 0.36), (x + reach, y - height * dice.uniform(0.55, 0.8))], height * 0.035, 2)
    for _mass in range(150):
        angle, out = dice.uniform(0, math.tau), dice.random() ** 0.55
        r = height * dice.uniform(0.022, 0.062)
        layer.ellipse(
            x + math.cos(angle) * out * height * 0.4,
            y - height * 0.68 + math.sin(angle) * out * height * 0.29,
            r * 1.25,
            r,
            dice.choice(tones),
        )


def bamboo(layer: Layer, dice: random.Random, x: float, y: float, height: float) -> None:
    """One stem with its joints and hanging leaves, bowed by its own weight."""
    bow = dice.uniform(-0.2, 0.2) * height
    stem = [(x + bow * (part / 12) ** 2.2, y - height * part / 12) for part in range(13)]
    layer.stroke(stem, max(height * 0.014, 2), 1)
    for px, py in stem[5:]:
        for _leaf in range(7):
            angle = dice.uniform(0.1, math.pi - 0.1)
            reach = height * dice.uniform(0.04, 0.1)
            tip = (px + math.cos(angle) * reach + dice.uniform(-9, 9), py + math.sin(angle) * reach)
            start = (px + dice.uniform(-9, 9), py + dice.uniform(-8, 8))
            middle = ((start[0] + tip[0]) / 2 + 2, (start[1] + tip[1]) / 2 - 2)
            layer.stroke([start, middle, tip], 2.6, 0.4)


def smoke(sheet: Sheet, dice: random.Random, x: float, y: float, height: float, tone: Tone, cover: float = 0.5):
    """A plume that widens and drifts as it rises."""
    layer = sheet.layer(tone)
    drift = dice.uniform(0.35, 0.7)
    for puff in range(46):
        part = puff / 46
        r = 5 + part * height * 0.13 * dice.uniform(0.7, 1.3)
        layer.ellipse(
            x + drift * height * part**1.6 + dice.uniform(-r, r) * 0.6,
            y - height * part,
            r,
            r * 0.8,
            cover=int(200 * (1 - part) + 20),
        )
    sheet.put(layer, blur=9, cover=cover)


def birds(layer: Layer, dice: random.Random, x: float, y: float, count: int, spread: float) -> None:
    for _bird in range(count):
        bx, by = x + dice.gauss(0, spread), y + dice.gauss(0, spread * 0.3)
        wing, lift = dice.uniform(6, 12), dice.uniform(2, 5)
        layer.stroke([(bx - wing, by - lift), (bx - wing * 0.4, by - lift * 0.9), (bx, by)], 1.0, 2.2)
        layer.stroke([(bx + wing, by - lift), (bx + wing * 0.4, by - lift * 0.9), (bx, by)], 1.0, 2.2)
