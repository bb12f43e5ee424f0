"""What is left of an import after a time, and what it can still do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive.importing.collections import plan, runs
from archive.models import Inventory, InventoryRow, PhotoIndexPage, PhotoPage
from archive.models.inventories import UNDOABLE_FOR
from media_assets.models import FileRemoval

from .test_inventories import TABLE, applied, counts, planned, undone

pytestmark = pytest.mark.django_db
State = Inventory.State


@pytest.fixture
def index(home) -> PhotoIndexPage:
    return PhotoIndexPage.objects.get()


def aged(inventory: Inventory, by: timedelta) -> None:
    then = timezone.now() - by - timedelta(hours=1)
    Inventory.objects.filter(pk=inventory.pk).update(created_at=then, finished_at=then)
    runs.tidy()
    inventory.refresh_from_db()


def test_an_import_can_be_undone_until_the_day_that_is_told(index):
    inventory = applied(TABLE, index)
    aged(inventory, UNDOABLE_FOR - timedelta(days=1))
    assert inventory.state == State.DONE
    undone(inventory)
    assert not PhotoPage.objects.exists()


def test_after_that_its_file_and_its_words_are_gone_and_it_stays(index):
    inventory = applied(TABLE, index)
    name = inventory.file.name
    aged(inventory, UNDOABLE_FOR)
    assert inventory.state == State.CLOSED
    assert (inventory.file.name, FileRemoval.objects.filter(name=name).count()) == ("", 1)
    assert [row.cells for row in InventoryRow.objects.all()] == [[], []]
    assert not runs.take_back(inventory)
    assert PhotoPage.objects.count() == 2


def test_the_same_rows_are_still_known_when_they_come_again(index):
    aged(applied(TABLE, index), UNDOABLE_FOR)
    assert counts(planned(TABLE, index)) == (0, 0, 2, 1)


def test_what_nobody_confirmed_is_given_up(index, django_capture_on_commit_callbacks):
    inventory = planned(TABLE, index)
    name = inventory.file.name
    with django_capture_on_commit_callbacks(execute=True):
        aged(inventory, runs.UNCONFIRMED_FOR)
    assert inventory.state == State.DISCARDED
    assert not InventoryRow.objects.exists()
    assert (inventory.file.name, FileRemoval.objects.filter(name=name).count()) == ("", 1)


def test_what_was_undone_keeps_no_file(index):
    inventory = undone(applied(TABLE, index))
    aged(inventory, runs.UNCONFIRMED_FOR)
    assert (inventory.state, inventory.file.name) == (State.UNDONE, "")
    assert not InventoryRow.objects.exists()


def test_what_is_given_up_while_it_is_planned_leaves_no_rows(index, monkeypatch):
    inventory = planned(TABLE, index)
    Inventory.objects.update(state=State.PLANNING)
    inventory.refresh_from_db()
    decide = plan._Planner.decide

    def given_up_meanwhile(planner, batch):
        decide(planner, batch)
        assert runs.discard(inventory)

    monkeypatch.setattr(plan._Planner, "decide", given_up_meanwhile)
    runs.perform(inventory, lambda percent: None)
    assert inventory.state == State.DISCARDED
    assert not InventoryRow.objects.exists()
