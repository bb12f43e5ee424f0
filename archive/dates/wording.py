"""From a span of days back to Chinese words in terms of our era, for a reader beside the written date."""

from archive.dates.days import day_number, historical_date, historical_day, historical_month_end, to_year
from archive.dates.values import OPEN_END, OPEN_START, HistoricalDate, Precision
from archive.dates.within_year import GREGORIAN_SEASONS, SEASONS

_PARTS_OF_A_YEAR = dict(zip(GREGORIAN_SEASONS, SEASONS, strict=True)) | {
    (1, 6): "上半年",
    (7, 12): "下半年",
    (1, 3): "第一季度",
    (4, 6): "第二季度",
    (7, 9): "第三季度",
    (10, 12): "第四季度",
    (1, 2): "初",
    (6, 7): "年中",
}
_WINTER_CODE = "-24"

_Day = tuple[int, int, int]


def describe(date: HistoricalDate) -> str:
    """Say a date in words: 1689年, 公元前214年, 1978年12月, 1980年代, 1962—1965年, 约1689年.

    Days before 15 October 1582 are said in the Julian calendar, as chronologies print them.
    ``interpret`` reads the words back to the same span.
    """
    words = _describe_span(date)
    return f"{'约' if date.approximate else ''}{words}{'（存疑）' if date.uncertain else ''}"


def _describe_span(date: HistoricalDate) -> str:
    if date.earliest == OPEN_START:
        return f"{_describe_end(date.latest, is_last=True)}及以前"
    if date.latest == OPEN_END:
        return f"{_describe_end(date.earliest, is_last=False)}及以后"
    if _is_whole_years(date.earliest, date.latest):
        return _describe_years(to_year(date.earliest), to_year(date.latest), date.precision)
    first, last = historical_date(date.earliest), historical_date(date.latest)
    if first[2] == 1 and date.latest == historical_month_end(*last[:2]):
        return _describe_months(first, last, date)
    return _describe_days(first, last)


def _is_whole_years(earliest: int, latest: int) -> bool:
    return earliest == day_number(to_year(earliest), 1, 1) and latest == day_number(to_year(latest), 12, 31)


def _describe_end(day: int, is_last: bool) -> str:
    """Say the known end of an open range by the coarsest unit that it is the end of."""
    year = to_year(day)
    if day == (day_number(year, 12, 31) if is_last else day_number(year, 1, 1)):
        return f"{_year_words(year)}年"
    written = historical_date(day)
    month_end = historical_month_end(*written[:2]) if is_last else historical_day(*written[:2], 1)
    return _month_words(written) if day == month_end else _day_words(written)


def _describe_years(first: int, last: int, precision: Precision) -> str:
    if first == last:
        return f"{_year_words(first)}年"
    if precision is Precision.DECADE and first % 10 == 0 and last == first + 9 and first >= 1000:
        return f"{first}年代"
    if precision is Precision.CENTURY and (first - 1) % 100 == 0 and last == first + 99:
        return f"{(last // 100)}世纪" if first > 0 else f"公元前{-first // 100 + 1}世纪"
    if first <= 0 < last:
        return f"{_year_words(first)}年—公元{last}年"
    if first <= 0:
        return f"公元前{1 - first}—前{1 - last}年"
    return f"{_year_words(first)}—{_year_words(last)}年"


def _describe_months(first: _Day, last: _Day, date: HistoricalDate) -> str:
    if first[:2] == last[:2]:
        return _month_words(first)
    if first[0] == last[0]:
        part = _PARTS_OF_A_YEAR.get((first[1], last[1])) if date.precision is Precision.SEASON else None
        if part == "冬" and not date.edtf.endswith(_WINTER_CODE):
            part = "底"  # the same two months
        year = _year_words(first[0])
        return f"{year}年{part}" if part else f"{year}年{first[1]}—{last[1]}月"
    return f"{_month_words(first)}—{_month_words(last)}"


def _describe_days(first: _Day, last: _Day) -> str:
    if first == last:
        return _day_words(first)
    if first[:2] == last[:2]:
        return f"{_month_words(first)}{first[2]}—{last[2]}日"
    if first[0] == last[0]:
        return f"{_day_words(first)}—{last[1]}月{last[2]}日"
    return f"{_day_words(first)}—{_day_words(last)}"


def _year_words(year: int) -> str:
    """Say an astronomical year; one that could be taken for another number gets 公元 before it."""
    if year <= 0:
        return f"公元前{1 - year}"
    return str(year) if 100 <= year <= 9999 else f"公元{year}"


def _month_words(written: _Day) -> str:
    return f"{_year_words(written[0])}年{written[1]}月"


def _day_words(written: _Day) -> str:
    return f"{_month_words(written)}{written[2]}日"
