"""schema.org descriptions of what a page shows, for search engines and other machines.

Only what the public may know is described, whoever is reading, so that an answer that is kept gives nothing away: of
an on-site thing its record, of a staff thing nothing.
"""

import json

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from archive.access import Audience, may_see_content, may_see_record
from archive.dates import interpret
from archive.models import ArchivePage, BookPage, PhotoPage, Place, StoryPage, VideoPage
from media_assets.models import ArchiveVideo

from .addresses import absolute
from .subjects import Subject

_TYPES = {
    "book": "Book",
    "photo": "Photograph",
    "video": "VideoObject",
    "story": "Article",
    "album": "ImageGallery",
    "column": "CreativeWorkSeries",
    "video-series": "CreativeWorkSeries",
    "exhibition": "Collection",
}
_LIMIT = 500
PICTURE_WIDTH = 1280
ITEMS_LISTED = 24

_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def as_script(data: dict) -> SafeString:
    """A JSON-LD element. Data and no script: browsers do not run it, and the content-security policy is not asked.
    Nothing in it can end the element or begin another, for no angle bracket is left."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- escaped just above


def described(page) -> bool:
    """Whether the public may know of a page at all: published, and not for staff alone."""
    return bool(page.pk) and page.live and may_see_record(Audience.PUBLIC, page.effective_access)


def picture_address(page: ArchivePage) -> str:
    """The whole address of the page's picture where the public is shown it, else nothing."""
    asset = page.picture
    if asset is None or not may_see_content(Audience.PUBLIC, max(page.effective_access, asset.access)):
        return ""
    derivative = asset.fitting(PICTURE_WIDTH)
    return absolute(derivative.url) if derivative is not None else ""


def of_subject(subject: Subject, museum: str) -> dict:
    """A page of the collection or a part of a book."""
    whole = _of_page(subject.page, museum)
    if subject.part is None:
        return {"@context": "https://schema.org", **whole}
    part = {
        "@type": "Chapter",
        "@id": subject.permanent_address,
        "name": subject.title,
        "url": absolute(subject.url),
        "identifier": subject.reference,
        "inLanguage": subject.page.language,
        "isPartOf": whole,
    }
    if subject.leaf is not None:
        part["pagination"] = subject.leaf.label or str(subject.leaf.position)
    return {"@context": "https://schema.org", **part}


def _of_page(page: ArchivePage, museum: str) -> dict:
    """What every kind says, then what its own kind adds; empty values are left out."""
    data = {
        "@type": _TYPES.get(page.kind, "CreativeWork"),
        "@id": absolute(page.permanent_path),
        "name": page.title,
        "alternateName": page.other_title_list,
        "url": absolute(page.get_url() or page.permanent_path),
        "identifier": page.identifier_id,
        "description": page.description[:_LIMIT],
        "inLanguage": page.language,
        "image": picture_address(page),
        "creditText": page.credit,
        "temporalCoverage": page.date_edtf or page.date_written,
        "datePublished": _published(page),
        "isPartOf": _series(page),
        "provider": {"@type": "Museum", "name": museum, "url": absolute("/")},
        "isAccessibleForFree": True,
        "conditionsOfAccess": "" if may_see_content(Audience.PUBLIC, page.effective_access) else "on-site",
    }
    return _filled(data | _OWN.get(type(page), lambda page: {})(page))


def _filled(data: dict) -> dict:
    return {name: value for name, value in data.items() if value not in ("", None, [], {})}


def _published(page: ArchivePage) -> str:
    """The day it appeared here; a book's is the year in its imprint instead."""
    return timezone.localdate(page.first_published_at).isoformat() if page.first_published_at else ""


def _series(page: ArchivePage) -> dict:
    if page.series is None:
        return {}
    return _filled({"@type": "CreativeWorkSeries", "name": page.series.name})


def _book(page: BookPage) -> dict:
    date = interpret(page.date_written) if page.date_written else None
    one_year = date is not None and date.earliest_year == date.latest_year > 0
    return {
        "isbn": page.isbn,
        "author": {"@type": "Organization", "name": page.compilers} if page.compilers else {},
        "publisher": {"@type": "Organization", "name": page.publisher} if page.publisher else {},
        "datePublished": f"{date.earliest_year:04d}" if one_year else "",
        "bookEdition": page.volume,
        "position": page.series_position,
    }


def _photo(page: PhotoPage) -> dict:
    return {
        "author": {"@type": "Person", "name": page.photographer} if page.photographer else {},
        "caption": page.caption[:_LIMIT] if may_see_content(Audience.PUBLIC, page.effective_access) else "",
        "contentLocation": page.shot_at,
    }


def _film(page: VideoPage) -> dict:
    film = page.video
    shown = film is not None and may_see_content(Audience.PUBLIC, max(page.effective_access, film.access))
    return {
        "uploadDate": _published(page),
        "thumbnailUrl": picture_address(page),
        "duration": f"PT{round(film.duration)}S" if film is not None and film.duration else "",
        "contentUrl": _film_address(film) if shown else "",
        "episodeNumber": page.episode,
    }


def _film_address(film: ArchiveVideo) -> str:
    return absolute(film.url) if film.file else ""


def _story(page: StoryPage) -> dict:
    return {
        "headline": page.title[:110],
        "author": {"@type": "Person", "name": page.byline} if page.byline else {},
        "position": page.instalment,
    }


_OWN = {BookPage: _book, PhotoPage: _photo, VideoPage: _film, StoryPage: _story}


def of_list(page, items, museum: str) -> dict:
    """A listing and the things on it, by name and address."""
    entries = [
        {"@type": "ListItem", "position": place, "name": item.title, "url": absolute(item.get_url() or "/")}
        for place, item in enumerate(list(items)[:ITEMS_LISTED], start=1)
        if described(item)
    ]
    return {
        "@context": "https://schema.org",
        **_filled(
            {
                "@type": "CollectionPage",
                "name": page.title,
                "url": absolute(page.get_url() or "/"),
                "description": getattr(page, "introduction", ""),
                "isPartOf": {"@type": "WebSite", "name": museum, "url": absolute("/")},
                "mainEntity": {"@type": "ItemList", "itemListElement": entries} if entries else {},
            }
        ),
    }


def of_museum(page, museum: str, search_path: str) -> dict:
    """The home page: the site, and how it is searched."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": museum,
        "url": absolute(page.get_url() or "/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(search_path)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def of_place(place: Place, path: str) -> dict:
    """A place with its names and, where it is known, its position."""
    position = {}
    if place.latitude is not None and place.longitude is not None:
        position = {
            "@type": "GeoCoordinates",
            "latitude": float(place.latitude),
            "longitude": float(place.longitude),
        }
    others = [name for name in place.all_names if name != place.name]
    return {
        "@context": "https://schema.org",
        **_filled(
            {
                "@type": "Place",
                "name": place.name,
                "alternateName": others,
                "description": place.description[:_LIMIT],
                "url": absolute(path),
                "geo": position,
            }
        ),
    }
