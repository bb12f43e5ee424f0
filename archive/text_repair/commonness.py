"""How common a character is in Chinese print: what tells a text from the same bytes read wrongly.

After GB/T 2312-1980, which orders its 3,755 common characters (level 1) before the 3,008 rarer ones.
"""

from functools import lru_cache

from search.text.folding import fold

_LEVEL_1, _LEVEL_2 = range(0xB0, 0xD8), range(0xD8, 0xF8)
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·　％～－．"


@lru_cache(maxsize=8192)
def commonness(character: str) -> int:
    """1 for common characters (either script) and ordinary punctuation, 0 for digits and letters, -1 for rarer
    characters, -3 for what hardly stands in Chinese text."""
    if character in _PUNCTUATION:
        return 1
    if character.isdecimal() or character.isascii():
        return 0
    if "Ａ" <= character <= "ｚ":
        return -1
    try:
        lead = fold(character).encode("gb2312")[0]
    except UnicodeEncodeError:
        return -3
    return 1 if lead in _LEVEL_1 else -1 if lead in _LEVEL_2 else -3
