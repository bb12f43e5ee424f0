"""Recognised text beside page images: ALTO, PAGE XML, hOCR and NDLOCR."""

import pytest

from archive.book_text import notation
from archive.importing.books import ocr_xml
from archive.importing.books.ocr_lines import Line, by_place, joined
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#"><Description><MeasurementUnit>{unit}</MeasurementUnit>
<sourceImageInformation><fileName>0012.jpg</fileName></sourceImageInformation></Description>
<Layout><Page ID="p" WIDTH="{width}" HEIGHT="{height}" PHYSICAL_IMG_NR="1"><PrintSpace>{blocks}</PrintSpace></Page>
</Layout></alto>"""

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/{version}">
<Page imageFilename="0012.jpg" imageWidth="1000" imageHeight="2000">{inside}</Page></PcGts>"""

COLUMN = """<TextLine HPOS="{x}" VPOS="100" WIDTH="60" HEIGHT="1500">{strings}</TextLine>"""


def alto(blocks: str, version: int = 4, unit: str = "pixel", width: str = "1000", height: str = "2000") -> bytes:
    return ALTO.format(blocks=blocks, version=version, unit=unit, width=width, height=height).encode()


def page_xml(inside: str, version: str = "2019-07-15") -> bytes:
    return PAGE.format(inside=inside, version=version).encode()


def read(data: bytes, size: tuple[int, int] | None = None) -> ocr_xml.OcrPage:
    return ocr_xml.page(ocr_xml.sheets(data)[0], size)


def boxed(page: ocr_xml.OcrPage, words: bool = False) -> list[str]:
    """The text that stands in each box."""
    plain = notation.parse(page.text, True).plain
    return [plain[box.start : box.end] for box in page.boxes if box.is_word is words]


def strings(*words: str) -> str:
    return "<SP/>".join(
        f'<String CONTENT="{word}" HPOS="{100 + 80 * at}" VPOS="100" WIDTH="70" HEIGHT="40"/>'
        for at, word in enumerate(words)
    )


def text_line(text: str, points: str, more: str = "", custom: str = "") -> str:
    equivalent = f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv>"
    return f'<TextLine id="l{points[:4]}" custom="{custom}"><Coords points="{points}"/>{more}{equivalent}</TextLine>'


# --- ALTO ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3, 4])
def test_alto_gives_lines_and_words_with_their_places(version):
    line = f'<TextLine HPOS="100" VPOS="100" WIDTH="300" HEIGHT="40">{strings("東莞縣", "志序")}</TextLine>'
    page = read(alto(f"<TextBlock>{line}</TextBlock>", version))
    assert page.text == "東莞縣志序"
    assert boxed(page) == ["東莞縣志序"]
    assert boxed(page, words=True) == ["東莞縣", "志序"]
    box = page.boxes[0]
    assert (box.left, box.top, box.width, box.height) == (0.1, 0.05, 0.3, 0.02)


def test_spaces_stand_between_latin_words_and_not_between_chinese_ones():
    assert joined(["本", "志", "凡", "Vol.", "12", "卷", "A", "B"]) == "本志凡Vol. 12卷A B"


def test_alto_in_tenths_of_a_millimetre_is_measured_against_its_own_page():
    line = '<TextLine HPOS="500" VPOS="1000" WIDTH="1000" HEIGHT="100"><String CONTENT="戶口"/></TextLine>'
    page = read(alto(f"<TextBlock>{line}</TextBlock>", unit="mm10", width="2000", height="4000"), (3000, 6000))
    assert (page.boxes[0].left, page.boxes[0].top, page.boxes[0].width) == (0.25, 0.25, 0.5)
    assert not page.problems


def test_the_picture_says_how_large_the_page_is_where_the_file_does_not():
    line = '<TextLine HPOS="300" VPOS="600" WIDTH="300" HEIGHT="60"><String CONTENT="田賦"/></TextLine>'
    page = read(alto(f"<TextBlock>{line}</TextBlock>", width="", height=""), (3000, 6000))
    assert (page.boxes[0].left, page.boxes[0].top) == (0.1, 0.1)


def test_places_beyond_the_page_are_dropped_and_told_but_the_text_stays():
    line = '<TextLine HPOS="3000" VPOS="600" WIDTH="300" HEIGHT="60"><String CONTENT="田賦"/></TextLine>'
    page = read(alto(f"<TextBlock>{line}</TextBlock>"))
    assert (page.text, page.boxes) == ("田賦", ())
    assert [problem.code for problem in page.problems] == ["boxes-lost"]


def test_a_page_of_another_shape_than_the_picture_is_told():
    line = '<TextLine HPOS="300" VPOS="600" WIDTH="300" HEIGHT="60"><String CONTENT="田賦"/></TextLine>'
    page = read(alto(f"<TextBlock>{line}</TextBlock>"), (2000, 1000))
    assert [problem.code for problem in page.problems] == ["page-shape"]


def test_vertical_columns_that_stand_from_the_left_are_read_from_the_right():
    columns = "".join(
        COLUMN.format(x=x, strings=f'<String CONTENT="{text}"/>')
        for x, text in ((100, "末行在左方"), (300, "次行居其中"), (500, "首行在右方"))
    )
    page = read(alto(f"<TextBlock>{columns}</TextBlock>"))
    assert page.is_vertical
    assert page.text == "首行在右方\n次行居其中\n末行在左方"
    assert boxed(page) == ["首行在右方", "次行居其中", "末行在左方"]
    assert page.boxes[0].left > page.boxes[2].left


def test_the_reading_order_of_alto_goes_before_the_places():
    lines = "".join(
        f'<TextBlock ID="b{at}"><TextLine ID="t{at}" HPOS="100" VPOS="{at * 100}" WIDTH="300" HEIGHT="40">'
        f'<String CONTENT="第{at}行的字"/></TextLine></TextBlock>'
        for at in (1, 2, 3)
    )
    order = '<ReadingOrder><OrderedGroup><ElementRef REF="b3"/><ElementRef REF="b1"/><ElementRef REF="b2"/>'
    data = alto(lines).replace(b"</Layout>", f"{order}</OrderedGroup></ReadingOrder></Layout>".encode())
    assert read(data).text == "第3行的字\n第1行的字\n第2行的字"


def test_a_hyphen_at_the_end_of_a_line_stays():
    line = '<TextLine HPOS="1" VPOS="1" WIDTH="9" HEIGHT="4"><String CONTENT="gazet"/><HYP CONTENT="-"/></TextLine>'
    assert read(alto(f"<TextBlock>{line}</TextBlock>")).text == "gazet-"


# --- PAGE XML -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2013-07-15", "2017-07-15", "2019-07-15"])
def test_page_xml_gives_lines_and_words(version):
    words = (
        '<Word id="w1"><Coords points="100,100 200,100 200,140 100,140"/><TextEquiv><Unicode>東莞</Unicode></TextEquiv>'
        '</Word><Word id="w2"><Coords points="200,100 300,140"/><TextEquiv><Unicode>縣志</Unicode></TextEquiv></Word>'
    )
    line = text_line("東莞縣志", "100,100 300,100 300,140 100,140", words)
    page = read(page_xml(f'<TextRegion id="r"><Coords points="0,0 1000,2000"/>{line}</TextRegion>', version))
    assert boxed(page) == ["東莞縣志"]
    assert boxed(page, words=True) == ["東莞", "縣志"]
    assert page.boxes[0].top == 0.05


def test_the_reading_order_of_regions_and_of_lines_in_them_is_kept():
    regions = "".join(
        f'<TextRegion id="{name}">{text_line(text, points, custom=f"readingOrder {{index:{at};}}")}</TextRegion>'
        for name, text, points, at in (("a", "左欄文字", "0,0 200,40", 0), ("b", "右欄文字", "500,0 700,40", 0))
    )
    order = (
        '<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="0" regionRef="b"/>'
        '<RegionRefIndexed index="1" regionRef="a"/></OrderedGroup></ReadingOrder>'
    )
    assert read(page_xml(order + regions)).text == "右欄文字\n左欄文字"


def test_a_region_that_is_said_to_run_from_top_to_bottom_is_vertical():
    line = text_line("序", "500,100 540,140")
    page = read(page_xml(f'<TextRegion id="r" readingDirection="top-to-bottom">{line}</TextRegion>'))
    assert ocr_xml.sheets(page_xml(f'<TextRegion readingDirection="top-to-bottom">{line}</TextRegion>'))[0].runs_down()
    assert page.is_vertical


def test_of_several_readings_the_first_is_taken():
    second = '<TextEquiv index="1"><Unicode>東筦</Unicode></TextEquiv>'
    readings = f'{second}<TextEquiv index="0"><Unicode>東莞</Unicode></TextEquiv>'
    line = f'<TextLine id="l"><Coords points="0,0 100,40"/>{readings}</TextLine>'
    assert read(page_xml(f'<TextRegion id="r">{line}</TextRegion>')).text == "東莞"


def test_a_region_with_the_page_number_gives_the_label():
    region = f'<TextRegion id="r" type="page-number">{text_line("— 128 —", "400,1900 500,1940")}</TextRegion>'
    assert read(page_xml(region)).printed == "128"


def test_nested_groups_of_the_reading_order_do_not_exhaust_the_stack():
    deep = "<OrderedGroupIndexed index='0'>" * 5_000 + "</OrderedGroupIndexed>" * 5_000
    line = text_line("東莞", "0,0 100,40")
    data = page_xml(f'<ReadingOrder>{deep}</ReadingOrder><TextRegion id="r">{line}</TextRegion>')
    assert read(data).text == "東莞"


# --- hOCR ---------------------------------------------------------------------------------------------------------

HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta name='ocr-system' content='tesseract 5.3.0' /></head><body>
<div class='ocr_page' id='page_1' title='image "scans/0012.jpg"; bbox 0 0 1000 2000; ppageno 0'>
<div class='ocr_carea'><p class='ocr_par' lang='chi_sim'>
<span class='ocr_line' title="bbox 100 100 400 140; baseline 0 0">
<span class='ocrx_word' title='bbox 100 100 200 140; x_wconf 96'>全市</span>
<span class='ocrx_word' title='bbox 200 100 300 140; x_wconf 91'><strong>总户数</strong></span>
<span class='ocrx_word' title='bbox 300 100 400 140'>12,800&nbsp;&lt;户&gt;</span></span>
<span class='ocr_line' title="bbox 100 200 400 240">没有词的一行</span>
</p></div></div></body></html>"""


def test_hocr_gives_lines_and_words():
    page = read(HOCR.encode())
    assert page.text == "全市总户数12,800 <户>\n没有词的一行"
    assert boxed(page) == ["全市总户数12,800 <户>", "没有词的一行"]
    assert boxed(page, words=True) == ["全市", "总户数", "12,800 <户>"]
    assert (page.boxes[0].left, page.boxes[0].top) == (0.1, 0.05)
    assert page.picture == "scans/0012.jpg"


def test_hocr_that_is_not_well_formed_is_read_as_far_as_it_goes():
    cut = HOCR[: HOCR.index("没有词")] + "没有"
    assert read(cut.encode()).text.endswith("\n没有")


# --- NDLOCR -------------------------------------------------------------------------------------------------------


def test_ndlocr_orders_its_lines_and_marks_double_line_notes():
    data = """<OCRDATASET><PAGE IMAGENAME="a.jpg" WIDTH="1000" HEIGHT="2000">
    <LINE TYPE="本文" X="700" Y="100" WIDTH="60" HEIGHT="900" ORDER="1" STRING="東至惠州歸善縣界"/>
    <LINE TYPE="本文" X="800" Y="100" WIDTH="60" HEIGHT="900" ORDER="0" STRING="疆域"/>
    <LINE TYPE="割注" X="730" Y="1100" WIDTH="25" HEIGHT="300" ORDER="2" STRING="八十里"/>
    <BLOCK TYPE="柱" X="10" Y="100" WIDTH="40" HEIGHT="300" STRING="東莞志"/></PAGE></OCRDATASET>""".encode()
    page = read(data)
    assert page.text == "疆域\n東至惠州歸善縣界\n{{八十里}}\n東莞志"
    assert boxed(page) == ["疆域", "東至惠州歸善縣界", "八十里", "東莞志"]
    assert page.is_vertical


def test_the_scan_of_the_diet_library_has_its_26_lines_on_their_places(shared_data):
    data = (shared_data / "scans" / "digidepo_2531162_0024.xml").read_bytes()
    page = read(data, (2048, 1446))
    assert len(page.boxes) == 26
    assert boxed(page)[:2] == ["(2) 気送子送付管", "気送手送付には、上記気送管にて送付するものと、空"]
    assert boxed(page)[-1] == "(30)"
    assert page.boxes[0].left == pytest.approx(380 / 2048, abs=1e-5)
    assert not page.is_vertical
    assert page.printed == ""  # two pages lie open, of which one number was read
    assert not page.problems


# --- Any of them --------------------------------------------------------------------------------------------------


def test_what_looks_like_the_notation_is_text():
    line = text_line("| 户数 {{注}} [^1] ![图](fig:a) \\", "0,0 400,40")
    page = read(page_xml(f'<TextRegion id="r">{line}</TextRegion>'))
    passage = notation.parse(page.text, True)
    assert passage.plain == "| 户数 {{注}} [^1] ![图](fig:a) \\"
    assert [run.kind for block in passage.blocks for run in block.runs] == ["text"]
    assert boxed(page) == [passage.plain]


def test_the_columns_of_a_horizontal_page_are_read_one_after_the_other():
    heading = Line("二〇二二年大事记", (100, 10, 900, 60))
    left = [Line(f"左{n}", (100, 100 + 50 * n, 480, 140 + 50 * n)) for n in range(4)]
    right = [Line(f"右{n}", (520, 100 + 50 * n, 900, 140 + 50 * n)) for n in range(4)]
    number = Line("12", (490, 400, 510, 420))
    mixed = [number, *(line for pair in zip(right, left, strict=True) for line in pair), heading]
    ordered = [line.text for line in by_place(mixed, is_vertical=False)]
    assert ordered == ["二〇二二年大事记", "左0", "左1", "左2", "左3", "右0", "右1", "右2", "右3", "12"]


def test_double_lines_are_read_after_the_text_above_them_the_right_one_first():
    lines = [
        Line("小注左", (500, 500, 530, 700)),
        Line("大字", (500, 100, 560, 480)),
        Line("次行", (400, 100, 460, 900)),
        Line("小注右", (532, 500, 560, 700)),
    ]
    assert [line.text for line in by_place(lines, is_vertical=True)] == ["大字", "小注右", "小注左", "次行"]


def test_blocks_of_several_lines_are_paragraphs_and_single_columns_are_not():
    def block(*lines: tuple[int, str]) -> str:
        return (
            "<TextBlock>"
            + "".join(
                f'<TextLine HPOS="10" VPOS="{y}" WIDTH="300" HEIGHT="20"><String CONTENT="{text}"/></TextLine>'
                for y, text in lines
            )
            + "</TextBlock>"
        )

    page = read(alto(block((10, "甲段之一"), (40, "甲段之二")) + block((80, "乙段之一"), (110, "乙段之二"))))
    assert page.text == "甲段之一\n甲段之二\n\n乙段之一\n乙段之二"
    assert boxed(page)[2] == "乙段之一"
    page = read(alto(block((10, "第一行文")) + block((40, "第二行文"))))
    assert page.text == "第一行文\n第二行文"


def test_xml_in_gb18030_and_utf_16_is_read():
    line = '<TextBlock><TextLine HPOS="1" VPOS="1" WIDTH="9" HEIGHT="4"><String CONTENT="東莞"/></TextLine></TextBlock>'
    text = alto(line).decode()
    assert read(text.replace("UTF-8", "GB18030").encode("gb18030")).text == "東莞"
    assert read(text.replace("UTF-8", "UTF-16").encode("utf-16")).text == "東莞"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE alto [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<alto><Layout><Page><PrintSpace>&b;</PrintSpace></Page></Layout></alto>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE alto [<!ENTITY a SYSTEM "file:///etc/passwd">]><alto>&a;</alto>"""


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (BOMB, RefusedFile),
        (OUTSIDE, RefusedFile),
        (b"", UnreadableFile),
        (b"\x00\xff\xd8 garbage", FileError),
        (b"<alto><Layout><Page>", UnreadableFile),
        (b"<alto></alto>", UnreadableFile),
        (b"<mets><fileSec/></mets>", RefusedFile),
        ("这不是 XML".encode(), UnreadableFile),
    ],
)
def test_bombs_and_garbage_are_refused_in_chinese(data, error):
    with pytest.raises(error) as refusal:
        ocr_xml.sheets(data)
    assert any("\u4e00" <= char <= "\u9fff" for char in refusal.value.reason)


def test_a_page_of_very_many_lines_is_refused():
    line = '<LINE STRING="字" X="1" Y="1" WIDTH="1" HEIGHT="1"/>'
    with pytest.raises(RefusedFile):
        ocr_xml.sheets(f'<OCRDATASET><PAGE WIDTH="9" HEIGHT="9">{line * 20_001}</PAGE></OCRDATASET>'.encode())
