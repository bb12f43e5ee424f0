"""Pages as an inventory again: the columns that the import knows, as CSV and as a workbook, streamed.

Formulas are neutralised as OWASP advises for CSV: a cell that a spreadsheet would calculate begins with an apostrophe,
which the import takes off again.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator

from openpyxl import Workbook

from archive.models import ArchivePage
from search.exporting import Echo

from .columns import FIELDS

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = [name for name in FIELDS if name != "key"]
_CHUNK = 200


def neutral(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unguarded(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


def export_rows(pages: Iterable[ArchivePage]) -> Iterator[list[str]]:
    """The headings, then a row a page, in bounded memory."""
    yield [str(FIELDS[name][0]) for name in _COLUMNS]
    related = pages.select_related("series", "lead_image").prefetch_related(
        "page_places__place", "page_topics__topic", "page_agents__agent"
    )
    for page in related.iterator(chunk_size=_CHUNK):
        yield [neutral(cell) for cell in _cells(page)]


def _cells(page: ArchivePage) -> list[str]:
    cells = {
        "identifier": page.identifier_id,
        "other_titles": "; ".join(page.other_title_list),
        "places": "; ".join(dict.fromkeys(link.place.name for link in page.page_places.all())),
        "topics": "; ".join(dict.fromkeys(link.topic.name for link in page.page_topics.all())),
        "agents": "; ".join(dict.fromkeys(link.agent.name for link in page.page_agents.all())),
        "series": page.series.name if page.series else "",
        "language": page.get_language_display(),
        "rights": page.get_rights_display(),
        "file": page.lead_image.original_name if page.lead_image else "",
    }
    return [str(cells[name] if name in cells else getattr(page, name)) for name in _COLUMNS]


def as_csv(pages) -> Iterator[str]:
    """With the mark that lets Excel see UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for row in export_rows(pages):
        yield writer.writerow(row)


def as_workbook(pages):
    """An open temporary file, at its beginning; rows are written through, not held."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("清册")
    for row in export_rows(pages):
        sheet.append([_legal(cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    book.save(file)
    file.seek(0)
    return file


def _legal(cell: str) -> str:
    """Excel holds 32,767 characters in a cell, and no control characters."""
    return "".join(each for each in cell if each >= " " or each in "\n\t")[:32_767]
