"""Found words are boxed where they stand on the scan."""

from dataclasses import dataclass

import pytest

from archive.book_text.boxes import boxes_of


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    width: float
    height: float
    start: int
    end: int
    is_word: bool = False


COLUMNS = [Box(0.8, 0.1, 0.05, 0.8, 0, 8), Box(0.7, 0.1, 0.05, 0.8, 9, 19), Box(0.6, 0.1, 0.05, 0.08, 20, 21)]
ROWS = [Box(0.1, 0.1, 0.8, 0.03, 0, 20), Box(0.1, 0.2, 0.4, 0.03, 21, 31)]


def test_a_word_in_a_column_is_its_part_from_the_top():
    assert boxes_of([(2, 4)], COLUMNS) == [pytest.approx((0.8, 0.3, 0.05, 0.2))]


def test_a_word_in_a_row_is_its_part_from_the_left():
    assert boxes_of([(5, 10)], ROWS) == [pytest.approx((0.3, 0.1, 0.2, 0.03))]


def test_a_phrase_over_two_lines_has_a_box_on_each():
    assert boxes_of([(16, 23)], ROWS) == [
        pytest.approx((0.74, 0.1, 0.16, 0.03)),
        pytest.approx((0.1, 0.2, 0.08, 0.03)),
    ]


def test_a_very_short_line_is_read_as_the_others_are():
    two = [*COLUMNS[:2], Box(0.6, 0.1, 0.05, 0.04, 20, 22)]
    assert boxes_of([(21, 22)], two) == [pytest.approx((0.6, 0.12, 0.05, 0.02))]


def test_the_direction_may_be_told():
    assert boxes_of([(0, 10)], ROWS[:1], is_vertical=True) == [pytest.approx((0.1, 0.1, 0.8, 0.015))]


def test_boxes_of_words_are_truer_than_the_line():
    words = [Box(0.1, 0.1, 0.1, 0.03, 0, 2, True), Box(0.5, 0.11, 0.3, 0.02, 2, 5, True)]
    boxes = [Box(0.1, 0.1, 0.8, 0.03, 0, 20), *words]
    assert boxes_of([(2, 4)], boxes) == [pytest.approx((0.5, 0.11, 0.2, 0.02))]


def test_words_side_by_side_on_one_line_are_joined():
    words = [Box(0.1, 0.1, 0.1, 0.03, 0, 2, True), Box(0.5, 0.11, 0.3, 0.02, 2, 5, True)]
    boxes = [Box(0.1, 0.1, 0.8, 0.03, 0, 20), *words]
    assert boxes_of([(0, 5)], boxes) == [pytest.approx((0.1, 0.1, 0.7, 0.03))]


def test_words_without_a_line_are_found_too():
    assert boxes_of([(0, 2)], [Box(0.1, 0.1, 0.1, 0.03, 0, 2, True)]) == [pytest.approx((0.1, 0.1, 0.1, 0.03))]


def test_ranges_that_touch_are_one_and_others_stay_apart():
    assert boxes_of([(5, 10), (0, 5)], ROWS) == [pytest.approx((0.1, 0.1, 0.4, 0.03))]
    assert len(boxes_of([(0, 2), (4, 6)], ROWS)) == 2


def test_a_range_outside_every_line_has_no_box():
    assert boxes_of([(20, 21), (40, 50), (3, 3)], ROWS) == []
