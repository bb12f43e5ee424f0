"""Fills the cells that a workbook has merged: each says what the first one of its range says."""

import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from defusedxml import ElementTree
from openpyxl.utils import column_index_from_string

from archive.importing.books.sheet_rows import Row

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MOST_RANGES = 200_000
_MOST_COLUMNS = 200


def merged_ranges(path: Path, part: str) -> dict[int, list[tuple[int, int, int]]]:
    """First row → (last row, first column, last column), rows from 1 and columns from 0."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    count = 0
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as content:
        for _event, element in ElementTree.iterparse(content, ("end",)):
            kind = element.tag.rpartition("}")[2]
            if kind == "row":
                element.clear()
            elif kind == "mergeCell" and count < _MOST_RANGES and (match := _RANGE.fullmatch(element.get("ref", ""))):
                count += 1
                left, right = (column_index_from_string(match.group(at)) - 1 for at in (1, 3))
                found[int(match.group(2))].append((int(match.group(4)), left, min(right, _MOST_COLUMNS - 1)))
    return found


class Filler:
    """Takes the rows of one sheet in order; keeps only the ranges that reach into the row at hand."""

    def __init__(self, ranges: dict[int, list[tuple[int, int, int]]]):
        self._ranges = ranges
        self._open: list[tuple[int, int, int, str]] = []

    def fill(self, row: Row) -> Row:
        for last, left, right in self._ranges.get(row.number, ()):
            value = row.cells[left] if left < len(row.cells) else ""
            if value:
                self._open.append((last, left, right, value))
        self._open = [each for each in self._open if each[0] >= row.number]
        if not self._open:
            return row
        width = max(len(row.cells), *(right + 1 for _last, _left, right, _value in self._open))
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        for _last, left, right, value in self._open:
            cells[left : right + 1] = [value] * (right + 1 - left)
        return replace(row, cells=tuple(cells))
