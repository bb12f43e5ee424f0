"""What every public page needs around its content: the museum's particulars, the ways in, the audience."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from archive.access import Audience, audience_of

from .exchange.in_chinese import particulars
from .models import FreePage, IndexPage, MuseumSettings

ABOUT_DEPTH = 3
"""Directly beneath a home page."""


def site_context(request: HttpRequest) -> dict:
    """Lazy, so that the CMS and the machines' addresses pay for none of it."""
    return {
        "museum": SimpleLazyObject(lambda: particulars(MuseumSettings.for_request(request), _language())),
        "menu": SimpleLazyObject(lambda: list(_live(IndexPage))),
        "about_pages": SimpleLazyObject(lambda: list(_live(FreePage).filter(depth=ABOUT_DEPTH)[:8])),
        "staff_reader": SimpleLazyObject(lambda: audience_of(request) is Audience.STAFF),
    }


def _live(model: type[Page]):
    """The live pages of one type in the language that is being read, in the order of the page tree."""
    return model.objects.live().public().filter(locale__language_code=_language()).order_by("path")


def _language() -> str:
    """The language that is being read, as the page trees name it."""
    return get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
