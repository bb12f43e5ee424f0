"""From the desk's outbox to its index: drained in batches by one indexer, rebuilt beside the live one, checked.

It works as `search.indexing` does for the public index, with a lock of its own, so that neither waits for the other:
an editor finds what was saved a moment ago even while the public index is being rebuilt.
"""

import logging
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice

import tantivy
from django.conf import settings
from django.db import close_old_connections, transaction

from search.drift import Drift, DriftKind
from search.engines.base import IndexState
from search.locking import IndexerBusyError, file_lock
from search.models import DeskOutboxEntry

from . import documents
from .documents import DeskDocument
from .index import DeskIndex, forget, get_index, replace

logger = logging.getLogger(__name__)

_ROWS_PER_COMMIT = 1_000
_BUILT_AT_ONCE = 500
_DELETE_BATCH = 500
_LOCK_PATIENCE = 15.0  # seconds
_DRAIN_DURING_REBUILD = 2.0  # seconds between looks at the outbox
_COMMITS_AT_THE_END = 50
_COMPARED_AT_ONCE = 2_000

# Called with the source, how many of its objects are done, and how many there are.
Progress = Callable[[str, int, int], None]


@contextmanager
def _desk_lock(patience: float) -> Iterator[DeskIndex]:
    """The right to write the desk's index. Raises IndexerBusyError."""
    index = get_index()
    index.directory.mkdir(parents=True, exist_ok=True)
    with file_lock(index.directory / "indexer.lock", patience):
        yield index


def index_state() -> str:
    """ "ok" when the desk's index can be searched, or else what is the matter with it."""
    state = get_index().folder.state()
    return "ok" if state is IndexState.READY else state.value


def drain(*, patience: float = _LOCK_PATIENCE) -> int:
    """Index what the desk's outbox holds and return the number of rows done with.

    An index that is missing, outdated or broken is rebuilt first. Rows whose object cannot be indexed stay, with
    the reason and a time to try again. Raises IndexerBusyError.
    """
    with _desk_lock(patience) as index:
        if index.folder.state() is not IndexState.READY:
            _rebuild(index)
        if not DeskOutboxEntry.objects.due().exists():
            return 0
        done = 0
        with index.folder.writer() as writer:
            while (batch := _drain_batch([writer])) is not None:
                done += batch[0]
        return done


def keep_up() -> None:
    """Where nobody else indexes (`SEARCH["DESK_IN_PLACE"]`, a test), bring the index up to date before a question."""
    if settings.SEARCH.get("DESK_IN_PLACE") and (
        get_index().folder.state() is not IndexState.READY or DeskOutboxEntry.objects.due().exists()
    ):
        drain()


def rebuild(progress: Progress | None = None, *, patience: float = _LOCK_PATIENCE) -> int:
    """Build the desk's index anew beside the live one, replace it in one step, and return the objects in it.

    Searching goes on in the live index, which takes what the outbox brings meanwhile, and so does the new one.
    When the rebuild fails the live index stays as it is. Raises IndexerBusyError.
    """
    with _desk_lock(patience) as index:
        return _rebuild(index, progress)


def _rebuild(index: DeskIndex, progress: Progress | None = None) -> int:
    report = progress or (lambda source, done, total: None)
    with _replacing(index) as replacement:
        for source in documents.sources():
            # The ids are taken at once, eight bytes each: an open cursor would pin an old snapshot of the database.
            ids = array("q", documents.ids_of(source))
            report(source, 0, len(ids))
            for start in range(0, len(ids), _BUILT_AT_ONCE):
                batch = ids[start : start + _BUILT_AT_ONCE].tolist()
                replacement.add(source, *documents.build(source, batch))
                report(source, start + len(batch), len(ids))
    return replacement.added


@contextmanager
def replacement(*, patience: float = _LOCK_PATIENCE) -> Iterator["Replacement"]:
    """A new index to be filled from outside, which takes the place of the live one when the block ends well."""
    with _desk_lock(patience) as index, _replacing(index) as new:
        yield new


@contextmanager
def _replacing(index: DeskIndex) -> Iterator["Replacement"]:
    index.folder.tidy()
    with ExitStack() as stack:
        # The live index is left for last, so that it is closed before it is replaced.
        writers = [stack.enter_context(index.folder.replacement())]
        if index.folder.state() is IndexState.READY:
            writers.append(stack.enter_context(index.folder.writer()))
        new = Replacement(writers)
        yield new
        new.catch_up(_COMMITS_AT_THE_END)


class Replacement:
    """A new index while it is filled: the first of `writers`; what the outbox brings goes into all of them."""

    def __init__(self, writers: Sequence[tantivy.IndexWriter]) -> None:
        self._writers = writers
        self._drained: set[str] = set()  # already in the new index, by way of the outbox
        self._next_drain = time.monotonic() + _DRAIN_DURING_REBUILD
        self.added = 0

    def add(self, source: str, made: Iterable[DeskDocument], failed: dict[int, str]) -> None:
        """Take in objects as they were read a moment ago; those that failed wait in the outbox with the reason."""
        for document in made:
            # What the outbox brought is at least as new as what was read for the rebuild.
            if document.ref not in self._drained:
                replace(self._writers[0], document)
                self.added += 1
        for object_id, reason in failed.items():
            DeskOutboxEntry.objects.create(source=source, object_id=object_id).record_failure(reason)
        if time.monotonic() >= self._next_drain:
            self.catch_up(1)

    def catch_up(self, most_commits: int) -> None:
        """Take in what came into the outbox; it ends also when more comes in than it can take."""
        for _commit in range(most_commits):
            batch = _drain_batch(self._writers)
            if batch is None:
                break
            self._drained |= batch[1]
        self._next_drain = time.monotonic() + _DRAIN_DURING_REBUILD


def _drain_batch(writers: Sequence[tantivy.IndexWriter]) -> tuple[int, set[str]] | None:
    """Move the oldest due rows into every writer, commit, and only then delete them: their number and their refs."""
    entries = list(DeskOutboxEntry.objects.due()[:_ROWS_PER_COMMIT])
    if not entries:
        return None
    by_source: dict[str, dict[int, DeskOutboxEntry]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, {}).setdefault(entry.object_id, entry)
    failures: list[tuple[DeskOutboxEntry, str]] = []
    for source, objects in by_source.items():
        made, failed = documents.build(source, list(objects))
        _put(writers, source, list(objects), made)
        failures += [(objects[object_id], reason) for object_id, reason in failed.items()]
    for writer in writers:
        writer.commit()
    return _settle(entries, failures), {f"{entry.source}:{entry.object_id}" for entry in entries}


def _put(writers: Sequence[tantivy.IndexWriter], source: str, ids: list[int], made: list[DeskDocument]) -> None:
    for writer in writers:
        for object_id in ids:
            forget(writer, f"{source}:{object_id}")
        for document in made:
            replace(writer, document)


def _settle(entries: list[DeskOutboxEntry], failures: list[tuple[DeskOutboxEntry, str]]) -> int:
    """Delete exactly the rows that were read, but for one row, with the reason, of each object that failed."""
    kept = {entry.pk for entry, _reason in failures}
    done = [entry.pk for entry in entries if entry.pk not in kept]
    with transaction.atomic():
        for start in range(0, len(done), _DELETE_BATCH):
            DeskOutboxEntry.objects.filter(pk__in=done[start : start + _DELETE_BATCH]).delete()
        for entry, reason in failures:
            entry.record_failure(reason)
    return len(done)


# --- Checking ---------------------------------------------------------------------------------------------------


def find_drift() -> Iterator[Drift]:
    """Every object that the desk's index is wrong about: absent, gone, or changed without a word (`update()`).

    Both sides are streamed by primary key, so memory does not grow with the collection. What waits in the outbox
    is no drift. Raises IndexUnavailableError.
    """
    index = get_index()
    for source in sorted({*documents.sources(), *index.snapshot().sources()}):
        waiting = set(DeskOutboxEntry.objects.filter(source=source).values_list("object_id", flat=True))
        for drift in _compare(source, _expected(source), _indexed(index, source)):
            if drift.object_id not in waiting:
                yield drift


def repair(drifts: Iterable[Drift]) -> int:
    """Have everything that the desk's index is wrong about made anew; how many objects there were."""
    count = 0
    remaining = iter(drifts)
    while batch := list(islice(remaining, _COMPARED_AT_ONCE)):
        entries = [DeskOutboxEntry(source=drift.source, object_id=drift.object_id) for drift in batch]
        count += len(DeskOutboxEntry.objects.bulk_create(entries))
    return count


def _compare(source: str, expected: Iterator[tuple[int, int]], indexed: Iterator[tuple[int, int]]) -> Iterator[Drift]:
    """The differences of two ascending streams of ids and digests."""
    nothing = (None, 0)
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
                yield Drift(source, wanted[0], DriftKind.MISSING)
            wanted, found = next(expected, nothing), next(indexed, nothing)


def _expected(source: str) -> Iterator[tuple[int, int]]:
    ids = array("q", documents.ids_of(source) if source in documents.sources() else ())
    for start in range(0, len(ids), _BUILT_AT_ONCE):
        made, _failed = documents.build(source, ids[start : start + _BUILT_AT_ONCE].tolist())
        yield from sorted((document.object_id, document.digest) for document in made)


def _indexed(index: DeskIndex, source: str) -> Iterator[tuple[int, int]]:
    after = -1
    while page := index.snapshot().digests(source, after, _COMPARED_AT_ONCE):
        yield from page
        after = page[-1][0]


# --- The loop ---------------------------------------------------------------------------------------------------


class _StoppedError(Exception):
    """The worker is going down: what runs is given up and done again by the next one."""


class DeskIndexer:
    """The loop that keeps the desk's index true; one a museum works at a time, others stand by."""

    def __init__(self, poll: float = 0.3, longest_pause: float = 60.0) -> None:
        self._poll = poll
        self._longest_pause = longest_pause

    def run(self, stop: threading.Event) -> None:
        """Index until `stop` is set. Errors of the engine and of the database are logged and waited out."""
        failures = 0
        while not stop.is_set():
            pause = self._poll
            try:
                self._step(stop)
                failures = 0
            except _StoppedError:
                break
            except IndexerBusyError:
                pause = min(4 * self._poll, self._longest_pause)  # another process is at it
            except Exception:
                failures += 1
                pause = min(self._poll * 2**failures, self._longest_pause)
                logger.exception("Indexing for the desk failed %d times; next attempt in %.1f s", failures, pause)
            finally:
                close_old_connections()
            stop.wait(pause)

    @staticmethod
    def _step(stop: threading.Event) -> None:
        def stop_when_asked(source: str, done: int, total: int) -> None:
            if stop.is_set():
                raise _StoppedError

        state = get_index().folder.state()
        if state is not IndexState.READY:
            logger.warning("The desk's search index is %s and is being built", state.value)
            logger.warning("The desk's search index has been built: %d objects", rebuild(stop_when_asked, patience=0))
        elif DeskOutboxEntry.objects.due().exists():
            drain(patience=0)
