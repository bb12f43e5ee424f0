"""The part of a date after its year, read once and then placed in either calendar.

十二月十八日, 闰三月初五, 三月庚午, 冬十月, 季春, 上半年, 年底, 下旬 … are understood here; whether 三月 is
March or the third lunar month is decided by the year that stands before it.
"""

import re
from dataclasses import dataclass, replace

from archive.dates.days import historical_day, historical_month_end
from archive.dates.lunar import LunarMonth, months_of, sexagenary, sexagenary_of_day
from archive.dates.numerals import NUMBER, parse_number
from archive.dates.values import Precision, Span, span_of_days, span_of_months, span_of_years

SEASONS = "春夏秋冬"
GREGORIAN_SEASONS = ((2, 5), (5, 8), (8, 11), (11, 12))
"""Months of 春夏秋冬: the widest of the solar terms (立春 in February …) and the weather service's
quarters (March …), cut at the end of the year, so that 1978年冬 is found under 1978 alone."""

_HALVES = {"上": (1, 6), "前": (1, 6), "下": (7, 12), "后": (7, 12)}
_EDGES = {"初": (1, 2), "中": (6, 7), "底": (11, 12), "末": (11, 12)}
_QUARTERS = "一二三四"
_MOON_DAYS = {"朔": 1, "望": 15, "既望": 16}
_THIRDS = {"上": 0, "初": 0, "中": 1, "下": 2, "底": 2, "末": 2}
_THIRD_FIRST_DAYS = (1, 11, 21)
_AUSPICIOUS = re.compile(r"(?:之?吉旦?|谷旦|吉日|日|间|中|份)$")

_LUNAR_MARK = re.compile(r"(?:农历|阴历|旧历|夏历)")
_SEASON = re.compile(rf"([{SEASONS}])(?:季|天|间|日)?|([春夏秋])月")
_LUNAR_SEASON_MONTH = re.compile(rf"([孟仲季])([{SEASONS}])(?:之?月)?(.*)")
_HALF = re.compile(r"(上|下|前|后)半年")
_QUARTER = re.compile(r"第?([一二三四1-4])季度")
_EDGE = re.compile(r"年?(初|底|末)|年(中)|岁(末)")
_MONTH = re.compile(rf"(?P<season>[{SEASONS}])?王?(?P<leap>闰)?(?P<month>正|元|冬|腊|{NUMBER})月份?(?P<rest>.*)")
_DAY = re.compile(rf"(?P<initial>初)?(?P<day>{NUMBER})(?:日|号)?")
_THIRD = re.compile(r"(上|中|下)[旬浣澣]|(初|中|底|末)")


@dataclass(frozen=True, slots=True)
class WithinYear:
    """A part of a year, not yet placed: months first to last, and perhaps days of the one month.

    ``lunar`` is set by words that only the Chinese calendar has (正月, 闰, 初五, 望, 庚午).
    """

    months: tuple[int, int]
    precision: Precision
    lunar: bool = False
    leap: bool = False
    season: int | None = None
    days: tuple[int, int] | None = None  # the last may be 31 for "to the end of the month"
    last_day: bool = False  # 晦
    day_pair: int | None = None  # place of a 干支 day in the cycle of sixty


def parse_within_year(text: str) -> WithinYear | None:
    """Read what stands after a year; None when it is not understood or names no real part."""
    marked = _LUNAR_MARK.match(text)
    part = _parse_part(text[marked.end() :]) if marked else _parse_part(text)
    return replace(part, lunar=True) if part and marked else part


def place_in_gregorian_year(year: int, part: WithinYear) -> Span | None:
    """Place a part in a written Gregorian year (Julian months before the reform of 1582)."""
    if part.lunar:
        return place_in_lunar_year(year, part)
    if part.season is not None:
        first, last = GREGORIAN_SEASONS[part.season]
        return span_of_months(year, first, last, Precision.SEASON, _season_expression(year, part.season))
    first, last = part.months
    if part.days is None:
        return span_of_months(year, first, last, part.precision)
    try:
        earliest = historical_day(year, first, part.days[0])
        latest = historical_month_end(year, first)
        if part.precision is Precision.DAY or part.days[1] < 21:
            latest = historical_day(year, first, part.days[1])
    except ValueError:
        return None
    return span_of_days(earliest, latest, part.precision)


def place_in_lunar_year(year: int, part: WithinYear) -> Span | None:
    """Place a part in the lunar year named by a Gregorian year.

    Where the table has no months (see ``lunar``) the whole year is given for the second to the ninth
    month, and nothing for the others: years then began with the tenth, eleventh or twelfth, so that
    the Gregorian year itself could be the neighbouring one.
    """
    table = months_of(year)
    if not table:
        if not 2 <= part.months[0] <= part.months[1] <= 9:
            return None
        return replace(span_of_years(year, year, Precision.YEAR), lunar_year=year)
    if part.precision in (Precision.MONTH, Precision.DAY):
        month = next((month for month in table if month.number == part.months[0] and month.leap == part.leap), None)
        span = _place_in_lunar_month(month, part) if month else None
    else:
        inside = [month for month in table if part.months[0] <= month.number <= part.months[1]]
        span = span_of_days(inside[0].first_day, inside[-1].last_day, Precision.SEASON)
    return replace(span, lunar_year=year) if span else None


def _place_in_lunar_month(month: LunarMonth, part: WithinYear) -> Span | None:
    length = month.last_day - month.first_day + 1
    if part.last_day:
        return span_of_days(month.last_day, month.last_day)
    if part.day_pair is not None:
        day = month.first_day + (part.day_pair - sexagenary_of_day(month.first_day)) % 60
        return span_of_days(day, day) if day <= month.last_day else None
    if part.days is None:
        return span_of_days(month.first_day, month.last_day, Precision.MONTH)
    first, last = part.days
    if part.precision is Precision.DAY and last > length:
        return None
    earliest, latest = month.first_day + first - 1, month.first_day + min(last, length) - 1
    return span_of_days(earliest, latest, part.precision)


def _parse_part(text: str) -> WithinYear | None:
    if match := _SEASON.fullmatch(text):
        season = SEASONS.index(match[1] or match[2])
        return WithinYear((season * 3 + 1, season * 3 + 3), Precision.SEASON, season=season)
    if match := _HALF.fullmatch(text):
        return WithinYear(_HALVES[match[1]], Precision.SEASON)
    if match := _QUARTER.fullmatch(text):
        quarter = _QUARTERS.index(match[1]) if match[1] in _QUARTERS else int(match[1]) - 1
        return WithinYear((quarter * 3 + 1, quarter * 3 + 3), Precision.SEASON)
    if match := _EDGE.fullmatch(text):
        return WithinYear(_EDGES[match[1] or match[2] or match[3]], Precision.SEASON)
    if match := _LUNAR_SEASON_MONTH.fullmatch(text):
        number = SEASONS.index(match[2]) * 3 + "孟仲季".index(match[1]) + 1
        return _parse_day(match[3], WithinYear((number, number), Precision.MONTH, lunar=True))
    if match := _MONTH.fullmatch(text):
        return _parse_month(match)
    return None


def _parse_month(match: re.Match[str]) -> WithinYear | None:
    named = {"正": 1, "元": 1, "冬": 11, "腊": 12}.get(match["month"])
    number = named or parse_number(match["month"])
    if number is None or not 1 <= number <= 12:
        return None
    lunar = bool(match["leap"]) or match["month"] in ("正", "冬", "腊")
    part = WithinYear((number, number), Precision.MONTH, lunar=lunar, leap=bool(match["leap"]))
    return _parse_day(match["rest"], part)


def _parse_day(text: str, month: WithinYear) -> WithinYear | None:
    if not text or _AUSPICIOUS.fullmatch(text):
        return month
    if match := _DAY.fullmatch(text):
        day = parse_number(match["day"])
        if day is None or not 1 <= day <= (10 if match["initial"] else 31):
            return None
        lunar = month.lunar or bool(match["initial"])
        return replace(month, precision=Precision.DAY, days=(day, day), lunar=lunar)
    if match := _THIRD.fullmatch(text):
        third = _THIRDS[match[1] or match[2]]
        last = 31 if third == 2 else _THIRD_FIRST_DAYS[third + 1] - 1
        return replace(month, precision=Precision.MONTH, days=(_THIRD_FIRST_DAYS[third], last))
    return _parse_moon_day(text.removesuffix("日"), month)


def _parse_moon_day(text: str, month: WithinYear) -> WithinYear | None:
    lunar_day = replace(month, precision=Precision.DAY, lunar=True)
    if text in _MOON_DAYS:
        return replace(lunar_day, days=(_MOON_DAYS[text], _MOON_DAYS[text]))
    if text == "晦":
        return replace(lunar_day, last_day=True)
    pair = sexagenary(text)
    return None if pair is None else replace(lunar_day, day_pair=pair)


def _season_expression(year: int, season: int) -> str:
    """EDTF season, for years that it can name and that the reform of the calendar does not touch."""
    return f"{year:04d}-{21 + season}" if 1583 <= year <= 9999 else ""
