"""What a film or a recording tells of itself, read by FFmpeg through the one demuxer that its type names, so
that a playlist called .mp4 cannot make it fetch an address."""

from dataclasses import dataclass
from typing import BinaryIO

import av
import av.error
from django.utils.translation import gettext as _

from ..filetypes import FileKind, file_type
from .errors import RefusedFile, UnreadableFile
from .signatures import sniff

MAX_FILM_SIDE = 16_384
_FIRST_PACKETS = 400
# Without FFmpeg's habit of looking far into a file whose streams it does not understand.
_FILM_OPTIONS = {"probesize": "8000000", "analyzeduration": "8000000", "protocol_whitelist": "file,pipe"}
_FILM_TIMEOUT = (20.0, 20.0)


@dataclass(frozen=True)
class FilmFacts:
    """`duration` in seconds, None when the file does not tell; `width` and `height` as shown (square
    pixels, upright), None for sound."""

    kind: FileKind
    duration: float | None
    width: int | None
    height: int | None
    codecs: tuple[str, ...]


def open_film(file: BinaryIO, mime_type: str) -> av.container.InputContainer:
    """The film opened by the one demuxer that its type names; to be closed by the caller.

    Raises UnreadableFile, or RefusedFile when the type is neither film nor sound.
    """
    found = file_type(mime_type)
    if found.kind not in (FileKind.VIDEO, FileKind.AUDIO):
        raise RefusedFile(_("这不是影片或录音文件。"))
    file.seek(0)
    reader = "mpegvideo" if found.reader == "mpeg" and file.read(4) == b"\x00\x00\x01\xb3" else found.reader
    file.seek(0)
    try:
        return av.open(file, format=reader, container_options=_FILM_OPTIONS, timeout=_FILM_TIMEOUT)
    except (av.error.FFmpegError, ValueError) as error:
        raise UnreadableFile(_("影片或录音已损坏或不完整，无法打开。")) from error


def probe_film(file: BinaryIO, mime_type: str | None = None) -> FilmFacts:
    """Seconds, shown size and codecs; of a film the first picture is decoded, which proves that it has one.
    Leaves the file at its beginning. Raises as `open_film`."""
    try:
        with open_film(file, mime_type or sniff(file)) as container:
            return _film_facts(container)
    except av.error.FFmpegError as error:
        raise UnreadableFile(_("影片或录音已损坏或不完整，无法播放。")) from error
    finally:
        file.seek(0)


def moving_picture(container: av.container.InputContainer):
    """The stream that is the film's picture, or None: the cover of a recording is not one."""
    covers = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & covers), None)


def _film_facts(container: av.container.InputContainer) -> FilmFacts:
    picture = moving_picture(container)
    sound = container.streams.audio
    if picture is None and not sound:
        raise UnreadableFile(_("文件里既没有画面也没有声音。"))
    streams = [picture, *sound] if picture else list(sound)
    codecs = tuple(s.codec_context.name for s in streams if s.codec_context)
    duration = _seconds(container, streams)
    if picture is None:
        return FilmFacts(FileKind.AUDIO, duration, None, None, codecs)
    width, height = _shown_size(container, picture)
    return FilmFacts(FileKind.VIDEO, duration, width, height, codecs)


def _seconds(container: av.container.InputContainer, streams: list) -> float | None:
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    known = [float(s.duration * s.time_base) for s in streams if s.duration and s.time_base]
    return max(known, default=None)


def _shown_size(container: av.container.InputContainer, picture) -> tuple[int, int]:
    width, height = picture.width, picture.height
    if not (0 < width <= MAX_FILM_SIDE and 0 < height <= MAX_FILM_SIDE):
        raise UnreadableFile(_("影片没有画面尺寸。"))
    return shown_size(width, height, picture.sample_aspect_ratio, _first_rotation(container, picture))


def shown_size(width: int, height: int, pixel_aspect, rotation: int) -> tuple[int, int]:
    """The size in square pixels, upright. `pixel_aspect` is a Fraction or None, `rotation` in degrees."""
    if pixel_aspect and pixel_aspect > 0:
        width = max(1, round(width * pixel_aspect))
    return (height, width) if rotation % 180 == 90 else (width, height)


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


def no_picture() -> UnreadableFile:
    return UnreadableFile(_("影片里解不出一幅画面，可能已损坏或不完整。"))
