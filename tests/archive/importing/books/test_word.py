"""A Word file becomes sections with their tables, pictures and notes."""

import pytest

from archive.book_text import notation
from archive.importing.books.word import Word
from archive.importing.books.word_parts import formatted
from media_assets.file_errors import FileError, RefusedFile

from .reading_books import Reading
from .word_files import W, cell, p, picture, word_file


@pytest.fixture
def read(tmp_path):
    def reading(body: str, parts: dict | None = None, name: str = "志稿.docx") -> Reading:
        path = word_file(tmp_path / name, body, parts)
        assert Word().recognises(path)
        return Reading(Word(), path, tmp_path / "workspace")

    return reading


def test_heading_styles_make_the_sections(read):
    reading = read(
        p("东莞市志", "t")
        + p("第一篇　建置", "1")
        + p("正文。")
        + p("沿革", "2")
        + p("秦属南海郡。")
        + p("区划", "mine")
    )

    assert reading.facts.title == "东莞市志"
    assert reading.outline() == [
        (1, "part", "第一篇", "建置"),
        (2, "chapter", "", "沿革"),
        (1, "part", "", "区划"),
    ]
    assert reading.text_of("沿革") == "秦属南海郡。"


def test_an_outline_level_on_the_paragraph_itself_makes_a_heading(read):
    heading = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>沿革</w:t></w:r></w:p>'

    assert read(p("建置", "1") + heading + p("正文。")).outline()[1][::3] == (2, "沿革")


def test_automatic_numbers_are_the_labels_of_headings(read):
    reading = read(
        p("建置", "1", (7, 0))
        + p("沿革", "2", (7, 1))
        + p("区划", "2", (7, 1))
        + p("自然", "1", (7, 0))
        + p("气候", "2", (7, 1))
    )

    assert [(label, title) for _level, _kind, label, title in reading.outline()] == [
        ("第一章", "建置"),
        ("1.1", "沿革"),
        ("1.2", "区划"),
        ("第二章", "自然"),
        ("2.1", "气候"),
    ]


def test_without_styles_the_numbers_in_the_text_make_the_sections_and_it_is_said(read):
    reading = read(p("第一章　建置") + p("正文。") + p("第一节　沿革") + p("秦属南海郡。"))

    assert [(level, title) for level, _k, _l, title in reading.outline()] == [(1, "建置"), (2, "沿革")]
    assert reading.codes == ["no-heading-styles"]


def test_entries_of_a_yearbook_lie_below_styled_categories(read):
    entries = "".join(p(f"【{name}】2022年，{name}增长。") for name in ("概况", "种植业", "渔业"))
    reading = read(p("农业", "1") + entries)

    assert [(level, kind, title) for level, kind, _l, title in reading.outline()] == [
        (1, "category", "农业"),
        (2, "entry", "概况"),
        (2, "entry", "种植业"),
        (2, "entry", "渔业"),
    ]
    assert reading.text_of("渔业") == "2022年，渔业增长。"


def test_a_table_keeps_its_joined_cells(read):
    rows = (
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('年份', merge='restart')}{cell('户数', span=2)}</w:tr>"
        f"<w:tr>{cell('', merge='continue')}{cell('城|镇')}{cell('&lt;')}</w:tr>"
    )
    text = read(p("人口", "1") + f"<w:tbl>{rows}</w:tbl>").text_of("人口")
    (table,) = notation.parse(text).blocks

    assert (table.kind, table.head_rows) == ("table", 1)
    assert [(c.columns, c.rows) for c in table.rows[0]] == [(1, 2), (2, 1)]
    assert notation.plain(text) == "年份｜户数\n｜城|镇｜＜"


def test_a_picture_takes_the_caption_beneath_it(read, tmp_path):
    reading = read(p("炮台", "1") + p(inner=picture("r1")) + p("图1　虎门炮台") + p("正文。"))
    (figure,) = reading.figures

    assert figure.caption == "图1　虎门炮台"
    assert (tmp_path / "workspace" / "pictures" / figure.picture).read_bytes() == b"\x89PNG one"
    assert reading.text_of("炮台") == f"![图1　虎门炮台](fig:{figure.key})\n正文。"


def test_a_picture_that_cannot_be_shown_or_is_elsewhere_is_said(read):
    reading = read(p("炮台", "1") + p("见图", inner=picture("r2") + picture("r3")))

    assert [(problem.code, problem.where) for problem in reading.problems] == [("no-picture", "第 2 段")] * 2
    assert reading.figures == []


def test_footnotes_and_endnotes_stand_at_the_end_of_the_section_that_cites_them(read):
    notes = {
        "word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"/>'
        f'<w:footnote w:id="2">{p("《宝安县志》卷二。")}</w:footnote></w:footnotes>',
        "word/endnotes.xml": f'<w:endnotes {W}><w:endnote w:id="2">{p("口述。")}</w:endnote></w:endnotes>',
    }
    foot = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    reading = read(p("甲", "1") + p("一", inner=foot) + p("二", inner=end) + p("乙", "1") + p("三", inner=end), notes)

    assert reading.text_of("甲") == "一[^1]\n二[^2]\n[^1]: 《宝安县志》卷二。\n[^2]: 口述。"
    assert reading.text_of("乙") == "三[^1]\n[^1]: 口述。"


def test_insertions_are_kept_and_deletions_left_out(read):
    inner = "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"

    assert read(p("甲", "1") + p("正文", inner=inner)).text_of("甲") == "正文新增"


def test_a_text_box_is_read_once_and_hidden_text_is_counted(read):
    box = f"<w:txbxContent>{p('框中文字')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    reading = read(p("甲", "1") + p("正文", inner=f"<w:r>{both}</w:r>{hidden}"))

    assert reading.text_of("甲") == "正文\n框中文字"
    assert [(problem.code, problem.values) for problem in reading.problems] == [("hidden", {"count": 2})]


def test_two_lines_in_one_are_a_double_line_note(read):
    small = '<w:r><w:rPr><w:eastAsianLayout w:combine="1"/></w:rPr><w:t>在县西</w:t></w:r>'

    assert read(p("山", "1") + p("黄岭", inner=small)).text_of("山") == "黄岭{{在县西}}"


def test_vertical_text_turns_from_right_to_left(read):
    reading = read(p("甲", "1") + '<w:sectPr><w:textDirection w:val="tbRl"/></w:sectPr>')

    assert reading.facts.reading == "rtl"


def test_the_files_own_list_of_contents_is_left_out_and_said(read):
    reading = read(p("第一章 甲……1", "TOC1") + p("甲", "1") + p("正文。"))

    assert [section.title for section in reading.sections] == ["甲"]
    assert reading.codes == ["contents"]


def test_marks_of_the_notation_in_the_text_stay_text(read):
    text = read(p("甲", "1") + p("{{不是注}} [^1] ![x](fig:y)")).text_of("甲")

    assert notation.plain(text) == "{{不是注}} [^1] ![x](fig:y)"


def test_the_same_picture_keeps_its_key_when_the_file_comes_again(read):
    body = p("甲", "1") + p(inner=picture("r1"))

    assert read(body).figures[0].key == read(p("新", "1") + body).figures[0].key


def test_an_old_or_locked_file_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "旧.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100) + "EncryptedPackage".encode("utf-16-le"))
    assert Word().recognises(path)
    with pytest.raises(RefusedFile, match="密码"):
        Reading(Word(), path, tmp_path / "w")
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    with pytest.raises(RefusedFile, match="另存为 .docx"):
        Reading(Word(), path, tmp_path / "w")


def test_entities_and_bombs_are_refused(tmp_path):
    body = p("甲", "1")
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:styles/>'
    with pytest.raises(RefusedFile, match="实体"):
        Reading(Word(), word_file(tmp_path / "e.docx", body, {"word/styles.xml": entity}), tmp_path / "w")
    bomb = {"word/media/image1.png": bytes(60 << 20)}
    with pytest.raises(RefusedFile, match="异常庞大"):
        Reading(Word(), word_file(tmp_path / "b.docx", body, bomb), tmp_path / "w")


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
def test_a_file_that_is_cut_off_or_spoilt_is_refused_with_a_reason(tmp_path, share):
    path = word_file(tmp_path / "a.docx", p("甲", "1") + p("正文。") * 50)
    whole = path.read_bytes()
    at = int(len(whole) * share)
    for damaged in (whole[:at], whole[:at] + b"\xff" * 9 + whole[at + 9 :]):
        path.write_bytes(damaged)
        try:
            Reading(Word(), path, tmp_path / "w")
        except FileError as error:
            assert error.reason


def test_a_document_whose_xml_breaks_off_is_refused(tmp_path):
    path = word_file(tmp_path / "a.docx", p("甲", "1"), {"word/document.xml": f"<w:document {W}><w:body><w:p>"})
    with pytest.raises(FileError, match="已损坏"):
        Reading(Word(), path, tmp_path / "w")


@pytest.mark.parametrize(
    ("count", "form", "shown"),
    [
        (12, "chineseCountingThousand", "十二"),
        (3, "ideographTraditional", "丙"),
        (20, "decimalEnclosedCircle", "⑳"),
        (9, "lowerRoman", "ix"),
        (27, "upperLetter", "AA"),
        (5, "unknown", "5"),
    ],
)
def test_numbers_are_written_as_word_writes_them(count, form, shown):
    assert formatted(count, form) == shown
