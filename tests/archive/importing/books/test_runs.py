"""Imports that are killed, given up, forgotten: nothing is half made, doubled or left lying about."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from archive.importing.books import pictures, runs
from archive.models import BookImport, BookPage, ImportPicture, Section
from media_assets import jobs, public_copies
from media_assets.models import ArchiveImage, FileRemoval, Job, JobState
from tests import factories

from .handed_in import ANNALS, imported, read_in, uploaded, zipped

pytestmark = pytest.mark.django_db
State = BookImport.State


class KilledError(BaseException):
    """What a kill is to the program: nothing of it runs any more."""


@pytest.fixture
def editor(home, django_user_model):
    return django_user_model.objects.create_superuser("bianji", password="x")


@pytest.fixture
def worker(settings):
    """Jobs wait for `jobs.drain()`, as for a worker."""
    settings.MEDIA_JOBS_IN_PLACE = False


def taken_over() -> None:
    """The worker is not heard of any more; the next one takes its work."""
    Job.objects.update(lease_until=timezone.now() - timedelta(minutes=5))
    jobs.drain(names=[runs.KIND])


def killed_in(monkeypatch, module, name: str, times: int = 0) -> None:
    """The worker dies when this is called for the time after `times`."""
    real, calls = getattr(module, name), []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) > times:
            raise KilledError
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(KilledError):
            jobs.drain(names=[runs.KIND])


def test_an_import_that_was_killed_while_reading_is_read_by_the_next(editor, worker, monkeypatch):
    run = runs.start(uploaded(ANNALS), editor)
    killed_in(monkeypatch, runs, "_keep_plan")
    run.refresh_from_db()
    assert run.state == State.WAITING
    taken_over()
    run.refresh_from_db()
    assert (run.state, run.plan["sections"]["new"] > 3) == (State.READ, True)


def test_pictures_are_stored_once_however_often_the_import_is_killed(editor, worker, monkeypatch):
    words = "# 志\n\n" + "".join(f"![圖{n}](i/{n}.jpg)\n\n" for n in range(5)) + "縣治在江口。\n"
    files = {f"i/{n}.jpg": factories.picture_bytes() for n in range(5)}
    run = runs.start(uploaded(zipped({"志.md": words} | files), "志.zip"), editor)
    jobs.drain(names=[runs.KIND])
    run.refresh_from_db()
    runs.approve(run, editor)
    killed_in(monkeypatch, pictures, "_store", times=3)
    assert ArchiveImage.objects.count() == 3
    taken_over()
    run.refresh_from_db()
    assert (run.state, ArchiveImage.objects.count(), ImportPicture.objects.count()) == (State.DONE, 5, 5)


def test_a_kill_in_the_middle_of_writing_leaves_no_half_book(editor, worker, monkeypatch):
    run = runs.start(uploaded(ANNALS), editor)
    jobs.drain(names=[runs.KIND])
    run.refresh_from_db()
    runs.approve(run, editor)
    killed_in(monkeypatch, runs.Applier, "_take_contents")
    assert (BookPage.objects.count(), Section.objects.count()) == (0, 0)
    taken_over()
    run.refresh_from_db()
    assert (run.state, BookPage.objects.count()) == (State.DONE, 1)


def test_two_workers_make_one_book(editor):
    run = read_in(ANNALS, user=editor)
    BookImport.objects.filter(pk=run.pk).update(state=State.APPROVED)
    first, second = (BookImport.objects.get(pk=run.pk) for _time in range(2))
    runs.make(first)
    runs.make(second)
    assert BookPage.objects.count() == 1


def test_what_was_read_and_is_gone_is_read_again(editor):
    run = read_in(ANNALS, user=editor)
    runs._forget_files(run)
    runs.approve(run, editor)
    run.refresh_from_db()
    assert run.state == State.DONE


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        (b"\x00\x01\x02\x03" * 400, "\u6587\u7a3f.bin", "认不出"),
        (b"   \n\n  ", "空.txt", ""),
        (zipped({"程序.exe": b"MZ\x00\x00"}), "包.zip", "认不出"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_why_and_makes_nothing(editor, words, name, said):
    run = read_in(words, name, user=editor)
    assert run.state == State.FAILED
    assert said in run.reason
    assert run.reason.endswith("。")
    assert BookPage.objects.count() == 0


def test_an_import_whose_job_was_given_up_has_failed(editor, worker):
    run = runs.start(uploaded(ANNALS), editor)
    Job.objects.filter(kind=runs.KIND).update(state=JobState.FAILED, reason="几次被终止。")
    runs.settle()
    run.refresh_from_db()
    assert (run.state, run.reason) == (State.FAILED, "几次被终止。")
    assert runs.retry(run)
    jobs.drain(names=[runs.KIND])
    run.refresh_from_db()
    assert run.state == State.READ


def test_an_import_that_was_given_up_is_made_by_nobody_and_leaves_nothing(editor, worker):
    run = runs.start(uploaded(ANNALS), editor)
    jobs.drain(names=[runs.KIND])
    run.refresh_from_db()
    path = Path(run.file.path)
    assert path.exists()
    runs.approve(run, editor)
    assert runs.discard(run, editor)
    jobs.drain(names=[runs.KIND])
    run.refresh_from_db()
    assert (run.state, bool(run.file), BookPage.objects.count()) == (State.DISCARDED, False, 0)
    FileRemoval.objects.update(retry_at=None)  # a master waits a minute before it goes
    public_copies.drain()
    assert not path.exists()
    assert not runs.workspace_of(run).exists()


def test_what_came_true_cannot_be_given_up(editor):
    run = imported(ANNALS, user=editor)
    assert not runs.discard(run, editor)


def test_what_nobody_confirms_is_given_up_after_a_fortnight(editor):
    fresh, old = read_in(ANNALS, user=editor), read_in(ANNALS, user=editor)
    BookImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=15))
    runs.tidy()
    fresh.refresh_from_db()
    old.refresh_from_db()
    assert (fresh.state, old.state) == (State.READ, State.DISCARDED)
    assert "14 天" in old.reason
    assert runs.workspace_of(fresh).exists()
    assert not runs.workspace_of(old).exists()
