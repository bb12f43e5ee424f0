"""From what is asked through Wagtail's search interface to a Tantivy query. Nothing that can be typed is an error."""

import re
from collections.abc import Iterable, Mapping

import tantivy
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from tantivy import Occur, Query

from search.text.folding import fold
from search.text.tokens import GAP, lone_characters, pair_tokens, pieces

from .index import LONGEST_PINYIN, PINYIN, field_name

MAX_LENGTH = 200  # characters that count
MAX_TERMS = 20
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")
_SPOKEN = re.compile("[a-z]{2,}")
# Below any match of what is written: sound is a help to find, not a reason to come first.
_PINYIN_BOOST = 0.3
# A long word may be misspelt twice, a short one once.
_LONG_WORD = 6

Pattern = tuple[int, str, bool]
"""A token to look for: its position, its text, and whether it is the beginning of a word."""


def terms_of(text: str) -> list[str]:
    """The parts of what was typed that must be found each on its own, folded; at most `MAX_TERMS`."""
    words = fold(_UNPRINTABLE.sub(" ", text[: 10 * MAX_LENGTH])).strip()[:MAX_LENGTH].split()
    return [word for word in dict.fromkeys(words) if _says_something(word)][:MAX_TERMS]


def _says_something(folded: str) -> bool:
    return any(kind != "stop" for kind, _text in pieces(folded))


class QueryMaker:
    """Makes Tantivy queries over some of the text fields, which `weights` names."""

    def __init__(self, schema: tantivy.Schema, weights: Mapping[str, float], spoken: bool) -> None:
        self._schema = schema
        self._weights = weights
        self._spoken = spoken

    def make(self, query: SearchQuery) -> Query | None:
        """The query, or None when it says nothing to look for (punctuation alone). Raises NotImplementedError."""
        match query:
            case PlainText():
                made = self._connect(query.operator, map(self._term, terms_of(query.query_string)))
                return made and self._boosted(made, query.boost)
            case Phrase():
                return self._phrase(query.query_string)
            case Fuzzy():
                return self._connect(query.operator, map(self._fuzzy, terms_of(query.query_string)))
            case Boost():
                made = self.make(query.subquery)
                return made and self._boosted(made, query.boost)
            case And():
                return self._connect("and", map(self.make, query.subqueries))
            case Or():
                return self._connect("or", map(self.make, query.subqueries))
            case Not():
                made = self.make(query.subquery)
                return made and Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, made)])
            case MatchAll():
                return Query.all_query()
        raise NotImplementedError(f"{type(query).__name__} is no query of this search back end")

    @staticmethod
    def _connect(operator: str, parts: Iterable[Query | None]) -> Query | None:
        """All or any of `parts`; those that say nothing have no part in it."""
        occur = Occur.Must if operator == "and" else Occur.Should
        given = [(occur, part) for part in parts if part is not None]
        return Query.boolean_query(given) if given else None

    @staticmethod
    def _boosted(query: Query, boost: float) -> Query:
        return query if boost == 1 else Query.boost_query(query, boost)

    def _phrase(self, text: str) -> Query | None:
        folded = fold(_UNPRINTABLE.sub(" ", text[: 10 * MAX_LENGTH])).strip()[:MAX_LENGTH]
        return self._written(folded, completed=False) if _says_something(folded) else None

    def _term(self, folded: str) -> Query:
        """Where the term is written, its last word perhaps only begun, or where a title sounds like it."""
        written = self._written(folded, completed=True)
        if not (self._spoken and _SPOKEN.fullmatch(folded)):
            return written
        sound = Query.regex_query(self._schema, PINYIN, f"{folded[:LONGEST_PINYIN]}.*")
        return Query.boolean_query(
            [(Occur.Should, written), (Occur.Should, Query.const_score_query(sound, _PINYIN_BOOST))]
        )

    def _written(self, folded: str, completed: bool) -> Query:
        patterns = _patterns(folded, completed)
        parts = [self._anywhere(patterns)] if patterns else []
        parts += [self._anywhere([(0, character, False)]) for character in lone_characters(folded)]
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])

    def _anywhere(self, patterns: list[Pattern]) -> Query:
        return Query.boolean_query(
            [
                (Occur.Should, self._boosted(self._inside(field_name(name), patterns), weight))
                for name, weight in self._weights.items()
            ]
        )

    def _inside(self, field: str, patterns: list[Pattern]) -> Query:
        if len(patterns) == 1:
            _place, token, begun = patterns[0]
            if begun:
                return Query.regex_query(self._schema, field, f"{re.escape(token)}.*")
            return Query.term_query(self._schema, field, token, "freq")
        first = patterns[0][0]
        if not any(begun for _place, _token, begun in patterns):
            return Query.phrase_query(self._schema, field, [(place - first, token) for place, token, _ in patterns])
        words = [(place - first, re.escape(token) + (".*" if begun else "")) for place, token, begun in patterns]
        return Query.regex_phrase_query(self._schema, field, words)

    def _fuzzy(self, folded: str) -> Query:
        """The term, or for a word of letters also what is a slip of the keyboard away from it."""
        written = self._term(folded)
        kinds = list(pieces(folded))
        if [kind for kind, _text in kinds] != ["word"]:
            return written
        slips = 2 if len(folded) >= _LONG_WORD else 1
        near = [Query.fuzzy_term_query(self._schema, field_name(name), folded, slips) for name in self._weights]
        return Query.boolean_query([(Occur.Should, part) for part in (written, *near)])


def _patterns(folded: str, completed: bool) -> list[Pattern]:
    """The tokens of a folded text with their positions; with `completed`, a last word may go on."""
    tokens = pair_tokens(folded)
    last = ""
    for kind, text in pieces(folded):
        last = text if kind == "word" else ""
    end = len(tokens)
    while end and tokens[end - 1] == GAP:
        end -= 1
    begun = {end - 1, end - 2} if completed and last else set()
    return [
        (place, token, place in begun and token.endswith(last)) for place, token in enumerate(tokens) if token != GAP
    ]
