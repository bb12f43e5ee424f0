"""The demonstration is whole, is built once, is seen by whom it should be, and goes without a trace of rows."""

import io
import re

import av
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError
from django.db.models import ProtectedError
from django.test import Client
from PIL import Image
from wagtail.models import Collection, Locale, Page, Site

from archive.access import AccessLevel
from archive.demonstration import accounts, build, files
from archive.demonstration.keys import found
from archive.demonstration.texts import relations
from archive.models import (
    Agent,
    AlbumPage,
    Anchor,
    ArchivePage,
    BookPage,
    ExhibitionPage,
    HomePage,
    Leaf,
    MuseumSettings,
    PhotoPage,
    Place,
    PlaceName,
    Section,
    Series,
    StoryPage,
    Topic,
    VideoPage,
)
from archive.reading.passages import section_text
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Derivative, Scan
from search.indexing import drain
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def home() -> HomePage:
    return HomePage.objects.get(locale=Locale.get_default())


def page(key: str) -> Page:
    return found(Page, "page", [key])[key].specific


def addresses(*levels: AccessLevel) -> list[str]:
    return [page.get_url() for page in ArchivePage.objects.live().filter(effective_access__in=levels)]


class TestWhatIsBuilt:
    def test_there_is_some_of_every_kind(self):
        counts = {
            model: model.objects.live().filter(locale=Locale.get_default()).count()
            for model in (BookPage, PhotoPage, AlbumPage, VideoPage, StoryPage, ExhibitionPage)
        }
        assert counts == {BookPage: 10, PhotoPage: 42, AlbumPage: 5, VideoPage: 3, StoryPage: 12, ExhibitionPage: 1}
        chinese = {model: model.objects.filter(locale=Locale.get_default()) for model in (Topic, Series, Agent, Place)}
        assert [chinese[model].count() for model in (Topic, Series, Agent)] == [9, 5, 14]
        assert chinese[Place].filter(kind=Place.Kind.TOWN).count() == 6
        assert Section.objects.count() > 110
        assert chinese[Place].count() == 18 and not chinese[Place].filter(latitude=None).exists()

    def test_every_date_is_understood(self):
        written = ArchivePage.objects.exclude(date_written="")
        assert list(written.filter(date_earliest=None).values_list("title", flat=True)) == []
        assert not PlaceName.objects.exclude(date_written="").filter(date_earliest=None).exists()

    def test_every_picture_and_film_has_its_derivatives(self):
        for model in (ArchiveImage, Scan, ArchiveVideo):
            for asset in model.objects.all():
                assert asset.derivatives_error == ""
                assert asset.derivatives_in("webp") and asset.derivatives_in("jpeg")

    def test_pictures_are_described_for_those_who_cannot_see_them(self):
        assert not ArchiveImage.objects.filter(description="").exists()

    def test_stored_pictures_are_upright_srgb(self):
        for derivative in Derivative.objects.filter(format="jpeg", preset="w320"):
            with derivative.file.open() as file, Image.open(file) as picture:
                assert picture.mode == "RGB"
                assert picture.getexif().get(0x0112, 1) == 1

    def test_films_are_of_a_type_that_browsers_play(self):
        for video in ArchiveVideo.objects.all():
            assert (video.mime_type, video.type, round(video.duration)) == ("video/mp4", "video", 12)
            with video.file.open() as file, av.open(io.BytesIO(file.read())) as container:
                assert container.streams.video[0].codec_context.name == "h264"
                assert container.streams.audio[0].codec_context.name == "aac"

    def test_captions_are_taken_for_captions(self):
        assert set(ArchiveDocument.objects.values_list("mime_type", flat=True)) == {"text/vtt"}

    def test_the_old_gazetteer_is_read_from_right_to_left_with_its_text_in_its_leaves(self):
        book = page("kangxi")
        assert (book.reading_direction, book.text_unit) == ("rtl", "leaf")
        assert book.leaves.count() == 8
        assert not Leaf.objects.filter(book=book, scan=None).exists()
        assert "橋以濟一時之人，志以濟百世之人" in section_text(book.sections.get(key="preface"))
        bridge = book.sections.get(key="bridge")
        assert Anchor.objects.filter(section=bridge).count() == 3
        assert section_text(bridge).startswith("橋梁\n永濟橋，在縣西北二十里。")

    def test_a_modern_book_is_read_page_by_page_with_its_articles(self):
        book = page("journal-2023-1")
        assert [leaf.label for leaf in book.leaves.order_by("position")] == ["1", "2", "3"]
        article = book.sections.get(key="name-under-bridge")
        assert section_text(article).startswith("2022年10月9日，澜江青石埠站水位降至31.06米。")
        assert section_text(article).endswith("名反在其次。")

    def test_an_album_of_paintings_has_a_section_for_every_leaf(self):
        book = page("eight-views")
        assert book.leaves.count() == book.sections.count() == 9
        assert section_text(book.sections.get(key="moon")) == "鳳臺夜月\n鳳去臺空惟月在，夜深猶照大江流。"

    def test_what_is_related_is_related_both_ways(self):
        for first, last in relations.PAIRS:
            pair = page(first), page(last)
            for one, other in (pair, pair[::-1]):
                assert [link.related_id for link in one.related_items.all()].count(other.pk) == 1, (first, last)

    def test_what_stands_first_among_the_newest_is_a_mixture(self):
        newest = ArchivePage.objects.live().filter(locale=Locale.get_default()).order_by("-first_published_at")[:8]
        assert len({page.specific_class for page in newest}) >= 4

    def test_a_yearbook_has_the_year_of_its_volume_and_the_year_that_it_records(self):
        book = page("yearbook-2023")
        assert (book.volume_year, book.content_year_from, book.content_year_to) == (2023, 2022, 2022)
        entries = book.sections.filter(kind=Section.Kind.ENTRY)
        assert entries.count() >= 12
        assert all(entry.text.startswith(f"【{entry.title}】") for entry in entries)

    def test_the_home_page_opens_with_the_bridge_and_says_that_all_is_invented(self, client):
        text = client.get("/").content.decode()
        assert "永济桥晨雾" in text
        assert "均为虚构" in text
        assert home().featured.title == "永济桥晨雾"

    def test_what_is_found_in_a_book_leads_into_it(self, index, client):
        drain()
        found_there = client.get("/search/", {"q": "石合而潮不惊", "format": "json"}).json()
        assert any("/books/qilan-xianzhi-kangxi/" in hit["url"] for hit in found_there["hits"])

    def test_stories_show_their_tables_and_their_timelines(self, client):
        text = client.get(page("story-dam").get_url()).content.decode()
        assert all(words in text for words in ("陶溪窑工队", "0.97", "1971年", "渠系配套。", "愚公段"))


class TestWhoSeesIt:
    def test_the_public_can_open_every_page_but_the_one_for_staff(self, client):
        for address in ["/", "/about/", *addresses(AccessLevel.OPEN, AccessLevel.ON_SITE)]:
            assert client.get(address).status_code == 200, address
        (hidden,) = addresses(AccessLevel.STAFF)
        assert client.get(hidden).status_code == 404

    def test_staff_can_open_the_one_for_staff(self, staff):
        (hidden,) = addresses(AccessLevel.STAFF)
        assert staff.get(hidden).status_code == 200

    def test_every_section_and_every_leaf_has_a_page(self, client):
        passages = [*Section.objects.select_related("book"), *Leaf.objects.select_related("book")]
        for passage in passages:
            passage.book.refresh_from_db()
            assert client.get(passage.get_absolute_url()).status_code == 200, str(passage)

    def test_the_cards_are_read_in_the_reading_room_and_only_described_outside(self, client, reading_room):
        book = page("place-name-cards")
        card = book.sections.get(key="k-luting")
        assert "当地读如" not in client.get(card.get_absolute_url()).content.decode()
        assert "当地读如" in reading_room.get(card.get_absolute_url()).content.decode()

    def test_every_picture_on_the_public_pages_is_served(self, client):
        sources = set()
        leaves = [leaf.get_absolute_url() for leaf in page("kangxi").leaves.all()]
        for address in ["/", *addresses(AccessLevel.OPEN), *leaves]:
            sources |= set(re.findall(r'"(/media/[^"\s]+)', client.get(address).content.decode()))
        assert len(sources) >= 42 + 8 + 3 + 3  # photographs, leaves, films, captions
        for source in sources:
            assert client.get(source, headers={"range": "bytes=0-99"}).status_code in (200, 206), source


class TestAccounts:
    def test_each_part_can_enter_with_the_password_that_is_printed(self):
        for account in accounts.ACCOUNTS:
            client = Client()
            assert client.login(username=account.username, password=account.password)
            door = "/contribute/" if account.is_sender else "/admin/"
            assert client.get(door).status_code == 200
        assert any("admin / museum-demo" in line for line in accounts.describe())

    def test_a_password_that_was_changed_is_printed_no_more(self):
        user = get_user_model().objects.get(username="admin")
        user.set_password("另一个口令")
        user.save()
        assert not any("admin /" in line for line in accounts.describe())

    def test_an_account_that_was_there_before_stays_as_it_is(self):
        get_user_model().objects.filter(username="editor").delete()
        own = get_user_model().objects.create_user("editor", password="自己的口令")
        assert accounts.create(home()) == []
        own.refresh_from_db()
        assert own.check_password("自己的口令")


class TestAgain:
    def test_a_second_run_changes_nothing(self, demo):
        page("kangxi").delete()
        before = {
            model: list(model.objects.order_by("pk").values()) for model in (Page, ArchiveImage, Place, Collection)
        }
        assert "已有，未改动" in demo()
        assert before == {model: list(model.objects.order_by("pk").values()) for model in before}

    def test_production_refuses_it_unless_forced(self, demo, settings):
        settings.SETTINGS_MODULE = "settings.production"
        with pytest.raises(CommandError, match="生产环境"):
            demo()
        assert "已有，未改动" in demo("--force")


class TestRemoval:
    def test_nothing_of_it_stays(self, demo, client):
        text = demo("--remove")
        assert "已移除示范馆藏" in text and "予以保留" not in text
        rows = (ArchivePage, Section, Leaf, Anchor, Place, Agent, Topic, Series,
                ArchiveImage, ArchiveVideo, ArchiveDocument, Scan, Derivative)  # fmt: skip
        assert {model: model.objects.count() for model in rows} == dict.fromkeys(rows, 0)
        assert not get_user_model().objects.filter(username__in=[a.username for a in accounts.ACCOUNTS]).exists()
        assert not Group.objects.filter(name__contains=accounts.TOWN).exists()
        assert not Collection.objects.filter(name__in=[files.COLLECTION, accounts.TOWN_COLLECTION]).exists()
        assert MuseumSettings.for_site(Site.objects.get(is_default_site=True)).notice == ""
        assert home().introduction == ""
        assert client.get("/").status_code == 200

    def test_what_others_made_or_took_over_stays(self, demo):
        album = page("album-shen")
        place = Place.objects.get(name="陶溪镇")
        own = factories.photo("我馆自己的照片", parent=album)
        own.page_places.create(place=place)
        own.save()
        picture = factories.image(collection=Collection.objects.get(name=files.COLLECTION))
        admin = get_user_model().objects.get(username="admin")
        admin.set_password("已经改过")
        admin.save()
        text = demo("--remove")
        assert all(name in text for name in (album.title, "青石埠码头", "陶溪镇", "admin"))
        assert PhotoPage.objects.filter(pk=own.pk).exists()
        assert AlbumPage.objects.filter(pk=album.pk).exists()
        assert get_user_model().objects.filter(pk=admin.pk).exists()
        with pytest.raises(ProtectedError):
            place.delete()
        assert ArchiveImage.objects.get(pk=picture.pk).collection == Collection.get_first_root_node()


class TestInterruption:
    """A build that was stopped is one whose collection is not finished and lacks some things."""

    @pytest.fixture
    def stopped(self) -> set[int]:
        """Without one photograph and its file, without one book, and one story a draft; returns the other pages."""
        files.collections().update(name=files.UNFINISHED)
        photo = page("bridge-bicycles")
        picture = photo.lead_image
        photo.delete()
        ArchiveImage.objects.filter(pk=picture.pk).delete()
        page("journal-2023-1").delete()
        Page.objects.filter(pk=page("thing-ticket").pk).update(live=False, first_published_at=None)
        return set(Page.objects.values_list("pk", flat=True))

    def test_it_counts_as_not_built(self, stopped):
        assert not build.is_built()

    def test_the_next_run_finishes_it_and_makes_nothing_twice(self, stopped, drawn):
        before = {model: set(model.objects.values_list("pk", flat=True)) for model in (ArchiveImage, Scan, Place)}
        assert build.build(drawn=drawn) is True
        assert build.is_built() and build.page_count() == 79
        assert page("thing-ticket").live and page("journal-2023-1").leaves.count() == 3
        assert page("bridge-bicycles").lead_image.title == "大桥上的早晨"
        added = {model: model.objects.exclude(pk__in=pks).count() for model, pks in before.items()}
        assert added == {ArchiveImage: 1, Scan: 0, Place: 0}
        assert Page.objects.exclude(pk__in=stopped).count() == 2

    def test_what_it_left_can_be_removed(self, stopped, demo):
        demo("--remove")
        assert not ArchiveImage.objects.exists() and not Scan.objects.exists()
        assert not files.collections().exists()


def test_a_build_whose_files_stop_coming_says_so_by_the_name_of_its_collection(drawn):
    build.remove()
    first, second, *_rest = drawn
    with pytest.raises(KeyError):
        build.build(drawn={first: drawn[first], second: drawn[second]})
    assert not build.is_built() and files.collections(files.UNFINISHED).exists()
    assert ArchiveImage.objects.count() == 2
