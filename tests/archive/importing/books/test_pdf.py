"""Books as PDF: leaves in order, scans as they were stored, lines in reading order with their boxes, contents."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from archive.book_text import notation
from archive.importing.books import pdf_drawing
from archive.importing.books.contract import Options
from archive.importing.books.pdf import Pdf
from archive.importing.books.pdf_drawing import scale_of
from archive.importing.books.pdf_garbage import garbage_share, is_garbage
from archive.importing.books.pdf_pages import oriented_jpeg
from media_assets.file_errors import RefusedFile, UnreadableFile

from .pdf_files import HEIGHT, Sheet, bilevel, jpeg, jpeg_bytes, lines, make
from .reading_books import Reading

BODY = "自秦置南海郡以来此地人烟渐盛田畴日辟商旅往来不绝于道"
FULL = [BODY, BODY[::-1], BODY[3:] + BODY[:3]] * 4


def read(path: Path, workspace: Path, **options) -> Reading:
    return Reading(Pdf(), path, workspace / "work", Options(**options))


def pictures(workspace: Path) -> Path:
    return workspace / "work" / "pictures"


# --- pictures -------------------------------------------------------------------------------------------


def test_a_scan_comes_out_as_it_was_stored(tmp_path):
    data = jpeg_bytes()
    path = make(tmp_path / "a.pdf", lambda pdf: [Sheet(picture=jpeg(pdf, data, (300, 420)))] * 2)
    book = read(path, tmp_path)
    assert [leaf.source for leaf in book.leaves] == ["page-1", "page-2"]
    assert [leaf.picture for leaf in book.leaves] == ["0001.jpg", "0002.jpg"]
    assert (pictures(tmp_path) / "0002.jpg").read_bytes() == data


def test_a_bilevel_scan_loses_no_pixel(tmp_path):
    scan = Image.new("1", (304, 420), 1)
    scan.paste(0, (8, 8, 100, 33))
    read(make(tmp_path / "a.pdf", lambda pdf: [Sheet(picture=bilevel(pdf, scan))]), tmp_path)
    with Image.open(next(pictures(tmp_path).iterdir())) as taken:
        assert taken.convert("1").tobytes() == scan.tobytes()


@pytest.mark.parametrize(("turn", "orientation"), [(90, 6), (180, 3), (270, 8)])
def test_a_turned_page_turns_its_jpeg_without_packing_it_again(tmp_path, turn, orientation):
    data = jpeg_bytes()
    read(make(tmp_path / "a.pdf", lambda pdf: [Sheet(picture=jpeg(pdf, data, (300, 420)), turn=turn)]), tmp_path)
    taken = (pictures(tmp_path) / "0001.jpg").read_bytes()
    assert taken.endswith(data[2:])
    assert Image.open(io.BytesIO(taken)).getexif()[0x0112] == orientation


def test_what_the_camera_said_of_turning_does_not_count():
    turned = oriented_jpeg(jpeg_bytes(), 6)
    upright = oriented_jpeg(turned, 1)
    assert len(upright) == len(turned)
    assert Image.open(io.BytesIO(upright)).getexif()[0x0112] == 1


def test_an_invisible_text_layer_leaves_the_scan_as_it_is_and_visible_text_is_drawn_with_it(tmp_path):
    data = jpeg_bytes()

    def sheets(pdf):
        scan = jpeg(pdf, data, (300, 420))
        return [Sheet(lines(FULL), picture=scan, text_mode=mode) for mode in (3, 0)]

    book = read(make(tmp_path / "a.pdf", sheets), tmp_path)
    assert [leaf.text for leaf in book.leaves] == [book.leaves[0].text] * 2
    assert (pictures(tmp_path) / "0001.jpg").read_bytes() == data
    assert (pictures(tmp_path) / "0002.jpg").read_bytes() != data


def test_pictures_can_be_left_out(tmp_path):
    path = make(tmp_path / "a.pdf", lambda pdf: [Sheet(picture=jpeg(pdf, jpeg_bytes(), (300, 420)))])
    assert [leaf.picture for leaf in read(path, tmp_path, with_scans=False).leaves] == [""]


@pytest.mark.parametrize("size", [(595, 842), (14_000_000, 14_000_000), (14_000_000, 3), (1, 1)])
def test_however_large_a_page_claims_to_be_its_picture_is_not(size):
    scale = scale_of(*size)
    assert size[0] * scale * size[1] * scale <= 12_000_001
    assert max(size) * scale <= 16_001


# --- text -----------------------------------------------------------------------------------------------


def test_lines_go_down_the_page_and_know_where_they_stand(tmp_path):
    book = read(make(tmp_path / "a.pdf", [Sheet(lines(FULL[:3]))]), tmp_path)
    [leaf] = book.leaves
    assert leaf.text.split("\n") == FULL[:3]
    plain = notation.plain(leaf.text)
    assert [plain[box.start : box.end] for box in leaf.boxes] == FULL[:3]
    first = leaf.boxes[0]
    assert first.left == pytest.approx(80 / 595, abs=0.02)
    assert first.top == pytest.approx(1 - 752 / HEIGHT, abs=0.02)
    assert book.facts.reading == "ltr"


def test_two_columns_are_read_one_after_the_other_below_their_title(tmp_path):
    left, right = [f"左{BODY[at:][:15]}" for at in range(10)], [f"右{BODY[at:][:15]}" for at in range(10)]
    title = "第一卷　建置沿革与大事编年总表附录考异上下两编合为一册"
    words = [(60, 780, 18, title.replace("　", "")), *lines(left, 60), *lines(right, 330)]
    book = read(make(tmp_path / "a.pdf", [Sheet(words)]), tmp_path)
    assert [line.strip() for line in book.leaves[0].text.split("\n")][1:] == left + right


def test_columns_downwards_are_read_from_the_right(tmp_path):
    columns = [BODY[at:][:20] for at in range(5)]
    words = [(480 - 40 * at, 700, 20, text) for at, text in enumerate(columns)]
    book = read(make(tmp_path / "a.pdf", [Sheet(words, is_down=True)]), tmp_path)
    assert book.leaves[0].text.split("\n") == columns
    assert book.facts.reading == "rtl"
    lefts = [box.left for box in book.leaves[0].boxes]
    assert lefts == sorted(lefts, reverse=True)


def test_a_double_line_note_is_a_note_where_it_stands(tmp_path):
    words = [(480, 700, 20, BODY[:18]), (440, 700, 20, "吳郡"), (400, 700, 20, BODY[2:20])]
    words += [(451, 656, 10, "漢順帝時"), (439, 656, 10, "分會稽置"), (440, 600, 20, "在江之南")]
    book = read(make(tmp_path / "a.pdf", [Sheet(words, is_down=True)]), tmp_path)
    assert "吳郡{{漢順帝時分會稽置}}在江之南" in book.leaves[0].text


def test_marks_of_the_notation_in_the_file_are_only_characters(tmp_path):
    book = read(make(tmp_path / "a.pdf", [Sheet(lines(["{{甲}}乙", "|丙|丁|戊己庚辛壬癸"]))]), tmp_path)
    assert "".join(notation.plain(book.leaves[0].text).split()) == "{{甲}}乙|丙|丁|戊己庚辛壬癸"


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd" * 8 + "南海縣志凡例",
        "\ue012\ue45a\ue777\ue001" * 6 + "志",
        "鏂囧瓧璇嗗埆鍚庣殑鏂囨湰" * 3,
        "æ–‡å­—è¯†åˆ«ä¹‹å\u0090Žçš„æ–‡æœ¬å±‚",
        "\x01\x02\x03\x04\x05\x06\x07\x08abcdef",
        "㐁㐃㑃㒄㓊㔁㕂㖃㗄㘅㙆㚇㛈㜉㝊㞋㟌㠍㡎㢏" * 3,
        "ሀሁሂሃሄህሆለሉሊላሌ",
    ],
)
def test_garbage_is_known(text):
    assert is_garbage(text)


@pytest.mark.parametrize(
    "text",
    [
        "吳郡志卷一　沿革　周大王三子太伯仲雍季歷",
        "㑹稽郡治吳，𢎞治間知府林世遠重修，凡十有六卷，\ue001字不可考。",
        "This is a test document. Café, naïve.",
        "１９９８年工业总产值１２.５亿元，增长８％。",
        "",
    ],
)
def test_what_only_looks_odd_is_no_garbage(text):
    assert not is_garbage(text)
    assert garbage_share(text) < 0.2


def test_a_garbage_layer_is_set_aside_and_told_with_its_page(tmp_path):
    sheets = [Sheet(lines(FULL)), Sheet(lines(["\ue001\ue002\ue003\ue004" * 5]))]
    book = read(make(tmp_path / "a.pdf", sheets), tmp_path)
    assert book.leaves[1].text == "" and "\ue003" in book.leaves[1].set_aside
    assert [(p.code, p.where) for p in book.problems if p.code == "garbage-text"] == [("garbage-text", "第 2 面")]


# --- labels and what stands on every page ---------------------------------------------------------------


def numbered(count: int, first: int = 1) -> list[Sheet]:
    return [
        Sheet([(220, 800, 10, "番禺县志"), *lines(FULL), (290, 40, 10, str(first + at))] if at else lines(FULL))
        for at in range(count)
    ]


def test_printed_numbers_are_labels_and_running_heads_are_no_text(tmp_path):
    book = read(make(tmp_path / "a.pdf", numbered(8, 41)), tmp_path)
    assert [leaf.label for leaf in book.leaves] == ["", *map(str, range(42, 49))]
    assert all(leaf.text.split("\n") == FULL for leaf in book.leaves)
    assert "furniture" in book.codes


def test_the_labels_that_the_pdf_gives_come_first(tmp_path):
    labels = [0, pikepdf.Dictionary(S=pikepdf.Name.r), 2, pikepdf.Dictionary(S=pikepdf.Name.D)]
    book = read(make(tmp_path / "a.pdf", [Sheet(lines(FULL))] * 4, labels=labels), tmp_path)
    assert [leaf.label for leaf in book.leaves] == ["i", "ii", "1", "2"]


# --- contents -------------------------------------------------------------------------------------------


def test_bookmarks_become_sections_at_the_lines_that_say_them(tmp_path):
    sheets = [Sheet(lines(FULL)), Sheet(lines([*FULL[:4], "第二节　山川", *FULL[4:]]))]
    marks = [("第一章 地理", 0, [("第一节 疆域", 0), ("第二节 山川", 1)]), ("附录", 1)]
    book = read(make(tmp_path / "a.pdf", sheets, marks), tmp_path)
    assert book.outline()[:3] == [
        (1, "chapter", "第一章", "地理"),
        (2, "section", "第一节", "疆域"),
        (2, "section", "第二节", "山川"),
    ]
    hills = book.sections[2]
    assert hills.leaf == "page-2"
    assert notation.plain(book.leaves[1].text)[hills.offset :].lstrip("　").startswith("第二节")


def test_without_bookmarks_the_list_of_contents_is_read(tmp_path):
    listed = ["目录", "第一章 地理………………1", "第二章 人口………………2", "第三章 物产………………3"]
    pages = [
        Sheet([*lines([f"第{'一二三'[at]}章 {name}", *FULL]), (290, 40, 10, str(at + 1))])
        for at, name in enumerate(("地理", "人口", "物产"))
    ]
    book = read(make(tmp_path / "a.pdf", [Sheet(lines(listed)), *pages]), tmp_path)
    assert [(s.title, s.leaf) for s in book.sections] == [
        ("目录", "page-1"),
        ("地理", "page-2"),
        ("人口", "page-3"),
        ("物产", "page-4"),
    ]


def test_headings_in_larger_type_are_found_with_the_line_that_goes_on(tmp_path):
    words = [(80, 780, 20, "第三章"), (80, 750, 20, "物产"), *lines(FULL, top=700)]
    book = read(make(tmp_path / "a.pdf", [Sheet(lines(FULL)), Sheet(words)]), tmp_path)
    assert [(s.label, s.title, s.leaf) for s in book.sections] == [
        ("", "卷首", "page-1"),
        ("第三章", "物产", "page-2"),
    ]


def test_a_book_without_any_heading_is_one_section(tmp_path):
    book = read(make(tmp_path / "番禺縣志.pdf", [Sheet(lines(FULL))]), tmp_path)
    assert [(s.title, s.leaf, s.offset) for s in book.sections] == [("番禺縣志", "page-1", 0)]


# --- what is wrong --------------------------------------------------------------------------------------


def test_a_broken_page_does_not_stop_the_others(tmp_path):
    path = make(tmp_path / "a.pdf", [Sheet(lines(FULL))] * 3)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[1].MediaBox = pikepdf.Array([0, 0, 0, 0])
        pdf.pages[1].obj["/Contents"] = pikepdf.Name.Nonsense
        pdf.save(path)
    book = read(path, tmp_path)
    assert [bool(leaf.text) for leaf in book.leaves] == [True, False, True]
    assert {p.where for p in book.problems if p.severity == "broken"} == {"第 2 面"}


def test_a_page_that_takes_for_ever_is_given_up_alone(tmp_path, monkeypatch):
    bomb = b"0 0 m " + b" ".join(b"%d %d l" % (at * 7919 % 595, at * 104729 % 842) for at in range(120_000)) + b" B*"
    path = make(tmp_path / "a.pdf", [Sheet(content=bomb), Sheet(lines(FULL))])
    monkeypatch.setattr(pdf_drawing, "PATIENCE", 3)
    book = read(path, tmp_path)
    assert [bool(leaf.picture) for leaf in book.leaves] == [False, True]
    assert [(p.code, p.where) for p in book.problems if p.severity == "broken"] == [("page-picture", "第 1 面")]


def test_a_locked_or_damaged_file_is_refused_with_a_reason(tmp_path):
    locked = make(tmp_path / "a.pdf", [Sheet()], encryption=pikepdf.Encryption(user="開", owner="主"))
    with pytest.raises(RefusedFile, match="密码"):
        read(locked, tmp_path)
    forbidden = pikepdf.Encryption(user="", owner="主", allow=pikepdf.Permissions(extract=False))
    with pytest.raises(RefusedFile, match="不许提取"):
        read(make(tmp_path / "b.pdf", [Sheet()], encryption=forbidden), tmp_path)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * 500)
    with pytest.raises(UnreadableFile, match="损坏"):
        read(tmp_path / "c.pdf", tmp_path)


def test_a_pdf_is_known_by_its_beginning(tmp_path):
    (tmp_path / "a.pdf").write_text("卷一 沿革", encoding="utf-8")
    assert not Pdf().recognises(tmp_path / "a.pdf")
    assert Pdf().recognises(make(tmp_path / "b.txt", [Sheet()]))


# --- real files -----------------------------------------------------------------------------------------


def test_a_vertical_book_is_read_as_it_is_printed(shared_data, tmp_path):
    book = read(shared_data / "pdf" / "honglou-pinglun_vertical.pdf", tmp_path, with_scans=False)
    assert book.facts.reading == "rtl" and book.facts.title == "紅樓夢評論"
    assert len(book.leaves) == 23
    text = notation.plain("\n".join(leaf.text for leaf in book.leaves))
    flat = "".join(text.split())
    assert flat.startswith(
        "紅樓夢評論王國維第一章人生及美術之概觀老子曰：人之大患在我有身。莊子曰：大塊載我以形，勞我以生。"
        "憂患與勞苦之與生相對待也久矣。夫生者人人之所欲，憂患與勞苦者，人人之所惡也。"
    )
    assert "不得不加以努力，而努力亦苦痛之一也" in flat
    assert "{{按西洋幾何學}}" in book.leaves[2].text
    assert [leaf.label for leaf in book.leaves][1:4] == ["一", "二", "三"]
    assert [s.label for s in book.sections] == ["", "第一章", "第二章", "第三章", "第四章", "第五章"]


def test_of_a_cabinet_of_horrors_what_can_be_read_is_read(shared_data, tmp_path):
    for name in ("corruptionOneByteMissing", "fileAttachment", "text_only_pdfa1b"):
        book = read(shared_data / "pdf" / f"{name}.pdf", tmp_path / name, with_scans=False)
        assert "This is a test document." in book.leaves[0].text, name
    for name, reason in (("encryption_openpassword", "密码"), ("encryption_notextaccess", "不许提取")):
        with pytest.raises(RefusedFile, match=reason):
            read(shared_data / "pdf" / f"{name}.pdf", tmp_path / name)
