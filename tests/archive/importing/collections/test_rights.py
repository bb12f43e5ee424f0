"""What an import may make and find is what the person who hands it in may: names, albums, files, pages."""

from contextlib import suppress

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection

from archive.editing import roles
from archive.importing.collections import apply, runs
from archive.models import AlbumPage, Inventory, PageTopic, PhotoIndexPage, PhotoPage, Topic, VideoIndexPage, VideoPage
from media_assets.jobs import JobError
from tests import factories

from .test_inventories import applied, counts, planned

pytestmark = pytest.mark.django_db
State = Inventory.State


@pytest.fixture
def index(home) -> PhotoIndexPage:
    return PhotoIndexPage.objects.get()


@pytest.fixture
def album(index) -> AlbumPage:
    return factories.album("石渡镇相册")


@pytest.fixture
def town(album, django_user_model):
    """A contributor of 石渡镇, with the album and a collection of the town."""
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    group = roles.ensure_town_group("石渡镇", [album], collection)
    user = django_user_model.objects.create_user("tongxun", password="x")
    user.groups.add(Group.objects.get(pk=group.pk))
    user.town = collection
    return user


def sentences(inventory: Inventory) -> str:
    return "\n".join(words for *_where, words in runs.problems(inventory))


def test_names_become_records_only_for_whoever_may_add_records(album, town):
    inventory = planned("题名,主题\n旧码头,民俗\n", album, user=town, create=True)
    assert counts(inventory) == (1, 0, 0, 0)
    assert "您不能新建主题，“民俗”没有取。" in sentences(inventory)
    runs.approve(inventory)
    assert PhotoPage.objects.get().owner == town
    assert not Topic.objects.exists()


def test_an_editor_makes_the_records_that_are_missing(index, django_user_model):
    editor = django_user_model.objects.create_user("bianji", password="x")
    editor.groups.add(Group.objects.get(name=roles.EDITOR))
    inventory = applied("题名,主题\n旧码头,民俗\n", index, user=editor)
    assert not list(runs.problems(inventory))
    assert Topic.objects.get().name == "民俗"


def test_albums_are_not_made_for_whoever_may_not_add_them(album, town, monkeypatch):
    monkeypatch.setattr("archive.importing.collections.plan.MOST_CHILDREN", 2)
    monkeypatch.setattr(apply, "MOST_CHILDREN", 2)
    inventory = planned("题名\n码头\n渡口\n集市\n", album, user=town)
    assert counts(inventory) == (2, 0, 0, 1)
    assert "不能在旁边新建相册" in sentences(inventory)
    runs.approve(inventory)
    assert (AlbumPage.objects.count(), PhotoPage.objects.count()) == (1, 2)


def test_rights_that_are_gone_by_the_time_it_is_made_stop_it(album, town):
    inventory = planned("题名\n码头\n", album, user=town)
    town.groups.clear()
    with suppress(JobError):
        runs.approve(inventory)
    inventory.refresh_from_db()
    assert (inventory.state, inventory.reason) == (State.FAILED, "导入人现在不能在这里新建页面。")
    assert not PhotoPage.objects.exists()


def test_pages_of_others_are_as_unknown_as_those_that_are_not_there(index, album, town):
    secret = factories.photo("保密的照片", parent=index)
    table = f"永久标识符,题名\n{secret.identifier_id},改名\nzzzzzzzzz,改名\n"
    inventory = planned(table, album, user=town)
    assert counts(inventory) == (0, 0, 0, 2)
    told = sentences(inventory)
    assert "保密" not in told
    assert told.replace(secret.identifier_id, "zzzzzzzzz").split("\n")[0] == told.split("\n")[1]


def test_files_of_others_are_not_found(album, town):
    picture = factories.image()
    inventory = planned(f"题名,文件名\n码头,{picture.original_name}\n", album, user=town)
    assert "馆里没有叫" in sentences(inventory)
    picture.collection = town.town
    picture.save()
    assert not list(runs.problems(planned(f"题名,文件名\n码头,{picture.original_name}\n", album, user=town)))


def test_what_is_locked_is_not_changed(index):
    page = factories.photo("旧码头", parent=index)
    page.locked = True
    page.save()
    inventory = planned(f"永久标识符,题名\n{page.identifier_id},新码头\n", index)
    assert counts(inventory) == (0, 0, 0, 1)
    assert "正在审稿或已锁定" in sentences(inventory)


def test_what_was_locked_after_the_plan_is_left_alone_and_told(index):
    page = factories.photo("旧码头", parent=index)
    inventory = planned(f"永久标识符,题名\n{page.identifier_id},新码头\n", index)
    PhotoPage.objects.filter(pk=page.pk).update(locked=True)
    newest = page.latest_revision_id
    runs.approve(inventory)
    inventory.refresh_from_db()
    assert inventory.state == State.DONE
    assert "没有更新" in sentences(inventory)
    page.refresh_from_db()
    assert page.latest_revision_id == newest


def test_a_film_is_matched_to_the_row_that_names_its_file(home):
    film = factories.video()
    applied(f"题名,文件名\n影像志,{film.original_name}\n", VideoIndexPage.objects.get(), kind="video")
    assert VideoPage.objects.get().video == film


def test_only_columns_of_which_something_is_taken_change_a_page(index):
    page = factories.photo("旧码头", parent=index)
    PageTopic.objects.create(page=page, topic=factories.topic("民俗"))
    inventory = planned(f"永久标识符,主题\n{page.identifier_id},不明的词\n", index, create=False)
    assert counts(inventory) == (0, 0, 1, 0)
