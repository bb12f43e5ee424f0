"""A worker process for the tests of jobs: does "probe" jobs on a museum of its own.

    DATABASE_URL=… python -m tests.media_assets.job_worker LOG SECONDS LEASE

Each job writes `begin PK PID` and `end PK PID` to LOG and takes SECONDS, saying how far it is ten times a second.
"""

import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from media_assets import jobs  # noqa: E402 -- after the apps are ready
from media_assets.models import job as job_module  # noqa: E402


def main(log: str, seconds: float, lease: float) -> None:
    job_module.LEASE = timedelta(seconds=lease)
    jobs.HEARTBEAT_EVERY = lease / 4

    def note(word: str, work: jobs.Work) -> None:
        with Path(log).open("a") as file:
            file.write(f"{word} {work.job.object_id} {os.getpid()}\n")

    def probe(work: jobs.Work) -> None:
        note("begin", work)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            work.progress(50)
            time.sleep(min(0.1, seconds))
        note("end", work)

    jobs.register("probe", "probe", probe, max_attempts=3)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    with Path(log).open("a") as file:
        file.write(f"ready 0 {os.getpid()}\n")
    jobs.JobRunner(poll=0.05).run(stop)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
