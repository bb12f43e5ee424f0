"""What an editor writes of each file of a batch: the columns, what the file proposes for them, what is missing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access import AccessLevel
from archive.models import BatchRow, Place, Topic
from archive.models.dated import meaning_of
from media_assets import duplicates
from media_assets.models import ArchiveAsset, ArchiveImage, RightsStatement
from media_assets.proposals import position_of


@dataclass(frozen=True)
class FieldOfRecord:
    """A column of the table. `choices` are (value, label); `wanted` ones are marked while they are empty."""

    name: str
    label: str
    most: int = 255
    choices: tuple[tuple[str, str], ...] = ()
    is_long: bool = False
    is_wanted: bool = False
    default: str = ""


FIELDS = (
    FieldOfRecord("title", gettext_lazy("题名"), is_wanted=True),
    FieldOfRecord("description", gettext_lazy("说明"), 5000, is_long=True),
    FieldOfRecord("date_written", gettext_lazy("年代（照原文）"), 120, is_wanted=True),
    FieldOfRecord("places", gettext_lazy("地方"), 500, is_wanted=True),
    FieldOfRecord("topics", gettext_lazy("主题"), 500),
    FieldOfRecord("credit", gettext_lazy("署名"), is_wanted=True),
    FieldOfRecord(
        "rights",
        gettext_lazy("权利"),
        choices=tuple(RightsStatement.choices),
        is_wanted=True,
        default=RightsStatement.NOT_EVALUATED.value,
    ),
    FieldOfRecord("source", gettext_lazy("来源"), is_wanted=True),
    FieldOfRecord(
        "access",
        gettext_lazy("公开范围"),
        choices=tuple((str(value), label) for value, label in AccessLevel.choices),
        default=str(AccessLevel.OPEN.value),
    ),
)
BY_NAME = {column.name: column for column in FIELDS}
_BETWEEN_NAMES = re.compile(r"[、，,；;\n]+")


def proposed(asset: ArchiveAsset) -> dict[str, str]:
    """The record that the file proposes by itself."""
    said = getattr(asset, "said", None) or {}
    record = {column.name: column.default for column in FIELDS}
    record |= {"title": asset.title, "date_written": said.get("date_written", "")}
    record |= {"description": said.get("caption", ""), "credit": said.get("author", "")}
    names = dict.fromkeys(word for word in [said.get("place"), *said.get("keywords", ())] if word)
    record["topics"] = "、".join(Topic.objects.filter(name__in=names).values_list("name", flat=True).distinct())
    record["places"] = "、".join(Place.objects.filter(name__in=names).values_list("name", flat=True).distinct())
    return {name: _fitting(BY_NAME[name], value) for name, value in record.items()}


def cleaned(name: str, text: str) -> str | None:
    """The text as it is kept, or None for what this column does not take. A choice may be given by its label, as it
    comes out of a table of the office."""
    column = BY_NAME[name]
    text = _fitting(column, text)
    if not column.choices:
        return text
    by_label = {str(label): value for value, label in column.choices}
    if not text:
        return column.default
    return text if text in dict(column.choices) else by_label.get(text)


def _fitting(column: FieldOfRecord, text: str) -> str:
    text = str(text).replace("\x00", "").strip()
    return (text if column.is_long else " ".join(text.split()))[: column.most]


def names_in(text: str) -> list[str]:
    """「石龙镇、莞城」 as names."""
    return list(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


@dataclass
class Vocabulary:
    """The places and topics that the records of some rows name, found in one query each."""

    found: dict[str, dict[str, Place | Topic]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[BatchRow]) -> "Vocabulary":
        rows = list(rows)
        found = {}
        for name, model in (("places", Place), ("topics", Topic)):
            wanted = {word for row in rows for word in names_in(row.record.get(name, ""))}
            found[name] = {record.name: record for record in model.objects.filter(name__in=wanted).order_by("-pk")}
        return cls(found)

    def records(self, name: str, text: str) -> list[Place | Topic]:
        return [self.found[name][word] for word in names_in(text) if word in self.found[name]]

    def unknown(self, name: str, text: str) -> list[str]:
        return [word for word in names_in(text) if word not in self.found[name]]


def notes_on(row: BatchRow, vocabulary: Vocabulary) -> dict[str, str]:
    """Column → what a person should know of it: that it is missing, or names what is not there. Nothing blocks but a
    title that is missing and names that are unknown."""
    notes = {}
    for column in FIELDS:
        text = row.record.get(column.name, "")
        if column.is_wanted and text in ("", RightsStatement.NOT_EVALUATED):
            notes[column.name] = _("未填")
    for name in ("places", "topics"):
        unknown = vocabulary.unknown(name, row.record.get(name, ""))
        if unknown:
            notes[name] = _("未收录：%(names)s") % {"names": "、".join(unknown)}
    written = row.record.get("date_written", "")
    if written:
        notes["date_written"] = meaning_of(written)
    return notes


def what_the_file_says(asset: ArchiveAsset) -> list[str]:
    """What was read from the file, in a few words each."""
    said = getattr(asset, "said", None) or {}
    words = []
    if getattr(asset, "width", None) and getattr(asset, "height", None):
        words.append(f"{asset.width}×{asset.height}")
    if getattr(asset, "duration", None):
        minutes, seconds = divmod(round(asset.duration), 60)
        words.append(f"{minutes}:{seconds:02}")
    if said.get("camera"):
        words.append(said["camera"])
    if isinstance(asset, ArchiveImage) and position_of(asset):
        words.append(position_of(asset))
    return words


def twins_of(rows: list[BatchRow]) -> dict[int, str]:
    """Key of a row → why its file may be in the museum twice, for the rows where there is a reason."""
    found = {}
    for name in ("image", "video", "document"):
        mine = {row.pk: getattr(row, name) for row in rows if getattr(row, f"{name}_id")}
        if not mine:
            continue
        model = type(next(iter(mine.values())))
        sums = [asset.sha256 for asset in mine.values() if asset.sha256]
        count: dict[str, int] = {}
        for sha256 in model.objects.filter(sha256__in=sums).order_by().values_list("sha256", flat=True):
            count[sha256] = count.get(sha256, 0) + 1
        found |= {key: _("馆内已有相同的文件") for key, asset in mine.items() if count.get(asset.sha256, 0) > 1}
    images = {row.pk: row.image for row in rows if row.image_id and row.pk not in found}
    alike = duplicates.those_with_twins(list(images.values()))
    return found | {key: _("与馆内的图片相似") for key, image in images.items() if image.pk in alike}
