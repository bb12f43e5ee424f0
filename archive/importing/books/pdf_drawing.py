"""Letters and pictures of the pages of a PDF, by PDFium in a process beside: a page that takes for ever, or brings the
library down, costs no other page."""

import ctypes
import math
import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from media_assets.file_errors import UnreadableFile
from media_assets.file_errors import marked as _

DOTS_PER_INCH, MOST_PIXELS, MOST_PIXELS_OF_SCANS, LONGEST_SIDE = 200, 12_000_000, 40_000_000, 16_000
JPEG_QUALITY = 90
PATIENCE, LITTLE_PATIENCE = 60, 5
"""Seconds for a page; the second when `_MOST_LOST` pages have been lost already."""
_MOST_LOST = 5
_MOST_LETTERS = 60_000
_MOST_BOOKMARKS = 20_000
_NO_INK = 0.05
_SPACES = frozenset((0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000))


class LostPage(Exception):  # noqa: N818
    """This page cannot be read. `took_too_long` says why."""

    def __init__(self, took_too_long: bool = False):
        super().__init__()
        self.took_too_long = took_too_long


@dataclass(frozen=True, slots=True)
class Letter:
    """A character, its ink (in the page's units, upwards), where it stands, its size, by how many degrees it is turned
    anticlockwise, whether the font says what it is, and whether a space stands before it."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    size: float
    angle: float
    is_known: bool = True
    is_apart: bool = False


@dataclass(frozen=True)
class Bookmark:
    """`level` from 0; `page` from 0, None where it leads nowhere; `y` upwards, None where it names no height."""

    level: int
    title: str
    page: int | None
    y: float | None


class Drawing:
    """A PDF in the process beside. Raises UnreadableFile when PDFium cannot open it."""

    def __init__(self, path: Path):
        self._path = path
        self._lost = 0
        self._process: multiprocessing.Process | None = None

    def __enter__(self) -> "Drawing":
        return self

    def __exit__(self, *_error) -> None:
        self._end()

    def letters(self, page: int) -> list[Letter]:
        """Raises LostPage."""
        return [Letter(*letter) for letter in self._ask("letters", page)]

    def picture(self, page: int, target: Path, resolution: float = 0.0) -> None:
        """The page as a JPEG, turned as the reader sees it, as fine as the finest picture on it (`resolution`, in
        pixels to 1/72 inch) as far as that is bearable. Raises LostPage."""
        self._ask("picture", page, str(target), resolution)

    def bookmarks(self) -> list[Bookmark]:
        try:
            return [Bookmark(*bookmark) for bookmark in self._ask("bookmarks")]
        except LostPage:
            return []

    def _ask(self, what: str, *arguments):
        if self._process is None:
            self._begin()
        try:
            self._line.send((what, arguments))
            if not self._line.poll(PATIENCE if self._lost < _MOST_LOST else LITTLE_PATIENCE):
                self._lose()
                raise LostPage(took_too_long=True)
            is_answer, told = self._line.recv()
        except (EOFError, OSError) as error:
            self._lose()
            raise LostPage from error
        if is_answer:
            return told
        if what == "open":
            raise UnreadableFile(_("PDF 已损坏或不完整，请用原来的软件重新导出后再导入。"))
        raise LostPage

    def _begin(self) -> None:
        context = multiprocessing.get_context("fork")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(str(self._path), theirs, self._line), daemon=True)
        self._process.start()
        theirs.close()

    def _lose(self) -> None:
        self._lost += 1
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._line.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = None


def _serve(path: str, line, others) -> None:
    """Answers until nobody asks any more."""
    others.close()
    document = pypdfium2.PdfDocument(path)
    tasks = {"letters": _letters, "picture": _picture, "bookmarks": _bookmarks}
    while True:
        try:
            what, arguments = line.recv()
        except EOFError:
            return
        try:
            line.send((True, tasks[what](document, *arguments)))
        except (pypdfium2.PdfiumError, ValueError, OSError, MemoryError, IndexError) as error:
            line.send((False, repr(error)))


def _letters(document: pypdfium2.PdfDocument, number: int) -> list[tuple]:
    page = document[number]
    text = page.get_textpage()
    try:
        letters, was_space = [], False
        for at in range(min(text.count_chars(), _MOST_LETTERS)):
            code = pdfium.FPDFText_GetUnicode(text, at)
            is_space = code in _SPACES
            if not is_space and pdfium.FPDFText_IsGenerated(text, at) != 1:
                letters.append((*_letter(text, at, code), was_space))
            was_space = is_space
        return letters
    finally:
        text.close()
        page.close()


def _letter(text: pypdfium2.PdfTextPage, at: int, code: int) -> tuple:
    left, right, bottom, top, x, y = (ctypes.c_double() for _number in range(6))
    pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    pdfium.FPDFText_GetCharOrigin(text, at, x, y)
    if top.value - bottom.value < _NO_INK or right.value - left.value < _NO_INK:
        # The letters of a text layer often have no shape at all: then it is their room that counts.
        room = pdfium.FS_RECTF()
        if pdfium.FPDFText_GetLooseCharBox(text, at, room):
            left.value, right.value, bottom.value, top.value = room.left, room.right, room.bottom, room.top
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text, at)
    angle = 0.0
    if pdfium.FPDFText_GetMatrix(text, at, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
    is_known = pdfium.FPDFText_HasUnicodeMapError(text, at) != 1
    char = chr(code) if 0 < code < 0x110000 else "\ufffd"
    return char, left.value, bottom.value, right.value, top.value, x.value, y.value, size, angle, is_known


def _picture(document: pypdfium2.PdfDocument, number: int, target: str, resolution: float) -> None:
    page = document[number]
    try:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise ValueError("a page without a size")
        page.render(scale=scale_of(width, height, resolution), draw_annots=False).to_pil().convert("RGB").save(
            target, "JPEG", quality=JPEG_QUALITY
        )
    finally:
        page.close()


def scale_of(width: float, height: float, resolution: float = 0.0) -> float:
    """Pixels to a unit of 1/72 inch: however large the page claims to be, the picture is not."""
    most = max(MOST_PIXELS, min(resolution**2 * width * height, MOST_PIXELS_OF_SCANS))
    wanted = max(DOTS_PER_INCH / 72, resolution)
    return min(wanted, math.sqrt(most / width / height), LONGEST_SIDE / max(width, height))


def _bookmarks(document: pypdfium2.PdfDocument) -> list[tuple]:
    found = []
    for bookmark in document.get_toc(max_depth=12):
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        y = None
        if target:
            mode, view = target.get_view()
            at = {pdfium.PDFDEST_VIEW_XYZ: 1, pdfium.PDFDEST_VIEW_FITH: 0}.get(mode)
            y = view[at] if at is not None and len(view) > at else None
        found.append((bookmark.level, bookmark.get_title(), page, y))
        if len(found) >= _MOST_BOOKMARKS:
            break
    return found
