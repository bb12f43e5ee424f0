"""Which part of a book lies where, after an import: reckoned anew from the file, or carried over the changes of leaves
where the contents are a person's own."""

from collections.abc import Mapping, Sequence

from archive.book_text import notation
from archive.book_text.anchoring import Span, spans_of_leaves, spans_of_sections
from archive.book_text.rebasing import rebase
from archive.models import Anchor, BookPage, Section

from .contract import SectionItem
from .leaves import LeafWriter

_TOGETHER = 500
_COLUMNS = ("section_id", "leaf_id", "section_start", "section_end", "leaf_start", "leaf_end")


def write_anchors(
    book: BookPage, found: Sequence[SectionItem], pks: Sequence[int], leaves: LeafWriter, raw_texts: Mapping[int, str]
) -> None:
    """Anchors as the file tells them. `pks` are the sections of `found`; `raw_texts` what the file says of those (by
    their key) whose text may be another one by now."""
    numbers = {source: number for number, source in enumerate(leaves.pks)}
    if book.text_unit == BookPage.TextUnit.LEAF:
        spans = spans_of_leaves([_start(item, numbers, leaves) for item in found], leaves.lengths)
    else:
        spans = _spans_in_sections(found, pks, numbers, raw_texts)
    leaf_pks = list(leaves.pks.values())
    wanted = {_row(span, pks, leaf_pks) for span in spans}
    # The same whatever wrote them: an unchanged file leaves every row as it is.
    own = Anchor.objects.filter(section__book=book)
    if wanted != set(own.order_by().values_list(*_COLUMNS)):
        own.delete()
        rows = (Anchor(**dict(zip(_COLUMNS, row, strict=True))) for row in sorted(wanted))
        Anchor.objects.bulk_create(rows, batch_size=_TOGETHER)


def _row(span: Span, sections: Sequence[int], leaves: Sequence[int]) -> tuple[int, ...]:
    lengths = (span.section_start, span.section_end, span.leaf_start, span.leaf_end)
    return (sections[span.section], leaves[span.leaf], *lengths)


def _start(item: SectionItem, numbers: Mapping[str, int], leaves: LeafWriter) -> tuple[int, int] | None:
    """Where it begins in the text as the book keeps it; offsets of the file are those of its own text."""
    if item.leaf not in numbers:
        return None
    offset = item.offset
    if item.leaf in leaves.reworded:
        [(offset, _end)] = rebase(*leaves.reworded[item.leaf], [(offset, offset)])
    return numbers[item.leaf], offset


def _spans_in_sections(
    found: Sequence[SectionItem], pks: Sequence[int], numbers: Mapping[str, int], raw_texts: Mapping[int, str]
) -> list[Span]:
    breaks = [[(b.offset, numbers[b.leaf]) for b in item.breaks if b.leaf in numbers] for item in found]
    if not any(breaks):
        return []
    lengths = []
    for start in range(0, len(pks), _TOGETHER):
        texts = dict(Section.objects.filter(pk__in=pks[start : start + _TOGETHER]).values_list("pk", "text"))
        for number, pk in enumerate(pks[start : start + _TOGETHER], start=start):
            plain = notation.plain(texts.get(pk, ""))
            lengths.append(len(plain))
            if breaks[number] and pk in raw_texts:
                moved = rebase(notation.plain(raw_texts[pk]), plain, [(at, at) for at, _leaf in breaks[number]])
                breaks[number] = [(at, leaf) for (at, _end), (_at, leaf) in zip(moved, breaks[number], strict=True)]
    return spans_of_sections(breaks, lengths)


def carry_anchors(book: BookPage, leaves: LeafWriter) -> None:
    """In a book of leaves whose contents stay as they are: what changed on a leaf moves what begins on it, and a new
    leaf belongs to the section that goes on from the leaf before it."""
    changed = list(leaves.changed)
    for start in range(0, len(changed), _TOGETHER):
        rows = list(Anchor.objects.filter(leaf__in=changed[start : start + _TOGETHER]))
        for anchor in rows:
            texts = leaves.changed[anchor.leaf_id]
            [(anchor.leaf_start, anchor.leaf_end)] = rebase(*texts, [(anchor.leaf_start, anchor.leaf_end)])
        Anchor.objects.bulk_update(rows, ["leaf_start", "leaf_end"], batch_size=_TOGETHER)
    _continue_onto(book, leaves)
    _count_through(book)


def _continue_onto(book: BookPage, leaves: LeafWriter) -> None:
    fresh, made = set(leaves.fresh), []
    if not fresh:
        return
    running: int | None = None
    # The last section on each leaf is the one that goes on.
    rows = Anchor.objects.filter(leaf__book=book).order_by("leaf_end", "section__position")
    last = dict(rows.values_list("leaf_id", "section_id"))
    for pk, length in zip(leaves.pks.values(), leaves.lengths, strict=True):
        if pk in fresh and running is not None:
            made.append(Anchor(section_id=running, leaf_id=pk, leaf_start=0, leaf_end=length))
        running = last.get(pk, running)
    Anchor.objects.bulk_create(made, batch_size=_TOGETHER)


def _count_through(book: BookPage) -> None:
    """Where each piece stands in the text that is derived for its section."""
    changed, section, at = [], None, 0
    for anchor in Anchor.objects.filter(section__book=book).order_by("section", "leaf__position"):
        if anchor.section_id != section:
            section, at = anchor.section_id, 0
        end = at + anchor.leaf_end - anchor.leaf_start
        if (anchor.section_start, anchor.section_end) != (at, end):
            anchor.section_start, anchor.section_end = at, end
            changed.append(anchor)
        at = end + 1  # the line break between two leaves
    Anchor.objects.bulk_update(changed, ["section_start", "section_end"], batch_size=_TOGETHER)
