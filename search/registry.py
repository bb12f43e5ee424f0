"""Where the museum tells search what can be found: lower layers own the registry, upper ones register into it."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .documents import Audience, SearchDocument, check_disjoint, split_ref

logger = logging.getLogger(__name__)

_DECADE = re.compile(r"-?\d{1,4}")


@dataclass(frozen=True, slots=True)
class PlaceHits:
    """A value of the facet "place" with its number of hits, and the address that chooses it or gives it up."""

    slug: str
    label: str
    count: int
    url: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class PlacesDrawn:
    """A drawing for the template `components/map.html`, or None, and the slugs of what is on it."""

    drawing: object | None = None
    on_it: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """What a work is called, and where it is."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a work with the number of passages that were found in it. `label` is its number in the work."""

    title: str
    url: str
    count: int
    label: str = ""


class Builder(Protocol):
    """Makes the documents of one source, for example every page or every section."""

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        """The documents of those of `ids` that may be found now; unknown and invisible ids give nothing.

        Called while indexing, two hundred at a time, so it costs a fixed number of queries.
        """

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        """As `build`, with as little as a page of results shows, as it is now: what is only searched for (other
        names, years, weights) may be missing, and nothing may be there that `build` would leave out.

        Called for every page of results: few and narrow queries.
        """
        return self.build(ids)

    def names(self, ids: Sequence[int]) -> Mapping[int, Sequence[Sequence[str]]]:
        """Groups of names by which those of `ids` are found besides what `show` gives: of people, places, subjects.

        Asked for when the words that were looked for are in nothing else that is shown.
        """
        return {}

    def ids(self) -> Iterator[int]:
        """Every id that may have a document, streamed in ascending order."""

    def public(self, ids: Sequence[int]) -> set[int]:
        """Those of `ids` whose record anybody may see now, in one query; asked before a title is suggested."""


_builders: dict[str, Builder] = {}
_kinds: dict[str, object] = {}
_labellers: dict[str, Callable[[Sequence[str]], Mapping[str, str]]] = {}
_parents: dict[str, Callable[[Sequence[str]], Mapping[str, str]]] = {}
_expanders: dict[str, Callable[[Sequence[str]], Mapping[str, Sequence[str]]]] = {}
_place_drawers: list[Callable[[Sequence[PlaceHits]], PlacesDrawn]] = []
_works: list[tuple[Callable, Callable]] = []
_audience_resolvers: list[Callable[[HttpRequest], Audience]] = []
_client_resolvers: list[Callable[[HttpRequest], object]] = []


def register(source: str, builder: Builder) -> None:
    """Let `builder` make the documents of `source`. Another builder for the same source is an error."""
    split_ref(f"{source}:0")
    _register_once(_builders, source, builder)


def register_kind(kind: str, label) -> None:
    """Name a kind for readers; kinds are offered in the order of their registration."""
    _register_once(_kinds, kind, label)


def register_labels(facet: str, labels: Callable[[Sequence[str]], Mapping[str, str]]) -> None:
    """Let `labels` name the values of the facet "place", "topic" or "series": slugs to names."""
    _register_once(_labellers, facet, labels)


def register_parents(facet: str, parents: Callable[[Sequence[str]], Mapping[str, str]]) -> None:
    """Let `parents` say under which value of the facet another one lies: villages under towns, by their slugs."""
    _register_once(_parents, facet, parents)


def register_expansions(name: str, expander: Callable[[Sequence[str]], Mapping[str, Sequence[str]]]) -> None:
    """Let `expander` say by which other names the things are known that folded words name."""
    _register_once(_expanders, name, expander)


def set_place_drawer(drawer: Callable[[Sequence[PlaceHits]], PlacesDrawn]) -> None:
    """Let `drawer` draw places where they lie; without one nothing is drawn."""
    _place_drawers[:] = [drawer]


def draw_places(places: Sequence[PlaceHits]) -> PlacesDrawn:
    """The drawing of these places."""
    return _place_drawers[0](places) if _place_drawers else PlacesDrawn()


def set_works(
    names: Callable[[Sequence[str]], Mapping[str, Work]], chapters: Callable[[str, Sequence[str]], Sequence[Chapter]]
) -> None:
    """Let `names` tell of works whose record anybody may see, and `chapters` in which of its chapters the refs of a
    work stand."""
    _works[:] = [(names, chapters)]


def works_of(names: Sequence[str]) -> Mapping[str, Work]:
    """Those of these works that the public may know of."""
    return _works[0][0](names) if _works else {}


def chapters_of(work: str, refs: Sequence[str]) -> Sequence[Chapter]:
    """The chapters of a work that hold any of `refs`, in order."""
    return _works[0][1](work, refs) if _works else ()


def set_client_resolver(resolver: Callable[[HttpRequest], object]) -> None:
    """Let `resolver` say from which address a request comes; without one it is that of the connection."""
    _client_resolvers[:] = [resolver]


def client_of(request: HttpRequest) -> str:
    """The address that `request` comes from, or "" when nobody can know."""
    address = _client_resolvers[0](request) if _client_resolvers else request.META.get("REMOTE_ADDR")
    return str(address or "")


def set_audience_resolver(resolver: Callable[[HttpRequest], Audience]) -> None:
    """Let `resolver` say for which audience a request is answered; without one everybody is the public."""
    _audience_resolvers[:] = [resolver]


def audience_of(request: HttpRequest) -> Audience:
    """The audience that `request` is answered for."""
    return _audience_resolvers[0](request) if _audience_resolvers else Audience.PUBLIC


def sources() -> tuple[str, ...]:
    """The registered sources, in the order of registration."""
    return tuple(_builders)


def kinds() -> dict[str, str]:
    """The registered kinds with their labels in the language of the reader."""
    return {kind: str(label) for kind, label in _kinds.items()}


def kind_order() -> list[str]:
    """The registered kinds in the order in which they are offered."""
    return list(_kinds)


def labels_of(facet: str, values: Sequence[str]) -> dict[str, str]:
    """A label for each of `values` of a facet; a value that nobody can name stands for itself."""
    makers = {"kind": kinds, "decade": lambda: decade_labels(values)}
    known = makers.get(facet, dict)() if values else {}
    if facet in _labellers and values:
        known = {value: str(label) for value, label in _labellers[facet](values).items()}
    return {value: known.get(value, value) for value in values}


def decade_labels(values: Sequence[str]) -> dict[str, str]:
    """Decades in words. Years are counted with a year 0, which is the first before our era."""
    # The words are looked up once: a page of results has thirty decades.
    decade, before_our_era = _("%(year)d 年代"), _("公元前 %(first)d—%(last)d 年")
    labels = {}
    for value in values:
        if not _DECADE.fullmatch(value):
            labels[value] = value
        elif (year := int(value)) < 0:
            labels[value] = before_our_era % {"first": 1 - year, "last": -year - 8}
        else:
            labels[value] = decade % {"year": year}
    return labels


def parents_of(facet: str, values: Sequence[str]) -> Mapping[str, str]:
    """The value under which each of `values` of a facet lies, for those that lie under one."""
    return _parents[facet](values) if facet in _parents and values else {}


def expansions_of(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Other names, as they are written, of what each of the folded words names exactly."""
    found: dict[str, tuple[str, ...]] = {}
    for expander in _expanders.values():
        for word, names in expander(words).items():
            found[word] = (*found.get(word, ()), *names)
    return found


def public(source: str, ids: Sequence[int]) -> set[int]:
    """Those of `ids` of a source whose record anybody may see now. Raises LookupError for an unknown source."""
    return _builder(source).public(ids)


def ids_of(source: str) -> Iterator[int]:
    """Every id of a source that may have a document, ascending.

    Raises LookupError for an unknown source and ValueError when the builder breaks the order.
    """
    previous = None
    for object_id in _builder(source).ids():
        if previous is not None and object_id <= previous:
            raise ValueError(f"the builder of {source} gives {object_id} after {previous}")
        yield object_id
        previous = object_id


def build(source: str, ids: Sequence[int]) -> list[SearchDocument]:
    """The documents that `source` makes of `ids` now, checked against the contract of `Builder`.

    Raises LookupError for an unknown source, ValueError when a document was not asked for or two documents of
    one ref serve one audience, and whatever the builder raises.
    """
    return _checked(source, ids, _builder(source).build(ids))


def build_each(source: str, ids: Sequence[int]) -> tuple[dict[int, list[SearchDocument]], dict[int, str]]:
    """The documents of each of `ids`, and for the ids whose building failed the reason.

    One object that cannot be built does not take the others with it. A database that cannot be reached is no
    fault of an object: OperationalError and InterfaceError are raised.
    """
    return _make_each(source, ids, lambda ids: _builder(source).build(ids))


def show_each(source: str, ids: Sequence[int]) -> dict[int, list[SearchDocument]]:
    """What is shown of each of `ids` now, like `build_each`; those that cannot be made are left out."""
    made, _failed = _make_each(source, ids, lambda ids: _builder(source).show(ids))
    return made


def names_of(source: str, ids: Sequence[int]) -> Mapping[int, Sequence[Sequence[str]]]:
    """The names by which things are found besides what is shown of them, in groups. See `Builder.names`."""
    return _builder(source).names(ids)


def _checked(source: str, ids: Sequence[int], made: Iterable[SearchDocument]) -> list[SearchDocument]:
    asked = set(ids)
    documents = list(made)
    for document in documents:
        if document.source != source or document.object_id not in asked:
            raise ValueError(f"the builder of {source} made {document.ref}, which was not asked for")
    check_disjoint(documents)
    return documents


def _make_each(
    source: str, ids: Sequence[int], make: Callable[[Sequence[int]], Iterable[SearchDocument]]
) -> tuple[dict[int, list[SearchDocument]], dict[int, str]]:
    try:
        documents = _checked(source, ids, make(ids))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(ids) > 1:
            return _make_one_by_one(source, ids, make)
        logger.warning("No search document could be made of %s:%s", source, ids[0], exc_info=True)
        return {}, {ids[0]: f"{type(error).__name__}: {error}"}
    made: dict[int, list[SearchDocument]] = {object_id: [] for object_id in ids}
    for document in documents:
        made[document.object_id].append(document)
    return made, {}


def _make_one_by_one(
    source: str, ids: Sequence[int], make: Callable[[Sequence[int]], Iterable[SearchDocument]]
) -> tuple[dict[int, list[SearchDocument]], dict[int, str]]:
    made: dict[int, list[SearchDocument]] = {}
    failed: dict[int, str] = {}
    for object_id in ids:
        made_here, failed_here = _make_each(source, [object_id], make)
        made |= made_here
        failed |= failed_here
    return made, failed


def _builder(source: str) -> Builder:
    try:
        return _builders[source]
    except KeyError:
        raise LookupError(f"no builder is registered for the source {source!r}") from None


def _register_once(registered: dict, name: str, value) -> None:
    if registered.setdefault(name, value) is not value:
        raise ValueError(f"{name!r} is already registered")
