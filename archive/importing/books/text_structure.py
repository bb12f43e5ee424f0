"""Which lines of a plain text are headings, which belong to a list of contents, and which are one paragraph broken by
a typesetter."""

import re
from collections import Counter

from .headings import (
    CATEGORY_LEVEL,
    ENTRY_LEVEL,
    SUBCATEGORY_LEVEL,
    Heading,
    certain_numbers,
    contents_line,
    heading_of,
)

_ENDS = "。！？；…”」』）)!?;.:：》】"
_NOT_TITLE = re.compile(r"[。！？；，,、：:（(\[\]|<>《》\d\t]|^(?:注|附|图|表|单位|来源)")
_LONGEST_CATEGORY = 20
_LONGEST_NAME = 24


def headings_of(lines: list[str]) -> dict[int, Heading]:
    """The headings of a text without marks, by line: numbered divisions, entries, 一、 where it is certain, and the
    类目 and 分目 of a yearbook, which only their place above 【条目】 shows. Lines of a list of contents are none."""
    found = {at: heading for at, line in enumerate(lines) if (heading := heading_of(line))}
    for at in certain_numbers(lines):
        if heading := heading_of(lines[at], numbered=True):
            found.setdefault(at, heading)
    found = _without_contents(found)
    found |= _categories(lines, found)
    return _with_names(lines, dict(sorted(found.items())))


def _without_contents(found: dict[int, Heading]) -> dict[int, Heading]:
    """After 目录 come the headings a first time; the book begins with the first of them that does not come again."""
    left = Counter((heading.label, heading.title) for heading in found.values())
    kept: dict[int, Heading] = {}
    is_list = False
    for at, heading in found.items():
        key = (heading.label, heading.title)
        left[key] -= 1
        if is_list and left[key]:
            continue
        is_list = heading.kind == "front" and re.fullmatch(r"[目总總][录錄録次目]", heading.title) is not None
        kept[at] = heading
    return kept


def _categories(lines: list[str], found: dict[int, Heading]) -> dict[int, Heading]:
    """Short lines that stand alone right above an entry: one is a 分目, two are a 类目 and its first 分目."""
    entries = [at for at, heading in found.items() if heading.level == ENTRY_LEVEL]
    if len(entries) < 2:
        return {}
    categories: dict[int, Heading] = {}
    has_category = any(heading.level < ENTRY_LEVEL and heading.level != 1 for heading in found.values())
    for entry in entries:
        above = _short_lines_above(lines, entry, found)
        if not above:
            continue
        names = [Heading(SUBCATEGORY_LEVEL, "subcategory", "", _name(lines[above[0]]))]
        if len(above) > 1:
            names.append(Heading(CATEGORY_LEVEL, "category", "", _name(lines[above[1]])))
        elif not has_category and not categories:
            names = [Heading(CATEGORY_LEVEL, "category", "", _name(lines[above[0]]))]
        categories |= dict(zip(above, names, strict=False))
    return categories


def _short_lines_above(lines: list[str], entry: int, found: dict[int, Heading]) -> list[int]:
    """At most two, the nearest first; only where the text before them has come to an end."""
    above: list[int] = []
    at = entry - 1
    while at >= 0 and len(above) < 3:
        line = lines[at].strip()
        if line:
            if at in found or not _may_be_category(line):
                break
            above.append(at)
        at -= 1
    if len(above) > 2:
        return []
    before = lines[at].strip() if at >= 0 else ""
    is_end = not before or at in found or before[-1] in _ENDS or "\t" in before or before[-1] == "|"
    return above if is_end else []


def _may_be_category(line: str) -> bool:
    return len(line) <= _LONGEST_CATEGORY and not _NOT_TITLE.search(line) and contents_line(line) is None


def _name(line: str) -> str:
    return re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", " ".join(line.split()))


def _with_names(lines: list[str], found: dict[int, Heading]) -> dict[int, Heading]:
    """Where 第一章 stands alone, the short line below it is its title: that line becomes "" in `lines`."""
    named: dict[int, Heading] = {}
    for at, heading in found.items():
        if heading.untitled:
            below = next((i for i in range(at + 1, min(at + 3, len(lines))) if lines[i].strip()), None)
            if below is not None and below not in found and _may_be_name(lines, below):
                heading = Heading(heading.level, heading.kind, heading.title, _name(lines[below]))
                lines[below] = ""
        named[at] = heading
    return named


def _may_be_name(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    has_text_below = any(below.strip() for below in lines[at + 1 : at + 4])
    return len(line) <= _LONGEST_NAME and not re.search(r"[。！？；，：]", line) and has_text_below


def rejoined(lines: list[str]) -> list[str]:
    """The lines with paragraphs made whole again, where a typesetter broke them at a width: most lines are of that
    width, and a paragraph begins with spaces or after an empty line. Line numbers stay: what was joined leaves ""."""
    full = _width(lines)
    if not full:
        return lines
    joined = list(lines)
    start: int | None = None
    for at, line in enumerate(lines):
        is_new = not line.strip() or line[0] in " 　\t" or heading_of(line) is not None
        if start is not None and not is_new and abs(len(lines[at - 1].rstrip()) - full) <= 1:
            joined[start] = joined[start].rstrip() + _gap(joined[start], line) + line.strip()
            joined[at] = ""
        else:
            start = at if line.strip() and heading_of(line) is None else None
    return joined


def _width(lines: list[str]) -> int:
    """The width at which lines were broken, or 0."""
    shown = [line.rstrip() for line in lines if line.strip()]
    if len(shown) < 8:
        return 0
    width, count = Counter(len(line) for line in shown).most_common(1)[0]
    near = sum(abs(len(line) - width) <= 1 for line in shown)
    unfinished = sum(abs(len(line) - width) <= 1 and line[-1] not in _ENDS for line in shown)
    longest = max(map(len, shown))
    is_broken = width >= 15 and near >= 0.4 * len(shown) and unfinished >= 0.6 * near and longest <= width + 3
    return width if is_broken and count > 3 else 0


def _gap(before: str, after: str) -> str:
    return " " if before[-1:].isascii() and after[:1].isascii() and before[-1:].isalnum() else ""
