"""The ways in that no single thing has: the line of years, the map, and the page that leads to all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.models import Agent, Place, Series, Topic
from archive.models.holdings import Tally

from . import map_drawing, years_drawing
from .place_tree import branches, spots
from .ways_in import Lists, holdings_for, total

SHOWN_NAMES = 60


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """All dated things of the museum by decade and kind, drawn and as a table."""
    holdings = holdings_for(request)
    lists = Lists(request, holdings.locale_id)

    def address(kind: str, first: int, last: int) -> str:
        return lists.address(kind, year_from=first, year_to=last)

    drawing = years_drawing.draw(holdings.by_decade(), address)
    return render(request, "reading/timeline.html", {"audience": holdings.audience, "years": drawing})


@require_safe
def place_map(request: HttpRequest) -> HttpResponse:
    """The places where they lie, and beside the drawing the same as a list."""
    holdings = holdings_for(request)
    tallies = holdings.by_place()
    tree = list(Place.objects.defer("description", "other_names"))
    context = {
        "audience": holdings.audience,
        "map": map_drawing.draw(spots(tree, tallies)),
        "branches": branches(tree, tallies),
    }
    return render(request, "reading/map.html", context)


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """By place, topic, series, person and year: as much of each as one page holds."""
    holdings = holdings_for(request)
    tree = Place.objects.defer("description", "other_names")
    lists = Lists(request, holdings.locale_id)

    def address(kind: str, first: int, last: int) -> str:
        return lists.address(kind, year_from=first, year_to=last)

    context = {
        "audience": holdings.audience,
        "branches": branches(tree, holdings.by_place()),
        "topics": _most(Topic, holdings.by_topic()),
        "series_rows": _most(Series, holdings.by_series()),
        "people": _most(Agent, holdings.by_agent()),
        "years": years_drawing.draw(holdings.by_decade(), address),
    }
    return render(request, "reading/browse.html", context)


def _most(model: type, tallies: dict[int, Tally]) -> list[tuple]:
    """The records with most things, each with their number; those of equal number in the order of their reading."""
    most = sorted(tallies, key=lambda pk: -total(tallies[pk]))[:SHOWN_NAMES]
    rows = sorted(model.objects.filter(pk__in=most), key=lambda row: (-total(tallies[row.pk]), row.slug))
    return [(row, total(tallies[row.pk])) for row in rows]
