"""What a reader keeps of a search, and how it is told again."""

import pytest
from django.urls import reverse

from archive.access import AccessLevel
from archive.models import StoryPage
from archive.publication import set_access
from search import keeping
from search.indexing import drain
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "home")]


@pytest.fixture
def kept(client):
    def asked(q: str, reader=client, **parameters) -> dict:
        drain()
        return reader.get(reverse("search:refs"), {"q": q} | parameters).json()

    return asked


@pytest.fixture
def named(client):
    def asked(*refs: str, reader=client) -> dict[str, str]:
        answer = reader.get(reverse("search:named"), {"refs": ",".join(refs)})
        assert answer.status_code == 200
        return {item["ref"]: item["title"] for item in answer.json()["items"]}

    return asked


def test_every_find_is_named_for_good_and_counted_as_the_page_of_results_does(client, kept):
    stories = [factories.story(f"龍舟{number}") for number in range(3)]
    book = factories.book("龍舟志")
    section = factories.section(book, "競渡", "龍舟競渡")
    answer = kept("龙舟")
    assert answer["refs"] == sorted([*(f"page:{page.pk}" for page in (*stories, book)), f"section:{section.pk}"])
    results = client.get(reverse("search:results"), {"q": "龙舟", "format": "json"}).json()
    assert answer["total"] == results["total"] == 5
    assert kept("龙舟", kind="section")["refs"] == [f"section:{section.pk}"]


def test_what_came_and_what_went_can_be_told(kept, named):
    stays, goes = factories.story("龍舟甲"), factories.story("龍舟乙")
    before = set(kept("龙舟")["refs"])
    came = factories.story("龍舟丙")
    StoryPage.objects.get(pk=goes.pk).unpublish()
    after = set(kept("龙舟")["refs"])
    assert before & after == {f"page:{stays.pk}"}
    assert named(*(after - before)) == {f"page:{came.pk}": "龍舟丙"}
    assert named(*(before - after)) == {}


def test_of_very_many_the_number_alone(kept, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_REFS", 2)
    for number in range(3):
        factories.story(f"龍舟{number}")
    assert kept("龙舟") == {"total": 3, "refs": None}


@pytest.mark.parametrize("asked", ["", "，", "((", '"', "龙" * 5000])
def test_nothing_that_is_typed_is_an_error(kept, asked):
    assert kept(asked)["refs"] == []


@pytest.mark.parametrize("refs", ["", "x", "page:x", "nobody:1", "page:99999999999999999", "page:1," * 500, "；"])
def test_what_is_no_ref_is_left_out(named, refs):
    assert named(refs) == {}


def test_refs_of_closed_things_name_nothing(kept, named, reading_room, staff):
    story = factories.story("龍舟秘錄")
    draft = factories.story("龍舟草稿", published=False)
    ref = f"page:{story.pk}"
    assert named(ref, f"page:{draft.pk}") == {ref: "龍舟秘錄"}
    set_access(story, AccessLevel.STAFF)
    for reader in (reading_room, staff):
        assert named(ref, reader=reader) == {}
    assert named(ref) == {}
    assert kept("龙舟")["total"] == 0


def test_text_on_site_is_found_in_the_reading_room_alone_and_stored_by_nobody(kept, named, reading_room):
    book = factories.book("館藏志稿")
    section = factories.section(book, "競渡", "祕密龍舟")
    set_access(book, AccessLevel.ON_SITE)
    assert kept("祕密龙舟")["refs"] == []
    assert kept("祕密龙舟", reader=reading_room)["refs"] == [f"section:{section.pk}"]
    answer = reading_room.get(reverse("search:refs"), {"q": "祕密龙舟"})
    assert "no-store" in answer["Cache-Control"]


def test_an_index_that_is_being_built_is_told(client, monkeypatch):
    from search.engines.base import IndexState, IndexUnavailableError

    class Missing:
        def search(self, asked):
            raise IndexUnavailableError(IndexState.MISSING)

    monkeypatch.setattr("search.keeping.get_engine", Missing)
    answer = client.get(reverse("search:refs"), {"q": "龙舟"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "正在重建" in answer.json()["error"]


def test_names_cost_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    refs = ",".join(f"page:{factories.story(f'龍舟{number}').pk}" for number in range(30))
    with django_assert_max_num_queries(12):
        assert len(client.get(reverse("search:named"), {"refs": refs}).json()["items"]) == 30
