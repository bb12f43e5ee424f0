"""What seems to be missing from a book: pages, chapters, figures of tables, volumes of its series."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive.book_text import gaps as found_gaps
from archive.book_text.table_gaps import table_gaps
from archive.manuscripts import changing
from archive.models import ArchivePage, BookPage, Leaf, Section

from .desk import for_editors

MOST_TABLES = 500


@dataclass(frozen=True)
class Line:
    """`ref` is the passage where it is, if there is one."""

    where: str
    ref: str
    message: str


@require_safe
@for_editors
def gaps(request: HttpRequest, book: BookPage) -> HttpResponse:
    manuscript = changing.manuscript_of(book)
    groups = [
        (_("印刷页码"), _of_pages(book)),
        (_("篇目编号"), _of_sections(manuscript)),
        (_("表格"), _of_tables(book)),
        (_("同一系列"), _of_series(book)),
    ]
    return render(
        request, "archive/editing/workbench_gaps.html", {"heading": _("查缺"), "book": book, "groups": groups}
    )


def _said(gap) -> str:
    return _(gap.message) % gap.values


def _of_pages(book: BookPage) -> list[Line]:
    rows = list(Leaf.objects.filter(book=book).order_by("position").values_list("pk", "label"))
    return [
        Line(_("第 %(place)d 面") % {"place": gap.place + 1}, f"l{rows[gap.place][0]}", _said(gap))
        for gap in found_gaps.page_gaps([label for _pk, label in rows])
    ]


def _of_sections(manuscript) -> list[Line]:
    nodes = manuscript.contents.nodes
    numbered = [found_gaps.Numbered(node.depth, node.label or node.title) for node in nodes]
    return [
        Line(f"{nodes[gap.place].label} {nodes[gap.place].title}".strip(), nodes[gap.place].ref, _said(gap))
        for gap in found_gaps.section_gaps(numbered)
    ]


def _of_tables(book: BookPage) -> list[Line]:
    """The tables of the book, at most `MOST_TABLES` passages that have one."""
    is_of_leaves = book.text_unit == BookPage.TextUnit.LEAF
    model, letter = (Leaf, "l") if is_of_leaves else (Section, "s")
    found: list[Line] = []
    for row in model.objects.filter(book=book, text__contains="|").order_by("position")[:MOST_TABLES].iterator():
        found += [Line(row.heading, f"{letter}{row.pk}", _said(gap)) for gap in table_gaps(row.text)]
    return found


def _of_series(book: BookPage) -> list[Line]:
    if book.series_id is None:
        return []
    names = ArchivePage.objects.filter(series=book.series_id, locale=book.locale_id).order_by("series_position", "pk")
    titles = list(names.values_list("title", flat=True)[:500])
    return [Line(titles[gap.place] if titles else "", "", _said(gap)) for gap in found_gaps.series_gaps(titles)]
