"""Books as PDF: scans taken out as they are stored, the text layer line by line, bookmarks as contents."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pikepdf

from archive.book_text import notation
from media_assets.decoding.bounds import Bounds
from media_assets.file_errors import RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from .contract import Box, Facts, Item, LeafItem, Options, Problem, Progress, Severity
from .headings import volume_year
from .pdf_drawing import Drawing, LostPage
from .pdf_furniture import Furniture, usual_size
from .pdf_garbage import is_garbage
from .pdf_outline import PdfOutline
from .pdf_pages import DamagedPicture, Frame, NotTakenOut, Seen, frame_of, may_hold_text, seen, take_out
from .pdf_stripes import joined, rectangle_of
from .pdf_text import Line, is_vertical, page_text

_SAMPLES = 12
_LONGEST_ASIDE = 20_000
_MISCOUNTED = "reported number of objects"
"""What Ghostscript's files are warned of, in which nothing is amiss."""
_SPOOL = "pdf-pages.jsonl"
_NO_TITLE = re.compile(r"(?:microsoft|untitled|无标题|未命名|幻灯片|\.(?:docx?|pdf|indd|qxd|tiff?|jpe?g)$)", re.I)
_DAMAGE = (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass
class _Page:
    """What was read of a page, as it waits on disk until all pages have been seen. `picture` lies at `rectangle`."""

    size: tuple[float, float]
    rectangle: tuple[float, float, float, float]
    lines: list[Line]
    picture: str = ""
    is_vertical: bool = False
    set_aside: str = ""


class Pdf:
    """PDF 1.0 to 2.0."""

    name = "pdf"
    label = _("PDF")
    suffixes = (".pdf",)

    def recognises(self, path: Path) -> bool:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        with _opened(path) as pdf, Drawing(path) as drawing:
            yield from _Reading(path, workspace, options, pdf, drawing).items()


def _opened(path: Path) -> pikepdf.Pdf:
    """Raises a FileError for what cannot be read, or may not."""
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
        pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise RefusedFile(_("PDF 设有打开密码，请去掉密码后再导入。")) from error
    except (*_DAMAGE, OSError) as error:
        raise UnreadableFile(_("PDF 已损坏或不完整，请用原来的软件重新导出后再导入。")) from error
    limit = Bounds().pages
    if not pages:
        raise UnreadableFile(_("PDF 里一页也没有。"))
    if pages > limit:
        raise RefusedFile(_("PDF 有%(pages)d页，最多可收%(limit)d页，请分册导入。"), pages=pages, limit=limit)
    if pdf.is_encrypted and not pdf.allow.extract and not pdf.owner_password_matched:
        raise RefusedFile(_("PDF 的作者不许提取其中的文字和图像，请换用没有这项限制的文件。"))
    return pdf


class _Reading:
    """One file being read: first every page once, onto the disk; then, when it is known what all of them have in
    common, the leaves."""

    def __init__(self, path: Path, workspace: Path, options: Options, pdf: pikepdf.Pdf, drawing: Drawing):
        self._path, self._options, self._pdf, self._drawing = path, options, pdf, drawing
        self._pictures, self._spool = workspace / "pictures", workspace / _SPOOL
        self._count = len(pdf.pages)
        self._problems: list[Problem] = []
        self._furniture, self._sizes = Furniture(), Counter()
        self._without_text = self._left_out = 0
        self._was_repaired = any(_MISCOUNTED not in warning for warning in pdf.get_warnings())

    def items(self) -> Iterator[Item]:
        self._usually_vertical = self._is_usually_vertical()
        facts = self._facts()
        yield facts
        try:
            with self._spool.open("w", encoding="utf-8") as spool:
                for number in range(self._count):
                    page = self._read(number)
                    yield from self._told()
                    spool.write(json.dumps(asdict(page), ensure_ascii=True) + "\n")
                    yield Progress(0.95 * (number + 1) / self._count)
            self._furniture.settle()
            yield from self._leaves(facts.title or self._path.stem)
        finally:
            self._spool.unlink(missing_ok=True)
        yield from self._summary()

    def _told(self) -> Iterator[Problem]:
        yield from self._problems
        self._problems.clear()

    def _problem(self, severity: Severity, code: str, number: int, message: str, **values) -> None:
        self._problems.append(Problem(severity, code, f"第 {number + 1} 面", message, values))

    # --- the whole ------------------------------------------------------------------------------------------

    def _is_usually_vertical(self) -> bool:
        """Judged by pages from all over the book, the middle ones first: the leaves come later than the facts."""
        found = []
        for number in range(0, self._count, max(1, -(-self._count // _SAMPLES))):
            try:
                page = self._pdf.pages[number]
                if may_hold_text(page):
                    turn = frame_of(page).turn
                    found.append(is_vertical(self._drawing.letters(number), turn))
            except (LostPage, *_DAMAGE):
                continue  # told when it is the page's turn
        return found.count(True) > found.count(False)

    def _facts(self) -> Facts:
        title, author = self._said("/Title"), self._said("/Author")
        if _NO_TITLE.search(title) or is_garbage(title):
            title = ""
        compilers = author if re.search(r"[㐀-鿿]", author) and not is_garbage(author) else ""
        return Facts(
            "leaf",
            title=title[:255],
            reading="rtl" if self._usually_vertical else "ltr",
            compilers=compilers[:200],
            volume_year=volume_year(title or self._path.stem),
        )

    def _said(self, name: str) -> str:
        try:
            return " ".join(str(self._pdf.docinfo.get(name, "")).split())
        except _DAMAGE:
            return ""

    # --- a page ---------------------------------------------------------------------------------------------

    def _read(self, number: int) -> _Page:
        try:
            page = self._pdf.pages[number]
            frame = frame_of(page)
        except (*_DAMAGE, MemoryError):
            self._problem(Severity.BROKEN, "page", number, _("这一面已损坏，读不出来，只留下空页。"))
            return _Page((1, 1), (0, 0, 1, 1), [])
        found = _Page(frame.size, (0, 0, *frame.size), [])
        self._read_text(number, page, frame, found)
        if self._options.with_scans:
            self._read_picture(number, page, frame, found)
        return found

    def _read_text(self, number: int, page: pikepdf.Page, frame: Frame, found: _Page) -> None:
        try:
            letters = self._drawing.letters(number) if may_hold_text(page) else []
        except (LostPage, *_DAMAGE) as error:
            self._lost_text(number, error)
            return
        text = "".join(letter.char for letter in letters)
        if not text.strip():
            self._without_text += 1
            return
        if is_garbage(text, sum(not letter.is_known for letter in letters)):
            found.set_aside = text[:_LONGEST_ASIDE]
            message = _("文字层不可用（乱码，共 %(count)s 字），已搁置，未作为正文。")
            self._problem(Severity.DOUBTFUL, "garbage-text", number, message, count=len(text))
            return
        read = page_text(letters, frame, self._usually_vertical)
        found.lines, found.is_vertical = read.lines, read.is_vertical
        for line in read.lines:
            self._sizes[round(line.size, 1)] += len(line.text)
        self._furniture.see(number, read.lines, frame.size, read.is_vertical)

    def _lost_text(self, number: int, error: Exception) -> None:
        if isinstance(error, LostPage) and error.took_too_long:
            message = _("这一面过于复杂，限时之内读不出文字。")
        else:
            message = _("这一面的文字读不出来。")
        self._problem(Severity.BROKEN, "page-text", number, message)

    def _read_picture(self, number: int, page: pikepdf.Page, frame: Frame, found: _Page) -> None:
        stem = f"{number + 1:04d}"
        what = seen(page, frame)
        try:
            if self._take_out(what, stem, found):
                return
        except DamagedPicture:
            message = _("这一面所存的图像已损坏，所见是其余部分画出的样子。")
            self._problem(Severity.BROKEN, "page-picture", number, message)
        try:
            self._drawing.picture(number, self._pictures / f"{stem}.jpg", what.resolution)
            found.picture = f"{stem}.jpg"
        except LostPage as error:
            message = _("这一面过于复杂，限时之内画不出图像。") if error.took_too_long else _("这一面的图像画不出来。")
            self._problem(Severity.BROKEN, "page-picture", number, message)

    def _take_out(self, what: Seen, stem: str, found: _Page) -> bool:
        """Whether the page is a stored picture that could be taken out as it is; otherwise it is drawn. Raises
        DamagedPicture."""
        try:
            if what.covering is not None:
                found.picture, found.rectangle = take_out(what.covering, self._pictures, stem), what.covering.rectangle
            elif what.stripes:
                found.picture, found.rectangle = joined(what.stripes, self._pictures, stem), rectangle_of(what.stripes)
        except DamagedPicture:
            raise
        except NotTakenOut:
            return False
        return bool(found.picture)

    # --- the leaves -----------------------------------------------------------------------------------------

    def _leaves(self, title: str) -> Iterator[Item]:
        labels = self._own_labels()
        bookmarks = self._drawing.bookmarks() if "/Outlines" in self._pdf.Root else []
        outline = PdfOutline(title, usual_size(self._sizes), bookmarks)
        with self._spool.open(encoding="utf-8") as spool:
            for number, waiting in enumerate(spool):
                values = json.loads(waiting)
                page = _Page(**values | {"lines": [Line(**line) for line in values["lines"]]})
                label = labels[number] if labels else self._furniture.label(number)
                lines = self._text_lines(number, page)
                text, boxes, offsets = _laid_out(lines, page)
                outline.see(number, label, lines, offsets, page.size[1])
                yield LeafItem(f"page-{number + 1}", label[:60], text, page.picture, boxes, page.set_aside)
        yield from outline.sections()

    def _text_lines(self, number: int, page: _Page) -> list[Line]:
        size = tuple(page.size)
        kept = [
            line
            for line in page.lines
            if not self._furniture.is_furniture(number, line, page.lines, size, page.is_vertical)
        ]
        self._left_out += len(page.lines) - len(kept)
        return kept

    def _own_labels(self) -> list[str]:
        """The labels that the PDF gives its pages; none where it only counts them."""
        if "/PageLabels" not in self._pdf.Root:
            return []
        try:
            labels = [page.label for page in self._pdf.pages]
        except _DAMAGE:
            return []
        return [] if labels == [str(number + 1) for number in range(self._count)] else labels

    def _summary(self) -> Iterator[Problem]:
        if self._was_repaired:
            message = _("PDF 略有损坏，已按所能读出的内容导入，请核对页数和次序。")
            yield Problem(Severity.DOUBTFUL, "repaired", "", message)
        if self._without_text:
            message = _("%(count)s 面没有文字层，只有图像。")
            yield Problem(Severity.NOTE, "no-text", "", message, {"count": self._without_text})
        if self._left_out:
            message = _("书眉、版心与页码共 %(count)s 行，未收入正文。")
            yield Problem(Severity.NOTE, "furniture", "", message, {"count": self._left_out})


def _laid_out(lines: list[Line], page: _Page) -> tuple[str, tuple[Box, ...], list[int]]:
    """The text of a leaf, the boxes of its lines on the picture, and where each line begins in the plain text."""
    written = [
        ("　" if _begins_paragraph(line, last) else "") + line.text
        for last, line in zip([None, *lines], lines, strict=False)
    ]
    text = "\n".join(written)
    boxes, offsets, at = [], [], 0
    left, top, width, height = page.rectangle
    for line, plain in zip(lines, notation.plain(text).split("\n"), strict=False):
        start, end = at + len(plain) - len(plain.lstrip()), at + len(plain)
        offsets.append(at)
        x, y, across, down = line.box
        edges = ((x - left) / width, (y - top) / height, (x + across - left) / width, (y + down - top) / height)
        one, two, three, four = (min(max(edge, 0.0), 1.0) for edge in edges)
        if three > one and four > two:
            rounded = (round(n, 5) for n in (one, two, three - one, four - two))
            boxes.append(Box(*rounded, start, end))
        at = end + 1
    return text, tuple(boxes), offsets


def _begins_paragraph(line: Line, last: Line | None) -> bool:
    if last is None:
        return line.is_indented
    return line.is_indented or last.is_short or abs(line.size - last.size) > 0.15 * last.size
