"""The list of results as a table to take along."""

import csv
import io

import pytest

from search import registry
from search.documents import Audience
from search.indexing import rebuild

pytestmark = pytest.mark.django_db


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_list_can_be_taken_along_with_citations_and_addresses(look, gazetteer, settings):
    settings.PUBLIC_BASE_URL = "https://museum.example.cn/"
    response = look(q="龙舟", format="csv", sort="position")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    head, *rows = table(response)
    assert head[0] == "题名"
    assert len(rows) == 14
    assert [
        "第 1 页",
        "東莞縣志",
        "第 1 页",
        "书页",
        "",
        "",
        "《東莞縣志》，第 1 页。",
        "https://museum.example.cn/books/dgxz/p/1/",
    ] in rows


@pytest.mark.parametrize("title", ["=1+1", "+86", "-2", "@SUM(A1)", "＝1+1", "\t=1", "　=cmd|' /C calc'!A0"])
def test_no_cell_of_the_table_is_a_formula(look, shelf, title):
    shelf.put(1, title=title, body="莞")
    rebuild()
    assert table(look(q="莞", format="csv"))[1][0] == f"'{title}"


def test_a_long_table_is_bounded_and_says_so(look, shelf, monkeypatch):
    monkeypatch.setattr("search.exporting.MAX_RESULTS", 200)
    for number in range(250):
        shelf.put(number, title="莞")
    rebuild()
    rows = table(look(q="莞", format="csv"))
    assert len(rows) == 202
    assert rows[-1] == ["共 250 条，本表只列前 200 条。"]


def test_the_table_holds_for_each_audience_its_own(look, shelf):
    shelf.put_on_site(1, title="調查", body="秘密之事")
    rebuild()
    assert len(table(look(q="秘密", format="csv"))) == 1
    registry.set_audience_resolver(lambda request: Audience.READING_ROOM)
    response = look(q="秘密", format="csv")
    assert len(table(response)) == 2
    assert "no-store" in response["Cache-Control"]


def test_there_is_no_table_while_the_index_is_built(look, shelf):
    assert look(q="莞", format="csv").status_code == 503
