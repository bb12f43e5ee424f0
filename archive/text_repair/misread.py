"""Bytes read in the wrong encoding: UTF-8 as a Western one (é¾™èˆŸ) or as GBK (榫欒垷), and what is beyond help."""

import re
from collections.abc import Iterator

from media_assets.file_errors import marked as _

from .commonness import commonness
from .damage import HAN, Damage, Kind

_CP1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_WESTERN = re.compile(rf"(?:[\u00c2-\u00f4][\u0080-\u00bf{_CP1252}]{{1,3}})+")
WESTERN_LEADS = frozenset(map(chr, range(0xC2, 0xF5)))

LOST_LETTERS = frozenset("锟斤烫屯\ufffd")
_BEYOND_HELP = re.compile(r"(?:锟斤拷)+|烫{3,}|屯{3,}|\ufffd+")
_HAN_RUN = re.compile(f"[{HAN}\u2014\u2026\u20ac\u3000-\u303f\uff01-\uff5e\ue000-\uf8ff]+")


def western(text: str) -> Iterator[Damage]:
    """UTF-8 that was read as Latin-1 or CP1252."""
    for found in _WESTERN.finditer(text):
        try:
            proposed = b"".join(_western_byte(character) for character in found[0]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        # Two characters make sense on their own in French or German print (É”), three never do.
        certain = all(ord(character) > 0x7FF or found[0][0] in "ÂÃ" for character in proposed) and (
            not any("\ue000" <= character <= "\uf8ff" or not character.isprintable() for character in proposed)
        )
        yield Damage(
            Kind.MISREAD,
            *found.span(),
            found[0],
            proposed,
            certain,
            _("UTF-8 文字被当作西文编码读入，按原来的字节还原。"),
        )


def _western_byte(character: str) -> bytes:
    return character.encode("cp1252") if character in _CP1252 else character.encode("latin-1")


def _pair_pattern() -> re.Pattern[str]:
    """Two characters of GBK whose four bytes begin UTF-8 of Han characters or Chinese punctuation."""
    leads = [_gbk(lead, trail) for lead in (0xE3, *range(0xE4, 0xEA), 0xEF) for trail in range(0x80, 0xC0)]
    follow = [_gbk(lead, trail) for lead in range(0x81, 0xC0) for trail in (0xE3, *range(0xE4, 0xEA), 0xEF)]
    return re.compile(f"[{''.join(filter(None, leads))}][{''.join(filter(None, follow))}]")


def _gbk(lead: int, trail: int) -> str:
    try:
        character = bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return character if len(character) == 1 else ""


_PAIR = _pair_pattern()


def as_gbk(text: str) -> Iterator[Damage]:
    """UTF-8 that was read as GBK: characters by twos stand for characters by threes."""
    done = 0
    for pair in _PAIR.finditer(text):
        if pair.start() < done:
            continue
        run = _HAN_RUN.match(text, pair.start())
        length, proposed = _from_gbk(run[0]) if run else (0, "")
        if len(proposed) < 2 or 2 * sum(map(commonness, proposed)) < len(proposed):
            continue
        done = pair.start() + length
        better = (
            sum(map(commonness, proposed)) / len(proposed) - sum(map(commonness, text[pair.start() : done])) / length
        )
        if better <= 0.5:
            continue
        yield Damage(
            Kind.MISREAD,
            pair.start(),
            done,
            text[pair.start() : done],
            proposed,
            len(proposed) >= 3 and min(map(commonness, proposed)) >= -1,
            _("UTF-8 文字被当作国标码读入，按原来的字节还原。"),
        )


def _from_gbk(run: str) -> tuple[int, str]:
    """The longest beginning of a run that is whole UTF-8, and what it says."""
    data, ends = bytearray(), []
    for character in run:
        try:
            data += character.encode("gbk")
        except UnicodeEncodeError:
            break
        ends.append(len(data))
    try:
        valid = len(bytes(data).decode("utf-8").encode("utf-8"))
    except UnicodeDecodeError as error:
        valid = error.start
    whole = [number for number, end in enumerate(ends, 1) if end <= valid and _is_whole(data[:end])]
    length = whole[-1] if whole else 0
    return length, bytes(data[: ends[length - 1]]).decode("utf-8") if length else ""


def _is_whole(data: bytes | bytearray) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def beyond_help(text: str) -> Iterator[Damage]:
    """Marks of characters whose bytes are gone."""
    for found in _BEYOND_HELP.finditer(text):
        yield Damage(
            Kind.LOST,
            *found.span(),
            found[0],
            None,
            False,
            _("编码转换时丢失了原字，须对照底本补入。"),
        )
