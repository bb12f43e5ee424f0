"""Where the demonstration's text stands on its leaves is told as truly as it was set."""

import pytest

from archive.demonstration.leaves_of_book import leaves_of
from archive.demonstration.texts import eight_views, genealogy, journal, kangxi
from archive.models.book_layout import PARTS


@pytest.mark.parametrize("book", [kangxi.BOOK.key, genealogy.BOOK.key, journal.BOOK.key])
def test_every_printed_character_has_its_place_on_the_picture(book):
    for leaf in leaves_of(book):
        assert leaf.boxes
        told = set()
        for left, top, width, height, start, end, _is_word in leaf.boxes:
            assert left > 0 and top > 0 and width > 0 and height > 0
            assert left + width < PARTS and top + height < PARTS
            assert 0 <= start < end <= len(leaf.text)
            told.update(range(start, end))
        untold = {character for at, character in enumerate(leaf.text) if at not in told}
        assert untold <= set("\n，。、；：？！「」『』《》〈〉·（）")


def test_a_box_holds_the_character_that_was_set_there():
    for leaf in leaves_of(kangxi.BOOK.key):
        glyphs = {glyph.at: glyph.character for glyph in leaf.job.leaf.leaf.glyphs}
        assert all(leaf.text[at] == character for at, character in glyphs.items())
        words = [box for box in leaf.boxes if box[6]]
        assert sorted(box[4] for box in words) == sorted(glyphs)


def test_no_two_characters_of_an_old_leaf_share_a_place():
    for leaf in leaves_of(genealogy.BOOK.key):
        words = [box for box in leaf.boxes if box[6]]
        places = [(left + width // 2, top + height // 2) for left, top, width, height, *_range in words]
        assert len(set(places)) == len(places)


def test_paintings_have_no_boxes():
    assert not any(leaf.boxes for leaf in leaves_of(eight_views.BOOK.key))
