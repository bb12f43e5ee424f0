"""What the desk is answered while its index is being built: plain containment, asked of the database."""

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from .queries import terms_of


def text_columns(model: type[models.Model], names) -> list[str]:
    """The text columns of `model` itself among `names`."""
    columns = []
    for name in names:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, models.CharField | models.TextField):
            columns.append(name)
    return columns


def containing(query: SearchQuery, columns: list[str]) -> Q | None:
    """The condition that a row contains what is asked for; None when there is nothing to look for."""
    match query:
        case PlainText() | Fuzzy():
            parts = [_contains(term, columns) for term in terms_of(query.query_string)]
            return _connected(query.operator, parts)
        case Phrase():
            terms = terms_of("".join(query.query_string.split()))
            return _connected("and", [_contains(term, columns) for term in terms])
        case Boost():
            return containing(query.subquery, columns)
        case And() | Or():
            parts = [containing(subquery, columns) for subquery in query.subqueries]
            return _connected("and" if isinstance(query, And) else "or", parts)
        case Not():
            condition = containing(query.subquery, columns)
            return None if condition is None else ~condition
        case MatchAll():
            return ~Q(pk__in=[])
    raise NotImplementedError(f"{type(query).__name__} is no query of this search back end")


def _contains(term: str, columns: list[str]) -> Q:
    condition = Q(pk__in=[])
    for column in columns:
        condition |= Q(**{f"{column}__icontains": term})
    return condition


def _connected(operator: str, parts: list[Q | None]) -> Q | None:
    given = [part for part in parts if part is not None]
    if not given:
        return None
    joined = given[0]
    for part in given[1:]:
        joined = joined & part if operator == "and" else joined | part
    return joined
