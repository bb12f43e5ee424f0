"""Bridges, houses, towers: what was built in the county."""

import math
import random

from .sheet import OVERSAMPLING, Layer, Sheet, Tone


def arched_bridge(
    layer: Layer, left: float, right: float, water: float, rise: float, arches: int, tone: Tone, line: Tone
) -> None:
    """A stone bridge with a humped deck and round arches, the middle one the largest; its openings are cut out."""
    middle, half = (left + right) / 2, (right - left) / 2

    def deck(x: float) -> float:
        return water - rise * (0.3 + 0.7 * (math.cos((x - middle) / half * math.pi) + 1) / 2)

    road = [(left + (right - left) * k / 60, deck(left + (right - left) * k / 60)) for k in range(61)]
    layer.polygon([(left, water + 6), *road, (right, water + 6)], tone)
    _courses(layer, road, water, line)
    parts = [1 + 0.75 * (1 - abs(2 * k / (arches - 1) - 1)) if arches > 1 else 1 for k in range(arches)]
    unit = (right - left) * 0.8 / (sum(parts) + 0.22 * (arches - 1))
    x = left + (right - left) * 0.1
    for part in parts:
        centre, radius = x + unit * part / 2, unit * part / 2
        arch = min(radius * 1.02, water - deck(centre) - rise * 0.16)
        layer.ellipse(centre, water, radius + rise * 0.045, arch + rise * 0.045, line)
        layer.erase(lambda pen, c=centre, r=radius, a=arch: _cut(pen, c, water, r, a))
        x += unit * (part + 0.22)
    for x0, y0 in road[::3]:
        layer.stroke([(x0, y0), (x0, y0 - rise * 0.115)], rise * 0.032, tone=tone)
        layer.ellipse(x0, y0 - rise * 0.125, rise * 0.026, rise * 0.026, tone)
    layer.stroke([(x0, y0 - rise * 0.09) for x0, y0 in road], rise * 0.026, tone=tone)
    layer.stroke([(x0, y0 - rise * 0.035) for x0, y0 in road], rise * 0.02, tone=tone)
    layer.stroke(road, rise * 0.03, tone=line)


def _cut(pen, x: float, y: float, across: float, down: float) -> None:
    box = [v * OVERSAMPLING for v in (x - across, y - down, x + across, y + down)]
    pen.ellipse(box, fill=0)


def _courses(layer: Layer, road: list, water: float, line: Tone) -> None:
    """Courses of dressed stone, faintly."""
    dice = random.Random(11)
    lowest = max(y for _x, y in road)
    step = (water - min(y for _x, y in road)) / 11
    y = water
    while y > min(py for _px, py in road) + step:
        inside = [px for px, py in road if py < y - 3]
        if inside:
            layer.stroke([(inside[0], y), (inside[-1], y)], 0.8, tone=line)
            for _joint in range(int((inside[-1] - inside[0]) / 34)):
                x = dice.uniform(inside[0], inside[-1])
                layer.stroke([(x, y), (x, min(y - step * 0.9, lowest))], 0.7, tone=line)
        y -= step


def curved_roof(
    layer: Layer, left: float, right: float, eave: float, height: float, tone: Tone, *, sweep: float = 0.14
):
    """A hipped roof seen from the front, with eaves that turn up at the corners."""
    middle, half = (left + right) / 2, (right - left) / 2
    over = half * (1 + sweep)
    slope = [(middle + over * k / 12, eave - height * sweep * 1.9 * abs(k / 12) ** 5) for k in range(-12, 13)]
    right_side = [
        (
            middle + over - (over - half * 0.62) * (k / 8),
            eave - height * sweep * 1.9 - height * (1 - sweep * 1.9) * (k / 8) ** 1.5,
        )
        for k in range(1, 9)
    ]
    left_side = [(2 * middle - x, y) for x, y in right_side][::-1]
    layer.polygon([*slope, *right_side, *left_side], tone)
    layer.stroke([left_side[0], right_side[-1]], height * 0.12, tone=tone)
    for side, (x, y) in ((1, right_side[-1]), (-1, left_side[0])):
        layer.stroke([(x, y), (x + side * height * 0.12, y - height * 0.18)], height * 0.11, height * 0.03, tone)


def pagoda(layer: Layer, x: float, base: float, height: float, storeys: int, tone: Tone, light: Tone) -> None:
    """A brick pagoda with eaves to each storey and a spire."""
    spire = height * 0.15
    each = (height - spire) / storeys
    for storey in range(storeys):
        wide = height * 0.115 * (1 - 0.075 * storey)
        floor = base - each * storey
        layer.box(x - wide, floor - each, x + wide, floor, tone)
        layer.box(x - wide * 0.16, floor - each * 0.52, x + wide * 0.16, floor - each * 0.04, light)
        layer.ellipse(x, floor - each * 0.52, wide * 0.16, each * 0.12, light)
        over = wide * 1.34
        eave = floor - each * 0.86
        layer.polygon(
            [
                (x - over, eave - each * 0.1),
                (x - wide, eave + each * 0.06),
                (x + wide, eave + each * 0.06),
                (x + over, eave - each * 0.1),
                (x + wide * 0.9, eave - each * 0.16),
                (x - wide * 0.9, eave - each * 0.16),
            ],
            tone,
        )
    top = base - each * storeys
    wide = height * 0.115 * (1 - 0.075 * storeys)
    layer.polygon([(x - wide * 1.3, top), (x + wide * 1.3, top), (x, top - spire * 0.5)], tone)
    layer.stroke([(x, top - spire * 0.3), (x, base - height)], height * 0.014, 1.5, tone)
    for ring in range(4):
        y = top - spire * (0.5 + ring * 0.1)
        layer.ellipse(x, y, height * (0.016 - ring * 0.003), height * 0.006, tone)


def gate_tower(layer: Layer, x: float, base: float, size: float, tones: dict[str, Tone]) -> None:
    """A city gate: battered wall with its vault and battlements, and a timber tower of two roofs on top.
    `tones` has "wall", "line", "timber", "roof", "dark"."""
    wall_top, half = base - size * 0.42, size * 0.55
    layer.polygon(
        [(x - half * 1.06, base), (x + half * 1.06, base), (x + half, wall_top), (x - half, wall_top)], tones["wall"]
    )
    for course in range(1, 14):
        y = base - (base - wall_top) * course / 14
        layer.stroke([(x - half * 1.05, y), (x + half * 1.05, y)], 0.8, tone=tones["line"])
    layer.box(x - size * 0.085, base - size * 0.15, x + size * 0.085, base, tones["dark"])
    layer.ellipse(x, base - size * 0.15, size * 0.085, size * 0.09, tones["dark"])
    for tooth in range(19):
        left = x - half + half * 2 * tooth / 19
        layer.box(left, wall_top - size * 0.035, left + half * 2 / 19 * 0.62, wall_top + 2, tones["wall"])
    floor = wall_top - size * 0.02
    layer.box(x - size * 0.3, floor - size * 0.17, x + size * 0.3, floor, tones["timber"])
    for post in range(8):
        px = x - size * 0.3 + size * 0.6 * post / 7
        layer.stroke([(px, floor), (px, floor - size * 0.17)], size * 0.011, tone=tones["dark"])
    curved_roof(layer, x - size * 0.33, x + size * 0.33, floor - size * 0.16, size * 0.12, tones["roof"])
    layer.box(x - size * 0.21, floor - size * 0.35, x + size * 0.21, floor - size * 0.26, tones["timber"])
    curved_roof(layer, x - size * 0.24, x + size * 0.24, floor - size * 0.335, size * 0.15, tones["roof"])


def horse_head_house(
    layer: Layer, left: float, right: float, base: float, height: float, tones: dict[str, Tone], dice: random.Random
) -> None:
    """A white-walled house with stepped gables; `tones` has "wall", "roof", "dark"."""
    top = base - height
    layer.box(left, top, right, base, tones["wall"])
    steps = 3
    wide = (right - left) / (steps * 2 - 1)
    for step in range(steps * 2 - 1):
        level = min(step, steps * 2 - 2 - step)
        x0, y0 = left + wide * step, top - height * 0.09 * (level + 1)
        layer.box(x0, y0, x0 + wide, top + 1, tones["wall"])
        layer.polygon(
            [
                (x0 - wide * 0.1, y0 - height * 0.008),
                (x0 + wide * 1.1, y0 - height * 0.008),
                (x0 + wide, y0 - height * 0.045),
                (x0, y0 - height * 0.045),
            ],
            tones["roof"],
        )
    for _window in range(2):
        x0, y0 = (
            dice.uniform(left + wide * 0.5, right - wide * 1.2),
            dice.uniform(top + height * 0.15, top + height * 0.4),
        )
        layer.box(x0, y0, x0 + wide * 0.34, y0 + height * 0.11, tones["dark"])


def shop_row(
    sheet: Sheet,
    layer: Layer,
    side: int,
    dice: random.Random,
    tones: list[Tone],
    vanish: tuple[float, float],
    signs: list[str],
    lettering,
):
    """One side of a street in perspective: shop after shop towards the vanishing point, `side` -1 left or 1 right.
    `tones` and `signs` run from the nearest to the farthest."""
    vx, vy = vanish
    edge = 0 if side < 0 else sheet.width
    depths = [1.0, 0.68, 0.48, 0.35, 0.26, 0.2, 0.155, 0.12]
    for index in range(len(depths) - 2, -1, -1):
        near, far = depths[index], depths[index + 1]
        tone = tones[min(index, len(tones) - 1)]
        lift = dice.uniform(0.9, 1.14)

        def at(depth: float, height: float, lift: float = lift) -> tuple[float, float]:
            reach = abs(edge - vx) * 1.08
            return vx + side * reach * depth, vy + (sheet.height * 0.46 - height * sheet.height * 0.98 * lift) * depth

        layer.polygon([at(near, 0), at(near, 0.86), at(far, 0.86), at(far, 0)], tone)
        _shop_front(layer, at, near, far, tone, side, dice)
        _sign(layer, at, near + (far - near) * 0.5, tone, side, signs[index], lettering)


def _shop_front(layer: Layer, at, near: float, far: float, tone: Tone, side: int, dice: random.Random) -> None:
    """Eaves, upper windows, the open shop and its awning, a hanging sign."""
    shade, pale = _mixed(tone, -34), _mixed(tone, 30)

    def between(part: float) -> float:
        return near + (far - near) * part

    layer.polygon(
        [at(between(0.06), 0.04), at(between(0.06), 0.36), at(between(0.94), 0.36), at(between(0.94), 0.04)], shade
    )
    for post in (0.06, 0.36, 0.65, 0.94):
        layer.stroke([at(between(post), 0), at(between(post), 0.86)], 9 * near, 7 * near, tone=_mixed(tone, -16))
    for window in (0.12, 0.42, 0.71):
        layer.polygon(
            [
                at(between(window), 0.5),
                at(between(window), 0.74),
                at(between(window + 0.19), 0.74),
                at(between(window + 0.19), 0.5),
            ],
            shade if dice.random() < 0.7 else pale,
        )
    for height, out in ((0.86, 0.16), (0.42, 0.2)):
        (x0, y0), (x1, y1) = at(near, height), at(far, height)
        lip0, lip1 = -side * 230 * near * out * 2, -side * 230 * far * out * 2
        layer.polygon(
            [
                (x0, y0 - 46 * near),
                (x1, y1 - 46 * far),
                (x1, y1 + 4 * far),
                (x1 + lip1, y1 + 16 * far),
                (x0 + lip0, y0 + 16 * near),
                (x0, y0 + 4 * near),
            ],
            _mixed(tone, -24),
        )
        layer.stroke(
            [(x0 + lip0, y0 + 16 * near), (x1 + lip1, y1 + 16 * far)], 6 * near, 6 * far, tone=_mixed(tone, -44)
        )


def _sign(layer: Layer, at, depth: float, tone: Tone, side: int, words: str, lettering) -> None:
    """A board that hangs out over the street, with two characters on it."""
    x, y = at(depth, 0.72)
    size = 84 * depth
    left = x - side * 84 * depth - size / 2
    layer.box(left - size * 0.16, y - size * 0.2, left + size * 1.16, y + size * 2.4, _mixed(tone, -40))
    layer.box(left - size * 0.06, y - size * 0.1, left + size * 1.06, y + size * 2.3, _mixed(tone, 44))
    for row, character in enumerate(words):
        layer.write(lettering(character, round(size)), left, y + size * 1.1 * row, _mixed(tone, -52))


def _mixed(tone: Tone, step: int) -> Tone:
    if isinstance(tone, tuple):
        return tuple(min(max(v + step, 0), 255) for v in tone)
    return min(max(tone + step, 0), 255)
