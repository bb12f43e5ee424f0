"""Dates of our era as they are written in Chinese: 公元前214年, 一九七八年十二月, 二十世纪八十年代初."""

import re
from dataclasses import replace

from archive.dates.numerals import NUMBER, parse_number
from archive.dates.parts import CENTURY_HALF, PART, narrow_century, narrow_decade
from archive.dates.values import Precision, Span, span_of_years
from archive.dates.within_year import parse_within_year, place_in_gregorian_year

_ERA = r"(?P<era>公元|西元|纪元|公历)?(?P<before>前)?"
_CENTURY = re.compile(rf"{_ERA}第?(?P<number>{NUMBER})世纪(?P<rest>.*)")
_DECADE_OF_CENTURY = re.compile(rf"(?P<number>{NUMBER})年代(?P<part>{PART})?")
_TWO_DECADES = re.compile(r"([一二三四五六七八九])、?([一二三四五六七八九])十年代|([1-9])0、?([1-9])0年代")
_CENTURY_PART = re.compile(rf"(?:的)?(?P<part>{CENTURY_HALF}|{PART})")
_DECADE = re.compile(rf"{_ERA}(?P<number>{NUMBER})年代(?P<part>{PART})?")
_YEAR = re.compile(rf"{_ERA}(?P<number>{NUMBER})(?P<unit>年度?)?(?P<rest>.*)")
_LATIN_ERA = re.compile(
    r"(?:(?:B\.?C\.?E?\.?)(?P<bc>\d{1,4})|(?P<bc_after>\d{1,4})B\.?C\.?E?\.?"
    r"|(?:A\.?D\.?|C\.?E\.?)(?P<ad>\d{1,4})|(?P<ad_after>\d{1,4})(?:A\.?D\.?|C\.?E\.?))年?",
    re.IGNORECASE,
)
_LONGEST_CENTURY = 99


def read_gregorian(text: str) -> Span | None:
    """Read one date of our era in folded text; None when it is not one or cannot exist.

    A year of fewer than three digits needs 公元 before it, and a decade its century: 78年 and
    80年代 are None, since nothing says which are meant.
    """
    return _read_century(text) or _read_decade(text) or _read_year(text) or _read_latin(text)


def _read_century(text: str) -> Span | None:
    match = _CENTURY.fullmatch(text)
    number = parse_number(match["number"]) if match else None
    if match is None or number is None or not 1 <= number <= _LONGEST_CENTURY:
        return None
    if (decades := _TWO_DECADES.fullmatch(match["rest"])) and not match["before"]:
        return _two_decades((number - 1) * 100, decades)
    if decade := _DECADE_OF_CENTURY.fullmatch(match["rest"]):
        tens = parse_number(decade["number"])
        if match["before"] or tens is None or tens % 10 or not 0 <= tens <= 90:
            return None
        return _decade((number - 1) * 100 + tens, decade["part"])
    # The twentieth century is 1901 to 2000, the third before our era 300 to 201.
    first = 1 - number * 100 if match["before"] else (number - 1) * 100 + 1
    if not match["rest"] or match["rest"] in ("间", "时期"):
        return span_of_years(first, first + 99, Precision.CENTURY)
    if part := _CENTURY_PART.fullmatch(match["rest"]):
        span = span_of_years(*narrow_century(first, part["part"]), Precision.PERIOD)
        return replace(span, approximate=not re.fullmatch(CENTURY_HALF, part["part"]))
    return None


def _two_decades(century: int, match: re.Match[str]) -> Span | None:
    """Read 六七十年代: two decades that follow each other."""
    first, last = (parse_number(tens) for tens in match.groups() if tens)
    if last != first + 1:
        return None
    return span_of_years(century + first * 10, century + last * 10 + 9, Precision.RANGE)


def _read_decade(text: str) -> Span | None:
    match = _DECADE.fullmatch(text)
    year = parse_number(match["number"]) if match else None
    if match is None or match["before"] or year is None or not 1000 <= year <= 9999 or year % 10:
        return None
    return _decade(year, match["part"])


def _decade(first: int, part: str | None) -> Span:
    if part:
        return replace(span_of_years(*narrow_decade(first, part), Precision.PERIOD), approximate=True)
    return span_of_years(first, first + 9, Precision.DECADE, f"{first // 10:03d}X")


def _read_year(text: str) -> Span | None:
    match = _YEAR.fullmatch(text)
    number = parse_number(match["number"]) if match else None
    if match is None or not number or not _is_a_year(match, number):
        return None
    year = 1 - number if match["before"] else number
    if not match["rest"]:
        return span_of_years(year, year, Precision.YEAR)
    part = parse_within_year(match["rest"])
    if part is None or not match["unit"] or number > 9999:
        return None
    return place_in_gregorian_year(year, part)


def _is_a_year(match: re.Match[str], number: int) -> bool:
    """Tell a year from any other number: 公元 or 前, 年, or four digits must say so."""
    if match["era"] or match["before"]:
        return True
    if number > 9999 or number < 100 or len(match["number"]) < 3:
        return False
    return bool(match["unit"]) or (number >= 1000 and len(match["number"]) == 4)


def _read_latin(text: str) -> Span | None:
    match = _LATIN_ERA.fullmatch(text)
    if match is None:
        return None
    before, after = match["bc"] or match["bc_after"], match["ad"] or match["ad_after"]
    year = 1 - int(before) if before else int(after)
    return None if year == (1 if before else 0) else span_of_years(year, year, Precision.YEAR)
