"""What stands on every page of a printed book and is not its text: running heads, the middle of the folded leaf (版心),
page numbers; and what the numbers say of the pages."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.book_text import notation

from .headings import NUMERALS, in_chinese, number_of
from .pdf_text import Line

_EDGE, _LONGEST = 0.12, 40
_FEWEST_PAGES, _FEWEST_SHARE = 4, 0.3
_FEWEST_NUMBERS = 3
_GRID = 20
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.I)
_NUMBER = rf"\d{{1,4}}|[{NUMERALS}]{{1,5}}|[ivxlc]{{1,7}}"
_AROUND = r"[\s\-—–―·・.•|/\\～~〔〕\[\]()（）_]*"
_ENDS = re.compile(rf"^(?P<words>.*?){_AROUND}第?(?P<number>{_NUMBER})[页頁]?{_AROUND}$", re.I)
_BEGINS = re.compile(rf"^{_AROUND}第?(?P<number>\d{{1,4}})[页頁]?{_AROUND}(?P<words>\D.*)$")


@dataclass(frozen=True)
class Standing:
    """A line near an edge: what it says without its number, where about it stands, and the number."""

    words: str
    place: tuple[int, int]
    number: int
    style: str


@dataclass
class Furniture:
    """Is shown the pages one after the other, then says what of each is not text, and what each is called."""

    pages: int = 0
    _where: dict[tuple[str, tuple[int, int]], list[int]] = field(default_factory=lambda: defaultdict(list))
    _numbers: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    _running: set[tuple[str, tuple[int, int]]] = field(default_factory=set)
    _labels: dict[int, str] = field(default_factory=dict)

    def see(self, page: int, lines: Sequence[Line], size: tuple[float, float], is_vertical: bool) -> None:
        self.pages = max(self.pages, page + 1)
        for line in lines:
            if (standing := _standing(line, lines, size, is_vertical)) is None:
                continue
            seen = self._where[standing.words, standing.place]
            if not seen or seen[-1] != page:
                seen.append(page)
            if standing.number:
                numbered = self._numbers[standing.style, standing.number - page]
                if not numbered or numbered[-1] != page:
                    numbered.append(page)

    def settle(self) -> None:
        """To be called when all pages have been seen."""
        for key, pages in self._where.items():
            span = pages[-1] - pages[0] + 1
            if len(pages) >= _FEWEST_PAGES and len(pages) >= _FEWEST_SHARE * span:
                self._running.add(key)
        for (style, offset), pages in sorted(self._numbers.items(), key=lambda item: -len(item[1])):
            for stretch in _stretches(pages):
                for page in range(stretch[0], stretch[-1] + 1):
                    if page + offset > 0:
                        self._labels.setdefault(page, _shown(page + offset, style))
        self._where.clear()
        self._numbers.clear()

    def label(self, page: int) -> str:
        """The printed number of a page, also where it is left out between two that have theirs."""
        return self._labels.get(page, "")

    def is_furniture(
        self, page: int, line: Line, lines: Sequence[Line], size: tuple[float, float], is_vertical: bool
    ) -> bool:
        standing = _standing(line, lines, size, is_vertical)
        if standing is None:
            return False
        if (standing.words, standing.place) in self._running:
            return True
        is_number = not standing.words and standing.number
        return bool(is_number and self.label(page) == _shown(standing.number, standing.style))


def _standing(line: Line, lines: Sequence[Line], size: tuple[float, float], is_vertical: bool) -> Standing | None:
    words = " ".join(unicodedata.normalize("NFKC", notation.plain(line.text)).split())
    if not words or len(words) > _LONGEST or not _is_at_edge(line, lines, size, is_vertical):
        return None
    number, style = 0, ""
    if found := _ENDS.match(words) or _BEGINS.match(words):
        number, style = _read(found["number"])
        if number and (style != "roman" or not found["words"]):
            words = found["words"]
    left, top, width, _height = line.box
    across = left if is_vertical else left + width / 2
    return Standing(words, (round(_GRID * across / size[0]), round(_GRID * top / size[1])), number, style)


def _is_at_edge(line: Line, lines: Sequence[Line], size: tuple[float, float], is_vertical: bool) -> bool:
    left, top, width, height = line.box
    middle = (left + width / 2) / size[0]
    if top + height < _EDGE * size[1] or top > (1 - _EDGE) * size[1]:
        return True
    if is_vertical:
        return middle < _EDGE / 2 or middle > 1 - _EDGE / 2 or 0.46 < middle < 0.54
    others = [other.box for other in lines if other is not line]
    return not others or top + height <= min(b[1] for b in others) or top >= max(b[1] + b[3] for b in others)


def _read(number: str) -> tuple[int, str]:
    if number.isdecimal():
        return int(number), "arabic"
    if number.isascii():
        return (_roman(number), "roman") if _ROMAN.fullmatch(number) else (0, "")
    return number_of(number), "chinese"


def _roman(number: str) -> int:
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[letter] for letter in number.lower()]
    return sum(-one if one < two else one for one, two in zip(worth, [*worth[1:], 0], strict=True))


def _shown(number: int, style: str) -> str:
    if style == "chinese":
        return in_chinese(number)
    if style == "arabic":
        return str(number)
    letters = ""
    for worth, letter in zip(
        (100, 90, 50, 40, 10, 9, 5, 4, 1), ("c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"), strict=True
    ):
        count, number = divmod(number, worth)
        letters += letter * count
    return letters


def _stretches(pages: list[int]) -> list[list[int]]:
    """Pages that agree, as far as others lie close enough; three at least."""
    stretches = [[pages[0]]]
    for page in pages[1:]:
        if page - stretches[-1][-1] <= 12:
            stretches[-1].append(page)
        else:
            stretches.append([page])
    return [s for s in stretches if len(s) >= _FEWEST_NUMBERS and len(s) >= _FEWEST_SHARE * (s[-1] - s[0] + 1)]


def usual_size(sizes: Counter) -> float:
    """The size that most letters of the book have."""
    return sizes.most_common(1)[0][0] if sizes else 0.0
