"""From publication to withdrawal: what lies in the public storage is what everybody may see, and nothing else."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from archive.access import AccessLevel
from archive.models import BookPage, PhotoPage
from archive.publication import ask_for_strays, set_access
from media_assets import public_copies
from media_assets.models import ArchiveImage, Derivative, FileRemoval, PublicCopyRequest
from tests import factories

pytestmark = pytest.mark.django_db


def drain() -> None:
    """As the worker does, until nothing is left."""
    for _round in range(20):
        if not public_copies.drain():
            break
    assert not PublicCopyRequest.objects.exists()
    assert not FileRemoval.objects.exists()


def anonymous_status(place, url: str) -> int:
    """What somebody gets who only knows the address."""
    if place.kind == "local":
        return Client().get(url).status_code
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def public_keys(place) -> list[str]:
    root = "public/" if place.kind == "local" else f"{place.prefix}/public/"
    return [key for key in place.names() if key.startswith(root)]


@pytest.fixture
def photo(place, home) -> PhotoPage:
    return factories.photo("龙舟竞渡")


def test_a_published_picture_is_public_and_its_page_links_to_the_copy(place, photo, client):
    drain()

    derivative = photo.lead_image.derivatives.first()
    assert derivative.url in client.get(photo.get_url()).content.decode()
    assert derivative.url != derivative.checked_url
    assert anonymous_status(place, derivative.url) == 200
    assert len(public_keys(place)) == photo.lead_image.derivatives.count()


def test_until_the_copy_lies_there_the_page_links_to_the_checked_address(place, photo, client):
    derivative = photo.lead_image.derivatives.first()

    assert derivative.checked_url in client.get(photo.get_url()).content.decode()
    assert client.get(derivative.checked_url).status_code == (200 if place.kind == "local" else 302)


def test_a_draft_has_no_public_copy(place, home):
    factories.photo("未公开的照片", published=False)
    drain()

    assert public_keys(place) == []
    assert not Derivative.objects.exclude(public_name="").exists()


@pytest.mark.parametrize("level", [AccessLevel.ON_SITE, AccessLevel.STAFF])
def test_closing_a_page_takes_its_copies_away(place, photo, level):
    drain()
    url = photo.lead_image.derivatives.first().url

    set_access(photo, level)
    if place.kind == "local":
        assert anonymous_status(place, url) == 404, "a checked address refuses before the file has gone"
    drain()

    assert anonymous_status(place, url) in (403, 404)
    assert public_keys(place) == []


def test_each_publication_has_a_token_of_its_own(place, photo):
    drain()
    before = set(public_keys(place))
    photo.unpublish()
    drain()
    assert public_keys(place) == []
    PhotoPage.objects.get(pk=photo.pk).save_revision().publish()
    drain()

    after = set(public_keys(place))
    assert len(after) == len(before)
    assert not after & before


def test_a_picture_of_two_pages_stays_while_one_of_them_shows_it(place, photo):
    other = factories.photo("同一幅", lead_image=photo.lead_image)
    photo.unpublish()
    drain()
    assert len(public_keys(place)) == photo.lead_image.derivatives.count()

    other.unpublish()
    drain()
    assert public_keys(place) == []


def test_deleting_page_or_picture_leaves_nothing_public(place, photo):
    drain()
    photo.delete()
    drain()
    assert public_keys(place) == []

    again = factories.photo("又一幅")
    drain()
    again.delete()
    ArchiveImage.objects.get(pk=again.lead_image_id).delete()
    drain()
    assert public_keys(place) == []


def test_restricting_asset_or_collection_takes_copies_away(place, photo):
    drain()
    photo.lead_image.access = AccessLevel.STAFF
    photo.lead_image.save()
    drain()
    assert public_keys(place) == []

    photo.lead_image.access = AccessLevel.OPEN
    photo.lead_image.save()
    drain()
    assert public_keys(place) != []
    inner = Collection.get_first_root_node().add_child(name="内部")
    ArchiveImage.objects.filter(pk=photo.lead_image_id).update(collection=inner)
    CollectionViewRestriction.objects.create(collection=inner, restriction_type="login")
    drain()
    assert public_keys(place) == []

    CollectionViewRestriction.objects.get().delete()
    drain()
    assert public_keys(place) != []


def test_moving_pictures_into_a_closed_collection_in_bulk_takes_copies_away(place, photo, administrator):
    drain()
    closed = Collection.get_first_root_node().add_child(name="内部")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")

    answer = administrator.post(
        f"/admin/bulk/media_assets/archiveimage/add_to_collection/?id={photo.lead_image_id}", {"collection": closed.pk}
    )
    assert answer.status_code == 302
    drain()

    assert ArchiveImage.objects.get(pk=photo.lead_image_id).collection_id == closed.pk
    assert public_keys(place) == []


def test_a_new_picture_in_place_of_the_old_one_takes_over(place, photo):
    drain()
    before = set(public_keys(place))
    photo.lead_image.file = factories.ContentFile(factories.picture_bytes(1200, 800), "新.jpg")
    photo.lead_image.save()
    drain()

    after = set(public_keys(place))
    assert after
    assert not after & before
    assert len(after) == photo.lead_image.derivatives.count() > len(before)


def test_the_leaves_of_a_book_follow_the_book(place, home):
    book = factories.book("旧志", published=False)
    for _number in range(3):
        factories.leaf(book, scan=factories.scan())
    drain()
    assert public_keys(place) == []

    book.save_revision().publish()
    drain()
    assert len(public_keys(place)) == Derivative.objects.count() > 0

    BookPage.objects.get(pk=book.pk).unpublish()
    drain()
    assert public_keys(place) == []


def test_a_book_that_is_saved_again_asks_for_nothing_that_is_right_already(local_place, home):
    book = factories.book("旧志")
    for _number in range(3):
        factories.leaf(book, scan=factories.scan())
    drain()
    BookPage.objects.get(pk=book.pk).save_revision().publish()

    assert not PublicCopyRequest.objects.filter(kind="scan").exists()


def test_what_was_changed_behind_the_museums_back_is_found_by_the_hourly_look(local_place, photo_elsewhere):
    drain()
    assert public_keys(local_place) != []
    PhotoPage.objects.filter(pk=photo_elsewhere.pk).update(live=False)
    ask_for_strays()
    drain()
    assert public_keys(local_place) == []

    PhotoPage.objects.filter(pk=photo_elsewhere.pk).update(live=True)
    ask_for_strays()
    drain()
    assert public_keys(local_place) != []
    ask_for_strays()
    assert not PublicCopyRequest.objects.exists()


@pytest.fixture
def photo_elsewhere(local_place, home) -> PhotoPage:
    return factories.photo("改动")


def killed(*args, **kwargs):
    raise SystemExit("kill -9")


def test_a_worker_killed_while_copying_leaves_no_forgotten_copy(place, photo, monkeypatch):
    """Copied but not noted, then withdrawn before anybody comes back to it."""
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(public_copies, "_forget_unnamed", killed)
        public_copies.drain()
    assert public_keys(place) != []

    photo.unpublish()
    assert public_copies.drain() == 0, "it is still in the dead worker's hands"
    PublicCopyRequest.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    drain()

    assert public_keys(place) == []


def test_a_withdrawal_during_the_copying_wins(place, photo, monkeypatch):
    storage = place.storages["public"]
    take = storage.take

    def withdrawn_meanwhile(*args):
        take(*args)
        monkeypatch.setattr(storage, "take", take)
        PhotoPage.objects.get(pk=photo.pk).unpublish()

    monkeypatch.setattr(storage, "take", withdrawn_meanwhile)
    drain()

    assert public_keys(place) == []
    assert not Derivative.objects.exclude(public_name="").exists()


def test_two_workers_do_not_take_the_same_asset(local_place, home):
    factories.photo()
    first = PublicCopyRequest.objects.get()
    second = PublicCopyRequest.objects.get()

    assert first.take()
    assert not second.take()
    assert not PublicCopyRequest.objects.claimable().exists()


class TestHandingOut:
    def test_a_document_is_given_under_its_own_name(self, place, home):
        document = factories.document("县志全文", name="栖澜县志·卷一.pdf")
        factories.book("县志", pdf=document)
        answer = Client().get(document.url)

        if place.kind == "s3":
            assert answer.status_code == 302
            assert answer["Cache-Control"] == "private, no-store"
            with urllib.request.urlopen(answer["Location"], timeout=10) as file:  # noqa: S310
                assert file.headers["Content-Type"] == "application/pdf"
                disposition = file.headers["Content-Disposition"]
        else:
            assert answer.status_code == 200
            disposition = answer["Content-Disposition"]
        assert "%E6%A0%96%E6%BE%9C%E5%8E%BF%E5%BF%97" in disposition

    def test_a_film_is_read_by_ranges(self, place, home):
        film = factories.film("龙舟", video=factories.video())
        url = film.video.url
        answer = Client().get(url, headers={"Range": "bytes=100-199"})
        if place.kind == "s3":
            request = urllib.request.Request(answer["Location"], headers={"Range": "bytes=100-199"})
            with urllib.request.urlopen(request, timeout=10) as part:  # noqa: S310
                assert (part.status, part.headers["Content-Type"]) == (206, "video/mp4")
                assert part.read() == factories.film_bytes()[100:200]
        else:
            assert answer.status_code == 206
            assert answer.getvalue() == factories.film_bytes()[100:200]

    def test_where_browsers_cannot_reach_the_storage_the_museum_streams(self, s3_place, home, monkeypatch):
        monkeypatch.setattr(s3_place.storages["default"], "delivery", "stream")
        film = factories.film("龙舟", video=factories.video())
        answer = Client().get(film.video.url, headers={"Range": "bytes=100-199"})

        assert answer.status_code == 206
        assert answer.getvalue() == factories.film_bytes()[100:200]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_link_is_given_only_to_those_whom_the_rule_admits(self, s3_place, home, staff):
        film = factories.film("内部影片", video=factories.video())
        set_access(film, AccessLevel.STAFF)

        assert Client().get(film.video.url).status_code == 404
        assert staff.get(film.video.url).status_code == 302

    def test_head_is_answered_by_the_museum_itself(self, s3_place, home):
        film = factories.film("龙舟", video=factories.video())
        answer = Client().head(film.video.url)

        assert answer.status_code == 200
        assert int(answer["Content-Length"]) == len(factories.film_bytes())
