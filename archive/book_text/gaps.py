"""What seems to be missing or wrong in a book: page numbers, numbers of sections, tables, issues of a series.

Everything found is a question to a person who has the book: nothing is changed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from media_assets.file_errors import marked as _

from .labels import Numbering, Rule, rule_from
from .number_words import CHINESE, number

MOST_NAMED = 5
"""Missing numbers that a sentence lists one by one."""


class GapKind(StrEnum):
    MISSING = "missing"
    DOUBLED = "doubled"
    DISORDERED = "disordered"
    UNEVEN_TABLE = "uneven-table"
    WRONG_TOTAL = "wrong-total"


@dataclass(frozen=True)
class Gap:
    """`place` is the index (from 0) of the leaf, section, table or issue at which it is noticed; `message` a Chinese
    sentence marked for translation, which `values` fill."""

    kind: GapKind
    place: int
    message: str
    values: dict = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.message % self.values


@dataclass(frozen=True)
class Numbered:
    """A section as its numbering is checked: how deep it lies (from 1) and what it is called (第三章, 卷之二, 一、)."""

    level: int
    label: str


# --- Printed page numbers -----------------------------------------------------------------------------------------


def page_gaps(labels: Sequence[str]) -> list[Gap]:
    """Printed numbers that are missing, doubled or out of order. A series begins anew with another pattern (卷二·…),
    other numerals, or number one. Leaves without a label may be the missing ones: then nothing is missing."""
    found: list[Gap] = []
    last: tuple[int, Rule, int] | None = None
    for place, label in enumerate(labels):
        rule = rule_from(label, 1) if label else None
        if rule is None or rule.numbering is Numbering.FIXED:
            continue
        value = _place_in_series(rule)
        if last and _is_same_series(last[1], rule):
            found += _page_gap(labels, last[0], place, rule, value - last[2])
            if value < last[2] and not _begins_anew(rule):
                continue  # one leaf in the wrong place: what follows is compared with the one before it
        last = place, rule, value
    return found


def _place_in_series(rule: Rule) -> int:
    return rule.value * 2 + rule.second_side if rule.sides else rule.value


def _is_same_series(rule: Rule, other: Rule) -> bool:
    kinds = {rule.numbering, other.numbering}
    same_numerals = len(kinds) == 1 or kinds == {Numbering.CHINESE, Numbering.CHINESE_DIGITS}
    return same_numerals and rule.pattern == other.pattern and rule.sides == other.sides


def _begins_anew(rule: Rule) -> bool:
    return rule.value <= 1


def _page_gap(labels: Sequence[str], before: int, place: int, rule: Rule, distance: int) -> Iterator[Gap]:
    values = {"before": labels[before], "label": labels[place], "position": place + 1}
    each = 2 if rule.numbering is Numbering.SPREAD else 1
    if distance == 0:
        yield Gap(GapKind.DOUBLED, place, _("第 %(position)s 面的印刷页码“%(label)s”与前面重复。"), values)
    elif distance < 0:
        if not _begins_anew(rule):
            yield Gap(
                GapKind.DISORDERED,
                place,
                _("第 %(position)s 面的印刷页码“%(label)s”排在“%(before)s”之后，次序有误。"),
                values,
            )
    elif distance > each * (place - before):
        values["count"] = distance // each - (place - before)
        yield Gap(GapKind.MISSING, place, _("印刷页码“%(before)s”之后接“%(label)s”，其间缺 %(count)s 面。"), values)


# --- Numbers of sections ------------------------------------------------------------------------------------------

_NUMBER = re.compile(rf"\d+|[{CHINESE}]+")


def section_gaps(sections: Iterable[Numbered]) -> list[Gap]:
    """Sections whose numbers leave one out, repeat one or go back, under each parent. Numbers may start anew under
    every parent or run on through the book."""
    found: list[Gap] = []
    latest: dict[tuple[int, str], int] = {}
    siblings: dict[int, dict[str, tuple[int, str]]] = {}
    for place, section in enumerate(sections):
        for level in [level for level in siblings if level > section.level]:
            del siblings[level]
        numbered = _NUMBER.search(section.label)
        value = number(numbered[0]) if numbered else None
        if value is None:
            continue
        pattern = f"{section.label[: numbered.start()]}%s{section.label[numbered.end() :][:1]}"
        mine = siblings.setdefault(section.level, {})
        before = mine.get(pattern)
        series = (section.level, pattern)
        found += _section_gap(place, section.label, value, before, latest.get(series, 0))
        if before is None or value > before[0]:
            mine[pattern] = (value, section.label)
        latest[series] = value
    return found


def _section_gap(place: int, label: str, value: int, before: tuple[int, str] | None, latest: int) -> Iterator[Gap]:
    if before is None:
        if value not in (0, 1, latest + 1):
            values = {"label": label, "missing": _listed(range(1, value))}
            yield Gap(GapKind.MISSING, place, _("“%(label)s”之前缺序号 %(missing)s。"), values)
        return
    last, last_label = before
    values = {"before": last_label, "label": label}
    if value == last:
        yield Gap(GapKind.DOUBLED, place, _("“%(label)s”的序号与前面的“%(before)s”重复。"), values)
    elif value < last:
        yield Gap(GapKind.DISORDERED, place, _("“%(label)s”排在“%(before)s”之后，次序有误。"), values)
    elif value > last + 1:
        values["missing"] = _listed(range(last + 1, value))
        yield Gap(GapKind.MISSING, place, _("“%(before)s”之后接“%(label)s”，其间缺序号 %(missing)s。"), values)


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) > MOST_NAMED:
        return f"{numbers[0]}—{numbers[-1]}"
    return "、".join(map(str, numbers))


# --- Issues and years of a series ---------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def series_gaps(names: Sequence[str]) -> list[Gap]:
    """Years or issue numbers that are missing between the first and the last or there twice, in names such as
    《东莞年鉴（2004）》, 第12期. Every name counts by its year if all have one, else by its last number."""
    values = [_issue(name, all(_YEAR.search(each) for each in names)) for name in names]
    found: list[Gap] = []
    seen: dict[int, int] = {}
    for place, value in enumerate(values):
        if value is None:
            continue
        if value in seen:
            found.append(
                Gap(
                    GapKind.DOUBLED,
                    place,
                    _("“%(name)s”与“%(other)s”的年份或期号相同。"),
                    {"name": names[place], "other": names[seen[value]]},
                )
            )
        seen.setdefault(value, place)
    for value, following in zip(sorted(seen), sorted(seen)[1:], strict=False):
        if following > value + 1:
            missing = range(value + 1, following)
            found.append(
                Gap(
                    GapKind.MISSING,
                    seen[following],
                    _("“%(name)s”与“%(next)s”之间缺 %(missing)s。"),
                    {"name": names[seen[value]], "next": names[seen[following]], "missing": _listed(missing)},
                )
            )
    return sorted(found, key=lambda gap: gap.place)


def _issue(name: str, by_year: bool) -> int | None:
    if by_year:
        return int(_YEAR.search(name)[1])
    numbers = [value for value in (number(each) for each in _NUMBER.findall(name)) if value is not None]
    return numbers[-1] if numbers else None
