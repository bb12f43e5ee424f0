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
    return Authorities(
        _places(),
        {record.key: _agent(record) for record in AGENTS},
        {record.key: _topic(record) for record in TOPICS},
        {record.key: _series(record) for record in SERIES},
    )


def _places() -> dict[str, Place]:
    """In the order of the records: what lies above comes first."""
    places: dict[str, Place] = {}
    for record in PLACES:
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
