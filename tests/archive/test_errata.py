"""Corrections (校勘记): beside the text, which stays as it is, and both readings are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import AccessLevel
from archive.book_text.notation import corrections, escape, findable, parse, plain, table
from archive.models import BookPage
from archive.publication import set_access
from archive.reading.composition import Erratum, compose
from archive.reading.passages import Piece, Text
from search.indexing import drain
from tests import factories

TEXT = "康熙[[未→末；据乾隆志改]]年，永[[→濟]]橋成，橋[[橋→]]長十丈，[[亭橋→橋亭]]三[[楹→間？]]。"
PLAIN = "康熙未年，永橋成，橋橋長十丈，亭橋三楹。"


def composed(text: str):
    passage = parse(text)
    return compose(Text((Piece(passage, 0, len(passage.plain)),)))


class TestNotation:
    def test_the_text_reads_as_the_book_does(self):
        assert plain(TEXT) == PLAIN
        assert parse(TEXT).plain == PLAIN

    def test_each_correction_stands_behind_what_it_corrects(self):
        found = list(corrections(parse(TEXT)))
        assert [(run.at, run.correction.reads, run.correction.should) for run in found] == [
            (3, "未", "末"),
            (6, "", "濟"),
            (11, "橋", ""),
            (17, "亭橋", "橋亭"),
            (19, "楹", "間"),
        ]
        assert found[0].correction.grounds == "据乾隆志改"
        assert [PLAIN[run.at - len(run.correction.reads) : run.at] for run in found] == ["未", "", "橋", "亭橋", "楹"]

    def test_kinds_are_the_collators_own(self):
        assert [Erratum(1, run.correction).kind for run in corrections(parse(TEXT))] == ["讹", "脱", "衍", "倒", "疑"]

    def test_every_character_knows_where_it_stands(self):
        passage = parse(TEXT)
        assert "".join(TEXT[at] for at in passage.source) == PLAIN

    def test_stands_in_notes_and_in_cells_too(self):
        assert plain("甲{{乙[[丙→丁；志]]戊}}") == "甲乙丙戊"
        rows = parse("| 年 | 戶 |\n| 元[[年→祀]] | 3[[1→7；與總數合]] |")
        assert rows.plain == "年｜戶\n元年｜31"
        assert len(list(corrections(rows))) == 2

    @pytest.mark.parametrize(
        "text", ["[[甲", "[[甲]]", "[[→]]", "[[甲→乙", "甲→乙]]", "[[甲\n→乙]]", "[甲→乙]", "[[[→]]]"]
    )
    def test_what_is_no_correction_is_text(self, text):
        assert plain(text).replace("\n", "") == text.replace("\n", "")
        assert not list(corrections(parse(text)))

    @given(st.text(alphabet="甲乙[]→；？{}|\\^!\n ", max_size=40))
    def test_text_from_elsewhere_is_never_taken_for_one(self, text):
        assert not list(corrections(parse(escape(text))))
        assert not list(corrections(parse(table([[text]]))))

    @given(st.text(alphabet="甲乙[]→；？{}|\\^!\n ", max_size=40))
    def test_nothing_that_is_typed_fails(self, text):
        findable(text)
        composed(text)


class TestFinding:
    def test_what_it_should_read_is_found_with_the_words_around_it(self):
        lines = findable(TEXT).split("\n")
        assert lines[0] == PLAIN
        assert lines[1].startswith("校勘记：康熙末年，永橋成")
        assert "永濟橋成" in lines[2]
        assert "，橋長十丈" in lines[3]
        assert findable("沒有校勘") == "沒有校勘"

    @pytest.mark.django_db
    def test_both_readings_are_found_and_open_the_passage(self, home, index, client):
        section = factories.section(factories.book("縣志"), "橋梁", TEXT)
        drain()
        for words in ("康熙未年", "康熙末年", "永济桥成", "桥亭三"):
            found = client.get("/search/", {"q": words, "format": "json"}).json()
            assert [hit["url"].partition("?")[0] for hit in found["hits"]] == [section.get_absolute_url()], words
        snippet = client.get("/search/", {"q": "康熙末年", "format": "json"}).json()["hits"][0]["snippet"]
        assert "校勘记：<mark>康熙末年</mark>" in snippet


@pytest.mark.django_db
class TestReading:
    @pytest.fixture
    def section(self, home):
        return factories.section(factories.book("縣志"), "橋梁", TEXT, key="qiao")

    def text(self, client, address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_marks_lead_to_the_notes_and_back(self, section, client):
        text = self.text(client, section.get_absolute_url())
        assert '未<sup class="erratum-mark" id="corrected-1"><a href="#erratum-1"' in text
        assert 'id="erratum-5"' in text
        assert 'href="#corrected-5"' in text
        for said in ("“未”当作“末”。", "据乾隆志改", "此处脱“濟”。", "“橋”为衍文。", "“楹”疑当作“間”。"):
            assert said in text
        assert "[[" not in text

    def test_a_leaf_shows_those_of_its_part_alone(self, section, client):
        from archive.models import Anchor

        leaf = factories.leaf(section.book)
        Anchor.objects.create(section=section, leaf=leaf, section_start=0, section_end=8, leaf_end=8)
        text = self.text(client, leaf.get_absolute_url())
        assert "“未”当作“末”" in text
        assert "“楹”疑" not in text

    def test_those_of_a_book_are_listed_in_its_order(self, section, client):
        factories.section(section.book, "津渡", "[[渡→津]]口。")
        text = self.text(client, f"{section.book.get_url()}errata/")
        assert text.index("“未”当作“末”") < text.index("“渡”当作“津”")
        assert f'href="{section.get_absolute_url()}#erratum-1"' in text
        assert "还没有校勘记" in self.text(client, f"{factories.book('另一部').get_url()}errata/")

    def test_and_taken_along_as_a_table_in_which_nothing_is_computed(self, section, client):
        factories.section(section.book, "算", "[[=1+1→二]]")
        answer = client.get(f"{section.book.get_url()}errata/?format=csv")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0] == "位置,类别,原文,当作,依据,网址"
        assert lines[1].startswith("橋梁,讹,未,末,据乾隆志改,http")
        assert lines[-1].startswith("算,讹,'=1+1,二,,http")

    def test_of_a_closed_book_there_is_nothing(self, section, client, reading_room):
        address = f"{section.book.get_url()}errata/"
        set_access(section.book, AccessLevel.ON_SITE)
        for asked in (address, f"{address}?format=csv"):
            assert "“未”" not in self.text(client, asked)
        assert "“未”当作" in self.text(reading_room, address)
        set_access(BookPage.objects.get(pk=section.book_id), AccessLevel.STAFF)
        assert client.get(address).status_code == 404

    def test_costs_the_same_however_many(self, section, client, django_assert_max_num_queries):
        for number in range(40):
            factories.section(section.book, f"篇{number}", TEXT)
        client.get(f"{section.book.get_url()}errata/")
        with django_assert_max_num_queries(20):
            client.get(f"{section.book.get_url()}errata/")
