"""The home page, listings and a detail page among so many photographs beside a bare Wagtail page, in one run.

    python -m tests.benchmarks.pages [COUNT]

On an in-memory SQLite database, through Django's test client (no web server, no network): queries, median and 95th
percentile in milliseconds of an answer that is made anew, and of one that is given again (`search.answers`).
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

ROUNDS = 60


def measure(get: Callable[[], object], before: Callable[[], object]) -> tuple[int, float, float]:
    """Queries of one warm request; median and 95th percentile of ROUNDS of them, in milliseconds. `before` each, and
    not counted, something else is done."""
    get()
    before()
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)
    times = []
    for _round in range(ROUNDS):
        before()
        started = time.perf_counter()
        get()
        times.append((time.perf_counter() - started) * 1000)
    return queries, statistics.median(times), sorted(times)[int(ROUNDS * 0.95)]


def main(count: int) -> None:
    restore_into(connection)
    setup_test_environment()
    home = prepare()
    rebuild()
    album = many.photos(count)
    bare = home.add_child(instance=Page(title="空白页", slug="bare", live=True))
    while drain():
        pass
    assert not OutboxEntry.objects.exists(), "nothing is given again while something waits to be indexed"
    template = engines["django"].from_string("<h1>{{ page.title }}</h1>")
    own = Page.get_template
    # Every type of page inherits this: only the bare one is to have the bare template.
    Page.get_template = lambda self, *args, **given: template if type(self) is Page else own(self, *args, **given)
    photo = PhotoPage.objects.child_of(album).order_by("path")[count // 2]
    client = Client()
    rows = {
        "bare Wagtail page": bare.get_url(),
        "home": "/",
        "detail page (photograph)": photo.get_url(),
        f"listing of {count}": "/photos/",
        f"listing of {count}, two filters, page 3": "/photos/?year_from=1950&year_to=1999&sort=title&page=3",
    }
    print(f"{'':44}{'made anew':>27}{'given again':>27}")
    print(f"{'':44}" + f"{'queries':>9}{'median ms':>10}{'p95':>8}" * 2)
    for name, address in rows.items():
        assert client.get(address).status_code == 200, address
        figures = [measure(lambda address=address: client.get(address), before) for before in (forget, lambda: None)]
        print(f"{name:44}" + "".join(f"{queries:>9}{median:>10.1f}{high:>8.1f}" for queries, median, high in figures))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.test"
    django.setup()
    from django.db import connection
    from django.template import engines
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment
    from wagtail.models import Page

    from archive.models import PhotoPage
    from archive.museum_setup import prepare
    from search.answers import forget
    from search.indexing import drain, rebuild
    from search.models import OutboxEntry
    from tests import many
    from tests.migrated_database import restore_into

    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
