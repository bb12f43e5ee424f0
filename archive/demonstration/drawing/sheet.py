"""The sheet that scenes are painted on: smooth-edged layers, from the sky forward, each with a tone of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Tone = int | tuple[int, int, int]
Point = tuple[float, float]

OVERSAMPLING = 2
"""Shapes are drawn this much larger and then reduced: Pillow's own edges are hard."""


SLIGHT = 1.3
"""Up to here a blur only takes the hardness off the edges: one cheap pass over the mask does."""


class Layer:
    """Shapes on their way to the sheet, in the sheet's coordinates (pixels from the top left corner)."""

    def __init__(self, size: tuple[int, int], mode: str, tone: Tone):
        large = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
        self.tone = tone
        self.paint = Image.new(mode, large, tone)
        self.mask = Image.new("L", large, 0)
        self._pens = ((ImageDraw.Draw(self.paint), None), (ImageDraw.Draw(self.mask), 255))

    def _each(self, tone: Tone | None, cover: int):
        for pen, fixed in self._pens:
            yield pen, cover if fixed else (self.tone if tone is None else tone)

    def polygon(self, points: Sequence[Point], tone: Tone | None = None, cover: int = 255) -> None:
        large = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        for pen, fill in self._each(tone, cover):
            pen.polygon(large, fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, tone: Tone | None = None) -> None:
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], tone)

    def ellipse(
        self, x: float, y: float, across: float, down: float, tone: Tone | None = None, cover: int = 255
    ) -> None:
        """An ellipse around (x, y) with these half axes."""
        box = [v * OVERSAMPLING for v in (x - across, y - down, x + across, y + down)]
        for pen, fill in self._each(tone, cover):
            pen.ellipse(box, fill=fill)

    def stroke(self, points: Sequence[Point], width: float, end: float | None = None, tone: Tone | None = None) -> None:
        """A line through the points, as wide as `width` at its beginning and `end` at its end, with round joints."""
        end = width if end is None else end
        steps = max(len(points) - 1, 1)
        for index, ((x0, y0), (x1, y1)) in enumerate(zip(points, points[1:], strict=False)):
            first = width + (end - width) * index / steps
            last = width + (end - width) * (index + 1) / steps
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            across, down = -(y1 - y0) / length / 2, (x1 - x0) / length / 2
            self.polygon(
                [
                    (x0 + across * first, y0 + down * first),
                    (x1 + across * last, y1 + down * last),
                    (x1 - across * last, y1 - down * last),
                    (x0 - across * first, y0 - down * first),
                ],
                tone,
            )
            self.ellipse(x1, y1, last / 2, last / 2, tone)
        self.ellipse(*points[0], width / 2, width / 2, tone)

    def hair(self, points: Sequence[Point], width: float, tone: Tone | None = None) -> None:
        """A thin line of even width: cheaper than a stroke where there are thousands."""
        large = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        for pen, fill in self._each(tone, 255):
            pen.line(large, fill=fill, width=max(round(width * OVERSAMPLING), 1))

    def write(self, glyph: Image.Image | None, left: float, top: float, tone: Tone | None = None) -> None:
        """A character, drawn at `OVERSAMPLING` times its size; None leaves its place empty."""
        if glyph is None:
            return
        at = (round(left * OVERSAMPLING), round(top * OVERSAMPLING))
        self.paint.paste(self.tone if tone is None else tone, at, glyph)
        self.mask.paste(255, at, glyph)

    def erase(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> None:
        """Cut out of the layer what `draw` draws, in oversampled coordinates."""
        draw(ImageDraw.Draw(self.mask))


class Sheet:
    """A picture in the making, `mode` "L" or "RGB"."""

    def __init__(self, width: int, height: int, mode: str = "L", ground: Tone = 200):
        self.width, self.height, self.mode = width, height, mode
        self.picture = Image.new(mode, (width, height), ground)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def layer(self, tone: Tone) -> Layer:
        return Layer(self.size, self.mode, tone)

    def put(self, layer: Layer, *, blur: float = 0, cover: float = 1.0, fade: tuple[float, float] | None = None):
        """Lay a layer on: out of focus by `blur` pixels, thinner by `cover`, dissolving downwards between the two
        heights of `fade`."""
        box = self._touched(layer, blur)
        if box is None:
            return
        large = tuple(v * OVERSAMPLING for v in box)
        paint, mask = (part.crop(large).reduce(OVERSAMPLING) for part in (layer.paint, layer.mask))
        if blur >= SLIGHT:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
            paint = paint.filter(ImageFilter.GaussianBlur(blur / 2))
        elif blur:
            mask = mask.filter(ImageFilter.BoxBlur(blur * 0.9))
        if fade:
            mask = ImageChops.multiply(mask, vertical(mask.size, fade[0] - box[1], fade[1] - box[1], 255, 0))
        if cover < 1:
            mask = mask.point(lambda value: int(value * cover))
        self.picture.paste(paint, box[:2], mask)

    def _touched(self, layer: Layer, blur: float) -> tuple[int, int, int, int] | None:
        """The part of the sheet that the layer touches, in its pixels; None when there is none."""
        found = layer.mask.getbbox()
        if found is None:
            return None
        edge = math.ceil(blur * 3) + 1
        left, top, right, bottom = (v / OVERSAMPLING for v in found)
        return (
            max(math.floor(left) - edge, 0),
            max(math.floor(top) - edge, 0),
            min(math.ceil(right) + edge, self.width),
            min(math.ceil(bottom) + edge, self.height),
        )

    def wash(self, tone: Tone, top: float, bottom: float, first: int, last: int) -> None:
        """A veil over everything between two heights, `first` to `last` of 255 thick: mist, dusk, haze.
        Above and below it goes on as it began and ended."""
        veil = vertical(self.size, top, bottom, first, last)
        self.picture.paste(Image.new(self.mode, self.size, tone), (0, 0), veil)

    def band(self, tone: Tone, middle: float, spread: float, thick: int) -> None:
        """A bank of mist: thickest at one height and gone `spread` pixels above and below it."""
        upper = vertical(self.size, middle - spread, middle, 0, thick)
        lower = vertical(self.size, middle, middle + spread, thick, 0)
        veil = ImageChops.darker(upper, lower).filter(ImageFilter.GaussianBlur(spread / 6))
        self.picture.paste(Image.new(self.mode, self.size, tone), (0, 0), veil)

    def glow(self, x: float, y: float, radius: float, tone: Tone, thick: int = 255) -> None:
        """A soft light around a point."""
        light = Image.radial_gradient("L").resize((int(radius * 2),) * 2, Image.Resampling.BILINEAR)
        light = light.point(lambda value: int(max(0, 1 - value / 181) ** 2 * thick))
        self.picture.paste(tone, (int(x - radius), int(y - radius)), light)


def vertical(size: tuple[int, int], top: float, bottom: float, first: int, last: int) -> Image.Image:
    """A grey picture that is `first` down to `top`, `last` from `bottom` on and even between them."""
    width, height = size
    span = max(bottom - top, 1)
    column = Image.new("L", (1, height))
    column.putdata([round(first + (last - first) * min(max((y - top) / span, 0), 1)) for y in range(height)])
    return column.resize((width, height))
