"""From leaves to the sheets of an excerpt: what it is and how to cite it, then each leaf as it is shown."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from archive.access import Audience, may_see_content
from archive.exchange.citations import gbt7714
from archive.exchange.references import reference_of
from archive.exchange.subjects import Subject
from archive.models import BookPage, Leaf, LeafLayout
from archive.models.book_layout import PARTS
from archive.reading.passages import texts_of_leaves

from .document import Line, Sheet
from .setting import Paragraph, sheets

PICTURE_WIDTH = 1920
"""The pictures that an excerpt holds are those of the reader, at most this wide; originals are asked for elsewhere."""
_COLOURS = {"L": 1, "RGB": 3, "CMYK": 4}


def label_of(leaf: Leaf) -> str:
    """The printed page; a leaf without one is counted from the front of the book, in square brackets."""
    return leaf.label or f"[{leaf.position}]"


def citation_of(book: BookPage, leaves: Sequence[Leaf]) -> str:
    """The reference to these pages after GB/T 7714—2015."""
    reference = reference_of(Subject(book))
    last = label_of(leaves[-1]) if len(leaves) > 1 else ""
    return gbt7714(replace(reference, pages=label_of(leaves[0]), last_page=last))


def of_excerpt(book: BookPage, leaves: Sequence[Leaf], audience: Audience) -> Iterator[Sheet]:
    """The title sheet and the leaves, one at a time. `leaves` know their book and came with scans and derivatives."""
    yield from sheets(_title(book, leaves), _("题签"), _code(Subject(book).permanent_address))
    layouts, texts = LeafLayout.objects.in_bulk([leaf.pk for leaf in leaves]), texts_of_leaves(leaves)
    for leaf in leaves:
        yield from _of_leaf(leaf, texts[leaf.pk].plain, layouts.get(leaf.pk), audience)


def _title(book: BookPage, leaves: Sequence[Leaf]) -> Iterator[Paragraph]:
    first, last = label_of(leaves[0]), label_of(leaves[-1])
    span = first if len(leaves) == 1 else f"{first} — {last}"
    yield Paragraph(book.title, 64, 0)
    yield Paragraph(_("页段：%(span)s（%(count)d 面）") % {"span": span, "count": len(leaves)}, 36, 30)
    for line in (book.compilers, book.publisher, book.date_written):
        if line:
            yield Paragraph(line, 30, 10)
    yield Paragraph(_("引用"), 34, 50)
    yield Paragraph(citation_of(book, leaves), 28)
    yield Paragraph(_("永久地址"), 34, 36)
    yield Paragraph(Subject(book).permanent_address, 28)
    yield Paragraph(_("版权"), 34, 36)
    yield Paragraph(str(book.rights_statement.label), 28)
    yield Paragraph(book.rights_statement.uri, 24, 6)
    for line in (book.credit, book.source):
        if line:
            yield Paragraph(line, 28, 10)
    made = timezone.localdate().isoformat()
    yield Paragraph(_("%(day)s 由读者自本馆取得。图为阅览图，文字供检索与复制，未经逐字核对。") % {"day": made}, 24, 36)


def _code(address: str) -> list[list[int]]:
    return [list(row) for row in segno.make_qr(address, error="m").matrix]


def _of_leaf(leaf: Leaf, plain: str, layout: LeafLayout | None, audience: Audience) -> Iterator[Sheet]:
    found = _picture(leaf, audience)
    if found is None:
        told = [] if leaf.scan_id is None else [Paragraph(_("此页的图不对外展示，以下为其文字。"), 24)]
        text = Paragraph(plain or _("此页没有图，也没有录入的文字。"), 30)
        yield from sheets([Paragraph(leaf.heading, 40), *told, text], label_of(leaf))
        return
    data, width, height, colours = found
    lines = _in_boxes(plain, layout.boxes) if layout and layout.boxes else _spread(plain)
    yield Sheet(label_of(leaf), data, width, height, colours, tuple(lines))


def _picture(leaf: Leaf, audience: Audience) -> tuple[bytes, int, int, int] | None:
    """The picture of a leaf that this audience is shown, as it is stored: bytes, width, height and colours."""
    scan = leaf.scan
    if scan is None or not may_see_content(audience, max(leaf.book.effective_access, scan.access)):
        return None
    derivative = scan.fitting(PICTURE_WIDTH)
    if derivative is None:
        return None
    try:
        with derivative.file.open("rb") as file:
            data = file.read()
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            return data, *picture.size, _COLOURS[picture.mode]
    except FileNotFoundError:
        return None


def _in_boxes(plain: str, boxes: Sequence[Sequence[int]]) -> Iterator[Line]:
    """The lines where they stand on the scan; words only where no line is known."""
    lines = [box for box in boxes if not box[6]] or boxes
    for left, top, width, height, start, end, _is_word in lines:
        text = plain[start:end].replace("\n", " ").strip()
        if text:
            yield Line(text, left / PARTS, top / PARTS, width / PARTS, height / PARTS)


def _spread(plain: str) -> Iterator[Line]:
    """Lines of which nobody knows where they stand, one under the other down the page."""
    lines = [line for line in plain.splitlines() if line.strip()]
    step = 0.9 / max(len(lines), 1)
    for number, line in enumerate(lines):
        yield Line(line.strip(), 0.05, 0.05 + number * step, 0.9, min(step * 0.8, 0.03))
