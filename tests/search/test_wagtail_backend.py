"""The desk's search as Wagtail asks it: modelsearch's own promises, with Chinese."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import SearchFieldError
from modelsearch.index import SearchField
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Locale, Page

from archive.models import BookPage, Place, StoryPage
from media_assets.models import ArchiveImage
from search.desk import indexing
from search.desk.outbox import enqueue
from search.locking import IndexerBusyError
from search.models import DeskOutboxEntry
from tests import factories
from tests.search.typed import NASTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def backend():
    return get_search_backend()


@pytest.fixture
def towns(db):
    """Five places, of which three have to do with dragons."""
    names = ["龍舟村", "石龙镇", "龙舟社区 Dragon Boat", "莞城", "長安鎮"]
    return {name: Place.objects.create(name=name) for name in names}


def names(results) -> list[str]:
    return [place.name for place in results]


# --- Words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", ["search", "autocomplete"])
class TestWords:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("莞", {"莞城"}),
            ("龙", {"龍舟村", "石龙镇", "龙舟社区 Dragon Boat"}),
            ("龙舟", {"龍舟村", "龙舟社区 Dragon Boat"}),
            ("龍舟", {"龍舟村", "龙舟社区 Dragon Boat"}),
            ("长安镇", {"長安鎮"}),
            ("舟社", {"龙舟社区 Dragon Boat"}),
            ("舟龙", set()),
            ("ｄｒａｇｏｎ", {"龙舟社区 Dragon Boat"}),
            ("dra", {"龙舟社区 Dragon Boat"}),
            ("区drag", {"龙舟社区 Dragon Boat"}),
            ("舟drag", set()),
            ("dragon bo", {"龙舟社区 Dragon Boat"}),
            ("龙舟 dragon", {"龙舟社区 Dragon Boat"}),
            ("龙舟 莞城", set()),
            ("《龙舟》", {"龍舟村", "龙舟社区 Dragon Boat"}),
            ("changan", {"長安鎮"}),
            ("caz", {"長安鎮"}),
            ("shilong", {"石龙镇"}),
            ("longzhen", {"石龙镇"}),
        ],
    )
    def test_words_are_found_in_any_spelling_at_any_length(self, backend, towns, ask, typed, expected):
        assert set(names(getattr(backend, ask)(typed, Place))) == expected

    @pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
    def test_nothing_that_can_be_typed_is_an_error(self, backend, towns, ask, typed):
        results = getattr(backend, ask)(typed, Place.objects.filter(slug__startswith=""))
        assert results.count() == len(list(results)) <= len(towns)

    def test_punctuation_alone_finds_nothing_and_beside_words_it_does_not_count(self, backend, towns, ask):
        assert names(getattr(backend, ask)("《》？", Place)) == []
        assert names(getattr(backend, ask)("莞城 ？", Place)) == ["莞城"]
        assert getattr(backend, ask)("", Place).count() == 0

    def test_fields_narrow_where_words_are_looked_for(self, backend, ask, db):
        Place.objects.create(name="莞城", other_names="东官")
        assert names(getattr(backend, ask)("东官", Place)) == ["莞城"]
        assert names(getattr(backend, ask)("东官", Place, fields=["other_names"])) == ["莞城"]
        assert names(getattr(backend, ask)("东官", Place, fields=["name"])) == []
        with pytest.raises(SearchFieldError):
            getattr(backend, ask)("东官", Place, fields=["nothing"])


def test_operators_join_words(backend, towns):
    assert set(names(backend.search("村 莞", Place, operator="or"))) == {"龍舟村", "莞城"}
    assert names(backend.search("村 莞", Place, operator="and")) == []
    assert set(names(backend.search("村 莞", Place))) == set()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (PlainText("龙舟"), {"龍舟村", "龙舟社区 Dragon Boat"}),
        (PlainText("村 莞", operator="or"), {"龍舟村", "莞城"}),
        (Phrase("龙舟 社区"), {"龙舟社区 Dragon Boat"}),
        (Phrase("dragon boat"), {"龙舟社区 Dragon Boat"}),
        (Phrase("boat dragon"), set()),
        (Fuzzy("dragn"), {"龙舟社区 Dragon Boat"}),
        (Fuzzy("龙舟"), {"龍舟村", "龙舟社区 Dragon Boat"}),
        (Boost(PlainText("莞城"), 3.0), {"莞城"}),
        (And([PlainText("龙"), PlainText("村")]), {"龍舟村"}),
        (And([PlainText("莞城"), PlainText("？")]), {"莞城"}),
        (Or([PlainText("村"), PlainText("莞")]), {"龍舟村", "莞城"}),
        (Not(PlainText("龙")), {"莞城", "長安鎮"}),
        (PlainText("龙") & ~PlainText("舟"), {"石龙镇"}),
        (MATCH_ALL, {"龍舟村", "石龙镇", "龙舟社区 Dragon Boat", "莞城", "長安鎮"}),
        (Not(MATCH_ALL), set()),
    ],
    ids=lambda value: "" if isinstance(value, set) else repr(value),  # the order of a set differs between workers
)
def test_every_kind_of_query_is_understood(backend, towns, query, expected):
    results = backend.search(query, Place)
    assert set(names(results)) == expected
    assert results.count() == len(expected)


def test_a_boost_decides_who_comes_first(backend, towns):
    first = Or([Boost(PlainText("莞城"), 0.01), PlainText("石龙")])
    assert names(backend.search(first, Place)) == ["石龙镇", "莞城"]
    first = Or([Boost(PlainText("莞城"), 100.0), PlainText("石龙")])
    assert names(backend.search(first, Place)) == ["莞城", "石龙镇"]


# --- Querysets ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=[1_000, 3, 0], ids=["few matches", "as many as are decided in the database", "many matches"])
def threshold(request, monkeypatch):
    """The same answers, whoever applies the conditions: the database alone, or the index first."""
    monkeypatch.setattr("search.desk.results._DECIDED_BY_DATABASE", request.param)
    monkeypatch.setattr("search.desk.results._MOST_PARAMETERS", request.param // 2)


@pytest.mark.usefixtures("threshold")
class TestQuerysets:
    def test_results_are_counted_sliced_and_picked_like_a_queryset(self, backend, towns):
        results = backend.search("龙", Place)
        assert results.count() == len(results) == 3
        everything = names(results)
        assert names(results[1:]) == everything[1:]
        assert names(results[:2]) == everything[:2]
        assert names(results[1:3][:1]) == everything[1:2]
        assert results[2].name == everything[2]
        assert results[1:].count() == 2
        assert results[5:].count() == 0
        assert names(results[5:9]) == []

    def test_any_condition_of_a_queryset_holds(self, backend, towns):
        stone = towns["石龙镇"]
        towns["龍舟村"].parent = stone
        towns["龍舟村"].save()
        for queryset, expected in [
            (Place.objects.filter(slug=stone.slug), {"石龙镇"}),
            (Place.objects.filter(parent=stone), {"龍舟村"}),
            (Place.objects.filter(parent__locale=stone.locale_id), {"龍舟村"}),
            (Place.objects.exclude(pk=stone.pk), {"龍舟村", "龙舟社区 Dragon Boat"}),
            (Place.objects.filter(name__contains="镇"), {"石龙镇"}),
            (Place.objects.filter(locale=stone.locale_id), {"龍舟村", "石龙镇", "龙舟社区 Dragon Boat"}),
            (Place.objects.filter(locale_id__in=[stone.locale_id]), {"龍舟村", "石龙镇", "龙舟社区 Dragon Boat"}),
            (Place.objects.filter(locale_id__in=[]), set()),
            (Place.objects.filter(locale=None), set()),
            (Place.objects.filter(pk__in=Place.objects.filter(name="龍舟村").values("pk")), {"龍舟村"}),
            (Place.objects.none(), set()),
        ]:
            results = backend.search("龙", queryset)
            assert set(names(results)) == expected
            assert results.count() == len(expected)

    def test_order_is_the_querysets_own_when_asked_for(self, backend, towns):
        by_name = backend.search("龙", Place.objects.order_by("name"), order_by_relevance=False)
        assert names(by_name) == sorted(["龍舟村", "石龙镇", "龙舟社区 Dragon Boat"])
        assert names(by_name[1:2]) == [sorted(["龍舟村", "石龙镇", "龙舟社区 Dragon Boat"])[1]]
        newest = backend.search("龙", Place.objects.order_by(), order_by_relevance=False)
        assert [place.pk for place in newest] == sorted((place.pk for place in newest), reverse=True)
        assert by_name.count() == 3

    def test_facets_count_all_results_by_a_column(self, backend, towns):
        locale = towns["莞城"].locale_id
        assert backend.search("龙", Place).facet("locale_id") == {locale: 3}
        assert backend.search("龙", Place)[:1].facet("locale_id") == {locale: 3}
        assert backend.search("无此地", Place).facet("locale_id") == {}

    def test_a_score_can_be_asked_for(self, backend, towns):
        scores = [place.score for place in backend.search("龙舟", Place).annotate_score("score")]
        assert scores == sorted(scores, reverse=True)
        assert all(score > 0 for score in scores)

    def test_what_is_gone_from_the_database_is_not_found_whatever_the_index_holds(self, backend, towns, settings):
        assert backend.search("龙", Place).count() == 3
        settings.SEARCH = settings.SEARCH | {"DESK_IN_PLACE": False}
        towns["龍舟村"].delete()
        assert set(names(backend.search("龙", Place))) == {"石龙镇", "龙舟社区 Dragon Boat"}

    def test_a_title_counts_more_than_the_rest(self, backend, db):
        other = Place.objects.create(name="某村", other_names="龙舟渡")
        named = Place.objects.create(name="龙舟渡")
        assert [place.pk for place in backend.search("龙舟渡", Place)] == [named.pk, other.pk]


def test_a_model_that_is_not_indexed_finds_nothing(backend, db, django_user_model):
    assert list(backend.search("龙", django_user_model)) == []


# --- Pages and files ------------------------------------------------------------------------------------------------


def test_pages_are_found_as_any_class_they_are_of_by_whatever_their_own_class_declares(backend, home):
    factories.book("康熙县志", compilers="郭文炳", published=False)
    factories.story("赛龙舟记")
    assert [page.title for page in Page.objects.search("郭文炳")] == ["康熙县志"]
    assert [page.title for page in Page.objects.autocomplete("郭文")] == ["康熙县志"]
    assert [page.title for page in BookPage.objects.search("康熙")] == ["康熙县志"]
    assert BookPage.objects.search("龙舟").count() == 0
    assert Page.objects.filter(live=True).search("康熙").count() == 0
    assert Page.objects.search("康熙").facet("content_type_id") == {BookPage.objects.get().content_type_id: 1}


def test_what_an_editor_has_written_since_the_publication_is_found_beside_what_the_public_reads(backend, home):
    page = factories.story("赛龙舟记")
    page.title = "竞渡新考"
    page.save_revision()
    assert [found.pk for found in Page.objects.search("竞渡新考")] == [page.pk]
    assert [found.pk for found in Page.objects.search("赛龙舟记")] == [page.pk]


def test_a_moved_page_is_found_where_it_is_now(backend, home):
    book = factories.book()
    story = factories.story("赛龙舟记")
    assert Page.objects.descendant_of(story.get_parent()).search("赛龙舟").count() == 1
    new_parent = factories.free_page(home, "别处")
    story.get_parent().specific.refresh_from_db()
    Page.objects.get(pk=story.pk).move(new_parent, pos="last-child")
    assert Page.objects.descendant_of(new_parent).search("赛龙舟").count() == 1
    assert Page.objects.descendant_of(book.get_parent()).search("赛龙舟").count() == 0


def test_pictures_are_found_by_their_tags_and_the_beginning_of_a_file_name(backend, db):
    picture = ArchiveImage.objects.create(
        title="码头", file=ContentFile(factories.picture_bytes(), "DSC_20341.jpg"), credit="何文"
    )
    picture.tags.add("旧影")
    for typed in ("旧影", "影", "DSC", "dsc_203", "20341", "码头", "matou", "何文"):
        assert [found.pk for found in ArchiveImage.objects.search(typed)] == [picture.pk], typed
    picture.tags.clear()
    assert ArchiveImage.objects.search("旧影").count() == 0


# --- The outbox -----------------------------------------------------------------------------------------------------


def test_a_save_and_a_deletion_write_one_row_and_the_index_follows(backend, towns):
    indexing.drain()
    assert not DeskOutboxEntry.objects.exists()
    towns["莞城"].name = "莞邑"
    towns["莞城"].save()
    assert DeskOutboxEntry.objects.count() == 1
    assert names(backend.search("莞邑", Place)) == ["莞邑"]
    assert names(backend.search("莞城", Place)) == []
    assert not DeskOutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_ghost_nor_gap(backend):
    Locale.objects.get_or_create(language_code="zh-hans")  # a test before may have emptied the tables
    kept = Place.objects.create(name="石龙镇")
    with pytest.raises(RuntimeError), transaction.atomic():
        Place.objects.create(name="石龙乡")
        kept.delete()
        raise RuntimeError
    indexing.drain()
    assert names(backend.search("石龙", Place)) == ["石龙镇"]
    assert list(indexing.find_drift()) == []


def test_a_change_without_a_signal_is_noticed_and_repaired(backend, towns):
    indexing.drain()
    Place.objects.filter(name="莞城").update(name="莞邑")
    Place.objects.bulk_create([Place(name="新村", slug="xin-cun", locale=towns["莞城"].locale)])
    gone = towns["長安鎮"]
    Place.objects.filter(pk=gone.pk)._raw_delete("default")
    drifts = list(indexing.find_drift())
    new = Place.objects.get(name="新村")
    assert {(drift.object_id, drift.kind) for drift in drifts} == {
        (towns["莞城"].pk, "missing"),
        (new.pk, "missing"),
        (gone.pk, "ghost"),
    }
    assert indexing.repair(drifts) == 3
    assert names(backend.search("莞邑", Place)) == ["莞邑"]
    assert names(backend.search("新村", Place)) == ["新村"]
    assert list(indexing.find_drift()) == []


def test_a_bulk_change_can_be_told(backend, towns):
    indexing.drain()
    Place.objects.filter(name="莞城").update(name="莞邑")
    assert enqueue(Place, [towns["莞城"].pk]) == 1
    assert names(backend.search("莞邑", Place)) == ["莞邑"]


def test_what_cannot_be_indexed_waits_with_the_reason_and_keeps_nobody_else(backend, towns, monkeypatch):
    indexing.drain()
    broken = towns["莞城"].pk

    def refuse_one(field, place):
        if place.pk == broken:
            raise ValueError("坏了")
        return place.name

    monkeypatch.setattr(SearchField, "get_value", refuse_one)
    enqueue(Place, [place.pk for place in towns.values()])
    indexing.drain()
    waiting = DeskOutboxEntry.objects.get()
    assert (waiting.object_id, waiting.attempts, waiting.last_error) == (broken, 1, "ValueError: 坏了")
    assert names(backend.search("石龙", Place)) == ["石龙镇"]


def test_the_index_is_rebuilt_when_it_is_missing_and_meanwhile_the_database_answers(backend, towns, settings):
    settings.SEARCH = settings.SEARCH | {"DESK_IN_PLACE": False}
    assert indexing.index_state() == "missing"
    assert names(backend.search("莞城", Place)) == ["莞城"]
    assert names(backend.autocomplete("石 龙", Place.objects.order_by("name"), order_by_relevance=False)) == ["石龙镇"]
    assert names(backend.search(PlainText("莞") | Phrase("石龙"), Place))
    for typed in NASTY:
        assert backend.search(typed, Place).count() <= len(towns)
    indexing.drain()
    assert indexing.index_state() == "ok"
    assert names(backend.search("龍舟村", Place)) == ["龍舟村"]


@pytest.mark.parametrize("command", ["update_index", "wagtail_update_index"])
def test_wagtails_own_commands_rebuild_the_index_beside_the_live_one(backend, towns, command, settings):
    indexing.drain()
    settings.SEARCH = settings.SEARCH | {"DESK_IN_PLACE": False}
    Place.objects.filter(name="莞城").update(name="莞邑")
    assert names(backend.search("莞邑", Place)) == []
    call_command(command, verbosity=0)
    assert names(backend.search("莞邑", Place)) == ["莞邑"]
    assert list(indexing.find_drift()) == []


def test_a_rebuild_that_fails_leaves_the_live_index_as_it_was(backend, towns):
    indexing.drain()

    def fail(source, done, total):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        indexing.rebuild(fail)
    assert names(backend.search("莞城", Place)) == ["莞城"]
    generations = [path for path in indexing.get_index().directory.iterdir() if path.is_dir()]
    assert len(generations) == 1


def test_what_changes_during_a_rebuild_is_in_the_new_index(backend, towns, monkeypatch):
    indexing.drain()
    monkeypatch.setattr(indexing, "_DRAIN_DURING_REBUILD", 0)
    changed = []

    def change(source, done, total):
        if source == "archive.place" and done == 0 and not changed:
            changed.append(True)
            Place.objects.get(name="莞城").delete()
            Place.objects.create(name="新莞城")

    indexing.rebuild(change)
    assert names(backend.search("莞城", Place)) == ["新莞城"]
    assert list(indexing.find_drift()) == []


def test_stories_are_found_by_their_body(backend, home):
    factories.story("端午", body=[("text", "<p>東江上百舸爭流</p>")])
    assert [page.title for page in StoryPage.objects.autocomplete("东江")] == ["端午"]


def test_the_commands_rebuild_check_and_repair_the_desks_index_too(backend, towns, index):
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert "后台索引已重建" in out.getvalue()
    Place.objects.filter(name="莞城").update(name="莞邑")
    with pytest.raises(CommandError, match="后台检索：缺 1 条，多 0 条"):
        call_command("check_search", stdout=StringIO())
    call_command("check_search", "--repair", stdout=StringIO())
    assert names(backend.search("莞邑", Place)) == ["莞邑"]
    out = StringIO()
    call_command("check_search", stdout=out)
    assert "后台检索：索引与馆藏一致" in out.getvalue()
    with indexing._desk_lock(0), pytest.raises(IndexerBusyError):
        indexing.drain(patience=0)
