"""Word files (.docx): heading styles make the sections, or the rules of plain text where there are none."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element  # noqa: S405 -- a type; parsing is defusedxml's

from defusedxml import ElementTree

from archive.book_text import notation
from media_assets.decoding import offices
from media_assets.decoding.bounds import Bounds
from media_assets.decoding.zip_damage import ZIP_DAMAGE
from media_assets.file_errors import RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from . import word_parts
from .contract import Facts, FigureItem, Item, Options, Problem, Progress, Severity
from .headings import ENTRY_LEVEL, Heading, heading_of, titled, volume_year
from .sections import Sections
from .text_structure import headings_of
from .word_paragraphs import Paragraph, Reader
from .word_parts import BROKEN_XML, Numbers, Style, attribute, child, local

_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OLE = b"\xd0\xcf\x11\xe0"
_CAPTION = re.compile(r"(?:图|圖|照片|插图|插圖|彩图)\s*(?:[0-9０-９一二三四五六七八九十〇A-Za-z]|$)")
_SHOWN = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")
_LONGEST_CAPTION = 120
_LONGEST_HEADING = 80


class Word:
    name: ClassVar[str] = "docx"
    label: ClassVar[str] = _("Word 文档（.docx）")
    suffixes: ClassVar[tuple[str, ...]] = (".docx",)

    def recognises(self, path: Path) -> bool:
        """Also the older .doc and a locked .docx, to say what to do about them."""
        if not path.is_file():
            return False
        if zipfile.is_zipfile(path):
            return _document(path) != ""
        with path.open("rb") as file:
            return file.read(4) == _OLE and path.suffix.lower() in (".doc", ".docx", ".docm", ".wps")

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        if not zipfile.is_zipfile(path):
            raise RefusedFile(_refusal(path))
        offices.examine(path, _MIME, Bounds())
        document = _document(path)
        if not document:
            raise UnreadableFile(_("这不是 Word 文档，或者它已损坏。"))
        with zipfile.ZipFile(path) as archive:
            yield from _Book(archive, document, workspace / "pictures", path.stem).read()


def _document(path: Path) -> str:
    """The path of the main part; "" when the ZIP holds none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except ZIP_DAMAGE:
        return ""
    return next((name for name in names if re.fullmatch(r"(?:word/)?document\d*\.xml", name)), "")


def _refusal(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in head:
        return _("文档设有打开密码，请去掉密码后再导入。")
    if head.startswith(_OLE):
        return _("这是旧版 Word 文档（.doc），请用 Word 或 WPS 另存为 .docx 后再导入。")
    return _("这不是 Word 文档，或者它已损坏。")


class _Book:
    def __init__(self, archive: zipfile.ZipFile, document: str, pictures: Path, stem: str):
        self.archive, self.document, self.pictures, self.stem = archive, document, pictures, stem
        self.parts = word_parts.parts(archive, document)
        self.folder = document.rpartition("/")[0]
        self.reader = Reader(self.parts, self._reference)
        self.notes = {
            (kind, name): element
            for kind in ("footnote", "endnote")
            for name, element in word_parts.notes(archive, f"{self.folder}/{kind}s.xml")
        }
        self.numbers = Numbers(self.parts)
        self.sections = Sections()
        self.cited: list[tuple[str, str]] = []
        self.taken: set[str] = set()
        self.waiting: tuple[str, str] | None = None
        """A picture's key and file, until the next paragraph shows whether it is its caption."""
        self.hidden = 0
        self.is_in_contents = False
        self.has_contents = False

    # What the whole file says, found by reading through it once.

    def read(self) -> Iterator[Item]:
        lines, styled, is_vertical, title = self._survey()
        unstyled = {} if styled else headings_of(lines)
        self.styled_kinds = {titled(text, level).kind for text, level in styled}
        title = title or self.parts.title or self.stem
        title = title.strip("《》 　")
        yield Facts("section", title, reading="rtl" if is_vertical else "ltr", volume_year=volume_year(title))
        self.is_yearbook = sum(line.lstrip().startswith("【") for line in lines) >= 3
        if not styled and not unstyled:
            self.sections = Sections(Heading(1, "part", "", title))
            yield Problem(Severity.DOUBTFUL, "no-headings", "", _("没有找到标题，全文成为一篇，请在目录里分开。"))
        elif not styled:
            message = _("文档没有用标题样式，目录按文字的编号推定，请核对。")
            yield Problem(Severity.DOUBTFUL, "no-heading-styles", "", message)
        self.cited.clear()
        self.numbers = Numbers(self.parts)
        yield from self._body(unstyled, lines, title, len(lines) or 1)
        yield from self._foot()
        yield from self.sections.end()
        yield from self._closing()

    def _closing(self) -> Iterator[Problem]:
        if self.has_contents:
            yield Problem(Severity.NOTE, "contents", "", _("文档自带的目录没有收入正文。"))
        if self.hidden:
            message = _("隐藏文字 %(count)s 字没有收入。")
            yield Problem(Severity.NOTE, "hidden", "", message, {"count": self.hidden})

    def _survey(self) -> tuple[list[str], list[tuple[str, int]], bool, str]:
        """The words of every block of the body ("" for a table), the headings that styles mark, whether the text runs
        in columns, and the title that a style marks."""
        lines: list[str] = []
        styled: list[tuple[str, int]] = []
        is_vertical, title = False, ""
        for element in self._blocks():
            line = ""
            if local(element) == "p":
                paragraph = self.reader.paragraph(element)
                number = self._number(paragraph)
                line = f"{number}{paragraph.bare}" if paragraph.bare else ""
                is_vertical = is_vertical or paragraph.is_vertical
                role, level = self._style(paragraph).role, self._level(paragraph)
                if level and line and role != "contents":
                    styled.append((line, level))
                if role == "title" and not level and not title:
                    title = line.replace("\n", "")
            elif local(element) == "sectPr":
                is_vertical = is_vertical or attribute(child(element, "textDirection")).startswith(("tb", "rl"))
            lines.append("" if _is_contents_line(element, self, line) else line)
        return lines, styled, is_vertical, title

    def _blocks(self) -> Iterator[Element]:
        """Paragraphs and tables of the body, one by one; each is let go when the next is asked for."""
        try:
            with self.archive.open(self.document) as part:
                depth = 0
                for event, element in ElementTree.iterparse(part, ("start", "end")):
                    depth += 1 if event == "start" else -1
                    if event == "end" and depth == 2:
                        yield from _flat(element)
                        element.clear()
        except BROKEN_XML as error:
            raise UnreadableFile(_("Word 文件里的“%(part)s”已损坏。"), part=self.document) from error

    def _style(self, paragraph: Paragraph) -> Style:
        return self.parts.styles.get(paragraph.style) or Style()

    def _level(self, paragraph: Paragraph) -> int:
        """1 to 9 of a heading, 0 of text; a paragraph too long for a heading is none, whatever its style."""
        level = paragraph.level if paragraph.level is not None else self._style(paragraph).level
        return level if len(paragraph.bare) <= _LONGEST_HEADING else 0

    def _number(self, paragraph: Paragraph) -> str:
        style = self._style(paragraph)
        name = paragraph.list_id or style.list_id
        if not name or name == "0" or not paragraph.bare:
            return ""
        level = paragraph.list_level if paragraph.list_id else style.list_level or max(style.level - 1, 0)
        number = self.numbers.next(name, level)
        return f"{number} " if number and number[-1] not in "、（）().．　 " else number

    # The sections.

    def _body(self, unstyled: dict[int, Heading], lines: list[str], title: str, whole: int) -> Iterator[Item]:
        has_title = False
        for at, element in enumerate(self._blocks()):
            if at % 200 == 0:
                yield Progress(min(at / whole, 1.0))
            where = f"第 {at + 1} 段"
            if local(element) == "tbl":
                yield from self._settle()
                yield from self._table(element, where)
            elif local(element) == "p":
                paragraph = self.reader.paragraph(element)
                number = self._number(paragraph)
                self.hidden += paragraph.hidden
                if _is_contents_line(element, self, paragraph.bare):
                    self.has_contents = True
                elif (
                    not has_title
                    and self._style(paragraph).role == "title"
                    and paragraph.bare.strip("《》 　") == title
                ):
                    has_title = True
                elif not paragraph.bare or at in unstyled or lines[at]:
                    yield from self._paragraph(paragraph, number, unstyled.get(at), where)
        yield from self._settle()

    def _paragraph(self, paragraph: Paragraph, number: str, heading: Heading | None, where: str) -> Iterator[Item]:
        heading = heading or self._heading(paragraph, number)
        if heading:
            yield from self._settle()
            cited, self.cited = self.cited, []
            own = cited[-self._references(paragraph) :] if self._references(paragraph) else []
            self.cited = cited[: len(cited) - len(own)]
            yield from self._foot()
            self.cited = own
            yield from self.sections.begin(heading, where)
        elif self.waiting and self._is_caption(paragraph):
            yield from self._settle(paragraph.text.replace("\n", " "), where)
        else:
            yield from self._settle()
            text = f"{notation.escape(number)}{paragraph.text}" if paragraph.text else ""
            for line in filter(str.strip, text.split("\n")):
                yield from self.sections.add(line.strip(), where)
        for box in paragraph.boxes:
            for line in filter(str.strip, box.text.split("\n")):
                yield from self.sections.add(line, where)
            yield from self._pictures(box, where)
        yield from self._pictures(paragraph, where)

    @staticmethod
    def _references(paragraph: Paragraph) -> int:
        return len(re.findall(r"(?<!\\)\[\^\d+\]", paragraph.text))

    def _heading(self, paragraph: Paragraph, number: str) -> Heading | None:
        text = f"{number}{' '.join(paragraph.bare.split())}".strip()
        if not text or self._style(paragraph).role in ("contents", "caption"):
            return None
        if level := self._level(paragraph):
            heading = titled(text, level, self.is_yearbook)
            label = number.strip(" 　、．.·")
            if not label or heading.label == label:
                return heading
            return replace(heading, label=label, title=titled(paragraph.bare, level).title)
        found = heading_of(text)
        if found and found.level == ENTRY_LEVEL and self.is_yearbook:
            rest = paragraph.text.partition("】")[2] if found.rest else ""
            return replace(found, rest=notation.plain(rest).lstrip(" 　：:"))
        is_division = found and not found.untitled and found.kind in ("chapter", "section", "part")
        return found if is_division and self.styled_kinds and found.kind not in self.styled_kinds else None

    def _is_caption(self, paragraph: Paragraph) -> bool:
        is_short = 0 < len(paragraph.bare) <= _LONGEST_CAPTION and not paragraph.pictures
        return is_short and (self._style(paragraph).role == "caption" or _CAPTION.match(paragraph.bare) is not None)

    def _table(self, element: Element, where: str) -> Iterator[Item]:
        text, inside = self.reader.table(element)
        for line in filter(str.strip, text.split("\n")):
            yield from self.sections.add(line, where)
        for paragraph in inside:
            self.hidden += paragraph.hidden
            yield from self._pictures(paragraph, where)

    # Pictures and notes.

    def _pictures(self, paragraph: Paragraph, where: str) -> Iterator[Item]:
        for relation in dict.fromkeys(paragraph.pictures):
            target, is_outside = self.parts.relations.get(relation, ("", False))
            name = target.rpartition("/")[2]
            suffix = Path(name).suffix.lower()
            if is_outside or not target:
                message = _("图片只是链接，不在文档里：%(name)s。")
                yield Problem(Severity.BROKEN, "no-picture", where, message, {"name": target[-80:] or relation})
            elif suffix not in _SHOWN:
                message = _("图片“%(name)s”是 %(form)s 格式，没有收入；请在 Word 里另存为 PNG。")
                values = {"name": name, "form": suffix.lstrip(".").upper() or "?"}
                yield Problem(Severity.BROKEN, "no-picture", where, message, values)
            else:
                yield from self._settle()
                yield from self._picture(target, suffix, where)

    def _picture(self, target: str, suffix: str, where: str) -> Iterator[Item]:
        """Named by its content: the same picture has the same key when the file comes again."""
        digest = hashlib.blake2b(digest_size=8)
        unfinished = self.pictures / "unfinished"
        try:
            with self.archive.open(target) as part, unfinished.open("wb") as file:
                while chunk := part.read(1 << 20):
                    digest.update(chunk)
                    file.write(chunk)
        except BROKEN_XML:
            message = _("图片“%(name)s”已损坏。")
            yield Problem(Severity.BROKEN, "no-picture", where, message, {"name": target.rpartition("/")[2]})
            return
        key = f"image-{digest.hexdigest()}"
        unfinished.replace(self.pictures / f"{key}{suffix}")
        self.waiting = (key, f"{key}{suffix}")

    def _settle(self, caption: str = "", where: str = "") -> Iterator[Item]:
        """Put the picture that was waiting for its caption."""
        if self.waiting:
            (key, file), self.waiting = self.waiting, None
            words = notation.plain(caption).replace("]", "］").replace("[", "［").strip()
            if key not in self.taken:
                self.taken.add(key)
                yield FigureItem(key, file, words)
            yield from self.sections.add(f"![{notation.escape(words)}](fig:{key})", where)

    def _reference(self, kind: str, name: str) -> str:
        """Notes are counted anew in each section, so that they keep their numbers when others are added before."""
        if (kind, name) not in self.cited:
            self.cited.append((kind, name))
        return str(self.cited.index((kind, name)) + 1)

    def _foot(self) -> Iterator[Item]:
        cited, self.cited = self.cited, []
        for number, note in enumerate(cited, 1):
            element = self.notes.get(note)
            words = [p.text.replace("\n", " ") for p in self.reader.paragraphs(element)] if element is not None else []
            if not any(words):
                yield Problem(Severity.DOUBTFUL, "footnote", "", _("脚注 %(number)s 没有内容。"), {"number": number})
            yield from self.sections.add(f"[^{number}]: {' '.join(filter(None, words))}")
        self.cited.clear()


def _flat(element: Element) -> Iterator[Element]:
    """A block of the body; a content control's blocks one by one, but not those of a list of contents."""
    if local(element) == "sdt":
        gallery = attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"))
        if gallery.lower() == "table of contents":
            return
        for part in child(element, "sdtContent") if child(element, "sdtContent") is not None else ():
            yield from _flat(part)
    elif local(element) in ("ins", "moveTo", "customXml", "smartTag"):
        for part in element:
            yield from _flat(part)
    else:
        yield element


def _is_contents_line(element: Element, book: _Book, line: str) -> bool:
    """Whether the paragraph is a line of the file's own list of contents."""
    style = book.parts.styles.get(attribute(child(element, "pPr", "pStyle")))
    return bool(line) and style is not None and style.role == "contents"
