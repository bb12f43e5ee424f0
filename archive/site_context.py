"""What every public page needs around its content: the museum's particulars, the ways in, the audience."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Locale, Site

from archive.access import Audience, audience_of

from .models import HomePage, IndexPage, MuseumSettings


def site_context(request: HttpRequest) -> dict:
    """Lazy, so that the CMS and the machines' addresses pay for none of it."""
    return {
        "museum": SimpleLazyObject(lambda: MuseumSettings.for_request(request)),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "staff_reader": SimpleLazyObject(lambda: audience_of(request) is Audience.STAFF),
    }


def _menu(request: HttpRequest) -> list:
    """The live index pages of this language, in the order of the page tree."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    homes = HomePage.objects.filter(
        translation_key=site.root_page.translation_key, locale=Locale.get_active()
    ).values_list("path", flat=True)
    return [page for path in homes for page in IndexPage.objects.live().filter(path__startswith=path).order_by("path")]
