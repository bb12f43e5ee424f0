"""hOCR 1.2: recognised pages written down in HTML, which is often not well formed."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from .ocr_lines import Frame, Line, Sheet, Word, frame_of, joined

_BOX = re.compile(
    r"\bbbox\s+(-?\d{1,7}(?:\.\d+)?)\s+(-?\d{1,7}(?:\.\d+)?)\s+(-?\d{1,7}(?:\.\d+)?)\s+(-?\d{1,7}(?:\.\d+)?)"
)
_IMAGE = re.compile(r"\bimage\s+(?:\"([^\"]*)\"|'([^']*)'|([^;\s]+))")
_ORDER = re.compile(r"\border\s+(\d{1,6})")
_ANGLE = re.compile(r"\btextangle\s+(-?\d{1,3})")
_LINES = frozenset(("ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat", "ocr_title"))
_BLOCKS = frozenset(("ocr_par", "ocr_carea", "ocrx_block", "ocr_column"))
_ROLES = {"ocr_caption": "caption", "ocr_title": "heading", "ocr_pageno": "number"}
_EMPTY = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))
_DEEPEST = 500


def hocr(text: str) -> Iterator[Sheet]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    for sheet in reader.sheets:
        if not all(line.rank for line in sheet.lines):
            for line in sheet.lines:
                line.rank = ()
        yield sheet


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._open: list[tuple[str, str]] = []
        self._line: Line | None = None
        self._word: Word | None = None
        self._loose: list[str] = []
        self._block = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        what = self._begin(classes, values.get("title", ""))
        if tag not in _EMPTY and len(self._open) < _DEEPEST:
            self._open.append((tag, what))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<span …/>` of XHTML holds nothing."""

    def _begin(self, classes: set[str], title: str) -> str:
        """What opens with an element of these classes: "page", "line", "word" or ""."""
        if "ocr_page" in classes:
            image = _IMAGE.search(title)
            frame = _frame(title) or (0, 0, 0, 0)
            name = next(filter(None, image.groups()), "") if image else ""
            self.sheets.append(Sheet(frame[2], frame[3], picture=name))
            return "page"
        if classes & _BLOCKS:
            self._block += 1
        elif (kinds := classes & (_LINES | {"ocr_pageno"})) and self._line is None:
            order = _ORDER.search(title)
            self._line = Line("", _frame(title), block=self._block, rank=(float(order[1]),) if order else ())
            self._line.role = next((role for name, role in _ROLES.items() if name in kinds), "")
            if angle := _ANGLE.search(title):
                self._line.is_vertical = int(angle[1]) % 180 == 90 or None
            return "line"
        elif classes & {"ocrx_word", "ocr_word"} and self._line is not None and self._word is None:
            self._word = Word("", _frame(title))
            return "word"
        return ""

    def handle_data(self, data: str) -> None:
        if self._word is not None:
            self._word.text += data
        elif self._line is not None:
            self._loose.append(data)

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _what in self._open]
        if tag not in names:
            return
        while self._open:
            name, what = self._open.pop()
            if what == "word":
                self._end_word()
            elif what == "line":
                self._end_line()
            if name == tag:
                return

    def close(self) -> None:
        super().close()
        self._end_word()
        self._end_line()

    def _end_word(self) -> None:
        word, self._word = self._word, None
        if word is not None and self._line is not None:
            word.text = " ".join(word.text.split())
            if word.text:
                self._line.words.append(word)

    def _end_line(self) -> None:
        line, self._line = self._line, None
        loose, self._loose = " ".join("".join(self._loose).split()), []
        if line is None:
            return
        line.text = joined([word.text for word in line.words]) or loose
        line.frame = line.frame or frame_of([word.frame for word in line.words])
        if line.text:
            if not self.sheets:
                self.sheets.append(Sheet())
            self.sheets[-1].lines.append(line)


def _frame(title: str) -> Frame | None:
    found = _BOX.search(title)
    if not found:
        return None
    left, top, right, bottom = (float(number) for number in found.groups())
    return (left, top, right, bottom) if left < right and top < bottom else None
