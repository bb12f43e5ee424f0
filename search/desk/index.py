"""The desk's index: its schema, how an object goes in, and how the primary keys of what is found come out."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tantivy
from django.conf import settings
from tantivy import FieldType, Order, Query

from search.text.folding import fold, folding_version
from search.text.pinyin import compact, syllables
from search.text.tokens import GAP, TOKENS_VERSION, pair_tokens, single_tokens

from .documents import DeskDocument, declaration, sources, text_fields
from .folder import IndexFolder

PAIRS = "pairs"
PINYIN = "pinyin"
LONGEST_PINYIN = 24  # letters
_STARTS = 8  # syllables of a title that its pinyin can be typed from
# Changed with every change of the schema or of the way a document is indexed.
_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: how many objects there are, and the primary keys of the best of them with their scores."""

    total: int
    ids: list[int]
    scores: list[float]


class Snapshot:
    """The desk's index as of one commit: what one question is answered from."""

    def __init__(self, index: tantivy.Index) -> None:
        self.schema = index.schema
        self._searcher = index.searcher()

    def find(self, query: Query, limit: int) -> Found:
        """The best `limit` of what `query` finds, best first, and how many there are in all.

        Equal scores keep the order of the index.
        """
        result = self._searcher.search(query, limit=max(1, min(limit, self._searcher.num_docs)))
        hits = result.hits if limit > 0 else []
        ids = self._searcher.fast_field_values("object_id", [address for _score, address in hits])
        return Found(result.count, ids, [score for score, _address in hits])

    def digests(self, source: str, after: int, limit: int) -> list[tuple[int, int]]:
        """Object ids of a source above `after` with the digests of what is indexed of them, ascending."""
        above = Query.range_query(self.schema, "object_id", FieldType.Integer, lower_bound=after, include_lower=False)
        of_source = Query.term_query(self.schema, "source", source, "basic")
        hits = self._searcher.search(
            Query.boolean_query([(tantivy.Occur.Must, of_source), (tantivy.Occur.Must, above)]),
            limit=limit,
            order_by_field="object_id",
            order=Order.Asc,
            count=False,
        ).hits
        digests = self._searcher.fast_field_values("digest", [address for _object_id, address in hits])
        return [(object_id, digest) for (object_id, _address), digest in zip(hits, digests, strict=True)]

    def sources(self) -> list[str]:
        """The sources of everything indexed, in order."""
        asked = {"sources": {"terms": {"field": "source", "size": 1_000}}}
        buckets = self._searcher.aggregate(Query.all_query(), asked)["sources"]["buckets"]
        return sorted(bucket["key"] for bucket in buckets)


class DeskIndex:
    """The desk's index over one folder."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.folder = IndexFolder(directory, _fingerprint(), _schema, _register)

    def snapshot(self) -> Snapshot:
        """The index as it is now. Raises IndexUnavailableError."""
        return Snapshot(self.folder.current())


_last: dict[str, DeskIndex] = {}


def get_index() -> DeskIndex:
    """The desk's index of this installation, beside the public one; one instance a process."""
    public = Path(settings.SEARCH["DIR"])
    directory = public.with_name(f"{public.name}-desk")
    index = _last.get("index")
    if index is None or index.directory != directory:
        index = _last["index"] = DeskIndex(directory)
    return index


def replace(writer: tantivy.IndexWriter, document: DeskDocument) -> None:
    """Let `document` take the place of what is indexed of its object."""
    forget(writer, document.ref)
    writer.add_document(_to_tantivy(document))


def forget(writer: tantivy.IndexWriter, ref: str) -> None:
    """Remove what is indexed of an object."""
    writer.delete_documents_by_term("ref", ref)


def field_name(search_field: str) -> str:
    """The index's field for the texts of a search field."""
    return f"t_{search_field}"


@cache
def _text_names() -> tuple[str, ...]:
    return tuple(sorted({name for models in sources().values() for model in models for name in text_fields(model)}))


def _fingerprint() -> str:
    parts = (
        _SCHEMA_VERSION,
        TOKENS_VERSION,
        folding_version(),
        tantivy.__version__.rsplit(".", 1)[0],
        declaration(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("ref", "source", "model", "filter"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name == "source")
    for name in ("object_id", "digest"):
        builder.add_integer_field(name, indexed=name == "object_id", fast=True)
    for name in _text_names():
        builder.add_text_field(field_name(name), tokenizer_name=PAIRS, index_option="position")
    builder.add_text_field(PINYIN, tokenizer_name=PAIRS, index_option="basic")
    return builder.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(PAIRS, whitespace.filter(tantivy.Filter.custom_stopword([GAP])).build())
    return index


def _to_tantivy(document: DeskDocument) -> tantivy.Document:
    fields: dict[str, object] = {
        "ref": document.ref,
        "source": document.source,
        "object_id": document.object_id,
        "digest": document.digest,
        "model": list(document.models),
        "filter": [f"{column}={value}" for column, value in document.filters],
        PINYIN: " ".join(sorted({token for title in document.titles for token in _spoken(title)})),
    }
    for name, text in document.texts.items():
        folded = fold(text)
        # Single characters follow the pairs, out of reach of any phrase: no pair is one character long.
        fields[field_name(name)] = " ".join([*pair_tokens(folded), GAP, *sorted(set(single_tokens(folded)))])
    return tantivy.Document(**fields)


def _spoken(title: str) -> Iterator[str]:
    """How a title may be typed by sound, from any of its first syllables on: in full, or by initials."""
    read: Sequence[str] = syllables(compact(title)[:LONGEST_PINYIN])
    for start in range(min(len(read), _STARTS)):
        yield "".join(read[start:])[:LONGEST_PINYIN]
        yield "".join(syllable if syllable.isdigit() else syllable[0] for syllable in read[start:])
