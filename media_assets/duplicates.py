"""Pictures of the library that look like one another, so that an editor sees the twin before keeping both.

All numbers of a library fit into half a megabyte: they are kept in each process and gone through for each question.
What was added since is asked from the database each time, by its key; what was replaced, when the copy has grown old;
and whatever is found is looked at again before it is told.
"""

import threading
import time
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from .likenesses import NEAR_BITS, near
from .models import ArchiveImage

FRESH_SECONDS = 300
MOST = 12


@dataclass
class _Numbers:
    keys: np.ndarray
    numbers: np.ndarray
    read_at: float

    @property
    def last(self) -> int:
        return int(self.keys[-1]) if len(self.keys) else 0


_known: _Numbers | None = None
_guard = threading.Lock()


def forget() -> None:
    """Read all numbers anew at the next question."""
    global _known
    with _guard:
        _known = None


def like(image: ArchiveImage, bits: int = NEAR_BITS) -> list[ArchiveImage]:
    """The other pictures that look like this one, nearest first, at most twelve; the same bytes are among them."""
    if image.likeness is None:
        return []
    numbers = _numbers()
    keys = [int(key) for key in numbers.keys[near(image.likeness, numbers.numbers, bits)] if key != image.pk]
    found = ArchiveImage.objects.in_bulk(keys[: 4 * MOST])
    return [found[key] for key in keys if key in found and _is_near(image, found[key], bits)][:MOST]


def undecided(image: ArchiveImage) -> list[ArchiveImage]:
    """Those that look like it of which no editor has said yet that both are kept."""
    return [other for other in like(image) if is_undecided(image, other)]


def those_with_twins(images: list[ArchiveImage]) -> set[int]:
    """The keys of those that look like another picture of the library of which nobody has decided; a few queries for
    all of them."""
    numbers = _numbers()
    alike = {
        image: [int(key) for key in numbers.keys[near(image.likeness, numbers.numbers, NEAR_BITS)] if key != image.pk]
        for image in images
        if image.likeness is not None
    }
    others = ArchiveImage.objects.in_bulk({key for keys in alike.values() for key in keys[:MOST]})
    return {
        image.pk
        for image, keys in alike.items()
        if any(
            key in others and _is_near(image, others[key], NEAR_BITS) and is_undecided(image, others[key])
            for key in keys[:MOST]
        )
    }


def is_undecided(one: ArchiveImage, another: ArchiveImage) -> bool:
    return another.pk not in one.apart_from and one.pk not in another.apart_from


def keep_both(image: ArchiveImage, others: list[ArchiveImage]) -> None:
    """Remember that these are not to be told of again, on either side."""
    for one, another in [(image, other) for other in others] + [(other, image) for other in others]:
        if another.pk not in one.apart_from:
            one.apart_from = [*one.apart_from, another.pk]
            ArchiveImage.objects.filter(pk=one.pk).update(apart_from=one.apart_from)


def pairs(bits: int = NEAR_BITS, most: int = 200) -> list[tuple[ArchiveImage, ArchiveImage]]:
    """The likely duplicates of the whole library that nobody has decided on, the older first."""
    numbers = _numbers()
    apart = dict(ArchiveImage.objects.exclude(apart_from=[]).values_list("pk", "apart_from"))
    found: list[tuple[int, int]] = []
    for place, key in enumerate(numbers.keys):
        later = numbers.numbers[place + 1 :]
        others = (int(numbers.keys[place + 1 + other]) for other in near(numbers.numbers[place], later, bits))
        # Only what is undecided counts against the limit: what was decided would stand before all the rest for ever.
        found += [
            (int(key), other)
            for other in others
            if other not in apart.get(int(key), ()) and int(key) not in apart.get(other, ())
        ]
        if len(found) >= most * 2:
            break
    found = found[: most * 2]  # one picture may look like ten thousand others
    images = ArchiveImage.objects.in_bulk({key for pair in found for key in pair})
    both = [(images[a], images[b]) for a, b in found if a in images and b in images]
    return [(a, b) for a, b in both if is_undecided(a, b) and _is_near(a, b, bits)][:most]


def _is_near(one: ArchiveImage, another: ArchiveImage, bits: int) -> bool:
    if one.likeness is None or another.likeness is None:
        return False
    return ((one.likeness ^ another.likeness) & ((1 << 64) - 1)).bit_count() <= bits


def _numbers() -> _Numbers:
    global _known
    with _guard:
        if _known is None or time.monotonic() - _known.read_at > FRESH_SECONDS:
            _known = _read(ArchiveImage.objects.all(), time.monotonic())
        else:
            added = _read(ArchiveImage.objects.filter(pk__gt=_known.last), _known.read_at)
            if len(added.keys):
                keys = np.concatenate([_known.keys, added.keys])
                _known = _Numbers(keys, np.concatenate([_known.numbers, added.numbers]), _known.read_at)
        return _known


def _read(images: QuerySet, read_at: float) -> _Numbers:
    rows = list(images.exclude(likeness=None).order_by("pk").values_list("pk", "likeness"))
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return _Numbers(table[:, 0].copy(), table[:, 1].copy(), read_at)
