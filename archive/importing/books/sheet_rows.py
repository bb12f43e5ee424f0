"""The rows of a sheet as text, from CSV and XLSX, with what is wrong in a cell named by row and column."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from defusedxml import ElementTree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from media_assets.decoding import offices
from media_assets.decoding.bounds import Bounds
from media_assets.file_errors import RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from .contract import Problem, Severity
from .text_encodings import MOST_BYTES, decoded
from .word_parts import local

_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_COLUMNS = 200
_MOST_LISTED = 50
_LONG_ROW = 300
"""Lines: a row of so many is a quotation mark that was never closed."""


@dataclass(frozen=True)
class Row:
    """`number` as the sheet shows it, of the first line of the row."""

    sheet: str
    number: int
    cells: tuple[str, ...]

    def where(self, column: int | None = None) -> str:
        place = f"第 {self.number} 行" + (f" {get_column_letter(column + 1)} 列" if column is not None else "")
        return f"{self.sheet} {place}".strip()


def rows(path: Path, encoding: str = "") -> Iterator[Row | Problem]:
    """Every row of every sheet that is shown; empty ones too. Raises RefusedFile and UnreadableFile."""
    if zipfile.is_zipfile(path):
        yield from _workbook(path)
    else:
        yield from _csv(path, encoding)


def _csv(path: Path, encoding: str) -> Iterator[Row | Problem]:
    with path.open("rb") as file:
        text = decoded(file.read(MOST_BYTES + 1), "", encoding)
    yield from text.problems
    csv.field_size_limit(MOST_BYTES)
    head = text.text[:20_000].split("\n", 1)[0]
    delimiter = max(",\t;，", key=head.count)
    reader = csv.reader(io.StringIO(text.text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            if reader.line_num - start > _LONG_ROW:
                message = _("这一行跨了 %(count)s 行，恐是引号没有结束。")
                values = {"count": reader.line_num - start + 1}
                yield Problem(Severity.DOUBTFUL, "quotation", f"第 {start} 行", message, values)
            yield Row("", start, tuple(cells[:_MOST_COLUMNS]))
            start = reader.line_num + 1
    except csv.Error as error:
        yield Problem(Severity.BROKEN, "row", f"第 {start} 行", _("从这一行起无法读下去，表格可能已损坏。"))
        if start == 1:
            raise UnreadableFile(_("无法读出表格的任何一行。")) from error


def _workbook(path: Path) -> Iterator[Row | Problem]:
    offices.examine(path, _MIME, Bounds())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise UnreadableFile(_("这不是 Excel 工作簿，或者它已损坏。")) from error
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            message = _("隐藏的工作表“%(name)s”没有读入。")
            yield Problem(Severity.NOTE, "hidden-sheet", sheet.title, message, {"name": sheet.title})
    if not shown:
        raise RefusedFile(_("工作簿里没有可见的工作表。"))
    try:
        for sheet in shown:
            yield from _sheet(path, sheet, sheet.title if len(shown) > 1 else "")
    finally:
        book.close()


def _sheet(path: Path, sheet, name: str) -> Iterator[Row | Problem]:
    merged, problems = _survey(path, sheet._worksheet_path, name)
    yield from problems
    sheet.reset_dimensions()
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
            row = Row(name, number, tuple(_text(cell.value, cell.data_type) for cell in cells))
            yield from _errors(row, cells)
            yield _filled(row, merged)
    except Exception:  # as above; what was read stays
        message = _("从这一行起无法读下去，工作簿可能已损坏。")
        yield Problem(Severity.BROKEN, "row", f"{name} 第 {number + 1} 行".strip(), message)


def _survey(path: Path, part: str, name: str) -> tuple[set[tuple[int, int]], list[Problem]]:
    """Where merged cells go on from the cell at their left, (row, column) from 1; and the formulas that were never
    calculated, of which a reader sees nothing."""
    covered: set[tuple[int, int]] = set()
    empty: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as content:
            for _event, element in ElementTree.iterparse(content, ("end",)):
                kind = local(element)
                if kind == "c":
                    has = {local(inner) for inner in element if local(inner) != "v" or inner.text}
                    if "f" in has and "v" not in has and len(empty) <= _MOST_LISTED:
                        empty.append(element.get("r", ""))
                elif kind == "mergeCell" and len(covered) < 100_000:
                    covered |= _covered(element.get("ref", ""))
                if kind == "row":
                    element.clear()
    except Exception as error:
        raise UnreadableFile(_("这不是 Excel 工作簿，或者它已损坏。")) from error
    problems = [
        Problem(Severity.DOUBTFUL, "formula", _cell_name(name, cell), _("公式没有算出的值，此格当作空。"))
        for cell in empty[:_MOST_LISTED]
    ]
    return covered, problems


def _covered(reference: str) -> set[tuple[int, int]]:
    """The first row of a merged range but for its first cell: a heading over several columns says its word once."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if not found:
        return set()
    first, last = _column(found.group(1)), min(_column(found.group(3)), _MOST_COLUMNS)
    return {(int(found.group(2)), column) for column in range(first + 1, last + 1)}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _cell_name(sheet: str, cell: str) -> str:
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    return f"{sheet} 第 {found.group(2)} 行 {found.group(1)} 列".strip() if found else sheet


def _filled(row: Row, merged: set[tuple[int, int]]) -> Row:
    """Without what stands hidden beneath a merged cell."""
    if not merged or not any((row.number, at) in merged for at in range(1, len(row.cells) + 1)):
        return row
    cells = ("" if (row.number, at) in merged else cell for at, cell in enumerate(row.cells, 1))
    return Row(row.sheet, row.number, tuple(cells))


def _errors(row: Row, cells) -> Iterator[Problem]:
    for at, cell in enumerate(cells):
        if cell.data_type == "e":
            message = _("单元格是错误值 %(value)s，此格当作空。")
            yield Problem(Severity.DOUBTFUL, "error-value", row.where(at), message, {"value": str(cell.value)[:20]})


def _text(value, kind: str) -> str:
    """What the cell says: 12 and not 12.0, 1978-12-18 and not a serial number."""
    if value is None or kind == "e":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return _escapes(str(value))


def _escapes(text: str) -> str:
    """Excel writes control characters as _x000D_."""
    text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), text)
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
