"""Dates that machines and cataloguers write: EDTF (ISO 8601-2:2019) and numeric dates.

Numeric dates are read by patterns of our own and only what needs it goes to the ``edtf`` package:
its parser costs about ten milliseconds a date, which is most of an hour over 300,000 entries.
"""

import re
from dataclasses import replace

from edtf import EDTFParseException, parse_edtf
from edtf.parser.parser_classes import (
    Date,
    DateAndTime,
    EDTFObject,
    Interval,
    LongYear,
    MultipleDates,
    OneOfASet,
    PartialUnspecified,
    Season,
    UncertainOrApproximate,
    Unspecified,
    UnspecifiedIntervalSection,
)

from archive.dates.days import YEAR_LIMIT, day_number, month_length
from archive.dates.values import (
    OPEN_END,
    OPEN_START,
    Precision,
    Span,
    day_expression,
    span_of_days,
    span_of_years,
    year_expression,
)
from archive.dates.within_year import GREGORIAN_SEASONS

_TIME = r"(?:T\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
_YEAR = re.compile(r"(?P<year>-?\d{4})")
_ISO_MONTH = re.compile(r"(?P<year>-?\d{4})-(?P<month>\d{2})")
_ISO_DAY = re.compile(rf"(?P<year>-?\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}){_TIME}")
_MONTH = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})")
_DAY = re.compile(rf"(?P<year>\d{{4}})(?P<dash>[-./])(?P<month>\d{{1,2}})(?P=dash)(?P<day>\d{{1,2}}){_TIME}")
_EXIF_DAY = re.compile(r"(?P<year>\d{4}):(?P<month>\d{2}):(?P<day>\d{2})" + _TIME)
_COMPACT_DAY = re.compile(r"(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})")

# The outline of EDTF, so that the slow parser is only asked about what looks like it.
_PLAIN = r"[?~%]?-?[0-9X]{4}(?:[?~%]?-[?~%]?[0-9X]{2}){0,2}[?~%]?"
_ONE = rf"(?:{_PLAIN}|Y-?[0-9]{{1,7}}(?:E[0-9])?|[0-9-]{{4,10}}T[0-9:.Z+-]{{4,20}})"
_OUTLINE = re.compile(
    rf"{_ONE}|{_PLAIN}/(?:{_PLAIN}|\.\.)?|(?:\.\.)?/{_PLAIN}"
    rf"|[\[{{](?:\.\.)?{_PLAIN}(?:(?:,|\.\.){_PLAIN}){{0,5}}(?:\.\.)?[\]}}]"
)
_HUGE = re.compile(r"\d{7}|E\d{2}|S")
# What its grammar takes and its classes then fail on, printing as they do: 1978-1X.
_UNCONSTRUCTIBLE = re.compile(r"\d{4}-(?:\dX|X\d)(?!-)")
_QUALIFIED_DIGITS = re.compile(r"-?[0-9X-]+[?~%]")
_UNKNOWN_END = re.compile(r"^/|/$")
_SEASON_CODES = range(21, 25)


def read_machine_date(text: str) -> Span | None:
    """Read an EDTF or a numeric date (1978.12.18, 1978/12, 19781218, 1978:12:18T10:00:00).

    None for anything else, for days that do not exist, for years beyond ±999,999, and for the parts
    of EDTF level 2 that say no span (significant digits). The days are Gregorian, as ISO 8601 says.
    Seasons are 21 to 24 alone: what EDTF level 2 calls 25 to 41 (1920-25) is a range to a writer.
    """
    return _read_numeric(text) or _read_edtf(text)


def _read_numeric(text: str) -> Span | None:
    try:
        for pattern in (_ISO_DAY, _DAY, _EXIF_DAY, _COMPACT_DAY):
            if match := pattern.fullmatch(text):
                day = day_number(int(match["year"]), int(match["month"]), int(match["day"]))
                return span_of_days(day, day)
        for pattern in (_ISO_MONTH, _MONTH):
            if (match := pattern.fullmatch(text)) and 1 <= int(match["month"]) <= 12:
                return _month(int(match["year"]), int(match["month"]))
    except ValueError:
        return None
    if (match := _YEAR.fullmatch(text)) and text != "-0000":
        return span_of_years(int(match["year"]), int(match["year"]), Precision.YEAR)
    return None


def _month(year: int, month: int) -> Span:
    first, last = day_number(year, month, 1), day_number(year, month, month_length(year, month))
    expression = f"{year_expression(year)}-{month:02d}"
    return Span(first, last, Precision.MONTH, expression, expression)


def _read_edtf(text: str) -> Span | None:
    if not _OUTLINE.fullmatch(text) or _HUGE.search(text) or _UNCONSTRUCTIBLE.search(text):
        return None
    try:
        parsed = parse_edtf(text)
    except (EDTFParseException, ValueError, TypeError, AttributeError, KeyError, IndexError):
        # Its parse actions fail with whatever their arithmetic fails with on odd input.
        return None
    try:
        earliest, latest = _bounds(parsed)
    except ValueError:
        return None
    if earliest > latest:
        return None
    approximate, uncertain = _qualifiers(parsed)
    if isinstance(parsed, UncertainOrApproximate):
        plain = str(parsed.date)
        return Span(earliest, latest, _precision(parsed), plain, plain, "", approximate, uncertain)
    unknown_end = bool(_UNKNOWN_END.search(text))
    if isinstance(parsed, LongYear):
        return span_of_years(parsed._precise_year(), parsed._precise_year(), Precision.YEAR)
    start = ".." if earliest == OPEN_START else day_expression(earliest)
    end = ".." if latest == OPEN_END else day_expression(latest)
    whole = text[:-1] if _QUALIFIED_DIGITS.fullmatch(text) else text
    span = Span(earliest, latest, _precision(parsed), start, end, whole)
    return replace(span, approximate=approximate, uncertain=uncertain or unknown_end)


def _bounds(node: EDTFObject) -> tuple[int, int]:
    """Give first and last day number of a parsed expression; ValueError when it names no day."""
    match node:
        case Interval():
            return _interval_bounds(node)
        case UncertainOrApproximate() | DateAndTime():
            return _bounds(node.date)
        case OneOfASet() | MultipleDates():
            bounds = [_bounds(each) for each in node.objects]
            return min(first for first, _ in bounds), max(last for _, last in bounds)
        case LongYear():
            year = _bounded(node._precise_year())
            return day_number(year, 1, 1), day_number(year, 12, 31)
        case Season():
            return _season_bounds(node)
        case Date():
            return _date_bounds(node)
    raise ValueError(f"not a date: {node!r}")


def _interval_bounds(node: Interval) -> tuple[int, int]:
    """Give the bounds of an interval; an unknown end (1985/) adds nothing to the known one."""
    lower, upper = node.lower, node.upper
    if isinstance(lower, UnspecifiedIntervalSection) and isinstance(upper, UnspecifiedIntervalSection):
        raise ValueError("an interval without an end")
    if isinstance(lower, UnspecifiedIntervalSection):
        first, last = _bounds(upper)
        return (OPEN_START if lower.is_open else first), last
    if isinstance(upper, UnspecifiedIntervalSection):
        first, last = _bounds(lower)
        return first, (OPEN_END if upper.is_open else last)
    return _bounds(lower)[0], _bounds(upper)[1]


def _season_bounds(node: Season) -> tuple[int, int]:
    year, code = _bounded(int(node.year)), int(node.season)
    if code not in _SEASON_CODES:
        raise ValueError(f"a season that means something else to a writer: {code}")
    first, last = GREGORIAN_SEASONS[code - _SEASON_CODES.start]
    return day_number(year, first, 1), day_number(year, last, month_length(year, last))


def _date_bounds(node: Date) -> tuple[int, int]:
    """Give the bounds of a date with or without unspecified digits, checking that its days exist."""
    year, month, day = node.year, node.month, node.day
    years = sorted(_bounded(int(year.replace("X", digit))) for digit in "09")
    months = _digits_range(month, 1, 12) if month else (1, 12)
    days = _digits_range(day, 1, 31) if day else (1, 31)
    first = day_number(years[0], months[0], days[0])
    if day and "X" not in day:
        return first, day_number(years[1], months[1], days[1])
    return first, day_number(years[1], months[1], min(days[1], month_length(years[1], months[1])))


def _digits_range(digits: str, least: int, most: int) -> tuple[int, int]:
    low, high = max(int(digits.replace("X", "0")), least), min(int(digits.replace("X", "9")), most)
    if low > high:
        raise ValueError(f"no such month or day: {digits}")
    return low, high


def _bounded(year: int) -> int:
    if abs(year) > YEAR_LIMIT:
        raise ValueError(f"a year beyond the limit: {year}")
    return year


def _qualifiers(node: EDTFObject) -> tuple[bool, bool]:
    both = bool(getattr(node, "is_uncertain_and_approximate", False))
    return both or bool(node.is_approximate), both or bool(node.is_uncertain)


def _precision(node: EDTFObject) -> Precision:
    match node:
        case UncertainOrApproximate():
            return _precision(node.date)
        case DateAndTime():
            return Precision.DAY
        case LongYear():
            return Precision.YEAR
        case Season():
            return Precision.SEASON
        case Interval() | OneOfASet() | MultipleDates():
            return Precision.RANGE
        case PartialUnspecified() | Unspecified():
            return _precision_of_unspecified(node)
        case _ if node.day:
            return Precision.DAY
        case _ if node.month:
            return Precision.MONTH
    return Precision.YEAR


def _precision_of_unspecified(node: Date) -> Precision:
    shape = re.sub(r"\d", "0", node.year.lstrip("-")) + ("-" + node.month if node.month else "")
    if "X" not in shape:
        return Precision.MONTH if node.month else Precision.YEAR
    if shape == "0000-XX":
        return Precision.YEAR
    return {"000X": Precision.DECADE, "00XX": Precision.CENTURY}.get(shape, Precision.RANGE)
