"""How fast a large inventory comes in, what memory it takes, and what a kill and an undoing leave.

    DATA_DIR=/tmp/inventories-benchmark python -m tests.benchmarks.inventories TABLE.csv [ROWS]

Repeats the rows of the table (Tate's artworks, by preference) with new numbers up to ROWS (70,000), and takes them
through every step, each in a process of its own whose peak of memory is told. The one that applies is killed (SIGKILL)
at a random moment and begun again. Goals: 100 rows applied a second, memory below 300 MB, equal counts after the kill,
nothing left after undoing.
"""

import csv
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.base")

_NUMBER = ("accession_number", "编号")


def write(table: Path, rows: int, target: Path) -> None:
    """The rows again and again, each time with other numbers and titles of their own."""
    with table.open(encoding="utf-8-sig", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
        reader = csv.reader(source)
        headings = next(reader)
        number = next(at for at, name in enumerate(headings) if name in _NUMBER)
        held = list(reader)
        writer = csv.writer(out)
        writer.writerow(headings)
        for at in range(rows):
            cells = list(held[at % len(held)])
            cells[number] = f"{cells[number]}-{at // len(held)}"
            writer.writerow(cells)


def step(pk: int, *, kill_when: Callable[[], bool] | None = None) -> tuple[float, float, float]:
    """One step of an import in a process of its own: seconds, seconds of processor, and its peak of memory in MB."""
    began, spent = time.perf_counter(), _spent()
    child = subprocess.Popen([sys.executable, "-m", __spec__.name, "--step", str(pk)])
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _peak(child.pid))
        if kill_when is not None and kill_when():
            child.send_signal(signal.SIGKILL)
        time.sleep(0.2)
    if child.returncode != (-signal.SIGKILL if kill_when is not None else 0):
        raise SystemExit(f"the step ended with {child.returncode}")
    return time.perf_counter() - began, _spent() - spent, peak


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(pid: int) -> float:
    """The most that a process has had in memory, as Linux keeps it; 0 once it has ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def perform(pk: int) -> None:
    from archive.importing.collections import runs
    from archive.models import Inventory

    runs.perform(Inventory.objects.get(pk=pk), lambda percent: None)


def tallies() -> dict[str, int]:
    from archive.models import Agent, AlbumPage, PageAgent, PhotoPage, Place, Topic

    return {model.__name__: model.objects.count() for model in (PhotoPage, AlbumPage, PageAgent, Agent, Place, Topic)}


def main(table: str, wanted: str = "70000") -> None:
    from django.core.files import File
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from archive.importing.collections import runs
    from archive.models import PhotoIndexPage
    from archive.museum_setup import prepare

    prepare()
    rows = int(wanted)
    before = tallies()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inventory.csv"
        write(Path(table), rows, path)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB", flush=True)
        with path.open("rb") as file:
            inventory = runs.start(File(file, path.name), None, parent=PhotoIndexPage.objects.get(), kind="photo")
        _tell("read", rows, *step(inventory.pk))
        inventory.refresh_from_db()
        runs.map_columns(inventory, inventory.columns, runs.create_all())
        _tell("planned", rows, *step(inventory.pk))
        inventory.refresh_from_db()
        print(f"  {inventory.plan['counts']}", flush=True)
        apply(inventory)
        made = tallies()
        print(f"  {made}", flush=True)
        again(path, rows)
        undo(inventory, before)


def apply(inventory) -> None:
    from archive.importing.collections import runs

    runs.approve(inventory)
    enough = random.uniform(0.1, 0.9) * inventory.plan["counts"]["create"]
    finished = inventory.rows.filter(is_done=True)
    first, processor, peak = step(inventory.pk, kill_when=lambda: finished.count() > enough)
    done = inventory.rows.filter(is_done=True).count()
    print(f"killed after {first:.0f} s with {done} rows done, peak {peak:.0f} MB", flush=True)
    rest, further, peak = step(inventory.pk)
    _tell("applied", inventory.plan["counts"]["create"], first + rest, processor + further, peak)
    inventory.refresh_from_db()
    if inventory.state != "done" or inventory.rows.filter(is_done=True).count() != inventory.plan["counts"]["create"]:
        raise SystemExit("not every row has its page")


def again(path: Path, rows: int) -> None:
    from django.core.files import File

    from archive.importing.collections import runs
    from archive.models import PhotoIndexPage

    with path.open("rb") as file:
        inventory = runs.start(File(file, path.name), None, parent=PhotoIndexPage.objects.get(), kind="photo")
    step(inventory.pk)
    inventory.refresh_from_db()
    runs.map_columns(inventory, inventory.columns, runs.create_all())
    _tell("planned again", rows, *step(inventory.pk))
    inventory.refresh_from_db()
    print(f"  {inventory.plan['counts']}", flush=True)
    runs.discard(inventory)


def undo(inventory, before: dict[str, int]) -> None:
    from archive.importing.collections import runs

    runs.take_back(inventory)
    _tell("undone", inventory.plan["counts"]["create"], *step(inventory.pk))
    inventory.refresh_from_db()
    left = tallies()
    print(f"  {inventory.plan['undone']}, left {left}", flush=True)
    if left != before:
        raise SystemExit("something is left")


def _tell(what: str, rows: int, seconds: float, processor: float, peak: float) -> None:
    busy = f"{processor:.0f} s of processor, {rows / processor:.0f} rows each"
    print(f"{what}: {seconds:.0f} s, {rows / seconds:.0f} rows/s ({busy}), peak {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "--step":
        perform(int(sys.argv[2]))
    else:
        main(*sys.argv[1:])
