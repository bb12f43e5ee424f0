"""How long it takes to find the pictures that look like one among 69,000.

    python -m tests.benchmarks.duplicates [PICTURES]

The numbers are made up; each tenth one has a near copy. Prints the milliseconds of a lookup in the numbers that a
process keeps (median and slowest of 200); the goal is 10.
"""

import statistics
import sys
import time

import numpy as np

from media_assets.likenesses import near

GOAL = 10
ASKED = 200


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 69_000
    dice = np.random.default_rng(7)
    numbers = dice.integers(-(2**63), 2**63 - 1, count, dtype=np.int64)
    numbers[::10] = numbers[1::10][: len(numbers[::10])] ^ np.int64(0b1011)
    times = []
    for place in dice.integers(0, count // 10, ASKED) * 10:
        start = time.perf_counter()
        found = near(int(numbers[place]), numbers)
        times.append((time.perf_counter() - start) * 1000)
        if place + 1 not in found:
            raise SystemExit(f"the copy of {place} was not found")
    print(f"{count} pictures: median {statistics.median(times):.3f} ms, slowest {max(times):.3f} ms, goal {GOAL} ms")


if __name__ == "__main__":
    main()
