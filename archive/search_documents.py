"""What is found: builders that turn pages, sections and leaves into search documents, each for its audiences.

An open thing is one document for both audiences. An on-site thing is two: its record for the public, and its record
with its text for the reading room. Staff things, drafts and withdrawn things are none.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from archive.access import AccessLevel, audience_of
from archive.access import Audience as Reader
from archive.dates import to_year
from search import registry
from search.documents import YEARS, Audience, SearchDocument

from .models import (
    AlbumPage,
    ArchivePage,
    BookPage,
    ColumnPage,
    FreePage,
    Leaf,
    PhotoPage,
    Place,
    Section,
    Series,
    StoryPage,
    Topic,
    VideoPage,
    VideoSeriesPage,
)
from .models.authorities import AuthorityRecord

BOTH = frozenset({Audience.PUBLIC, Audience.READING_ROOM})
KINDS = {
    "book": _("图书"),
    "section": _("篇目"),
    "leaf": _("书页"),
    "video": _("视频"),
    "video-series": _("系列片"),
    "photo": _("照片"),
    "album": _("相册"),
    "story": _("故事"),
    "column": _("栏目"),
    "page": _("页面"),
}
_TYPES = (BookPage, VideoPage, VideoSeriesPage, PhotoPage, AlbumPage, StoryPage, ColumnPage)


def register() -> None:
    """Called once, when the apps are ready."""
    for kind, label in KINDS.items():
        registry.register_kind(kind, label)
    registry.register("page", PageBuilder())
    registry.register("section", SectionBuilder())
    registry.register("leaf", LeafBuilder())
    registry.register("free-page", FreePageBuilder())
    for facet, model in (("place", Place), ("topic", Topic), ("series", Series)):
        registry.register_labels(facet, partial(_names_of_slugs, model))
    registry.set_audience_resolver(search_audience)


def _names_of_slugs(model: type[AuthorityRecord], slugs: Sequence[str]) -> dict[str, str]:
    """What readers call the values of a facet. Translations share slugs: the museum's own language wins."""
    rows = model.objects.filter(slug__in=slugs).order_by("-locale_id")
    return dict(rows.values_list("slug", "name"))


def search_audience(request: HttpRequest) -> Audience:
    """Staff search the public index as the reading room does; drafts and staff things are found in the CMS."""
    reader = audience_of(request)
    return Audience.PUBLIC if reader is Reader.PUBLIC else Audience.READING_ROOM


def _for_audiences(level: int, make) -> Iterator[SearchDocument]:
    """The documents of a thing of this level; `make(audiences, with_text)` builds one."""
    if level == AccessLevel.OPEN:
        yield make(BOTH, True)
    elif level == AccessLevel.ON_SITE:
        yield make(frozenset({Audience.PUBLIC}), False)
        yield make(frozenset({Audience.READING_ROOM}), True)


def _years(page: ArchivePage) -> tuple[int | None, int | None]:
    """The years that a thing is found under."""
    if page.date_earliest is None or page.date_latest is None:
        return None, None
    return _within_limits(to_year(page.date_earliest)), _within_limits(to_year(page.date_latest))


def _within_limits(year: int) -> int:
    """An open end ("1985 onwards") has no year of its own: the index is given the last one that it knows."""
    return min(max(year, YEARS.start), YEARS.stop - 1)


def _record(page: ArchivePage) -> dict:
    """The fields that a page gives to its own document and to those of its passages."""
    places = [link.place for link in page.page_places.all()]
    year_from, year_to = _years(page)
    return {
        "work": page.identifier_id,
        "places": tuple(place.slug for place in places),
        "topics": tuple(link.topic.slug for link in page.page_topics.all()),
        "series": page.series.slug if page.series else "",
        "year_from": year_from,
        "year_to": year_to,
        "date": page.date_written,
    }


def _names(page: ArchivePage) -> Iterator[str]:
    """Every name by which the thing, its places, people and topics are known."""
    for link in page.page_places.all():
        yield from link.place.all_names
        yield from (former.name for former in link.place.former_names.all())
    for link in page.page_topics.all():
        yield from link.topic.all_names
    for link in page.page_agents.all():
        yield from link.agent.all_names
    if page.series:
        yield page.series.name


class PageBuilder:
    """Documents of the published kinds of page. A page outside the site's tree has no address and is not found."""

    def ids(self) -> Iterator[int]:
        rows = ArchivePage.objects.filter(live=True, effective_access__lt=AccessLevel.STAFF).order_by("pk")
        return rows.values_list("pk", flat=True).iterator()

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        for model in _TYPES:
            rows = model.objects.filter(pk__in=ids, live=True, effective_access__lt=AccessLevel.STAFF)
            rows = rows.select_related("series").prefetch_related(
                "page_places__place__former_names", "page_topics__topic", "page_agents__agent"
            )
            if model is VideoPage:
                rows = rows.prefetch_related("credits")
            for page in filter(Page.get_url, rows):
                yield from _for_audiences(page.effective_access, lambda *given, page=page: self._document(page, *given))

    def _document(self, page: ArchivePage, audiences: frozenset[Audience], with_text: bool) -> SearchDocument:
        text = page.text_for_search() if with_text else ""
        parts = [page.description, text, "、".join(dict.fromkeys(_names(page))), page.credit, page.source]
        return SearchDocument(
            ref=f"page:{page.pk}",
            kind=page.museum_kind,
            title=page.title,
            other_titles=tuple(page.other_title_list),
            url=page.get_url(),
            identifier=page.identifier_id,
            audiences=audiences,
            body="\n".join(filter(None, parts)),
            people=tuple(link.agent.name for link in page.page_agents.all()),
            sort_title=page.title_pinyin,
            **_record(page),
        )


class PassageBuilder:
    """What sections and leaves have in common: they are found as their book is, under its places and years."""

    model: type[Section] | type[Leaf]
    source = ""
    text_unit = ""

    def ids(self) -> Iterator[int]:
        rows = self.model.objects.filter(book__live=True, book__effective_access__lt=AccessLevel.STAFF)
        return rows.order_by("pk").values_list("pk", flat=True).iterator()

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = list(
            self.model.objects.filter(
                pk__in=ids, book__live=True, book__effective_access__lt=AccessLevel.STAFF
            ).order_by("pk")
        )
        books = BookPage.objects.select_related("series").prefetch_related("page_places__place", "page_topics__topic")
        found = books.in_bulk({row.book_id for row in rows})
        records = {pk: _record(book) for pk, book in found.items()}
        for row in rows:
            row.book = found[row.book_id]
            if not row.book.get_url():
                continue
            yield from _for_audiences(
                row.book.effective_access, lambda *given, row=row: self._document(row, records[row.book_id], *given)
            )

    def _document(self, row, record: dict, audiences: frozenset[Audience], with_text: bool) -> SearchDocument:
        own_text = row.book.text_unit == self.text_unit
        return SearchDocument(
            ref=f"{self.source}:{row.pk}",
            kind=self.source,
            title=row.heading,
            url=row.get_absolute_url(),
            identifier=row.identifier_id if isinstance(row, Section) else row.book.identifier_id,
            audiences=audiences,
            body=row.text if with_text and own_text else "",
            locator=row.book.title,
            **record,
        )


class SectionBuilder(PassageBuilder):
    model = Section
    source = "section"
    text_unit = BookPage.TextUnit.SECTION


class LeafBuilder(PassageBuilder):
    """Leaves are found by their own text; in a book whose text is in its sections they would say it twice."""

    model = Leaf
    source = "leaf"
    text_unit = BookPage.TextUnit.LEAF

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        return (document for document in super().build(ids) if document.body)


class FreePageBuilder:
    """Pages about the museum itself."""

    def ids(self) -> Iterator[int]:
        return FreePage.objects.live().public().order_by("pk").values_list("pk", flat=True).iterator()

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        for page in filter(Page.get_url, FreePage.objects.live().public().filter(pk__in=ids)):
            words = [str(text) for block in page.body for text in block.block.get_searchable_content(block.value)]
            yield SearchDocument(
                ref=f"free-page:{page.pk}",
                work=f"free-page-{page.pk}",
                kind="page",
                title=page.title,
                url=page.get_url(),
                identifier="",
                audiences=BOTH,
                body="\n".join(words),
            )
