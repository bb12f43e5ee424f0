"""Whether a film's container is as long as it says: FFmpeg plays a film that was cut off as if it were whole."""

from pathlib import Path
from typing import BinaryIO

_MAX_BOXES = 10_000
_MOST_HEAD = 64


def is_complete(path: Path | str, mime_type: str) -> bool:
    """False when the file ends before a part that it announces. True where the container does not tell."""
    with Path(path).open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        if mime_type in ("video/mp4", "audio/mp4", "video/quicktime"):
            return _boxes_fit(file, size)
        if mime_type in ("video/x-msvideo", "audio/wav"):
            return _chunk_fits(file, size, "little")
        if mime_type == "audio/aiff":
            return _chunk_fits(file, size, "big")
        if mime_type.endswith(("webm", "matroska")):
            return _segment_fits(file, size)
        return True


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """ISO/IEC 14496-12: one box after the other; zero means up to the end. A stub of a few bytes at the end, as some
    cameras leave it, is no loss."""
    place = 0
    for _box in range(_MAX_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return True
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            return True
        if length < 8:
            return head[:8] == bytes(8) or not head[4:8].isalnum()
        place += length
        if place > size:
            return False
    return True


def _chunk_fits(file: BinaryIO, size: int, order: str) -> bool:
    """RIFF and IFF: the length stands behind the first four bytes. Recorders that were still writing leave 0 or -1,
    and an AVI of more than one part has a length for each."""
    head = file.read(8)
    length = int.from_bytes(head[4:8], order)
    return length in (0, 0xFFFFFFFF) or length + 8 <= size + 1


def _segment_fits(file: BinaryIO, size: int) -> bool:
    """RFC 8794: after the EBML header one Segment, whose length may be unknown (all ones)."""
    head = file.read(_MOST_HEAD)
    length, after = _vint(head, 4)
    start = after + length
    file.seek(start)
    segment = file.read(12)
    if segment[:4] != b"\x18\x53\x80\x67" or len(segment) < 12:
        return True
    width = _width(segment[4])
    body, after = _vint(segment, 4)
    return body == (1 << (7 * width)) - 1 or start + after + body <= size


def _width(first: int) -> int:
    return 9 - first.bit_length() if first else 9


def _vint(head: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and where what follows it begins."""
    width = _width(head[place])
    if width > 8:
        return 0, place + 1
    number = int.from_bytes(head[place : place + width], "big") & ((1 << (7 * width)) - 1)
    return number, place + width
