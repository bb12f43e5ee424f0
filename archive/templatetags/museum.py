"""What the public templates ask: the one place where a question is put to the database or to the visibility rule."""

from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from urllib.parse import parse_qsl

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page as ResultsPage
from django.db.models import Q
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.models import Collection, CollectionViewRestriction, Page

from archive.access import AccessLevel, Audience, may_see_content, may_see_record
from archive.models import (
    ArchivePage,
    ExhibitedItem,
    ExhibitionPage,
    IndexPage,
    PageAgent,
    Place,
    RelatedItem,
    Section,
    VideoPage,
)
from archive.models.holdings import Stretch
from archive.models.listings import Choice, Facet, Filters
from archive.reading.exhibits import Exhibit, Room, rooms_of
from archive.reading.years_drawing import lines_of, words_of
from archive.style_sheets import PRINT, SHEETS, TOGETHER
from media_assets.caption_tracks import cues_of
from media_assets.captions import short_clock

register = template.Library()

NEAR_LIMIT = 8
LONG_TITLE = 9
VERY_LONG_TITLE = 16
TITLE_SLIP_LIMIT = 30
SEEN_AT_ONCE = 4
"""Cards of a first list that a telephone shows before it is scrolled."""
LINE_HEIGHT = 36
"""The tallest stroke of a line of years, in the units of its drawing."""


# --- Files ----------------------------------------------------------------------------------------------------


@register.simple_tag
def stylesheet(path: str, media: str = "all") -> str:
    """A link to a style sheet that may be missing (an npm package that is not installed), or nothing."""
    if not _is_served(path):
        return ""
    return format_html('<link rel="stylesheet" href="{}" media="{}">', static(path), media)


@register.simple_tag
def style_sheets() -> str:
    """Links to the site's own sheets: to one where they were put together, else to each."""
    if TOGETHER in getattr(staticfiles_storage, "hashed_files", {}):
        return stylesheet(TOGETHER)
    links = [(static(name), "all") for name in SHEETS] + [(static(PRINT), "print")]
    return format_html_join("\n", '<link rel="stylesheet" href="{}" media="{}">', links)


@cache
def _is_served(path: str) -> bool:
    """Asked of the manifest where there is one: it is what `static` will be asked, and it raises."""
    hashed = getattr(staticfiles_storage, "hashed_files", None)
    return path in hashed if hashed else finders.find(path) is not None


# --- Who may see what -----------------------------------------------------------------------------------------


def _audience(context) -> Audience:
    return context.get("audience", Audience.PUBLIC)


def _is_preview(context) -> bool:
    return getattr(_request(context), "is_preview", False)


def _request(context):
    """The request, also inside an `include … only`, whose variables it is not among."""
    return getattr(context, "request", None) or context.get("request")


def _closed_collections(context) -> frozenset[int]:
    """The collections that Wagtail's own privacy closes; asked once a request, one query where there is none."""
    request = _request(context)
    known = getattr(request, "_closed_collections", None)
    if known is None:
        paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
        within = reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=[]))
        known = frozenset(Collection.objects.filter(within).values_list("pk", flat=True)) if paths else frozenset()
        if request is not None:
            request._closed_collections = known
    return known


def _level(context, asset) -> AccessLevel:
    """An asset's own level, that of its collection folded in, as the delivery of files has it. Scans lie in none."""
    collection = getattr(asset, "collection_id", None)
    if collection is not None and collection in _closed_collections(context):
        return AccessLevel.STAFF
    return AccessLevel(asset.access)


@register.simple_tag(takes_context=True)
def shows(context, asset) -> bool:
    """Whether this reader is shown an asset of the page at hand: the page allows it, and so does the asset."""
    if asset is None or not context.get("content_allowed"):
        return False
    return _is_preview(context) or may_see_content(_audience(context), _level(context, asset))


@dataclass(frozen=True)
class Heard:
    """The captions of a film that this reader may have, and the words of the first of them."""

    tracks: list
    language: str
    cues: list


@register.simple_tag(takes_context=True)
def heard(context, tracks: list) -> Heard:
    """Captions are documents with a level of their own. What follows the film is what the first of them say."""
    shown = [track for track in tracks if shows(context, track.document)]
    for track in shown:
        if cues := cues_of(track.document):
            return Heard(shown, track.language, cues)
    return Heard(shown, "", [])


@register.simple_tag(takes_context=True)
def shows_film(context, film: VideoPage | None) -> bool:
    """Whether a film page that a story embeds is published and may be played by this reader."""
    if film is None or not film.live or film.video is None or film.video.type != "video":
        return False
    return may_see_content(_audience(context), max(film.effective_access, _level(context, film.video)))


@register.simple_tag(takes_context=True)
def shows_card(context, item: ArchivePage) -> bool:
    """Whether this reader is shown the picture of a thing that the page at hand only points to."""
    asset, level = item.picture, item.effective_access
    return asset is not None and may_see_content(_audience(context), max(level, _level(context, asset)))


@register.simple_tag(takes_context=True)
def shows_exhibit(context, exhibit: Exhibit) -> bool:
    """Whether this reader is shown the picture of a thing in an exhibition: its page allows it, and so does the
    picture."""
    asset = exhibit.picture
    return asset is not None and may_see_content(
        _audience(context), max(exhibit.item.effective_access, _level(context, asset))
    )


@register.simple_tag(takes_context=True)
def knows_of(context, item: ArchivePage | None) -> bool:
    """Whether a page that a story names is published and this reader may know of it."""
    return item is not None and item.live and may_see_record(_audience(context), item.effective_access)


@register.inclusion_tag("components/card_picture.html", takes_context=True)
def card_picture(context, item: ArchivePage, sizes: str = "20rem", place: int | str | None = None) -> dict:
    """The picture of a card, or a title slip where there is none or this reader may not see it. `place` counts from
    1 in the first list of a page: the first few are seen at once, so they are asked for before fonts and scripts."""
    at_once = isinstance(place, int) and place <= SEEN_AT_ONCE
    return {
        "item": item,
        "asset": item.picture if shows_card(context, item) else None,
        "sizes": sizes,
        "loading": "eager" if at_once else "lazy",
        "priority": "high" if at_once else None,
    }


@register.inclusion_tag("components/title_slip.html")
def title_slip(item: ArchivePage) -> dict:
    """A plain cover with its title on a slip; a book's in the colour of its series."""
    is_book = item.kind == "book"
    colour = (item.series.colour if item.series else "indigo") if is_book else "plain"
    title = item.title.strip("《》") if is_book else item.title
    if len(title) > TITLE_SLIP_LIMIT:
        title = f"{title[: TITLE_SLIP_LIMIT - 1]}…"
    size = "longest" if len(title) > VERY_LONG_TITLE else "long" if len(title) > LONG_TITLE else "short"
    return {"title": title, "colour": colour, "size": size, "is_book": is_book}


@register.inclusion_tag("components/access_mark.html")
def access_mark(item) -> dict:
    """「馆内」 or 「内部」 beside the title of what is not open to everyone; nothing for what is."""
    level = AccessLevel(item.effective_access)
    return {"level": "" if level is AccessLevel.OPEN else level.name.lower().replace("_", "-"), "label": level.label}


# --- What stands around a thing -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Links:
    """The authority records of a thing, and what it won."""

    places: list
    topics: list
    agents: list[PageAgent]
    depicted: list[PageAgent]
    awards: list


@register.simple_tag
def catalogue_links(page: ArchivePage) -> Links:
    """Four queries. Depicted people are left to the page of the photograph, which names them in order."""
    agents = list(page.page_agents.select_related("agent"))
    shown = [link for link in agents if page.kind == "photo" and link.role == PageAgent.Role.DEPICTED]
    return Links(
        places=[link.place for link in page.page_places.select_related("place")],
        topics=[link.topic for link in page.page_topics.select_related("topic")],
        agents=[link for link in agents if link not in shown],
        depicted=shown,
        awards=list(page.awards.all()),
    )


@register.filter
def places_of(item: ArchivePage) -> list[Place]:
    """The places of a thing in its own order; no query when it came from ``for_cards()``."""
    return [link.place for link in item.page_places.all()]


@register.simple_tag
def film_details(film: VideoPage) -> dict:
    """The credits of a film and its play counts elsewhere, in two queries."""
    return {"credits": list(film.credits.all()), "plays": list(film.plays.all())}


@register.simple_tag(takes_context=True)
def exhibition_rooms(context, page: ExhibitionPage) -> list[Room]:
    """The rooms of an exhibition with what this reader may know of; see `rooms_of` for the queries."""
    return rooms_of(page, _audience(context))


@register.simple_tag(takes_context=True)
def room_address(context, page: ExhibitionPage, room: Room) -> str:
    """Where a room is read: its own page, or its place on the page at hand while that is a draft."""
    is_draft = "share_link" in context or _is_preview(context)
    return f"#room-{room.number}" if is_draft else page.room_address(room.number)


@register.simple_tag
def trail(page: Page) -> list[Page]:
    """The live pages above this one that a reader can go back to, outermost first."""
    if not page.path:
        return []
    return list(page.get_ancestors().live().filter(depth__gt=2))


@register.simple_tag(takes_context=True)
def nearby(context, page: ArchivePage) -> dict:
    """What an editor related to this thing, on its own page or on the other's, and what stands beside it in its
    series, and the exhibitions that show it; all of it visible here.

    The cards of all are fetched together.
    """
    if page.pk is None:
        return {}
    visible = ArchivePage.objects.visible_to(_audience(context)).exclude(pk=page.pk).order_by()
    shelf = visible.none()
    if page.series_id:
        shelf = visible.filter(series=page.series_id, locale_id=page.locale_id)
        if page.series_position is not None:
            shelf = shelf.filter(series_position__gt=max(page.series_position - NEAR_LIMIT // 2, 0) - 1)
    rows = [
        visible.filter(related_from__page=page).order_by("related_from__sort_order"),
        shelf.order_by("series_position", "pk"),
    ]
    named, beside = (list(found.values_list("pk", flat=True)[:NEAR_LIMIT]) for found in rows)
    naming, showing = _naming_and_showing(page, visible)
    related = list(dict.fromkeys([*named, *naming]))[:NEAR_LIMIT]
    cards = ArchivePage.objects.for_cards().in_bulk({*related, *beside, *showing})
    return {
        "related": [cards[pk] for pk in related],
        "shelf": [cards[pk] for pk in beside],
        "showing": [cards[pk] for pk in showing],
    }


def _naming_and_showing(page: ArchivePage, visible) -> tuple[list[int], list[int]]:
    """The pages that name this one as related, and the exhibitions that show it, the newest first. One query."""
    shows = ExhibitedItem.objects.filter(item=page).values("exhibition_id")
    names = RelatedItem.objects.filter(related=page).values("page_id")
    rows = visible.filter(Q(pk__in=names) | Q(pk__in=shows)).order_by("-first_published_at", "pk")
    marked = rows.annotate(shows=Q(pk__in=shows)).values_list("pk", "shows")[: 2 * NEAR_LIMIT]
    found = [[pk for pk, is_shown in marked if is_shown is shown][:NEAR_LIMIT] for shown in (False, True)]
    return found[0], found[1]


@register.filter
def is_within(page: Page | None, above: Page) -> bool:
    """Whether a page stands somewhere beneath another; the error pages have none."""
    return bool(page) and page.path.startswith(above.path)


@register.filter
def with_parts(sections: list[Section]) -> list[tuple[Section, list[Section]]]:
    """A table of contents in two levels: each section at the top with the ones beneath it."""
    tree: list[tuple[Section, list[Section]]] = []
    for section in sections:
        if section.depth > 1 and tree:
            tree[-1][1].append(section)
        else:
            tree.append((section, []))
    return tree


# --- Lists ----------------------------------------------------------------------------------------------------


@register.simple_tag
def page_address(query: str, number: int) -> str:
    """The address of one page of a listing: its filters ("?…" or "?") and the number, which page 1 leaves out."""
    if number == 1:
        return query or "?"
    return f"{query}{'&' if len(query) > 1 else '' if query else '?'}page={number}"


@register.simple_tag
def address_of(page: Page | None) -> str:
    """The address of a page that may not be there."""
    return page.get_url() or "" if page else ""


@register.simple_tag
def index_of(indexes: list[IndexPage], kind: str) -> IndexPage | None:
    """The index page of a kind of thing, among rows that may be of the general type."""
    return next((index for index in indexes if index.specific_class.museum_kind == kind), None)


@register.simple_tag
def sort_links(filters: Filters) -> list[Choice]:
    """The orders of a listing, the one in force marked."""
    orders = [("new", _("新入馆")), ("date", _("年代由早到晚")), ("-date", _("年代由晚到早")), ("title", _("题名音序"))]
    return [Choice(label, 0, filters.query(sort=sort), filters.sort == sort) for sort, label in orders]


@register.simple_tag
def hidden_filters(filters: Filters) -> str:
    """What a form about the years alone must carry along."""
    pairs = parse_qsl(filters.query(year_from=None, year_to=None).removeprefix("?"))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def page_numbers(results: ResultsPage) -> list:
    """The numbers worth offering; the paginator's own sign of omission between them."""
    return list(results.paginator.get_elided_page_range(results.number, on_each_side=2, on_ends=1))


@register.inclusion_tag("components/years_line.html")
def years_line(facets: list[Facet]) -> dict:
    """The periods of a listing as a hairline: each a stroke as tall as the things in it are many."""
    facet = next((facet for facet in facets if facet.name == "years"), None)
    most = max((choice.count for choice in facet.choices), default=0) if facet else 0
    strokes = [
        {"choice": choice, "height": (height := max(2, round(LINE_HEIGHT * choice.count / most))),
         "top": LINE_HEIGHT - height}
        for choice in (facet.choices if facet else [])
    ]  # fmt: skip
    return {"facet": facet, "strokes": strokes, "line_height": LINE_HEIGHT}


@register.inclusion_tag("components/decades.html")
def decades(stretches: list[Stretch]) -> dict:
    """The museum's years as a hairline; asks nothing."""
    most = max((sum(stretch.tally.values()) for stretch in stretches), default=0)
    strokes = []
    for stretch in stretches:
        total = sum(stretch.tally.values())
        height = max(2, round(LINE_HEIGHT * total / most))
        years = {"first_year": stretch.first_year, "lines": lines_of(stretch), "words": words_of(stretch)}
        strokes.append(years | {"total": total, "height": height, "top": LINE_HEIGHT - height})
    return {"strokes": strokes, "height": LINE_HEIGHT}


@register.filter
def in_column(facets: list[Facet]) -> list[Facet]:
    """The filters of the column: all but the years, which have a line of their own."""
    return [facet for facet in facets if facet.name != "years"]


# --- Words ----------------------------------------------------------------------------------------------------


@register.filter
def running_time(seconds: float | None) -> str:
    """How long a film runs: 「1 小时 2 分」, 「8 分 3 秒」; empty when it is not known."""
    if not seconds:
        return ""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": left}
    return _("%(seconds)s 秒") % {"seconds": left}


@register.filter
def clock(seconds: float) -> str:
    """`1:20`, `1:02:03`"""
    return short_clock(seconds)


@register.filter
def grouped(number: int) -> str:
    """A number as it is printed: 128,405."""
    return f"{number:,}"


@register.filter
def poster(film) -> str:
    """The address of a film's still, or nothing."""
    still = film.fitting(960) if film is not None else None
    return still.url if still is not None else ""


@register.filter
def largest_address(picture) -> str:
    """The address of the largest picture there is of a scan, or nothing."""
    largest = picture.largest() if picture is not None else None
    return largest.url if largest is not None else ""
