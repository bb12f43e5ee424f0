"""Search at size: the engine by class of question beside a bare script on the same index, and the pages end to end.

    export DATA_DIR=/tmp/museum-at-size                 # an empty folder outside the museum's own
    python manage.py migrate
    python manage.py scale_collection 50000             # pages, sections and leaves; takes minutes
    python -m tests.benchmarks.search --build           # or without it, when `rebuild_search` has run

Measures the museum in DATA_DIR as it is: medians and 95th percentiles in milliseconds, the two ways of asking in turn
within one run, so that a busy machine troubles both alike. The pages are asked of a gunicorn of two processes by
eight clients, first with a question that nobody asked before each time, then with a dozen of them again and again.
The CPU time of the web processes is told beside: unlike the waiting it does not hold the other work of the machine.
With `--build` the index is built anew first, and its speed and size are told.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import django

ROUNDS = 40
CLIENTS, ASKED_BY_EACH, ALONE = 8, 40, 40
PORT = 8791


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def spread(times: list[float]) -> str:
    return f"{statistics.median(times):8.2f}{sorted(times)[int(len(times) * 0.95)]:9.2f}"


# --- The engine -----------------------------------------------------------------------------------------------


class Classes:
    """Words of each class, chosen by how many documents hold them: from the texts of the collection itself."""

    def __init__(self) -> None:
        texts = [fold(text) for text in Section.objects.values_list("text", flat=True)[:3000]]
        dice = random.Random(7)
        runs = [run for text in texts for kind, run in pieces(text) if kind == "han" and len(run) > 8]
        pairs = {run[at : at + 2] for run in dice.choices(runs, k=4000) for at in range(0, len(run) - 2, 3)}
        counted = sorted((found(pair), pair) for pair in dice.sample(sorted(pairs), min(1500, len(pairs))))
        documents = found()
        self.rare = [pair for count, pair in counted if count <= 20][:20] or [counted[0][1]]
        self.common = min(counted, key=lambda entry: abs(entry[0] - 0.6 * documents))
        self.phrases = [run[2:7] for run in dice.sample(runs, 20)]
        self.common_phrase = max(
            (found(phrase), phrase)
            for phrase in {
                run[at : at + 3]
                for run in runs[:3000]
                for at in range(len(run) - 3)
                if self.common[1] in run[at : at + 3]
            }
        )
        middle = [pair for count, pair in counted if count > documents / 50][:40]
        self.two_words = [tuple(dice.sample(middle, 2)) for _pair in range(20)]
        self.characters = [pair[0] for pair in middle[:20]]
        self.unasked = list(dict.fromkeys(run[at : at + length] for run in runs for at, length in ((1, 2), (3, 4))))

    def questions(self) -> dict[str, list[EngineQuery]]:
        return {
            f"rare word ({len(self.rare)} of them)": [ask(word) for word in self.rare],
            f"word in {self.common[0]} documents": [ask(self.common[1])],
            "phrase": [ask(word) for word in self.phrases],
            f"common phrase, {self.common_phrase[0]} documents": [ask(self.common_phrase[1])],
            "two words": [ask(*words) for words in self.two_words],
            "one character": [ask(character) for character in self.characters],
            "filter + 4 facets, common word": [
                ask(self.common[1], filters={"kind": ("section",)}, facets=("kind", "place", "topic", "series"))
            ],
            "page 500 of the common word": [ask(self.common[1], offset=9_980)],
        }


def ask(*words: str, **options) -> EngineQuery:
    return EngineQuery(audience=Audience.PUBLIC, terms=tuple(words), **{"facets": ()} | options)


def found(*words: str) -> int:
    return get_engine().search(ask(*words, limit=0)).total


class Bare:
    """What a script would do with the same index and the same tokens: no protocol, no states, no clauses."""

    def __init__(self, folder: Path) -> None:
        generation = folder / (folder / "CURRENT").read_text().strip()
        self.index = register_tokenizers(tantivy.Index.open(str(generation)))
        self.index.reload()

    def search(self, query: EngineQuery) -> int:
        searcher, schema = self.index.searcher(), self.index.schema
        parts = [(Occur.Must, Query.const_score_query(Query.term_query(schema, "audience", "public", "basic"), 0.0))]
        parts += [(Occur.Must, self._word(schema, word)) for word in query.terms]
        for facet, values in query.filters.items():
            chosen = Query.term_set_query(schema, facet, list(values))
            parts.append((Occur.Must, Query.const_score_query(chosen, 0.0)))
        asked = Query.boolean_query(parts)
        if query.facets:
            others = {facet: self._terms(facet) for facet in query.facets if facet not in query.filters}
            searcher.aggregate(asked, others)
            for facet in query.filters:
                searcher.aggregate(Query.boolean_query(parts[:-1]), {facet: self._terms(facet)})
        hits = searcher.search(asked, limit=query.limit, offset=query.offset).hits
        return len([searcher.doc(address)["ref"] for _score, address in hits])

    @staticmethod
    def _terms(facet: str) -> dict:
        return {"terms": {"field": facet, "size": 1000}}

    @staticmethod
    def _word(schema, word: str) -> Query:
        tokens = [token for token in pair_tokens(word) if token != "_"]
        fields = ("title", "record", "body")
        if not tokens:
            made = [Query.term_query(schema, field, word, "freq") for field in ("title_uni", "uni")]
        elif len(tokens) == 1:
            made = [Query.term_query(schema, field, tokens[0], "freq") for field in fields]
        else:
            made = [Query.phrase_query(schema, field, list(enumerate(tokens))) for field in fields]
        made[0] = Query.boost_query(made[0], 2.0)
        return Query.boolean_query([(Occur.Should, query) for query in made])


def measure_engine() -> None:
    engine, bare = get_engine(), Bare(Path(settings.SEARCH["DIR"]))
    print(f"{'engine, ms':44}{'median':>8}{'p95':>9}   {'bare':>8}{'p95':>9}   ratio")
    for name, questions in Classes().questions().items():
        ours, theirs = [], []
        for number in range(max(ROUNDS, len(questions))):
            query = questions[number % len(questions)]
            ours.append(timed(lambda query=query: engine.search(query)))
            theirs.append(timed(lambda query=query: bare.search(query)))
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"{name:44}{spread(ours)}   {spread(theirs)}   {ratio:5.2f}")
    texts = list(Section.objects.values_list("text", flat=True)[:20])
    word = fold(texts[0])[4:6]
    marking = [timed(lambda: [snippet(text, [word], 120) for text in texts]) for _round in range(ROUNDS)]
    print(f"{'20 marked snippets':44}{spread(marking)}")


# --- The pages ------------------------------------------------------------------------------------------------


def serve() -> subprocess.Popen:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.unthrottled"}
    command = [sys.executable, "-m", "gunicorn", "settings.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2"]
    process = subprocess.Popen([*command, "--log-level", "error"], env=environment)
    for _attempt in range(200):
        try:
            get("/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return process
    raise SystemExit("the web server did not start")


def get(path: str, connection: http.client.HTTPConnection | None = None) -> int:
    connection = connection or http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    return response.status


def load(paths: list[str]) -> tuple[list[float], float]:
    """Every client asks one thing after the other; times of all, and answers a second."""
    times: list[float] = []
    wrong: list[int] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        for question in range(ASKED_BY_EACH):
            started = time.perf_counter()
            status = get(paths[(number * ASKED_BY_EACH + question) % len(paths)], connection)
            times.append((time.perf_counter() - started) * 1000)
            if status != 200:
                wrong.append(status)

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"answers other than 200: {sorted(set(wrong))}")
    return times, len(times) / (time.perf_counter() - started)


def measure_pages(classes: Classes) -> None:
    process = serve()
    try:
        words = [*classes.rare[:4], classes.common[1], *classes.phrases[:4], *classes.characters[:3]]
        fresh = iter(classes.unasked)
        titles = Section.objects.order_by("pk").values_list("title", flat=True)[:20_000]
        beginnings = iter(dict.fromkeys(title[:length] for title in titles for length in (2, 3)))
        narrowed = "&kind=section&place=scale-town-0"
        pages = {
            "/search/ with facets, by work": ("/search/?q=", "", fresh, words),
            "/search/ narrowed": ("/search/?q=", narrowed, fresh, words),
            "/search/suggest": ("/search/suggest?q=", "", beginnings, ["d", "sh", "试验", "zhong", "xsl"]),
        }
        heading = f"{CLIENTS} clients, ms"
        print(f"\n{heading:44}{'median':>8}{'p95':>9}   answers/s  CPU ms each   one client, median and p95")
        for name, (before, after, unasked, known) in pages.items():
            get(f"{before}{quote(known[0])}{after}")
            new = [f"{before}{quote(word)}{after}" for word in islice(unasked, CLIENTS * ASKED_BY_EACH + ALONE)]
            report(f"{name}, never asked", process, new[:-ALONE], new[-ALONE:])
            again = [f"{before}{quote(word)}{after}" for word in known]
            for path in again * 2:
                get(path)
            report(f"{name}, again", process, again, again * 4)
        for child in children_of(process):
            status = Path(f"/proc/{child}/status").read_text().splitlines()
            print(
                "web process:",
                *(line.split(":")[1].strip() for line in status if line.startswith(("VmRSS", "RssAnon"))),
            )
    finally:
        process.terminate()
        process.wait()


def report(name: str, process: subprocess.Popen, paths: list[str], paths_alone: list[str]) -> None:
    before = cpu_of(process)
    times, rate = load(paths)
    cpu = (cpu_of(process) - before) / len(times) * 1000
    alone = [timed(lambda path=path: get(path)) for path in paths_alone]
    print(f"{name:44}{spread(times)}   {rate:9.1f}   {cpu:10.1f}   {spread(alone)}")


def children_of(process: subprocess.Popen) -> list[str]:
    return subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()


def cpu_of(process: subprocess.Popen) -> float:
    """The seconds of CPU time that the web processes used so far."""
    ticks = 0
    for child in children_of(process):
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure_build() -> None:
    started, used = time.perf_counter(), time.process_time()
    documents = rebuild()
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    print(f"build: {documents} documents, {wall:.0f} s, {documents / cpu:.0f} documents a second of one core")


def measure_size() -> None:
    folder = Path(settings.SEARCH["DIR"])
    generation = folder / (folder / "CURRENT").read_text().strip()
    size = sum(path.stat().st_size for path in generation.iterdir())
    text = sum(
        len(text.encode())
        for model in (Section, Leaf)
        for text in model.objects.values_list("text", flat=True).iterator()
    )
    print(f"index: {size / 1e6:.0f} MB for {text / 1e6:.0f} MB of text, {size / text:.2f} times\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.base")
    django.setup()
    import tantivy
    from django.conf import settings
    from tantivy import Occur, Query

    from archive.models import Leaf, Section
    from search.documents import Audience
    from search.engines import get_engine
    from search.engines.base import EngineQuery
    from search.engines.tantivy_index import register_tokenizers
    from search.indexing import rebuild
    from search.text.folding import fold
    from search.text.snippets import snippet
    from search.text.tokens import pair_tokens, pieces

    if options.build:
        measure_build()
    measure_size()
    measure_engine()
    measure_pages(Classes())
