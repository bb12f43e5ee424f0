"""Which files are made of a film, and the ffmpeg commands that make them: pure, so that they can be read and compared
with the bare command."""

import math
from dataclasses import dataclass
from pathlib import Path

from ..models import Preset
from .film_shape import FilmShape

SEGMENT_SECONDS = 6
MOST_SMALL_PICTURES, COLUMNS, SMALL_SIDE = 100, 10, 160
_LIMITS = {Preset.FILM480: (480, 1_400), Preset.FILM720: (720, 3_000)}
"""Lines, and the most kilobits a second."""
MAX_LONG_SIDE = 2.4  # times the lines: a wider picture is bounded by its width


@dataclass(frozen=True)
class Rung:
    """One stream of a film; `width` and `height` are even."""

    preset: Preset
    width: int
    height: int
    kilobits: int

    @property
    def file(self) -> str:
        return f"{self.preset}.mp4"

    @property
    def playlist(self) -> str:
        return f"{self.preset}.m3u8"


@dataclass(frozen=True)
class Sheet:
    """The storyboard: `count` pictures of `width` × `height`, one every `seconds`."""

    seconds: float
    count: int
    width: int
    height: int
    file: str = "sheet.jpg"

    @property
    def rows(self) -> int:
        return math.ceil(self.count / COLUMNS)

    @property
    def columns(self) -> int:
        return min(COLUMNS, self.count)


def rungs_for(width: int, height: int) -> list[Rung]:
    """480 and 720 lines of a film that has as many, else one of its own size. Lines are counted on the shorter side."""
    lines = min(width, height)
    if lines < _LIMITS[Preset.FILM720][0]:
        preset = Preset.FILM480 if lines <= 480 else Preset.FILM720
        return [Rung(preset, *_even(width, height, lines), _LIMITS[preset][1])]
    return [Rung(preset, *_even(width, height, most), rate) for preset, (most, rate) in _LIMITS.items()]


def _even(width: int, height: int, lines: int) -> tuple[int, int]:
    """So large that the shorter side has these lines, even, and no side out of all proportion."""
    scale = min(lines / min(width, height), lines * MAX_LONG_SIDE / max(width, height), 1.0)
    return tuple(max(2, 2 * round(side * scale / 2 - 0.01)) for side in (width, height))


def sheet_for(shape: FilmShape) -> Sheet | None:
    """None for a film whose length is not known."""
    if shape.seconds <= 0:
        return None
    seconds = max(1, math.ceil(shape.seconds / MOST_SMALL_PICTURES))
    scale = SMALL_SIDE / max(shape.width, shape.height)
    width, height = (max(2, 2 * round(side * scale / 2)) for side in (shape.width, shape.height))
    return Sheet(seconds, min(MOST_SMALL_PICTURES, max(1, math.ceil(shape.seconds / seconds))), width, height)


@dataclass(frozen=True)
class Source:
    """A film on this disk, and the one demuxer that may read it."""

    path: str
    reader: str


def streams_command(
    ffmpeg: str, source: Source, shape: FilmShape, rungs: list[Rung], sheet: Sheet | None, folder: Path, threads: int
) -> list[str]:
    """All streams and the sheet from one decoding. Key pictures stand at the same moments in every stream, so that
    a player changes between them at any segment."""
    argv = [*_reading(ffmpeg, source, threads), "-filter_complex", _graph(shape, rungs, sheet)]
    for number, rung in enumerate(rungs):
        argv += ["-map", f"[v{number}]", *_sound(shape)]
        argv += _picture_options(rung, threads)
        argv += ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"]
        argv += ["-hls_segment_type", "fmp4", "-hls_flags", "single_file"]
        argv += ["-hls_segment_filename", str(folder / rung.file), str(folder / rung.playlist)]
    if sheet:
        argv += ["-map", "[sheet]", "-frames:v", "1", "-q:v", "5", "-update", "1", str(folder / sheet.file)]
    return argv


def _reading(ffmpeg: str, source: Source, threads: int) -> list[str]:
    return [
        *(ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-nostats", "-progress", "pipe:1", "-y"),
        *("-threads", str(threads), "-filter_complex_threads", str(threads)),
        *("-protocol_whitelist", "file,pipe", "-f", source.reader, "-i", source.path),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"),
    ]


def _graph(shape: FilmShape, rungs: list[Rung], sheet: Sheet | None) -> str:
    """The largest size first, the smaller ones from it; fields made pictures before anything is scaled."""
    outputs = [f"p{number}" for number in range(len(rungs))] + (["ps"] if sheet else [])
    head = f"[0:{shape.picture}]" + ("bwdif=mode=send_frame:parity=auto:deint=all," if shape.is_interlaced else "")
    chains = [head + f"split={len(outputs)}" + "".join(f"[{name}]" for name in outputs)]
    for number, rung in enumerate(rungs):
        size = f"scale={rung.width}:{rung.height}:flags=bicubic:out_range=tv"
        chains.append(f"[p{number}]{size},setsar=1,format=yuv420p[v{number}]")
    if sheet:
        small = f"fps=1/{sheet.seconds},scale={sheet.width}:{sheet.height}:out_range=pc,setsar=1,format=yuvj420p"
        chains.append(f"[ps]{small},tile={sheet.columns}x{sheet.rows}:nb_frames={sheet.count}[sheet]")
    return ";".join(chains)


def _picture_options(rung: Rung, threads: int) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23"),
        *("-maxrate", f"{rung.kilobits}k", "-bufsize", f"{2 * rung.kilobits}k", "-fpsmax", "60"),
        *("-g", "1200", "-sc_threshold", "0", "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})"),
        *("-threads", str(threads)),
    ]


def _sound(shape: FilmShape) -> list[str]:
    if shape.sound is None:
        return ["-an"]
    return ["-map", f"0:{shape.sound}", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]


def whole_command(ffmpeg: str, stream: Path, target: Path) -> list[str]:
    """One file with its tables in front, from a stream that is made already: nothing is encoded a second time."""
    options = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-protocol_whitelist", "file,pipe")
    return [ffmpeg, *options, "-i", str(stream), "-c", "copy", "-movflags", "+faststart", str(target)]


def recording_command(ffmpeg: str, source: Source, shape: FilmShape, target: Path) -> list[str]:
    """A recording as every browser plays it."""
    sound = ("-map", f"0:{shape.sound}", "-vn", "-c:a", "aac", "-b:a", "160k", "-ac", "2")
    return [*_reading(ffmpeg, source, 1), *sound, "-movflags", "+faststart", str(target)]
