"""A builder that keeps its documents in memory: what search is tested with instead of a museum."""

from collections.abc import Iterable, Iterator, Sequence

from search.documents import Audience, SearchDocument
from search.registry import Builder

EVERYBODY = frozenset({Audience.PUBLIC, Audience.READING_ROOM})
PUBLIC = frozenset({Audience.PUBLIC})
READING_ROOM = frozenset({Audience.READING_ROOM})


def make_document(object_id: int = 1, *, source: str = "page", **fields) -> SearchDocument:
    """A document with the minimum filled in."""
    ref = f"{source}:{object_id}"
    given = {
        "ref": ref,
        "work": ref,
        "kind": "book",
        "title": "無題",
        "url": f"/{source}/{object_id}/",
        "identifier": "",
        "audiences": EVERYBODY,
    }
    return SearchDocument(**given | fields)


class Shelf(Builder):
    """`search.registry.Builder` over a dictionary; `broken` ids raise, `built` lists what was asked for."""

    def __init__(self, source: str = "page") -> None:
        self.source = source
        self.documents: dict[int, list[SearchDocument]] = {}
        self.broken: set[int] = set()
        self.built: list[list[int]] = []

    def put(self, object_id: int, **fields) -> SearchDocument:
        """Replace what is there under `object_id` by one document."""
        document = make_document(object_id, source=self.source, **fields)
        self.documents[object_id] = [document]
        return document

    def put_on_site(self, object_id: int, *, body: str, **fields) -> None:
        """A record for everybody and the full text for the reading room."""
        record = make_document(object_id, source=self.source, audiences=PUBLIC, **fields)
        full = make_document(object_id, source=self.source, audiences=READING_ROOM, body=body, **fields)
        self.documents[object_id] = [record, full]

    def remove(self, object_id: int) -> None:
        del self.documents[object_id]

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        self.built.append(list(ids))
        for object_id in ids:
            if object_id in self.broken:
                raise ValueError(f"第 {object_id} 号的记录已损坏")
            yield from self.documents.get(object_id, ())

    def public(self, ids: Sequence[int]) -> set[int]:
        shown = (
            object_id
            for object_id in ids
            for document in self.documents.get(object_id, ())
            if Audience.PUBLIC in document.audiences
        )
        return set(shown)

    def ids(self) -> Iterator[int]:
        return iter(sorted({*self.documents, *self.broken}))
