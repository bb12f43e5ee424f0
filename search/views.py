"""The results page, for readers as HTML, for programs as JSON and for spreadsheets as CSV; suggestions; help."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import exporting, registry
from .advice import advise
from .answers import kept_for_the_public
from .documents import Audience
from .engines.base import FACETS, IndexState, IndexUnavailableError
from .forms import SearchForm
from .indexing import index_state
from .links import (
    applied_filters,
    compare_url,
    decade_strokes,
    exact_names_url,
    facet_links,
    facet_names,
    file_url,
    grouping_url,
    hit_url,
    hits_by_place,
    kept_address,
    page_links,
    sort_links,
    unfiltered_url,
    view_url,
    work_urls,
)
from .parsing import Query, expand, parse
from .query import Hit, Results, run
from .suggesting import offers
from .throttle import throttled

_RETRY_AFTER = 30  # seconds
_LONGEST_TYPED = 64  # characters of what is being typed that are looked at
_SUGGESTIONS_KEPT = 30  # seconds; shorter than anybody notices, long enough for a word typed twice


@require_safe
@throttled("QUESTIONS_A_MINUTE")
@kept_for_the_public
def results(request: HttpRequest) -> HttpResponse:
    """One page of results: HTML, with `format=json` JSON, and with `format=csv` all of them as a table.

    200 also when nothing was asked for or found; 404 for a page beyond the last one; 503 with Retry-After while
    the index is being built; 429 for a flood. Answers for the reading room are never stored by anybody.
    """
    form = SearchForm.read(request.GET)
    audience = registry.audience_of(request)
    query = parse(form.text)
    if form.expands:
        query = expand(query)
    answer = _ANSWERS.get(request.GET.get("format"), _html)
    found, status = None, HTTPStatus.OK
    try:
        if answer is _csv and index_state() != "ok":
            raise IndexUnavailableError(IndexState.MISSING)
        if answer is not _csv:
            found = _find(form, query, audience, by_work=_by_work(form, answer))
    except IndexUnavailableError:
        status, answer = HTTPStatus.SERVICE_UNAVAILABLE, _html if answer is _csv else answer
    if found and 0 < found.pages < found.page:
        status = HTTPStatus.NOT_FOUND
    response = answer(request, form, query, found, status)
    if not _is_plain_question(request, status):
        # Every combination of filters is an address: crawlers need not keep those lists.
        response["X-Robots-Tag"] = "noindex"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(_RETRY_AFTER)
    if audience is not Audience.PUBLIC or status != HTTPStatus.OK:
        add_never_cache_headers(response)
    return response


@require_safe
@throttled("SUGGESTIONS_A_MINUTE")
@kept_for_the_public
def suggest(request: HttpRequest) -> JsonResponse:
    """What could follow what is being typed (`q`): `{"suggestions": [{"title", "kind", "url"}]}`, at most eight.

    Records alone, as the public may see them, whoever asks. An index that cannot answer suggests nothing.
    """
    typed = request.GET.get("q", "")[:_LONGEST_TYPED]
    try:
        offered = offers(typed)
    except IndexUnavailableError:
        offered = []
    found = [{"title": offer.title, "kind": offer.kind_label, "url": offer.url} for offer in offered]
    response = JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=_SUGGESTIONS_KEPT)
    return response


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """How to ask: what can be written into the search box, with examples that can be tried."""
    return render(request, "search/help.html", {"form": SearchForm.read(request.GET)})


def _is_plain_question(request: HttpRequest, status: HTTPStatus) -> bool:
    """Words alone, which a search engine may keep; their narrowings, orders and pages are without number."""
    return request.GET.keys() <= {"q"} and status == HTTPStatus.OK


def _by_work(form: SearchForm, answer) -> bool:
    """Readers get one hit a work unless they ask for all; programs get every document unless they ask for works."""
    return form.grouping == "work" if answer is _json else form.grouping != "none"


def _find(form: SearchForm, query: Query, audience: Audience, *, by_work: bool) -> Results | None:
    """The page of results that was asked for, or None when nothing was asked for."""
    if not query.text and not form.filters:
        return None
    return run(
        query,
        audience,
        page=form.page_number,
        filters=form.filters,
        sort=form.sort_order,
        by_work=by_work,
        facets=FACETS,
    )


def _html(
    request: HttpRequest, form: SearchForm, query: Query, found: Results | None, status: HTTPStatus
) -> HttpResponse:
    context = {
        "form": form,
        "query": query,
        "results": found,
        "notices": [*query.notices, *form.notices],
        "unavailable": status == HTTPStatus.SERVICE_UNAVAILABLE,
        "beyond_last_page": status == HTTPStatus.NOT_FOUND,
        "applied_filters": applied_filters(request.GET, form.filters),
        "unfiltered_url": unfiltered_url(query.text),
        "exact_names_url": exact_names_url(request.GET),
        "plain_question": _is_plain_question(request, status),
    }
    if found:
        context |= _of_results(request, form, found)
        if not found.total and query.clauses:
            context["advice"] = advise(query, registry.audience_of(request), form.filters)
    return render(request, "search/results.html", context, status=status)


def _of_results(request: HttpRequest, form: SearchForm, found: Results) -> dict[str, object]:
    """What the page shows around the hits: the ways to narrow, to order, to leaf through and to take them along."""
    facets, names = {facet: values for facet, values in found.facets.items() if values}, facet_names()
    return {
        "facets": [facet_links(request.GET, facet, names[facet], facets[facet]) for facet in FACETS if facet in facets],
        "strokes": decade_strokes(request.GET, facets.get("decade", ())),
        "sort_links": sort_links(request.GET, form.sort_order),
        "pager": page_links(request.GET, found),
        "grouping_url": grouping_url(request.GET, "work" if found.works is None else "none"),
        "csv_url": file_url(request.GET, "csv"),
        "kept_address": kept_address(request.GET),
        "view_url": view_url(request.GET, "" if form.shows_map else "map"),
        "places": hits_by_place(request.GET, facets.get("place", ())) if form.shows_map else None,
        "hits": _hits_with_links(request, found),
        "one_work": found.hits[0].document if form.filters.work and found.hits else None,
        "compare_url": compare_url(form.text, form.filters.work) if form.filters.work and form.text else "",
    }


def _hits_with_links(request: HttpRequest, found: Results) -> list[tuple[Hit, str, str, str]]:
    """Each hit with the address where it is read, that of the rest of its work, and, of one of several passages, that
    which reads its work beside another."""
    more = work_urls(request.GET, [hit.document.work for hit in found.hits])
    exact = request.GET.get("expand") == "0"
    return [
        (
            hit,
            hit_url(hit.document, request.GET),
            rest,
            compare_url(found.query.text, hit.document.work, exact=exact) if hit.others else "",
        )
        for hit, rest in zip(found.hits, more, strict=True)
    ]


def _json(
    request: HttpRequest, form: SearchForm, query: Query, found: Results | None, status: HTTPStatus
) -> JsonResponse:
    """The documented answer; an error says in `error` what is the matter."""
    options = {"status": status, "json_dumps_params": {"ensure_ascii": False}}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return JsonResponse({"error": _("检索目录正在重建，请稍后再试。")}, **options)
    if status == HTTPStatus.NOT_FOUND:
        return JsonResponse({"error": _("没有这一页。"), "total": found.total, "pages": found.pages}, **options)
    found = found or Results(query, total=0, page=1, pages=0, size=0)
    answer = {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "hits": [_hit_as_json(hit, request) for hit in found.hits],
        "facets": {
            facet: [{"value": value.value, "label": value.label, "count": value.count} for value in values]
            for facet, values in found.facets.items()
        },
    }
    if found.works is not None:
        answer["works"] = found.works
    if query.added:
        answer["added"] = {added.typed: list(added.names) for added in query.added}
    return JsonResponse(answer, **options)


def _hit_as_json(hit: Hit, request: HttpRequest) -> dict[str, object]:
    document = hit.document
    answer = {
        "title": document.title,
        "url": hit_url(document, request.GET),
        "identifier": document.identifier,
        "kind": document.kind,
        "snippet": hit.snippet,
        "date": document.date,
        "places": list(document.places),
        "work": document.work,
        "work_title": document.work_title,
        "locator": document.locator,
    }
    return answer | ({"others": hit.others} if hit.others else {})


def _csv(request: HttpRequest, form: SearchForm, query: Query, found: None, status: HTTPStatus) -> HttpResponse:
    """Every document of the list, one a line, however the page groups them."""
    base = settings.PUBLIC_BASE_URL.rstrip("/")
    audience = registry.audience_of(request)
    asked = query if query.text or form.filters else Query(" ")
    lines = exporting.rows_of(
        asked, audience, form.filters, form.sort_order, lambda path: path if "://" in path else f"{base}{path}"
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        "attachment; filename=\"results.csv\"; filename*=UTF-8''%E6%A3%80%E7%B4%A2%E7%BB%93%E6%9E%9C.csv"
    )
    return response


_ANSWERS = {"json": _json, "csv": _csv}
