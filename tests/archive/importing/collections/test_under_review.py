"""Imports where three people read before anything goes out: drafts stay drafts, and what is being read stands still."""

import pytest

from archive.importing.collections import runs
from archive.models import Inventory, StoryPage
from archive.models.reviews import ReviewsMissingError, authors_of
from tests.archive.test_reviews import hand_in, people, read_by_three, stories, story  # noqa: F401

from .test_inventories import applied, counts, planned, undone
from .test_rights import sentences

pytestmark = pytest.mark.django_db


def test_what_is_imported_goes_live_only_when_it_was_read(stories, people):  # noqa: F811
    applied("题名\n一座桥\n", stories, kind="story", user=people["editor"])
    page = StoryPage.objects.get()
    with pytest.raises(ReviewsMissingError):
        page.save_revision(user=people["chief"]).publish(user=people["chief"])
    assert not StoryPage.objects.get().live


def test_whoever_imported_is_an_author(stories, people):  # noqa: F811
    applied("题名\n一座桥\n", stories, kind="story", user=people["editor"])
    page = StoryPage.objects.get()
    page.save_revision(user=people["chief"])
    state = hand_in(page, people["chief"])
    assert people["editor"].pk in authors_of(page.get_latest_revision(), state)


def test_what_was_read_stays_live_and_its_new_words_wait(story, people):  # noqa: F811
    page = read_by_three(story, people)
    table = f"永久标识符,题名\n{page.identifier_id},永濟橋\n"
    inventory = applied(table, page.get_parent(), kind="story", user=people["editor"])
    page = StoryPage.objects.get()
    assert (page.live, page.title) == (True, "永济桥")
    newest = page.get_latest_revision()
    assert newest.as_object().title == "永濟橋"
    with pytest.raises(ReviewsMissingError):
        newest.publish(user=people["chief"])
    undone(inventory)
    assert StoryPage.objects.get().get_latest_revision_as_object().title == "永济桥"


def test_what_is_being_read_is_not_changed(story, people):  # noqa: F811
    table = f"永久标识符,题名\n{story.identifier_id},永濟橋\n"
    early = planned(table, story.get_parent(), kind="story", user=people["editor"])
    hand_in(story, people["editor"])
    assert counts(planned(table, story.get_parent(), kind="story", user=people["editor"])) == (0, 0, 0, 1)
    newest = StoryPage.objects.get().latest_revision_id
    runs.approve(early)
    early.refresh_from_db()
    assert early.state == Inventory.State.DONE
    assert "送审或锁定" in sentences(early)
    assert StoryPage.objects.get().latest_revision_id == newest


def test_what_was_handed_in_since_is_not_undone(story, people):  # noqa: F811
    table = f"永久标识符,题名\n{story.identifier_id},永濟橋\n"
    inventory = applied(table, story.get_parent(), kind="story", user=people["editor"])
    hand_in(StoryPage.objects.get(), people["editor"])
    inventory = undone(inventory)
    assert inventory.plan["undone"]["kept"] == 1
    assert StoryPage.objects.get().get_latest_revision_as_object().title == "永濟橋"
