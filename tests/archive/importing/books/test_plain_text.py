"""Plain text and Markdown become sections, whatever encoding they come in."""

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.book_text import notation
from archive.importing.books.contract import Options
from archive.importing.books.plain_text import PlainText
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile

from .reading_books import Reading

GAZETTEER = """东莞市志

凡　例
本志记事，上限追溯事物发端。

第一篇 建置
第一章 沿革
一、秦汉
秦属南海郡。
二、晋唐
晋立宝安县，唐至德二年更名东莞。
第二章
区划
全市辖四街道二十八镇。
"""

YEARBOOK = """莞城年鉴（2023）

农业
种植业
【概况】　2022年，全市种植面积 10 万亩。
水稻产量增长。
【蔬菜生产】全年蔬菜产量稳定。
年份	产量	增长
2021	10	1%
2022	12	2%
林业
【概况】2022年，森林覆盖率 37%。
（市林业局　李四）
工业
电力工业
【概况】　
"""

MARKDOWN = """# 虎门镇志

## 第一章 建置[^1]

虎门在**珠江口**东岸，`古称`虎头门。[^1] 见[链接](http://x)。
续行文字

![虎门炮台](img/a%20b.png)

| 年份 | 户数 |
|---|---|
| 1950 | 100\\|200 |

### 一、沿革
正文{{不是注}} \\* 星号
- 一项

## 附录
<!-- 编者按 -->末。
[^1]: 《宝安县志》卷二。
"""


@pytest.fixture
def read(tmp_path):
    def reading(content: str | bytes, name: str = "书稿.txt", encoding: str = "utf-8", **options) -> Reading:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        assert PlainText().recognises(path)
        return Reading(PlainText(), path, tmp_path / "workspace", Options(**options))

    return reading


def test_numbered_headings_of_a_gazetteer_make_its_contents(read):
    reading = read(GAZETTEER)

    assert reading.facts.title == "东莞市志"
    assert reading.outline() == [
        (1, "front", "", "凡例"),
        (1, "part", "第一篇", "建置"),
        (2, "chapter", "第一章", "沿革"),
        (3, "item", "一", "秦汉"),
        (3, "item", "二", "晋唐"),
        (2, "chapter", "第二章", "区划"),
    ]
    assert reading.text_of("区划") == "全市辖四街道二十八镇。"


def test_categories_of_a_yearbook_are_found_above_its_entries(read):
    reading = read(YEARBOOK)

    assert reading.facts.volume_year == 2023
    assert reading.outline() == [
        (1, "category", "", "农业"),
        (2, "subcategory", "", "种植业"),
        (3, "entry", "", "概况"),
        (3, "entry", "", "蔬菜生产"),
        (2, "subcategory", "", "林业"),
        (3, "entry", "", "概况"),
        (1, "category", "", "工业"),
        (2, "subcategory", "", "电力工业"),
        (3, "entry", "", "概况"),
    ]


def test_what_follows_an_entrys_heading_is_its_text(read):
    assert read(YEARBOOK).text_of("概况") == "2022年，全市种植面积 10 万亩。\n水稻产量增长。"


def test_lines_with_tabs_are_a_table(read):
    blocks = notation.parse(read(YEARBOOK).text_of("蔬菜生产")).blocks

    assert [block.kind for block in blocks] == ["paragraph", "table"]
    assert [cell.runs[0].text for cell in blocks[1].rows[2]] == ["2022", "12", "2%"]


def test_an_entry_without_text_is_said_with_its_line(read):
    assert [(p.code, p.where) for p in read(YEARBOOK).problems] == [("no-text", "第 16 行")]


def test_a_list_of_contents_is_no_second_set_of_headings(read):
    reading = read("目录\n第一章 甲\n第二章 乙\n第一章 甲\n正文。\n第二章 乙\n正文。\n")

    assert [title for *_rest, title in reading.outline()] == ["目录", "甲", "乙"]


def test_lines_that_a_typesetter_broke_are_joined(read):
    paragraph = (
        "　　东莞位于广东省中南部珠江口东岸因地处广州之东境内盛产莞草而得名全境东西长约七十公里南北宽约四十六公里。"
    )
    broken = "\n".join(paragraph[at : at + 20] for at in range(0, len(paragraph), 20))
    reading = read("第一章 甲\n" + "\n".join([broken] * 4))

    assert reading.text_of("甲").split("\n") == [paragraph.strip()] * 4
    assert "lines-joined" in reading.codes


def test_a_text_without_headings_is_one_section_and_said(read):
    reading = read("东莞市位于广东省中南部。\n人口一千万。\n", "沿革考.txt")

    assert [(section.title, section.text.count("\n")) for section in reading.sections] == [("沿革考", 1)]
    assert reading.codes == ["no-headings"]


def test_markdown_gives_headings_tables_footnotes_and_no_marks(read):
    reading = read(MARKDOWN, "虎门镇志.md")
    chapter = reading.text_of("建置")

    assert reading.facts.title == "虎门镇志"
    assert [(level, label, title) for level, _kind, label, title in reading.outline()] == [
        (1, "第一章", "建置"),
        (2, "一", "沿革"),
        (1, "", "附录"),
    ]
    assert chapter.startswith("虎门在珠江口东岸，古称虎头门。[^1] 见链接。续行文字\n")
    assert chapter.endswith("[^1]: 《宝安县志》卷二。")
    assert notation.plain(reading.text_of("沿革")) == "正文{{不是注}} * 星号\n· 一项"
    assert notation.plain(reading.text_of("附录")) == "末。"
    table = next(block for block in notation.parse(chapter).blocks if block.kind == "table")
    assert (table.head_rows, table.rows[1][1].runs[0].text) == (1, "100|200")


def test_a_picture_that_is_not_there_is_said_and_its_caption_stays(read):
    reading = read(MARKDOWN, "虎门镇志.md")

    assert [(p.code, p.where) for p in reading.problems] == [("no-picture", "第 8 行")]
    assert "虎门炮台" in reading.text_of("建置")


def test_pictures_beside_the_text_become_figures(tmp_path):
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("书/虎门镇志.md", MARKDOWN)
        archive.writestr("书/img/a b.png", b"picture")
    reading = Reading(PlainText(), path, tmp_path / "workspace")

    (figure,) = reading.figures
    assert figure.caption == "虎门炮台"
    assert (tmp_path / "workspace" / "pictures" / figure.picture).read_bytes() == b"picture"
    assert f"![虎门炮台](fig:{figure.key})" in reading.text_of("建置")


def test_several_files_follow_each_other_in_natural_order(tmp_path):
    for number, title in ((10, "丙"), (2, "乙"), (1, "甲")):
        (tmp_path / "书").mkdir(exist_ok=True)
        (tmp_path / "书" / f"第{number}章 {title}.txt").write_text(f"{title}的正文。\n", encoding="utf-8")

    reading = Reading(PlainText(), tmp_path / "书", tmp_path / "workspace")

    assert [(s.label, s.title, s.text) for s in reading.sections] == [
        ("第1章", "甲", "甲的正文。"),
        ("第2章", "乙", "乙的正文。"),
        ("第10章", "丙", "丙的正文。"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_each_encoding_of_the_office_is_found_out(read, encoding):
    reading = read(GAZETTEER, encoding=encoding)

    assert reading.outline() == read(GAZETTEER).outline()
    assert ("encoding" in reading.codes) == (encoding != "utf-8-sig")


def test_big5_is_told_from_gb18030(read):
    reading = read("第一章 建置\n東莞縣屬廣州府，國中之大縣也。其地方人民皆以農業為生。\n", encoding="big5")

    assert "東莞縣屬廣州府" in reading.text_of("建置")


def test_what_a_person_says_of_the_encoding_is_believed(tmp_path):
    path = tmp_path / "book.txt"
    path.write_bytes("第一章 甲\n東莞".encode("big5"))

    assert Reading(PlainText(), path, tmp_path / "w", Options(encoding="big5")).text_of("甲") == "東莞"
    assert "bytes" in Reading(PlainText(), path, tmp_path / "w", Options(encoding="utf-8")).codes
    with pytest.raises(RefusedFile, match="不认识的编码"):
        Reading(PlainText(), path, tmp_path / "w", Options(encoding="no-such"))


def test_lines_in_another_encoding_are_read_and_said(read):
    lines = [line.encode() for line in GAZETTEER.split("\n")]
    lines[10] = "晋立宝安县，唐至德二年更名东莞。".encode("gb18030")
    reading = read(b"\n".join(lines))

    assert reading.text_of("晋唐") == "晋立宝安县，唐至德二年更名东莞。"
    assert "encodings-mixed" in reading.codes


def test_bytes_that_cannot_be_read_stand_as_a_mark_and_are_said_with_their_line(read):
    lines = GAZETTEER.encode().split(b"\n")
    lines[3] = lines[3][:-4] + b"\xff" + lines[3][-3:]
    reading = read(b"\n".join(lines))

    assert ("bytes", "第 4 行") in [(p.code, p.where) for p in reading.problems]
    assert "�" in reading.text_of("凡例")


def test_control_characters_are_taken_out_and_said(read):
    reading = read(GAZETTEER.replace("秦属", "秦\x00属\x07"))

    assert reading.text_of("秦汉") == "秦属南海郡。"
    assert "control-characters" in reading.codes


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\x00\x00\x00", bytes(range(128, 256)) * 40])
def test_what_is_no_text_is_refused_with_a_reason(tmp_path, content):
    path = tmp_path / "book.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="空的|没有文字|认不出"):
        Reading(PlainText(), path, tmp_path / "workspace")


def test_a_line_of_ten_megabytes_is_read_and_said(read):
    reading = read("第一章 甲\n" + "莞" * 3_400_000)

    assert len(reading.text_of("甲")) == 3_400_000
    assert "long-line" in reading.codes


def test_a_locked_or_damaged_zip_is_refused(tmp_path):
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "第一章 甲\n" + "正文。" * 1000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\x00" * 20 + whole[len(whole) // 2 + 20 :])
    with pytest.raises(FileError):
        Reading(PlainText(), path, tmp_path / "workspace")


def test_a_bomb_is_refused(tmp_path):
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"\x41" * (40 << 20))
    with pytest.raises(RefusedFile, match="异常庞大"):
        Reading(PlainText(), path, tmp_path / "workspace")


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_with_a_reason(tmp_path, content):
    for name in ("a.txt", "a.md"):
        path = tmp_path / name
        path.write_bytes(content)
        try:
            reading = Reading(PlainText(), path, tmp_path / "workspace")
        except FileError as error:
            assert error.reason
        else:
            assert len({section.source for section in reading.sections}) == len(reading.sections)
