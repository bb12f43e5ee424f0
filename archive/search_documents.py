"""What is found: builders that turn pages, sections and leaves into search documents, each for its audiences.

An open thing is one document for both audiences. An on-site thing is two: its record for the public, and its record
with its text for the reading room. Staff things, drafts and withdrawn things are none.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from django.core import checks
from django.db.models import Prefetch, prefetch_related_objects
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from archive.access import AccessLevel, audience_of, client_address
from archive.access import Audience as Reader
from search import registry
from search.documents import Audience, SearchDocument

from . import search_facets, search_map, search_names, search_works
from .models import (
    ArchivePage,
    BookPage,
    FreePage,
    HomePage,
    IndexPage,
    Leaf,
    PageAgent,
    VideoPage,
)
from .models.museum_page import MuseumPageMixin
from .models.slugs import sort_key
from .models.story_blocks import words_in
from .search_passages import LeafBuilder, SectionBuilder, leaf_before_changes
from .search_records import BOTH, RECORD, for_audiences, record_of, thumbnail_of
from .search_shown import Addresses, ShownPicture, names_of, pictures_of, places_of, texts_of, type_of

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
    "exhibition": _("专题"),
    "page": _("页面"),
    "place": _("地方"),
    "person": _("人物与机构"),
}
# What is offered while a reader types, the heavier the earlier.
_WEIGHTS = {"book": 6, "video-series": 4, "album": 4, "column": 4, "exhibition": 4}
_WEIGHT_OF_OTHERS = 3
# Types of page that are ways to other things and hold no words of their own to be found.
_NOT_FOUND = (HomePage, IndexPage)
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
    search_map.register()
    search_works.register()
    for signal in (post_save, post_delete):
        signal.connect(leaf_before_changes, sender=Leaf, dispatch_uid="archive.search_documents")
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


def search_audience(request: HttpRequest) -> Audience:
    """Staff search the public index as the reading room does; drafts and staff things are found in the CMS."""
    reader = audience_of(request)
    return Audience.PUBLIC if reader is Reader.PUBLIC else Audience.READING_ROOM


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


_NAMES = ("page_places__place__former_names", Prefetch("page_agents", PageAgent.objects.select_related("agent")))
_PICTURES = ("lead_image__derivatives", "poster_video__derivatives", "cover_document__derivatives")
# The columns of which the page of results shows a page.
_SHOWN_OF_PAGES = (
    *("title", "other_titles", "description", "credit", "source", "date_written"),
    *("url_path", "identifier_id", "effective_access", "content_type_id", "lead_image_id", "poster_video_id"),
    "cover_document_id",
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
        prefetch_related_objects(pages, "series", *RECORD, *_NAMES, *_PICTURES)
        prefetch_related_objects([page for page in pages if isinstance(page, VideoPage)], "credits")
        for page in pages:
            yield from for_audiences(page.effective_access, partial(self._document, page))

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = list(self._shown().filter(pk__in=ids).order_by("pk").values("pk", *_SHOWN_OF_PAGES))
        addresses, texts, places = Addresses(), texts_of(rows), places_of([row["pk"] for row in rows])
        images = pictures_of("image", [row["lead_image_id"] for row in rows])
        stills = pictures_of("video", [row["poster_video_id"] for row in rows])
        covers = pictures_of("document", [row["cover_document_id"] for row in rows])
        for row in rows:
            url, kind = addresses.of(row["url_path"]), type_of(row["content_type_id"]).museum_kind
            if kind in KINDS and url:
                picture = images.get(row["lead_image_id"]) or stills.get(row["poster_video_id"])
                picture = picture or covers.get(row["cover_document_id"])
                given = (row, kind, url, places.get(row["pk"], ()), texts.get(row["pk"], ""), picture)
                yield from for_audiences(row["effective_access"], partial(self._shown_document, *given))

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
            thumbnail=thumbnail_of(picture, audiences) if with_text else "",
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
            thumbnail=thumbnail_of(page.picture, audiences) if with_text else "",
            grouped=isinstance(page, BookPage),
            position=0,
            suggest_weight=_WEIGHTS.get(page.museum_kind, _WEIGHT_OF_OTHERS),
            **record_of(page),
        )


class FreePageBuilder(registry.Builder):
    """Pages about the museum itself."""

    def ids(self) -> Iterator[int]:
        return FreePage.objects.live().public().order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        return set(FreePage.objects.live().public().filter(pk__in=ids).values_list("pk", flat=True))

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        for page in filter(Page.get_url, FreePage.objects.live().public().filter(pk__in=ids)):
            yield SearchDocument(
                ref=f"free-page:{page.pk}",
                work=f"free-page-{page.pk}",
                kind="page",
                title=page.title,
                url=page.get_url(),
                identifier="",
                audiences=BOTH,
                body="\n".join(words_in(page.body)),
                sort_title=sort_key(page.title),
                suggest_weight=_WEIGHT_OF_OTHERS,
            )
