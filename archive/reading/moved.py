"""Old addresses lead on to where a thing is now, and only as far as this reader may know of it."""

import re
from urllib.parse import urlparse

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from archive.access import audience_of, may_see_record
from archive.models.museum_page import MuseumPageMixin

_PASSAGE = re.compile(r"^(?P<book>/.+)(?P<rest>/[sp]/[-\w.]+/)$")


class MovedPageMiddleware(RedirectMiddleware):
    """Wagtail's redirects, with the visibility rule asked first: the new address of a closed thing would name it.

    The sections and leaves of a book that was renamed or moved follow their book.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        answer = super().process_response(request, response)
        if answer is response:
            answer = self._moved_passage(request) or response
        return answer if answer is response or _may_know(request, answer["Location"]) else response

    def _moved_passage(self, request: HttpRequest) -> HttpResponse | None:
        passage = _PASSAGE.match(request.path)
        redirect = get_redirect(request, Redirect.normalise_path(passage["book"])) if passage else None
        if redirect is None or not redirect.link:
            return None
        return HttpResponsePermanentRedirect(redirect.link.rstrip("/") + passage["rest"])


def _may_know(request: HttpRequest, address: str) -> bool:
    """Whether the page at an address of ours may be known to this reader. Addresses elsewhere are the editor's word."""
    parts = urlparse(address)
    site = Site.find_for_request(request)
    if site is None or (parts.netloc and parts.netloc != request.get_host()):
        return True
    passage = _PASSAGE.match(parts.path)
    steps = [step for step in (passage["book"] if passage else parts.path).split("/") if step]
    try:
        page: Page = site.root_page.specific.route(request, steps).page
    except Http404:
        return False
    return not isinstance(page, MuseumPageMixin) or may_see_record(audience_of(request), page.effective_access)
