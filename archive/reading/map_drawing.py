"""Draws places where they lie, without tiles and without asking anybody: points with names beside them on a grid of
squares of a round length, as the maps of the old gazetteers were drawn (计里画方)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 440
MARGIN = 46
FLATTEST, TALLEST = 0.75, 1.5
"""How many times its width the drawing may be high."""
LEAST_RADIUS, MOST_RADIUS = 3.5, 11.0
LETTER = 15.0
FRAME = 6
KILOMETRES_A_DEGREE = 111.32
MOST_POINTS = 300


@dataclass(frozen=True)
class Spot:
    """A place to draw. Degrees of WGS 84; `count` sizes its point; `above` is the place that it belongs to."""

    pk: int
    name: str
    latitude: float
    longitude: float
    count: int
    address: str
    above: int | None = None
    here: bool = False


@dataclass(frozen=True)
class Point:
    """A spot in units of the drawing. Without `anchor` there was no room for its name."""

    spot: Spot
    x: float
    y: float
    radius: float
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = ""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class MapDrawing:
    """`ties` join a place to the one that it belongs to; the lines of the grid are `square_kilometres` apart."""

    width: float
    height: float
    points: list[Point]
    ties: list[tuple[float, float, float, float]]
    grid_x: list[float]
    grid_y: list[float]
    square_kilometres: str


def draw(spots: Iterable[Spot]) -> MapDrawing | None:
    """The drawing, or None when there is nothing to draw. Of very many places those with most things are drawn."""
    chosen = sorted(spots, key=lambda spot: (not spot.here, -spot.count, spot.pk))[:MOST_POINTS]
    if not chosen:
        return None
    place, height, unit = _projection(chosen)
    most = max(spot.count for spot in chosen) or 1
    points = []
    for spot in chosen:
        x, y = place(spot)
        radius = LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * math.sqrt(max(spot.count, 0) / most)
        points.append(Point(spot, round(x, 1), round(y, 1), round(radius, 1)))
    by_key = {point.spot.pk: point for point in points}
    ties = [
        (point.x, point.y, above.x, above.y)
        for point in points
        if (above := by_key.get(point.spot.above)) is not None
    ]  # fmt: skip
    kilometres = _round_length(WIDTH / 5 / unit)
    across, down = _grid(WIDTH, kilometres * unit), _grid(height, kilometres * unit)
    return MapDrawing(WIDTH, height, label(points, height), ties, across, down, f"{kilometres:g}")


def _grid(length: float, square: float) -> list[float]:
    """Lines this far apart, the same distance left over at both ends."""
    count = int((length - 2 * FRAME) // square)
    start = (length - count * square) / 2
    return [round(start + square * number, 1) for number in range(count + 1)]


def _projection(spots: Sequence[Spot]):
    """A function from a spot to units, the height, and the units of a kilometre. Equirectangular about the middle:
    within one county it is as true as a printed map."""
    latitudes, longitudes = [spot.latitude for spot in spots], [spot.longitude for spot in spots]
    middle_y = (min(latitudes) + max(latitudes)) / 2
    middle_x = (min(longitudes) + max(longitudes)) / 2
    narrowing = max(math.cos(math.radians(middle_y)), 0.05)
    wide = max((max(longitudes) - min(longitudes)) * narrowing, 0.02)
    high = max(max(latitudes) - min(latitudes), 0.02)
    inner = WIDTH - 2 * MARGIN
    height = min(max(inner * high / wide + 2 * MARGIN, WIDTH * FLATTEST), WIDTH * TALLEST)
    scale = min(inner / wide, (height - 2 * MARGIN) / high)

    def place(spot: Spot) -> tuple[float, float]:
        return (
            WIDTH / 2 + (spot.longitude - middle_x) * narrowing * scale,
            height / 2 - (spot.latitude - middle_y) * scale,
        )

    return place, round(height), scale / KILOMETRES_A_DEGREE


def _round_length(kilometres: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is no longer."""
    power = 10 ** math.floor(math.log10(kilometres))
    return max((step * power for step in (1, 2, 5) if step * power <= kilometres), default=power)


def label(points: Sequence[Point], height: float) -> list[Point]:
    """The points with their names beside them: at the right, left, above or below, wherever no other name or point
    is in the way. The first points choose first."""
    edge = FRAME + 4
    frame = Box(edge, edge, WIDTH - edge, height - edge)
    taken = [
        Box(point.x - point.radius, point.y - point.radius, point.x + point.radius, point.y + point.radius)
        for point in points
    ]
    labelled = []
    for place, point in enumerate(points):
        for x, y, anchor, box in _positions(point):
            others = (other for number, other in enumerate(taken) if number != place)
            if box.within(frame) and not any(box.meets(other) for other in others):
                taken.append(box)
                point = Point(point.spot, point.x, point.y, point.radius, round(x, 1), round(y, 1), anchor)
                break
        labelled.append(point)
    return labelled


def _positions(point: Point) -> Iterable[tuple[float, float, str, Box]]:
    """Where the name may stand: the text's own x and y (its base line), its anchor, and the room that it takes."""
    wide = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.6 for letter in point.spot.name)
    gap = point.radius + 4
    for x, y, anchor in (
        (point.x + gap, point.y + LETTER * 0.35, "start"),
        (point.x - gap, point.y + LETTER * 0.35, "end"),
        (point.x, point.y - gap - 1, "middle"),
        (point.x, point.y + gap + LETTER * 0.8, "middle"),
    ):
        left = x - {"start": 0, "end": wide, "middle": wide / 2}[anchor]
        yield x, y, anchor, Box(left, y - LETTER * 0.9, left + wide, y + LETTER * 0.2)
