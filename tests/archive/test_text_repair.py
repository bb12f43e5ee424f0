"""Damages of Chinese text are found, the certain ones mended, and nothing else is touched."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.book_text import notation
from archive.text_repair import LABELS, Kind, apply, find, mend, undo


def listed(text, **how):
    return [(damage.kind, damage.found, damage.proposed) for damage in find(text, **how) if not damage.certain]


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        # Pinyin of a converter: at traditional forms of common characters.
        ("領(lǐng)導(dǎo)同志", "領導同志"),
        ("中國(guó)東莞的經(jīng)濟(jì)發(fā)展", "中國東莞的經濟發展"),
        ("領lǐng導", "領導"),
        ("領(lǐnɡ)導", "領導"),
        ("領（lǐng）導（dǎo）發(fā)展對(duì)經(jīng)", "領導發展對經"),
        # GBK that lost a byte.
        ("?。ㄒ唬", "（一）"),
        ("下列条件：?。ㄒ唬┯泄潭ǖ?其他", "下列条件：（一）有固定?其他"),
        ("规定?。ㄒ唬农业生产", "规定（一）农业生产"),
        ("条件?。ǘ\ufffd）工业", "条件（二）工业"),
        # UTF-8 read as something else.
        ("参加é¾™èˆŸ竞渡", "参加龙舟竞渡"),
        ("Â·", "·"),
        ("榫欒垷鑺傦紝涓滆帪", "龙舟节，东莞"),
        # Web pages.
        ("虎门<br>长安", "虎门\n长安"),
        ("虎门<br />\n长安", "虎门\n长安"),
        ('<font color="red">虎门</font>镇', "虎门镇"),
        ("虎门&nbsp;&nbsp;长安", "虎门长安"),
        ("A&amp;B、&#x4E1C;&#33694;", "A&B、东莞"),
        ("甲&amp;nbsp;乙", "甲乙"),
        # Names, radicals, punctuation, what cannot be seen.
        ("买买提?艾力", "买买提·艾力"),
        ("克里木?艾买提", "克里木·艾买提"),
        ("⼀⾼⻁门", "一高虎门"),
        ("金", "金"),
        ("东莞,虎门; 长安", "东莞，虎门；长安"),
        ("东\u200b莞\xad市\ufeff", "东莞市"),
        # Years.
        ("一九八O年至二○○五年", "一九八〇年至二〇〇五年"),
        ("二OO一—二○一○年", "二〇〇一—二〇一〇年"),
    ],
)
def test_certain_damages_are_mended(damaged, sound):
    assert mend(damaged).text == sound


@pytest.mark.parametrize(
    "sound",
    [
        "東莞縣志卷之一 {{邑人某某修}} 凡三萬六千户",
        "面积1,234.5平方公里，约 12:30 出发",
        "一九八零年、二〇〇一年、公元一○年",
        "A, B; C: D! 为什么？因为。",
        "CAFÉ与naïve、Köln、1°C、±5%、“引号”……",
        "日本のあと、注音ㄉㄨㄥ（ㄈ）、αβγ",
        "﨑山、塚、峯、髙、𢎞、葛󠄀城",
        "a<b且c>d，<pb:KR2k0013_WYG_001-1a>",
        "可汗（kè hán）与AT&T公司",
        "烫手的屯门，锟斤",
        "| 镇 | 户 |\n|---|---|\n| 虎门 | < |",
        "正文[^1]\n[^1]: 注文",
        "![图一](fig:a-1)",
    ],
)
def test_sound_text_is_left_as_it_is(sound):
    assert mend(sound).text == sound


@pytest.mark.parametrize(
    ("text", "kind", "found", "proposed"),
    [
        ("東莞（guǎn）", Kind.PINYIN, "（guǎn）", ""),
        ("大沥(lì)镇", Kind.PINYIN, "(lì)", ""),
        ("莞(guan)城", Kind.PINYIN, "(guan)", ""),
        ("锟斤拷锟斤拷年", Kind.LOST, "锟斤拷锟斤拷", None),
        ("烫烫烫烫", Kind.LOST, "烫烫烫烫", None),
        ("东\ufffd市", Kind.LOST, "\ufffd", None),
        ("东?市", Kind.LOST, "?", None),
        ("为什么?东莞", Kind.PUNCTUATION, "?", "？"),
        ("买买提？艾力肉", Kind.NAME_DOT, "？", "·"),
        ("m<sup>2", Kind.TAG, "<sup>", ""),
        ("东\ue123市", Kind.PRIVATE_USE, "\ue123", None),
        ("计1O0户", Kind.NUMBER_LETTER, "1O0", "100"),
        ("在l978年", Kind.NUMBER_LETTER, "l978", "1978"),
        ("秋風  明月", Kind.SPACE, "  ", ""),
        ("榫欒垷", Kind.MISREAD, "榫欒垷", "龙舟"),
    ],
)
def test_what_is_uncertain_is_listed_with_a_proposal(text, kind, found, proposed):
    assert (kind, found, proposed) in listed(text)
    assert found in mend(text).text


def test_a_line_broken_in_mid_sentence_is_listed_unless_lines_are_those_of_the_page():
    text = "全市地方志工作会议在莞城召开，会议部署了第二轮修志的\n各项工作，并表彰了先进。\n第二章　建置"
    assert (Kind.BROKEN_LINE, "\n", "") in listed(text)
    assert listed(text, lines_are_physical=True) == []


def test_every_damage_has_a_reason_and_its_kind_a_name():
    damages = find("領(lǐng)導<br>東?莞⼀\ue000 计1O0户")
    assert len(damages) == 6
    assert all(re.search("[一-鿿].*。$", damage.reason) and LABELS[damage.kind] for damage in damages)


def test_the_log_says_where_each_repair_stands_before_and_after():
    mended = mend("⼀、領(lǐng)導<br>，。")
    assert mended.text == "一、領導\n，。"
    assert [(each.start, each.mended_start, each.found, each.put) for each in mended.log] == [
        (0, 0, "⼀", "一"),
        (3, 3, "(lǐng)", ""),
        (10, 4, "<br>", "\n"),
    ]


def test_one_repair_can_be_undone_and_the_others_kept():
    mended = mend("⼀、領(lǐng)導")
    assert undo(mended.text, mended.log, only=mended.log[1:]) == "一、領(lǐng)導"


def test_an_editor_may_accept_what_is_listed():
    text = "東莞（guǎn）縣⼀"
    assert apply(text, find(text)).text == "東莞縣一"


def test_a_text_that_was_edited_since_is_not_undone_blindly():
    mended = mend("⼀、領(lǐng)導")
    with pytest.raises(ValueError, match="changed"):
        undo("二" + mended.text, mended.log)


def test_damages_of_another_text_are_refused():
    with pytest.raises(ValueError, match="not in this text"):
        apply("东莞", find("⼀"))


def test_marks_of_the_notation_are_neither_broken_nor_made():
    assert mend("{\u200b{夹}\u200b}").text == "{\u200b{夹}\u200b}"
    assert notation.plain(mend("&#123;&#123;甲&#125;&#125;").text) == "{{甲}}"
    assert mend("| 虎门<br>镇 | 1,200 |").text == "| 虎门 镇 | 1,200 |"
    assert mend("正文<br>| 不是表").text == "正文<br>| 不是表"
    assert mend("{{領(lǐng)導,某}}").text == "{{領導，某}}"


PIECES = st.sampled_from(
    [
        *[
            "東莞縣志",
            "領(lǐng)導",
            "（guǎn）",
            "?。ㄒ唬",
            "é¾™èˆŸ",
            "榫欒垷鑺傦紝",
            "锟斤拷",
            "<br>",
            "<font x>",
            "</b>",
            "&nbsp;",
        ],
        *[
            "&#x4E1C;",
            "&#123;",
            "&lt;",
            "?",
            "⼀⾼",
            ",",
            "  ",
            "\u200b",
            "\xad",
            "\ue000",
            "一九八O年",
            "1O0",
            "\n",
            "{{",
            "}}",
        ],
        *[
            "[^1]",
            "[^1]: ",
            "|",
            "| 甲 | < |",
            "\\",
            "{",
            "[",
            "!",
            "![图](fig:a)",
            "買買提?艾力",
            "ㄒ",
            "唬",
            "。",
            "\ufffd",
            "甲",
            "a",
        ],
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40))


@given(TEXTS)
def test_whatever_is_mended_can_be_undone(text):
    mended = mend(text)
    assert undo(mended.text, mended.log) == text
    for repair in mended.log:
        assert text[repair.start : repair.end] == repair.found
        assert mended.text[repair.mended_start : repair.mended_end] == repair.put


@given(TEXTS)
def test_whatever_is_listed_can_be_applied_and_undone(text):
    everything = apply(text, find(text))
    assert undo(everything.text, everything.log) == text


@given(TEXTS)
def test_mending_makes_and_breaks_no_mark(text):
    def marks(written):
        return [run.kind for block in notation.parse(written).blocks for run in block.runs if run.kind != "text"]

    assert marks(mend(text).text).count("reference") == marks(text).count("reference")
    assert len(_tables(mend(text).text)) == len(_tables(text))


def _tables(text):
    return [block for block in notation.parse(text).blocks if block.kind == "table"]


def _shifted(sound, lost):
    data = sound.encode("gb18030")
    return (data[:lost] + data[lost + 1 :]).decode("gb18030", "replace")


@pytest.mark.parametrize("numeral", "一二三四五六七八九十")
@pytest.mark.parametrize(
    "words", ["有固定的生产场所的；", "农业总产值比上年增长12%。", "虎门、长安等镇街的龙舟竞渡活动"]
)
def test_a_lost_byte_before_a_numbered_clause_is_made_good(numeral, words):
    sound = f"下列条件：　　（{numeral}）{words}"
    for lost in (10, 11):
        repaired = mend(_shifted(sound, lost)).text
        assert f"（{numeral}）{words[:4]}" in repaired


def test_a_lost_byte_elsewhere_is_never_made_good_wrongly():
    sound = "澜江龙舟赛在永济桥至芦汀沙嘴水域举行，十九支队伍、六百八十四名队员参赛，观众沿岸站了三里。"
    for lost in range(len(sound.encode("gb18030"))):
        for damage in find(_shifted(sound, lost)):
            assert not (damage.kind is Kind.SHIFTED and damage.certain) or damage.proposed in sound


def test_old_books_are_sound(shared_data):
    leaves = []
    for path in sorted((shared_data / "books").glob("*/*.txt")):
        pages = re.split(r"<pb:[^>]*>", path.read_text(encoding="utf-8"))[1:]
        leaves += [re.sub(r"\(([^()/]*)/([^()]*)\)", r"{{\1\2}}", page.replace("¶", "")) for page in pages]
    assert len(leaves) > 2000
    assert [damage for leaf in leaves for damage in find(leaf, lines_are_physical=True) if damage.certain] == []


def test_clean_text_is_read_quickly():
    text = "东莞市位于广东省中南部，珠江口东岸。1985年撤县建市，面积2,460平方公里；下辖三十二个镇街。\n" * 20_000
    find(text[:100])
    began = time.process_time()
    assert find(text) == []
    assert len(text.encode()) / (time.process_time() - began) > 2_500_000
