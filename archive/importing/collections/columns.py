"""What the columns of an inventory mean: proposed from their headings, Chinese and English."""

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from search.text.folding import fold

FIELDS = {
    "identifier": (_("永久标识符"), "永久标识符 标识符 identifier ark"),
    "key": (
        _("来源编号"),
        "来源编号 编号 档号 登记号 总登记号 藏品编号 序号 accession_number accession id code no number",
    ),
    "title": (_("题名"), "题名 标题 名称 照片名称 作品名称 书名 片名 title name"),
    "other_titles": (_("其他题名"), "其他题名 别名 曾用名 副题名 并列题名 other_titles alternative"),
    "description": (_("说明"), "说明 简介 描述 内容 内容说明 摘要 备注 description abstract text inscription medium"),
    "date_written": (
        _("年代（照原文）"),
        "年代（照原文） 年代 日期 时间 拍摄时间 拍摄日期 形成时间 年份 date datetext year",
    ),
    "places": (_("地方"), "地方 地点 地名 镇街 拍摄地点 place places location"),
    "topics": (_("主题"), "主题 主题词 关键词 标签 分类 subject subjects topic topics keywords classification"),
    "agents": (
        _("人物/机构"),
        "人物/机构 人物 机构 作者 摄影者 拍摄者 责任者 编者 creator author artist photographer agents",
    ),
    "series": (_("丛书/系列"), "丛书/系列 丛书 系列 series"),
    "language": (_("语种"), "语种 语言 language"),
    "rights": (_("版权声明"), "版权声明 版权 权利 rights licence license"),
    "credit": (_("署名"), "署名 供图 credit creditline"),
    "source": (_("来源"), "来源 出处 收藏者 捐赠人 提供者 provenance source"),
    "file": (_("文件名"), "文件名 文件 图片 照片文件 原文件名 file filename image"),
}
"""Key → its label, which is the heading of an export too, and the headings that mean it."""

PLURAL = ("places", "topics", "agents")
VOCABULARIES = ("places", "topics", "agents", "series")
TEXTS = ("title", "other_titles", "description", "date_written", "credit", "source")


def plain(words: str) -> str:
    """A name without the differences of width, script, case and spacing."""
    return "".join(fold(words).casefold().split())


def _plain_heading(heading: str) -> str:
    return plain(heading).replace("_", "").replace("*", "")


_FIELD_OF = {_plain_heading(name): field for field, (_label, names) in FIELDS.items() for name in names.split(" ")}


def recognised(headings: Sequence[str]) -> int:
    return sum(_plain_heading(heading) in _FIELD_OF for heading in headings)


def propose(headings: Sequence[str]) -> list[str]:
    """The field of each column, empty where none is known; a field that takes one column takes the first whose heading
    stands earliest among its synonyms."""
    found = [_FIELD_OF.get(_plain_heading(heading), "") for heading in headings]
    for field in FIELDS:
        mine = [at for at, each in enumerate(found) if each == field]
        if len(mine) < 2 or field in PLURAL:
            continue
        order = [_plain_heading(name) for name in FIELDS[field][1].split(" ")]
        best = min(mine, key=lambda at: order.index(_plain_heading(headings[at])))
        for at in mine:
            found[at] = field if at == best else ""
    return found


def fingerprint(headings: Sequence[str]) -> str:
    """What tables with the same headings share."""
    return hashlib.sha256("\x1f".join(_plain_heading(heading) for heading in headings).encode()).hexdigest()
