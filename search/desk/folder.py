"""A Tantivy index in a folder of generations: opened, followed from commit to commit, written to, replaced."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.engines.base import IndexState, IndexUnavailableError
from search.engines.generations import Generations

# What the writer may hold in memory before it writes a segment, and the threads that share it.
_WRITER_BYTES, _WRITER_THREADS = 32_000_000, 1
_REBUILD_BYTES, _REBUILD_THREADS = 128_000_000, 2


@dataclass(frozen=True, slots=True)
class Opened:
    """An index opened by this process, as of one commit."""

    pid: int
    generation: Path
    commit: tuple[int, int, int]
    index: tantivy.Index


class IndexFolder:
    """One index of one schema. Safe to share between threads and over a fork; one process at a time writes.

    `register` makes an opened index ready (its tokenizers); `fingerprint` names the schema and whatever else an
    index depends on besides its documents.
    """

    def __init__(
        self,
        directory: Path,
        fingerprint: str,
        schema: Callable[[], tantivy.Schema],
        register: Callable[[tantivy.Index], tantivy.Index],
    ) -> None:
        self._generations = Generations(directory, fingerprint)
        self._schema = schema
        self._register = register
        self._opened: Opened | None = None

    def state(self) -> IndexState:
        """Whether the index can be searched and written to."""
        try:
            self.current()
        except IndexUnavailableError as unavailable:
            return unavailable.state
        return IndexState.READY

    def current(self) -> tantivy.Index:
        """The live index as of its last commit. Raises IndexUnavailableError.

        Without a lock: two threads at once may both open it, and the second one stays.
        """
        try:
            self._opened = self._open()
        except FileNotFoundError:
            # Replaced and tidied away between two steps: what CURRENT names by now is there.
            try:
                self._opened = self._open()
            except FileNotFoundError as error:
                raise IndexUnavailableError(IndexState.BROKEN) from error
        return self._opened.index

    def _open(self) -> Opened:
        generation = self._live_generation()
        meta = (generation / "meta.json").stat()
        commit = (meta.st_ino, meta.st_mtime_ns, meta.st_size)
        known = self._opened
        ours = known is not None and (known.pid, known.generation) == (os.getpid(), generation)
        if ours and known.commit == commit:
            return known
        try:
            index = known.index if ours else self._register(tantivy.Index.open(str(generation)))
            if not ours:
                # The automatic reload never fires in a process that was forked after the opening.
                index.config_reader("manual")
            index.reload()
        except ValueError as error:
            if not generation.is_dir():
                raise FileNotFoundError(generation) from error
            raise IndexUnavailableError(IndexState.BROKEN) from error
        return Opened(os.getpid(), generation, commit, index)

    def _live_generation(self) -> Path:
        generation = self._generations.current()
        if generation is None:
            raise IndexUnavailableError(IndexState.MISSING)
        if not self._generations.is_up_to_date(generation):
            raise IndexUnavailableError(IndexState.OUTDATED)
        return generation

    @contextmanager
    def writer(self) -> Iterator[tantivy.IndexWriter]:
        """A writer to the live index; what is not committed when the block ends is dropped."""
        index = self._register(tantivy.Index.open(str(self._live_generation())))
        with _open_writer(index, _WRITER_BYTES, _WRITER_THREADS) as writer:
            yield writer

    @contextmanager
    def replacement(self) -> Iterator[tantivy.IndexWriter]:
        """A writer to a new, empty index, which takes the place of the live one when the block ends well."""
        generation = self._generations.create()
        try:
            index = self._register(tantivy.Index(self._schema(), str(generation)))
            with _open_writer(index, _REBUILD_BYTES, _REBUILD_THREADS) as writer:
                yield writer
                writer.commit()
            self._generations.activate(generation)
        except BaseException:
            self._generations.discard(generation)
            raise

    def tidy(self) -> None:
        """Remove what replaced indexes left behind, once nobody can be reading it any more."""
        self._generations.tidy()


@contextmanager
def _open_writer(index: tantivy.Index, heap_bytes: int, threads: int) -> Iterator[tantivy.IndexWriter]:
    """A writer that lets its merges end before it closes: dropped ones would leave ever more small segments."""
    writer = index.writer(heap_bytes, threads)
    try:
        yield writer
    finally:
        writer.wait_merging_threads()
