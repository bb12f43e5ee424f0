"""What is wrong at one place of a text, and what should stand there."""

from dataclasses import dataclass
from enum import StrEnum

from media_assets.file_errors import marked as _

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇\U00020000-\U0003ffff"
"""Han characters, to be put into a pattern's brackets."""


class Kind(StrEnum):
    PINYIN = "pinyin"
    SHIFTED = "shifted"
    MISREAD = "misread"
    LOST = "lost"
    TAG = "tag"
    ENTITY = "entity"
    NAME_DOT = "name-dot"
    RADICAL = "radical"
    PUNCTUATION = "punctuation"
    SPACE = "space"
    INVISIBLE = "invisible"
    PRIVATE_USE = "private-use"
    BROKEN_LINE = "broken-line"
    YEAR_ZERO = "year-zero"
    NUMBER_LETTER = "number-letter"


LABELS = {
    Kind.PINYIN: _("残留的拼音"),
    Kind.SHIFTED: _("错位的汉字"),
    Kind.MISREAD: _("编码误读"),
    Kind.LOST: _("丢失的字"),
    Kind.TAG: _("残留的网页标签"),
    Kind.ENTITY: _("残留的网页代码"),
    Kind.NAME_DOT: _("丢失的间隔号"),
    Kind.RADICAL: _("部首或兼容字符"),
    Kind.PUNCTUATION: _("半角标点"),
    Kind.SPACE: _("多余的空格"),
    Kind.INVISIBLE: _("不可见字符"),
    Kind.PRIVATE_USE: _("自造字"),
    Kind.BROKEN_LINE: _("句中断行"),
    Kind.YEAR_ZERO: _("年份中的零"),
    Kind.NUMBER_LETTER: _("数字中的字母"),
}
"""The Chinese name of each kind, marked for translation."""


@dataclass(frozen=True)
class Damage:
    """`found` stands at the half-open range `start` to `end`; `proposed` should stand there, None when nobody can tell
    from the text alone. Only a `certain` one may be mended unseen. `reason` is a Chinese sentence marked for
    translation."""

    kind: Kind
    start: int
    end: int
    found: str
    proposed: str | None
    certain: bool
    reason: str
