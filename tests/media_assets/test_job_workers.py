"""Jobs with real worker processes: killed, stopped, several at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests import migrated_database

LEASE = 3.0
PATIENCE = 120.0


class Museum:
    """A database with scans that were never stored, and the processes that do the jobs on them."""

    def __init__(self, folder: Path):
        self.database, self.log, self.processes = folder / "museum.sqlite3", folder / "log", []
        shutil.copy(migrated_database.path(), self.database)
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "settings.base",
        }

    def ask(self, count: int) -> None:
        script = (
            "import django; django.setup()\n"
            "from media_assets import jobs\n"
            "from media_assets.models import Scan\n"
            "scans = [Scan(file='originals/aa/x.jpg', width=1, height=1) for _ in range(COUNT)]\n"
            "Scan.objects.bulk_create(scans)\n"
            "jobs.ask_for('probe', 'scan', Scan.objects.values_list('pk', flat=True))\n"
        ).replace("COUNT", str(count))
        subprocess.run([sys.executable, "-c", script], env=self.environment, check=True)

    def work(self, seconds: float) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.media_assets.job_worker", str(self.log), str(seconds), str(LEASE)]
        process = subprocess.Popen(command, env=self.environment)
        self.processes.append(process)
        return process

    def jobs(self) -> list[tuple]:
        with closing(sqlite3.connect(self.database, timeout=10)) as database:
            return database.execute("SELECT state, attempts, percent FROM media_assets_job ORDER BY id").fetchall()

    def said(self, word: str) -> Counter:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return Counter(line.split()[1] for line in lines if line.startswith(word))

    def wait_until(self, condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, (self.jobs(), self.log.read_text() if self.log.exists() else "")
            time.sleep(0.1)

    def are_done(self) -> bool:
        return all(state == "done" for state, _attempts, _percent in self.jobs())


@pytest.fixture
def museum(tmp_path, db):
    if connection.vendor != "sqlite":
        pytest.skip("the processes share a database file")
    made = Museum(tmp_path)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


def test_the_job_of_a_worker_that_was_killed_is_taken_over_after_its_lease(museum):
    museum.ask(1)
    first = museum.work(60)
    museum.wait_until(lambda: museum.said("begin"))
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed_at = time.monotonic()

    museum.work(0.1)
    museum.wait_until(museum.are_done)

    assert time.monotonic() - killed_at >= LEASE - 1
    assert museum.jobs() == [("done", 2, 100.0)]
    assert museum.said("end") == {"1": 1}


def test_a_worker_that_is_stopped_hands_its_job_back_at_once(museum):
    museum.ask(1)
    first = museum.work(60)
    museum.wait_until(lambda: museum.said("begin"))
    first.send_signal(signal.SIGTERM)

    assert first.wait(timeout=60) == 0
    assert museum.jobs() == [("waiting", 0, 0.0)]

    museum.work(0.1)
    museum.wait_until(museum.are_done)
    assert museum.jobs() == [("done", 1, 100.0)]


def test_two_workers_do_each_of_fifty_jobs_once(museum):
    museum.work(0.05)
    museum.work(0.05)
    museum.wait_until(lambda: museum.said("ready")["0"] == 2)
    museum.ask(50)
    museum.wait_until(museum.are_done)

    assert museum.said("begin") == museum.said("end") == {str(number): 1 for number in range(1, 51)}
    workers = {line.split()[2] for line in museum.log.read_text().splitlines() if line.startswith("begin")}
    assert len(workers) == 2, "both took part"
    assert {attempts for _state, attempts, _percent in museum.jobs()} == {1}


def test_a_job_that_kills_every_worker_is_given_up(museum):
    museum.ask(1)
    for number in range(1, 4):
        worker = museum.work(60)
        museum.wait_until(lambda number=number: museum.said("begin")["1"] == number)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    museum.work(0.1)
    museum.wait_until(lambda: museum.jobs()[0][0] == "failed")

    with closing(sqlite3.connect(museum.database)) as database:
        (reason,) = database.execute("SELECT reason FROM media_assets_job").fetchone()
    assert "几次被终止" in reason
    assert not museum.said("end")
