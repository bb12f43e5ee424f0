"""Texts in metadata, which name no encoding or the wrong one: UTF-8, GB18030, and what has been decoded wrongly."""

import re
import unicodedata

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LONE_LATIN = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")


def decoded(raw: bytes | str) -> str:
    """One line or paragraph, without control characters. A `str` is what Pillow makes of EXIF: every byte taken for a
    Latin-1 character, whatever it was."""
    if isinstance(raw, str):
        try:
            raw = raw.encode("latin-1")
        except UnicodeEncodeError:
            return tidy(mended(raw))
    return tidy(mended(_of_bytes(raw.split(b"\x00\x00")[0].rstrip(b"\x00"))))


def mended(text: str) -> str:
    """A text that was UTF-8 or GB18030 once, was taken for a Western encoding and written down so, as it was."""
    for western in ("cp1252", "latin-1"):
        try:
            raw = text.encode(western)
        except UnicodeEncodeError:
            continue
        if raw.isascii():
            return text
        again = _of_bytes(raw)
        if _CHINESE.search(again):
            return again
    return text


def tidy(text: str) -> str:
    hidden = ("Cc", "Cf", "Cs")
    text = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) not in hidden)
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines()).strip()


def _of_bytes(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # In a Western text letters beyond ASCII stand alone between others; Chinese ones come in runs of bytes.
    if len(_LONE_LATIN.findall(raw)) < sum(byte >= 0x80 for byte in raw):
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return raw.decode("cp1252", "replace").replace("\ufffd", "")
