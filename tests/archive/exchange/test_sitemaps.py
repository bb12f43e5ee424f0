"""What search engines are told of, and what they are asked to leave alone."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings

from archive.access import AccessLevel
from archive.exchange import sitemaps
from archive.models import BookPage, PagePlace
from archive.publication import set_access
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    root = ElementTree.fromstring(body)
    return [found.text.removeprefix(settings.PUBLIC_BASE_URL) for found in root.iter(f"{NAMESPACE}loc")]


def everything(client) -> list[str]:
    return [address for file in locations(client, "/sitemap.xml") for address in locations(client, file)]


def test_names_every_public_address(home, client):
    book = factories.book("县志")
    section = factories.section(book, "桥梁", text="石桥")
    scanned = factories.book("旧志", text_unit=BookPage.TextUnit.LEAF)
    leaf = factories.leaf(scanned, "石桥")
    about = factories.free_page(home)
    found = everything(client)
    for address in (
        "/",
        "/books/",
        about.get_url(),
        book.get_url(),
        section.get_absolute_url(),
        scanned.get_url(),
        leaf.get_absolute_url(),
    ):
        assert found.count(address) == 1, address


def test_names_nothing_that_is_closed(home, client, staff):
    draft = factories.story("草稿", published=False)
    closed = factories.book("机密")
    factories.section(closed, "机密目")
    set_access(closed, AccessLevel.STAFF)
    reading_room = factories.book("馆内")
    hidden = factories.section(reading_room, "馆内目")
    set_access(reading_room, AccessLevel.ON_SITE)
    withdrawn = factories.story("撤回")
    type(withdrawn).objects.get(pk=withdrawn.pk).unpublish()
    for reader in (client, staff):
        found = everything(reader)
        assert reading_room.get_url() in found
        for address in (draft.get_url(), closed.get_url(), hidden.get_absolute_url(), withdrawn.get_url()):
            assert address not in found
        assert not [address for address in found if address.startswith(closed.get_url())]


def test_names_a_record_that_something_public_is_listed_under(home, client):
    shown, hidden, empty = (factories.place(name) for name in ("石龙镇", "机密镇", "空镇"))
    PagePlace.objects.create(page=factories.story("水上鼓声"), place=shown)
    closed = factories.story("机密")
    PagePlace.objects.create(page=closed, place=hidden)
    set_access(closed, AccessLevel.STAFF)
    found = locations(client, "/sitemap-museum.xml")
    assert f"/places/{shown.slug}/" in found
    assert f"/places/{hidden.slug}/" not in found
    assert f"/places/{empty.slug}/" not in found


def test_a_file_holds_no_more_than_it_may(home, client, monkeypatch):
    monkeypatch.setattr(sitemaps, "ENTRIES", 2)
    book = factories.book("县志")
    sections = [factories.section(book, f"目 {number}") for number in range(5)]
    files = [file for file in locations(client, "/sitemap.xml") if "section" in file]
    assert len(files) >= 3
    named = [locations(client, file) for file in files]
    assert max(map(len, named)) <= 2
    assert sorted(sum(named, [])) == sorted(section.get_absolute_url() for section in sections)


def test_a_file_that_is_not_there_is_404(home, client):
    for address in ("/sitemap-section-99.xml", "/sitemap-nothing-0.xml", "/sitemap-page-99999999999.xml"):
        assert client.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_entries(home, client, django_assert_max_num_queries):
    book = factories.book("县志")
    for number in range(30):
        factories.section(book, f"目 {number}")
    with django_assert_max_num_queries(4):
        file = next(file for file in locations(client, "/sitemap.xml") if "section" in file)
    with django_assert_max_num_queries(6):
        assert len(locations(client, file)) == 30


class TestRobots:
    def test_names_the_site_map(self, home, client):
        answer = client.get("/robots.txt")
        assert answer["Content-Type"].startswith("text/plain")
        assert f"Sitemap: {settings.PUBLIC_BASE_URL}/sitemap.xml" in answer.content.decode()

    def test_closes_the_cms_and_opens_the_collection(self, home, client):
        rules = RobotFileParser()
        rules.parse(client.get("/robots.txt").content.decode().splitlines())
        for address in ("/admin/", "/saved/", "/script/hant/", "/search/suggest?q=a"):
            assert not rules.can_fetch("anybody", address), address
        for address in ("/", "/books/", "/books/xian-zhi/s/qiao-liang/", "/feeds/all.rss", "/search/?q=a"):
            assert rules.can_fetch("anybody", address), address

    def test_closes_crossed_filters(self, home, client):
        text = client.get("/robots.txt").content.decode()
        for name in ("place", "topic", "year_from", "sort"):
            assert f"Disallow: /*?{name}=" in text
            assert f"Disallow: /*&{name}=" in text
        assert "page=" not in text
        assert "Disallow: /search/*&" in text.splitlines()
