"""The share sheet, permanent addresses of leaves, citations as files, QR codes."""

import pytest
from django.conf import settings

from archive.access import AccessLevel
from archive.models import BookPage, PageAgent
from archive.publication import set_access
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def book(home) -> BookPage:
    return factories.book("棲瀾縣志", compilers="周廷楷纂修", date_written="康熙二十八年", publisher="縣署")


class TestSheet:
    @pytest.mark.parametrize("kind", ["book", "film", "video_series", "photo", "album", "story", "column"])
    def test_every_kind_has_one_without_javascript(self, home, client, kind):
        page = getattr(factories, kind)("异闻")
        text = client.get(page.get_url()).content.decode()
        assert f"{settings.PUBLIC_BASE_URL}/id/{page.identifier_id}" in text
        assert f"/qr/{page.identifier_id}.svg" in text
        assert f"/cite/{page.identifier_id}.bib" in text
        assert "/OL]" in text

    def test_sections_and_leaves_are_cited_with_their_pages(self, book, client):
        from archive.models import Anchor

        section = factories.section(book, "桥梁", label="卷二", text="石桥")
        leaves = [factories.leaf(book, label=label) for label in ("三上", "三下")]
        for leaf in leaves:
            Anchor.objects.create(section=section, leaf=leaf)
        shown = client.get(section.get_absolute_url()).content.decode()
        assert "卷二 桥梁[M/OL]//周廷楷. 棲瀾縣志. 縣署, 1689(康熙二十八年): 三上-三下[" in shown
        shown = client.get(leaves[0].get_absolute_url()).content.decode()
        assert "周廷楷. 棲瀾縣志[M/OL]. 縣署, 1689(康熙二十八年): 三上[" in shown
        assert f"/id/{book.identifier_id}/p/{leaves[0].key}" in shown

    def test_authority_records_stand_in_for_a_title_page(self, home, client):
        page = factories.film("龙舟")
        PageAgent.objects.create(page=page, agent=factories.agent("陆芸"), role=PageAgent.Role.DIRECTOR)
        assert "陆芸. 龙舟[Z/OL]." in client.get(f"/cite/{page.identifier_id}.txt").content.decode()

    def test_a_preview_has_none(self, home, administrator):
        from django.urls import reverse

        page = factories.story("草稿", published=False)
        shown = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
        assert "share-sheet" not in shown
        assert "ld+json" not in shown


class TestFiles:
    @pytest.mark.parametrize(
        ("suffix", "kind", "says"),
        [
            ("txt", "text/plain", "周廷楷. 棲瀾縣志[M/OL]"),
            ("bib", "application/x-bibtex", "@book{"),
            ("ris", "application/x-research-info-systems", "TY  - BOOK"),
        ],
    )
    def test_have_their_type_and_a_name(self, book, client, suffix, kind, says):
        answer = client.get(f"/cite/{book.identifier_id}.{suffix}")
        assert answer["Content-Type"].startswith(kind)
        assert answer["Content-Disposition"] == f'attachment; filename="{book.identifier_id}.{suffix}"'
        assert says in answer.content.decode()

    def test_a_leaf_has_one(self, book, client):
        leaf = factories.leaf(book, label="卷一·三上")
        answer = client.get(f"/cite/{book.identifier_id}/p/{leaf.key}.ris").content.decode()
        assert "SP  - 卷一·三上" in answer
        assert f"UR  - {settings.PUBLIC_BASE_URL}/id/{book.identifier_id}/p/{leaf.key}" in answer

    @pytest.mark.parametrize("address", ["/cite/0000.ris", "/cite/xxx/p/1.bib", "/cite/{}.doc", "/cite/{}/p/none.ris"])
    def test_what_is_not_there_is_404(self, book, client, address):
        assert client.get(address.format(book.identifier_id)).status_code == 404

    def test_what_is_closed_or_withdrawn_has_none(self, book, client, staff):
        factories.leaf(book, key="0001", position=1)
        set_access(book, AccessLevel.STAFF)
        for address in (f"/cite/{book.identifier_id}.ris", f"/cite/{book.identifier_id}/p/0001.ris"):
            assert client.get(address).status_code == 404
            answer = staff.get(address)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
        set_access(book, AccessLevel.OPEN)
        BookPage.objects.get(pk=book.pk).unpublish()
        assert client.get(f"/cite/{book.identifier_id}.ris").status_code == 404


class TestPermanentAddressOfALeaf:
    def test_leads_to_it_under_whatever_name(self, book, client):
        leaf = factories.leaf(book)
        answer = client.get(f"/id/{book.identifier_id}/p/{leaf.key}")
        assert answer.status_code == 303
        assert answer["Location"] == leaf.get_absolute_url()

    def test_of_a_withdrawn_book_leads_to_its_explanation(self, book, client):
        leaf = factories.leaf(book)
        BookPage.objects.get(pk=book.pk).unpublish()
        answer = client.get(f"/id/{book.identifier_id}/p/{leaf.key}")
        assert answer["Location"] == f"/id/{book.identifier_id}"
        assert client.get(answer["Location"]).status_code == 410

    def test_of_a_closed_book_leaves_no_trace(self, book, client):
        leaf = factories.leaf(book)
        set_access(book, AccessLevel.STAFF)
        assert client.get(f"/id/{book.identifier_id}/p/{leaf.key}").status_code == 404


class TestQrCode:
    def test_is_a_drawing_of_the_permanent_address(self, book, client):
        answer = client.get(f"/qr/{book.identifier_id}.svg")
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg")
        other = factories.story("别篇")
        assert client.get(f"/qr/{other.identifier_id}.svg").content != answer.content

    def test_of_no_identifier_is_404(self, home, client):
        assert client.get("/qr/hello.svg").status_code == 404


def test_the_sheet_costs_a_page_two_queries_at_most(book, client, django_assert_max_num_queries):
    section = factories.section(book, "桥梁", text="石桥")
    leaf = factories.leaf(book)
    for address in (section.get_absolute_url(), leaf.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(26):
            client.get(address)
