"""What happened on this day of another year: a line for the home page."""

from datetime import date

from archive.dates import Precision
from archive.dates.days import historical_day

from .querysets import ArchivePageQuerySet

SHOWN = 3
FIRST_YEAR = 1


def on_this_day(things: ArchivePageQuerySet, today: date) -> list:
    """Up to three things dated to this very day of an earlier year, the oldest first. One query on an index.

    Days are those that were written: Julian before the reform of 1582, as in every chronology. Things dated to a
    month or a year happened on no day that anybody knows.
    """
    days = []
    for year in range(FIRST_YEAR, today.year):
        try:
            days.append(historical_day(year, today.month, today.day))
        except ValueError:  # 29 February of a common year, or one of the ten days that the reform left out
            continue
    rows = things.filter(date_precision=Precision.DAY, date_earliest__in=days)
    return list(rows.order_by("date_earliest", "pk")[:SHOWN])
