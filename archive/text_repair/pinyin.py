"""Pinyin that a converter between scripts left behind the characters that it changed: 領(lǐng)導 for 領導.

Glosses that an author wrote (東莞（guǎn）) look the same; they are listed, never mended unseen.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

from media_assets.file_errors import marked as _
from search.text.folding import fold

from .damage import HAN, Damage, Kind

MARKED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LETTERS = f"a-zɑɡü{MARKED}"
_IN_BRACKETS = re.compile(rf"(?<=[{HAN}])([(（]) ?([{_LETTERS}]{{1,7}}) ?[)）]")
_BARE = re.compile(rf"(?<=[{HAN}])([{_LETTERS}]{{1,7}})(?=[{HAN}])")
VOWELS = frozenset(MARKED) | frozenset("aeiouüɑ")
_SPELLINGS = str.maketrans("ɑɡ", "ag")
_HABIT = 3
"""From so many sure places on a text has been through such a converter, and full brackets count too."""

_LEFT = _("字形转换程序残留的拼音。")
_GLOSS = _("可能是原书的注音，也可能是转换时残留的拼音。")


def pinyin(text: str) -> Iterator[Damage]:
    """Readings behind the character that they belong to."""
    places = [(found, found[1] == "(", found[2]) for found in _IN_BRACKETS.finditer(text)]
    places += [(found, True, found[1]) for found in _BARE.finditer(text)]
    places = [place for place in places if _is_reading(text[place[0].start() - 1], place[2])]
    sure = sum(is_plain and _is_left_behind(text[found.start() - 1], letters) for found, is_plain, letters in places)
    for found, is_plain, letters in places:
        certain = (is_plain or sure >= _HABIT) and _is_left_behind(text[found.start() - 1], letters)
        if not certain and found[0] == letters and not _is_marked(letters):
            continue  # 东莞de龙舟: letters without a tone are anything
        yield Damage(Kind.PINYIN, *found.span(), found[0], "", certain, _LEFT if certain else _GLOSS)


def _is_left_behind(character: str, letters: str) -> bool:
    """Whether only a converter would add this: it does so at traditional forms of common characters, whose reading
    nobody needs to be told."""
    if not _is_marked(letters):
        return False
    plain = fold(character)
    return plain != character and _is_common(plain)


def _is_marked(letters: str) -> bool:
    return any(letter in MARKED for letter in letters)


def _is_common(character: str) -> bool:
    try:
        return 0xB0 <= character.encode("gb2312")[0] < 0xD8
    except UnicodeEncodeError:
        return False


def _is_reading(character: str, letters: str) -> bool:
    spelled = unicodedata.normalize("NFC", letters).translate(_SPELLINGS)
    readings = _readings(character) | _readings(fold(character))
    return spelled in readings or (not _is_marked(spelled) and spelled in {_without_tone(each) for each in readings})


@lru_cache(maxsize=4096)
def _readings(character: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFC", PINYIN_DICT.get(ord(character), "")).split(",")) - {""}


def _without_tone(reading: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", reading) if letter not in "\u0304\u0301\u030c\u0300"
    ).replace("u\u0308", "ü")
