"""Vertical pages are set as a block cutter would set them, and every character is accounted for."""

import pytest

from archive.demonstration.leaves_of_book import bind
from archive.demonstration.texts import kangxi
from archive.demonstration.typesetting import Block, set_leaves


def characters(leaf, column):
    """The large characters of a column, from the top."""
    glyphs = sorted((g for g in leaf.glyphs if g.column == column and g.side is None), key=lambda g: g.row)
    return "".join(glyph.character for glyph in glyphs)


def test_a_column_that_is_full_goes_on_in_the_next_one_to_the_left():
    (leaf,) = set_leaves([Block("a", "棲瀾縣志卷之一輿地志")], columns=3, rows=4)
    assert [characters(leaf, column) for column in range(3)] == ["棲瀾縣志", "卷之一輿", "地志"]


def test_punctuation_is_kept_in_the_text_and_takes_no_room_on_the_page():
    (leaf,) = set_leaves([Block("a", "瀾江，源出雁迴山。")], columns=2, rows=7)
    assert leaf.text == "瀾江，源出雁迴山。"
    assert characters(leaf, 0) == "瀾江源出雁迴山"


def test_a_note_stands_small_in_two_lines_the_right_one_first():
    (leaf,) = set_leaves([Block("a", "縣（以江名也）志")], columns=1, rows=8)
    notes = [(g.character, g.row, g.side) for g in leaf.glyphs if g.side is not None]
    assert notes == [("以", 1.0, 0), ("江", 1.5, 0), ("名", 1.0, 1), ("也", 1.5, 1)]
    assert [g.row for g in leaf.glyphs if g.character == "志"] == [2.0]


def test_a_note_that_does_not_fit_is_continued_in_the_next_column():
    (leaf,) = set_leaves([Block("a", "縣志（取鳳棲瀾上之義縣東有臺）今")], columns=3, rows=4)
    small = [g for g in leaf.glyphs if g.side is not None]
    assert {g.column for g in small} == {0, 1}
    assert "".join(g.character for g in small) == "取鳳棲瀾上之義縣東有臺"


def test_an_indented_paragraph_stays_indented_in_every_column():
    (leaf,) = set_leaves([Block("a", "知縣周廷楷纂修", indent=2)], columns=3, rows=5)
    assert min(g.row for g in leaf.glyphs) == 2
    assert [characters(leaf, column) for column in range(3)] == ["知縣周", "廷楷纂", "修"]


def test_a_division_begins_on_a_leaf_of_its_own():
    leaves = set_leaves([Block("a", "序", opens_leaf=True), Block("b", "卷一", opens_leaf=True)], columns=3, rows=5)
    assert [leaf.text for leaf in leaves] == ["序", "卷一"]


@pytest.mark.parametrize("columns, rows", [(9, 20), (3, 4), (2, 7), (1, 1)])
def test_every_character_of_every_section_is_found_again_through_its_pieces(columns, rows):
    sections: dict[str, str] = {}
    for block in kangxi.BLOCKS:
        sections[block.key] = f"{sections[block.key]}\n{block.text}" if block.key in sections else block.text
    found: dict[str, list] = {key: list(text) for key, text in sections.items()}
    for leaf in set_leaves(list(kangxi.BLOCKS), columns, rows):
        for piece in leaf.pieces:
            cut = leaf.text[piece.leaf_start : piece.leaf_end]
            assert sections[piece.key][piece.section_start : piece.section_end] == cut
            found[piece.key][piece.section_start : piece.section_end] = [""] * len(cut)
    # What lies between two pieces of one section is the line break between its paragraphs.
    assert {"".join(rest).strip("\n") for rest in found.values()} == {""}


def test_no_column_of_the_book_runs_out_of_its_frame():
    for side in bind(kangxi.BLOCKS):
        assert all(glyph.column < 9 and glyph.row < 20 for glyph in side.set_leaf.glyphs)


def test_no_two_characters_share_a_place():
    for side in bind(kangxi.BLOCKS):
        places = [(g.column, g.row, g.side) for g in side.set_leaf.glyphs]
        assert len(places) == len(set(places))


def test_folios_have_two_sides_and_labels_as_they_are_cited():
    assert [(side.label, side.is_front) for side in bind(kangxi.BLOCKS)][:4] == [
        ("序·一上", True),
        ("序·一下", False),
        ("卷一·一上", True),
        ("卷一·一下", False),
    ]
