"""What readers call the values of the facets, kept in each process until a name changes.

A page of results names a hundred places, topics and series. There are some thousands of them in all, and they hardly
ever change: they are read once, and again when the mark in the shared cache says so.
"""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save

from search import registry

from .models import Place, Series, Topic
from .models.authorities import AuthorityRecord

_MARK = "archive.search_facets"
_KEPT = 60  # seconds; a change that sends no signal is seen that much later
_MODELS = {"place": Place, "topic": Topic, "series": Series}


def register() -> None:
    """Called once, when search documents are registered."""
    names = _Names()
    for facet, model in _MODELS.items():
        registry.register_labels(facet, partial(names.labels, facet))
        for signal in (post_save, post_delete):
            signal.connect(_forget, sender=model, dispatch_uid=_MARK)
    registry.register_parents("place", names.parents)


def _forget(sender: type[AuthorityRecord], **kwargs) -> None:
    cache.delete(_MARK)


class _Names:
    """The names of every value of every facet by slug, and the slug of the place that each place lies in."""

    def __init__(self) -> None:
        self._mark: str | None = None
        self._names: dict[str, dict[str, str]] = {}
        self._above: dict[str, str] = {}

    def labels(self, facet: str, slugs: Sequence[str]) -> Mapping[str, str]:
        names = self._current()[0][facet]
        return {slug: names[slug] for slug in slugs if slug in names}

    def parents(self, slugs: Sequence[str]) -> Mapping[str, str]:
        above = self._current()[1]
        return {slug: above[slug] for slug in slugs if slug in above}

    def _current(self) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """As of the mark that all processes share. Two threads at once may both read them, and the second one stays."""
        mark = cache.get(_MARK)
        if mark is None or mark != self._mark:
            # Marked before the reading: a change that comes meanwhile takes the mark away again.
            mark = mark or uuid.uuid4().hex
            cache.add(_MARK, mark, _KEPT)
            # Translations share slugs: the museum's own language, which came first, wins.
            rows = {facet: model.objects.order_by("-locale_id") for facet, model in _MODELS.items()}
            names = {facet: dict(found.values_list("slug", "name")) for facet, found in rows.items()}
            above = rows["place"].filter(parent__isnull=False).values_list("slug", "parent__slug")
            self._names, self._above = names, dict(above)
            self._mark = mark
        return self._names, self._above
