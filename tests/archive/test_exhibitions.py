"""Exhibitions: rooms that are walked through, and show of the collection what each reader may know of."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from archive.access import AccessLevel
from archive.advice.pages import advise
from archive.models import ExhibitedItem, ExhibitionIndexPage, ExhibitionPage, PhotoPage
from archive.models.exhibition_blocks import passage_of
from archive.publication import set_access
from search.indexing import drain
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def two_rooms(*items) -> list:
    rooms = [
        factories.a_room(item, heading=f"第{number}间", label=f"展签{number}") for number, item in enumerate(items, 1)
    ]
    return [("room", room) for room in rooms]


class TestWalking:
    @pytest.fixture
    def exhibition(self, home) -> ExhibitionPage:
        things = factories.photo("石桥"), factories.photo("龙舟")
        return factories.exhibition("澜江三渡", rooms=two_rooms(*things), curators="陆芸")

    def test_the_entrance_leads_into_every_room(self, exhibition, client):
        text = text_of(client, exhibition.get_url())
        assert "策划：陆芸" in text
        for number in (1, 2):
            assert f'href="{exhibition.get_url()}rooms/{number}/"' in text
        assert f'href="{exhibition.get_url()}rooms/"' in text

    def test_a_room_shows_its_things_with_their_labels_and_the_way_on(self, exhibition, client):
        text = text_of(client, f"{exhibition.get_url()}rooms/1/")
        assert "展签1" in text
        assert PhotoPage.objects.get(title="石桥").get_url() in text
        assert "展签2" not in text
        assert f'rel="next" href="{exhibition.get_url()}rooms/2/"' in text
        assert 'rel="prev"' not in text

    def test_all_rooms_stand_on_one_page_too(self, exhibition, client):
        text = text_of(client, f"{exhibition.get_url()}rooms/")
        assert text.index("展签1") < text.index("展签2")

    @pytest.mark.parametrize("number", ["0", "3", "99"])
    def test_a_room_that_is_not_there_is_a_written_404(self, exhibition, client, number):
        answer = client.get(f"{exhibition.get_url()}rooms/{number}/")
        assert answer.status_code == 404
        assert "没有" in answer.content.decode()

    def test_rooms_of_anything_else_are_not_there(self, home, client):
        assert client.get(f"{factories.book().get_url()}rooms/1/").status_code == 404

    def test_one_without_rooms_says_so(self, home, client):
        page = factories.exhibition()
        assert "还没有布置展室" in text_of(client, page.get_url())
        assert client.get(f"{page.get_url()}rooms/").status_code == 404

    def test_is_listed_counted_and_shown_on_the_home_page(self, exhibition, client):
        assert "澜江三渡" in text_of(client, "/exhibitions/")
        home = text_of(client, "/")
        assert "专题展" in home
        assert 'aria-label="1 个专题"' in home

    def test_a_thing_says_where_it_is_on_show(self, exhibition, client):
        text = text_of(client, PhotoPage.objects.get(title="龙舟").get_url())
        assert "正在展出" in text
        assert exhibition.get_url() in text

    def test_its_words_are_found_and_its_labels_are_not(self, exhibition, client, index):
        drain()
        assert client.get("/search/?q=第2间&format=json").json()["total"] == 1
        assert client.get("/search/?q=展签2&format=json").json()["total"] == 0

    def test_is_cited_as_the_curators(self, exhibition, client):
        cited = client.get(f"/cite/{exhibition.identifier_id}.txt").content.decode()
        assert cited.startswith("陆芸")
        assert "澜江三渡" in cited


class TestPassages:
    @pytest.fixture
    def book(self, home):
        book = factories.book("县志")
        factories.section(book, "桥梁", text="永濟橋，在縣西北二十里。" * 30, key="qiao")
        factories.leaf(book, label="卷二·一下", key="0007", scan=factories.scan())
        return book

    @pytest.mark.parametrize(
        "written", ["p/0007", "/books/x/p/0007/", "https://fangzhi.example.cn/books/x/p/0007/?q=桥#found"]
    )
    def test_a_leaf_is_known_by_its_address(self, book, written):
        assert passage_of(book, written) == "p/0007"

    def test_a_section_is_known_by_its_address_and_its_permanent_one(self, book):
        section = book.sections.get()
        for written in (section.get_absolute_url(), f"/id/{section.identifier_id}", section.identifier_id):
            assert passage_of(book, written) == "s/qiao"

    @pytest.mark.parametrize("written", ["p/9999", "第三页", "/s/", "x" * 300])
    def test_what_is_no_place_in_the_book_is_refused(self, book, written):
        with pytest.raises(ValidationError, match="找不到这一处"):
            passage_of(book, written)

    def test_a_photograph_has_no_pages(self, home):
        with pytest.raises(ValidationError, match="只有图书"):
            passage_of(factories.photo(), "p/0007")

    def test_a_leaf_is_shown_by_its_scan_and_a_section_by_how_it_begins(self, book, client):
        parts = [
            ("exhibit", {"item": book, "passage": passage, "label": "", "wide": False})
            for passage in ("p/0007", "s/qiao")
        ]
        room = {"heading": "纸上", "introduction": "", "contents": parts}
        page = factories.exhibition(rooms=[("room", room)])
        text = text_of(client, f"{page.get_url()}rooms/1/")
        assert book.leaves.get().scan.largest().url in text
        assert "《县志》 卷二·一下" in text.replace("\n", "")
        assert "永濟橋，在縣西北二十里。永濟橋" in text
        assert "……" in text
        assert f'href="{book.sections.get().get_absolute_url()}"' in text

    def test_a_passage_that_went_leaves_the_book_on_show(self, book, client):
        page = factories.exhibition("一", book, rooms=[("room", factories.a_room(book, passage="s/qiao"))])
        book.sections.get().delete()
        assert book.get_url() in text_of(client, f"{page.get_url()}rooms/1/")


class TestWhoSeesWhat:
    """Side doors: what an exhibition shows is each thing's own affair."""

    def shown(self, client, page) -> str:
        addresses = [page.get_url(), f"{page.get_url()}rooms/1/", f"{page.get_url()}rooms/"]
        return "".join(text_of(client, address) for address in addresses)

    @pytest.fixture
    def photo(self, home) -> PhotoPage:
        return factories.photo("秘藏照片", description="秘藏说明")

    @pytest.fixture
    def page(self, photo) -> ExhibitionPage:
        return factories.exhibition("展", rooms=two_rooms(photo, factories.photo("别的")))

    def test_a_withdrawn_thing_goes_with_its_label(self, page, photo, client):
        assert "展签1" in self.shown(client, page)
        PhotoPage.objects.get(pk=photo.pk).unpublish()
        text = self.shown(client, page)
        assert "秘藏" not in text
        assert "展签1" not in text
        assert "0 件展品" not in text

    def test_a_draft_is_not_shown(self, home, client):
        page = factories.exhibition("展", factories.photo("未发布的", published=False))
        assert "未发布的" not in self.shown(client, page)
        assert "还没有可以看的展品" in self.shown(client, page)

    def test_a_staff_thing_is_for_the_staff(self, page, photo, client, staff):
        set_access(photo, AccessLevel.STAFF)
        assert "秘藏" not in self.shown(client, page)
        assert "秘藏照片" in self.shown(staff, page)

    def test_of_an_on_site_thing_the_record_alone(self, page, photo, client):
        address = photo.lead_image.derivatives.first().url
        assert address in self.shown(client, page)
        set_access(photo, AccessLevel.ON_SITE)
        text = self.shown(client, page)
        assert "秘藏照片" in text
        assert address not in text

    def test_a_section_of_an_on_site_book_is_not_quoted(self, home, client):
        book = factories.book("馆内志稿")
        factories.section(book, "桥梁", text="只在馆内读的话。", key="qiao")
        page = factories.exhibition(rooms=[("room", factories.a_room(book, passage="s/qiao"))])
        assert "只在馆内读的话" in self.shown(client, page)
        set_access(book, AccessLevel.ON_SITE)
        assert "只在馆内读的话" not in self.shown(client, page)

    def test_an_on_site_exhibition_keeps_its_rooms_to_the_house(self, page, client):
        set_access(page, AccessLevel.ON_SITE)
        for address in (page.get_url(), f"{page.get_url()}rooms/1/", f"{page.get_url()}rooms/"):
            text = text_of(client, address)
            assert "馆内阅览" in text
            assert "展签1" not in text

    def test_a_staff_or_withdrawn_exhibition_is_not_there(self, page, photo, client):
        set_access(page, AccessLevel.STAFF)
        assert client.get(f"{page.get_url()}rooms/1/").status_code == 404
        assert "正在展出" not in text_of(client, photo.get_url())
        set_access(page, AccessLevel.OPEN)
        ExhibitionPage.objects.get(pk=page.pk).unpublish()
        assert client.get(f"{page.get_url()}rooms/1/").status_code == 404
        assert "正在展出" not in text_of(client, photo.get_url())
        assert not ExhibitedItem.objects.exists()

    def test_its_showing_opens_no_picture(self, home, client):
        """A picture is public by the pages that use it; to stand in an exhibition is no such use."""
        photo = factories.photo()
        factories.exhibition("展", photo)
        address = photo.lead_image.derivatives.first().url
        PhotoPage.objects.get(pk=photo.pk).unpublish()
        assert client.get(address).status_code == 404


class TestBudget:
    def test_does_not_grow_with_what_is_shown(self, home, client, django_assert_max_num_queries):
        book = factories.book()
        film = factories.film(video=factories.video())
        things = [factories.photo(f"照片{number}") for number in range(6)]
        for number in range(4):
            factories.leaf(book, key=f"{number:04}", scan=factories.scan())
        rooms = two_rooms(*things, film)
        rooms += [("room", factories.a_room(book, passage=f"p/{number:04}")) for number in range(4)]
        page = factories.exhibition(rooms=rooms)
        for address in (page.get_url(), f"{page.get_url()}rooms/", f"{page.get_url()}rooms/3/"):
            client.get(address)
            with django_assert_max_num_queries(36):
                client.get(address)


class TestAtTheDesk:
    def form(self, rooms: list, **fields) -> dict:
        data = {"title": "新展", "slug": "", "rooms": streamfield(rooms), "date_written": "", "language": "zh-Hans"}
        data |= {"rights": "cc-by", "description": "", "curators": "", "credit": "", "source": "", "other_titles": ""}
        lists = ("page_places", "page_topics", "page_agents", "awards", "related_items", "comments")
        for name in lists:
            data |= {f"{name}-{part}": value for part, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
        return nested_form_data(data | fields)

    def room(self, item, passage: str = "") -> dict:
        exhibit = {"item": item.pk, "passage": passage, "label": "", "wide": ""}
        contents = streamfield([("exhibit", exhibit)])
        return {"heading": "过江", "introduction": rich_text(""), "contents": contents}

    def test_an_editor_arranges_things_into_a_room_and_publishes(self, home, administrator, client):
        photo = factories.photo("石桥")
        address = reverse(
            "wagtailadmin_pages:add", args=["archive", "exhibitionpage", ExhibitionIndexPage.objects.get().pk]
        )
        answer = administrator.post(address, self.form([("room", self.room(photo))]) | {"action-publish": "1"})
        assert answer.status_code == 302, answer.context["form"].errors
        page = ExhibitionPage.objects.get()
        assert page.slug == "xin-zhan"
        assert "石桥" in text_of(client, f"{page.get_url()}rooms/1/")

    def test_a_place_that_is_not_in_the_book_is_told_beside_its_field(self, home, administrator):
        book = factories.book("县志")
        address = reverse(
            "wagtailadmin_pages:add", args=["archive", "exhibitionpage", ExhibitionIndexPage.objects.get().pk]
        )
        answer = administrator.post(address, self.form([("room", self.room(book, "p/77"))]))
        assert answer.status_code == 200
        (told,) = answer.context["form"].errors.as_data()["rooms"]
        assert "在《县志》里找不到这一处" in str(told.as_json_data())
        assert not ExhibitionPage.objects.exists()

    def test_a_preview_shows_all_rooms_at_once(self, home, administrator):
        page = factories.exhibition("草稿展", factories.photo("石桥"), published=False)
        text = text_of(administrator, reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert "石桥" in text
        assert 'href="#room-1"' in text

    def test_whoever_submits_is_told_what_readers_will_not_see(self, home):
        page = factories.exhibition("展", factories.photo("石桥"), factories.photo("未发布的", published=False))
        told = [advice.sentence for advice in advise(page) if advice.kind == "展品"]
        assert len(told) == 1
        assert "未发布的" in told[0]
