"""The desk's index as Wagtail's search back end: the explorer, the choosers, the libraries and every listing ask it."""

from collections.abc import Iterable
from contextlib import ExitStack

from django.db import models
from modelsearch.backends.base import BaseIndex, BaseSearchBackend

from .desk import indexing
from .desk.documents import documents_of
from .desk.outbox import enqueue, source_of
from .desk.results import DeskQueryCompiler, DeskResults


class DeskSearchIndex(BaseIndex):
    """The live index: whatever is put in or taken out is written to the outbox, for the one indexer."""

    def add_items(self, model: type[models.Model], items: Iterable[models.Model]) -> None:
        """Have objects indexed anew."""
        enqueue(model, (item.pk for item in items))

    def delete_item(self, item: models.Model) -> None:
        """Have an object forgotten, unless it is still there."""
        enqueue(type(item), [item.pk])

    def refresh(self) -> None:
        """Index at once what is waiting, where nobody else does it."""
        indexing.keep_up()

    def reset(self) -> None:
        """Start from nothing but what the database has."""
        indexing.rebuild()


class NewDeskIndex(BaseIndex):
    """An index that is being built beside the live one."""

    def __init__(self, backend: BaseSearchBackend, replacement: indexing.Replacement) -> None:
        super().__init__(backend)
        self._replacement = replacement

    def add_items(self, model: type[models.Model], items: Iterable[models.Model]) -> None:
        """Index objects as they were just read."""
        self._replacement.add(source_of(model), *documents_of(items))


class DeskRebuilder:
    """What `update_index` builds the index anew with; the new one replaces the live one when all is in it."""

    def __init__(self, index: DeskSearchIndex) -> None:
        self._backend = index.backend
        self._stack = ExitStack()

    def start(self) -> NewDeskIndex:
        """Open a new index. Raises IndexerBusyError when another process writes."""
        return NewDeskIndex(self._backend, self._stack.enter_context(indexing.replacement()))

    def finish(self) -> None:
        """Put the new index in the place of the live one."""
        self._stack.close()


class DeskSearchBackend(BaseSearchBackend):
    """Search and autocompletion over the desk's index, drafts included; who may see what, the queryset says."""

    index_class = DeskSearchIndex
    query_compiler_class = DeskQueryCompiler
    autocomplete_query_compiler_class = DeskQueryCompiler
    results_class = DeskResults
    rebuilder_class = DeskRebuilder


SearchBackend = DeskSearchBackend
