"""From what a reader typed to a page of results: parsed, asked of the engine, and shown as it is today."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import registry
from .documents import Audience, SearchDocument, split_ref
from .engines import get_engine
from .engines.base import MAX_RESULTS, EngineHit, EngineQuery, Sort
from .text.folding import fold
from .text.snippets import highlight, snippet
from .text.tokens import pieces

MAX_LENGTH = 200  # characters
MAX_TERMS = 10
PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
_SNIPPET_WIDTH = 120

# Looked for in folded text, where full-width quotes and commas are ASCII ones. A comma between digits is part of
# a number; the ideographic comma and the like stand between words as white space does.
_QUOTED = r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』'
_BARE = r'(?:[^\s"“”「」『』、;,]|(?<=\d),(?=\d))+'
_TERM = re.compile(f"{_QUOTED}|{_BARE}")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for. `terms` are folded and all must occur; `notices` say what was left out of them."""

    text: str
    terms: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed the results to, in slugs; years are inclusive."""

    kind: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None

    def by_facet(self) -> dict[str, tuple[str, ...]]:
        """The chosen values of every facet that has any."""
        chosen = {"kind": self.kind, "place": self.place, "topic": self.topic, "series": self.series}
        return {facet: values for facet, values in chosen.items() if values}

    def __bool__(self) -> bool:
        return bool(self.by_facet()) or self.year_from is not None or self.year_to is not None


@dataclass(frozen=True, slots=True)
class Hit:
    """One result as it is in the database now; `title` and `snippet` are safe HTML with `<mark>`."""

    document: SearchDocument
    kind_label: str
    title: SafeString
    snippet: SafeString
    score: float


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with the number of results that choosing it alone would give."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Results:
    """One page of results. `total` is the true number; `pages` counts those that can be reached."""

    query: Query
    total: int
    page: int
    pages: int
    size: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)

    @property
    def is_capped(self) -> bool:
        """Whether there are results beyond the last page that can be reached."""
        return self.total > self.pages * self.size

    @cached_property
    def first(self) -> int:
        """The number of the first result of this page, counting from 1."""
        return (self.page - 1) * self.size + 1


def parse(text: str) -> Query:
    """What `text` asks for. Nothing that can be typed is an error.

    White space and 、，； separate terms, all of which must occur; quotation marks ("…", “…”, 「…」, 『…』) keep
    one together; other punctuation inside a term stands for any punctuation or none. At most `MAX_LENGTH`
    characters and `MAX_TERMS` terms count, and a notice says so when more were typed.
    """
    text = " ".join(_UNPRINTABLE.sub(" ", text).split())
    notices = []
    if len(text) > MAX_LENGTH:
        notices.append(_("检索词太长，只用了前 %(count)d 个字。") % {"count": MAX_LENGTH})
        text = text[:MAX_LENGTH].rstrip()
    terms: dict[str, None] = {}
    for match in _TERM.finditer(fold(text)):
        term = next((group for group in match.groups() if group is not None), match.group())
        if any(kind != "stop" for kind, _text in pieces(term)):
            terms[term.strip()] = None
    if len(terms) > MAX_TERMS:
        notices.append(_("检索词太多，只用了前 %(count)d 个。") % {"count": MAX_TERMS})
    if text and not terms:
        notices.append(_("输入的只有标点符号，没有可以检索的文字。"))
    return Query(text, tuple(terms)[:MAX_TERMS], tuple(notices))


def run(
    query: Query,
    audience: Audience,
    kinds: Sequence[str] = (),
    page: int = 1,
    size: int = PAGE_SIZE,
    *,
    filters: Filters | None = None,
    sort: Sort = Sort.RELEVANCE,
) -> Results:
    """One page of what `audience` may find. `kinds` stands for `filters.kind`.

    The engine says what was found; what is shown is built anew from the database, in one call a source, so that
    a thing withdrawn a moment ago is never shown, whatever the index still holds, and its text not either. Such
    hits are left out of the page and of the total. A page beyond the last one has no hits. A query that was
    typed but holds no term finds nothing; one that was not typed finds everything the filters leave. Raises
    IndexUnavailableError while there is no index to ask.
    """
    filters = filters or Filters()
    if kinds:
        filters = replace(filters, kind=tuple(kinds))
    size = min(max(1, size), MAX_PAGE_SIZE)
    page = max(1, page)
    if query.text and not query.terms:
        return Results(query, 0, page, 0, size)
    reachable = page * size <= MAX_RESULTS
    answer = get_engine().search(
        EngineQuery(
            audience=audience,
            terms=query.terms,
            filters=filters.by_facet(),
            year_from=filters.year_from,
            year_to=filters.year_to,
            offset=(page - 1) * size if reachable else 0,
            limit=size if reachable else 0,
            sort=sort,
        )
    )
    hits = _hits(answer.hits, query, audience)
    return Results(
        query=query,
        total=answer.total - (len(answer.hits) - len(hits)),
        page=page,
        pages=-(-min(answer.total, MAX_RESULTS // size * size) // size),
        size=size,
        hits=hits,
        facets={facet: _values(facet, counts, filters) for facet, counts in answer.facets.items()},
    )


def _hits(found: Sequence[EngineHit], query: Query, audience: Audience) -> tuple[Hit, ...]:
    """What was found, as it is now and as `audience` may see it, in the order of the engine."""
    ids: dict[str, list[int]] = {}
    for hit in found:
        source, object_id = split_ref(hit.ref)
        ids.setdefault(source, []).append(object_id)
    documents: dict[str, SearchDocument] = {}
    for source, object_ids in ids.items():
        made, _failed = registry.build_each(source, object_ids)
        for document in (document for group in made.values() for document in group):
            if audience in document.audiences:
                documents[document.ref] = document
    kinds = registry.kinds()
    return tuple(_hit(documents[hit.ref], hit.score, query, kinds) for hit in found if hit.ref in documents)


def _hit(document: SearchDocument, score: float, query: Query, kinds: Mapping[str, str]) -> Hit:
    return Hit(
        document=document,
        kind_label=kinds.get(document.kind, document.kind),
        title=SafeString(highlight(document.title, query.terms)),
        snippet=SafeString(_passage(document, query.terms)),
        score=score,
    )


def _passage(document: SearchDocument, terms: Sequence[str]) -> str:
    """The passage that shows why the document was found: of its text, or else of its record."""
    passage = snippet(document.body, terms, _SNIPPET_WIDTH)
    if "<mark>" in passage:
        return passage
    for part in (document.other_titles, document.people, (document.date,), (document.identifier,)):
        shown = snippet("，".join(part), terms, _SNIPPET_WIDTH)
        if "<mark>" in shown:
            return shown
    return passage


def _values(facet: str, counts: Mapping[str, int], filters: Filters) -> tuple[FacetValue, ...]:
    """The values of a facet that can be chosen, the chosen ones included even when nothing is left of them."""
    chosen = filters.by_facet().get(facet, ())
    order = list(registry.kinds()) if facet == "kind" else []
    values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), value))
    if order:
        values.sort(key=lambda value: order.index(value) if value in order else len(order))
    labels = registry.labels_of(facet, values)
    return tuple(FacetValue(value, labels[value], counts.get(value, 0), value in chosen) for value in values)
