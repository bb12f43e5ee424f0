"""Two works side by side for one question: how much each says of it, in which chapters, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import registry
from .documents import Audience
from .engines import get_engine
from .engines.base import Sort
from .parsing import Query
from .query import Filters, Hit, Results, engine_query, run
from .text.folding import fold

PASSAGES_A_PAGE = 10
MOST_CANDIDATES = 20
MOST_COUNTED = 2_000
"""Passages of a work that are counted by chapter; a word that stands in more says little about any one of them."""


@dataclass(frozen=True)
class Side:
    """One of the two works with a page of what was found in it, in the order in which it is read."""

    name: str
    work: registry.Work
    results: Results


@dataclass(frozen=True)
class ChapterRow:
    """A chapter of either work, or one that both have under the same title; a work without it has None."""

    title: str
    chapters: tuple[registry.Chapter | None, registry.Chapter | None]


@dataclass(frozen=True)
class Comparison:
    """`is_cut`: one of the works was not counted to its end."""

    sides: tuple[Side, Side]
    rows: tuple[ChapterRow, ...]
    is_cut: bool

    @property
    def pages(self) -> int:
        """The pages of the side that has more."""
        return max(side.results.pages for side in self.sides)


def compare(
    query: Query, audience: Audience, works: Mapping[str, registry.Work], names: tuple[str, str], page: int
) -> Comparison:
    """Both works turned to the same page. Four questions to the engine. Raises IndexUnavailableError."""
    sides = tuple(
        Side(
            name,
            works[name],
            run(
                query,
                audience,
                page=page,
                size=PASSAGES_A_PAGE,
                filters=Filters(work=name),
                sort=Sort.POSITION,
                facets=(),
            ),
        )
        for name in names
    )
    found = [_refs(query, audience, name) for name in names]
    rows = aligned(*(registry.chapters_of(name, refs) for name, refs in zip(names, found, strict=True)))
    return Comparison(sides, tuple(rows), any(len(refs) == MOST_COUNTED for refs in found))


def candidates(query: Query, audience: Audience, besides: str) -> tuple[Hit, ...]:
    """The works that say most of it, one hit each, but for the one that was chosen. Raises IndexUnavailableError."""
    found = run(query, audience, size=MOST_CANDIDATES, by_work=True, facets=()).hits
    return tuple(hit for hit in found if hit.document.work != besides and (hit.others or hit.document.work_title))


def aligned(left: Sequence[registry.Chapter], right: Sequence[registry.Chapter]) -> list[ChapterRow]:
    """The chapters of the left work in order, each beside that of the same title, and what only the right one has at
    the end. Titles are compared as they are searched: 風俗 is 风俗."""
    by_title = {}
    for chapter in right:
        by_title.setdefault(fold(chapter.title), []).append(chapter)
    rows = []
    for chapter in left:
        same = by_title.get(fold(chapter.title))
        rows.append(ChapterRow(chapter.title, (chapter, same.pop(0) if same else None)))
    taken = {id(row.chapters[1]) for row in rows}
    return rows + [ChapterRow(chapter.title, (None, chapter)) for chapter in right if id(chapter) not in taken]


def _refs(query: Query, audience: Audience, work: str) -> list[str]:
    """What was found in a work, in order, at most MOST_COUNTED."""
    if query.asks_nothing:
        return []
    asked = engine_query(query, audience, Filters(work=work))
    answer = get_engine().search(replace(asked, facets=(), sort=Sort.POSITION, limit=MOST_COUNTED))
    return [hit.ref for hit in answer.hits]
