"""A detail page and a listing of 5,000 photographs beside a bare Wagtail page, in one run.

    python -m tests.benchmarks.pages [COUNT]

On an in-memory SQLite database, through Django's test client (no web server, no network): queries, median and 95th
percentile in milliseconds.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

ROUNDS = 60


def measure(get: Callable[[], object]) -> tuple[int, float, float]:
    """Queries of one warm request; median and 95th percentile of ROUNDS of them, in milliseconds."""
    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        get()
        times.append((time.perf_counter() - started) * 1000)
    return queries, statistics.median(times), sorted(times)[int(ROUNDS * 0.95)]


def main(count: int) -> None:
    restore_into(connection)
    setup_test_environment()
    home = prepare()
    album = many.photos(count)
    bare = home.add_child(instance=Page(title="空白页", slug="bare", live=True))
    template = engines["django"].from_string("<h1>{{ page.title }}</h1>")
    Page.get_template = lambda self, request, *args, **kwargs: template
    photo = PhotoPage.objects.child_of(album).order_by("path")[count // 2]
    client = Client()
    rows = {
        "bare Wagtail page": bare.get_url(),
        "detail page (photograph)": photo.get_url(),
        f"listing of {count}": "/photos/",
        f"listing of {count}, two filters, page 3": "/photos/?year_from=1950&year_to=1999&sort=title&page=3",
    }
    print(f"{'':44}{'queries':>8}{'median ms':>11}{'p95 ms':>9}")
    for name, address in rows.items():
        assert client.get(address).status_code == 200, address
        queries, median, high = measure(lambda address=address: client.get(address))
        print(f"{name:44}{queries:>8}{median:>11.1f}{high:>9.1f}")


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
    from tests import many
    from tests.migrated_database import restore_into

    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
