"""The ways through a book: printed pages, contents, thumbnails; at the size of the largest, and closed ones."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.access import AccessLevel
from archive.models import Anchor, BookPage, Identifier, Leaf, LeafLayout, Section
from archive.publication import set_access
from search.indexing import drain
from tests import factories

from .pages import again, get, plain_of


@pytest.mark.django_db
class TestWaysThroughABook:
    @pytest.mark.parametrize("asked", ["卷一·二上", "卷一 二上", "卷1·2上", "卷一‧2a", "第3面", "３", "二上"])
    def test_a_page_is_found_however_it_is_written(self, book, leaves, client, asked):
        answer = client.get(f"{book.get_url()}p/", {"page": asked})
        assert answer["Location"] == leaves[2].get_absolute_url()

    @pytest.mark.parametrize("asked", ["第12页", "12", "１２", "p. 12", "十二"])
    def test_a_printed_number_comes_before_a_position(self, home, client, asked):
        book = factories.book()
        for label in ("i", "12", "13"):
            factories.leaf(book, label=label)
        answer = client.get(f"{book.get_url()}p/", {"page": asked})
        assert answer["Location"] == book.leaves.get(label="12").get_absolute_url()

    @pytest.mark.parametrize("asked", ["", "第九百页", "𢎞", "%00", "<b>"])
    def test_a_page_that_is_not_there_is_said_so(self, book, leaves, client, asked):
        assert client.get(f"{book.get_url()}p/", {"page": asked}).status_code == 404

    def test_leaves_are_shown_sixty_at_a_time_with_their_labels(self, book, client):
        Leaf.objects.bulk_create(Leaf(book=book, key=str(n), position=n, label=str(n)) for n in range(1, 75))
        first, second = (get(client, f"{book.get_url()}pages/", page=page) for page in (1, 2))
        assert first.count('class="thumb"') == 60
        assert "第 60 页" in first
        assert second.count('class="thumb"') == 14

    def test_the_whole_tree_is_shown_with_the_pages_where_it_begins(self, book, leaves, client):
        juan = factories.section(book, "輿地", label="卷一")
        chapter = factories.section(book, "建置", parent=juan, depth=2)
        entry = factories.section(book, "沿革", parent=chapter, depth=3)
        factories.section(book, "民政", label="卷二")
        for leaf in leaves[1:3]:
            Anchor.objects.create(section=entry, leaf=leaf)
        html = get(client, f"{book.get_url()}contents/")
        tree = html[html.index('<ol class="tree">') : html.index("</article>")]
        assert tree.count("<ol") == tree.count("</ol>") == 3
        assert tree.count("<li") == tree.count("</li>") == 4
        assert re.search(r"沿革.*卷一·一下", plain_of(tree), re.S)
        assert "卷一·二上" not in tree

    def test_levels_that_were_left_out_close_as_they_opened(self, book, client):
        for depth in (1, 3, 2, 3, 1, 4, 4):
            factories.section(book, f"層{depth}", depth=depth)
        html = get(client, f"{book.get_url()}contents/")
        tree = html[html.index('<ol class="tree">') : html.index("</article>")]
        assert tree.count("<ol") == tree.count("</ol>")
        assert tree.count("<li") == tree.count("</li>") == 7

    def test_a_later_page_of_the_tree_says_what_it_lies_beneath(self, book, client):
        juan = factories.section(book, "人物", label="卷九")
        values = Identifier.objects.assign_many(Identifier.Kind.SECTION, 310)
        Section.objects.bulk_create(
            Section(book=book, parent=juan, identifier=value, key=f"e{n}", position=n, depth=2, title=f"人物{n}")
            for n, value in enumerate(values, start=2)
        )
        html = get(client, f"{book.get_url()}contents/", page=2)
        assert re.search(r'class="tree-way">.*卷九 人物', html, re.S)

    def test_a_page_of_the_tree_may_be_called_as_a_room_of_a_book(self, home, client):
        page = factories.free_page(home, "联系", slug="contents")
        nested = factories.free_page(page, "缩略", slug="pages")
        assert "联系" in get(client, page.get_url())
        assert "缩略" in get(client, nested.get_url())

    def test_the_comfort_of_traditional_characters_reaches_notes_and_marks(self, home, client):
        client.cookies["script"] = "hant"
        section = factories.section(factories.book("县志"), "桥梁", "永济桥{{旧志}}跨江")
        html = get(client, section.get_absolute_url(), q="永济桥")
        assert '<mark id="found">永濟橋</mark>' in html
        assert "舊志" in plain_of(html)


SECTIONS, LEAVES, BUDGET = 5_000, 10_000, 28


@pytest.mark.django_db
class TestAtTheSizeOfTheLargestBook:
    @pytest.fixture
    def large(self, home) -> BookPage:
        book = factories.book("大志", text_unit="leaf", reading_direction="rtl")
        values = Identifier.objects.assign_many(Identifier.Kind.SECTION, SECTIONS)
        parent, rows = None, []
        for number, value in enumerate(values, start=1):
            depth = 1 + (number % 5 and 1) + (number % 25 and 1) * (number % 5 and 1)
            rows.append(
                Section(
                    book=book, identifier=value, key=f"s{number}", position=number, depth=depth, title=f"目{number}"
                )
            )
        Section.objects.bulk_create(rows, 1000)
        top = Section.objects.get(book=book, position=25)
        Section.objects.filter(book=book, position__range=(26, 400)).update(parent=top)
        parent = Section.objects.get(book=book, position=30)
        Section.objects.filter(book=book, position__range=(31, 35)).update(parent=parent)
        Leaf.objects.bulk_create(
            (Leaf(book=book, key=f"{n:05}", position=n, label=str(n), text=f"第{n}葉。") for n in range(1, LEAVES + 1)),
            1000,
        )
        leaves = Leaf.objects.filter(book=book, position__lte=100)
        Anchor.objects.bulk_create(Anchor(section=row, leaf=leaf, leaf_end=3) for leaf in leaves for row in (parent,))
        return book

    def test_every_page_of_the_reader_asks_as_much_as_of_a_small_one(self, large, book, leaves, client, index):
        section = factories.section(book, "小目")
        Anchor.objects.create(section=section, leaf=leaves[0], leaf_end=1)
        drain()
        pairs = {
            "section": ("s/s30/?q=葉", "s/s1/?q=葉"),
            "leaf": ("p/00050/?q=葉", "p/0002/?q=葉"),
            "spread": ("p/00050/?view=spread&q=葉", "p/0002/?view=spread&q=葉"),
            "pages": ("pages/?page=9", "pages/"),
            "contents": ("contents/?page=9", "contents/"),
            "jump": ("p/?page=第9999页", "p/?page=卷一·二上"),
            "search": ("search/?q=葉&page=2", "search/?q=桥"),
        }
        for name, (there, here) in pairs.items():
            counts = []
            for address in (f"{large.get_url()}{there}", f"{book.get_url()}{here}"):
                client.get(address)
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(again(address)).status_code in (200, 302), address
                counts.append(len(asked))
            assert counts[0] <= BUDGET, (name, counts)
            assert counts[0] <= counts[1] + 4, (name, counts)


@pytest.mark.django_db
class TestClosedBooks:
    """Every address of the reader, for whoever may not see the book, or its content."""

    ROOMS = (
        "contents/",
        "pages/",
        "search/",
        "search/?q=秘文",
        "s/s1/",
        "s/s1/?q=秘文",
        "p/0001/",
        "p/0001/?view=spread",
    )

    def closed(self, **fields) -> BookPage:
        book = factories.book("秘志", text_unit="leaf", **fields)
        section = factories.section(book, "秘目")
        leaf = factories.leaf(book, "秘文一葉", label="秘一", scan=factories.scan())
        LeafLayout.objects.create(leaf=leaf, boxes=[[0, 0, 100, 100, 0, 4, 0]])
        Anchor.objects.create(section=section, leaf=leaf, leaf_end=4)
        return book

    def addresses(self, book: BookPage) -> list[str]:
        return [*(f"{book.get_url()}{room}" for room in self.ROOMS), f"{book.get_url()}p/?page=秘一"]

    def test_of_a_draft_nothing_is_known(self, home, client, reading_room, staff, index):
        book = self.closed(published=False)
        for reader in (client, reading_room, staff):
            for address in self.addresses(book):
                assert reader.get(address).status_code == 404, address

    def test_of_a_withdrawn_one_nothing_is_shown(self, home, client, reading_room, index):
        book = self.closed()
        BookPage.objects.get(pk=book.pk).unpublish()
        for reader in (client, reading_room):
            for address in self.addresses(book):
                answer = reader.get(address)
                assert answer.status_code in (404, 410), address
                assert "秘文" not in answer.content.decode().replace("?q=秘文", "")

    def test_a_staff_one_is_there_for_staff_alone(self, home, client, reading_room, staff, index):
        book = self.closed()
        set_access(book, AccessLevel.STAFF)
        drain()
        for address in self.addresses(book):
            for reader in (client, reading_room):
                answer = reader.get(address)
                assert answer.status_code == 404, address
                assert "秘目" not in answer.content.decode()
            assert staff.get(address).status_code in (200, 302), address

    def test_of_an_on_site_one_everybody_has_the_record_and_nobody_outside_the_text(
        self, home, client, reading_room, index
    ):
        book = self.closed()
        set_access(book, AccessLevel.ON_SITE)
        drain()
        for address in self.addresses(book):
            answer = client.get(address)
            assert answer.status_code in (200, 302), address
            html = answer.content.decode()
            for trace in ("一葉", "<mark", "found-box", "<picture", "/media/p/", "处</span>"):
                assert trace not in html, (address, trace)
        inside = reading_room.get(f"{book.get_url()}search/", {"q": "秘文"})
        assert "<mark>秘文</mark>一葉" in inside.content.decode()
        assert "no-store" in inside["Cache-Control"]
        leaf = reading_room.get(f"{book.get_url()}p/0001/", {"q": "秘文"})
        assert '<mark id="found">秘文</mark>' in leaf.content.decode()
        assert "found-box" in leaf.content.decode()
        assert "no-store" in leaf["Cache-Control"]
