"""A list of results as a table for the researcher's spreadsheet, streamed row by row."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from . import registry
from .documents import Audience, SearchDocument
from .engines import get_engine
from .engines.base import MAX_RESULTS, Sort
from .parsing import Query
from .query import Filters, documents_of, engine_query

_BATCH = 100
# A spreadsheet takes a cell that begins with one of these for a formula, also in full width and after white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


class Echo:
    """A file that gives back what is written, for `csv.writer`."""

    def write(self, row: str) -> str:
        return row


def rows_of(
    query: Query, audience: Audience, filters: Filters, sort: Sort, absolute: Callable[[str], str]
) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180, UTF-8 with the mark that spreadsheets need): every document found, at most
    `MAX_RESULTS` of them, and a last line that says so when there were more.

    `absolute` makes a whole address of a path. Nothing is asked before the first line is taken; raises
    IndexUnavailableError then.
    """
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(
        [_("题名"), _("所在图书"), _("位置"), _("类型"), _("地方"), _("日期"), _("引文"), _("永久地址")]
    )
    total = given = 0
    asked = replace(engine_query(query, audience, filters), facets=(), sort=sort, limit=_BATCH)
    while given < MAX_RESULTS and not query.asks_nothing:
        answer = get_engine().search(replace(asked, offset=given))
        total = answer.total
        documents = [document for _hit, document in documents_of(answer.hits, audience)]
        places = registry.labels_of("place", sorted({place for document in documents for place in document.places}))
        for document in documents:
            named = tuple(places[place] for place in document.places)
            yield writer.writerow([harmless(cell) for cell in _cells(document, named, absolute)])
        given += len(answer.hits)
        if len(answer.hits) < _BATCH:
            break
    if total > given:
        note = _("共 %(total)d 条，本表只列前 %(given)d 条。") % {"total": total, "given": given}
        yield writer.writerow([note])


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet computes it: an apostrophe before what would be a formula (OWASP)."""
    return f"'{cell}" if cell.lstrip(" \u3000\ufeff\u200b").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def citation(document: SearchDocument, places: Sequence[str]) -> str:
    """A plain citation: book, place in it, title, places, date."""
    parts = []
    if document.work_title:
        parts.append(_("《%(title)s》") % {"title": document.work_title.strip("《》")})
    if document.locator and document.locator != document.title:
        parts.append(document.locator)
    parts += [document.title, "、".join(places[:3]), document.date]
    return _("，").join(filter(None, parts)) + _("。")


def _cells(document: SearchDocument, places: Sequence[str], absolute: Callable[[str], str]) -> list[str]:
    return [
        document.title,
        document.work_title,
        document.locator,
        registry.kinds().get(document.kind, document.kind),
        "、".join(places),
        document.date,
        citation(document, places),
        absolute(document.permanent_url or document.url),
    ]
