"""Plain text and Markdown: headings make the sections, 【条目】 the entries of a yearbook."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from archive.book_text import notation
from media_assets.file_errors import FileError, UnreadableFile
from media_assets.file_errors import marked as _

from . import markdown
from .bundles import Bundle
from .contract import Facts, FigureItem, Item, Options, Problem, Progress, Severity
from .headings import ENTRY_LEVEL, Heading, heading_of, titled, volume_year
from .sections import Sections
from .text_encodings import MOST_BYTES, decoded
from .text_structure import headings_of, rejoined

_TEXTS = (".txt", ".text", ".md", ".markdown")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")
_LONGEST_TITLE = 40


class PlainText:
    name: ClassVar[str] = "text"
    label: ClassVar[str] = _("纯文本或 Markdown")
    suffixes: ClassVar[tuple[str, ...]] = (*_TEXTS, ".zip")

    def recognises(self, path: Path) -> bool:
        """Files of text; in a ZIP or a folder not where each goes with a picture (those are pages)."""
        try:
            bundle = Bundle(path)
        except FileError:
            return False
        names = _texts(bundle)
        pictures = {_stem(name) for name in bundle.names if name.lower().endswith(_PICTURES)}
        return bool(names) and not any(_stem(name) in pictures for name in names) and _is_text(bundle.head(names[0]))

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        bundle = Bundle(path)
        names = _texts(bundle)
        whole = sum(bundle.size(name) for name in names) or 1
        book = _Book(bundle, workspace / "pictures", len(names) > 1)
        refused: list[tuple[str, FileError]] = []
        done = 0
        for name in names:
            try:
                text = decoded(bundle.read(name, MOST_BYTES), name if len(names) > 1 else "", options.encoding)
            except FileError as error:
                refused.append((name, error))
                continue
            yield from book.file(name, text.text, text.problems)
            done += bundle.size(name)
            yield Progress(done / whole)
        if not book.has_facts:
            raise refused[0][1] if refused else UnreadableFile(_("文件里没有可以读入的文字。"))
        yield from book.sections.end()
        for name, error in refused:
            yield Problem(Severity.BROKEN, "file", name, error.message, error.values)
        if book.sections.count == 1 and not book.has_headings:
            yield Problem(Severity.DOUBTFUL, "no-headings", "", _("没有找到标题，全文成为一篇，请在目录里分开。"))


def _texts(bundle: Bundle) -> list[str]:
    named = [name for name in bundle.names if name.lower().endswith(_TEXTS)]
    is_readme = re.compile(r"(?:^|/)readme(?:\.\w+)?$", re.I)
    return [name for name in named if not is_readme.search(name)] or named


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0].casefold()


def _is_text(head: bytes) -> bool:
    return not head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf"))


class _Book:
    """What goes on from file to file."""

    def __init__(self, bundle: Bundle, pictures: Path, is_several: bool):
        self.bundle, self.pictures, self.is_several = bundle, pictures, is_several
        self.sections = Sections()
        self.has_facts = self.has_headings = False
        self.figures: set[str] = set()

    def file(self, name: str, text: str, problems: tuple[Problem, ...]) -> Iterator[Item]:
        lines = text.split("\n")
        is_markdown = _is_markdown(name, lines)
        if not is_markdown:
            rejoined_lines = rejoined(lines)
            if rejoined_lines is not lines:
                message = _("原文按版面断行，已把断开的行接成段落。")
                problems = (*problems, Problem(Severity.NOTE, "lines-joined", self.where(name), message))
            lines = rejoined_lines
        headings = _marked_headings(lines) if is_markdown else headings_of(lines)
        title, skip = ("", 0) if self.is_several else _title(lines, headings, is_markdown)
        if not self.has_facts:
            self.has_facts = True
            yield self._facts(title or self.bundle.path.stem)
            if not headings and not self.is_several:
                self.sections = Sections(Heading(1, "part", "", title or Path(name).stem))
        yield from problems
        self.has_headings = self.has_headings or bool(headings)
        begins = next((at for at, line in enumerate(lines) if line.strip()), 0)
        if self.is_several and begins not in headings:
            yield from self.sections.begin(heading_of(Path(name).stem) or titled(Path(name).stem, 1), name)
            self.has_headings = True
        headings = {at: heading for at, heading in headings.items() if at >= skip}
        reader = _Lines(self, name, lines, headings, is_markdown)
        yield from reader.read(skip)

    def _facts(self, title: str) -> Facts:
        title = title.strip("《》 　")
        return Facts("section", title, volume_year=volume_year(title))

    def where(self, name: str, line: int | None = None) -> str:
        place = f"第 {line + 1} 行" if line is not None else ""
        return f"{name if self.is_several else ''} {place}".strip()

    def figure(self, written: str, caption: str, name: str, line: int) -> Iterator[Item]:
        """The picture, once; a Problem where the bundle does not have it. Nothing is fetched from elsewhere."""
        path = markdown.picture_path(written, name)
        key = markdown.figure_key(path)
        if key in self.figures:
            return
        if path not in self.bundle.names or not path.lower().endswith(_PICTURES):
            message = _("没有找到图片“%(path)s”。")
            yield Problem(Severity.BROKEN, "no-picture", self.where(name, line), message, {"path": written[-120:]})
            return
        file = f"{key}{Path(path).suffix.lower()}"
        try:
            self.bundle.copy(path, self.pictures / file)
        except FileError as error:
            yield Problem(Severity.BROKEN, "no-picture", self.where(name, line), error.message, error.values)
            return
        self.figures.add(key)
        yield FigureItem(key, file, caption)


def _is_markdown(name: str, lines: list[str]) -> bool:
    if name.lower().endswith((".md", ".markdown")):
        return True
    return sum(1 for line in lines if line.startswith("#") and markdown.HEADING.fullmatch(line)) >= 2


def _marked_headings(lines: list[str]) -> dict[int, Heading]:
    """Markdown's headings and 【条目】; where a file marks none, the rules of plain text."""
    is_yearbook = sum(line.lstrip().startswith("【") for line in lines) >= 3
    found: dict[int, Heading] = {}
    fence = ""
    for at, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            fence = "" if fence else line.lstrip()[:3]
        elif fence:
            continue
        elif (mark := markdown.HEADING.fullmatch(line)) and (words := markdown.words(mark["title"])):
            found[at] = titled(words, len(mark["marks"]), is_yearbook)
        elif re.fullmatch(r"=+\s*", line) and at and lines[at - 1].strip() and at - 1 not in found:
            found[at - 1] = titled(markdown.words(lines[at - 1]), 1, is_yearbook)
            lines[at] = ""
    if not found:
        return headings_of(lines)
    for at, line in enumerate(lines):
        if at not in found and (entry := heading_of(markdown.words(line))) and entry.level == ENTRY_LEVEL:
            found[at] = entry
    return dict(sorted(found.items()))


def _title(lines: list[str], headings: dict[int, Heading], is_markdown: bool) -> tuple[str, int]:
    """The title of the book and the line at which its text begins: Markdown's only # above others, or a short first
    line before the first heading."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    heading = headings.get(first)
    if heading:
        levels = [other.level for other in headings.values()]
        is_title = is_markdown and heading.level == 1 == levels.count(1) and len(levels) > 1 and not heading.label
        return (heading.title, first + 1) if is_title and heading.kind == "part" else ("", first)
    line = lines[first].strip()
    is_title = headings and len(line) <= _LONGEST_TITLE and not re.search(r"[。！？；，]", line)
    return (line.strip("# 　"), first + 1) if is_title else ("", first)


class _Lines:
    """One file's lines becoming sections."""

    def __init__(self, book: _Book, name: str, lines: list[str], headings: dict[int, Heading], is_markdown: bool):
        self.book, self.name, self.lines, self.headings, self.is_markdown = book, name, lines, headings, is_markdown
        self.notes = self._footnotes() if is_markdown else {}
        self.labels = markdown.footnote_labels(list(self.notes))
        self.used: list[str] = []
        self.given: set[str] = set()

    def _footnotes(self) -> dict[str, str]:
        """The file's footnotes, taken out of its lines, because their words belong to the section that refers to
        them."""
        notes: dict[str, str] = {}
        for at, line in enumerate(self.lines):
            if found := markdown.FOOTNOTE.fullmatch(line):
                words = [found["text"]]
                while at + len(words) < len(self.lines) and self.lines[at + len(words)].startswith(("    ", "\t")):
                    words.append(self.lines[at + len(words)].strip())
                    self.lines[at + len(words) - 1] = ""
                notes.setdefault(found["label"], " ".join(words))
                self.lines[at] = ""
        return notes

    def read(self, at: int) -> Iterator[Item]:
        while at < len(self.lines):
            if heading := self.headings.get(at):
                yield from self._foot()
                yield from self.book.sections.begin(self._bare(heading), self.book.where(self.name, at))
                at += 1
            else:
                count, items = self._block(at)
                yield from items
                at += count
        yield from self._foot(is_end=True)

    def _bare(self, heading: Heading) -> Heading:
        """Without the marks of footnotes, whose words come at the end of its text."""
        self.used += [label for label in markdown.REFERENCE.findall(heading.title) if label in self.notes]
        title = markdown.REFERENCE.sub("", heading.title).strip()
        return replace(heading, title=title or heading.title)

    def _block(self, at: int) -> tuple[int, list[Item]]:
        """How many lines were taken, and what they gave."""
        line = self.lines[at]
        if not line.strip() or (self.is_markdown and markdown.RULE.fullmatch(line)):
            return 1, []
        if rows := self._table(at):
            count, text = rows
            return count, list(self._add(text, at))
        if not self.is_markdown:
            return 1, list(self._add(notation.escape(line.strip()), at))
        count = self._paragraph(at)
        return count, list(self._marked(_joined(self.lines[at : at + count]), at))

    def _table(self, at: int) -> tuple[int, str] | None:
        if self.is_markdown:
            return self._marked_table(at)
        return self._tabbed_table(at)

    def _marked_table(self, at: int) -> tuple[int, str] | None:
        lines = self.lines
        has_rule = at + 1 < len(lines) and "|" in lines[at] and markdown.TABLE_RULE.fullmatch(lines[at + 1])
        if not has_rule and not re.fullmatch(r"\s{0,3}\|.*\|\s*", lines[at]):
            return None
        end = at
        while end < len(lines) and "|" in lines[end] and end not in self.headings:
            end += 1
        rows = [markdown.cells(line) for line in lines[at:end] if not markdown.TABLE_RULE.fullmatch(line)]
        return (end - at, markdown.table(rows, 1 if has_rule else 0)) if rows else None

    def _tabbed_table(self, at: int) -> tuple[int, str] | None:
        tabs = self.lines[at].strip("\n").count("\t")
        end = at
        while end < len(self.lines) and tabs and self.lines[end].count("\t") == tabs and end not in self.headings:
            end += 1
        is_table = end - at > 1 and self.lines[at][0] != "\t"
        return (end - at, markdown.table([line.split("\t") for line in self.lines[at:end]], 0)) if is_table else None

    def _paragraph(self, at: int) -> int:
        """How many lines of Markdown are one paragraph."""
        count = 1
        while at + count < len(self.lines):
            before, line = self.lines[at + count - 1], self.lines[at + count]
            begins = re.match(r"\s{0,8}(?:[-*+>|#]|\d+[.)、]\s|!\[|```)|　　", line)
            if not line.strip() or begins or at + count in self.headings or before.endswith(("  ", "\\", "<br>")):
                break
            count += 1
        return count

    def _marked(self, line: str, at: int) -> Iterator[Item]:
        """A paragraph of Markdown; a picture inside it stands on a line of its own."""
        if line.lstrip().startswith(("```", "~~~")):
            return
        place = 0
        for picture in markdown.PICTURE.finditer(line):
            yield from self._words(line[place : picture.start()], at)
            caption = markdown.words(picture["caption"])
            yield from self.book.figure(picture["path"], caption, self.name, at)
            key = markdown.figure_key(markdown.picture_path(picture["path"], self.name))
            if key in self.book.figures:
                yield from self._add(f"![{notation.escape(caption)}](fig:{key})", at)
            elif caption:
                yield from self._add(notation.escape(caption), at)
            place = picture.end()
        yield from self._words(line[place:], at)

    def _words(self, line: str, at: int) -> Iterator[Item]:
        if line.strip() and (text := markdown.line_notation(line, self.labels)):
            self.used += [label for label in markdown.REFERENCE.findall(line) if label in self.notes]
            yield from self._add(text, at)

    def _add(self, text: str, at: int) -> Iterator[Item]:
        yield from self.book.sections.add(text, self.book.where(self.name, at))

    def _foot(self, is_end: bool = False) -> Iterator[Item]:
        """The footnotes of the section that ends; at the end of the file those too to which nothing refers."""
        rest = [label for label in self.notes if label not in self.given and label not in self.used] if is_end else []
        for label in dict.fromkeys([*self.used, *rest]):
            self.given.add(label)
            text = markdown.line_notation(self.notes[label], {})
            yield from self._add(f"[^{self.labels[label]}]: {text}", len(self.lines) - 1)
        for label in rest:
            message = _("正文没有引用脚注“%(label)s”。")
            yield Problem(Severity.DOUBTFUL, "footnote", self.book.where(self.name), message, {"label": label})
        self.used.clear()


def _joined(lines: list[str]) -> str:
    """Markdown's lines as one: with a space between Latin words, none between Chinese characters."""
    text = lines[0].strip().removesuffix("\\")
    for line in lines[1:]:
        line = line.strip().removesuffix("\\")
        gap = " " if text[-1:].isascii() and line[:1].isascii() else ""
        text = f"{text}{gap}{line}"
    return text
