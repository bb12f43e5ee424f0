"""Refuses addresses with a NUL character: no text of ours holds one, and PostgreSQL takes none as a parameter."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template import loader


class NulByteMiddleware:
    """404 before any view or query sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseNotFound(loader.render_to_string("404.html", request=request))
        return self.get_response(request)
