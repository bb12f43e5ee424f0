"""What a reader who keeps a search asks for: what was found, as names that stay, and later what has come since."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import registry
from .documents import Audience, SearchDocument, split_ref
from .engines import get_engine
from .engines.base import EngineHit, IndexUnavailableError
from .forms import SearchForm
from .parsing import expand, parse
from .query import documents_of, engine_query
from .throttle import throttled

MOST_REFS = 2_000
"""Finds that are kept one by one, so that what came and went can be told; of more the count alone is kept."""
MOST_NAMED = 50
_RETRY_AFTER = 30  # seconds


@require_safe
@throttled("QUESTIONS_A_MINUTE")
def refs(request: HttpRequest) -> HttpResponse:
    """What this audience finds, for the parameters of the results page: `{"total", "refs"}`, `refs` null when there are
    more than MOST_REFS. A ref names one document of the index for good: a page, an entry or a leaf.

    503 with Retry-After while the index is being built; 429 for a flood.
    """
    form = SearchForm.read(request.GET)
    query = parse(form.text)
    query = expand(query) if form.expands else query
    audience = registry.audience_of(request)
    if query.asks_nothing or not (query.text or form.filters):
        return _answer({"total": 0, "refs": []}, audience)
    asked = replace(engine_query(query, audience, form.filters), facets=(), limit=MOST_REFS)
    try:
        found = get_engine().search(asked)
    except IndexUnavailableError:
        response = JsonResponse({"error": _("检索目录正在重建，请稍后再试。")}, status=503)
        response["Retry-After"] = str(_RETRY_AFTER)
        return response
    whole = found.total <= MOST_REFS
    return _answer({"total": found.total, "refs": sorted(hit.ref for hit in found.hits) if whole else None}, audience)


@require_safe
@throttled("QUESTIONS_A_MINUTE")
def named(request: HttpRequest) -> HttpResponse:
    """What refs (`refs`, separated by commas, at most MOST_NAMED) stand for now, as far as this audience may know of
    it: `{"items": [{"ref", "title", "work_title", "url"}]}`. What is no ref, and what is closed, is left out."""
    audience = registry.audience_of(request)
    wanted = [ref for ref in request.GET.get("refs", "").split(",")[:MOST_NAMED] if _is_known(ref)]
    documents = documents_of([EngineHit(ref, 0.0) for ref in wanted], audience)
    return _answer({"items": [_as_json(document) for _hit, document in documents]}, audience)


def _is_known(ref: str) -> bool:
    try:
        source, _object_id = split_ref(ref)
    except ValueError:
        return False
    return source in registry.sources()


def _as_json(document: SearchDocument) -> dict[str, str]:
    return {
        "ref": document.ref,
        "title": document.title,
        "work_title": document.work_title,
        "url": document.url,
    }


def _answer(data: dict[str, object], audience: Audience) -> JsonResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    if audience is not Audience.PUBLIC:
        add_never_cache_headers(response)
    return response
