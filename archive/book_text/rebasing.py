"""Carries what points into a text (lines on the scan, leaf beginnings) over an edit of that text.

Both texts are plain ones (`notation.plain`). A comparison costs time in proportion to the texts: what they share at
both ends is set aside, words that occur once in each hold the rest together, and only what lies between those is
compared character by character, within a budget; past the budget a stretch counts as replaced as a whole.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from os.path import commonprefix

_ANCHOR_LENGTHS = (12, 4)
"""Characters of a stretch that holds two texts together when it occurs once in each: long ones first."""

_SMALL = 40_000
_BUDGET = 200_000
"""Pairs of characters that may be compared in one stretch, and in one call."""

_CHANCE, _ALL_NEW = 2, 3
"""So few characters between two changes are shared by chance if each change is this many times as long."""


@dataclass(frozen=True)
class Change:
    """Characters `old_start` to `old_end` of the old text became `new_start` to `new_end` of the new one; either may
    be empty, never both."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changes(old: str, new: str) -> list[Change]:
    """What was changed, in order; between two changes both texts are the same."""
    found: list[Change] = []
    for change in _Comparison(old, new).changes(0, len(old), 0, len(new), _ANCHOR_LENGTHS):
        if found and _is_one(old, found[-1], change):
            last = found.pop()
            change = Change(last.old_start, change.old_end, last.new_start, change.new_end)
        found.append(change)
    return found


def _is_one(old: str, change: Change, following: Change) -> bool:
    """Whether nothing but chance keeps two changes apart: a character or two in the midst of words all new."""
    kept = old[change.old_end : following.old_start]
    return not kept or (
        len(kept) <= _CHANCE
        and "\n" not in kept
        and all(
            both_size[0] and max(both_size) >= _ALL_NEW * len(kept) for both_size in map(_sizes, (change, following))
        )
    )


def _sizes(change: Change) -> list[int]:
    return sorted((change.old_end - change.old_start, change.new_end - change.new_start))


def rebase(old: str, new: str, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The half-open character ranges of `old` as ranges of `new`, in the order given.

    Ranges that were in order stay in order, those apart stay apart, those inside another stay inside. What is typed
    at the edge of a range belongs to it (to the one that ends there before the one that begins there), but never past
    a line break. A range whose characters are all gone is empty, at the place where they were.
    """
    ranges = list(ranges)
    if old == new:
        return ranges
    places = _Places(old, new, {end for start, end in ranges if end > start})
    carried = []
    for start, end in ranges:
        begin = places.of_start(start)
        carried.append((begin, max(begin, places.of_end(end)) if end > start else begin))
    return carried


class _Comparison:
    """One comparison of two texts, with what it may still spend."""

    def __init__(self, old: str, new: str):
        self.old, self.new = old, new
        self.budget = _BUDGET

    def changes(self, i1: int, i2: int, j1: int, j2: int, anchor_lengths: tuple[int, ...]) -> Iterator[Change]:
        i1, i2, j1, j2 = self._without_common_ends(i1, i2, j1, j2)
        size = (i2 - i1) * (j2 - j1)
        if i1 == i2 and j1 == j2:
            return
        if not size:
            yield Change(i1, i2, j1, j2)
        elif size <= _SMALL and size <= self.budget:
            self.budget -= size
            yield from self._by_character(i1, i2, j1, j2)
        elif not anchor_lengths:
            yield Change(i1, i2, j1, j2)
        else:
            length, *shorter = anchor_lengths
            ends = [(i1, j1), *self._anchors(i1, i2, j1, j2, length), (i2, j2)]
            for (i, j), (next_i, next_j) in pairwise(ends):
                yield from self.changes(i, next_i, j, next_j, tuple(shorter))

    def _without_common_ends(self, i1: int, i2: int, j1: int, j2: int) -> tuple[int, int, int, int]:
        old, new = self.old[i1:i2], self.new[j1:j2]
        before = len(commonprefix((old, new)))
        after = len(commonprefix((old[before:][::-1], new[before:][::-1])))
        return i1 + before, i2 - after, j1 + before, j2 - after

    def _by_character(self, i1: int, i2: int, j1: int, j2: int) -> Iterator[Change]:
        # A line break that two lines happen to share is no sign that they are the same line.
        matcher = SequenceMatcher("\n".__eq__, self.old[i1:i2], self.new[j1:j2], autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            if tag != "equal":
                yield Change(i1 + a1, i1 + a2, j1 + b1, j1 + b2)

    def _anchors(self, i1: int, i2: int, j1: int, j2: int, length: int) -> list[tuple[int, int]]:
        """Places where the same stretch, found once in the new text, begins; as many as can stand in order."""
        stretches = [self.new[at : at + length] for at in range(j1, j2 - length + 1)]
        places = dict(zip(stretches, range(j1, j2), strict=False))
        times = Counter(stretches)
        # Looked for at every few characters: what lies between two anchors is found from them.
        old = ((at, self.old[at : at + length]) for at in range(i1, i2 - length + 1, max(length // 3, 1)))
        return _longest_rise([(at, places[stretch]) for at, stretch in old if times.get(stretch) == 1])


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest series of these pairs (in order of the first number) in which the second rises too."""
    if all(second < following for (_, second), (_, following) in pairwise(pairs)):
        return pairs
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        pile = bisect_left(tops, second)
        before.append(top_pairs[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [second]
        top_pairs[pile : pile + 1] = [number]
    rise = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        rise.append(pairs[number])
        number = before[number]
    return rise[::-1]


class _Places:
    """Where the offsets of the old text are in the new one: two rising maps, for beginnings and for ends of ranges."""

    def __init__(self, old: str, new: str, range_ends: set[int]):
        self.new = new
        self.range_ends = range_ends
        self.changes = [piece for change in changes(old, new) for piece in _by_line(old, new, change)]
        self.starts = [change.old_start for change in self.changes]

    def of_start(self, offset: int) -> int:
        inserted, place = self._place(offset)
        if inserted is None:
            return place
        breaks = self.new.rfind("\n", inserted.new_start, inserted.new_end)
        if breaks >= 0:
            return breaks + 1
        return inserted.new_end if offset in self.range_ends else inserted.new_start

    def of_end(self, offset: int) -> int:
        inserted, place = self._place(offset)
        if inserted is None:
            return place
        breaks = self.new.find("\n", inserted.new_start, inserted.new_end)
        return breaks if breaks >= 0 else inserted.new_end

    def _place(self, offset: int) -> tuple[Change | None, int]:
        """The insertion that stands exactly here, if one does, and otherwise the offset in the new text."""
        number = bisect_right(self.starts, offset) - 1
        if number < 0:
            return None, offset
        change = self.changes[number]
        if change.old_start == change.old_end == offset:
            return change, 0
        if offset >= change.old_end:
            return None, offset - change.old_end + change.new_end
        share = (offset - change.old_start) * (change.new_end - change.new_start) / (change.old_end - change.old_start)
        return None, change.new_start + int(share + 0.5)


def _by_line(old: str, new: str, change: Change) -> Iterator[Change]:
    """A replaced stretch of as many lines as before is one change a line, so that each line keeps its own; lines of
    the same length besides keep each character's place."""
    old_lines = old[change.old_start : change.old_end].split("\n")
    new_lines = new[change.new_start : change.new_end].split("\n")
    if len(old_lines) == 1 or len(old_lines) != len(new_lines):
        yield change
        return
    i, j = change.old_start, change.new_start
    for old_line, new_line in zip(old_lines, new_lines, strict=True):
        if old_line or new_line:
            yield Change(i, i + len(old_line), j, j + len(new_line))
        i, j = i + len(old_line) + 1, j + len(new_line) + 1
