"""Binds set leaves into a book: folios with two sides, their labels, keys and running titles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from .drawing.leaves import COLUMNS, ROWS
from .typesetting import Block, SetLeaf, set_leaves

RUNNING = "棲瀾縣志"
OWNER = "棲瀾藏書"
_NUMERALS = "一二三四五六七八九十"
_DIVISIONS = {"preface": "序", "juan-1": "卷一", "juan-2": "卷二"}


@dataclass(frozen=True)
class BoundLeaf:
    """One side: `position` through the book from 1, `label` as a citation names it (卷一·二上), `key` for addresses."""

    key: str
    position: int
    label: str
    running: str
    folio: str
    is_front: bool
    seal: str
    set_leaf: SetLeaf


def bind(blocks: Iterable[Block]) -> list[BoundLeaf]:
    """The sides in reading order. Every division begins on the front of a new folio, numbered from one."""
    bound: list[BoundLeaf] = []
    for division, part in _divisions(blocks):
        for number, leaf in enumerate(set_leaves(part, COLUMNS, ROWS)):
            folio, is_front = number // 2, number % 2 == 0
            name = _DIVISIONS[division]
            bound.append(
                BoundLeaf(
                    key=f"{division}-{folio + 1}{'a' if is_front else 'b'}",
                    position=len(bound) + 1,
                    label=f"{name}·{_NUMERALS[folio]}{'上' if is_front else '下'}",
                    running=f"{RUNNING}{name} ",
                    folio=_NUMERALS[folio],
                    is_front=is_front,
                    seal=OWNER if number == 0 else "",
                    set_leaf=leaf,
                )
            )
    return bound


def _divisions(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks by division; a division begins where a block opens a leaf and has that block's key."""
    current = ""

    def division_of(block: Block) -> str:
        nonlocal current
        if block.opens_leaf:
            current = block.key
        return current

    for division, part in groupby(blocks, key=division_of):
        yield division, list(part)
