"""Single characters that should be others, or should not be there: radicals, invisible ones, letters for digits."""

import re
import unicodedata
from collections.abc import Iterator

from media_assets.file_errors import marked as _
from search.text.variants import RADICALS

from .damage import HAN, Damage, Kind

_UNIFIED = frozenset("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩")
"""Characters of the compatibility block that are ordinary ones and have no other code."""

RADICAL = {pair[0]: pair[1] for pair in RADICALS.split()} | {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for block in (range(0x2F00, 0x2FD6), range(0xF900, 0xFAFF), range(0x2F800, 0x2FA20))
    for code in block
    if unicodedata.decomposition(chr(code)) and chr(code) not in _UNIFIED
}
_RADICALS = re.compile(f"[{''.join(RADICAL)}]+")

INVISIBLE = frozenset(
    [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"]
    + [chr(code) for code in range(0x7F, 0xA0)]
    + list("\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
    + [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC))]
)
_INVISIBLE = re.compile(f"[{re.escape(''.join(sorted(INVISIBLE)))}]+")
_JOINERS = frozenset("\u200c\u200d")
_PLAIN_NEIGHBOUR = re.compile(rf"[{HAN}\x00-\x7f\u3000-\u303f\uff01-\uff5e]?")

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")

_ZERO_LETTERS = "OoОо○◯Ｏ"
ZERO_LETTERS = frozenset(_ZERO_LETTERS)
_YEAR_DIGITS = f"〇零一二三四五六七八九{_ZERO_LETTERS}0"
_YEAR = re.compile(
    rf"(?<![{_YEAR_DIGITS}十百千])[一二](?=[{_YEAR_DIGITS}]{{0,2}}[{_ZERO_LETTERS}0])[{_YEAR_DIGITS}]{{3}}"
    rf"(?=年|[—–－\-~～至][一二][{_YEAR_DIGITS}]{{3}}年|[〕］\]】）)]\s?[第0-9一二三四五六七八九十])"
)
_ZEROS = re.compile(rf"[{_ZERO_LETTERS}0]+")

_LETTER_IN_NUMBER = re.compile(r"(?<![A-Za-z0-9.])(?=[0-9OolI]*[0-9])(?=[0-9OolI]*[OolI])[0-9OolI]{2,}(?![A-Za-z0-9])")
DIGIT_LETTERS = frozenset("OolI")
_DIGIT_LETTERS = str.maketrans("OolI", "0011")


def radicals(text: str) -> Iterator[Damage]:
    """Kangxi radicals and compatibility forms, as PDFs give them."""
    for found in _RADICALS.finditer(text):
        proposed = "".join(RADICAL[character] for character in found[0])
        yield Damage(Kind.RADICAL, *found.span(), found[0], proposed, True, _("部首或兼容字符，应为通用的汉字。"))


def invisible(text: str) -> Iterator[Damage]:
    """Characters without a shape. A joiner is kept in writing that needs it."""
    for found in _INVISIBLE.finditer(text):
        around = text[: found.start()][-1:], text[found.end() : found.end() + 1]
        certain = not (_JOINERS & set(found[0])) or all(_PLAIN_NEIGHBOUR.fullmatch(side) for side in around)
        yield Damage(Kind.INVISIBLE, *found.span(), found[0], "", certain, _("不可见字符，妨碍检索和引用。"))


def private(text: str) -> Iterator[Damage]:
    """Characters that mean something in one font alone."""
    for found in _PRIVATE.finditer(text):
        yield Damage(
            Kind.PRIVATE_USE, *found.span(), found[0], None, False, _("自造字，只在原字体中可见，须对照底本。")
        )


def year_zeros(text: str) -> Iterator[Damage]:
    """Letters and circles for the ideographic zero in years. 零 is a spelling, not a damage."""
    for year in _YEAR.finditer(text):
        for found in _ZEROS.finditer(text, *year.span()):
            yield Damage(Kind.YEAR_ZERO, *found.span(), found[0], "〇" * len(found[0]), True, _("年份中的零应作“〇”。"))


def number_letters(text: str) -> Iterator[Damage]:
    """O and l in numbers, as recognition gives them; a product may be called so."""
    for found in _LETTER_IN_NUMBER.finditer(text):
        yield Damage(
            Kind.NUMBER_LETTER,
            *found.span(),
            found[0],
            found[0].translate(_DIGIT_LETTERS),
            False,
            _("数字中夹有形近的字母，请核对。"),
        )
