"""Numbers that belong to a person and not into print: identity, mobile telephone, bank card. Pure.

Identity numbers follow GB 11643—1999 (the check character is ISO 7064, MOD 11-2), bank cards ISO/IEC 7812-1 (Luhn);
mobile numbers have no check digit and are known by their shape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789XX-")
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{1,7}(?![0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OLDEST = 1850


class Kind(Enum):
    IDENTITY = "identity"
    MOBILE = "mobile"
    CARD = "card"


@dataclass(frozen=True)
class PersonalNumber:
    """A number found at the half-open range of the text. `masked` shows enough of it to be found again."""

    kind: Kind
    start: int
    end: int
    masked: str


def find(text: str) -> list[PersonalNumber]:
    """In the order of the text; no character belongs to two."""
    plain = text.translate(_WIDE)
    found: list[PersonalNumber] = []
    for number in sorted(_candidates(plain), key=lambda number: (number.start, -number.end)):
        if not found or number.start >= found[-1].end:
            found.append(number)
    return found


def _candidates(plain: str) -> Iterator[PersonalNumber]:
    for kind, pattern, is_true in (
        (Kind.IDENTITY, _IDENTITY, _is_identity),
        (Kind.MOBILE, _MOBILE, lambda digits: True),
        (Kind.CARD, _CARD, _is_card),
    ):
        for match in pattern.finditer(plain):
            digits = re.sub(r"[ -]", "", match[0]).upper()
            if is_true(digits):
                yield PersonalNumber(kind, match.start(), match.end(), f"{digits[:3]}…{digits[-2:]}")


def _is_identity(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return born.year >= _OLDEST and _CHECKS[total % 11] == number[17]


def _is_card(number: str) -> bool:
    """13 to 19 digits whose Luhn sum is a multiple of ten."""
    if not 13 <= len(number) <= 19 or len(set(number)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        worth = int(digit) * (2 if place % 2 else 1)
        total += worth - 9 if worth > 9 else worth
    return total % 10 == 0
