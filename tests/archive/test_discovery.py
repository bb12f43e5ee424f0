"""Places, topics, people, series, the line of years and the map: what they show, to whom, and that numbers are true."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Locale, Page

from archive.access import AccessLevel, Audience
from archive.models import ArchivePage, HomePage, PageAgent, PagePlace, PageTopic, PlaceName, RelatedItem
from archive.models.anniversaries import on_this_day
from archive.models.holdings import Holdings
from archive.publication import set_access
from tests import factories, many

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

SECRET = "密码簿"


def placed(page, *places):
    PagePlace.objects.bulk_create([PagePlace(page_id=page.pk, place=place) for place in places])
    return page


@pytest.fixture
def county(home):
    """A county with a town, a village in it and another town; things of every kind, dated and not."""
    county = factories.place("栖澜县", kind="county")
    town = factories.place("石渡镇", parent=county, latitude=27.35, longitude=116.02, description="澜江码頭。")
    town.former_names = [PlaceName(name="石渡墟", date_written="明代—1949年", note="逢三、八成墟")]
    town.save()
    village = factories.place("上沙村", kind="village", parent=town, latitude=27.36, longitude=116.03)
    other = factories.place("平陵镇", parent=county, latitude=27.5, longitude=115.9)
    topic = factories.topic("桥梁")
    series = factories.series("旧志丛刊")
    person = factories.agent("周廷楷", date_written="1640—1702")
    first = placed(factories.book("康熙縣志", series=series, series_position=1, date_written="康熙二十八年"), county)
    second = placed(factories.book("乾隆县志", series=series, series_position=2, date_written="乾隆三年"), town)
    album = placed(factories.album("石渡旧影"), town)
    photo = placed(factories.photo("渡口", parent=album, date_written="民国廿五年"), town, village)
    film = placed(factories.film("龙舟", date_written="1984年"), village)
    story = placed(factories.story("一座桥", date_written="1176—1689"), other)
    for page in (first, photo, story):
        PageTopic.objects.create(page_id=page.pk, topic=topic)
    PageAgent.objects.create(page_id=first.pk, agent=person, role=PageAgent.Role.EDITOR)
    PageAgent.objects.create(page_id=story.pk, agent=person, role=PageAgent.Role.SUBJECT)
    pages = {"first": first, "second": second, "album": album, "photo": photo, "film": film, "story": story}
    records = {"county": county, "town": town, "village": village, "other": other}
    return records | {"topic": topic, "series": series, "person": person} | pages


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


class TestPlace:
    def test_shows_what_lies_in_it_and_in_its_parts(self, county, client):
        text = text_of(client, f"/places/{county['town'].slug}/")
        for title in ("乾隆县志", "渡口", "龙舟", "石渡旧影", "上沙村", "栖澜县", "澜江码頭。"):
            assert title in text
        assert "一座桥" not in text

    def test_tells_its_former_names_with_their_years(self, county, client):
        text = text_of(client, f"/places/{county['town'].slug}/")
        assert "石渡墟" in text
        assert "明代—1949年" in text
        assert "逢三、八成墟" in text
        assert 'class="former-bar"' in text

    def test_is_drawn_on_the_map_and_marked(self, county, client):
        text = text_of(client, f"/places/{county['town'].slug}/")
        assert text.count("map-here") == 1

    def test_one_without_a_position_shows_where_its_parts_lie(self, county, client):
        text = text_of(client, f"/places/{county['county'].slug}/")
        assert text.count("map-here") == 0
        assert text.count('class="map-place"') == 3

    def test_one_that_lies_nowhere_has_no_map(self, county, client):
        place = factories.place("无处乡")
        placed(factories.photo(), place)
        assert 'class="map"' not in text_of(client, f"/places/{place.slug}/")

    def test_one_of_which_there_is_nothing_is_not_found(self, county, client):
        empty = factories.place("空乡")
        assert client.get(f"/places/{empty.slug}/").status_code == 404
        assert client.get("/places/atlantis/").status_code == 404
        assert "空乡" not in text_of(client, "/places/")


class TestPerson:
    def test_tells_works_from_what_is_about_them(self, county, client):
        answer = client.get(f"/people/{county['person'].slug}/")
        assert [page.title for page in answer.context["works"]] == ["康熙縣志"]
        assert [page.title for page in answer.context["about"]] == ["一座桥"]
        assert "1640—1702" in answer.content.decode()

    def test_leads_to_the_list_of_the_books_of_that_person(self, county, client):
        page = client.get(f"/books/?person={county['person'].slug}")
        assert [book.title for book in page.context["results"]] == ["康熙縣志"]
        assert "取消筛选：周廷楷" in page.content.decode()


class TestSeries:
    def test_is_a_shelf_in_its_own_order(self, county, client):
        answer = client.get(f"/series/{county['series'].slug}/")
        assert [page.title for page in answer.context["spines"]] == ["康熙縣志", "乾隆县志"]
        assert [page.title for page in answer.context["members"]] == ["康熙縣志", "乾隆县志"]

    def test_its_books_follow_each_other(self, county, client):
        text = text_of(client, county["first"].get_url())
        assert f'rel="next" href="{county["second"].get_url()}"' in text
        assert f'rel="prev" href="{county["first"].get_url()}"' in text_of(client, county["second"].get_url())


def test_a_record_leads_to_its_place_topic_person_and_series(county, client):
    text = text_of(client, county["first"].get_url())
    for kind, name in (("places", "county"), ("topics", "topic"), ("people", "person"), ("series", "series")):
        assert f'href="/{kind}/{county[name].slug}/"' in text


class TestNumbers:
    ADDRESSES = ("/", "/browse/", "/timeline/", "/map/", "/places/", "/topics/", "/people/", "/series/")

    def details(self, county) -> list[str]:
        kinds = {"topic": "topics", "person": "people", "series": "series"}
        places = [f"/places/{county[name].slug}/" for name in ("county", "town", "village", "other")]
        return [*places, *(f"/{room}/{county[name].slug}/" for name, room in kinds.items())]

    def test_every_number_beside_a_list_is_the_length_of_that_list(self, county, client):
        checked = 0
        for address in (*self.details(county), "/timeline/"):
            text = text_of(client, address)
            tally = re.findall(r'tally-link" href="([^"]+)"[^>]*>[^<]*<span class="tally-number">(\d+)', text)
            years = re.findall(r'<td class="number"><a href="([^"]+)" rel="nofollow">(\d+)', text)
            bars = re.findall(r'chart-link" href="([^"]+)".*?class="chart-count"[^>]*>(\d+)', text)
            for target, number in tally + years + bars:
                assert client.get(target).context["results"].paginator.count == int(number), (address, target)
                checked += 1
        assert checked > 24

    @pytest.mark.parametrize("address", ["/places/", "/map/", "/browse/", "/topics/", "/people/"])
    def test_the_number_beside_a_name_is_what_its_page_has(self, county, client, address):
        pattern = r'href="(/(?:places|topics|people)/[^"]+/)">[^<]*</a><span class="facet-count">(\d+)'
        links = re.findall(pattern, text_of(client, address))
        assert links
        for target, number in links:
            assert client.get(target).context["total"] == int(number), (address, target)

    def test_the_figures_of_the_home_page_are_the_lengths_of_their_lists(self, county, client, index):
        from search.indexing import drain

        factories.section(county["first"], "桥梁", text="赤石桥。")
        drain()
        links = re.findall(r'figure-link" href="([^"]+)" aria-label="(\d+) ', text_of(client, "/"))
        assert len(links) == 5
        for target, number in links:
            answer = client.get(target)
            found = answer.context["results"]
            count = found.total if urlsplit(target).path == "/search/" else found.paginator.count
            assert count == int(number), target


class TestAudience:
    @pytest.fixture
    def secret(self, county):
        """A thing for staff alone, with a place, a topic, a person, a series and years of its own."""
        place = factories.place("禁地", parent=county["county"], latitude=27.1, longitude=115.1)
        series, topic, person = factories.series("禁书"), factories.topic("禁事"), factories.agent("禁人")
        book = placed(factories.book(SECRET, series=series, series_position=1, date_written="1402年"), place)
        PageTopic.objects.create(page_id=book.pk, topic=topic)
        PageAgent.objects.create(page_id=book.pk, agent=person)
        RelatedItem.objects.create(page_id=book.pk, related_id=county["first"].pk)
        return {"book": book, "place": place, "series": series, "topic": topic, "person": person}

    def addresses(self, secret) -> list[str]:
        kinds = {"place": "places", "topic": "topics", "person": "people", "series": "series"}
        return [f"/{room}/{secret[name].slug}/" for name, room in kinds.items()]

    def test_everything_of_a_closed_thing_goes_at_once(self, county, secret, client):
        lists = [*TestNumbers.ADDRESSES, f"/places/{county['county'].slug}/", county["first"].get_url()]
        for address in self.addresses(secret):
            assert client.get(address).status_code == 200, address
        assert "禁地" in text_of(client, "/map/")
        assert SECRET in text_of(client, county["first"].get_url())
        before = text_of(client, "/timeline/")
        assert "1400" in before
        set_access(secret["book"], AccessLevel.STAFF)
        for address in self.addresses(secret):
            assert client.get(address).status_code == 404, address
        for address in lists:
            text = text_of(client, address)
            for word in (SECRET, "禁地", "禁书", "禁事", "禁人"):
                assert word not in text, (address, word)
        assert "1400" not in text_of(client, "/timeline/")

    def test_staff_find_it_where_it_belongs(self, county, secret, staff):
        set_access(secret["book"], AccessLevel.STAFF)
        for address in self.addresses(secret):
            assert SECRET in text_of(staff, address)
            assert staff.get(address)["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("what", ["withdrawn", "deleted", "draft"])
    def test_what_is_not_published_counts_nowhere(self, county, secret, client, what):
        counted = client.get("/places/").context["branches"][0].total
        book = type(secret["book"]).objects.get(pk=secret["book"].pk)
        if what == "withdrawn":
            book.unpublish()
        elif what == "deleted":
            book.delete()
        else:
            ArchivePage.objects.filter(pk=book.pk).update(live=False)
            cache.clear()  # no door of the museum does this
        assert client.get("/places/").context["branches"][0].total == counted - 1
        assert "禁地" not in text_of(client, "/map/")

    def test_on_site_things_are_listed_without_their_pictures(self, county, client):
        set_access(county["album"], AccessLevel.ON_SITE)
        text = text_of(client, f"/places/{county['town'].slug}/")
        assert "渡口" in text
        assert "/media/p/" not in text.split("of-photo")[1].split("</section>")[0]


class TestBudget:
    ROOMS = ("/browse/", "/timeline/", "/map/", "/places/", "/topics/", "/people/", "/series/")

    @pytest.fixture
    def thousands(self, home):
        many.photos(3000)
        place, topic = ArchivePage.objects.exact_things().first().page_places.get().place, PageTopic.objects.first()
        return [f"/places/{place.slug}/", f"/topics/{topic.topic.slug}/"]

    def test_counting_three_thousand_things_takes_a_bounded_number_of_queries(
        self, thousands, client, django_assert_max_num_queries
    ):
        """Nothing is remembered yet: the figures are counted, and the drawings drawn, in this request."""
        client.get("/search/")  # the museum's particulars are made at the first visit
        for address in ("/", *self.ROOMS, *thousands):
            cache.clear()
            with django_assert_max_num_queries(38 if address == "/" else 30):
                assert client.get(address).status_code == 200, address
            with django_assert_max_num_queries(28):
                assert client.get(address).status_code == 200, address

    def test_what_was_counted_a_moment_ago_is_not_counted_again(self, thousands, django_assert_num_queries):
        holdings = Holdings(Audience.PUBLIC, HomePage.objects.get().locale_id)
        first = holdings.by_place()
        with django_assert_num_queries(0):
            assert holdings.by_place() == first
        with django_assert_num_queries(2):  # the mark that would change if anything were published or closed
            assert Holdings(holdings.audience, holdings.locale_id).by_place() == first


class TestRelated:
    def test_is_shown_from_both_sides(self, county, client):
        RelatedItem.objects.create(page_id=county["first"].pk, related_id=county["story"].pk)
        assert county["story"].get_url() in text_of(client, county["first"].get_url())
        assert county["first"].get_url() in text_of(client, county["story"].get_url())

    def test_both_naming_each_other_are_shown_once(self, county, client):
        RelatedItem.objects.create(page_id=county["first"].pk, related_id=county["story"].pk)
        RelatedItem.objects.create(page_id=county["story"].pk, related_id=county["first"].pk)
        text = text_of(client, county["story"].get_url())
        assert text.count(f'class="card-link" href="{county["first"].get_url()}"') == 1


def test_episodes_follow_each_other_over_the_end_of_a_season(home, client):
    series = factories.video_series()
    last = factories.film("一季末", parent=series, season=1, episode=2)
    first = factories.film("二季首", parent=series, season=2, episode=1)
    assert f'rel="next" href="{first.get_url()}"' in text_of(client, last.get_url())
    assert f'rel="prev" href="{last.get_url()}"' in text_of(client, first.get_url())


def test_stories_without_a_number_follow_each_other_by_the_day(home, client):
    column = factories.column()
    first = factories.story("甲", parent=column)
    second = factories.story("乙", parent=column)
    assert f'rel="next" href="{second.get_url()}"' in text_of(client, first.get_url())
    assert 'class="turner' not in text_of(client, factories.story("独立一篇").get_url())


class TestOnThisDay:
    def titles(self, *today: int) -> list[str]:
        things = ArchivePage.objects.visible_to(Audience.PUBLIC)
        return [page.title for page in on_this_day(things, date(*today))]

    def test_names_what_happened_on_this_day_of_other_years(self, home):
        factories.photo("大桥合龙", date_written="1978年12月26日")
        factories.story("雪", date_written="1941年12月26日")
        factories.photo("同月", date_written="1978年12月")
        factories.photo("今日", date_written="2026年12月26日")
        set_access(factories.photo("内部", date_written="1980年12月26日"), AccessLevel.STAFF)
        assert self.titles(2026, 12, 26) == ["雪", "大桥合龙"]
        assert self.titles(2026, 12, 27) == []

    def test_a_leap_day_is_a_day_too(self, home):
        factories.photo("闰日", date_written="1984年2月29日")
        assert self.titles(2028, 2, 29) == ["闰日"]

    def test_days_before_the_reform_are_those_that_were_written(self, home):
        factories.story("渔阳鼙鼓", date_written="755年12月16日")
        assert self.titles(2026, 12, 16) == ["渔阳鼙鼓"]


def test_a_translation_is_counted_and_listed_in_its_own_language_alone(county, client):
    """Its records are those of the museum's own language as long as nobody has translated them."""
    english = Locale.objects.create(language_code="en")
    county["photo"].copy_for_translation(english, copy_parents=True)
    for page in Page.objects.filter(locale=english, alias_of=None).order_by("path"):  # those above are aliases, live
        page.specific.save_revision().publish()
    answer = client.get(f"/en/places/{county['village'].slug}/")
    assert {group.kind: group.total for group in answer.context["groups"]} == {"photo": 1}
    listed = client.get(answer.context["groups"][0].address)
    assert listed.context["results"].paginator.count == 1
    assert client.get(f"/en/places/{county['other'].slug}/").status_code == 404
    here = client.get(f"/places/{county['village'].slug}/").context["groups"]
    assert {group.kind: group.total for group in here} == {"photo": 1, "video": 1}


@pytest.mark.parametrize("room", TestBudget.ROOMS)
def test_an_empty_museum_has_words_for_it(home, client, room):
    text_of(client, room)


@pytest.mark.parametrize("address", ["/topics/?page=99", "/people/?page=x", "/en/places/", "/en/timeline/"])
def test_a_page_that_is_not_there_is_not_found(county, client, address):
    assert client.get(address).status_code == 404
