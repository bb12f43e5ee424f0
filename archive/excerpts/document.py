"""Writes sheets as a PDF (ISO 32000): each a picture as it is, with its text unseen above it. Knows no model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String

POINTS_WIDE = 595.0
"""Every sheet is as wide as A4 and as high as its picture asks."""
_FALLS = 1.5
"""How many times higher than wide a line is that is written downwards."""
_CODES = 255  # of one font
_IN_A_BLOCK = 100
_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


@dataclass(frozen=True)
class Line:
    """A run of text and where it stands, in fractions of the picture from its upper left corner. One that is higher
    than wide is written downwards."""

    text: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """A JPEG with its size in pixels and its number of colours; `label` is the printed page."""

    label: str
    jpeg: bytes
    width: int
    height: int
    colours: int
    lines: Sequence[Line] = ()


@dataclass
class _Unseen:
    """Fonts whose every character is an empty square, which nothing draws and everything measures: Type 3 fonts (ISO
    32000-1, 9.6.5) of at most 255 codes each, and the map of each back to Unicode (9.10)."""

    codes: dict[str, int] = field(default_factory=dict)

    def shown(self, text: str, size: float) -> str:
        """Operators that set the text."""
        numbers = [self.codes.setdefault(character, len(self.codes)) for character in text]
        runs = groupby(numbers, key=lambda number: number // _CODES)
        return " ".join(
            f"/U{font} {size:.2f} Tf <{''.join(f'{number % _CODES + 1:02X}' for number in run)}> Tj"
            for font, run in runs
        )

    def fonts(self, pdf: Pdf) -> dict[str, Dictionary]:
        """By the names under which pages know them."""
        square = pdf.make_indirect(Stream(pdf, b"1000 0 0 -120 1000 880 d1"))
        characters = list(self.codes)
        parts = [characters[start : start + _CODES] for start in range(0, len(characters), _CODES)]
        return {f"/U{number}": self._font(pdf, square, part) for number, part in enumerate(parts)}

    @staticmethod
    def _font(pdf: Pdf, square, characters: Sequence[str]) -> Dictionary:
        count = len(characters)
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, -120, 1000, 880]),
            FontMatrix=Array([Decimal("0.001"), 0, 0, Decimal("0.001"), 0, 0]),
            CharProcs=Dictionary(square=square),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1, *[Name.square] * count])),
            FirstChar=1,
            LastChar=count,
            Widths=Array([1000] * count),
            ToUnicode=Stream(pdf, _to_unicode(characters)),
        )


def _to_unicode(characters: Sequence[str]) -> bytes:
    pairs = [f"<{code:02X}> <{one.encode('utf-16-be').hex().upper()}>" for code, one in enumerate(characters, 1)]
    blocks = (pairs[start : start + _IN_A_BLOCK] for start in range(0, len(pairs), _IN_A_BLOCK))
    mapped = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Unseen def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{mapped}\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def write(out: BinaryIO, sheets: Iterable[Sheet], title: str, author: str, language: str) -> int:
    """Write the sheets, taken one by one, and return how many there were. `language` is a BCP 47 tag."""
    with pikepdf.new() as pdf:
        unseen, fonts = _Unseen(), pdf.make_indirect(Dictionary())
        labels = []
        for sheet in sheets:
            _add(pdf, sheet, unseen, fonts)
            labels.append(sheet.label)
        for name, font in unseen.fonts(pdf).items():
            fonts[name] = font
        _name_pages(pdf, labels)
        _describe(pdf, title, author, language)
        pdf.save(out)
    return len(labels)


def _add(pdf: Pdf, sheet: Sheet, unseen: _Unseen, fonts) -> None:
    high = POINTS_WIDE * sheet.height / sheet.width
    page = pdf.add_blank_page(page_size=(POINTS_WIDE, high))
    picture = Stream(
        pdf,
        sheet.jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=sheet.width,
        Height=sheet.height,
        ColorSpace=Name(_SPACES[sheet.colours]),
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    shown = f"q {POINTS_WIDE:.2f} 0 0 {high:.2f} 0 0 cm /Picture Do Q\n"
    written = "".join(_set(line, POINTS_WIDE, high, unseen) for line in sheet.lines if line.text.strip())
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=picture), Font=fonts)
    page.obj.Contents = Stream(pdf, f"{shown}BT 3 Tr\n{written}ET".encode("ascii"))


def _set(line: Line, wide: float, high: float, unseen: _Unseen) -> str:
    """Operators that stretch a line over its box; what is written downwards lies on its side."""
    left, top = line.left * wide, high - line.top * high
    width, height = max(line.width * wide, 0.5), max(line.height * high, 0.5)
    falls = len(line.text) > 1 and height > _FALLS * width
    size, length = (width, height) if falls else (height, width)
    matrix = f"0 -1 1 0 {left:.2f} {top:.2f}" if falls else f"1 0 0 1 {left:.2f} {top - height:.2f}"
    stretched = 100 * length / (len(line.text) * size)
    return f"{stretched:.1f} Tz {matrix} Tm {unseen.shown(line.text, size)}\n"


def _name_pages(pdf: Pdf, labels: Sequence[str]) -> None:
    """The printed pages, in the reader's page box and in its list of contents."""
    numbers = Array()
    for number, label in enumerate(labels):
        numbers.extend([number, Dictionary(P=String(label))])
    pdf.Root.PageLabels = Dictionary(Nums=numbers)
    with pdf.open_outline() as outline:
        outline.root.extend(OutlineItem(label, number) for number, label in enumerate(labels))


def _describe(pdf: Pdf, title: str, author: str, language: str) -> None:
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = title
        about["dc:language"] = [language]
        if author:
            about["dc:creator"] = [author]
