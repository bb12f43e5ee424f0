"""Whether the index holds what it should: what the builders make now, compared with what is indexed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice

from . import registry
from .documents import Audience, make_ref
from .engines import get_engine
from .engines.base import Engine
from .indexing import BATCH, enqueue
from .models import OutboxEntry

_PAGE = 2_000

_Seen = tuple[int, frozenset[Audience]]


class DriftKind(StrEnum):
    """In which way the index is wrong about an object."""

    MISSING = "missing"  # can be found by nobody, or not by everybody who should
    GHOST = "ghost"  # indexed for somebody who should not find it


@dataclass(frozen=True, slots=True)
class Drift:
    """One object that the index is wrong about."""

    source: str
    object_id: int
    kind: DriftKind

    @property
    def ref(self) -> str:
        """The ref that the object's documents have."""
        return make_ref(self.source, self.object_id)


def find_drift() -> Iterator[Drift]:
    """Every object that the index is wrong about, source by source, in the order of the ids.

    Both sides are streamed, so memory does not grow with the collection; time does, because every document is
    built once. What still waits in the outbox is no drift. Raises IndexUnavailableError.
    """
    engine = get_engine()
    for source in sorted({*registry.sources(), *engine.sources()}):
        waiting = set(OutboxEntry.objects.filter(source=source).values_list("object_id", flat=True))
        for drift in _compare(source, _expected(source), _indexed(engine, source)):
            if drift.object_id not in waiting:
                yield drift


def repair(drifts: Iterable[Drift]) -> int:
    """Have every object that the index is wrong about made anew; how many there were.

    What a source left behind that nobody registers any more cannot be made anew: only a rebuild removes it.
    """
    count = 0
    for source, group in groupby(drifts, key=lambda drift: drift.source):
        ids = [drift.object_id for drift in group]
        if source in registry.sources():
            count += enqueue(source, ids)
    return count


def _compare(source: str, expected: Iterator[_Seen], indexed: Iterator[_Seen]) -> Iterator[Drift]:
    """The differences of two ascending streams."""
    nothing = (None, frozenset())
    wanted, found = next(expected, nothing), next(indexed, nothing)
    while wanted[0] is not None or found[0] is not None:
        if found[0] is None or (wanted[0] is not None and wanted[0] < found[0]):
            yield Drift(source, wanted[0], DriftKind.MISSING)
            wanted = next(expected, nothing)
        elif wanted[0] is None or found[0] < wanted[0]:
            yield Drift(source, found[0], DriftKind.GHOST)
            found = next(indexed, nothing)
        else:
            if wanted[1] != found[1]:
                kind = DriftKind.GHOST if found[1] - wanted[1] else DriftKind.MISSING
                yield Drift(source, wanted[0], kind)
            wanted, found = next(expected, nothing), next(indexed, nothing)


def _expected(source: str) -> Iterator[_Seen]:
    """The objects of a source that may be found now, with their audiences; those that fail to build left out."""
    ids = iter(registry.ids_of(source)) if source in registry.sources() else iter(())
    while batch := list(islice(ids, BATCH)):
        made, _failed = registry.build_each(source, batch)
        for object_id, documents in sorted(made.items()):
            if documents:
                yield object_id, frozenset().union(*(document.audiences for document in documents))


def _indexed(engine: Engine, source: str) -> Iterator[_Seen]:
    after = -1
    while page := engine.objects(source, after, _PAGE):
        for indexed in page:
            yield indexed.object_id, indexed.audiences
        after = page[-1].object_id
