"""Fixity beside `sha256sum`: the same files read by both, on a folder of their own and in one process each.

    python -m tests.benchmarks.fixity [FILES] [KIBIBYTES_EACH] [LARGE_MEBIBYTES]

Prints JSON: for many small files (the scans of a collection) and one large one (a film), the seconds of each, how much
longer ours took, MiB a second, and the peak memory of the museum's process. Files are written anew before each run, so
that both read from the same warm cache; nothing is left behind.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIB = 1024 * 1024


def main(files: int = 2000, kibibytes: int = 600, large: int = 1024) -> dict:
    return {"small": compared(files, kibibytes * 1024), "large": compared(1, large * MIB)}


def compared(count: int, size: int) -> dict:
    folder = Path(tempfile.mkdtemp(prefix="fixity-"))
    try:
        told = environment(folder)
        in_a_process("prepare", told, str(count), str(size))
        plain = min(sha256sum(folder) for _round in range(3))
        ours = min((in_a_process("check", told) for _round in range(3)), key=lambda run: run["seconds"])
    finally:
        shutil.rmtree(folder)
    total = count * size / MIB
    return {
        "files": count,
        "mebibytes": round(total),
        "sha256sum_seconds": round(plain, 2),
        "check_fixity_seconds": round(ours["seconds"], 2),
        "times": round(ours["seconds"] / plain, 2),
        "mebibytes_a_second": round(total / ours["seconds"]),
        "peak_mebibytes": ours["peak"],
    }


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'museum.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "settings.base",
        "STORAGE": "local",
    }


def in_a_process(what: str, told: dict[str, str], *arguments: str) -> dict:
    command = [sys.executable, "-m", "tests.benchmarks.fixity", what, *arguments]
    done = subprocess.run(command, env=told, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def sha256sum(folder: Path) -> float:
    """Seconds of the bare program over all the masters."""
    began = time.monotonic()
    command = "find . -type f -path '*/originals/*' -print0 | xargs -0 sha256sum"
    subprocess.run(["sh", "-c", command], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - began


# --- In processes of their own --------------------------------------------------------------------------------


def prepare(count: str, size: str) -> dict:
    """A museum with so many scans of so many bytes each: noise, which nothing but a sum can tell apart."""
    import django

    django.setup()
    import hashlib

    from django.core.files.storage import storages
    from django.core.management import call_command

    from media_assets.models import Scan

    call_command("migrate", verbosity=0)
    rows = []
    for number in range(int(count)):
        name = f"originals/{number % 256:02x}/{secrets.token_hex(15)}.tif"
        path = Path(storages["default"].path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, left = hashlib.sha256(), int(size)
        with path.open("wb") as file:
            while left:
                block = os.urandom(min(MIB, left))
                digest.update(block)
                file.write(block)
                left -= len(block)
        rows.append(
            Scan(file=name, sha256=digest.hexdigest(), file_size=int(size), mime_type="image/tiff", width=1, height=1)
        )
    Scan.objects.bulk_create(rows, batch_size=500)
    return {}


def check() -> dict:
    import django

    django.setup()
    import resource

    from django.utils import timezone

    from media_assets.preservation import fixity

    fixity._forget_pages = lambda file: None  # both read from memory, or the disk alone would be measured
    began = time.monotonic()
    progress = fixity.check(before=timezone.now())
    seconds = time.monotonic() - began
    if progress.damaged:
        raise SystemExit(f"{progress.damaged} files are damaged")
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("prepare", "check"):
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
    else:
        print(json.dumps(main(*map(int, sys.argv[1:])), indent=1))
