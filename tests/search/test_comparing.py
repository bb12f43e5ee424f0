"""Two books read side by side for one question."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from archive.access import AccessLevel
from archive.models import Anchor, BookPage
from archive.publication import set_access
from search.comparing import aligned
from search.indexing import drain
from search.registry import Chapter
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "home")]


def gazetteer(title: str, chapters: dict[str, int], **fields) -> BookPage:
    """A book with so many passages about dragon boats in each chapter."""
    book = factories.book(title, **fields)
    for number, (chapter, passages) in enumerate(chapters.items(), start=1):
        head = factories.section(book, chapter, label=f"卷{number}")
        for passage in range(passages):
            factories.section(book, f"{chapter}{passage}", f"端午競渡，{title}所記。", parent=head, depth=2)
    return book


@pytest.fixture
def two():
    cache.clear()
    left = gazetteer("康熙縣志", {"輿地": 2, "風俗": 12})
    right = gazetteer("民國縣志", {"风俗": 3, "藝文": 1})
    drain()
    return left, right


@pytest.fixture
def read(client):
    def asked(q: str, *works, reader=client, status: int = 200, **parameters) -> str:
        names = {name: getattr(work, "identifier_id", work) for name, work in zip("ab", works, strict=False)}
        answer = reader.get(reverse("search:compare"), {"q": q} | names | parameters)
        assert answer.status_code == status
        assert answer["X-Robots-Tag"] == "noindex"
        return answer.content.decode()

    return asked


def rows(text: str) -> list[str]:
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    plain = "".join(part.partition(">")[2] for part in body.replace("</tr>", "<br>\n").split("<"))
    return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]


def test_each_side_counts_its_own_and_lists_it_in_the_order_of_the_book(two, read):
    text = read("竞渡", *two)
    assert "《康熙縣志》14 处" in text
    assert "《民國縣志》4 处" in text
    left = text[text.index('id="side-1"') : text.index('id="side-2"')]
    assert left.index("輿地0") < left.index("輿地1") < left.index("風俗0")
    assert left.count('class="hit"') == 10
    assert "<mark>競渡</mark>" in left


def test_chapters_of_one_title_stand_in_one_row_however_they_are_written(two, read):
    assert rows(read("竞渡", *two)) == ["輿地卷1 2—", "風俗卷2 12卷1 3", "藝文—卷2 1"]


def test_both_are_turned_together_until_the_longer_one_ends(two, read):
    text = read("竞渡", *two, page="2")
    assert "風俗11" in text
    assert "这一页上没有更多了。" in text
    assert 'rel="prev nofollow"' in text
    assert 'rel="next nofollow"' not in text
    assert "没有这一页" in read("竞渡", *two, page="3", status=404)


def test_leaves_are_counted_in_the_chapter_that_stands_on_them(read):
    book = factories.book("影印縣志", text_unit=BookPage.TextUnit.LEAF)
    heads = [factories.section(book, title) for title in ("輿地", "風俗")]
    for number, head in enumerate([heads[0], heads[1], heads[1]]):
        leaf = factories.leaf(book, f"第{number}葉，端午競渡。")
        Anchor.objects.create(section=head, leaf=leaf, leaf_end=9)
    other = gazetteer("民國縣志", {"風俗": 1, "藝文": 1})
    drain()
    assert rows(read("竞渡", book, other))[:2] == ["輿地1—", "風俗2卷1 1"]


def test_results_of_a_book_lead_to_the_comparison_and_the_second_is_chosen_there(two, client, read):
    left, right = two
    results = client.get(reverse("search:results"), {"q": "竞渡"}).content.decode()
    assert f"/search/compare/?q=%E7%AB%9E%E6%B8%A1&amp;a={left.identifier_id}" in results
    text = read("竞渡", left)
    assert "《康熙縣志》与哪一部对读？" in text
    assert f"b={right.identifier_id}" in text
    assert f"b={left.identifier_id}" not in text
    assert "别的书里没有" in read("康熙縣志所記", left)


def test_one_that_holds_nothing_says_so(two, read):
    assert "这部书里没有。" in read("康熙縣志所記", *two)


@pytest.mark.parametrize("asked", ["", "   ", "，", "-龙舟" * 3000, "\x07", "(((", '"'])
def test_nothing_that_is_typed_is_an_error(two, read, asked):
    read(asked, *two)


@pytest.mark.parametrize("work", ["000000000", "书", "x" * 100])
def test_a_work_that_is_not_there_is_a_written_404(two, read, work):
    assert "没有这部书" in read("竞渡", two[0], work, status=404)


@pytest.mark.parametrize("work", ["../../etc", "<b>", "x" * 500])
def test_what_can_be_no_work_is_as_if_none_was_given(two, read, work):
    assert "与哪一部对读" in read("竞渡", two[0], work)


class TestWhoSeesWhat:
    @pytest.mark.parametrize("state", ["staff", "withdrawn"])
    def test_what_is_closed_is_not_named(self, two, read, staff, state):
        left, right = two
        if state == "staff":
            set_access(left, AccessLevel.STAFF)
        else:
            BookPage.objects.get(pk=left.pk).unpublish()
        drain()
        for reader in (None, staff):
            given = {"reader": reader} if reader else {}
            text = read("竞渡", right, left, status=404, **given)
            assert "康熙縣志" not in text
        assert "康熙縣志" not in read("竞渡", right)

    def test_of_an_on_site_book_the_public_reads_and_counts_nothing(self, two, read, reading_room):
        set_access(two[0], AccessLevel.ON_SITE)
        drain()
        text = read("竞渡", *two)
        assert "《康熙縣志》0 处" in text
        assert "所記" not in text[text.index('id="side-1"') : text.index('id="side-2"')]
        assert "《康熙縣志》14 处" in read("竞渡", *two, reader=reading_room)

    def test_answers_for_the_reading_room_are_stored_by_nobody(self, two, reading_room):
        names = {"a": two[0].identifier_id, "b": two[1].identifier_id}
        answer = reading_room.get(reverse("search:compare"), {"q": "竞渡"} | names)
        assert "no-store" in answer["Cache-Control"]


def test_costs_the_same_however_much_was_found(two, client, django_assert_max_num_queries):
    names = {"a": two[0].identifier_id, "b": two[1].identifier_id}
    client.get(reverse("search:compare"), {"q": "竞渡"} | names)
    cache.clear()
    with django_assert_max_num_queries(40):
        client.get(reverse("search:compare"), {"q": "竞渡"} | names)


def test_an_index_that_is_being_built_is_told(two, read, monkeypatch):
    from search.engines.base import IndexState, IndexUnavailableError

    def missing(*args, **kwargs):
        raise IndexUnavailableError(IndexState.MISSING)

    monkeypatch.setattr("search.compare_view.compare", missing)
    assert "正在重建" in read("竞渡", *two, status=503)


def test_two_chapters_of_one_title_in_one_book_are_two_rows():
    left = [Chapter("序", "/1", 1), Chapter("序", "/2", 2)]
    right = [Chapter("序", "/3", 3)]
    assert [row.chapters for row in aligned(left, right)] == [(left[0], right[0]), (left[1], None)]
