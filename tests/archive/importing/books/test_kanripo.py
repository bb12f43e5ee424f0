"""A mandoku text becomes leaves, columns, notes and juan, with nothing of its marks left."""

import re
import zipfile
from collections import Counter

import pytest

from archive.book_text import notation
from archive.importing.books.kanripo import Kanripo
from media_assets.file_errors import FileError

from .reading_books import Reading, no_markup

JUAN = """# -*- mode: mandoku-view; -*-
#+TITLE: 莞志
#+PROPERTY: ID KR2k9999
#+PROPERTY: JUAN 卷一
<pb:KR2k9999_WYG_001-1a>¶
欽定四庫全書¶
　莞志卷一　　　　　　　明　張二果　撰¶
　　沿革¶
東莞秦屬南海郡晉立寳安縣唐至徳二年更名東¶
　莞(一統志云因/東莞而名也)隸廣州其地𢎞衍負海而居民多¶
　業漁鹽¶
<pb:KR2k9999_WYG_001-1b>¶
宋因之&KR1278;元隸廣州路(註一/註二)明洪武因之(以上沿革據/舊志及廣東通¶
志參修)¶
　¶
　莞志卷一¶
"""


@pytest.fixture
def read(tmp_path):
    def reading(text: str, name: str = "KR2k9999_001.txt") -> Reading:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert Kanripo().recognises(path)
        return Reading(Kanripo(), path, tmp_path / "workspace")

    return reading


def test_the_headers_tell_title_and_compiler(read):
    facts = read(JUAN).facts

    assert (facts.title, facts.compilers, facts.text_unit, facts.reading) == ("莞志", "明 張二果 撰", "leaf", "rtl")


def test_a_leaf_has_its_name_and_its_printed_label(read):
    leaves = read(JUAN).leaves

    assert [(leaf.source, leaf.label) for leaf in leaves] == [
        ("KR2k9999_WYG_001-1a", "卷一·一上"),
        ("KR2k9999_WYG_001-1b", "卷一·一下"),
    ]


def test_a_double_line_note_is_read_right_half_first(read):
    leaf = read(JUAN).leaves[0]

    assert "莞{{一統志云因東莞而名也}}隸廣州" in leaf.text


def test_a_note_that_crosses_a_column_is_closed_and_opened_again(read):
    leaf = read(JUAN).leaves[1]

    assert "{{以上沿革據舊志及廣東通}}\n{{志參修}}" in leaf.text


def test_a_note_that_crosses_a_leaf_is_a_note_on_both(read):
    text = "<pb:X_001-1a>¶\n正文(小注右¶\n<pb:X_001-1b>¶\n注左/注末)又正文¶\n"

    assert [leaf.text for leaf in read(text).leaves] == ["　正文{{小注右}}", "{{注左注末}}又正文"]


def test_a_bracket_that_never_closes_is_said_and_ends_with_its_column(read):
    reading = read("<pb:X_001-1a>¶\n正文(小注¶\n又正文¶\n")

    assert reading.codes == ["note-open"]
    assert reading.leaves[0].text == "　正文{{小注}}\n又正文"


def test_columns_make_paragraphs(read):
    passage = notation.parse(read(JUAN).leaves[0].text, True)

    assert [block.runs[0].text[:4] for block in passage.blocks] == ["欽定四庫", "莞志卷一", "沿革", "東莞秦屬"]


def test_a_character_without_a_code_point_is_shown_as_a_gap_and_said(read):
    reading = read(JUAN)

    assert "宋因之〓元隸" in reading.leaves[1].text
    assert [(p.code, p.where, p.values["word"]) for p in reading.problems] == [("no-code-point", "卷一·一下", "KR1278")]


def test_sections_are_the_juan_and_the_headings_below_its_title(read):
    reading = read(JUAN)

    assert reading.outline() == [(1, "juan", "", "卷一"), (2, "item", "", "沿革")]
    leaf = notation.parse(reading.leaves[0].text, True).plain
    assert leaf[reading.sections[1].offset :].startswith("沿革\n東莞")


def test_a_juan_is_found_by_its_title_where_no_header_names_it(read):
    reading = read(re.sub(r"#\+PROPERTY: JUAN.*\n", "", JUAN))

    assert reading.outline()[0] == (1, "juan", "", "卷一")
    assert [section.title for section in reading.sections].count("卷一") == 1


def test_pages_that_are_missing_twice_or_out_of_order_are_said(read):
    page = "<pb:X_001-{}>¶\n文字¶\n"
    reading = read("".join(page.format(name) for name in ("1a", "2a", "2a", "1b")))

    assert Counter(reading.codes) == Counter({"leaf-gap": 1, "leaf-twice": 1, "leaf-order": 1})
    assert len({leaf.source for leaf in reading.leaves}) == 4


def test_a_zip_is_read_in_natural_order(tmp_path):
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (10, 2, 1):
            page = f"#+PROPERTY: JUAN 卷{number}\n<pb:X_{number:03}-1a>¶\n文字¶\n"
            archive.writestr(f"莞志/X_{number}.txt", page)

    reading = Reading(Kanripo(), path, tmp_path / "workspace")

    assert [leaf.source for leaf in reading.leaves] == ["X_001-1a", "X_002-1a", "X_010-1a"]
    assert "juan-gap" in reading.codes


def test_a_broken_file_in_a_folder_stops_nothing_else(tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "a_001.txt").write_text("<pb:a_001-1a>¶\n文字¶\n", encoding="utf-8")
    (folder / "a_002.txt").write_bytes(b"")
    (folder / "a_003.txt").write_text("<pb:a_003-1a>¶\n文字¶\n", encoding="utf-8")

    reading = Reading(Kanripo(), folder, tmp_path / "workspace")

    assert len(reading.leaves) == 2
    assert ("file", "a_002.txt") in [(p.code, p.where) for p in reading.problems]


@pytest.mark.parametrize("cut", range(0, len(JUAN), 37))
def test_a_text_that_is_cut_off_anywhere_is_read_or_refused(tmp_path, cut):
    path = tmp_path / "cut.txt"
    path.write_bytes(JUAN.encode()[: cut * 2])
    try:
        reading = Reading(Kanripo(), path, tmp_path / "workspace")
    except FileError as error:
        assert error.reason
    else:
        assert no_markup((leaf.text for leaf in reading.leaves), "¶<>")


def test_wujun_zhi_is_read_whole(shared_data, tmp_path):
    reading = Reading(Kanripo(), shared_data / "books" / "wujun-zhi", tmp_path)
    texts = [leaf.text for leaf in reading.leaves]

    assert len(reading.leaves) == len({leaf.source for leaf in reading.leaves}) == 1301
    assert [s.title for s in reading.sections if s.level == 1][:3] == ["提要", "原序", "卷一"]
    assert sum(s.kind == "juan" for s in reading.sections) == 50
    assert sum(text.count("{{") for text in texts) == 4497
    assert no_markup(texts, "¶<>{}()&/#|[]")
    assert set(reading.codes) == {"no-code-point"}
    assert (reading.leaves[9].label, reading.leaves[-1].label) == ("卷一·一上", "卷五十·十七下")
    assert [s.title for s in reading.sections if s.level == 2][:5] == ["㳂革", "分野", "戸口税租", "土貢", "風俗"]


def test_every_section_of_the_real_books_begins_where_its_title_stands(shared_data, tmp_path):
    for name, leaves in (("wujun-zhi", 1301), ("guangdong-tongzhi", 814)):
        reading = Reading(Kanripo(), shared_data / "books" / name, tmp_path)
        plain = {leaf.source: notation.parse(leaf.text, True).plain for leaf in reading.leaves}

        assert len(reading.leaves) == leaves
        below = [section for section in reading.sections if section.level == 2]
        assert all("".join(plain[s.leaf][s.offset :].split())[:20].startswith(s.title) for s in below)
