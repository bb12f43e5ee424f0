"""How fast a large book comes in, and how fast it is read and worked on.

    DATA_DIR=/tmp/books-benchmark python -m tests.benchmarks.books [leaves] [sections]

Writes a Kanripo text of that size (10,000 leaves, 5,000 sections), imports it through the command's own door, imports
it again, publishes it, and asks for leaves, sections, contents, thumbnails and the workbench's state, with the queries
of each. Times are of one process, without a web server.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.base")

LEAVES_A_JUAN = 100
LINES, CHARACTERS = 8, 21
ROUNDS = 40


def main(leaves: int = 10_000, sections: int = 5_000) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from archive.museum_setup import prepare

    prepare()
    with tempfile.TemporaryDirectory() as folder:
        write_book(Path(folder), leaves, sections)
        book = imported(Path(folder), leaves)
        imported(Path(folder), leaves, book)
    read(book)


def write_book(folder: Path, leaves: int, sections: int) -> None:
    dice = random.Random(7)
    characters = [chr(code) for code in range(0x4E00, 0x5E00)]
    every = max(leaves // max(sections, 1), 1)
    for juan in range(leaves // LEAVES_A_JUAN):
        lines = ["#+TITLE: 大志", "#+PROPERTY: ID KR9x0001", f"#+PROPERTY: JUAN 卷{juan + 1}"]
        for side in range(LEAVES_A_JUAN):
            lines.append(f"<pb:KR9x0001_WYG_{juan + 1:03}-{side // 2 + 1}{'ab'[side % 2]}>¶")
            if side == 0:
                lines.append(f"* 卷{juan + 1}")
            if side % every == 0:
                lines.append(f"** 條目{juan * LEAVES_A_JUAN + side}")
            lines += ["".join(dice.choices(characters, k=CHARACTERS)) + "¶" for _line in range(LINES)]
        (folder / f"KR9x0001_{juan + 1:03}.txt").write_text("\n".join(lines), encoding="utf-8")


def imported(folder: Path, leaves: int, book=None):
    from archive.importing.books import runs
    from archive.models import BookPage

    run = runs.start_folder(folder, None, book=book)
    began = time.perf_counter()
    runs.read(run)
    read_in = time.perf_counter() - began
    began = time.perf_counter()
    runs.make(run)
    made_in = time.perf_counter() - began
    run.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    again = "again" if book else "first"
    print(
        f"import ({again}): read {read_in:.1f} s, made {made_in:.1f} s, {leaves / (read_in + made_in):.0f} leaves/s; "
        f"peak {peak:.0f} MB, of the reading process {child:.0f} MB; {run.plan['report']}"
    )
    return BookPage.objects.get(pk=run.book_id)


def read(book) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    book.save_revision().publish()
    administrator, _made = get_user_model().objects.get_or_create(
        username="benchmark", defaults={"is_superuser": True, "is_staff": True}
    )
    desk = Client(HTTP_HOST="127.0.0.1")
    desk.force_login(administrator)
    dice = random.Random(3)
    leaves = list(book.leaves.values_list("key", flat=True))
    sections = list(book.sections.values_list("key", flat=True))
    public = Client(HTTP_HOST="127.0.0.1")
    timed("leaf", public, [f"{book.url}p/{key}/" for key in dice.sample(leaves, ROUNDS)])
    timed("section", public, [f"{book.url}s/{key}/" for key in dice.sample(sections, ROUNDS)])
    timed("book", public, [f"{book.url}?n={n}" for n in range(ROUNDS)])
    timed("contents", public, [f"{book.url}contents/?n={n}" for n in range(ROUNDS)])
    timed("thumbnails", public, [f"{book.url}pages/?page={n}" for n in range(1, ROUNDS + 1)])
    timed("workbench", desk, [reverse("archive_workbench_state", args=[book.pk])] * ROUNDS)


def timed(name: str, client, addresses: list[str]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(addresses[0])
    times, size = [], 0
    for address in addresses:
        began = time.perf_counter()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - began))
        size = len(answer.content)
        if answer.status_code != 200:
            print(f"{name}: {answer.status_code} at {address}")
            return
    with CaptureQueriesContext(connection) as asked:
        client.get(addresses[-1] + ("&" if "?" in addresses[-1] else "?") + "fresh=1")
    times.sort()
    print(
        f"{name:12} median {statistics.median(times):6.1f} ms   p95 {times[int(0.95 * len(times)) - 1]:6.1f} ms   "
        f"{len(asked):3} queries   {size / 1024:.0f} KiB"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
