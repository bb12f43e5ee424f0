"""Places and people as search knows them: offered while a reader types, and found under every name that they had.

They are suggestions and no results: what is found are the things that name them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.signals import post_delete, post_save
from django.urls import reverse

from archive.access import AccessLevel
from search import registry
from search.documents import Audience, SearchDocument
from search.indexing import enqueue
from search.text.folding import fold

from .models import Agent, ArchivePage, Place, PlaceName
from .models.authorities import AuthorityRecord
from .models.slugs import sort_key

_WEIGHT = 5
_NAMES_KEY = "archive.search_names.places"
_NAMES_KEPT = 60  # seconds; other processes see a changed name that much later
_SHORTEST_NAME = 2  # characters: a name of one character would add half the museum


def register() -> None:
    """Called once, when search documents are registered."""
    registry.register("place", PlaceBuilder())
    registry.register("agent", AgentBuilder())
    registry.register_expansions("place", other_place_names)
    uid = "archive.search_names"
    for signal in (post_save, post_delete):
        signal.connect(_place_changed, sender=Place, dispatch_uid=uid)
        signal.connect(_place_name_changed, sender=PlaceName, dispatch_uid=uid)
        signal.connect(_agent_changed, sender=Agent, dispatch_uid=uid)


def _place_changed(sender, instance: Place, **kwargs) -> None:
    cache.delete(_NAMES_KEY)
    enqueue("place", [instance.pk])


def _place_name_changed(sender, instance: PlaceName, **kwargs) -> None:
    cache.delete(_NAMES_KEY)
    enqueue("place", [instance.place_id])


def _agent_changed(sender, instance: Agent, **kwargs) -> None:
    enqueue("agent", [instance.pk])


class NameBuilder:
    """What places and people have in common. Which of them may be offered is decided when they are: whether one is
    named by anything in public view changes with every publication."""

    model: type[AuthorityRecord]
    source = ""
    kind = ""

    def ids(self) -> Iterator[int]:
        return self.model.objects.order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        shown = ArchivePage.objects.filter(live=True, effective_access__lt=AccessLevel.STAFF).order_by()
        rows = self.model.objects.filter(Exists(self._named_by(shown)), pk__in=ids)
        return set(rows.order_by().values_list("pk", flat=True))

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        for record in self._rows().filter(pk__in=ids):
            yield SearchDocument(
                ref=f"{self.source}:{record.pk}",
                work=f"{self.source}:{record.pk}",
                kind=self.kind,
                title=record.name,
                other_titles=tuple(self._other_names(record)),
                url=reverse(self.kind, args=[record.slug]),
                identifier="",
                audiences=frozenset(Audience),
                sort_title=sort_key(record.name),
                suggest_weight=_WEIGHT,
                suggest_only=True,
            )

    def _rows(self) -> QuerySet:
        return self.model.objects.all()

    def _named_by(self, shown: QuerySet) -> QuerySet:
        raise NotImplementedError

    def _other_names(self, record: AuthorityRecord) -> Iterable[str]:
        return record.all_names[1:]


class PlaceBuilder(NameBuilder):
    model = Place
    source = "place"
    kind = "place"

    def _rows(self) -> QuerySet:
        return Place.objects.prefetch_related("former_names")

    def _named_by(self, shown: QuerySet) -> QuerySet:
        """A place is named by what belongs to it or to a place within it, two levels down."""
        here = OuterRef("pk")
        place = "page_places__place"
        return shown.filter(
            Q(**{place: here}) | Q(**{f"{place}__parent": here}) | Q(**{f"{place}__parent__parent": here})
        )

    def _other_names(self, record: Place) -> Iterable[str]:
        former = (name.name for name in record.former_names.all())
        return dict.fromkeys([*record.all_names[1:], *former])


class AgentBuilder(NameBuilder):
    model = Agent
    source = "agent"
    kind = "person"

    def _named_by(self, shown: QuerySet) -> QuerySet:
        return shown.filter(page_agents__agent=OuterRef("pk"))


def other_place_names(words: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The present and former names of the places that folded words name exactly, without the word itself and without
    names that hold it: who looks for 石龙 finds 石龙圩 anyway."""
    names = cache.get(_NAMES_KEY)
    if names is None:
        names = _read_names()
        cache.set(_NAMES_KEY, names, _NAMES_KEPT)
    found = {}
    for word in words:
        others = tuple(name for name in names.get(word, ()) if word not in fold(name))
        if others:
            found[word] = others
    return found


def _read_names() -> dict[str, tuple[str, ...]]:
    """By each folded name of a place, all names that the places of that name have or had."""
    by_place: dict[int, list[str]] = {pk: [name] for pk, name in Place.objects.order_by("pk").values_list("pk", "name")}
    for place_id, name in PlaceName.objects.order_by("pk").values_list("place_id", "name"):
        by_place[place_id].append(name)
    by_name: dict[str, dict[str, None]] = {}
    for names in by_place.values():
        long_enough = [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST_NAME]
        for name in long_enough if len(long_enough) > 1 else ():
            by_name.setdefault(fold(name), {}).update(dict.fromkeys(long_enough))
    return {name: tuple(others) for name, others in by_name.items()}
