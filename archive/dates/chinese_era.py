"""Dates by reign title: 清康熙二十八年三月初五, 康熙己巳, 光绪间, 民国廿五年十月."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from archive.dates.courts import courts_called
from archive.dates.lunar import sexagenary, sexagenary_of_year
from archive.dates.numerals import NUMBER, parse_number
from archive.dates.parts import PART, narrow_reign
from archive.dates.reigns import LONGEST_TITLE, Rank, Reign, reigns_titled
from archive.dates.values import Precision, Span, join, span_of_years
from archive.dates.within_year import (
    WithinYear,
    parse_within_year,
    place_in_gregorian_year,
    place_in_lunar_year,
)

_PAIR = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"
_TEMPLE_NAME = re.compile(r"[^年月日0-9]{1,3}?(?:皇帝|祖|宗|帝|王)")
_NUMBERED = re.compile(
    rf"(?P<number>元|{NUMBER})(?:(?:年|载|祀)(?:[,、]?(?:岁次|岁在|太岁)?(?P<pair>{_PAIR})(?:年|岁)?)?(?P<rest>.*))?"
)
_PAIRED = re.compile(rf"(?:岁次|岁在|之)?(?P<pair>{_PAIR})(?P<unit>年|岁|载)?(?P<rest>.*)")
_WHOLE = re.compile(r"(?:年间|间|年中|中|时期|时|朝|年)?")
_PART = re.compile(rf"(?:年间|年|朝)?(?P<part>{PART})")
_AFTER_ROW = re.compile(r"年间|间|之际|时期|之时|两朝")
_LONGEST_COURT_NAME = 4

# 咸同年间, 嘉道间: Qing reigns named by one character each.
_QING_INITIALS = "顺康雍乾嘉道咸同光宣"
_QING_TITLES = ("顺治", "康熙", "雍正", "乾隆", "嘉庆", "道光", "咸丰", "同治", "光绪", "宣统")
_QING_PAIR = re.compile(rf"清?(?P<initials>[{_QING_INITIALS}]{{2,4}})(?:年间|间|之际|时期|之时|[二两三四]朝)")

_Ranked = list[tuple[Rank, Span]]


def read_chinese_era(text: str) -> Span | None:
    """Read one date by reign title in folded text.

    None when it is not one, lies outside the reign (康熙九十九年), contradicts itself (康熙二十八年庚午)
    or could be meant of more than one reign (see ``reigns`` for which title wins).
    """
    readings = {span for ranked in _parses(text) if (span := _decide(ranked))}
    if len({span.bounds for span in readings}) > 1:
        return None
    return next(iter(readings), None) or _read_row_of_titles(text) or _read_qing_initials(text)


def possible_readings(text: str) -> set[Span]:
    """Give every reading of a date by reign title, for a writer who says elsewhere which is meant."""
    return {span for ranked in _parses(text) for _, span in ranked}


def _parses(text: str) -> Iterator[_Ranked]:
    """Give, for each way to divide the text into dynasty, title and rest, the uses of that title."""
    for courts, after_court in _court_prefixes(text):
        for after_ruler in _without_ruler(after_court) if courts else (after_court,):
            for title, tail in _title_prefixes(after_ruler):
                yield _read_tail(title, _uses(title, courts), tail)


def _uses(title: str, courts: frozenset[str] | None) -> list[Reign]:
    return [use for use in reigns_titled()[title] if courts is None or use.court in courts]


def _court_prefixes(text: str) -> Iterator[tuple[frozenset[str] | None, str]]:
    """Give every way to see the name of a dynasty at the beginning, none included."""
    yield None, text
    for length in range(1, _LONGEST_COURT_NAME + 1):
        courts = courts_called().get(text[:length])
        if courts and len(text) > length:
            rest = text[length:]
            yield courts, rest
            if rest[0] in "朝代":
                yield courts, rest[1:]


def _without_ruler(text: str) -> Iterator[str]:
    """Give the text with and without a ruler's name (汉武帝元狩, 清圣祖康熙)."""
    yield text
    if match := _TEMPLE_NAME.match(text):
        yield text[match.end() :]


def _title_prefixes(text: str) -> Iterator[tuple[str, str]]:
    for length in range(1, min(LONGEST_TITLE, len(text)) + 1):
        if text[:length] in reigns_titled():
            yield text[:length], text[length:]


def _read_tail(title: str, uses: list[Reign], tail: str) -> _Ranked:
    """Read what follows a reign title: nothing, a part of it, a year, or a 干支 year."""
    if len(title) > 1 and _WHOLE.fullmatch(tail):
        return _ranked(uses, _whole_reign)
    if match := _PART.fullmatch(tail):
        return _ranked(uses, lambda use: _part_of_reign(use, match["part"]))
    if match := _NUMBERED.fullmatch(tail):
        number = 1 if match["number"] == "元" else parse_number(match["number"])
        return _read_numbered_year(uses, number, match["pair"], match["rest"] or "")
    if match := _PAIRED.fullmatch(tail):
        place = sexagenary(match["pair"])
        if place is not None and (match["unit"] or not match["rest"]):
            return _ranked(uses, lambda use: _paired_year(use, place, match["rest"]))
    return []


def _read_numbered_year(uses: list[Reign], number: int | None, pair: str | None, rest: str) -> _Ranked:
    part = parse_within_year(rest) if rest else None
    if not number or (rest and part is None):
        return []

    def reading(use: Reign) -> Span | None:
        year = use.first + number - 1
        if year > use.numbered_to or (pair and sexagenary_of_year(year) != sexagenary(pair)):
            return None
        return _place(use, year, part)

    return _ranked(uses, reading)


def _paired_year(use: Reign, place: int, rest: str) -> Span | None:
    """Read a 干支 year within a reign; None when the reign was long enough to have two of them."""
    part = parse_within_year(rest) if rest else None
    years = [year for year in range(use.first, use.last + 1) if sexagenary_of_year(year) == place]
    if len(years) != 1 or (rest and part is None):
        return None
    return _place(use, years[0], part)


def _place(use: Reign, year: int, part: WithinYear | None) -> Span | None:
    if part is not None:
        return place_in_gregorian_year(year, part) if use.solar else place_in_lunar_year(year, part)
    span = span_of_years(year, year, Precision.YEAR)
    return span if use.solar else replace(span, lunar_year=year)


def _whole_reign(use: Reign) -> Span:
    return span_of_years(use.first, use.last, Precision.REIGN)


def _part_of_reign(use: Reign, part: str) -> Span:
    span = span_of_years(*narrow_reign(use.first, use.last, part), Precision.PERIOD)
    return replace(span, approximate=True)


def _ranked(uses: list[Reign], read: Callable[[Reign], Span | None]) -> _Ranked:
    return [(use.rank, span) for use in uses if (span := read(use))]


def _decide(ranked: _Ranked) -> Span | None:
    """Take the one reading that the rules of ``reigns`` leave, or None."""
    if any(rank > Rank.FLEETING for rank, _ in ranked):
        ranked = [(rank, span) for rank, span in ranked if rank > Rank.FLEETING]
    if any(rank is Rank.GREAT for rank, _ in ranked):
        ranked = [(rank, span) for rank, span in ranked if rank > Rank.LESSER]
    distinct = {span for _, span in ranked}
    return distinct.pop() if len(distinct) == 1 else None


def _read_row_of_titles(text: str) -> Span | None:
    """Read 开元天宝间, 清康熙、雍正年间: two titles of one dynasty, one after the other."""
    for courts, after_court in _court_prefixes(text.replace("、", "")):
        for first_title, rest in _title_prefixes(after_court):
            for last_title, tail in _title_prefixes(rest):
                if len(first_title) == 1 or not _AFTER_ROW.fullmatch(tail):
                    continue
                first = _decide(_ranked(_uses(first_title, courts), _whole_reign))
                last = _decide(_ranked(_uses(last_title, courts), _whole_reign))
                if first and last and (span := join(first, last)):
                    return replace(span, precision=Precision.REIGN)
    return None


def _read_qing_initials(text: str) -> Span | None:
    match = _QING_PAIR.fullmatch(text)
    if match is None:
        return None
    places = [_QING_INITIALS.index(character) for character in match["initials"]]
    if places != sorted(set(places)):
        return None
    first, last = (reigns_titled()[_QING_TITLES[place]][0] for place in (places[0], places[-1]))
    return span_of_years(first.first, last.last, Precision.REIGN)
