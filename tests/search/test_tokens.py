"""How text is cut for the index."""

import pytest

from search.text.folding import fold
from search.text.tokens import (
    GAP,
    LONGEST_WORD,
    continued_tokens,
    crossings,
    lone_characters,
    pair_tokens,
    single_tokens,
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("吳縣人物", ["吴县", "县人", "人物", GAP]),
        ("吳縣，人物", ["吴县", GAP, "人物", GAP]),
        ("吳縣。」「人物", ["吴县", GAP, "人物", GAP]),
        ("1978年", ["1978", "1978年", GAP]),
        ("年12月", ["年12", "12", "12月", GAP]),
        ("Digital Museum", ["digital", GAP, "museum", GAP]),
        ("莞", [GAP]),
        ("", []),
        ("——", []),
        ("彝文ꀀꀁ", ["彝文", "文ꀀ", "ꀀꀁ", GAP]),
    ],
)
def test_text_becomes_pairs_and_words(text, tokens):
    assert pair_tokens(fold(text)) == tokens


@pytest.mark.parametrize("broken", ["東莞\n龍舟", "東莞　　龍舟", "東 莞 龍 舟", "東\u200b莞\ufeff龍\U000e0100舟"])
def test_line_breaks_spaces_and_what_nobody_sees_do_not_end_a_run(broken):
    assert pair_tokens(fold(broken)) == pair_tokens(fold("東莞龍舟"))


def test_a_character_outside_the_bmp_is_one_character():
    assert pair_tokens(fold("𠀀𪛖莞")) == [f"{fold('𠀀')}𪛖", "𪛖莞", GAP]


def test_accents_written_apart_are_the_same_word():
    assert pair_tokens(fold("Cha\u0301ng")) == pair_tokens(fold("Ch\u00e1ng")) == ["chang", GAP]


def test_single_characters_are_every_han_character():
    assert single_tokens(fold("東莞，GDP 莞")) == ["东", "莞", "莞"]


def test_lone_characters_are_those_that_no_pair_holds():
    assert lone_characters(fold("丁·卯")) == ["丁", "卯"]
    assert lone_characters(fold("丁卯，月5日")) == []
    assert lone_characters(fold("「人」事物 x")) == ["人"]


def test_a_line_of_noise_is_cut_to_a_word():
    assert pair_tokens("x" * 100_000) == ["x" * LONGEST_WORD, GAP]


# --- From one leaf to the next ------------------------------------------------------------------------------------


def test_a_pair_over_the_end_of_a_text_is_its_own_and_what_follows_is_marked():
    assert continued_tokens("荆蛮义之", "从而归") == ["荆蛮", "蛮义", "义之", "之从", "+从而", "+而归", "_"]
    assert continued_tokens("义之。", "从而") == ["义之", "_", "+从而", "_"]
    assert continued_tokens("民国16", "年设") == ["民国", "国16", "16", "16年", "+年设", "_"]
    assert continued_tokens("义之", "") == ["义之", "_"]


def test_a_phrase_crosses_at_every_place_where_something_is_left_on_both_sides():
    assert crossings(["义之", "之从", "从而", "_"]) == [["义之", "+之从", "+从而", "_"], ["义之", "之从", "+从而", "_"]]
    assert crossings(["义之", "_"]) == []
