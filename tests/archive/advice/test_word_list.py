"""The office's word list: what it does not print, with what it prints instead."""

from archive.advice.word_list import AdvisedWord, find, parse


def test_lines_are_read_however_the_equals_is_typed():
    assert parse("# 备注\n解放后=中华人民共和国成立后\n酋长 ＝ 首领\n残废→残疾\n\n满清\n") == [
        AdvisedWord("解放后", "中华人民共和国成立后"),
        AdvisedWord("酋长", "首领"),
        AdvisedWord("残废", "残疾"),
        AdvisedWord("满清", ""),
    ]


def test_each_word_is_told_once_at_its_first_place():
    words = parse("解放后=中华人民共和国成立后\n满清")
    assert [(place, word.word) for place, word in find("桥于解放后重修，解放后又修。", words)] == [(2, "解放后")]


def test_the_better_word_is_not_taken_for_the_worse_one():
    words = parse("成立后=中华人民共和国成立后")
    assert list(find("中华人民共和国成立后重修", words)) == []
    assert [place for place, _word in find("中华人民共和国成立后，公社成立后", words)] == [13]
