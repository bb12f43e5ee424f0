"""The files that text recognition writes beside a page image (ALTO, PAGE XML, hOCR, NDLOCR), as text with its boxes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element  # noqa: S405 -- a type; parsing is defusedxml's

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from archive.book_text import notation
from media_assets.file_errors import RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from .contract import Box, Problem, Severity
from .ocr_dialects import alto, local, ndl, page_xml
from .ocr_html import hocr
from .ocr_lines import Frame, Line, Sheet, in_reading_order
from .text_encodings import decoded

MOST_BYTES = 64 * 1024 * 1024
"""Of one file, which may hold the pages of a whole volume."""

_MOST_LINES = 20_000
_DIFFERS, _BEYOND = 0.03, 1.02
_DIALECTS = {"alto": alto, "PcGts": page_xml, "OCRDATASET": ndl, "PAGE": ndl}
_DECLARED = re.compile(rb"""^(\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["'][^>]{0,100}\?>""")
_READ_BY_EXPAT = (b"utf-8", b"utf8", b"utf-16", b"utf16", b"us-ascii", b"ascii", b"iso-8859-1", b"latin-1")
_IS_OCR = re.compile(rb"<(?:[\w-]+:)?(?:alto|PcGts|OCRDATASET)[\s>]|<PAGE\s[^>]*\bIMAGENAME|ocr_page|ocr-system")


@dataclass(frozen=True)
class OcrPage:
    """`text` in the notation, a physical line a line, with an empty line between blocks. `printed` is the page number
    that the recognition has marked as one; `headings` are places in the plain text where a line begins that it took
    for a heading."""

    text: str
    boxes: tuple[Box, ...] = ()
    is_vertical: bool = False
    picture: str = ""
    printed: str = ""
    headings: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def is_ocr(head: bytes) -> bool:
    """Whether a file that begins like this holds recognised text."""
    return bool(_IS_OCR.search(head if b"\x00" not in head[:200] else head.replace(b"\x00", b"")))


def sheets(data: bytes) -> list[Sheet]:
    """The pages of one file, in its order. Raises RefusedFile for what is none of the four kinds, asks for entities or
    is too large, UnreadableFile for what is damaged."""
    if len(data) > MOST_BYTES:
        raise RefusedFile(_("识别文件超过 %(most)s MB。"), most=MOST_BYTES >> 20)
    if not data.strip():
        raise UnreadableFile(_("文件是空的。"))
    head = data[:65536].replace(b"\x00", b"")
    if b"ocr_page" in head or b"ocr_line" in head or (b"<html" in head.lower() and b"ocr" in head):
        found = list(hocr(decoded(data).text))
    else:
        root = _root(data)
        dialect = _DIALECTS.get(local(root))
        if dialect is None:
            raise RefusedFile(_("不是 ALTO、PAGE XML、hOCR 或 NDLOCR 的识别文件。"))
        found = list(dialect(root))
    if not found:
        raise UnreadableFile(_("识别文件里没有一页。"))
    if any(len(sheet.lines) > _MOST_LINES for sheet in found):
        raise RefusedFile(_("识别文件的一页超过 %(most)s 行，未予接受。"), most=_MOST_LINES)
    return found


def _root(data: bytes) -> Element:
    declared = _DECLARED.match(data)
    if declared and declared[2].lower() not in _READ_BY_EXPAT:
        # The parser knows no encoding of several bytes but Unicode's.
        data = decoded(data[declared.end() :], encoding=declared[2].decode()).text.encode("utf-8", "replace")
    try:
        return ElementTree.fromstring(data.lstrip(), forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise RefusedFile(_("识别文件里定义了实体或引用了外部文件，未予接受。")) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(_("识别文件不是完整的 XML，无法读出。")) from error


def page(sheet: Sheet, picture_size: tuple[int, int] | None = None, where: str = "") -> OcrPage:
    """The text of a sheet and its boxes as fractions of the page; `picture_size`, upright, stands in where the file
    does not say how large the page is, and is compared where it does."""
    lines = [line for line in in_reading_order(sheet) if line.text]
    texts = [_written(line) for line in lines]
    starts: list[int] = []
    written = ""
    for number, text in enumerate(texts):
        if number:
            written += "\n\n" if _is_parted(lines, number) else "\n"
        starts.append(len(written))
        written += text
    passage = notation.parse(written, True)
    # A break counts as standing where the line after it begins.
    begins = [passage.plain_at(start) + bool(start) for start in starts]
    whole, problems = _whole(sheet, lines, picture_size, where)
    boxes = tuple(_boxes(lines, begins, whole, len(passage.plain))) if whole else ()
    headings = tuple(at for at, line in zip(begins, lines, strict=True) if line.role == "heading")
    return OcrPage(
        written, boxes, sheet.runs_down() if lines else False, sheet.picture, _printed(sheet, lines), headings, problems
    )


def _written(line: Line) -> str:
    text = notation.escape(line.text)
    return notation.note(text) if line.role == "note" else text


def _is_parted(lines: list[Line], number: int) -> bool:
    """Whether a paragraph ends before this line. Blocks of a line each are columns that were taken apart, not
    paragraphs."""
    before, line = lines[number - 1], lines[number]
    if line.role == "note" or before.role == "note":
        return False
    if (line.role or before.role) and line.role != before.role:
        return True
    if line.block == before.block:
        return False
    two_before = number > 1 and lines[number - 2].block == before.block
    return two_before or (number + 1 < len(lines) and lines[number + 1].block == line.block)


def _printed(sheet: Sheet, lines: list[Line]) -> str:
    """The printed page number, if the page has one alone."""
    numbers = [re.sub(r"[\s()（）\[\]【】·.。—–―-]", "", line.text) for line in lines if line.role == "number"]
    return numbers[0][:40] if len(numbers) == 1 and sheet.numbers < 2 else ""


def _whole(
    sheet: Sheet, lines: list[Line], picture_size: tuple[int, int] | None, where: str
) -> tuple[tuple[float, float] | None, tuple[Problem, ...]]:
    """The size that the frames are measured against; None when none fits."""
    frames = [line.frame for line in lines if line.frame is not None]
    if not frames:
        return None, ()
    reach = max(frame[2] for frame in frames), max(frame[3] for frame in frames)
    candidates = [(sheet.width, sheet.height)]
    if picture_size and sheet.in_pixels:
        candidates.append(picture_size)
    fitting = [
        size for size in candidates if all(size) and reach[0] <= _BEYOND * size[0] and reach[1] <= _BEYOND * size[1]
    ]
    if not fitting:
        message = _("识别文件没有写明页面大小，或文字的位置超出了页面：文字读入，位置略去。")
        return None, (Problem(Severity.DOUBTFUL, "boxes-lost", where, message),)
    width, height = fitting[0]
    if picture_size and all(picture_size):
        ratio = (width / height) / (picture_size[0] / picture_size[1])
        if abs(ratio - 1) > _DIFFERS:
            message = _("识别文件的页面（%(page)s）与图像（%(picture)s）形状不同：文字的位置可能对不上。")
            values = {"page": f"{width:g}×{height:g}", "picture": f"{picture_size[0]}×{picture_size[1]}"}
            return (width, height), (Problem(Severity.DOUBTFUL, "page-shape", where, message, values),)
    return (width, height), ()


def _boxes(lines: list[Line], begins: list[int], whole: tuple[float, float], length: int) -> Iterator[Box]:
    for line, start in zip(lines, begins, strict=True):
        end = min(start + len(line.text), length)
        if line.frame is not None and start < end:
            yield _box(line.frame, whole, start, end)
        at = 0
        for word in line.words:
            found = line.text.find(word.text, at)
            if found < 0 or word.frame is None or start + found >= length:
                continue
            at = found + len(word.text)
            yield replace(_box(word.frame, whole, start + found, min(start + at, length)), is_word=True)


def _box(frame: Frame, whole: tuple[float, float], start: int, end: int) -> Box:
    left, right = (min(max(value / whole[0], 0.0), 1.0) for value in (frame[0], frame[2]))
    top, bottom = (min(max(value / whole[1], 0.0), 1.0) for value in (frame[1], frame[3]))
    return Box(round(left, 6), round(top, 6), round(right - left, 6), round(bottom - top, 6), start, end)
