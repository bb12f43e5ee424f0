"""The catalogue fields that may be changed for many pages at once, as plain values: read, written, put into words."""

from collections.abc import Iterable

from archive.models import ArchivePage, PagePlace, PageTopic, Place, Series, Topic
from media_assets.models import RightsStatement

TEXTS = ("title", "other_titles", "description", "date_written", "credit", "source")
FIELDS = (*TEXTS, "rights", "series", "places", "topics")
_LISTS = {"places": ("page_places", "place_id", PagePlace), "topics": ("page_topics", "topic_id", PageTopic)}
_NAMED = {"places": Place, "topics": Topic}

Record = dict[str, str | int | None | list[int]]
"""Field → text, key of a rights statement, primary key of a series, or primary keys of places and topics in order."""


def label_of(name: str) -> str:
    """The field as the page's form names it."""
    if name in _LISTS:
        return str(_NAMED[name]._meta.verbose_name)
    return str(ArchivePage._meta.get_field(name).verbose_name)


def read(page: ArchivePage) -> Record:
    """What the page, which may be a version that is not published, says in these fields."""
    record: Record = {name: getattr(page, name) for name in (*TEXTS, "rights")}
    record["series"] = page.series_id
    for name, (relation, key, _model) in _LISTS.items():
        record[name] = [getattr(row, key) for row in getattr(page, relation).all()]
    return record


def write(page: ArchivePage, record: Record) -> None:
    """Put these fields, and no others, onto the page; it is not saved. Rows of lists that stay keep their keys."""
    for name, value in record.items():
        if name == "series":
            page.series_id = value
        elif name in _LISTS:
            relation, key, model = _LISTS[name]
            rows = {getattr(row, key): row for row in getattr(page, relation).all()}
            setattr(page, relation, [rows.get(pk) or model(**{key: pk}) for pk in value])
        else:
            setattr(page, name, value)


class Names:
    """The names of what a number of records point to, found in one query a kind."""

    def __init__(self, records: Iterable[Record]):
        wanted: dict[str, set[int]] = {"places": set(), "topics": set(), "series": set()}
        for record in records:
            for name in _LISTS:
                wanted[name].update(record.get(name) or [])
            if record.get("series"):
                wanted["series"].add(record["series"])
        self._found = {}
        for name, model in {**_NAMED, "series": Series}.items():
            self._found[name] = {row.pk: str(row) for row in model.objects.filter(pk__in=wanted[name])}

    def words(self, name: str, value) -> str:
        """The value as a person reads it; nothing for what is empty."""
        if name in _LISTS:
            return "、".join(self._found[name].get(pk, f"#{pk}") for pk in value)
        if name == "series":
            return self._found["series"].get(value, f"#{value}") if value else ""
        if name == "rights":
            return str(RightsStatement(value).label) if value in RightsStatement.values else str(value)
        return str(value)
