"""The corrections (校勘记) of a whole book, in its order: as a page, and as a table to take along."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive.book_text import notation
from archive.exchange.addresses import absolute
from archive.models import BookPage, Leaf, Section
from search.exporting import Echo, harmless

from .books import at_book, context_of, room_of_book
from .composition import Erratum

PASSAGES_A_PAGE = 60
_CHUNK = 200


@dataclass(frozen=True)
class Row:
    """A passage with its corrections."""

    passage: Section | Leaf
    errata: list[Erratum]


@require_safe
@room_of_book("errata")
def errata(request: HttpRequest, book: BookPage) -> HttpResponse:
    """All of a book's corrections; with `format=csv` as a table. What is read on site is listed there alone."""
    context = context_of(request, book)
    rows = _passages(book) if context["content_allowed"] else Section.objects.none()
    if request.GET.get("format") == "csv" and context["content_allowed"]:
        return _table(book, rows)
    shown = Paginator(rows, PASSAGES_A_PAGE).get_page(request.GET.get("page"))
    context |= {"results": shown, "rows": _rows(book, shown.object_list), "room": "errata"}
    return render(request, "reading/errata.html", context)


def _passages(book: BookPage) -> QuerySet:
    """The passages that may hold one, in order, with their texts."""
    model = Leaf if book.text_unit == BookPage.TextUnit.LEAF else Section
    rows = model.objects.filter(book=book, text__contains="[[").filter(text__contains="→")
    return rows.order_by("position").defer("raw_text")


def _rows(book: BookPage, passages) -> list[Row]:
    found = []
    for passage in passages:
        at_book(book, passage)
        runs = notation.corrections(notation.parse(passage.text))
        listed = [Erratum(number, run.correction) for number, run in enumerate(runs, start=1)]
        found += [Row(passage, listed)] if listed else []
    return found


def _table(book: BookPage, passages: QuerySet) -> StreamingHttpResponse:
    """CSV (RFC 4180) in UTF-8 with the mark that spreadsheets need, streamed."""
    response = StreamingHttpResponse(_lines(book, passages), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="errata.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(book: BookPage, passages: QuerySet) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow([_("位置"), _("类别"), _("原文"), _("当作"), _("依据"), _("网址")])
    for row in _rows_in_turn(book, passages):
        for erratum in row.errata:
            found = erratum.correction
            cells = [row.passage.heading, erratum.kind, found.reads, found.should, found.grounds]
            yield writer.writerow([*map(harmless, cells), absolute(row.passage.get_absolute_url())])


def _rows_in_turn(book: BookPage, passages: QuerySet) -> Iterator[Row]:
    for passage in passages.iterator(chunk_size=_CHUNK):
        yield from _rows(book, [passage])
