"""What a reader may type: everything, and what it means."""

import pytest
from django.test.utils import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query import MAX_LENGTH, MAX_TERMS, parse
from tests.search.test_folding import ANY_TEXT


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


def test_only_punctuation_finds_nothing_and_says_so():
    assert parse("？？——").terms == ()
    assert parse("？？——").notices


def test_what_is_too_long_is_cut_and_the_reader_is_told():
    query = parse("莞" * (MAX_LENGTH + 1))
    assert query.terms == ("莞" * MAX_LENGTH,)
    assert str(MAX_LENGTH) in query.notices[0]


def test_too_many_words_are_cut_and_the_reader_is_told():
    query = parse(" ".join(f"词{number}" for number in range(MAX_TERMS + 5)))
    assert len(query.terms) == MAX_TERMS
    assert str(MAX_TERMS) in query.notices[0]


@settings(deadline=None)  # the tables are made by the first call
@given(ANY_TEXT | st.text("\"“”「」『』'()[]{}*?~^:+-!&|\\/ 莞a1，、", max_size=40))
def test_nothing_that_can_be_typed_is_an_error(typed):
    with override_settings(USE_I18N=False):
        query = parse(typed)
    assert len(query.terms) <= MAX_TERMS
    query.text.encode()
    for term in query.terms:
        term.encode()
