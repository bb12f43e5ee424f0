"""What is new, as RSS 2.0 and Atom: in the whole museum, in a column, an album or a set of films, in a series.

Feeds are read by machines that keep what they read, so they ask for the public's audience whoever calls.
"""

import re

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.coreutils import get_supported_content_language_variant

from archive.access import Audience
from archive.models import ArchivePage, Identifier, MuseumSettings, Series
from archive.models.identifiers import is_well_formed

from .addresses import absolute

ENTRIES = 30
FEEDS_LISTED = 100
SUFFIXES = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _language() -> str:
    return get_supported_content_language_variant(get_language())


def _visible():
    """What the public may know of in the language that is being read, newest first."""
    rows = ArchivePage.objects.filter(locale__language_code=_language()).visible_to(Audience.PUBLIC)
    return rows.order_by("-first_published_at", "-pk")


def clean(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return _CONTROL.sub("", text)


class MuseumFeed(Feed):
    """Everything that is new. `title`, `link` and the entries are those of `obj`, which is None for the museum."""

    def __init__(self, suffix: str):
        self.suffix = suffix
        self.feed_type = SUFFIXES[suffix]

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self_museum = MuseumSettings.for_request(request)
        response = _Bound(self, self_museum, request.path).answer(request, *args, **kwargs)
        response["Cache-Control"] = "no-cache"  # what is withdrawn is gone from the next answer
        return response

    def get_object(self, request: HttpRequest, **given) -> ArchivePage | Series | None:
        return None

    def members(self, obj):
        return _visible().exact_things()


class ContainerFeed(MuseumFeed):
    """What stands in a column, an album or a set of films."""

    def get_object(self, request: HttpRequest, identifier: str) -> ArchivePage:
        found = None
        if is_well_formed(identifier):
            row = Identifier.objects.filter(pk=identifier, kind=Identifier.Kind.PAGE).first()
            found = _visible().filter(identifier=row, is_container=True).first() if row else None
        if found is None:
            raise Http404
        return found

    def members(self, obj: ArchivePage):
        return _visible().filter(path__startswith=obj.path, depth=obj.depth + 1)


class SeriesFeed(MuseumFeed):
    """What belongs to a series. One with nothing in it that the public may know of has no feed."""

    def get_object(self, request: HttpRequest, slug: str) -> Series:
        series = Series.objects.filter(slug=slug, locale__language_code=_language()).first()
        if series is None or not _visible().filter(series=series).exists():
            raise Http404
        return series

    def members(self, obj: Series):
        return _visible().filter(series=obj)


class _Bound(Feed):
    """One answer of a feed: Django keeps a feed's own state on the class, and ours depends on the request."""

    def __init__(self, feed: MuseumFeed, museum: MuseumSettings, path: str):
        self.feed, self.museum, self.feed_type = feed, museum, feed.feed_type
        self.feed_url = absolute(path)

    def answer(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args, **kwargs):
        return self.feed.get_object(request, *args, **kwargs)

    # --- The feed ---

    def title(self, obj) -> str:
        name = getattr(obj, "title", None) or getattr(obj, "name", None)
        return clean(f"{name}｜{self.museum.name}" if name else self.museum.name)

    def subtitle(self, obj) -> str:
        return clean(getattr(obj, "description", "") or self.museum.motto)

    description = subtitle

    def link(self, obj) -> str:
        if isinstance(obj, ArchivePage):
            return absolute(obj.get_url() or obj.permanent_path)
        return absolute(reverse("wagtail_serve", args=[""]))

    def feed_guid(self, obj) -> str:
        return self.feed_url

    # --- Its entries ---

    def items(self, obj) -> list[ArchivePage]:
        return list(self.feed.members(obj)[:ENTRIES])

    def item_title(self, item: ArchivePage) -> str:
        return clean(item.title)

    def item_description(self, item: ArchivePage) -> str:
        parts = [item.date_written, item.description]
        return clean("".join(f"<p>{escape(part)}</p>" for part in parts if part))

    def item_link(self, item: ArchivePage) -> str:
        return absolute(item.get_url() or item.permanent_path)

    def item_guid(self, item: ArchivePage) -> str:
        return absolute(item.permanent_path)

    def item_pubdate(self, item: ArchivePage):
        return item.first_published_at

    def item_updateddate(self, item: ArchivePage):
        return item.last_published_at

    def item_categories(self, item: ArchivePage) -> list[str]:
        return [item.kind_label]


@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """A page that says which feeds there are."""
    visible = _visible()
    containers = [(page.title, page.identifier_id) for page in visible.filter(is_container=True)[:FEEDS_LISTED]]
    shelves = visible.exclude(series=None).order_by().values("series")
    series = Series.objects.filter(pk__in=shelves).order_by("slug")[:FEEDS_LISTED]
    groups = [
        (_("全馆"), [_addresses(_("全馆新入馆"), "feed", {})]),
        (_("栏目、相册与系列片"), [_addresses(title, "feed_of_container", {"identifier": identifier})
                         for title, identifier in containers]),
        (_("丛书与系列"), [_addresses(row.name, "feed_of_series", {"slug": row.slug}) for row in series]),
    ]  # fmt: skip
    return render(request, "exchange/feeds.html", {"groups": [group for group in groups if group[1]]})


def _addresses(title: str, name: str, given: dict) -> dict[str, str]:
    return {"title": title} | {suffix: reverse(f"{name}_{suffix}", kwargs=given) for suffix in SUFFIXES}
