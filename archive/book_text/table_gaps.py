"""Tables of a passage whose rows are not of one width or whose 合计 does not add up."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from media_assets.file_errors import marked as _

from .gaps import Gap, GapKind
from .notation import Block, parse
from .number_words import number

_TOTAL = re.compile(r"\s*(合\s*计|总\s*计|合\s*計|總\s*計|共\s*计|总\s*数)\s*[:：]?\s*")
_PARTIAL = re.compile(r"\s*(其\s*中|小\s*计|小\s*計)|^[　 ]+\S|\s*#")
_NO_SUM = re.compile(r"率|比重|比例|占|%|％|平均|人均|密度|指数|增长|±|序号|编号|年份|排名|名次|单价")
_NOTHING = frozenset(["", "-", "—", "——", "…", "……", "/", "无", "０", "0"])


def table_gaps(text: str) -> list[Gap]:
    """What looks wrong in the tables of a passage; `place` counts its tables from 0."""
    tables = [block for block in parse(text).blocks if block.kind == "table"]
    return [gap for place, block in enumerate(tables) for gap in _table_gaps(place, block)]


def _table_gaps(place: int, block: Block) -> Iterator[Gap]:
    grid = _grid(block)
    widths = [len(row) for row in grid]
    usual = max(set(widths), key=widths.count)
    for row, width in enumerate(widths):
        if width != usual:
            yield Gap(
                GapKind.UNEVEN_TABLE,
                place,
                _("第 %(table)s 个表的第 %(row)s 行有 %(width)s 格，其余各行 %(usual)s 格。"),
                {"table": place + 1, "row": row + 1, "width": width, "usual": usual},
            )
    if len(set(widths)) == 1:
        yield from _wrong_totals(place, grid, block.head_rows)


def _grid(block: Block) -> list[list[str]]:
    """The words of each place; a place that a joined cell covers is empty."""
    covered: dict[int, dict[int, int]] = {}
    grid = []
    for row_number, row in enumerate(block.rows):
        words: list[str] = []
        below = covered.pop(row_number, {})
        for cell in row:
            while len(words) in below:
                words.append("")
            start = len(words)
            words += [
                "".join(run.text for run in cell.runs if run.kind != "reference").strip(),
                *[""] * (cell.columns - 1),
            ]
            for later in range(row_number + 1, row_number + cell.rows):
                covered.setdefault(later, {}).update(dict.fromkeys(range(start, start + cell.columns), 1))
        while len(words) in below:
            words.append("")
        grid.append(words)
    return grid


def _wrong_totals(place: int, grid: list[list[str]], head_rows: int) -> Iterator[Gap]:
    """One row of totals, above or below its parts; a table with parts of parts (其中, 小计) is left alone."""
    head, body = grid[: head_rows or 1], grid[head_rows or 1 :]
    totals = [row for row in body if row and _TOTAL.fullmatch(row[0])]
    if len(totals) != 1 or any(row and _PARTIAL.match(row[0]) for row in body):
        return
    total = body.index(totals[0])
    parts = body[total + 1 :] if total == 0 else body[:total]
    for column in range(1, len(totals[0])):
        heading = "".join(row[column] for row in head)
        if _NO_SUM.search(heading) or len(parts) < 2:
            continue
        written, summed = amount(totals[0][column]), _sum([row[column] for row in parts])
        if written is not None and summed is not None and _differ(written, summed, len(parts)):
            yield Gap(
                GapKind.WRONG_TOTAL,
                place,
                _("第 %(table)s 个表第 %(column)s 列的合计为 %(written)s，各行相加得 %(summed)s。"),
                {"table": place + 1, "column": column + 1, "written": written, "summed": summed},
            )


def _sum(cells: Sequence[str]) -> Decimal | None:
    """The sum; None if a cell says something that is no number, or none is one."""
    amounts = [amount(cell) for cell in cells if cell not in _NOTHING]
    return None if not amounts or None in amounts else sum(amounts, Decimal(0))


def amount(cell: str) -> Decimal | None:
    """What a cell counts: 1,234.5, １２３４, 三百二十; None if it is no number."""
    bare = re.sub(r"(?<=\d)[,，\s](?=\d{3}(?!\d))", "", cell.strip()).replace("．", ".")
    if re.fullmatch(r"[-－−]?\d+(\.\d+)?", bare):
        try:
            return Decimal(bare.replace("－", "-").replace("−", "-"))
        except InvalidOperation:
            return None
    value = number(bare)
    return None if value is None else Decimal(value)


def _differ(written: Decimal, summed: Decimal, parts: int) -> bool:
    """By more than rounding each part to the printed place can explain."""
    places = max(-written.as_tuple().exponent, -summed.as_tuple().exponent, 0)
    allowed = Decimal(0) if places == 0 else Decimal(parts + 1) * Decimal(5) / Decimal(10) ** (places + 1)
    return abs(written - summed) > allowed
