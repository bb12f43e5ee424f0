"""The texts by which a player finds its way in a film: HLS playlists (RFC 8216) and the track of small pictures."""

import math
from collections.abc import Iterable

from .captions import clock
from .models import FilmStream, Storyboard

MIME_TYPE = "application/vnd.apple.mpegurl"


def multivariant(streams: Iterable[FilmStream]) -> str:
    """The streams of one film, smallest first; `derivative` is fetched."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for stream in sorted(streams, key=lambda s: s.peak_bits):
        made = stream.derivative
        told = [
            f"BANDWIDTH={stream.peak_bits}",
            f"AVERAGE-BANDWIDTH={stream.mean_bits}",
            f"RESOLUTION={made.width}x{made.height}",
            f'CODECS="{stream.codecs}"',
        ]
        if stream.frame_rate:
            told.append(f"FRAME-RATE={stream.frame_rate:.3f}")
        lines += [f"#EXT-X-STREAM-INF:{','.join(told)}", f"{made.preset}.m3u8"]
    return "\n".join([*lines, ""])


def media(stream: FilmStream, address: str) -> str:
    """One stream, whose file is had at `address`."""
    parts = list(stream.parts())
    longest = math.ceil(max(part.seconds for part in parts))
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{longest}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines += ["#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines.append(f'#EXT-X-MAP:URI="{address}",BYTERANGE="{stream.head_length}@0"')
    for part in parts:
        lines += [f"#EXTINF:{part.seconds:.6f},", f"#EXT-X-BYTERANGE:{part.length}@{part.offset}", address]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def thumbnails(board: Storyboard) -> str:
    """WebVTT whose cues are the address of the sheet with the place of one picture in it (Media Fragments, `xywh`)."""
    address = board.derivative.url
    cues = [
        f"{clock(start)} --> {clock(end)}\n{address}#xywh={left},{top},{board.width},{board.height}\n"
        for start, end, left, top in board.places()
    ]
    return "\n".join(["WEBVTT\n", *cues])
