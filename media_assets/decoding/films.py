"""What a film or a recording tells of itself, read by FFmpeg through the one demuxer that its type names, so that a
playlist called .mp4 cannot make it fetch an address."""

from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from ..file_errors import RefusedFile, UnreadableFile
from ..file_errors import marked as _
from ..filetypes import FileKind, file_type
from . import containers
from .bounds import Bounds

_FIRST_PACKETS = 400
# Without FFmpeg's habit of looking far into a file whose streams it does not understand.
_OPTIONS = {"probesize": "8000000", "analyzeduration": "8000000", "protocol_whitelist": "file,pipe"}
_TIMEOUT = (20.0, 20.0)


@dataclass(frozen=True)
class FilmFacts:
    """`duration` in seconds, None when the file does not tell; `width` and `height` as shown (square
    pixels, upright), None for sound."""

    kind: FileKind
    duration: float | None
    width: int | None
    height: int | None
    codecs: tuple[str, ...]


def open_film(path: Path | str, mime_type: str) -> av.container.InputContainer:
    """The film opened by the one demuxer that its type names; to be closed by the caller.

    Raises UnreadableFile, or RefusedFile when the type is neither film nor sound.
    """
    found = file_type(mime_type)
    if found.kind not in (FileKind.VIDEO, FileKind.AUDIO):
        raise RefusedFile(_("这不是影片或录音文件。"))
    with Path(path).open("rb") as file:
        is_bare = found.reader == "mpeg" and file.read(4) == b"\x00\x00\x01\xb3"
    try:
        return av.open(
            str(path),
            format="mpegvideo" if is_bare else found.reader,
            container_options=_OPTIONS,
            timeout=_TIMEOUT,
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise UnreadableFile(_("影片或录音已损坏或不完整，无法打开。")) from error


def measure(path: Path | str, mime_type: str, bounds: Bounds) -> FilmFacts:
    """Seconds, shown size and codecs; of a film the first picture is decoded, which proves that it has one.
    Raises as `open_film`, and RefusedFile for what goes beyond the bounds."""
    if not containers.is_complete(path, mime_type):
        raise UnreadableFile(_("影片或录音不完整：文件比它自己所记的短，可能没有传完。"))
    try:
        with open_film(path, mime_type) as container:
            return _film_facts(container, bounds)
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        raise UnreadableFile(_("影片或录音已损坏或不完整，无法播放。")) from error


def moving_picture(container: av.container.InputContainer):
    """The stream that is the film's picture, or None: the cover of a recording is not one."""
    covers = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & covers), None)


def shown_size(width: int, height: int, pixel_aspect, rotation: int) -> tuple[int, int]:
    """The size in square pixels, upright. `pixel_aspect` is a Fraction or None, `rotation` in degrees."""
    if pixel_aspect and pixel_aspect > 0:
        width = max(1, round(width * pixel_aspect))
    return (height, width) if rotation % 180 == 90 else (width, height)


def no_picture() -> UnreadableFile:
    return UnreadableFile(_("影片里解不出一幅画面，可能已损坏或不完整。"))


def _film_facts(container: av.container.InputContainer, bounds: Bounds) -> FilmFacts:
    picture = moving_picture(container)
    sound = container.streams.audio
    if picture is None and not sound:
        raise UnreadableFile(_("文件里既没有画面也没有声音。"))
    if len(container.streams) > bounds.streams:
        raise RefusedFile(_("影片里的音轨、画面和字幕过多，最多可收%(limit)d条。"), limit=bounds.streams)
    streams = [picture, *sound] if picture else list(sound)
    codecs = tuple(s.codec_context.name for s in streams if s.codec_context)
    duration = _seconds(container, streams)
    if duration is not None and duration > bounds.seconds:
        raise RefusedFile(_("影片或录音过长，最长可收%(limit)d小时。"), limit=round(bounds.seconds / 3600))
    if picture is None:
        return FilmFacts(FileKind.AUDIO, duration, None, None, codecs)
    width, height = _shown_size(container, picture, bounds)
    return FilmFacts(FileKind.VIDEO, duration, width, height, codecs)


def _seconds(container: av.container.InputContainer, streams: list) -> float | None:
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    known = [float(s.duration * s.time_base) for s in streams if s.duration and s.time_base]
    return max(known, default=None)


def _shown_size(container: av.container.InputContainer, picture, bounds: Bounds) -> tuple[int, int]:
    width, height = picture.width, picture.height
    if width <= 0 or height <= 0:
        raise UnreadableFile(_("影片没有画面尺寸。"))
    if max(width, height) > bounds.film_side:
        raise RefusedFile(_("影片画面过大，每边最多可收%(limit)d像素。"), limit=bounds.film_side)
    return shown_size(width, height, picture.sample_aspect_ratio, _first_rotation(container, picture))


def _first_rotation(container: av.container.InputContainer, picture) -> int:
    """Which way the film was held, from its first picture. A codec unknown to us is no fault of the file."""
    if picture.codec_context is None:
        return 0
    for number, packet in enumerate(container.demux(picture)):
        try:
            for frame in packet.decode():
                return frame.rotation
        except av.error.InvalidDataError:
            pass  # a film may begin between two key pictures
        if number > _FIRST_PACKETS:
            break
    raise no_picture()
