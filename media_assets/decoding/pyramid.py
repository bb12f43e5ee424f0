"""One picture in, one tiled pyramid out: upright, in sRGB, eight bits, without a trace of metadata.

The picture streams from its file into the tiles; one that must be turned goes through a temporary file first, because
turning needs the whole of it. 50 megapixels take a second of one processor, 100 take a hundred megabytes of memory.
"""

import errno
import os

import pyvips

from .bounds import Bounds
from .colours import known_bands, srgb
from .pictures import damaged, open_picture
from .presets import PAPER

TILE_SIDE = 512


def write(source: str, mime_type: str, target: str, quality: int, bounds: Bounds) -> None:
    """Write the pyramid of the picture at `source` to `target`. Raises UnreadableFile, RefusedFile and UnshownFile."""
    try:
        picture = _upright(open_picture(source, mime_type, bounds))
        picture = srgb(known_bands(picture))
        if picture.hasalpha():
            picture = picture.flatten(background=[PAPER] * (picture.bands - 1))
        picture.tiffsave(
            target,
            tile=True,
            tile_width=TILE_SIDE,
            tile_height=TILE_SIDE,
            pyramid=True,
            depth="onetile",
            compression="jpeg",
            Q=quality,
            keep="none",
        )
    except pyvips.Error as error:
        if os.strerror(errno.ENOSPC) in str(error):  # no fault of the picture
            raise OSError(errno.ENOSPC, str(error)) from error
        raise damaged() from error


def _upright(picture: pyvips.Image) -> pyvips.Image:
    if not picture.get_typeof("orientation") or picture.get("orientation") == 1:
        return picture
    whole = pyvips.Image.new_temp_file("%s.v")
    picture.write(whole)
    return whole.autorot()
