"""Gathers the text below each heading, for the formats whose books store their text in sections."""

from collections.abc import Iterator
from dataclasses import replace

from archive.book_text import notation
from media_assets.file_errors import marked as _

from .contract import Problem, SectionItem, Severity
from .headings import Heading, Outline

OPENING = Heading(1, "front", "", "卷首")
"""What stands before the first heading of a book."""

_LONGEST_TITLE = 120


class Sections:
    """`begin` gives the section before as soon as the next one begins; `end` the last. Lines are notation."""

    def __init__(self, opening: Heading = OPENING):
        self.count = 0
        self._opening = opening
        self._outline = Outline()
        self._open: SectionItem | None = None
        self._lines: list[str] = []
        self._where = ""

    def begin(self, heading: Heading, where: str = "") -> Iterator[SectionItem | Problem]:
        yield from self.end()
        if len(heading.title) > _LONGEST_TITLE:
            yield Problem(Severity.DOUBTFUL, "long-title", where, _("标题过长，恐是正文：全文移入正文，标题只取开头。"))
            self._lines.append(notation.escape(heading.title))
            heading = replace(heading, title=heading.title[:40] + "……")
        depth, source = self._outline.place(heading)
        self._open = SectionItem(source, depth, heading.kind, heading.title, heading.label[:60])
        self._where = where
        if heading.rest:
            self._lines.append(notation.escape(heading.rest))

    def add(self, line: str, where: str = "") -> Iterator[SectionItem | Problem]:
        """A paragraph, or the lines of a table; what comes before any heading opens a section of its own."""
        if self._open is None and line.strip():
            yield from self.begin(self._opening, where)
        self._lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def end(self) -> Iterator[SectionItem | Problem]:
        if self._open is not None:
            text = "\n".join(self._lines).strip("\n")
            self.count += 1
            yield replace(self._open, text=text)
            if self._open.kind == "entry" and not text.strip():
                values = {"title": self._open.title}
                yield Problem(Severity.DOUBTFUL, "no-text", self._where, _("条目“%(title)s”没有正文。"), values)
        self._open = None
        self._lines = []
