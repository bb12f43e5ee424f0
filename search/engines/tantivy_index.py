"""The Tantivy index itself: its schema, how a document goes in and how a question becomes a Tantivy query.

Text is cut by `search.text`, so Tantivy splits at spaces alone and drops the gaps while it keeps their positions.
The body is not stored: what is shown comes from the database, so that nothing outlives its permission here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

import tantivy
from tantivy import FieldType, Occur, Query

from search.documents import Audience, SearchDocument
from search.text.folding import fold, folding_version
from search.text.pinyin import LONGEST_PINYIN, beginnings, middles
from search.text.tokens import (
    AHEAD,
    GAP,
    TOKENS_VERSION,
    continued_tokens,
    crossings,
    lone_characters,
    pair_tokens,
    single_tokens,
)

from .base import FACETS, FIELDS, Clause, EngineQuery, Suggestion

_PAIRS = "pairs"
_TITLE_BOOST = 2.0
# Joins values in one field: a stop, so that no phrase is found across two of them.
_APART = "。"

# Changed with every change of the fields or of the way a document is indexed.
_SCHEMA_VERSION = 4
# `audience` selects, `serves` is what the index is compared by: what is only suggested selects nothing.
_RAW_FIELDS = ("ref", "audience", "serves", "source", "work", "sort_title", *FACETS)
_STORED = ("ref", "serves")
_FAST = ("source", "sort_title", *FACETS)
# Each with the field of its single characters. What is looked for anywhere is looked for in the first three.
_POSITIONED_FIELDS = ("title", "record", "body", "people", "place_names")
_ANYWHERE = (("title", "title_uni"), ("record", "uni"), ("body", "uni"))
_SINGLE_FIELDS = ("title_uni", "uni", "people_uni", "place_names_uni")
# `group` is the work of a document that is one of many, as a number that the engine counts and excludes quickly.
_NUMBER_FIELDS = ("object_id", "year_from", "year_to", "position", "group", "suggest_weight")
_SUGGEST_FIELDS = ("begins", "contains")
# So that what has no place in its work comes after what has one.
_LAST_POSITION = 2**62


def fingerprint() -> str:
    """What an index depends on besides its documents; an index of another fingerprint must be rebuilt."""
    return _digest(_SCHEMA_VERSION, TOKENS_VERSION, folding_version(), tantivy.__version__.rsplit(".", 1)[0])


@lru_cache(maxsize=4)
def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def build_schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in _RAW_FIELDS:
        builder.add_text_field(
            name, stored=name in _STORED, fast=name in _FAST, tokenizer_name="raw", index_option="basic"
        )
    for name in _POSITIONED_FIELDS:
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="position")
    for name in _SINGLE_FIELDS:
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="freq")
    for name in _NUMBER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in _SUGGEST_FIELDS:
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="basic")
    builder.add_bytes_field("suggestion", stored=True)
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """`index`, ready to be written to; needed at each opening."""
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(_PAIRS, whitespace.filter(tantivy.Filter.custom_stopword([GAP])).build())
    return index


def group_number(work: str) -> int:
    """A number for a work, of 52 bits: an aggregation gives its keys as floating-point numbers."""
    return int.from_bytes(hashlib.blake2b(work.encode(), digest_size=8).digest(), "big") >> 12


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """The document as Tantivy indexes it."""
    fields: dict[str, object] = {
        "ref": document.ref,
        "source": document.source,
        "object_id": document.object_id,
        "serves": sorted(document.audiences),
    }
    if document.suggest_weight > 0 and Audience.PUBLIC in document.audiences:
        fields |= _suggestion(document)
    if not document.suggest_only:
        fields |= _texts(document) | _choices(document) | _numbers(document)
    return tantivy.Document(**fields)


def _texts(document: SearchDocument) -> dict[str, object]:
    """What is searched, cut into tokens."""
    title = fold(_APART.join((document.title, *document.other_titles)))
    people, places = (fold(_APART.join(names)) for names in (document.people, document.place_names))
    record = _APART.join((fold(document.identifier), fold(document.date), people, places))
    record = _APART.join((record, *map(fold, document.subjects)))
    body = fold(document.body)
    return {
        "title": " ".join(pair_tokens(title)),
        "record": " ".join(pair_tokens(record)),
        "body": " ".join(continued_tokens(body, fold(document.continuation))),
        "people": " ".join(pair_tokens(people)),
        "place_names": " ".join(pair_tokens(places)),
        "title_uni": " ".join(single_tokens(title)),
        "uni": " ".join(single_tokens(record) + single_tokens(body)),
        "people_uni": " ".join(single_tokens(people)),
        "place_names_uni": " ".join(single_tokens(places)),
    }


def _choices(document: SearchDocument) -> dict[str, object]:
    """What results are narrowed, counted and ordered by."""
    fields: dict[str, object] = {
        "audience": sorted(document.audiences),
        "work": document.work,
        "kind": document.kind,
        "place": sorted({*document.places, *document.places_above}),
        "topic": sorted(set(document.topics)),
        "decade": [str(decade) for decade in document.decades],
        "sort_title": document.sort_title or fold(document.title),
    }
    if document.series:
        fields["series"] = document.series
    return fields


def _numbers(document: SearchDocument) -> dict[str, int]:
    numbers = {"position": _LAST_POSITION if document.position is None else document.position}
    if document.year_from is not None:
        numbers |= {"year_from": document.year_from, "year_to": document.year_to}
    if document.grouped:
        numbers["group"] = group_number(document.work)
    return numbers


def _suggestion(document: SearchDocument) -> dict[str, object]:
    """How its titles may be begun, and what is shown. Inside a title only the weightier things are looked for: an
    entry has a hundred beginnings inside, and there are hundreds of thousands of entries."""
    titles = (document.title, *document.other_titles)
    light = document.suggest_weight == 1
    inside = () if light else titles
    letters = LONGEST_PINYIN // 2 if light else LONGEST_PINYIN
    shown = {"title": document.title, "kind": document.kind, "url": document.url}
    return {
        "begins": " ".join(set().union(*(beginnings(title, letters) for title in titles))),
        "contains": " ".join(set().union(*map(middles, inside))),
        # Among things of one weight the shorter title is the likelier one.
        "suggest_weight": document.suggest_weight * 1_000 - min(len(document.title), 999),
        "suggestion": json.dumps(shown, ensure_ascii=False).encode(),
    }


def to_suggestion(ref: str, stored: bytes) -> Suggestion:
    """What `_suggestion` stored."""
    return Suggestion(ref, **json.loads(bytes(stored)))


def to_audiences(stored: Iterable[str]) -> frozenset[Audience]:
    """The audiences of a stored document."""
    return frozenset(map(Audience, stored))


@lru_cache(maxsize=1024)
def _cut(folded: str) -> tuple[list[str], list[str]]:
    """The tokens of a text that is looked for, and the characters that none of them holds."""
    return pair_tokens(folded), lone_characters(folded)


class QueryMaker:
    """Makes Tantivy queries for one schema, as of what one searcher sees."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def matching(self, query: EngineQuery, without: str = "", passing_over: Iterable[int] = ()) -> Query:
        """What `query` asks for, with the filter of the facet `without` left out, and without some groups."""
        parts = [self._silent(self.term("audience", query.audience.value))]
        clauses = (*(Clause((term,)) for term in query.terms), *query.clauses)
        parts += [self._clause(clause) for clause in clauses if not clause.excluded]
        if query.work:
            parts.append(self._silent(self.term("work", query.work)))
        for facet, values in query.filters.items():
            if values and facet != without:
                parts.append(self._silent(Query.term_set_query(self._schema, facet, list(values))))
        parts += map(self._silent, self._years(query))
        refused = [self._clause(clause) for clause in clauses if clause.excluded]
        if passing_over := list(passing_over):
            refused.append(Query.term_set_query(self._schema, "group", passing_over))
        return self._all(parts, refused)

    def suggesting(self, field: str, typed: str, inside: str = "") -> Query:
        """What begins with `typed`, or, when `inside` names the other field, what only holds it."""
        return self._all([self.term(field, typed)], [self.term(inside, typed)] if inside else [])

    def term(self, field: str, value: str) -> Query:
        """Documents that hold exactly `value`."""
        return Query.term_query(self._schema, field, value, "basic")

    def after(self, source: str, object_id: int) -> Query:
        """Documents of a source whose object id is above `object_id`."""
        above = Query.range_query(
            self._schema, "object_id", FieldType.Integer, lower_bound=object_id, include_lower=False
        )
        return self._all([self.term("source", source), above])

    def _years(self, query: EngineQuery) -> Iterator[Query]:
        if query.year_from is not None:
            yield Query.range_query(self._schema, "year_to", FieldType.Integer, lower_bound=query.year_from)
        if query.year_to is not None:
            yield Query.range_query(self._schema, "year_from", FieldType.Integer, upper_bound=query.year_to)

    def _clause(self, clause: Clause) -> Query:
        """Documents of which one text of the clause holds."""
        places = ((clause.field, f"{clause.field}_uni"),) if clause.field in FIELDS else _ANYWHERE
        alternatives = [self._text(text, places) for text in clause.texts]
        return alternatives[0] if len(alternatives) == 1 else self._any(alternatives)

    def _text(self, folded: str, places: tuple[tuple[str, str], ...]) -> Query:
        """Documents that hold the text in one of `places`: a term, or a phrase of its tokens."""
        tokens, lone = _cut(folded)
        parts = []
        if any(token != GAP for token in tokens):
            parts.append(self._any(query for field, _uni in places for query in self._phrases(field, tokens)))
        for character in lone:
            fields = dict.fromkeys(uni for _field, uni in places)
            parts.append(
                self._any(
                    self._boosted(field, Query.term_query(self._schema, field, character, "freq")) for field in fields
                )
            )
        if not parts:
            return Query.empty_query()
        # A query within a query takes Tantivy off its fast path for unions of words.
        return parts[0] if len(parts) == 1 else self._all(parts)

    def _phrases(self, field: str, tokens: list[str]) -> Iterator[Query]:
        """The tokens one after the other in `field`; in a body also from its end into what follows it."""
        yield self._boosted(field, self._words(field, tokens))
        if field == "body":
            # Most words begin no leaf: asking the dictionary is much cheaper than a phrase that cannot be there.
            ahead = {token for token in tokens if token != GAP and self._searcher.doc_freq(field, AHEAD + token)}
            for way in crossings(tokens) if ahead else ():
                if all(token[1:] in ahead for token in way if token.startswith(AHEAD)):
                    yield self._words(field, way)

    @staticmethod
    def _boosted(field: str, query: Query) -> Query:
        return Query.boost_query(query, _TITLE_BOOST) if field.startswith("title") else query

    def _words(self, field: str, tokens: list[str]) -> Query:
        words = [(place, token) for place, token in enumerate(tokens) if token != GAP]
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0][1], "freq")
        first = words[0][0]
        return Query.phrase_query(self._schema, field, [(place - first, word) for place, word in words])

    @staticmethod
    def _any(queries: Iterable[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    @staticmethod
    def _all(queries: list[Query], refused: Iterable[Query] = ()) -> Query:
        parts = [(Occur.Must, query) for query in queries]
        return Query.boolean_query(parts + [(Occur.MustNot, query) for query in refused])

    @staticmethod
    def _silent(query: Query) -> Query:
        """A filter: it selects and has no say in the order."""
        return Query.const_score_query(query, 0.0)
