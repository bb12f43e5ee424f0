"""A listing of one kind of thing: filters that are plain links, counts that can be recomputed, bounded queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.http import Http404
from django.utils.translation import gettext as _

from archive.access import Audience
from archive.dates import year_range

from .authorities import Agent, AuthorityRecord, Place, Series, Topic
from .base import PageAgent, PagePlace, PageTopic
from .paging import one_page_of_cards

PAGE_SIZE = 24
FACET_LIMIT = 40
YEAR_LIMITS = (-3000, 2200)
SORTS = {
    "new": ("-first_published_at", "-pk"),
    "date": (F("date_earliest").asc(nulls_last=True), "pk"),
    "-date": (F("date_earliest").desc(nulls_last=True), "-pk"),
    "title": ("title_pinyin", "pk"),
}


def _year(text: str) -> int | None:
    """A year that a person may ask for, or None for anything else."""
    try:
        year = int(text.strip()[:6])
    except ValueError:
        return None
    return year if YEAR_LIMITS[0] <= year <= YEAR_LIMITS[1] else None


_NAMED = ("kind", "place", "topic", "series", "person")


@dataclass(frozen=True)
class Filters:
    """What a reader narrowed the listing to. Values that mean nothing are dropped, never an error."""

    place: str = ""
    topic: str = ""
    series: str = ""
    person: str = ""
    kind: str = ""
    year_from: int | None = None
    year_to: int | None = None
    sort: str = "new"

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Filters":
        words = {name: params.get(name, "").strip()[:80] for name in _NAMED}
        sort = params.get("sort", "")
        first, last = _year(params.get("year_from", "")), _year(params.get("year_to", ""))
        if first is not None and last is not None and first > last:
            first, last = last, first
        return cls(**words, year_from=first, year_to=last, sort=sort if sort in SORTS else "new")

    def query(self, **changes) -> str:
        """These filters, changed, as a query string with its question mark, or nothing."""
        changed = replace(self, **changes)
        pairs = {
            name: value
            for name in (*_NAMED, "year_from", "year_to", "sort")
            if (value := getattr(changed, name)) not in ("", None) and not (name == "sort" and value == "new")
        }
        return f"?{urlencode(pairs)}" if pairs else "?"

    @property
    def are_set(self) -> bool:
        """Whether anything is narrowed (the order is no narrowing)."""
        return replace(self, sort="new") != Filters()


@dataclass(frozen=True)
class Choice:
    """One link of a filter."""

    label: str
    count: int
    address: str
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """One filter: its choices, and the way out of the one that was chosen."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str = ""
    clear_address: str = ""


@dataclass
class Listing:
    """What an index page shows. `things` is an ArchivePage queryset (or of one type) not yet narrowed."""

    things: object
    filters: Filters
    audience: Audience
    locale_id: int
    kind_choices: list[tuple[str, str]] = field(default_factory=list)
    kind_field: str = ""

    def __post_init__(self):
        self.place = self._named(Place, self.filters.place)
        self.topic = self._named(Topic, self.filters.topic)
        self.series = self._named(Series, self.filters.series)
        self.person = self._named(Agent, self.filters.person)
        self.visible = self.things.visible_to(self.audience)
        if self.filters.kind and self.filters.kind not in dict(self.kind_choices):
            raise Http404(_("没有这个筛选条件。"))

    def _named(self, model: type[AuthorityRecord], slug: str) -> AuthorityRecord | None:
        """The record that a filter names: that of the language, else the one that its things may point to as well. An
        unknown one is a wrong address, so 404 and not an empty page."""
        if not slug:
            return None
        rows = sorted(model.objects.filter(slug=slug), key=lambda row: (row.locale_id != self.locale_id, row.pk))
        if not rows:
            raise Http404(_("没有这个筛选条件。"))
        return rows[0]

    # --- Narrowing ---

    def narrowed(self, *, without: str = ""):
        """The things that fit every filter but `without`, whose own choices are to be counted."""
        rows = self.visible
        if self.place and without != "place":
            rows = rows.in_places(Place.with_parts([self.place.pk]))
        if self.topic and without != "topic":
            rows = rows.about([self.topic.pk])
        if self.series and without != "series":
            rows = rows.filter(series=self.series)
        if self.person:
            rows = rows.filter(pk__in=PageAgent.objects.filter(agent=self.person).values("page_id"))
        if self.filters.kind and self.kind_field and without != "kind":
            rows = rows.filter(**{self.kind_field: self.filters.kind})
        if without != "years":
            rows = rows.dated_between(self.filters.year_from, self.filters.year_to)
        return rows

    def page(self, number: str):
        """One page of results. A number beyond the end, or no number at all, is a wrong address."""
        return one_page_of_cards(self.narrowed().order_by(*SORTS[self.filters.sort]), number, PAGE_SIZE)

    # --- Filters as links ---

    def facets(self) -> list[Facet]:
        """Every filter that has something to choose."""
        facets = [self._kinds(), self._places(), self._topics(), self._series(), self._person(), self._years()]
        return [facet for facet in facets if facet.choices or facet.chosen]

    def _facet(self, name: str, label: str, rows, chosen: str, clear: dict) -> Facet:
        choices = [Choice(*row) for row in rows]
        return Facet(name, label, choices[:FACET_LIMIT], chosen, self.filters.query(**clear) if chosen else "")

    def _kinds(self) -> Facet:
        if not self.kind_field:
            return Facet("kind", "", [])
        counts = dict(self.narrowed(without="kind").order_by().values_list(self.kind_field).annotate(count=Count("pk")))
        rows = [
            (label, counts[value], self.filters.query(kind=value), value == self.filters.kind)
            for value, label in self.kind_choices
            if counts.get(value)
        ]
        chosen = str(dict(self.kind_choices).get(self.filters.kind, ""))
        return self._facet("kind", _("类型"), rows, chosen, {"kind": ""})

    def _places(self) -> Facet:
        """The parts of the chosen place, or the highest places; each counts what lies anywhere within it."""
        records = Place.objects.only("pk", "parent_id", "name", "slug")
        tree = list(records.filter(locale_id=self.locale_id)) or list(records)
        shown = [place for place in tree if place.parent_id == (self.place.pk if self.place else None)]
        if self.place is None and len(shown) == 1:
            shown += [place for place in tree if place.parent_id == shown[0].pk]
        counts = self._count_by_place(tree, shown)
        rows = [
            (place.name, counts[place.pk], self.filters.query(place=place.slug))
            for place in shown
            if counts.get(place.pk)
        ]
        rows.sort(key=lambda row: -row[1])
        return self._facet("place", _("地方"), rows, str(self.place or ""), self._way_up(tree))

    def _way_up(self, tree: list[Place]) -> dict:
        """Leaving a village leads to its town, leaving a town to the whole."""
        parents = {place.pk: place for place in tree}
        above = parents.get(self.place.parent_id) if self.place else None
        top = above is None or above.parent_id is None
        return {"place": "" if top else above.slug}

    def _count_by_place(self, tree: list[Place], shown: list[Place]) -> dict[int, int]:
        """Distinct things within each shown place, its parts included, in one query."""
        children: dict[int | None, list[int]] = {}
        for place in tree:
            children.setdefault(place.parent_id, []).append(place.pk)

        def within(pk: int) -> list[int]:
            return [pk, *(below for child in children.get(pk, ()) for below in within(child))]

        links = PagePlace.objects.filter(page__in=self.narrowed().order_by().values("pk"))
        counts = {
            f"at_{place.pk}": Count("page_id", filter=Q(place_id__in=within(place.pk)), distinct=True)
            for place in shown[: FACET_LIMIT * 2]
        }
        if not counts:
            return {}
        return {int(name[3:]): count for name, count in links.aggregate(**counts).items()}

    def _topics(self) -> Facet:
        links = PageTopic.objects.filter(page__in=self.narrowed(without="topic").order_by().values("pk"))
        counted = links.values("topic__name", "topic__slug").annotate(count=Count("page_id")).order_by("-count")
        rows = [
            (
                row["topic__name"],
                row["count"],
                self.filters.query(topic=row["topic__slug"]),
                row["topic__slug"] == self.filters.topic,
            )
            for row in counted[:FACET_LIMIT]
        ]
        return self._facet("topic", _("主题"), rows, str(self.topic or ""), {"topic": ""})

    def _series(self) -> Facet:
        counted = (
            self.narrowed(without="series")
            .filter(series__isnull=False)
            .order_by()
            .values("series__name", "series__slug")
            .annotate(count=Count("pk"))
            .order_by("-count")
        )
        rows = [
            (
                row["series__name"],
                row["count"],
                self.filters.query(series=row["series__slug"]),
                row["series__slug"] == self.filters.series,
            )
            for row in counted[:FACET_LIMIT]
        ]
        return self._facet("series", _("丛书/系列"), rows, str(self.series or ""), {"series": ""})

    def _person(self) -> Facet:
        """Only the way out: a reader comes here from the person's own page, and a list of all would help nobody."""
        return self._facet("person", _("人物与机构"), [], str(self.person or ""), {"person": ""})

    def _years(self) -> Facet:
        """Periods that anything falls in, counted by the very condition that choosing one applies."""
        counts = {
            f"from_{index}": Count(
                "pk",
                filter=Q(date_latest__gte=year_range(first, first)[0], date_earliest__lte=year_range(last, last)[1]),
            )
            for index, (first, last) in enumerate(PERIODS)
        }
        found = self.narrowed(without="years").order_by().aggregate(**counts)
        rows = [
            (
                period_label(first, last),
                found[f"from_{index}"],
                self.filters.query(year_from=first, year_to=last),
                (first, last) == (self.filters.year_from, self.filters.year_to),
            )
            for index, (first, last) in enumerate(PERIODS)
            if found[f"from_{index}"]
        ]
        ends = [self.filters.year_from, self.filters.year_to]
        chosen = "—".join("" if year is None else str(year) for year in ends) if ends != [None, None] else ""
        return self._facet("years", _("年代"), rows, chosen, {"year_from": None, "year_to": None})


def _periods() -> list[tuple[int, int]]:
    """Centuries until 1900, decades from then on: about as many things in each."""
    centuries = [(100 * n - 99, 100 * n) for n in range(1, 20)]
    centuries[-1] = (1801, 1899)
    return [(-3000, 0), *centuries, *((year, year + 9) for year in range(1900, 2030, 10))]


def period_label(first: int, last: int) -> str:
    """A period of PERIODS in the reader's language."""
    if last <= 0:
        return _("公元前")
    if first >= 1900:
        return _("%(year)s 年代") % {"year": first}
    return _("%(number)s 世纪") % {"number": first // 100 + 1}


PERIODS = _periods()
