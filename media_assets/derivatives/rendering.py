"""The preset sizes of a picture, made by one call of the sandbox that decodes it once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .. import sandbox
from ..bounds import bounds
from ..decoding import presets
from ..local_copies import path_of
from ..models.derivative import DerivativeFormat, Preset

WALL_SECONDS, CPU_SECONDS = 120, 60  # of a picture that intake has let in


@dataclass(frozen=True)
class Rendering:
    preset: Preset
    format: DerivativeFormat
    width: int
    height: int
    data: bytes


def sizes_for(width: int, height: int) -> list[tuple[Preset, int, int]]:
    """The presets made of an upright picture of this size, with their pixels, smallest first.

    Never larger than the picture: it stops at the first preset that shows the picture whole.
    """
    found = []
    for preset in sorted(Preset.of_pictures(), key=lambda p: p.width):
        scale = min(1.0, preset.width / width, preset.height / height)
        found.append((preset, max(1, round(width * scale)), max(1, round(height * scale))))
        if scale == 1.0:
            break
    return found


def render(file: BinaryIO, mime_type: str, width: int, height: int) -> Iterator[Rendering]:
    """All sizes of a picture whose upright size is known, largest first; a file on this disk is read where it lies.

    Raises UnreadableFile, RefusedFile and UnshownFile before anything is yielded.
    """
    sizes = sizes_for(width, height)[::-1]
    pixels = [size[1:] for size in sizes]
    with path_of(file) as path:
        made = sandbox.call(
            presets.render,
            str(path),
            mime_type,
            width,
            height,
            pixels,
            bounds(),
            wall_seconds=WALL_SECONDS,
            cpu_seconds=CPU_SECONDS,
        )
    for (preset, _width, _height), size in zip(sizes, made, strict=True):
        yield Rendering(preset, DerivativeFormat.WEBP, size.width, size.height, size.webp)
        yield Rendering(preset, DerivativeFormat.JPEG, size.width, size.height, size.jpeg)
