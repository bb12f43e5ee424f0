"""Keeps a session whose second factor is outstanding out of everything, and answers who tries too often.

Such a session is nobody's: `request.user` is anonymous for every view of the museum, the CMS, its API, uploads,
previews and files alike, so that no view has to think of it. The person is `person_at_the_door(request)`, for the
pages of the door alone; in the CMS every other address leads there.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template import loader
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from .second_factor import Standing, standing_of
from .throttling import TooManyAttemptsError

SITE_LOGIN = "wagtailcore_login"
VERIFY, ENROL, LEAVE = "archive_factor_verify", "archive_factor_enrol", "archive_factor_leave"
_OPEN = frozenset([VERIFY, ENROL, LEAVE, "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"])


def person_at_the_door(request: HttpRequest):
    """(person, standing) of a session whose second factor is outstanding, else (None, None)."""
    bool(request.user.is_authenticated)  # looks at the session
    return getattr(request, "_archive_door", (None, None))


class DoorMiddleware:
    """After Django's AuthenticationMiddleware. Asks nothing of sessions of which nobody asks the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _admitted(request))
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code == 302 and match is not None and match.url_name == SITE_LOGIN:
            return _by_way_of_the_door(request, response)
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.path.startswith(reverse("wagtailadmin_home")) or request.resolver_match.url_name in _OPEN:
            return None
        person, standing = person_at_the_door(request)
        if person is None:
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
            raise PermissionDenied
        is_login = request.resolver_match.url_name == "wagtailadmin_login"
        wanted = request.GET.get("next", "") if is_login else request.get_full_path()
        return redirect(_page_of(standing, wanted if request.method == "GET" else ""))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAttemptsError):
            return None
        return held(request, exception.wait)


def held(request: HttpRequest, wait: int) -> HttpResponse:
    """429 (RFC 6585): when to come again, in seconds. It says the same whether or not there is such an account."""
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        response: HttpResponse = JsonResponse({"error": _("尝试次数过多，请稍后再试。")}, status=429)
    else:
        told = {"minutes": -(-wait // 60)}
        response = HttpResponse(loader.render_to_string("archive/signing_in/held.html", told), status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def _page_of(standing: Standing, wanted: str) -> str:
    page = reverse(VERIFY if standing is Standing.MUST_VERIFY else ENROL)
    return f"{page}?{urlencode({'next': wanted})}" if wanted else page


def _by_way_of_the_door(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The site's own sign-in sends people on to a page of the site, where nothing would ask for the code."""
    standing = standing_of(request, request.user) if request.user.is_authenticated else Standing.FREE
    return redirect(_page_of(standing, response["Location"])) if standing.is_outstanding else response


def _admitted(request: HttpRequest):
    user = get_user(request)
    if user.is_authenticated:
        standing = standing_of(request, user)
        if standing.is_outstanding:
            request._archive_door = (user, standing)
            return AnonymousUser()
    return user
