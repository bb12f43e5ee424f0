"""Whole numbers in Chinese numerals, as chapters and pages are numbered (一百零三)."""

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


def chinese_numeral(number: int) -> str:
    """0 to 99,999,999 in words: 10 is 十, 103 is 一百零三, 12000 is 一万二千. Raises ValueError beyond."""
    if not 0 <= number < 100_000_000:
        raise ValueError(f"no numeral for {number}")
    if number < 10_000:
        words = _below_ten_thousand(number)
    else:
        high, low = divmod(number, 10_000)
        words = _below_ten_thousand(high) + "万"
        if low:
            words += ("零" if low < 1000 else "") + _below_ten_thousand(low)
    return words.removeprefix("一") if words.startswith("一十") else words


def _below_ten_thousand(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    words, gap = "", False
    for place, digit in enumerate(map(int, str(number))):
        unit = len(str(number)) - 1 - place
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _UNITS[unit]
            gap = False
        else:
            gap = True
    return words
