"""Reads a table of text line by line, however long it is: which encoding it is in, its separator, its rows.

The encodings are those that offices have (UTF-8 with and without a mark, UTF-16, GB18030, Big5). What could not be read
stands as � and is told with its line.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from archive.importing.books.contract import Problem, Severity
from archive.importing.books.sheet_rows import Row
from archive.importing.books.text_encodings import decoded
from media_assets.file_errors import UnreadableFile
from media_assets.file_errors import marked as _

_PIECE = 1024 * 1024
_SAMPLE = 256 * 1024
_MOST_COLUMNS = 200
_MOST_CELL = 1_000_000
_LONG_ROW = 300
"""Lines: a row of so many is a quotation mark that was never closed."""
_MOST_PLACES = 20
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_BROKEN = "\ufffd"
_NAMES = {"gb18030": "GB18030", "big5hkscs": "Big5", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def csv_rows(path: Path, encoding: str = "") -> Iterator[Row | Problem]:
    """Every row; `encoding` is what a person said it is in. Raises RefusedFile and UnreadableFile."""
    name, is_mixed = (encoding, False) if encoding else encoding_of(path)
    if name in _NAMES and not encoding:
        message = _("文字不是 UTF-8，按 %(encoding)s 读入。")
        yield Problem(Severity.NOTE, "encoding", "", message, {"encoding": _NAMES[name]})
    if is_mixed:
        message = _("文件里混有两种编码：多数按 UTF-8 读入，其余各行按 GB18030 读入。")
        yield Problem(Severity.DOUBTFUL, "encodings-mixed", "", message)
    csv.field_size_limit(_MOST_CELL)
    with path.open("rb") as file:
        lines = _mixed_lines(file) if is_mixed else _lines(file, name)
        yield from _rows(_CONTROLS.sub("", line) for line in lines)


def encoding_of(path: Path) -> tuple[str, bool]:
    """Its name, and whether lines of GB18030 stand among those of UTF-8. Reads the file once, in pieces."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        if not head.strip():
            raise UnreadableFile(_("文件是空的。"))
        if head.startswith(_WIDE) or head.count(0) > len(head) / 200:
            return decoded(_whole_lines(head)).encoding, False
        beyond, foreign, first = _foreign_lines(file)
        if not foreign:
            return "utf-8", False
        if beyond > 1 and foreign <= max(beyond // 3, 1):
            return "utf-8", True
        file.seek(first)
        told = decoded(_whole_lines(file.read(_SAMPLE))).encoding
        return told, told == "utf-8"


def _whole_lines(data: bytes) -> bytes:
    return data[: data.rfind(b"\n") + 1] if len(data) >= _SAMPLE and b"\n" in data else data


def _foreign_lines(file) -> tuple[int, int, int]:
    """How many lines go beyond ASCII, how many of them are no UTF-8, and where the first of those begins."""
    file.seek(0)
    beyond = foreign = first = at = 0
    for line in iter(lambda: file.readline(_PIECE), b""):
        if not line.isascii():
            beyond += 1
            # A line longer than a piece may be cut within a character, at either end.
            if not _is_utf8(line[4:-4] if len(line) == _PIECE else line):
                first = first if foreign else at
                foreign += 1
        at += len(line)
    return beyond, foreign, first


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines(file, encoding: str) -> Iterator[str]:
    """Lines of text with line feeds at their ends, of which none is longer than a piece."""
    try:
        text = io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    except LookupError as error:
        raise UnreadableFile(_("不认识的编码“%(encoding)s”。"), encoding=encoding[:40]) from error
    yield from iter(lambda: text.readline(_PIECE), "")


def _mixed_lines(file) -> Iterator[str]:
    file.seek(0)
    for line in iter(lambda: file.readline(_PIECE), b""):
        text = line.decode("utf-8", "replace")
        if text.count(_BROKEN) > 2 and _BROKEN not in (other := line.decode("gb18030", "replace")):
            text = other
        yield text.replace("\r\n", "\n").removeprefix("\ufeff")


def _rows(lines: Iterator[str]) -> Iterator[Row | Problem]:
    first = next(lines, "")
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(_again(first, lines), delimiter=delimiter)
    start, broken = 1, 0
    try:
        for cells in reader:
            where = f"第 {start} 行"
            if (count := reader.line_num - start) > _LONG_ROW:
                message = _("这一行跨了 %(count)s 行，恐是引号没有结束。")
                yield Problem(Severity.DOUBTFUL, "quotation", where, message, {"count": count + 1})
            if any(_BROKEN in cell for cell in cells) and (broken := broken + 1) <= _MOST_PLACES:
                yield Problem(Severity.BROKEN, "bytes", where, _("有字节无法辨认，以 � 代替。"))
            yield Row("", start, tuple(cells[:_MOST_COLUMNS]))
            start = reader.line_num + 1
    except csv.Error as error:
        if start == 1:
            raise UnreadableFile(_("无法读出表格的任何一行。")) from error
        yield Problem(Severity.BROKEN, "row", f"第 {start} 行", _("从这一行起无法读下去，表格可能已损坏。"))
    if broken > _MOST_PLACES:
        message = _("共有 %(places)s 行有无法辨认的字节，这里只列出前 %(most)s 行。")
        yield Problem(Severity.BROKEN, "bytes", "", message, {"places": broken, "most": _MOST_PLACES})


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
