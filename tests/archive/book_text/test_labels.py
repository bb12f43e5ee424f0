"""Printed page numbers by rule, and found again as readers type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.book_text.label_lookup import position_of, positions_of
from archive.book_text.labels import LabelRuleError, Numbering, Rule, labels, parse, rules_of, written


def first(rules, count):
    return labels(parse(rules), count)


def test_roman_numbers_stand_before_page_one():
    assert first("1-8: i; 9-: 1", 11) == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "1", "2", "3"]


def test_an_old_book_counts_leaves_with_two_sides():
    assert first("1-: 卷一·九下", 4) == ["卷一·九下", "卷一·十上", "卷一·十下", "卷一·十一上"]
    assert first("1-: 001-1a", 3) == ["001-1a", "001-1b", "001-2a"]


def test_a_rule_goes_on_until_the_next_begins():
    assert first("1-: 卷一·一上\n4-: 卷二·一上", 5) == ["卷一·一上", "卷一·一下", "卷一·二上", "卷二·一上", "卷二·一下"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("1-: 第009页", ["第009页", "第010页", "第011页"]),
        ("1-: 一百零九", ["一百零九", "一百一十", "一百一十一"]),
        ("1-: 一〇九", ["一〇九", "一一〇", "一一一"]),
        ("1-: 九 逐位", ["九", "一〇", "一一"]),
        ("1-: XXXIX", ["XXXIX", "XL", "XLI"]),
        ("1-: 插图8", ["插图8", "插图9", "插图10"]),
        ("1-: 2-3", ["2-3", "4-5", "6-7"]),
        ("1-: 2 +2", ["2", "4", "6"]),
        ("1-: 12 -1", ["12", "11", "10"]),
        ("1-: 彩页1 +0", ["彩页1", "彩页1", "彩页1"]),
        ("1: 封面；2-3：空", ["封面", "", ""]),
        ("1: “卷一；上”; 2-: 1", ["卷一；上", "1", "2"]),
        ("２-３：１", ["", "1", "2"]),
        ("3: 1", ["", "", "1"]),
    ],
)
def test_an_example_says_how_the_labels_go_on(rule, expected):
    assert first(rule, 3) == expected


def test_no_rule_means_no_labels():
    assert first("", 2) == ["", ""]


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("从第九页起", "读不懂"),
        ("0-3: 1", "从第 1 页数起"),
        ("8-3: 1", "止页在起页之前"),
        ("1-8: i; 5-: 1", "与前一条规则重叠"),
        ("5-: 1; 1-: i", "与前一条规则重叠"),
        ("1-: 封面 +1", "不能写步长"),
        ("5-10: 3 -1", "数到第 10 页时得到 -2"),
        ("1-4000: i", "写不出来"),
        ("1-: " + "东" * 41, "至多 40 字"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_reason(rule, complaint):
    with pytest.raises(LabelRuleError, match=complaint):
        parse(rule)


def test_numbers_that_run_out_are_told_when_the_book_is_numbered():
    with pytest.raises(LabelRuleError, match="数到第 4 页"):
        first("1-: 2 -1", 5)


RULES = st.builds(
    Rule,
    start=st.just(1),
    end=st.one_of(st.none(), st.integers(2, 60)),
    numbering=st.sampled_from([Numbering.ARABIC, Numbering.ROMAN_LOWER, Numbering.ROMAN_UPPER, Numbering.CHINESE]),
    value=st.integers(1, 900),
    step=st.integers(0, 3),
    pattern=st.sampled_from(["%s", "卷三·%s", "第%s页", "附%s"]),
    sides=st.sampled_from(["", "上下"]),
    second_side=st.just(False),
)


@given(RULES)
def test_written_rules_read_as_they_were(rule):
    if rule.sides and (rule.numbering in (Numbering.ROMAN_LOWER, Numbering.ROMAN_UPPER) or rule.pattern == "第%s页"):
        return
    assert parse(written([rule])) == [rule]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["", "封面", "卷一", "彩页", "i", "iv", "一〇", "2-3", "第5页", "100%s", "甲;乙"]),
            st.integers(0, 30).map(str),
        ),
        max_size=30,
    )
)
def test_labels_become_rules_and_labels_again(printed):
    assert labels(parse(written(rules_of(printed))), len(printed)) == printed


def test_the_labels_of_a_book_become_a_few_rules():
    rules = "1: 封面; 3-9: i; 10-200: 1; 201-300: 卷一·一上; 301-: 卷二·一上"
    assert written(rules_of(first(rules, 400))) == rules


BOOK = labels(parse("1: 封面; 2-9: i; 10-200: 1; 201-300: 卷一·一上; 301-: 卷二·一上"), 400)


@pytest.mark.parametrize(
    "typed", ["12", "第12页", "第 12 頁", "p. 12", "P.12", "pp 12", "page 12", "１２", "十二", "第十二页", "012"]
)
def test_a_page_is_found_however_it_is_typed(typed):
    assert position_of(typed, BOOK) == 21


@pytest.mark.parametrize("typed", ["卷一·十二上", "卷一 十二上", "卷1·12a", "卷一12上", "卷一、十二前"])
def test_a_side_of_an_old_leaf_is_found_however_it_is_typed(typed):
    assert position_of(typed, BOOK) == 223


def test_roman_pages_are_no_arabic_ones():
    assert (position_of("iii", BOOK), position_of("Ⅲ", BOOK), position_of("3", BOOK)) == (4, 4, 12)


def test_a_part_of_a_label_finds_every_leaf_that_it_may_mean():
    assert positions_of("十二下", BOOK) == [224, 324]
    assert positions_of("卷二", BOOK)[0] == 301


@pytest.mark.parametrize("typed", ["", "  ", "999", "卷九", "第页", "·"])
def test_what_is_not_printed_anywhere_is_not_found(typed):
    assert position_of(typed, BOOK) is None
