"""Places, topics, people and series at addresses of their own: what the museum has of each.

A record of which this reader may know nothing answers as one that does not exist. Every page is a fixed number of
queries, whatever the size of the collection.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive.models import Agent, ArchivePage, PageAgent, Place, Series, Topic
from archive.models.holdings import Holdings, Tally
from archive.models.paging import MEMBERS_PAGE_SIZE, one_page, one_page_of_cards

from . import map_drawing, names_drawing
from .place_tree import branches, spots
from .ways_in import BY_DATE, Lists, groups, holdings_for, named, total

SHOWN_WORKS = 12
SPINES = 60
ROW_SIZE = 120
ABOUT_ROLES = (PageAgent.Role.DEPICTED, PageAgent.Role.SUBJECT)
"""The roles of a person whom a thing is about; in all others the person had a hand in it."""


def _found(tallies: dict[int, Tally], pk: int) -> Tally:
    if pk not in tallies:
        raise Http404
    return tallies[pk]


def _things(holdings: Holdings) -> QuerySet:
    return ArchivePage.objects.filter(locale_id=holdings.locale_id).visible_to(holdings.audience).order_by()


# --- Places ---------------------------------------------------------------------------------------------------


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """A place: what it was called, where it lies, what is above and in it, and what the museum has of it."""
    holdings = holdings_for(request)
    found = named(Place, slug, holdings)
    tallies = holdings.by_place()
    tally = _found(tallies, found.pk)
    tree = {row.pk: row for row in Place.objects.defer("description", "other_names")}
    within = Place.with_parts([found.pk])
    things = _things(holdings).in_places(within)
    context = {
        "audience": holdings.audience,
        "place": found,
        "above": _above(found, tree),
        "parts": [branch for branch in branches(tree.values(), tallies, found.pk) if branch.total],
        "names": names_drawing.draw(found.former_names.all(), timezone.localdate().year),
        "map": map_drawing.draw(_around(found, within, spots(tree.values(), tallies, here=found))),
        "groups": groups(things, tally, Lists(request, holdings.locale_id), place=found.slug),
        "total": total(tally),
    }
    return render(request, "reading/place.html", context)


def _around(place: Place, within: set[int], drawn: list[map_drawing.Spot]) -> list[map_drawing.Spot]:
    """What the map of a place shows: the place among all others or, where it is no point itself, its parts."""
    if any(spot.here for spot in drawn):
        return drawn
    return [spot for spot in drawn if spot.pk in within]


def _above(place: Place, tree: dict[int, Place]) -> list[Place]:
    """The places that this one lies in, outermost first."""
    found: list[Place] = []
    step = tree.get(place.parent_id)
    while step is not None and step not in found:
        found.insert(0, step)
        step = tree.get(step.parent_id)
    return found


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places of which there is something, as the tree that they are."""
    holdings = holdings_for(request)
    tree = Place.objects.defer("description", "other_names")
    found = branches(tree, holdings.by_place())
    return render(request, "reading/places.html", {"audience": holdings.audience, "branches": found})


# --- Topics ---------------------------------------------------------------------------------------------------


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    holdings = holdings_for(request)
    found = named(Topic, slug, holdings)
    tally = _found(holdings.by_topic(), found.pk)
    shown = groups(_things(holdings).about([found.pk]), tally, Lists(request, holdings.locale_id), topic=found.slug)
    context = {"audience": holdings.audience, "topic": found, "groups": shown, "total": total(tally)}
    return render(request, "reading/topic.html", context)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    holdings = holdings_for(request)
    return render(request, "reading/topics.html", _listed(request, holdings, Topic, holdings.by_topic()))


def _listed(request: HttpRequest, holdings: Holdings, model: type, tallies: dict[int, Tally]) -> dict:
    """The records that anything points to, by their reading, each with how many things that is."""
    rows = one_page(model.objects.filter(pk__in=tallies).order_by("slug"), request.GET.get("page", ""), ROW_SIZE)
    counted = [(row, total(tallies[row.pk])) for row in rows]
    return {"audience": holdings.audience, "rows": counted, "results": rows}


# --- People and bodies ----------------------------------------------------------------------------------------


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person or a body: when, what they made, and what there is about them."""
    holdings = holdings_for(request)
    found = named(Agent, slug, holdings)
    tally = _found(holdings.by_agent(), found.pk)
    links = PageAgent.objects.filter(agent=found)
    things = _things(holdings)
    works = things.filter(pk__in=links.exclude(role__in=ABOUT_ROLES).values("page_id"))
    about = things.filter(pk__in=links.filter(role__in=ABOUT_ROLES).values("page_id"))
    lists = Lists(request, holdings.locale_id)
    context = {
        "audience": holdings.audience,
        "person": found,
        "works": works.order_by(*BY_DATE).for_cards()[:SHOWN_WORKS],
        "about": about.order_by(*BY_DATE).for_cards()[:SHOWN_WORKS],
        "work_count": works.count(),
        "about_count": about.count(),
        "groups": groups(things.none(), tally, lists, person=found.slug),
        "total": total(tally),
    }
    return render(request, "reading/person.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    holdings = holdings_for(request)
    return render(request, "reading/people.html", _listed(request, holdings, Agent, holdings.by_agent()))


# --- Series ---------------------------------------------------------------------------------------------------


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """A series: its spines on a shelf, and the same as a catalogue, in its own order."""
    holdings = holdings_for(request)
    found = named(Series, slug, holdings)
    tally = _found(holdings.by_series(), found.pk)
    rows = _things(holdings).filter(series=found).order_by("series_position", *BY_DATE)
    context = {
        "audience": holdings.audience,
        "series": found,
        "spines": rows.only("title", "url_path", "locale_id", "slug", "content_type_id", "series_position")[:SPINES],
        "members": one_page_of_cards(rows, request.GET.get("page", ""), MEMBERS_PAGE_SIZE),
        "groups": groups(rows.none(), tally, Lists(request, holdings.locale_id), series=found.slug),
        "total": total(tally),
    }
    return render(request, "reading/series.html", context)


@require_safe
def all_series(request: HttpRequest) -> HttpResponse:
    holdings = holdings_for(request)
    return render(request, "reading/all_series.html", _listed(request, holdings, Series, holdings.by_series()))
