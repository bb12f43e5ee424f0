"""Which part of which section lies on which leaf, reckoned from where sections or leaves begin."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """The part of the section numbered `section` on the leaf numbered `leaf` (both from 0), in half-open ranges of the
    plain text of each."""

    section: int
    leaf: int
    section_start: int
    section_end: int
    leaf_start: int
    leaf_end: int


def spans_of_leaves(starts: Sequence[tuple[int, int] | None], lengths: Sequence[int]) -> list[Span]:
    """For a book whose text is in its leaves: `starts` says for each section, in reading order, on which leaf and at
    which offset it begins (None: nobody knows); `lengths` are the lengths of the leaves' plain texts. A section goes on
    until the next one begins; one that begins where the next does has an empty span, so that its leaf is known."""
    known = [(number, start) for number, start in enumerate(starts) if start is not None]
    found: list[Span] = []
    for index, (number, (leaf, offset)) in enumerate(known):
        end = known[index + 1][1] if index + 1 < len(known) else (len(lengths), 0)
        if end < (leaf, offset):  # the contents are not in the order of the leaves
            end = (leaf, offset)
        at = 0
        for on in range(leaf, min(end[0], len(lengths) - 1) + 1):
            first = min(offset, lengths[on]) if on == leaf else 0
            last = min(end[1], lengths[on]) if on == end[0] else lengths[on]
            if last > first or on == leaf:
                last = max(first, last)
                found.append(Span(number, on, at, at + last - first, first, last))
                at += last - first + 1  # the line break between two leaves
    return found


def spans_of_sections(breaks: Sequence[Sequence[tuple[int, int]]], lengths: Sequence[int]) -> list[Span]:
    """For a book whose text is in its sections: `breaks` says for each section where in its text leaves begin, as
    (offset, leaf); `lengths` are the lengths of the sections' plain texts. Before its first break a section lies on the
    leaf on which the one before it ended."""
    found: list[Span] = []
    filled: dict[int, int] = {}
    running: int | None = None
    for number, (own, length) in enumerate(zip(breaks, lengths, strict=True)):
        stops = sorted((min(offset, length), leaf) for offset, leaf in own)
        if running is not None and (not stops or stops[0][0] > 0):
            stops.insert(0, (0, running))
        for index, (start, leaf) in enumerate(stops):
            end = stops[index + 1][0] if index + 1 < len(stops) else length
            at = filled.get(leaf, 0)
            found.append(Span(number, leaf, start, end, at, at + end - start))
            filled[leaf] = at + end - start + 1
            running = leaf
    return found
