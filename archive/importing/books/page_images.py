"""A folder or ZIP of page images, with the recognised text beside them: each image a leaf, each folder a section."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from archive.book_text import notation
from media_assets.file_errors import FileError, UnreadableFile
from media_assets.file_errors import marked as _

from . import ocr_xml, page_names, picture_heads, tiff_pages
from .bundles import Bundle
from .contract import Facts, Item, LeafItem, Options, Problem, Progress, SectionItem, Severity
from .headings import Outline, titled, volume_year
from .ocr_lines import Sheet
from .page_files import PageFile, PageFiles, has_pages, page_files
from .text_encodings import MOST_BYTES, decoded

_MOST_PAGES = 50_000
_LOOKED_AT = 40
_SIDES = ("上", "下", "a", "b")
_MOST_NAMES = 12
_LONGEST_SOURCE = 190


class PageImages:
    name: ClassVar[str] = "page-images"
    label: ClassVar[str] = _("书页图像（文件夹或 ZIP，可带文字与识别结果）")
    suffixes: ClassVar[tuple[str, ...]] = (".zip", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".heic")

    def recognises(self, path: Path) -> bool:
        try:
            bundle = Bundle(path)
        except FileError:
            return False
        if not has_pages(bundle):
            return False
        images = [name for name in bundle.names if name.rpartition(".")[2].lower() in picture_heads.EXTENSIONS]
        return any(
            picture_heads.extension_of(bundle.head(name, picture_heads.HEAD_BYTES)) for name in images[:_LOOKED_AT]
        )

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        bundle = Bundle(path)
        files = page_files(bundle)
        if not files.pages:
            raise UnreadableFile(_("里面没有书页图像。"))
        if len(files.pages) > _MOST_PAGES:
            raise UnreadableFile(_("书页超过 %(most)s 面，请分册导入。"), most=_MOST_PAGES)
        yield from _Book(bundle, files, workspace / "pictures", options).items()


@dataclass
class _Picture:
    """A file in the workspace. `size` is None when it is not known."""

    name: str
    size: tuple[int, int] | None = None


@dataclass
class _Book:
    bundle: Bundle
    files: PageFiles
    pictures: Path
    options: Options
    outline: Outline = field(default_factory=Outline)
    chapter: tuple[str, ...] = ()
    count: int = 0
    vertical: int = 0
    horizontal: int = 0
    seen: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    """By the digest of a picture's bytes: the source of its leaf, and its file."""
    volumes: dict[str, Sheet] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        problems = list(self._read_volumes())
        self.labels = _labels(self.files.pages)
        title = page_names.chapter_title(self.files.title or page_names.stem_of(self.bundle.path.name))
        yield Facts("leaf", title, reading="rtl" if self._is_vertical() else "ltr", volume_year=volume_year(title))
        yield from self.files.problems
        yield from problems
        for number, page in enumerate(self.files.pages, start=1):
            yield from self._page(page)
            yield Progress(number / len(self.files.pages))
        yield from self._gaps()
        if any(label[-1:].isdigit() for label in self.labels.values()):
            message = _("印刷页码取自文件名，请核对；与书上所印不合时，在页码规则里改正。")
            yield Problem(Severity.NOTE, "labels-from-names", "", message)

    # --- Texts --------------------------------------------------------------------------------------------------

    def _read_volumes(self) -> Iterator[Problem]:
        """Files that hold the recognised pages of a whole volume: their pages go to the pictures that they name."""
        left_out = []
        for name in self.files.volumes:
            if not ocr_xml.is_ocr(self.bundle.head(name)):
                left_out.append(name)
                continue
            try:
                sheets = ocr_xml.sheets(self.bundle.read(name, ocr_xml.MOST_BYTES))
            except FileError as error:
                yield Problem(Severity.BROKEN, "ocr", name[-120:], error.message, error.values)
                continue
            known = {page.stem for page in self.files.pages if page.picture}
            fitting = {_stem(sheet): sheet for sheet in sheets if _stem(sheet) in known}
            bare = [page for page in self.files.pages if page.picture and not page.markup]
            if not fitting and len(sheets) == len(bare) > 1:
                fitting = {page.stem: sheet for page, sheet in zip(bare, sheets, strict=True)}
            self.volumes |= fitting
            if len(fitting) < len(sheets):
                message = _("识别文件里有 %(count)s 页找不到对应的图像，没有读入。")
                values = {"count": len(sheets) - len(fitting)}
                yield Problem(Severity.DOUBTFUL, "ocr-without-picture", name[-120:], message, values)
        if left_out:
            message = _("有 %(count)s 个 XML 不是识别文件，没有读入：%(names)s。")
            values = {"count": len(left_out), "names": "、".join(name[-60:] for name in left_out[:5])}
            yield Problem(Severity.NOTE, "left-out", "", message, values)

    def _is_vertical(self) -> bool:
        """Whether most of the pages with recognised text have it in columns; the first ones are looked at. Without such
        text the names tell."""
        down = across = 0
        for page in self.files.pages:
            try:
                sheet, _problem = self._sheet(page)
            except FileError:
                continue
            if sheet is not None and sheet.lines:
                down, across = down + sheet.runs_down(), across + (not sheet.runs_down())
                if down + across >= _LOOKED_AT:
                    break
        # Leaves with a recto and a verso are those of thread-bound books.
        sides = sum(label[-1:] in _SIDES for label in self.labels.values())
        return down > across or (down == across == 0 and 2 * sides > len(self.labels))

    def _sheet(self, page: PageFile) -> tuple[Sheet | None, Problem | None]:
        """The recognised page that belongs to this picture. Raises FileError."""
        if not page.markup:
            return self.volumes.get(page.stem), None
        sheets = ocr_xml.sheets(self.bundle.read(page.markup, ocr_xml.MOST_BYTES))
        own = next((sheet for sheet in sheets if _stem(sheet) == page.stem), sheets[0])
        if len(sheets) == 1:
            return own, None
        message = _("识别文件里有 %(count)s 页，只取属于这幅图像的一页。")
        return own, Problem(Severity.DOUBTFUL, "ocr-pages", page.source, message, {"count": len(sheets)})

    def _text(self, page: PageFile, picture: _Picture | None) -> tuple[ocr_xml.OcrPage, list[Problem]]:
        problems: list[Problem] = []
        try:
            sheet, problem = self._sheet(page)
            problems += [problem] if problem else []
            if sheet is not None:
                read = ocr_xml.page(sheet, picture.size if picture else None, page.source)
                return read, [*problems, *read.problems]
        except FileError as error:
            problems.append(Problem(Severity.BROKEN, "ocr", page.source, error.message, error.values))
        if not page.text or not self.bundle.size(page.text):
            return ocr_xml.OcrPage(""), problems
        try:
            text = decoded(self.bundle.read(page.text, MOST_BYTES), page.source, self.options.encoding)
        except FileError as error:
            if self.bundle.read(page.text, MOST_BYTES).strip():
                problems.append(Problem(Severity.BROKEN, "text", page.source, error.message, error.values))
            return ocr_xml.OcrPage(""), problems
        return ocr_xml.OcrPage(notation.escape(text.text.strip("\n"))), [*problems, *text.problems]

    # --- Leaves -------------------------------------------------------------------------------------------------

    def _page(self, page: PageFile) -> Iterator[Item]:
        pictures, problems = self._pictures(page)
        if pictures is None:
            yield from problems
            return
        read, more = self._text(page, pictures[0] if pictures else None)
        yield from problems
        yield from more
        label = self.labels.get(page.source) or read.printed
        for number, picture in enumerate(pictures or [None], start=1):
            source = page.source if number == 1 else f"{page.source}#{number}"
            item = LeafItem(_short(source), picture=picture.name if picture else "")
            if number == 1:
                item = replace(item, text=read.text, boxes=read.boxes, label=label if len(pictures) < 2 else "")  # noqa: PLR2004
            yield item
            if number == 1:
                yield from self._sections(page, item.source)

    def _sections(self, page: PageFile, leaf: str) -> Iterator[SectionItem]:
        """The folders that begin with this page."""
        same = 0
        while same < min(len(page.chapter), len(self.chapter)) and page.chapter[same] == self.chapter[same]:
            same += 1
        for depth, folder in enumerate(page.chapter[same:], start=same + 1):
            level, source = self.outline.place(heading := titled(page_names.chapter_title(folder), depth))
            yield SectionItem(source, level, heading.kind, heading.title[:120], heading.label[:60], leaf=leaf)
        self.chapter = page.chapter

    def _pictures(self, page: PageFile) -> tuple[list[_Picture] | None, list[Problem]]:
        """The pictures of a page, of a TIFF all of them; None when it is but a copy of another one."""
        if not page.picture:
            message = _("有文字，没有图像。")
            return [], [Problem(Severity.BROKEN, "no-picture", page.source, message)]
        if not self.options.with_scans:
            return [], []
        extension = picture_heads.extension_of(self.bundle.head(page.picture, picture_heads.HEAD_BYTES))
        if not extension:
            message = _("内容不是可用的图像，或已损坏、为空：这一面没有图像。")
            return [], [Problem(Severity.BROKEN, "not-a-picture", page.source, message)]
        file = self.pictures / f"{self.count + 1:06d}.{extension}"
        try:
            self.bundle.copy(page.picture, file)
        except FileError as error:
            return [], [Problem(Severity.BROKEN, "picture", page.source, error.message, error.values)]
        with file.open("rb") as copied:
            digest = hashlib.file_digest(copied, "blake2b").digest()
        if digest in self.seen:
            return self._again(page, file, *self.seen[digest])
        self.count += 1
        self.seen[digest] = (page.source, file.name)
        return self._looked_at(page, file, extension)

    def _again(self, page: PageFile, file: Path, source: str, name: str) -> tuple[list[_Picture] | None, list[Problem]]:
        file.unlink()
        if page_names.is_copy_of(page.stem, page_names.stem_of(f"{source}.")):
            message = _("是“%(source)s”的副本，没有读入。")
            return None, [Problem(Severity.NOTE, "copy", page.source, message, {"source": source})]
        message = _("图像与“%(source)s”完全相同：恐是重复，或放错了文件。")
        return [_Picture(name)], [Problem(Severity.DOUBTFUL, "duplicate", page.source, message, {"source": source})]

    def _looked_at(self, page: PageFile, file: Path, extension: str) -> tuple[list[_Picture], list[Problem]]:
        head = picture_heads.head_of(file, extension)
        if head.pages > 1:
            return self._taken_apart(page, file)
        if not head.is_whole:
            message = _("图像不完整或已损坏，入库时可能不被接受。")
            return [_Picture(file.name)], [Problem(Severity.BROKEN, "picture", page.source, message)]
        return [_Picture(file.name, head.size)], []

    def _taken_apart(self, page: PageFile, file: Path) -> tuple[list[_Picture], list[Problem]]:
        found: list[_Picture] = []
        problems: list[Problem] = []
        try:
            for number, part in enumerate(tiff_pages.pages(file), start=1):
                target = file.with_name(f"{file.stem}-{number:04d}.tif")
                try:
                    part.copy(target)
                except FileError as error:
                    where = f"{page.source} 第 {number} 页"
                    problems.append(Problem(Severity.BROKEN, "picture", where, error.message, error.values))
                    continue
                found.append(_Picture(target.name, picture_heads.head_of(target, "tif").size))
        except FileError as error:
            problems.append(Problem(Severity.BROKEN, "picture", page.source, error.message, error.values))
        file.unlink()
        return found, problems

    # --- What is missing ----------------------------------------------------------------------------------------

    def _gaps(self) -> Iterator[Problem]:
        chapters = dict.fromkeys(page.chapter for page in self.files.pages)
        for chapter in chapters:
            for gap in page_names.gaps([page.stem for page in self.files.pages if page.chapter == chapter]):
                names = "、".join(gap.missing[:_MOST_NAMES]) + ("……" if len(gap.missing) > _MOST_NAMES else "")
                message = _("文件名不连续，“%(after)s”与“%(before)s”之间缺 %(count)s 面：%(names)s。")
                values = {"after": gap.after, "before": gap.before, "count": len(gap.missing), "names": names}
                yield Problem(Severity.DOUBTFUL, "leaf-gap", "/".join(chapter), message, values)


def _labels(pages: list[PageFile]) -> dict[str, str]:
    """What is printed on the pages, by their sources. Where each chapter counts anew, its own name goes before."""
    stems: dict[tuple[str, ...], list[str]] = {}
    for page in pages:
        stems.setdefault(page.chapter, []).append(page.stem)
    romans = {chapter: page_names.has_romans(own) for chapter, own in stems.items()}
    labels = {page.source: page_names.label(page.stem, romans[page.chapter]) for page in pages}
    chapter_of = {page.source: page.chapter for page in pages}
    where: dict[str, set[tuple[str, ...]]] = {}
    for source, label in labels.items():
        where.setdefault(label, set()).add(chapter_of[source])
    if not any(len(found) > 1 and label for label, found in where.items()):
        return labels
    return {source: _within(chapter_of[source], label) for source, label in labels.items()}


def _within(chapter: tuple[str, ...], label: str) -> str:
    if not chapter or not label or "·" in label:
        return label
    heading = titled(page_names.chapter_title(chapter[-1]), len(chapter))
    return f"{heading.label or heading.title}·{label}"[:40]


def _stem(sheet: Sheet) -> str:
    return page_names.stem_of(sheet.picture.replace("\\", "/"))


def _short(source: str) -> str:
    if len(source) <= _LONGEST_SOURCE:
        return source
    digest = hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"{source[: _LONGEST_SOURCE - 13]}~{digest}"
