"""A reader of traditional characters."""

import pytest
from django.core.cache import cache

from archive.models import TraditionalWording
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_words():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def traditional(client):
    client.cookies["script"] = "hant"
    return client


def test_choosing_leads_back_and_is_remembered(home, client):
    answer = client.get("/script/hant/", {"next": "/books/?sort=title"})
    assert answer["Location"] == "/books/?sort=title"
    assert answer.cookies["script"]["samesite"] == "Lax"
    page = client.get("/books/")
    assert 'lang="zh-Hant"' in page.content.decode()
    assert page["Content-Language"] == "zh-hant"
    client.get("/script/hans/", {"next": "/"})
    assert 'lang="zh-Hans"' in client.get("/books/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_choosing_leads_nowhere_else(home, client, elsewhere):
    assert client.get("/script/hant/", {"next": elsewhere})["Location"] == "/"


def test_every_page_says_that_it_varies(home, client):
    page = client.get("/books/")
    assert "Cookie" in page["Vary"]
    assert page["Content-Language"] == "zh-hans"


def test_the_page_is_converted_and_nothing_else(home, traditional, index):
    page = factories.story("皇后与后面的桥", description="头发与发展")
    text = traditional.get(page.get_url()).content.decode()
    assert "皇后與後面的橋" in text
    assert "頭髮與發展" in text
    assert page.identifier_id in text
    found = traditional.get("/search/", {"format": "json", "q": "桥"})
    assert found["Content-Type"].startswith("application/json")
    assert "橋" not in found.content.decode()


def test_error_pages_are_converted_too(home, traditional):
    answer = traditional.get("/nothing/here/")
    assert answer.status_code == 404
    assert "沒有找到這一頁" in answer.content.decode()


def test_the_cms_is_not(home, administrator):
    administrator.cookies["script"] = "hant"
    assert "zh-Hant" not in administrator.get("/admin/").content.decode()[:500]


def test_a_book_that_is_traditional_or_classical_is_shown_as_printed(home, traditional):
    book = factories.book("棲瀾縣志", language="lzh")
    section = factories.section(book, "橋梁", text="橋在城東三里，后土祠側。")
    assert "橋在城東三里，后土祠側。" in traditional.get(section.get_absolute_url()).content.decode()


def test_the_museums_words_have_the_last_word(home, traditional):
    page = factories.story("里水村与三里桥")
    assert "裏水村與三里橋" in traditional.get(page.get_url()).content.decode()
    TraditionalWording.objects.create(words="里水")
    assert "里水村與三里橋" in traditional.get(page.get_url()).content.decode()


def test_authority_records_teach_names(home, traditional):
    factories.place("后里", other_names="后里\nHouli")
    factories.agent("钟范", other_names="鍾范")
    assert "鍾范在後" in traditional.get(factories.story("钟范在后").get_url()).content.decode()
