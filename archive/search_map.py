"""Where hits lie: draws the places of a page of results as the museum's own map is drawn."""

from collections.abc import Sequence
from dataclasses import replace

from search import registry

from .models import Place
from .reading import map_drawing
from .reading.place_tree import spots


def register() -> None:
    """Called once, when search documents are registered."""
    registry.set_place_drawer(draw)


def draw(places: Sequence[registry.PlaceHits]) -> registry.PlacesDrawn:
    """One query. Translations share slugs: the museum's own language, which came first, wins."""
    asked = {place.slug: place for place in places}
    rows = Place.objects.filter(slug__in=asked).order_by("-locale_id")
    rows = rows.only("slug", "name", "parent_id", "kind", "latitude", "longitude")
    known = list({row.slug: row for row in rows}.values())
    by_key = {row.pk: asked[row.slug] for row in known}
    drawn = spots(known, {pk: {"hits": place.count} for pk, place in by_key.items()})
    drawn = [replace(spot, address=by_key[spot.pk].url, here=by_key[spot.pk].selected) for spot in drawn]
    slugs = {row.pk: row.slug for row in known}
    return registry.PlacesDrawn(map_drawing.draw(drawn), frozenset(slugs[spot.pk] for spot in drawn))
