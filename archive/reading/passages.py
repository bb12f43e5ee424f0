"""The text of a passage, wherever it is stored: one side is kept, the other is put together through the anchors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.book_text import notation
from archive.models import Anchor, BookPage, Leaf, Section

PIECES_READ = 1_000
"""Leaves that a section is put together from at most, and sections that a leaf is; what is more is nobody's page."""


@dataclass(frozen=True)
class Piece:
    """What one stored text gives to a passage: the half-open range `start` to `end` of its plain text. `leaf` is the
    leaf that it stands on, `section` the section that begins with it, where that is to be shown."""

    passage: notation.Passage
    start: int
    end: int
    leaf: Leaf | None = None
    section: Section | None = None
    goes_on: bool = False

    @property
    def plain(self) -> str:
        return self.passage.plain[self.start : self.end]

    @property
    def is_whole(self) -> bool:
        return self.start == 0 and self.end == len(self.passage.plain)


@dataclass(frozen=True)
class Text:
    """A passage as it is read. `leaf_breaks` say at which offsets of `plain` a leaf begins; `lines_are_physical`:
    the lines are those of the page, and are shown."""

    pieces: tuple[Piece, ...]
    leaf_breaks: tuple[tuple[int, Leaf], ...] = ()
    lines_are_physical: bool = False

    @property
    def plain(self) -> str:
        """What is searched, marked and quoted: the plain texts of the pieces, a line break between two."""
        return "\n".join(piece.plain for piece in self.pieces)


def anchors_of(section: Section) -> list[Anchor]:
    """The anchors of a section in the order of the leaves, with the leaves but not their texts. One query."""
    anchors = Anchor.objects.filter(section=section).select_related("leaf").order_by("leaf__position")
    found = list(anchors.defer("leaf__text", "leaf__raw_text", "leaf__set_aside")[:PIECES_READ])
    for anchor in found:
        anchor.leaf.book = section.book
    return found


def with_texts(anchors: Sequence[Anchor], book: BookPage) -> Sequence[Anchor]:
    """The same with the texts of their leaves, where those are what is stored: one query."""
    if book.text_unit == BookPage.TextUnit.LEAF and anchors:
        texts = Leaf.objects.filter(pk__in=[anchor.leaf_id for anchor in anchors]).values_list("pk", "text")
        known = dict(texts)
        for anchor in anchors:
            anchor.leaf.text = known.get(anchor.leaf_id, "")
    return anchors


def text_of_section(section: Section, anchors: Sequence[Anchor]) -> Text:
    """A section's text with the places where its leaves begin. In a book whose text is in its leaves it is the pieces
    of the leaves, in order. Asks nothing: `anchors` are those of `with_texts`."""
    if section.book.text_unit == BookPage.TextUnit.SECTION:
        passage = notation.parse(section.text)
        breaks = sorted(((anchor.section_start, anchor.leaf) for anchor in anchors), key=_by_offset)
        whole = Piece(passage, 0, len(passage.plain))
        return Text((whole,), tuple((at, leaf) for at, leaf in breaks if at <= len(passage.plain)))
    pieces, breaks, at = [], [], 0
    for anchor in anchors:
        passage = notation.parse(anchor.leaf.text, lines_are_physical=True)
        end = min(anchor.leaf_end, len(passage.plain))
        piece = Piece(passage, min(anchor.leaf_start, end), end, anchor.leaf, goes_on=_goes_on(anchor, passage))
        breaks.append((at, anchor.leaf))
        pieces.append(piece)
        at += len(piece.plain) + 1
    return Text(tuple(pieces), tuple(breaks))


def text_of_leaf(leaf: Leaf) -> Text:
    """A leaf's text. In a book whose text is in its sections it is the pieces of the sections, in order: one query."""
    if leaf.book.text_unit == BookPage.TextUnit.LEAF:
        passage = notation.parse(leaf.text, lines_are_physical=True)
        return Text((Piece(passage, 0, len(passage.plain)),), lines_are_physical=True)
    anchors = Anchor.objects.filter(leaf=leaf).select_related("section").order_by("section__position", "section_start")
    pieces = []
    for anchor in anchors.defer("section__raw_text")[:PIECES_READ]:
        anchor.section.book = leaf.book
        pieces.append(_piece_on_leaf(anchor, anchor.section, notation.parse(anchor.section.text)))
    return Text(tuple(pieces))


def texts_of_leaves(leaves: Sequence[Leaf]) -> dict[int, Text]:
    """The texts of leaves of one book by primary key, as `text_of_leaf` has each: two queries at most, and a section
    that stands on many of them is read once."""
    if not leaves or leaves[0].book.text_unit == BookPage.TextUnit.LEAF:
        return {leaf.pk: text_of_leaf(leaf) for leaf in leaves}
    anchors = Anchor.objects.filter(leaf__in=[leaf.pk for leaf in leaves])
    anchors = list(anchors.order_by("section__position", "section_start")[: PIECES_READ * len(leaves)])
    sections = Section.objects.defer("raw_text").in_bulk({anchor.section_id for anchor in anchors})
    passages = {pk: notation.parse(section.text) for pk, section in sections.items()}
    pieces: dict[int, list[Piece]] = {leaf.pk: [] for leaf in leaves}
    for anchor in anchors:
        section = sections[anchor.section_id]
        section.book = leaves[0].book
        pieces[anchor.leaf_id].append(_piece_on_leaf(anchor, section, passages[section.pk]))
    return {pk: Text(tuple(found[:PIECES_READ])) for pk, found in pieces.items()}


def _piece_on_leaf(anchor: Anchor, section: Section, passage: notation.Passage) -> Piece:
    end = min(anchor.section_end, len(passage.plain))
    begins = section if anchor.section_start == 0 else None
    return Piece(passage, min(anchor.section_start, end), end, section=begins)


def section_text(section: Section) -> str:
    """The plain text of a section. Two queries at most."""
    return text_of_section(section, with_texts(anchors_of(section), section.book)).plain


def leaf_text(leaf: Leaf) -> str:
    """The plain text of a leaf. One query at most."""
    return text_of_leaf(leaf).plain


def _by_offset(pair: tuple[int, Leaf]) -> tuple[int, int]:
    return pair[0], pair[1].position


def _goes_on(anchor: Anchor, passage: notation.Passage) -> bool:
    """Whether a leaf takes up the paragraph of the one before: its first line is not indented."""
    if anchor.leaf_start or not passage.source:
        return False
    return not anchor.leaf.text[: passage.source[0]].lstrip("\r\n ").startswith("　")


def leaves_of(anchors: Iterable[Anchor]) -> list[Leaf]:
    """The leaves that a section stands on."""
    return [anchor.leaf for anchor in anchors]
