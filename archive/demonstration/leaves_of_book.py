"""The leaves of the books that have them: what stands on each, which part of a section that is, and how it is drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from . import boxes
from .boxes import Row
from .drawing.leaves import COLUMNS, ROWS
from .page_layout import set_article
from .pictures import Job, LeafJob, PageJob
from .texts import eight_views, genealogy, journal, kangxi
from .typesetting import Block, Piece, SetLeaf, set_leaves

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Binding:
    """How a block-printed book is bound: its running title, its owner's seal, and the names of its divisions as a
    citation has them."""

    running: str
    owner: str
    divisions: dict[str, str]


KANGXI = Binding("棲瀾縣志", "棲瀾藏書", {"preface": "序", "juan-1": "卷一", "juan-2": "卷二"})
GENEALOGY = Binding("瀾源何氏宗譜", "何氏家藏", {"preface": "卷首", "lineage": "世系", "rules": "族規"})


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


@dataclass(frozen=True)
class PlannedLeaf:
    """A leaf of any book, ready to be drawn and stored."""

    key: str
    position: int
    label: str
    text: str
    pieces: tuple[Piece, ...]
    job: Job
    boxes: list[Row] = field(default_factory=list)


def bind(blocks: Iterable[Block], binding: Binding = KANGXI) -> list[BoundLeaf]:
    """The sides in reading order. Every division begins on the front of a new folio, numbered from one."""
    bound: list[BoundLeaf] = []
    for division, part in _divisions(blocks):
        for number, leaf in enumerate(set_leaves(part, COLUMNS, ROWS)):
            folio, is_front = number // 2, number % 2 == 0
            name = binding.divisions[division]
            bound.append(
                BoundLeaf(
                    key=f"{division}-{folio + 1}{'a' if is_front else 'b'}",
                    position=len(bound) + 1,
                    label=f"{name}·{_NUMERALS[folio]}{'上' if is_front else '下'}",
                    running=f"{binding.running}{name} ",
                    folio=_NUMERALS[folio],
                    is_front=is_front,
                    seal=binding.owner if number == 0 else "",
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


def leaves_of(book: str) -> list[PlannedLeaf]:
    """The leaves of the book of this key; none for a book whose text is in its sections."""
    match book:
        case kangxi.BOOK.key:
            return _old_leaves(book, kangxi.BLOCKS, KANGXI)
        case genealogy.BOOK.key:
            return _old_leaves(book, genealogy.BLOCKS, GENEALOGY)
        case journal.BOOK.key:
            return _pages(book)
        case eight_views.BOOK.key:
            return _paintings(book)
        case _:
            return []


def _old_leaves(book: str, blocks: Iterable[Block], binding: Binding) -> list[PlannedLeaf]:
    return [
        PlannedLeaf(
            side.key,
            side.position,
            side.label,
            side.set_leaf.text,
            tuple(side.set_leaf.pieces),
            Job(
                f"{book}-{side.key}",
                seed=side.position + (0 if binding is KANGXI else 40),
                leaf=LeafJob(side.set_leaf, side.running, side.folio, side.is_front, side.seal),
            ),
            boxes.of_old_leaf(side.set_leaf, is_front=side.is_front),
        )
        for side in bind(blocks, binding)
    ]


def _pages(book: str) -> list[PlannedLeaf]:
    pages = [page for article in journal.ARTICLES for page in set_article(article)]
    return [
        PlannedLeaf(
            f"p{number}",
            number,
            str(number),
            page.text,
            tuple(page.pieces),
            Job(f"{book}-p{number}", seed=number, page=PageJob(page, journal.RUNNING, str(number))),
            boxes.of_page(page),
        )
        for number, page in enumerate(pages, start=1)
    ]


def _paintings(book: str) -> list[PlannedLeaf]:
    return [
        PlannedLeaf(
            key.removeprefix("view-"),
            number,
            "引首" if key == eight_views.TITLE_KEY else f"第{_NUMERALS[number - 2]}开",
            text,
            (Piece(key.removeprefix("view-"), 0, len(text), 0, len(text)),),
            Job(key, key),
        )
        for number, (key, text) in enumerate(eight_views.LEAVES.items(), start=1)
    ]
