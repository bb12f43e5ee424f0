"""A bound on how many questions one address may ask a minute, so that a flood does not take search from everybody.

Counted in Django's cache: with the cache of one process (the default) each web process counts for itself, so the
bound is that many times wider; with a shared cache (`CACHE_URL`) it is exact. Readers in the reading room share one
address and are trusted: they are not counted.
"""

import time
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from . import registry
from .documents import Audience

_WINDOW = 60  # seconds
_FOR_SCRIPTS = ("suggest", "refs", "named")
_DEFAULTS = {"QUESTIONS_A_MINUTE": 240, "SUGGESTIONS_A_MINUTE": 900, "EXCERPTS_A_MINUTE": 12}


def throttled(setting: str):
    """Let a view answer 429 with Retry-After beyond `settings.SEARCH[setting]` requests a minute; 0 means no bound."""

    def decorate(view):
        @wraps(view)
        def bounded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            wait = _seconds_to_wait(request, setting)
            return too_many(request, wait) if wait else view(request, *args, **kwargs)

        return bounded

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The answer to somebody who asks too often: when to come again, in seconds. It asks the database nothing."""
    if request.GET.get("format") == "json" or request.resolver_match.url_name in _FOR_SCRIPTS:
        response: HttpResponse = JsonResponse({"error": _("请求过于频繁，请稍后再试。")}, status=429)
    else:
        response = HttpResponse(loader.render_to_string("429.html", {"retry_after": wait}), status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def _seconds_to_wait(request: HttpRequest, setting: str) -> int:
    """0 when the request may be answered, else the seconds until the next window."""
    allowed = settings.SEARCH.get(setting, _DEFAULTS[setting])
    client = registry.client_of(request)
    if not allowed or not client or registry.audience_of(request) is not Audience.PUBLIC:
        return 0
    now = time.time()
    key = f"search:{setting}:{client}:{int(now // _WINDOW)}"
    cache.add(key, 0, 2 * _WINDOW)
    try:
        asked = cache.incr(key)
    except ValueError:  # dropped by the cache between the two calls
        return 0
    return 0 if asked <= allowed else _WINDOW - int(now % _WINDOW)
