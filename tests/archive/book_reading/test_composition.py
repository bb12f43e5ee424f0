"""What a passage is set in: notes, lines, tables, words found."""

from archive.book_text import notation
from archive.models import Leaf
from archive.reading.composition import compose
from archive.reading.passages import Piece, Text
from archive.reading.searched import Searched
from search.text.folding import fold


def words(*typed: str) -> Searched:
    return Searched(" ".join(typed), tuple(map(fold, typed)))


def text_of(source: str, *, physical: bool = False) -> Text:
    passage = notation.parse(source, lines_are_physical=physical)
    return Text((Piece(passage, 0, len(passage.plain)),), lines_are_physical=physical)


def marked(passage) -> list[str]:
    """What is marked, part by part."""
    spans = [span for block in passage.blocks for span in block.spans]
    parts = [part for span in spans for part in (*span.parts, *(part for line in span.lines for part in line))]
    return [part.text for part in parts if part.is_found]


class TestComposition:
    def test_a_short_note_is_set_in_two_lines_and_a_long_one_in_one(self):
        (short,) = compose(text_of("橋{{在縣西北二十里}}")).blocks
        assert ["".join(part.text for part in line) for line in short.spans[1].lines] == ["在縣西北", "二十里"]
        (long,) = compose(text_of(f"橋{{{{{'案' * 40}}}}}")).blocks
        assert not long.spans[1].lines
        assert long.spans[1].parts[0].text == "案" * 40

    def test_every_note_of_a_page_is_in_two_lines_and_its_lines_are_shown(self):
        (block,) = compose(text_of(f"橋{{{{{'案' * 40}}}}}\n跨江", physical=True)).blocks
        assert [span.kind for span in block.spans] == ["text", "note", "line", "text"]
        assert len(block.spans[1].lines) == 2

    def test_a_word_is_marked_where_it_runs_from_the_text_into_a_note_and_over_a_line(self):
        text = text_of("濟橋{{石造也}}", physical=True)
        assert marked(compose(text, words("桥石造").ranges(text.plain))) == ["橋", "石造"]
        text = text_of("永濟\n橋成", physical=True)
        assert marked(compose(text, words("济桥").ranges(text.plain))) == ["濟", "橋"]

    def test_only_the_first_that_was_found_is_where_the_page_opens(self):
        text = text_of("橋{{橋}}橋")
        (block,) = compose(text, words("桥").ranges(text.plain)).blocks
        firsts = [part.is_first for span in block.spans for line in (span.parts, *span.lines) for part in line]
        assert firsts == [True, False, False]

    def test_footnotes_lead_back_to_the_first_that_refers_to_them(self):
        passage = compose(text_of("甲[^1]乙[^1]丙[^2]\n[^1]: 某書。"))
        references = [span for span in passage.blocks[0].spans if span.kind == "reference"]
        assert [(span.number, span.is_first) for span in references] == [(1, True), (1, False), (0, False)]
        assert [(note.number, note.label, note.is_referred_to) for note in passage.footnotes] == [(1, "1", True)]

    def test_cells_that_were_joined_stay_joined_and_the_head_is_the_head(self):
        (table,) = compose(text_of("| 年 | 户 | < |\n|---|---|---|\n| 1911 | 3 | 4 |\n| ^ | 5 | 6 |")).blocks
        assert [(cell.columns, cell.rows) for cell in table.head[0]] == [(1, 1), (2, 1)]
        assert [(cell.columns, cell.rows) for cell in table.body[0]] == [(1, 2), (1, 1), (1, 1)]
        assert len(table.body[1]) == 2

    def test_lines_of_a_page_flow_together_and_a_short_one_ends_its_paragraph(self):
        leaf = Leaf(key="1", position=1)
        passage = notation.parse(
            "橋梁\n永濟橋在縣西北二\n十里跨瀾江之上凡\n九洞。\n青石橋在縣東", lines_are_physical=True
        )
        text = Text((Piece(passage, 0, len(passage.plain), leaf),))
        lines = ["".join(part.text for span in block.spans for part in span.parts) for block in compose(text).blocks]
        assert lines == ["橋梁", "永濟橋在縣西北二十里跨瀾江之上凡九洞。", "青石橋在縣東"]

    def test_latin_words_of_two_lines_stay_two_words(self):
        passage = notation.parse("the Chronicle of\nQilan County", lines_are_physical=True)
        text = Text((Piece(passage, 0, len(passage.plain), Leaf(key="1", position=1)),))
        (block,) = compose(text).blocks
        assert "".join(part.text for span in block.spans for part in span.parts) == "the Chronicle of Qilan County"

    def test_a_sentence_goes_on_over_the_end_of_a_leaf_and_its_word_is_marked_on_both(self):
        first = notation.parse("康熙二十八年知縣某建永", lines_are_physical=True)
        second = notation.parse("濟橋於縣西北二十里之地", lines_are_physical=True)
        leaves = [Leaf(key=str(n), position=n) for n in (1, 2)]
        pieces = (
            Piece(first, 0, len(first.plain), leaves[0]),
            Piece(second, 0, len(second.plain), leaves[1], goes_on=True),
        )
        text = Text(pieces, ((0, leaves[0]), (len(first.plain) + 1, leaves[1])))
        (block,) = (passage := compose(text, words("永济桥").ranges(text.plain))).blocks
        assert [span.kind for span in block.spans] == ["leaf", "text", "leaf", "text"]
        assert marked(passage) == ["永", "濟橋"]

    def test_a_part_of_a_leaf_is_cut_out_of_its_notes_and_tables_too(self):
        passage = notation.parse("甲乙{{丙丁}}戊\n| 己 | 庚 |", lines_are_physical=True)
        whole = compose(Text((Piece(passage, 1, 3),)))
        assert [span.kind for span in whole.blocks[0].spans] == ["text", "note"]
        assert len(whole.blocks) == 1
