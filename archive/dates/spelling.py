"""One spelling for every way a date is typed: traditional, full-width, variant, financial, dashed.

Only characters that occur in dates are folded, so this is a spelling of dates and not a converter
of Chinese; the written form is kept elsewhere and never replaced by this one.
"""

import re
import unicodedata

LONGEST_WRITTEN = 80
"""Longer strings are sentences, not dates: they are refused before any work is done."""

# Each group is the character that the readers expect, then the forms that fold to it.
_VARIANTS = (
    "一壹弌 二贰貳弍 三叁參参叄弎 四肆 五伍 六陆陸 七柒 八捌 九玖 十拾 百佰 千仟 〇零○◯ 卅丗 廿卄 "
    "两兩 来來 伪偽僞 仪儀 册冊 刘劉 胜勝 吕呂 启啓啟 国國圀 寿壽 孙孫 宁寧寕寗甯 宝寶寳寚 将將 广廣 "
    "后後 复復 征徵 恒恆 庆慶 宪憲 应應応 战戰 摄攝 既旣 升昇陞 时時 晋晉 历曆厯歴歷暦 会會㑹 东東 "
    "业業 极極 乐樂 岁歲嵗歳𡻕 凉涼 满滿 汉漢 蒙濛 乌烏 玺璽 监監 真眞 禄祿 祯禎 纪紀 约約 统統綂 "
    "绥綏 绪緒 编編 总總 续續 义義 圣聖 聪聰 修脩 腊臘臈 兴興 旧舊 华華 万萬 叶葉 号號 观觀観 证證証 "
    "赞贊讚 丰豐豊 贞貞 赐賜 赵趙 载載 辅輔 农農 周週 辽遼 铅鉛 长長 开開 闰閏閠 间間閒 闽閩 阴陰 "
    "陈陳 阳陽 际際 顺順 显顯顕 飞飛 凤鳳 鸿鴻 咸鹹 黄黃 龙龍竜 龟龜亀 德徳 高髙 吴吳呉 熙煕熈 祐佑 "
    "齐齊斉 写寫 抄鈔钞 于於 谷穀榖 初𥘉 没歿 憙憘 麚麢 谦謙 刻剋 临臨 终終 隶隸"
)
_FOLDED = str.maketrans({variant: group[0] for group in _VARIANTS.split() for variant in group[1:]})
_DASHES = str.maketrans(dict.fromkeys("‐‒–—―−─━⸺⸻〜", "—"))
_DROPPED_CATEGORIES = frozenset({"Cf", "Cc", "Cs"})
_TIME_OF_DAY = re.compile(r"(?<=\d)\s+(?=\d{1,2}:\d{2})")
_SPACES = re.compile(r"\s+")
_LONG_DASH = re.compile(r"—{2,}|-{2,}|~{2,}")
_ONE_AS_DASH = re.compile(r"(?<=[0-9])一(?=[0-9])")
_LETTER_AS_ZERO = re.compile(r"(?<=[〇一二三四五六七八九])[Oo0]+(?=[〇一二三四五六七八九年])")


def fold(written: str) -> str | None:
    """Give the one spelling that the readers expect, or None for what cannot be a date.

    Full and half width, compatibility and Kangxi-radical code points fold by NFKC; spaces go, but
    for a ``T`` before a time of day; every dash but ``-`` and ``~``, which mean something in EDTF,
    becomes an em dash. Superscript and circled numbers, which NFKC would glue to their neighbours
    (1978²), are refused.
    """
    if not written or len(written) > LONGEST_WRITTEN:
        return None
    if any(unicodedata.category(character) == "No" for character in written):
        return None
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", written)).strip()
    text = _SPACES.sub("", _TIME_OF_DAY.sub("T", text))
    text = "".join(character for character in text if unicodedata.category(character) not in _DROPPED_CATEGORIES)
    text = _LONG_DASH.sub("—", text.translate(_FOLDED).translate(_DASHES))
    text = _ONE_AS_DASH.sub("—", text)  # 1962一1965: the numeral one, typed or scanned for a dash
    text = _LETTER_AS_ZERO.sub(lambda match: "〇" * len(match[0]), text)
    return text if 0 < len(text) <= LONGEST_WRITTEN else None
