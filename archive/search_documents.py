"""What is found: builders that turn pages, sections and leaves into search documents, each for its audiences.

An open thing is one document for both audiences. An on-site thing is two: its record for the public, and its record
with its text for the reading room. Staff things, drafts and withdrawn things are none.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from types import SimpleNamespace

from django.core import checks
from django.db.models import F, Prefetch, prefetch_related_objects
from django.db.models.functions import Left
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from archive.access import AccessLevel, audience_of, client_address
from archive.access import Audience as Reader
from archive.dates import to_year
from search import registry
from search.documents import YEARS, Audience, SearchDocument
from search.indexing import enqueue

from . import search_facets, search_names
from .models import (
    ArchivePage,
    BookPage,
    FreePage,
    HomePage,
    IndexPage,
    Leaf,
    PageAgent,
    PagePlace,
    PageTopic,
    Place,
    Section,
    VideoPage,
)
from .models.museum_page import MuseumPageMixin
from .models.slugs import sort_key
from .search_shown import Addresses, ShownPicture, as_object, names_of, pictures_of, places_of, texts_of, type_of

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
    "place": _("地方"),
    "person": _("人物与机构"),
}
# What is offered while a reader types, the heavier the earlier; 1 is offered by its beginning alone.
_WEIGHTS = {"book": 6, "video-series": 4, "album": 4, "column": 4}
_WEIGHT_OF_OTHERS, _WEIGHT_OF_SECTIONS = 3, 1
# Types of page that are ways to other things and hold no words of their own to be found.
_NOT_FOUND = (HomePage, IndexPage)
# The beginning of the next leaf that is indexed with a leaf: a sentence that turns the page is seldom longer.
_CONTINUATION = 24
_THUMBNAIL_WIDTH = 320
_ENDS = ("。", "！", "？", "；", "…", "\n")


def register() -> None:
    """Called once, when the apps are ready."""
    for kind, label in KINDS.items():
        registry.register_kind(kind, label)
    registry.register("page", PageBuilder())
    registry.register("section", SectionBuilder())
    registry.register("leaf", LeafBuilder())
    registry.register("free-page", FreePageBuilder())
    search_facets.register()
    registry.set_audience_resolver(search_audience)
    registry.set_client_resolver(client_address)
    search_names.register()
    for signal in (post_save, post_delete):
        signal.connect(_leaf_before_changes, sender=Leaf, dispatch_uid="archive.search_documents")
    checks.register(check_page_types, "archive")


def check_page_types(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Every type of page says how it is found: a kind of its own, or that it holds nothing to be found."""
    errors = []
    for model in _concrete(MuseumPageMixin):
        if issubclass(model, (FreePage, *_NOT_FOUND)) or model is ArchivePage:
            continue
        if not issubclass(model, ArchivePage) or model.museum_kind not in KINDS:
            errors.append(
                checks.Error(
                    f"{model._meta.label} declares no search document.",
                    hint="Give it a museum_kind that archive.search_documents.KINDS names, or add it to _NOT_FOUND.",
                    obj=model,
                    id="archive.E010",
                )
            )
    return errors


def _concrete(model: type) -> Iterator[type]:
    for child in model.__subclasses__():
        if not child._meta.abstract:
            yield child
        yield from _concrete(child)


def _leaf_before_changes(sender, instance: Leaf, raw: bool = False, **kwargs) -> None:
    """A leaf is found by the beginning of the next one too."""
    before = Leaf.objects.filter(book_id=instance.book_id, position=instance.position - 1)
    enqueue("leaf", before.values_list("pk", flat=True))


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


def _above(place: Place) -> Iterator[Place]:
    """The places that a place lies in; as deep as `_RECORD` fetches them."""
    for _level in range(3):
        if place.parent is None:
            return
        place = place.parent
        yield place


# Everything that the record of a page needs, however many pages: towns lie in counties and villages in towns. Joined
# and not fetched one level after the other: a page of results is built from this each time it is shown.
_RECORD = (
    Prefetch("page_places", PagePlace.objects.select_related("place__parent__parent__parent")),
    Prefetch("page_topics", PageTopic.objects.select_related("topic")),
)
_NAMES = ("page_places__place__former_names", Prefetch("page_agents", PageAgent.objects.select_related("agent")))
_PICTURES = ("lead_image__derivatives", "poster_video__derivatives")


def _record(page: ArchivePage) -> dict:
    """The fields that a page gives to its own document and to those of its passages."""
    places = [link.place for link in page.page_places.all()]
    year_from, year_to = _years(page)
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


def _apart(*parts: str) -> str:
    """The parts as one text in which no word runs from one into the next."""
    return "\n".join(part if part.endswith(_ENDS) else f"{part}；" for part in filter(None, parts)).rstrip("；")


def _place_names(page: ArchivePage) -> Iterator[str]:
    for link in page.page_places.all():
        yield from link.place.all_names
        yield from (former.name for former in link.place.former_names.all())


def _subjects(page: ArchivePage) -> Iterator[str]:
    for link in page.page_topics.all():
        yield from link.topic.all_names
    if page.series:
        yield page.series.name


def _thumbnail(picture, audiences: frozenset[Audience]) -> str:
    """The address of a small picture that everyone of `audiences` may see, or nothing."""
    level = AccessLevel.OPEN if Audience.PUBLIC in audiences else AccessLevel.ON_SITE
    if picture is None or picture.access > level:
        return ""
    small = picture.fitting(_THUMBNAIL_WIDTH, "jpeg")
    return small.checked_url if small else ""


# The columns of which the page of results shows a page.
_SHOWN_OF_PAGES = (
    *("title", "other_titles", "description", "credit", "source", "date_written"),
    *("url_path", "identifier_id", "effective_access", "content_type_id", "lead_image_id", "poster_video_id"),
)


class PageBuilder(registry.Builder):
    """Documents of the published kinds of page. A page outside the site's tree has no address and is not found."""

    def ids(self) -> Iterator[int]:
        return self._shown().order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        return set(self._shown().filter(pk__in=ids).order_by().values_list("pk", flat=True))

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = self._shown().filter(pk__in=ids).order_by("pk").specific()
        pages = [page for page in rows if page.museum_kind in KINDS and page.get_url()]
        prefetch_related_objects(pages, "series", *_RECORD, *_NAMES, *_PICTURES)
        prefetch_related_objects([page for page in pages if isinstance(page, VideoPage)], "credits")
        for page in pages:
            yield from _for_audiences(page.effective_access, partial(self._document, page))

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = list(self._shown().filter(pk__in=ids).order_by("pk").values("pk", *_SHOWN_OF_PAGES))
        addresses, texts, places = Addresses(), texts_of(rows), places_of([row["pk"] for row in rows])
        images = pictures_of("image", [row["lead_image_id"] for row in rows])
        stills = pictures_of("video", [row["poster_video_id"] for row in rows])
        for row in rows:
            url, kind = addresses.of(row["url_path"]), type_of(row["content_type_id"]).museum_kind
            if kind in KINDS and url:
                picture = images.get(row["lead_image_id"]) or stills.get(row["poster_video_id"])
                given = (row, kind, url, places.get(row["pk"], ()), texts.get(row["pk"], ""), picture)
                yield from _for_audiences(row["effective_access"], partial(self._shown_document, *given))

    def names(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
        return names_of(ids)

    @staticmethod
    def _shown_document(
        row: dict,
        kind: str,
        url: str,
        places: tuple[str, ...],
        text: str,
        picture: ShownPicture | None,
        audiences: frozenset[Audience],
        with_text: bool,
    ) -> SearchDocument:
        parts = (row["description"], text if with_text else "", row["credit"], row["source"])
        return SearchDocument(
            ref=f"page:{row['pk']}",
            work=row["identifier_id"],
            kind=kind,
            title=row["title"],
            other_titles=tuple(filter(None, map(str.strip, row["other_titles"].splitlines()))),
            url=url,
            permanent_url=f"/id/{row['identifier_id']}",
            identifier=row["identifier_id"],
            audiences=audiences,
            body=_apart(*parts),
            places=places,
            date=row["date_written"],
            thumbnail=_thumbnail(picture, audiences) if with_text else "",
        )

    @staticmethod
    def _shown():
        return ArchivePage.objects.filter(live=True, effective_access__lt=AccessLevel.STAFF)

    def _document(self, page: ArchivePage, audiences: frozenset[Audience], with_text: bool) -> SearchDocument:
        text = page.text_for_search() if with_text else ""
        people = (link.agent.all_names for link in page.page_agents.all())
        return SearchDocument(
            ref=f"page:{page.pk}",
            kind=page.museum_kind,
            title=page.title,
            other_titles=tuple(page.other_title_list),
            url=page.get_url(),
            permanent_url=page.permanent_path,
            identifier=page.identifier_id,
            audiences=audiences,
            body=_apart(page.description, text, page.credit, page.source),
            people=tuple(dict.fromkeys(chain.from_iterable(people))),
            place_names=tuple(dict.fromkeys(_place_names(page))),
            subjects=tuple(dict.fromkeys(_subjects(page))),
            thumbnail=_thumbnail(page.picture, audiences) if with_text else "",
            grouped=isinstance(page, BookPage),
            position=0,
            suggest_weight=_WEIGHTS.get(page.museum_kind, _WEIGHT_OF_OTHERS),
            **_record(page),
        )


_SHOWN_OF_PASSAGES = (
    *("pk", "book_id", "position", "key", "label", "text", "book__title", "book__date_written", "book__text_unit"),
    *("book__url_path", "book__identifier_id", "book__effective_access"),
)


class PassageBuilder(registry.Builder):
    """What sections and leaves have in common: they are found as their book is, under its places and years."""

    model: type[Section] | type[Leaf]
    source = ""
    text_unit = ""
    shown_columns: tuple[str, ...] = ()

    def ids(self) -> Iterator[int]:
        return self._shown().order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        return set(self._shown().filter(pk__in=ids).values_list("pk", flat=True))

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = list(self._rows(self._shown().filter(pk__in=ids)).order_by("pk"))
        books = BookPage.objects.select_related("series").prefetch_related(*_RECORD)
        found = books.in_bulk({row.book_id for row in rows})
        urls = {pk: book.get_url() for pk, book in found.items()}
        records = {pk: self._record_of(book) for pk, book in found.items() if urls[pk]}
        continuations = self._continuations(rows, found)
        for row in rows:
            if row.book_id in records:
                row.book = found[row.book_id]
                given = (row, urls[row.book_id], records[row.book_id], continuations.get(row.pk, ""))
                yield from _for_audiences(row.book.effective_access, partial(self._document, *given))

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        shown = self._shown().filter(pk__in=ids).order_by("pk")
        rows = [as_object(row) for row in shown.values(*_SHOWN_OF_PASSAGES, *self.shown_columns)]
        addresses, books = Addresses(), {row.book_id: row.book for row in rows}
        for book in books.values():
            book.url = addresses.of(book.url_path)
        rows = [row for row in rows if books[row.book_id].url]
        places, continuations = places_of(books), self._continuations(rows, books)
        self._complete(rows)
        for row in rows:
            row.book = books[row.book_id]
            row.heading = self.model.heading.fget(row)
            record = self._shown_record(row.book) | {"places": places.get(row.book_id, ())}
            given = (row, row.book.url, record, continuations.get(row.pk, ""))
            yield from _for_audiences(row.book.effective_access, partial(self._document, *given))

    def _complete(self, rows: Sequence) -> None:
        """Give rows that `show` read what `_fields` needs besides their columns."""

    @staticmethod
    def _shown_record(book) -> dict:
        return {"work": book.identifier_id, "work_title": book.title, "grouped": True, "date": book.date_written}

    def _shown(self):
        shown = self.model.objects.filter(book__live=True, book__effective_access__lt=AccessLevel.STAFF)
        return shown.order_by()

    def _rows(self, rows):
        """With everything that `_fields` needs."""
        raise NotImplementedError

    def _fields(self, row, audiences: frozenset[Audience], with_text: bool) -> dict:
        """The fields that sections and leaves fill differently."""
        raise NotImplementedError

    def _continuations(self, rows: Sequence, books: dict[int, BookPage]) -> dict[int, str]:
        """How the texts of rows go on in the next one."""
        return {}

    @staticmethod
    def _record_of(book: BookPage) -> dict:
        return _record(book) | {"work_title": book.title, "grouped": True}

    def _document(
        self, row, book_url: str, record: dict, continuation: str, audiences: frozenset[Audience], with_text: bool
    ) -> SearchDocument:
        shown = with_text and row.book.text_unit == self.text_unit
        return SearchDocument(
            ref=f"{self.source}:{row.pk}",
            kind=self.source,
            title=row.heading,
            # The address of its book, made once: a row would ask Wagtail for it again.
            url=self.model.get_absolute_url(SimpleNamespace(key=row.key, book=SimpleNamespace(url=book_url))),
            audiences=audiences,
            body=row.text if shown else "",
            continuation=continuation if shown else "",
            position=row.position,
            **self._fields(row, audiences, with_text),
            **record,
        )


class SectionBuilder(PassageBuilder):
    model = Section
    source = "section"
    text_unit = BookPage.TextUnit.SECTION
    shown_columns = ("title", "identifier_id", "parent__label", "parent__title")

    def _complete(self, rows: Sequence) -> None:
        for row in rows:
            if row.parent.title is None:
                row.parent = None
            else:
                row.parent.heading = Section.heading.fget(row.parent)

    def _rows(self, rows):
        return rows.select_related("parent").defer("parent__text")

    def _fields(self, row: Section, audiences: frozenset[Audience], with_text: bool) -> dict:
        return {
            "identifier": row.identifier_id,
            "permanent_url": f"/id/{row.identifier_id}",
            "locator": row.parent.heading if row.parent else "",
            "suggest_weight": _WEIGHT_OF_SECTIONS,
        }


class LeafBuilder(PassageBuilder):
    """Leaves are found by their own text; in a book whose text is in its sections they would say it twice."""

    model = Leaf
    source = "leaf"
    text_unit = BookPage.TextUnit.LEAF
    shown_columns = ("scan_id",)

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        return (document for document in super().build(ids) if document.body)

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        return (document for document in super().show(ids) if document.body)

    def _complete(self, rows: Sequence) -> None:
        pictures = pictures_of("scan", [row.scan_id for row in rows])
        for row in rows:
            row.scan = pictures.get(row.scan_id)

    def _rows(self, rows):
        return rows.select_related("scan").prefetch_related("scan__derivatives")

    def _fields(self, row: Leaf, audiences: frozenset[Audience], with_text: bool) -> dict:
        return {
            "identifier": row.book.identifier_id,
            "locator": row.heading,
            "thumbnail": _thumbnail(row.scan, audiences) if with_text else "",
        }

    def _continuations(self, rows: Sequence[Leaf], books: dict[int, BookPage]) -> dict[int, str]:
        """The beginning of the text of each next leaf, in one query."""
        scanned = [row for row in rows if books[row.book_id].text_unit == self.text_unit]
        if not scanned:
            return {}
        # A few leaves too many where there are many books; a condition a book would cost more.
        next_to = {
            "book_id__in": {row.book_id for row in scanned},
            "position__in": {row.position + 1 for row in scanned},
        }
        following = Leaf.objects.filter(**next_to).order_by().annotate(beginning=Left(F("text"), 2 * _CONTINUATION))
        beginnings = {
            (book_id, position - 1): "".join(beginning.split(" "))[:_CONTINUATION]
            for book_id, position, beginning in following.values_list("book_id", "position", "beginning")
        }
        return {row.pk: beginnings.get((row.book_id, row.position), "") for row in rows}


class FreePageBuilder(registry.Builder):
    """Pages about the museum itself."""

    def ids(self) -> Iterator[int]:
        return FreePage.objects.live().public().order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        return set(FreePage.objects.live().public().filter(pk__in=ids).values_list("pk", flat=True))

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
                sort_title=sort_key(page.title),
                suggest_weight=_WEIGHT_OF_OTHERS,
            )
