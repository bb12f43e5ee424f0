"""What is missing in a book is noticed: pages, chapters, rows and sums of tables, years of a series."""

from decimal import Decimal

import pytest

from archive.book_text.gaps import GapKind, Numbered, page_gaps, section_gaps, series_gaps
from archive.book_text.labels import labels, parse
from archive.book_text.table_gaps import amount, table_gaps


def said(gaps):
    return [gap.sentence for gap in gaps]


def test_a_complete_book_has_no_gaps_in_its_pages():
    assert page_gaps(labels(parse("1: 封面; 2-9: i; 10-200: 1; 201-300: 卷一·一上; 301-: 卷二·一上"), 400)) == []


def test_missing_pages_are_counted():
    (gap,) = page_gaps(["1", "2", "5", "6"])
    assert (gap.kind, gap.place) == (GapKind.MISSING, 2)
    assert gap.sentence == "印刷页码“2”之后接“5”，其间缺 2 面。"


def test_a_missing_side_of_an_old_leaf_is_noticed():
    assert said(page_gaps(["卷一·一上", "卷一·二上"])) == ["印刷页码“卷一·一上”之后接“卷一·二上”，其间缺 1 面。"]


def test_leaves_without_a_number_may_be_the_missing_ones():
    assert page_gaps(["1", "2", "", "", "5"]) == []
    assert len(page_gaps(["1", "2", "", "5"])) == 1


def test_a_page_scanned_twice_is_noticed():
    assert said(page_gaps(["1", "2", "2", "3"])) == ["第 3 面的印刷页码“2”与前面重复。"]


def test_a_page_in_the_wrong_place_is_noticed_once():
    gaps = page_gaps(["7", "8", "9", "3", "10", "11"])
    assert [(gap.kind, gap.place) for gap in gaps] == [(GapKind.DISORDERED, 3)]


def test_pages_may_begin_anew():
    assert page_gaps(["1", "2", "3", "1", "2"]) == []


def test_spreads_count_by_two():
    assert page_gaps(["2-3", "4-5", "6-7"]) == []
    assert len(page_gaps(["2-3", "6-7"])) == 1


def sections(*labels):
    return [Numbered(int(label[0]), label[1:]) for label in labels]


def test_a_missing_chapter_is_named():
    gaps = section_gaps(sections("1第一篇", "2第一章", "2第二章", "2第四章"))
    assert said(gaps) == ["“第二章”之后接“第四章”，其间缺序号 3。"]
    assert gaps[0].place == 3


def test_chapters_may_begin_anew_or_run_on_in_each_part():
    assert section_gaps(sections("1第一篇", "2第一章", "2第二章", "1第二篇", "2第一章")) == []
    assert section_gaps(sections("1第一篇", "2第一章", "2第二章", "1第二篇", "2第三章")) == []


def test_a_part_that_begins_in_the_middle_is_noticed():
    assert said(section_gaps(sections("1第一篇", "2第一章", "1第二篇", "2第四章"))) == ["“第四章”之前缺序号 1、2、3。"]


def test_doubled_and_disordered_sections_are_noticed():
    gaps = section_gaps(sections("1卷之一", "1卷之二", "1卷之二", "1卷之一"))
    assert [gap.kind for gap in gaps] == [GapKind.DOUBLED, GapKind.DISORDERED]


def test_unnumbered_sections_between_do_not_disturb():
    assert section_gaps(sections("1凡例", "1第一章", "2一、", "2二、", "1大事记", "1第二章", "2一、")) == []


def test_a_missing_year_of_a_yearbook_is_named():
    gaps = series_gaps(["《东莞年鉴（2001）》", "《东莞年鉴（2002）》", "《东莞年鉴（2004）》"])
    assert said(gaps) == ["“《东莞年鉴（2002）》”与“《东莞年鉴（2004）》”之间缺 2003。"]


def test_issues_count_by_their_number_in_any_order():
    assert said(series_gaps(["第三期", "第一期", "第12期", "第二期"])) == ["“第三期”与“第12期”之间缺 4—11。"]
    assert series_gaps(["第二期", "第一期", "增刊"]) == []


def test_the_same_year_twice_is_noticed():
    assert [gap.kind for gap in series_gaps(["2001年", "2002年", "2002年（续）"])] == [GapKind.DOUBLED]


def test_a_sound_table_is_left_alone():
    assert table_gaps("| 镇 | 户数 |\n|---|---|\n| 虎门 | 1,200 |\n| 长安 | 800 |\n| 合计 | 2,000 |") == []


def test_a_row_with_a_missing_cell_is_noticed():
    assert said(table_gaps("| 镇 | 户 | 口 |\n|---|---|---|\n| 虎门 | 1 |\n| 长安 | 2 | 3 |")) == [
        "第 1 个表的第 2 行有 2 格，其余各行 3 格。"
    ]


def test_joined_cells_count_as_the_places_that_they_cover():
    assert table_gaps("| 镇 | 人口 | < |\n| ^ | 男 | 女 |\n|---|---|---|\n| 虎门 | 1 | 2 |") == []


@pytest.mark.parametrize("total", ["合计", "总 计", "總計"])
def test_a_total_that_does_not_add_up_is_noticed(total):
    gaps = table_gaps(f"| 镇 | 户数 |\n|---|---|\n| 虎门 | 1,200 |\n| 长安 | 八百 |\n| {total} | 2,100 |")
    assert said(gaps) == ["第 1 个表第 2 列的合计为 2100，各行相加得 2000。"]


def test_a_total_may_stand_first():
    assert table_gaps("| 镇 | 户数 |\n|---|---|\n| 总计 | 20 |\n| 虎门 | 12 |\n| 长安 | 8 |") == []


def test_rounding_rates_and_parts_of_parts_are_no_mistakes():
    assert table_gaps("| 镇 | 亿元 |\n|---|---|\n| 虎门 | 1.25 |\n| 长安 | 2.36 |\n| 合计 | 3.6 |") == []
    assert table_gaps("| 镇 | 增长率 |\n|---|---|\n| 虎门 | 10 |\n| 长安 | 20 |\n| 合计 | 15 |") == []
    assert table_gaps("| 镇 | 户 |\n|---|---|\n| 虎门 | 10 |\n| 其中：沙角 | 4 |\n| 长安 | 20 |\n| 合计 | 30 |") == []


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.5", "1234.5"),
        ("１２３４", "1234"),
        ("三百二十", "320"),
        ("1 234", "1234"),
        ("-5", "-5"),
        ("三万二千", "32000"),
    ],
)
def test_amounts_are_read_however_they_are_printed(cell, value):
    assert amount(cell) == Decimal(value)


def test_words_are_no_amounts():
    assert amount("约三百户") is None
