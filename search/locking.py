"""One process writes the index at a time: a lock of the operating system, which ends with its process."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_POLL = 0.05  # seconds


class IndexerBusyError(Exception):
    """Another process, or another thread of this one, is writing the index."""


@contextmanager
def indexer_lock(timeout: float = 0) -> Iterator[None]:
    """Hold the indexer's lock, waiting up to `timeout` seconds for it. Raises IndexerBusyError.

    A lock of `flock` on a file in the index folder: it is gone when its holder is, however it ended, and two
    threads of one process exclude each other too. The folder must be on a local disk, as the index must.
    """
    directory = Path(settings.SEARCH["DIR"])
    directory.mkdir(parents=True, exist_ok=True)
    with file_lock(directory / "indexer.lock", timeout):
        yield


@contextmanager
def file_lock(path: Path, timeout: float = 0) -> Iterator[None]:
    """Hold the lock of one file, as `indexer_lock` does. Raises IndexerBusyError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, time.monotonic() + timeout)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise IndexerBusyError("another process is writing the search index") from None
        time.sleep(_POLL)
