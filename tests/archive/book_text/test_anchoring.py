"""Which part of which section lies on which leaf follows from where they begin."""

from archive.book_text.anchoring import Span, spans_of_leaves, spans_of_sections


def test_a_section_goes_on_until_the_next_begins():
    spans = spans_of_leaves([(0, 0), (0, 6), (2, 3)], [10, 8, 5])
    assert spans == [
        Span(0, 0, 0, 6, 0, 6),
        Span(1, 0, 0, 4, 6, 10),
        Span(1, 1, 5, 13, 0, 8),
        Span(1, 2, 14, 17, 0, 3),
        Span(2, 2, 0, 2, 3, 5),
    ]


def test_a_heading_right_before_another_has_its_leaf_and_no_text():
    spans = spans_of_leaves([(1, 0), (1, 0)], [4, 4])
    assert spans[0] == Span(0, 1, 0, 0, 0, 0)
    assert spans[1] == Span(1, 1, 0, 4, 0, 4)


def test_a_section_that_nobody_can_place_has_no_span():
    assert [span.section for span in spans_of_leaves([(0, 0), None, (1, 0)], [3, 3])] == [0, 2]


def test_contents_out_of_order_break_nothing():
    for span in spans_of_leaves([(2, 0), (0, 0)], [3, 3, 3]):
        assert span.section_end >= span.section_start
        assert span.leaf_end >= span.leaf_start


def test_leaves_that_begin_inside_sections_part_them():
    spans = spans_of_sections([[(0, 0), (4, 1)], [], [(2, 2)]], [6, 3, 5])
    assert spans == [
        Span(0, 0, 0, 4, 0, 4),
        Span(0, 1, 4, 6, 0, 2),
        Span(1, 1, 0, 3, 3, 6),
        Span(2, 1, 0, 2, 7, 9),
        Span(2, 2, 2, 5, 0, 3),
    ]
