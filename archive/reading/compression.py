"""Pages and feeds leave compressed; files go as they are, for a compressed film could not be asked for in parts."""

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

_TEXTS = ("text/", "application/json", "application/ld+json", "application/xml", "application/atom+xml")
_TEXTS += ("application/rss+xml", "image/svg+xml")


class TextCompressionMiddleware(GZipMiddleware):
    """Gzip for text that is sent whole. Django's own adds random bytes, which hides from the length of an answer what
    secret stands in it (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.streaming or not response.get("Content-Type", "").startswith(_TEXTS):
            return response
        return super().process_response(request, response)
