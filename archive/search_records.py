"""What the documents of pages and of passages share: the record of a page, its audiences, its small picture."""

from collections.abc import Iterator

from django.db.models import Prefetch

from archive.access import AccessLevel
from archive.dates import to_year
from search.documents import YEARS, Audience, SearchDocument

from .models import ArchivePage, PagePlace, PageTopic, Place

BOTH = frozenset({Audience.PUBLIC, Audience.READING_ROOM})
_THUMBNAIL_WIDTH = 320
# Everything that the record of a page needs, however many pages: towns lie in counties and villages in towns. Joined
# and not fetched one level after the other: a page of results is built from this each time it is shown.
RECORD = (
    Prefetch("page_places", PagePlace.objects.select_related("place__parent__parent__parent")),
    Prefetch("page_topics", PageTopic.objects.select_related("topic")),
)


def for_audiences(level: int, make) -> Iterator[SearchDocument]:
    """The documents of a thing of this level; `make(audiences, with_text)` builds one."""
    if level == AccessLevel.OPEN:
        yield make(BOTH, True)
    elif level == AccessLevel.ON_SITE:
        yield make(frozenset({Audience.PUBLIC}), False)
        yield make(frozenset({Audience.READING_ROOM}), True)


def years_of(page: ArchivePage) -> tuple[int | None, int | None]:
    """The years that a thing is found under."""
    if page.date_earliest is None or page.date_latest is None:
        return None, None
    return _within_limits(to_year(page.date_earliest)), _within_limits(to_year(page.date_latest))


def _within_limits(year: int) -> int:
    """An open end ("1985 onwards") has no year of its own: the index is given the last one that it knows."""
    return min(max(year, YEARS.start), YEARS.stop - 1)


def _above(place: Place) -> Iterator[Place]:
    """The places that a place lies in; as deep as `RECORD` fetches them."""
    for _level in range(3):
        if place.parent is None:
            return
        place = place.parent
        yield place


def record_of(page: ArchivePage) -> dict:
    """The fields that a page gives to its own document and to those of its passages."""
    places = [link.place for link in page.page_places.all()]
    year_from, year_to = years_of(page)
    return {
        "work": page.identifier_id,
        "places": tuple(place.slug for place in places),
        "places_above": tuple(dict.fromkeys(above.slug for place in places for above in _above(place))),
        "topics": tuple(link.topic.slug for link in page.page_topics.all()),
        "series": page.series.slug if page.series else "",
        "year_from": year_from,
        "year_to": year_to,
        "date": page.date_written,
        "sort_title": page.title_pinyin,
    }


def thumbnail_of(picture, audiences: frozenset[Audience]) -> str:
    """The address of a small picture that everyone of `audiences` may see, or nothing."""
    level = AccessLevel.OPEN if Audience.PUBLIC in audiences else AccessLevel.ON_SITE
    if picture is None or picture.access > level:
        return ""
    small = picture.fitting(_THUMBNAIL_WIDTH, "jpeg")
    return small.checked_url if small else ""
