"""The one rule, and every public address held against it. One long file, because there is one rule."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from archive.access import (
    AccessLevel,
    Audience,
    audience_of,
    client_address,
    may_see_content,
    may_see_record,
    parse_networks,
    strictest,
)
from archive.models import (
    AlbumPage,
    ArchivePage,
    BookPage,
    Identifier,
    PageAgent,
    PagePlace,
    PageTopic,
    PhotoPage,
    StoryPage,
)
from archive.publication import set_access
from media_assets.models import Derivative
from search.indexing import drain
from tests import factories

pytestmark = pytest.mark.postgresql

levels = st.sampled_from(AccessLevel)


class TestRule:
    @given(levels, levels)
    def test_who_may_read_may_also_know(self, level, _other):
        for audience in Audience:
            if may_see_content(audience, level):
                assert may_see_record(audience, level)

    @given(levels, levels)
    def test_more_trust_never_sees_less_and_stricter_never_shows_more(self, one, other):
        for lower, higher in zip(Audience, list(Audience)[1:], strict=False):
            assert may_see_record(higher, one) >= may_see_record(lower, one)
            assert may_see_content(higher, one) >= may_see_content(lower, one)
        for audience in Audience:
            assert may_see_content(audience, strictest(one, other)) <= may_see_content(audience, one)

    def test_staff_things_are_for_staff_alone_and_on_site_records_for_everyone(self):
        assert [may_see_record(a, AccessLevel.STAFF) for a in Audience] == [False, False, True]
        assert [may_see_record(a, AccessLevel.ON_SITE) for a in Audience] == [True, True, True]
        assert [may_see_content(a, AccessLevel.ON_SITE) for a in Audience] == [False, True, True]


class TestReadersAddress:
    @pytest.fixture(autouse=True)
    def _networks(self, settings):
        settings.READING_ROOM_NETWORKS = ["10.20.0.0/16", "2001:db8:1::/48"]
        settings.TRUSTED_PROXIES = ["192.168.1.1", "192.168.2.0/24"]

    def audience(self, peer: str, forwarded: str | None = None) -> Audience:
        headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return audience_of(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))

    @pytest.mark.parametrize("peer", ["10.20.0.1", "2001:db8:1::7", "::ffff:10.20.3.4"])
    def test_a_desk_in_the_reading_room(self, peer):
        assert self.audience(peer) is Audience.READING_ROOM

    def test_a_reader_elsewhere_cannot_claim_a_desk(self):
        assert self.audience("203.0.113.9", "10.20.0.1") is Audience.PUBLIC

    def test_a_trusted_proxy_is_believed_for_the_last_link_only(self):
        assert self.audience("192.168.1.1", "10.20.0.1") is Audience.READING_ROOM
        assert self.audience("192.168.1.1", "10.20.0.1, 203.0.113.9") is Audience.PUBLIC
        assert self.audience("192.168.1.1", "203.0.113.9, 10.20.0.1, 192.168.2.8") is Audience.READING_ROOM

    @pytest.mark.parametrize("chain", ["", "unknown", "10.20.0.1, rubbish", "10.20.0.1,,", "[10.20.0.1"])
    def test_a_chain_that_cannot_be_read_opens_nothing(self, chain):
        expected = Audience.READING_ROOM if chain == "10.20.0.1,," else Audience.PUBLIC
        assert self.audience("192.168.1.1", chain) is expected

    def test_ports_and_brackets_are_understood(self):
        request = RequestFactory().get("/", REMOTE_ADDR="192.168.1.1", HTTP_X_FORWARDED_FOR="[2001:db8:1::7]:443")
        assert str(client_address(request)) == "2001:db8:1::7"

    def test_a_network_that_is_none_is_a_mistake_that_is_told(self):
        with pytest.raises(ImproperlyConfigured, match="READING_ROOM_NETWORKS"):
            parse_networks(["10.20.0.0/99"], "READING_ROOM_NETWORKS")


@pytest.mark.django_db
class TestEffectiveLevel:
    def test_what_stands_under_something_closed_is_closed(self, home):
        album = factories.album()
        photo = factories.photo(parent=album)
        set_access(album, AccessLevel.STAFF)
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.STAFF
        set_access(album, AccessLevel.OPEN)
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.OPEN

    def test_the_strictest_counts(self, home):
        album = factories.album()
        photo = factories.photo(parent=album)
        set_access(photo, AccessLevel.STAFF)
        set_access(album, AccessLevel.ON_SITE)
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.STAFF

    def test_a_new_page_takes_it_from_its_parent(self, home):
        album = factories.album()
        set_access(album, AccessLevel.ON_SITE)
        photo = factories.photo(parent=AlbumPage.objects.get())
        assert photo.effective_access == AccessLevel.ON_SITE

    def test_moving_takes_it_from_the_new_place(self, home):
        closed = factories.album("内部相册")
        set_access(closed, AccessLevel.STAFF)
        photo = factories.photo()
        photo.move(AlbumPage.objects.get(pk=closed.pk), "last-child")
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.STAFF

    def test_wagtails_own_page_privacy_is_folded_in(self, home):
        album = factories.album()
        photo = factories.photo(parent=album)
        restriction = PageViewRestriction.objects.create(page=album, restriction_type="login")
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.STAFF
        restriction.delete()
        assert PhotoPage.objects.get(pk=photo.pk).effective_access == AccessLevel.OPEN


# --- Every address --------------------------------------------------------------------------------------------

WORD = "密码簿"
BODY = "赤石桥重修"


class Thing:
    """One of everything, in one state, with all its addresses: what describes it, and what is its content."""

    def __init__(self):
        self.image = factories.image(WORD)
        self.film_asset = factories.video(WORD)
        self.pdf = factories.document(WORD)
        self.scan = factories.scan()
        self.book = factories.book(WORD, pdf=self.pdf, lead_image=self.image)
        self.section = factories.section(self.book, WORD, text=BODY)
        self.leaf = factories.leaf(self.book, scan=self.scan)
        self.album = factories.album(WORD)
        self.photo = factories.photo(WORD, parent=self.album, lead_image=self.image)
        self.series = factories.video_series(WORD)
        self.film = factories.film(WORD, parent=self.series, video=self.film_asset)
        self.column = factories.column(WORD)
        self.story = factories.story(WORD, parent=self.column, body=[("quotation", {"text": BODY})])
        room = factories.a_room(self.photo, introduction=f"<p>{BODY}</p>")
        self.exhibition = factories.exhibition(WORD, rooms=[("room", room)])
        self.records_named = {
            "places": factories.place(WORD, latitude=27.4, longitude=115.9),
            "topics": factories.topic(WORD),
            "people": factories.agent(WORD),
            "series": factories.series(WORD),
        }
        PagePlace.objects.create(page_id=self.book.pk, place=self.records_named["places"])
        PageTopic.objects.create(page_id=self.book.pk, topic=self.records_named["topics"])
        PageAgent.objects.create(page_id=self.book.pk, agent=self.records_named["people"])
        ArchivePage.objects.filter(pk=self.book.pk).update(series=self.records_named["series"])
        self.tops = [self.book, self.album, self.series, self.column, self.exhibition]
        self.pages = [*self.tops, self.photo, self.film, self.story]

    def become(self, state: str) -> None:
        for page in self.pages:
            fresh = type(page).objects.get(pk=page.pk)
            if state == "withdrawn":
                fresh.unpublish()
            elif state == "draft":
                ArchivePage.objects.filter(pk=page.pk).update(live=False, first_published_at=None)
                Identifier.objects.filter(pk=page.identifier_id).update(ever_public=False)
                fresh = type(page).objects.get(pk=page.pk)
                fresh.save(clean=False)
        if state == "draft":
            Identifier.objects.filter(pk=self.section.identifier_id).update(ever_public=False)
        if state in ("staff", "on-site"):
            for page in self.tops:
                set_access(page, {"staff": AccessLevel.STAFF, "on-site": AccessLevel.ON_SITE}[state])
        drain()

    def records(self) -> list[str]:
        """Addresses that describe."""
        return [
            *(page.get_url() for page in self.pages),
            *(f"/id/{page.identifier_id}" for page in self.pages),
            f"/id/{self.section.identifier_id}",
            f"{self.book.get_url()}s/{self.section.key}/",
            f"{self.book.get_url()}p/{self.leaf.key}/",
            f"{self.book.get_url()}p/?page={self.leaf.position}",
            *(f"{self.book.get_url()}{room}/" for room in ("contents", "pages", "search", "pdf", "errata")),
            *(f"{self.exhibition.get_url()}{room}/" for room in ("rooms", "rooms/1")),
        ]

    def contents(self) -> list[str]:
        """Addresses of files."""
        return [
            *(derivative.url for derivative in Derivative.objects.all()),
            self.film_asset.url,
            self.pdf.url,
        ]

    def lists(self) -> list[str]:
        """Addresses that would name it among others."""
        return [
            "/",
            "/books/",
            "/videos/",
            "/photos/",
            "/stories/",
            "/exhibitions/",
            *(f"/{room}/" for room in ("browse", "timeline", "map", *self.records_named)),
            *(f"/{room}/{record.slug}/" for room, record in self.records_named.items()),
            f"/search/?q={WORD}",
            f"/search/?q={WORD}&format=json",
        ]


STAFF_ONLY_FILES = ("media/o/", "media/f/", "media/cms/")


@pytest.fixture
def thing(home, index):
    return Thing()


STATES = ["open", "draft", "withdrawn", "staff", "on-site"]


@pytest.mark.django_db
class TestEveryAddress:
    @pytest.mark.parametrize("state", STATES)
    def test_the_public(self, thing, client, state):
        thing.become(state)
        known = state in ("open", "on-site")
        for address in thing.records():
            status = client.get(address).status_code
            expected = {"open": (200, 302, 303), "on-site": (200, 302, 303), "withdrawn": (404, 410)}
            assert status in expected.get(state, (404,)), address
        for address in thing.contents():
            assert client.get(address).status_code == (200 if state == "open" else 404), address
        for address in thing.lists():
            hits = client.get(address).content.decode().replace(f'value="{WORD}"', "")
            assert (BODY in hits) <= (state == "open"), address
            if address.startswith("/search/") and "json" in address:
                assert (client.get(address).json()["total"] > 0) == known, address

    @pytest.mark.parametrize("state", ["draft", "withdrawn", "staff"])
    def test_a_list_does_not_name_what_is_not_there(self, thing, client, state):
        thing.become(state)
        for address in thing.lists():
            if address.startswith("/search/"):
                continue
            assert WORD not in client.get(address).content.decode(), address
        assert client.get(f"/search/?q={WORD}&format=json").json()["hits"] == []
        assert client.get(f"/search/?q={BODY}&format=json").json()["total"] == 0

    def test_on_site_texts_and_pictures_stay_in_the_house(self, thing, client, reading_room):
        thing.become("on-site")
        section = f"{thing.book.get_url()}s/{thing.section.key}/"
        for address in (section, thing.story.get_url(), f"{thing.exhibition.get_url()}rooms/1/"):
            assert BODY not in client.get(address).content.decode()
            assert BODY in reading_room.get(address).content.decode()
        assert client.get(f"/search/?q={BODY}&format=json").json()["total"] == 0
        assert reading_room.get(f"/search/?q={BODY}&format=json").json()["total"] > 0
        for address in thing.contents():
            response = reading_room.get(address)
            assert response.status_code == 200, address
            assert response["Cache-Control"] == "private, no-store", address
        assert reading_room.get(thing.book.get_url())["Cache-Control"] == "private, no-store"
        assert "/media/p/" not in client.get(thing.photo.get_url()).content.decode()

    def test_staff_see_what_is_published_at_any_level(self, thing, staff):
        thing.become("staff")
        for address in (*thing.records(), *thing.contents()):
            assert staff.get(address).status_code in (200, 302, 303), address

    @pytest.mark.parametrize("state", STATES)
    def test_originals_and_cms_pictures_are_for_the_desk(self, thing, client, reading_room, state):
        thing.become(state)
        rendition = thing.image.get_rendition("max-100x100")
        addresses = [thing.image.file.url, rendition.url, thing.film_asset.file.url, thing.scan.file.url]
        for reader in (client, reading_room):
            for address in addresses:
                assert reader.get(address).status_code in (302, 404), address

    def test_an_assets_own_level_closes_it_on_an_open_page(self, thing, client):
        thing.image.access = AccessLevel.STAFF
        thing.image.save()
        page = client.get(thing.photo.get_url())
        assert page.status_code == 200
        for derivative in thing.image.derivatives.all():
            assert derivative.key not in page.content.decode()
            assert client.get(derivative.url).status_code == 404

    def test_a_closed_collection_closes_its_files(self, thing, client):
        CollectionViewRestriction.objects.create(collection=thing.image.collection, restriction_type="login")
        for address in thing.contents():
            if "scan" not in address:
                derivative = Derivative.objects.filter(scan__isnull=False, key=address[9:49]).exists()
                assert client.get(address).status_code == (200 if derivative else 404), address

    def test_a_file_that_no_page_shows_is_not_given_out(self, home, client):
        image = factories.image("未用的照片")
        for derivative in image.derivatives.all():
            assert client.get(derivative.url).status_code == 404

    def test_no_address_has_been_forgotten(self):
        """Every pattern of the site is either exercised above or named here with the reason."""
        patterns = sorted(_patterns(get_resolver()))
        assert patterns == sorted(KNOWN_PATTERNS)


KNOWN_PATTERNS = {
    "healthz": "names nothing of the collection",
    "readyz": "names nothing of the collection",
    "id/<str:identifier>": "records()",
    **dict.fromkeys(
        (
            "contribute/",
            "contribute/password/",
            "contribute/sign-out/",
            "contribute/campaigns/<int:pk>/",
            "contribute/<str:receipt>/",
            "contribute/<str:receipt>/files/",
            "contribute/<str:receipt>/files/remove/",
            "contribute/<str:receipt>/withdraw/",
        ),
        "test_submissions: a town's own people alone",
    ),
    "share/<slug:secret>/": "test_share_links: a draft, for whoever was given its link",
    "media/^p/(?P<key>[0-9a-f]{40})\\.(?P<extension>webp|jpg|mp4|m4a)$": "contents()",
    **dict.fromkeys(
        (
            "media/^public/(?P<name>[0-9a-f]{2}/[0-9a-f]{38}/(?P<preset>[a-z0-9]+)\\.(?P<extension>webp|jpg|mp4|m4a))$",
            "media/c/<int:pk>.vtt",
            "media/h/<int:pk>/<slug:preset>.m3u8",
            "media/h/<int:pk>/film.m3u8",
            "media/h/<int:pk>/storyboard.vtt",
            "media/h/<str:signed>.mp4",
            "films/<int:pk>/chapters.vtt",
            "iiif/image/3/<str:key>",
            "iiif/image/3/<str:key>/<path:rest>",
            "iiif/image/3/<str:key>/info.json",
            "iiif/image/3/^(?P<key>[^/]+)/(?P<region>[^/]+)/(?P<size>[^/]+)/(?P<rotation>[^/]+)/"
            "(?P<quality>[^/.]+)\\.(?P<form>[^/]+)$",
        ),
        "tests/storages/test_leaks.py",
    ),
    **dict.fromkeys(
        (
            "media/uploads/create/",
            "media/uploads/sign/",
            "media/uploads/states/",
            "media/uploads/complete/",
            "media/uploads/parts/<str:sealed>/",
            "media/uploads/<int:pk>/",
            "media/uploads/<int:pk>/complete/",
            "media/uploads/<int:pk>/abort/",
        ),
        "tests/storages/uploading: a person's own alone",
    ),
    "media/v/<int:pk>/<str:name>": "contents()",
    "media/d/<int:pk>/<str:name>": "contents()",
    "media/o/<slug:kind>/<int:pk>/": "originals",
    "media/f/<path:path>": "originals",
    "media/cms/<path:path>": "originals",
    "search/": "lists()",
    "search/refs.json": "tests/search/test_keeping.py",
    "search/named.json": "tests/search/test_keeping.py",
    "search/compare/": "tests/search/test_comparing.py",
    "search/suggest": "tests/search/test_museum_search.py",
    "search/help/": "names nothing of the collection",
    "script/<slug:script>/": "names nothing of the collection",
    "^qr/(?P<reference>[0-9a-z]{1,16}(?:/p/[-\\w.]{1,80})?)\\.svg$": "draws the address that it was asked with",
    "robots.txt": "names nothing of the collection",
    **dict.fromkeys(
        (
            "^cite/(?P<reference>[0-9a-z]{1,16}(?:/p/[-\\w.]{1,80})?)\\.(?P<suffix>[a-z]{3})$",
            "^id/(?P<identifier>[0-9A-Za-z]{1,16})/p/(?P<key>[-\\w.]{1,80})$",
            "^saved/citations\\.(?P<suffix>[a-z]{3})$",
            "saved/",
            "saved/offline/",
            "offline-worker.js",
            "saved/titles.json",
            "feeds/",
            "feeds/<slug:identifier>.atom",
            "feeds/<slug:identifier>.rss",
            "feeds/all.atom",
            "feeds/all.rss",
            "feeds/series/<slug:slug>.atom",
            "feeds/series/<slug:slug>.rss",
            "sitemap-<slug:kind>-<int:number>.xml",
            "sitemap-museum.xml",
            "sitemap.xml",
        ),
        "tests/archive/test_leaks.py: what is given away",
    ),
    **dict.fromkeys(("browse/", "timeline/", "map/", "places/", "topics/", "people/", "series/"), "lists()"),
    **dict.fromkeys((f"{room}/<slug:slug>/" for room in ("places", "topics", "people", "series")), "lists()"),
    "^(?P<path>[-\\w/]+)/s/(?P<key>[-\\w.]+)/$": "records()",
    "^(?P<path>[-\\w/]+)/p/(?P<key>[-\\w.]+)/$": "records()",
    "^(?P<path>[-\\w/]+)/p/$": "records()",
    "^(?P<path>[-\\w/]+)/contents/$": "records()",
    "^(?P<path>[-\\w/]+)/errata/$": "records(); what is listed: test_errata",
    "^(?P<path>[-\\w/]+)/pdf/$": "records(); what is in the file: test_excerpts",
    "^(?P<path>[-\\w/]+)/rooms/(?:(?P<number>[0-9]{1,2})/)?$": "records(); what rooms show: test_exhibitions",
    "^(?P<path>[-\\w/]+)/pages/$": "records()",
    "^(?P<path>[-\\w/]+)/search/$": "records(); what is found inside: test_book_reading",
    "^((?:[\\w\\-]+/)*)$": "records(): Wagtail's pages",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": "shared passwords are off",
    "_util/login/": "names nothing of the collection",
}


def _patterns(resolver: URLResolver, prefix: str = ""):
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if not text.startswith("admin/"):
                yield from _patterns(entry, re.sub(r"^/", "", text))
        elif isinstance(entry, URLPattern):
            yield text


@pytest.mark.django_db
def test_the_query_method_and_the_predicate_agree(home):
    pages = [factories.story(f"故事{n}") for n in range(3)]
    for page, level in zip(pages, AccessLevel, strict=True):
        set_access(page, level)
    factories.story("草稿", published=False)
    for audience in Audience:
        for content, predicate in ((False, may_see_record), (True, may_see_content)):
            asked = set(StoryPage.objects.visible_to(audience, content=content).values_list("pk", flat=True))
            assert asked == {p.pk for p in StoryPage.objects.live() if predicate(audience, p.effective_access)}


@pytest.mark.django_db
def test_withdrawing_through_a_plain_page_row_takes_its_files_away_too(home, client):
    from wagtail.models import Page

    photo = factories.photo()
    address = photo.lead_image.derivatives.first().url
    assert client.get(address).status_code == 200
    Page.objects.get(pk=photo.pk).unpublish()
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_signed_in_contributor_is_no_staff_reader(home, django_user_model):
    page = factories.book("内部资料")
    set_access(page, AccessLevel.STAFF)
    client = Client()
    client.force_login(django_user_model.objects.create_user("town", password="x"))
    assert client.get(BookPage.objects.get().get_url()).status_code == 404
