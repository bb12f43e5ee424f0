"""A line tells whether it heads a part of the book."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.importing.books.headings import (
    Heading,
    Outline,
    certain_numbers,
    contents_line,
    heading_of,
    in_chinese,
    number_of,
    titled,
    volume_year,
)


@pytest.mark.parametrize(
    ("line", "kind", "label", "title"),
    [
        ("第一章　建置沿革", "chapter", "第一章", "建置沿革"),
        ("第一章总则", "chapter", "第一章", "总则"),
        ("第 三 节  气候", "section", "第三节", "气候"),
        ("第十二編 農業", "part", "第十二編", "農業"),
        ("第二部分 统计资料", "part", "第二部分", "统计资料"),
        ("第３章　人口", "chapter", "第３章", "人口"),
        ("第一章", "chapter", "", "第一章"),
        ("卷之一", "juan", "", "卷之一"),
        ("卷　上", "juan", "", "卷上"),
        ("卷一 疆域", "juan", "卷一", "疆域"),
        ("吳郡志卷第一", "juan", "", "卷第一"),
        ("吳郡志巻五十", "juan", "", "巻五十"),
        ("凡　　例", "front", "", "凡例"),
        ("附录一 重要文献", "back", "附录一", "重要文献"),
        ("編後記", "back", "", "編後記"),
        ("　　第四目　虾蟹", "item", "第四目", "虾蟹"),
    ],
)
def test_a_heading_tells_its_kind_its_number_and_its_title(line, kind, label, title):
    heading = heading_of(line)

    assert (heading.kind, heading.label, heading.title) == (kind, label, title)


@pytest.mark.parametrize(
    "line",
    [
        "第一章主要讲述本市的历史，地理，人文，风俗。",
        "第一节课的内容",
        "第一卷的内容",
        "第一目标",
        "第二编辑部",
        "第一章规定",
        "第一章 总则……………12",
        "卷一疆域",
        "一、沿革",
        "【注】见上",
        "东莞市位于广东省中南部",
        "",
    ],
)
def test_a_sentence_that_begins_like_a_heading_is_none(line):
    assert heading_of(line) is None


def test_the_text_after_an_entrys_heading_belongs_to_the_entry():
    heading = heading_of("【概　况】　2022年，全市……【增长】")

    assert (heading.kind, heading.title, heading.rest) == ("entry", "概况", "2022年，全市……【增长】")


def test_a_line_of_a_list_of_contents_tells_its_page():
    line = contents_line("第一章　总则 ………………１２")

    assert (line.text, line.page, line.heading.label) == ("第一章 总则", "12", "第一章")
    assert contents_line("序言 …… iv").page == "iv"
    assert contents_line("2022年全市人口 1043 万。") is None


def test_numbers_are_headings_only_where_they_count_on_with_text_between():
    certain = ["第一章 甲", "一、沿革", "正文。", "二、区划", "正文。"]
    doubtful = ["第二章 乙", "一、只有一个", "正文。", "一、紧接", "二、着的"]
    lines = [*certain, *doubtful]

    assert certain_numbers(lines) == {1, 3}


def test_a_marked_heading_keeps_the_rank_that_its_file_gives():
    heading = titled("一、沿革", 3)

    assert (heading.level, heading.kind, heading.label, heading.title) == (3, "section", "一", "沿革")
    assert titled("农业", 1, is_yearbook=True).kind == "category"
    assert titled("第三章 农业", 1).kind == "chapter"


def _placed(*lines: str) -> list[tuple[int, str]]:
    outline = Outline()
    return [outline.place(heading_of(line)) for line in lines]


def test_depths_follow_from_ranks_whatever_ranks_are_missing():
    placed = _placed("凡例", "第一篇 甲", "第一章 乙", "第一节 丙", "第二章 丁", "【戊】", "第二篇 己", "附录")

    assert [depth for depth, _source in placed] == [1, 1, 2, 3, 2, 3, 1, 1]


def test_an_overview_that_opens_a_part_belongs_to_it():
    assert [depth for depth, _source in _placed("概述", "第一篇 农业", "概述", "第一章 水稻", "附录")] == [
        1,
        1,
        2,
        2,
        1,
    ]


def test_a_source_stays_when_other_sections_are_added_before_it():
    before = dict(enumerate(source for _depth, source in _placed("第一章 甲", "【概况】", "第二章 乙", "【概况】")))
    after = [source for _depth, source in _placed("凡例", "第一章 甲", "【新】", "【概况】", "第二章 乙", "【概况】")]

    assert set(before.values()) <= set(after)


def test_equal_headings_below_one_heading_are_numbered():
    assert [s for _d, s in _placed("第一章 甲", "【概况】", "【概况】")][1:] == ["第一章 甲/概况", "第一章 甲/概况#2"]


@given(st.lists(st.tuples(st.integers(1, 9), st.text(min_size=1, max_size=300)), max_size=40))
def test_every_source_is_its_own_and_fits_its_field(headings):
    outline = Outline()
    placed = [outline.place(Heading(level, "item", "", title)) for level, title in headings]

    assert len({source for _depth, source in placed}) == len(placed)
    assert all(len(source) <= 255 for _depth, source in placed)
    assert all(b[0] <= a[0] + 1 for a, b in zip(placed, placed[1:], strict=False))


@given(st.text(max_size=200))
def test_any_line_is_read(line):
    heading = heading_of(line, numbered=True)

    assert heading is None or heading.title


@given(st.integers(1, 9999))
def test_a_number_in_chinese_is_read_back(number):
    assert number_of(in_chinese(number)) == number


def test_numerals_are_read_as_they_are_written():
    assert [number_of(numeral) for numeral in ("廿五", "二〇", "１２", "一百二十三", "甲")] == [25, 20, 12, 123, 0]


def test_a_yearbook_has_its_year_in_its_name():
    assert [volume_year(t) for t in ("东莞年鉴（2023）", "2019年莞城年鑒", "东莞市志")] == [2023, 2019, None]
