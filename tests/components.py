"""Parts of the machine that some tests need: found, or skipped by name with how to get them."""

import os
import shutil
from pathlib import Path

import pytest

SHARED_DATA = Path(os.environ.get("MUSEUM_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def missing(name: str, remedy: str) -> None:
    """Skip the running test because `name` is not there; with REQUIRE_ALL=1 fail it."""
    reason = f"{name} 不在此机器上：{remedy}"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def chromium() -> str:
    """The path of a Chromium that can be driven."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if mac.exists():
        return str(mac)
    missing("Chromium", "Debian/Ubuntu：apt-get install chromium；macOS：安装 Google Chrome")
    raise AssertionError("unreachable")


def postgresql_bin() -> Path | None:
    """The folder with everything that starts a PostgreSQL server, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    found.sort(key=lambda folder: int(folder.parts[-2]), reverse=True)
    if path := shutil.which("pg_ctl"):
        found.append(Path(path).parent)
    programs = ("initdb", "pg_ctl", "createdb")
    return next((folder for folder in found if all((folder / program).exists() for program in programs)), None)
