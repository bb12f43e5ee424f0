"""Reads what ffmpeg writes of a stream: the playlist's byte ranges, and the codecs in the head of the file."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"(\d+)@(\d+)")


@dataclass(frozen=True)
class Table:
    """`segments` are (seconds, bytes, first byte); bits a second are those of the largest segment, and of all."""

    head_length: int
    segments: list[tuple[float, int, int]]

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _length, _offset in self.segments)

    @property
    def peak_bits(self) -> int:
        """Of segments that are long enough to count: the last may be one picture."""
        rates = [length * 8 / seconds for seconds, length, _offset in self.segments if seconds >= 1]
        return round(max(rates, default=0)) or self.mean_bits

    @property
    def mean_bits(self) -> int:
        return round(sum(length for _s, length, _o in self.segments) * 8 / max(self.seconds, 0.001))


def read_table(playlist: str) -> Table:
    """Of a media playlist whose segments are byte ranges of one file (RFC 8216, 4.3.2). Raises ValueError."""
    head, seconds, segments = 0, None, []
    for line in playlist.splitlines():
        name, _colon, value = line.partition(":")
        if name == "#EXT-X-MAP":
            head = int(_range_in(value)[0])
        elif name == "#EXTINF":
            seconds = float(value.rstrip(","))
        elif name == "#EXT-X-BYTERANGE":
            length, offset = _range_in(value)
            segments.append((round(seconds, 6), length, offset))
    if not head or not segments:
        raise ValueError("no segments in this playlist")
    return Table(head, segments)


def _range_in(value: str) -> tuple[int, int]:
    found = _RANGE.search(value)
    if found is None:
        raise ValueError(f"no byte range in {value!r}")
    return int(found[1]), int(found[2])


def codecs_in(head: bytes) -> str:
    """The codecs as RFC 6381 writes them, from the head of a fragmented MP4 of H.264 and AAC."""
    at = head.find(b"avcC")
    if at < 0:
        raise ValueError("no H.264 in this file")
    profile = head[at + 5 : at + 8].hex()
    return f"avc1.{profile}" + (",mp4a.40.2" if b"mp4a" in head else "")
