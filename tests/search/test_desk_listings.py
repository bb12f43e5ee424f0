"""Looking for things in the CMS, with a real client: what an editor types into the search boxes of every list."""

import re
from urllib.parse import quote

import pytest
from django.urls import reverse
from wagtail.models import Collection

from archive.editing import roles
from archive.models import BookIndexPage, StoryIndexPage
from tests import factories
from tests.archive.test_roles import signed_in
from tests.search.typed import NASTY

pytestmark = pytest.mark.django_db


def address_of(place: str) -> str:
    """The address of a list of the CMS, or of a part of it that is fetched while one types."""
    if place in ("wagtailadmin_explore", "wagtailadmin_explore_results"):
        return reverse(place, args=[StoryIndexPage.objects.get().pk])
    return reverse(place)


def shown(answer) -> str:
    """What a list shows, without the choices of the filters beside it."""
    return re.sub("<option.*?</option>", "", answer.content.decode(), flags=re.DOTALL)


EXPLORER = ["wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_pages:search_results"]
PAGE_CHOOSER = ["wagtailadmin_choose_page_search"]
IMAGES = ["wagtailimages:index", "wagtailimages:index_results", "wagtailimages_chooser:choose_results"]
FILMS = ["wagtailmedia:index", "wagtailmedia:chooser"]
DOCUMENTS = ["wagtaildocs:index", "wagtaildocs:index_results", "wagtaildocs_chooser:choose_results"]
PLACES = [
    "wagtailsnippets_archive_place:list",
    "wagtailsnippets_archive_place:list_results",
    "wagtailsnippetchoosers_archive_place:choose_results",
]
EVERYWHERE = EXPLORER + PAGE_CHOOSER + IMAGES + FILMS + DOCUMENTS + PLACES


@pytest.fixture
def collection(home):
    """One of each, a draft among them."""
    factories.story("賽龍舟記（草稿）", published=False)
    factories.story("莞香的来历")
    factories.image("龙舟下水")
    factories.video("龙舟竞渡全程")
    factories.document("龙舟调查报告")
    factories.place("龙舟村")


FOUND = (
    [(place, "賽龍舟記（草稿）", "莞香的来历") for place in EXPLORER + PAGE_CHOOSER]
    + [(place, "龙舟下水", "莞香的来历") for place in IMAGES]
    + [(place, "龙舟竞渡全程", "莞香的来历") for place in FILMS]
    + [(place, "龙舟调查报告", "莞香的来历") for place in DOCUMENTS]
    + [(place, "龙舟村", "莞香的来历") for place in PLACES]
)


@pytest.mark.parametrize(("place", "wanted", "unwanted"), FOUND)
def test_one_character_and_two_find_what_is_there_drafts_included(administrator, collection, place, wanted, unwanted):
    for typed in ("舟", "龙舟", "龍舟", "longzhou" if "草稿" not in wanted else "sailong"):
        answer = administrator.get(address_of(place), {"q": typed})
        assert answer.status_code == 200
        assert wanted in shown(answer), typed
        assert unwanted not in shown(answer), typed
    assert wanted not in shown(administrator.get(address_of(place), {"q": "无此物"}))


@pytest.mark.parametrize("place", EVERYWHERE)
def test_no_list_of_the_desk_breaks_whatever_is_typed(administrator, collection, place):
    for typed in NASTY:
        answer = administrator.get(f"{address_of(place)}?q={quote(typed.encode('utf-8', 'surrogatepass'))}")
        # No address of the museum takes a NUL byte.
        assert answer.status_code == (404 if "\x00" in typed else 200), repr(typed[:20])


def test_lists_are_searched_in_every_order_they_offer(administrator, collection):
    for place, ordering in [
        ("wagtailadmin_explore", "title"),
        ("wagtailadmin_explore", "-latest_revision_created_at"),
        ("wagtailadmin_explore", "latest_revision_created_at"),
        ("wagtailadmin_explore", "-live"),
        ("wagtailadmin_pages:search_results", "-title"),
        ("wagtailimages:index", "-created_at"),
        ("wagtailimages:index", "title"),
        ("wagtaildocs:index", "-title"),
        ("wagtailsnippets_archive_place:list", "-slug"),
    ]:
        answer = administrator.get(address_of(place), {"q": "龙舟", "ordering": ordering})
        assert answer.status_code == 200
        assert "舟" in answer.content.decode().replace('value="龙舟"', "")


def test_a_filter_beside_the_words_holds(administrator, collection):
    listed = reverse("wagtailsnippets_archive_place:list")
    town, village = factories.place("龙舟镇", kind="town"), factories.place("龙舟里", kind="village")
    answer = shown(administrator.get(listed, {"q": "龙舟", "kind": "village"}))
    assert village.name in answer
    assert town.name not in answer


def test_the_search_of_all_pages_counts_its_page_types(administrator, collection):
    answer = administrator.get(reverse("wagtailadmin_pages:search"), {"q": "龙舟"}).content.decode()
    assert "賽龍舟記（草稿）" in answer
    types = administrator.get(reverse("wagtailadmin_pages:search"), {"q": "龙舟", "content_type": "archive.storypage"})
    assert "賽龍舟記（草稿）" in types.content.decode()
    types = administrator.get(reverse("wagtailadmin_pages:search"), {"q": "龙舟", "content_type": "archive.bookpage"})
    assert "賽龍舟記（草稿）" not in types.content.decode()


def test_a_contributor_finds_the_own_towns_drafts_and_no_others(home, django_user_model):
    town = Collection.get_first_root_node().add_child(name="石渡镇")
    column = factories.column("石渡故事")
    roles.ensure_town_group("石渡镇", [column], town)
    factories.story("龙舟旧事", parent=column, published=False)
    factories.story("龙舟秘闻", published=False)
    contributor = signed_in(django_user_model, f"{roles.CONTRIBUTOR_PREFIX}·石渡镇")
    factories.image("龙舟石渡", collection=town, uploaded_by_user=django_user_model.objects.get())
    factories.image("龙舟内部")
    explorer = contributor.get(reverse("wagtailadmin_explore", args=[column.pk]), {"q": "龙舟"}).content.decode()
    assert "龙舟旧事" in explorer
    assert "龙舟秘闻" not in explorer
    chooser = contributor.get(reverse("wagtailadmin_choose_page_search"), {"q": "龙舟"}).content.decode()
    assert "龙舟旧事" in chooser
    assert "龙舟秘闻" not in chooser
    library = contributor.get(reverse("wagtailimages:index_results"), {"q": "龙舟"}).content.decode()
    assert "龙舟石渡" in library
    assert "龙舟内部" not in library


def test_the_desks_own_interface_finds_too(administrator, collection):
    found = administrator.get(reverse("wagtailadmin_api:pages:listing"), {"search": "龙舟"}).json()
    assert [item["title"] for item in found["items"]] == ["賽龍舟記（草稿）"]


def test_a_list_that_was_saved_a_moment_ago_holds_it(administrator, collection):
    form = {"name": "新龙舟村", "slug": "", "kind": "village"}
    page = administrator.get(reverse("wagtailsnippets_archive_place:add"))
    assert page.status_code == 200
    place = factories.place(form["name"])
    listed = reverse("wagtailsnippets_archive_place:list_results")
    assert place.name in administrator.get(listed, {"q": "新龙"}).content.decode()
    place.delete()
    assert "新龙舟村" not in administrator.get(listed, {"q": "新龙"}).content.decode()


def test_the_index_of_books_lists_its_drafts_by_compiler(administrator, home):
    factories.book("雍正县志", compilers="周天成", published=False)
    explorer = reverse("wagtailadmin_explore", args=[BookIndexPage.objects.get().pk])
    assert "雍正县志" in administrator.get(explorer, {"q": "周天成"}).content.decode()
