"""What must be known of a film before it is encoded. Run in the sandbox: it opens untrusted bytes, and imports nothing
of Django."""

from dataclasses import dataclass

import av
import av.error

from ..file_errors import UnreadableFile
from ..file_errors import marked as _

OPTIONS = {"probesize": "8000000", "analyzeduration": "8000000", "protocol_whitelist": "file,pipe"}
LOOKED_AT = 60  # pictures, by which interlacing is known; the first of a tape are often blank
MAX_PACKETS = 1200


@dataclass(frozen=True)
class FilmShape:
    """`width` and `height` as shown (upright, square pixels), 0 for sound alone; `picture` and `sound` the numbers of
    the streams in the file, None where there is none; `seconds` 0 when the file does not tell."""

    seconds: float
    picture: int | None = None
    sound: int | None = None
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    is_interlaced: bool = False


def film_shape(path: str, reader: str) -> FilmShape:
    """`reader` is the demuxer that the film's type names. Raises UnreadableFile."""
    try:
        with av.open(path, format=reader, container_options=OPTIONS) as container:
            return _shape(container)
    except (av.error.FFmpegError, ValueError) as error:
        raise UnreadableFile(_("影片或录音已损坏或不完整，无法打开。")) from error


def _shape(container) -> FilmShape:
    covers = av.stream.Disposition.attached_pic
    picture = next((s for s in container.streams.video if not s.disposition & covers), None)
    sound = next((s for s in container.streams.audio if s.codec_context is not None), None)
    seconds = _seconds(container, [s for s in (picture, sound) if s is not None])
    heard = sound.index if sound is not None else None
    if picture is None:
        if sound is None:
            raise UnreadableFile(_("文件里既没有画面也没有声音。"))
        return FilmShape(seconds, sound=heard)
    if picture.codec_context is None:
        raise UnreadableFile(_("影片的编码方式（%(codec)s）无法解读。"), codec=_fourcc(picture))
    frames = _first_frames(container, picture)
    width, height = frames[0].width, frames[0].height
    if picture.sample_aspect_ratio and picture.sample_aspect_ratio > 0:
        width = max(2, round(width * picture.sample_aspect_ratio))
    if frames[0].rotation % 180 == 90:
        width, height = height, width
    rate = float(picture.average_rate or picture.guessed_rate or 0)
    interlaced = sum(frame.interlaced_frame for frame in frames) * 2 > len(frames)
    return FilmShape(seconds, picture.index, heard, width, height, rate, interlaced)


def _first_frames(container, picture) -> list:
    frames = []
    for number, packet in enumerate(container.demux(picture)):
        try:
            frames += packet.decode()
        except av.error.FFmpegError:
            pass  # a film may begin between two key pictures, or have a bad one
        if len(frames) >= LOOKED_AT or number > MAX_PACKETS:
            break
    if not frames:
        raise UnreadableFile(_("影片里解不出一幅画面，可能已损坏或不完整。"))
    return frames


def _seconds(container, streams: list) -> float:
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    return max((float(s.duration * s.time_base) for s in streams if s.duration and s.time_base), default=0.0)


def _fourcc(stream) -> str:
    return getattr(stream, "codec_tag", "") or "?"
