"""One frame of a film that can stand for it."""

import io
from fractions import Fraction
from pathlib import Path

import av
import av.error
from PIL import Image, ImageStat

from . import films

MOMENTS = (0.1, 0.3, 0.5, 0.0)  # of the film's length; the later ones when a film begins in the dark
DARK = 20  # mean brightness, of 255
MAX_SIDE = 1920
MAX_FRAMES = 300
_TURN = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


def still(path: Path | str, mime_type: str, seconds: float) -> bytes:
    """One frame of a film of this length as JPEG: upright, square pixels, at most 1920 a side, not in the dark if
    there is light. Raises UnreadableFile when no frame can be decoded."""
    best = None
    with films.open_film(path, mime_type) as container:
        stream = films.moving_picture(container)
        for moment in MOMENTS if stream is not None else ():
            frame = _frame_at(container, stream, moment * seconds)
            if frame is None:
                continue
            picture = _as_shown(frame, stream.sample_aspect_ratio)
            best = best or picture
            if ImageStat.Stat(picture.convert("L").resize((32, 32))).mean[0] > DARK:
                best = picture
                break
    if best is None:
        raise films.no_picture()
    output = io.BytesIO()
    best.save(output, "JPEG", quality=90)
    return output.getvalue()


def _frame_at(container, stream, seconds: float):
    """The first frame at or after this moment, or None; only a bounded number is decoded on the way."""
    try:
        container.seek(int(seconds * av.time_base))
        for number, frame in enumerate(container.decode(stream)):
            if frame.time is None or frame.time >= seconds - 0.001 or number >= MAX_FRAMES:
                return frame
    except av.error.FFmpegError:
        return None
    return None


def _as_shown(frame, pixel_aspect: Fraction | None) -> Image.Image:
    width, _height = films.shown_size(frame.width, frame.height, pixel_aspect, 0)
    picture = frame.to_image()
    if width != picture.width:
        picture = picture.resize((width, picture.height))
    turn = _TURN.get(frame.rotation % 360)
    if turn is not None:
        picture = picture.transpose(turn)
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture
