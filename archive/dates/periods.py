"""Dynasties as dates: 明代, 清末, 宋元间, 明末清初, 晚唐, 民国时期.

Years as in 我国历代纪元表 (《现代汉语词典》) and 中国历史纪年表 (《辞海》); for a dynasty that was
proclaimed before it ruled the whole country, from the year the catalogues count from (元 1271, 清 1644).
A name that several dynasties share without one being meant by it alone (齐, 梁, 魏, 吴, 燕) is no date.
"""

import re
from dataclasses import dataclass, replace

from archive.dates.parts import PART, narrow_dynasty
from archive.dates.values import Precision, Span, join, open_before, span_of_years

_BEFORE_OUR_ERA = {
    "夏": (2070, 1600),
    "商": (1600, 1046),
    "殷商": (1300, 1046),
    "西周": (1046, 771),
    "周": (1046, 256),
    "东周": (770, 256),
    "春秋": (770, 476),
    "战国": (475, 221),
    "秦": (221, 206),
}
_ACROSS_OUR_ERA = {"西汉": (206, 8), "汉": (206, 220), "两汉": (206, 220)}
_IN_OUR_ERA = {
    "新莽": (9, 23),
    "东汉": (25, 220),
    "三国": (220, 280),
    "曹魏": (220, 265),
    "蜀汉": (221, 263),
    "孙吴": (222, 280),
    "东吴": (222, 280),
    "六朝": (222, 589),
    "魏晋": (220, 420),
    "魏晋南北朝": (220, 589),
    "西晋": (265, 317),
    "东晋": (317, 420),
    "晋": (265, 420),
    "两晋": (265, 420),
    "十六国": (304, 439),
    "南北朝": (420, 589),
    "南朝": (420, 589),
    "北朝": (386, 581),
    "刘宋": (420, 479),
    "南齐": (479, 502),
    "萧齐": (479, 502),
    "萧梁": (502, 557),
    "南朝宋": (420, 479),
    "南朝齐": (479, 502),
    "南朝梁": (502, 557),
    "南朝陈": (557, 589),
    "北魏": (386, 534),
    "东魏": (534, 550),
    "西魏": (535, 556),
    "北齐": (550, 577),
    "北周": (557, 581),
    "隋": (581, 618),
    "唐": (618, 907),
    "武周": (690, 705),
    "五代": (907, 960),
    "五代十国": (907, 979),
    "后梁": (907, 923),
    "后唐": (923, 936),
    "后晋": (936, 947),
    "后汉": (947, 950),
    "后周": (951, 960),
    "南唐": (937, 975),
    "吴越": (907, 978),
    "南汉": (917, 971),
    "前蜀": (907, 925),
    "后蜀": (934, 965),
    "北汉": (951, 979),
    "辽": (907, 1125),
    "西夏": (1038, 1227),
    "金": (1115, 1234),
    "宋": (960, 1279),
    "北宋": (960, 1127),
    "南宋": (1127, 1279),
    "两宋": (960, 1279),
    "元": (1271, 1368),
    "明": (1368, 1644),
    "南明": (1644, 1683),
    "清": (1644, 1911),
    "太平天国": (1851, 1864),
    "民国": (1912, 1949),
}
_OTHER_NAMES = {
    "大唐": "唐",
    "大宋": "宋",
    "大元": "元",
    "大明": "明",
    "大清": "清",
    "满清": "清",
    "中华民国": "民国",
}
_NAMED_PARTS = {
    "初唐": (618, 712),
    "盛唐": (713, 765),
    "中唐": (766, 835),
    "晚唐": (836, 907),
    "晚明": (1573, 1644),
    "晚清": (1840, 1911),
    "民初": (1912, 1927),
}
_WORDS_IN_THEIR_OWN_RIGHT = frozenset({"夏", "商", "周", "新莽"})
_LONGEST_NAME = 5

_AFTER_ONE = re.compile(r"(?:王?朝|时?代|一代|代?间|年间|时期|时)")
_AFTER_SEVERAL = re.compile(r"(?:[两二三四][朝代]|时期|之时|年间|时代|代间|间|代|朝|之际|之间|之交|时)?")
_PART = re.compile(rf"(?:王?朝|代)?({PART})")


@dataclass(frozen=True, slots=True)
class _Named:
    """A dynasty read at the beginning of a string: its name, its years, and what follows."""

    name: str
    years: tuple[int, int]
    rest: str


def read_period(text: str) -> Span | None:
    """Read a dynasty, a part of one, or several in a row, in folded text; None otherwise."""
    if text == "先秦" or text == "先秦时期":
        return open_before(span_of_years(-221, -221, Precision.PERIOD))
    if text in _NAMED_PARTS:
        return _convention(*_NAMED_PARTS[text])
    return _read_one(text) or _read_row(text) or _read_two_parts(text)


def _names(text: str) -> list[_Named]:
    """Give every dynasty that the text may begin with, longest name first."""
    found = []
    for length in range(min(_LONGEST_NAME, len(text)), 0, -1):
        name = _OTHER_NAMES.get(text[:length], text[:length])
        if years := _years_of(name):
            found.append(_Named(name, years, text[length:]))
    return found


def _years_of(name: str) -> tuple[int, int] | None:
    """Give the astronomical years of a dynasty."""
    if years := _BEFORE_OUR_ERA.get(name):
        return 1 - years[0], 1 - years[1]
    if years := _ACROSS_OUR_ERA.get(name):
        return 1 - years[0], years[1]
    return _IN_OUR_ERA.get(name)


def _read_one(text: str) -> Span | None:
    for named in _names(text):
        bare = not named.rest and named.name not in _WORDS_IN_THEIR_OWN_RIGHT
        if bare or _AFTER_ONE.fullmatch(named.rest):
            return span_of_years(*named.years, Precision.PERIOD)
        if part := _PART.fullmatch(named.rest):
            return _convention(*narrow_dynasty(named.name, *named.years, part[1]))
    return None


def _read_row(text: str) -> Span | None:
    """Read 宋元间, 元明清, 隋唐五代: names one after another in order of time."""
    for first in _names(text.replace("、", "")):
        if last := _last_of_row(first):
            return span_of_years(first.years[0], last.years[1], Precision.PERIOD)
    return None


def _last_of_row(named: _Named) -> _Named | None:
    for following in _names(named.rest):
        if following.years[0] <= named.years[0] or following.years[1] <= named.years[1]:
            continue
        if _AFTER_SEVERAL.fullmatch(following.rest):
            return following
        if last := _last_of_row(following):
            return last
    return None


def _read_two_parts(text: str) -> Span | None:
    """Read 明末清初: the end of one dynasty and the beginning of the next."""
    for cut in range(2, len(text) - 1):
        first, last = _read_part(text[:cut]), _read_part(text[cut:])
        if first and last and (span := join(first, last)):
            return replace(span, precision=Precision.PERIOD)
    return None


def _read_part(text: str) -> Span | None:
    if text in _NAMED_PARTS:
        return _convention(*_NAMED_PARTS[text])
    for named in _names(text):
        if part := _PART.fullmatch(named.rest):
            return _convention(*narrow_dynasty(named.name, *named.years, part[1]))
    return None


def _convention(first: int, last: int) -> Span:
    """Make a span whose ends are ours and not the writer's."""
    return replace(span_of_years(first, last, Precision.PERIOD), approximate=True)
