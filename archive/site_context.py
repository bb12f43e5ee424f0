"""What every public page needs around its content: the museum's particulars, the ways in, the audience."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from archive.access import Audience, audience_of

from .exchange.in_chinese import particulars
from .models import FreePage, IndexPage, MuseumSettings

TOP_DEPTH = 3
"""Directly beneath a home page."""
MOST_ABOUT = 8


def site_context(request: HttpRequest) -> dict:
    """Lazy, so that the CMS and the machines' addresses pay for none of it."""
    ways_in = cache(lambda: _ways_in(_language()))
    return {
        "museum": SimpleLazyObject(lambda: particulars(MuseumSettings.for_request(request), _language())),
        "menu": SimpleLazyObject(lambda: ways_in()[0]),
        "about_pages": SimpleLazyObject(lambda: ways_in()[1][:MOST_ABOUT]),
        "staff_reader": SimpleLazyObject(lambda: audience_of(request) is Audience.STAFF),
    }


def _ways_in(language: str) -> tuple[list[Page], list[Page]]:
    """The index pages and the free pages directly beneath a home page that everybody may see, in the order of the page
    tree: of one language, with one question for both."""
    pages = Page.objects.live().public().filter(depth=TOP_DEPTH, locale__language_code=language)
    found = list(pages.type(IndexPage, FreePage).order_by("path"))
    # Each way in is of a type of its own below IndexPage.
    ways_in = [page for page in found if issubclass(page.specific_class, IndexPage)]
    return ways_in, [page for page in found if page not in ways_in]


def _language() -> str:
    """The language that is being read, as the page trees name it."""
    return get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
