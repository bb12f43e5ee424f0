"""Days as plain integers, because gazetteers reach before year 1, where ``datetime`` does not go.

A day number is the signed proleptic Gregorian ordinal: 0001-01-01 is 1, the same number as
``datetime.date.toordinal()`` wherever that exists, and zero or negative before. Years are
astronomical: 0 is 1 BCE (公元前1年), -213 is 214 BCE (公元前214年).

Written days before 15 October 1582 follow the Julian calendar, as every Chinese chronology prints
them (天宝十四载十一月初九 is 755年12月16日). ``historical_day`` and ``historical_date`` speak that
way; whole years keep their Gregorian bounds, since ten days say nothing about a year.
"""

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_IN_400_YEARS = 146_097
_DAYS_IN_100_YEARS = 36_524
_DAYS_IN_4_YEARS = 1_461
_JULIAN_ORIGIN = -2  # the Julian 1 January of year 1 is day -1, the Gregorian one is day 1

YEAR_LIMIT = 999_999
"""Years beyond ±999,999 are refused: every day number then fits a signed 32-bit column."""

LAST_JULIAN = (1582, 10, 4)
FIRST_GREGORIAN = (1582, 10, 15)

SEXAGENARY_DAY_OFFSET = 14
"""Add to a day number, modulo 60, for its place in the cycle (0 is 甲子; 2000-01-07 was one)."""


def is_leap(year: int) -> bool:
    """Say whether the proleptic Gregorian year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Give the days of a proleptic Gregorian month, month being 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Give the day number of a proleptic Gregorian date; ValueError when there is no such date."""
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise ValueError(f"no such Gregorian date: {year}-{month}-{day}")
    past = year - 1
    before = past * 365 + past // 4 - past // 100 + past // 400
    return before + _DAYS_BEFORE_MONTH[month - 1] + (month > 2 and is_leap(year)) + day


def civil_date(day: int) -> tuple[int, int, int]:
    """Give (year, month, day) of a day number in the proleptic Gregorian calendar."""
    cycles, rest = divmod(day - 1, _DAYS_IN_400_YEARS)
    centuries = min(rest // _DAYS_IN_100_YEARS, 3)
    rest -= centuries * _DAYS_IN_100_YEARS
    fours, rest = divmod(rest, _DAYS_IN_4_YEARS)
    ones = min(rest // 365, 3)
    year = cycles * 400 + centuries * 100 + fours * 4 + ones + 1
    return (year, *_month_and_day(rest - ones * 365, is_leap(year)))


def historical_day(year: int, month: int, day: int) -> int:
    """Give the day number of a written date: Julian to 1582-10-04, Gregorian from 1582-10-15.

    ValueError for a date that neither calendar has, the ten dropped days included.
    """
    written = (year, month, day)
    if written >= FIRST_GREGORIAN:
        return day_number(year, month, day)
    if written > LAST_JULIAN:
        raise ValueError(f"dropped by the reform of the calendar: {year}-{month}-{day}")
    if not 1 <= month <= 12 or not 1 <= day <= _julian_month_length(year, month):
        raise ValueError(f"no such Julian date: {year}-{month}-{day}")
    past = year - 1
    before = past * 365 + past // 4 + _DAYS_BEFORE_MONTH[month - 1]
    return before + (month > 2 and year % 4 == 0) + day + _JULIAN_ORIGIN


def historical_date(day: int) -> tuple[int, int, int]:
    """Give (year, month, day) as it is written: the inverse of ``historical_day``."""
    if day >= day_number(*FIRST_GREGORIAN):
        return civil_date(day)
    fours, rest = divmod(day - 1 - _JULIAN_ORIGIN, _DAYS_IN_4_YEARS)
    ones = min(rest // 365, 3)
    year = fours * 4 + ones + 1
    return (year, *_month_and_day(rest - ones * 365, year % 4 == 0))


def historical_month_end(year: int, month: int) -> int:
    """Give the day number of the last day of a written month."""
    length = month_length(year, month) if (year, month) >= (1582, 10) else _julian_month_length(year, month)
    return historical_day(year, month, length)


def to_year(day: int) -> int:
    """Give the astronomical Gregorian year that a day number falls in."""
    return civil_date(day)[0]


def year_range(first: int, last: int) -> tuple[int, int]:
    """Give the first and last day number of the astronomical years ``first`` to ``last``.

    For filters by year: a date belongs to the years when ``earliest <= range[1] and
    latest >= range[0]``. ValueError when ``first`` is after ``last``.
    """
    if first > last:
        raise ValueError(f"years in the wrong order: {first}, {last}")
    return day_number(first, 1, 1), day_number(last, 12, 31)


def _julian_month_length(year: int, month: int) -> int:
    return 29 if month == 2 and year % 4 == 0 else _MONTH_LENGTHS[month - 1]


def _month_and_day(day_of_year: int, leap: bool) -> tuple[int, int]:
    """Split a zero-based day of a year."""
    for month in range(12, 0, -1):
        start = _DAYS_BEFORE_MONTH[month - 1] + (leap and month > 2)
        if day_of_year >= start:
            return month, day_of_year - start + 1
    raise ValueError(f"not a day of a year: {day_of_year}")
