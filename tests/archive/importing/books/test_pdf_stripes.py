"""Scans that are stored in pieces are joined, and what is stored damaged or as a negative is not handed on as it is."""

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from archive.importing.books.contract import LeafItem, Options, Problem
from archive.importing.books.pdf import Pdf

SIZE = (400, 600)


def scan() -> Image.Image:
    picture = Image.new("RGB", SIZE, "white")
    picture.paste((255, 0, 0), (0, 0, 200, 300))
    picture.paste((0, 0, 255), (0, 300, 400, 600))
    return picture


def packed(picture: Image.Image, **options) -> bytes:
    written = io.BytesIO()
    picture.save(written, **options)
    return written.getvalue()


def stored(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], colours: Name, bits: int, packing: Name, **more):
    stream = pdf.make_stream(data)
    stream.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], ColorSpace=colours))
    stream.update(Dictionary(BitsPerComponent=bits, Filter=packing, **more))
    return stream


def jpeg(pdf: pikepdf.Pdf, picture: Image.Image, **more) -> pikepdf.Stream:
    data = packed(picture, format="JPEG", quality=95)
    return stored(pdf, data, picture.size, Name.DeviceRGB, 8, Name.DCTDecode, **more)


def fax(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    data = packed(picture.convert("1"), format="TIFF", compression="group4")
    with Image.open(io.BytesIO(data)) as tiff:
        at, length, is_one_black = tiff.tag_v2[273][0], tiff.tag_v2[279][0], tiff.tag_v2[262] == 1
    parameters = Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=is_one_black)
    kind = (Name.DeviceGray, 1, Name.CCITTFaxDecode)
    return stored(pdf, data[at : at + length], picture.size, *kind, DecodeParms=parameters)


def add_page(pdf: pikepdf.Pdf, pieces: list[tuple[pikepdf.Stream, float]], turn: int = 0) -> None:
    """Pieces and how high above the foot of the page each stands; all are as wide as the page."""
    page = pdf.add_blank_page(page_size=SIZE)
    page.Resources = Dictionary(XObject=Dictionary({f"/I{at}": piece for at, (piece, _y) in enumerate(pieces)}))
    height = 600 / len(pieces)
    drawn = (f"q 400 0 0 {height} 0 {y} cm /I{at} Do Q" for at, (_piece, y) in enumerate(pieces))
    page.Contents = pdf.make_stream(" ".join(drawn).encode())
    page.Rotate = turn


def read(pdf: pikepdf.Pdf, folder: Path) -> tuple[list[Image.Image], list[Problem]]:
    (folder / "pictures").mkdir()
    pdf.save(folder / "扫描.pdf")
    items = list(Pdf().read(folder / "扫描.pdf", folder, Options()))
    pictures = [Image.open(folder / "pictures" / item.picture) for item in items if isinstance(item, LeafItem)]
    return pictures, [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize(("turn", "turned"), [(0, None), (90, Image.Transpose.ROTATE_270)])
def test_stripes_of_a_bilevel_scan_are_joined_without_losing_a_pixel(tmp_path, turn, turned):
    page = scan().convert("1")
    pdf = pikepdf.new()
    add_page(pdf, [(fax(pdf, page.crop((0, top, 400, top + 200))), 400.0 - top) for top in (0, 200, 400)], turn)
    [picture], _problems = read(pdf, tmp_path)
    expected = page.transpose(turned) if turned is not None else page
    assert (picture.format, picture.mode) == ("PNG", "1")
    assert picture.tobytes() == expected.tobytes()


def test_stripes_that_leave_a_gap_are_drawn_with_it(tmp_path):
    page = scan().convert("1")
    pdf = pikepdf.new()
    pieces = [fax(pdf, page.crop((0, top, 400, top + 200))) for top in (0, 400)]
    add_page(pdf, [(piece, y) for piece, y in zip(pieces, (300, -150), strict=True)])
    [picture], _problems = read(pdf, tmp_path)
    assert picture.format == "JPEG"


def test_a_page_of_jpeg_stripes_is_drawn_as_fine_as_they_are(tmp_path):
    page = scan().resize((1600, 2400))
    pdf = pikepdf.new()
    add_page(pdf, [(jpeg(pdf, page.crop((0, top, 1600, top + 800))), 400 - top / 4) for top in (0, 800, 1600)])
    [picture], _problems = read(pdf, tmp_path)
    assert picture.size == (1600, 2400)


def test_a_picture_that_is_none_is_told_with_its_page_and_the_others_are_taken_out(tmp_path):
    pdf = pikepdf.new()
    for number in range(3):
        whole = jpeg(pdf, scan())
        damaged = stored(pdf, b"\xff\xd8\xff\xe0 nothing", SIZE, Name.DeviceRGB, 8, Name.DCTDecode)
        add_page(pdf, [(damaged if number == 1 else whole, 0)])
    pictures, problems = read(pdf, tmp_path)
    assert [picture.size == SIZE for picture in pictures] == [True, False, True]
    assert [problem.where for problem in problems if problem.code == "page-picture"] == ["第 2 面"]


def test_a_scan_that_is_stored_as_a_negative_is_drawn_as_it_is_seen(tmp_path):
    pdf = pikepdf.new()
    add_page(pdf, [(jpeg(pdf, scan(), Decode=Array([1, 0, 1, 0, 1, 0])), 0)])
    [picture], _problems = read(pdf, tmp_path)
    assert all(level > 200 for level in picture.getpixel((5, 5))[1:])
    assert picture.getpixel((5, 5))[0] < 50
