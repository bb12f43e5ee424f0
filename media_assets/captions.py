"""Captions, transcripts and chapters: WebVTT (W3C) and SubRip read strictly, cleaned, and written as WebVTT.

Pure. A file that is not right is refused with the number of the line, because an editor has to mend it there; a browser
would drop the cue without a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .file_errors import RefusedFile

MAX_BYTES = 8 * 1024 * 1024
MAX_CUES = 50_000
_LONGEST = 100 * 3600

_TIME = r"(?:(\d{2,3}):)?(\d{2}):(\d{2})[.](\d{3})"
_VTT_TIMES = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(.*))?")
_SRT_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2}),(\d{1,3})"
_SRT_TIMES = re.compile(rf"{_SRT_TIME}[ \t]*-->[ \t]*{_SRT_TIME}(?:[ \t].*)?")
_SETTING = re.compile(
    r"(?:vertical:(?:rl|lr)|line:-?[\d.]+%?(?:,\w+)?|position:[\d.]+%(?:,[\w-]+)?|size:[\d.]+%|align:\w+)"
)
_TAG = re.compile(r"<[^<>]*>?")
_KEPT_TAG = re.compile(r"</?(?:b|i|u|ruby|rt)>|</?c>|<v [^<>&]{1,80}>|</v>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "", "&rlm;": ""}
_CHAPTER = re.compile(r"(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})(?:\.(\d{1,3}))?[\s、，,—\-]+(.+)")


@dataclass(frozen=True)
class Cue:
    """`text` as WebVTT writes it: `<`, `&` escaped, harmless tags kept. Times in seconds; `line` in the file."""

    start: float
    end: float
    text: str
    settings: str = ""
    line: int = 0

    @property
    def plain(self) -> str:
        """What is read: without tags, one line."""
        words = _TAG.sub("", self.text)
        for entity, character in _ENTITIES.items():
            words = words.replace(entity, character) if entity != "&amp;" else words
        return " ".join(words.replace("&amp;", "&").split())

    @property
    def speaker(self) -> str:
        found = re.match(r"<v ([^<>]+)>", self.text)
        return found[1].strip() if found else ""


class CaptionError(RefusedFile):
    """`line` counts from 1; `reason` names it."""

    def __init__(self, line: int, reason: str):
        self.line = line
        super().__init__(_("第 %(line)d 行：%(reason)s") % {"line": line, "reason": reason})


# --- Reading --------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> str:
    """The text of a caption file: UTF-8, UTF-16 with its mark, or GB18030, as Chinese programs save it. Raises
    RefusedFile."""
    if len(data) > MAX_BYTES:
        raise RefusedFile(_("字幕文件过大，最大可收 8 MB。"))
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_wide else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise RefusedFile(_("字幕文件的文字编码无法识别，请存为 UTF-8。"))


def read(text: str) -> list[Cue]:
    """The cues of a WebVTT or SubRip text, whichever it is. Raises CaptionError for the first line that is wrong."""
    lines = text.removeprefix("\ufeff").split("\n")
    if not any(line.strip() for line in lines):
        raise CaptionError(1, _("文件是空的。"))
    cues = _read_vtt(lines) if lines[0].startswith("WEBVTT") else _read_srt(lines)
    if not cues:
        raise CaptionError(len(lines), _("没有一条字幕。"))
    return cues


def _blocks(lines: list[str], start: int) -> Iterable[tuple[int, list[str]]]:
    """The paragraphs of a file, each with the number of its first line."""
    block, first = [], 0
    for number, line in enumerate(lines[start:], start + 1):
        if line.strip():
            first = first or number
            block.append(line)
        elif block:
            yield first, block
            block, first = [], 0
    if block:
        yield first, block


def _read_vtt(lines: list[str]) -> list[Cue]:
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise CaptionError(1, _("首行应为“WEBVTT”。"))
    start = 1
    while start < len(lines) and lines[start].strip():  # the rest of the header
        if "-->" in lines[start]:
            raise CaptionError(start + 1, _("“WEBVTT”之后须有一个空行。"))
        start += 1
    cues: list[Cue] = []
    for number, block in _blocks(lines, start):
        if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]):
            if any("-->" in line for line in block):
                raise CaptionError(number, _("注释与样式里不可有“-->”，字幕之前须有一个空行。"))
            continue  # comments are not shown, and styles are the museum's
        cues.append(_cue(number, block, cues, _VTT_TIMES, _("时：分：秒应写作“00:01:20.500 --> 00:01:24.000”。")))
    return cues


def _read_srt(lines: list[str]) -> list[Cue]:
    cues: list[Cue] = []
    for number, block in _blocks(lines, 0):
        if not block[0].strip().isdigit():
            if not cues:
                raise CaptionError(number, _("不是字幕文件：WebVTT 首行为“WEBVTT”，SRT 首行为序号。"))
            raise CaptionError(number, _("此处应为序号；字幕文字之中不可有空行。"))
        cues.append(_cue(number, block, cues, _SRT_TIMES, _("时：分：秒应写作“00:01:20,500 --> 00:01:24,000”。")))
    return cues


def _cue(number: int, block: list[str], before: list[Cue], pattern: re.Pattern, hint: str) -> Cue:
    if "-->" not in block[0]:  # its identifier
        block, number = block[1:], number + 1
    if not block or "-->" not in block[0]:
        raise CaptionError(number, _("缺少时间行。") + hint)
    found = pattern.fullmatch(block[0].strip())
    if found is None:
        raise CaptionError(number, _("时间写法有误。") + hint)
    start, end = _seconds(found.groups()[:4], number), _seconds(found.groups()[4:8], number)
    if end <= start:
        raise CaptionError(number, _("结束时间不晚于开始时间。"))
    if before and start < before[-1].start:
        raise CaptionError(number, _("开始时间早于前一条字幕。"))
    if any("-->" in line for line in block[1:]):
        raise CaptionError(number + 1, _("一条字幕里有两行时间，之间须有一个空行。"))
    if len(before) >= MAX_CUES:
        raise CaptionError(number, _("字幕过多。"))
    settings = (found[9] or "").split() if pattern is _VTT_TIMES else []
    kept = " ".join(setting for setting in settings if _SETTING.fullmatch(setting))
    return Cue(start, end, clean("\n".join(block[1:])), kept, number)


def _seconds(parts: tuple[str | None, ...], line: int) -> float:
    hours, minutes, seconds, thousandths = (part or "0" for part in parts)
    if int(minutes) > 59 or int(seconds) > 59:
        raise CaptionError(line, _("分和秒不可大于 59。"))
    total = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths.ljust(3, "0")) / 1000
    if total > _LONGEST:
        raise CaptionError(line, _("时间过长。"))
    return total


def clean(text: str) -> str:
    """The words of a cue with the few tags that mean something; all others go, and nothing is left that a page could
    take for markup. SubRip's positions (`{\\an8}`) go too."""
    text = re.sub(r"\{\\[^{}]*\}", "", text)  # never past the next brace: a million that are left open cost no time
    kept: list[str] = []
    last = 0
    for tag in _TAG.finditer(text):
        kept += [_escaped(text[last : tag.start()]), tag[0] if _KEPT_TAG.fullmatch(tag[0]) else _unknown(tag[0])]
        last = tag.end()
    words = "".join([*kept, _escaped(text[last:])])
    return "\n".join(line for line in words.split("\n") if line.strip()).strip()  # an empty line would end the cue


def _escaped(words: str) -> str:
    return _ENTITY.sub("&amp;", words).replace("<", "&lt;").replace(">", "&gt;")


def _unknown(tag: str) -> str:
    """A tag goes; what only looks like one (“1<2”) is text."""
    return "" if re.match(r"</?[a-zA-Z\d.][^<>]*>", tag) else _escaped(tag)


# --- Writing --------------------------------------------------------------------------------------------------


def clock(seconds: float) -> str:
    """`00:01:20.500`"""
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"


def written(cues: Iterable[Cue]) -> str:
    """The cues as WebVTT."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        settings = f" {cue.settings}" if cue.settings else ""
        blocks.append(f"{clock(cue.start)} --> {clock(cue.end)}{settings}\n{cue.text}\n")
    return "\n".join(blocks)


def as_webvtt(data: bytes) -> bytes:
    """What an editor hands in, as the museum keeps and serves it. Raises RefusedFile, CaptionError with the line."""
    return written(read(decoded(data))).encode()


# --- Chapters -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chapter:
    start: float
    title: str

    @property
    def clock(self) -> str:
        """`1:20`, `1:02:03`"""
        return short_clock(self.start)


def short_clock(seconds: float) -> str:
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def read_chapters(text: str) -> list[Chapter]:
    """Lines of a time and a title (`00:01:20 古城门`), or a WebVTT text. In order. Raises CaptionError."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("WEBVTT"):
        return [Chapter(cue.start, cue.plain[:200]) for cue in read(text)] if "-->" in text else []
    chapters: list[Chapter] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        found = _CHAPTER.fullmatch(line.strip())
        if found is None:
            raise CaptionError(number, _("应为时间和标题，如“00:01:20 古城门”。"))
        chapter = Chapter(_seconds(found.groups()[:4], number), found[5].strip()[:200])
        if chapters and chapter.start <= chapters[-1].start:
            raise CaptionError(number, _("时间须晚于前一章。"))
        chapters.append(chapter)
    return chapters


def chapters_track(chapters: list[Chapter], seconds: float) -> str:
    """The chapters as a WebVTT track: each lasts until the next, the last to the film's end."""
    ends = [chapter.start for chapter in chapters[1:]] + [max(seconds, chapters[-1].start + 1)] if chapters else []
    return written(Cue(chapter.start, end, clean(chapter.title)) for chapter, end in zip(chapters, ends, strict=True))
