"""The rooms of an exhibition as one reader may see them: what they may not know of is not there, nor its label."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import F
from django.db.models.functions import Left
from wagtail.blocks import BoundBlock

from archive.access import Audience, may_see_content
from archive.book_text import notation
from archive.models import ArchivePage, BookPage, ExhibitionPage, Leaf, Section, VideoPage

from .books import at_book

_READ = 2_000
EXCERPT = 180
"""Characters of a section that an exhibition quotes."""


@dataclass(frozen=True)
class Exhibit:
    """A thing on show, or the leaf or section of a book that is. `item` is a row of the spine with what a card needs;
    `film` its own page where it is one that may be played; `excerpt` how a section begins."""

    item: ArchivePage
    label: str
    wide: bool
    leaf: Leaf | None = None
    section: Section | None = None
    film: VideoPage | None = None
    excerpt: str = ""

    @property
    def passage(self) -> Leaf | Section | None:
        return self.leaf or self.section

    @property
    def address(self) -> str:
        return self.passage.get_absolute_url() if self.passage is not None else self.item.get_url() or ""

    @property
    def picture(self):
        """The scan of a leaf, else what a card of the thing shows; a section is shown by its words."""
        if self.leaf is not None:
            return self.leaf.scan
        return None if self.excerpt else self.item.picture


@dataclass(frozen=True)
class Room:
    """`parts` hold an Exhibit, or a block of words as the stream has it. `number` counts from 1 and is its address."""

    number: int
    heading: str
    introduction: object
    parts: list[Exhibit | BoundBlock] = field(default_factory=list)

    @property
    def exhibits(self) -> list[Exhibit]:
        return [part for part in self.parts if isinstance(part, Exhibit)]

    @property
    def opening(self) -> Exhibit | None:
        """What stands for the room in a list: its first thing that has a picture."""
        return next((exhibit for exhibit in self.exhibits if exhibit.picture is not None), None)


def rooms_of(page: ExhibitionPage, audience: Audience) -> list[Room]:
    """All its rooms, in order. Thirteen queries at most, however many things they show."""
    collection = _Collection(page, audience)
    values = enumerate((room.value for room in page.rooms), start=1)
    return [
        Room(number, value["heading"], value["introduction"], list(_parts(value["contents"], collection)))
        for number, value in values
    ]


def _parts(contents: Iterable[BoundBlock], collection: "_Collection") -> Iterator[Exhibit | BoundBlock]:
    for block in contents:
        if block.block_type != "exhibit":
            yield block
        elif (exhibit := collection.exhibit(block.value)) is not None:
            yield exhibit


class _Collection:
    """Everything that an exhibition shows and this audience may know of, fetched together."""

    def __init__(self, page: ExhibitionPage, audience: Audience):
        self._audience = audience
        rows = ArchivePage.objects.filter(pk__in=page.shown_items()).visible_to(audience)
        self._items = {row.pk: row for row in rows.order_by().for_cards()}
        films = [pk for pk, row in self._items.items() if row.kind == "video"]
        self._films = _films(films)
        wanted = _passages(page)
        books = BookPage.objects.in_bulk({pk for pk, _key in wanted} & set(self._items))
        self._leaves = _leaves({(pk, key[2:]) for pk, key in wanted if key.startswith("p/")})
        self._sections = _sections({(pk, key[2:]) for pk, key in wanted if key.startswith("s/")})
        for (pk, _key), passage in chain(self._leaves.items(), self._sections.items()):
            at_book(books.get(pk), passage)

    def exhibit(self, value) -> Exhibit | None:
        """None for what is not shown. A passage that is no more leaves its book on show."""
        item = self._items.get(value["item"].pk) if value["item"] is not None else None
        if item is None:
            return None
        kind, _slash, key = (value["passage"] or "").partition("/")
        leaf = self._leaves.get((item.pk, key)) if kind == "p" else None
        section = self._sections.get((item.pk, key)) if kind == "s" else None
        readable = may_see_content(self._audience, item.effective_access)
        return Exhibit(
            item=item,
            label=value["label"],
            wide=value["wide"],
            leaf=leaf,
            section=section,
            film=self._films.get(item.pk) if readable else None,
            excerpt=_excerpt(section) if section is not None and readable else "",
        )


def _passages(page: ExhibitionPage) -> set[tuple[int, str]]:
    """The places in books that are shown, each with its book."""
    blocks = (block for room in page.rooms for block in room.value["contents"] if block.block_type == "exhibit")
    values = (block.value for block in blocks)
    return {(value["item"].pk, value["passage"]) for value in values if value["item"] and value["passage"]}


def _films(ids: list[int]) -> dict[int, VideoPage]:
    if not ids:
        return {}
    films = VideoPage.objects.filter(pk__in=ids).select_related("video", "lead_image")
    return {film.pk: film for film in films.prefetch_related("video__derivatives", "lead_image__derivatives")}


def _leaves(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Leaf]:
    if not wanted:
        return {}
    rows = Leaf.objects.filter(book__in={pk for pk, _key in wanted}, key__in={key for _pk, key in wanted})
    rows = rows.select_related("scan").prefetch_related("scan__derivatives").defer("text", "raw_text", "set_aside")
    return {(row.book_id, row.key): row for row in rows}


def _sections(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Section]:
    if not wanted:
        return {}
    rows = Section.objects.filter(book__in={pk for pk, _key in wanted}, key__in={key for _pk, key in wanted})
    rows = rows.defer("text", "raw_text").annotate(beginning=Left(F("text"), _READ))
    return {(row.book_id, row.key): row for row in rows}


def _excerpt(section: Section) -> str:
    """How a section begins, without its markup; nothing where the text is kept in the leaves."""
    plain = " ".join(notation.parse(section.beginning).plain.split())
    return f"{plain[:EXCERPT].rstrip()}……" if len(plain) > EXCERPT else plain
