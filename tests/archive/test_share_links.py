"""Links to drafts: who gives them, what their holders read, and that nobody gets anything else by them.

One long file, because the same links are made, opened, closed and held against every kind of file in turn."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page

from archive.access import AccessLevel, Audience
from archive.asset_rule import is_shared_with
from archive.editing import roles
from archive.models import Act, AlbumPage, ArchivePage, ShareLink, StoryPage
from archive.models.videos import CaptionTrack
from archive.publication import set_access
from archive.sharing import views
from archive.sharing.holding import COOKIE, MOST_HELD
from archive.sharing.links import DAYS, MOST_ACTIVE, end, make
from media_assets import jobs
from media_assets.derivatives.pyramids import make_pyramid
from media_assets.derivatives.videos import KIND
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
EXPERT = "市博物馆 李工"
QUERIES_OF_A_PAGE, QUERIES_OF_A_LINE = 24, 2
"""A shared story, and each place, topic or person of its record: a draft looks them up one by one."""
QUERIES_OF_A_FILE = 8
"""However much the draft holds: the link with its revision is one, the pictures in the text another."""


@pytest.fixture
def editor(home, django_user_model):
    user = django_user_model.objects.create_user("莞编辑", password="x")
    user.groups.add(roles.ensure_roles(Page.objects.get(depth=1))[roles.EDITOR])
    return user


@pytest.fixture
def contributor(home, django_user_model):
    """Of a town that works in the CMS: may edit the own draft and gives no links."""
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    user = django_user_model.objects.create_user("town", password="x")
    user.groups.add(roles.ensure_town_group("石渡镇", [factories.album("石渡相册")], collection))
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(link: ShareLink) -> str:
    return reverse("shared_draft", args=[link.secret])


def text_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return answer.content.decode()


def files_of(*assets) -> list[str]:
    return [derivative.checked_url for asset in assets for derivative in asset.derivatives.all()]


def statuses(client: Client, addresses: list[str]) -> set[int]:
    assert addresses
    return {client.get(where).status_code for where in addresses}


@pytest.fixture
def draft(home) -> StoryPage:
    return factories.story("塔影新說", body=[("text", "<p>塔高七级。</p>")], published=False)


@pytest.fixture
def link(draft, editor) -> ShareLink:
    return make(draft, editor, EXPERT, 7)


def over(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


class TestThePage:
    def test_shows_the_draft_with_a_banner(self, link, client):
        text = text_of(client, address(link))
        until = timezone.localtime(link.expires_at).strftime("%Y-%m-%d %H:%M")
        assert "塔影新說" in text and "塔高七级。" in text
        assert f"未公布的稿件，仅供“{EXPERT}”审阅，请勿转发；链接有效至 {until}。" in text
        assert text.index("未公布的稿件") < text.index("masthead")

    def test_of_a_live_page_shows_the_change_that_is_not_published(self, editor, home, client):
        page = factories.story("旧题", body=[("text", "<p>旧文</p>")])
        page.title, page.body = "新题", [("text", "<p>新文</p>")]
        page.save_revision()
        link = make(page, editor, EXPERT, 1)
        text = text_of(client, address(link))
        assert "新题" in text and "新文" in text and "旧文" not in text
        assert "新" not in text_of(Client(), page.get_url()).partition("<main")[2]

    def test_follows_the_draft(self, link, draft, client):
        draft.title = "塔影再说"
        draft.save_revision()
        assert "塔影再说" in text_of(client, address(link))

    def test_is_for_no_robot_and_no_cache(self, link, client):
        over_too = make(link.page.specific, link.created_by, EXPERT, 1)
        over(over_too)
        for where in (address(link), address(over_too), "/share/no-such-secret/"):
            answer = client.get(where)
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert answer["Cache-Control"] == "private, no-store"
        assert "Disallow: /share/" in client.get("/robots.txt").content.decode()

    def test_has_no_citation_and_nothing_for_machines(self, editor, home, client):
        page = factories.story("旧题")
        page.title = "新题"
        page.save_revision()
        text = text_of(client, address(make(page, editor, EXPERT, 1)))
        assert "application/ld+json" not in text and "og:title" not in text and "canonical" not in text
        assert "分享与引用" not in text

    def test_is_not_found_under_another_secret(self, link, client):
        answer = client.get("/share/no-such-secret/")
        assert answer.status_code == 404
        assert "没有找到这一页" in answer.content.decode()

    @pytest.mark.parametrize("finish", [over, lambda link: end(link, link.created_by)], ids=["expired", "ended"])
    def test_is_gone_when_the_link_is_over_and_names_nothing(self, link, client, finish):
        finish(link)
        answer = client.get(address(link))
        text = answer.content.decode()
        assert answer.status_code == 410
        assert "这个分享链接已经失效" in text
        assert "塔影" not in text and EXPERT not in text

    def test_takes_no_form(self, link, client):
        for method in (client.post, client.put, client.delete):
            assert method(address(link)).status_code == 405
        assert client.head(address(link)).status_code == 200

    def test_is_gone_with_its_page(self, link, draft, client):
        draft.delete()
        assert client.get(address(link)).status_code == 404

    def test_is_read_in_its_own_language(self, editor, home, client):
        english = home.copy_for_translation(Locale.objects.create(language_code="en"))
        index = home.get_children().get(slug="stories").specific.copy_for_translation(english.locale)
        page = factories.story("Towers", parent=index, published=False, locale=english.locale)
        answer = client.get(address(make(page, editor, "Prof. Li", 1)))
        text = answer.content.decode()
        assert answer["Content-Language"] == "en"
        assert '<html lang="en">' in text and "Unpublished draft, for Prof. Li only" in text

    def test_html_in_a_name_is_text(self, draft, editor, client):
        text = text_of(client, address(make(draft, editor, "<b>李</b>", 1)))
        assert "<b>李" not in text and "&lt;b&gt;李" in text


class TestKinds:
    def test_of_a_book_its_particulars_and_contents_without_dead_links(self, editor, home, client):
        book = factories.book("新志稿", compilers="志办", published=False)
        section = factories.section(book, "桥梁")
        factories.section(book, "石桥", depth=2)
        factories.leaf(book)
        text = text_of(client, address(make(book, editor, EXPERT, 7)))
        assert "志办" in text and "桥梁" in text and "石桥" in text
        assert section.get_absolute_url() not in text
        dead = {where for where in _links_in(text) if client.get(where).status_code == 404}
        assert dead == set()

    def test_of_an_album_what_is_public_in_it(self, editor, home, client):
        album = factories.album("新相册", published=False)
        factories.photo("未公布的照片", parent=album, published=False)
        text = text_of(client, address(make(album, editor, EXPERT, 7)))
        assert "新相册" in text and "未公布的照片" not in text

    @pytest.mark.parametrize("kind", ["photo", "film", "column", "video_series", "story", "album", "book"])
    def test_every_kind_can_be_shown(self, editor, home, client, kind):
        page = getattr(factories, kind)("秘稿之一", published=False)
        assert "秘稿之一" in text_of(client, address(make(page, editor, EXPERT, 7)))


def _links_in(text: str) -> set[str]:
    return {where for where in re.findall(r'<a [^>]*href="(/[^"#?]*)', text) if not where.startswith("/static/")}


class TestPrivacy:
    def test_a_level_raised_afterwards_closes_page_and_files(self, editor, home, client):
        image = factories.image()
        page = factories.photo("旧照", published=False, lead_image=image)
        link = make(page, editor, EXPERT, 7)
        text_of(client, address(link))
        assert statuses(client, files_of(image)) == {200}
        for level in (AccessLevel.ON_SITE, AccessLevel.STAFF):
            set_access(page, level)
            assert client.get(address(link)).status_code == 404
            assert statuses(client, files_of(image)) == {404}

    def test_an_on_site_draft_is_read_in_the_house_alone(self, link, draft, client, reading_room):
        set_access(draft, AccessLevel.ON_SITE)
        assert client.get(address(link)).status_code == 404
        answer = reading_room.get(address(link))
        assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"

    def test_a_closed_picture_of_an_open_draft_stays_closed(self, editor, home, client):
        closed = factories.image("内部照片", access=AccessLevel.STAFF)
        open_one = factories.image("公开照片")
        pictures = [("picture", {"image": image, "caption": "", "alt": ""}) for image in (closed, open_one)]
        page = factories.story("秘稿", published=False, body=pictures)
        text = text_of(client, address(make(page, editor, EXPERT, 7)))
        assert not any(where in text for where in files_of(closed))
        assert any(where in text for where in files_of(open_one))
        assert statuses(client, files_of(closed)) == {404}
        assert statuses(client, files_of(open_one)) == {200}
        CollectionViewRestriction.objects.create(collection=open_one.collection, restriction_type="login")
        assert statuses(client, files_of(open_one)) == {404}

    def test_other_drafts_that_it_points_to_are_not_named(self, editor, home, client):
        book = factories.book("另一部未公开的志稿", published=False)
        film = factories.film("另一部未公开的影片", published=False)
        body = [
            ("book_citation", {"book": book, "place_in_book": "卷二", "quotation": "桥成"}),
            ("film", {"film": film, "caption": ""}),
        ]
        page = factories.story("秘稿", published=False, body=body)
        text = text_of(client, address(make(page, editor, EXPERT, 7)))
        assert "未公开的" not in text and "卷二" in text


class TestFiles:
    @pytest.fixture
    def photo(self, home):
        image = factories.image()
        make_pyramid(image)
        return factories.photo("旧照", published=False, lead_image=image)

    def addresses(self, image) -> list[str]:
        pyramid = image.pyramid
        tiles = [f"/iiif/image/3/{pyramid.key}/{rest}" for rest in ("info.json", "full/200,/0/default.jpg")]
        return files_of(image) + tiles

    def test_load_for_the_holder_and_nobody_else(self, photo, editor, client):
        addresses = self.addresses(photo.lead_image)
        assert statuses(client, addresses) == {404}
        text_of(client, address(make(photo, editor, EXPERT, 7)))
        for where in addresses:
            answer = client.get(where)
            assert answer.status_code == 200, where
            assert answer["Cache-Control"] == "private, no-store"
            assert "Access-Control-Allow-Origin" not in answer
        assert statuses(Client(), addresses) == {404}

    @pytest.mark.parametrize("finish", [over, lambda link: end(link, link.created_by)], ids=["expired", "ended"])
    def test_are_refused_at_the_next_request(self, photo, editor, client, finish):
        link = make(photo, editor, EXPERT, 7)
        text_of(client, address(link))
        finish(link)
        assert statuses(client, self.addresses(photo.lead_image)) == {404}

    def test_of_another_page_are_refused(self, photo, editor, client):
        other = factories.image("别的")
        factories.photo("别的照片", published=False, lead_image=other)
        text_of(client, address(make(photo, editor, EXPERT, 7)))
        assert statuses(client, files_of(other)) == {404}

    def test_follow_the_draft(self, photo, editor, client):
        text_of(client, address(make(photo, editor, EXPERT, 7)))
        before, photo.lead_image = photo.lead_image, factories.image("换上的")
        photo.save_revision()
        assert statuses(client, files_of(before)) == {404}
        assert statuses(client, files_of(photo.lead_image)) == {200}

    def test_of_the_desk_never(self, photo, editor, client):
        image = photo.lead_image
        rendition = image.get_rendition("max-165x165")
        text_of(client, address(make(photo, editor, EXPERT, 7)))
        closed = [
            reverse("media:original", args=["image", image.pk]),
            reverse("media:stored", args=[image.file.name]),
            reverse("media:rendition", args=[rendition.file.name]),
        ]
        assert statuses(client, closed) == {404}

    def test_scans_of_a_book_are_not_given_its_file_and_first_page_are(self, editor, home, client):
        book = factories.book("新志稿", pdf=factories.document(), published=False)
        scan = factories.leaf(book, scan=factories.scan()).scan
        text = text_of(client, address(make(book, editor, EXPERT, 7)))
        assert book.pdf.url in text
        assert statuses(client, [book.pdf.url]) == {200}
        assert statuses(client, files_of(scan)) == {404}

    def test_the_first_page_of_a_file_that_was_changed_in_the_draft(self, editor, home, client):
        book = factories.book("志稿", pdf=factories.document())
        book.pdf = factories.document("新本")
        book.save_revision()
        text = text_of(client, address(make(book, editor, EXPERT, 7)))
        assert book.pdf.url in text
        assert any(where in text for where in files_of(book.pdf)) == bool(files_of(book.pdf))

    def test_a_film_plays_with_its_captions(self, editor, home, client):
        captions = factories.document("字幕", b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xe9\xbc\x93\n", "字幕.vtt")
        tracks = [CaptionTrack(document=captions)]
        film = factories.film("新片", video=factories.video(), chapters="0:00 序", captions=tracks, published=False)
        jobs.ask(KIND, film.video)
        link = make(film, editor, EXPERT, 7)
        text = text_of(client, address(link))
        named = [source["src"] for source in film.video.sources]
        addresses = [*named, *files_of(film.video), captions.captions_url, film.video.playlist_url]
        addresses.append(film.video.storyboard_url)
        playlist = text_of(client, f"/media/h/{film.video.pk}/film480.m3u8")
        addresses.append(re.search(r'URI="([^"]+)"', playlist)[1])
        assert all(where in text for where in named)
        assert "chapters.vtt" not in text and "序" in text
        assert statuses(client, addresses) == {200}
        assert statuses(Client(), addresses) == {404}
        end(link, editor)
        assert statuses(client, addresses) == {404}

    def test_the_storage_gives_the_holder_no_link_of_its_own(self, photo, editor, client, monkeypatch):
        """It would be good after the end of ours."""
        monkeypatch.setattr("media_assets.views._link_to", lambda request, served: "https://elsewhere.test/")
        text_of(client, address(make(photo, editor, EXPERT, 7)))
        assert statuses(client, files_of(photo.lead_image)) == {200}


class TestTheCookie:
    def test_is_closed_to_scripts_and_lasts_as_long_as_the_link(self, link, client):
        client.get(address(link))
        cookie = client.cookies[COOKIE]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
        assert 7 * 86_400 - 60 < cookie["max-age"] <= 7 * 86_400
        assert link.secret not in cookie.value

    def test_names_several_links_and_keeps_the_longest(self, link, editor, client):
        client.get(address(link))
        image = factories.image()
        second = make(factories.photo(published=False, lead_image=image), editor, EXPERT, 1)
        client.get(address(second))
        assert client.cookies[COOKIE]["max-age"] > 6 * 86_400
        assert statuses(client, files_of(image)) == {200}
        client.get(address(link))
        assert statuses(client, files_of(image)) == {200}

    def test_names_no_more_than_the_newest(self, editor, draft, client):
        links = [make(draft, editor, f"专家{n}", 1) for n in range(MOST_HELD + 2)]
        for one in links:
            client.get(address(one))
        told = signing.loads(client.cookies[COOKIE].value, salt="archive.sharing")
        assert told == [one.pk for one in reversed(links)][:MOST_HELD]

    @pytest.mark.parametrize("salt", ["", "another"])
    def test_that_we_did_not_sign_opens_nothing(self, home, editor, client, salt):
        image = factories.image()
        link = make(factories.photo(published=False, lead_image=image), editor, EXPERT, 1)
        client.cookies[COOKIE] = signing.dumps([link.pk], salt=salt) if salt else f"[{link.pk}]:x:y"
        assert statuses(client, files_of(image)) == {404}

    def test_is_not_set_by_a_link_that_is_over(self, link, client):
        over(link)
        client.get(address(link))
        assert COOKIE not in client.cookies


class TestCounting:
    def test_counts_what_was_opened(self, link, client):
        client.get(address(link))
        client.get(address(link))
        client.head(address(link))
        link.refresh_from_db()
        assert link.opened == 2
        assert link.last_opened_at is not None

    def test_that_fails_keeps_nobody_from_reading(self, link, client, monkeypatch):
        def refuse(*args):
            raise DatabaseError("locked")

        monkeypatch.setattr(views, "F", refuse)
        assert "塔高七级" in text_of(client, address(link))

    @pytest.mark.parametrize("lines", [0, 8])
    def test_a_page_costs_a_bounded_number_of_queries(self, link, draft, client, django_assert_max_num_queries, lines):
        for number in range(lines):
            draft.page_topics.create(topic=factories.topic(f"主题{number}", slug=f"t{number}"))
        draft.save_revision()
        client.get(address(link))
        with django_assert_max_num_queries(QUERIES_OF_A_PAGE + QUERIES_OF_A_LINE * lines):
            client.get(address(link))

    def test_a_file_costs_a_bounded_number_of_queries(self, editor, home, client, django_assert_max_num_queries):
        images = [factories.image(f"照{n}") for n in range(6)]
        body = [("picture", {"image": image, "caption": "", "alt": ""}) for image in images]
        page = factories.story("秘稿", published=False, body=body)
        for number in range(8):
            page.page_topics.create(topic=factories.topic(f"主题{number}", slug=f"t{number}"))
        page.save_revision()
        text_of(client, address(make(page, editor, EXPERT, 7)))
        where = files_of(images[-1])[0]
        with django_assert_max_num_queries(QUERIES_OF_A_FILE):
            assert client.get(where).status_code == 200

    def test_a_reader_without_a_cookie_costs_none(self, home, rf, django_assert_num_queries):
        image = factories.image()
        with django_assert_num_queries(0):
            assert not is_shared_with(rf.get("/"), Audience.PUBLIC, image)


class TestTheDesk:
    def where(self, page) -> str:
        return reverse("archive_sharing", args=[page.pk])

    def form(self, **fields) -> dict:
        return {"given_to": EXPERT, "days": "14"} | fields

    def test_makes_a_link_and_shows_it(self, draft, editor):
        desk = signed_in(editor)
        assert "还没有给出过链接" in text_of(desk, self.where(draft))
        assert desk.post(self.where(draft), self.form()).status_code == 302
        link = ShareLink.objects.get()
        text = text_of(desk, self.where(draft))
        assert f"http://127.0.0.1:8000{address(link)}" in text
        assert EXPERT in text and "莞编辑" in text and "未打开过" in text and "有效至" in text
        assert timedelta(days=13) < link.expires_at - timezone.now() <= timedelta(days=14)
        Client().get(address(link))
        assert "1 次，最近" in text_of(desk, self.where(draft))

    def test_is_reached_from_the_editor(self, draft, editor, contributor):
        edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
        assert self.where(draft) in text_of(signed_in(editor), edit)

    def test_ends_a_link_at_once(self, draft, link, editor, client):
        desk = signed_in(editor)
        where = reverse("archive_sharing_end", args=[draft.pk, link.pk])
        assert desk.get(where).status_code == 405
        answer = desk.post(where, follow=True)
        assert "即时生效" in answer.content.decode() and "已结束" in answer.content.decode()
        assert address(link) not in answer.content.decode()
        assert client.get(address(link)).status_code == 410
        assert "早已失效" in desk.post(where, follow=True).content.decode()

    def test_ends_no_link_under_another_page(self, draft, link, editor):
        other = factories.story("别的", published=False)
        where = reverse("archive_sharing_end", args=[other.pk, link.pk])
        assert signed_in(editor).post(where).status_code == 404
        link.refresh_from_db()
        assert link.is_active

    def test_whoever_may_edit_ends_the_links_of_others(self, draft, link, administrator, client):
        administrator.post(reverse("archive_sharing_end", args=[draft.pk, link.pk]))
        assert client.get(address(link)).status_code == 410

    def test_writes_what_was_made_and_ended_into_the_log(self, draft, editor):
        desk = signed_in(editor)
        desk.post(self.where(draft), self.form())
        link = ShareLink.objects.get()
        desk.post(reverse("archive_sharing_end", args=[draft.pk, link.pk]))
        acts = Act.objects.filter(kind__startswith="archive.share.").order_by("pk")
        assert [act.kind for act in acts] == ["archive.share.make", "archive.share.end"]
        assert all(EXPERT in act.words and act.user_name == "莞编辑" for act in acts)
        assert not any(link.secret in act.words for act in acts)

    def test_asks_for_a_name_and_one_of_the_terms(self, draft, editor):
        desk = signed_in(editor)
        for wrong in ({"given_to": " "}, {"days": "365"}, {"days": "x"}, {"given_to": "x" * 201}):
            assert desk.post(self.where(draft), self.form(**wrong)).status_code == 400
        assert not ShareLink.objects.exists()
        for days in DAYS:
            assert desk.post(self.where(draft), self.form(days=str(days))).status_code == 302

    def test_refuses_what_is_for_staff_alone_with_the_reason(self, draft, editor):
        set_access(draft, AccessLevel.STAFF)
        desk = signed_in(editor)
        assert "不能分享给馆外的人" in text_of(desk, self.where(draft))
        answer = desk.post(self.where(draft), self.form())
        assert answer.status_code == 400 and "不能分享给馆外的人" in answer.content.decode()
        assert not ShareLink.objects.exists()

    def test_refuses_what_stands_under_something_for_staff(self, home, editor):
        album = factories.album("内部相册")
        set_access(album, AccessLevel.STAFF)
        photo = factories.photo("内部照片", parent=AlbumPage.objects.get(pk=album.pk), published=False)
        assert signed_in(editor).post(self.where(photo), self.form()).status_code == 400

    def test_has_no_more_than_twenty_in_force(self, draft, editor):
        links = [make(draft, editor, f"专家{n}", 1) for n in range(MOST_ACTIVE)]
        desk = signed_in(editor)
        assert desk.post(self.where(draft), self.form()).status_code == 400
        end(links[0], editor)
        assert desk.post(self.where(draft), self.form()).status_code == 302
        assert draft.share_links.active().count() == MOST_ACTIVE

    def test_says_what_a_link_to_a_book_shows(self, home, editor):
        assert "只显示著录、说明和目录" in text_of(signed_in(editor), self.where(factories.book()))

    def test_is_no_matter_of_contributors(self, home, contributor):
        album = AlbumPage.objects.get(title="石渡相册")
        own = factories.photo("镇里的草稿", parent=album, published=False, owner=contributor)
        desk = signed_in(contributor)
        edit = reverse("wagtailadmin_pages:edit", args=[own.pk])
        assert self.where(own) not in text_of(desk, edit)
        for answer in (desk.get(self.where(own)), desk.post(self.where(own), self.form())):
            assert answer.status_code == 302 and answer["Location"] == reverse("wagtailadmin_home")
        assert not ShareLink.objects.exists()

    def test_needs_the_right_to_edit_the_page(self, draft, link, contributor, editor):
        group = contributor.groups.get()
        group.permissions.add(*roles._general_rights(roles.EDITOR).filter(codename="add_sharelink"))
        public = factories.story("已公开的故事")
        desk = signed_in(contributor)
        assert desk.get(self.where(draft)).status_code == 404
        assert desk.get(self.where(public))["Location"] == reverse("wagtailadmin_home")
        assert desk.post(reverse("archive_sharing_end", args=[draft.pk, link.pk])).status_code == 404
        own = factories.photo("镇里的草稿", parent=AlbumPage.objects.get(), published=False, owner=contributor)
        assert desk.get(self.where(own)).status_code == 200

    def test_is_given_to_the_office_and_not_to_reviewers(self, home):
        groups = roles.ensure_roles(Page.objects.get(depth=1))
        has = {name for name, group in groups.items() if group.permissions.filter(codename="add_sharelink").exists()}
        assert has == {roles.ADMINISTRATOR, roles.EDITOR}

    def test_asks_a_bounded_number_of_questions(self, draft, editor, django_assert_max_num_queries):
        for number in range(15):
            make(draft, editor, f"专家{number}", 1)
        desk = signed_in(editor)
        desk.get(self.where(draft))
        with django_assert_max_num_queries(35):
            desk.get(self.where(draft))

    def test_keeps_the_name_of_an_account_that_is_gone(self, draft, link, editor, administrator):
        editor.delete()
        link.refresh_from_db()
        assert link.created_by is None
        assert "莞编辑" in text_of(administrator, self.where(draft))


def test_the_reader_with_a_link_finds_nothing_more_in_the_museum(link, draft, client):
    client.get(address(link))
    assert client.get(draft.get_url()).status_code == 404
    assert client.get(f"/id/{draft.identifier_id}").status_code == 404
    assert "塔影" not in text_of(client, "/stories/")
    assert not ArchivePage.objects.filter(pk=draft.pk, live=True).exists()
