"""The results page, as a reader and as a program get it."""

import re

import pytest
from django.urls import reverse

from search import registry
from search.documents import Audience
from search.indexing import rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    """Asks the results page; `format="json"` for the programs' answer."""

    def get(**parameters):
        return client.get(reverse("search:results"), parameters)

    return get


@pytest.fixture
def collection(shelf):
    shelf.put(
        1,
        title="東莞縣志",
        url="/books/dgxz/",
        identifier="DG-B-1",
        body="嘉慶間，東莞龍舟盛行。",
        date="嘉慶二年",
        places=("humen",),
        locator="卷三",
        year_from=1797,
        year_to=1797,
    )
    shelf.put(2, title="龍舟競渡", kind="photo", url="/photos/2/", date="1986年", year_from=1986, year_to=1986)
    shelf.put(3, title="內部", body="不相干")
    rebuild()
    return shelf


def content(response) -> str:
    """The part of the page that is ours."""
    return response.content.decode().partition("<main")[2]


def links(response, label: str) -> list[str]:
    found = re.findall(rf'<a href="([^"]*)"[^>]*>{label}', content(response))
    return [url.replace("&amp;", "&") for url in found]


def test_hits_are_a_list_of_links_with_their_passage(look, collection):
    response = look(q="龙舟")
    page = content(response)
    assert response.status_code == 200
    assert "“龙舟”共有 2 条结果" in page
    assert page.count('<li class="hit">') == 2
    assert '<a href="/photos/2/"><mark>龍舟</mark>競渡</a>' in page
    assert "嘉慶間，東莞<mark>龍舟</mark>盛行。" in page
    for part in ("嘉慶二年", "DG-B-1", "卷三", "图书"):
        assert part in page
    assert "<title>“龙舟”的检索结果" in response.content.decode()


def test_the_words_stay_in_the_form(look, collection):
    assert 'value="龙舟 &quot;&lt;b&gt;"' in content(look(q='龙舟 "<b>'))


def test_without_words_there_is_a_form_and_a_word_of_help(look, collection):
    response = look()
    assert response.status_code == 200
    assert '<label for="id_q">检索词</label>' in content(response)
    assert "请输入" in content(response)
    assert "共有" not in content(response)


def test_when_nothing_is_found_the_page_says_what_to_try(look, collection):
    response = look(q="炮台", kind="photo")
    assert response.status_code == 200
    assert "没有查到" in content(response)
    assert links(response, "去掉全部筛选条件") == ["?q=%E7%82%AE%E5%8F%B0"]
    assert "没有查到" in content(look(q="炮台", page="7"))


def test_a_kind_is_chosen_and_given_up_by_a_plain_link(look, collection):
    response = look(q="龙舟", page="1")
    (choose,) = links(response, "照片")
    assert "kind=photo" in choose
    assert "page" not in choose
    chosen = look(q="龙舟", kind="photo")
    page = content(chosen)
    assert "共有 1 条结果" in page
    assert re.search(r'图书</a>\s*<span class="facet-count">1</span>', page)
    assert 'aria-current="true"' in page
    (give_up,) = links(chosen, "照片")
    assert "kind" not in give_up


def test_several_kinds_can_be_chosen(look, collection):
    assert "共有 2 条结果" in content(look(q="龙舟", kind=["photo", "book"]))


def test_every_filter_in_force_is_shown_and_can_be_given_up(look, collection):
    registry.register_labels("place", lambda slugs: {"humen": "虎门镇"})
    response = look(q="龙舟", place="humen", year_from="1700", year_to="1800")
    assert "共有 1 条结果" in content(response)
    assert "虎门镇" in content(response)
    (without_place,) = links(response, "去掉“虎门镇”")
    assert "place" not in without_place
    assert "year_from=1700" in without_place
    (without_year,) = links(response, "去掉“1800 年”")
    assert "year_to" not in without_year


def test_new_words_keep_the_filters(look, collection):
    page = content(look(q="龙舟", place="humen", kind="book", year_from="1700"))
    for name, value in (("place", "humen"), ("kind", "book"), ("year_from", "1700")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_filters_alone_list_a_place(look, collection):
    assert "共有 1 条结果" in content(look(place="humen"))


def test_results_can_be_ordered_by_time(look, collection):
    page = content(look(q="龙舟", sort="newest"))
    assert page.index("/photos/2/") < page.index("/books/dgxz/")
    page = content(look(q="龙舟", sort="oldest"))
    assert page.index("/photos/2/") > page.index("/books/dgxz/")


@pytest.fixture
def many(shelf):
    for number in range(1, 206):
        shelf.put(number, title=f"莞 {number}")
    rebuild()


def test_pages_are_linked_and_numbered_on(look, many):
    response = look(q="莞", page="3")
    page = content(response)
    assert '<ol class="hits" start="41">' in page
    assert 'aria-current="page">3<' in page
    assert links(response, "下一页") == ["?q=%E8%8E%9E&page=4"]
    assert links(response, "上一页") == ["?q=%E8%8E%9E&page=2"]
    assert links(response, "1<") == ["?q=%E8%8E%9E"]
    assert links(response, "11<") == ["?q=%E8%8E%9E&page=11"]
    assert not links(look(q="莞", page="11"), "下一页")


def test_a_page_beyond_the_last_is_not_found_and_leads_back(look, many):
    response = look(q="莞", page="12")
    assert response.status_code == 404
    assert "没有第 12 页" in content(response)
    assert links(response, "11<")
    assert look(q="莞", page="12", format="json").status_code == 404
    assert look(q="莞", page="12", format="json").json()["pages"] == 11


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_the_answer_for_programs_is_as_documented(look, collection):
    response = look(q="嘉庆", format="json")
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "total": 1,
        "page": 1,
        "pages": 1,
        "hits": [
            {
                "title": "東莞縣志",
                "url": "/books/dgxz/",
                "identifier": "DG-B-1",
                "kind": "book",
                "snippet": "<mark>嘉慶</mark>間，東莞龍舟盛行。",
                "date": "嘉慶二年",
                "places": ["humen"],
            }
        ],
        "facets": {"kind": [{"value": "book", "label": "图书", "count": 1}]},
    }


def test_nothing_asked_is_an_empty_answer_for_programs(look, collection):
    assert look(format="json").json() == {"total": 0, "page": 1, "pages": 0, "hits": [], "facets": {}}


# --- Audiences, states, junk --------------------------------------------------------------------------------------


def test_what_is_found_in_the_reading_room_is_stored_by_nobody(look, shelf):
    shelf.put_on_site(1, title="調查", body="秘密之事")
    rebuild()
    public = look(q="秘密", format="json")
    assert public.json()["total"] == 0
    assert "no-store" not in public.get("Cache-Control", "")
    registry.set_audience_resolver(lambda request: Audience.READING_ROOM)
    for given in ({}, {"format": "json"}):
        response = look(q="秘密", **given)
        assert "秘密" in response.content.decode()
        assert {"private", "no-store"} <= set(re.split(r",\s*", response["Cache-Control"]))


def test_while_the_index_is_built_the_page_says_so(look, shelf):
    response = look(q="莞")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "正在重建" in content(response)
    assert "no-store" in response["Cache-Control"]
    assert "正在重建" in look(q="莞", format="json").json()["error"]
    assert look().status_code == 200


def test_search_engines_are_asked_not_to_keep_the_lists(look, collection):
    response = look(q="龙舟")
    assert response["X-Robots-Tag"] == "noindex"
    assert re.search(r'<a href="[^"]*kind=photo[^"]*" rel="nofollow"', content(response))


@pytest.mark.parametrize("format", ["html", "json"])
@pytest.mark.parametrize(
    "junk",
    [
        {"page": "abc"},
        {"page": "-1"},
        {"page": "0"},
        {"page": "9" * 5000},
        {"page": "１"},
        {"kind": "'; DROP TABLE"},
        {"kind": ["x"] * 500},
        {"kind": "\x00"},
        {"place": "../../etc"},
        {"year_from": "去年"},
        {"year_from": "9" * 5000},
        {"year_from": "2000", "year_to": "1700"},
        {"sort": "sideways"},
        {"q": "\x00莞\x00"},
        {"q": "莞" * 10_000},
        {"q": '"' * 100},
        {"q": "(((" + "*" * 50},
        {"q": "a:b AND NOT title:[x TO y]~2^9"},
        {"q": "\ufffd\u202e莞"},
        {"q": "𠀀" * 50},
        {"format": "xml"},
        {"unknown": "x"},
    ],
)
def test_junk_is_never_an_error_of_ours(look, collection, junk, format):
    response = look(**{"q": "龙舟", "format": format} | junk)
    assert response.status_code in (200, 404)


def test_bytes_that_are_no_text_are_no_error_of_ours(client, collection):
    assert client.get(reverse("search:results") + "?q=%ED%A0%80%FF%8E&kind=%FF").status_code == 200


def test_a_year_that_is_no_number_is_left_out_and_the_reader_is_told(look, collection):
    page = content(look(q="龙舟", year_from="去年"))
    assert "共有 2 条结果" in page
    assert "已忽略" in page


def test_only_reading_is_allowed(client, collection):
    assert client.post(reverse("search:results")).status_code == 405
    assert client.head(reverse("search:results"), {"q": "龙舟"}).status_code == 200
