"""The embedded engine: a Tantivy index in a local folder, read by any number of processes, written by one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy
from tantivy import Order, Query, Searcher

from search.documents import SearchDocument

from .base import (
    EngineHit,
    EngineQuery,
    EngineResult,
    IndexedObject,
    IndexState,
    IndexUnavailableError,
    Sort,
)
from .generations import Generations
from .tantivy_index import (
    QueryMaker,
    build_schema,
    fingerprint,
    register_tokenizers,
    to_audiences,
    to_tantivy,
)

# What the writer may hold in memory before it writes a segment, and the threads that share it.
_WRITER_BYTES, _WRITER_THREADS = 48_000_000, 1
_REBUILD_BYTES, _REBUILD_THREADS = 128_000_000, 2
# More values of one facet than this are not counted; Tantivy's own default is ten.
_MOST_VALUES = 1_000
_ORDERS = {Sort.OLDEST: ("year_from", Order.Asc), Sort.NEWEST: ("year_to", Order.Desc)}


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index opened by this process, as of one commit."""

    pid: int
    generation: Path
    commit: tuple[int, int, int]
    index: tantivy.Index


class TantivyEngine:
    """`search.engines.base.Engine` over a folder of generations. Safe to share between threads and over a fork."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._opened: _Opened | None = None

    # --- Reading --------------------------------------------------------------------------------------------

    def state(self) -> IndexState:
        """See `Engine.state`."""
        try:
            self._current()
        except IndexUnavailableError as unavailable:
            return unavailable.state
        return IndexState.READY

    def search(self, query: EngineQuery) -> EngineResult:
        """See `Engine.search`. Equal scores keep the order in which the documents were indexed."""
        opened = self._current()
        searcher, maker = opened.index.searcher(), QueryMaker(opened.index.schema)
        field, order = _ORDERS.get(query.sort, (None, Order.Desc))
        found = searcher.search(
            maker.matching(query),
            limit=max(1, query.limit),
            offset=query.offset,
            order_by_field=field,
            order=order,
        )
        hits = [] if query.limit == 0 else found.hits
        return EngineResult(
            total=found.count,
            hits=tuple(EngineHit(searcher.doc(address)["ref"][0], 0.0 if field else score) for score, address in hits),
            facets=self._facets(searcher, maker, query),
        )

    def sources(self) -> list[str]:
        """See `Engine.sources`."""
        return sorted(_count_values(self._current().index.searcher(), Query.all_query(), ("source",))["source"])

    def objects(self, source: str, after: int, limit: int) -> list[IndexedObject]:
        """See `Engine.objects`."""
        opened = self._current()
        searcher, maker = opened.index.searcher(), QueryMaker(opened.index.schema)
        # One object more than asked for, so that the last one is never given with half of its documents.
        hits = searcher.search(
            maker.after(source, after), limit=limit + 1, order_by_field="object_id", order=Order.Asc, count=False
        ).hits
        indexed: dict[int, IndexedObject] = {}
        for object_id, address in hits:
            audiences = to_audiences(searcher.doc(address)["audience"])
            known = indexed.get(object_id)
            indexed[object_id] = IndexedObject(object_id, audiences | (known.audiences if known else frozenset()))
        if len(hits) > limit and len(indexed) > 1:
            indexed.popitem()
        return list(indexed.values())

    @staticmethod
    def _facets(searcher: Searcher, maker: QueryMaker, query: EngineQuery) -> dict[str, dict[str, int]]:
        """The counts of every facet; only a facet that is filtered by needs a question of its own."""
        filtered = [facet for facet in query.facets if query.filters.get(facet)]
        others = tuple(facet for facet in query.facets if facet not in filtered)
        counts = _count_values(searcher, maker.matching(query), others) if others else {}
        for facet in filtered:
            counts |= _count_values(searcher, maker.matching(query, without=facet), (facet,))
        return counts

    def _current(self) -> _Opened:
        """The live index as of its last commit; reopened after a fork, a rebuild, and reloaded after a commit.

        Without a lock: two threads at once may both open it, and the second one stays.
        """
        try:
            self._opened = self._open_current()
        except FileNotFoundError:
            # Replaced and tidied away between two steps: what CURRENT names by now is there.
            try:
                self._opened = self._open_current()
            except FileNotFoundError as error:
                raise IndexUnavailableError(IndexState.BROKEN) from error
        return self._opened

    def _open_current(self) -> _Opened:
        generations = self._generations()
        generation = generations.current()
        if generation is None:
            raise IndexUnavailableError(IndexState.MISSING)
        if not generations.is_up_to_date(generation):
            raise IndexUnavailableError(IndexState.OUTDATED)
        meta = (generation / "meta.json").stat()
        commit = (meta.st_ino, meta.st_mtime_ns, meta.st_size)
        opened = self._opened
        if opened and (opened.pid, opened.generation, opened.commit) == (os.getpid(), generation, commit):
            return opened
        try:
            if opened and (opened.pid, opened.generation) == (os.getpid(), generation):
                opened.index.reload()
                return _Opened(opened.pid, generation, commit, opened.index)
            index = register_tokenizers(tantivy.Index.open(str(generation)))
            # The automatic reload never fires in a process that was forked after the opening.
            index.config_reader("manual")
            index.reload()
        except ValueError as error:
            if not generation.is_dir():
                raise FileNotFoundError(generation) from error
            raise IndexUnavailableError(IndexState.BROKEN) from error
        return _Opened(os.getpid(), generation, commit, index)

    # --- Writing --------------------------------------------------------------------------------------------

    @contextmanager
    def writer(self) -> Iterator["TantivyWriter"]:
        """See `Engine.writer`. Raises IndexUnavailableError."""
        generation = self._current().generation
        index = register_tokenizers(tantivy.Index.open(str(generation)))
        with _open_writer(index, _WRITER_BYTES, _WRITER_THREADS) as writer:
            yield writer

    @contextmanager
    def replacement(self) -> Iterator["TantivyWriter"]:
        """See `Engine.replacement`."""
        generations = self._generations()
        generation = generations.create()
        try:
            index = register_tokenizers(tantivy.Index(build_schema(), str(generation)))
            with _open_writer(index, _REBUILD_BYTES, _REBUILD_THREADS) as writer:
                yield writer
                writer.commit()
            generations.activate(generation)
        except BaseException:
            generations.discard(generation)
            raise

    def tidy(self) -> None:
        """See `Engine.tidy`."""
        self._generations().tidy()

    def _generations(self) -> Generations:
        return Generations(self._directory, fingerprint())


class TantivyWriter:
    """`search.engines.base.Writer` over one generation."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def add(self, document: SearchDocument) -> None:
        """See `Writer.add`."""
        self._writer.add_document(to_tantivy(document))

    def delete(self, ref: str) -> None:
        """See `Writer.delete`."""
        self._writer.delete_documents_by_term("ref", ref)

    def commit(self) -> None:
        """See `Writer.commit`."""
        self._writer.commit()


@contextmanager
def _open_writer(index: tantivy.Index, heap_bytes: int, threads: int) -> Iterator[TantivyWriter]:
    """A writer that lets its merges end before it closes: dropped ones would leave ever more small segments."""
    writer = index.writer(heap_bytes, threads)
    try:
        yield TantivyWriter(writer)
    finally:
        writer.wait_merging_threads()


def _count_values(searcher: Searcher, query: Query, fields: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """How many of the documents that `query` finds hold each value of each field."""
    asked = {field: {"terms": {"field": field, "size": _MOST_VALUES}} for field in fields}
    answer = searcher.aggregate(query, asked)
    return {field: {bucket["key"]: bucket["doc_count"] for bucket in answer[field]["buckets"]} for field in fields}
