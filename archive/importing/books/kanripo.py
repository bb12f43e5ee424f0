"""Kanripo's texts (mandoku): a transcription page by page and column by column, with its double-line notes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from archive.book_text import notation
from media_assets.file_errors import FileError, UnreadableFile
from media_assets.file_errors import marked as _

from .bundles import Bundle
from .contract import Facts, Item, LeafItem, Options, Problem, Progress, SectionItem, Severity
from .headings import Heading, Outline, heading_of, in_chinese, number_of
from .kanripo_lines import Line, Notes, juan_title, mark_headings, mark_paragraphs
from .text_encodings import MOST_BYTES, decoded

_LEAF = re.compile(r"<pb:([^<>\s]{1,120})>")
_LEAF_NAME = re.compile(r"(?:.*_)?(\w+)-(\d{1,4})([a-z]?)\d*$")
_HEADER = re.compile(r"#\+(\w+):\s*(.*)")
_HEADLINE = re.compile(r"(\*{1,6})\s+(.*)")
_SIDES = {"a": "上", "b": "下"}
_LISTS = re.compile(r"[目总總][錄録录次目]")

_MESSAGES = {
    "no-code-point": _("底本的字“%(word)s”没有编码（%(count)s 处），以 〓 代替。"),
    "note-open": _("双行小注没有结束：…%(word)s"),
    "note-close": _("多出一个注的后括号：%(word)s…"),
}


@dataclass
class _Page:
    source: str
    label: str
    juan: str


@dataclass
class _Text:
    """What one file says: its pages, the columns on them, and where the parts that it names itself begin."""

    pages: list[_Page] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    parts: dict[int, Heading] = field(default_factory=dict)
    """By the index of the column that follows."""


class Kanripo:
    name: ClassVar[str] = "kanripo"
    label: ClassVar[str] = _("Kanripo 文本（mandoku）")
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".zip")

    def recognises(self, path: Path) -> bool:
        try:
            bundle = Bundle(path)
        except FileError:
            return False
        names = _texts(bundle)
        return any(_LEAF.search(bundle.head(name).decode("utf-8", "ignore")) for name in names[:3])

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        bundle = Bundle(path)
        names = _texts(bundle)
        whole = sum(bundle.size(name) for name in names) or 1
        book = _Book()
        done = 0
        problems: list[Item] = []
        for name in names:
            try:
                text = decoded(bundle.read(name, MOST_BYTES), name if len(names) > 1 else "", options.encoding)
            except FileError as error:
                problems.append(Problem(Severity.BROKEN, "file", name, error.message, error.values))
                continue
            if not book.has_facts:
                yield book.facts(text.text, _compilers(bundle, names))
            yield from problems
            problems.clear()
            yield from text.problems
            yield from book.file(name, text.text)
            done += bundle.size(name)
            yield Progress(done / whole)
        if not book.has_facts:
            raise UnreadableFile(_("文件里没有可以读入的文字。"))
        yield from problems
        yield from book.gaps()


def _texts(bundle: Bundle) -> list[str]:
    return [name for name in bundle.names if name.lower().endswith(".txt")] or (
        list(bundle.names) if len(bundle.names) == 1 and not bundle.path.is_dir() else []
    )


class _Book:
    """What goes on from file to file: the outline, the sources that were given, the numbers that were seen."""

    def __init__(self) -> None:
        self.has_facts = False
        self.outline = Outline()
        self.sources: dict[str, int] = {}
        self.juan = ""
        self.numbers: list[int] = []
        self.missing: list[tuple[str, int]] = []

    def facts(self, text: str, compilers: str) -> Facts:
        self.has_facts = True
        title = re.search(r"^#\+TITLE:\s*(.+)$", text[:4000], re.M)
        return Facts(
            "leaf", title.group(1).strip() if title else "", reading="rtl", compilers=compilers, language="lzh"
        )

    def file(self, name: str, text: str) -> Iterator[Item]:
        parsed = self._parsed(name, text)
        notes = Notes()
        raw = [column for _leaf, column in parsed.columns]
        lines = [notes.line(column, leaf, raw[at + 1 : at + 80]) for at, (leaf, column) in enumerate(parsed.columns)]
        mark_paragraphs(lines)
        if parsed.columns:
            self._name_parts(parsed, lines)
        yield from self._leaves(parsed, lines)
        for (leaf, code, word), count in Counter(notes.faults).items():
            where = parsed.pages[leaf].label or parsed.pages[leaf].source
            yield Problem(Severity.DOUBTFUL, code, where, _MESSAGES[code], {"word": word, "count": count})

    def _parsed(self, name: str, text: str) -> _Text:
        parsed = _Text()
        self.juan = ""
        is_drawer = False
        for line in text.split("\n"):
            if header := _HEADER.match(line):
                self._header(parsed, header.group(1).upper(), header.group(2).strip())
                continue
            if line.startswith("#") or re.fullmatch(r":\w+:.*", line):
                is_drawer = line.startswith(":PROPERTIES:") or (is_drawer and not line.startswith(":END:"))
                continue
            if is_drawer:
                continue
            if headline := _HEADLINE.match(line):
                self._headline(parsed, len(headline.group(1)), headline.group(2))
                continue
            self._columns(parsed, line, Path(name).stem)
        return parsed

    def _header(self, parsed: _Text, key: str, value: str) -> None:
        if key == "PROPERTY" and (juan := re.fullmatch(r"JUAN\s+(\S.*)", value)):
            self.juan = juan.group(1).strip()
            parsed.parts[len(parsed.columns)] = _juan(self.juan)

    def _headline(self, parsed: _Text, stars: int, words: str) -> None:
        title = _LEAF.sub("", words).replace("¶", "").strip()
        if title:
            parsed.parts[len(parsed.columns)] = heading_of(title) or Heading(min(stars, 5), "item", "", title)

    def _columns(self, parsed: _Text, line: str, stem: str) -> None:
        at = 0
        for mark in _LEAF.finditer(line):
            self._put(parsed, line[at : mark.start()], stem, is_whole=False)
            parsed.pages.append(self._page(mark.group(1)))
            at = mark.end()
        self._put(parsed, line[at:], stem, is_whole=at == 0)

    def _put(self, parsed: _Text, rest: str, stem: str, is_whole: bool) -> None:
        columns = rest.split("¶")
        if not columns[-1].strip(" \t"):
            columns.pop()
        for column in columns:
            if not is_whole and not column.strip():
                continue
            if not parsed.pages:
                if not column.strip(" 　\t"):
                    continue
                parsed.pages.append(self._page(f"{stem}-0"))
            parsed.columns.append((len(parsed.pages) - 1, column))

    def _page(self, name: str) -> _Page:
        self.sources[name] = self.sources.get(name, 0) + 1
        source = name if self.sources[name] == 1 else f"{name}#{self.sources[name]}"
        return _Page(source, _label(name, self.juan), self.juan)

    def _name_parts(self, parsed: _Text, lines: list[Line]) -> None:
        """The parts that the file names, then those of its columns that head a part; none in a list of contents."""
        if not any(part.level == 1 for part in parsed.parts.values()):
            self._find_juan(parsed, lines)
        named = sorted(parsed.parts)
        for start, end in zip([0, *named], [*named, len(lines)], strict=True):
            heading = parsed.parts.get(start)
            if start < end and not (heading and _LISTS.search(heading.title)):
                mark_headings(lines[start:end])

    def _find_juan(self, parsed: _Text, lines: list[Line]) -> None:
        seen = set()
        for at, line in enumerate(lines):
            heading = juan_title(line)
            if heading and heading.title not in seen:
                seen.add(heading.title)
                parsed.parts[at] = heading

    def _leaves(self, parsed: _Text, lines: list[Line]) -> Iterator[Item]:
        by_leaf: list[list[int]] = [[] for _page in parsed.pages]
        for at, line in enumerate(lines):
            by_leaf[line.leaf].append(at)
        before: _Page | None = None
        for page, places in zip(parsed.pages, by_leaf, strict=True):
            while places and lines[places[-1]].is_blank:
                places.pop()
            text = "\n".join(lines[at].written() for at in places)
            yield LeafItem(page.source, page.label, text)
            yield from self._sections(parsed, lines, places, page, text)
            yield from self._step(before, page)
            before = page
        yield from self._missing_leaves()

    def _sections(self, parsed: _Text, lines: list[Line], places: list[int], page: _Page, text: str) -> Iterator[Item]:
        passage = notation.parse(text, True)
        at = 0
        for place in places:
            line = lines[place]
            written = line.written()
            for heading in filter(None, (parsed.parts.get(place), line.heading)):
                if heading.kind == "juan":
                    self.numbers.append(number_of(re.sub(r"[卷巻之第]", "", heading.label or heading.title)))
                depth, source = self.outline.place(heading)
                offset = passage.plain_at(at + len(written) - len(line.text)) if at else 0
                yield SectionItem(
                    source, depth, heading.kind, heading.title, heading.label, leaf=page.source, offset=offset
                )
            at += len(written) + 1

    def _step(self, before: _Page | None, page: _Page) -> Iterator[Problem]:
        """Whether a page follows the one before it; those that are missing are kept for the end of the juan."""
        here, last = _place(page), before and _place(before)
        if "#" in page.source:
            yield Problem(Severity.DOUBTFUL, "leaf-twice", page.label or page.source, _("这一面在文件里出现了两次。"))
            return
        if not here or not last or here[0] != last[0]:
            return
        self.missing += [(page.juan, place) for place in range(last[1] + 1, here[1])][:500]
        if here[1] <= last[1]:
            message = _("次序有误：它排在 %(before)s 之后。")
            yield Problem(Severity.DOUBTFUL, "leaf-order", page.label or page.source, message, {"before": before.label})

    def _missing_leaves(self) -> Iterator[Problem]:
        for juan in dict.fromkeys(juan for juan, _place in self.missing):
            names = [in_chinese(place // 2) + "上下"[place % 2] for name, place in self.missing if name == juan]
            shown = "、".join(names[:12]) + ("……" if len(names) > 12 else "")
            message = _("书页不连续，缺 %(count)s 面：%(names)s。")
            yield Problem(Severity.DOUBTFUL, "leaf-gap", juan, message, {"count": len(names), "names": shown})
        self.missing.clear()

    def gaps(self) -> Iterator[Problem]:
        present = {number for number in self.numbers if number}
        missing = [number for number in range(1, max(present, default=0)) if number not in present]
        if missing:
            message = _("卷数不连续，缺 %(count)s 卷：%(numbers)s。")
            values = {"count": len(missing), "numbers": _ranges(missing)}
            yield Problem(Severity.DOUBTFUL, "juan-gap", "", message, values)


def _juan(name: str) -> Heading:
    """The part that a file says it holds: 卷一, or a name of front matter (提要, 職名)."""
    heading = heading_of(name)
    return heading if heading and heading.level == 1 else Heading(1, "front", "", name)


def _compilers(bundle: Bundle, names: list[str]) -> str:
    """宋 范成大 撰, from below the title of the first juan that tells."""
    for name in names[:4]:
        for line in bundle.head(name, 8192).decode("utf-8", "ignore").split("\n"):
            title, _gap, compiler = line.strip("　¶ \r").partition("　　")
            if compiler.endswith(("撰", "修", "纂", "編")) and juan_title(Notes().line(title, 0)):
                return " ".join(compiler.split())[:60]
    return ""


def _label(name: str, juan: str) -> str:
    """KR2k0013_WYG_001-1a in 卷一 is 卷一·一上."""
    found = _LEAF_NAME.match(name)
    if not found:
        return ""
    side = _SIDES.get(found.group(3), found.group(3))
    leaf = f"{in_chinese(int(found.group(2)))}{side}"
    if juan:
        return f"{juan}·{leaf}"
    number = int(found.group(1)) if found.group(1).isdecimal() else 0
    return f"卷{in_chinese(number)}·{leaf}" if number else leaf


def _place(page: _Page) -> tuple[str, int] | None:
    """The juan of a page and how many sides into it the page is, if its name tells."""
    found = _LEAF_NAME.match(page.source.partition("#")[0])
    if not found or found.group(3) not in _SIDES:
        return None
    return found.group(1), 2 * int(found.group(2)) + (found.group(3) == "b")


def _ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as 一至三、七."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "、".join(in_chinese(a) if a == b else f"{in_chinese(a)}至{in_chinese(b)}" for a, b in spans)
