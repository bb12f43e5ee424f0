"""Places as the tree that they are, with what the museum has of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from archive.models import Place
from archive.models.holdings import DEEPEST_PLACE, Tally

from .map_drawing import Spot


@dataclass
class Branch:
    """A place, how many things it has with its parts, and the parts that have any."""

    place: Place
    total: int
    parts: list["Branch"] = field(default_factory=list)


def branches(places: Iterable[Place], tallies: dict[int, Tally], above: int | None = None) -> list[Branch]:
    """The places directly beneath `above` (None: at the top), with those beneath them; empty ones are left out."""
    children: dict[int | None, list[Place]] = {}
    for place in places:
        children.setdefault(place.parent_id, []).append(place)
    return _grown(children, tallies, above, 0)


def _grown(children: dict, tallies: dict[int, Tally], above: int | None, depth: int) -> list[Branch]:
    if depth > DEEPEST_PLACE:
        return []
    return [
        Branch(place, sum(tallies[place.pk].values()), _grown(children, tallies, place.pk, depth + 1))
        for place in children.get(above, ())
        if place.pk in tallies
    ]


def spots(places: Iterable[Place], tallies: dict[int, Tally], here: Place | None = None) -> list[Spot]:
    """The places to draw: those with a position and with things. A place whose parts are drawn is no point among
    them but what they lie in, unless it is the one that the page is about."""
    rows = [place for place in places if place.pk in tallies and place.latitude is not None]
    rows = [place for place in rows if place.longitude is not None]
    whole = {place.parent_id for place in rows if place.kind == Place.Kind.TOWN}
    return [
        Spot(
            place.pk,
            place.name,
            float(place.latitude),
            float(place.longitude),
            sum(tallies[place.pk].values()),
            reverse("place", args=[place.slug]),
            place.parent_id,
            here is not None and place.pk == here.pk,
        )
        for place in rows
        if place.pk not in whole
    ]
