"""Index pages: filters that are links, counts that are true, a bounded number of queries at any size."""

import re
from urllib.parse import unquote

import pytest
from wagtail.models import Locale

from archive.access import AccessLevel, Audience
from archive.models import PagePlace, PhotoIndexPage, PhotoPage
from archive.models.listings import Filters
from archive.publication import set_access
from tests import factories, many

pytestmark = pytest.mark.postgresql


def placed(page, *places):
    PagePlace.objects.bulk_create([PagePlace(page_id=page.pk, place=place) for place in places])
    return page


@pytest.fixture
def county(home):
    county = factories.place("栖澜县", kind="county")
    town = factories.place("石渡镇", parent=county)
    village = factories.place("上沙村", kind="village", parent=town)
    other = factories.place("平陵镇", parent=county)
    placed(factories.photo("渡口", date_written="民国廿五年"), town, village)
    placed(factories.photo("祠堂", date_written="1978年12月"), village)
    placed(factories.photo("糖厂", date_written="二十世纪八十年代"), other)
    factories.photo("无地无年")
    return {"county": county, "town": town, "village": village, "other": other}


def listing(**params):
    page = PhotoIndexPage.objects.get(locale__language_code="zh-hans")
    return page.listing(Filters.read({name: str(value) for name, value in params.items()}), Audience.PUBLIC)


def choices(found, name: str) -> dict[str, int]:
    facet = next((facet for facet in found.facets() if facet.name == name), None)
    return {choice.label: choice.count for choice in facet.choices} if facet else {}


class TestPlaces:
    def test_a_place_counts_what_lies_in_its_parts_once(self, county):
        assert choices(listing(), "place") == {"栖澜县": 3, "石渡镇": 2, "平陵镇": 1}

    def test_choosing_a_place_lists_its_parts(self, county):
        found = listing(place=county["town"].slug)
        assert {page.title for page in found.narrowed()} == {"渡口", "祠堂"}
        assert choices(found, "place") == {"上沙村": 2}

    def test_every_count_is_the_length_of_the_list_it_leads_to(self, county, client):
        text = client.get("/photos/").content.decode()
        listed = re.findall(r'href="(\?[^"]+)"[^>]*>[^<]*</a><span class="facet-count">(\d+)', text)
        periods = re.findall(r'href="(\?[^"]+)"[^>]*><span class="years-count">(\d+)', text)
        links = listed + periods
        assert len(links) >= 6
        for address, count in links:
            page = client.get("/photos/" + unquote(address.replace("&amp;", "&")))
            assert page.context["results"].paginator.count == int(count), address

    def test_an_unknown_place_is_not_found(self, county, client):
        assert client.get("/photos/?place=atlantis").status_code == 404


class TestYears:
    def test_a_range_touches_what_it_overlaps(self, county):
        assert [page.title for page in listing(year_from=1936, year_to=1936).narrowed()] == ["渡口"]
        assert {page.title for page in listing(year_from=1970, year_to=1985).narrowed()} == {"祠堂", "糖厂"}

    def test_backwards_is_put_right_and_junk_left_out(self):
        assert Filters.read({"year_from": "1985", "year_to": "1970"}).year_from == 1970
        junk = Filters.read({"year_from": "昨天", "year_to": "9" * 50, "sort": "rm -rf", "place": "\x00" * 500})
        assert (junk.year_from, junk.year_to, junk.sort) == (None, None, "new")


class TestAudience:
    def test_staff_things_are_neither_listed_nor_counted(self, county):
        photo = PhotoPage.objects.get(title="糖厂")
        set_access(photo, AccessLevel.STAFF)
        assert choices(listing(), "place") == {"栖澜县": 2, "石渡镇": 2}

    def test_other_languages_have_lists_of_their_own(self, county, client):
        english = Locale.objects.create(language_code="en")
        photo = PhotoPage.objects.get(title="糖厂")
        photo.copy_for_translation(english, copy_parents=True).save_revision().publish()
        assert listing().narrowed().count() == 4


class TestPaging:
    @pytest.mark.parametrize("number", ["2", "0", "-1", "x", "9" * 40, "１"])
    def test_a_page_that_is_not_there_is_not_found(self, county, client, number):
        expected = 200 if number == "１" else 404
        assert client.get("/photos/", {"page": number}).status_code == expected


class TestSize:
    def test_a_listing_of_five_thousand_stays_within_its_query_budget(
        self, home, client, django_assert_max_num_queries
    ):
        many.photos(5000)
        client.get("/photos/")
        with django_assert_max_num_queries(30):
            page = client.get("/photos/")
        assert page.context["results"].paginator.count == 5000
        with django_assert_max_num_queries(30):
            page = client.get("/photos/", {"year_from": "1950", "year_to": "1979", "page": "3"})
        assert page.context["results"].paginator.count == 1260
