"""What every public page needs around its content: the museum's particulars, the ways in, the audience."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant

from archive.access import Audience, audience_of

from .models import IndexPage, MuseumSettings


def site_context(request: HttpRequest) -> dict:
    """Lazy, so that the CMS and the machines' addresses pay for none of it."""
    return {
        "museum": SimpleLazyObject(lambda: MuseumSettings.for_request(request)),
        "menu": SimpleLazyObject(_menu),
        "staff_reader": SimpleLazyObject(lambda: audience_of(request) is Audience.STAFF),
    }


def _menu() -> list[IndexPage]:
    """The live index pages of the language that is being read, in the order of the page tree."""
    language = get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
    return list(IndexPage.objects.live().filter(locale__language_code=language).order_by("path"))
