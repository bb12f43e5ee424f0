"""What the names of page images say: in which order they come, what is printed on the pages, which are missing."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.book_text.number_words import CHINESE, number, roman_value

from .headings import heading_of

_TECHNICAL = frozenset(
    (
        "alto",
        "page",
        "pages",
        "xml",
        "hocr",
        "ocr",
        "txt",
        "text",
        "image",
        "images",
        "img",
        "imgs",
        "jpg",
        "jpeg",
        "png",
    )
    + ("tif", "tiff", "jp2", "webp", "scan", "scans", "master", "masters", "图像", "图片", "影像", "扫描", "扫描件")
    + ("文本", "文字", "识别", "識別")
)
"""Folders that part a book by sorts of files and not by its chapters."""

_COVERS = (
    ("封面", 0, re.compile(r"封面|前封|書衣|书衣|cov(?:er)?[-_ ]?0*1?|front[-_ ]?cover", re.I)),
    ("书名页", 2, re.compile(r"[书書]名[页頁]|扉[页頁]|内封|內封|bok\d*|title[-_ ]?page", re.I)),
    ("版权页", 3, re.compile(r"版[权權][页頁]?|牌[记記]|leg\d*", re.I)),
    ("封底", 9, re.compile(r"封底|[后後]封|cov[-_ ]?0*2|back[-_ ]?cover", re.I)),
)
_FRONT = (("前言", 4, re.compile(r"fow(\d+)", re.I)), ("目录", 6, re.compile(r"!0*(\d+)")))
"""Names that the scanners of Chinese libraries give to what comes before page 1: fow001, !00001."""
_MATTERS = (
    (re.compile(r"题[词詞]|題詞|序|[前引弁]言"), 4),
    (re.compile(r"凡例|例言|编纂说明"), 5),
    (re.compile(r"[目总總][录錄録次目]"), 6),
)
_BODY, _BACK = 7, 8

_SERIES = ("上中下", "甲乙丙丁戊己庚辛壬癸", "元亨利贞", "元亨利貞", "前后", "前後", "正背")
_SIDE_PLACES = {char: at for series in _SERIES for at, char in enumerate(series)}
_TOKEN = re.compile(
    rf"(?P<digits>\d{{1,18}})|(?P<chinese>[{CHINESE}]{{1,12}})"
    rf"|(?:(?<=[卷巻册冊集编編篇部辑輯页頁叶葉面{CHINESE}])|(?<=[\W\d_])|^)"
    rf"(?P<side>[{''.join(_SIDE_PLACES)}])(?=$|[\W_\d]|[卷巻册冊集编編页頁叶葉面])"
)
_NUMBER = rf"(?:\d{{1,7}}|[{CHINESE}]{{1,8}})"
_SIDE = "[上下前后後正背]|[abAB](?![A-Za-z])|[rvRV](?![A-Za-z])"
_LEAF = re.compile(
    rf"(?:.*[^\w]|.*_)?(?:第\s*)?(?P<number>{_NUMBER})\s*(?:[页頁叶葉面]\s*)?(?P<side>{_SIDE})?\s*[页頁叶葉面]?"
)
_PAGE = re.compile(
    rf"(?:.*[\W_])?第\s*(?P<number>{_NUMBER})\s*[页頁面]|(?:.*[\W_])?(?:p|pp|pg|page)[-_. ]*(?P<page>\d{{1,6}})", re.I
)
_SPREAD = re.compile(r"(?:.*[\W_])?(\d{1,6})[-–—~](\d{1,6})")
_JUAN = re.compile(rf"[卷巻]\s*(?:[之第]\s*)?(?:{_NUMBER}|[上中下])")
_COPY = re.compile(r"\s*(?:[-–—_]\s*(?:副本|复制|複製|copy)(?:\s*[(（]\d+[)）])?|[(（]\d{1,2}[)）]|的副本)$", re.I)
_LEADING = re.compile(r"^\d{1,4}\s*[-_.、 ]+\s*(?=\D)")
_SERIES_LEAST = 3
_LAST_NUMBER = re.compile(r"(.*?)(\d{1,9})(\D*)$", re.S)


def folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def stem_of(path: str) -> str:
    """The last part of a path, without what ends it."""
    name = path.rpartition("/")[2]
    stem, dot, _extension = name.rpartition(".")
    return stem if dot and stem else name


def chapters(folder: str) -> tuple[str, ...]:
    """The folders of a path that part the book."""
    return tuple(part for part in folder.split("/") if part and folded(part).casefold() not in _TECHNICAL)


def chapter_title(folder: str) -> str:
    """The name of a folder without the number that only sorts it: 01_卷一 輿地."""
    name = folded(folder)
    return " ".join(_LEADING.sub("", name, count=1).replace("_", " ").split()) or name


def is_copy_of(name: str, other: str) -> bool:
    """0012 (1) and 0012 - 副本 are 0012 once more."""
    return name != other and _COPY.sub("", folded(name)) == folded(other)


# --- Order --------------------------------------------------------------------------------------------------------


def order(path: str, with_romans: bool = False) -> tuple:
    """A key that puts paths into the order of the book: the front matter, numbers by their worth in whatever script
    (2, １０, 第十一页), 上 before 中 before 下, covers first and last; files before folders."""
    parts = path.split("/")
    return tuple(
        (_rank(part), at < len(parts) - 1, _tokens(part, with_romans))
        for at, part in enumerate([*parts[:-1], stem_of(path)])
    )


def _rank(part: str) -> int:
    name = folded(part)
    for _label, rank, pattern in (*_COVERS, *_FRONT):
        if pattern.fullmatch(name):
            return rank
    words = re.sub(r"[\d\W_]+", "", name)
    found = heading_of(words) if words else None
    if found is None or found.kind not in ("front", "back"):
        return _BODY
    return _BACK if found.kind == "back" else next((r for pattern, r in _MATTERS if pattern.search(words)), 4)


def _tokens(part: str, with_romans: bool) -> tuple:
    name = folded(part).casefold()
    if with_romans and (value := roman_value(name)):
        return ((-1, value, ""),)
    tokens: list[tuple[int, int, str]] = []
    at = 0
    for found in _TOKEN.finditer(name):
        value = _SIDE_PLACES.get(found["side"] or "", -1) if found["side"] else number(found[0])
        if value is None:
            continue
        if text := name[at : found.start()]:
            tokens.append((1, 0, text))
        tokens.append((0, value, ""))
        at = found.end()
    if text := name[at:]:
        tokens.append((1, 0, text))
    return tuple(tokens)


def has_romans(stems: Iterable[str]) -> bool:
    """Whether i, ii, iii among the names of a folder are numbers."""
    return {"i", "ii"} <= {folded(stem).casefold() for stem in stems}


# --- Printed labels -----------------------------------------------------------------------------------------------


def label(stem: str, with_romans: bool = False) -> str:
    """What the name says is printed on the page; "" of a name that only counts pictures (IMG_0012)."""
    name = _COPY.sub("", folded(stem))
    for words, _place, pattern in _COVERS:
        if pattern.fullmatch(name):
            return name if any(c > "\u2e80" for c in name) else words
    for words, _place, pattern in _FRONT:
        if found := pattern.fullmatch(name):
            return f"{words}{int(found[1])}"
    if with_romans and roman_value(name.casefold()):
        return name
    if (found := _SPREAD.fullmatch(name)) and int(found[2]) == int(found[1]) + 1:
        return f"{int(found[1])}-{int(found[2])}"
    if juan := _JUAN.search(name):
        rest = name[juan.end() :].strip(" -_·.,、")
        return f"{''.join(juan[0].split())}·{_leaf(rest)}"[:40] if rest and _leaf(rest) else ""
    if found := _PAGE.fullmatch(name):
        return str(number(found["number"] or found["page"]) or "")
    if re.fullmatch(rf"{_NUMBER}({_SIDE})?|第?\s*{_NUMBER}\s*[页頁叶葉面]\s*({_SIDE})?", name):
        return _leaf(name)
    return name[:40] if _rank(name) != _BODY else ""


def _leaf(name: str) -> str:
    """三上 and 第三页上 are 三上, 003a is 3a, 第十二页 is 12; a single word (上) is itself."""
    found = _LEAF.fullmatch(name)
    if not found or (value := number(found["number"])) is None:
        return name if name in _SIDE_PLACES else ""
    if found["side"]:
        written = str(value) if found["number"].isdecimal() else found["number"]
        return f"{written}{found['side'].lower()}"
    return str(value)


# --- What is missing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """The numbers that are missing between those of a series, as they would be written; `after` and `before` are the
    names at its sides."""

    missing: tuple[str, ...]
    after: str
    before: str


def gaps(stems: Sequence[str]) -> Iterator[Gap]:
    """Of the names of one folder. A series that counts in steps (1, 3, 5: spreads) has no gaps in between."""
    series: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for stem in stems:
        if found := _counted(stem):
            series[found[0], found[2]].append((found[1], stem))
    for (head, tail), members in series.items():
        ordered = sorted(dict(members).items())
        steps = Counter(b[0] - a[0] for a, b in pairwise(ordered))
        step = min(steps, key=lambda s: (-steps[s], s), default=1)
        # Names of which most are missing count something else.
        if len(ordered) < _SERIES_LEAST or (ordered[-1][0] - ordered[0][0]) // step + 1 > 2 * len(ordered):
            continue
        width = len(ordered[0][1]) - len(head) - len(tail)
        for (low, after), (high, before) in pairwise(ordered):
            if high - low > step:
                numbers = range(low + step, high, step)
                yield Gap(tuple(f"{head}{str(n).zfill(width)}{tail}" for n in numbers[:500]), after, before)


def _counted(stem: str) -> tuple[str, int, str] | None:
    """What stands before the last number of a name, the number, and what follows it."""
    name = folded(stem)
    if found := _LAST_NUMBER.fullmatch(name):
        return found[1], int(found[2]), found[3]
    words = list(re.finditer(rf"[{CHINESE}]{{1,8}}", name))
    if words and (value := number(words[-1][0])) is not None:
        return name[: words[-1].start()], value, name[words[-1].end() :]
    return None


def belongs(stem: str, stems: Iterable[str]) -> bool:
    """Whether a name counts on in the series of the others."""
    own = _counted(stem)
    return own is not None and any((other := _counted(s)) and (other[0], other[2]) == (own[0], own[2]) for s in stems)
