"""The works that hits belong to, and the chapters of a book in which they stand."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from django.db.models import Min

from archive.access import AccessLevel
from search import registry
from search.documents import split_ref

from .models import Anchor, ArchivePage, BookPage, Section

_CHUNK = 500


def register() -> None:
    """Called once, when search documents are registered."""
    registry.set_works(works, chapters)


def works(names: Sequence[str]) -> dict[str, registry.Work]:
    """The published works of these identifiers whose record anybody may see. One query. Translations share an
    identifier: the museum's own language, which came first, wins."""
    shown = ArchivePage.objects.filter(identifier__in=names, live=True, effective_access__lt=AccessLevel.STAFF)
    rows = shown.order_by("-locale_id").only("title", "url_path", "identifier_id", "locale_id")
    return {row.identifier_id: registry.Work(row.title, row.get_url() or "") for row in rows}


def chapters(work: str, refs: Sequence[str]) -> list[registry.Chapter]:
    """The chapters of a book with the number of these passages in each, in order; those with none are left out, and
    what stands in no chapter (the record of the book, a leaf before the first) has no address. A few queries, and one
    for every five hundred refs."""
    book = BookPage.objects.filter(identifier=work, live=True).order_by("locale_id").first()
    if book is None:
        return []
    heads = _heads(book)
    starts = [head.position for head in heads]
    counts: Counter[int] = Counter()
    for position in _positions(refs):
        counts[bisect_right(starts, position) - 1 if position else -1] += 1
    found = [registry.Chapter(str(BookPage._meta.verbose_name), book.get_url() or "", counts[-1])] if counts[-1] else []
    return found + [
        registry.Chapter(head.title, head.get_absolute_url(), counts[number], head.label)
        for number, head in enumerate(heads)
        if counts[number]
    ]


def _heads(book: BookPage) -> list[Section]:
    """The uppermost sections; where there is one alone (the title of the whole), those beneath it."""
    for depth in (1, 2):
        rows = list(Section.objects.filter(book=book, depth=depth).in_order().defer("text", "raw_text"))
        if len(rows) > 1:
            break
    for row in rows:
        row.book = book
    return rows


def _positions(refs: Sequence[str]) -> list[int]:
    """Where in the order of its sections each ref stands, 0 for nowhere."""
    ids: dict[str, list[int]] = {}
    for source, pk in map(split_ref, refs):
        ids.setdefault(source, []).append(pk)
    found = []
    for source, pks in ids.items():
        for start in range(0, len(pks), _CHUNK):
            chunk = pks[start : start + _CHUNK]
            known = _READERS[source](chunk) if source in _READERS else {}
            found += [known.get(pk) or 0 for pk in chunk]
    return found


def _of_sections(pks: Sequence[int]) -> dict[int, int]:
    return dict(Section.objects.filter(pk__in=pks).order_by().values_list("pk", "position"))


def _of_leaves(pks: Sequence[int]) -> dict[int, int]:
    """By the last section that begins on the leaf or before it: the first that stands on it."""
    anchors = Anchor.objects.filter(leaf__in=pks).order_by().values("leaf_id")
    return dict(anchors.annotate(first=Min("section__position")).values_list("leaf_id", "first"))


_READERS = {"section": _of_sections, "leaf": _of_leaves}
