"""What is left of web pages: <br>, <font …>, &nbsp;, &#x4E1C;."""

import re
from collections.abc import Iterator
from html.entities import html5

from media_assets.file_errors import marked as _

from .damage import HAN, Damage, Kind

_BREAKING = re.compile("br|p|div|tr|li|ul|ol|h[1-6]|hr|center|blockquote|dl|dt|dd")
_DROPPED = re.compile("font|span|b|i|u|em|strong|big|small|a|nobr|tt|basefont|o:p|st1:place|st1:chsdate")
_MEANINGFUL = re.compile("su[bp]|table|tbody|thead|t[dh]|img|script|style|del|s|strike|ruby|r[tbp]")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9}(?::[A-Za-z]{1,12})?)(?:\s[^<>\n]{0,300})?\s{0,3}/?>")
_ENTITY = re.compile(r"&(?:amp;)*(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}));")
_NOTATION = frozenset("\\{}[!|")
_SPACES = frozenset("\xa0\u2002\u2003\u2009\u200b\u200c\u200d\xad\u3000 ")


def tags(text: str) -> Iterator[Damage]:
    """HTML tags. One that only gave a line its looks or ended it is certain; one that meant something is not."""
    for found in _TAG.finditer(text):
        name = found[1].lower()
        if _MEANINGFUL.fullmatch(name):
            yield Damage(
                Kind.TAG,
                *found.span(),
                found[0],
                "",
                False,
                _("残留的网页标签，原有上下标、表格或图片等含义，请人工处理。"),
            )
        elif (breaks := _BREAKING.fullmatch(name)) or _DROPPED.fullmatch(name):
            proposed = _break(text, found) if breaks else ""
            yield Damage(Kind.TAG, *found.span(), found[0], proposed, True, _("残留的网页标签。"))


def _break(text: str, found: re.Match) -> str:
    """A line break, where there is none already; a table's row stays on its line."""
    line_start = text.rfind("\n", 0, found.start()) + 1
    if text[line_start : found.start()].lstrip().startswith("|"):
        return " "
    before, after = text[: found.start()][-1:], text[found.end() : found.end() + 1]
    return "" if before in ("", "\n") or after in ("", "\n", "<") else "\n"


def entities(text: str) -> Iterator[Damage]:
    """Characters that are written as entities, once or more often (&amp;nbsp;)."""
    for found in _ENTITY.finditer(text):
        proposed = _character(found)
        if proposed is None:
            continue
        if proposed in _SPACES:
            proposed = _space(text, found, proposed)
        elif proposed in _NOTATION:
            proposed = "\\" + proposed
        certain = bool(proposed.isprintable() or not proposed) and not _is_private(proposed)
        yield Damage(Kind.ENTITY, *found.span(), found[0], proposed, certain, _("残留的网页字符代码。"))


def _character(found: re.Match) -> str | None:
    if found[3]:
        return html5.get(found[3] + ";")
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _space(text: str, found: re.Match, space: str) -> str:
    """A space that the page was filled with: nothing between Han characters, else a plain one."""
    if space in "\xad\u200b\u200c\u200d":
        return ""
    if space == "\u3000":
        return space
    around = text[: found.start()][-1:], text[found.end() : found.end() + 1]
    return "" if all(not side or side in "\n;" or re.match(f"[{HAN}&]", side) for side in around) else " "


def _is_private(text: str) -> bool:
    return any("\ue000" <= character <= "\uf8ff" or character >= "\U000f0000" for character in text)
