"""What stands beside the text of a Word file (ECMA-376): styles, automatic numbers, relations, notes."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # noqa: S405 -- a type; parsing is defusedxml's

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from media_assets.file_errors import UnreadableFile
from media_assets.file_errors import marked as _

from .headings import in_chinese

BROKEN_XML = (ElementTree.ParseError, DefusedXmlException, KeyError, ValueError, RuntimeError, OSError, EOFError)

_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.I)
_CONTENTS_STYLE = re.compile(r"(?:toc|目录|目錄)\s*[1-9]", re.I)
_TITLE_STYLE = re.compile(r"title|标题|標題|书名", re.I)
_CAPTION_STYLE = re.compile(r"caption|题注|題注", re.I)
_MOST_LEVELS = 9


def local(element: Element) -> str:
    """The name without its namespace: the transitional and the strict form of the standard differ in that alone."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str = "val") -> str:
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next((part for part in element if local(part) == name), None) if element is not None else None
    return element


def is_on(element: Element | None) -> bool:
    """A switch that is there is on, unless it says no."""
    return element is not None and attribute(element).lower() not in ("0", "false", "off", "none")


def number(text: str, otherwise: int = 0) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise


@dataclass
class Style:
    """`level` 1 to 9 of a heading, 0 of none; `role` "contents", "title", "caption" or ""."""

    level: int = 0
    role: str = ""
    list_id: str = ""
    list_level: int = 0
    is_hidden: bool = False


@dataclass
class ListLevel:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    is_legal: bool = False
    """Shows the numbers above it in digits, whatever their form."""


@dataclass
class Parts:
    styles: dict[str, Style] = field(default_factory=dict)
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    """By list; lists of one origin count on together, see `origins`."""
    origins: dict[str, str] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    relations: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Target, and whether it lies outside the file."""
    title: str = ""


def parts(archive: zipfile.ZipFile, document: str) -> Parts:
    """Of the document with this path. A part that is missing says nothing; one that is damaged makes the file
    unreadable."""
    folder, _slash, name = document.rpartition("/")
    found = Parts()
    if (relations := tree(archive, f"{folder}/_rels/{name}.rels")) is not None:
        for relation in relations:
            is_outside = relation.get("TargetMode") == "External"
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            found.relations[relation.get("Id", "")] = (target if is_outside else path, is_outside)
    if (styles := tree(archive, f"{folder}/styles.xml")) is not None:
        found.styles = _styles(styles)
    if (numbering := tree(archive, f"{folder}/numbering.xml")) is not None:
        _lists(numbering, found)
    if (core := tree(archive, "docProps/core.xml")) is not None:
        found.title = (getattr(child(core, "title"), "text", "") or "").strip()
    return found


def tree(archive: zipfile.ZipFile, name: str) -> Element | None:
    try:
        with archive.open(name) as part:
            return ElementTree.parse(part).getroot()
    except KeyError:
        return None
    except BROKEN_XML as error:
        raise UnreadableFile(_("Word 文件里的“%(part)s”已损坏。"), part=name) from error


def notes(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Element]]:
    """The footnotes or endnotes of the file, by their number; not the lines that separate them."""
    root = tree(archive, name)
    for note in root if root is not None else ():
        if attribute(note, "type") in ("", "normal"):
            yield attribute(note, "id"), note


def _styles(root: Element) -> dict[str, Style]:
    raw = {attribute(style, "styleId"): style for style in root if local(style) == "style"}
    return {name: _style(name, raw) for name in raw}


def _style(name: str, raw: dict[str, Element]) -> Style:
    """With what it takes over from those it is based on."""
    style = Style()
    seen: set[str] = set()
    has_level = False
    while name in raw and name not in seen:
        seen.add(name)
        element = raw[name]
        words = attribute(child(element, "name"))
        outline = child(element, "pPr", "outlineLvl")
        if not has_level and outline is not None:
            has_level, level = True, number(attribute(outline), 9)
            style.level = level + 1 if level < _MOST_LEVELS else 0
        elif not has_level and (found := _HEADING_STYLE.fullmatch(words)):
            has_level, style.level = True, int(found.group(1))
        for role, pattern in (("contents", _CONTENTS_STYLE), ("title", _TITLE_STYLE), ("caption", _CAPTION_STYLE)):
            if not style.role and pattern.fullmatch(words):
                style.role = role
        numbers = child(element, "pPr", "numPr")
        if numbers is not None and not style.list_id:
            style.list_id = attribute(child(numbers, "numId"))
            style.list_level = number(attribute(child(numbers, "ilvl")))
        style.is_hidden = style.is_hidden or is_on(child(element, "rPr", "vanish"))
        name = attribute(child(element, "basedOn"))
    return style


def _lists(root: Element, found: Parts) -> None:
    origins = {attribute(part, "abstractNumId"): part for part in root if local(part) == "abstractNum"}
    levels = {name: {**_levels(part)} for name, part in origins.items()}
    for part in root:
        if local(part) != "num":
            continue
        name, origin = attribute(part, "numId"), attribute(child(part, "abstractNumId"))
        found.origins[name] = origin
        found.lists[name] = dict(levels.get(origin, {}))
        for change in part:
            if local(change) == "lvlOverride":
                level = number(attribute(change, "ilvl"))
                found.lists[name] |= _levels(change)
                if (start := child(change, "startOverride")) is not None:
                    found.restarts[name, level] = number(attribute(start), 1)


def _levels(part: Element) -> dict[int, ListLevel]:
    return {
        number(attribute(level, "ilvl")): ListLevel(
            attribute(child(level, "numFmt")) or "decimal",
            attribute(child(level, "lvlText")),
            number(attribute(child(level, "start")), 1),
            is_on(child(level, "isLgl")),
        )
        for level in part
        if local(level) == "lvl"
    }


class Numbers:
    """Counts the automatic numbers as Word does: a number below starts again when one above goes on."""

    def __init__(self, found: Parts):
        self._parts = found
        self._counts: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def next(self, name: str, level: int) -> str:
        """What stands before the next paragraph of this list: 第三章, 一、, 1.2; "·" for a point; "" for none."""
        levels = self._parts.lists.get(name)
        if not levels or level not in levels:
            return ""
        counts = self._counts.setdefault(self._parts.origins.get(name, name), {})
        restart = self._parts.restarts.get((name, level))
        if restart is not None and (name, level) not in self._restarted:
            self._restarted.add((name, level))
            counts[level] = restart
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        for below in [other for other in counts if other > level]:
            del counts[below]
        if levels[level].form == "bullet":
            return "·"
        if levels[level].form == "none":
            return ""
        is_legal = levels[level].is_legal
        return re.sub(
            r"%([1-9])", lambda found: _shown(levels, counts, int(found[1]) - 1, is_legal), levels[level].text
        )


def _shown(levels: dict[int, ListLevel], counts: dict[int, int], level: int, is_legal: bool) -> str:
    shape = levels.get(level, ListLevel())
    count = counts.get(level, shape.start)
    return str(count) if is_legal else formatted(count, shape.form)


def formatted(count: int, form: str) -> str:
    """A number in one of Word's forms (ST_NumberFormat); in digits where the form is unknown."""
    low = form.lower()
    if low in ("chinesecounting", "chinesecountingthousand", "japanesecounting", "taiwanesecountingthousand"):
        return in_chinese(count)
    if low in ("ideographdigital", "taiwanesedigital", "taiwanesecounting", "japanesedigitaltenthousand"):
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))
    if low.startswith("ideographtraditional"):
        return "甲乙丙丁戊己庚辛壬癸"[(count - 1) % 10]
    if low.startswith("ideographzodiac"):
        return "子丑寅卯辰巳午未申酉戌亥"[(count - 1) % 12]
    if low.startswith("decimalenclosedcircle") and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    if low.endswith("roman"):
        return _roman(count) if low == "upperroman" else _roman(count).lower()
    if low.endswith("letter") and count > 0:
        letter = chr(65 + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if low == "upperletter" else letter.lower()
    return str(count)


def _roman(count: int) -> str:
    words = ""
    signs = "M CM D CD C XC L XL X IX V IV I"
    for value, sign in zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), signs.split(), strict=True):
        words, count = words + sign * (count // value), count % value
    return words
