"""How sections and leaves are found: under the places and years of their book, each passage once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from types import SimpleNamespace

from django.db.models import F
from django.db.models.functions import Left

from archive.access import AccessLevel
from archive.book_text import notation
from search import registry
from search.documents import Audience, SearchDocument
from search.indexing import enqueue

from .models import BookPage, Leaf, Section
from .search_records import RECORD, for_audiences, record_of, thumbnail_of
from .search_shown import Addresses, as_object, pictures_of, places_of

# The beginning of the next leaf that is indexed with a leaf: a sentence that turns the page is seldom longer.
_CONTINUATION = 24
NEXT_READ = 4 * _CONTINUATION
"""Characters of the next leaf's text, marks of its notation included, that are enough to know how it begins."""
_WEIGHT_OF_SECTIONS = 1  # offered while a reader types by their beginning alone
_SHOWN_OF_PASSAGES = (
    *("pk", "book_id", "position", "key", "label", "text", "book__title", "book__date_written", "book__text_unit"),
    *("book__url_path", "book__identifier_id", "book__effective_access"),
)


class PassageBuilder(registry.Builder):
    """What sections and leaves have in common: they are found as their book is, under its places and years."""

    model: type[Section] | type[Leaf]
    source = ""
    text_unit = ""
    shown_columns: tuple[str, ...] = ()

    def ids(self) -> Iterator[int]:
        return self._shown().order_by("pk").values_list("pk", flat=True).iterator()

    def public(self, ids: Sequence[int]) -> set[int]:
        return set(self._shown().filter(pk__in=ids).values_list("pk", flat=True))

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        rows = list(self._rows(self._shown().filter(pk__in=ids)).order_by("pk"))
        books = BookPage.objects.select_related("series").prefetch_related(*RECORD)
        found = books.in_bulk({row.book_id for row in rows})
        urls = {pk: book.get_url() for pk, book in found.items()}
        records = {pk: self._record_of(book) for pk, book in found.items() if urls[pk]}
        continuations = self._continuations(rows, found)
        for row in rows:
            if row.book_id in records:
                row.book = found[row.book_id]
                given = (row, urls[row.book_id], records[row.book_id], continuations.get(row.pk, ""))
                yield from for_audiences(row.book.effective_access, partial(self._document, *given))

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        shown = self._shown().filter(pk__in=ids).order_by("pk")
        rows = [as_object(row) for row in shown.values(*_SHOWN_OF_PASSAGES, *self.shown_columns)]
        addresses, books = Addresses(), {row.book_id: row.book for row in rows}
        for book in books.values():
            book.url = addresses.of(book.url_path)
        rows = [row for row in rows if books[row.book_id].url]
        places, continuations = places_of(books), self._continuations(rows, books)
        self._complete(rows)
        for row in rows:
            row.book = books[row.book_id]
            row.heading = self.model.heading.fget(row)
            record = self._shown_record(row.book) | {"places": places.get(row.book_id, ())}
            given = (row, row.book.url, record, continuations.get(row.pk, ""))
            yield from for_audiences(row.book.effective_access, partial(self._document, *given))

    def _complete(self, rows: Sequence) -> None:
        """Give rows that `show` read what `_fields` needs besides their columns."""

    @staticmethod
    def _shown_record(book) -> dict:
        return {"work": book.identifier_id, "work_title": book.title, "grouped": True, "date": book.date_written}

    def _shown(self):
        shown = self.model.objects.filter(book__live=True, book__effective_access__lt=AccessLevel.STAFF)
        return shown.order_by()

    def _rows(self, rows):
        """With everything that `_fields` needs."""
        raise NotImplementedError

    def _fields(self, row, audiences: frozenset[Audience], with_text: bool) -> dict:
        """The fields that sections and leaves fill differently."""
        raise NotImplementedError

    def _continuations(self, rows: Sequence, books: dict[int, BookPage]) -> dict[int, str]:
        """How the texts of rows go on in the next one."""
        return {}

    @staticmethod
    def _record_of(book: BookPage) -> dict:
        return record_of(book) | {"work_title": book.title, "grouped": True}

    def _document(
        self, row, book_url: str, record: dict, continuation: str, audiences: frozenset[Audience], with_text: bool
    ) -> SearchDocument:
        shown = with_text and row.book.text_unit == self.text_unit
        return SearchDocument(
            ref=f"{self.source}:{row.pk}",
            kind=self.source,
            title=row.heading,
            # The address of its book, made once: a row would ask Wagtail for it again.
            url=self.model.get_absolute_url(SimpleNamespace(key=row.key, book=SimpleNamespace(url=book_url))),
            audiences=audiences,
            body=notation.findable(row.text) if shown else "",
            continuation=continuation if shown else "",
            position=row.position,
            marks_words=True,
            **self._fields(row, audiences, with_text),
            **record,
        )


class SectionBuilder(PassageBuilder):
    model = Section
    source = "section"
    text_unit = BookPage.TextUnit.SECTION
    shown_columns = ("title", "identifier_id", "parent__label", "parent__title")

    def _complete(self, rows: Sequence) -> None:
        for row in rows:
            if row.parent.title is None:
                row.parent = None
            else:
                row.parent.heading = Section.heading.fget(row.parent)

    def _rows(self, rows):
        return rows.select_related("parent").defer("parent__text")

    def _fields(self, row: Section, audiences: frozenset[Audience], with_text: bool) -> dict:
        return {
            "identifier": row.identifier_id,
            "permanent_url": f"/id/{row.identifier_id}",
            "locator": row.parent.heading if row.parent else "",
            "suggest_weight": _WEIGHT_OF_SECTIONS,
        }


class LeafBuilder(PassageBuilder):
    """Leaves are found by their own text; in a book whose text is in its sections they would say it twice."""

    model = Leaf
    source = "leaf"
    text_unit = BookPage.TextUnit.LEAF
    shown_columns = ("scan_id",)

    def build(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        return (document for document in super().build(ids) if document.body)

    def show(self, ids: Sequence[int]) -> Iterable[SearchDocument]:
        return (document for document in super().show(ids) if document.body)

    def _complete(self, rows: Sequence) -> None:
        pictures = pictures_of("scan", [row.scan_id for row in rows])
        for row in rows:
            row.scan = pictures.get(row.scan_id)

    def _rows(self, rows):
        return rows.select_related("scan").prefetch_related("scan__derivatives")

    def _fields(self, row: Leaf, audiences: frozenset[Audience], with_text: bool) -> dict:
        return {
            "identifier": row.book.identifier_id,
            "locator": row.heading,
            "thumbnail": thumbnail_of(row.scan, audiences) if with_text else "",
        }

    def _continuations(self, rows: Sequence[Leaf], books: dict[int, BookPage]) -> dict[int, str]:
        """The beginning of the text of each next leaf, in one query."""
        scanned = [row for row in rows if books[row.book_id].text_unit == self.text_unit]
        if not scanned:
            return {}
        # A few leaves too many where there are many books; a condition a book would cost more.
        next_to = {
            "book_id__in": {row.book_id for row in scanned},
            "position__in": {row.position + 1 for row in scanned},
        }
        following = Leaf.objects.filter(**next_to).order_by().annotate(beginning=Left(F("text"), NEXT_READ))
        beginnings = {
            (book_id, position - 1): continuation_of(beginning)
            for book_id, position, beginning in following.values_list("book_id", "position", "beginning")
        }
        return {row.pk: beginnings.get((row.book_id, row.position), "") for row in rows}


def continuation_of(beginning: str) -> str:
    """How a leaf goes on in the next one, whose text has this beginning."""
    return "".join(notation.plain(beginning).split(" "))[:_CONTINUATION]


def leaf_before_changes(sender, instance: Leaf, raw: bool = False, **kwargs) -> None:
    """A leaf is found by the beginning of the next one too."""
    before = Leaf.objects.filter(book_id=instance.book_id, position=instance.position - 1)
    enqueue("leaf", before.values_list("pk", flat=True))
