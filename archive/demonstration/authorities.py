"""The demonstration's authority records: places, agents, topics and series."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import ProtectedError

from archive.models import Agent, Place, PlaceName, Series, Topic

from .keys import found, key_of
from .texts.authorities import AGENTS, PLACES, SERIES, TOPICS


@dataclass(frozen=True)
class Authorities:
    """The rows by the keys of their records."""

    places: dict[str, Place]
    agents: dict[str, Agent]
    topics: dict[str, Topic]
    series: dict[str, Series]


def create() -> Authorities:
    """Make the records that are not there; those that are stay as they are."""
    return Authorities(
        _places(),
        _each(Agent, "agent", AGENTS, _agent),
        _each(Topic, "topic", TOPICS, _topic),
        _each(Series, "series", SERIES, _series),
    )


def _each(model, kind: str, records, make) -> dict:
    there = found(model, kind, [record.key for record in records])
    return {record.key: there.get(record.key) or make(record) for record in records}


def _places() -> dict[str, Place]:
    """In the order of the records: what lies above comes first."""
    places: dict[str, Place] = found(Place, "place", [record.key for record in PLACES])
    for record in PLACES:
        if record.key in places:
            continue
        latitude, longitude = (Decimal(part) for part in record.position) if record.position else (None, None)
        place = Place(
            translation_key=key_of("place", record.key),
            name=record.name,
            kind=record.kind,
            parent=places.get(record.parent),
            other_names=record.other_names,
            description=record.description,
            latitude=latitude,
            longitude=longitude,
        )
        place.former_names = [
            PlaceName(name=name, date_written=written, note=note) for name, written, note in record.former
        ]
        place.save()
        places[record.key] = place
    return places


def _agent(record) -> Agent:
    return _saved(
        Agent(
            translation_key=key_of("agent", record.key),
            name=record.name,
            kind=record.kind,
            date_written=record.written,
            other_names=record.other_names,
            description=record.description,
        )
    )


def _topic(record) -> Topic:
    return _saved(
        Topic(
            translation_key=key_of("topic", record.key),
            name=record.name,
            other_names=record.other_names,
            description=record.description,
        )
    )


def _series(record) -> Series:
    return _saved(
        Series(
            translation_key=key_of("series", record.key),
            name=record.name,
            colour=record.colour,
            description=record.description,
        )
    )


def _saved(row):
    row.save()
    return row


def remove() -> list[str]:
    """Delete the records that nothing else names; returns the names of those kept. Lower places go first."""
    kept = []
    for model, kind, records in (
        (Place, "place", PLACES[::-1]),
        (Agent, "agent", AGENTS),
        (Topic, "topic", TOPICS),
        (Series, "series", SERIES),
    ):
        rows = found(model, kind, [record.key for record in records])
        for record in records:
            if (row := rows.get(record.key)) is None:
                continue
            try:
                row.delete()
            except ProtectedError:
                kept.append(row.name)
    return kept
