"""The words that were found, in their place."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from search.text.folding import fold
from search.text.snippets import highlight, occurrences, snippet

LEAF = (
    "　　吳郡志卷一　　　宋　范成大　撰\n　　㳂革\n吳古揚州之域也初周大王三子大伯仲雍季厯季厯\n"
    "　有聖子昌大王欲立季厯以及昌大伯仲雍乃奔荆\n　蠻文身斷髪示不可用以避季厯。荆蠻義之從而歸\n"
    "者千餘家號曰句吳立為吳大伯自大伯作吳五世，GDP growth 12%。"
)


def terms(*words: str) -> list[str]:
    return [fold(word) for word in words]


def test_what_is_shown_is_the_original_and_the_hit_is_marked():
    assert "以<mark>避季厯</mark>" in snippet(LEAF, terms("避季历"), 40)
    assert "<mark>荆蠻義之從而歸者千餘家</mark>" in snippet(LEAF, terms("荆蛮义之从而归者千余家"), 40)


def test_a_hit_over_a_line_break_is_marked_whole():
    assert "<mark>乃奔荆蠻文身</mark>" in snippet(LEAF, terms("乃奔荆蛮文身"), 40)


def test_the_passage_that_shows_most_words_is_chosen():
    assert "<mark>范成大</mark>" in snippet(LEAF, terms("范成大", "吴郡志"), 40)
    assert "<mark>五世</mark>" in snippet(LEAF, terms("五世", "growth"), 40)


def test_where_the_passage_was_cut_stands_an_ellipsis():
    assert snippet(LEAF, terms("季历"), 20).startswith("…")
    assert snippet(LEAF, terms("季历"), 20).endswith("…")
    assert "…" not in snippet(LEAF, terms("季历"), 1000)


def test_a_passage_without_a_hit_is_the_beginning():
    assert snippet(LEAF, terms("龙舟"), 20).startswith("吳郡志卷一")


def test_words_of_letters_are_marked_whole_only_and_not_cut():
    assert "<mark>growth</mark>" in snippet(LEAF, terms("GROWTH"), 30)
    assert "<mark>" not in snippet(LEAF, terms("row"), 30)
    assert "<mark>12</mark>%" in snippet(LEAF, terms("12"), 30)
    assert not re.search(r"\bgro\b|\bgrow\b", snippet(LEAF, terms("五世"), 12))


def test_markup_in_the_text_is_shown_and_not_run():
    shown = snippet('莞<script>alert("莞")</script>&amp;', terms("莞"), 100)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert shown.count("<mark>莞</mark>") == 2


def test_overlapping_hits_are_one_mark():
    assert highlight("東莞縣志", terms("东莞县", "县志")) == "<mark>東莞縣志</mark>"


@settings(deadline=None)  # the tables are made by the first call
@given(
    st.text("東莞龍舟，。 \n<>&\"'aB1\u0301", max_size=80), st.lists(st.text("东莞龙舟ab1， ", max_size=4), max_size=3)
)
def test_a_snippet_is_the_text_and_nothing_but_the_text(text, words):
    shown = highlight(text, [fold(word) for word in words])
    assert unescape(re.sub("</?mark>", "", shown)) == text
    assert re.sub("<mark>[^<]*</mark>", "", shown).count("<") == 0
    assert "<mark><mark>" not in snippet(text, [fold(word) for word in words], 10)


def test_a_huge_text_is_answered_at_once():
    assert "<mark>莞</mark>" in snippet("東莞" * 500_000, terms("莞"), 60)


def test_where_words_stand_is_told_in_the_original_and_never_twice():
    text = "東莞縣志，莞城之圖；Ｄongguan"
    found = occurrences(text, terms("东莞县", "莞", "dongguan"))
    assert [text[start:end] for start, end in found] == ["東莞縣", "莞", "Ｄongguan"]
    assert occurrences(text, terms("龙舟")) == []
    assert occurrences("", terms("莞")) == []
