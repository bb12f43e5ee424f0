"""PDFs of the tests: pages with letters in their places, pictures as they are stored."""

import io
import struct
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem
from PIL import Image

WIDTH, HEIGHT = 595, 842


def _all_of_unicode() -> bytes:
    """A ToUnicode table in which each code is its own code point; a range may not go beyond one upper byte."""
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    blocks = [ranges[at : at + 64] for at in range(0, 256, 64)]
    written = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{written}\nendcmap end end"
    ).encode()


@dataclass
class Sheet:
    """`words` are (x, y, size, text) from the lower left corner; `down` sets them downwards, a square a character."""

    words: list[tuple[float, float, float, str]] = field(default_factory=list)
    picture: pikepdf.Stream | None = None
    is_down: bool = False
    turn: int = 0
    size: tuple[float, float] = (WIDTH, HEIGHT)
    text_mode: int = 0
    content: bytes = b""


def _named(**values) -> dict:
    return {f"/{name}": value for name, value in values.items()}


def _squares() -> bytes:
    """A TrueType font of two glyphs, nothing and a square that fills most of its em (ISO/IEC 14496-22)."""
    points = (60, 0, 880, 0), (-60, 880, 0, -880)
    glyph = struct.pack(">hhhhhHH4B", 1, 60, -60, 940, 820, 3, 0, 1, 1, 1, 1) + struct.pack(
        ">8h", *points[0], *points[1]
    )
    tables = {
        b"glyf": glyph,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, -60, 1000, 820, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">Ihhh12H H", 0x10000, 880, -120, 0, 1000, *[0] * 11, 2),
        b"hmtx": struct.pack(">HhHh", 1000, 0, 1000, 60),
        b"loca": struct.pack(">III", 0, 0, len(glyph)),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
    }
    directory, bodies = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 32), b""
    for name, table in tables.items():
        at = 12 + 16 * len(tables) + len(bodies)
        directory += struct.pack(">4sIII", name, 0, at, len(table))
        bodies += table + bytes(-len(table) % 4)
    return directory + bodies


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A font whose codes are those of Unicode, and whose letters are all the same square."""
    described = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Song, Flags=4, FontBBox=[0, -120, 1000, 880], ItalicAngle=0
    )
    described.update(_named(Ascent=880, Descent=-120, CapHeight=700, StemV=80, FontFile2=pdf.make_stream(_squares())))
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
    descendant = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Song, CIDSystemInfo=system)
    descendant.update(
        _named(FontDescriptor=pdf.make_indirect(described), DW=1000, CIDToGIDMap=pdf.make_stream(b"\0\1" * 0x10000))
    )
    whole = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Song, Encoding=Name("/Identity-H"))
    whole.update(
        _named(DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(_all_of_unicode()))
    )
    return pdf.make_indirect(whole)


def jpeg(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int]) -> pikepdf.Stream:
    return _picture(pdf, data, size, Name.DeviceRGB, 8, Name.DCTDecode)


def bilevel(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    return _picture(pdf, picture.tobytes(), picture.size, Name.DeviceGray, 1, None)


def _picture(pdf, data, size, colours, bits, packing) -> pikepdf.Stream:
    stream = pdf.make_stream(data)
    stream.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": size[0], "/Height": size[1]})
    stream.update({"/ColorSpace": colours, "/BitsPerComponent": bits})
    if packing:
        stream["/Filter"] = packing
    return stream


def jpeg_bytes(size: tuple[int, int] = (300, 420), colour: str = "#c8b48c") -> bytes:
    packed = io.BytesIO()
    picture = Image.new("RGB", size, colour)
    picture.paste("#302010", (10, 10, 60, 40))
    picture.save(packed, "JPEG", quality=80)
    return packed.getvalue()


def add(pdf: pikepdf.Pdf, sheet: Sheet, letters: pikepdf.Object) -> pikepdf.Page:
    page = pdf.add_blank_page(page_size=sheet.size)
    page.Resources = Dictionary(Font=Dictionary(F1=letters)) if sheet.words else Dictionary()
    content = []
    if sheet.picture is not None:
        page.Resources.update(_named(XObject=Dictionary(Im0=sheet.picture)))
        content.append(f"q {sheet.size[0]} 0 0 {sheet.size[1]} 0 0 cm /Im0 Do Q")
    for x, y, size, text in sheet.words:
        for at, run in enumerate(text if sheet.is_down else [text]):
            codes = "".join(f"{ord(char):04x}" for char in run)
            place = f"{x} {y - at * size * 1.1}"
            content.append(f"BT {sheet.text_mode} Tr /F1 {size} Tf 1 0 0 1 {place} Tm <{codes}> Tj ET")
    page.Contents = pdf.make_stream("\n".join(content).encode() + b"\n" + sheet.content)
    if sheet.turn:
        page.Rotate = sheet.turn
    return page


def make(path: Path, sheets, bookmarks=(), labels=None, **saving) -> Path:
    """`sheets` may be a function that is given the PDF. Bookmarks are (title, page, [those below])."""
    with pikepdf.new() as pdf:
        letters = font(pdf)
        for sheet in sheets(pdf) if callable(sheets) else sheets:
            add(pdf, sheet, letters)
        if bookmarks:
            with pdf.open_outline() as outline:
                outline.root.extend(_bookmark(*bookmark) for bookmark in bookmarks)
        if labels is not None:
            pdf.Root.PageLabels = Dictionary(Nums=labels)
        pdf.save(path, **saving)
    return path


def _bookmark(title: str, page: int, below=()) -> OutlineItem:
    item = OutlineItem(title, page)
    item.children.extend(_bookmark(*bookmark) for bookmark in below)
    return item


def lines(texts, left: float = 80, top: float = 740, size: float = 12, step: float = 20) -> list:
    """Lines one below the other."""
    return [(left, top - step * at, size, text) for at, text in enumerate(texts)]
