"""Where each tile of a pyramid lies in its file, in a form small enough for a column and read without unpacking it.

A pyramid is a tiled TIFF of abbreviated JPEG streams (TIFF 6.0 with Technical Note 2): whoever knows the place of a
tile and the tables that the tiles of its level share can hand out a whole JPEG without decoding anything. Pure.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

_MARK = b"TIX1"
_HEAD = struct.Struct("<4sHH")  # mark, side of a tile, number of levels
_LEVEL = struct.Struct("<IIII")  # width, height, where in the index its tiles begin, and its tables
_TILE = struct.Struct("<Q")  # offset in the file in the upper 40 bits, length in the lower 24
_LENGTH_BITS = 24
_LARGEST_OFFSET = 1 << 40
# A stream without a JFIF header leaves its colours to guessing; with one they are YCbCr, or grey.
_JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
_START, _END = b"\xff\xd8", b"\xff\xd9"


class BadPyramidError(ValueError):
    """This is no pyramid as the museum makes them."""


@dataclass(frozen=True)
class Level:
    """One size of the picture: the whole one is number 0, each next has half the width and height, rounded down."""

    number: int
    width: int
    height: int
    tiles_at: int
    tables_at: int


class TileIndex:
    """Reads the packed index. `side` is the width and height of a tile in pixels."""

    def __init__(self, packed: bytes):
        mark, self.side, count = _HEAD.unpack_from(packed)
        if mark != _MARK:
            raise BadPyramidError("this is not a tile index")
        self.packed = packed
        self.levels = [
            Level(number, *_LEVEL.unpack_from(packed, _HEAD.size + number * _LEVEL.size)) for number in range(count)
        ]

    @cached_property
    def width(self) -> int:
        return self.levels[0].width

    @cached_property
    def height(self) -> int:
        return self.levels[0].height

    def across(self, level: Level) -> int:
        """How many tiles lie side by side."""
        return -(-level.width // self.side)

    def down(self, level: Level) -> int:
        return -(-level.height // self.side)

    def place(self, level: Level, column: int, row: int) -> tuple[int, int]:
        """Offset and length of a tile's stream in the file. Raises IndexError for a tile that there is not."""
        across = self.across(level)
        if not (0 <= column < across and 0 <= row < self.down(level)):
            raise IndexError((level.number, column, row))
        (both,) = _TILE.unpack_from(self.packed, level.tiles_at + (row * across + column) * _TILE.size)
        return both >> _LENGTH_BITS, both & ((1 << _LENGTH_BITS) - 1)

    def jpeg(self, level: Level, stream: bytes) -> bytes:
        """A whole JPEG out of a tile's stream: the tables that it leaves out are put in front. Raises
        BadPyramidError when the bytes are no such stream: the file is damaged, or not the one that was indexed."""
        if stream[:2] != _START or stream[-2:] != _END:
            raise BadPyramidError("a tile does not begin and end as a JPEG does")
        length = int.from_bytes(self.packed[level.tables_at : level.tables_at + 4], "little")
        tables = self.packed[level.tables_at + 4 : level.tables_at + 4 + length]
        return b"".join((_START, _JFIF, tables, stream[2:]))


# --- Making it ------------------------------------------------------------------------------------------------

_TYPES = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I", 16: "Q", 18: "Q"}
_WIDTH, _HEIGHT, _COMPRESSION, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _LENGTHS, _TABLES = (
    256, 257, 259, 322, 323, 324, 325, 347,
)  # fmt: skip
_JPEG = 7
_MOST_LEVELS, _MOST_TILES = 20, 1 << 20


def index_of(file: BinaryIO) -> bytes:
    """The packed index of a tiled pyramid, read from the directories of its TIFF. Raises BadPyramidError."""
    try:
        directories = list(_directories(file))
        return _packed(directories)
    except (struct.error, KeyError, IndexError, OverflowError) as error:
        raise BadPyramidError(str(error)) from error


def _directories(file: BinaryIO) -> Iterator[dict[int, tuple]]:
    """The tags of each level, largest first, as tuples of numbers."""
    file.seek(0)
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        raise BadPyramidError("this is not a TIFF")
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    big = version == 43
    (at,) = struct.unpack_from(f"{order}Q", head, 8) if big else struct.unpack_from(f"{order}I", head, 4)
    for _number in range(_MOST_LEVELS):
        if not at:
            return
        tags, at = _directory(file, at, order, big=big)
        yield tags
    raise BadPyramidError("too many levels")


def _directory(file: BinaryIO, at: int, order: str, *, big: bool) -> tuple[dict[int, tuple], int]:
    word, entry_form, count_form = ("Q", "HHQ", "Q") if big else ("I", "HHI", "H")
    entry_head = struct.Struct(order + entry_form)
    entry_size = entry_head.size + struct.calcsize(word)
    file.seek(at)
    (count,) = struct.unpack(order + count_form, file.read(struct.calcsize(count_form)))
    body = file.read(count * entry_size + struct.calcsize(word))
    tags = {}
    for number in range(count):
        tag, kind, length = entry_head.unpack_from(body, number * entry_size)
        if kind in _TYPES and length <= _MOST_TILES:
            value_at = number * entry_size + entry_head.size
            tags[tag] = _values(file, body, value_at, f"{order}{length}{_TYPES[kind]}", order + word)
    (following,) = struct.unpack_from(order + word, body, count * entry_size)
    return tags, following


def _values(file: BinaryIO, body: bytes, at: int, form: str, word: str) -> tuple:
    """A tag's numbers: in the entry itself where they fit, else where it points to."""
    if struct.calcsize(form) <= struct.calcsize(word):
        return struct.unpack_from(form, body, at)
    (elsewhere,) = struct.unpack_from(word, body, at)
    file.seek(elsewhere)
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _packed(directories: list[dict[int, tuple]]) -> bytes:
    side = directories[0][_TILE_WIDTH][0]
    body, heads, tables_at = bytearray(), [], {}
    base = _HEAD.size + len(directories) * _LEVEL.size
    for tags in directories:
        if (tags[_TILE_WIDTH][0], tags[_TILE_HEIGHT][0], tags[_COMPRESSION][0]) != (side, side, _JPEG):
            raise BadPyramidError("not tiles of one size in JPEG")
        tables = bytes(tags[_TABLES])[2:-2]
        if tables not in tables_at:
            tables_at[tables] = base + len(body)
            body += len(tables).to_bytes(4, "little") + tables
        tiles_at = base + len(body)
        body += _packed_tiles(tags, side)
        heads.append(_LEVEL.pack(tags[_WIDTH][0], tags[_HEIGHT][0], tiles_at, tables_at[tables]))
    return b"".join((_HEAD.pack(_MARK, side, len(directories)), *heads, body))


def _packed_tiles(tags: dict[int, tuple], side: int) -> bytes:
    offsets, lengths = tags[_OFFSETS], tags[_LENGTHS]
    expected = -(-tags[_WIDTH][0] // side) * -(-tags[_HEIGHT][0] // side)
    if not expected == len(offsets) == len(lengths):
        raise BadPyramidError("the number of tiles does not fit the picture")
    if max(offsets) >= _LARGEST_OFFSET or max(lengths) >= 1 << _LENGTH_BITS:
        raise BadPyramidError("the file is too large")
    return b"".join(
        _TILE.pack(offset << _LENGTH_BITS | length) for offset, length in zip(offsets, lengths, strict=True)
    )
