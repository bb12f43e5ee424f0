"""Whether the text layer of a PDF says what is on the page."""

import re
import unicodedata

GARBAGE_SHARE = 0.2
_FEWEST = 12
_REPAIRED = 0.5


def garbage_share(text: str, unknown: int = 0) -> float:
    """How much of a text layer cannot be what the page says, 0 to 1: replacement and control characters, private use,
    code points that mean nothing, letters that the font does not know (`unknown`), UTF-8 read as GBK or Latin-1."""
    letters = [char for char in text if not char.isspace()]
    if not letters:
        return 0.0
    wrong = sum(_cannot_be(char) for char in letters)
    share = max(wrong, min(unknown, len(letters))) / len(letters)
    return max(share, _misread(text), _strange(letters))


def is_garbage(text: str, unknown: int = 0) -> bool:
    return len("".join(text.split())) >= _FEWEST and garbage_share(text, unknown) >= GARBAGE_SHARE


def _cannot_be(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs") or char in "锟斤拷烫屯"


def _misread(text: str) -> float:
    """The share of runs that turn into Chinese when they are taken for UTF-8 read by the wrong table."""
    right = total = 0
    for run in re.findall(r"[^\x00-\x7f\s]{3,}", text):
        total += len(run)
        for table in ("gb18030", "cp1252", "latin-1"):
            try:
                mended = run.encode(table).decode("utf-8")
            except UnicodeError:
                continue
            if mended != run and sum(_is_chinese(char) for char in mended) > _REPAIRED * len(mended):
                right += len(run)
                break
    latin = sum(1 for char in text if "\x80" <= char <= "\xff" and char not in "·×÷°±§«»¶")
    letters = sum(not char.isspace() for char in text)
    foreign = latin / letters if letters else 0.0
    return max(right / total if total and 2 * total > letters else 0.0, foreign if foreign > 0.4 else 0.0)


def _strange(letters: list[str]) -> float:
    """Many ideographs, and hardly one of daily use: the font's table leads astray. Or much of a writing that nobody
    mixes with Chinese."""
    wide = [char for char in letters if "\u3400" <= char <= "\u9fff" or char >= "\U00020000"]
    odd = sum(_is_odd(char) for char in letters)
    share = odd / len(letters)
    if len(wide) >= 40:
        rare = sum(not _is_common(char) for char in wide) / len(wide)
        share = max(share, rare if rare > 0.5 else 0.0)
    return share


def _is_common(char: str) -> bool:
    for table in ("gb2312", "big5"):
        try:
            char.encode(table)
        except UnicodeError:
            continue
        return True
    return False


def _is_odd(char: str) -> bool:
    code = ord(char)
    return 0x0530 <= code < 0x1100 or 0x1200 <= code < 0x1E00 or 0xA490 <= code < 0xAC00 or 0xFB1D <= code < 0xFE10


def _is_chinese(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
