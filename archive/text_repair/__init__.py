"""Damages that Chinese text brings along (converters, lost bytes, web pages, recognition), found and mended.

`find` lists them all, `mend` repairs the certain ones and keeps a log by which each can be undone. The raw text is
kept by whoever calls; nothing here decides for an editor. Texts are in the notation of `archive.book_text.notation`,
whose marks are never touched and never made.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import characters, markup, misread, pinyin, shifted, spacing
from .damage import LABELS, Damage, Kind

__all__ = ["LABELS", "Damage", "Kind", "Mend", "Mended", "apply", "find", "mend", "undo"]

_MARKS = re.compile(
    r"\\[\\{}\[!|]|\{\{|\}\}|\[\^[^\]\s]{1,12}\]:?|!\[|\]\(fig:[\w.-]{1,80}\)"
    r"|^[ \t]*\|(?:\s*:?-{3,}:?\s*\|)+[ \t]*$|\|(?:[ \t]*[<^][ \t]*(?=\|))?",
    re.M,
)
_MARK_LETTERS = frozenset("\\{}[!|")
_PASSING = re.compile(
    rf"(?:[^\S\n]|<[^<>\n]{{0,320}}>|&[#\w;]{{1,60}};|[{re.escape(''.join(sorted(characters.INVISIBLE)))}])*(\||\[\^|!\[|)"
)
"""What may go from the beginning of a line, and the mark behind it."""
_MADE_MARKS = re.compile(r"\\[\\{}\[!|]|\{\{|\}\}|\[\^|!\[|\]\(fig:|\|")


@dataclass(frozen=True)
class Mend:
    """One repair: `found` stood at `start` of the text before, `put` stands at `mended_start` of the text after."""

    kind: Kind
    start: int
    mended_start: int
    found: str
    put: str
    reason: str

    @property
    def end(self) -> int:
        return self.start + len(self.found)

    @property
    def mended_end(self) -> int:
        return self.mended_start + len(self.put)


@dataclass(frozen=True)
class Mended:
    """A text with its repairs, in order; `undo(text, log)` is the text before."""

    text: str
    log: tuple[Mend, ...]


def find(text: str, lines_are_physical: bool = False) -> list[Damage]:
    """All damages, in order, none over another. Lines of a page (`lines_are_physical`) end where they end."""
    if not text:
        return []
    letters = set(text)
    marks = _mark_spans(text) if letters & _MARK_LETTERS else []
    taken: list[tuple[int, int]] = []
    found: list[Damage] = []
    for damage in _candidates(text, letters, lines_are_physical):
        span = (damage.start, damage.end)
        if _overlaps(taken, span) or _overlaps(marks, span) or (damage.certain and _makes_a_mark(text, damage)):
            continue
        taken.insert(bisect_left(taken, span), span)
        found.append(damage)
    return sorted(found, key=lambda damage: damage.start)


def mend(text: str, lines_are_physical: bool = False) -> Mended:
    """The text with its certain damages repaired. What a repair brings to light is repaired too at the next call."""
    return apply(text, (damage for damage in find(text, lines_are_physical) if damage.certain))


def apply(text: str, damages: Iterable[Damage]) -> Mended:
    """The text with exactly these damages repaired, certain or not; those without a proposal stay.

    Raises ValueError when a damage is not of this text or lies over another."""
    parts: list[str] = []
    log: list[Mend] = []
    done = shift = 0
    for damage in sorted(damages, key=lambda damage: damage.start):
        if damage.proposed is None:
            continue
        if damage.start < done or text[damage.start : damage.end] != damage.found:
            raise ValueError(f"{damage.kind} at {damage.start} is not in this text")
        parts += [text[done : damage.start], damage.proposed]
        log.append(Mend(damage.kind, damage.start, damage.start + shift, damage.found, damage.proposed, damage.reason))
        done = damage.end
        shift += len(damage.proposed) - len(damage.found)
    return Mended("".join([*parts, text[done:]]), tuple(log))


def undo(text: str, log: Iterable[Mend], only: Iterable[Mend] | None = None) -> str:
    """The mended text with its repairs taken back, all or `only` some of them.

    Raises ValueError when the text is no longer what the repairs left."""
    chosen = set(log) if only is None else set(only)
    parts: list[str] = []
    done = 0
    for repair in sorted(log, key=lambda repair: repair.mended_start):
        if text[repair.mended_start : repair.mended_end] != repair.put:
            raise ValueError(f"the text has changed at {repair.mended_start}")
        if repair in chosen:
            parts += [text[done : repair.mended_start], repair.found]
            done = repair.mended_end
    return "".join([*parts, text[done:]])


def _candidates(text: str, letters: set[str], lines_are_physical: bool) -> Iterator[Damage]:
    """What each detective says, the surest first. Those whose letters do not occur are not asked."""
    if letters & misread.WESTERN_LEADS:
        yield from misread.western(text)
    if any(shifted.TELLTALE.match(letter) for letter in letters):
        yield from shifted.shifted(text)
    yield from misread.as_gbk(text)
    if letters & misread.LOST_LETTERS:
        yield from misread.beyond_help(text)
    if "<" in letters:
        yield from markup.tags(text)
    if "&" in letters:
        yield from markup.entities(text)
    if letters & pinyin.VOWELS:
        yield from pinyin.pinyin(text)
    if not letters.isdisjoint(characters.RADICAL):
        yield from characters.radicals(text)
    if letters & characters.ZERO_LETTERS or ("0" in letters and "年" in letters):
        yield from characters.year_zeros(text)
    if letters & characters.INVISIBLE:
        yield from characters.invisible(text)
    if any("\ue000" <= letter <= "\uf8ff" or letter >= "\U000f0000" for letter in letters):
        yield from characters.private(text)
    if "?" in letters:
        yield from spacing.questions(text)
    if "？" in letters:
        yield from spacing.full_questions(text)
    if letters & spacing.HALF_MARKS:
        yield from spacing.punctuation(text)
    if "  " in text:
        yield from spacing.doubled_spaces(text)
    if letters & characters.DIGIT_LETTERS:
        yield from characters.number_letters(text)
    if not lines_are_physical and "\n" in letters:
        yield from spacing.broken_lines(text)


def _mark_spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _MARKS.finditer(text)]


def _overlaps(spans: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether one of these spans, in order and apart, has a character in common with this one."""
    number = bisect_right(spans, span)
    return (number > 0 and spans[number - 1][1] > span[0]) or (number < len(spans) and spans[number][0] < span[1])


def _makes_a_mark(text: str, damage: Damage) -> bool:
    """Whether the repair would put together what the notation takes for a mark, or a line that it takes for one."""
    before = text[max(0, damage.start - 4) : damage.start]
    put = damage.proposed or ""
    joined = before + put + text[damage.end : damage.end + 5]
    put_end = len(before) + len(put)
    for found in _MADE_MARKS.finditer(joined):
        # New is what reaches over an edge of the repair; a character that it put there escaped is none.
        crosses_start = found.start() < len(before) < found.end()
        crosses_end = found.start() < put_end < found.end()
        if crosses_start or crosses_end:
            return True
    return _makes_a_line_mark(text, damage)


def _makes_a_line_mark(text: str, damage: Damage) -> bool:
    """Whether a mark of a table, a footnote or a figure would come to the beginning of a line."""
    if not _PASSING.match(text, damage.end)[1]:
        return False
    line_start = text.rfind("\n", 0, damage.start) + 1
    return "\n" in (damage.proposed or "") or _PASSING.match(text, line_start).end() >= damage.start
