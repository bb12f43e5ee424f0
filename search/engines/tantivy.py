"""The embedded engine: a Tantivy index in a local folder, read by any number of processes, written by one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
    Suggestion,
)
from .generations import Generations
from .tantivy_index import (
    QueryMaker,
    build_schema,
    fingerprint,
    register_tokenizers,
    to_audiences,
    to_suggestion,
    to_tantivy,
)

# What the writer may hold in memory before it writes a segment, and the threads that share it.
_WRITER_BYTES, _WRITER_THREADS = 48_000_000, 1
# Few and large segments: each has a dictionary of its own. One thread is enough for what Python can cut into tokens.
_REBUILD_BYTES, _REBUILD_THREADS = 240_000_000, 1
# More values of one facet than this are not counted; Tantivy's own default is ten.
_MOST_VALUES = 1_000
# Works with many documents that are told apart in one answer.
_MOST_GROUPS = 65_000
_ORDERS = {
    Sort.OLDEST: ("year_from", Order.Asc),
    Sort.NEWEST: ("year_to", Order.Desc),
    Sort.TITLE: ("sort_title", Order.Asc),
    Sort.POSITION: ("position", Order.Asc),
}
# How many documents were found of each work that has many, and of works beyond the ones told apart.
_Groups = tuple[dict[int, int], int]
# How many documents are looked at for the works of one page, first and at most at once.
_FIRST_LOOK, _WIDEST_LOOK = 4, 800


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index opened by this process, as of one commit and of what CURRENT named; `mark` and `commit` say when the
    two files were written."""

    pid: int
    fingerprint: str
    mark: tuple[int, int, int]
    generation: Path
    commit: tuple[int, int, int]
    index: tantivy.Index
    meta: str


class TantivyEngine:
    """`search.engines.base.Engine` over a folder of generations. Safe to share between threads and over a fork."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._current_file = str(directory / "CURRENT")
        self._opened: _Opened | None = None

    # --- Reading --------------------------------------------------------------------------------------------

    def state(self) -> IndexState:
        """See `Engine.state`."""
        try:
            self._current()
        except IndexUnavailableError as unavailable:
            return unavailable.state
        return IndexState.READY

    def version(self) -> str:
        """See `Engine.version`."""
        opened = self._current()
        return f"{opened.generation.name}:{opened.commit}"

    def search(self, query: EngineQuery) -> EngineResult:
        """See `Engine.search`. Equal scores keep the order in which the documents were indexed."""
        opened = self._current()
        searcher, maker = _asking(opened)
        matching = maker.matching(query)
        counts, groups = self._counts(searcher, maker, query, matching)
        facets = {facet: counts[facet] for facet in query.facets}
        if groups is not None:
            return ByWork(searcher, maker, query).answer(matching, facets, groups)
        found = _look(searcher, matching, query.sort, query.offset, query.limit)
        hits = found.hits if query.limit else ()
        return EngineResult(found.count, tuple(_hit(searcher, query.sort, *hit) for hit in hits), facets)

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """See `Engine.suggest`."""
        opened = self._current()
        searcher, maker = _asking(opened)
        suggestions: list[Suggestion] = []
        for query in (maker.suggesting("begins", typed), maker.suggesting("contains", typed, inside="begins")):
            wanted = limit - len(suggestions)
            if wanted > 0:
                found = searcher.search(query, limit=wanted, order_by_field="suggest_weight", count=False)
                stored = (searcher.doc(address) for _weight, address in found.hits)
                suggestions += [to_suggestion(fields["ref"][0], fields["suggestion"][0]) for fields in stored]
        return suggestions

    def sources(self) -> list[str]:
        """See `Engine.sources`."""
        return sorted(_count_values(self._current().index.searcher(), Query.all_query(), ("source",))["source"])

    def objects(self, source: str, after: int, limit: int) -> list[IndexedObject]:
        """See `Engine.objects`."""
        opened = self._current()
        searcher, maker = _asking(opened)
        # One object more than asked for, so that the last one is never given with half of its documents.
        hits = searcher.search(
            maker.after(source, after), limit=limit + 1, order_by_field="object_id", order=Order.Asc, count=False
        ).hits
        indexed: dict[int, IndexedObject] = {}
        for object_id, address in hits:
            audiences = to_audiences(searcher.doc(address)["serves"])
            known = indexed.get(object_id)
            indexed[object_id] = IndexedObject(object_id, audiences | (known.audiences if known else frozenset()))
        if len(hits) > limit and len(indexed) > 1:
            indexed.popitem()
        return list(indexed.values())

    @staticmethod
    def _counts(
        searcher: Searcher, maker: QueryMaker, query: EngineQuery, matching: Query
    ) -> tuple[dict[str, dict[str, int]], "_Groups | None"]:
        """The counts of every facet, and of works when they are asked for, in one pass; only a facet that is filtered
        by needs a pass of its own."""
        filtered = [facet for facet in query.facets if query.filters.get(facet)]
        asked = _terms_of(facet for facet in query.facets if facet not in filtered)
        if query.by_work:
            asked["group"] = {"terms": {"field": "group", "size": _MOST_GROUPS}}
        answer = searcher.aggregate(matching, asked) if asked else {}
        groups = _groups_of(answer.pop("group")) if query.by_work else None
        counts = _values_of(answer)
        for facet in filtered:
            counts |= _count_values(searcher, maker.matching(query, without=facet), (facet,))
        return counts, groups

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
        """What is open when nothing changed, for two looks at the file system; else what is there now."""
        try:
            mark = _mark(self._current_file)
        except FileNotFoundError:
            raise IndexUnavailableError(IndexState.MISSING) from None
        opened = self._opened
        if opened and (opened.pid, opened.fingerprint, opened.mark) == (os.getpid(), fingerprint(), mark):
            commit = _mark(opened.meta)
            if opened.commit == commit:
                return opened
            try:
                opened.index.reload()
            except ValueError as error:
                raise IndexUnavailableError(IndexState.BROKEN) from error
            return replace(opened, commit=commit)
        return self._open(self._generations(), mark)

    @staticmethod
    def _open(generations: Generations, mark: tuple[int, int, int]) -> _Opened:
        generation = generations.current()
        if generation is None:
            raise IndexUnavailableError(IndexState.MISSING)
        if not generations.is_up_to_date(generation):
            raise IndexUnavailableError(IndexState.OUTDATED)
        meta = str(generation / "meta.json")
        commit = _mark(meta)
        try:
            index = register_tokenizers(tantivy.Index.open(str(generation)))
            # The automatic reload never fires in a process that was forked after the opening.
            index.config_reader("manual")
            index.reload()
        except ValueError as error:
            if not generation.is_dir():
                raise FileNotFoundError(generation) from error
            raise IndexUnavailableError(IndexState.BROKEN) from error
        return _Opened(os.getpid(), generations.fingerprint, mark, generation, commit, index, meta)

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


def _mark(path: str) -> tuple[int, int, int]:
    """When and as what a file was written. Raises FileNotFoundError. Asked at every search, so without pathlib."""
    state = os.stat(path)  # noqa: PTH116
    return state.st_ino, state.st_mtime_ns, state.st_size


def _asking(opened: _Opened) -> tuple[Searcher, QueryMaker]:
    searcher = opened.index.searcher()
    return searcher, QueryMaker(opened.index.schema, searcher)


def _look(searcher: Searcher, query: Query, sort: Sort, offset: int, limit: int, count: bool = True):
    field, order = _ORDERS.get(sort, (None, Order.Desc))
    return searcher.search(query, max(1, limit), count, field, offset, order)


def _hit(searcher: Searcher, sort: Sort, key, address, others: int = 0) -> EngineHit:
    return EngineHit(searcher.doc(address)["ref"][0], 0.0 if sort in _ORDERS else key, others)


class ByWork:
    """One answer in which the best document of each work stands for all of them.

    Tantivy cannot collapse, so the best documents are looked through in ever wider looks; each look passes over the
    works that are known by then, so that one book with ten thousand hits costs no more than one with ten.
    """

    def __init__(self, searcher: Searcher, maker: QueryMaker, query: EngineQuery) -> None:
        self._searcher, self._maker, self._query = searcher, maker, query

    def answer(self, matching: Query, facets: dict[str, dict[str, int]], counted: _Groups) -> EngineResult:
        """The page of works that was asked for, with the counts of documents and of works."""
        query, (groups, others) = self._query, counted
        first = _look(self._searcher, matching, query.sort, 0, self._width)
        works = first.count - sum(groups.values()) - others + len(groups)
        leaders = self._leaders(first.hits, query.offset + query.limit)[query.offset :]
        return EngineResult(
            total=first.count,
            hits=tuple(
                _hit(self._searcher, query.sort, key, address, groups.get(group, 1) - 1)
                for key, address, group in leaders
            ),
            facets=facets,
            works=works,
        )

    @property
    def _width(self) -> int:
        return max(1, min(_FIRST_LOOK * (self._query.offset + self._query.limit), _WIDEST_LOOK))

    def _leaders(self, hits: list, wanted: int) -> list[tuple]:
        """The best documents of the first works, `wanted` of them or all, as (key, address, group or None)."""
        leaders: list[tuple] = []
        seen: set[int] = set()
        alone = 0
        width = self._width
        while True:
            numbers = self._searcher.fast_field_values("group", [address for _key, address in hits]) if hits else []
            for (key, address), group in zip(hits, numbers, strict=True):
                if group is None:
                    alone += 1
                elif group in seen:
                    continue
                else:
                    seen.add(group)
                leaders.append((key, address, group))
            if len(leaders) >= wanted or len(hits) < width:
                return leaders[:wanted]
            # Known works are passed over; documents that stand for themselves come again, in the same order.
            width = min(2 * width, _WIDEST_LOOK)
            query = self._maker.matching(self._query, passing_over=seen)
            hits = _look(self._searcher, query, self._query.sort, alone, width, count=False).hits


def _groups_of(answer: dict) -> _Groups:
    counts = {int(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]}
    return counts, answer.get("sum_other_doc_count", 0)


def _count_values(searcher: Searcher, query: Query, fields: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """How many of the documents that `query` finds hold each value of each field."""
    return _values_of(searcher.aggregate(query, _terms_of(fields)))


def _terms_of(fields: Iterable[str]) -> dict[str, dict]:
    return {field: {"terms": {"field": field, "size": _MOST_VALUES}} for field in fields}


def _values_of(answer: dict) -> dict[str, dict[str, int]]:
    return {
        field: {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}
        for field, counted in answer.items()
    }
