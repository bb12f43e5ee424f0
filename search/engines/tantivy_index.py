"""The Tantivy index itself: its schema, how a document goes in and how a question becomes a Tantivy query.

Text is cut by `search.text`, so Tantivy splits at spaces alone and drops the gaps while it keeps their positions.
The body is not stored: what is shown comes from the database, so that nothing outlives its permission here.
"""

import hashlib
from collections.abc import Iterable, Iterator

import tantivy
from tantivy import FieldType, Occur, Query

from search.documents import Audience, SearchDocument
from search.text.folding import fold, folding_version
from search.text.tokens import GAP, TOKENS_VERSION, lone_characters, pair_tokens, single_tokens

from .base import FACETS, EngineQuery

_PAIRS = "pairs"
_TITLE_BOOST = 2.0
# Joins values in one field: a stop, so that no phrase is found across two of them.
_APART = "。"

# Changed with every change of `_FIELDS` or of the way a document is indexed.
_SCHEMA_VERSION = 1
_RAW_FIELDS = ("ref", "audience", "source", "work", *FACETS)
_STORED = ("ref", "audience")
_POSITIONED_FIELDS = ("title", "record", "body")
_SINGLE_FIELDS = ("title_uni", "uni")
_NUMBER_FIELDS = ("object_id", "year_from", "year_to")


def fingerprint() -> str:
    """What an index depends on besides its documents; an index of another fingerprint must be rebuilt."""
    parts = (_SCHEMA_VERSION, TOKENS_VERSION, folding_version(), tantivy.__version__.rsplit(".", 1)[0])
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def build_schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in _RAW_FIELDS:
        builder.add_text_field(
            name, stored=name in _STORED, fast=name != "ref", tokenizer_name="raw", index_option="basic"
        )
    for name in _POSITIONED_FIELDS:
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="position")
    for name in _SINGLE_FIELDS:
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="freq")
    for name in _NUMBER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """`index`, ready to be written to; needed at each opening."""
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(_PAIRS, whitespace.filter(tantivy.Filter.custom_stopword([GAP])).build())
    return index


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """The document as Tantivy indexes it."""
    title = fold(_APART.join((document.title, *document.other_titles)))
    record = fold(_APART.join((document.identifier, document.date, *document.people)))
    body = fold(document.body)
    fields: dict[str, object] = {
        "ref": document.ref,
        "source": document.source,
        "object_id": document.object_id,
        "work": document.work,
        "kind": document.kind,
        "audience": sorted(document.audiences),
        "place": sorted(set(document.places)),
        "topic": sorted(set(document.topics)),
        "title": " ".join(pair_tokens(title)),
        "record": " ".join(pair_tokens(record)),
        "body": " ".join(pair_tokens(body)),
        "title_uni": " ".join(single_tokens(title)),
        "uni": " ".join(single_tokens(record) + single_tokens(body)),
    }
    if document.series:
        fields["series"] = document.series
    if document.year_from is not None:
        fields |= {"year_from": document.year_from, "year_to": document.year_to}
    return tantivy.Document(**fields)


def to_audiences(stored: Iterable[str]) -> frozenset[Audience]:
    """The audiences of a stored document."""
    return frozenset(map(Audience, stored))


class QueryMaker:
    """Makes Tantivy queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def matching(self, query: EngineQuery, without: str = "") -> Query:
        """What `query` asks for, with the filter of the facet `without` left out."""
        parts = [self._silent(self.term("audience", query.audience.value))]
        parts += [self._text(term) for term in query.terms]
        for facet, values in query.filters.items():
            if values and facet != without:
                parts.append(self._silent(Query.term_set_query(self._schema, facet, list(values))))
        parts += map(self._silent, self._years(query))
        return self._all(parts)

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

    def _text(self, folded: str) -> Query:
        """Documents whose title, record or body holds the text: a term, or a phrase of its tokens."""
        words = [(place, token) for place, token in enumerate(pair_tokens(folded)) if token != GAP]
        parts = [self._any(("title", "record", "body"), words)] if words else []
        parts += [self._any(("title_uni", "uni"), [(0, character)]) for character in lone_characters(folded)]
        return self._all(parts) if parts else Query.empty_query()

    def _any(self, fields: tuple[str, ...], words: list[tuple[int, str]]) -> Query:
        title, *others = fields
        queries = [Query.boost_query(self._words(title, words), _TITLE_BOOST)]
        queries += [self._words(field, words) for field in others]
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def _words(self, field: str, words: list[tuple[int, str]]) -> Query:
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0][1], "freq")
        first = words[0][0]
        return Query.phrase_query(self._schema, field, [(place - first, word) for place, word in words])

    @staticmethod
    def _all(queries: list[Query]) -> Query:
        return Query.boolean_query([(Occur.Must, query) for query in queries])

    @staticmethod
    def _silent(query: Query) -> Query:
        """A filter: it selects and has no say in the order."""
        return Query.const_score_query(query, 0.0)
