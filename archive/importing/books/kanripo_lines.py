"""The lines of a mandoku text: its marks turned into notation, its columns into paragraphs, its indented lines into
headings."""

import re
from collections import Counter
from dataclasses import dataclass, field

from archive.book_text import notation

from .headings import Heading, heading_of

MISSING_GLYPH = "〓"
"""Stands, as printers had it, for a character that the transcription names but that no code point has."""

_ENTITY = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9+-]{0,30});")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " "}
_COMPOSED = re.compile(r"\[[^\[\]\s()]{1,6}[-+*/@][^\[\]\s()]{1,12}\]")
"""A character described by its parts, [泳-永+旱]."""
_WIDE_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?::[^<>]*)?/?>")
_PIECE = re.compile(r"[()/]|[^()/]+")
_LONGEST_NOTE = 60
"""Lines: a bracket that does not close within so many is no note."""
_LONGEST_HEADING = 12
_LONGEST_TITLE = 8


@dataclass
class Line:
    """One column of the page. `text` is notation without the indentation; `width` is in characters of full size, of
    which two small ones take the room of one. `starts` a paragraph; `heading` where the line is one."""

    text: str
    bare: str
    indent: int
    width: int
    leaf: int
    body: str = ""
    """Its words of full size."""
    opens_with_note: bool = False
    ends_with_note: bool = False
    starts: bool = True
    heading: Heading | None = None

    @property
    def is_spaced(self) -> bool:
        """Words set apart by wide gaps: a title with its author, a row of a list. Nothing goes on from it."""
        return "　　" in self.body.strip("　")

    @property
    def is_blank(self) -> bool:
        return not self.bare

    def written(self) -> str:
        """As it stands in the leaf's text, where an ideographic space begins a paragraph."""
        return "　" * max(self.indent, 1) + self.text if self.starts and not self.is_blank else self.text


@dataclass
class Notes:
    """Turns columns into notation; knows whether a note is open from the column before. What is wrong is collected
    as (leaf, code, word)."""

    faults: list[tuple[int, str, str]] = field(default_factory=list)
    depth: int = 0

    def line(self, raw: str, leaf: int, ahead: "list[str] | tuple" = ()) -> Line:
        """`ahead` are the columns that follow, looked at only when a note is open at the end of this one."""
        raw = _ENTITY.sub(lambda found: self._character(found, leaf), _TAG.sub("", raw))
        raw = _COMPOSED.sub(lambda found: self._missing(found.group(0), leaf), raw)
        raw = _WIDE_GAP.sub("　", raw).rstrip(" 　\t")
        body = raw.lstrip("　 \t")
        indent = len(raw) - len(body)
        runs = self._runs(body, leaf)
        if self.depth and not self._closes(ahead):
            self.faults.append((leaf, "note-open", body[-12:]))
            self.depth = 0
        width = indent + sum(run_width for _kind, _text, run_width in runs)
        return Line(
            text="".join(notation.note(notation.escape(t)) if kind else notation.escape(t) for kind, t, _w in runs),
            bare="".join(text for kind, text, _width in runs),
            indent=indent,
            width=width,
            leaf=leaf,
            body="".join(text for kind, text, _width in runs if not kind),
            opens_with_note=bool(runs) and runs[0][0],
            ends_with_note=bool(runs) and runs[-1][0],
        )

    def _character(self, found: re.Match, leaf: int) -> str:
        name = found.group(1)
        if name in _NAMED:
            return _NAMED[name]
        if name.startswith("#"):
            code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
            if 32 <= code < 0x110000 and not 0xD800 <= code < 0xE000:
                return chr(code)
        return self._missing(name, leaf)

    def _missing(self, name: str, leaf: int) -> str:
        self.faults.append((leaf, "no-code-point", name))
        return MISSING_GLYPH

    def _runs(self, body: str, leaf: int) -> list[tuple[bool, str, int]]:
        """(is a note, text, width) one after the other. Right half and left half of a note follow each other."""
        runs: list[tuple[bool, str, int]] = []
        letters: list[str] = []
        halves = [0]

        def close(is_note: bool) -> None:
            text = "".join(letters)
            if text:
                width = max(halves) if len(halves) > 1 else (len(text) + 1) // 2
                runs.append((is_note, text, width if is_note else len(text)))
            letters.clear()
            halves[:] = [0]

        for piece in _PIECE.findall(body):
            if piece == "(":
                if self.depth == 0:
                    close(False)
                else:
                    letters.append("（")
                self.depth += 1
            elif piece == ")" and self.depth:
                self.depth -= 1
                if self.depth == 0:
                    close(True)
                else:
                    letters.append("）")
            elif piece == "/" and self.depth == 1:
                halves.append(0)
            else:
                if piece == ")":
                    self.faults.append((leaf, "note-close", body[:12]))
                letters.append(piece)
                halves[-1] += len(piece)
        close(self.depth > 0)
        return runs

    def _closes(self, ahead) -> bool:
        depth = self.depth
        for line in ahead[:_LONGEST_NOTE]:
            for mark in re.findall(r"[()]", line):
                depth += 1 if mark == "(" else -1
                if depth == 0:
                    return True
        return False


def mark_paragraphs(lines: list[Line]) -> None:
    """Which columns begin a paragraph: those after a column that is not full, and those that stand higher than the
    column before where the book lets its paragraphs hang. Full is the width that holds most of the text."""
    widths = Counter()
    for line in lines:
        widths[line.width] += 0 if line.is_blank else line.width
    full = widths.most_common(1)[0][0] if widths else 0
    steps = Counter((a.indent, b.indent) for a, b in zip(lines, lines[1:], strict=False) if a.width >= full)
    is_hanging = steps[0, 1] + steps[1, 2] > steps[0, 0]
    first_indent = 0
    for before, line in zip([None, *lines], lines, strict=False):
        line.starts = before is None or before.is_blank or not _goes_on(before, line, full, first_indent, is_hanging)
        if line.starts:
            first_indent = line.indent


def _goes_on(before: Line, line: Line, full: int, first_indent: int, is_hanging: bool) -> bool:
    if before.is_spaced or before.heading or line.heading:
        return False
    if before.ends_with_note and line.opens_with_note and before.width >= full - 1:
        return True
    if line.indent == first_indent + 1 and before.indent in (first_indent, line.indent):
        return before.width >= full - 2
    if line.indent == before.indent:
        is_another = is_hanging and before.starts and line.indent == 0
        return before.width >= full and not is_another
    return before.width >= full and line.indent > before.indent


def mark_headings(lines: list[Line]) -> None:
    """Titles of parts stand alone in a column, lower than the text that they head (　　沿革). A name in a list looks
    the same, so one counts only where it is the only one of its kind and a full column of text follows that begins
    higher."""
    shown = [line for line in lines if not line.is_blank]
    for before, line, after in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        is_alone = before is None or before.indent < line.indent or before.heading is not None
        is_first = before is not None and juan_title(before) is not None
        heads_text = after is not None and _is_text(after) and after.indent < min(line.indent, 2)
        if _may_head(line) and (is_first or (is_alone and heads_text)):
            title = "".join(line.body.split())
            line.heading = heading_of(title) or Heading(5, "item", "", title)


def juan_title(line: Line) -> Heading | None:
    """What the column says when it is the title of a juan (　吳郡志卷一　　　宋　范成大　撰)."""
    heading = heading_of(re.split(r"[　 ]{2,}", line.body)[0])
    return heading if heading and heading.level == 1 else None


def _may_head(line: Line) -> bool:
    small = len(line.bare) - len(line.body)
    return (
        line.starts
        and line.indent >= 2
        and 0 < len(line.body) <= _LONGEST_TITLE
        and small <= 4
        and not line.opens_with_note
    )


def _is_text(line: Line) -> bool:
    return line.starts and line.width > _LONGEST_HEADING and not line.is_spaced
