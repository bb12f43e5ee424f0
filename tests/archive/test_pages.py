"""The promises of every page type: an address, a page, a form, a preview, and that it is found."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import (
    AlbumPage,
    ArchivePage,
    BookPage,
    ColumnPage,
    ExhibitionPage,
    PhotoPage,
    StoryPage,
    VideoPage,
    VideoSeriesPage,
)
from archive.models.slugs import RESERVED, fill_slug, propose_slug, sort_key
from search.indexing import drain
from tests import factories

KINDS = ["book", "film", "video_series", "photo", "album", "story", "column", "exhibition"]
WORD = "棲瀾異聞"
DRAFTS = {
    BookPage: "book",
    VideoPage: "film",
    VideoSeriesPage: "video_series",
    PhotoPage: "photo",
    AlbumPage: "album",
    StoryPage: "story",
    ColumnPage: "column",
    ExhibitionPage: "exhibition",
}


@pytest.fixture(params=KINDS)
def page(request, home) -> ArchivePage:
    return getattr(factories, request.param)(WORD, description="一件馆藏。", date_written="康熙二十八年")


@pytest.mark.django_db
class TestEveryKind:
    def test_is_routable_and_renderable(self, page, client):
        response = client.get(page.get_url())
        assert response.status_code == 200
        text = response.content.decode()
        assert WORD in text
        assert "康熙二十八年" in text
        assert page.identifier_id in text

    def test_is_editable_and_previewable(self, page, administrator):
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert administrator.get(edit).status_code == 200
        response = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert response.status_code == 200
        assert WORD in response.content.decode()

    def test_a_draft_has_no_address_and_a_preview(self, page, administrator, client):
        page = getattr(factories, DRAFTS[type(page)])("未发布", published=False)
        assert client.get(page.get_url()).status_code == 404
        assert administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200

    def test_is_found_in_either_script(self, page, index, client):
        drain()
        for query in ("棲瀾異聞", "栖澜异闻", "异闻", "异"):
            found = client.get("/search/", {"q": query, "format": "json"}).json()
            assert found["total"] == 1, query
            assert found["hits"][0]["url"] == page.get_url()
            assert found["hits"][0]["kind"] == page.museum_kind

    def test_its_form_for_a_new_one_opens(self, page, administrator):
        model = type(page)
        address = reverse(
            "wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, page.get_parent().pk]
        )
        assert administrator.get(address).status_code == 200

    def test_detail_page_stays_within_its_query_budget(self, page, client, django_assert_max_num_queries):
        client.get(page.get_url())
        with django_assert_max_num_queries(25):
            client.get(page.get_url())


@pytest.mark.django_db
def test_every_creatable_type_is_among_the_tested(home):
    from wagtail.models import get_page_models

    tested = {type(getattr(factories, kind)(f"{kind}")) for kind in KINDS}
    things = {model for model in get_page_models() if issubclass(model, ArchivePage) and model.is_creatable}
    assert things == tested


@pytest.mark.django_db
class TestPlainPages:
    @pytest.mark.parametrize("path", ["/", "/books/", "/videos/", "/photos/", "/stories/", "/exhibitions/", "/search/"])
    def test_an_empty_museum_has_all_its_rooms(self, home, client, index, path):
        assert client.get(path).status_code == 200

    def test_the_head_leads_into_every_room(self, home, client):
        text = client.get("/").content.decode()
        menu = text[text.index('class="menu-list"') : text.index("</nav>")]
        assert [part.partition('"')[0] for part in menu.split('href="')[1:]] == [
            "/books/",
            "/videos/",
            "/photos/",
            "/stories/",
            "/exhibitions/",
            "/browse/",
        ]

    def test_a_free_page_is_shown_and_found(self, home, client, index):
        body = [("text", "<p>本馆每周一闭馆。</p>")]
        page = factories.free_page(home, body=body)
        assert "本馆每周一闭馆。" in client.get(page.get_url()).content.decode()
        drain()
        found = client.get("/search/", {"q": "闭馆", "format": "json"}).json()
        assert [hit["url"] for hit in found["hits"]] == [page.get_url()]

    def test_an_unknown_address_is_a_written_404(self, home, client):
        response = client.get("/nothing/here/")
        assert response.status_code == 404
        assert "没有" in response.content.decode()


@pytest.mark.django_db
class TestSlugs:
    def test_is_proposed_from_pinyin(self, home):
        assert factories.story("長安舊事").slug == "chang-an-jiu-shi"

    def test_two_of_a_title_differ(self, home):
        assert factories.story("旧事").slug != factories.story("旧事").slug

    @pytest.mark.parametrize("title", ["", "。。。", "𢎞", "🐉", "ＡＢＣ１２３"])
    def test_any_title_gives_some_slug(self, title):
        slug = propose_slug(title)
        assert slug
        assert slug.isascii()

    def test_reserved_words_are_left_alone(self):
        assert fill_slug("Search", lambda slug: False) == "search-2"
        assert "search" in RESERVED

    def test_sorts_by_reading(self):
        titles = ["长安镇志", "东坑镇志", "茶山镇志", "ABC 年鉴"]
        assert sorted(titles, key=sort_key) == ["ABC 年鉴", "茶山镇志", "长安镇志", "东坑镇志"]

    def test_a_chinese_slug_is_refused_in_the_form(self, home, administrator):
        page = factories.story("旧事")
        data = {"title": "旧事", "slug": "旧事", "body-count": "0"}
        response = administrator.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
        assert response.status_code == 200
        assert "slug" in response.context["form"].errors


@pytest.mark.django_db
class TestDates:
    def test_what_is_written_is_kept_and_a_range_derived(self, home):
        page = factories.photo(date_written="民国廿五年")
        assert page.date_written == "民国廿五年"
        assert page.date_earliest <= page.date_latest
        assert page.date.earliest_year == 1936

    def test_what_is_not_understood_is_kept_and_said(self, home, administrator):
        page = factories.photo(date_written="大约在冬季")
        assert page.date_earliest is None
        assert page.date_not_understood
        edit = administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "未能理解" in edit
        answer = administrator.get(reverse("archive_date_meaning"), {"written": "大约在冬季"}).json()
        assert "未能理解" in answer["meaning"]

    def test_the_form_says_what_was_understood_while_one_types(self, home, administrator):
        answer = administrator.get(reverse("archive_date_meaning"), {"written": "康熙二十八年"}).json()
        assert "1689" in answer["meaning"]

    def test_that_address_is_for_the_desk(self, home, client):
        assert client.get(reverse("archive_date_meaning"), {"written": "x"}).status_code == 302


@pytest.mark.django_db
class TestBook:
    def test_shows_its_contents_and_its_sections_read_alone(self, home, client):
        book = factories.book("县志")
        juan = factories.section(book, "舆地", label="卷一", kind="juan")
        entry = factories.section(book, "赤石桥", text="在城东三里。\n乾隆间重修。", parent=juan, depth=2)
        page = client.get(book.get_url()).content.decode()
        assert "卷一" in page
        assert "舆地" in page
        assert "赤石桥" in page
        text = client.get(entry.get_absolute_url()).content.decode()
        assert "在城东三里。" in text
        assert "舆地" in text
        assert "康熙县志" not in text

    def test_a_leaf_shows_the_text_that_is_kept_in_its_sections(self, home, client):
        from archive.models import Anchor

        book = factories.book()
        section = factories.section(book, "赤石桥", text="在城东三里。乾隆间重修。")
        leaf = factories.leaf(book, label="卷一·三上", scan=factories.scan())
        Anchor.objects.create(section=section, leaf=leaf, section_start=0, section_end=6)
        page = client.get(leaf.get_absolute_url()).content.decode()
        assert "在城东三里。" in page
        assert "乾隆间重修" not in page
        assert "/media/p/" in page

    def test_a_leaf_is_reached_by_its_printed_page_or_its_position(self, home, client):
        book = factories.book()
        factories.leaf(book, label="一")
        second = factories.leaf(book, label="二")
        for asked in ("二", "2"):
            assert client.get(f"{book.get_url()}p/", {"page": asked})["Location"] == second.get_absolute_url()
        missing = client.get(f"{book.get_url()}p/", {"page": "九百"})
        assert missing.status_code == 404
        assert "九百" in missing.content.decode()

    def test_passages_are_found_and_lead_to_their_place(self, home, client, index):
        book = factories.book("县志")
        section = factories.section(book, "桥梁", text="赤石橋在城東三里，乾隆間重修。")
        drain()
        found = client.get("/search/", {"q": "赤石桥", "format": "json"}).json()
        (address,) = [hit["url"] for hit in found["hits"]]
        assert address.startswith(f"{section.get_absolute_url()}?q=")
        assert '<mark id="found">赤石橋</mark>' in client.get(address).content.decode()
        assert "<mark>赤石橋</mark>" in found["hits"][0]["snippet"]

    def test_a_passage_changes_and_goes_with_its_row(self, home, client, index):
        section = factories.section(factories.book("县志"), "桥梁", text="赤石桥")
        drain()
        section.text = "青石桥"
        section.save()
        drain()
        assert client.get("/search/?q=赤石桥&format=json").json()["total"] == 0
        assert client.get("/search/?q=青石桥&format=json").json()["total"] == 1
        section.delete()
        drain()
        assert client.get("/search/?q=青石桥&format=json").json()["total"] == 0

    def test_a_yearbook_is_found_under_the_year_it_records(self, home, client):
        book = factories.book("年鉴（2023）", volume_year=2023, content_year_from=2022, date_written="2023年")
        assert "2022" in client.get(book.get_url()).content.decode()

    def test_refuses_content_years_that_run_backwards(self, home):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError, match="止年"):
            BookPage(title="x", content_year_from=2022, content_year_to=2020).clean()

    @pytest.mark.parametrize("isbn", ["978-7-218-04821-5", "7-218-04821-6", "9787101003048", "080442957X"])
    def test_isbn_check_digits(self, isbn):
        from archive.models.isbn import is_isbn

        digits = isbn.replace("-", "")
        wrong = digits[:-1] + ("0" if digits[-1] != "0" else "1")
        assert not (is_isbn(isbn) and is_isbn(wrong))


@pytest.mark.django_db
class TestStoryAndFilm:
    def test_a_film_inside_a_story_is_shown_only_while_it_may_be(self, home, client):
        film = factories.film("龙舟", video=factories.video())
        story = factories.story(body=[("film", {"film": film, "caption": ""})])
        assert film.video.url in client.get(story.get_url()).content.decode()
        VideoPage.objects.get(pk=film.pk).unpublish()
        page = client.get(story.get_url())
        assert page.status_code == 200
        assert film.video.url not in page.content.decode()

    def test_pictures_of_a_story_are_public_while_it_is(self, home, client):
        image = factories.image()
        story = factories.story(body=[("picture", {"image": image, "caption": "旧影", "alt": ""})])
        address = image.derivatives.first().url
        assert client.get(address).status_code == 200
        story = StoryPage.objects.get(pk=story.pk)
        story.body = []
        story.save_revision().publish()
        assert client.get(address).status_code == 404

    def test_instalments_follow_each_other(self, home, client):
        column = factories.column()
        first = factories.story("第一期", parent=column, instalment=1)
        second = factories.story("第二期", parent=column, instalment=2)
        assert second.get_url() in client.get(first.get_url()).content.decode()
        assert first.get_url() in client.get(second.get_url()).content.decode()

    def test_photos_of_an_album_follow_each_other(self, home, client):
        album = factories.album()
        first = factories.photo("一", parent=album)
        second = factories.photo("二", parent=album)
        assert second.get_url() in client.get(first.get_url()).content.decode()
        assert PhotoPage.objects.get(pk=first.pk).get_url() in client.get(second.get_url()).content.decode()


def test_html_in_catalogue_fields_is_shown_as_text(home, db):
    page = factories.story("<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    text = Client().get(page.get_url()).content.decode()
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
