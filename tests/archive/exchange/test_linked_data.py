"""What machines read in the head of a page."""

import json
import re

import pytest
from django.conf import settings

from archive.access import AccessLevel
from archive.exchange.linked_data import as_script
from archive.publication import set_access
from tests import factories

pytestmark = pytest.mark.django_db
_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def linked(client, address: str) -> dict:
    found = _SCRIPT.findall(client.get(address).content.decode())
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("book", "Book"),
        ("film", "VideoObject"),
        ("photo", "Photograph"),
        ("story", "Article"),
        ("album", "ImageGallery"),
        ("column", "CreativeWorkSeries"),
        ("video_series", "CreativeWorkSeries"),
    ],
)
def test_every_kind_is_described(home, client, kind, named):
    page = getattr(factories, kind)("棲瀾異聞", description="一件馆藏。")
    data = linked(client, page.get_url())
    assert data["@type"] == named
    assert data["@id"] == f"{settings.PUBLIC_BASE_URL}/id/{page.identifier_id}"
    assert data["name"] == "棲瀾異聞"


def test_a_section_is_a_chapter_of_its_book(home, client):
    book = factories.book("县志", isbn="9787101003048", date_written="1990年")
    data = linked(client, factories.section(book, "桥梁").get_absolute_url())
    assert data["@type"] == "Chapter"
    assert data["isPartOf"]["@type"] == "Book"
    assert data["isPartOf"]["datePublished"] == "1990"


def test_home_and_catalogues_are_described(home, client):
    factories.story("水上鼓声")
    assert linked(client, "/")["@type"] == "WebSite"
    entries = linked(client, "/stories/")["mainEntity"]["itemListElement"]
    assert [entry["name"] for entry in entries] == ["水上鼓声"]


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028", '"\\'])
def test_no_text_ends_the_element(home, client, hostile):
    page = factories.story(f"旧事{hostile}", description=hostile)
    assert linked(client, page.get_url())["description"].strip() == hostile.strip()
    assert "<" not in as_script({"x": hostile})[len('<script type="application/ld+json">') : -len("</script>")]


class TestAudience:
    def test_a_staff_thing_is_described_to_nobody(self, home, staff):
        page = factories.story("机密", lead_image=factories.image())
        set_access(page, AccessLevel.STAFF)
        text = staff.get(page.get_url()).content.decode()
        assert "ld+json" not in text
        assert "og:" not in text

    def test_an_on_site_thing_is_its_record_alone_also_in_the_reading_room(self, home, client, reading_room):
        page = factories.photo("馆内照片", caption="背面题字", lead_image=factories.image())
        set_access(page, AccessLevel.ON_SITE)
        for reader in (client, reading_room):
            data = linked(reader, page.get_url())
            assert data["name"] == "馆内照片"
            assert "image" not in data
            assert "caption" not in data
            assert "og:image" not in reader.get(page.get_url()).content.decode()

    def test_an_open_picture_is_named_with_its_whole_address(self, home, client):
        page = factories.photo("旧码头")
        assert linked(client, page.get_url())["image"].startswith(settings.PUBLIC_BASE_URL)
        assert 'property="og:image"' in client.get(page.get_url()).content.decode()
