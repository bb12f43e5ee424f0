"""Tiles and free regions through the real server: requests a second, 50th and 95th percentile in milliseconds, and
seconds of processor a thousand requests; and one tile's way on S3.

    python -m tests.benchmarks.iiif PICTURE [SECONDS]

Gunicorn with two workers as in the Procfile, on a museum in a temporary folder with one published photograph; asked by
four processes over connections that stay open. The clients share the machine's processors with the workers, so the
processor figure says more than the requests a second do.
"""

import http.client
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

CLIENTS = 4
WORKERS = 2


def addresses(base: str, width: int, height: int, side: int = 512) -> dict[str, list[str]]:
    """Of each kind some that a viewer or a harvester asks for."""
    chance = random.Random(7)
    tiles, edges = [], []
    for factor in (1, 2, 4):
        step = side * factor
        for x in range(0, width, step):
            for y in range(0, height, step):
                across, down = min(step, width - x), min(step, height - y)
                size = f"{-(-across // factor)},{-(-down // factor)}"
                whole = (across, down) == (step, step)
                (tiles if whole else edges).append(f"{base}/{x},{y},{across},{down}/{size}/0/default.jpg")
    regions = [
        f"{base}/{chance.randrange(width // 2)},{chance.randrange(height // 2)},{width // 3},{height // 3}"
        "/600,/0/default.jpg"
        for _ in range(50)
    ]
    return {"whole tiles": tiles, "edge tiles": edges, "free regions": regions, "info.json": [f"{base}/info.json"]}


def client(port: int, paths: list[str], seconds: float, seed: int, answers) -> None:
    chance, times = random.Random(seed), []
    link = http.client.HTTPConnection("127.0.0.1", port)
    until = time.perf_counter() + seconds
    while (started := time.perf_counter()) < until:
        link.request("GET", chance.choice(paths))
        answer = link.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append((time.perf_counter() - started) * 1000)
    answers.put(times)


def measure(port: int, paths: list[str], seconds: float) -> list[float]:
    answers = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=client, args=(port, paths, seconds, seed, answers)) for seed in range(CLIENTS)
    ]
    for process in clients:
        process.start()
    times = sorted(time for _client in clients for time in answers.get())
    for process in clients:
        process.join()
    return times


def processor_seconds(master: int) -> float:
    """Of the server's workers, from the kernel's own count."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident(master: int) -> float:
    """MiB of the largest worker."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    pages = [int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1024**2


def serve(folder: Path, port: int) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "settings.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        + ["--workers", str(WORKERS), "--threads", "4", "--no-control-socket", "--log-level", "error"],
        env=os.environ | {"DATA_DIR": str(folder)},
    )
    for _attempt in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return process
    raise RuntimeError("the server does not answer")


def main(picture: Path, seconds: float) -> None:
    folder = Path(os.environ["DATA_DIR"])
    prepare()
    with picture.open("rb") as file:
        image = ArchiveImage.objects.create(title="全景", file=File(file, picture.name))
    factories.photo("全景", lead_image=image)
    started = time.monotonic()
    made = make_pyramid(image, force=True)
    print(f"{image.width} × {image.height}: pyramid of {made.file_size / 1024**2:.1f} MiB", end=", ")
    print(f"index of {len(made.tiles)} bytes, made in {time.monotonic() - started:.2f} s")
    port = free_port()
    server = serve(folder, port)
    try:
        print(f"{'':14}{'a second':>10}{'median':>9}{'p95':>9}{'CPU s/1000':>12}{'MiB':>7}")
        base = f"/iiif/image/3/{made.key}"
        for name, paths in addresses(base, image.width, image.height).items():
            measure(port, paths, 1.0)
            before = processor_seconds(server.pid)
            times = measure(port, paths, seconds)
            spent = (processor_seconds(server.pid) - before) / len(times) * 1000
            p95 = times[int(len(times) * 0.95)]
            rate = len(times) / seconds
            print(f"{name:14}{rate:>10.0f}{statistics.median(times):>9.1f}{p95:>9.1f}{spent:>12.2f}", end="")
            print(f"{resident(server.pid):>7.0f}", flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    temporary = tempfile.mkdtemp(prefix="museum-iiif-")
    os.environ |= {"DATA_DIR": temporary, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.unthrottled"}
    django.setup()

    from django.core.files import File  # noqa: E402 -- the settings are to be ready first

    from archive.museum_setup import prepare  # noqa: E402
    from media_assets.derivatives.pyramids import make_pyramid  # noqa: E402
    from media_assets.models import ArchiveImage  # noqa: E402
    from tests import factories, migrated_database  # noqa: E402
    from tests.postgresql import free_port  # noqa: E402

    try:
        shutil.copy(migrated_database.path(), Path(temporary) / "museum.sqlite3")
        main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
