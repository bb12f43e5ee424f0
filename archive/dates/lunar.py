"""Months and days of the Chinese calendar as day numbers, from the tables of tyme4py.

tyme4py carries 许剑伟's 寿星天文历, whose new moons follow the historical almanacs. The table is used
from AD 25 to 2099 and left aside where months were renamed for a while (魏明帝 236–239,
武则天 690–700, 唐肃宗 761–762): there only the year is known. In divided times the calendar is the
court's that the tables follow; another court's month may begin a day off or have its 闰月 elsewhere.

A lunar year is named by the Gregorian year that holds most of it: 康熙二十八年 is 1689, although it ran
from 21 January 1689 to 8 February 1690. A bare year is therefore read as the whole of 1689, as every
chronology and every gazetteer prints it, so that a reader finds it under 1689 and under no other year;
with its month, the day is exact, and 康熙二十八年十二月 is January and February 1690.
"""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from tyme4py.lunar import LunarYear

from archive.dates.days import SEXAGENARY_DAY_OFFSET

_FIRST_YEAR, _LAST_YEAR = 25, 2099
_RENUMBERED = (range(236, 240), range(690, 701), range(761, 763))
_DAY_NUMBER_OF_JULIAN_DAY_ZERO = -1_721_425
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"

# tyme4py fills its table of leap months on first use, unguarded: two threads would fill it twice.
_table_lock = Lock()


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month: its number from 1 to 12, whether it is a 闰月, and its first and last day number."""

    number: int
    leap: bool
    first_day: int
    last_day: int


@lru_cache(maxsize=512)
def months_of(year: int) -> tuple[LunarMonth, ...]:
    """Give the 12 or 13 months of the lunar year named by a Gregorian year; empty when unknown."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR or any(year in years for years in _RENUMBERED):
        return ()
    months = []
    with _table_lock:
        for month in LunarYear.from_year(year).get_months():
            first = round(month.get_first_julian_day().get_day()) + _DAY_NUMBER_OF_JULIAN_DAY_ZERO
            last = first + month.get_day_count() - 1
            months.append(LunarMonth(month.get_month(), month.is_leap(), first, last))
    return tuple(months)


def sexagenary(pair: str) -> int | None:
    """Give the place of a 干支 pair in the cycle of sixty, 0 for 甲子; None when it is no pair of it."""
    if len(pair) != 2 or pair[0] not in _STEMS or pair[1] not in _BRANCHES:
        return None
    stem, branch = _STEMS.index(pair[0]), _BRANCHES.index(pair[1])
    return None if (stem - branch) % 2 else (6 * stem - 5 * branch) % 60


def sexagenary_of_year(year: int) -> int:
    """Give the place in the cycle of the lunar year named by an astronomical year."""
    return (year - 4) % 60


def sexagenary_of_day(day: int) -> int:
    """Give the place in the cycle of a day number."""
    return (day + SEXAGENARY_DAY_OFFSET) % 60
