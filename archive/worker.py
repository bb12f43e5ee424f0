"""The one background process: it does the queued tasks and the jobs of the media assets, keeps the search index and the
public copies of pictures, and keeps the timetable."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from archive.acts.sealing import seal
from archive.importing.books.runs import tidy as tidy_imports
from archive.importing.collections.runs import tidy as tidy_inventories
from archive.letters.occasions import due
from archive.letters.post import forget as forget_letters
from archive.letters.post import send
from archive.publication import ask_for_strays
from archive.signing_in.throttling import forget
from media_assets.derivatives.batch import ask_for_missing
from media_assets.jobs import JobRunner, prune
from media_assets.preservation.fixity import nightly
from media_assets.public_copies import Publisher
from media_assets.uploading.protocol import expire as expire_uploads
from search.desk.indexing import DeskIndexer
from search.indexing import Indexer

logger = logging.getLogger(__name__)

MINUTE = 60.0
DAY = 24 * 60 * MINUTE
SEAL_SECONDS = 10.0


@dataclass
class Entry:
    """One line of the timetable: what is done, how often in seconds, and when it is due."""

    name: str
    every: float
    action: Callable[[], object]
    due: float = field(default=0.0)


def timetable() -> list[Entry]:
    """Acts are sealed every few seconds, scheduled publication and expiry each minute, letters go out each five; public
    copies that do not fit their pages, assets without display pictures, imports that nobody wants, uploads that nobody
    goes on with, and attempts to sign in that are long past, each hour; finished tasks and jobs, old sessions and the
    rows of old letters are cleared away each day."""
    return [
        Entry("publish_scheduled", MINUTE, lambda: call_command("publish_scheduled", verbosity=0)),
        Entry("seal_acts", SEAL_SECONDS, seal),
        Entry("stray_copies", 60 * MINUTE, ask_for_strays),
        Entry("missing_pictures", 60 * MINUTE, ask_for_missing),
        Entry("tidy_imports", 60 * MINUTE, tidy_imports),
        Entry("tidy_inventories", 60 * MINUTE, tidy_inventories),
        Entry("expire_uploads", 60 * MINUTE, expire_uploads),
        Entry("forget_sign_ins", 60 * MINUTE, forget),
        Entry("letters", 5 * MINUTE, lambda: send(due())),
        Entry("forget_letters", DAY, forget_letters),
        Entry("seal_late_acts", DAY, lambda: seal(everything=True)),
        Entry("prune_jobs", DAY, prune),
        Entry("prune_tasks", DAY, lambda: call_command("prune_db_task_results", verbosity=0)),
        Entry("clear_sessions", DAY, lambda: call_command("clearsessions", verbosity=0)),
    ]


def nightly_timetable(stop: threading.Event) -> list[Entry]:
    """Work of hours, in a thread of its own, so that publication keeps its time."""
    return [Entry("fixity", MINUTE, lambda: nightly(stop))]


def keep_timetable(stop: threading.Event, entries: list[Entry], clock: Callable[[], float] = time.monotonic) -> None:
    """Run what is due until told to stop. An entry that fails is logged and tried again when it is due next."""
    while not stop.is_set():
        for entry in entries:
            if clock() >= entry.due and not stop.is_set():
                entry.due = clock() + entry.every
                try:
                    close_old_connections()
                    entry.action()
                except Exception:
                    logger.exception("timetable: %s failed", entry.name)
                finally:
                    close_old_connections()
        stop.wait(1.0)


def run() -> None:
    """Work until the process is told to end (SIGTERM, SIGINT). Any of it may be killed at any moment: tasks have
    their rows, jobs too and a lease, index and public copies their outboxes, and the timetable comes round again."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=Indexer().run, args=(stop,), name="indexer", daemon=True),
        threading.Thread(target=Publisher().run, args=(stop,), name="publisher", daemon=True),
        threading.Thread(target=JobRunner().run, args=(stop,), name="jobs", daemon=True),
        threading.Thread(target=DeskIndexer().run, args=(stop,), name="desk-indexer", daemon=True),
        threading.Thread(target=keep_timetable, args=(stop, timetable()), name="timetable", daemon=True),
        threading.Thread(target=keep_timetable, args=(stop, nightly_timetable(stop)), name="night", daemon=True),
    ]
    for thread in threads:
        thread.start()
    worker = TaskWorker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
