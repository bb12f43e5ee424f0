"""Answers to what is asked through Wagtail's search interface: found by the index, decided by the database.

The index says which objects match the words, best first. Every condition of the queryset (rights, place in the tree,
state, whatever else) is the database's to decide, on the primary keys that were found: nothing is shown that has been
deleted, moved or hidden since it was indexed, and any queryset can be searched, whatever it filters or orders by. Only
when very many objects match do the exact conditions (yes and no, links, choices) narrow them in the index already.
"""

import json
from collections.abc import Sequence
from functools import cached_property

from django.db import connections
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Lookup
from modelsearch.backends.base import BaseSearchQueryCompiler, BaseSearchResults, FieldError, SearchFieldError
from modelsearch.query import MatchAll
from tantivy import Occur, Query

from search.engines.base import IndexUnavailableError

from .containment import containing, text_columns
from .documents import exact_columns, filter_value, text_fields
from .index import Found, Snapshot, get_index
from .indexing import keep_up
from .outbox import is_held
from .queries import QueryMaker

# Up to so many matches the database alone applies the conditions, whatever the index knows of them.
_DECIDED_BY_DATABASE = 500
# More keys than this travel to the database as one JSON array instead of one parameter each.
_MOST_PARAMETERS = 100
_EVERYTHING = 10_000_000


class DeskQueryCompiler(BaseSearchQueryCompiler):
    """What was asked of which queryset. Search and autocompletion are one question at the desk.

    Words are looked for in everything that the model and its children declare, a last word of letters may be only
    begun, and titles are also found by their sound; so what a list shows and what its bulk actions act on agree.
    """

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def check(self) -> None:
        """Any filter and any order will do, since the database applies them. Raises SearchFieldError."""
        for name in self.fields or ():
            if name not in text_fields(self.queryset.model):
                message = f"{self.queryset.model.__name__}.search_fields declares no text {name!r} to search in"
                raise SearchFieldError(message, field_name=name)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The text fields to look in, with their weights."""
        declared = text_fields(self.queryset.model)
        if self.fields is None:
            return declared
        return {name: weight for name, weight in declared.items() if name in self.fields}

    def words(self, index: Snapshot) -> Query | None:
        """What to ask the index for the words alone; None when there is nothing to look for."""
        if not self.weights:
            return None
        maker = QueryMaker(index.schema, self.weights, spoken=self._looks_in_titles)
        made = maker.make(self.query)
        if made is None:
            return None
        label = self.queryset.model._meta.concrete_model._meta.label_lower
        of_model = Query.term_query(index.schema, "model", label, "basic")
        return Query.boolean_query([(Occur.Must, made), (Occur.Must, Query.const_score_query(of_model, 0.0))])

    def narrowed(self, index: Snapshot, words: Query) -> Query:
        """`words`, narrowed by those conditions of the queryset that the index holds exactly."""
        parts = [(Occur.Must, words)]
        for column, values in self._exact_conditions[0]:
            held = [f"{column}={filter_value(value)}" for value in values]
            chosen = Query.term_set_query(index.schema, "filter", held)
            parts.append((Occur.Must, Query.const_score_query(chosen, 0.0)))
        return Query.boolean_query(parts)

    @property
    def _looks_in_titles(self) -> bool:
        titles = {field.field_name for field in self.queryset.model.get_autocomplete_search_fields()}
        return self.fields is None or not titles.isdisjoint(self.fields)

    @property
    def conditions_are_exact(self) -> bool:
        """Whether the index holds every condition of the queryset, so that nothing is left for the database."""
        return self._exact_conditions[1]

    @cached_property
    def _exact_conditions(self) -> tuple[list[tuple[str, list]], bool]:
        """The conditions that the index holds, as (column, one of these values), and whether those are all."""
        where = self.queryset.query.where
        if where.connector != "AND" or where.negated:
            return [], False
        conditions = [self._exact_condition(child) for child in where.children]
        held = [condition for condition in conditions if condition is not None]
        return held, len(held) == len(conditions) and not self.queryset.query.is_sliced

    def _exact_condition(self, condition) -> tuple[str, list] | None:
        if not isinstance(condition, Lookup) or not condition.rhs_is_direct_value():
            return None
        column = getattr(getattr(condition.lhs, "target", None), "attname", None)
        if column not in exact_columns(self.queryset.model) or not self._is_own(condition.lhs):
            return None
        if condition.lookup_name == "exact":
            return column, [condition.rhs]
        if condition.lookup_name == "in":
            return column, list(condition.rhs)
        if condition.lookup_name == "isnull" and condition.rhs is True:
            return column, [None]
        return None

    def _is_own(self, column) -> bool:
        """Whether a column is the searched object's own, and not one of something that it is linked to."""
        try:
            return len(self._get_filter_field_path_for_column(column)) == 1
        except FieldError:
            return False


class DeskResults(BaseSearchResults):
    """The objects that were found, as the database has them now."""

    supports_facet = True

    def __init__(self, backend, query_compiler, prefetch_related=None, answer: "_Answer | None" = None) -> None:
        super().__init__(backend, query_compiler, prefetch_related)
        self._answer = answer or _Answer(query_compiler)

    def _clone(self) -> "DeskResults":
        """The same results, with what has been found so far."""
        new = super()._clone()
        new._answer = self._answer
        return new

    def facet(self, field_name: str) -> dict:
        """How many of all the results have each value of a column, the commonest first."""
        counted = self._answer.matching.order_by().values_list(field_name).annotate(found=Count("pk", distinct=True))
        return dict(counted.order_by("-found", field_name))

    def _do_count(self) -> int:
        total = self._answer.count
        return max((total if self.stop is None else min(self.stop, total)) - self.start, 0)

    def _do_search(self) -> list:
        ids = self._answer.ids(self.start, self.stop)
        objects = {found.pk: found for found in with_keys(self.query_compiler.queryset, ids).order_by()}
        results = [objects[object_id] for object_id in ids if object_id in objects]
        if self._score_field:
            scores = self._answer.scores
            for result in results:
                setattr(result, self._score_field, scores.get(result.pk))
        return results


class _Answer:
    """What was found for one question; every slice of the results shares it."""

    def __init__(self, compiler: DeskQueryCompiler) -> None:
        self._compiler = compiler
        self._queryset = compiler.queryset

    def ids(self, start: int, stop: int | None) -> list[int]:
        """The primary keys of a slice of the results."""
        if not self._compiler.order_by_relevance or self._is_everything:
            ordered = self.matching if self.matching.query.order_by else self.matching.order_by("-pk")
            return list(ordered.values_list("pk", flat=True)[start:stop])
        if not self._is_decided_by_index:
            return self._ranked[start:stop]
        if stop is None or stop > len(self._found.ids):
            self._found = self._find(_EVERYTHING if stop is None else stop, narrowed=True)
        return self._found.ids[start:stop]

    @property
    def count(self) -> int:
        """How many results there are."""
        if self._is_decided_by_index:
            return self._found.total
        if self._compiler.order_by_relevance and not self._is_everything:
            return len(self._ranked)
        return self.matching.count()

    @property
    def scores(self) -> dict[int, float]:
        """The score of every result that is among the best."""
        return {} if self._is_everything else dict(zip(self._found.ids, self._found.scores, strict=True))

    @cached_property
    def matching(self) -> QuerySet:
        """The queryset with what matches the words alone left in it."""
        if self._is_everything:
            return self._queryset
        if self._is_decided_by_index:
            self._found = self._find(_EVERYTHING, narrowed=True)
        return with_keys(self._queryset, self._found.ids)

    @property
    def _is_everything(self) -> bool:
        """Whether no words were given: the queryset is the answer, and the index is not asked."""
        return isinstance(self._compiler.query, MatchAll)

    @cached_property
    def _is_decided_by_index(self) -> bool:
        """Whether the index holds all that the results depend on, and many more match than were fetched from it.

        Small answers are put before the database all the same, so that their count is exact to the last change.
        """
        return not self._is_everything and len(self._found.ids) < self._found.total

    @cached_property
    def _ranked(self) -> list[int]:
        """The primary keys of all the results, best first."""
        left = set(self.matching.order_by().values_list("pk", flat=True))
        return [object_id for object_id in self._found.ids if object_id in left]

    @cached_property
    def _found(self) -> Found:
        """What the index finds: all, or the best of many when the database has nothing left to decide."""
        found = self._find(_DECIDED_BY_DATABASE)
        if found.total <= _DECIDED_BY_DATABASE or not self._queryset.query.where:
            return found
        limit = _DECIDED_BY_DATABASE if self._compiler.conditions_are_exact else _EVERYTHING
        return self._find(limit, narrowed=True)

    def _find(self, limit: int, narrowed: bool = False) -> Found:
        compiler = self._compiler
        if not is_held(compiler.queryset.model):
            return self._find_without_index()
        keep_up()
        try:
            index = get_index().snapshot()
            query = compiler.words(index)
            if query is None:
                return Found(0, [], [])
            return index.find(compiler.narrowed(index, query) if narrowed else query, limit)
        except IndexUnavailableError:
            return self._find_without_index()

    def _find_without_index(self) -> Found:
        """Slow, and blind to spelling, but right: while the index is being built."""
        columns = text_columns(self._queryset.model, self._compiler.weights)
        condition = containing(self._compiler.query, columns)
        if condition is None:
            return Found(0, [], [])
        ids = list(self._queryset.filter(condition).order_by().values_list("pk", flat=True).distinct())
        return Found(len(ids), ids, [0.0] * len(ids))


def with_keys(queryset: QuerySet, ids: Sequence[int]) -> QuerySet:
    """Those of `queryset` that have one of these primary keys, however many there are."""
    if len(ids) <= _MOST_PARAMETERS:
        return queryset.filter(pk__in=ids)
    listed = {
        "sqlite": "SELECT value FROM json_each(%s)",
        "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb)::bigint",
    }.get(connections[queryset.db].vendor)
    return queryset.filter(pk__in=RawSQL(listed, [json.dumps(list(ids))]) if listed else ids)  # noqa: S611
