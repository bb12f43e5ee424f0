"""The book at an address, and what every page of its reader says of it."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page
from wagtail.views import serve

from archive.access import audience_of, may_see_content, may_see_record
from archive.models import BookPage, Leaf, Section

LEVELS_AT_ONCE = "parent__parent__parent__parent"
LONG_COLUMNS = ("text", "raw_text")


def page_at(request: HttpRequest, path: str) -> Page | None:
    """The live page at this address, through Wagtail's own routing."""
    found = Page.route_for_request(request, path)
    # Wagtail keeps the first answer on the request: whoever routes another path with it would be given this one.
    vars(request).pop("_wagtail_route_for_request", None)
    return found.page if found is not None and found.page.live else None


def book_at(request: HttpRequest, path: str) -> BookPage:
    """The live book at this address, if this reader may know of it. Raises Http404."""
    page = page_at(request, path)
    if not isinstance(page, BookPage) or not may_see_record(audience_of(request), page.effective_access):
        raise Http404
    return page


def room_of_book(room: str) -> Callable:
    """For a view of a page beneath a book (`room` is its part of the address): it is given the book. Where there is no
    book the address is one of the page tree's own."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def at_book(request: HttpRequest, path: str) -> HttpResponse:
            page = page_at(request, path)
            if not isinstance(page, BookPage):
                return serve(request, f"{path}/{room}/")
            if not may_see_record(audience_of(request), page.effective_access):
                raise Http404
            return view(request, page)

        return at_book

    return decorate


def context_of(request: HttpRequest, book: BookPage) -> dict:
    audience = audience_of(request)
    return {
        "book": book,
        "page": book,
        "audience": audience,
        "content_allowed": may_see_content(audience, book.effective_access),
        "leftwards": book.reading_direction == BookPage.Reading.RIGHT_TO_LEFT,
    }


def at_book(book: BookPage, *passages: Section | Leaf | None) -> None:
    """Let passages know their book, so that their addresses ask nothing."""
    for passage in passages:
        if passage is not None:
            passage.book = book


def way_to(section: Section) -> list[Section]:
    """The sections above this one, outermost first: a query for every five levels."""
    above: list[Section] = []
    step = section
    while step.parent_id is not None:
        if "parent" not in step._state.fields_cache:
            rows = Section.objects.select_related(LEVELS_AT_ONCE)
            for level in range(LEVELS_AT_ONCE.count("__") + 2):
                rows = rows.defer(*(f"{'parent__' * level}{column}" for column in LONG_COLUMNS))
            step.parent = rows.get(pk=step.parent_id)
        step = step.parent
        above.append(step)
    at_book(section.book, *above)
    return above[::-1]
