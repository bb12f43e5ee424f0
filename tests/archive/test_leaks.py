"""Side doors through which a closed thing could be named, each tried once."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page

from archive.access import AccessLevel
from archive.editing import roles
from archive.models import AlbumPage, BookPage, Identifier, Section, StoryPage, Topic
from archive.publication import set_access
from archive.sharing.links import make
from search.indexing import drain
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def renamed(page, slug: str, capture):
    with capture(execute=True):
        fresh = type(page).objects.get(pk=page.pk)
        fresh.slug = slug
        fresh.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


class TestOldAddresses:
    def test_lead_to_the_new_one(self, home, client, django_capture_on_commit_callbacks):
        page = factories.story("旧题")
        old = page.get_url()
        page = renamed(page, "xin-ti", django_capture_on_commit_callbacks)
        assert client.get(old)["Location"].endswith(page.get_url())

    def test_do_not_name_what_became_closed(self, home, client, staff, django_capture_on_commit_callbacks):
        page = factories.story("机密档案")
        old = page.get_url()
        page = renamed(page, "jimi-xin", django_capture_on_commit_callbacks)
        set_access(page, AccessLevel.STAFF)
        answer = client.get(old)
        assert answer.status_code == 404
        assert "Location" not in answer
        assert staff.get(old).status_code == 301

    def test_of_sections_follow_their_book(self, home, client, django_capture_on_commit_callbacks):
        book = factories.book("旧志")
        section = factories.section(book, "桥梁")
        old = section.get_absolute_url()
        book = renamed(book, "xin-zhi", django_capture_on_commit_callbacks)
        answer = client.get(old)
        assert answer.status_code == 301
        assert client.get(answer["Location"]).status_code == 200
        set_access(book, AccessLevel.STAFF)
        assert client.get(old).status_code == 404


def test_a_story_does_not_name_a_book_that_is_not_shown(home, client):
    book = factories.book("未公开的志稿")
    story = factories.story(body=[("book_citation", {"book": book, "place_in_book": "卷二", "quotation": "桥成"})])
    assert "未公开的志稿" in client.get(story.get_url()).content.decode()
    BookPage.objects.get(pk=book.pk).unpublish()
    text = client.get(story.get_url()).content.decode()
    assert "未公开的志稿" not in text
    assert "卷二" in text


def test_the_home_page_names_no_series_or_town_of_closed_things_alone(home, client):
    series = factories.series("秘密丛书")
    book = factories.book(series=series)
    assert "秘密丛书" in client.get("/").content.decode()
    set_access(book, AccessLevel.STAFF)
    assert "秘密丛书" not in client.get("/").content.decode()


def test_what_was_published_for_staff_alone_was_never_public(home, client):
    album = factories.album("内部相册")
    set_access(album, AccessLevel.STAFF)
    photo = factories.photo("内部照片", parent=AlbumPage.objects.get(pk=album.pk))
    photo.unpublish()
    set_access(AlbumPage.objects.get(pk=album.pk), AccessLevel.OPEN)
    assert client.get(f"/id/{photo.identifier_id}").status_code == 404
    assert not Identifier.objects.get(pk=photo.identifier_id).ever_public


@pytest.fixture
def editor(home, django_user_model):
    user = django_user_model.objects.create_user("莞编辑", password="x")
    user.groups.add(roles.ensure_roles(Page.objects.get(depth=1))[roles.EDITOR])
    return user


def test_moving_beneath_a_closed_page_closes_in_the_moves_own_transaction(home, monkeypatch):
    """Wagtail tells of a move when it is committed already; the level must not wait for that."""
    closed = factories.album("内部相册")
    set_access(closed, AccessLevel.STAFF)
    photo = factories.photo()
    monkeypatch.setattr("wagtail.actions.move_page.post_page_move.send", lambda **given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        photo.move(AlbumPage.objects.get(pk=closed.pk), "last-child")
    assert type(photo).objects.get(pk=photo.pk).effective_access == AccessLevel.STAFF


class TestWhatIsGivenAway:
    """Feeds, site maps, citations, saved lists and robots.txt, read by the public, the reading room and staff."""

    def addresses(self, *pages) -> list[str]:
        ids = [page.identifier_id for page in pages]
        files = [
            "/sitemap.xml",
            "/sitemap-museum.xml",
            *(f"/sitemap-{kind}-0.xml" for kind in ("page", "section", "leaf")),
        ]
        feeds = ["/feeds/", "/feeds/all.rss", "/feeds/all.atom", *(f"/feeds/{value}.rss" for value in ids)]
        cited = [f"/cite/{value}.{suffix}" for value in ids for suffix in ("txt", "bib", "ris")]
        return [
            *files,
            *feeds,
            *cited,
            f"/saved/titles.json?ids={','.join(ids)}",
            f"/saved/citations.ris?ids={','.join(ids)}",
        ]

    def text(self, client, address: str) -> str:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return body.decode() if answer.status_code == 200 else ""

    @pytest.fixture
    def closed(self, home):
        shelf = factories.series("秘稿丛刊", slug="mi-gao-cong-kan")
        draft = factories.story("秘稿草稿", slug="mi-gao", published=False, series=shelf)
        staff = factories.column("秘稿栏目", slug="mi-gao-lan")
        inner = factories.story("秘稿内篇", slug="mi-gao-nei", parent=staff)
        set_access(staff, AccessLevel.STAFF)
        book = factories.book("秘稿志", slug="mi-gao-zhi")
        factories.section(book, "秘稿目")
        factories.leaf(book, "秘稿页")
        set_access(book, AccessLevel.STAFF)
        return [draft, staff, inner, book]

    def test_names_nothing_that_is_closed(self, closed, client, reading_room):
        for reader in (client, reading_room):
            for address in self.addresses(*closed):
                text = self.text(reader, address)
                assert "秘稿" not in text, address
                assert "mi-gao" not in text, address

    def test_knows_no_leaf_and_no_series_of_what_is_closed(self, closed, client, reading_room):
        book = closed[-1]
        leaf = book.leaves.get()
        for reader in (client, reading_room):
            assert reader.get(f"/id/{book.identifier_id}/p/{leaf.key}").status_code in (404, 410)
            assert reader.get(f"/cite/{book.identifier_id}/p/{leaf.key}.txt").status_code in (404, 410)
            for feed in ("rss", "atom"):
                assert reader.get(f"/feeds/series/mi-gao-cong-kan.{feed}").status_code == 404

    def test_gives_of_an_on_site_thing_its_record_alone(self, home, client):
        story = factories.story("馆内文稿", body=[("text", "<p>馆内正文</p>")])
        book = factories.book("馆内志")
        factories.section(book, "馆内目", "馆内正文")
        for page in (story, book):
            set_access(page, AccessLevel.ON_SITE)
        texts = [self.text(client, address) for address in self.addresses(story, book)]
        assert any("馆内文稿" in text for text in texts)
        assert not any("馆内正文" in text or "/s/" in text for text in texts)

    def test_forgets_what_is_withdrawn(self, home, client):
        story = factories.story("旧事", slug="jiu-shi")
        StoryPage.objects.get(pk=story.pk).unpublish()
        for address in self.addresses(story):
            text = self.text(client, address)
            assert "jiu-shi" not in text, address
            assert "旧事" not in text or '"withdrawn"' in text, address


def test_a_link_to_a_draft_gives_it_away_nowhere_else(home, index, client, reading_room, staff, editor):
    """Not by the pages, lists, feeds, searches or files of the museum, not to the link's own holder, nor the link."""
    shelf, topic = factories.series("公开丛刊", slug="gong-kai"), factories.topic("桥梁", slug="qiao-liang")
    image = factories.image("秘稿照片")
    shown = factories.story("公开故事", series=shelf)
    shown.page_topics.create(topic=topic)
    draft = factories.story("公开之前的秘稿", slug="mi-gao", published=False, series=shelf, lead_image=image)
    draft.page_topics.create(topic=topic)
    draft.related_items.create(related=shown)
    draft.save_revision()
    changed = factories.story("公开的旧题")
    public = changed.get_url()
    changed.title, changed.slug = "公开之前的秘稿新题", "mi-gao-xin"
    changed.save_revision()
    drain()
    links = [make(page, editor, "李工", 7) for page in (draft, changed)]
    holder = Client()
    for link in links:
        assert "秘稿" in holder.get(f"/share/{link.secret}/").content.decode()

    lists = ["/", "/stories/", "/browse/", "/topics/qiao-liang/", "/series/gong-kai/", "/search/?q=公开"]
    given = TestWhatIsGivenAway().addresses(draft, changed)
    addresses = [*lists, *given, public, shown.get_url(), f"/id/{draft.identifier_id}", "/robots.txt"]
    for reader in (client, reading_room, staff, holder):
        assert public in reader.get("/search/?q=公开").content.decode()
        assert reader.get("/stories/mi-gao/").status_code == 404
        for address in addresses:
            answer = reader.get(address)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
            assert not any(word in text for word in ("秘稿", "mi-gao", *(link.secret for link in links))), address
    for derivative in image.derivatives.all():
        assert {reader.get(derivative.checked_url).status_code for reader in (client, reading_room)} == {404}


class TestContributor:
    @pytest.fixture
    def contributor(self, home, django_user_model) -> Client:
        collection = Collection.get_first_root_node().add_child(name="石渡镇")
        group = roles.ensure_town_group("石渡镇", [factories.album("石渡相册")], collection)
        user = django_user_model.objects.create_user("town", password="x")
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        return client

    @pytest.fixture
    def hidden(self, home):
        image = factories.image("别镇照片")
        factories.photo("别镇草稿", published=False, lead_image=image)
        set_access(factories.story("内部故事"), AccessLevel.STAFF)
        return image

    def test_finds_neither_drafts_of_others_nor_staff_things(self, contributor, hidden):
        explorer = reverse("wagtailadmin_explore", args=[Page.objects.get(slug="photos").pk])
        chooser = reverse("wagtailadmin_choose_page_search")
        api = "/admin/api/main/pages/"
        for address in (explorer, f"{chooser}?q=内部", f"{chooser}?q=别镇", f"{api}?search=内部", f"{api}?limit=50"):
            text = contributor.get(address).content.decode()
            assert "别镇草稿" not in text, address
            assert "内部故事" not in text, address
        desk = contributor.get(reverse("wagtailadmin_home")).content.decode()
        assert "别镇草稿" not in desk

    def test_gets_no_record_of_other_peoples_files(self, contributor, hidden):
        assert contributor.get(f"/admin/api/main/images/{hidden.pk}/").status_code == 404
        assert contributor.get("/admin/api/main/images/").json()["items"] == []
        assert contributor.get("/admin/api/main/documents/").json()["items"] == []

    def test_is_not_shown_reports_that_name_everything(self, contributor, hidden, administrator):
        for address in ("/admin/reports/site-history/", "/admin/pages/usage/archive/photopage/"):
            assert contributor.get(address).status_code == 403
            assert administrator.get(address).status_code == 200


class TestBadInput:
    @pytest.mark.parametrize("address", ["/books/?place=%00", "/books/?kind=%00", "/?x=%00", "/media/f/%00", "/a%00/"])
    def test_a_nul_character_is_not_found(self, home, client, address):
        assert client.get(address).status_code == 404

    def test_a_taken_slug_of_an_authority_record_is_a_form_error(self, home, administrator):
        factories.topic("桥梁", slug="qiao-liang")
        data = {"name": "别的", "slug": "qiao-liang", "other_names": "", "description": ""}
        answer = administrator.post(reverse("wagtailsnippets_archive_topic:add"), data)
        assert answer.status_code == 200
        assert "slug" in answer.context["form"].errors
        assert Topic.objects.count() == 1

    def test_an_alias_gets_an_identifier_of_its_own_and_follows_its_source(self, home):
        page = factories.story("原篇")
        alias = page.create_alias(update_slug="alias")
        assert alias.identifier_id != page.identifier_id
        fresh = StoryPage.objects.get(pk=page.pk)
        fresh.title = "改后"
        fresh.save_revision().publish()
        alias = StoryPage.objects.get(pk=alias.pk)
        assert alias.title == "改后"
        assert alias.identifier_id != page.identifier_id

    def test_there_is_no_english_museum_before_it_has_a_tree(self, home, client):
        assert client.get("/en/").status_code == 404
        assert client.get("/en/books/").status_code == 404


def test_deleting_a_book_with_many_sections_is_bounded(home, client, django_assert_max_num_queries):
    book = factories.book("大书")
    values = Identifier.objects.assign_many(Identifier.Kind.SECTION, 1200)
    Section.objects.bulk_create(
        Section(book=book, identifier=value, key=f"s{n}", position=n, title=f"条目{n}")
        for n, value in enumerate(values, start=1)
    )
    factories.leaf(book)
    with django_assert_max_num_queries(250):
        BookPage.objects.get(pk=book.pk).delete()
    assert not Section.objects.exists()
    assert Identifier.objects.filter(kind="section", removed_at=None).count() == 0
