"""The office's own list of words: what it does not print, and what it prints instead. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 2_000


@dataclass(frozen=True)
class AdvisedWord:
    """`better` is empty where the list names none."""

    word: str
    better: str


def parse(lines: str) -> list[AdvisedWord]:
    """One a line: “词” or “词=改作”; lines that begin with # are remarks. At most MOST."""
    found = []
    for line in lines.splitlines():
        word, _mark, better = re.sub(r"\s*(?:=|＝|→)\s*", "=", line.strip()).partition("=")
        if word and not word.startswith("#"):
            found.append(AdvisedWord(word, better))
    return found[:MOST]


def find(text: str, words: list[AdvisedWord]) -> Iterator[tuple[int, AdvisedWord]]:
    """Each listed word once, at its first place, unless it only stands inside the better one."""
    for word in words:
        for match in re.finditer(re.escape(word.word), text):
            if not _is_inside_better(text, match.start(), word):
                yield match.start(), word
                break


def _is_inside_better(text: str, place: int, word: AdvisedWord) -> bool:
    inside = word.better.find(word.word)
    while inside >= 0:
        if text.startswith(word.better, place - inside) and place >= inside:
            return True
        inside = word.better.find(word.word, inside + 1)
    return False
