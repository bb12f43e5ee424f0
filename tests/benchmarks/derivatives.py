"""What it costs to make the preset sizes of a picture in the sandbox, beside a bare libvips script that makes the same.

    python -m tests.benchmarks.derivatives [PHOTOGRAPH]
    python -m tests.benchmarks.derivatives --memory      # of a TIFF of 500 MB: display pictures and pyramid

Prints CPU seconds (all processes, the best of five) and the ratio, for 12 and 50 megapixels; the goal is 1.15. The
photograph is enlarged to those sizes; without one, a picture with the detail of a photograph is made.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django
import pyvips

ROUNDS = 5
SIZES = {"12 MP": (4000, 3000), "50 MP": (8192, 6144)}
GOAL = 1.15
BARE = """
import sys
import pyvips
path, largest, rest = sys.argv[1], int(sys.argv[2]), map(int, sys.argv[3:])
picture = pyvips.Image.thumbnail(path, largest, height=100000).copy_memory()
for width in (largest, *rest):
    if width != picture.width:
        picture = picture.resize(width / picture.width)
    picture.webpsave_buffer(Q=80, effort=2, keep="none")
    picture.jpegsave_buffer(Q=85, optimize_coding=True, keep="none")
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
    django.setup()
    from media_assets.derivatives.rendering import render, sizes_for

    print(f"{'':8}{'libvips':>10}{'museum':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (width, height) in SIZES.items():
            path = _photograph(Path(folder) / f"{width}.jpg", width, height)
            widths = [str(w) for _preset, w, _h in sizes_for(width, height)][::-1]

            def bare(path=path, widths=widths):
                subprocess.run([sys.executable, "-c", BARE, str(path), *widths], check=True)  # noqa: S603

            def museum(path=path, width=width, height=height):
                with path.open("rb") as file:
                    list(render(file, "image/jpeg", width, height))

            alone, ours = _cpu_seconds(bare), _cpu_seconds(museum)
            verdict = "" if ours <= alone * GOAL else f"  above {GOAL}"
            print(f"{name:8}{alone:10.3f}{ours:10.3f}{ours / alone:8.2f}{verdict}")


def memory() -> None:
    """Peak memory in MiB of this process and of the decoding ones, for a TIFF of 13,000 × 13,000 pixels."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
    django.setup()
    from media_assets import sandbox
    from media_assets.bounds import bounds
    from media_assets.decoding import pyramid
    from media_assets.derivatives.rendering import render

    side = 13_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.tif"
        code = f"import pyvips; pyvips.Image.gaussnoise({side}, {side}, sigma=40, mean=128).cast('uchar')"
        code += f".bandjoin([90, 60]).copy(interpretation='srgb').tiffsave({str(path)!r})"
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 -- apart, for its memory is not ours
        apart = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        with path.open("rb") as file:
            list(render(file, "image/tiff", side, side))
        made = str(Path(folder) / "pyramid.tif")
        sandbox.call(pyramid.write, str(path), "image/tiff", made, 85, bounds(), wall_seconds=300, cpu_seconds=150)
        print(f"{path.stat().st_size / 2**20:.0f} MiB TIFF")
    for name, who in (("this process", resource.RUSAGE_SELF), ("largest process of its own", resource.RUSAGE_CHILDREN)):
        print(f"{name}: {resource.getrusage(who).ru_maxrss / 1024:.0f} MiB")
    print(f"(of these the making of the file itself: {apart / 1024:.0f} MiB)")


def _photograph(path: Path, width: int, height: int) -> Path:
    if sys.argv[1:]:
        source = pyvips.Image.new_from_file(sys.argv[1])
        picture = source.resize(width / source.width, vscale=height / source.height)
    else:
        grain = pyvips.Image.gaussnoise(width, height, sigma=12, mean=0)
        shapes = pyvips.Image.perlin(width, height, cell_size=256) * 90 + 128
        picture = (shapes + grain).bandjoin([shapes * 0.8 + 20, shapes * 0.6 + 40]).cast("uchar")
        picture = picture.copy(interpretation="srgb")
    picture.crop(0, 0, min(width, picture.width), min(height, picture.height)).jpegsave(str(path), Q=92)
    return path


def _cpu_seconds(work: Callable[[], None]) -> float:
    """Of this process and its children, the best of several rounds."""

    def used() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in both)

    spent = []
    for _round in range(ROUNDS):
        before = used()
        work()
        spent.append(used() - before)
    return min(spent)


if __name__ == "__main__":
    memory() if "--memory" in sys.argv else main()
