"""A museum of its own, started as a newcomer starts it, and how the Chromium that visits it is started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .postgresql import free_port

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Museum:
    """A running museum: where it is and where its data lie."""

    address: str
    folder: Path


def environment_of(folder: Path) -> dict[str, str]:
    """What the museum's own commands are run with, on the data in that folder and on nothing of the developer's."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "DATABASE_URL")}
    return environment | {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "settings.base",
        "READING_ROOM_NETWORKS": "",
    }


@contextlib.contextmanager
def running(folder: Path, **settings: str) -> Iterator[Museum]:
    """`manage.py start`, with the demonstration where the folder is empty; stopped by its process group. `settings`
    are further environment variables.

    Raises RuntimeError, with the end of its log, when it does not become ready.
    """
    port = free_port()
    environment = environment_of(folder) | {"PORT": str(port)} | settings
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own manage.py
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", process, folder / "log")
        yield Museum(f"http://127.0.0.1:{port}", folder)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait(address: str, process: subprocess.Popen, log: Path, patience: float = 600) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the museum did not start:\n{log.read_text()[-4000:]}")
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 -- our own address
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"the museum did not become ready:\n{log.read_text()[-4000:]}")
