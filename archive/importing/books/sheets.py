"""Sheets of sections (CSV, XLSX): a row a section, its place told by its level, its superior, or a column a level."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from archive.book_text import notation
from media_assets.decoding.zip_damage import ZIP_DAMAGE
from media_assets.file_errors import RefusedFile
from media_assets.file_errors import marked as _

from .contract import Facts, Item, LeafBreak, LeafItem, Options, Problem, Progress, SectionItem, Severity
from .headings import Heading, Outline, number_of, titled, volume_year
from .sheet_rows import Row, rows

FIELDS = ("level", "kind", "label", "title", "text", "page", "parent")

_NAMES = {
    "level": "层级 级别 级 层次 深度 level depth",
    "kind": "类别 类型 篇目类别 kind type",
    "label": "序号 编号 篇号 章节号 卷次 label number no no.",
    "title": "标题 题名 篇名 篇目 名称 条目名称 条目标题 title name heading",
    "text": "正文 内容 条目内容 文字 释文 全文 text content body",
    "page": "页码 页 印刷页码 起始页 起页 page pages",
    "parent": "上级 上级篇目 上级标题 所属 父级 parent",
}
_KINDS = {
    "juan": "卷 册 juan volume",
    "part": "篇 编 编 部 part",
    "chapter": "章 chapter",
    "section": "节 section",
    "item": "目 item",
    "category": "类目 部类 栏目 category",
    "subcategory": "分目 次分目 subcategory",
    "entry": "条目 entry",
    "front": "卷首 前置 front",
    "back": "卷末 后置 附录 back",
}
_FIELD_OF = {name: key for key, names in _NAMES.items() for name in names.split(" ")}
_KIND_OF = {name: key for key, names in _KINDS.items() for name in names.split(" ")}
_PATH = ("juan", "part", "chapter", "section", "item", "category", "subcategory", "entry")
_RANKS = {kind: rank for rank, kind in enumerate(_PATH, 1)} | {"front": 1, "back": 1}
_HEAD_WITHIN = 10


class Sheets:
    name: ClassVar[str] = "sheet"
    label: ClassVar[str] = _("篇目表（CSV、XLSX）")
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".xlsx")

    def recognises(self, path: Path) -> bool:
        """Also an older or locked workbook, to say what to do about it."""
        if not path.is_file():
            return False
        if zipfile.is_zipfile(path):
            try:
                with zipfile.ZipFile(path) as archive:
                    return "xl/workbook.xml" in archive.namelist()
            except ZIP_DAMAGE:
                return False
        return path.suffix.lower() in (".csv", ".tsv", ".xls", ".xlsx", ".et")

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        with path.open("rb") as file:
            if file.read(4) == b"\xd0\xcf\x11\xe0":
                raise RefusedFile(_("这是旧版或加密的 Excel 文件，请去掉密码并另存为 .xlsx 后再导入。"))
        book = _Book(options.columns)
        facts_given = False
        head: list[Row] = []
        problems: list[Problem] = []
        for row in rows(path, options.encoding):
            if isinstance(row, Problem):
                problems.append(row)
                continue
            if row.number % 500 == 0:
                yield Progress(min(row.number / (row.number + 2000), 0.99))
            if book.sheet != row.sheet or book.columns is None:
                if book.sheet != row.sheet and head and book.columns is None:
                    problems.append(_no_head(head))
                head = [row] if book.sheet != row.sheet else [*head, row][:_HEAD_WITHIN]
                book.find_head(row, len(head))
                continue
            if not facts_given:
                facts_given = True
                yield _facts(head, path)
            yield from problems
            problems.clear()
            yield from book.row(row)
        if not facts_given:
            raise RefusedFile(
                _("认不出表头，或表头下没有内容：表格开头应有一行列名，例如“层级、类别、序号、标题、正文、页码”。")
            )
        if book.columns is None and head:
            problems.append(_no_head(head))
        yield from problems


def _facts(head: list[Row], path: Path) -> Facts:
    """A line with one word above the columns is the title of the book."""
    above = [[cell for cell in row.cells if cell.strip()] for row in head[:-1]]
    title = next((cells[0].strip() for cells in above if len(cells) == 1), path.stem).strip("《》 　")
    return Facts("section", title, volume_year=volume_year(title))


def _no_head(head: list[Row]) -> Problem:
    message = _("没有认出表头，这张工作表没有读入。")
    return Problem(Severity.DOUBTFUL, "no-head", head[0].sheet or head[0].where(), message)


@dataclass
class _Columns:
    """Where each field stands; `path` are columns that each hold a level of the contents (类目, 分目, 条目)."""

    of: dict[str, int] = field(default_factory=dict)
    path: list[tuple[int, str]] = field(default_factory=list)


class _Book:
    def __init__(self, given: dict[str, str]):
        self.given = {_plain(name): value for name, value in given.items()}
        self.sheet: str | None = None
        self.columns: _Columns | None = None
        self.outline = Outline()
        self.levels: dict[str, int] = {}
        self.last = 0
        self.open_path: list[str] = []
        self.pages: set[str] = set()

    def find_head(self, row: Row, tried: int) -> None:
        if self.sheet != row.sheet:
            self.sheet, self.columns, self.open_path = row.sheet, None, []
        if tried > _HEAD_WITHIN:
            return
        columns = _Columns()
        for at, cell in enumerate(row.cells):
            name = _plain(cell)
            key = self.given.get(name) or self.given.get(_letter(at)) or _FIELD_OF.get(name)
            if key in FIELDS:
                columns.of.setdefault(key, at)
            elif (key or "") in _PATH or name in _KIND_OF:
                columns.path.append((at, key if key in _PATH else _KIND_OF[name]))
        is_head = "title" in columns.of and len(columns.of) > 1
        if len(columns.path) > 1 or (columns.path and "text" in columns.of and "title" not in columns.of):
            is_head = True
        elif is_head:
            columns.path = []
        self.columns = columns if is_head else None

    def row(self, row: Row) -> Iterator[Item]:
        if not any(cell.strip() for cell in row.cells):
            return
        values = {key: _cell(row, at) for key, at in self.columns.of.items()}
        if self.columns.path:
            yield from self._by_path(row, values)
        else:
            yield from self._by_level(row, values)

    def _by_path(self, row: Row, values: dict[str, str]) -> Iterator[Item]:
        """A level a column: what is empty or the same as above goes on, the last that says something is the row's."""
        names = [_cell(row, at) for at, _kind in self.columns.path]
        filled = [depth for depth, name in enumerate(names) if name]
        deepest = len(names) - 1
        if not filled or (filled[-1] < deepest and values.get("text") and not self._opens(names, filled[-1])):
            at = self.columns.path[deepest][0]
            yield Problem(Severity.DOUBTFUL, "no-title", row.where(at), _("这一行没有标题，题作“（无题）”。"))
            names[deepest] = "（无题）"
            filled.append(deepest)
        path = list(self.open_path[: len(names)]) + [""] * (len(names) - len(self.open_path))
        for depth in filled:
            is_row = depth == filled[-1]
            if names[depth] == path[depth] and not is_row:
                continue
            path[depth:] = [names[depth], *[""] * (len(names) - depth - 1)]
            heading = titled(names[depth], depth + 1)
            kind = self.columns.path[depth][1]
            kind = heading.kind if heading.kind in ("front", "back") else kind
            heading = Heading(depth + 1, kind, heading.label, heading.title, is_marked=True)
            if is_row and values.get("label"):
                heading = Heading(depth + 1, kind, values["label"], heading.title, is_marked=True)
            yield from self._section(heading, values if is_row else {}, row)
        self.open_path = path

    def _opens(self, names: list[str], depth: int) -> bool:
        return len(self.open_path) <= depth or names[depth] != self.open_path[depth]

    def _by_level(self, row: Row, values: dict[str, str]) -> Iterator[Item]:
        title = values.get("title", "")
        if not title:
            at = self.columns.of["title"]
            yield Problem(Severity.DOUBTFUL, "no-title", row.where(at), _("这一行没有标题，题作“（无题）”。"))
            title = "（无题）"
        kind = _KIND_OF.get(_plain(values.get("kind", "")), "")
        if values.get("kind") and not kind:
            message = _("不认识的类别“%(kind)s”，按层级推定。")
            where = row.where(self.columns.of["kind"])
            yield Problem(Severity.DOUBTFUL, "kind", where, message, {"kind": values["kind"][:40]})
        level, problems = self._level(row, values, kind, title)
        yield from problems
        found = titled(title, level)
        heading = Heading(level, kind or found.kind, values.get("label") or found.label, found.title, is_marked=True)
        self.last = level
        for name in (title, values.get("label", ""), f"{values.get('label', '')} {title}".strip()):
            self.levels[_plain(name)] = level
        yield from self._section(heading, values, row)

    def _level(self, row: Row, values: dict[str, str], kind: str, title: str) -> tuple[int, list[Problem]]:
        """By the column of levels, else below the superior, else by the kind, else by the words of the title."""
        written = values.get("level", "")
        if written:
            level = _KIND_OF.get(_plain(written)) and _RANKS[_KIND_OF[_plain(written)]] or _number(written)
            if level:
                if self.last and level > self.last + 1 and written.isdecimal():
                    message = _("层级从 %(before)s 跳到 %(level)s，请核对。")
                    where = row.where(self.columns.of["level"])
                    values = {"before": self.last, "level": level}
                    return level, [Problem(Severity.DOUBTFUL, "level", where, message, values)]
                return level, []
            message = _("看不懂层级“%(level)s”，按上一行的层级处理。")
            where = row.where(self.columns.of["level"])
            return self.last or 1, [Problem(Severity.DOUBTFUL, "level", where, message, {"level": written[:40]})]
        if parent := values.get("parent"):
            if above := self.levels.get(_plain(parent)):
                return above + 1, []
            message = _("前面没有上级“%(parent)s”，按第一层处理。")
            where = row.where(self.columns.of["parent"])
            return 1, [Problem(Severity.DOUBTFUL, "parent", where, message, {"parent": parent[:60]})]
        if "parent" in self.columns.of:
            return 1, []
        found = titled(f"{values.get('label', '')} {title}".strip(), 1)
        by_words = _RANKS.get(found.kind, 1) if found.label or found.kind in ("front", "back") else 1
        return (_RANKS[kind] if kind else by_words), []

    def _section(self, heading: Heading, values: dict[str, str], row: Row) -> Iterator[Item]:
        if len(heading.title) > 255 or len(heading.label) > 60:
            yield Problem(Severity.DOUBTFUL, "long-title", row.where(), _("标题过长，只取开头。"))
        depth, source = self.outline.place(heading)
        text = "\n".join(notation.escape(line.strip()) for line in values.get("text", "").split("\n") if line.strip())
        breaks: tuple[LeafBreak, ...] = ()
        if page := values.get("page", "").split("-")[0].split("—")[0].strip()[:30]:
            leaf = f"page-{page}"
            if page not in self.pages:
                self.pages.add(page)
                yield LeafItem(leaf, page)
            breaks = (LeafBreak(0, leaf),)
        title, label = heading.title[:255], heading.label[:60]
        yield SectionItem(source, depth, heading.kind, title, label, text, breaks)


def _plain(name: str) -> str:
    return re.sub(r"[\s*＊:：（）()]", "", unicodedata.normalize("NFKC", name)).casefold()


def _letter(at: int) -> str:
    return chr(97 + at) if at < 26 else ""


def _cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _number(written: str) -> int:
    """第二级, 2, 二 and 2级 are 2; 0 when it is no level."""
    words = re.sub(r"[第级层級層]", "", unicodedata.normalize("NFKC", written).strip())
    number = number_of(words) if re.fullmatch(r"[0-9一二三四五六七八九十]{1,2}(?:\.0)?", words) else 0
    return number if 0 < number <= 20 else 0
