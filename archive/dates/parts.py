"""How much of a dynasty, reign, century or decade 初, 中叶 and 末 take up.

Nobody dates such words exactly; these spans are our convention, always marked approximate:

- dynasty: 初 and 末 a third each, at most 50 years; 中叶 what lies between. For 唐, 明, 清 and 民国 the
  usual divisions are taken instead (清末 from 1840, 明末 from 万历, 民国初 to 1927);
- reign: 初 and 末 a third each, at most ten years (光绪初 1875–1884); 中叶 what lies between;
- century: 初 and 末 twenty years each, 早期 and 晚期 and 中叶 a third each, halves are exact;
- decade: 初 four years, 中期 three, 末 three (80年代初 1980–1983).

中 alone after a reign means "in the course of" (嘉靖中建通天塔) and is the whole reign.
"""

EARLY = "(?:初期|初年|初叶|初|前期|早期|早年)"
MIDDLE = "(?:中叶|中期)"
LATE = "(?:末期|末年|末叶|末季|末|季年|季世|季|后期|晚期|晚年)"
PART = f"(?:{EARLY}|{MIDDLE}|{LATE})"
"""Pattern of a part; ``narrow_*`` take a string that it matches whole."""

_LATE_SIGNS = "末季后晚"

_CONVENTIONAL = {
    "唐": ((618, 712), (713, 835), (836, 907)),
    "明": ((1368, 1435), (1436, 1572), (1573, 1644)),
    "清": ((1644, 1722), (1723, 1839), (1840, 1911)),
    "民国": ((1912, 1927), (1928, 1937), (1938, 1949)),
}
_CENTURY_HALVES = {
    "上半叶": 0,
    "前半叶": 0,
    "上半期": 0,
    "前半期": 0,
    "下半叶": 50,
    "后半叶": 50,
    "后半期": 50,
    "下半期": 50,
}
CENTURY_HALF = "(?:上半叶|前半叶|上半期|前半期|下半叶|后半叶|下半期|后半期)"


def narrow_dynasty(name: str, first: int, last: int, part: str) -> tuple[int, int]:
    """Give the years of a part of a dynasty."""
    if name in _CONVENTIONAL:
        return _CONVENTIONAL[name][_position(part)]
    return _narrow(first, last, _position(part), at_most=50)


def narrow_reign(first: int, last: int, part: str) -> tuple[int, int]:
    """Give the years of a part of a reign."""
    return _narrow(first, last, _position(part), at_most=10)


def narrow_century(first: int, part: str) -> tuple[int, int]:
    """Give the years of a part of the century that begins with the year ``first``."""
    if part in _CENTURY_HALVES:
        return first + _CENTURY_HALVES[part], first + _CENTURY_HALVES[part] + 49
    if part.startswith("初"):
        return first, first + 19
    if part.startswith("末"):
        return first + 80, first + 99
    return _narrow(first, first + 99, _position(part), at_most=33)


def narrow_decade(first: int, part: str) -> tuple[int, int]:
    """Give the years of a part of the decade that begins with the year ``first``."""
    return ((first, first + 3), (first + 4, first + 6), (first + 7, first + 9))[_position(part)]


def _position(part: str) -> int:
    """Say whether a part is the first (0), the middle (1) or the last (2)."""
    if part.startswith("中"):
        return 1
    return 2 if part[0] in _LATE_SIGNS else 0


def _narrow(first: int, last: int, position: int, at_most: int) -> tuple[int, int]:
    third = max(1, min(round((last - first + 1) / 3), at_most))
    if position == 0:
        return first, min(first + third - 1, last)
    if position == 2:
        return max(last - third + 1, first), last
    middle = first + third, last - third
    return middle if middle[0] <= middle[1] else (first, last)
