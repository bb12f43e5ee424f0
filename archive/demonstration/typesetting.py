"""Sets old books: vertical columns from right to left, small notes in double lines, a leaf when the last one is full.

Pure. The text of a leaf is what stands on it, punctuation included, although a block-printed page shows none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

UNPRINTED = frozenset("，。、；：？！「」『』《》〈〉·")
NOTE_OPENS, NOTE_CLOSES = "（", "）"


@dataclass(frozen=True)
class Block:
    """One paragraph to set: `key` names the section it belongs to, `indent` in characters.

    `opens_leaf` begins a new leaf, as a juan does. `（…）` holds a note that is set small in double lines.
    """

    key: str
    text: str
    indent: int = 0
    opens_leaf: bool = False


@dataclass(frozen=True)
class Glyph:
    """A character at its place: `column` from the right and `row` from the top, in cells; `at` is where it stands in
    the text of its leaf. A small one fills a quarter of a cell: `row` is then in halves of a cell, `side` 0 on the
    right, 1 on the left."""

    character: str
    column: int
    row: float
    at: int
    side: int | None = None


@dataclass(frozen=True)
class Piece:
    """The part of a section on a leaf, in half-open character ranges of the text of each."""

    key: str
    section_start: int
    section_end: int
    leaf_start: int
    leaf_end: int


@dataclass
class SetLeaf:
    glyphs: list[Glyph] = field(default_factory=list)
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)


@dataclass
class _Cursor:
    columns: int
    rows: int
    column: int = 0
    row: float = 0.0

    @property
    def is_full(self) -> bool:
        return self.column >= self.columns


def set_leaves(blocks: list[Block], columns: int, rows: int) -> list[SetLeaf]:
    """Leaves of so many columns of so many characters. Every character of every block is on exactly one leaf.

    A section's text is its blocks joined by line breaks; `Piece` ranges count in that text.
    """
    leaves: list[SetLeaf] = []
    spoken: dict[str, int] = {}
    cursor = _Cursor(columns, rows, column=columns)
    for block in blocks:
        if cursor.is_full or (block.opens_leaf and (cursor.column, cursor.row) != (0, 0)):
            leaves.append(SetLeaf())
            cursor = _Cursor(columns, rows)
        _set_block(block, cursor, leaves, spoken)
        if cursor.row > 0:
            cursor.column, cursor.row = cursor.column + 1, 0.0
    return leaves


def _set_block(block: Block, cursor: _Cursor, leaves: list[SetLeaf], spoken: dict[str, int]) -> None:
    leaf_from = _begin(leaves[-1])
    start = position = spoken.get(block.key, -1) + 1
    for characters, is_note in _runs(block.text):
        for chunk in _cells(characters, is_note, cursor, block.indent):
            if cursor.is_full:
                _close(leaves[-1], block.key, start, position, leaf_from)
                leaves.append(SetLeaf())
                cursor.column, cursor.row = 0, float(block.indent)
                start, leaf_from = position, 0
            _place(leaves[-1], chunk, is_note, cursor, block.indent)
            leaves[-1].text += chunk
            position += len(chunk)
    _close(leaves[-1], block.key, start, position, leaf_from)
    spoken[block.key] = position


def _begin(leaf: SetLeaf) -> int:
    if leaf.text:
        leaf.text += "\n"
    return len(leaf.text)


def _close(leaf: SetLeaf, key: str, start: int, end: int, leaf_from: int) -> None:
    """Note what of the section stands on this leaf; pieces of one section that follow each other become one."""
    if end == start:
        return
    last = leaf.pieces[-1] if leaf.pieces else None
    if last and last.key == key and last.section_end + 1 == start and last.leaf_end + 1 == leaf_from:
        leaf.pieces[-1] = Piece(key, last.section_start, end, last.leaf_start, leaf_from + end - start)
        return
    leaf.pieces.append(Piece(key, start, end, leaf_from, leaf_from + end - start))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Large text and notes by turns; the brackets stay with the note."""
    while text:
        before, bracket, rest = text.partition(NOTE_OPENS)
        if before:
            yield before, False
        if not bracket:
            return
        note, closing, text = rest.partition(NOTE_CLOSES)
        yield bracket + note + closing, True


def _is_printed(character: str) -> bool:
    return character not in UNPRINTED and character not in (NOTE_OPENS, NOTE_CLOSES)


def _cells(characters: str, is_note: bool, cursor: _Cursor, indent: int) -> Iterator[str]:
    """What is set at one stroke: a large character, or as much of a note as the column has room for; punctuation
    goes with what it follows."""
    rest = characters
    while rest:
        if not is_note:
            room = 1
        else:
            if cursor.row >= cursor.rows:
                cursor.column, cursor.row = cursor.column + 1, float(indent)
            room = max(int((cursor.rows - cursor.row) * 4), 4)  # four small characters fill a cell
        taken = printed = 0
        while taken < len(rest) and (printed < room or not _is_printed(rest[taken])):
            printed += _is_printed(rest[taken])
            taken += 1
        yield rest[:taken]
        rest = rest[taken:]


def _place(leaf: SetLeaf, chunk: str, is_note: bool, cursor: _Cursor, indent: int) -> None:
    printed = [(place, character) for place, character in enumerate(chunk, len(leaf.text)) if _is_printed(character)]
    if not printed:
        return
    if not is_note:
        if cursor.row == 0:
            cursor.row = float(indent)
        at, character = printed[0]
        leaf.glyphs.append(Glyph(character, cursor.column, cursor.row, at))
        _advance(cursor, 1.0, indent)
        return
    right = -(-len(printed) // 2)
    for index, (at, character) in enumerate(printed):
        side, step = (0, index) if index < right else (1, index - right)
        leaf.glyphs.append(Glyph(character, cursor.column, cursor.row + step / 2, at, side))
    _advance(cursor, float(-(-right // 2)), indent)


def _advance(cursor: _Cursor, cells: float, indent: int) -> None:
    cursor.row += cells
    if cursor.row >= cursor.rows:
        cursor.column, cursor.row = cursor.column + 1, float(indent)
