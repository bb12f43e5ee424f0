"""Numbers as books print them, read: 128, 一百二十八, 一二八, 廿八, 壹佰, 三万二千, xii, １２.

Written ones are made by `numerals`.
"""

import re

from archive.dates.numerals import parse_number
from archive.dates.spelling import fold

CHINESE = "〇零○一二三四五六七八九十百千万萬亿億廿卅卌两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
"""Characters of Chinese numerals, to be put into a pattern's brackets."""

_MYRIADS = (("亿", 10**8), ("万", 10**4))
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_PARTS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
HIGHEST_ROMAN = 3999


def number(text: str) -> int | None:
    """A whole number in digits (any width) or Chinese numerals; None when the string is anything else."""
    folded = fold(text)
    if not folded:
        return None
    if folded.isascii() and folded.isdigit():
        return int(folded)
    return _above_ten_thousand(folded.replace("萬", "万").replace("億", "亿"))


def _above_ten_thousand(text: str) -> int | None:
    for mark, size in _MYRIADS:
        if mark in text:
            high, _, low = text.partition(mark)
            # 三万五 is said for 35,000 and written for 30,005.
            if not high or (len(low) == 1 and low != "〇"):
                return None
            above, below = _above_ten_thousand(high), _above_ten_thousand(low.lstrip("〇")) if low else 0
            return None if above is None or below is None or below >= size else above * size + below
    return parse_number(text)


def roman_value(text: str) -> int | None:
    """The value of a Roman numeral in its regular form, in small or in capital letters; None for anything else."""
    lowered = text.lower()
    if not text or text not in (lowered, text.upper()) or not _ROMAN.fullmatch(lowered):
        return None
    total, at = 0, 0
    for value, letters in _ROMAN_PARTS:
        while lowered.startswith(letters, at):
            total, at = total + value, at + len(letters)
    return total


def roman(value: int) -> str:
    """1 to 3999 in small letters. Raises ValueError beyond."""
    if not 1 <= value <= HIGHEST_ROMAN:
        raise ValueError(f"no Roman numeral for {value}")
    letters = []
    for size, letter in _ROMAN_PARTS:
        count, value = divmod(value, size)
        letters.append(letter * count)
    return "".join(letters)
