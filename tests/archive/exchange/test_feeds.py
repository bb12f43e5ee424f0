"""RSS and Atom."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from archive.access import AccessLevel
from archive.models import StoryPage
from archive.publication import set_access
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    root = ElementTree.fromstring(answer.content)
    if address.endswith(".rss"):
        return [item.findtext("title") for item in root.iter("item")]
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_the_whole_museum_newest_first(home, client, suffix):
    factories.story("第一篇")
    factories.photo("第二幅 & <其余>")
    assert entries(client, f"/feeds/all.{suffix}") == ["第二幅 & <其余>", "第一篇"]


def test_an_entry_is_known_by_its_permanent_address(home, client):
    story = factories.story("水上鼓声", description="埋了<b>十三年</b>")
    root = ElementTree.fromstring(client.get("/feeds/all.rss").content)
    item = next(root.iter("item"))
    assert item.findtext("guid") == f"{settings.PUBLIC_BASE_URL}/id/{story.identifier_id}"
    assert item.findtext("link") == f"{settings.PUBLIC_BASE_URL}{story.get_url()}"
    assert "&lt;b&gt;" in item.findtext("description")


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_column_an_album_and_a_set_of_films_have_their_own(home, client, suffix):
    column, album, films = factories.column(), factories.album(), factories.video_series()
    factories.story("栏中", parent=column)
    factories.photo("册中", parent=album)
    factories.film("片中", parent=films)
    factories.story("栏外")
    for page, inside in ((column, "栏中"), (album, "册中"), (films, "片中")):
        assert entries(client, f"/feeds/{page.identifier_id}.{suffix}") == [inside]
        assert f"/feeds/{page.identifier_id}.atom" in client.get(page.get_url()).content.decode()


def test_a_series_has_its_own(home, client):
    series = factories.series("旧志丛刊")
    factories.book("上册", series=series)
    factories.book("别书")
    assert entries(client, f"/feeds/series/{series.slug}.atom") == ["上册"]


def test_a_control_character_breaks_no_feed(home, client):
    factories.story("旧事\x0b新编", description="页\x0c眉")
    assert entries(client, "/feeds/all.rss") == ["旧事新编"]


class TestAudience:
    def test_drafts_and_closed_things_are_in_no_feed_for_anybody(self, home, client, staff, reading_room):
        column = factories.column("内部栏目")
        factories.story("内部故事", parent=column)
        set_access(column, AccessLevel.STAFF)
        factories.story("草稿", published=False)
        series = factories.series("内部丛书")
        set_access(factories.book("内部书", series=series), AccessLevel.STAFF)
        for reader in (client, staff, reading_room):
            assert entries(reader, "/feeds/all.atom") == []
            assert reader.get(f"/feeds/{column.identifier_id}.rss").status_code == 404
            assert reader.get(f"/feeds/series/{series.slug}.rss").status_code == 404
            assert "内部" not in reader.get("/feeds/").content.decode()

    def test_an_on_site_thing_gives_its_record(self, home, client):
        story = factories.story("馆内文稿", description="著录可见", body=[("text", "<p>正文不可见</p>")])
        set_access(story, AccessLevel.ON_SITE)
        text = client.get("/feeds/all.rss").content.decode()
        assert "著录可见" in text
        assert "正文不可见" not in text

    def test_what_is_withdrawn_is_gone_at_once(self, home, client):
        story = factories.story("水上鼓声")
        assert entries(client, "/feeds/all.rss") == ["水上鼓声"]
        StoryPage.objects.get(pk=story.pk).unpublish()
        answer = client.get("/feeds/all.rss")
        assert "水上鼓声" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-cache"


def test_a_container_that_is_none_has_no_feed(home, client):
    story = factories.story("单篇")
    assert client.get(f"/feeds/{story.identifier_id}.rss").status_code == 404
    assert client.get("/feeds/nothing.rss").status_code == 404


def test_a_feed_costs_few_queries(home, client, django_assert_max_num_queries):
    for number in range(8):
        factories.story(f"故事 {number}")
    client.get("/feeds/all.rss")
    with django_assert_max_num_queries(6):
        client.get("/feeds/all.rss")
