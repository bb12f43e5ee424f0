"""How a title can be typed before it is complete: its characters, its pinyin in full, or the initials."""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from .folding import fold
from .tokens import HAN

LONGEST_PREFIX = 12  # characters or syllables' initials
LONGEST_PINYIN = 24  # letters
_DROPPED = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
_ANY_HAN = re.compile(f"[{HAN}]")
_SHORTEST_INSIDE = 2


def compact(text: str) -> str:
    """`text` folded and without everything that is neither letter nor digit: what prefixes are compared in."""
    return _DROPPED.sub("", fold(text))


@lru_cache(maxsize=4096)
def syllables(compacted: str) -> tuple[str, ...]:
    """The syllables of compacted text, by phrases (长安 is cháng); a run of letters or digits is one "syllable"."""
    read = lazy_pinyin(compacted, style=Style.NORMAL, v_to_u=False, errors=lambda run: [run])
    return tuple(syllable for syllable in read if _LATIN.fullmatch(syllable))


def beginnings(title: str, longest_pinyin: int = LONGEST_PINYIN) -> set[str]:
    """Every way to begin typing a title: prefixes of its characters, of its pinyin (up to `longest_pinyin` letters)
    and of its initials."""
    compacted = compact(title)
    read = syllables(compacted[: LONGEST_PREFIX * 2])
    spelled = "".join(read)
    initials = "".join(syllable[0] if not syllable.isdigit() else syllable for syllable in read)
    prefixes = {compacted[:end] for end in range(1, min(len(compacted), LONGEST_PREFIX) + 1)}
    prefixes |= {spelled[:end] for end in range(1, min(len(spelled), longest_pinyin) + 1)}
    prefixes |= {initials[:end] for end in range(1, min(len(initials), LONGEST_PREFIX) + 1)}
    return prefixes


def middles(title: str) -> set[str]:
    """Ways to begin typing in the middle of a title, from the second character on: at least two characters or initials.

    Bounded for long titles, since their number grows with the square of the length.
    """
    compacted = compact(title)[: LONGEST_PREFIX * 2]
    read = syllables(compacted)
    inside: set[str] = set()
    for start in range(1, min(len(compacted), LONGEST_PREFIX)):
        inside |= {compacted[start:end] for end in range(start + _SHORTEST_INSIDE, start + LONGEST_PREFIX // 2 + 1)}
    for start in range(1, min(len(read), LONGEST_PREFIX)):
        following = read[start : start + LONGEST_PREFIX // 2]
        initials, spelled = "".join(syllable[0] for syllable in following), "".join(following)
        inside |= {initials[:end] for end in range(_SHORTEST_INSIDE, len(initials) + 1)}
        inside |= {spelled[:end] for end in range(_SHORTEST_INSIDE, min(len(spelled), LONGEST_PINYIN) + 1)}
    return {typed for typed in inside if len(typed) >= _SHORTEST_INSIDE}


def sounds_like(typed: str) -> str:
    """The pinyin in full of what was typed, or "" when there is nothing to read: for words written with a wrong
    character of the right sound."""
    compacted = compact(typed)
    return "".join(syllables(compacted)) if _ANY_HAN.search(compacted) else ""
