"""A task whose row was written anew is no failure; every other failure is told."""

import pytest
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from wagtail.tasks import delete_file_from_storage_task, update_reference_index_task

from archive.vanished_links import VANISHED

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run


def test_a_row_that_was_written_anew_is_no_failure(work, caplog):
    update_reference_index_task.enqueue("archive", "relateditem", "987654321")
    work()
    assert DBTaskResult.objects.failed().filter(VANISHED).count() == 1
    assert not caplog.records


def test_another_failure_is_told(work, caplog):
    delete_file_from_storage_task.enqueue(["no.such.Storage", [], {}], "a")
    work()
    assert not DBTaskResult.objects.failed().filter(VANISHED).exists()
    assert "ModuleNotFoundError" in caplog.text
