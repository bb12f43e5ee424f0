"""The results page, as a reader and as a program get it."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from search import registry
from search.documents import Audience
from search.indexing import rebuild

pytestmark = pytest.mark.django_db


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


# --- By work ------------------------------------------------------------------------------------------------------


def test_a_book_is_one_result_that_opens_the_rest(look, gazetteer):
    response = look(q="龙舟")
    page = content(response)
    assert "共有 14 条结果，分属 2 部（件）馆藏" in page
    assert page.count('<li class="hit">') == 2
    assert "東莞縣志" in page
    (rest,) = links(response, "本书另有 12 处")
    opened = look(q="龙舟", work="DG-B-1")
    assert rest == "?q=%E9%BE%99%E8%88%9F&work=DG-B-1"
    assert content(opened).count('<li class="hit">') == 13
    assert "《東莞縣志》中的结果" in content(opened)
    assert links(opened, "回到全馆结果") == ["?q=%E9%BE%99%E8%88%9F"]


def test_one_book_can_be_read_through_in_its_order(look, gazetteer):
    numbers = re.findall(r'href="/books/dgxz/p/(\d+)/"', content(look(q="龙舟", work="DG-B-1", sort="position")))
    assert numbers == [str(number) for number in range(1, 14)]


def test_every_passage_can_be_listed(look, gazetteer):
    (one_by_one,) = links(look(q="龙舟"), "逐条列出")
    assert "group=none" in one_by_one
    listed = look(q="龙舟", group="none")
    assert content(listed).count('<li class="hit">') == 14
    assert "本书另有" not in content(listed)
    assert links(listed, "按书归并") == ["?q=%E9%BE%99%E8%88%9F"]


def test_programs_get_every_document_unless_they_ask_for_works(look, gazetteer):
    flat = look(q="龙舟", format="json").json()
    assert (flat["total"], len(flat["hits"])) == (14, 14)
    by_work = look(q="龙舟", format="json", group="work").json()
    assert (by_work["total"], by_work["works"], len(by_work["hits"])) == (14, 2, 2)
    assert [hit["others"] for hit in by_work["hits"] if "others" in hit] == [12]


# --- Facets, decades, other names ---------------------------------------------------------------------------------


@pytest.fixture
def towns(shelf):
    registry.register_labels("place", lambda slugs: {"dg": "東莞", "sl": "石龍", "lt": "龍潭"})
    parents = {"sl": "dg", "lt": "sl"}
    registry.register_parents("place", lambda slugs: {slug: parents[slug] for slug in slugs if slug in parents})
    for number in range(3):
        shelf.put(
            number,
            title="莞",
            places=("lt",),
            places_above=("sl", "dg"),
            year_from=1970 + 10 * number,
            year_to=1970 + 10 * number,
        )
    shelf.put(9, title="莞", places=("sl",), places_above=("dg",), year_from=1970, year_to=1970)
    rebuild()


def test_villages_stand_under_their_towns_and_open_when_the_town_is_chosen(look, towns):
    page = content(look(q="莞"))
    assert re.search(r'facet-depth-0">.*?東莞</a> <span class="facet-count">4<', page)
    assert re.search(r'facet-depth-1">.*?石龍</a> <span class="facet-count">4<', page)
    assert "龍潭</a>" not in page.partition("<ol")[0]
    assert re.search(r'facet-depth-2">.*?龍潭</a> <span class="facet-count">3<', content(look(q="莞", place="sl")))


def test_decades_are_drawn_with_their_counts_and_each_is_a_link(look, towns):
    page = content(look(q="莞"))
    assert page.count('class="years-period"') == 3
    assert '<rect x="0" y="0" width="8" height="36"/>' in page
    assert "style=" not in page
    assert "共有 1 条结果" in content(look(q="莞", decade="1990"))
    several = content(look(q="莞", decade=["1980", "1990"]))
    assert "共有 2 条结果" in several
    assert several.count('class="years-period"') == 3


def test_other_names_of_a_place_are_shown_and_can_be_switched_off(look, shelf):
    registry.register_expansions("place", lambda words: {"宝安": ("東莞",)} if "宝安" in words else {})
    shelf.put(1, title="東莞縣志")
    rebuild()
    response = look(q="寶安")
    assert "共有 1 条结果" in content(response)
    assert "其他名称：東莞" in content(response)
    (off,) = links(response, "只查所输入的名称")
    assert "expand=0" in off
    assert "没有查到" in content(look(q="寶安", expand="0"))
    assert look(q="寶安", format="json").json()["added"] == {"宝安": ["東莞"]}


# --- Nothing found ------------------------------------------------------------------------------------------------


def test_when_nothing_is_found_fewer_words_are_offered_with_true_counts(look, collection):
    page = content(look(q="龙舟 炮台"))
    assert re.search(r'<a class="search-try" href="\?q=%E9%BE%99%E8%88%9F" rel="nofollow">龙舟</a>（2 处）', page)
    assert ">炮台<" not in page
    assert re.search(r">东莞龙舟</a>（1 处）", content(look(q="东莞龙舟甚")))


def test_when_nothing_is_found_what_sounds_alike_is_offered(look, shelf):
    shelf.put(1, title="東莞縣志", url="/books/dgxz/", suggest_weight=6)
    rebuild()
    for typed in ("东管县制", "dongguan xianzhi"):
        assert '<a class="search-try" href="/books/dgxz/">東莞縣志</a>' in content(look(q=typed))


def test_when_filters_hide_everything_the_number_without_them_is_told(look, collection):
    assert "全馆共 2 处" in content(look(q="龙舟", kind="film"))


# --- Floods, help -------------------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_again_and_others_are_not_kept_out(look, client, collection, settings):
    cache.clear()
    settings.SEARCH = settings.SEARCH | {"QUESTIONS_A_MINUTE": 3, "SUGGESTIONS_A_MINUTE": 1}
    assert [look(q="龙舟").status_code for _question in range(4)] == [200, 200, 200, 429]
    refused = look(q="龙舟")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Cache-Control"] == "no-store"
    assert look(q="龙舟", format="json").json()["error"]
    assert client.get(reverse("search:results"), {"q": "龙舟"}, REMOTE_ADDR="10.9.8.7").status_code == 200
    assert [client.get(reverse("search:suggest"), {"q": "d"}).status_code for _letter in (1, 2)] == [200, 429]
    registry.set_audience_resolver(lambda request: Audience.READING_ROOM)
    assert look(q="龙舟").status_code == 200


def test_the_help_page_shows_what_can_be_written(client):
    response = client.get(reverse("search:help"))
    assert response.status_code == 200
    for example in ("虎门 (旱|亢旱|不雨)", "炮台 -鸦片", "标题:龙舟"):
        assert example in content(response)


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
                "work": "page:1",
                "work_title": "",
                "locator": "卷三",
            }
        ],
        "facets": {
            "kind": [{"value": "book", "label": "图书", "count": 1}],
            "place": [{"value": "humen", "label": "humen", "count": 1}],
            "topic": [],
            "series": [],
            "decade": [{"value": "1790", "label": "1790 年代", "count": 1}],
        },
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


def test_search_engines_are_asked_not_to_keep_narrowed_lists(look, collection):
    plain = look(q="龙舟")
    assert "X-Robots-Tag" not in plain
    assert 'name="robots"' not in plain.content.decode()
    assert re.search(r'<a href="[^"]*kind=photo[^"]*" rel="nofollow"', content(plain))
    for narrowed in ({"kind": "photo"}, {"sort": "title"}, {"page": "9"}, {"format": "json"}):
        assert look(q="龙舟", **narrowed)["X-Robots-Tag"] == "noindex", narrowed
    assert 'content="noindex, nofollow"' in look(q="龙舟", kind="photo").content.decode()


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
