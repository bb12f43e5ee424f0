"""Markdown's marks inside a line, turned into the notation of passages; and its pictures and footnotes."""

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from archive.book_text import notation

HEADING = re.compile(r"\s{0,3}(?P<marks>#{1,6})(?:\s+|(?=[^\s#!]))(?P<title>.*?)\s*#*\s*$")
FOOTNOTE = re.compile(r"\s{0,3}\[\^(?P<label>[^\]\s]{1,60})\]:\s*(?P<text>.*)")
REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
PICTURE = re.compile(
    r"!\[(?P<caption>[^\]]{0,300})\]\(\s*<?(?P<path>[^()<>]{1,500}?)>?(?:\s+[\"'][^\"']{0,300}[\"'])?\s*\)"
)
TABLE_RULE = re.compile(r"\s{0,3}\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*$")
RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")

_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,300})\]\((?:[^()\s]{1,500})(?:\s+\"[^\"]{0,200}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_SOFT = re.compile(r"(?<![*\\\w])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=[^\s*])\*(?!\*)")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_HTML = re.compile(
    r"</?(?:p|div|span|b|i|u|em|strong|center|font|sup|sub|a|br|small|mark)(?:\s[^<>]{0,500})?/?>|<!--.*?-->", re.I
)
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_LIST = re.compile(r"^\s{0,8}[-*+]\s+(?=\S)")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_CELL = re.compile(r"(?<!\\)\|")


def words(line: str) -> str:
    """The plain words of a line: no emphasis, links, tags; a list's dash is a point. Not escaped."""
    line = _QUOTE.sub("", line, count=1) if line.lstrip().startswith(">") else line
    line = _LIST.sub("· ", line, count=1)
    line = _HTML.sub("", line)
    line = _LINK.sub(r"\1", line)
    for mark in (_STRONG, _SOFT):
        line = mark.sub(lambda found: found.group(found.lastindex), line)
    return _BACKSLASH.sub(r"\1", _CODE.sub(r"\1", line)).strip()


def line_notation(line: str, labels: dict[str, str]) -> str:
    """The notation of a line; `labels` maps the footnotes that the file has to the labels they get."""
    parts, at = [], 0
    for found in REFERENCE.finditer(line):
        if found.group(1) in labels:
            parts += [notation.escape(words_kept(line[at : found.start()])), f"[^{labels[found.group(1)]}]"]
            at = found.end()
    if not parts:
        return notation.escape(words(line))
    return (("".join(parts)) + notation.escape(words_kept(line[at:]))).strip()


def words_kept(part: str) -> str:
    """The words of a part of a line, with the spaces at its ends."""
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{lead}{words(part)}{tail}" if part.strip() else part


def cells(line: str) -> list[str]:
    """The cells of a table's line, as words."""
    inner = line.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [words(cell) for cell in _CELL.split(inner)]


def table(rows: list[list[str]], head_rows: int) -> str:
    """The notation of a table of plain words, in which < and ^ alone are words as others are."""
    plain = {"<": "＜", "^": "＾"}
    return notation.table([[plain.get(cell.strip(), cell) for cell in row] for row in rows], head_rows)


def picture_path(written: str, beside: str) -> str:
    """The path of a picture in the bundle, as it is written in the file `beside` it."""
    path = PurePosixPath(unquote(written.strip()).replace("\\", "/"))
    parts: list[str] = [part for part in PurePosixPath(beside).parent.parts if part != "."]
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def figure_key(path: str) -> str:
    """The same for the same path each time."""
    stem = re.sub(r"[^\w.-]+", "-", PurePosixPath(path).stem)[:40].strip("-") or "picture"
    return f"{stem}-{hashlib.blake2b(path.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def footnote_labels(written: list[str]) -> dict[str, str]:
    """The labels that footnotes get: their own where those are short enough, else numbers."""
    labels: dict[str, str] = {}
    taken = {label for label in written if len(label) <= 12}
    for label in written:
        number = len(labels) + 1
        while len(label) > 12 and f"n{number}" in taken:
            number += 1
        labels[label] = label if len(label) <= 12 else f"n{number}"
        taken.add(labels[label])
    return labels
