"""Sections at addresses of their own, readable alone, and the whole table of contents of a book."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.models import Anchor, BookPage, Leaf, Section

from .books import LONG_COLUMNS, at_book, book_at, context_of, room_of_book, way_to
from .composition import SetPassage, compose, figure_names
from .figures import figures_of
from .modes import line_choices, modes_of, remember
from .passages import anchors_of, leaves_of, text_of_section, with_texts
from .searched import Searched, searched

PARTS_SHOWN = 500
LEAVES_A_PAGE = 60
"""Leaves whose text a page of a section shows; a juan may have hundreds."""
SECTIONS_A_PAGE = 300


@require_safe
def section(request: HttpRequest, path: str, key: str) -> HttpResponse:
    """One section of a book, readable alone: its path, its text, its parts, its leaves, its neighbours."""
    book = book_at(request, path)
    found = Section.objects.filter(book=book, key=key).defer("raw_text").first()
    if found is None:
        raise Http404
    found.book = book
    context, words, modes = context_of(request, book), searched(request), modes_of(request)
    parts = list(found.parts.in_order().defer(*LONG_COLUMNS)[: PARTS_SHOWN + 1])
    anchors = anchors_of(found)
    around = _around(found)
    at_book(book, *parts, *around.values())
    shown = _page_of(anchors, request, book)
    context |= around | {
        "section": found,
        "way": way_to(found),
        "parts": parts[:PARTS_SHOWN],
        "more_parts": len(parts) > PARTS_SHOWN,
        "leaves": leaves_of(anchors),
        "shown": shown,
        "searched": words,
        "lines": modes.lines,
        "line_choices": line_choices(request, modes.lines),
        "passage": _passage(found, shown.object_list, words) if context["content_allowed"] else SetPassage(),
    }
    response = remember(request, render(request, "reading/section.html", context))
    if request.GET:
        response["X-Robots-Tag"] = "noindex"
    return response


def _page_of(anchors: Sequence[Anchor], request: HttpRequest, book: BookPage) -> ListPage:
    """The leaves whose text is shown at once; all of them where the text is the section's own."""
    by_leaf = book.text_unit == BookPage.TextUnit.LEAF
    return Paginator(anchors, LEAVES_A_PAGE if by_leaf else len(anchors) or 1).get_page(request.GET.get("page"))


def _passage(of: Section, anchors: Sequence[Anchor], words: Searched) -> SetPassage:
    text = text_of_section(of, with_texts(anchors, of.book))
    return compose(text, words.ranges(text.plain), figures_of(of.book, figure_names(text)))


def _around(of: Section) -> dict[str, Section | None]:
    """What stands before and after in the book, and beneath the same section: four look-ups by index."""
    others = Section.objects.filter(book_id=of.book_id).defer(*LONG_COLUMNS)
    beside = others.filter(parent_id=of.parent_id)
    before, after = (
        [rows.filter(position__lt=of.position).order_by("-position").first() for rows in (others, beside)],
        [rows.filter(position__gt=of.position).order_by("position").first() for rows in (others, beside)],
    )
    return {"before": before[0], "after": after[0], "before_beside": before[1], "after_beside": after[1]}


# --- The whole table of contents ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of the contents. `opens`: the ones that follow lie beneath it; `closes`: how many levels end with it."""

    section: Section
    leaf: Leaf | None
    opens: bool
    closes: str


@require_safe
@room_of_book("contents")
def contents(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The whole tree, SECTIONS_A_PAGE lines at a time, each with the printed page where it begins. What a page's first
    line lies beneath is named above it."""
    rows = Section.objects.filter(book=book).in_order().defer(*LONG_COLUMNS)
    shown = Paginator(rows, SECTIONS_A_PAGE).get_page(request.GET.get("page"))
    sections = list(shown.object_list)
    at_book(book, *sections)
    context = context_of(request, book) | {
        "results": shown,
        "rows": _rows(sections, _first_leaves(book, sections)),
        "way": way_to(sections[0]) if sections and shown.number > 1 else [],
        "room": "contents",
        "leaf_count": Leaf.objects.filter(book=book).exists(),
    }
    return render(request, "reading/contents.html", context)


def _first_leaves(book: BookPage, sections: Sequence[Section]) -> dict[int, Leaf]:
    """The leaf where each section begins, as far as it is known. Two queries."""
    anchors = Anchor.objects.filter(section__in=[row.pk for row in sections]).order_by().values("section_id")
    positions = dict(anchors.annotate(first=Min("leaf__position")).values_list("section_id", "first"))
    leaves = Leaf.objects.filter(book=book, position__in=set(positions.values())).only("key", "label", "position")
    by_position = {leaf.position: leaf for leaf in leaves}
    at_book(book, *by_position.values())
    return {pk: by_position[position] for pk, position in positions.items() if position in by_position}


def _rows(sections: Sequence[Section], leaves: dict[int, Leaf]) -> list[Row]:
    """The lines of a tree. A level that was left out in the book is left out here: nothing is nested twice."""
    rows, levels = [], []
    for place, section in enumerate(sections):
        following = sections[place + 1].depth if place + 1 < len(sections) else 0
        opens = following > section.depth
        if opens:
            levels.append(section.depth)
            closes = 0
        else:
            closes = sum(1 for level in levels if level >= following) if following else len(levels)
            del levels[len(levels) - closes :]
        rows.append(Row(section, leaves.get(section.pk), opens, "x" * closes))
    return rows
