"""Answers for when the museum cannot serve: too many requests, or a part of it that does not work just now.

None of them asks the database: what is in trouble must not be asked for help.
"""

from django.http import HttpRequest, HttpResponse
from django.template import loader

BUSY_SECONDS, UNAVAILABLE_SECONDS = 60, 120


def busy(request: HttpRequest, retry_after: int = BUSY_SECONDS) -> HttpResponse:
    """429 Too Many Requests (RFC 6585); `retry_after` in seconds."""
    return _answer("429.html", 429, retry_after)


def unavailable(request: HttpRequest, retry_after: int = UNAVAILABLE_SECONDS) -> HttpResponse:
    """503 Service Unavailable; `retry_after` in seconds."""
    return _answer("503.html", 503, retry_after)


def _answer(template: str, status: int, retry_after: int) -> HttpResponse:
    """Without a request in the context, so that nothing of the reader or the museum is looked up."""
    text = loader.render_to_string(template, {"retry_after": retry_after})
    response = HttpResponse(text, status=status)
    response["Retry-After"] = str(max(1, int(retry_after)))
    response["Cache-Control"] = "no-store"
    return response
