"""What is printed on the leaves of a book as page numbers, by rule: leaf 9 is page 1, roman before, 卷三·一上一下.

Rules are written one after the other, divided by ``;`` or line breaks; each says on which leaves (counted from 1) it
holds and what its first leaf is called, from which the others follow:

===========================  ==========================================================================
``1-8: i; 9-: 1``              i to viii, then 1, 2, 3 …; ``9-`` goes on until the next rule or the end
``1-: 卷一·一上``                卷一·一上, 卷一·一下, 卷一·二上 …; sides may be 上下, 前后, 正背, ab, AB
``1-: 第001页``                 第001页, 第002页 …; the last number in the example counts
``1-: 一〇一``                  一〇一, 一〇二 …; ``一 逐位`` for 一 … 九, 一〇, 一一
``9-: 2 +2``                   2, 4, 6 …; ``+0`` the same each time, ``-1`` backwards
``9-: 2-3``                    2-3, 4-5 …: both pages of a spread
``1: 封面``                     this text; in quotes where it holds a number: ``1: “卷一”``
``2-3: 空``                     nothing is printed
===========================  ==========================================================================
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from media_assets.file_errors import marked as _

from .number_words import CHINESE, HIGHEST_ROMAN, number, roman, roman_value
from .numerals import chinese_numeral

LONGEST_LABEL = 40
HIGHEST_LEAF = 100_000
_SIDES = ("上下", "前后", "前後", "正背", "ab", "AB")
_DIGITS = "〇一二三四五六七八九"
_BLANK_WORDS = ("空", "无", "無", "-", "—")
_DIGIT_BY_DIGIT = "逐位"

_RULE = re.compile(r"(\d{1,6})\s*(?:([-–—~～至])\s*(\d{1,6})?)?\s*[:：]\s*(.*)", re.S)
_STEP = re.compile(r"\s+([+-]\d{1,3})$")
_PARTS = re.compile(r"(?:[\"“「][^\"”」\n]*[\"”」]|[^;；\n])+")
_QUOTED = re.compile(r"[\"“「](.*)[\"”」]", re.S)
_SPREAD = re.compile(r"(?<!\d)(\d{1,6})([-–—~～/、])(\d{1,6})(?!\d)(?!.*\d)", re.S)
_COUNTED = re.compile(
    rf"(?P<arabic>\d{{1,7}})|(?P<chinese>[{CHINESE}]+)|(?<![A-Za-z])(?P<roman>[ivxlcdm]+|[IVXLCDM]+)(?![A-Za-z])"
)


class LabelRuleError(ValueError):
    """A rule that cannot be followed. `message` is a Chinese sentence marked for translation, which `values` fill."""

    def __init__(self, message: str, **values):
        self.message, self.values = message, values
        super().__init__(message % values if values else message)


class Numbering(StrEnum):
    ARABIC = "arabic"
    ROMAN_LOWER = "roman-lower"
    ROMAN_UPPER = "roman-upper"
    CHINESE = "chinese"
    CHINESE_DIGITS = "chinese-digits"
    SPREAD = "spread"
    FIXED = "fixed"


@dataclass(frozen=True)
class Rule:
    """Labels from leaf `start` to leaf `end` (None: until the next rule). `pattern` holds one ``%s`` for the number,
    counted from `value` by `step`; `FIXED` has no number and says `pattern` itself, "" for a leaf without a label.

    `width` fills with zeros on the left. `sides`, two characters, follow the number in turn, and the number counts on
    after both; `second_side` when the first leaf is the second one. A `SPREAD` has two numbers a leaf, divided by
    `divider`."""

    start: int
    end: int | None = None
    numbering: Numbering = Numbering.ARABIC
    value: int = 1
    step: int = 1
    pattern: str = "%s"
    width: int = 0
    sides: str = ""
    second_side: bool = False
    divider: str = ""

    def label(self, leaf: int) -> str:
        """The label of this leaf, counted from 1 in the book. Raises LabelRuleError when the numbers run out."""
        if self.numbering is Numbering.FIXED:
            return self.pattern
        count, side = leaf - self.start, ""
        if self.sides:
            count, second = divmod(count + self.second_side, 2)
            side = self.sides[second]
        value = self.value + count * self.step
        head, _mark, tail = self.pattern.partition("%s")
        if self.numbering is Numbering.SPREAD:
            written = f"{_written(self, value, leaf)}{self.divider}{_written(self, value + 1, leaf)}"
        else:
            written = _written(self, value, leaf) + side
        return head + written + tail


def labels(rules: Iterable[Rule], count: int) -> list[str]:
    """The labels of a book of `count` leaves; "" where no rule holds. Of two rules for a leaf the later one counts.
    Raises LabelRuleError when a rule cannot number all its leaves."""
    found = [""] * count
    rules = list(rules)
    for number_, rule in enumerate(rules):
        following = [later.start - 1 for later in rules[number_ + 1 :] if later.start > rule.start]
        end = min([count, *following]) if rule.end is None else min(rule.end, count)
        for leaf in range(rule.start, end + 1):
            found[leaf - 1] = rule.label(leaf)
    return found


def parse(written: str) -> list[Rule]:
    """The rules that an editor wrote. Raises LabelRuleError, which names the rule that is wrong and says why."""
    rules: list[Rule] = []
    for part in _PARTS.findall(written):
        if not part.strip():
            continue
        rule = _parse_rule(part.strip())
        if rules and rule.start <= (rules[-1].end or rules[-1].start):
            raise LabelRuleError(
                _("“%(rule)s”：与前一条规则重叠；各条规则须按页的次序写，起点在前一条之后。"), rule=part.strip()
            )
        rule.label(rule.end or rule.start)
        rules.append(rule)
    return rules


def written(rules: Iterable[Rule]) -> str:
    """The rules as `parse` reads them."""
    return "; ".join(_written_rule(rule) for rule in rules)


def rules_of(printed: Sequence[str]) -> list[Rule]:
    """Rules that give these labels: what an editor starts from when the leaves have labels already."""
    rules: list[Rule] = []
    leaf = 1
    while leaf <= len(printed):
        rule, last = _longest_rule(printed, leaf)
        if rule.numbering is not Numbering.FIXED or rule.pattern:
            rules.append(_bounded(rule, last))
        leaf = last + 1
    if rules and rules[-1].end == len(printed) and rules[-1].end > rules[-1].start:
        rules[-1] = _bounded(rules[-1], None)
    return rules


# --- Reading a rule -----------------------------------------------------------------------------------------------


def _parse_rule(part: str) -> Rule:
    found = _RULE.fullmatch(part)
    if not found:
        raise LabelRuleError(
            _("“%(rule)s”读不懂。请写成“起页-止页: 首页的印刷页码”，例如“1-8: i”或“9-: 1”。"), rule=part
        )
    start = int(found[1])
    end = int(found[3]) if found[3] else None if found[2] else start
    if not 1 <= start <= HIGHEST_LEAF or (end or 0) > HIGHEST_LEAF:
        raise LabelRuleError(_("“%(rule)s”：页从第 1 页数起，至多 %(most)s 页。"), rule=part, most=HIGHEST_LEAF)
    if end is not None and end < start:
        raise LabelRuleError(_("“%(rule)s”：止页在起页之前。"), rule=part)
    example, step = found[4].strip(), None
    if stepped := _STEP.search(example):
        example, step = example[: stepped.start()].strip(), int(stepped[1])
    if len(example) > LONGEST_LABEL:
        raise LabelRuleError(_("“%(rule)s”：印刷页码至多 %(most)s 字。"), rule=part, most=LONGEST_LABEL)
    rule = rule_from(example, start, end)
    if step is None:
        return rule
    if rule.numbering is Numbering.FIXED:
        raise LabelRuleError(_("“%(rule)s”：没有可以递增的数，不能写步长。"), rule=part)
    return _changed(rule, step=step)


def rule_from(example: str, start: int, end: int | None = None) -> Rule:
    """The rule whose first label is written like this."""
    if example in ("", *_BLANK_WORDS):
        return Rule(start, end, Numbering.FIXED, pattern="")
    if quoted := _QUOTED.fullmatch(example):
        return Rule(start, end, Numbering.FIXED, pattern=quoted[1])
    if "%s" in example:
        return Rule(start, end, Numbering.FIXED, pattern=example)
    by_digit = example.endswith(_DIGIT_BY_DIGIT)
    example = example.removesuffix(_DIGIT_BY_DIGIT).rstrip(" （(") if by_digit else example
    if (spread := _SPREAD.search(example)) and int(spread[3]) == int(spread[1]) + 1:
        pattern = _pattern(example, spread.start(), spread.end())
        return Rule(start, end, Numbering.SPREAD, int(spread[1]), 2, pattern, divider=spread[2])
    counted = [found for found in _COUNTED.finditer(example) if _value(found) is not None]
    if not counted:
        return Rule(start, end, Numbering.FIXED, pattern=example)
    last = counted[-1]
    sides = next((pair for pair in _SIDES if example[last.end() : last.end() + 1] in tuple(pair)), "")
    if sides and last["roman"]:
        sides = ""
    numbering, width = _numbering(last, by_digit)
    return Rule(
        start,
        end,
        numbering,
        _value(last),
        pattern=_pattern(example, last.start(), last.end() + bool(sides)),
        width=width,
        sides=sides,
        second_side=bool(sides) and example[last.end()] == sides[1],
    )


def _pattern(example: str, start: int, end: int) -> str:
    return f"{example[:start]}%s{example[end:]}"


def _value(found: re.Match) -> int | None:
    return roman_value(found["roman"]) if found["roman"] else number(found[0])


def _numbering(found: re.Match, by_digit: bool) -> tuple[Numbering, int]:
    if found["roman"]:
        return (Numbering.ROMAN_LOWER if found[0].islower() else Numbering.ROMAN_UPPER), 0
    if found["arabic"]:
        return Numbering.ARABIC, len(found[0]) if found[0].startswith("0") else 0
    if by_digit or (len(found[0]) > 1 and all(letter in _DIGITS for letter in found[0])):
        return Numbering.CHINESE_DIGITS, len(found[0]) if found[0].startswith("〇") else 0
    return Numbering.CHINESE, 0


# --- Writing ------------------------------------------------------------------------------------------------------


def _written(rule: Rule, value: int, leaf: int) -> str:
    lowest = 1 if rule.numbering in (Numbering.ROMAN_LOWER, Numbering.ROMAN_UPPER) else 0
    highest = HIGHEST_ROMAN if lowest else 10**7
    if not lowest <= value < highest:
        raise LabelRuleError(
            _("“%(rule)s”：数到第 %(leaf)s 页时得到 %(value)s，这种页码写不出来。"),
            rule=_written_rule(rule),
            leaf=leaf,
            value=value,
        )
    match rule.numbering:
        case Numbering.ROMAN_LOWER:
            return roman(value)
        case Numbering.ROMAN_UPPER:
            return roman(value).upper()
        case Numbering.CHINESE:
            return chinese_numeral(value)
        case Numbering.CHINESE_DIGITS:
            return "".join(_DIGITS[int(digit)] for digit in str(value).zfill(rule.width))
    return str(value).zfill(rule.width)


def _written_rule(rule: Rule) -> str:
    leaves = (
        f"{rule.start}-"
        if rule.end is None
        else f"{rule.start}-{rule.end}"
        if rule.end > rule.start
        else f"{rule.start}"
    )
    if rule.numbering is Numbering.FIXED:
        if not rule.pattern:
            return f"{leaves}: 空"
        plain = rule_from(rule.pattern, 1).pattern == rule.pattern and not re.search(
            f"[;；]|{_STEP.pattern}", rule.pattern
        )
        return f"{leaves}: {rule.pattern}" if plain else f"{leaves}: “{rule.pattern}”"
    ordinary = 2 if rule.numbering is Numbering.SPREAD else 1
    example = _changed(rule, step=ordinary).label(rule.start)
    if rule_from(example, 1).numbering is Numbering.CHINESE and rule.numbering is Numbering.CHINESE_DIGITS:
        example += " " + _DIGIT_BY_DIGIT
    return f"{leaves}: {example}" + (f" {rule.step:+d}" if rule.step != ordinary else "")


def _changed(rule: Rule, **fields) -> Rule:
    return Rule(**{name: fields.get(name, getattr(rule, name)) for name in rule.__dataclass_fields__})


def _bounded(rule: Rule, end: int | None) -> Rule:
    return _changed(rule, end=end)


def _longest_rule(printed: Sequence[str], leaf: int) -> tuple[Rule, int]:
    """The rule from this leaf on that holds for most leaves, and the last of them."""
    label = printed[leaf - 1]
    best = (
        Rule(leaf, None, Numbering.FIXED, pattern=label),
        _last_leaf(Rule(leaf, None, Numbering.FIXED, pattern=label), printed),
    )
    guess = rule_from(label, leaf)
    if guess.label(leaf) != label or guess.numbering is Numbering.FIXED:
        return best
    candidates = [guess]
    if guess.numbering is Numbering.CHINESE and guess.value < 10:
        candidates.append(_changed(guess, numbering=Numbering.CHINESE_DIGITS))
    for rule in candidates:
        last = _last_leaf(rule, printed)
        if last > best[1]:
            best = rule, last
    return best


def _last_leaf(rule: Rule, printed: Sequence[str]) -> int:
    last = rule.start
    while last < len(printed) and rule.label(last + 1) == printed[last]:
        last += 1
    return last
