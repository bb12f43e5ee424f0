"""The page that reads two works side by side."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import registry
from .answers import kept_for_the_public
from .comparing import Comparison, candidates, compare
from .documents import Audience
from .engines.base import IndexUnavailableError
from .forms import CompareForm
from .links import compare_url, hit_url, unfiltered_url
from .parsing import Query, expand, parse
from .throttle import throttled

_RETRY_AFTER = 30  # seconds


@require_safe
@throttled("QUESTIONS_A_MINUTE")
@kept_for_the_public
def compared(request: HttpRequest) -> HttpResponse:
    """Two works for one question, or the works to choose the second one from.

    200; 404 for a work that the public does not know of and for a page beyond the last; 503 with Retry-After while the
    index is being built; 429 for a flood.
    """
    form = CompareForm.read(request.GET)
    query = parse(form.text)
    query = expand(query) if form.expands else query
    audience = registry.audience_of(request)
    context = {"query": query, "notices": list(query.notices), "kept": form.kept}
    try:
        more, status = _answer(request, form, query, audience)
    except IndexUnavailableError:
        more, status = _problem(_("检索目录正在重建，请稍后再试。")), HTTPStatus.SERVICE_UNAVAILABLE
    response = render(request, "search/compare.html", context | more, status=status)
    response["X-Robots-Tag"] = "noindex"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(_RETRY_AFTER)
    if audience is not Audience.PUBLIC or status != HTTPStatus.OK:
        add_never_cache_headers(response)
    return response


def _problem(told: str, query: Query | None = None) -> dict[str, str]:
    again = f"{reverse('search:results')}{unfiltered_url(query.text)}" if query and query.text else ""
    return {"problem": told, "again_url": again or reverse("search:results")}


def _answer(
    request: HttpRequest, form: CompareForm, query: Query, audience: Audience
) -> tuple[dict[str, object], HTTPStatus]:
    first, second = form.works
    if not first or query.asks_nothing or not query.clauses:
        return _problem(_("先检索一个词，再在结果里选“与另一部对读”。"), query), HTTPStatus.OK
    works = registry.works_of([name for name in (first, second) if name])
    if any(name and name not in works for name in (first, second)):
        return _problem(_("没有这部书，或它不对外公开。"), query), HTTPStatus.NOT_FOUND
    exact = not form.expands
    if not second or second == first:
        found = candidates(query, audience, first)
        choices = [(hit, compare_url(query.text, first, hit.document.work, exact=exact)) for hit in found]
        return {"first": works[first], "choices": choices}, HTTPStatus.OK
    comparison = compare(query, audience, works, (first, second), form.page_number)
    if form.page_number > max(comparison.pages, 1):
        return _problem(_("没有这一页。"), query), HTTPStatus.NOT_FOUND
    return _shown(request, form, query, comparison), HTTPStatus.OK


def _shown(request: HttpRequest, form: CompareForm, query: Query, comparison: Comparison) -> dict[str, object]:
    first, second = form.works
    exact, page = not form.expands, form.page_number

    def turned(number: int) -> str:
        return compare_url(query.text, first, second, exact=exact, page=number)

    sides = [
        (
            side,
            [(hit, hit_url(hit.document, request.GET)) for hit in side.results.hits],
            f"{reverse('search:results')}{unfiltered_url(query.text)}&work={side.name}",
            compare_url(query.text, second if side.name == first else first, exact=exact),
        )
        for side in comparison.sides
    ]
    return {
        "comparison": comparison,
        "sides": sides,
        "turned_to": page,
        "swap_url": compare_url(query.text, second, first, exact=exact, page=page),
        "before_url": turned(page - 1) if page > 1 else "",
        "after_url": turned(page + 1) if page < comparison.pages else "",
    }
