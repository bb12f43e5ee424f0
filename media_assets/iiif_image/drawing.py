"""Makes a picture out of stored tiles. The pyramids are our own work, so they are decoded here and not in the sandbox;
what is made is bounded by the limits of the service, and by how many are made at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyvips

from ..tile_index import TileIndex
from .parameters import Wanted
from .tiles import Part, Tile

pyvips.cache_set_max(0)  # an operation is never asked twice here; the cache would only hold memory

JPEG_QUALITY = 85
WEBP_QUALITY, WEBP_EFFORT = 80, 2  # while somebody waits
PNG_COMPRESSION = 6
PAPER = 255
BLACK_BELOW = 128

LONGEST_WAIT = 4.0  # seconds
_places = threading.BoundedSemaphore(2)
"""Of this process: a picture of the largest size takes some hundred megabytes while it is made."""


class BusyError(Exception):
    """All places were taken for as long as anybody may wait."""


@contextmanager
def place_at_the_table() -> Iterator[None]:
    """To be held from before the tiles are read until the picture is made: who waits holds no memory, and not for ever
    one of the threads that answer everybody. Raises BusyError."""
    if not _places.acquire(timeout=LONGEST_WAIT):
        raise BusyError
    try:
        yield
    finally:
        _places.release()


def drawn(index: TileIndex, part: Part, streams: dict[Tile, bytes], wanted: Wanted) -> bytes:
    """The encoded picture. Raises `pyvips.Error` and BadPyramidError when the stored tiles are damaged."""
    picture = _joined(index, part, streams)
    picture = _of_size(picture, wanted.out_width, wanted.out_height)
    if wanted.mirrored or wanted.degrees:
        picture = _turned(picture, wanted)
    return _encoded(_coloured(picture, wanted.quality), wanted)


def _joined(index: TileIndex, part: Part, streams: dict[Tile, bytes]) -> pyvips.Image:
    """The part out of its tiles, read from top to bottom, so that few of them are decoded at any moment."""
    tiles = [
        pyvips.Image.jpegload_buffer(index.jpeg(part.level, streams[tile]), access="sequential", fail_on="error")
        for tile in part.tiles
    ]
    joined = tiles[0] if len(tiles) == 1 else pyvips.Image.arrayjoin(tiles, across=part.across)
    left, top = part.left - part.first_column * index.side, part.top - part.first_row * index.side
    return joined.crop(left, top, part.width, part.height)


def _of_size(picture: pyvips.Image, width: int, height: int) -> pyvips.Image:
    if (picture.width, picture.height) == (width, height):
        return picture
    picture = picture.resize(width / picture.width, vscale=height / picture.height)
    if (picture.width, picture.height) != (width, height):  # libvips rounds for itself, sometimes by one pixel
        picture = picture.gravity("centre", width, height, extend="copy")
    return picture


def _turned(picture: pyvips.Image, wanted: Wanted) -> pyvips.Image:
    """Mirrored first, then clockwise; turning needs the whole picture at hand. What a slanting picture leaves empty is
    transparent where the format can say so, else white."""
    picture = picture.copy_memory()
    if wanted.mirrored:
        picture = picture.fliphor()
    if wanted.degrees % 90:
        if wanted.format == "jpg":
            return picture.rotate(wanted.degrees, background=[PAPER] * picture.bands)
        return picture.addalpha().rotate(wanted.degrees, background=[0] * (picture.bands + 1))
    right_angles = {90: "rot90", 180: "rot180", 270: "rot270"}
    return getattr(picture, right_angles[int(wanted.degrees)])() if wanted.degrees else picture


def _coloured(picture: pyvips.Image, quality: str) -> pyvips.Image:
    if quality not in ("gray", "bitonal"):
        return picture
    alpha = picture[picture.bands - 1] if picture.hasalpha() else None
    grey = (picture[: picture.bands - 1] if alpha is not None else picture).colourspace("b-w")
    if quality == "bitonal":
        grey = (grey >= BLACK_BELOW).copy(interpretation="b-w")
    return grey if alpha is None else grey.bandjoin(alpha.cast("uchar"))


def _encoded(picture: pyvips.Image, wanted: Wanted) -> bytes:
    if wanted.format == "png":
        depth = {"bitdepth": 1} if wanted.quality == "bitonal" and picture.bands == 1 else {}
        return picture.pngsave_buffer(compression=PNG_COMPRESSION, keep="none", **depth)
    if wanted.format == "webp":
        return picture.webpsave_buffer(Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")
    return picture.jpegsave_buffer(Q=JPEG_QUALITY, keep="none")
