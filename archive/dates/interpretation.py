"""From what an editor, a title page or a spreadsheet wrote to the span of days that it means.

The readers of single dates stand in their own modules; here the words around a date are taken off
(约 … 前后, 〔 〕, 摄于, 刻本), two dates that say the same are checked against each other, and the two
ends of a range complete each other.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from archive.dates.chinese_era import possible_readings, read_chinese_era
from archive.dates.days import day_number
from archive.dates.edtf_reading import read_machine_date
from archive.dates.gregorian import read_gregorian
from archive.dates.lunar import sexagenary, sexagenary_of_year
from archive.dates.numerals import NUMBER
from archive.dates.periods import read_period
from archive.dates.spelling import LONGEST_WRITTEN, fold
from archive.dates.values import HistoricalDate, Precision, Span, join, open_after, open_before, qualified

_BRACKETS = str.maketrans("〔【[{〈《「『〕】]}〉》」』", "(" * 8 + ")" * 8)
_STOPS = ",.。;、"
_WRAPPED = re.compile(r"\(([^()]+)\)")
_GROUP = re.compile(r"\(([^()]*)\)")

_ABOUT_BEFORE = re.compile(r"(?:大约|约略|大概|约在|约于|约|ca\.?|c\.)", re.IGNORECASE)
_ABOUT_AFTER = re.compile(r"(?:前后|左右|上下|许)$")
_DOUBT_BEFORE = re.compile(r"(?:疑为|疑是|可能是|可能为|可能|或为|疑)")
_DOUBT_AFTER = re.compile(r"(?:存疑|待考|疑|\?)$")
_DOUBTS = frozenset({"?", "疑", "存疑", "待考", "待查"})
_ABOUTS = frozenset({"约", "大约", "前后", "左右"})

_NOISE_BEFORE = re.compile(
    r"(?:(?:拍摄)?(?:时间|日期|年代):|拍摄于|摄于|始建于|创建于|建于|刻于|刊于|修于|纂于|成书于|撰于|写于|于|在|自|从|由)"
)
_NOISE_AFTER = re.compile(
    r"(?:(?:重|续|增|补|初|新)?(?:刻本|刊本|修本|刻|刊|修纂|纂修|修|纂)|抄本|稿本|写本|铅印本|石印本|排印本|影印本|油印本|活字本"
    r"|铅印|石印|影印|油印|印本|印行|出版|拍摄|摄|拍|立|建|造|制|撰)$"
)
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_BEFORE = re.compile(r"(?<=[年月日代期纪叶初末底春夏秋冬])(?:及?(?:以前|之前)|前)$")
_AFTER = re.compile(r"(?<=[年月日代期纪叶初末底春夏秋冬])(?:及?(?:以后|之后)|以来|起|后|[—\-~至到]今)$")

_SEPARATORS = "—-~至到"
_RANGE_SUFFIX = re.compile(r"(?:之间|期间|间|止|为止)$")
_UNITS = ("世纪", "年代", "年间", "年", "月", "日")
_PREFIX_END = re.compile(r"世纪|年|月")
_TITLE_PREFIX = re.compile(rf"[^0-9(]+?(?={NUMBER}|元年)")
_BARE_YEAR = re.compile(rf"{NUMBER}年?")
_FOUR_DIGIT_YEAR = re.compile(r"\d{4}年?")
_TWO_DIGIT_YEAR = re.compile(r"\d{2}(?=年)|\d{2}$")
_PAIR = re.compile(r"(?:岁次)?([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年?")


def interpret(written: str) -> HistoricalDate | None:
    """Read a written date; None when it is not understood, impossible, or could mean two things.

    Understood are dates of our era, Chinese reign titles and dynasties, numeric dates and EDTF, in
    traditional or simplified characters of either width, with the words usual around them. A string
    longer than 80 characters is never a date. Never raises for any string.
    """
    return _interpret(written) if len(written) <= LONGEST_WRITTEN else None


@lru_cache(maxsize=8192)
def _interpret(written: str) -> HistoricalDate | None:
    text = fold(written)
    if text is None:
        return None
    span = read_machine_date(text) or _read(text.translate(_BRACKETS).strip(_STOPS))
    return span.to_date() if span else None


def _read(text: str) -> Span | None:
    """Read folded text in which every bracket is a parenthesis."""
    if match := _WRAPPED.fullmatch(text):
        return _read(match[1])
    return (
        _read_single(text)
        or _read_annotated(text)
        or _read_range(text)
        or _read_qualified(text)
        or _read_open(text)
        or _read_in_words(text)
    )


def _read_single(text: str) -> Span | None:
    """Read one date and nothing else."""
    return read_machine_date(text) or read_gregorian(text) or read_period(text) or read_chinese_era(text)


def _read_qualified(text: str) -> Span | None:
    """Take off one word of approximation or doubt."""
    for about, pattern in ((True, _ABOUT_BEFORE), (False, _DOUBT_BEFORE)):
        if (match := pattern.match(text)) and (span := _read(text[match.end() :])):
            return qualified(span, approximate=about, uncertain=not about)
    for about, pattern in ((True, _ABOUT_AFTER), (False, _DOUBT_AFTER)):
        if (match := pattern.search(text)) and (span := _read(text[: match.start()])):
            return qualified(span, approximate=about, uncertain=not about)
    return None


def _read_open(text: str) -> Span | None:
    """Read 1949年以前, 1985年起, 1985年至今."""
    if (match := _BEFORE.search(text)) and (span := _read_single(text[: match.start()])):
        return open_before(span)
    if (match := _AFTER.search(text)) and (span := _read_single(text[: match.start()])):
        return open_after(span)
    return None


def _read_in_words(text: str) -> Span | None:
    """Take off the words that say what happened then (摄于, 刻本) and the day of the week."""
    if (match := _WEEKDAY.search(text)) and match.start() > 0:
        return _read(text[: match.start()])
    if (match := _NOISE_BEFORE.match(text)) and match.end() < len(text):
        return _read(text[match.end() :])
    if (match := _NOISE_AFTER.search(text)) and match.start() > 0:
        return _read(text[: match.start()])
    return None


# Two ways of writing one date


def _read_annotated(text: str) -> Span | None:
    """Read 康熙二十八年（1689年）: one date and, in brackets, the same date or a remark on it."""
    groups = list(_GROUP.finditer(text))
    if len(groups) != 1:
        return None
    group = groups[0]
    outer_text, inner_text = text[: group.start()] + text[group.end() :], group[1]
    at_an_end = group.start() == 0 or group.end() == len(text)
    outer = _read(outer_text) if outer_text else None
    if outer is None:
        return _read_told_apart(outer_text, inner_text)
    if not at_an_end and not _read_single(outer_text):
        return None
    if inner_text in _DOUBTS:
        return qualified(outer, uncertain=True)
    if inner_text in _ABOUTS:
        return qualified(outer, approximate=True)
    if pair := _PAIR.fullmatch(inner_text):
        return outer if _has_pair(outer, pair[1]) else None
    inner = _read(inner_text)
    if inner is None:
        return _read_told_apart(outer_text, inner_text)
    if (outer.precision is Precision.RANGE) != (inner.precision is Precision.RANGE):
        return None
    return _agree(outer, inner)


def _read_told_apart(one_text: str, other_text: str) -> Span | None:
    """Read 至元三年（1266年）, 1337年（至元三年）: the year of our era says which of two reigns is meant."""
    for ours_text, title_text in ((other_text, one_text), (one_text, other_text)):
        ours = _read_single(ours_text)
        if ours is None or ours.lunar_year is not None:
            continue
        agreed = {span for reading in possible_readings(title_text) if (span := _agree(ours, reading))}
        if len(agreed) == 1:
            return agreed.pop()
    return None


def _has_pair(span: Span, pair: str) -> bool:
    year = span.lunar_year
    return year is not None and sexagenary(pair) == sexagenary_of_year(year)


def _agree(one: Span, other: Span) -> Span | None:
    """Take the more exact of two readings of one date, ours of two equal ones; None if they differ."""
    if not (_overlap(one.bounds, other.bounds) or _same_lunar_year(one, other) or _same_lunar_year(other, one)):
        return None
    ours, theirs = (one, other) if one.lunar_year is None else (other, one)
    exact = theirs if theirs.latest - theirs.earliest < ours.latest - ours.earliest else ours
    # A dynasty's beginning is vague by our convention alone, which the exact year beside it settles.
    about = any(span.approximate for span in (one, other) if span.precision is not Precision.PERIOD)
    return qualified(exact, approximate=about, uncertain=one.uncertain or other.uncertain)


def _same_lunar_year(lunar: Span, ours: Span) -> bool:
    """Say whether a date of our era may be in the lunar year that the other date names.

    Its year number is enough (康熙二十八年十二月（1689年） is how gazetteers print January 1690), and so
    is a month or day up to the latest possible new year's eve.
    """
    year = lunar.lunar_year
    if year is None or ours.lunar_year is not None:
        return False
    if ours.precision is Precision.YEAR:
        return ours.start == ours.end and ours.earliest == day_number(year, 1, 1)
    if ours.precision not in (Precision.MONTH, Precision.DAY) or lunar.precision is not Precision.YEAR:
        return False
    return _overlap(ours.bounds, (day_number(year, 1, 1), day_number(year + 1, 2, 20)))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


# Ranges


def _read_range(text: str) -> Span | None:
    """Read two dates with a dash or 至 between them; None when two cuts make different sense."""
    text = _RANGE_SUFFIX.sub("", text)
    found = {span.bounds: span for cut in _cuts(text) if (span := _read_ends(text[:cut], text[cut + 1 :]))}
    return found.popitem()[1] if len(found) == 1 else None


def _cuts(text: str) -> Iterator[int]:
    """Give the places of separators outside brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character in _SEPARATORS and depth == 0 and 0 < place < len(text) - 1:
            yield place


def _read_ends(left: str, right: str) -> Span | None:
    first, left_text = _first_end(left, right)
    if first is None:
        return None
    if _BARE_YEAR.fullmatch(right) and left_text.startswith(("公元前", "西元前", "前")):
        return _join_across_our_era(first, right)
    last = next((span for span in map(_read_end, _completions(left_text, right)) if span), None)
    return join(first, last) if last else None


def _first_end(left: str, right: str) -> tuple[Span | None, str]:
    """Read the first end, which may leave its unit to the second (1962—1965年, 3—5月)."""
    for unit in ("", *(unit for unit in _UNITS if unit in right and not left.endswith(unit))):
        if span := _read_end(left + unit):
            return span, left + unit
    return None, left


def _completions(left: str, right: str) -> Iterator[str]:
    """Give the second end as written, then with what it leaves to the first, most exact first."""
    yield right
    for end in reversed([match.end() for match in _PREFIX_END.finditer(left)]):
        yield left[:end] + right
    if match := _TITLE_PREFIX.match(left):
        yield match[0] + right
    if _TWO_DIGIT_YEAR.match(right) and _FOUR_DIGIT_YEAR.fullmatch(left):
        yield left[:2] + right


def _join_across_our_era(first: Span, right: str) -> Span | None:
    """Join 公元前221—206年, in which the second year may be before our era or in it.

    None when both would make sense, as nothing written tells them apart.
    """
    ends = (_read_end("公元前" + right), _read_end("公元" + right))
    ranges = [span for end in ends if end and (span := join(first, end))]
    return ranges[0] if len(ranges) == 1 else None


def _read_end(text: str) -> Span | None:
    """Read one end of a range: a date, perhaps about, doubted or annotated."""
    if match := _ABOUT_BEFORE.match(text):
        span = _read_end(text[match.end() :])
        return qualified(span, approximate=True) if span else None
    if match := _NOISE_BEFORE.match(text):
        return _read_end(text[match.end() :])
    return _read_single(text) or _read_annotated(text)
