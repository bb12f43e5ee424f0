"""Lines of a scan stay with their words when the words are corrected."""

import time

from hypothesis import given
from hypothesis import strategies as st

from archive.book_text.rebasing import changes, rebase

PAGE = "吳古揚州之域也\n初周大王三子大伯\n仲雍季歷季歷有聖"


def lines_of(text):
    ranges, at = [], 0
    for line in text.split("\n"):
        ranges.append((at, at + len(line)))
        at += len(line) + 1
    return ranges


def carried(old, new, ranges):
    return [new[start:end] for start, end in rebase(old, new, ranges)]


def test_an_unchanged_text_keeps_its_ranges():
    assert rebase(PAGE, PAGE, lines_of(PAGE)) == lines_of(PAGE)


def test_a_corrected_character_moves_nothing():
    new = PAGE.replace("揚", "楊")
    assert carried(PAGE, new, lines_of(PAGE)) == new.split("\n")


def test_a_lengthened_line_pushes_the_following_ones_on():
    new = PAGE.replace("三子大伯", "三子太伯、仲雍")
    assert carried(PAGE, new, lines_of(PAGE)) == new.split("\n")


def test_what_is_typed_at_either_end_of_a_line_belongs_to_it():
    new = PAGE.replace("域也\n初周", "域也。\n　初周")
    assert carried(PAGE, new, lines_of(PAGE)) == ["吳古揚州之域也。", "　初周大王三子大伯", "仲雍季歷季歷有聖"]


def test_what_is_typed_between_two_words_belongs_to_the_first():
    assert carried("東莞龍舟", "東莞的龍舟", [(0, 2), (2, 4)]) == ["東莞的", "龍舟"]


def test_a_new_line_between_two_lines_belongs_to_neither():
    new = PAGE.replace("域也\n", "域也\n欽定四庫全書\n")
    assert carried(PAGE, new, lines_of(PAGE)) == PAGE.split("\n")


def test_a_removed_line_becomes_empty_at_its_place():
    new = "吳古揚州之域也\n仲雍季歷季歷有聖"
    ranges = rebase(PAGE, new, lines_of(PAGE))
    assert [new[start:end] for start, end in ranges] == ["吳古揚州之域也", "", "仲雍季歷季歷有聖"]
    assert 7 <= ranges[1][0] <= 8


def test_joined_lines_keep_their_own_words():
    new = PAGE.replace("\n", "")
    assert carried(PAGE, new, lines_of(PAGE)) == PAGE.split("\n")


def test_all_lines_rewritten_keep_their_rows():
    new = "甲乙丙丁\n戊己庚\n辛壬癸子丑"
    assert carried(PAGE, new, lines_of(PAGE)) == new.split("\n")


def test_an_empty_range_is_a_place_and_stays_one():
    assert rebase("甲乙丙", "甲新乙丙", [(2, 2), (3, 3)]) == [(3, 3), (4, 4)]


def test_everything_gone_leaves_empty_ranges():
    assert rebase(PAGE, "", lines_of(PAGE)) == [(0, 0)] * 3


def test_changes_tell_what_was_replaced():
    (change,) = changes("民国廿五年修", "民国二十五年修")
    assert ("民国廿五年修"[change.old_start : change.old_end], "民国二十五年修"[change.new_start : change.new_end]) == (
        "廿",
        "二十",
    )


texts = st.text(alphabet="甲乙丙\n，", max_size=60)


@given(texts, texts)
def test_changes_rebuild_the_new_text(old, new):
    built, at = [], 0
    for change in changes(old, new):
        built += [old[at : change.old_start], new[change.new_start : change.new_end]]
        at = change.old_end
    assert "".join([*built, old[at:]]) == new


@given(texts, texts)
def test_changes_of_long_texts_rebuild_them_too(old, new):
    old, new = old * 30 + "歲次甲子重修東莞縣志序" + old, new + "歲次甲子重修東莞縣志序" + new * 30
    built, at = [], 0
    for change in changes(old, new):
        built += [old[at : change.old_start], new[change.new_start : change.new_end]]
        at = change.old_end
    assert "".join([*built, old[at:]]) == new


@given(texts, texts, st.lists(st.integers(0, 60), max_size=12))
def test_ranges_stay_in_order_apart_and_inside_the_text(old, new, cuts):
    cuts = sorted(min(cut, len(old)) for cut in cuts)
    ranges = list(zip(cuts[::2], cuts[1::2], strict=False))
    ends = [edge for pair in rebase(old, new, ranges) for edge in pair]
    assert ends == sorted(ends)
    assert all(0 <= edge <= len(new) for edge in ends)


@given(texts, texts, st.tuples(*[st.integers(0, 60)] * 4))
def test_words_stay_inside_their_line(old, new, cuts):
    start, inner_start, inner_end, end = sorted(min(cut, len(old)) for cut in cuts)
    if inner_start == inner_end:
        return
    line, word = rebase(old, new, [(start, end), (inner_start, inner_end)])
    assert line[0] <= word[0] <= word[1] <= line[1]


@given(st.lists(st.text(alphabet="東莞縣志卷一二三", min_size=1, max_size=12), min_size=1, max_size=12), st.data())
def test_an_edit_inside_one_line_leaves_the_others_as_they_are(lines, data):
    number = data.draw(st.integers(0, len(lines) - 1))
    edited = [*lines]
    edited[number] = data.draw(st.text(alphabet="修輯纂", min_size=1, max_size=12))
    assert carried("\n".join(lines), "\n".join(edited), lines_of("\n".join(lines))) == edited


def _real_page(seed):
    letters = [chr(0x4E00 + (number * number * seed + number * 7) % 900) for number in range(20_000)]
    return "\n".join("".join(letters[at : at + 21]) for at in range(0, 20_000, 21))


def test_twenty_thousand_characters_take_little_time_whatever_was_changed():
    old = _real_page(3)
    lines = lines_of(old)
    scattered = "".join("〇" if number % 97 == 0 else letter for number, letter in enumerate(old))
    for new in (old[:9_000] + "新" + old[9_001:], scattered, old[::-1], old[10_000:] + old[:10_000], "之" * 20_000):
        began = time.process_time()
        rebase(old, new, lines)
        assert time.process_time() - began < 0.25
