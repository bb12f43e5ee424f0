"""The strokes of the ink paintings: hills with their texture, waves, pines, dotted trees, cottages, mist."""

import math
import random

from .sheet import Layer, Point, Sheet

WHITE, INK = (255, 255, 255), (52, 49, 46)


def mountain(
    sheet: Sheet, dice: random.Random, line: list[Point], bottom: float, *, tone=(96, 94, 90), wash=None, dots: int = 1
) -> None:
    """A hill in ink: a wash that dissolves downward, a broken outline, texture strokes down the slope, moss dots."""
    top = min(y for _x, y in line)
    body = sheet.layer(tone)
    body.polygon([*line, (line[-1][0], bottom), (line[0][0], bottom)])
    sheet.put(body, blur=5, cover=0.5, fade=(top, bottom))
    if wash:
        tint = sheet.layer(wash)
        tint.polygon([*line, (line[-1][0], bottom), (line[0][0], bottom)])
        sheet.put(tint, blur=10, cover=0.32, fade=(top + 20, bottom))
    strokes = sheet.layer(tuple(max(v - 44, 20) for v in tone))
    texture(strokes, dice, line, bottom)
    sheet.put(strokes, blur=0.7, cover=0.62, fade=(top + (bottom - top) * 0.3, bottom))
    moss = sheet.layer(INK)
    for x, y in line[:: max(6 // max(dots, 1), 1)] if dots else ():
        for _dot in range(dots):
            r = dice.uniform(1.6, 4.2)
            moss.ellipse(x + dice.uniform(-9, 9), y + dice.uniform(-2, 8), r * 1.3, r)
    sheet.put(moss, blur=0.5, cover=0.75)


def texture(layer: Layer, dice: random.Random, line: list[Point], bottom: float) -> None:
    """Long hemp strokes that run down from the ridge, as the slope does."""
    for index in range(0, len(line) - 6, 2):
        (x, y), (ahead, below) = line[index], line[index + 6]
        slope = (below - y) / max(ahead - x, 1)
        if dice.random() < 0.8:
            layer.hair([(x, y), (line[index + 2][0], line[index + 2][1])], dice.uniform(0.8, 2.4))
        for _stroke in range(2):
            x0, y0 = x + dice.uniform(-6, 6), y + abs(dice.gauss(0, 0.3)) * (bottom - y) * 0.8
            reach = (bottom - y) * dice.uniform(0.06, 0.24)
            lean = math.copysign(min(abs(slope), 1.2), slope) * 0.5 + dice.uniform(-0.15, 0.15)
            bend = dice.uniform(-0.1, 0.1) * reach
            layer.hair(
                [(x0, y0), (x0 + lean * reach * 0.5 + bend, y0 + reach * 0.5), (x0 + lean * reach, y0 + reach)],
                dice.uniform(0.7, 1.6),
            )


def waves(sheet: Sheet, dice: random.Random, top: float, bottom: float, count: int = 150) -> None:
    """Water as lines: fine arcs, closer at the far side."""
    layer = sheet.layer((128, 134, 134))
    for _wave in range(count):
        part = dice.random() ** 1.4
        y, reach = top + (bottom - top) * part, (16 + 60 * part) * dice.uniform(0.5, 1.2)
        x = dice.uniform(-20, sheet.width)
        layer.hair([(x + reach * k / 8, y - math.sin(math.pi * k / 8) * (2 + 4 * part)) for k in range(9)], 0.9)
    sheet.put(layer, blur=0.4, cover=0.55)


def pine(layer: Layer, dice: random.Random, x: float, y: float, height: float) -> None:
    """A pine: a crooked trunk, level boughs, needles in fans."""
    trunk = [(x, y)]
    for step in range(1, 7):
        trunk.append((x + math.sin(step * 1.7 + x) * height * 0.05, y - height * step / 6.4))
    layer.stroke(trunk, height * 0.055, height * 0.018, (86, 70, 58))
    for px, py in trunk[2:]:
        for side in (-1, 1):
            reach = height * dice.uniform(0.16, 0.34)
            end = (px + side * reach, py - height * dice.uniform(-0.03, 0.07))
            layer.stroke([(px, py), end], height * 0.018, height * 0.008, (86, 70, 58))
            for _fan in range(5):
                part = dice.uniform(0.35, 1.05)
                fx, fy = px + (end[0] - px) * part, py + (end[1] - py) * part
                for needle in range(9):
                    angle = math.pi * (1.06 + 0.88 * needle / 8)
                    reach_ = height * 0.062
                    layer.hair(
                        [(fx, fy), (fx + math.cos(angle) * reach_, fy + math.sin(angle) * reach_ * 0.8)],
                        0.9,
                        (58, 76, 66),
                    )


def leafy(layer: Layer, dice: random.Random, x: float, y: float, height: float, tones) -> None:
    """A tree of dotted leaves in the manner of the album: trunk, boughs, dots."""
    layer.stroke(
        [(x, y), (x + height * 0.05, y - height * 0.3), (x - height * 0.02, y - height * 0.62)],
        height * 0.05,
        height * 0.02,
        (80, 68, 58),
    )
    for _dot in range(120):
        angle, out = dice.uniform(0, math.tau), dice.random() ** 0.6
        r = height * dice.uniform(0.016, 0.034)
        layer.ellipse(
            x + math.cos(angle) * out * height * 0.32,
            y - height * 0.68 + math.sin(angle) * out * height * 0.3,
            r * 1.4,
            r,
            dice.choice(tones),
            cover=dice.randint(150, 255),
        )


def cottage(layer: Layer, x: float, y: float, size: float) -> None:
    layer.box(x - size * 0.46, y - size * 0.42, x + size * 0.46, y, (242, 236, 222))
    for post in (-0.46, -0.15, 0.15, 0.46):
        layer.hair([(x + size * post, y), (x + size * post, y - size * 0.42)], 1.6, INK)
    layer.box(x - size * 0.14, y - size * 0.3, x + size * 0.14, y, (168, 150, 128))
    layer.polygon(
        [
            (x - size * 0.64, y - size * 0.38),
            (x + size * 0.64, y - size * 0.38),
            (x + size * 0.46, y - size * 0.76),
            (x - size * 0.46, y - size * 0.76),
        ],
        (128, 112, 94),
    )
    for k in range(12):
        part = -1 + 2 * k / 11
        layer.hair(
            [(x + size * 0.62 * part, y - size * 0.39), (x + size * 0.45 * part, y - size * 0.75)], 0.8, (84, 74, 64)
        )


def mist(sheet: Sheet, middle: float, spread: float, thick: int = 215) -> None:
    sheet.band(WHITE, middle, spread, thick)
