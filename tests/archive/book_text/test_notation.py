"""Passages are written in a notation; what is searched and cited is the same text without its marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.book_text.notation import escape, note, parse, plain, table

MARKED = "{}[]^!|\\ \n　龍舟(fig:a1)12<>-"


def test_text_without_marks_is_itself_but_for_the_space_around_its_lines():
    text = "秦屬南海郡。\n\n　漢置博羅縣。"
    assert plain(text) == parse(text).plain == "秦屬南海郡。\n漢置博羅縣。"
    assert [block.kind for block in parse(text).blocks] == ["paragraph", "paragraph"]


def test_a_double_line_note_stands_where_it_stands():
    passage = parse("疑白緒即白紵也{{古今樂録}}。")
    assert passage.plain == "疑白緒即白紵也古今樂録。"
    assert [(run.kind, run.text) for run in passage.blocks[0].runs] == [
        ("text", "疑白緒即白紵也"),
        ("note", "古今樂録"),
        ("text", "。"),
    ]


def test_a_footnote_has_its_reference_and_its_words():
    passage = parse("龍舟[^1]競渡。\n[^1]: 見《縣志》。")
    assert passage.plain == "龍舟競渡。\n見《縣志》。"
    assert [run.kind for run in passage.blocks[0].runs] == ["text", "reference", "text"]
    assert (passage.blocks[1].kind, passage.blocks[1].name) == ("footnote", "1")


def test_a_table_keeps_its_joined_cells_and_no_word_runs_across_two():
    passage = parse("| 年 | 户口 | < |\n|---|---|---|\n| 康熙 | 三千 | 五百 |\n| ^ | 四千 | 六百 |")
    rows = passage.blocks[0].rows
    assert passage.blocks[0].head_rows == 1
    assert [(cell.columns, cell.rows) for cell in rows[0]] == [(1, 1), (2, 1)]
    assert [(cell.columns, cell.rows) for cell in rows[1]] == [(1, 2), (1, 1), (1, 1)]
    assert len(rows[2]) == 2
    assert "康熙｜三千｜五百" in passage.plain


def test_a_figure_has_its_caption():
    [figure] = parse("![圖一　縣治](fig:image3)").blocks
    assert (figure.kind, figure.name) == ("figure", "image3")
    assert parse("![圖一　縣治](fig:image3)").plain == "圖一　縣治"


def test_lines_of_a_page_are_one_paragraph_until_one_begins():
    text = "呉歈吳人歌也\n拂舞白符舞\n　檢其歌非吳辭也"
    blocks = parse(text, lines_are_physical=True).blocks
    assert len(blocks) == 2
    assert len(blocks[0].breaks) == 1
    assert parse(text, lines_are_physical=True).plain == parse(text).plain.replace("　", "")


def test_a_note_that_crosses_lines_of_a_page_goes_on():
    [block] = parse("臣按{{此注跨\n行}}終。", lines_are_physical=True).blocks
    assert [run.kind for run in block.runs] == ["text", "note", "note", "text"]


@pytest.mark.parametrize("text", ["{{未完", "未始}}", "[^", "![x](fig:", "|", "||", "\\", "| ^ | < |"])
def test_a_mark_that_is_not_closed_is_text(text):
    assert isinstance(parse(text).plain, str)


def test_a_table_is_written_from_cells():
    written = table([["年", "户|口"], ["康熙\n元年", "3"]], head_rows=1)
    assert [[run.text for cell in row for run in cell.runs] for row in parse(written).blocks[0].rows] == [
        ["年", "户|口"],
        ["康熙 元年", "3"],
    ]
    assert plain(f"甲{note(escape('乙{{丙'))}") == "甲乙{{丙"


@given(st.text(alphabet=MARKED, max_size=60))
def test_what_came_from_elsewhere_is_never_a_mark(text):
    """Escaped, a line says what it said; only the white space around it goes."""
    expected = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    assert plain(escape(text)) == expected


@given(st.text(alphabet=MARKED, max_size=80), st.booleans())
def test_offsets_mean_the_same_whichever_way_the_plain_text_is_made(text, physical):
    if "{{" not in text:  # a note that crosses lines goes on in a page's lines alone
        assert plain(text) == parse(text, physical).plain


@given(st.text(alphabet=MARKED, max_size=80), st.booleans())
def test_each_character_of_the_plain_text_knows_where_it_stands(text, physical):
    passage = parse(text, physical)
    assert len(passage.source) == len(passage.plain)
    assert list(passage.source) == sorted(passage.source)
    for character, source in zip(passage.plain, passage.source, strict=True):
        if character not in "\n｜":
            assert text[source] == character
