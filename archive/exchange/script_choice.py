"""Readers of traditional characters: the choice is kept in a functional cookie of our own, the page is converted on
its way out, and nothing that is stored changes."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from archive.models import Agent, Place, Series, TraditionalWording
from archive.models.wording import WORDS_KEY

from .traditional import Conversion, convert_html, read_words, words_of_names

COOKIE = "script"
TRADITIONAL = "hant"
SIMPLIFIED = "hans"
_A_YEAR = 365 * 24 * 3600
WORDS_KEPT = 300
"""Seconds for which a process uses the word list that it read. A change of the list is seen everywhere by then."""
PAGES_KEPT = 600
_KEEP_FROM = 4_000
"""Characters of HTML from which a converted page is worth keeping."""

_TITLES = (
    "方志",
    "县志",
    "州志",
    "府志",
    "省志",
    "市志",
    "镇志",
    "村志",
    "乡志",
    "区志",
    "志书",
    "志稿",
    "史志",
    "通志",
)
FIELD_WORDS = {
    # What our field writes otherwise than the general tables do: a gazetteer is a 志 on its own title page, never a 誌.
    **{word: word.translate(str.maketrans("县镇乡区书", "縣鎮鄉區書")) for word in (*_TITLES, "地方志")},
    "范": "范",  # alone it is a surname; 範 stands in words that the tables know
    "于都": "于都",
    **{word: word for word in ("于氏", "于姓", "于公", "于家", "后姓", "后氏", "后土")},
}


def wants_traditional(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == TRADITIONAL


@require_safe
def choose_script(request: HttpRequest, script: str) -> HttpResponse:
    """Remember the script and go back to `next`, an address of this site."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("wagtail_serve", args=[""])
    response = HttpResponseRedirect(back)
    response["Cache-Control"] = "no-store"
    if script == TRADITIONAL:
        response.set_cookie(
            COOKIE, TRADITIONAL, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


class TraditionalScriptMiddleware:
    """Converts the site's HTML for those who chose it, errors included. Files, JSON and the CMS pass untouched.

    Every page says that it varies with the cookie, converted or not, so that no cache hands one reader's script to
    another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_page(request, response):
            return response
        patch_vary_headers(response, ["Cookie"])
        if wants_traditional(request):
            html = response.content.decode(response.charset)
            converted = converted_page(html)
            if converted != html:
                response.content = converted.encode(response.charset)
                if "zh-Hant" in converted[:200]:
                    response["Content-Language"] = "zh-hant"
        return response


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a page of the public site, in full."""
    html = response.get("Content-Type", "").startswith("text/html")
    return html and not response.streaming and not request.path.startswith(reverse("wagtailadmin_home"))


def converted_page(html: str) -> str:
    """A page in traditional characters, kept for a while: the same page is asked for again."""
    words = museum_words()
    conversion = Conversion(words)
    if len(html) < _KEEP_FROM:
        return convert_html(html, conversion)
    digest = hashlib.blake2b(f"{sorted(words.items())}\0{html}".encode(), digest_size=16).hexdigest()
    return cache.get_or_set(f"archive.traditional.{digest}", lambda: convert_html(html, conversion), PAGES_KEPT)


def museum_words() -> dict[str, str]:
    """The word list in force: the field's, what authority records teach (a name and its traditional form among its
    other names), and the editors' own list, which has the last word."""
    words = cache.get(WORDS_KEY)
    if words is None:
        words = FIELD_WORDS | words_of_names(_names()) | read_words(TraditionalWording.in_force())
        cache.set(WORDS_KEY, words, WORDS_KEPT)
    return words


def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for model in (Place, Agent, Series):
        rows = model.objects.filter(locale__language_code=settings.LANGUAGE_CODE).exclude(other_names="").order_by()
        for name, others in rows.values_list("name", "other_names"):
            names.setdefault(name, []).extend(others.split())
    return names
