"""What the pages of places, topics, people and series share: whose language, what is there, how it is shown."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale

from archive.access import audience_of
from archive.models import ArchivePage, IndexPage
from archive.models.authorities import AuthorityRecord
from archive.models.holdings import GROUP, KINDS, Holdings, Tally

from .years_drawing import kind_labels

SHOWN_OF_A_KIND = 6
SHOWN_GROUPS = 24
BY_DATE = (F("date_earliest").asc(nulls_last=True), "title_pinyin", "pk")


@dataclass(frozen=True)
class Group:
    """The things of one kind: some of them as cards, how many there are, and where all are listed."""

    kind: str
    label: str
    total: int
    cards: list[ArchivePage]
    address: str


def holdings_for(request: HttpRequest) -> Holdings:
    """What this reader may know of, in the language of the address. 404 where the museum has no such language."""
    language = get_supported_content_language_variant(get_language())
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        raise Http404
    return Holdings(audience_of(request), locale.pk)


def named(model: type[AuthorityRecord], slug: str, holdings: Holdings) -> AuthorityRecord:
    """The record with this name in addresses: that of the language if there is one, else the one that things of the
    language point to. 404 for none."""
    rows = sorted(model.objects.filter(slug=slug), key=lambda row: (row.locale_id != holdings.locale_id, row.pk))
    if not rows:
        raise Http404
    return rows[0]


class Lists:
    """The addresses of the lists of things, by kind. One query for all of them."""

    def __init__(self, request: HttpRequest, locale_id: int):
        indexes = IndexPage.objects.live().public().filter(locale_id=locale_id).order_by("path")
        self._addresses: dict[str, str] = {}
        for index in indexes:
            self._addresses.setdefault(index.specific_class.museum_kind, index.get_url(request) or "")

    def address(self, kind: str, **filters: object) -> str:
        """The list of a kind narrowed to these filters, or nothing where that kind has no page of its own."""
        address = self._addresses.get(kind, "")
        return f"{address}?{urlencode(filters)}" if address else ""


def groups(things: QuerySet, tally: Tally, lists: Lists, **filters: str) -> list[Group]:
    """The kinds that `tally` has, with their first cards by date. `things` is what was tallied, or none of it where
    no cards are wanted."""
    labels = kind_labels()
    ids = {}
    for kind in KINDS:
        if kind in tally:
            rows = things.filter(content_type__in=content_types(kind)).order_by(*BY_DATE)
            limit = SHOWN_GROUPS if kind == GROUP else SHOWN_OF_A_KIND
            ids[kind] = list(rows.values_list("pk", flat=True)[:limit])
    cards = ArchivePage.objects.for_cards().in_bulk([pk for found in ids.values() for pk in found])
    return [
        Group(kind, labels[kind], tally[kind], [cards[pk] for pk in found], lists.address(kind, **filters))
        for kind, found in ids.items()
    ]


def content_types(kind: str) -> list[ContentType]:
    return list(ContentType.objects.get_for_models(*KINDS[kind]).values())


def total(tally: Tally) -> int:
    """How many things a tally counts, those that hold others included."""
    return sum(tally.values())
