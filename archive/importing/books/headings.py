"""What a line says of a book's structure: the numbering of gazetteers, the entries of yearbooks, front and back matter.

One rule for all formats, so that the same book gives the same contents whichever way it comes in.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

NUMERALS = "一二三四五六七八九十百千〇零○廿卅两兩壹贰貳叁參肆伍陆陸柒捌玖拾"
_NUMBER = rf"(?:[{NUMERALS}]+|[0-9０-９]{{1,4}})"

_UNITS = {
    **dict.fromkeys("卷巻册冊", (1, "juan")),
    **dict.fromkeys(("篇", "编", "編", "部分", "部", "集", "辑", "輯"), (2, "part")),
    **dict.fromkeys("章回", (3, "chapter")),
    **dict.fromkeys("节節", (4, "section")),
    "目": (5, "item"),
}
NUMBERED_LEVEL, BRACKETED_LEVEL, CATEGORY_LEVEL, SUBCATEGORY_LEVEL, ENTRY_LEVEL = 6, 7, 7, 8, 9
"""Ranks below 目: 一、 and （一）; and those of a yearbook, whose 类目 may stand below a 篇."""

_ORDINAL = re.compile(
    rf"第\s*(?P<number>{_NUMBER})\s*(?P<unit>部分|[卷巻册冊篇编編部集辑輯章回节節目])(?P<gap>[\s：:·]*)(?P<title>.*)"
)
_JUAN = re.compile(
    rf"(?P<book>\S{{0,14}}[志誌記记錄录書书鑑鉴史考略集譜谱乘經经])?\s*"
    rf"(?P<label>[卷巻]\s*(?:[之第]\s*)?(?:{_NUMBER}|[上中下]))(?P<gap>[\s：:·]*)(?P<title>.*)"
)
_ENTRY = re.compile(r"【\s*(?P<title>[^【】]{1,80}?)\s*】[\s：:]*(?P<rest>.*)", re.S)
_NUMBERED = re.compile(rf"(?P<label>[{NUMERALS}]{{1,3}})\s*[、．.]\s*(?P<title>.+)")
_BRACKETED = re.compile(rf"(?P<label>[（(]\s*[{NUMERALS}]{{1,3}}\s*[）)])\s*(?P<title>.+)")
_DECIMAL = re.compile(r"(?P<label>\d{1,3}(?:[.．]\d{1,3}){1,4})[.．、]?\s+(?P<title>\S.*)")
_APPENDIX = re.compile(rf"(?P<label>附[录錄][{NUMERALS}0-9０-９]{{1,3}})[\s：:]*(?P<title>.*)")
_LEADER = re.compile(r"\s*(?:[.．…·・‥。\-—_]{3,}|…+|\s{2,})\s*[（(]?(?P<page>\d{1,4}|[ivxlcdmIVXLCDM]{1,7})[）)]?\s*$")

_FRONT = re.compile(
    r"凡例|[原自总總]?序|序[言一二三四]|[前引弁导導]言|目[录錄録次]|[总總]目|提要|[概总總综綜]述|大事[记記年]表?"
    r"|大事年表|[特专專][载載记記]|编[纂辑]说明|卷首"
)
_BACK = re.compile(
    r"附[录錄録]|(?:主题|人名|地名)?索引|[编編]?[后後][记記语]|[后後]?跋|[后後]序|[丛叢][录錄]|参考文献|勘误表?|校勘[记記]"
    r"|限外辑要|卷末"
)
_WITHIN = frozenset(("概述", "总述", "總述", "综述"))
"""Names that a 卷 or 篇 may have for its own opening."""

_NOT_ENTRIES = frozenset("注註按案校图圖表") | {"注释", "注釋", "按语", "说明", "原文", "译文", "校记"}
_GOES_ON = re.compile(
    r"[的是为為、，,。和至到及与與或中里裡内內所已共由在从從将將有无無曾]|出版|规定|規定|以[上下来來]"
)
_JOINED_WORDS = {"节": "课课程车拍奏", "節": "課車拍", "编": "辑者号", "編": "輯者號", "部": "门队门委长", "册": "子"}
"""What makes another word of the unit before it: 第一节课, 第二编辑部."""
_NEEDS_GAP = frozenset("目部集回辑輯")
_SENTENCE = re.compile(r"[。！？；]|[，,].*[，,].*[，,]")
_LONGEST = 60


@dataclass(frozen=True)
class Heading:
    """A line that heads a part of the book.

    `level` is a rank and not a depth: 卷 1, 篇 2, 章 3, 节 4, 目 5, 一、 6, （一） 7, 【条目】 9, front and back
    matter 1; `Outline` makes depths of ranks. `kind` is a value of `Section.Kind`. `title` is never empty: of a line
    that is a number alone (第一章) the number is the title, `label` is empty and `untitled` says so. `rest` is the text
    of an entry that follows its heading on the same line. `is_marked`: the file itself gives the rank.
    """

    level: int
    kind: str
    label: str
    title: str
    rest: str = ""
    untitled: bool = False
    is_marked: bool = False


@dataclass(frozen=True)
class ContentsLine:
    """A line of a list of contents (目录): what it names and the printed page where that begins."""

    text: str
    page: str
    heading: Heading | None


def heading_of(line: str, numbered: bool = False) -> Heading | None:
    """The heading that this line is, or None: 第三章 山川, 卷之一, 吳郡志卷一, 凡　例, 附录一 文献, 【概况】…….

    With `numbered` also 一、 （一） 1.2, which are often not headings: see `certain_numbers`. A line of a list of
    contents (第一章 总则……12) is none: see `contents_line`.
    """
    line = line.strip()
    if not line or (line[0] != "【" and len(line) > _LONGEST + 20):
        return None
    if entry := _entry(line):
        return entry
    if _LEADER.search(line):
        return None
    return _divided(line) or _matter(line) or (_numbered(line) if numbered else None)


def titled(text: str, level: int, is_yearbook: bool = False) -> Heading:
    """The heading of a line of which its format has said that it is one (Markdown's ##, a heading style): the rank is
    the format's own; kind and label are read from the words where they tell, else they follow from the rank."""
    text = " ".join(text.split())
    found = _divided(text, strict=False) or _matter(text) or _numbered(text, strict=False)
    if found is None and (entry := _entry(text)) and not entry.rest:
        found = entry
    if found and found.level not in (NUMBERED_LEVEL, BRACKETED_LEVEL):
        return replace(found, level=level, is_marked=True)
    kinds = ("category", "subcategory", "entry") if is_yearbook else ("part", "chapter", "section", "item")
    kind = kinds[min(level, len(kinds)) - 1]
    return Heading(
        level, kind, found.label if found else "", found.title if found else _closed_up(text), is_marked=True
    )


def contents_line(line: str) -> ContentsLine | None:
    """What a line of a list of contents says: words, then leaders or a wide gap, then a page."""
    line = unicodedata.normalize("NFKC", line).strip()
    found = _LEADER.search(line)
    if not found or not (text := line[: found.start()].strip()):
        return None
    return ContentsLine(text, found["page"], heading_of(text, numbered=True))


def certain_numbers(lines: Sequence[str]) -> frozenset[int]:
    """Which of the lines are headings of the form 一、 beyond doubt: they count from 一 upwards without a gap, at least
    two of them, below the same higher heading, and every one has text of its own beneath it."""
    certain: set[int] = set()
    series: list[int] = []
    last = -2

    def close() -> None:
        if len(series) > 1:
            certain.update(series)
        series.clear()

    for at, line in enumerate(lines):
        if not line.strip():
            continue
        heading = heading_of(line, numbered=True)
        if heading and heading.level == NUMBERED_LEVEL:
            if last in series and not _between(lines, last, at):
                series.clear()
            number = number_of(heading.label)
            if number != len(series) + 1:
                close()
            if number == len(series) + 1:
                series.append(at)
        elif heading and heading.level < NUMBERED_LEVEL:
            close()
        last = at
    close()
    return frozenset(certain)


def _between(lines: Sequence[str], first: int, second: int) -> bool:
    return any(line.strip() for line in lines[first + 1 : second])


def volume_year(title: str) -> int | None:
    """The year that a yearbook has in its name: 《东莞年鉴（2023）》, 2023年东莞年鉴."""
    found = re.search(r"年[鉴鑒鑑]\D{0,3}((?:19|20)\d\d)|((?:19|20)\d\d)\D{0,12}年[鉴鑒鑑]", title)
    return int(found.group(1) or found.group(2)) if found else None


def number_of(numeral: str) -> int:
    """The number that a numeral names: 十二 and 一二 and 12 are twelve; 0 when it names none."""
    digits = {c: n for n, chars in enumerate(_DIGITS) for c in chars}
    numeral = unicodedata.normalize("NFKC", numeral).strip(" 、．.()")
    if numeral.isdecimal():
        return int(numeral)
    total = unit_free = 0
    positional = not set(numeral) & set("十百千拾廿卅")
    for char in numeral:
        if positional:
            total = total * 10 + digits.get(char, 0)
        elif char in _TENS:
            total += max(unit_free, 1) * _TENS[char]
            unit_free = 0
        else:
            unit_free = digits.get(char, 0)
    return total + unit_free


def in_chinese(number: int) -> str:
    """1 as 一, 12 as 十二, 110 as 一百一十: how juan and leaves are numbered; up to 9,999."""
    if not 0 < number < 10_000:
        return str(number) if number else "〇"
    words, zero = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("〇" if zero else "") + ("" if digit == 1 and unit == 10 and not words else _ONES[digit]) + word
        zero = bool(words) and not digit and bool(number)
    return words


_ONES = "〇一二三四五六七八九"
_DIGITS = ("〇零○", "一壹", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_TENS = {"十": 10, "拾": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}


def _entry(line: str) -> Heading | None:
    found = _ENTRY.fullmatch(line)
    if not found or found["title"] in _NOT_ENTRIES:
        return None
    return Heading(ENTRY_LEVEL, "entry", "", _closed_up(found["title"]), found["rest"].strip())


def _divided(line: str, strict: bool = True) -> Heading | None:
    if found := _ORDINAL.fullmatch(line):
        unit, title = found["unit"], found["title"].strip()
        if strict and not _may_be_title(title, bool(found["gap"]), unit):
            return None
        level, kind = _UNITS[unit]
        return _named(level, kind, f"第{found['number']}{unit}", title)
    if found := _JUAN.fullmatch(line):
        title = found["title"].strip()
        if strict and title and (found["book"] or not found["gap"] or not _may_be_title(title, True, "卷")):
            return None
        return _named(1, "juan", "".join(found["label"].split()), title)
    return None


def _may_be_title(title: str, has_gap: bool, unit: str) -> bool:
    if not title:
        return True
    if len(title) > (_LONGEST if has_gap else 24) or _SENTENCE.search(title) or title[-1] in "，,、：:":
        return False
    if has_gap:
        return True
    return unit not in _NEEDS_GAP and title[0] not in _JOINED_WORDS.get(unit, "") and not _GOES_ON.match(title)


def _matter(line: str) -> Heading | None:
    """凡例, 附录 and their like: the whole line."""
    name = "".join(line.split())
    if _FRONT.fullmatch(name):
        return Heading(1, "front", "", name)
    if _BACK.fullmatch(name):
        return Heading(1, "back", "", name)
    if (found := _APPENDIX.fullmatch(line)) and _may_be_title(found["title"], True, ""):
        return _named(1, "back", found["label"], found["title"].strip())
    return None


def _numbered(line: str, strict: bool = True) -> Heading | None:
    for pattern, level in ((_NUMBERED, NUMBERED_LEVEL), (_BRACKETED, BRACKETED_LEVEL), (_DECIMAL, NUMBERED_LEVEL)):
        found = pattern.fullmatch(line)
        if found and (not strict or (len(found["title"]) <= 30 and not re.search(r"[。！？；，：:]", found["title"]))):
            return Heading(level, "item", found["label"], _closed_up(found["title"]))
    return None


def _named(level: int, kind: str, label: str, title: str) -> Heading:
    if title:
        return Heading(level, kind, label, _closed_up(title))
    return Heading(level, kind, "", label, untitled=True)


def _closed_up(title: str) -> str:
    """Without the spaces that only spread a short title over the line (建　置)."""
    title = " ".join(title.split())
    return title.replace(" ", "") if re.fullmatch(r"[㐀-鿿](?: [㐀-鿿]){1,5}", title) else title


@dataclass
class _Open:
    rank: int
    kind: str
    source: str
    has_parts: bool = False
    names: Counter = field(default_factory=Counter)


class Outline:
    """Makes depths of ranks, and gives each heading a name that it keeps when others are added before it: the headings
    above it and its own, with a number only where the same words come again below the same heading."""

    def __init__(self) -> None:
        self._open = [_Open(0, "", "")]

    def place(self, heading: Heading) -> tuple[int, str]:
        """The depth, counted from 1, and the source of the next heading of the book."""
        rank = self._rank(heading)
        while len(self._open) > 1 and self._open[-1].rank >= rank:
            self._open.pop()
        above = self._open[-1]
        above.has_parts = True
        name = _short(f"{heading.label} {heading.title}".strip().replace("/", "／"), 60)
        above.names[name] += 1
        number = above.names[name]
        source = f"{above.source}/{name}" if above.source else name
        source = _short(source if number == 1 else f"{source}#{number}", 190)
        self._open.append(_Open(rank, heading.kind, source))
        return len(self._open) - 1, source

    def _rank(self, heading: Heading) -> int:
        """Where the rank is only read from the words: front and back matter hold no 篇, 章 or 类目, and a 卷, 篇 or 章
        may begin with a 概述 of its own."""
        innermost = self._open[-1]
        if heading.is_marked:
            return heading.level
        if heading.kind in ("juan", "part", "chapter", "category"):
            while self._open[-1].kind in ("front", "back"):
                self._open.pop()
        elif heading.title in _WITHIN and innermost.kind in ("juan", "part", "chapter") and not innermost.has_parts:
            return innermost.rank + 1
        return heading.level


def _short(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[: longest - 11]}~{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=5).hexdigest()}"
