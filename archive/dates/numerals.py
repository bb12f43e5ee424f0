"""Chinese numerals in dates: 二十八, 廿八, 一九七八, 二〇〇八, 元, and plain digits.

Text is expected as ``spelling.fold`` leaves it: simplified, half-width, zero as 〇.
"""

import re

NUMBER = r"(?:[0-9]+|[〇一二三四五六七八九十百千廿卅卌两]+)"
"""Pattern of one number, in digits or in Chinese numerals."""

_VALUES = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}
_POSITIONAL = re.compile(r"[〇一二三四五六七八九]+")
_TENS_LIGATURES = {"廿": "二十", "卅": "三十", "卌": "四十"}
_COUNTED = re.compile(
    r"(?:(?P<thousands>[一二两三四五六七八九])千)?(?P<gap_hundreds>〇)?"
    r"(?:(?P<hundreds>[一二两三四五六七八九])百)?(?P<gap_tens>〇)?"
    r"(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十))?"
    r"(?P<ones>[一二三四五六七八九])?"
)
_MOST_DIGITS = 6


def parse_number(text: str) -> int | None:
    """Read a whole string as a number from 0 to 999,999; None when it is not one.

    Positional (一九七八, 二八) and counted (一千九百七十八, 廿八) writing are both read. 二百五
    is None: it is said for 250 and written for 205.
    """
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= _MOST_DIGITS else None
    if _POSITIONAL.fullmatch(text):
        digits = "".join(str(_VALUES[character]) for character in text)
        return int(digits) if len(digits) <= _MOST_DIGITS else None
    return _parse_counted(text)


def _parse_counted(text: str) -> int | None:
    for ligature, spelled in _TENS_LIGATURES.items():
        text = text.replace(ligature + "十", spelled).replace(ligature, spelled)
    match = _COUNTED.fullmatch(text)
    if not text or match is None or not _gaps_are_right(match):
        return None
    thousands, hundreds, ones = (_VALUES.get(match[name] or "", 0) for name in ("thousands", "hundreds", "ones"))
    tens = _VALUES[match["tens"] or "一"] if match["ten"] else 0
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones


def _gaps_are_right(match: re.Match[str]) -> bool:
    """Hold to the rule that a skipped place, and only a skipped place, is written 〇."""
    thousands, hundreds, ten, ones = (match[name] for name in ("thousands", "hundreds", "ten", "ones"))
    skipped_hundreds = bool(thousands and not hundreds and (ten or ones))
    skipped_tens = bool(hundreds and not ten and ones)
    written = bool(match["gap_hundreds"]), bool(match["gap_tens"])
    if skipped_hundreds:
        return any(written) and not all(written)
    return written == (False, skipped_tens)
