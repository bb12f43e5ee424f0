"""What a reader may type: everything, and what it means."""

import pytest
from django.test.utils import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search import registry
from search.engines.base import Clause
from search.parsing import MAX_ALTERNATIVES, MAX_LENGTH, MAX_TERMS, expand, parse
from tests.search.test_folding import ANY_TEXT

MARKS = st.text("\"“”「」『』'()[]{}（）｜|*?~^：:+-－!&\\/ 　莞旱标题a1，、\x00\x1f", max_size=60)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("東莞", ("东莞",)),
        ("  東莞　龍舟 ", ("东莞", "龙舟")),
        ("虎门、炮台，林则徐；1839", ("虎门", "炮台", "林则徐", "1839")),
        ("“东莞 龙舟” 虎门", ("东莞 龙舟", "虎门")),
        ("「東莞　龍舟」", ("东莞 龙舟",)),
        ("＂Humen Town＂", ("humen town",)),
        ('东莞"龙舟', ("东莞", "龙舟")),
        ("《東莞縣志》", ("《东莞县志》",)),
        ("1,000", ("1,000",)),
        ("莞 莞", ("莞",)),
        ("", ()),
        ("   ", ()),
    ],
)
def test_what_was_typed_becomes_terms(typed, terms):
    assert parse(typed).terms == terms


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("炮台 -鴉片", [Clause(("炮台",)), Clause(("鸦片",), excluded=True)]),
        ("炮台 －“鴉片 战争”", [Clause(("炮台",)), Clause(("鸦片 战争",), excluded=True)]),
        ("旱|涝", [Clause(("旱", "涝"))]),
        ("旱 ｜ 澇 | 蝗", [Clause(("旱", "涝", "蝗"))]),
        ("虎门（旱|亢旱|不雨）", [Clause(("虎门",)), Clause(("旱", "亢旱", "不雨"))]),
        ("虎门 （旱|亢旱|不雨） 蝗", [Clause(("虎门",)), Clause(("旱", "亢旱", "不雨")), Clause(("蝗",))]),
        ("-(旱|涝) 莞", [Clause(("旱", "涝"), excluded=True), Clause(("莞",))]),
        ("标题:龍舟", [Clause(("龙舟",), field="title")]),
        ("標題： 龍舟 竞渡", [Clause(("龙舟",), field="title"), Clause(("竞渡",))]),
        ("人物:陳伯陶 地名:石龍", [Clause(("陈伯陶",), field="people"), Clause(("石龙",), field="place_names")]),
        ("-标题:(旱|涝)", [Clause(("旱", "涝"), field="title", excluded=True)]),
        ("标题:“龙舟 竞渡”", [Clause(("龙舟 竞渡",), field="title")]),
        ("DG-B-0042", [Clause(("dg-b-0042",))]),
        ("虎门 - 炮台", [Clause(("虎门",)), Clause(("炮台",))]),
        ("价格:五元", [Clause(("价格:五元",))]),
        ("标题:", [Clause(("标题:",))]),
        ("| 旱 |", [Clause(("旱",))]),
        ("旱 | -涝", [Clause(("旱",)), Clause(("涝",), excluded=True)]),
        ("(旱灾)", [Clause(("(旱灾)",))]),
        ("(|)", []),
    ],
)
def test_marks_mean_what_the_help_page_says_and_without_sense_they_mean_nothing(typed, clauses):
    assert list(parse(typed).clauses) == clauses


def test_only_punctuation_finds_nothing_and_says_so():
    assert parse("？？——").asks_nothing
    assert parse("？？——").notices


def test_what_is_too_long_is_cut_and_the_reader_is_told():
    query = parse("莞" * 10_000)
    assert query.terms == ("莞" * MAX_LENGTH,)
    assert str(MAX_LENGTH) in query.notices[0]


def test_too_many_words_are_cut_and_the_reader_is_told():
    query = parse(" ".join(f"词{number}" for number in range(MAX_TERMS + 5)))
    assert len(query.terms) == MAX_TERMS
    assert str(MAX_TERMS) in query.notices[0]


def test_too_many_synonyms_are_cut_and_the_reader_is_told():
    query = parse("|".join(f"词{number}" for number in range(MAX_ALTERNATIVES + 5)))
    assert len(query.clauses[0].texts) == MAX_ALTERNATIVES
    assert str(MAX_ALTERNATIVES) in query.notices[0]


@settings(deadline=None, max_examples=400)  # the tables are made by the first call
@given(ANY_TEXT | MARKS)
@example("(" * 200)
@example("(|" * 100)
@example('-"' * 100)
@example("标题:" * 60)
def test_nothing_that_can_be_typed_is_an_error(typed):
    with override_settings(USE_I18N=False):
        query = parse(typed)
    assert len(query.clauses) <= MAX_TERMS
    assert query.asks_nothing == bool(query.text and not query.clauses)
    query.text.encode()
    for term in query.terms:
        term.encode()


# --- Places and their other names ---------------------------------------------------------------------------------


@pytest.fixture
def old_names(empty_registry):
    names = {"宝安": ("东莞", "寳安縣"), "东莞": ("寳安",)}
    registry.register_expansions("place", lambda words: {word: names[word] for word in words if word in names})


def test_a_place_is_looked_for_under_its_other_names_too_and_the_reader_sees_which(old_names):
    query = expand(parse("寶安 龙舟"))
    assert query.clauses == (Clause(("宝安", "东莞", "宝安县")), Clause(("龙舟",)))
    assert query.terms == ("宝安", "东莞", "宝安县", "龙舟")
    assert [(added.typed, added.names) for added in query.added] == [("宝安", ("东莞", "寳安縣"))]
    assert expand(parse("東莞")).clauses == (Clause(("东莞", "宝安")),)


@pytest.mark.parametrize("typed", ["“宝安”", "-宝安", "宝安|虎门", "人物:宝安", "宝安人", "龙舟"])
def test_what_is_quoted_excluded_or_no_place_is_looked_for_as_it_was_typed(old_names, typed):
    query = expand(parse(typed))
    assert query == parse(typed)
