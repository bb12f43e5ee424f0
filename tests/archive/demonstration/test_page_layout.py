"""Modern pages are set in two columns, and every character is accounted for."""

import pytest

from archive.demonstration.page_layout import COLUMNS, LINES, MEASURE, Article, set_article
from archive.demonstration.texts import journal


def article(text: str) -> Article:
    return Article("a", "澜江水文", "陆芸", text)


def test_a_paragraph_is_indented_by_two_squares_and_the_next_line_is_not():
    (page,) = set_article(article("澜" * 20))
    assert page.lines == ["\u3000\u3000" + "澜" * (MEASURE - 2), "澜" * 6]


def test_no_line_begins_with_a_mark_that_closes():
    (page,) = set_article(article("澜" * (MEASURE - 2) + "。』江水"))
    assert page.lines[0].endswith("。』") and page.lines[1] == "江水"


def test_the_columns_of_the_last_page_end_at_one_height():
    (page,) = set_article(article("\n".join(["澜江"] * 7)))
    assert page.rows == 4


def test_a_long_article_goes_on_overleaf_without_its_title():
    pages = set_article(article("江" * MEASURE * LINES * COLUMNS))
    assert [page.title for page in pages] == ["澜江水文", ""]
    assert all(len(page.lines) <= page.rows * COLUMNS for page in pages)


@pytest.mark.parametrize("text", [*(each.text for each in journal.ARTICLES), "江" * 2000, "一\n" * 90 + "二"])
def test_every_character_is_found_again_through_its_pieces(text):
    rest = list(text)
    for page in set_article(article(text)):
        (piece,) = page.pieces
        assert text[piece.section_start : piece.section_end] == page.text[piece.leaf_start : piece.leaf_end]
        rest[piece.section_start : piece.section_end] = [""] * len(page.text)
    assert "".join(rest).strip("\n") == ""
