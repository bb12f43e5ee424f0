"""From a parsed question to a page of results: asked of the engine, and shown as it is today."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from django.utils.safestring import SafeString

from . import registry
from .documents import Audience, SearchDocument, split_ref
from .engines import get_engine
from .engines.base import FACETS, MAX_RESULTS, EngineHit, EngineQuery, Sort
from .parsing import Query
from .text.snippets import highlight, snippet

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
# Works are told apart one by one up to the last page: nobody reads fifty pages of them.
MAX_WORKS = 1_000
_SNIPPET_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed the results to, in slugs; years are inclusive."""

    kind: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    decade: tuple[str, ...] = ()
    work: str = ""
    year_from: int | None = None
    year_to: int | None = None

    def by_facet(self) -> dict[str, tuple[str, ...]]:
        """The chosen values of every facet that has any."""
        chosen = {facet: getattr(self, facet) for facet in FACETS}
        return {facet: values for facet, values in chosen.items() if values}

    def __bool__(self) -> bool:
        return bool(self.by_facet()) or bool(self.work) or self.year_from is not None or self.year_to is not None


@dataclass(frozen=True, slots=True)
class Hit:
    """One result as it is in the database now; `title` and `snippet` are safe HTML with `<mark>`.

    `others` counts what else was found in the same work, when results are grouped by work. `places` are names.
    """

    document: SearchDocument
    kind_label: str
    title: SafeString
    snippet: SafeString
    score: float
    others: int = 0
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with the number of results that choosing it alone would give.

    `parent` is the value of the same facet that it lies under, or empty.
    """

    value: str
    label: str
    count: int
    selected: bool
    parent: str = ""


@dataclass(frozen=True)
class Results:
    """One page of results. `total` is the true number of documents, `works` that of works when they are grouped;
    `pages` counts those that can be reached."""

    query: Query
    total: int
    page: int
    pages: int
    size: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    works: int | None = None

    @property
    def is_capped(self) -> bool:
        """Whether there are results beyond the last page that can be reached."""
        return (self.total if self.works is None else self.works) > self.pages * self.size

    @cached_property
    def first(self) -> int:
        """The number of the first result of this page, counting from 1."""
        return (self.page - 1) * self.size + 1


def run(
    query: Query,
    audience: Audience,
    kinds: Sequence[str] = (),
    page: int = 1,
    size: int = PAGE_SIZE,
    *,
    filters: Filters | None = None,
    sort: Sort = Sort.RELEVANCE,
    by_work: bool = False,
    facets: Sequence[str] = ("kind",),
) -> Results:
    """One page of what `audience` may find. `kinds` stands for `filters.kind`; `by_work` gives one hit a work.

    The engine says what was found; what is shown is built anew from the database, in one call a source, so that
    a thing withdrawn a moment ago is never shown, whatever the index still holds, and its text not either. Such
    hits are left out of the page and of the total. A page beyond the last one has no hits. A query that was
    typed but asks nothing finds nothing; one that was not typed finds everything the filters leave. Raises
    IndexUnavailableError while there is no index to ask.
    """
    filters = filters or Filters()
    if kinds:
        filters = replace(filters, kind=tuple(kinds))
    size = min(max(1, size), MAX_PAGE_SIZE)
    page = max(1, page)
    if query.asks_nothing:
        return Results(query, 0, page, 0, size)
    most = MAX_WORKS if by_work else MAX_RESULTS
    reachable = page * size <= most
    answer = get_engine().search(
        replace(
            engine_query(query, audience, filters),
            facets=tuple(facets),
            offset=(page - 1) * size if reachable else 0,
            limit=size if reachable else 0,
            sort=sort,
            by_work=by_work,
        )
    )
    hits = _hits(answer.hits, query, audience)
    gone = len(answer.hits) - len(hits)
    countable = answer.works if by_work else answer.total
    return Results(
        query=query,
        total=answer.total - gone,
        works=None if answer.works is None else answer.works - gone,
        page=page,
        pages=-(-min(countable, most // size * size) // size),
        size=size,
        hits=hits,
        facets={facet: _values(facet, counts, filters) for facet, counts in answer.facets.items()},
    )


def count(query: Query, audience: Audience, filters: Filters | None = None) -> int:
    """How many documents `run` would find. Raises IndexUnavailableError."""
    if query.asks_nothing:
        return 0
    asked = engine_query(query, audience, filters or Filters())
    return get_engine().search(replace(asked, facets=(), limit=0)).total


def engine_query(query: Query, audience: Audience, filters: Filters) -> EngineQuery:
    """The question for the engine, without page and order."""
    return EngineQuery(
        audience=audience,
        clauses=query.clauses,
        filters=filters.by_facet(),
        year_from=filters.year_from,
        year_to=filters.year_to,
        work=filters.work,
    )


def documents_of(found: Sequence[EngineHit], audience: Audience) -> list[tuple[EngineHit, SearchDocument]]:
    """What was found, as it is now and as `audience` may see it, in the order of the engine."""
    ids: dict[str, list[int]] = {}
    for hit in found:
        source, object_id = split_ref(hit.ref)
        ids.setdefault(source, []).append(object_id)
    documents: dict[str, SearchDocument] = {}
    for source, object_ids in ids.items():
        for document in chain.from_iterable(registry.show_each(source, object_ids).values()):
            if audience in document.audiences:
                documents[document.ref] = document
    return [(hit, documents[hit.ref]) for hit in found if hit.ref in documents]


def _hits(found: Sequence[EngineHit], query: Query, audience: Audience) -> tuple[Hit, ...]:
    documents = documents_of(found, audience)
    titles = [highlight(document.title, query.terms) for _hit, document in documents]
    passages = _passages([document for _hit, document in documents], query.terms)
    kinds = registry.kinds()
    places = registry.labels_of("place", sorted({place for _hit, document in documents for place in document.places}))
    return tuple(
        Hit(
            document=document,
            kind_label=kinds.get(document.kind, document.kind),
            title=SafeString(title),
            snippet=SafeString(passages[document.ref]),
            score=hit.score,
            others=hit.others,
            places=tuple(places[place] for place in document.places),
        )
        for (hit, document), title in zip(documents, titles, strict=True)
    )


def _passages(documents: Sequence[SearchDocument], terms: Sequence[str]) -> dict[str, str]:
    """By its ref the passage that shows why each document was found: of its text, of where it goes on, or of its
    record. The names that only the index holds are asked for where nothing else shows it."""
    passages = {document.ref: _passage(document, terms) for document in documents}
    unmarked: dict[str, list[SearchDocument]] = {}
    for document in documents:
        if terms and "<mark>" not in passages[document.ref]:
            unmarked.setdefault(document.source, []).append(document)
    for source, group in unmarked.items():
        names = registry.names_of(source, [document.object_id for document in group])
        for document in group:
            marked = _first_marked(map("，".join, names.get(document.object_id, ())), terms)
            passages[document.ref] = marked or passages[document.ref]
    return passages


def _passage(document: SearchDocument, terms: Sequence[str]) -> str:
    passage = snippet(document.body, terms, _SNIPPET_WIDTH)
    if "<mark>" in passage:
        return passage
    if document.continuation:
        over_the_end = f"{document.body[-_SNIPPET_WIDTH:]}\n{document.continuation}"
        shown = snippet(over_the_end, terms, _SNIPPET_WIDTH)
        if "<mark>" in shown:
            return shown
    names = (document.other_titles, document.people, document.place_names, document.subjects)
    record = (*map("，".join, names), document.date, document.identifier)
    return _first_marked(record, terms) or passage


def _first_marked(texts: Iterable[str], terms: Sequence[str]) -> str:
    """The passage of the first of `texts` that holds a term, or nothing."""
    shown = (snippet(text, terms, _SNIPPET_WIDTH) for text in texts if text)
    return next((passage for passage in shown if "<mark>" in passage), "")


def _values(facet: str, counts: Mapping[str, int], filters: Filters) -> tuple[FacetValue, ...]:
    """The values of a facet that can be chosen, the chosen ones included even when nothing is left of them."""
    chosen = filters.by_facet().get(facet, ())
    values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), value))
    if facet == "kind":
        order = registry.kind_order()
        values.sort(key=lambda value: order.index(value) if value in order else len(order))
    elif facet == "decade":
        values.sort(key=_decade)
    labels = registry.labels_of(facet, values)
    parents = registry.parents_of(facet, values)
    return tuple(
        FacetValue(value, labels[value], counts.get(value, 0), value in chosen, parents.get(value, ""))
        for value in values
    )


def _decade(value: str) -> int:
    """The first year of a decade; what is none comes last."""
    return int(value) if re.fullmatch(r"-?\d{1,4}", value) else 9999
