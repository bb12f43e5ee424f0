"""The desk's search over many rows: what a question costs, what a save costs, how long the index takes to build.

    python -m tests.benchmarks.desk_search [ROWS]

On an in-memory SQLite database, one process. ROWS (default 50,000) are authority records and pictures, four to one,
beside 2,000 photograph pages; their names are random, a few characters far commoner than the rest, as in real text.
CPU milliseconds, median and 95th percentile.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import django

ROUNDS = 30
# The commonest characters of county gazetteers, the commonest first.
CHARACTERS = (
    "县人年村大东山水石南北石龙江城民国清明州府路河桥镇乡社会文化教育学校医院市场商业工业农业林渔牧交通运输邮电金融财政"
    "税务工商物价粮食供销外贸旅游城建环保科技体育卫生广播电视报刊出版图书档案方志历史人物风俗宗教语言地理气候土壤植物动物矿产"
)


def cpu(call: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 95th percentile of the CPU time of `call`, in milliseconds, after one that does not count."""
    call()
    times = []
    for _round in range(rounds):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times), sorted(times)[int(rounds * 0.95)]


def names(count: int, seed: int):
    """Random names of four to twelve characters."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret about it
    weights = [1 / (rank + 1) for rank in range(len(CHARACTERS))]
    for number in range(count):
        letters = chance.choices(CHARACTERS, weights, k=chance.randint(4, 12))
        yield f"{''.join(letters)}{number}"


def fill(rows: int) -> None:
    """Authority records and pictures in the database, without files, signals or checks."""
    locale = Locale.objects.get(language_code="zh-hans")
    collection = Collection.get_first_root_node()
    agents = (
        Agent(name=name, slug=f"a{number}", locale=locale, other_names=other)
        for number, (name, other) in enumerate(zip(names(rows * 4 // 5, 1), names(rows * 4 // 5, 2), strict=True))
    )
    pictures = (
        ArchiveImage(
            title=name, file=f"{number}.jpg", original_name=f"DSC{number:06}.JPG", width=1, height=1,
            collection=collection, sha256=f"{number:064x}",
        )
        for number, name in enumerate(names(rows // 5, 3))
    )  # fmt: skip
    while batch := list(islice(agents, 2_000)):
        Agent.objects.bulk_create(batch)
    while batch := list(islice(pictures, 2_000)):
        ArchiveImage.objects.bulk_create(batch)
    many.photos(2_000)


def questions() -> dict[str, Callable[[], object]]:
    """What the lists of the desk ask, each as a page of fifty with its count."""
    backend = get_search_backend()
    number = Agent.objects.count() // 2
    rare = Agent.objects.filter(name__endswith=str(number)).first().name[:4]
    root = Page.objects.get(depth=1)
    reached = Page.objects.filter(pk__in=Page.objects.descendant_of(root).values_list("pk", flat=True))

    def ask(typed: str, queryset, **options) -> Callable[[], object]:
        def answer():
            results = backend.autocomplete(typed, queryset, **options)
            return results.count(), list(results[:50])

        return answer

    agents, pictures = Agent.objects.all(), ArchiveImage.objects.all()
    own = pictures.filter(collection__in=[pictures[0].collection_id])
    return {
        "the list itself, without words": lambda: list(agents[:50]),
        f"rare word {rare}": ask(rare, agents),
        "two characters 东山": ask("东山", agents),
        "one character 县 (commonest)": ask("县", agents),
        "one character 矿 (rare)": ask("矿", agents),
        "two words 东山 学校": ask("东山 学校", agents),
        "number begun 1234": ask("1234", agents),
        "file name begun DSC0012": ask("DSC0012", pictures),
        "initials sx": ask("sx", agents),
        "pictures of collections, 县": ask("县", own),
        "pictures of collections, 东山": ask("东山", own),
        "pages that one may see, 东山": ask("东山", reached),
        "pages that one may see, 照": ask("照", reached),
        "东山 by name": ask("东山", agents.order_by("name"), order_by_relevance=False),
        "县 by name (every match sorted)": ask("县", agents.order_by("name"), order_by_relevance=False),
        "县 in a condition no index holds": ask("县", agents.filter(name__contains="山")),
        "page 100 of 县": lambda: list(backend.autocomplete("县", agents)[4_950:5_000]),
    }


def main(rows: int) -> None:
    restore_into(connection)
    setup_test_environment()
    settings.SEARCH = settings.SEARCH | {"DESK_IN_PLACE": False}  # as where a worker runs
    prepare()
    fill(rows)
    DeskOutboxEntry.objects.all().delete()
    started, wall = time.process_time(), time.perf_counter()
    indexed = indexing.rebuild()
    seconds = time.process_time() - started
    folder = indexing.get_index().directory
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{indexed:,} objects indexed in {time.perf_counter() - wall:.0f} s ({seconds:.0f} CPU s,", end=" ")
    print(f"{indexed / seconds:,.0f} a CPU second), {size / 1e6:.0f} MB\n")
    print(f"{'':40}{'found':>9}{'CPU ms':>9}{'p95':>9}")
    for name, ask in questions().items():
        found = ask()
        total = found[0] if isinstance(found, tuple) else ""
        median, high = cpu(ask)
        print(f"{name:40}{total:>9}{median:>9.2f}{high:>9.2f}")
    agent = Agent.objects.first()
    told, _high = cpu(agent.save, 200)
    signals.post_save.disconnect(sender=Agent, dispatch_uid="search.desk.saved")
    silent, _high = cpu(agent.save, 200)
    print(f"\n{'a save, without the desk’s index':49}{silent:>9.2f}\n{'… with it':49}{told:>9.2f}")

    def save_and_drain() -> None:
        enqueue(Agent, [agent.pk])
        indexing.drain()

    print(f"{'… indexing one change, in the background':49}{cpu(save_and_drain)[0]:>9.2f}")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.test"
    django.setup()
    from itertools import islice

    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment
    from modelsearch.backends import get_search_backend
    from wagtail.models import Collection, Locale, Page

    from archive.models import Agent
    from archive.museum_setup import prepare
    from media_assets.models import ArchiveImage
    from search.desk import indexing, signals
    from search.desk.outbox import enqueue
    from search.models import DeskOutboxEntry
    from tests import many
    from tests.migrated_database import restore_into

    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
