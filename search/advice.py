"""What to try when nothing was found: fewer words, parts of a long one, words that sound alike, the whole museum."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .documents import Audience
from .parsing import Query, parse
from .query import Filters, count
from .suggesting import Offer, sounding_alike
from .text.tokens import pieces

_MOST_TRIED = 8
_SHORTEST_TO_HALVE = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other words that find something, and how much."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What a reader who found nothing may try. `without_filters` counts what the same words find without them."""

    without_filters: int = 0
    alternatives: list[Alternative] = field(default_factory=list)
    sounding_alike: list[Offer] = field(default_factory=list)


def advise(query: Query, audience: Audience, filters: Filters) -> Advice:
    """What to try instead of a question that found nothing: every number in it is true. Raises
    IndexUnavailableError."""
    without_filters = count(query, audience) if filters else 0
    found = []
    for text in list(dict.fromkeys(_fewer(query)))[:_MOST_TRIED]:
        if number := count(parse(text), audience):
            found.append(Alternative(text, number))
    return Advice(without_filters, found[:_MOST_TRIED], sounding_alike(query.text))


def _fewer(query: Query) -> Iterator[str]:
    """Questions that ask for less: each word alone, else a long word without its end or its beginning, or halved."""
    words = [clause for clause in query.clauses if not clause.excluded]
    if len(query.clauses) > 1 or any(clause.field or len(clause.texts) > 1 for clause in words):
        yield from (text for clause in words for text in clause.texts)
        return
    for clause in words:
        yield from _parts(clause.texts[0])


def _parts(text: str) -> Iterator[str]:
    """Parts of one word or of a phrase over punctuation."""
    runs = [run for kind, run in pieces(text) if kind != "stop"]
    if len(runs) > 1:
        yield from runs
        return
    run = runs[0] if runs else ""
    if len(run) < _SHORTEST_TO_HALVE or run[0].isascii():
        return
    half = (len(run) + 1) // 2
    yield from (run[:-1], run[1:], run[:half], run[-half:])
