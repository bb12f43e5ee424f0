"""Pages of a book as a PDF that can be filed, searched and cited."""

import io

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from PIL import Image

from archive.access import AccessLevel
from archive.excerpts import views
from archive.excerpts.document import Line, Sheet, write
from archive.models import BookPage, LeafLayout
from archive.publication import set_access
from media_assets.models.access_level import AccessLevel as AssetLevel
from tests import factories

pytestmark = pytest.mark.django_db


def jpeg(mode: str = "L", size: tuple[int, int] = (60, 90)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "JPEG")
    return out.getvalue()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def texts(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


@pytest.fixture(autouse=True)
def _no_flood():
    cache.clear()


@pytest.fixture
def book(home) -> BookPage:
    """Three scanned leaves with their texts, and one that was typed in alone."""
    book = factories.book(
        "栖澜县志", text_unit=BookPage.TextUnit.LEAF, compilers="周廷楷纂修", rights="pdm", credit="县档案馆藏"
    )
    for number, label in enumerate(("序", "1", "2"), start=1):
        leaf = factories.leaf(book, f"第{number}面的字。\n永濟橋在縣西北。", label=label, scan=factories.scan())
        LeafLayout.objects.create(
            leaf=leaf, boxes=[[1000, 1000, 5000, 400, 0, 6, 0], [8000, 1000, 400, 6000, 7, 15, 0]]
        )
    factories.leaf(book, "只有文字的一面，𢎞字也在。", label="3")
    return book


def taken(client, book: BookPage, **parameters):
    return client.get(f"{book.get_url()}pdf/", parameters)


class TestTheFile:
    def test_begins_with_what_it_takes_to_cite_it(self, book, client):
        answer = taken(client, book, **{"from": "1", "to": "第2页"})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "attachment" in answer["Content-Disposition"]
        title = texts(body(answer))[0]
        for said in (
            "栖澜县志",
            "1—2（2面）",
            "周廷楷纂修",
            "[M/OL].1-2[",
            f"/id/{book.identifier_id}",
            "公有领域",
            "县档案馆藏",
        ):
            assert said in title, said

    def test_holds_each_leaf_as_it_is_shown_with_its_text_above_it(self, book, client):
        data = body(taken(client, book, **{"from": "序", "to": "2"}))
        assert [text[:5] for text in texts(data)[1:]] == ["第1面的字", "第2面的字", "第3面的字"]
        assert all("永濟橋在縣西北" in text for text in texts(data)[1:])
        leaf = book.leaves.get(label="1")
        with pikepdf.open(io.BytesIO(data)) as pdf, leaf.scan.fitting(1920).file.open("rb") as stored:
            assert bytes(pdf.pages[2].Resources.XObject.Picture.read_raw_bytes()) == stored.read()
            assert str(pdf.Root.Lang) == book.language

    def test_names_its_pages_as_they_are_printed(self, book, client):
        document = pypdfium2.PdfDocument(body(taken(client, book, **{"from": "序", "to": "3"})))
        assert [document.get_page_label(number) for number in range(len(document))] == ["题签", "序", "1", "2", "3"]
        assert [item.get_title() for item in document.get_toc()] == ["题签", "序", "1", "2", "3"]

    def test_a_leaf_without_a_scan_is_set_from_its_text(self, book, client):
        text = texts(body(taken(client, book, **{"from": "3"})))[1]
        assert "只有文字的一面，𢎞字也在。" in text

    def test_a_run_given_backwards_is_turned_round(self, book, client):
        assert len(texts(body(taken(client, book, **{"from": "2", "to": "序"})))) == 4

    def test_a_link_names_leaves_by_their_keys(self, book, client):
        assert len(texts(body(taken(client, book, first="0002", last="0003")))) == 3

    def test_lines_stand_where_they_stand_on_the_scan(self):
        out = io.BytesIO()
        lines = (Line("横排一行", 0.1, 0.1, 0.4, 0.05), Line("直行", 0.8, 0.2, 0.05, 0.4))
        assert write(out, [Sheet("一", jpeg(), 60, 90, 1, lines)], "书", "", "zh-Hans") == 1
        page = pypdfium2.PdfDocument(out.getvalue())[0]
        wide, high = page.get_size()
        words = page.get_textpage()
        assert "横排一行" in words.get_text_bounded(0.05 * wide, 0.8 * high, 0.6 * wide, high)
        assert "直行" not in words.get_text_bounded(0.05 * wide, 0.8 * high, 0.6 * wide, high)
        found = words.get_text_bounded(0.75 * wide, 0.3 * high, 0.95 * wide, 0.85 * high)
        assert "".join(found.split()) == "直行"

    @pytest.mark.parametrize(("mode", "colours"), [("L", 1), ("RGB", 3), ("CMYK", 4)])
    def test_pictures_of_every_colour_can_be_drawn(self, mode, colours):
        out = io.BytesIO()
        write(out, [Sheet("一", jpeg(mode), 60, 90, colours)], "书", "甲", "lzh")
        assert pypdfium2.PdfDocument(out.getvalue())[0].render(scale=0.2).to_pil().size[0] > 0


class TestWhatIsAskedFor:
    def test_without_pages_a_form_asks_for_them(self, book, client):
        answer = taken(client, book)
        assert answer.status_code == 200
        assert 'name="from"' in answer.content.decode()

    @pytest.mark.parametrize("asked", ["九百", "<script>", "\x07", "９９９"])
    def test_a_page_that_is_not_there_is_told_beside_the_form(self, book, client, asked):
        answer = taken(client, book, **{"from": asked, "to": "1"})
        assert answer.status_code == 404
        assert "书中没有标作" in answer.content.decode()
        assert "<script>”" not in answer.content.decode()

    def test_too_many_are_told_with_their_number(self, book, client, monkeypatch):
        monkeypatch.setattr(views, "MOST_LEAVES", 2)
        answer = taken(client, book, **{"from": "序", "to": "2"})
        assert answer.status_code == 400
        assert "一次最多取 2 面，您要的有 3 面" in answer.content.decode()

    def test_a_book_without_pages_has_none_to_take(self, home, client):
        assert taken(client, factories.book()).status_code == 404

    def test_a_flood_is_told_when_to_come_again(self, book, client, settings):
        settings.SEARCH = settings.SEARCH | {"EXCERPTS_A_MINUTE": 1}
        assert taken(client, book).status_code == 200
        answer = taken(client, book)
        assert answer.status_code == 429
        assert "Retry-After" in answer

    def test_costs_the_same_however_many_pages(self, book, client, django_assert_max_num_queries):
        for number in range(20):
            factories.leaf(book, "字", key=f"x{number}", scan=factories.scan())
        with django_assert_max_num_queries(24):
            body(taken(client, book, first="0001", last="x19"))

    def test_a_long_section_is_read_once_for_all_its_pages(self, home, client, django_assert_max_num_queries):
        from archive.models import Anchor

        book = factories.book("年鉴")
        section = factories.section(book, "交通", "公路一百里。" * 40)
        for number in range(20):
            leaf = factories.leaf(book, key=f"x{number}")
            Anchor.objects.create(
                section=section, leaf=leaf, section_start=number * 6, section_end=number * 6 + 6, leaf_end=6
            )
        with django_assert_max_num_queries(24):
            found = texts(body(taken(client, book, first="x0", last="x19")))
        assert len(found) == 21
        assert all("公路一百里。" in text for text in found[1:])

    def test_the_reader_and_a_section_lead_to_it(self, book, client):
        from archive.models import Anchor

        section = factories.section(book, "橋梁")
        leaf = book.leaves.get(label="1")
        Anchor.objects.create(section=section, leaf=leaf, leaf_end=4)
        assert f'href="{book.get_url()}pdf/"' in client.get(leaf.get_absolute_url()).content.decode()
        text = client.get(section.get_absolute_url()).content.decode()
        assert f'href="{book.get_url()}pdf/?first={leaf.key}&amp;last={leaf.key}"' in text


class TestWhoSeesWhat:
    @pytest.mark.parametrize("level", [AccessLevel.STAFF, None])
    def test_of_what_is_closed_or_withdrawn_there_is_nothing(self, book, client, level):
        if level is None:
            BookPage.objects.get(pk=book.pk).unpublish()
        else:
            set_access(book, level)
        for parameters in ({}, {"from": "1"}, {"first": "0002"}):
            assert taken(client, book, **parameters).status_code == 404

    def test_of_an_on_site_book_the_reading_room_alone_takes_pages(self, book, client, reading_room):
        set_access(book, AccessLevel.ON_SITE)
        answer = taken(client, book, **{"from": "1"})
        assert "馆内阅览" in answer.content.decode()
        assert "application/pdf" not in answer["Content-Type"]
        assert taken(reading_room, book, **{"from": "1"})["Content-Type"] == "application/pdf"

    def test_a_closed_scan_is_not_in_it(self, book, client):
        scan = book.leaves.get(label="1").scan
        scan.access = AssetLevel.STAFF
        scan.save()
        data = body(taken(client, book, **{"from": "1"}))
        assert "此页的图不对外展示" in texts(data)[1]
        with pikepdf.open(io.BytesIO(data)) as pdf, scan.fitting(1920).file.open("rb") as stored:
            assert bytes(pdf.pages[1].Resources.XObject.Picture.read_raw_bytes()) != stored.read()
