"""The values of a thing as an inventory names them: from the cells of a row, from a page, and into a page."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from archive.dates import interpret
from archive.models import PageAgent, PagePlace, PageTopic
from archive.models.base import Language
from media_assets.models.rights import RightsStatement

from .columns import FIELDS, PLURAL, plain
from .export import unguarded
from .files import HeldFiles
from .vocabulary import CREATE, FORBIDDEN, OMIT, Unknown, Vocabulary

_LONGEST = {"title": 255, "date_written": 120, "credit": 255, "source": 255}
_SEPARATORS = re.compile("[;；\n|]+")
_PLURAL_SEPARATORS = re.compile("[;；、\n|]+")
_LANGUAGES = {plain(str(each.label)): each.value for each in Language} | {
    plain(each.value): each.value for each in Language
}
_LANGUAGES |= {
    plain(name): tag for name, tag in (("中文", "zh-Hans"), ("汉语", "zh-Hans"), ("英语", "en"), ("粤语", "yue"))
}
_RIGHTS = {plain(str(each.label)): each.value for each in RightsStatement}
_RIGHTS |= {plain(each.value): each.value for each in RightsStatement}
_MOST_NAMES = 200
FOREIGN = ("series", "lead_image", "video")


@dataclass
class Record:
    """What one row says. `values` has only what the row fills; lists are of names. `problems` are (column from 0,
    sentence); with `is_bad` nothing can be made of the row."""

    key: str = ""
    identifier: str = ""
    values: dict = field(default_factory=dict)
    problems: list[list] = field(default_factory=list)
    is_bad: bool = False

    def refuse(self, column: int, sentence: str) -> None:
        self.problems.append([column, sentence])
        self.is_bad = True


class RowReader:
    """Makes records of rows. `columns` names the field of each column."""

    def __init__(self, columns: list[str], files: HeldFiles):
        self._columns, self._files = columns, files

    def record(self, cells: list[str]) -> Record:
        record = Record()
        for at, (name, cell) in enumerate(zip(self._columns, cells, strict=False)):
            if name and cell:
                self._take(record, at, name, unguarded(cell))
        if not record.values.get("title") and not record.identifier:
            title_at = self._columns.index("title") if "title" in self._columns else 0
            record.refuse(title_at, _("没有题名。"))
        return record

    def _take(self, record: Record, at: int, name: str, cell: str) -> None:
        if name in ("key", "identifier"):
            setattr(record, name, cell[:120])
        elif name == "file":
            self._take_file(record, at, cell)
        elif name in PLURAL:
            names = [each.strip()[:120] for each in _PLURAL_SEPARATORS.split(cell) if each.strip()]
            held = record.values.setdefault(name, [])
            held += [each for each in dict.fromkeys(names) if each not in held][:_MOST_NAMES]
        elif name == "language" or name == "rights":
            known = (_LANGUAGES if name == "language" else _RIGHTS).get(plain(cell))
            if known is None:
                record.problems.append([at, _("“%(value)s”不是可选的值，此格不取。") % {"value": cell[:40]}])
            else:
                record.values[name] = known
        else:
            self._take_text(record, at, name, cell)

    def _take_text(self, record: Record, at: int, name: str, cell: str) -> None:
        most = _LONGEST.get(name, 120 if name == "series" else 0)
        if name in ("title", "credit", "source", "date_written", "series"):
            cell = " ".join(cell.split())
        if most and len(cell) > most:
            message = _("有 %(count)d 字，最多 %(most)d 字，超出的截去。")
            record.problems.append([at, message % {"count": len(cell), "most": most}])
            cell = cell[:most].rstrip()
        if name == "other_titles":
            cell = "\n".join(each.strip() for each in _SEPARATORS.split(cell) if each.strip())
        if name == "date_written" and interpret(cell) is None:
            message = _("未能理解“%(value)s”，照原文保存，但不参与按年代的排序与筛选。")
            record.problems.append([at, message % {"value": cell[:40]}])
        record.values[name] = cell

    def _take_file(self, record: Record, at: int, cell: str) -> None:
        shown_by, found = self._files.find(cell)
        if len(found) == 1:
            record.values[shown_by] = found[0]
        elif found:
            message = _("有 %(count)d 个文件都叫“%(name)s”，没有配上。")
            record.problems.append([at, message % {"count": len(found), "name": cell[:80]}])
        else:
            record.problems.append([at, _("馆里没有叫“%(name)s”的文件。") % {"name": cell[:80]}])


def resolved(values: dict, known: dict[str, Vocabulary], unknown: Unknown | None = None) -> dict:
    """With the keys of records in place of names; what is to become a record stays a name. A cell of which nothing is
    taken says nothing. `unknown` counts the names that no record has."""
    result = dict(values)
    for name, vocabulary in known.items():
        if name not in values:
            continue
        keys: list[int | str] = []
        for each in values[name] if name in PLURAL else [values[name]]:
            found = vocabulary.find(each)
            if unknown is not None and not isinstance(found, int):
                unknown.add(name, each)
            if found == CREATE:
                found = each
            if found not in (OMIT, FORBIDDEN) and found not in keys:
                keys.append(found)
        if keys:
            result[name] = keys if name in PLURAL else keys[0]
        else:
            del result[name]
    return result


def with_records(values: dict, known: dict[str, Vocabulary]) -> dict:
    """`values` of `resolved` with the records made that were still names."""
    for name, vocabulary in known.items():
        if name in values:
            given = values[name] if name in PLURAL else [values[name]]
            keys = [vocabulary.record_of(each) if isinstance(each, str) else each for each in given]
            values[name] = list(dict.fromkeys(keys)) if name in PLURAL else keys[0]
    return values


def forbidden(values: dict, known: dict[str, Vocabulary]) -> list[tuple[str, str]]:
    """(field, name) of what is to become a record that this person may not make."""
    return [
        (name, each)
        for name, vocabulary in known.items()
        if name in values and not vocabulary.may_create
        for each in (values[name] if name in PLURAL else [values[name]])
        if vocabulary.find(each) == FORBIDDEN
    ]


_LINKS = {"places": ("page_places", PagePlace, "place"), "topics": ("page_topics", PageTopic, "topic")}
_LINKS["agents"] = ("page_agents", PageAgent, "agent")


def values_of(page, names) -> dict:
    """What the page says now in these fields."""
    said = {}
    for name in names:
        if name in _LINKS:
            relation, _model, target = _LINKS[name]
            said[name] = list(dict.fromkeys(getattr(link, f"{target}_id") for link in getattr(page, relation).all()))
        elif name in FOREIGN:
            said[name] = getattr(page, f"{name}_id")
        else:
            said[name] = getattr(page, name)
    return said


def write_into(page, values: dict) -> None:
    """Set the fields and links of a page in memory. The part that an agent had is kept where there was one."""
    for name, value in values.items():
        if name in _LINKS:
            relation, model, target = _LINKS[name]
            manager = getattr(page, relation)
            held = {}
            for link in manager.all():
                held.setdefault(getattr(link, f"{target}_id"), []).append(link)
            links = [each for key in value for each in held.get(key) or [model(**{f"{target}_id": key})]]
            manager.set(links)
        elif name in FOREIGN:
            setattr(page, f"{name}_id", value)
        else:
            setattr(page, name, value)


def told(page, name: str, value, known: dict[str, Vocabulary]) -> str:
    """A value of `resolved` or `values_of` in words."""
    if name in known:
        names = known[name].names
        given = value if name in PLURAL else [value]
        return "；".join(str(names.get(each, each)) for each in given if each)
    if name in FOREIGN:
        model = page._meta.get_field(name).related_model
        found = model.objects.filter(pk=value).values_list("original_name", flat=True).first() if value else ""
        return found or ""
    if name in ("language", "rights"):
        return str(dict(page._meta.get_field(name).flatchoices).get(value, value))
    return str(value)


def link_rows(page_id: int, values: dict):
    """The rows of a new page's links: (model, row)."""
    for name, (_relation, model, target) in _LINKS.items():
        for order, key in enumerate(values.get(name, ())):
            yield model, model(page_id=page_id, sort_order=order, **{f"{target}_id": key})


LABELS = {name: label for name, (label, _names) in FIELDS.items()}
LABELS |= {"lead_image": LABELS["file"], "video": LABELS["file"]}
