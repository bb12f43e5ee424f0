"""What every engine must do, asked of each of them. One long file, because it is one contract: whoever writes another
engine reads it from top to bottom."""

import os

import pytest

from search.documents import Audience
from search.engines.base import (
    MAX_RESULTS,
    Clause,
    EngineQuery,
    IndexedObject,
    IndexState,
    IndexUnavailableError,
    Sort,
)
from search.text.folding import fold
from tests.search.shelf import PUBLIC, READING_ROOM, make_document


def ask(engine, *words: str, audience=Audience.PUBLIC, **options):
    return engine.search(EngineQuery(audience=audience, terms=tuple(map(fold, words)), **options))


def refs(engine, *words: str, **options) -> list[str]:
    return [hit.ref for hit in ask(engine, *words, **options).hits]


# --- Finding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "莞",
        "东莞",
        "東莞縣",
        "龙舟竞渡",
        "龍舟競渡於運河",
        "呉",
        "1986",
        "1986年",
        "６月",
        "gdp",
        "ＧＤＰ",
        "Cháng'ān",
        "𢎞治",
        "弘治",
        "DG-B-0042",
        "dg-b-0042",
        "陈伯陶",
        "民国十六年",
        "宝安记",
        "，龙舟。",
    ],
)
def test_every_part_of_a_document_is_found_in_every_spelling(engine, write, asked):
    write(
        make_document(
            1,
            title="東莞縣志",
            other_titles=("寳安記",),
            identifier="DG-B-0042",
            people=("陳伯陶", "吳道鎔"),
            date="民國十六年",
            body="1986年6月，龍舟競渡於\n　　運河。GDP growth in Chang'an，𢎞治十年。",
        ),
        make_document(2, title="無關", body="他事"),
    )
    assert refs(engine, asked) == ["page:1"]


@pytest.mark.parametrize("asked", ["龙运", "舟东", "98", "86年", "rowth", "陶吴", "志宝", "莞龙舟", "东莞龙舟"])
def test_what_is_not_there_as_it_was_asked_is_not_found(engine, write, asked):
    write(make_document(1, title="東莞", other_titles=("志",), people=("陶", "吳"), body="1986年，龍舟。運河 growth"))
    assert refs(engine, asked) == []


def test_all_words_must_occur_wherever_they_are(engine, write):
    write(make_document(1, title="虎門", body="炮臺"), make_document(2, title="虎門"), make_document(3, body="炮臺"))
    assert refs(engine, "虎门", "炮台") == ["page:1"]


def test_a_phrase_over_punctuation_is_found_with_its_punctuation(engine, write):
    write(make_document(1, body="荆蠻義之，從而歸者"), make_document(2, body="從而。荆蠻義之"))
    assert refs(engine, "荆蛮义之，从而") == ["page:1"]


def test_a_character_alone_between_stops_must_be_there(engine, write):
    write(make_document(1, body="丁·卯"), make_document(2, body="甲·子"))
    assert refs(engine, "丁·卯") == ["page:1"]


def test_a_query_without_words_finds_everything_of_its_audience(engine, write):
    write(make_document(1), make_document(2), make_document(3, audiences=READING_ROOM))
    assert ask(engine).total == 2


def test_a_term_of_punctuation_alone_finds_nothing(engine, write):
    write(make_document(1, body="？！"))
    assert refs(engine, "？") == []


def test_a_hit_in_the_title_comes_before_one_in_the_body(engine, write):
    write(make_document(1, title="他", body="龍舟" + "渡" * 20), make_document(2, title="龍舟", body="渡" * 22))
    assert refs(engine, "龙舟") == ["page:2", "page:1"]


def test_filters_have_no_say_in_the_order(engine, write):
    write(*(make_document(number, title="龍舟", kind=kind) for number, kind in enumerate(["book"] * 5 + ["photo"])))
    scores = {hit.score for hit in ask(engine, "龙舟", filters={"kind": ("book", "photo")}).hits}
    assert len(scores) == 1


# --- Narrowing, counting, ordering ------------------------------------------------------------------------------


@pytest.fixture
def collection(write):
    write(
        make_document(1, title="莞", kind="book", places=("dongguan", "humen"), topics=("boats",), series="zhi"),
        make_document(2, title="莞", kind="photo", places=("humen",), year_from=1978, year_to=1980),
        make_document(3, title="莞", kind="photo", places=("humen",), year_from=1990, year_to=1990),
        make_document(4, title="莞", kind="leaf", year_from=-140, year_to=-87, audiences=READING_ROOM),
        make_document(5, title="莞", kind="leaf", year_from=1662, year_to=1722),
        make_document(6, title="他", kind="leaf"),
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": ("photo",)}, {2, 3}),
        ({"kind": ("photo", "book")}, {1, 2, 3}),
        ({"place": ("humen",), "kind": ("photo",)}, {2, 3}),
        ({"topic": ("boats",)}, {1}),
        ({"series": ("zhi",)}, {1}),
        ({"place": ("nowhere",)}, set()),
        ({"place": ()}, {1, 2, 3, 5}),
    ],
)
def test_a_filter_holds_what_has_one_of_its_values(engine, collection, filters, found):
    assert set(refs(engine, "莞", filters=filters)) == {f"page:{number}" for number in found}


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(1979, 1979, {2}), (1980, 1990, {2, 3}), (1981, 1989, set()), (1700, None, {2, 3, 5}), (None, 1700, {5})],
)
def test_a_span_of_years_holds_what_overlaps_it(engine, collection, first, last, found):
    assert set(refs(engine, "莞", year_from=first, year_to=last)) == {f"page:{number}" for number in found}


def test_years_before_our_era_are_years(engine, collection):
    assert refs(engine, "莞", year_to=-100, audience=Audience.READING_ROOM) == ["page:4"]


def test_counts_are_true_and_a_choice_does_not_narrow_its_own(engine, collection):
    facets = ask(
        engine, "莞", filters={"kind": ("photo",)}, facets=("kind", "place", "topic", "series"), limit=1
    ).facets
    assert facets["kind"] == {"photo": 2, "book": 1, "leaf": 1}
    assert facets["place"] == {"humen": 2}
    assert facets["topic"] == facets["series"] == {}


def test_every_kind_is_counted_however_many_there_are(engine, write):
    write(*(make_document(number, kind=f"kind-{number}") for number in range(200)))
    assert len(ask(engine).facets["kind"]) == 200


def test_the_total_is_that_of_all_pages_and_pages_do_not_overlap(engine, write):
    write(*(make_document(number, title="莞") for number in range(25)))
    pages = [refs(engine, "莞", offset=offset, limit=10) for offset in (0, 10, 20, 30)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len(set(sum(pages, []))) == 25
    assert ask(engine, "莞", offset=20, limit=10).total == 25
    assert ask(engine, "莞", limit=0).hits == ()
    assert ask(engine, "莞", limit=0).total == 25


def test_results_can_be_ordered_by_time_and_what_has_no_date_comes_last(engine, collection):
    assert refs(engine, "莞", sort=Sort.OLDEST) == ["page:5", "page:2", "page:3", "page:1"]
    assert refs(engine, "莞", sort=Sort.NEWEST) == ["page:3", "page:2", "page:5", "page:1"]


def test_what_nobody_can_mean_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="colour"):
        EngineQuery(audience=Audience.PUBLIC, filters={"colour": ("red",)})
    with pytest.raises(ValueError, match="reach"):
        EngineQuery(audience=Audience.PUBLIC, offset=MAX_RESULTS)


def test_titles_are_ordered_by_their_pinyin(engine, write):
    titles = {1: "zhang an", 2: "chang an zhen zhi", 3: "dong guan", 4: "chang an"}
    write(*(make_document(number, sort_title=pinyin) for number, pinyin in titles.items()))
    assert refs(engine, sort=Sort.TITLE) == ["page:4", "page:2", "page:3", "page:1"]


def test_the_decades_of_a_thing_are_those_it_touches_and_a_long_span_has_none(engine, write):
    write(
        make_document(1, year_from=1978, year_to=1980),
        make_document(2, year_from=1662, year_to=1985),
        make_document(3, year_from=-3, year_to=2),
    )
    assert ask(engine, facets=("decade",)).facets["decade"] == {"1970": 1, "1980": 1, "-10": 1, "0": 1}
    assert refs(engine, filters={"decade": ("1970", "0")}) == ["page:1", "page:3"]


def test_a_town_counts_and_holds_what_its_villages_have(engine, write):
    write(
        make_document(1, places=("longtan",), places_above=("shilong", "dongguan")),
        make_document(2, places=("shilong",), places_above=("dongguan",)),
    )
    assert ask(engine, facets=("place",)).facets["place"] == {"dongguan": 2, "shilong": 2, "longtan": 1}
    assert refs(engine, filters={"place": ("shilong",)}) == ["page:1", "page:2"]
    assert refs(engine, filters={"place": ("longtan",)}) == ["page:1"]


# --- Clauses ------------------------------------------------------------------------------------------------------


@pytest.fixture
def weather(write):
    write(
        make_document(1, title="旱災", body="虎門"),
        make_document(2, title="水災", body="虎門亢旱"),
        make_document(3, title="蝗災", body="不雨", people=("陳伯陶",), place_names=("石龍",)),
        make_document(4, title="陳伯陶傳", body="石龍人"),
    )


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        ([Clause(("旱", "不雨"))], {1, 2, 3}),
        ([Clause(("虎门",)), Clause(("旱灾", "亢旱"))], {1, 2}),
        ([Clause(("灾",)), Clause(("虎门",), excluded=True)], {3}),
        ([Clause(("亢旱", "不雨"), excluded=True)], {1, 4}),
        ([Clause(("旱",), field="title")], {1}),
        ([Clause(("陈伯陶",), field="people")], {3}),
        ([Clause(("陶",), field="people")], {3}),
        ([Clause(("石龙",), field="place_names")], {3}),
        ([Clause(("灾", "传"), field="title"), Clause(("石龙",))], {3, 4}),
        ([Clause(("？",))], set()),
    ],
)
def test_clauses_hold_together(engine, weather, clauses, found):
    assert set(refs(engine, clauses=tuple(clauses))) == {f"page:{number}" for number in found}


def test_no_clause_without_words_and_no_field_that_is_not_there():
    with pytest.raises(ValueError, match="clause"):
        Clause(())
    with pytest.raises(ValueError, match="colour"):
        Clause(("红",), field="colour")


# --- From one document to the next --------------------------------------------------------------------------------


@pytest.fixture
def leaves(write):
    write(
        make_document(1, body="荆蠻義之，從而歸者千", continuation="餘家立為吳太伯"),
        make_document(2, body="餘家立為吳太伯。", continuation="太伯卒"),
        make_document(3, body="太伯卒"),
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("千余", {1}),
        ("者千余家", {1}),
        ("归者千余家立为", {1}),
        ("千余家立为吴太伯", {1}),
        ("余家", {2}),
        ("余家立", {2}),
        ("立为吴太伯", {2}),
        ("余", {2}),
        ("吴太伯。太伯卒", {2}),
        ("太伯", {2, 3}),
        ("太伯卒", {3}),
    ],
)
def test_words_that_turn_the_page_are_found_where_they_begin_and_no_others(engine, leaves, asked, found):
    assert set(refs(engine, asked)) == {f"page:{number}" for number in found}


# --- By work ------------------------------------------------------------------------------------------------------


@pytest.fixture
def books(write):
    """A book with thirty passages, one with two, two photographs; the word is thickest in the first book."""
    write(
        make_document(1000, work="B1", grouped=True, title="甲志", kind="book"),
        *(
            make_document(number, work="B1", grouped=True, kind="leaf", body="龍舟" * 3, position=31 - number)
            for number in range(1, 31)
        ),
        make_document(101, work="B2", grouped=True, kind="leaf", body="龍舟" + "渡" * 8),
        make_document(102, work="B2", grouped=True, kind="leaf", body="龍舟" + "渡" * 4),
        make_document(103, work="B2", grouped=True, kind="leaf", body="渡" * 4),
        make_document(201, kind="photo", title="龍舟"),
        make_document(202, kind="photo", body="龍舟" + "渡" * 30),
    )


def test_the_best_document_of_each_work_stands_for_it(engine, books):
    answer = ask(engine, "龙舟", by_work=True, facets=("kind",))
    assert (answer.total, answer.works) == (34, 4)
    assert {hit.ref: hit.others for hit in answer.hits}.keys() == {"page:201", "page:1", "page:102", "page:202"}
    assert [hit.others for hit in answer.hits if hit.ref in ("page:1", "page:102")] == [29, 1]
    assert answer.facets["kind"] == {"leaf": 32, "photo": 2}


def test_works_are_paged_without_overlap_however_many_passages_the_first_ones_have(engine, books):
    whole = [hit.ref for hit in ask(engine, "龙舟", by_work=True).hits]
    pages = [ask(engine, "龙舟", by_work=True, offset=offset, limit=1) for offset in range(5)]
    assert [hit.ref for page in pages for hit in page.hits] == whole
    assert {page.works for page in pages} == {4}


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_can_be_given_by_work(engine, books, sort):
    assert len(ask(engine, by_work=True, sort=sort).hits) == 4


def test_what_was_not_asked_by_work_has_no_works(engine, books):
    assert ask(engine, "龙舟").works is None


def test_one_work_can_be_read_in_its_order(engine, books):
    found = refs(engine, "龙舟", work="B1", sort=Sort.POSITION, limit=3)
    assert found == ["page:30", "page:29", "page:28"]
    assert ask(engine, "龙舟", work="B2").total == 2
    assert ask(engine, "龙舟", work="无").total == 0


# --- Suggestions --------------------------------------------------------------------------------------------------


@pytest.fixture
def titles(write):
    write(
        make_document(1, title="東莞縣志", kind="book", suggest_weight=6),
        make_document(2, title="東莞", kind="place", url="/places/dongguan/", suggest_weight=5, suggest_only=True),
        make_document(3, title="康熙東莞縣志", kind="book", suggest_weight=6),
        make_document(4, title="東莞的龍舟", kind="section", suggest_weight=1),
        make_document(5, title="東莞祕錄", audiences=READING_ROOM, suggest_weight=6),
        make_document(6, title="東莞書頁", kind="leaf"),
        make_document(7, title="長安鎮", other_titles=("靖康",), kind="place", suggest_weight=5, suggest_only=True),
    )


def suggested(engine, typed: str, limit: int = 8) -> list[str]:
    return [suggestion.ref for suggestion in engine.suggest(typed, limit)]


@pytest.mark.parametrize("typed", ["东莞", "东莞县", "dong", "dongguanxian", "dgx", "dg"])
def test_titles_are_suggested_by_characters_pinyin_and_initials(engine, titles, typed):
    assert "page:1" in suggested(engine, typed)


def test_the_weightier_comes_first_and_what_only_holds_it_after_what_begins_with_it(engine, titles):
    assert suggested(engine, "东莞") == ["page:1", "page:2", "page:4", "page:3"]
    assert suggested(engine, "东莞", limit=2) == ["page:1", "page:2"]


def test_phrases_are_read_aloud_and_other_names_count(engine, titles):
    assert suggested(engine, "changan") == suggested(engine, "caz") == suggested(engine, "靖") == ["page:7"]
    assert suggested(engine, "zhangan") == []


def test_what_is_only_suggested_is_no_result_and_not_counted(engine, titles):
    answer = ask(engine, "东莞")
    assert (answer.total, answer.facets["kind"]) == (4, {"book": 2, "section": 1, "leaf": 1})


def test_a_suggestion_says_what_it_is_and_where_it_leads_and_goes_with_its_document(engine, titles):
    suggestion = engine.suggest("东莞", 2)[1]
    assert (suggestion.title, suggestion.kind, suggestion.url) == ("東莞", "place", "/places/dongguan/")
    with engine.writer() as writer:
        writer.delete("page:2")
        writer.commit()
    assert "page:2" not in suggested(engine, "东莞")


@pytest.mark.parametrize("typed", ["", "？", "x" * 500, "\x00", '"'])
def test_what_begins_nothing_suggests_nothing(engine, titles, typed):
    assert suggested(engine, typed) == []


# --- Audiences ----------------------------------------------------------------------------------------------------


def test_each_audience_finds_its_own_text_and_counts_it_once(engine, write):
    write(
        make_document(1, title="內部調查", audiences=PUBLIC),
        make_document(1, title="內部調查", audiences=READING_ROOM, body="祕密之事"),
    )
    assert refs(engine, "秘密") == []
    assert refs(engine, "秘密", audience=Audience.READING_ROOM) == ["page:1"]
    for audience in Audience:
        answer = ask(engine, "调查", audience=audience)
        assert (answer.total, answer.facets["kind"]) == (1, {"book": 1})


# --- Writing ------------------------------------------------------------------------------------------------------


def test_a_deleted_ref_is_gone_with_all_its_documents_and_no_other(engine, write):
    write(make_document(1, audiences=PUBLIC), make_document(1, audiences=READING_ROOM), make_document(11))
    with engine.writer() as writer:
        writer.delete("page:1")
        writer.commit()
    assert refs(engine) == ["page:11"]
    assert refs(engine, audience=Audience.READING_ROOM) == ["page:11"]


def test_a_document_is_replaced_within_one_commit(engine, write):
    write(make_document(1, title="舊題"))
    with engine.writer() as writer:
        writer.delete("page:1")
        writer.add(make_document(1, title="新題"))
        writer.delete("page:1")
        writer.add(make_document(1, title="定題"))
        writer.commit()
    assert refs(engine, "旧题") == refs(engine, "新题") == []
    assert refs(engine, "定题") == ["page:1"]


def test_what_is_not_committed_is_not_kept(engine):
    with engine.writer() as writer:
        writer.add(make_document(1))
    with pytest.raises(RuntimeError, match="停电"), engine.writer() as writer:
        writer.add(make_document(2))
        raise RuntimeError("停电")
    assert ask(engine).total == 0


def test_a_commit_is_seen_by_a_process_that_has_the_index_open(engine, write, another_process):
    assert ask(another_process).total == 0
    write(make_document(1))
    assert ask(another_process).total == 1


def test_a_process_forked_after_the_opening_sees_later_commits(engine, write):
    write(make_document(1))
    assert ask(engine).total == 1
    told, tell = os.pipe()
    answered, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(told, 1)
        os.write(answer, str(ask(engine).total).encode())
        os._exit(0)
    write(make_document(2))
    os.write(tell, b"x")
    assert os.read(answered, 10) == b"2"
    os.waitpid(child, 0)


# --- States and generations ---------------------------------------------------------------------------------------


def test_an_index_that_was_never_built_says_so(unbuilt_engine):
    assert unbuilt_engine.state() is IndexState.MISSING
    with pytest.raises(IndexUnavailableError) as error:
        ask(unbuilt_engine)
    assert error.value.state is IndexState.MISSING


def test_a_replacement_takes_over_at_once_and_only_when_it_is_whole(engine, write, another_process):
    write(make_document(1, title="舊"))
    assert refs(another_process) == ["page:1"]
    with engine.replacement() as writer:
        writer.add(make_document(2, title="新"))
        assert refs(another_process) == ["page:1"]
    assert refs(another_process) == refs(engine) == ["page:2"]


def test_a_replacement_that_fails_leaves_the_live_index_and_no_litter(engine, write, tmp_path):
    write(make_document(1))
    before = sorted((tmp_path / "search").iterdir())
    with pytest.raises(RuntimeError, match="磁盘已满"), engine.replacement() as writer:
        writer.add(make_document(2))
        raise RuntimeError("磁盘已满")
    assert refs(engine) == ["page:1"]
    assert sorted((tmp_path / "search").iterdir()) == before


# --- What is indexed ------------------------------------------------------------------------------------------------


def test_everything_indexed_can_be_listed_in_order_in_pages(engine, write):
    write(
        *(make_document(number, audiences=PUBLIC) for number in (30, 4, 200, 7)),
        make_document(7, audiences=READING_ROOM),
        make_document(1, source="leaf"),
    )
    assert list(engine.sources()) == ["leaf", "page"]
    listed, after = [], -1
    while page := engine.objects("page", after, 2):
        listed += page
        after = page[-1].object_id
    assert [item.object_id for item in listed] == [4, 7, 30, 200]
    assert listed[1] == IndexedObject(7, frozenset(Audience))
    assert listed[0] == IndexedObject(4, PUBLIC)


def test_objects_with_many_documents_are_never_cut_in_half(engine, write):
    write(*(make_document(number, audiences=PUBLIC) for number in range(5)))
    write(*(make_document(number, audiences=READING_ROOM) for number in range(5)))
    for limit in (1, 2, 3, 4):
        after, seen = -1, []
        while page := engine.objects("page", after, limit):
            seen += page
            after = page[-1].object_id
        assert [(item.object_id, len(item.audiences)) for item in seen] == [(number, 2) for number in range(5)]
