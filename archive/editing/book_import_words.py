"""The plan of an import and its report, as a person reads them: figures, contents, samples, problems."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import BookImport, BookPage, ImportProblem
from media_assets.models import Job

SHOWN_AT_ONCE, FOLDED_FROM = 100, 3
"""Of the contents so many lines are unfolded at most, and never more levels than this."""

TALLIES = (
    ("new", gettext_lazy("新增")),
    ("changed", gettext_lazy("更新")),
    ("same", gettext_lazy("不变")),
    ("corrected", gettext_lazy("保留人工更正")),
    ("gone", gettext_lazy("底本已无")),
)
CODES = {
    "boxes-lost": gettext_lazy("丢失的行框"),
    "bytes": gettext_lazy("坏字节"),
    "contents": gettext_lazy("目录"),
    "contents-lost": gettext_lazy("丢失的目录"),
    "control-characters": gettext_lazy("控制字符"),
    "copy": gettext_lazy("副本"),
    "corrected": gettext_lazy("保留的更正"),
    "duplicate": gettext_lazy("重复"),
    "encoding": gettext_lazy("编码"),
    "encodings-mixed": gettext_lazy("编码混杂"),
    "error-value": gettext_lazy("单元格错误值"),
    "file": gettext_lazy("读不出的文件"),
    "footnote": gettext_lazy("脚注"),
    "formula": gettext_lazy("公式"),
    "furniture": gettext_lazy("页眉页脚"),
    "garbage-text": gettext_lazy("搁置的文字层"),
    "hidden": gettext_lazy("隐藏的行列"),
    "hidden-sheet": gettext_lazy("隐藏的工作表"),
    "juan-gap": gettext_lazy("缺卷"),
    "kind": gettext_lazy("篇目类别"),
    "labels-from-names": gettext_lazy("取自文件名的页码"),
    "leaf-gap": gettext_lazy("缺页"),
    "leaf-gone": gettext_lazy("底本已无的书页"),
    "leaf-order": gettext_lazy("页序"),
    "leaf-twice": gettext_lazy("重出的页"),
    "left-out": gettext_lazy("未读的文件"),
    "level": gettext_lazy("层级"),
    "lines-joined": gettext_lazy("接续的行"),
    "link": gettext_lazy("链接"),
    "long-line": gettext_lazy("过长的行"),
    "long-title": gettext_lazy("过长的标题"),
    "no-code-point": gettext_lazy("没有编码的字"),
    "no-head": gettext_lazy("没有表头"),
    "no-heading-styles": gettext_lazy("没有标题样式"),
    "no-headings": gettext_lazy("没有标题"),
    "no-picture": gettext_lazy("缺图像"),
    "no-text": gettext_lazy("没有正文"),
    "no-title": gettext_lazy("没有标题的条目"),
    "not-a-picture": gettext_lazy("不是图像"),
    "note-close": gettext_lazy("小注的括号"),
    "note-open": gettext_lazy("小注的括号"),
    "ocr": gettext_lazy("识别文字"),
    "ocr-pages": gettext_lazy("识别文字的页数"),
    "ocr-without-picture": gettext_lazy("没有图像的识别文字"),
    "outline-lost": gettext_lazy("读不出的书签"),
    "outline-order": gettext_lazy("书签次序"),
    "page": gettext_lazy("读不出的页"),
    "page-picture": gettext_lazy("页面图像"),
    "page-shape": gettext_lazy("版面"),
    "page-text": gettext_lazy("页面文字"),
    "parent": gettext_lazy("上级篇目"),
    "picture": gettext_lazy("没有入库的图像"),
    "quotation": gettext_lazy("引号"),
    "repaired": gettext_lazy("修复的文件"),
    "row": gettext_lazy("表格的行"),
    "same-name": gettext_lazy("同名文件"),
    "section-added": gettext_lazy("新增的篇目"),
    "section-gone": gettext_lazy("底本已无的篇目"),
    "section-merged": gettext_lazy("已并入他篇"),
    "text": gettext_lazy("文字"),
    "unsafe-name": gettext_lazy("不安全的文件名"),
}


def label_of_code(code: str) -> str:
    """Formats add codes of their own; one that is not named here is still told apart."""
    return str(CODES.get(code, "")) or _("其他（%(code)s）") % {"code": code}


# --- Figures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TallyRow:
    label: str
    counts: list[int]


def tally_rows(plan: dict) -> list[TallyRow]:
    """What would be made of leaves and of sections; without those that the file does not speak of."""
    rows = []
    for name, label in (("leaves", _("书页（面）")), ("sections", _("篇目"))):
        counts = [plan.get(name, {}).get(key, 0) for key, _label in TALLIES]
        if any(counts):
            rows.append(TallyRow(label, counts))
    return rows


def figures(plan: dict) -> list[tuple[str, int]]:
    named = [
        (_("正文字数"), "characters"),
        (_("双行小注"), "notes"),
        (_("书页图像"), "pictures"),
        (_("文中插图"), "figures"),
        (_("行框与字框"), "boxes"),
        (_("搁置文字层的书页"), "set_aside"),
    ]
    return [(label, plan[key]) for label, key in named if plan.get(key)]


def reading_words(plan: dict, book: BookPage | None) -> str:
    """How the book would be read and where its text lies, in words."""
    unit, reading = plan.get("text_unit", ""), plan.get("reading", "")
    words = _("文字存放于%(unit)s；%(reading)s。") % {
        "unit": dict(BookPage.TextUnit.choices).get(unit, unit),
        "reading": dict(BookPage.Reading.choices).get(reading, reading),
    }
    if book is None or book.reading_direction == reading or not plan_touches(plan):
        return words
    return words + _("书中已定为“%(reading)s”，不随底本改动。") % {"reading": book.get_reading_direction_display()}


def plan_touches(plan: dict) -> bool:
    """Whether the book has any passage of this file already."""
    return any(plan.get(name, {}).get(key) for name in ("leaves", "sections") for key, _label in TALLIES[1:])


def report_words(report: dict) -> list[str]:
    """What was done, a sentence each; one sentence when nothing was."""
    said = [
        ("leaves_new", _("新增书页 %(count)d 面")),
        ("leaves_changed", _("更新书页文字 %(count)d 面")),
        ("scans_changed", _("更换扫描图 %(count)d 幅")),
        ("leaves_gone", _("移去底本已无的书页 %(count)d 面（旧稿仍可查）")),
        ("sections_new", _("新增篇目 %(count)d 个")),
        ("sections_changed", _("更新篇目文字 %(count)d 个")),
        ("sections_gone", _("移去底本已无的篇目 %(count)d 个（旧稿仍可查）")),
        ("corrected_kept", _("保留人工更正 %(count)d 处")),
        ("mended", _("修补确定的文字损伤 %(count)d 处（原文仍可查）")),
    ]
    words = [sentence % {"count": report[name]} for name, sentence in said if report.get(name)]
    return words or [_("与上次导入的内容相同，没有改动。")]


# --- Contents -----------------------------------------------------------------------------------------------------


@dataclass
class ContentsLine:
    """A line of an indented tree that a template writes from top to bottom: `closes` are the lists that end behind
    it."""

    text: str
    has_parts: bool = False
    is_open: bool = False
    closes: list[int] = field(default_factory=list)


def contents_lines(contents: Iterable[tuple[int, str, str]]) -> list[ContentsLine]:
    """The contents that were found, as far as the plan tells them."""
    rows = [(max(level, 1), f"{label} {title}".strip()) for level, label, title in contents]
    open_below = _open_below([level for level, _text in rows])
    lines: list[ContentsLine] = []
    above: list[int] = []
    for number, (level, text) in enumerate(rows):
        while above and above[-1] >= level:
            above.pop()
        following = rows[number + 1][0] if number + 1 < len(rows) else 0
        line = ContentsLine(text, following > level, len(above) + 1 < open_below)
        if not line.has_parts:
            line.closes = [outer for outer in above if outer >= following]
        lines.append(line)
        above.append(level)
    return lines


def _open_below(levels: list[int]) -> int:
    """The depth from which on the tree is folded, so that about a page of it shows."""
    return next((depth for depth in (FOLDED_FROM, 2) if sum(level <= depth for level in levels) <= SHOWN_AT_ONCE), 1)


# --- Problems -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProblemGroup:
    severity: str
    severity_label: str
    code: str
    label: str
    count: int


def problem_groups(run: BookImport) -> list[ProblemGroup]:
    """How many of each sort, the gravest first; one query."""
    labels = dict(ImportProblem.Severity.choices)
    places = {severity: place for place, severity in enumerate(ImportProblem.Severity.values)}
    rows = run.problems.order_by().values_list("severity", "code").annotate(Count("pk"))
    groups = [
        ProblemGroup(severity, str(labels.get(severity, severity)), code, label_of_code(code), count)
        for severity, code, count in rows
    ]
    return sorted(groups, key=lambda group: (places.get(group.severity, 9), -group.count, group.code))


# --- How far it is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HowFar:
    """`percent` of the step that is under way, and a sentence about it."""

    percent: int
    words: str


def how_far(run: BookImport, job: Job | None) -> HowFar:
    step = _("正在导入") if run.state == BookImport.State.APPROVED else _("正在读取")
    if job is None or job.started_at is None or job.state == "waiting":
        if job is not None and job.retry_at is not None:
            return HowFar(0, job.reason or _("稍后自动再试。"))
        return HowFar(0, _("正在排队，后台空出来就开始。"))
    percent = round(job.percent)
    return HowFar(percent, f"{step}：{percent}%，{_remaining(job)}")


def _remaining(job: Job) -> str:
    """Reckoned from what has passed; no promise is made of the first seconds."""
    passed = (timezone.now() - job.started_at).total_seconds()
    if job.percent < 3 or passed < 5:
        return _("所需时间正在估算")
    left = passed * (100 - job.percent) / job.percent
    if left < 60:
        return _("约剩 %(seconds)d 秒") % {"seconds": max(1, round(left))}
    return _("约剩 %(minutes)d 分钟") % {"minutes": round(left / 60)}
