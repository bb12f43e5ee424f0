"""Whether anything at all was committed to the database since a moment ago: asked of the database itself, for a
hundredth of what it costs to ask it a question anew. Unlike a time, it lets an answer be remembered and still be true.
"""

import os
import sqlite3
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from django.db import connection

Mark = tuple
"""Equal marks: the same database, to the last row. Different ones: something was committed between them."""


class _SqliteMarks:
    """`PRAGMA data_version` on a connection of its own, which never writes: it changes with every commit of any other
    connection of any process, and may be compared on the same connection only."""

    def __init__(self):
        self._lock, self._connection, self._owner = Lock(), None, None

    def now(self, path: str) -> Mark | None:
        with self._lock:
            try:
                there = Path(path).stat()  # another file may have been put in its place, as by whoever restores a copy
                owner = (os.getpid(), path, there.st_dev, there.st_ino)
                if self._owner != owner:
                    self._connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, check_same_thread=False)
                    self._owner = owner
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error):
                self._owner = None
                return None
        return (*owner, version)


_sqlite = _SqliteMarks()


def mark() -> Mark | None:
    """The present mark, or None where there is none to be had: inside a transaction, in which the database looks
    otherwise than from outside, in a database in memory, on an engine that cannot tell."""
    if connection.in_atomic_block:
        return None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # All of it: a transaction that began earlier may be committed without the highest number changing.
            cursor.execute("SELECT pg_current_snapshot()::text")
            return tuple(cursor.fetchone())
    return _sqlite.now(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None
