"""What a date means once it is understood: a span of days, how exact it is, and its EDTF."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.dates.days import (
    YEAR_LIMIT,
    civil_date,
    day_number,
    historical_day,
    historical_month_end,
    to_year,
)

OPEN_START = day_number(-YEAR_LIMIT, 1, 1)
"""``earliest`` of a date that has no beginning (EDTF ``../1985``)."""
OPEN_END = day_number(YEAR_LIMIT, 12, 31)
"""``latest`` of a date that has no end (EDTF ``1985/..``)."""


_MARKABLE = re.compile(r"-?[0-9X-]+")  # an expression that a qualifier may be put after


class Precision(StrEnum):
    """How exactly a date was written; the span itself is in ``earliest`` and ``latest``."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"  # any named part of a year: a season, a half, a quarter, its beginning or end
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    REIGN = "reign"
    PERIOD = "period"  # a dynasty, or a named part of a dynasty, reign, century or decade
    RANGE = "range"  # two ends that were written, either of which may be open


@dataclass(frozen=True, slots=True)
class HistoricalDate:
    """A date as a span of days, for sorting and filtering; the written words are kept elsewhere.

    ``earliest`` and ``latest`` are signed proleptic Gregorian ordinals, both included: 0001-01-01 is
    1 as in ``datetime.date.toordinal()``, earlier days are zero or negative. Years are astronomical
    (0 is 公元前1年). ``edtf`` is valid EDTF (ISO 8601-2:2019) for the same span. ``approximate`` (约)
    and ``uncertain`` (存疑) never widen the span, since nobody wrote by how much.

    Raises ValueError when ``earliest`` is after ``latest``.
    """

    earliest: int
    latest: int
    precision: Precision
    edtf: str
    approximate: bool = False
    uncertain: bool = False

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"a date that ends before it begins: {self.earliest}, {self.latest}")

    @property
    def earliest_year(self) -> int:
        """The astronomical Gregorian year of the first day."""
        return to_year(self.earliest)

    @property
    def latest_year(self) -> int:
        """The astronomical Gregorian year of the last day."""
        return to_year(self.latest)


@dataclass(frozen=True, slots=True)
class Span:
    """A reading on its way to a ``HistoricalDate``.

    ``start`` and ``end`` are EDTF expressions of the two ends (``..`` when open); ``whole`` is the
    one expression that says both, when there is one. ``lunar_year`` is set when the words were a
    year of the Chinese calendar, named by the Gregorian year that holds most of it.
    """

    earliest: int
    latest: int
    precision: Precision
    start: str
    end: str
    whole: str = ""
    approximate: bool = False
    uncertain: bool = False
    lunar_year: int | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        return self.earliest, self.latest

    def to_date(self) -> HistoricalDate:
        return HistoricalDate(
            self.earliest, self.latest, self.precision, self._edtf(), self.approximate, self.uncertain
        )

    def _edtf(self) -> str:
        mark = {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}[
            (self.approximate, self.uncertain)
        ]
        whole = self.whole or (self.start if self.start == self.end else "")
        if whole and not _MARKABLE.fullmatch(whole):
            return whole  # written in EDTF, its qualifiers with it; or a year that can have none
        # EDTF level 1 has no sign for an uncertain season, so its two months carry the sign.
        if whole and not (mark and self.precision is Precision.SEASON):
            return whole + mark
        return "/".join(end if end == ".." else end + mark for end in (self.start, self.end))


def year_expression(year: int) -> str:
    """Write an astronomical year in EDTF: 0618, -0213, Y-17000."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def day_expression(day: int) -> str:
    """Write a day number in EDTF."""
    year, month, day_of_month = civil_date(day)
    return f"{year_expression(year)}-{month:02d}-{day_of_month:02d}"


def span_of_years(first: int, last: int, precision: Precision, whole: str = "") -> Span:
    """Make a span of whole Gregorian years, both included."""
    return Span(
        day_number(first, 1, 1),
        day_number(last, 12, 31),
        precision,
        year_expression(first),
        year_expression(last),
        whole,
    )


def span_of_months(year: int, first: int, last: int, precision: Precision = Precision.MONTH, whole: str = "") -> Span:
    """Make a span of written months of one year; before the reform of 1582 they are Julian months."""
    earliest, latest = historical_day(year, first, 1), historical_month_end(year, last)
    if (year, first) <= (1582, 10):
        return span_of_days(earliest, latest, precision)
    prefix = year_expression(year)
    return Span(earliest, latest, precision, f"{prefix}-{first:02d}", f"{prefix}-{last:02d}", whole)


def span_of_days(earliest: int, latest: int, precision: Precision = Precision.DAY) -> Span:
    """Make a span between two day numbers, both included."""
    return Span(earliest, latest, precision, day_expression(earliest), day_expression(latest))


def join(first: Span, last: Span) -> Span | None:
    """Make the range that two readings enclose, or None when they are not in order."""
    if first.bounds == last.bounds or first.earliest > last.earliest or first.latest > last.latest:
        return None
    if first.start.startswith("Y") or last.end.startswith("Y"):
        return None  # EDTF has no interval of years beyond four digits
    return Span(
        first.earliest,
        last.latest,
        Precision.RANGE,
        first.start,
        last.end,
        approximate=first.approximate or last.approximate,
        uncertain=first.uncertain or last.uncertain,
    )


def qualified(span: Span, *, approximate: bool = False, uncertain: bool = False) -> Span:
    """Add a qualification to a reading that may have some already."""
    whole = span.whole if _MARKABLE.fullmatch(span.whole) else ""
    return replace(
        span,
        approximate=span.approximate or approximate,
        uncertain=span.uncertain or uncertain,
        whole=whole,
    )


def open_before(span: Span) -> Span:
    """Make everything up to the end of a span."""
    return replace(span, earliest=OPEN_START, precision=Precision.RANGE, start="..", whole="", lunar_year=None)


def open_after(span: Span) -> Span:
    """Make everything from the beginning of a span on."""
    return replace(span, latest=OPEN_END, precision=Precision.RANGE, end="..", whole="", lunar_year=None)
