"""The short way for tiles: a reader who moves about in a picture asks for hundreds, and sessions, languages and the
rest of what pages need would cost many times what handing one out does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from .views import at_once


class ImageLane:
    """First of all middleware: answers for what is known to be everybody's, leaves all else to the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = at_once(request) if request.path_info.startswith("/iiif/image/3/") else None
        return self.get_response(request) if answer is None else answer
