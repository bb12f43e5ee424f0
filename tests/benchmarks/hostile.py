"""Every file of a folder, and 200 mutations of them, through intake: nothing but a refusal, soon, in little memory.

    python -m tests.benchmarks.hostile FOLDER [MUTATIONS]

Prints the slowest files, the peak of memory of any decoder and of this process, and every error that is no refusal.
"""

import io
import os
import resource
import sys
import time
import traceback
from pathlib import Path

import django

LONGEST_SECONDS = 30


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
    django.setup()
    from media_assets import intake
    from tests.media_assets.mutations import many

    paths = sorted(p for p in Path(sys.argv[1]).rglob("*") if p.is_file())
    count = int(sys.argv[2]) if sys.argv[2:] else 200
    media = [p for p in paths if p.parent.name in ("images", "av", "pdf", "sheets", "vtt", "photos", "scans")]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = refused = 0
    times, wrong = [], []
    for name, data in [(str(p), p) for p in paths] + list(many([p.read_bytes() for p in media], count)):
        start = time.monotonic()
        try:
            file = data.open("rb") if isinstance(data, Path) else io.BytesIO(data)
            with file:
                intake.describe(file, Path(name).name)
            kept += 1
        except intake.FileError:
            refused += 1
        except Exception:  # what is looked for
            wrong.append(f"{name}\n{traceback.format_exc()}")
        times.append((time.monotonic() - start, name))
    times.sort(reverse=True)
    print(
        f"{kept} kept, {refused} refused, {len(wrong)} errors, {sum(t > LONGEST_SECONDS for t, _n in times)} too slow"
    )
    for seconds, name in times[:5]:
        print(f"{seconds:8.2f} s  {name}")
    decoder = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"decoders: at most {decoder} MB; this process: {before // 1024} MB at first, {own // 1024} MB at most")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
