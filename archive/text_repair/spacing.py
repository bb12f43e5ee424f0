"""Punctuation, spaces and lines: half-width marks between Han characters, ? for ·, breaks in mid-sentence."""

import re
from collections.abc import Iterator

from media_assets.file_errors import marked as _

from .damage import HAN, Damage, Kind

_FULL = {",": "，", ";": "；", ":": "：", "!": "！"}
HALF_MARKS = frozenset(_FULL)
_HALF_MARK = re.compile(rf"(?<=[{HAN}》」』”）])([,;:!]) ?(?=[{HAN}《「『“（])")
_DOUBLED_SPACES = re.compile(rf"(?<=[{HAN}，。、；：]) {{2,3}}(?=[{HAN}])")

_IN_NAMES = (
    "艾奥巴拜贝彼宾勃博布达戴丹德迪蒂丁顿恩尔弗菲费芬福盖戈葛哈赫霍吉贾卡坎科克肯库拉莱兰勒雷里利莉琳卢鲁伦罗洛"
    "玛迈曼蒙米摩莫默姆穆纳娜尼妮努诺欧帕潘佩普齐奇乔琼萨塞桑瑟森莎珊舍施史舒斯司苏索塔泰坦汤陶特提廷图托瓦威韦"
    "维沃乌希锡谢辛逊雅亚耶伊依扎詹佐买吐孜热木江古丽汗力加马阿麦合肉则"
)
_QUESTION = re.compile(
    rf"(?<=[{HAN}])\?(?=[{HAN}])|(?<=[{HAN}])\?(?=[，。、；：》」』”）])|(?<=[，。、；：《「『“（])\?(?=[{HAN}])"
)
_NAME_LEFT = re.compile(f"[{_IN_NAMES}]{{2}}$")
_NAME_RIGHT = re.compile(f"[{_IN_NAMES}]{{2}}")
_NAME_FULL = re.compile(f"(?<=[{_IN_NAMES}]{{3}})？(?=[{_IN_NAMES}]{{3}})")
_ASKS = re.compile(r"[吗呢么何谁哪怎几否吧嘛][^，。；！？]{0,8}$")

_BREAK = re.compile(rf"(?<=[{HAN}，、])\n(?=[{HAN}])")
_SHORTEST_BROKEN = 20
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,5}[卷篇章节目回编部]|[一二三四五六七八九十]{1,3}、|[卷附表图]|\d)"
)


def punctuation(text: str) -> Iterator[Damage]:
    """Half-width marks between Han characters; in numbers and in Latin text they are right."""
    for found in _HALF_MARK.finditer(text):
        yield Damage(Kind.PUNCTUATION, *found.span(), found[0], _FULL[found[1]], True, _("汉字之间应使用全角标点。"))


def doubled_spaces(text: str) -> Iterator[Damage]:
    """Two or three spaces inside Chinese. Old books divide verses and titles so: nothing here is certain. Wider ones
    are columns."""
    for found in _DOUBLED_SPACES.finditer(text):
        yield Damage(Kind.SPACE, *found.span(), found[0], "", False, _("汉字之间有多余的空格，也可能是原书的空格。"))


def questions(text: str) -> Iterator[Damage]:
    """A half-width question mark among Chinese: a lost dot in a foreign name, a lost character, or a question."""
    for found in _QUESTION.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if _NAME_LEFT.search(before) and _NAME_RIGHT.match(text, found.end()):
            yield Damage(Kind.NAME_DOT, *found.span(), "?", "·", True, _("外国或少数民族人名中的间隔号丢失。"))
        elif _ASKS.search(before):
            yield Damage(Kind.PUNCTUATION, *found.span(), "?", "？", False, _("疑为半角问号，也可能是丢失的字。"))
        else:
            yield Damage(Kind.LOST, *found.span(), "?", None, False, _("此处疑有丢失的字，请对照底本。"))


def full_questions(text: str) -> Iterator[Damage]:
    """A full-width question mark in the midst of what sounds like a foreign name."""
    for found in _NAME_FULL.finditer(text):
        yield Damage(Kind.NAME_DOT, *found.span(), "？", "·", False, _("疑为人名中丢失的间隔号。"))


def broken_lines(text: str) -> Iterator[Damage]:
    """Lines that end in mid-sentence, in a text whose lines are its paragraphs."""
    for found in _BREAK.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        length = found.start() - start
        if length < _SHORTEST_BROKEN or _HEADING.match(text, found.end()) or text.startswith("|", start):
            continue
        yield Damage(Kind.BROKEN_LINE, *found.span(), "\n", "", False, _("句子中间断行，疑为底本的行末。"))
