"""One migrated SQLite database, kept between runs and copied into each test process."""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KEPT_SECONDS = 24 * 3600
ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(tempfile.gettempdir()) / f"museum-migrated-{os.getuid()}"


def fingerprint() -> str:
    """Changes with our migrations, with the pinned packages that bring theirs, and with this checkout."""
    digest = hashlib.sha256(str(ROOT).encode() + sys.version.encode())
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), *sorted(ROOT.glob("*/*/migrations/*.py"))]:
        digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "requirements.txt").read_bytes())
    digest.update((ROOT / "settings" / "base.py").read_bytes())
    return digest.hexdigest()[:24]


def path() -> Path:
    """The migrated database, made now if it is not there. Test processes that start together make it once."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    made = KEPT / f"{fingerprint()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in KEPT.glob("*.sqlite3*"):
                if time.time() - old.stat().st_mtime > KEPT_SECONDS:  # another checkout's tests may be about to copy it
                    old.unlink()
            _migrate(made)
    return made


def _migrate(target: Path) -> None:
    """In a process of its own, into a file that gets its name only when it is complete."""
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{unfinished}", "DJANGO_SETTINGS_MODULE": "settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603 -- our own manage.py
    with sqlite3.connect(unfinished) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    unfinished.rename(target)


def restore_into(connection) -> None:
    """Make Django's connection that of an in-memory test database with everything migrated."""
    connection.close()
    name = connection.creation._get_test_db_name()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    source = sqlite3.connect(f"{path().as_uri()}?mode=ro", uri=True)
    source.backup(connection.connection)
    source.close()
