"""How much the museum holds, by kind, place, topic, person, series and decade: every number is the length of the list
that it stands beside, for the reader who asks.

The sums run over the whole collection, so they are kept for a minute, apart for every audience and language, under a
mark of the database that changes when anything is published, withdrawn, moved, deleted or closed: what became closed
is not counted any more at the very next question.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Case, Count, F, IntegerField, Max, Value, When
from django.utils import timezone
from wagtail.models import PageLogEntry

from archive.access import Audience, published
from archive.dates import to_year

from .authorities import Place
from .base import ArchivePage, PageAgent, PagePlace, PageTopic
from .books import BookPage, Section
from .exhibitions import ExhibitionPage
from .photos import AlbumPage, PhotoPage
from .stories import ColumnPage, StoryPage
from .videos import VideoPage, VideoSeriesPage

KEPT_SECONDS = 60
GROUP = "group"
"""What holds things: albums, columns, series of films. They are shown where they belong and counted apart."""

KINDS: dict[str, tuple[type[ArchivePage], ...]] = {
    "book": (BookPage,),
    "video": (VideoPage,),
    "photo": (PhotoPage,),
    "story": (StoryPage,),
    "exhibition": (ExhibitionPage,),
    GROUP: (AlbumPage, ColumnPage, VideoSeriesPage),
}
"""The kinds of thing, in the order in which the museum names them."""

FIRST_DECADE, DECADE = -3000, 10
DEEPEST_PLACE = 8

Tally = dict[str, int]
"""Kind → number; kinds of which there is none are left out."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Stretch:
    """Whole decades in which nothing begins and nothing ends, so that each has the same things."""

    first_year: int
    last_year: int
    tally: Tally


@dataclass(frozen=True)
class Holdings:
    """What one audience may know of, in one language. Each method is a fixed number of queries, or none."""

    audience: Audience
    locale_id: int

    # --- Numbers ---

    def by_kind(self) -> Tally:
        """One query."""
        return self._kept("kinds", lambda: self._sum(self._things().values_list(_KIND).annotate(Count("pk"))))

    def passages(self) -> int:
        """Sections of books, as the search has them: nothing for staff alone is in it. One query."""
        audience = min(self.audience, Audience.READING_ROOM)
        books = BookPage.objects.visible_to(audience).filter(locale_id=self.locale_id).order_by().values("pk")
        return self._kept("passages", lambda: Section.objects.filter(book__in=books).count())

    def by_topic(self) -> dict[int, Tally]:
        """Topic → tally. One query."""
        return self._kept("topics", lambda: self._grouped(self._links(PageTopic), "topic_id"))

    def by_agent(self) -> dict[int, Tally]:
        """Person or body → tally; one who did two things for a work counts it once. One query."""
        return self._kept("agents", lambda: self._grouped(self._links(PageAgent), "agent_id"))

    def by_series(self) -> dict[int, Tally]:
        """Series → tally. One query."""
        rows = self._things().exclude(series=None).values_list("series_id", _KIND).annotate(Count("pk"))
        return self._kept("series", lambda: self._nested(rows))

    def by_place(self) -> dict[int, Tally]:
        """Place → tally of what lies in it or in any of its parts, each thing once. One query for the places and one
        for each level of them."""
        return self._kept("places", self._count_places)

    def by_decade(self) -> list[Stretch]:
        """The decades that anything is dated in, groups left out, each number what a listing of its years has; decades
        that do not differ are one stretch. One query."""
        return self._kept("decades", self._count_decades)

    # --- Counting ---

    def _things(self):
        rows = ArchivePage.objects.filter(locale_id=self.locale_id, content_type_id__in=_types())
        return rows.visible_to(self.audience).order_by()

    def _links(self, model):
        condition = published(self.audience, prefix="page__")
        rows = model.objects.filter(condition, page__locale_id=self.locale_id)
        return rows.filter(page__content_type_id__in=_types()).order_by()

    def _grouped(self, links, column: str) -> dict[int, Tally]:
        counted = links.values_list(column, f"page__{_KIND}").annotate(Count("page_id", distinct=True))
        return self._nested(counted)

    def _count_places(self) -> dict[int, Tally]:
        """From the bottom up, each level of the tree is one query, in which a part stands for the place above it."""
        parents = dict(Place.objects.order_by().values_list("pk", "parent_id"))
        found: dict[int, Tally] = {}
        for level in place_levels(parents):
            within = [When(place_id__in=ids, then=Value(pk)) for pk, ids in level.items()]
            links = self._links(PagePlace).filter(place_id__in={below for ids in level.values() for below in ids})
            links = links.annotate(whole=Case(*within, output_field=IntegerField()))
            found |= self._grouped(links, "whole")
        return found

    def _count_decades(self) -> list[Stretch]:
        rows = self._things().exclude(date_earliest=None).exclude(is_container=True)
        spans = rows.values_list(_KIND, "date_earliest", "date_latest").annotate(Count("pk"))
        kinds = _types()
        named = ((kinds[kind], first, last, count) for kind, first, last, count in spans.iterator())
        return stretches_of(named, timezone.localdate().year)

    def _sum(self, rows: Iterable[tuple[int, int]]) -> Tally:
        return self._nested((0, kind, count) for kind, count in rows).get(0, {})

    def _nested(self, rows: Iterable[tuple[int, int, int]]) -> dict[int, Tally]:
        kinds, found = _types(), {}
        for key, kind, count in rows:
            tally = found.setdefault(key, {})
            tally[kinds[kind]] = tally.get(kinds[kind], 0) + count
        return found

    # --- Keeping ---

    def _kept(self, name: str, count: Callable[[], Found]) -> Found:
        """The answer of a minute ago, if nothing was published or closed since."""
        key = f"holdings:{name}:{int(self.audience)}:{self.locale_id}:{self._state}"
        return cache.get_or_set(key, count, KEPT_SECONDS)

    @cached_property
    def _state(self) -> str:
        return state_of_publication()


_KIND = "content_type_id"


def _types() -> dict[int, str]:
    """Content type → kind; Django keeps content types in memory."""
    found = ContentType.objects.get_for_models(*(model for models in KINDS.values() for model in models))
    return {found[model].pk: kind for kind, models in KINDS.items() for model in models}


def state_of_publication() -> str:
    """A mark that is another one after anything was published, withdrawn, moved, deleted (Wagtail writes a log entry)
    or given another level (the rows of each level are counted in their index). Two short queries."""
    log = PageLogEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    levels = ArchivePage.objects.order_by().values_list("effective_access").annotate(count=Count(F("pk")))
    return f"{log}:" + ",".join(f"{level}={count}" for level, count in sorted(levels))


def place_levels(parents: dict[int, int | None]) -> list[dict[int, list[int]]]:
    """Places by their distance from the top; each with itself and everything below it.

    No two places of a level share a part, so that one pass over the links counts all of them.
    """
    children: dict[int | None, list[int]] = {}
    for pk, parent in parents.items():
        children.setdefault(parent, []).append(pk)

    def within(pk: int, depth: int) -> list[int]:
        if depth > DEEPEST_PLACE:
            return [pk]
        return [pk, *(below for child in children.get(pk, ()) for below in within(child, depth + 1))]

    levels, row = [], children.get(None, [])
    while row and len(levels) <= DEEPEST_PLACE:
        levels.append({pk: within(pk, len(levels)) for pk in row})
        row = [child for pk in row for child in children.get(pk, ())]
    return levels


def stretches_of(spans: Iterable[tuple[str, int, int, int]], this_year: int) -> list[Stretch]:
    """Spans of days, each with its kind and how many things have it, as the decades that they touch.

    An open end reaches to this year, an open beginning to the first decade that the museum counts. Only the two ends
    of a span are noted, so that "since the Ming" costs no more than a day does.
    """
    changes: dict[int, Tally] = {}
    for kind, first_day, last_day, count in spans:
        first = max(_decade(to_year(first_day)), FIRST_DECADE)
        last = min(_decade(to_year(last_day)), max(_decade(this_year), first))
        if last < first:
            continue
        for decade, change in ((first, count), (last + DECADE, -count)):
            here = changes.setdefault(decade, {})
            here[kind] = here.get(kind, 0) + change
    running: Tally = {}
    found = []
    for first, following in zip(marks := sorted(changes), marks[1:], strict=False):
        running = {kind: running.get(kind, 0) + changes[first].get(kind, 0) for kind in running | changes[first]}
        if tally := {kind: count for kind, count in running.items() if count}:
            found.append(Stretch(first, following - 1, tally))
    return found


def _decade(year: int) -> int:
    return year // DECADE * DECADE
