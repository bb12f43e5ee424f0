"""Chinese historical dates as they are written, read into spans of days that sort and filter.

Public: ``interpret`` (words to a date), ``describe`` (a date to words), ``HistoricalDate`` and
``Precision``, ``to_year`` and ``year_range`` for filters by year. Pure: no clock, no database, no Django.
"""

from archive.dates.days import to_year, year_range
from archive.dates.interpretation import interpret
from archive.dates.values import OPEN_END, OPEN_START, HistoricalDate, Precision
from archive.dates.wording import describe

__all__ = [
    "OPEN_END",
    "OPEN_START",
    "HistoricalDate",
    "Precision",
    "describe",
    "interpret",
    "to_year",
    "year_range",
]
