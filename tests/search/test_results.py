"""A page of results: what the engine found, as it is in the database now."""

import pytest

from search import registry
from search.documents import Audience
from search.engines.base import MAX_RESULTS
from search.indexing import drain, enqueue, rebuild
from search.parsing import parse
from search.query import Filters, run

from .shelf import Shelf

pytestmark = pytest.mark.django_db


def refs(results) -> list[str]:
    return [hit.document.ref for hit in results.hits]


def test_hits_are_shown_with_their_marks_and_the_label_of_their_kind(shelf):
    shelf.put(1, title="東莞縣志", body="　　嘉慶間，東莞\n龍舟盛行。", kind="book")
    rebuild()
    (hit,) = run(parse("东莞龙舟"), Audience.PUBLIC).hits
    assert hit.kind_label == "图书"
    assert hit.title == "東莞縣志"
    assert hit.snippet == "嘉慶間，<mark>東莞龍舟</mark>盛行。"


def test_a_title_is_marked_and_cannot_carry_markup(shelf):
    shelf.put(1, title="<b>東莞</b>縣志")
    rebuild()
    (hit,) = run(parse("东莞"), Audience.PUBLIC).hits
    assert hit.title == "&lt;b&gt;<mark>東莞</mark>&lt;/b&gt;縣志"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("宝安", "<mark>寳安</mark>記"), ("陈伯陶", "張某，<mark>陳伯陶</mark>"), ("民国", "<mark>民國</mark>十六年")],
)
def test_a_hit_in_the_record_shows_the_part_of_the_record(shelf, asked, shown):
    shelf.put(1, other_titles=("寳安記",), people=("張某", "陳伯陶"), date="民國十六年", body="正文")
    rebuild()
    assert run(parse(asked), Audience.PUBLIC).hits[0].snippet == shown


def test_a_hit_in_the_title_alone_shows_the_beginning_of_the_text(shelf):
    shelf.put(1, title="莞", body="其地瀕海。")
    rebuild()
    assert run(parse("莞"), Audience.PUBLIC).hits[0].snippet == "其地瀕海。"


def test_what_was_withdrawn_after_indexing_is_not_shown_and_not_counted(shelf):
    shelf.put(1, title="莞")
    shelf.put(2, title="莞")
    rebuild()
    shelf.remove(1)
    results = run(parse("莞"), Audience.PUBLIC)
    assert refs(results) == ["page:2"]
    assert results.total == 1


def test_what_was_restricted_after_indexing_shows_its_record_alone(shelf):
    shelf.put(1, title="調查", body="秘密之事")
    rebuild()
    shelf.put_on_site(1, title="調查", body="秘密之事")
    (hit,) = run(parse("秘密"), Audience.PUBLIC).hits
    assert hit.document.body == ""
    assert hit.snippet == ""


def test_each_audience_is_shown_its_own_text(shelf):
    shelf.put_on_site(1, title="調查", body="秘密之事")
    rebuild()
    assert run(parse("秘密"), Audience.PUBLIC).total == 0
    assert run(parse("调查"), Audience.PUBLIC).hits[0].snippet == ""
    assert run(parse("调查"), Audience.READING_ROOM).hits[0].snippet == "秘密之事"
    assert run(parse("秘密"), Audience.READING_ROOM).total == 1


def test_one_hit_that_cannot_be_shown_does_not_spoil_the_page(shelf):
    for number in (1, 2, 3):
        shelf.put(number, title="莞")
    rebuild()
    shelf.broken = {2}
    assert sorted(refs(run(parse("莞"), Audience.PUBLIC))) == ["page:1", "page:3"]


def test_a_page_of_hits_is_built_with_one_call_a_source(shelf):
    leaves = Shelf("leaf")
    registry.register("leaf", leaves)
    for number in range(10):
        shelf.put(number, title="莞")
        leaves.put(number, title="莞")
    rebuild()
    shelf.built.clear()
    leaves.built.clear()
    assert len(run(parse("莞"), Audience.PUBLIC).hits) == 20
    assert (len(shelf.built), len(leaves.built)) == (1, 1)


def test_hits_keep_the_order_of_the_engine_whatever_their_source(shelf):
    leaves = Shelf("leaf")
    registry.register("leaf", leaves)
    leaves.put(1, title="龍舟")
    shelf.put(1, title="他", body="龍舟" + "渡" * 50)
    leaves.put(2, title="他", body="龍舟" + "渡" * 500)
    rebuild()
    assert refs(run(parse("龙舟"), Audience.PUBLIC)) == ["leaf:1", "page:1", "leaf:2"]


def test_pages_are_counted_and_the_one_after_the_last_is_empty(shelf):
    for number in range(45):
        shelf.put(number, title="莞")
    rebuild()
    pages = [run(parse("莞"), Audience.PUBLIC, page=page) for page in (1, 2, 3, 4)]
    assert [len(results.hits) for results in pages] == [20, 20, 5, 0]
    assert {results.pages for results in pages} == {3}
    assert {results.total for results in pages} == {45}
    assert pages[1].first == 21
    assert not pages[0].is_capped


def test_no_page_is_too_far_to_be_asked_for(shelf):
    shelf.put(1, title="莞")
    rebuild()
    results = run(parse("莞"), Audience.PUBLIC, page=MAX_RESULTS, size=100)
    assert (results.total, results.pages, results.hits) == (1, 1, ())


def test_kinds_are_offered_in_their_order_with_counts_and_the_chosen_one_stays(shelf):
    for number, kind in enumerate(["photo", "photo", "book", "unnamed"]):
        shelf.put(number, title="莞", kind=kind)
    rebuild()
    offered = run(parse("莞"), Audience.PUBLIC, kinds=("photo", "leaf")).facets["kind"]
    assert [(value.value, value.label, value.count, value.selected) for value in offered] == [
        ("book", "图书", 1, False),
        ("photo", "照片", 2, True),
        ("leaf", "书页", 0, True),
        ("unnamed", "unnamed", 1, False),
    ]


def test_filters_without_words_list_what_they_leave(shelf):
    shelf.put(1, places=("humen",))
    shelf.put(2)
    rebuild()
    assert refs(run(parse(""), Audience.PUBLIC, filters=Filters(place=("humen",)))) == ["page:1"]


def test_kinds_and_other_filters_work_together(shelf):
    shelf.put(1, places=("humen",), kind="photo")
    shelf.put(2, places=("humen",))
    shelf.put(3, kind="photo")
    rebuild()
    results = run(parse(""), Audience.PUBLIC, kinds=("photo",), filters=Filters(place=("humen",)))
    assert refs(results) == ["page:1"]


def test_only_punctuation_finds_nothing_even_with_filters(shelf):
    shelf.put(1, places=("humen",))
    rebuild()
    assert run(parse("？？"), Audience.PUBLIC, filters=Filters(place=("humen",))).total == 0


def test_what_was_just_published_is_found_after_the_outbox_is_drained(shelf):
    rebuild()
    shelf.put(1, title="莞")
    enqueue("page", [1])
    assert run(parse("莞"), Audience.PUBLIC).total == 0
    drain()
    assert run(parse("莞"), Audience.PUBLIC).total == 1
