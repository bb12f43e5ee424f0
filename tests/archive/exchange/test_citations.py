"""References as readers paste them."""

from datetime import date

import pytest

from archive.exchange.citations import Reference, Sort, bibtex, gbt7714, names_in, ris, without_marks, year_of

ACCESSED = date(2026, 11, 22)
ADDRESS = "https://museum.example.cn/id/0d9x2bzk7"


def reference(sort: Sort = Sort.BOOK, title: str = "棲瀾縣志", **fields) -> Reference:
    return Reference(sort, title, ADDRESS, ACCESSED, identifier="0d9x2bzk7", **fields)


class TestNationalStandard:
    def test_a_book_in_full(self):
        cited = reference(
            title="《栖澜县志》",
            authors=("栖澜县志编纂委员会", "顾怀瑾"),
            publisher="广州：广东人民出版社",
            year="1990",
            pages="12",
        )
        assert gbt7714(cited) == (
            "栖澜县志编纂委员会, 顾怀瑾. 栖澜县志[M/OL]. 广州：广东人民出版社, 1990: 12[2026-11-22]. " + ADDRESS + "."
        )

    def test_a_title_in_traditional_characters_stays_as_it_is(self):
        assert gbt7714(reference(title="棲瀾縣志（康熙）")).startswith("棲瀾縣志（康熙）[M/OL]. [2026-11-22].")

    def test_an_entry_stands_within_its_book_with_its_printed_pages(self):
        cited = reference(
            Sort.PART,
            "卷二 橋梁",
            host="棲瀾縣志",
            host_authors=("（清）周廷楷",),
            year="1689(康熙二十八年)",
            pages="三上-四下",
        )
        assert gbt7714(cited) == (
            f"卷二 橋梁[M/OL]//（清）周廷楷. 棲瀾縣志. 1689(康熙二十八年): 三上-四下[2026-11-22]. {ADDRESS}."
        )

    def test_more_than_three_authors_are_three_and_others(self):
        assert gbt7714(reference(authors=("甲", "乙", "丙", "丁"))).startswith("甲, 乙, 丙, 等. ")
        assert gbt7714(reference(authors=("Li A", "Li B", "Li C", "Li D"))).startswith("Li A, Li B, Li C, et al. ")

    @pytest.mark.parametrize(
        ("sort", "mark"),
        [
            (Sort.BOOK, "[M/OL]"),
            (Sort.JOURNAL, "[J/OL]"),
            (Sort.PHOTO, "[Z/OL]"),
            (Sort.FILM, "[Z/OL]"),
            (Sort.STORY, "[EB/OL]"),
            (Sort.GROUP, "[Z/OL]"),
        ],
    )
    def test_every_kind_has_its_mark(self, sort, mark):
        assert mark in gbt7714(reference(sort))

    def test_a_story_has_the_day_of_its_publication(self):
        cited = reference(Sort.STORY, "一座桥的三次落成", authors=("陆芸",), released=date(2023, 5, 1))
        assert gbt7714(cited) == f"陆芸. 一座桥的三次落成[EB/OL]. (2023-05-01)[2026-11-22]. {ADDRESS}."


class TestYears:
    @pytest.mark.parametrize(
        ("written", "printed"),
        [
            ("", ""),
            ("1985年", "1985"),
            ("1990年10月", "1990"),
            ("康熙二十八年", "1689(康熙二十八年)"),
            ("民国廿五年", "1936(民国廿五年)"),
            ("康熙二十八年（1689）", "1689"),
            ("1925—1941年", "[1925—1941年]"),
            ("光绪间", "[光绪间]"),
            ("大约在冬季", "[大约在冬季]"),
        ],
    )
    def test_are_printed_as_the_standard_asks(self, written, printed):
        assert year_of(written) == printed


class TestNames:
    def test_of_a_title_page_lose_the_word_for_their_part(self):
        assert names_in("栖澜县志编纂委员会编，顾怀瑾主编") == ("栖澜县志编纂委员会", "顾怀瑾")
        assert names_in("（清）周廷楷纂修") == ("（清）周廷楷",)

    def test_a_word_that_may_end_a_name_stays(self):
        assert names_in("陈德修") == ("陈德修",)
        assert names_in("李编") == ("李编",)
        assert names_in("") == ()

    def test_marks_around_a_title_go_and_marks_within_stay(self):
        assert without_marks("《栖澜年鉴（2023）》") == "栖澜年鉴（2023）"
        assert without_marks("《东莞志》与《广州志》") == "《东莞志》与《广州志》"


class TestBibtex:
    def test_an_entry_of_a_book_names_the_book_and_its_editors(self):
        text = bibtex(reference(Sort.PART, "橋梁", host="棲瀾縣志", host_authors=("周廷楷",), pages="3-4", year="1689"))
        assert text.startswith("@incollection{0d9x2bzk7,\n")
        for line in ("booktitle = {{棲瀾縣志}},", "editor = {{周廷楷}},", "pages = {3-4},", "urldate = {2026-11-22},"):
            assert line in text

    def test_signs_that_mean_something_to_tex_are_escaped(self):
        text = bibtex(reference(title="R&D_100% {$#} ~^\\", authors=("A & B",)))
        assert r"R\&D\_100\% \{\$\#\} \textasciitilde{}\textasciicircum{}\textbackslash{}" in text
        assert text.count("{") == text.count("}")

    def test_what_is_not_known_is_left_out(self):
        text = bibtex(reference(Sort.PHOTO, "旧码头"))
        assert text.startswith("@misc{")
        assert "author" not in text
        assert "year" not in text


class TestRis:
    def test_every_line_is_a_tag_and_ends_as_the_format_asks(self):
        text = ris(reference(authors=("周廷楷", "卢元"), year="1689(康熙二十八年)", pages="三上", isbn="7-218-04821-6"))
        lines = text.split("\r\n")
        assert lines[0] == "TY  - BOOK"
        assert lines[-2:] == ["ER  - ", ""]
        assert [line for line in lines if line.startswith("AU")] == ["AU  - 周廷楷", "AU  - 卢元"]
        assert "PY  - 1689" in lines
        assert "SP  - 三上" in lines

    def test_a_line_break_in_a_title_starts_no_field(self):
        text = ris(reference(title="旧事\r\nER  - \nTY  - HACK"))
        assert text.count("\r\nER  - ") == 1
        assert "\nTY" not in text
