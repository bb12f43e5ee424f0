"""Imports of books from beginning to end: started, read by the worker, looked at by a person, applied by the worker.

The worker's part is one kind of job that does what the row's state asks for. What was read lies in a folder of this
machine (`DATA_DIR/imports`); where it is gone, because another machine goes on, the file is read once more.
"""

import hashlib
import json
import logging
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from archive.manuscripts.changing import manuscript_of, needs_change_set, open_change_set
from archive.manuscripts.writing import Writer
from archive.models import BookImport, BookPage, Change, ChangeSet, ImportProblem
from archive.models.signals import changes_published
from media_assets import jobs, sandbox
from media_assets.file_errors import FileError
from media_assets.intake import clean_name
from media_assets.jobs import JobError, Work
from media_assets.local_copies import local_path
from media_assets.models import Job, JobState
from media_assets.models.job import register_subject

from . import reading
from .apply import Applier, other_unit
from .contract import Options, Problem
from .mending import MENDED, mend_all
from .new_books import new_book
from .pictures import discard_pictures, store_pictures
from .plan import KnownPassages, Plan, plan_of

logger = logging.getLogger(__name__)

KIND = SUBJECT = "book-import"
ACTION_STARTED, ACTION_IMPORTED, ACTION_DISCARDED = (f"archive.book_import.{did}" for did in ("start", "make", "drop"))
State = BookImport.State
MOST_PROBLEMS = 5_000
MAX_BYTES = 4 * 1024**3
READ_SECONDS = 2 * 3600
MEMORY = 3 * 1024**3
FILE_BYTES = 8 * 1024**3
KEPT_DAYS = 14
_ATTEMPTS = 3


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(SUBJECT, BookImport)
    changes_published.connect(apply_staged, dispatch_uid="archive.importing.books")
    label = gettext_lazy("书稿导入")
    jobs.register(KIND, label, run, max_attempts=_ATTEMPTS, wall_seconds=2 * READ_SECONDS, is_long=True)


# --- What a person does -------------------------------------------------------------------------------------------


def start(
    file: File, user, *, book: BookPage | None = None, title: str = "", options: Options | None = None
) -> BookImport:
    """Take a file in, to be read by the worker. Its type is looked at by the format, in the bounded process."""
    run_ = BookImport(book=book, title=title, created_by=user, options=asdict(options or Options()))
    run_.original_name, run_.file_size = clean_name(file.name), file.size
    run_.sha256 = _hash_of(file)
    # First the file, for a storage may be slow; no transaction waits for it.
    run_.file.save(run_.original_name, file, save=False)
    try:
        with transaction.atomic():
            run_.save()
            log(run_, ACTION_STARTED, user=user, data=_told(run_))
            jobs.ask_for(KIND, SUBJECT, [run_.pk])
    except BaseException:
        run_.file.storage.delete(run_.file.name)
        raise
    return run_


def _hash_of(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def start_folder(folder: Path, user, *, book: BookPage | None = None, title: str = "") -> BookImport:
    """The same for a file or a folder of this machine, which stays where it is."""
    return BookImport.objects.create(
        book=book,
        title=title,
        created_by=user,
        folder=str(folder.resolve()),
        original_name=clean_name(folder.name),
        options=asdict(Options()),
    )


@transaction.atomic
def approve(run_: BookImport, user=None) -> bool:
    """Let what was read become the book; False when it is not waiting for that."""
    changed = BookImport.objects.filter(pk=run_.pk, state=State.READ).update(state=State.APPROVED, reason="")
    if changed:
        log(run_, ACTION_IMPORTED, user=user, data=_told(run_))
        jobs.ask_for(KIND, SUBJECT, [run_.pk])
    return bool(changed)


@transaction.atomic
def retry(run_: BookImport) -> bool:
    """Have what failed read anew; False when it has not failed, or its file is gone."""
    run_ = BookImport.objects.select_for_update().get(pk=run_.pk)
    if run_.state != State.FAILED or not (run_.file or run_.folder):
        return False
    BookImport.objects.filter(pk=run_.pk).update(state=State.WAITING, reason="", finished_at=None)
    jobs.ask_for(KIND, SUBJECT, [run_.pk])
    return True


def discard(run_: BookImport, user=None, reason: str = "") -> bool:
    """Give it up; what was stored for it goes. False when it has come true already, or when the changes of the book
    that it belongs to are handed in."""
    with transaction.atomic():
        run_ = BookImport.objects.select_for_update().get(pk=run_.pk)
        if run_.state in (State.DONE, State.DISCARDED) or not _leave_change_set(run_):
            return False
        BookImport.objects.filter(pk=run_.pk).update(state=State.DISCARDED, reason=reason, finished_at=timezone.now())
        Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=run_.pk).cancel()
        log(run_, ACTION_DISCARDED, user=user, data=_told(run_))
    _clear_away(run_)
    return True


def _leave_change_set(run_: BookImport) -> bool:
    """Whether it is in no change set any more of which it could still come true."""
    if run_.state != State.STAGED:
        return True
    mine = Change.objects.filter(book=run_.book, operation__do="import", operation__run=run_.pk)
    if mine.filter(change_set__state=ChangeSet.State.SUBMITTED).exists():
        return False
    mine.filter(change_set__state=ChangeSet.State.OPEN).delete()
    return True


def _told(run_: BookImport) -> dict:
    return {"file": run_.original_name, "book": run_.book_id, "title": str(run_)}


# --- What the worker does -----------------------------------------------------------------------------------------


def run(work: Work) -> None:
    """The job: whatever the state asks for, from the beginning however often it was killed."""
    run_: BookImport = work.asset
    progress = _UntilGivenUp(run_, work.progress)
    try:
        if run_.state == State.WAITING:
            read(run_, progress)
        elif run_.state == State.APPROVED:
            make(run_, progress)
    except _GivenUpError:
        _clear_away(run_)
    except (FileError, JobError) as error:
        if progress.is_given_up():  # its file went under the reader's hands
            _clear_away(run_)
            return
        work.heartbeat()
        if work.is_lost:  # somebody else has it in hand, and what broke it here may well be that
            raise jobs.JobLost(str(work.job)) from error
        fail(run_, error.reason)
        raise


class _GivenUpError(Exception):
    """A person has given the import up while it was under way."""


class _UntilGivenUp:
    """Says how far it is, and now and then asks whether anybody still wants it. Raises _GivenUpError if not."""

    def __init__(self, run_: BookImport, progress: Callable[[float], None]):
        self._run, self._progress, self._asked = run_, progress, time.monotonic()

    def __call__(self, percent: float) -> None:
        self._progress(percent)
        if time.monotonic() - self._asked >= jobs.WRITE_EVERY:
            self._asked = time.monotonic()
            if self.is_given_up():
                raise _GivenUpError

    def is_given_up(self) -> bool:
        return BookImport.objects.filter(pk=self._run.pk, state=State.DISCARDED).exists()


def fail(run_: BookImport, reason: str) -> None:
    unfinished = BookImport.objects.filter(pk=run_.pk, state__in=[State.WAITING, State.READ, State.APPROVED])
    unfinished.update(state=State.FAILED, reason=reason, finished_at=timezone.now())


def settle() -> None:
    """Imports whose job was given up (killed too often, out of time, cancelled) have failed with it."""
    ended = Job.objects.filter(kind=KIND, state__in=[JobState.FAILED, JobState.CANCELLED])
    under_way = BookImport.objects.filter(state__in=[State.WAITING, State.APPROVED]).values("pk")
    for pk, reason in ended.filter(object_id__in=under_way).values_list("object_id", "reason"):
        fail(BookImport(pk=pk), reason or _("后台任务已被取消。"))


def workspace_of(run_: BookImport) -> Path:
    return Path(settings.DATA_DIR) / "imports" / str(run_.pk)


def read(run_: BookImport, progress=lambda percent: None) -> None:
    """Read the file and keep the plan. Raises FileError when nothing of it can be read."""
    workspace = _read_anew(run_, lambda percent: progress(0.95 * percent))
    _keep_plan(run_, workspace)
    if run_.state == State.DISCARDED:
        raise _GivenUpError


def _read_anew(run_: BookImport, progress) -> Path:
    """Read into a folder of this attempt alone, which takes the workspace's place when it is complete: whoever was
    taken for dead may still be writing into another."""
    workspace = workspace_of(run_)
    own = workspace.with_name(f"{workspace.name}.{secrets.token_hex(4)}")
    own.mkdir(parents=True)
    try:
        _read_into(run_, own, progress)
        shutil.rmtree(workspace, ignore_errors=True)
        own.rename(workspace)
    finally:
        shutil.rmtree(own, ignore_errors=True)
    return workspace


def _read_into(run_: BookImport, workspace: Path, progress) -> None:
    def heard(line: str) -> None:
        word, _space, number = line.partition(" ")
        if word == "progress":
            progress(float(number))

    def read_path(path: Path) -> None:
        arguments = [run_.format or "-", str(path), str(workspace), json.dumps(run_.options)]
        sandbox.run_program(
            [sys.executable, "-m", reading.__name__, *arguments],
            on_line=heard,
            wall_seconds=READ_SECONDS,
            cpu_seconds=READ_SECONDS,
            memory_bytes=MEMORY,
            file_bytes=FILE_BYTES,
            cwd=settings.BASE_DIR,
        )

    if run_.folder:
        read_path(Path(run_.folder))
        return
    try:
        with local_path(run_.file) as path:
            # The formats look at the name too.
            named = workspace / "source" / run_.original_name[-60:]
            named.parent.mkdir()
            named.symlink_to(path)
            read_path(named)
    except FileNotFoundError as error:
        raise FileError(_("书稿文件已不在存储里，请重新上传。")) from error


def _keep_plan(run_: BookImport, workspace: Path) -> None:
    plan = plan_of(reading.items(workspace), KnownPassages(run_.book))
    _require_sense(run_, plan)
    with transaction.atomic():
        run_.problems.all().delete()
        found = (item for item in reading.items(workspace) if isinstance(item, Problem))
        ImportProblem.objects.bulk_create(
            (_problem(run_, item) for _number, item in zip(range(MOST_PROBLEMS), found, strict=False)), batch_size=500
        )
        title = run_.title or plan.title or Path(run_.original_name).stem
        waiting = BookImport.objects.filter(pk=run_.pk, state=State.WAITING)
        waiting.update(plan=asdict(plan), title=title[:255], state=State.READ, reason="")
    run_.refresh_from_db()


def _require_sense(run_: BookImport, plan: Plan) -> None:
    leaves = plan.leaves
    if not (leaves.new or leaves.same or leaves.changed or leaves.corrected or plan.characters):
        raise FileError(_("书稿里没有读到文字，也没有书页。"))
    if run_.book is not None and KnownPassages(run_.book).is_of_another_unit(plan.text_unit, plan.characters):
        raise FileError(other_unit(run_.book))


def _problem(run_: BookImport, item: Problem) -> ImportProblem:
    message = _(item.message) % item.values if item.values else _(item.message)
    return ImportProblem(
        book_import=run_, severity=item.severity, code=item.code[:40], where=item.where[:255], message=message
    )


def make(run_: BookImport, progress=lambda percent: None) -> None:
    """Store the pictures, mend the text, then make the book, or the changes of a published one. Raises FileError and
    JobError."""
    workspace = workspace_of(run_)
    if not (workspace / reading.ITEMS).exists():
        # What was read lay on another machine, or was cleaned away.
        workspace = _read_anew(run_, lambda percent: progress(0.2 * percent))
    store_pictures(run_, workspace, reading.items(workspace), lambda done: progress(20 + 60 * done))
    _mend(run_, workspace, lambda done: progress(80 + 15 * done))
    with transaction.atomic():
        run_ = BookImport.objects.select_for_update(of=("self",)).get(pk=run_.pk)
        if run_.state == State.DISCARDED:
            raise _GivenUpError
        if run_.state not in (State.APPROVED, State.READ):  # somebody else was quicker
            return
        book = run_.book or new_book(run_)
        if needs_change_set(book):
            stage(run_, book)
            return
        _let_waiting_changes_come_true(book, run_)
        _apply(run_, book, workspace)
    _forget_files(run_)


def _mend(run_: BookImport, workspace: Path, progress) -> None:
    counts = [run_.plan.get(kind, {}) for kind in ("leaves", "sections")]
    total = sum(count for each in counts for name, count in each.items() if name != "gone")
    mend_all(workspace, KnownPassages(run_.book), total, progress)


def _apply(run_: BookImport, book: BookPage, workspace: Path) -> None:
    applier = Applier(run_, book, workspace)
    report = applier.apply()
    plan = run_.plan | {"report": asdict(report), "seen": applier.seen}
    BookImport.objects.filter(pk=run_.pk).update(
        book=book, state=State.DONE, finished_at=timezone.now(), plan=plan, reason=""
    )
    log(book, ACTION_IMPORTED, user=run_.created_by, data=_told(run_))


def stage(run_: BookImport, book: BookPage) -> None:
    """Of a book that readers know: one more of the changes that wait for its publication."""
    change_set = open_change_set(book)
    if change_set is None:
        change_set = ChangeSet.objects.create(book=book, created_by=run_.created_by)
    elif change_set.state == ChangeSet.State.SUBMITTED:
        raise JobError(_("这本书的改动正待发布，请等它发布或撤回之后再导入。"))
    operation = {"do": "import", "run": run_.pk, "title": str(run_)}
    Change.objects.create(book=book, change_set=change_set, operation=operation, author=run_.created_by)
    BookImport.objects.filter(pk=run_.pk).update(state=State.STAGED)


def _let_waiting_changes_come_true(book: BookPage, run_: BookImport) -> None:
    """Of a book that was withdrawn since they were made: behind the scenes there is nothing to wait for."""
    change_set = open_change_set(book)
    if change_set is None:
        return
    manuscript = manuscript_of(book)
    Writer(manuscript, run_.created_by).write()
    apply_staged(BookPage, book, manuscript.imports)
    ChangeSet.objects.filter(pk=change_set.pk).update(state=ChangeSet.State.PUBLISHED, closed_at=timezone.now())


def apply_staged(sender, book: BookPage, runs: list[int], **kwargs) -> None:
    """In the transaction that publishes the changes of a book: the imports among them come true."""
    for run_ in BookImport.objects.filter(pk__in=runs, state=State.STAGED).order_by("pk"):
        workspace = workspace_of(run_)
        if not (workspace / MENDED).exists():
            _drop_staged(run_, _("读出的内容已不在本机，这次导入没有随书发布，请重新导入。"))
            continue
        try:
            _apply(run_, book, workspace)
        except JobError as error:  # its transaction is rolled back, the publication goes on
            _drop_staged(run_, error.reason)
            continue
        transaction.on_commit(partial(_forget_files, run_))


def _drop_staged(run_: BookImport, reason: str) -> None:
    BookImport.objects.filter(pk=run_.pk).update(state=State.FAILED, reason=reason, finished_at=timezone.now())


# --- What is left behind ------------------------------------------------------------------------------------------


def tidy(days: int = KEPT_DAYS) -> None:
    """For the timetable: give up what nobody has confirmed in so many days, and what belonged to changes that were
    discarded; clear away what is left of imports that are at their end."""
    settle()
    old = timezone.now() - timedelta(days=days)
    reason = _("%(days)d 天没有人确认，已自动放弃。") % {"days": days}
    for run_ in BookImport.objects.filter(state__in=[State.READ, State.FAILED], created_at__lt=old):
        discard(run_, reason=reason if run_.state == State.READ else run_.reason)
    dropped = Change.objects.filter(operation__do="import", change_set__state=ChangeSet.State.DISCARDED)
    runs = [operation["run"] for operation in dropped.values_list("operation", flat=True)]
    for run_ in BookImport.objects.filter(pk__in=runs, state=State.STAGED):
        discard(run_, reason=_("这本书待发布的改动已被放弃，导入随之放弃。"))
    for run_ in BookImport.objects.filter(state=State.DISCARDED).exclude(file=""):
        _clear_away(run_)
    _clear_workspaces()


def _clear_workspaces() -> None:
    """Folders of imports that need none any more, and those of attempts that were killed."""
    folder = Path(settings.DATA_DIR) / "imports"
    needed = {State.WAITING, State.READ, State.APPROVED, State.STAGED}
    alive = {str(pk) for pk in BookImport.objects.filter(state__in=needed).values_list("pk", flat=True)}
    day_ago = (timezone.now() - timedelta(days=1)).timestamp()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in alive and path.stat().st_mtime < day_ago:
            shutil.rmtree(path, ignore_errors=True)


def _clear_away(run_: BookImport) -> None:
    """What was stored for an import that came to nothing: pictures, what was read, the file."""
    discard_pictures(run_)
    _forget_files(run_)
    if run_.file:
        run_.file.storage.delete(run_.file.name)
        BookImport.objects.filter(pk=run_.pk).update(file="")


def _forget_files(run_: BookImport) -> None:
    shutil.rmtree(workspace_of(run_), ignore_errors=True)
