"""The words of a paragraph and of a table in a Word file, in the notation of passages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # noqa: S405 -- a type; parsing is defusedxml's

from archive.book_text import notation

from .word_parts import Parts, attribute, child, is_on, local, number

_LEFT_OUT = frozenset(
    ("del", "moveFrom", "delText", "delInstrText", "instrText", "rPr", "pPr", "sectPr", "Fallback", "rt")
)
"""Deletions that were tracked, codes of fields, older forms of what stands beside them, readings above characters."""
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the label of a footnote while a cell is put together."""


@dataclass
class Paragraph:
    """`text` is notation, with a line feed for a break inside; `bare` its words without notes and marks; `pictures`
    in order, as relations; `boxes` the paragraphs of text boxes that hang on it."""

    style: str = ""
    text: str = ""
    bare: str = ""
    level: int | None = None
    list_id: str = ""
    list_level: int = 0
    is_outline_off: bool = False
    pictures: list[str] = field(default_factory=list)
    boxes: list["Paragraph"] = field(default_factory=list)
    hidden: int = 0
    is_vertical: bool = False


class Reader:
    """`reference` gives the label of the note with this kind and number, when the text comes to it."""

    def __init__(self, found: Parts, reference: Callable[[str, str], str]):
        self._parts = found
        self._reference = reference

    def paragraph(self, element: Element) -> Paragraph:
        properties = child(element, "pPr")
        paragraph = Paragraph(attribute(child(properties, "pStyle")))
        outline = child(properties, "outlineLvl")
        if outline is not None:
            level = number(attribute(outline), 9)
            paragraph.level = level + 1 if level < 9 else 0
        numbers = child(properties, "numPr")
        if numbers is not None:
            paragraph.list_id = attribute(child(numbers, "numId"))
            paragraph.list_level = number(attribute(child(numbers, "ilvl")))
        direction = attribute(child(properties, "sectPr", "textDirection"))
        paragraph.is_vertical = direction.startswith(("tb", "rl"))
        pieces: list[tuple[str, str]] = []
        for part in element:
            self._walk(part, paragraph, pieces)
        paragraph.text = "".join(_noted(kind, text) for kind, text in _merged(pieces)).strip(" \t\n")
        paragraph.bare = "".join(text for kind, text in pieces if kind in ("text", "small")).strip()
        return paragraph

    def _walk(self, element: Element, paragraph: Paragraph, pieces: list[tuple[str, str]]) -> None:
        name = local(element)
        if name in _LEFT_OUT:
            return
        if name == "r":
            self._run(element, paragraph, pieces)
        elif name == "txbxContent":
            paragraph.boxes += self.paragraphs(element)
        elif name == "blip" and attribute(element, "embed"):
            paragraph.pictures.append(attribute(element, "embed"))
        elif name == "blip" and attribute(element, "link"):
            paragraph.pictures.append(attribute(element, "link"))
        elif name == "imagedata" and attribute(element, "id"):
            paragraph.pictures.append(attribute(element, "id"))
        elif name == "t":
            pieces.append(("text", element.text or ""))
        else:
            for part in element:
                self._walk(part, paragraph, pieces)

    def _run(self, run: Element, paragraph: Paragraph, pieces: list[tuple[str, str]]) -> None:
        properties = child(run, "rPr")
        style = self._parts.styles.get(attribute(child(properties, "rStyle")))
        if is_on(child(properties, "vanish")) or (style and style.is_hidden):
            paragraph.hidden += len("".join(run.itertext()))
            return
        kind = "small" if is_on(_combined(properties)) else "text"
        for part in run:
            name = local(part)
            if name == "t":
                pieces.append((kind, part.text or ""))
            elif name in ("tab", "ptab"):
                pieces.append((kind, "　"))
            elif name in ("br", "cr") and attribute(part, "type") in ("", "textWrapping"):
                pieces.append((kind, "\n"))
            elif name == "noBreakHyphen":
                pieces.append((kind, "-"))
            elif name == "sym":
                pieces.append((kind, _symbol(part)))
            elif name in ("footnoteReference", "endnoteReference"):
                pieces.append(("reference", self._reference(name[:-9], attribute(part, "id"))))
            else:
                self._walk(part, paragraph, pieces)

    def paragraphs(self, element: Element) -> list[Paragraph]:
        """Of a cell, a note, a text box: also those in tables and controls inside it."""
        return [self.paragraph(part) for part in _inside(element)]

    def table(self, element: Element) -> tuple[str, list[Paragraph]]:
        """The notation of a table, and its paragraphs, whose pictures have no room in a cell."""
        rows: list[list[str]] = []
        inside: list[Paragraph] = []
        head_rows = 0
        for row in _rows(element):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            if is_on(child(properties, "tblHeader")) and head_rows == len(rows):
                head_rows += 1
            cells = [""] * number(attribute(child(properties, "gridBefore")))
            for cell in (part for part in _unwrapped(row) if local(part) == "tc"):
                paragraphs = self.paragraphs(cell)
                inside += paragraphs
                cells += _spread(cell, " ".join(_in_cell(p) for p in paragraphs if p.text))
            rows.append(cells)
        if not head_rows and len(rows) > 1 and _has_head(element):
            head_rows = 1
        if len(rows) == 1 and len(rows[0]) == 1:
            return "\n".join(p.text for p in inside if p.text), inside
        shown = notation.table(rows, head_rows if head_rows < len(rows) else 0)
        return re.sub(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", r"[^\1]", shown), inside


def _has_head(table: Element) -> bool:
    """The look of the table sets its first row apart (17.4.55: bit 0x20 of the older form)."""
    look = child(table, "tblPr", "tblLook")
    older = attribute(look)
    return attribute(look, "firstRow") in ("1", "true", "on") or (
        re.fullmatch(r"[0-9A-Fa-f]{1,4}", older) is not None and bool(int(older, 16) & 0x20)
    )


def _rows(table: Element) -> Iterator[Element]:
    return (part for part in _unwrapped(table) if local(part) == "tr")


def _unwrapped(element: Element) -> Iterator[Element]:
    """The parts of an element, with content controls and kept insertions opened."""
    for part in element:
        if local(part) in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _unwrapped(part)
        else:
            yield part


def _inside(element: Element) -> Iterator[Element]:
    for part in _unwrapped(element):
        if local(part) == "p":
            yield part
        elif local(part) in ("tbl", "tr", "tc"):
            yield from _inside(part)


def _spread(cell: Element, text: str) -> list[str]:
    """A cell and the places that it covers: < to its right, ^ below the one that it goes on from."""
    properties = child(cell, "tcPr")
    span = min(max(number(attribute(child(properties, "gridSpan")), 1), 1), 200)
    merge = child(properties, "vMerge")
    is_below = merge is not None and attribute(merge) != "restart"
    return ["^" if is_below else {"<": "＜", "^": "＾"}.get(text.strip(), text)] + ["^" if is_below else "<"] * (
        span - 1
    )


def _in_cell(paragraph: Paragraph) -> str:
    """As plain words, since the table escapes them, but for footnotes."""
    marked = re.sub(r"(?<!\\)\[\^([^\]\s]+)\]", rf"{_OPEN}\1{_CLOSE}", paragraph.text.replace("\n", " "))
    return notation.plain(marked).strip()


def _merged(pieces: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Runs of one kind together: Word cuts words in two wherever it was edited."""
    open_kind, letters = "", ""
    for kind, text in pieces:
        if kind != open_kind or kind == "reference":
            if letters:
                yield open_kind, letters
            open_kind, letters = kind, ""
        letters += text
    if letters:
        yield open_kind, letters


def _noted(kind: str, text: str) -> str:
    if kind == "reference":
        return f"[^{text}]"
    return notation.note(notation.escape(text)) if kind == "small" else notation.escape(text)


def _combined(properties: Element | None) -> Element | None:
    """Two lines in one (双行合一), which is how a double-line note is set."""
    layout = child(properties, "eastAsianLayout")
    return layout if layout is not None and attribute(layout, "combine") in ("1", "true", "on") else None


def _symbol(element: Element) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return "□"
    return chr(code) if 0x20 <= code < 0xD800 else "□"
