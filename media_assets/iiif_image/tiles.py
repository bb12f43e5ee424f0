"""Which stored tiles a wanted picture is made of: pure arithmetic between the whole picture and its levels."""

from dataclasses import dataclass

from ..tile_index import Level, TileIndex
from .parameters import Wanted

_GAP = 64 * 1024
"""Tiles that lie no further apart are read at once: a request to a storage costs more than these bytes."""
_AT_ONCE = 4 * 1024 * 1024
_MOST_PIXELS = 50_000_000
"""Of a level, that one answer may decode: four times the largest picture that is handed out."""


@dataclass(frozen=True)
class Tile:
    """A tile of a level by its column and row, and where its bytes lie."""

    level: Level
    column: int
    row: int
    offset: int
    length: int


@dataclass(frozen=True)
class Part:
    """A rectangle of a level, in that level's pixels, and the tiles that cover it, row by row."""

    level: Level
    left: int
    top: int
    width: int
    height: int
    first_column: int
    first_row: int
    across: int
    tiles: list[Tile]


def whole_tile(index: TileIndex, wanted: Wanted) -> Tile | None:
    """The one stored tile that is exactly what is wanted, if there is one: not at the edges, where tiles are filled
    up, and not turned or recoloured."""
    side = index.side
    if not wanted.is_plain or (wanted.out_width, wanted.out_height) != (side, side) or wanted.width != wanted.height:
        return None
    level = next((level for level in index.levels if side << level.number == wanted.width), None)
    if level is None or wanted.x % wanted.width or wanted.y % wanted.width:
        return None
    column, row = wanted.x // wanted.width, wanted.y // wanted.width
    if (column + 1) * side > level.width or (row + 1) * side > level.height:
        return None
    return Tile(level, column, row, *index.place(level, column, row))


def part_of(index: TileIndex, wanted: Wanted) -> Part:
    """The part of the smallest level that has all the detail which is wanted. A picture pulled out of its shape, one
    pixel wide and thousands high, would want more than is seen of it: it is made of a coarser level."""
    scale = max(wanted.out_width / wanted.width, wanted.out_height / wanted.height)
    level = next((level for level in reversed(index.levels) if scale * (1 << level.number) <= 1), index.levels[0])
    pixels = wanted.width * wanted.height
    while pixels >> (2 * level.number) > _MOST_PIXELS and level is not index.levels[-1]:
        level = index.levels[index.levels.index(level) + 1]
    step, side = 1 << level.number, index.side
    # A level is rounded down: the last pixels of the picture may lie in none of its own.
    left, top = min(wanted.x // step, level.width - 1), min(wanted.y // step, level.height - 1)
    right = max(left + 1, min(level.width, -(-(wanted.x + wanted.width) // step)))
    bottom = max(top + 1, min(level.height, -(-(wanted.y + wanted.height) // step)))
    columns, rows = range(left // side, -(-right // side)), range(top // side, -(-bottom // side))
    tiles = [Tile(level, column, row, *index.place(level, column, row)) for row in rows for column in columns]
    return Part(level, left, top, right - left, bottom - top, columns.start, rows.start, len(columns), tiles)


def reads(tiles: list[Tile]) -> list[list[Tile]]:
    """The tiles in groups, in the order of the file, each of which is best read at once."""
    groups: list[list[Tile]] = []
    for tile in sorted(tiles, key=lambda tile: tile.offset):
        last = groups[-1] if groups else None
        if (
            last
            and tile.offset - (last[-1].offset + last[-1].length) <= _GAP
            and tile.offset + tile.length - last[0].offset <= _AT_ONCE
        ):
            last.append(tile)
        else:
            groups.append([tile])
    return groups
