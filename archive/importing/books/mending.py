"""Mends what was read before it is applied: that takes milliseconds a page, for which no transaction may wait.

What was mended lies beside what was read, a line for each passage: `[text, repairs]` where the text changed, `repairs`
being their number, else `null`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.manuscripts.changing import digest
from archive.models import BookPage
from archive.text_repair import mend

from . import reading
from .contract import Facts, Item, LeafItem, SectionItem
from .plan import KnownPassages

MENDED = "mended.jsonl"
_UNSEEN = False
"""The line of a passage that the book knew word for word: its text stays, so nobody looks at it."""


@dataclass(frozen=True)
class Wording:
    """What a passage says when its certain damages are repaired, and how many those are."""

    text: str
    repairs: int = 0


def mend_all(workspace: Path, known: KnownPassages, total: int, progress: Callable[[float], None]) -> None:
    """Mend every passage that the book does not have already; `progress` is told how far it is, 0 to 1, of `total`
    passages. Complete when it ends."""
    unfinished = workspace / f"{MENDED}.part"
    physical, done = False, 0
    with unfinished.open("w", encoding="utf-8") as lines:
        for item in reading.items(workspace):
            match item:
                case Facts():
                    physical = item.text_unit == BookPage.TextUnit.LEAF
                case LeafItem() | SectionItem():
                    lines.write(json.dumps(_mended(item, known, physical), ensure_ascii=False) + "\n")
                    done += 1
                    progress(min(done / max(total, 1), 1.0))
    unfinished.replace(workspace / MENDED)


def _mended(item: LeafItem | SectionItem, known: KnownPassages, physical: bool) -> list | None | bool:
    there = known.leaves if isinstance(item, LeafItem) else known.sections
    own = there.get(item.source)
    if own is not None and own.raw == digest(item.text):
        return _UNSEEN
    mended = mend(item.text, lines_are_physical=physical)
    return [mended.text, len(mended.log)] if mended.log else None


def mended_items(workspace: Path) -> Iterator[tuple[Item, Callable[[], Wording]]]:
    """What was read, each with the way to its wording: of what was not looked at, it is found when it is asked for."""
    physical = False
    with (workspace / MENDED).open(encoding="utf-8") as lines:
        for item in reading.items(workspace):
            if isinstance(item, Facts):
                physical = item.text_unit == BookPage.TextUnit.LEAF
            is_passage = isinstance(item, LeafItem | SectionItem)
            yield item, _wording(item, json.loads(next(lines)), physical) if is_passage else Wording


def _wording(item: LeafItem | SectionItem, line: list | None | bool, physical: bool) -> Callable[[], Wording]:
    def found() -> Wording:
        if line is None:
            return Wording(item.text)
        if line is not _UNSEEN:
            return Wording(*line)
        mended = mend(item.text, lines_are_physical=physical)
        return Wording(mended.text, len(mended.log))

    return found
