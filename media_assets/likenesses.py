"""Numbers of 64 bits as databases hold them (signed), and how many bits two of them differ in. Pure."""

import numpy as np

NEAR_BITS = 10
"""Copies that were made smaller, compressed, greyed or brightened differ in no more; two photographs of 49,000 pairs in
one of 16,000 do by chance."""


def as_signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number


def near(number: int, others: np.ndarray, bits: int = NEAR_BITS) -> np.ndarray:
    """The places in `others` (int64) whose numbers differ from this one in so few bits, nearest first."""
    # Unsigned: of a negative number numpy counts the bits of its absolute value.
    distances = np.bitwise_count((others ^ np.int64(number)).view(np.uint64))
    places = np.flatnonzero(distances <= bits)
    return places[np.argsort(distances[places], kind="stable")]
