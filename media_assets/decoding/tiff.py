"""The directories of a TIFF (TIFF 6.0, and BigTIFF with 64-bit offsets), read by ourselves: what its first picture is,
how many there are, and whether all of its strips or tiles lie inside the file. No pixel is decoded."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_PIECES = ((273, 279), (324, 325))  # offsets and byte counts of strips, of tiles
_MAX_ENTRIES = 4096
_MAX_VALUES = 4_000_000
OLD_JPEG = 6
LAB = (8, 9, 10)


@dataclass(frozen=True)
class FirstPicture:
    """`pages` are counted up to the bound that was asked for and one more."""

    width: int
    height: int
    compression: int
    photometric: int
    pages: int
    is_whole: bool


class NotTiffError(ValueError):
    """Its directories cannot be followed."""


def first_picture(path: Path | str, most_pages: int) -> FirstPicture:
    """Raises NotTiffError."""
    try:
        with Path(path).open("rb") as file:
            return _first_picture(file, most_pages)
    except (struct.error, KeyError) as error:
        raise NotTiffError(str(path)) from error


def _first_picture(file: BinaryIO, most_pages: int) -> FirstPicture:
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}[head[:2]]
    is_big = struct.unpack(order + "H", head[2:4])[0] == 43
    offset = struct.unpack(order + ("Q" if is_big else "I"), head[8:16] if is_big else head[4:8])[0]
    size = file.seek(0, 2)
    tags, following = _directory(file, offset, order, is_big)
    seen = {offset}
    while following and following not in seen and len(seen) <= most_pages:
        seen.add(following)
        following = _following(file, following, order, is_big)
    pieces = [(tags[a], tags[b]) for a, b in _PIECES if a in tags and b in tags]
    is_whole = all(
        offset + count <= size for offsets, counts in pieces for offset, count in zip(offsets, counts, strict=False)
    )
    return FirstPicture(
        width=tags[_WIDTH][0],
        height=tags[_HEIGHT][0],
        compression=tags.get(_COMPRESSION, (1,))[0],
        photometric=tags.get(_PHOTOMETRIC, (0,))[0],
        pages=len(seen),
        is_whole=is_whole and (bool(pieces) or tags.get(_COMPRESSION, (1,))[0] == OLD_JPEG),
    )


def _count_of_entries(file: BinaryIO, offset: int, order: str, is_big: bool) -> int:
    file.seek(offset)
    layout = order + ("Q" if is_big else "H")
    count = struct.unpack(layout, file.read(struct.calcsize(layout)))[0]
    if not 0 < count <= _MAX_ENTRIES:
        raise NotTiffError("a directory without an end")
    return count


def _following(file: BinaryIO, offset: int, order: str, is_big: bool) -> int:
    """Where the directory after this one lies; 0 after the last, and when the chain leads out of the file."""
    try:
        count = _count_of_entries(file, offset, order, is_big)
        file.seek(offset + (8 + 20 * count if is_big else 2 + 12 * count))
        layout = order + ("Q" if is_big else "I")
        return struct.unpack(layout, file.read(struct.calcsize(layout)))[0]
    except (struct.error, NotTiffError):
        return 0


def _directory(file: BinaryIO, offset: int, order: str, is_big: bool) -> tuple[dict[int, tuple], int]:
    count = _count_of_entries(file, offset, order, is_big)
    layout = order + ("HHQ8s" if is_big else "HHI4s")
    raw = file.read(struct.calcsize(layout) * count)
    tags = {}
    for tag, kind, values, field in struct.iter_unpack(layout, raw):
        if kind in _NUMBERS and 0 < values <= _MAX_VALUES:
            tags[tag] = _values(file, kind, values, field, order, is_big)
    return tags, _following(file, offset, order, is_big)


def _values(file: BinaryIO, kind: int, count: int, field: bytes, order: str, is_big: bool) -> tuple[int, ...]:
    size = _SIZES[kind] * count
    if size > len(field):
        file.seek(struct.unpack(order + ("Q" if is_big else "I"), field)[0])
        field = file.read(size)
    return struct.unpack(f"{order}{count}{_NUMBERS[kind]}", field[:size])
