"""Which encoding a text came in, and its words: offices have UTF-8 with and without a mark, GB18030, Big5 and UTF-16.

What could not be read is never left out in silence: it stands as � in the text and as a Problem with its line.
"""

import codecs
import re
from dataclasses import dataclass

from media_assets.file_errors import RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

from .contract import Problem, Severity

MOST_BYTES = 64 * 1024 * 1024
"""Of one file of text: some twenty volumes of a gazetteer."""

_LONG_LINE = 100_000
_MOST_PLACES = 20
_BROKEN = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHOWN = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5hkscs": "Big5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_COMMON = frozenset(
    "的一是在不了有和人中大为為上个個国國地到以年时時出会會他要于於生成自部分行方发發经經本日月面市县縣志区區东東西南北水"
    "山州府城城镇鎮乡鄉村民农農业業工商学學校文化路河江海公里元万萬十二三四五六七八九百千第卷章节節之其者也而所"
    "曰与與此子天下王事名军軍官书書史记記，。、；：「」《》（）　"
)


@dataclass(frozen=True)
class Decoded:
    """`text` has line feeds only, no control characters, and � where bytes could not be read."""

    text: str
    encoding: str
    problems: tuple[Problem, ...]


def decoded(data: bytes, where: str = "", encoding: str = "") -> Decoded:
    """The words of a file of text; `where` names it in problems, `encoding` is what a person has said it is in.

    Raises RefusedFile when it is too large and UnreadableFile when it is empty or no text.
    """
    if len(data) > MOST_BYTES:
        raise RefusedFile(_("文字文件超过 %(most)s MB，请分成几个文件。"), most=MOST_BYTES >> 20)
    if not data.strip():
        raise UnreadableFile(_("文件是空的。"))
    problems: list[Problem] = []
    if encoding:
        name, text = encoding, _in(data, encoding)
    else:
        name, text = _found_out(data)
    if name not in ("utf-8", "") and not encoding:
        message = _("文字不是 UTF-8，按 %(encoding)s 读入。")
        problems.append(Problem(Severity.NOTE, "encoding", where, message, {"encoding": _SHOWN.get(name, name)}))
    if not name:
        message = _("文件里混有两种编码：多数按 UTF-8 读入，其余各行按 GB18030 读入。")
        problems.append(Problem(Severity.DOUBTFUL, "encodings-mixed", where, message))
    text = _BREAKS.sub("\n", text.removeprefix("\ufeff"))
    if controls := len(_CONTROLS.findall(text)):
        text = _CONTROLS.sub("", text)
        message = _("去掉了 %(count)s 个不可见的控制字符。")
        problems.append(Problem(Severity.NOTE, "control-characters", where, message, {"count": controls}))
    if not text.strip():
        raise UnreadableFile(_("文件里没有文字。"))
    return Decoded(text, name or "utf-8", (*problems, *_broken(text, where)))


def _in(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError as error:
        raise RefusedFile(_("不认识的编码“%(encoding)s”。"), encoding=encoding[:40]) from error


def _found_out(data: bytes) -> tuple[str, str]:
    """The encoding and the words; no encoding when two are mixed."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, data[len(mark) :].decode(name, "replace")
    if wide := _wide(data):
        return wide, data.decode(wide, "replace")
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return _of_several(data)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark gives itself away by the zeros in its line feeds and digits, and by its words."""
    head = data[: min(len(data), 65536) // 2 * 2]
    if head.count(0) < len(head) / 200 or len(head) < 4:
        return ""
    usual = {name: _usual(head.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")}
    name = max(usual, key=usual.get)
    return name if usual[name] > 0.2 else ""


def _usual(text: str) -> float:
    return sum(char in _COMMON or "\n" <= char <= "~" for char in text) / max(len(text), 1)


def _of_several(data: bytes) -> tuple[str, str]:
    """Not UTF-8 throughout. Where most lines are, the others are read as GB18030; else the encoding is taken that
    gives the most usual characters."""
    lines = data.split(b"\n")
    foreign = [at for at, line in enumerate(lines) if not _is_utf8(line)]
    high = sum(1 for line in lines if not line.isascii())
    if len(foreign) <= max(high // 3, 1) and high > 1:
        return _line_by_line(lines, set(foreign))
    candidates = [(name, data.decode(name, "replace")) for name in ("gb18030", "big5hkscs", "utf-8")]
    name, text = max(candidates, key=lambda candidate: _likeness(candidate[1]))
    if _likeness(text) < 0.02:
        raise UnreadableFile(_("认不出文件的编码，或者它不是文字文件。"))
    return name, text


def _line_by_line(lines: list[bytes], foreign: set[int]) -> tuple[str, str]:
    texts, is_mixed = [], False
    for at, line in enumerate(lines):
        text = line.decode("utf-8", "replace")
        if at in foreign and text.count(_BROKEN) > 2:
            other = line.decode("gb18030", "replace")
            if _likeness(other) > max(_likeness(text), 0.1):
                text, is_mixed = other, True
        texts.append(text)
    return "" if is_mixed else "utf-8", "\n".join(texts)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _likeness(text: str) -> float:
    """How usual the characters beyond ASCII are, 0 to 1, less for those that could not be read."""
    sample = [char for char in text[:200_000] if char > "\x7f"]
    if not sample:
        return 0.0
    return (sum(char in _COMMON for char in sample) - 2 * sample.count(_BROKEN)) / len(sample)


def _broken(text: str, where: str) -> list[Problem]:
    problems = []
    total = places = 0
    for number, line in enumerate(text.split("\n"), 1):
        if count := line.count(_BROKEN):
            total, places = total + count, places + 1
            if places <= _MOST_PLACES:
                message = _("有 %(count)s 处字节无法辨认，以 � 代替。")
                problems.append(_problem(Severity.BROKEN, "bytes", where, number, message, count=count))
        if len(line) > _LONG_LINE:
            message = _("这一行有 %(count)s 字，没有分段。")
            problems.append(_problem(Severity.DOUBTFUL, "long-line", where, number, message, count=len(line)))
    if places > _MOST_PLACES:
        message = _("共有 %(places)s 行、%(total)s 处字节无法辨认，这里只列出前 %(most)s 行。")
        values = {"places": places, "total": total, "most": _MOST_PLACES}
        problems.append(Problem(Severity.BROKEN, "bytes", where, message, values))
    return problems


def _problem(severity: Severity, code: str, where: str, line: int, message: str, **values) -> Problem:
    return Problem(severity, code, f"{where} 第 {line} 行".strip(), message, values)
