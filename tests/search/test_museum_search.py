"""Search over the museum's own things: what their builders declare, and what a reader finds of them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive import search_documents
from archive.access import AccessLevel
from archive.models import BookPage, PageAgent, PagePlace, PageTopic, PlaceName, StoryPage
from archive.publication import set_access
from archive.search_documents import check_page_types
from archive.search_names import other_place_names
from search import registry
from search.indexing import drain
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "home")]


@pytest.fixture
def ask(client):
    cache.clear()

    def asked(q: str = "", reader=client, **parameters) -> dict:
        drain()
        return reader.get(reverse("search:results"), {"q": q, "format": "json"} | parameters).json()

    return asked


def titles(answer: dict) -> list[str]:
    return [hit["title"] for hit in answer["hits"]]


def offered(client, typed: str) -> list[str]:
    drain()
    return [offer["title"] for offer in client.get(reverse("search:suggest"), {"q": typed}).json()["suggestions"]]


def of_leaves(**fields) -> BookPage:
    return factories.book("康熙東莞縣志", text_unit=BookPage.TextUnit.LEAF, **fields)


# --- Books --------------------------------------------------------------------------------------------------------


def test_a_phrase_that_turns_the_page_is_found_on_the_leaf_where_it_begins(ask):
    book = of_leaves()
    factories.leaf(book, "荆蠻義之，從而歸者千", label="一")
    second = factories.leaf(book, "餘家，立為吳太伯。", label="二")
    answer = ask("者千余家")
    assert titles(answer) == ["一"]
    assert "<mark>者千餘家</mark>" in answer["hits"][0]["snippet"]
    assert titles(ask("余家")) == ["二"]
    second.text = "人，立為吳太伯。"
    second.save()
    assert titles(ask("者千余家")) == []
    assert titles(ask("者千人")) == ["一"]
    second.delete()
    assert titles(ask("者千人")) == []


def test_the_end_of_an_on_site_leaf_is_not_told_by_the_one_before(ask, reading_room):
    book = of_leaves()
    factories.leaf(book, "其事甚祕")
    factories.leaf(book, "密不可外傳")
    set_access(book, AccessLevel.ON_SITE)
    assert ask("秘密")["total"] == 0
    assert ask("秘密", reader=reading_room)["total"] == 1


def test_passages_name_their_book_and_their_place_in_it(ask):
    book = factories.book("東莞縣志")
    part = factories.section(book, "風俗", label="卷三", depth=1)
    factories.section(book, "龍舟", "端午競渡", depth=2, parent=part)
    (hit,) = ask("竞渡")["hits"]
    assert (hit["title"], hit["work_title"], hit["locator"]) == ("龍舟", "東莞縣志", "卷三 風俗")
    assert hit["work"] == book.identifier_id


def test_passages_of_one_book_are_one_result_with_the_rest_a_click_away(client, ask):
    book = factories.book("東莞縣志")
    for number in range(5):
        factories.section(book, f"第{number}節", "端午競渡")
    answer = ask("竞渡", group="work")
    assert (answer["total"], answer["works"], answer["hits"][0]["others"]) == (5, 1, 4)
    assert "本书另有 4 处" in client.get(reverse("search:results"), {"q": "竞渡"}).content.decode()


# --- Places, people, topics ---------------------------------------------------------------------------------------


@pytest.fixture
def shilong():
    county = factories.place("東莞縣", kind="county", slug="dongguan")
    town = factories.place("石龍鎮", slug="shilong", parent=county)
    PlaceName.objects.create(place=town, name="五坊鄉")
    village = factories.place("黃家山", slug="huangjiashan", kind="village", parent=town)
    return county, town, village


def test_a_place_is_found_by_its_former_name_and_the_other_way_round(ask, shilong):
    factories.story("五坊鄉的來歷")
    factories.story("石龙镇今昔")
    answer = ask("石龙镇")
    assert sorted(titles(answer)) == ["五坊鄉的來歷", "石龙镇今昔"]
    assert answer["added"] == {"石龙镇": ["五坊鄉"]}
    assert sorted(titles(ask("五坊乡"))) == ["五坊鄉的來歷", "石龙镇今昔"]
    assert titles(ask("五坊乡", expand="0")) == titles(ask("“五坊乡”")) == ["五坊鄉的來歷"]


def test_a_former_name_counts_from_the_moment_it_is_written_down(shilong):
    assert other_place_names(["石龙镇"]) == {"石龙镇": ("五坊鄉",)}
    PlaceName.objects.create(place=shilong[1], name="石龍墟")
    assert other_place_names(["石龙镇"]) == {"石龙镇": ("五坊鄉", "石龍墟")}
    assert other_place_names(["龙舟"]) == {}


def test_a_town_counts_what_its_villages_have(ask, shilong):
    village_story = factories.story("圍屋")
    PagePlace.objects.create(page=village_story, place=shilong[2])
    village_story.save()
    places = {value["value"]: (value["label"], value["count"]) for value in ask("围屋")["facets"]["place"]}
    assert places == {"dongguan": ("東莞縣", 1), "shilong": ("石龍鎮", 1), "huangjiashan": ("黃家山", 1)}
    assert titles(ask(place="shilong")) == ["圍屋"]
    assert titles(ask("地名:黄家山")) == ["圍屋"]


def test_people_and_topics_are_found_by_every_name(ask):
    agent = factories.agent("陳伯陶", other_names="子礪\n九龍真逸")
    story = factories.story("修志")
    PageAgent.objects.create(page=story, agent=agent)
    PageTopic.objects.create(page=story, topic=factories.topic("方志", other_names="地志"))
    story.save()
    for words in ("陈伯陶", "九龙真逸", "人物:子砺", "地志"):
        assert titles(ask(words)) == ["修志"], words
    assert titles(ask("标题:陈伯陶")) == []


# --- Suggestions --------------------------------------------------------------------------------------------------


def test_titles_places_and_people_are_suggested_by_initials(client, shilong):
    story = factories.story("石龍往事")
    factories.section(factories.book("東莞縣志"), "石龍水道")
    PagePlace.objects.create(page=story, place=shilong[2])
    PageAgent.objects.create(page=story, agent=factories.agent("沈龍"))
    story.save()
    assert set(offered(client, "sl")) == {"石龍鎮", "石龍往事", "石龍水道", "沈龍"}
    assert offered(client, "dgxz") == ["東莞縣志"]
    assert offered(client, "五坊") == ["石龍鎮"]


def test_what_nothing_in_public_view_names_is_not_suggested(client, shilong):
    story = factories.story("石龍往事")
    PagePlace.objects.create(page=story, place=shilong[1])
    PageAgent.objects.create(page=story, agent=factories.agent("沈龍"))
    story.save()
    assert set(offered(client, "shil")) == {"石龍鎮", "石龍往事"}
    set_access(story, AccessLevel.STAFF)
    assert offered(client, "shil") == offered(client, "sl") == []


def test_the_record_of_an_on_site_book_is_suggested_and_no_leaf_is(client):
    book = of_leaves()
    factories.leaf(book, "祕", label="東莞圖")
    set_access(book, AccessLevel.ON_SITE)
    assert offered(client, "康熙") == ["康熙東莞縣志"]
    assert offered(client, "东莞图") == []


def test_a_suggestion_costs_few_queries(client, shilong, django_assert_max_num_queries):
    for number in range(10):
        factories.story(f"石龍往事{number}")
    drain()
    with django_assert_max_num_queries(5):
        client.get(reverse("search:suggest"), {"q": "石龙"})


# --- What it costs ------------------------------------------------------------------------------------------------


def test_a_page_of_mixed_results_costs_a_bounded_number_of_queries(client, shilong):
    """However many hits there are, and with facets, places, people, pictures and passages among them."""
    book, scanned = factories.book("龍舟志"), of_leaves()
    things = [factories.story("龍舟記"), factories.photo("龍舟圖"), factories.film("龍舟競渡"), book, scanned]
    for number, thing in enumerate(things * 2):
        if number >= len(things):
            thing = factories.story(f"龍舟記{number}")
        PagePlace.objects.create(page=thing, place=shilong[2])
        PageAgent.objects.create(page=thing, agent=factories.agent(f"船工{number}"))
        thing.save()
    for number in range(5):
        factories.section(book, f"龍舟{number}")
        factories.leaf(scanned, "龍舟", scan=factories.scan())
    drain()
    address = reverse("search:results")
    client.get(address, {"q": "龙舟", "group": "none"})
    cache.clear()  # what was answered is forgotten; the site's own paths are read again with the rest
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, {"q": "龙舟", "group": "none"}).status_code == 200
    assert len(captured) <= 60, [query["sql"][:120] for query in captured]


# --- The declaration ----------------------------------------------------------------------------------------------


def test_every_type_of_page_declares_how_it_is_found():
    assert check_page_types(None) == []


def test_a_type_of_page_that_declares_nothing_fails_a_check(monkeypatch):
    without = {kind: label for kind, label in search_documents.KINDS.items() if kind != "book"}
    monkeypatch.setattr(search_documents, "KINDS", without)
    (error,) = check_page_types(None)
    assert (error.id, error.obj) == ("archive.E010", BookPage)
    monkeypatch.setattr(search_documents, "_NOT_FOUND", ())
    assert len(check_page_types(None)) > 2


def test_every_kind_that_can_be_a_result_has_a_label():
    assert set(search_documents.KINDS) == set(registry.kinds())


# --- On the map ---------------------------------------------------------------------------------------------------


class TestOnTheMap:
    @pytest.fixture
    def placed(self, shilong):
        county, town, village = shilong
        for place, north in ((county, 23.0), (town, 23.1), (village, 23.2)):
            place.latitude, place.longitude = north, 113.7
            place.save()
        nowhere = factories.place("無考", slug="wu-kao")
        for number, place in enumerate((town, village, village, nowhere)):
            story = factories.story(f"圍屋{number}")
            PagePlace.objects.create(page=story, place=place)
            story.save()
        factories.story("圍屋何處")
        drain()
        cache.clear()

    def shown(self, client, **parameters) -> str:
        answer = client.get(reverse("search:results"), {"q": "围屋", "view": "map"} | parameters)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_places_are_drawn_with_what_was_found_in_them_and_their_parts(self, client, placed):
        text = self.shown(client)
        assert 'aria-label="石龍鎮，3 条结果"' in text
        assert 'aria-label="黃家山，2 条结果"' in text
        assert "東莞縣，3 条结果" not in text  # what the drawn places lie in is no point among them
        assert "圍屋何處" not in text

    def test_a_table_has_the_same_figures_and_says_what_has_no_position(self, client, placed):
        text = self.shown(client)
        rows = text[text.index("<tbody>") : text.index("</tbody>")].split("<tr>")[1:]
        found = {name: row for row in rows for name in ("東莞縣", "石龍鎮", "黃家山", "無考") if name in row}
        assert {name: 'class="number">3<' in row for name, row in found.items()}["石龍鎮"]
        assert "不在图上" in found["無考"]
        assert "<td>在图上" in found["黃家山"]

    def test_a_place_narrows_the_results_and_the_map_stays(self, client, placed):
        assert "view=map&amp;place=huangjiashan" in self.shown(client)
        text = self.shown(client, place="huangjiashan")
        assert "map-here" in text
        assert "去掉“黃家山”" in text

    def test_hits_without_places_say_that_there_is_nothing_to_draw(self, client):
        factories.story("圍屋何處")
        drain()
        assert "画不成图" in self.shown(client)

    def test_what_is_closed_is_not_counted(self, client, placed):
        for story in StoryPage.objects.filter(title__in=["圍屋1", "圍屋2"]):
            set_access(story, AccessLevel.STAFF)
        drain()
        text = self.shown(client)
        assert "黃家山" not in text
        assert 'aria-label="石龍鎮，1 条结果"' in text
