"""Search inside one book: the museum's own search, narrowed to the work, in the order of the book."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive.access import Audience, audience_of
from archive.models import BookPage, Leaf
from search import registry
from search.engines.base import IndexUnavailableError, Sort
from search.forms import SearchForm
from search.links import hit_url, page_links
from search.parsing import Query, expand, parse
from search.query import Filters, Results, run
from search.throttle import throttled

from .books import context_of, room_of_book
from .modes import Choice

PASSAGES = ("section", "leaf")
_RETRY_AFTER = 30  # seconds


@require_safe
@throttled("QUESTIONS_A_MINUTE")
@room_of_book("search")
def search_inside(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The passages of a book that hold the words (`q`), sections or leaves alone with `kind`; each opens at the words.

    200 also when nothing was asked or found, 404 beyond the last page, 503 with Retry-After without an index.
    """
    form = SearchForm.read(request.GET)
    query = parse(form.text)
    query = expand(query) if form.expands else query
    kinds = tuple(kind for kind in form.filters.kind if kind in PASSAGES)[:1]
    found, status = None, HTTPStatus.OK
    try:
        found = _find(request, book, query, kinds, form.page_number) if query.text else None
    except IndexUnavailableError:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    if found and 0 < found.pages < found.page:
        status = HTTPStatus.NOT_FOUND
    context = context_of(request, book) | {
        "form": form,
        "query": query,
        "results": found,
        "notices": query.notices,
        "unavailable": status == HTTPStatus.SERVICE_UNAVAILABLE,
        "beyond_last_page": status == HTTPStatus.NOT_FOUND,
        "room": "search",
        "leaf_count": Leaf.objects.filter(book=book).exists(),
    }
    if found:
        context |= {
            "hits": [(hit, hit_url(hit.document, request.GET)) for hit in found.hits],
            "pager": page_links(request.GET, found),
            "kind_choices": _kind_choices(request, found, kinds),
        }
    response = render(request, "reading/search_inside.html", context, status=status)
    if request.GET:
        response["X-Robots-Tag"] = "noindex"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(_RETRY_AFTER)
    if audience_of(request) is not Audience.PUBLIC or status != HTTPStatus.OK:
        add_never_cache_headers(response)
    return response


def _find(request: HttpRequest, book: BookPage, query: Query, kinds: tuple[str, ...], page: int) -> Results:
    filters = Filters(kind=kinds or PASSAGES, work=book.identifier_id)
    return run(query, registry.audience_of(request), page=page, filters=filters, sort=Sort.POSITION, facets=("kind",))


def _kind_choices(request: HttpRequest, found: Results, kinds: tuple[str, ...]) -> list[Choice]:
    """All, sections alone, leaves alone, each with how many there are; nothing to choose where there is one kind."""
    counts = {value.value: value for value in found.facets.get("kind", ()) if value.value in PASSAGES and value.count}
    if len(counts) < 2:
        return []
    parameters = request.GET.copy()
    for name in ("kind", "page"):
        parameters.pop(name, None)
    plain = parameters.urlencode()
    total = sum(value.count for value in counts.values())
    choices = [Choice("", _("全部 %(count)d") % {"count": total}, f"?{plain}", not kinds)]
    for kind in PASSAGES:
        if kind in counts:
            label = f"{counts[kind].label} {counts[kind].count}"
            choices.append(Choice(kind, label, f"?{plain}&kind={kind}", kinds == (kind,)))
    return choices
