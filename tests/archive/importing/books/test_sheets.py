"""A sheet's rows become sections; what is wrong is said by row and column."""

from datetime import date

import pytest
from openpyxl import Workbook

from archive.importing.books.contract import LeafBreak, Options, SectionItem
from archive.importing.books.sheets import Sheets
from media_assets.file_errors import FileError, RefusedFile

from .reading_books import Reading

BY_LEVEL = """东莞市志,,,,,
层级,类别,序号,标题,正文,页码
1,篇,第一篇,建置,,1
2,章,第一章,沿革,"东莞建县。
晋代，属宝安。",1
3,节,,隶属,属广州,3-4
1,,,附录,,
"""


@pytest.fixture
def read(tmp_path):
    def reading(content, name: str = "篇目.csv", encoding: str = "utf-8", **options) -> Reading:
        path = tmp_path / name
        if isinstance(content, Workbook):
            path = path.with_suffix(".xlsx")
            content.save(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        assert Sheets().recognises(path)
        return Reading(Sheets(), path, tmp_path / "workspace", Options(**options))

    return reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_with_levels_make_the_sections(read, encoding):
    reading = read(BY_LEVEL, encoding=encoding)

    assert reading.facts.title == "东莞市志"
    assert reading.outline() == [
        (1, "part", "第一篇", "建置"),
        (2, "chapter", "第一章", "沿革"),
        (3, "section", "", "隶属"),
        (1, "back", "", "附录"),
    ]
    assert reading.text_of("沿革") == "东莞建县。\n晋代，属宝安。"


def test_pages_are_leaves_by_their_printed_label(read):
    reading = read(BY_LEVEL)

    assert [(leaf.source, leaf.label) for leaf in reading.leaves] == [("page-1", "1"), ("page-3", "3")]
    assert reading.sections[2].breaks == (LeafBreak(0, "page-3"),)
    first_use = [item for item in reading.items if isinstance(item, SectionItem) or item in reading.leaves]
    assert first_use.index(reading.leaves[1]) < first_use.index(reading.sections[2])


def test_columns_of_levels_go_on_where_they_are_empty(read):
    reading = read("类目,分目,条目,正文\n农业,种植业,概况,甲\n,,蔬菜,乙\n,林业,概况,丙\n工业,电力,概况,丁\n")

    assert [(level, title) for level, _k, _l, title in reading.outline()] == [
        (1, "农业"),
        (2, "种植业"),
        (3, "概况"),
        (3, "蔬菜"),
        (2, "林业"),
        (3, "概况"),
        (1, "工业"),
        (2, "电力"),
        (3, "概况"),
    ]
    assert [section.text for section in reading.sections if section.text] == ["甲", "乙", "丙", "丁"]


def test_superiors_give_the_levels(read):
    reading = read("标题,上级,正文\n农业,,\n种植业,农业,甲\n水稻,种植业,乙\n孤儿,没有,丙\n")

    assert [section.level for section in reading.sections] == [1, 2, 3, 1]
    assert [(p.code, p.where) for p in reading.problems] == [("parent", "第 5 行 B 列")]


def test_english_names_and_those_that_a_person_gives_are_understood(read):
    assert read("Level,Title,Content\n1,农业,甲\n").text_of("农业") == "甲"
    assert read("题,文\n农业,甲\n", columns={"题": "title", "B": "text"}).text_of("农业") == "甲"


def test_what_is_wrong_is_said_by_row_and_column_and_nothing_is_lost(read):
    reading = read("层级,类别,标题,正文\n1,篇,甲,\nx,怪,,无题的正文\n4,节,乙,\n")

    assert [(p.code, p.where) for p in reading.problems] == [
        ("no-title", "第 3 行 C 列"),
        ("kind", "第 3 行 B 列"),
        ("level", "第 3 行 A 列"),
        ("level", "第 4 行 A 列"),
    ]
    assert reading.text_of("（无题）") == "无题的正文"


def test_numbers_and_dates_of_a_workbook_are_text(read):
    book = Workbook()
    for row in (["层级", "标题", "正文", "页码"], [1.0, 1978, date(1978, 12, 18), 12.0], [2, "比率", 0.5, "iv"]):
        book.active.append(row)
    reading = read(book)

    assert [(s.level, s.title, s.text) for s in reading.sections] == [(1, "1978", "1978-12-18"), (2, "比率", "0.5")]
    assert [leaf.label for leaf in reading.leaves] == ["12", "iv"]


def test_hidden_sheets_are_skipped_and_said(read):
    book = Workbook()
    book.active.append(["标题", "正文"])
    book.active.append(["农业", "甲"])
    book.create_sheet("旧稿").append(["标题", "正文"])
    book["旧稿"].sheet_state = "hidden"
    reading = read(book)

    assert [section.title for section in reading.sections] == ["农业"]
    assert [(p.code, p.where) for p in reading.problems] == [("hidden-sheet", "旧稿")]


def test_merged_cells_of_a_column_go_on_below(read):
    book = Workbook()
    for row in (["类目", "条目", "正文"], ["农业", "概况", "甲"], [None, "渔业", "乙"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")

    assert [(s.level, s.title) for s in read(book).sections] == [(1, "农业"), (2, "概况"), (2, "渔业")]


def test_a_formula_without_a_value_and_an_error_are_said(read):
    book = Workbook()
    for row in (["标题", "正文"], ["农业", "=A1"], ["工业", "#N/A"]):
        book.active.append(row)
    reading = read(book)

    assert [(p.code, p.where) for p in reading.problems] == [
        ("formula", "第 2 行 B 列"),
        ("error-value", "第 3 行 B 列"),
    ]


def test_a_sheet_without_a_head_is_refused_with_what_is_needed(read):
    with pytest.raises(RefusedFile, match="认不出表头"):
        read("甲,乙\n丙,丁\n")


def test_a_quotation_that_never_ends_is_said(read):
    reading = read('标题,正文\n甲,乙\n丙,"丁\n' + "戊,己\n" * 400)

    assert [(p.code, p.where) for p in reading.problems] == [("quotation", "第 3 行")]


def test_a_source_stays_when_rows_are_added_before(read):
    before = {section.source for section in read("层级,标题\n1,农业\n2,概况\n1,工业\n2,概况\n").sections}
    after = {section.source for section in read("层级,标题\n1,序\n1,农业\n2,新\n2,概况\n1,工业\n2,概况\n").sections}

    assert before < after


@pytest.mark.parametrize("content", [b"", b"\x00\x00", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 old"])
def test_bad_files_are_refused_with_a_reason(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        Reading(Sheets(), path, tmp_path / "w")
    assert caught.value.reason


def test_a_workbook_that_is_cut_or_spoilt_is_refused_or_said(tmp_path):
    book = Workbook()
    book.active.append(["标题", "正文"])
    for number in range(300):
        book.active.append([f"条目{number}", "正文"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    whole = path.read_bytes()
    for at in range(0, len(whole), 997):
        for damaged in (whole[:at], whole[:at] + b"\xff" * 9 + whole[at + 9 :]):
            path.write_bytes(damaged)
            try:
                Reading(Sheets(), path, tmp_path / "w")
            except FileError as error:
                assert error.reason


def test_an_xml_bomb_is_refused(shared_data, tmp_path):
    with pytest.raises(RefusedFile, match="实体"):
        Reading(Sheets(), shared_data / "sheets" / "poc-xmlbomb.xlsx", tmp_path)
