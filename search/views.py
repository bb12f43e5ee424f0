"""The results page, for readers as HTML and for programs as JSON."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import registry
from .documents import Audience
from .engines.base import IndexUnavailableError
from .forms import SearchForm
from .links import applied_filters, facet_links, page_links, sort_links, unfiltered_url
from .query import Query, Results, parse, run

_RETRY_AFTER = 30  # seconds


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """One page of results, as HTML or, with `format=json`, as JSON.

    200 also when nothing was asked for or found; 404 for a page beyond the last one; 503 with Retry-After while
    the index is being built. Answers for the reading room are never stored by anybody.
    """
    form = SearchForm.read(request.GET)
    audience = registry.audience_of(request)
    query = parse(form.text)
    found, status = None, HTTPStatus.OK
    try:
        found = _find(form, query, audience)
    except IndexUnavailableError:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    if found and 0 < found.pages < found.page:
        status = HTTPStatus.NOT_FOUND
    answer = _json if request.GET.get("format") == "json" else _html
    response = answer(request, form, query, found, status)
    # Every combination of filters is an address: crawlers may follow the hits, and need not keep the lists.
    response["X-Robots-Tag"] = "noindex"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(_RETRY_AFTER)
    if audience is not Audience.PUBLIC or status != HTTPStatus.OK:
        add_never_cache_headers(response)
    return response


def _find(form: SearchForm, query: Query, audience: Audience) -> Results | None:
    """The page of results that was asked for, or None when nothing was asked for."""
    if not query.text and not form.filters:
        return None
    return run(query, audience, page=form.page_number, filters=form.filters, sort=form.sort_order)


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
        "kept_parameters": form.kept_parameters,
        "has_filters": bool(form.filters),
        "unfiltered_url": unfiltered_url(query.text),
    }
    if found:
        context |= {
            "kind_links": facet_links(request.GET, "kind", found.facets.get("kind", ())),
            "sort_links": sort_links(request.GET, form.sort_order),
            "pager": page_links(request.GET, found),
        }
    return render(request, "search/results.html", context, status=status)


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
    return JsonResponse(
        {
            "total": found.total,
            "page": found.page,
            "pages": found.pages,
            "hits": [_hit_as_json(hit) for hit in found.hits],
            "facets": {
                facet: [{"value": value.value, "label": value.label, "count": value.count} for value in values]
                for facet, values in found.facets.items()
            },
        },
        **options,
    )


def _hit_as_json(hit) -> dict[str, object]:
    document = hit.document
    return {
        "title": document.title,
        "url": document.url,
        "identifier": document.identifier,
        "kind": document.kind,
        "snippet": hit.snippet,
        "date": document.date,
        "places": list(document.places),
    }
