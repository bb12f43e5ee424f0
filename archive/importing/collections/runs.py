"""Imports of inventories from beginning to end: each step is asked for by a person and done by the worker.

WAITING → MAPPING (columns) → PLANNING → PLANNED (looked at) → APPROVED → DONE → UNDOING → UNDONE. All that is needed to
go on lies in the database, so any machine can.
"""

import secrets
import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from archive.models import Inventory, InventoryMapping, InventoryRow
from archive.models.inventories import UNDOABLE_FOR
from media_assets import jobs, sandbox
from media_assets.file_errors import FileError, RefusedFile
from media_assets.intake import clean_name
from media_assets.jobs import JobError, Work
from media_assets.local_copies import local_path
from media_assets.models import Job, JobState
from media_assets.models.job import register_subject

from . import reading
from .apply import Applier
from .columns import fingerprint, propose
from .plan import is_wanted, plan
from .undo import undo
from .vocabulary import CREATE, MODELS, OMIT

KIND = SUBJECT = "inventory"
ACTION_STARTED, ACTION_IMPORTED, ACTION_UNDONE = (f"archive.inventory.{did}" for did in ("start", "make", "undo"))
State = Inventory.State
UNCONFIRMED_FOR = timedelta(days=30)
MAX_BYTES = 64 * 1024**2
_SECONDS = 1800
_MEMORY = 2 * 1024**3
_FILE_BYTES = 1024**3
_AT_ONCE = 500
_WORKING = (State.WAITING, State.PLANNING, State.APPROVED, State.UNDOING)


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(SUBJECT, Inventory)
    jobs.register(KIND, gettext_lazy("清册导入"), run, max_attempts=5, wall_seconds=8 * 3600, is_long=True)


# --- What a person does -------------------------------------------------------------------------------------------


def start(file: File, user, *, parent, kind: str, encoding: str = "") -> Inventory:
    """Take a file in, to be read by the worker."""
    inventory = Inventory(created_by=user, parent=parent, kind=kind, encoding=encoding)
    inventory.original_name, inventory.file_size = clean_name(file.name), file.size
    inventory.file.save(inventory.original_name, file, save=False)
    try:
        with transaction.atomic():
            inventory.save()
            log(inventory, ACTION_STARTED, user=user, data={"file": inventory.original_name})
            _ask(inventory)
    except BaseException:
        inventory.file.storage.delete(inventory.file.name)
        raise
    return inventory


def _ask(inventory: Inventory) -> None:
    jobs.ask_for(KIND, SUBJECT, [inventory.pk])


def _step(inventory: Inventory, sources: tuple, target: str, **values) -> bool:
    """From one of the states to the next, and have the worker do it; False when it is in none of them."""
    with transaction.atomic():
        waiting = Inventory.objects.filter(pk=inventory.pk, state__in=sources)
        if not waiting.update(state=target, reason="", rows_done=0, pace={}, **values):
            return False
        _ask(inventory)
    inventory.refresh_from_db()
    return True


def map_columns(inventory: Inventory, columns: list[str], choices: dict | None = None) -> bool:
    """Say what the columns are, and what is to become of names that are not known; the plan is then made anew."""
    values = {"columns": columns} | ({"choices": choices} if choices is not None else {})
    if not _step(inventory, (State.MAPPING, State.PLANNED), State.PLANNING, **values):
        return False
    mark = fingerprint(inventory.headings)
    InventoryMapping.objects.update_or_create(fingerprint=mark, defaults={"columns": columns})
    return True


def approve(inventory: Inventory, user=None) -> bool:
    approved = _step(inventory, (State.PLANNED,), State.APPROVED)
    if approved:
        log(inventory, ACTION_IMPORTED, user=user, data=inventory.plan.get("counts"))
    return approved


def may_take_back(inventory: Inventory) -> bool:
    """Whether anything was applied that can be undone; also of an import that broke off half-way."""
    if inventory.state == State.DONE:
        return True
    return inventory.state == State.FAILED and inventory.rows.filter(is_done=True).exists()


def take_back(inventory: Inventory, user=None) -> bool:
    """Undo it as a whole."""
    undoing = may_take_back(inventory) and _step(inventory, (State.DONE, State.FAILED), State.UNDOING)
    if undoing:
        log(inventory, ACTION_UNDONE, user=user)
    return undoing


def retry(inventory: Inventory) -> bool:
    """Do the step that failed once more, from where it broke off."""
    return inventory.state == State.FAILED and _step(inventory, (State.FAILED,), inventory.failed_in or State.WAITING)


@transaction.atomic
def discard(inventory: Inventory) -> bool:
    """Give up what has not been applied; its rows and its file go."""
    inventory = Inventory.objects.select_for_update(of=("self",)).get(pk=inventory.pk)
    if inventory.state not in (State.WAITING, State.MAPPING, State.PLANNING, State.PLANNED, State.FAILED):
        return False
    if inventory.rows.filter(is_done=True).exists():
        return False
    Inventory.objects.filter(pk=inventory.pk).update(state=State.DISCARDED, finished_at=timezone.now(), file="")
    Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=inventory.pk).cancel()
    inventory.rows.all().delete()
    name, storage = inventory.file.name, inventory.file.storage
    transaction.on_commit(lambda: storage.delete(name) if name else None)
    return True


# --- What the worker does -----------------------------------------------------------------------------------------


def run(work: Work) -> None:
    """The job: whatever the state asks for."""
    inventory: Inventory = work.asset
    try:
        perform(inventory, work.progress)
    except _GivenUpError:
        return
    except (FileError, JobError) as error:
        fail(inventory, error.reason)
        raise


class _GivenUpError(Exception):
    """A person has given the import up while it was under way."""


class _Pace:
    """Keeps how far a step is with it, so that whoever looks can reckon: rows done, of how many, since when in this
    attempt and from which row. Asks now and then whether anybody still wants it. Raises _GivenUpError if not."""

    def __init__(self, inventory: Inventory, progress: Callable[[float], None]):
        self._inventory, self._progress = inventory, progress
        self._began, self._written, self._first = timezone.now(), 0.0, -1

    def __call__(self, done: int, total: int) -> None:
        self._progress(100 * done / max(total, 1))
        if self._first >= 0 and time.monotonic() - self._written < jobs.WRITE_EVERY:
            return
        self._first = done if self._first < 0 else self._first
        self._written = time.monotonic()
        pace = {"began": self._began.timestamp(), "from": self._first, "total": total}
        wanted = Inventory.objects.filter(pk=self._inventory.pk, state=self._inventory.state)
        if not wanted.update(rows_done=done, pace=pace):
            raise _GivenUpError


def perform(inventory: Inventory, progress: Callable[[float], None]) -> None:
    """The step that is due, from where it was left. Raises FileError and JobError."""
    step = {State.WAITING: _read, State.PLANNING: _plan, State.APPROVED: _apply, State.UNDOING: _undo}.get(
        inventory.state
    )
    if step is not None:
        step(inventory, progress)
        inventory.refresh_from_db()


def fail(inventory: Inventory, reason: str) -> None:
    current = Inventory.objects.filter(pk=inventory.pk, state__in=_WORKING)
    state = current.values_list("state", flat=True).first()
    current.update(state=State.FAILED, failed_in=state or "", reason=reason, finished_at=timezone.now())


def settle() -> None:
    """Imports whose job was given up have failed with it."""
    ended = Job.objects.filter(kind=KIND, state__in=[JobState.FAILED, JobState.CANCELLED])
    under_way = Inventory.objects.filter(state__in=_WORKING).values("pk")
    for pk, reason in ended.filter(object_id__in=under_way).values_list("object_id", "reason"):
        fail(Inventory(pk=pk), reason or _("后台任务已被取消。"))


def _done(inventory: Inventory, source: str, target: str, **values) -> None:
    Inventory.objects.filter(pk=inventory.pk, state=source).update(state=target, finished_at=timezone.now(), **values)


def _read(inventory: Inventory, progress) -> None:
    workspace = Path(settings.DATA_DIR) / "inventories" / f"{inventory.pk}.{secrets.token_hex(4)}"
    workspace.mkdir(parents=True)
    try:
        _read_into(inventory, workspace)
        progress(50)
        _keep(inventory, workspace)
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _read_into(inventory: Inventory, workspace: Path) -> None:
    try:
        with local_path(inventory.file) as stored:
            # The workbook reader looks at the name too.
            path = workspace / f"source-{inventory.original_name[-60:]}"
            path.symlink_to(stored)
            sandbox.run_program(
                [sys.executable, "-m", reading.__name__, str(path), str(workspace), inventory.encoding or "-"],
                on_line=lambda line: None,
                wall_seconds=_SECONDS,
                cpu_seconds=_SECONDS,
                memory_bytes=_MEMORY,
                file_bytes=_FILE_BYTES,
                cwd=settings.BASE_DIR,
            )
    except FileNotFoundError as error:
        raise FileError(_("清册文件已不在存储里，请重新上传。")) from error


def _keep(inventory: Inventory, workspace: Path) -> None:
    """The rows, some hundred in a transaction: other writers wait for none of them long."""
    headings, notes, count = [], [], 0
    while inventory.rows.filter(pk__in=list(inventory.rows.values_list("pk", flat=True)[:_AT_ONCE])).delete()[0]:
        pass
    lines = reading.lines(workspace)
    while chunk := list(islice(lines, _AT_ONCE)):
        rows = []
        for line in chunk:
            if "headings" in line:
                headings = line["headings"]
            elif "note" in line:
                where, message, values = line["note"]
                notes.append(f"{where} {_(message) % values if values else _(message)}".strip())
            else:
                cells = line["cells"][: len(headings)]
                rows.append(InventoryRow(inventory=inventory, number=line["row"], sheet=line["sheet"], cells=cells))
        with transaction.atomic():
            if not is_wanted(inventory):
                return
            InventoryRow.objects.bulk_create(rows)
        count += len(rows)
    if not count:
        raise RefusedFile(_("清册里只有列名，列名之下没有内容。"))
    remembered = InventoryMapping.objects.filter(fingerprint=fingerprint(headings)).first()
    values = {
        "headings": headings,
        "columns": remembered.columns if remembered else propose(headings),
        "plan": {"read": {"rows": count, "notes": notes, "remembered": remembered is not None}},
    }
    _done(inventory, State.WAITING, State.MAPPING, **values)


def _plan(inventory: Inventory, progress) -> None:
    if inventory.parent is None:
        raise JobError(_("放置新页面的地方已不在。"))
    report = plan(inventory, _Pace(inventory, progress))
    _done(inventory, State.PLANNING, State.PLANNED, plan={"read": inventory.plan.get("read", {})} | report)


def _apply(inventory: Inventory, progress) -> None:
    Applier(inventory, _Pace(inventory, progress)).apply()
    _done(inventory, State.APPROVED, State.DONE)


def _undo(inventory: Inventory, progress) -> None:
    report = undo(inventory, _Pace(inventory, progress))
    _done(inventory, State.UNDOING, State.UNDONE, plan=inventory.plan | {"undone": report}, made={})


# --- What is left behind ------------------------------------------------------------------------------------------


def tidy() -> None:
    """For the timetable: give up what nobody has confirmed in `UNCONFIRMED_FOR`; let go of the files and the tables of
    what cannot be undone any more, and of what was undone or given up."""
    settle()
    now = timezone.now()
    stale = (State.MAPPING, State.PLANNED, State.FAILED)
    for inventory in Inventory.objects.filter(state__in=stale, created_at__lt=now - UNCONFIRMED_FOR):
        discard(inventory)
    for inventory in Inventory.objects.filter(state=State.DONE, finished_at__lt=now - UNDOABLE_FOR):
        _let_go(inventory, State.DONE, State.CLOSED)
    for inventory in Inventory.objects.filter(state=State.UNDONE, finished_at__lt=now - UNCONFIRMED_FOR).exclude(
        file=""
    ):
        _let_go(inventory, State.UNDONE, State.UNDONE)


def _let_go(inventory: Inventory, source: str, target: str) -> None:
    """What stays of a row that made or changed a page is its key: by it the row is known when it comes again."""
    name, storage = inventory.file.name, inventory.file.storage
    if not Inventory.objects.filter(pk=inventory.pk, state=source).update(state=target, file=""):
        return
    rows = inventory.rows.order_by("pk")
    while lot := list(rows.exclude(is_done=True, page__isnull=False).values_list("pk", flat=True)[:_AT_ONCE]):
        InventoryRow.objects.filter(pk__in=lot).delete()
    while lot := list(rows.exclude(cells=[]).values_list("pk", flat=True)[:_AT_ONCE]):
        emptied = {"cells": [], "before": {}, "wrote": {}, "changes": [], "problems": [], "title": ""}
        InventoryRow.objects.filter(pk__in=lot).update(**emptied)
    if name:
        storage.delete(name)


# --- What is shown ------------------------------------------------------------------------------------------------


def problems(inventory: Inventory):
    """Every problem: (row number, sheet, column letter and heading, sentence), in order; streamed."""
    rows = inventory.rows.exclude(problems=[]).order_by("pk").values_list("number", "sheet", "problems")
    for number, sheet, found in rows.iterator(chunk_size=500):
        for at, sentence in found:
            yield number, sheet, column_name(inventory, at), sentence


def column_name(inventory: Inventory, at: int) -> str:
    return inventory.headings[at] if 0 <= at < len(inventory.headings) else ""


def first_rows(inventory: Inventory, count: int = 5) -> list[list[str]]:
    return list(islice(inventory.rows.values_list("cells", flat=True)[:count], count))


def create_all(do: bool = True) -> dict:
    """Choices that make a record of every name that is not known, or leave them all out."""
    return {field: {"": CREATE if do else OMIT} for field in MODELS}
