"""Finds the leaf that a reader means by a printed page: 第12页, p. 12, １２, 卷一 一上, 卷1·1a."""

import re
import unicodedata
from collections.abc import Sequence

from .number_words import CHINESE, number

_AROUND = re.compile(r"^(?:pages?|pp?|leaf|fol)\b\.?|^(?:第(?=[^卷章回册冊篇]+[页頁叶葉面]))|[页頁叶葉面]$")
_NUMBER = re.compile(rf"\d+|[{CHINESE}]+")
_TWO_NUMBERS = re.compile(rf"([{CHINESE}])(?=\d)")
_SIDE = str.maketrans("前後后正背", "上下下上下")
_FOLIO_LETTER = re.compile(r"(?<=\d)[ab]$")
_DIVIDERS = re.compile(r"[\s·・‧•.,，、:：/_—–-]+")


def position_of(written: str, labels: Sequence[str]) -> int | None:
    """The position (from 1) of the leaf whose label is meant, the first where several are; None if no label is."""
    return next(iter(positions_of(written, labels)), None)


def positions_of(written: str, labels: Sequence[str]) -> list[int]:
    """The positions (from 1) of all leaves that may be meant, in the order of the book.

    A label exactly as written is all that is meant. Otherwise width, case, divider marks, the words around a page
    number and the kind of numerals do not count; and if the book has no such label, its last part is enough (一上 finds
    卷一·一上 and 卷二·一上), or else its first (卷二 finds all leaves of that juan).
    """
    asked = written.strip()
    if not asked:
        return []
    exact = [at for at, label in enumerate(labels, 1) if label == asked]
    if exact:
        return exact
    wanted = _key(asked)
    if not wanted:
        return []
    keys = [_key(label) if label else () for label in labels]
    length = len(wanted)
    return (
        [at for at, key in enumerate(keys, 1) if key == wanted]
        or [at for at, key in enumerate(keys, 1) if key[-length:] == wanted]
        or [at for at, key in enumerate(keys, 1) if key[:length] == wanted]
    )


def _key(label: str) -> tuple[str, ...]:
    """The parts of a label in one spelling: 卷一·十二上 and 卷1 12a are both ("卷1", "12上")."""
    folded = unicodedata.normalize("NFKC", label).strip().casefold()
    bare = _AROUND.sub("", _AROUND.sub("", folded).strip()).strip() or folded
    parts = []
    for part in _DIVIDERS.split(_TWO_NUMBERS.sub(r"\1 ", bare)):
        spelled = _NUMBER.sub(_arabic, part)
        spelled = _FOLIO_LETTER.sub(lambda side: "上" if side[0] == "a" else "下", spelled)
        if re.fullmatch(r"\d+.", spelled):
            spelled = spelled.translate(_SIDE)
        if spelled:
            parts.append(spelled)
    return tuple(parts)


def _arabic(found: re.Match) -> str:
    value = number(found[0])
    return found[0] if value is None else str(value)
