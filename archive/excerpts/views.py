"""A run of pages of a book to take along, chosen by printed page or position."""

import tempfile
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive.access import audience_of
from archive.models import BookPage, Leaf
from archive.reading.books import at_book, context_of, room_of_book
from archive.reading.leaves import leaf_meant
from search.throttle import throttled

from .document import write
from .sheets import label_of, of_excerpt

MOST_LEAVES = 60
_LONGEST = 40


class NoSuchRunError(Exception):
    """The pages that were asked for are none; `message` says why, `status` is the answer's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message, self.status = message, status


@dataclass(frozen=True)
class Asked:
    """What a reader typed, or the keys that a link names."""

    first: str
    last: str
    by_key: bool

    @classmethod
    def read(cls, parameters) -> "Asked":
        by_key = "first" in parameters
        names = ("first", "last") if by_key else ("from", "to")
        given = (parameters.get(name, "").replace("\x00", "").strip()[: 80 if by_key else _LONGEST] for name in names)
        return cls(*given, by_key)


@require_safe
@throttled("EXCERPTS_A_MINUTE")
@room_of_book("pdf")
def excerpt(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The pages as a PDF; without pages the form that asks for them.

    400 for too many and for a run that goes backwards beyond mending, 404 for a page that the book does not have and
    for a book without pages, 429 for a flood. What is not public is stored by nobody.
    """
    if not Leaf.objects.filter(book=book).exists():
        raise Http404
    context = context_of(request, book)
    asked = Asked.read(request.GET)
    if not asked.first or not context["content_allowed"]:
        return _form(request, context, asked, "", 200)
    try:
        leaves = _run(book, asked)
    except NoSuchRunError as error:
        return _form(request, context, asked, error.message, error.status)
    return _file(book, leaves, request)


def _form(request: HttpRequest, context: dict, asked: Asked, problem: str, status: int) -> HttpResponse:
    leaf_count = Leaf.objects.filter(book=context["book"]).count()
    more = {"asked": asked, "problem": problem, "most": MOST_LEAVES, "leaf_count": leaf_count, "room": "pdf"}
    response = render(request, "reading/page_range.html", context | more, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _run(book: BookPage, asked: Asked) -> list[Leaf]:
    """The leaves from the first to the last, in order; a run given backwards is turned round. Raises NoSuchRunError."""
    ends = [_leaf(book, asked.first, asked.by_key), _leaf(book, asked.last or asked.first, asked.by_key)]
    first, last = sorted(leaf.position for leaf in ends)
    if last - first >= MOST_LEAVES:
        told = _("一次最多取 %(most)d 面，您要的有 %(count)d 面；请分几次取。")
        raise NoSuchRunError(told % {"most": MOST_LEAVES, "count": last - first + 1}, 400)
    rows = Leaf.objects.filter(book=book, position__range=(first, last)).order_by("position")
    leaves = list(rows.select_related("scan").prefetch_related("scan__derivatives").defer("raw_text", "set_aside"))
    at_book(book, *leaves)
    return leaves


def _leaf(book: BookPage, asked: str, by_key: bool) -> Leaf:
    found = Leaf.objects.filter(book=book, key=asked).first() if by_key else leaf_meant(book, asked)
    if found is None:
        raise NoSuchRunError(_("书中没有标作“%(asked)s”的页。") % {"asked": asked}, 404)
    return found


def _file(book: BookPage, leaves: list[Leaf], request: HttpRequest) -> FileResponse:
    audience = audience_of(request)
    span = "-".join(dict.fromkeys([label_of(leaves[0]), label_of(leaves[-1])]))
    out = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it
    write(out, of_excerpt(book, leaves, audience), f"{book.title} {span}", book.compilers, book.language)
    out.seek(0)
    response = FileResponse(
        out, as_attachment=True, filename=f"{book.title} {span}.pdf", content_type="application/pdf"
    )
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
