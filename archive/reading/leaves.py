"""The leaves of a book: one or two at a time with scan and text, all of them as thumbnails, and the way to one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from archive.book_text.boxes import Rectangle, boxes_of
from archive.book_text.label_lookup import position_of
from archive.models import Anchor, BookPage, Leaf, LeafLayout, Section
from archive.search_passages import NEXT_READ, continuation_of

from .books import LONG_COLUMNS, at_book, book_at, context_of, room_of_book, way_to
from .composition import SetPassage, compose, figure_names
from .figures import figures_of
from .modes import View, line_choices, modes_of, remember, view_choices
from .passages import text_of_leaf
from .searched import Searched, searched

SECTIONS_NAMED = 100
PANEL_LIMIT = 300
LEAVES_A_PAGE = 60
_BESIDE = 3
"""Neighbours that are read on either side: enough for the pair before and the pair after."""
_SIZES = {
    View.BESIDE: "(min-width: 60rem) 40rem, 92vw",
    View.PAGE: "(min-width: 84rem) 76rem, 92vw",
    View.SPREAD: "(min-width: 84rem) 38rem, 46vw",
    View.TEXT: "92vw",
}
_POSITION = re.compile(r"\D*?(\d{1,6})\D*")


class _Box(NamedTuple):
    """A row of `LeafLayout.boxes`, in its own units."""

    left: float
    top: float
    width: float
    height: float
    start: int
    end: int
    is_word: bool


@dataclass(frozen=True)
class ShownLeaf:
    """A leaf as it is shown: its passage set, and where the words that were searched stand on its scan, in
    ten-thousandths of the picture."""

    leaf: Leaf
    passage: SetPassage
    rectangles: tuple[Rectangle, ...] = ()


@require_safe
def leaf(request: HttpRequest, path: str, key: str) -> HttpResponse:
    """One leaf of a book, or the two that face each other, in the view that the reader chose."""
    book = book_at(request, path)
    found = _with_scans(Leaf.objects.filter(book=book, key=key)).first()
    if found is None:
        raise Http404
    context, words, modes = context_of(request, book), searched(request), modes_of(request)
    around = _around(found)
    pair = _pair(found, around) if modes.view is View.SPREAD else [found]
    at_book(book, *pair, *around)
    sections = _sections_on(pair, book)
    context |= {
        "leaf": found,
        "shown": _shown(book, pair, around, words) if context["content_allowed"] else [],
        "before": next((row for row in reversed(around) if row.position < pair[0].position), None),
        "after": next((row for row in around if row.position > pair[-1].position), None),
        "sections": sections,
        "panel": _panel(book, sections),
        "leaf_count": Leaf.objects.filter(book=book).count(),
        "searched": words,
        "view": modes.view,
        "view_choices": view_choices(request, modes.view),
        "lines": modes.lines,
        "line_choices": line_choices(request, modes.lines),
        "thumbnails": _thumbnails_at(found),
        "physical": book.text_unit == BookPage.TextUnit.LEAF,
        "shown_alone": len(pair) == 1,
        "sizes": _SIZES[modes.view],
    }
    context["found_count"] = sum(len(one.passage.found) for one in context["shown"])
    response = remember(request, render(request, "reading/leaf.html", context))
    if request.GET:
        response["X-Robots-Tag"] = "noindex"
    return response


def _thumbnails_at(of: Leaf) -> str:
    page = (of.position - 1) // LEAVES_A_PAGE + 1
    return f"?page={page}" if page > 1 else ""


def _with_scans(rows: QuerySet) -> QuerySet:
    return rows.select_related("scan").prefetch_related("scan__derivatives").defer("raw_text", "set_aside")


def _around(of: Leaf) -> list[Leaf]:
    """The leaves beside this one, in order, with the beginnings of their texts alone: two queries."""
    others = Leaf.objects.filter(book_id=of.book_id).annotate(beginning=Left(F("text"), NEXT_READ))
    others = others.only("book_id", "key", "position", "label")
    before = others.filter(position__lt=of.position).order_by("-position")[:_BESIDE]
    after = others.filter(position__gt=of.position).order_by("position")[:_BESIDE]
    return [*reversed(before), *after]


def _pair(of: Leaf, around: Sequence[Leaf]) -> list[Leaf]:
    """The leaves that face each other in the bound book: the first stands alone, then the second and the third."""
    partner = of.position + 1 if of.position % 2 == 0 else of.position - 1
    facing = next((row.pk for row in around if row.position == partner and partner > 1), None)
    other = _with_scans(Leaf.objects.filter(pk=facing)).first() if facing else None
    return sorted(filter(None, [of, other]), key=lambda row: row.position)


def _shown(book: BookPage, pair: Sequence[Leaf], around: Sequence[Leaf], words: Searched) -> list[ShownLeaf]:
    texts = [text_of_leaf(row) for row in pair]
    figures = figures_of(book, set().union(*map(figure_names, texts)))
    layouts = LeafLayout.objects.in_bulk([row.pk for row in pair]) if words else {}
    shown = []
    for number, (row, text) in enumerate(zip(pair, texts, strict=True)):
        found = words.ranges(text.plain, _continuation(book, row, [*pair, *around]))
        layout = layouts.get(row.pk)
        rectangles = boxes_of(found, (_Box(*box) for box in layout.boxes)) if layout and found else []
        passage = compose(text, found, figures, prefix=f"{row.position}-" if number else "")
        shown.append(ShownLeaf(row, passage, tuple(rectangles)))
    return shown


def _continuation(book: BookPage, of: Leaf, others: Sequence[Leaf]) -> str:
    """How the text goes on, for a word that runs over the end of the leaf; of sections search knows no such words."""
    if book.text_unit != BookPage.TextUnit.LEAF:
        return ""
    following = next((row for row in others if row.position == of.position + 1), None)
    if following is None:
        return ""
    return continuation_of(following.beginning if hasattr(following, "beginning") else following.text[:NEXT_READ])


def _sections_on(pair: Sequence[Leaf], book: BookPage) -> list[Section]:
    anchors = Anchor.objects.filter(leaf__in=[row.pk for row in pair]).select_related("section")
    anchors = anchors.defer(*(f"section__{column}" for column in LONG_COLUMNS)).order_by("section__position")
    sections = list({anchor.section_id: anchor.section for anchor in anchors[:SECTIONS_NAMED]}.values())
    at_book(book, *sections)
    return sections


def _panel(book: BookPage, sections: Sequence[Section]) -> list[Section]:
    """The contents beside a leaf: the top of the tree, and what is open on the way to the first section of the leaf."""
    way = [*way_to(sections[0]), sections[0]] if sections else []
    opened = Q(parent=None) | Q(parent__in=[row.pk for row in way])
    rows = Section.objects.filter(opened, book=book).in_order().defer(*LONG_COLUMNS)
    panel = list(rows[:PANEL_LIMIT])
    at_book(book, *panel)
    return panel


# --- All leaves, and the way to one ---------------------------------------------------------------------------


@require_safe
@room_of_book("pages")
def thumbnails(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The leaves of a book as small pictures with their labels, LEAVES_A_PAGE at a time."""
    rows = _with_scans(Leaf.objects.filter(book=book)).order_by("position").defer("text", "raw_text", "set_aside")
    shown = Paginator(rows, LEAVES_A_PAGE).get_page(request.GET.get("page"))
    leaves = list(shown.object_list)
    at_book(book, *leaves)
    context = context_of(request, book) | {
        "results": shown,
        "leaves": leaves,
        "room": "pages",
        "leaf_count": shown.paginator.count,
    }
    return render(request, "reading/thumbnails.html", context)


@require_safe
def jump_to_leaf(request: HttpRequest, path: str) -> HttpResponse:
    """The leaf that a reader asked for by its printed label, written in any of the usual ways, or by its position."""
    book = book_at(request, path)
    asked = request.GET.get("page", "").replace("\x00", "").strip()[:40]
    found = leaf_meant(book, asked) if asked else None
    if found is None:
        context = context_of(request, book) | {"asked": asked}
        return TemplateResponse(request, "reading/no_such_leaf.html", context, status=404)
    found.book = book
    return redirect(found.get_absolute_url())


def leaf_meant(book: BookPage, asked: str) -> Leaf | None:
    """The printed label as written, then read forgivingly (第12页, 卷三·四上), then a position (第 12 面)."""
    leaves = Leaf.objects.filter(book=book).only("key", "position", "label").order_by("position")
    if found := leaves.filter(label=asked).first():
        return found
    rows = list(leaves.values_list("pk", "label"))
    number = position_of(asked, [label for _pk, label in rows])
    if number is not None:
        return leaves.get(pk=rows[number - 1][0])
    position = _POSITION.fullmatch(unicodedata.normalize("NFKC", asked))
    return leaves.filter(position=int(position[1])).first() if position else None
