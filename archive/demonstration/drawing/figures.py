"""People and boats, as they stand dark against water and sky."""

import math
import random

from .sheet import Layer, Point, Tone


def standing(
    layer: Layer, x: float, foot: float, height: float, dice: random.Random, *, gown: bool = False, stride: float = 0.0
) -> tuple[Point, Point]:
    """A person on foot; `stride` opens the legs (walking, about 0.2). Returns (shoulders, head)."""
    hip, shoulder = foot - height * 0.47, foot - height * 0.8
    lean = stride * height * 0.12
    broad = height * 0.115
    if gown:
        layer.polygon(
            [
                (x - broad * 1.0, foot - height * 0.04),
                (x + broad * 1.0, foot - height * 0.04),
                (x + broad * 0.8, hip),
                (x - broad * 0.8, hip),
            ]
        )
    for side in (-1, 1):
        step = x + side * (height * 0.04 + stride * height * 0.5)
        knee = (x + side * height * 0.05 + stride * side * height * 0.2 + lean, (hip + foot) / 2)
        layer.stroke([(x + lean + side * height * 0.03, hip), knee, (step, foot)], height * 0.085, height * 0.05)
        layer.stroke([(step, foot), (step + height * 0.05, foot)], height * 0.035)
    layer.polygon(
        [
            (x + lean - broad * 0.85, hip + height * 0.03),
            (x + lean + broad * 0.85, hip + height * 0.03),
            (x + lean * 2 + broad, shoulder),
            (x + lean * 2 + broad * 0.5, shoulder - height * 0.035),
            (x + lean * 2 - broad * 0.5, shoulder - height * 0.035),
            (x + lean * 2 - broad, shoulder),
        ]
    )
    top = (x + lean * 2, shoulder)
    for side in (-1, 1):
        swing = dice.uniform(-0.03, 0.05) * height + stride * side * height * 0.22
        layer.stroke(
            [(top[0] + side * broad * 0.85, shoulder + height * 0.02),
             (top[0] + side * broad * 1.2 - swing * 0.3, shoulder + height * 0.19),
             (top[0] + side * broad * 1.05 - swing, shoulder + height * 0.36)],
            height * 0.06, height * 0.04,
        )  # fmt: skip
    head = (top[0] + lean * 0.3, shoulder - height * 0.115)
    layer.stroke([top, head], height * 0.05)
    layer.ellipse(*head, height * 0.052, height * 0.068)
    return top, head


def straw_hat(layer: Layer, head: Point, height: float, tone: Tone | None = None) -> None:
    x, y = head
    layer.polygon(
        [(x - height * 0.15, y - height * 0.02), (x, y - height * 0.13), (x + height * 0.15, y - height * 0.02)], tone
    )


def umbrella(layer: Layer, shoulder: Point, height: float, tone: Tone | None = None) -> None:
    """An oiled-paper umbrella, its ribs showing at the rim."""
    x, y = shoulder[0] + height * 0.05, shoulder[1] - height * 0.2
    across, down = height * 0.34, height * 0.2
    dome = [(x + across * math.cos(math.pi * k / 24), y - down * math.sin(math.pi * k / 24)) for k in range(25)]
    rim = [(x - across + across * 2 * k / 16, y + (0 if k % 2 == 0 else -down * 0.16)) for k in range(17)]
    layer.polygon([*dome, *rim], tone)
    layer.stroke([(x, y - down * 1.12), (x - height * 0.02, shoulder[1] + height * 0.22)], height * 0.016)


def carrier(layer: Layer, x: float, foot: float, height: float, dice: random.Random, ways: int = 1) -> None:
    """Someone with a shoulder pole and two loaded baskets, walking right (`ways` 1) or left (-1)."""
    (sx, sy), head = standing(layer, x, foot, height, dice, stride=dice.uniform(0.16, 0.3) * ways)
    reach, sag = height * 0.52, height * 0.06
    pole = [(sx + reach * k / 4, sy - height * 0.03 + sag * (k / 4) ** 2) for k in range(-4, 5)]
    layer.stroke(pole, height * 0.026)
    for side in (-1, 1):
        end = (sx + reach * side * 0.94, sy + sag * 0.6)
        swing = dice.uniform(-0.03, 0.03) * height
        for cord in (-0.07, 0.07):
            layer.stroke([end, (end[0] + cord * height + swing, sy + height * 0.3)], 1.2)
        layer.polygon(
            [
                (end[0] - height * 0.12 + swing, sy + height * 0.3),
                (end[0] + height * 0.12 + swing, sy + height * 0.3),
                (end[0] + height * 0.08 + swing, sy + height * 0.47),
                (end[0] - height * 0.08 + swing, sy + height * 0.47),
            ]
        )
        layer.ellipse(end[0] + swing, sy + height * 0.3, height * 0.11, height * 0.055)
    if dice.random() < 0.5:
        straw_hat(layer, head, height)


def bending(
    layer: Layer, x: float, foot: float, height: float, dice: random.Random, ways: int = 1, hat: Tone | None = None
) -> None:
    """Bent over at work under a wide hat, hands to the ground: transplanting rice."""

    def at(across: float, up: float) -> Point:
        return x + ways * across * height, foot - up * height

    low = dice.uniform(-0.04, 0.03)
    for side in (-0.02, 0.045):
        layer.stroke([at(-0.02 + side * 0.5, 0.48), at(side, 0.22), at(side * 1.4, 0)], height * 0.115, height * 0.06)
    shoulder = at(0.23, 0.38 + low)
    layer.stroke(
        [at(-0.02, 0.5), at(0.1, 0.55 + low * 0.5), at(0.19, 0.46 + low), shoulder], height * 0.2, height * 0.16
    )
    layer.stroke([shoulder, at(0.2, 0.2), at(0.27, 0.02)], height * 0.06, height * 0.03)
    layer.stroke([shoulder, at(0.3, 0.22), at(0.36, 0.12)], height * 0.055, height * 0.035)
    layer.ellipse(*at(0.3, 0.36 + low), height * 0.06, height * 0.06)
    layer.polygon([at(0.2, 0.53 + low), at(0.43, 0.47 + low), at(0.42, 0.21 + low), at(0.37, 0.22 + low)], hat)


def sitter(
    layer: Layer, group: str, x: float, base: float, height: float, dice: random.Random, tones: dict[str, Tone]
) -> None:
    """One person of a group portrait, to the knee: jacket, collar, face and hair. `group` is "man", "woman" or
    "child"; `tones` has "coat", "face", "shade", "hair", "collar"."""
    broad = height * (0.2 if group == "man" else 0.17)
    neck = base - height * 0.74
    layer.polygon(
        [
            (x - broad * 1.12, base),
            (x + broad * 1.12, base),
            (x + broad * 1.2, neck + height * 0.2),
            (x + broad * 0.9, neck + height * 0.07),
            (x + broad * 0.3, neck),
            (x - broad * 0.3, neck),
            (x - broad * 0.9, neck + height * 0.07),
            (x - broad * 1.2, neck + height * 0.2),
        ],
        tones["coat"],
    )
    if group == "child":
        layer.ellipse(x, base - height * 0.05, broad * 1.7, height * 0.13, tones["coat"])
    layer.polygon([(x - broad * 0.3, neck), (x + broad * 0.3, neck), (x, neck + height * 0.09)], tones["collar"])
    layer.stroke([(x, neck + height * 0.1), (x, base)], 1.4, tone=tones["hair"])
    head, tilt = (x, neck - height * 0.125), dice.uniform(-0.012, 0.012) * height
    layer.stroke([(x, neck + height * 0.02), head], height * 0.09, tone=tones["face"])
    _face(layer, group, x + tilt, head[1], height, tones)


def _face(layer: Layer, group: str, x: float, y: float, height: float, tones: dict[str, Tone]) -> None:
    """Hair, face, and the shadows that light from one side leaves on it; no features, as at that distance."""
    if group == "woman":
        layer.polygon(
            [
                (x - height * 0.1, y - height * 0.04),
                (x + height * 0.1, y - height * 0.04),
                (x + height * 0.105, y + height * 0.085),
                (x - height * 0.105, y + height * 0.085),
            ],
            tones["hair"],
        )
    layer.ellipse(x, y - height * 0.035, height * 0.088, height * 0.1, tones["hair"])
    layer.ellipse(x, y + height * 0.018, height * 0.074, height * 0.096, tones["shade"])
    layer.ellipse(x - height * 0.012, y + height * 0.016, height * 0.06, height * 0.088, tones["face"])
    fringe = 0.03 if group == "man" else 0.044
    layer.ellipse(x, y - height * 0.066, height * 0.08, height * fringe, tones["hair"])
    for side in (-1, 1):
        layer.ellipse(x + side * height * 0.03, y + height * 0.004, height * 0.019, height * 0.012, tones["shade"])
    layer.ellipse(x, y + height * 0.068, height * 0.024, height * 0.008, tones["shade"])
    layer.ellipse(x + height * 0.006, y + height * 0.036, height * 0.009, height * 0.02, tones["shade"])


def sampan(layer: Layer, x: float, y: float, length: float, *, canopy: bool = True, ways: int = 1) -> None:
    """A river boat, its bow to the right (`ways` 1) or left, with a mat awning amidships."""
    half = length / 2
    layer.polygon(
        [
            (x - ways * half, y - length * 0.07),
            (x - ways * half * 0.78, y + length * 0.045),
            (x + ways * half * 0.72, y + length * 0.05),
            (x + ways * half, y - length * 0.095),
            (x + ways * half * 0.6, y - length * 0.03),
            (x - ways * half * 0.7, y - length * 0.025),
        ]
    )
    if canopy:
        arch = [
            (x - length * 0.04 + length * 0.2 * math.cos(math.pi * k / 16),
             y - length * 0.02 - length * 0.13 * math.sin(math.pi * k / 16))
            for k in range(17)
        ]  # fmt: skip
        layer.polygon(arch)


def boatman(layer: Layer, x: float, y: float, height: float, dice: random.Random, ways: int = 1) -> None:
    """Standing at the stern with a long pole."""
    shoulder, head = standing(layer, x, y, height, dice)
    straw_hat(layer, head, height)
    layer.stroke(
        [
            (shoulder[0] + ways * height * 0.42, shoulder[1] - height * 0.62),
            (shoulder[0] - ways * height * 0.2, y + height * 0.3),
        ],
        height * 0.022,
    )
    layer.stroke([shoulder, (shoulder[0] + ways * height * 0.16, shoulder[1] + height * 0.06)], height * 0.055)


def dragon_boat(
    layer: Layer,
    x: float,
    y: float,
    length: float,
    phase: float,
    *,
    rowers: int = 14,
    tones: dict[str, Tone] | None = None,
) -> None:
    """A dragon boat racing to the right, its crew at one point (`phase`, 0 to 1) of the stroke.

    `tones` may give "hull", "trim", "crew", "skin", "hair", "flag", "mane"; without it all has the layer's own tone.
    """
    tones = tones or {}
    half = length / 2
    pull = math.cos(phase * math.tau)
    steer = x - half * 0.82
    layer.stroke(
        [(steer, y - length * 0.1), (steer - length * 0.1, y + length * 0.035)], length * 0.008, tone=tones.get("hull")
    )
    _standing_crew(layer, steer + length * 0.01, y - length * 0.03, length * 0.105, tones)
    for index in range(rowers):
        bx = x - half * 0.72 + length * 0.74 * index / (rowers - 1)
        _paddler(layer, bx, y - length * 0.02, length * 0.078, pull, tones)
    _drummer(layer, x + half * 0.1, y - length * 0.03, length * 0.11, phase, tones)
    _hull(layer, x, y, length, tones)
    _dragon_head(
        layer, x + half - length * 0.02, y - length * 0.062, length * 0.075, tones.get("hull"), tones.get("mane")
    )


def _hull(layer: Layer, x: float, y: float, length: float, tones: dict[str, Tone]) -> None:
    """Long and low, its ends rising; scales along the side where there is a tone for them."""
    half = length / 2

    def deck(part: float) -> float:
        return y - length * (0.018 + 0.05 * abs(part) ** 5)

    def keel(part: float) -> float:
        return y + length * (0.03 * (1 - abs(part) ** 3) - 0.058 * abs(part) ** 9)

    parts = [k / 24 - 1 for k in range(49)]
    layer.polygon(
        [*((x + half * p, deck(p)) for p in parts), *((x + half * p, keel(p)) for p in reversed(parts))],
        tones.get("hull"),
    )
    tail = [(x - half + length * 0.01, y - length * 0.064), (x - half - length * 0.014, y - length * 0.1),
            (x - half + length * 0.004, y - length * 0.15)]  # fmt: skip
    layer.stroke(tail, length * 0.022, length * 0.005, tones.get("hull"))
    if trim := tones.get("trim"):
        layer.stroke([(x + half * p, deck(p) + length * 0.004) for p in parts], length * 0.005, tone=trim)
        for k in range(-34, 35):
            p = k / 38
            middle = (deck(p) + keel(p)) / 2
            r = length * 0.0085
            angles = [a / 6 * math.pi for a in range(7)]
            scale = [(x + half * p + r * math.cos(a), middle + r * math.sin(a)) for a in angles]
            layer.hair(scale, length * 0.0016, trim)


def _standing_crew(layer: Layer, x: float, foot: float, size: float, tones: dict[str, Tone]) -> Point:
    """Someone on their feet in the crew's colours; returns the shoulders."""
    own, layer.tone = layer.tone, tones.get("crew", layer.tone)
    shoulder, head = standing(layer, x, foot, size, random.Random(3))
    layer.tone = own
    _head(layer, *head, size * 0.058, tones)
    return shoulder


def _head(layer: Layer, x: float, y: float, size: float, tones: dict[str, Tone]) -> None:
    layer.ellipse(x, y, size * 0.9, size * 1.1, tones.get("skin", tones.get("crew")))
    layer.ellipse(x - size * 0.12, y - size * 0.42, size * 0.95, size * 0.72, tones.get("hair", tones.get("crew")))


def _paddler(layer: Layer, x: float, seat: float, size: float, pull: float, tones: dict[str, Tone]) -> None:
    shirt, skin = tones.get("crew"), tones.get("skin", tones.get("crew"))
    shoulder = (x + size * (0.3 + 0.24 * pull), seat - size * 0.72)
    grip = (shoulder[0] + size * (0.42 + 0.25 * pull), seat - size * 0.3)
    blade = (grip[0] + size * (0.1 + 0.3 * pull), seat + size * 0.66)
    layer.stroke(
        [(grip[0] - size * 0.1, seat - size * 0.8), blade],
        size * 0.06,
        size * 0.17,
        tones.get("trim", tones.get("hull")),
    )
    layer.stroke([(x, seat), (x + size * 0.12, seat - size * 0.4), shoulder], size * 0.34, size * 0.28, shirt)
    _head(layer, shoulder[0] + size * 0.12, shoulder[1] - size * 0.27, size * 0.17, tones)
    elbow = ((shoulder[0] + grip[0]) / 2, (shoulder[1] + grip[1]) / 2 + size * 0.08)
    layer.stroke([shoulder, elbow], size * 0.16, size * 0.13, shirt)
    layer.stroke([elbow, grip], size * 0.11, size * 0.09, skin)


def _drummer(layer: Layer, x: float, deck: float, size: float, phase: float, tones: dict[str, Tone]) -> None:
    shoulder = _standing_crew(layer, x, deck, size, tones)
    lift = math.sin(phase * math.tau * 2) * size * 0.16
    for side in (-1, 1):
        hand = (shoulder[0] + size * 0.3, shoulder[1] - size * 0.06 - lift * side)
        layer.stroke([shoulder, hand], size * 0.06, size * 0.05, tones.get("skin", tones.get("crew")))
        layer.stroke([hand, (hand[0] + size * 0.16, hand[1] + size * 0.1)], size * 0.03, tone=tones.get("hull"))
    layer.ellipse(x + size * 0.5, deck - size * 0.3, size * 0.2, size * 0.25, tones.get("flag"))
    layer.ellipse(x + size * 0.5, deck - size * 0.46, size * 0.2, size * 0.07, tones.get("trim"))
    pole = x - size * 0.5
    layer.stroke([(pole, deck), (pole, deck - size * 1.9)], size * 0.035, tone=tones.get("hull"))
    wave = [
        (pole - size * 0.9 * k / 10, deck - size * (1.86 - 0.08 * math.sin(k * 0.9 + phase * math.tau)))
        for k in range(11)
    ]
    hem = [(px, py + size * 0.5 * (1 - index * 0.06)) for index, (px, py) in enumerate(wave)]
    layer.polygon([*wave, *hem[::-1]], tones.get("flag"))


def _dragon_head(layer: Layer, x: float, y: float, size: float, tone: Tone | None, mane: Tone | None) -> None:
    for lock in range(5):
        layer.stroke(
            [(x + size * 0.1, y - size * (0.2 + lock * 0.12)), (x - size * 0.5, y - size * (0.35 + lock * 0.22))],
            size * 0.16,
            size * 0.03,
            mane,
        )
    layer.stroke(
        [(x - size * 0.3, y + size * 0.5), (x + size * 0.1, y - size * 0.2), (x + size * 0.35, y - size * 0.5)],
        size * 0.44,
        size * 0.36,
        tone,
    )
    layer.polygon(
        [
            (x + size * 0.2, y - size * 0.74),
            (x + size * 1.0, y - size * 0.62),
            (x + size * 1.06, y - size * 0.48),
            (x + size * 0.5, y - size * 0.4),
        ],
        tone,
    )
    layer.polygon(
        [
            (x + size * 0.3, y - size * 0.36),
            (x + size * 0.92, y - size * 0.28),
            (x + size * 0.86, y - size * 0.16),
            (x + size * 0.2, y - size * 0.14),
        ],
        tone,
    )
    layer.stroke(
        [(x + size * 0.22, y - size * 0.7), (x - size * 0.05, y - size * 1.15), (x - size * 0.22, y - size * 1.1)],
        size * 0.09,
        size * 0.03,
        tone,
    )
    layer.stroke(
        [(x + size * 1.0, y - size * 0.5), (x + size * 1.3, y - size * 0.3), (x + size * 1.28, y - size * 0.02)],
        size * 0.04,
        size * 0.015,
        mane,
    )
