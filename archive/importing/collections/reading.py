"""Reads an inventory inside the bounded process: its rows become lines of JSON in the workspace.

    python -m archive.importing.collections.reading PATH WORKSPACE ENCODING

A file of which nothing can be read leaves `refused.json`.
"""

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from archive.importing.books.contract import Problem
from archive.importing.books.sheet_rows import Row, rows
from media_assets import file_errors
from media_assets.decoding.zip_damage import ZIP_DAMAGE
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from .columns import recognised
from .csv_rows import csv_rows
from .merges import Filler, merged_ranges

ROWS, REFUSED = "rows.jsonl", "refused.json"
_HEAD_WITHIN = 10
_MOST_ROWS = 500_000
_MOST_NOTES = 500
_MOST_CELL = 100_000


def filled_rows(path: Path, encoding: str = "") -> Iterator[Row | Problem]:
    """Every row that is shown, merged cells filled. Raises FileError."""
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"\xd0\xcf\x11\xe0":
        raise RefusedFile(_("这是旧版（.xls）或有密码的 Excel 文件，请去掉密码并另存为 .xlsx 后再上传。"))
    is_zip = head[:2] == b"PK"
    if is_zip:
        _require_workbook(path)
    fillers: dict[str, Filler] | None = None
    for item in rows(path) if is_zip else csv_rows(path, encoding):
        if isinstance(item, Row) and is_zip:
            if fillers is None:  # only now: the guards of `rows` have looked at the file
                fillers = _fillers(path)
            item = fillers.get(item.sheet, next(iter(fillers.values()))).fill(item)
        yield item


def _require_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return
    except ZIP_DAMAGE as error:
        raise UnreadableFile(_("这不是 Excel 工作簿，或者它已损坏。")) from error
    raise RefusedFile(_("这个压缩文件里没有 Excel 工作簿；清册请用 .xlsx、.csv 或 .tsv。"))


def _fillers(path: Path) -> dict[str, Filler]:
    book = load_workbook(path, read_only=True)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return {
            sheet.title if len(shown) > 1 else "": Filler(merged_ranges(path, sheet._worksheet_path)) for sheet in shown
        }
    finally:
        book.close()


def table(path: Path, encoding: str = "") -> Iterator[dict]:
    """First the headings, then the rows beneath them and what is wrong, as lines. Empty rows are left out. Of further
    sheets those are read that have the same headings. Raises FileError."""
    headings: tuple[str, ...] | None = None
    head: list[Row] = []
    sheet = other = None
    count = 0
    for item in filled_rows(path, encoding):
        if isinstance(item, Problem):
            yield {"note": [item.where, item.message, item.values]}
            continue
        if not any(cell.strip() for cell in item.cells) or item.sheet == other:
            continue
        if headings is None:
            head.append(item)
            if len(head) == _HEAD_WITHIN:
                headings, sheet = yield from _begin(head)
                count += len(head)
        elif item.sheet != sheet:
            sheet = item.sheet
            if _shortened(item.cells) != headings:
                other = sheet
                yield {"note": [sheet, _("工作表“%(name)s”的列名不同，没有读入，请另存后单独导入。"), {"name": sheet}]}
        else:
            count += 1
            if count > _MOST_ROWS:
                raise RefusedFile(_("清册超过 %(most)s 行，请分成几个文件。"), most=_MOST_ROWS)
            yield _line(item)
    if headings is None:
        if not head:
            raise RefusedFile(_("清册里没有内容。"))
        yield from _begin(head)


def _begin(head: list[Row]) -> Iterator[dict]:
    """The row with the most words that are known as headings, else the first with more than one cell."""
    several = [row for row in head if len([cell for cell in row.cells if cell.strip()]) > 1] or head
    best = max(several, key=lambda row: (recognised(row.cells), -row.number))
    headings = _shortened(best.cells)
    yield {"headings": headings, "row": best.number}
    for row in head[head.index(best) + 1 :]:
        if row.sheet == best.sheet:
            yield _line(row)
    return headings, best.sheet


def _shortened(cells: tuple[str, ...]) -> tuple[str, ...]:
    cells = tuple(cell.strip()[:200] for cell in cells)
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _line(row: Row) -> dict:
    return {"row": row.number, "sheet": row.sheet[:120], "cells": [cell[:_MOST_CELL].strip() for cell in row.cells]}


def lines(workspace: Path) -> Iterator[dict]:
    """What was read. Raises the FileError of a file that was refused."""
    refused = workspace / REFUSED
    if refused.exists():
        name, message, values = json.loads(refused.read_text(encoding="utf-8"))
        raise getattr(file_errors, name)(message, **values)
    with (workspace / ROWS).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def main(path: str, workspace: str, encoding: str = "") -> None:
    folder = Path(workspace)
    notes = 0
    try:
        with (folder / ROWS).open("w", encoding="utf-8") as file:
            for line in table(Path(path), "" if encoding == "-" else encoding):
                notes += "note" in line
                if "note" not in line or notes <= _MOST_NOTES:
                    text = json.dumps(line, ensure_ascii=False)
                    file.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")
    except FileError as error:
        told = [type(error).__name__, error.message, error.values]
        (folder / REFUSED).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
