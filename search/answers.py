"""Answers to the public that were just given, kept for whoever asks the same a moment later.

An answer is as true as the index and the database that it was made of. So it is given again only while both are the
same: under the same commit of the index, and while the outbox is empty. Everything that publishes, withdraws or
changes a thing writes into the outbox in its own transaction, and the row stays until a later commit has taken it in.
What sends nothing to the outbox (the name of a topic, the museum's motto) is seen after `_SECONDS`.
"""

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language

from . import registry
from .documents import Audience
from .engines import get_engine
from .engines.base import IndexUnavailableError
from .models import OutboxEntry

_SECONDS = 20
# Of one process: a page of results has some 60,000 bytes, so this is about 15 MB.
_MOST_ANSWERS, _LONGEST_ANSWER = 256, 200_000
_ERA = "search.answers"

View = Callable[..., HttpResponse]


def kept_for_the_public(view: View) -> View:
    """Let a view of an address answer the public with what it answered a moment ago, if that is still true.

    The answer may depend on the host, the address with its parameters, the language, the cookies and the audience.
    Kept is what answers 200 to a GET or HEAD, sets no cookie and is not closed to storing by its own headers.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        # Before the view: what changes while it works leaves the answer under a key that nobody asks for.
        key = _key(request)
        if key is None:
            return view(request, *args, **kwargs)
        known = _kept.get(key)
        if known is not None:
            content, headers = known
            return HttpResponse(content, headers=headers)
        response = view(request, *args, **kwargs)
        if _may_be_kept(response):
            if hasattr(response, "render"):
                response = response.render()
            if len(response.content) <= _LONGEST_ANSWER:
                _kept.put(key, (response.content, dict(response.headers)))
        return response

    return answered


def forget() -> None:
    """Begin a new era, in which nothing is known: in every process where the cache of the site is shared."""
    cache.delete(_ERA)


def _may_be_kept(response: HttpResponseBase) -> bool:
    told = response.get("Cache-Control", "")
    return response.status_code == 200 and not response.streaming and not response.cookies and "no-store" not in told


def _key(request: HttpRequest) -> Hashable | None:
    """What an answer depends on, or None when it must be made anew."""
    if request.method not in ("GET", "HEAD"):
        return None
    if registry.audience_of(request) is not Audience.PUBLIC or OutboxEntry.objects.exists():
        return None
    try:
        version = get_engine().version()
    except IndexUnavailableError:
        return None
    # Emptying the cache of the site begins a new era too.
    era = cache.get_or_set(_ERA, lambda: uuid.uuid4().hex, None)
    cookies = request.META.get("HTTP_COOKIE", "")
    return era, version, request.get_host(), request.get_full_path(), get_language(), cookies


class _Kept:
    """The answers of this process, the least recently given dropped first. Safe to share between threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[float, tuple[bytes, dict[str, str]]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> tuple[bytes, dict[str, str]] | None:
        with self._lock:
            until, answer = self._answers.get(key, (0.0, None))
            if answer is None or until < time.monotonic():
                return None
            self._answers.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: tuple[bytes, dict[str, str]]) -> None:
        with self._lock:
            self._answers[key] = (time.monotonic() + _SECONDS, answer)
            self._answers.move_to_end(key)
            while len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)


_kept = _Kept()
