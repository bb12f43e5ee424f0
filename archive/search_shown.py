"""What a page of results shows of the things that were found, read from few columns and as they are now.

`search_documents` builds whole documents for the index, from whole pages. A reader waits for a page of results, so
that here twenty things cost a handful of narrow queries. Both decide by the same rule what anybody may see.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from wagtail.models import Page

from media_assets.models import Derivative
from media_assets.models.asset import PicturedAsset

from .models import (
    ArchivePage,
    BookPage,
    ExhibitionPage,
    PageAgent,
    PagePlace,
    PageTopic,
    PhotoPage,
    PlaceName,
    StoryPage,
    VideoPage,
)
from .models.authorities import AuthorityRecord

# What `text_for_search` reads of each type of page; a column that is missing here is fetched when it is asked for.
_TEXT_COLUMNS = {
    BookPage: ("compilers", "publisher", "isbn", "volume"),
    PhotoPage: ("caption", "photographer", "shot_at", "people_shown"),
    StoryPage: ("byline", "body"),
    ExhibitionPage: ("curators", "rooms"),
    VideoPage: ("season", "episode", "transcript"),
}
_FORMAT = "jpeg"


class Addresses:
    """The addresses of pages by their paths in the tree, without a page object for each."""

    def __init__(self) -> None:
        self._page = Page()
        self._known: dict[str, str] = {}

    def of(self, url_path: str) -> str:
        """The address, or nothing for a path outside the site's tree."""
        if url_path not in self._known:
            self._page.url_path = url_path
            self._known[url_path] = self._page.get_url() or ""
        return self._known[url_path]


def as_object(row: dict) -> SimpleNamespace:
    """A row of `values()` with attributes, so that properties of its model can be asked of it: `book__title` is
    `book.title`."""
    made = SimpleNamespace()
    for name, value in row.items():
        relation, nested, column = name.partition("__")
        if not nested:
            setattr(made, name, value)
        else:
            setattr(made.__dict__.setdefault(relation, SimpleNamespace()), column, value)
    return made


def places_of(page_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The slugs of the places of each page, in their order."""
    links = PagePlace.objects.filter(page_id__in=page_ids).order_by("page_id", "sort_order")
    return _grouped(links.values_list("page_id", "place__slug"))


def texts_of(pages: Iterable[dict]) -> dict[int, str]:
    """What each page says beyond its record. `pages` are rows with `pk` and `content_type_id`."""
    by_type: dict[type[ArchivePage], list[int]] = defaultdict(list)
    for page in pages:
        by_type[type_of(page["content_type_id"])].append(page["pk"])
    texts: dict[int, str] = {}
    for model, ids in by_type.items():
        if model.text_for_search is not ArchivePage.text_for_search:
            texts |= {page.pk: page.text_for_search() for page in _with_text(model).filter(pk__in=ids)}
    return texts


def _with_text(model: type[ArchivePage]) -> QuerySet:
    rows = model.objects.order_by()
    if model in _TEXT_COLUMNS:
        rows = rows.only(*_TEXT_COLUMNS[model])
    return rows.prefetch_related("credits") if model is VideoPage else rows


def type_of(content_type_id: int) -> type[ArchivePage]:
    """The type of page that a content type names; the spine itself for one whose code is gone."""
    return ContentType.objects.get_for_id(content_type_id).model_class() or ArchivePage


def names_of(page_ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
    """The names that pages are found by besides their titles: of people, of places, and of topics and series."""
    links = {"page_id__in": page_ids}
    agents = PageAgent.objects.filter(**links).order_by("page_id", "sort_order")
    people = _named(agents.values("page_id", name=F("agent__name"), other_names=F("agent__other_names")))
    topics = PageTopic.objects.filter(**links).order_by("page_id", "sort_order")
    subjects = _named(topics.values("page_id", name=F("topic__name"), other_names=F("topic__other_names")))
    series = ArchivePage.objects.filter(pk__in=page_ids, series__isnull=False).order_by()
    for page_id, name in series.values_list("pk", "series__name"):
        subjects[page_id].append(name)
    places = _place_names(page_ids)
    groups = (people, places, subjects)
    return {page_id: tuple(tuple(dict.fromkeys(group[page_id])) for group in groups) for page_id in page_ids}


def _place_names(page_ids: Sequence[int]) -> dict[int, list[str]]:
    links = PagePlace.objects.filter(page_id__in=page_ids).order_by("page_id", "sort_order")
    rows = list(links.values("page_id", "place_id", name=F("place__name"), other_names=F("place__other_names")))
    former = PlaceName.objects.filter(place_id__in={row["place_id"] for row in rows}).order_by("place_id", "sort_order")
    former_names = _grouped(former.values_list("place_id", "name"))
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        names[row["page_id"]] += [*_all_names(row), *former_names.get(row["place_id"], ())]
    return names


def _named(rows: Iterable[dict]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        names[row["page_id"]] += _all_names(row)
    return names


def _all_names(row: dict) -> list[str]:
    """`AuthorityRecord.all_names`, of a row that is no record."""
    return AuthorityRecord.all_names.fget(SimpleNamespace(**row))


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as the thumbnail of a result needs it: its own level, and its sizes in JPEG, smallest first."""

    access: int
    sizes: tuple[SimpleNamespace, ...]

    def derivatives_in(self, image_format: str) -> tuple[SimpleNamespace, ...]:
        """See `PicturedAsset`."""
        return self.sizes

    fitting = PicturedAsset.fitting


def pictures_of(owner: str, ids: Iterable[int | None]) -> dict[int, ShownPicture]:
    """The pictures of assets by their ids, in one query, and in none without assets.

    `owner` says what the assets are: "image", "scan", "video" or "document".
    """
    wanted = {asset_id for asset_id in ids if asset_id}
    if not wanted:
        return {}
    rows = Derivative.objects.pictures().filter(**{f"{owner}_id__in": wanted}, format=_FORMAT).order_by("width")
    sizes: dict[tuple[int, int], list[SimpleNamespace]] = defaultdict(list)
    for row in rows.values("key", "format", "width", asset_id=F(f"{owner}_id"), access=F(f"{owner}__access")):
        size = SimpleNamespace(**row)
        size.checked_url = Derivative.checked_url.fget(size)
        sizes[size.asset_id, size.access].append(size)
    return {asset_id: ShownPicture(access, tuple(found)) for (asset_id, access), found in sizes.items()}


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return {key: tuple(values) for key, values in grouped.items()}
