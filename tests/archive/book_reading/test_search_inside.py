"""Search inside one book, and hits that open it at the words."""

import re

import pytest

from search.indexing import drain
from tests import factories

from .pages import get


@pytest.mark.django_db
class TestSearchInside:
    @pytest.fixture
    def found(self, book, leaves, index):
        factories.section(book, "橋梁", label="卷一")
        other = factories.book("別志")
        factories.section(other, "他橋", "石橋")
        drain()
        return book

    def test_finds_in_this_book_alone_in_its_order_and_opens_at_the_words(self, found, leaves, client):
        html = get(client, f"{found.get_url()}search/", q="桥")
        links = re.findall(r'class="hit-title"><a href="([^"]+)"', html)
        assert [link.split("?")[0] for link in links if "/p/" in link] == [
            leaves[2].get_absolute_url(),
            leaves[3].get_absolute_url(),
        ]
        assert all(link.endswith("?q=%E6%A1%A5#found") for link in links)
        assert "他橋" not in html
        assert '<mark id="found">橋</mark>' in client.get(links[-1]).content.decode()

    def test_sections_and_leaves_can_be_told_apart(self, found, client):
        both = get(client, f"{found.get_url()}search/", q="桥")
        assert "篇目 1" in both
        assert "书页 2" in both
        alone = get(client, f"{found.get_url()}search/", q="桥", kind="leaf")
        assert alone.count('class="hit"') == 2
        assert get(client, f"{found.get_url()}search/", q="桥", kind="video").count('class="hit"') == 3

    def test_says_when_there_is_nothing(self, found, client):
        assert "没有查到" in get(client, f"{found.get_url()}search/", q="龙舟")
        assert client.get(f"{found.get_url()}search/", {"q": "桥", "page": 9}).status_code == 404
        get(client, f"{found.get_url()}search/")
        get(client, f"{found.get_url()}search/", q="。")

    def test_says_when_it_cannot_search(self, book, leaves, client, index):
        answer = client.get(f"{book.get_url()}search/", {"q": "桥"})
        assert answer.status_code == 503
        assert answer["Retry-After"]

    def test_hits_of_the_whole_museum_open_at_the_words_too(self, found, client):
        html = get(client, "/search/", q="青石桥")
        assert re.search(r'href="/books/[^"]+/p/0004/\?q=%E9%9D%92%E7%9F%B3%E6%A1%A5#found"', html)
        (hit,) = client.get("/search/", {"q": "青石桥", "format": "json"}).json()["hits"]
        assert hit["url"].endswith("/p/0004/?q=%E9%9D%92%E7%9F%B3%E6%A1%A5#found")

    def test_words_are_found_across_the_marks_of_the_notation(self, home, client, index):
        section = factories.section(factories.book("县志"), "桥梁", "永濟{{舊橋也}}\n| 石 | 橋 |")
        drain()
        assert client.get("/search/", {"q": "济旧桥", "format": "json"}).json()["total"] == 1
        assert client.get("/search/", {"q": "石桥", "format": "json"}).json()["total"] == 0
        (hit,) = client.get("/search/", {"q": "永济", "format": "json"}).json()["hits"]
        assert "{" not in hit["snippet"]
        assert hit["url"].startswith(section.get_absolute_url())


@pytest.mark.django_db
def test_a_yearbook_of_2023_is_found_under_2022(home, client, index):
    book = factories.book("年鉴（2023）", volume_year=2023, content_year_from=2022, date_written="2023年")
    factories.section(book, "水利", "修堤三里。")
    drain()

    def total(**asked) -> int:
        return client.get("/search/", {"format": "json", **asked}).json()["total"]

    assert total(q="修堤", year_from=2022, year_to=2022) == 1
    assert total(q="修堤", year_from=2023, year_to=2023) == 0
    assert total(q="年鉴", kind="book", year_from=2022, year_to=2022) == 1
    assert "年鉴（2023）" in get(client, "/books/", year_from=2022, year_to=2022)
    assert "年鉴（2023）" not in get(client, "/books/", year_from=2023, year_to=2023)
