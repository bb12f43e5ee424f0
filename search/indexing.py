"""From a change in the database to the index: the outbox, the one indexer, and the rebuild.

A row of the outbox is written in the transaction that changes a thing (`enqueue`). Whoever holds the indexer's
lock reads the rows, lets the registered builders make today's documents, commits them, and only then deletes
the rows (`drain`): a crash in between repeats work and loses none. `Indexer` is the loop that does this for the
lifetime of the worker process.
"""

import logging
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import islice

from django.db import close_old_connections, transaction

from . import registry
from .documents import SearchDocument, make_ref
from .engines import get_engine
from .engines.base import Engine, IndexState, Writer
from .locking import IndexerBusyError, indexer_lock
from .models import OutboxEntry

logger = logging.getLogger(__name__)

# Objects built at once bound the memory that their text takes; a commit costs about 60 ms however much is in it.
BATCH = 200
_ROWS_PER_COMMIT = 2_000
_DELETE_BATCH = 500
_ENQUEUE_BATCH = 1_000
# The indexer holds its lock for seconds at a time, and for minutes only while it rebuilds.
_LOCK_PATIENCE = 15.0
_DRAIN_DURING_REBUILD = 2.0  # seconds between looks at the outbox
# A rebuild ends also when more comes in than it can take: the rest finds the new index in place.
_COMMITS_DURING_SCAN, _COMMITS_AT_THE_END = 5, 50

# Called with the source, how many of its objects are done, and how many there are.
Progress = Callable[[str, int, int], None]


def enqueue(source: str, ids: Iterable[int]) -> int:
    """Have the documents of these objects made anew, once the caller's transaction is committed.

    Call it inside the transaction that changes, publishes, withdraws or deletes them. `ids` may be an iterator; it
    is read a thousand at a time, and the same id may come many times. Returns the number of rows.
    """
    remaining = iter(ids)
    count = 0
    while batch := list(islice(remaining, _ENQUEUE_BATCH)):
        OutboxEntry.objects.bulk_create(OutboxEntry(source=source, object_id=object_id) for object_id in batch)
        count += len(batch)
    return count


def drain(limit: int | None = None, *, patience: float = _LOCK_PATIENCE) -> int:
    """Index what the outbox holds, about `limit` rows of it, and return how many rows were done with.

    An index that is missing, outdated or broken is rebuilt first. Rows that arrive meanwhile stay; rows whose
    object cannot be built stay with the reason and a time to try again. Raises IndexerBusyError when another
    process keeps the indexer's lock for longer than `patience` seconds.
    """
    with indexer_lock(patience):
        engine = get_engine()
        handled = read = 0
        if engine.state() is not IndexState.READY:
            handled = _rebuild(engine).handled
        if not OutboxEntry.objects.due().exists():
            return handled
        with engine.writer() as writer:
            while limit is None or read < limit:
                size = _ROWS_PER_COMMIT if limit is None else min(_ROWS_PER_COMMIT, limit - read)
                batch = _drain_batch([writer], size)
                if batch is None:
                    break
                read += batch.read
                handled += batch.handled
        return handled


def rebuild(progress: Progress | None = None, *, patience: float = _LOCK_PATIENCE) -> int:
    """Build the whole index anew beside the live one, replace it in one step, and return the documents in it.

    Searching goes on in the live index, which also takes what the outbox brings meanwhile; the new one takes it
    too. When the rebuild fails the live index stays as it is. Raises IndexerBusyError as `drain` does.
    """
    with indexer_lock(patience):
        return _rebuild(get_engine(), progress).documents


def index_state() -> str:
    """ "ok" when the index can be searched, or else what is the matter with it: missing, outdated or broken."""
    state = get_engine().state()
    return "ok" if state is IndexState.READY else state.value


class _Batch:
    """What became of one batch of the outbox."""

    def __init__(self, read: int, handled: int, refs: set[str]) -> None:
        self.read, self.handled, self.refs = read, handled, refs


def _drain_batch(writers: Sequence[Writer], size: int) -> _Batch | None:
    """Move the oldest rows that are due into every writer, commit, and delete them. None when none is due."""
    entries = list(OutboxEntry.objects.due()[:size])
    if not entries:
        return None
    by_source: dict[str, dict[int, list[OutboxEntry]]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, {}).setdefault(entry.object_id, []).append(entry)
    failures: list[tuple[list[OutboxEntry], str]] = []
    for source, objects in by_source.items():
        failed = _index(writers, source, list(objects))
        failures += [(objects[object_id], reason) for object_id, reason in failed.items()]
    for writer in writers:
        writer.commit()
    handled = _settle(entries, failures)
    refs = {make_ref(source, object_id) for source, objects in by_source.items() for object_id in objects}
    return _Batch(len(entries), handled, refs)


def _index(writers: Sequence[Writer], source: str, ids: list[int]) -> dict[int, str]:
    """Put today's documents of these objects in place of what is indexed; the reasons of those that fail."""
    failures: dict[int, str] = {}
    for start in range(0, len(ids), BATCH):
        made, failed = registry.build_each(source, ids[start : start + BATCH])
        for object_id, documents in made.items():
            reason = _replace(writers, make_ref(source, object_id), documents)
            if reason:
                failed[object_id] = reason
        failures |= failed
    return failures


def _replace(writers: Sequence[Writer], ref: str, documents: Sequence[SearchDocument]) -> str:
    """Let `documents` take the place of everything under `ref`; the reason when an engine refuses one, or ''."""
    for writer in writers:
        writer.delete(ref)
        try:
            for document in documents:
                writer.add(document)
        except ValueError as error:
            logger.warning("The engine refused a document of %s", ref, exc_info=True)
            writer.delete(ref)
            return f"{type(error).__name__}: {error}"
    return ""


def _settle(entries: list[OutboxEntry], failures: list[tuple[list[OutboxEntry], str]]) -> int:
    """Delete exactly the rows that were read, but for one row, with the reason, of each object that failed."""
    kept = {failed[0].pk for failed, _reason in failures}
    done = [entry.pk for entry in entries if entry.pk not in kept]
    with transaction.atomic():
        for start in range(0, len(done), _DELETE_BATCH):
            OutboxEntry.objects.filter(pk__in=done[start : start + _DELETE_BATCH]).delete()
        for failed, reason in failures:
            failed[0].record_failure(reason)
    return len(done)


def _rebuild(engine: Engine, progress: Progress | None = None) -> "_Scan":
    engine.tidy()
    with ExitStack() as stack:
        # The live index is left for last, so that it is closed before it is replaced.
        new = stack.enter_context(engine.replacement())
        writers = [new]
        if engine.state() is IndexState.READY:
            writers.append(stack.enter_context(engine.writer()))
        scan = _Scan(writers, progress)
        scan.run()
    return scan


class _Scan:
    """One pass over everything that may have a document, into a new index."""

    def __init__(self, writers: Sequence[Writer], progress: Progress | None) -> None:
        self._writers = writers
        self._new = writers[0]
        self._progress = progress or (lambda source, done, total: None)
        self._drained: set[str] = set()  # already in the new index, by way of the outbox
        self._next_drain = time.monotonic() + _DRAIN_DURING_REBUILD
        self.documents = 0  # scanned in
        self.handled = 0  # rows of the outbox that were done with

    def run(self) -> None:
        """Fill the new index and let it catch up with the outbox."""
        for source in registry.sources():
            self._scan(source)
        self._drain(_COMMITS_AT_THE_END)

    def _scan(self, source: str) -> None:
        # The ids are taken at once, eight bytes each: a cursor held open over the pass would pin an old
        # snapshot of an SQLite database and keep this process from deleting rows of the outbox.
        ids = array("q", registry.ids_of(source))
        self._progress(source, 0, len(ids))
        for start in range(0, len(ids), BATCH):
            self._add(source, ids[start : start + BATCH].tolist())
            self._progress(source, min(start + BATCH, len(ids)), len(ids))
            if time.monotonic() >= self._next_drain:
                self._drain(_COMMITS_DURING_SCAN)

    def _add(self, source: str, ids: list[int]) -> None:
        # What the outbox brought into the new index is at least as new as what would be built here.
        ids = [object_id for object_id in ids if make_ref(source, object_id) not in self._drained]
        made, failed = registry.build_each(source, ids) if ids else ({}, {})
        for object_id, documents in made.items():
            reason = _replace([self._new], make_ref(source, object_id), documents)
            if reason:
                failed[object_id] = reason
            else:
                self.documents += len(documents)
        # Failures wait in the outbox, where they are seen and tried again.
        enqueue(source, failed)

    def _drain(self, most_commits: int) -> None:
        for _commit in range(most_commits):
            batch = _drain_batch(self._writers, _ROWS_PER_COMMIT)
            if batch is None:
                break
            self._drained |= batch.refs
            self.handled += batch.handled
        self._next_drain = time.monotonic() + _DRAIN_DURING_REBUILD


class _StoppedError(Exception):
    """The worker is going down: what runs is given up and done again by the next one."""


class Indexer:
    """The loop that keeps the index true; one a museum works at a time, others stand by."""

    def __init__(self, poll: float = 0.5, tidy_every: float = 60.0, longest_pause: float = 60.0) -> None:
        self._poll = poll
        self._tidy_every = tidy_every
        self._longest_pause = longest_pause
        self._next_tidy = 0.0

    def run(self, stop: threading.Event) -> None:
        """Index until `stop` is set. Errors of the engine and of the database are logged and waited out."""
        failures = 0
        while not stop.is_set():
            try:
                pause = 0.0 if self._step(stop) else self._poll
                failures = 0
            except _StoppedError:
                break
            except IndexerBusyError:
                pause = min(4 * self._poll, self._longest_pause)  # another process is at it
            except Exception:
                failures += 1
                pause = min(self._poll * 2**failures, self._longest_pause)
                logger.exception("Indexing failed %d times in a row; next attempt in %.1f s", failures, pause)
            finally:
                close_old_connections()
            stop.wait(pause)

    def _step(self, stop: threading.Event) -> bool:
        """Do what there is to do; whether there was anything."""
        engine = get_engine()
        if engine.state() is not IndexState.READY:
            self._rebuild(engine, stop)
            return True
        if OutboxEntry.objects.due().exists():
            drain(limit=5 * BATCH, patience=0)
            return True
        if time.monotonic() >= self._next_tidy:
            self._next_tidy = time.monotonic() + self._tidy_every
            with indexer_lock():
                engine.tidy()
        return False

    @staticmethod
    def _rebuild(engine: Engine, stop: threading.Event) -> None:
        def stop_when_asked(source: str, done: int, total: int) -> None:
            if stop.is_set():
                raise _StoppedError

        with indexer_lock():
            # Another process may have built it while this one came for the lock.
            state = engine.state()
            if state is not IndexState.READY:
                logger.warning("The search index is %s and is being built", state.value)
                scan = _rebuild(engine, stop_when_asked)
                logger.warning("The search index has been built: %d documents", scan.documents)
