r"""How a passage is written down: plain text with a handful of marks for what plain text cannot say.

A passage (`Section.text`, `Leaf.text`) is stored in this notation, which an editor can type and a comparison can show:

==================================  =======================================================================
``正文{{双行小注}}正文``               a double-line note (夹注) where it stands in the column
``正文[^1]`` … ``[^1]: 脚注``          a footnote: its reference, and on a line of its own its words
``![图注](fig:key)``                  on a line of its own: the figure of the book with this key
``[[未→末；据嘉靖志改]]``             a correction (校勘): the text reads 未, should read 末, and why; ``[[→末]]`` where
                                    末 is missing, ``[[未→]]`` where 未 is one too many, ``[[未→末？]]`` in doubt
``| 年份 | 户数 |`` (lines)           a table, a line a row; below a row of ``|---|`` the body begins;
                                    a cell ``<`` belongs to the one at its left, ``^`` to the one above
``\{ \[ \! \| \\``                  the character itself
==================================  =======================================================================

Every other line that is not empty is a paragraph; an empty line means nothing more. In a book that was read from its
leaves the lines are those of the page (`lines_are_physical`): then a paragraph goes on until an empty line or one that
begins with an ideographic space.

A correction leaves the text as it is: its plain text is what the book reads.

`plain` is what is searched, quoted and counted, and what every offset in anchors and boxes refers to.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

NOTE_OPENS, NOTE_CLOSES = "{{", "}}"
CORRECTED = "校勘记："
"""Before each corrected reading where the text is searched."""
_AROUND = 12
CELL_STOP = "｜"
"""Between the cells of a row in the plain text: a stop, so that no word is found across two cells."""

_SPECIAL = re.compile(r"[\\{\[!|]|\}\}")
_TOKEN = re.compile(
    r"\\([\\{}\[!|])|(\{\{)|(\}\})|\[\^([^\]\s]{1,12})\]|!\[([^\]\n]*)\]\(fig:([\w.-]{1,80})\)"
    r"|\[\[([^\[\]\n→；]{0,80})→([^\[\]\n→；]{0,80})(?:；([^\[\]\n]{0,400}))?\]\]"
)
_FOOTNOTE = re.compile(r"^\[\^([^\]\s]{1,12})\]:\s*")
_FIGURE = re.compile(r"^!\[((?:\\.|[^\]\n\\])*)\]\(fig:([\w.-]{1,80})\)\s*$")
_RULE = re.compile(r"^\|(\s*:?-{3,}:?\s*\|)+\s*$")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Correction:
    """What an editor found wrong in the text: what it `reads`, what it `should` read, and the `grounds`."""

    reads: str
    should: str
    grounds: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True)
class Run:
    """Characters of one kind ("text", "note" or "reference"), or a "correction" of those before it. `at` is where they
    begin in the plain text, `source` where each of them stands in the notation. A reference has its label as `text` and
    nothing in the plain text; a correction has nothing at all."""

    kind: str
    text: str
    at: int
    source: tuple[int, ...] = field(repr=False, default=())
    correction: Correction | None = None


@dataclass(frozen=True)
class Cell:
    runs: tuple[Run, ...]
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Block:
    """`kind` is "paragraph", "table", "figure" or "footnote". A paragraph and a footnote have `runs`, a figure its
    caption as `runs` and its key as `name`, a footnote its label as `name`; a table has `rows`, of which the first
    `head_rows` are its head. `breaks` are offsets in the plain text where a physical line ends inside."""

    kind: str
    runs: tuple[Run, ...] = ()
    name: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    head_rows: int = 0
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Passage:
    """`plain` is the text without its marks; `source[i]` is where its character i stands in the notation."""

    blocks: tuple[Block, ...]
    plain: str
    source: tuple[int, ...] = field(repr=False)

    def plain_at(self, source: int) -> int:
        """The offset in the plain text of the first character at or after this offset of the notation."""
        return bisect_right(self.source, source - 1)


def escape(text: str) -> str:
    """Text as it came from somewhere else, so that nothing in it is taken for a mark."""
    if not _SPECIAL.search(text):
        return text
    text = (
        text.replace("\\", "\\\\")
        .replace("{{", "\\{\\{")
        .replace("}}", "\\}\\}")
        .replace("[^", "\\[^")
        .replace("[[", "\\[\\[")
    )
    return re.sub(r"!\[|^(\s*)\|", lambda found: _escaped_start(found), text, flags=re.M)


def _escaped_start(found: re.Match) -> str:
    return "\\![" if found.group(0) == "![" else f"{found.group(1)}\\|"


def note(text: str) -> str:
    """A double-line note of text that is escaped already."""
    return f"{NOTE_OPENS}{text}{NOTE_CLOSES}"


def table(rows: list[list[str]], head_rows: int = 0) -> str:
    """The notation of a table of plain cells (not escaped); breaks inside a cell become spaces."""
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = [
        "| " + " | ".join(_cell_source(cell) for cell in [*row, *[""] * (width - len(row))]) + " |" for row in rows
    ]
    if head_rows:
        lines.insert(head_rows, "|" + "---|" * width)
    return "\n".join(lines)


def _cell_source(cell: str) -> str:
    return re.sub(r"[|]", r"\\|", escape(" ".join(cell.split("\n")).strip()).replace("\\|", "|"))


def plain(text: str) -> str:
    """What is searched and quoted, `parse(text).plain`; of text without marks, the usual case, without parsing it."""
    if _SPECIAL.search(text):
        return parse(text).plain
    return "\n".join(filter(None, (line.strip() for line in text.split("\n"))))


def corrections(passage: Passage) -> Iterator[Run]:
    """The corrections of a passage in the order of its text; each stands behind what it corrects."""
    for block in passage.blocks:
        cells = (cell.runs for row in block.rows for cell in row)
        for runs in (block.runs, *cells):
            yield from (run for run in runs if run.correction is not None)


def findable(text: str) -> str:
    """The plain text, and below it each correction with a few words around it, so that what the text should read is
    found as well as what it reads."""
    if "→" not in text:
        return plain(text)
    passage = parse(text)
    lines = [passage.plain]
    for run in corrections(passage):
        start = run.at - len(run.correction.reads)
        before = passage.plain[max(0, start - _AROUND) : start].rpartition("\n")[2]
        after = passage.plain[run.at : run.at + _AROUND].partition("\n")[0]
        lines.append(f"{CORRECTED}{before}{run.correction.should}{after}")
    return "\n".join(lines)


@lru_cache(maxsize=64)
def parse(text: str, lines_are_physical: bool = False) -> Passage:
    """The passage that is written in this notation. Never fails: a mark that is not closed is text."""
    reader = _Reader()
    blocks: list[Block] = []
    open_lines: list[tuple[int, str]] = []

    def close() -> None:
        if open_lines:
            blocks.append(reader.paragraph(open_lines))
            open_lines.clear()

    rows: list[tuple[int, str]] = []
    for at, line in _lines(text):
        stripped = line.strip()
        if stripped.startswith("|"):
            close()
            rows.append((at, line))
            continue
        if rows:
            blocks.append(reader.table(rows))
            rows = []
        if not stripped:
            close()
        elif figure := _FIGURE.match(line):
            close()
            blocks.append(reader.figure(at + figure.start(1), figure.group(1), figure.group(2)))
        elif footnote := _FOOTNOTE.match(line):
            close()
            blocks.append(reader.footnote(at + footnote.end(), line[footnote.end() :], footnote.group(1)))
        elif lines_are_physical:
            if line.startswith("　"):
                close()
            open_lines.append((at, line))
        else:
            blocks.append(reader.paragraph([(at, line)]))
    if rows:
        blocks.append(reader.table(rows))
    close()
    return Passage(tuple(blocks), "".join(reader.plain), tuple(reader.source))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line.removesuffix("\r")
        at += len(line) + 1


@dataclass
class _Place:
    """One place of a table's grid; a joined one belongs to its `owner`, which has grown over it."""

    column: int
    row: int
    runs: tuple[Run, ...] = ()
    columns: int = 1
    rows: int = 1
    owner: "_Place | None" = None

    def cell(self) -> Cell:
        return Cell(self.runs, self.columns, self.rows)


def _cells(at: int, line: str) -> list[tuple[int, str]]:
    """The cells of a table's line, each with where it begins; what follows the last stroke is one if it says
    something."""
    begins = at + len(line) - len(line.lstrip()) + 1
    inner = line.strip()[1:]
    cells, start = [], 0
    for stroke in _CELL.finditer(inner):
        cells.append((begins + start, inner[start : stroke.start()]))
        start = stroke.end()
    return [*cells, (begins + start, inner[start:])] if inner[start:].strip() else cells


class _Reader:
    """Collects the plain text while blocks are read."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.source: list[int] = []

    def _put(self, text: str, source: list[int]) -> int:
        at = len(self.source)
        self.plain.append(text)
        self.source += source
        return at

    def _break(self, source: int, mark: str = "\n") -> None:
        """Between two lines or two cells, never at the beginning."""
        if self.source:
            self._put(mark, [source])

    def paragraph(self, lines: list[tuple[int, str]]) -> Block:
        runs: list[Run] = []
        breaks: list[int] = []
        inside_note = False
        for number, (at, line) in enumerate(lines):
            self._break(at)
            if number:
                breaks.append(len(self.source) - 1)
            start = len(line) - len(line.lstrip())
            found, inside_note = self._runs(at + start, line.strip(), inside_note and number > 0)
            runs += found
        return Block("paragraph", tuple(runs), breaks=tuple(breaks))

    def footnote(self, at: int, line: str, label: str) -> Block:
        self._break(at)
        return Block("footnote", tuple(self._runs(at, line.strip())[0]), name=label)

    def figure(self, at: int, caption: str, key: str) -> Block:
        if caption.strip():
            self._break(at)
        return Block("figure", tuple(self._runs(at, caption)[0]), name=key)

    def table(self, lines: list[tuple[int, str]]) -> Block:
        head_rows = 0
        grid: list[list[_Place]] = []
        for at, line in lines:
            if _RULE.match(line.strip()):
                head_rows = head_rows or len(grid)
            else:
                grid.append(self._row(at, line, grid))
        rows = tuple(tuple(place.cell() for place in row if place.owner is None) for row in grid)
        return Block("table", rows=rows, head_rows=head_rows if head_rows < len(grid) else 0)

    def _row(self, at: int, line: str, above: list[list["_Place"]]) -> list["_Place"]:
        row: list[_Place] = []
        self._break(at)
        for column, (cell_at, cell) in enumerate(_cells(at, line)):
            word = cell.strip()
            joined = row[-1] if word == "<" and row else None
            if word == "^" and above and column < len(above[-1]):
                joined = above[-1][column]
            if joined is not None:
                owner = joined.owner or joined
                owner.columns = max(owner.columns, column - owner.column + 1)
                owner.rows = max(owner.rows, len(above) - owner.row + 1)
                row.append(_Place(column, len(above), owner=owner))
                continue
            if row:
                self._break(cell_at - 1, CELL_STOP)
            lead = len(cell) - len(cell.lstrip())
            row.append(_Place(column, len(above), tuple(self._runs(cell_at + lead, word)[0])))
        return row

    def _runs(self, at: int, line: str, in_note: bool = False) -> tuple[list[Run], bool]:
        """The runs of one line, and whether a note is still open at its end."""
        runs: list[Run] = []
        letters: list[str] = []
        source: list[int] = []

        def close(kind: str) -> None:
            if letters:
                text = "".join(letters)
                runs.append(Run(kind, text, self._put(text, source), tuple(source)))
                letters.clear()
                source.clear()

        start = 0
        for token in _TOKEN.finditer(line):
            letters += line[start : token.start()]
            source += range(at + start, at + token.start())
            start = token.end()
            kind = "note" if in_note else "text"
            if token.group(1):
                letters.append(token.group(1))
                source.append(at + token.start() + 1)
            elif token.group(2) and not in_note:
                close(kind)
                in_note = True
            elif token.group(3) and in_note:
                close(kind)
                in_note = False
            elif token.group(4):
                close(kind)
                runs.append(Run("reference", token.group(4), len(self.source)))
            elif token.group(8) is not None and (token.group(7) or token.group(8)):
                letters += token.group(7)
                source += range(at + token.start(7), at + token.end(7))
                close(kind)
                should, grounds = token.group(8), token.group(9) or ""
                found = Correction(token.group(7), should.rstrip("？"), grounds, should.endswith("？"))
                runs.append(Run("correction", "", len(self.source), correction=found))
            else:
                letters += token.group(0)
                source += range(at + token.start(), at + token.end())
        letters += line[start:]
        source += range(at + start, at + len(line))
        close("note" if in_note else "text")
        return runs, in_note
