"""What an engine must do: the protocol, and the values that go in and come out. No engine knows a model."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Protocol

from search.documents import Audience, SearchDocument

# The fields that a query may filter by and count; each holds slugs.
FACETS = ("kind", "place", "topic", "series", "decade")
# Where else than anywhere a clause may be looked for.
FIELDS = ("title", "people", "place_names")
# Deeper than this nobody reads and only crawlers go; an engine collects everything up to its offset.
MAX_RESULTS = 10_000


class IndexState(Enum):
    """What the index is good for."""

    READY = "ready"
    MISSING = "missing"  # never built, or its folder was removed
    OUTDATED = "outdated"  # built by other folding tables or another schema
    BROKEN = "broken"  # there, and unreadable


class IndexUnavailableError(Exception):
    """The index cannot answer until it has been rebuilt; `state` says why."""

    def __init__(self, state: IndexState) -> None:
        super().__init__(f"the search index is {state.value}")
        self.state = state


class Sort(StrEnum):
    """The orders in which results are given."""

    RELEVANCE = "relevance"
    OLDEST = "oldest"
    NEWEST = "newest"
    TITLE = "title"
    POSITION = "position"  # as the documents of one work follow each other


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a question: one of `texts`, which are folded, must occur, or none may when it is `excluded`.

    `field` is one of `FIELDS`, or empty for anywhere.
    """

    texts: tuple[str, ...]
    field: str = ""
    excluded: bool = False

    def __post_init__(self) -> None:
        if not self.texts or self.field not in ("", *FIELDS):
            raise ValueError(f"not a clause: {self.texts} in {self.field!r}")


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """A question. `terms` are folded texts that must all occur, and all `clauses` must hold; without any, everything
    matches.

    `filters` maps facets to the values of which one must apply. `year_from` and `year_to` select what overlaps
    that span, `work` the documents of one work. `facets` names the facets to count; a facet's own filter does not
    narrow its own counts. With `by_work` the best document of each work stands for all of them: `offset` and
    `limit` count works, the total and the facets count documents.
    """

    audience: Audience
    terms: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    year_from: int | None = None
    year_to: int | None = None
    facets: tuple[str, ...] = ("kind",)
    offset: int = 0
    limit: int = 20
    sort: Sort = Sort.RELEVANCE
    work: str = ""
    by_work: bool = False

    def __post_init__(self) -> None:
        unknown = (set(self.filters) | set(self.facets)) - set(FACETS)
        if unknown:
            raise ValueError(f"not facets: {sorted(unknown)}")
        if self.offset < 0 or self.limit < 0 or self.offset + self.limit > MAX_RESULTS:
            raise ValueError(f"results {self.offset} to {self.offset + self.limit} are out of reach")


@dataclass(frozen=True, slots=True)
class EngineHit:
    """One document that was found; `score` compares within one answer only.

    `others` counts what else was found in its work, when the question was asked `by_work`.
    """

    ref: str
    score: float
    others: int = 0


@dataclass(frozen=True, slots=True)
class EngineResult:
    """An answer: the true total, the hits asked for, and for each facet its values with their true counts.

    `works` is the true number of works, or None when the question was not asked `by_work`.
    """

    total: int
    hits: tuple[EngineHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    works: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title that begins as a reader types. It was public when it was indexed; ask again before showing it."""

    ref: str
    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class IndexedObject:
    """What the index holds of one object: its id within its source, and for whom it can be found."""

    object_id: int
    audiences: frozenset[Audience]


class Writer(Protocol):
    """Changes that become visible together at `commit` and are lost together without it."""

    def add(self, document: SearchDocument) -> None:
        """Add a document; documents of the same ref that are there stay."""

    def delete(self, ref: str) -> None:
        """Remove every document of `ref` that was added so far."""

    def commit(self) -> None:
        """Make the changes durable and visible to every process."""


class Engine(Protocol):
    """A full-text index. One process writes at a time, which the caller sees to; any number of them search."""

    def state(self) -> IndexState:
        """Whether the index can be searched and written to."""

    def version(self) -> str:
        """What the live index is told apart by: another one after every commit. Raises IndexUnavailableError."""

    def search(self, query: EngineQuery) -> EngineResult:
        """Answer a question. Raises IndexUnavailableError."""

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """Public titles that begin with what was typed, or hold it, the weightier first; pinyin and initials count.

        `typed` is folded. Raises IndexUnavailableError.
        """

    def writer(self) -> AbstractContextManager[Writer]:
        """A writer to the live index; what is not committed when the block ends is dropped."""

    def replacement(self) -> AbstractContextManager[Writer]:
        """A writer to a new, empty index, which takes the place of the live one when the block ends well."""

    def tidy(self) -> None:
        """Remove what replaced indexes left behind, once nobody can be reading it any more."""

    def sources(self) -> Sequence[str]:
        """The sources of everything indexed, in order."""

    def objects(self, source: str, after: int, limit: int) -> list[IndexedObject]:
        """What is indexed of a source, ascending from the first id above `after`; about `limit`, or the rest."""
