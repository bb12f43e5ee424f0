"""Every address at which a file could be had, walked for everything that must not be had, wherever files lie."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from archive.access import AccessLevel
from archive.models import BookPage, PhotoPage, VideoPage
from archive.models.videos import CaptionTrack
from archive.publication import set_access
from media_assets import jobs, public_copies, views
from media_assets.derivatives.pyramids import make_pyramid
from media_assets.derivatives.videos import KIND
from media_assets.models import ArchiveImage
from tests import factories

pytestmark = pytest.mark.django_db
STATES = ["draft", "staff", "on_site", "withdrawn"]


@pytest.fixture
def things(home) -> list:
    """One page of each kind that shows files."""
    book = factories.book("旧志", pdf=factories.document())
    factories.leaf(book, scan=factories.scan())
    large = ContentFile(factories.picture_bytes(1200, 800), "码头.jpg")
    picture = ArchiveImage.objects.create(title="码头", file=large)
    for asset in (picture, book.leaves.get().scan):
        make_pyramid(asset)
    captions = factories.document("字幕", b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xe9\xbc\x93\n", "字幕.vtt")
    tracks = [CaptionTrack(document=captions)]
    film = factories.film("影片", video=factories.video(), chapters="0:00 序", captions=tracks)
    jobs.ask(KIND, film.video)
    return [factories.photo("旧照", lead_image=picture), film, book]


def drain() -> None:
    while public_copies.drain():
        pass


def close(pages: list, state: str) -> None:
    for page in pages:
        fresh = type(page).objects.get(pk=page.pk)
        if state in ("draft", "withdrawn"):
            fresh.unpublish()
        else:
            set_access(fresh, AccessLevel.STAFF if state == "staff" else AccessLevel.ON_SITE)


def addresses(things: list) -> Iterator[str]:
    """Of derivatives, originals, films, documents, renditions and stills, in every form the site knows."""
    photo, film, book = things
    scan = book.leaves.get().scan
    for asset in (photo.lead_image, film.video, scan):
        for derivative in asset.derivatives.all():
            yield derivative.checked_url
            if derivative.public_name:
                yield derivative.url
    for asset in (photo.lead_image, scan):
        yield from pyramid_addresses(asset)
    rendition = photo.lead_image.get_rendition("max-165x165")
    yield reverse("media:rendition", args=[rendition.file.name])
    for kind, asset in (("image", photo.lead_image), ("video", film.video), ("document", book.pdf), ("scan", scan)):
        yield reverse("media:original", args=[kind, asset.pk])
        yield reverse("media:stored", args=[asset.file.name])
    yield reverse("media:stored", args=[film.video.thumbnail.name])
    yield film.video.url
    yield book.pdf.url
    yield from addresses_of_player(film)


def addresses_of_player(film: VideoPage) -> Iterator[str]:
    """Playlists and what they point to as they were written when they still were, storyboard, captions, chapters."""
    for name in ("film.m3u8", "film480.m3u8", "storyboard.vtt"):
        yield f"/media/h/{film.video.pk}/{name}"
    key = film.video.derivatives.get(preset="film480").key
    yield reverse("media:segments", args=[views._SIGNER.sign(key)])
    captions = film.captions.get().document
    yield captions.captions_url
    yield captions.url
    yield reverse("film_chapters", args=[film.pk])


def pyramid_addresses(asset) -> Iterator[str]:
    """Of the deep zoom: the description, a stored tile as it is, and pictures that are drawn from tiles."""
    service = reverse("iiif_image:base", args=[asset.pyramid.key])
    yield f"{service}/info.json"
    yield f"{service}/0,0,512,512/512,512/0/default.jpg"
    yield f"{service}/full/!90,90/0/default.jpg"
    yield f"{service}/0,0,100,100/max/90/gray.png"


def status(url: str, client: Client) -> int:
    """A signed link that were given away would count as given: redirects into the storage are followed."""
    if url.startswith("http"):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
    answer = client.get(url)
    return status(answer["Location"], client) if answer.status_code in (301, 302) else answer.status_code


@pytest.mark.parametrize("state", STATES)
def test_what_is_closed_is_had_at_no_address(place, things, state):
    if state == "draft":
        close(things, state)
        drain()
        known = list(addresses(things))
    else:
        drain()
        known = list(addresses(things))
        close(things, state)
        drain()
    client = Client()

    given = {url for url in known if status(url, client) == 200}
    assert given == set()
    if place.server is not None:
        bucket = f"{place.server.endpoint}/{place.server.bucket}"
        assert {key for key in place.names() if status(f"{bucket}/{key}", client) == 200} == set()


def test_what_is_open_is_had_and_originals_are_not(place, things):
    drain()
    client = Client()
    player = list(addresses_of_player(things[1]))  # once: what is signed tells the second
    given = {url for url in [*addresses(things), *player] if status(url, client) == 200}

    photo, film, book = things
    shown = {derivative.url for asset in (photo.lead_image, film.video) for derivative in asset.derivatives.all()}
    assert shown <= given
    assert {film.video.url, book.pdf.url, *player} <= given
    assert not [url for url in given if url.startswith(("/media/o/", "/media/f/", "/media/cms/"))]


def test_the_reading_room_has_what_is_on_site_and_no_cache_keeps_it(place, things, reading_room):
    drain()
    close(things, "on_site")
    drain()
    _photo, film, book = (type(page).objects.get(pk=page.pk) for page in things)
    for url in (film.video.url, book.pdf.url, *(d.url for d in things[0].lead_image.derivatives.all())):
        answer = reading_room.get(url)
        assert answer.status_code in (200, 302)
        assert answer["Cache-Control"] == "private, no-store"


def test_wagtails_own_addresses_of_files_are_not_there(home):
    """Its image view hands any picture to anyone who has the address, and asks nothing."""
    for name, arguments in (
        ("wagtailimages_serve", ["signature", 1, "original"]),
        ("wagtaildocs_serve", [1, "a.pdf"]),
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=arguments)


def test_pages_of_closed_things_show_none_of_their_files(place, things):
    drain()
    names = [derivative.url for derivative in things[0].lead_image.derivatives.all()]
    close(things, "on_site")
    drain()
    for model in (PhotoPage, VideoPage, BookPage):
        page = model.objects.get()
        text = Client().get(page.get_url()).content.decode()
        assert "/media/" not in text
        assert not [name for name in names if name in text]
