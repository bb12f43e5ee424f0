"""Work on assets that takes longer than a request may: asked for with the change that needs it, done by the worker.

    register("pyramid", _("深度缩放"), make_pyramid)    # in apps.ready()
    ask("pyramid", image)                               # in the transaction of the change

A handler is idempotent (what was made from the present file is not made again), writes files first and rows in one
short transaction, and holds no transaction while it works. It may be killed at any moment: the row is taken over when
its lease has run out. The memory of what is decoded is bounded where it is decoded, in a process of its own.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from .file_errors import FileError, UnshownFile
from .models import Batch, Job, JobState
from .models.job import KINDS, LEASE
from .storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

WRITE_EVERY = 2.0  # seconds between two writings of one job's progress
HEARTBEAT_EVERY = LEASE.total_seconds() / 4
AT_ONCE = 8  # rows that a worker looks up at a time
MOST_ABANDONED = 3
IN_PLACE_ROUNDS = 3


class JobError(Exception):
    """The work cannot be done, now or later; `reason` is a sentence for the editor."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = str(reason)


class JobLost(Exception):  # noqa: N818 -- news, not an error: somebody else has it now
    """The job is no longer ours: its lease ran out, its time is up, or its asset is gone."""


class JobStopped(Exception):  # noqa: N818
    """The worker is told to stop; what was begun is begun anew by the next one."""


@dataclass(frozen=True)
class Kind:
    """A kind of work. `wall_seconds` is the longest that one job may take; `is_long` sends it to the worker for what
    takes minutes, so that pictures do not wait for films."""

    name: str
    label: str
    run: Callable[["Work"], None]
    max_attempts: int
    wall_seconds: float
    is_long: bool


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    label: str,
    run: Callable[["Work"], None],
    *,
    max_attempts: int = 3,
    wall_seconds: float = 1800,
    is_long: bool = False,
) -> None:
    """Make a kind of work known. What is registered first is done first. `run` raises JobError or intake.FileError
    for what will never succeed; StorageUnavailableError is waited out; anything else is tried `max_attempts` times."""
    _kinds[kind] = Kind(kind, label, run, max_attempts, wall_seconds, is_long)


def unregister(kind: str) -> None:
    _kinds.pop(kind, None)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def label_of(kind: str) -> str:
    return str(_kinds[kind].label) if kind in _kinds else kind


# --- Asking ---------------------------------------------------------------------------------------------------


def ask(kind: str, asset, *, batch: Batch | None = None) -> None:
    """Have this made of the asset, once the caller's transaction is committed. Asking twice is asking once; asking
    for what is being made has it made once more afterwards."""
    ask_for(kind, KINDS[type(asset)], [asset.pk], batch=batch)


def ask_for(kind: str, asset_kind: str, ids: Iterable[int], *, batch: Batch | None = None) -> None:
    """The same for many of one kind of asset, 500 a query."""
    if not getattr(settings, "MEDIA_JOBS_IN_PLACE", False):
        Job.objects.ask(kind, asset_kind, ids, batch=batch)
        return
    ids = list(ids)
    Job.objects.ask(kind, asset_kind, ids, batch=batch)
    for pk in ids:
        _do_in_place(Job.objects.filter(kind=kind, asset_kind=asset_kind, object_id=pk))


def _do_in_place(rows) -> None:
    """Without a worker. Whoever asks for work that is under way in this very call has it done once more."""
    for _round in range(IN_PLACE_ROUNDS):
        job = rows.filter(state=JobState.WAITING, retry_at=None).first()
        if job is None or not job.take():
            return
        perform(Work(job))


# --- Doing ----------------------------------------------------------------------------------------------------


class Work:
    """One job in the hands of one worker: `job`, its `asset`, and the way to say how far it is."""

    def __init__(self, job: Job, stop: threading.Event | None = None):
        self.job = job
        self.asset = job.asset()
        self.began = time.monotonic()
        self.is_lost = False
        self._stop = stop
        self._written = self._heard = self.began

    def progress(self, percent: float) -> None:
        """How far it is, 0 to 100. To be called often: it renews the lease, and writes every other second at most.

        Raises JobLost when the job is no longer ours, JobStopped when the worker is to end.
        """
        if self._stop is not None and self._stop.is_set():
            raise JobStopped
        if self.is_lost:
            raise JobLost(str(self.job))
        if time.monotonic() - self._written >= WRITE_EVERY:
            self._written = time.monotonic()
            self.heartbeat(min(max(percent, 0.0), 100.0))
            if self.is_lost:
                raise JobLost(str(self.job))

    def heartbeat(self, percent: float | None = None) -> None:
        """Renew the lease. A database that is busy just now does not stop the work."""
        self._heard = time.monotonic()
        try:
            self.is_lost = self.is_lost or not self.job.renew(percent)
        except OperationalError:
            if connection.in_atomic_block:
                raise
            logger.warning("job %s: the lease could not be renewed just now", self.job, exc_info=True)

    def watch(self) -> None:
        """What the worker does beside it: keeps the lease while the handler is silent."""
        if not self.is_lost and time.monotonic() - self._heard >= HEARTBEAT_EVERY:
            self.heartbeat()


def perform(work: Work) -> None:
    """Do a job that was taken, and note how it went. Raises only what the database raises."""
    job = work.job
    kind = _kinds[job.kind]
    if work.asset is None:
        Job.objects.filter(pk=job.pk, claim=job.claim).delete()
        return
    if job.attempts > kind.max_attempts:
        job.fail(job.reason or _("处理中断：后台进程在处理这件文件时几次被终止，可能是内存不足。"))
        return
    try:
        kind.run(work)
    except JobLost:
        logger.info("job %s is in other hands", job)
    except JobStopped:
        job.hand_back()
    except UnshownFile as error:  # nothing failed and nothing can be done: the asset says what it is
        logger.info("job %s: %s", job, error.reason)
        job.finish()
    except (JobError, FileError) as error:
        logger.warning("job %s: %s", job, error.reason)
        job.fail(error.reason)
    except StorageUnavailableError as error:
        logger.warning("job %s waits: %s", job, error)
        job.wait_for_storage(_("%(reason)s，稍后自动再试。") % {"reason": error.reason})
    except OperationalError as error:
        logger.warning("job %s waits for the database", job, exc_info=True)
        job.wait_for_storage(_("数据库正忙，稍后自动再试（%(error)s）。") % {"error": error})
    except Exception as error:
        logger.exception("job %s", job)
        reason = _("出错：%(error)s") % {"error": error or type(error).__name__}
        (job.fail if job.attempts >= kind.max_attempts else job.put_off)(reason)
    else:
        job.finish()


def next_jobs(names: Iterable[str], count: int = AT_ONCE) -> list[Job]:
    """What can be taken now: what dead workers left, then what a person waits for before what belongs to a batch, kind
    by kind. However much waits, each question is answered by an index from its first row."""
    names = list(names)
    found = list(Job.objects.abandoned().filter(kind__in=names)[:count])
    if not Job.objects.filter(state=JobState.WAITING).exists():
        return found
    for in_batch in (False, True):
        for name in names:
            if len(found) < count:
                waiting = Job.objects.due().filter(kind=name, batch__isnull=not in_batch)
                found += waiting.order_by("pk")[: count - len(found)]
    return found


def drain(limit: int = 200, *, names: Iterable[str] | None = None) -> int:
    """Do what is due here and now, at most so many, of these kinds or of all; how many were taken."""
    done, names = 0, list(names or _kinds)
    while done < limit and (found := next_jobs(names, min(AT_ONCE, limit - done))):
        for job in found:
            if job.take():
                work = Work(job)
                with _heart(work):
                    perform(work)
                done += 1
    return done


@contextmanager
def _heart(work: Work) -> Iterator[None]:
    """Keeps the lease while the handler is silent; not inside a transaction, which nobody else could see."""
    if connection.in_atomic_block:
        yield
        return
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT_EVERY):
            work.heartbeat()
            close_old_connections()

    thread = threading.Thread(target=_with_own_connection, args=(beat,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _with_own_connection(action: Callable[[], None]) -> None:
    try:
        action()
    finally:
        connection.close()


def prune(days: int = 30) -> None:
    """Forget what was done or cancelled so long ago, and batches of which nothing is left. Failures stay."""
    old = timezone.now() - timedelta(days=days)
    Job.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=old).delete()
    Batch.objects.filter(jobs=None, created_at__lt=old).delete()


# --- The worker -----------------------------------------------------------------------------------------------


class _Hand(threading.Thread):
    """A thread that does one job after the other, of some kinds."""

    def __init__(self, number: int, stop: threading.Event, poll: float, *, is_long: bool):
        super().__init__(name=f"jobs-{'long-' if is_long else ''}{number}", daemon=True)
        self.number, self.is_long = number, is_long
        self.work: Work | None = None
        self.is_abandoned = False
        self._stop_event, self._poll = stop, poll

    def run(self) -> None:
        failures = 0
        while not self._ended():
            try:
                pause = 0.0 if self._round() else self._poll
                failures = 0
            except Exception:
                failures += 1
                pause = min(self._poll * 2**failures, 30.0)
                logger.exception("jobs: next attempt in %.1f s", pause)
            finally:
                self.work = None
                close_old_connections()
            self._stop_event.wait(pause)

    def _ended(self) -> bool:
        return self.is_abandoned or self._stop_event.is_set()

    def _round(self) -> int:
        done = 0
        for job in next_jobs([kind.name for kind in kinds() if kind.is_long == self.is_long]):
            if self._ended():
                break
            if job.take():
                self.work = Work(job, self._stop_event)
                perform(self.work)
                self.work = None
                done += 1
        return done


class JobRunner:
    """The worker's loop: threads that do the jobs, `MEDIA_JOB_WORKERS` of them for short work and one for long, and
    a watch over them that keeps their leases and ends what takes too long."""

    def __init__(self, workers: int | None = None, poll: float = 1.0) -> None:
        self._workers = workers or getattr(settings, "MEDIA_JOB_WORKERS", 1)
        self._poll = poll
        self._abandoned: list[_Hand] = []

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then what is under way is handed back at its next sign of progress."""
        hands = [_Hand(number, stop, self._poll, is_long=False) for number in range(self._workers)]
        hands.append(_Hand(0, stop, self._poll, is_long=True))
        for hand in hands:
            hand.start()
        while not stop.wait(min(1.0, self._poll)):
            try:
                hands = [self._watched(hand, stop) for hand in hands]
            except Exception:
                logger.exception("jobs: the watch")
            finally:
                close_old_connections()
        for hand in hands:
            hand.join(timeout=8)

    def _watched(self, hand: _Hand, stop: threading.Event) -> _Hand:
        work = hand.work
        if work is None:
            return hand
        kind = _kinds[work.job.kind]
        if time.monotonic() - work.began < kind.wall_seconds or hand.is_abandoned:
            work.watch()
            return hand
        self._abandoned = [other for other in self._abandoned if other.is_alive()]
        if not work.is_lost:
            _out_of_time(work, kind)
        if len(self._abandoned) >= MOST_ABANDONED:
            return hand  # this one too must come back by itself before there is another
        hand.is_abandoned = True
        self._abandoned.append(hand)
        successor = _Hand(hand.number, stop, self._poll, is_long=hand.is_long)
        successor.start()
        return successor


def _out_of_time(work: Work, kind: Kind) -> None:
    work.is_lost = True
    logger.error("job %s: not done in %d s; given up", work.job, kind.wall_seconds)
    reason = _("超过 %(minutes)d 分钟没有做完，已停止。") % {"minutes": max(1, round(kind.wall_seconds / 60))}
    (work.job.fail if work.job.attempts >= kind.max_attempts else work.job.put_off)(reason)
