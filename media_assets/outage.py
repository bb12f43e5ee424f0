"""What visitors and editors get while the storage is down: quickly, plainly, and nothing of theirs is lost."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

RETRY_AFTER = 30
PLACEHOLDER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="480" height="320">
<rect width="480" height="320" fill="#E7DFCF"/>
<rect x="12" y="12" width="456" height="296" fill="none" stroke="#B9AD97"/>
<text x="240" y="168" font-family="serif" font-size="22" fill="#5E5546" text-anchor="middle">{words}</text>
</svg>"""


class Outage:
    """Remembers for some seconds that the storage did not answer, so that a page of forty pictures does not hold
    forty threads until each has waited for itself."""

    def __init__(self, seconds: float = 5.0, clock: Callable[[], float] = time.monotonic):
        self._seconds, self._clock = seconds, clock
        self._until, self._error = 0.0, None

    def note(self, error: StorageUnavailableError) -> None:
        if self._clock() >= self._until:
            logger.warning("the storage is not available: %s", error)
            self._until, self._error = self._clock() + self._seconds, error

    def raise_if_recent(self) -> None:
        """Raises the StorageUnavailableError of a moment ago."""
        if self._error is not None and self._clock() < self._until:
            raise StorageUnavailableError(self._error.trouble, self._error.name, self._error.detail)

    def forget(self) -> None:
        self._until, self._error = 0.0, None


OUTAGE = Outage()


def placeholder(request: HttpRequest, mime_type: str, error: StorageUnavailableError) -> HttpResponse:
    """503 in the form of what was asked for: a plain picture for a picture, words for anything else."""
    if mime_type.startswith("image/"):
        body, content_type = PLACEHOLDER.format(words=_("图片暂时无法显示")), "image/svg+xml"
    else:
        body, content_type = _("%(reason)s，请稍后再试。") % {"reason": error.reason}, "text/plain; charset=utf-8"
    response = HttpResponse(body, status=503, content_type=content_type)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class StorageOutageMiddleware:
    """A page that could not do without the storage says so, in the CMS and outside, instead of breaking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StorageUnavailableError):
            return None
        logger.error("the storage is not available: %s", error, exc_info=error)
        response = render(request, "media_assets/storage_unavailable.html", {"reason": error.reason}, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
