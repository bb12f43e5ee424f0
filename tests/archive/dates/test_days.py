"""Day numbers agree with datetime where it goes, and go on without a break where it does not."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import to_year, year_range
from archive.dates.days import civil_date, day_number, historical_date, historical_day, historical_month_end

any_day = st.integers(min_value=-3_000_000, max_value=4_000_000)


@given(st.dates())
def test_day_numbers_are_those_of_datetime_in_years_1_to_9999(day):
    assert day_number(day.year, day.month, day.day) == day.toordinal()
    assert civil_date(day.toordinal()) == (day.year, day.month, day.day)


@given(any_day)
def test_every_day_number_is_one_date_in_both_calendars(day):
    assert day_number(*civil_date(day)) == day
    assert historical_day(*historical_date(day)) == day


@given(any_day)
def test_the_next_day_number_is_the_next_date(day):
    today, tomorrow = civil_date(day), civil_date(day + 1)
    assert today < tomorrow
    assert tomorrow[2] == 1 or tomorrow[2] == today[2] + 1


def test_the_day_before_year_1_is_the_last_of_year_0():
    assert civil_date(1) == (1, 1, 1)
    assert civil_date(0) == (0, 12, 31)
    assert day_number(0, 2, 29) == -306  # year 0 is a leap year
    assert to_year(day_number(-213, 7, 1)) == -213


def test_written_days_are_julian_before_the_reform():
    assert historical_day(1582, 10, 15) == historical_day(1582, 10, 4) + 1
    assert civil_date(historical_day(755, 12, 16)) == (755, 12, 20)
    assert civil_date(historical_day(1500, 2, 29)) == (1500, 3, 10)
    assert historical_month_end(1582, 10) - historical_day(1582, 10, 1) == 20


@pytest.mark.parametrize("date", [(1979, 2, 29), (1978, 13, 1), (1978, 4, 31), (1978, 0, 1), (1978, 1, 0)])
def test_a_date_that_does_not_exist_is_refused(date):
    with pytest.raises(ValueError, match="no such"):
        day_number(*date)


def test_the_ten_dropped_days_are_refused():
    with pytest.raises(ValueError, match="dropped"):
        historical_day(1582, 10, 10)


def test_a_year_range_holds_exactly_its_years():
    first, last = year_range(-1, 1)
    assert [to_year(day) for day in (first - 1, first, last, last + 1)] == [-2, -1, 1, 2]
    assert year_range(1978, 1978) == (
        datetime.date(1978, 1, 1).toordinal(),
        datetime.date(1978, 12, 31).toordinal(),
    )
    with pytest.raises(ValueError, match="wrong order"):
        year_range(1979, 1978)
