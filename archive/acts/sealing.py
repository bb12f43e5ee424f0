"""The chain over the acts: each link holds the SHA-256 of the one before it and of one act.

The worker seals what is new every few seconds, so that no act waits for a lock while it happens. Whoever takes out or
alters a sealed act past the museum has to rebuild every link after it; a head that was noted elsewhere (`head()`)
shows that, and a tail that was cut off, too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.db import connection, transaction
from django.utils import timezone

from archive.models import Act, ActSeal

CHUNK = 2000
LATE = 10_000
"""How far back a seal looks for acts whose transaction ended after that of later ones."""
_LOCK = 0x61637473  # "acts": the advisory lock of whoever seals
_FIELDS = (
    *("pk", "at", "matter", "kind", "user_id", "user_name"),
    *("object_kind", "object_id", "label", "words", "address"),
)


@dataclass(frozen=True)
class Problem:
    """`position` is that of the seal where it shows."""

    position: int
    words: str


def digest_of(act: dict, before: str) -> str:
    """SHA-256 of the link before and of everything that an act says."""
    values = [act["at"].astimezone(UTC).isoformat() if name == "at" else act[name] for name in _FIELDS]
    text = json.dumps([before, *values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(*, everything: bool = False) -> int:
    """Link what is not linked yet; how many acts that were. `everything` looks beyond the end of the log."""
    total = 0
    while done := _seal_chunk(everything):
        total += done
    return total


@transaction.atomic
def _seal_chunk(everything: bool) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = ActSeal.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, "")
    waiting = Act.objects.filter(seal=None)
    if last and not everything:
        waiting = waiting.filter(pk__gt=last.act_id - LATE)
    links = []
    for act in waiting.order_by("pk").values(*_FIELDS)[:CHUNK]:
        position, digest = position + 1, digest_of(act, digest)
        links.append(ActSeal(position=position, act_id=act["pk"], digest=digest))
    ActSeal.objects.bulk_create(links)
    return len(links)


def head() -> str:
    """Position and digest of the last link ("" for an empty log), to be noted where the database cannot reach."""
    return str(ActSeal.objects.order_by("-position").first() or "")


def check(noted: str = "") -> Iterator[Problem]:
    """Read the chain from its beginning and tell what does not fit. `noted` is a head from an earlier day.

    After an altered act the chain is followed as it stands, so that each fault is told once.
    """
    expected, digest, acts = 1, "", _Acts()
    wanted = dict([noted.split(":")]) if noted else {}
    for link in ActSeal.objects.order_by("position").values("position", "act_id", "digest").iterator(CHUNK):
        if link["position"] != expected:
            yield Problem(expected, f"第 {expected} 至 {link['position'] - 1} 号封记不见了")
        act = acts.get(link["act_id"])
        if act is None:
            yield Problem(link["position"], f"第 {link['act_id']} 号操作不见了")
        elif digest_of(act, digest) != link["digest"]:
            yield Problem(link["position"], f"第 {link['act_id']} 号操作或它的封记被改动：{act['kind']} {act['label']}")
        expected, digest = link["position"] + 1, link["digest"]
        if wanted.pop(str(link["position"]), digest) != digest:
            yield Problem(link["position"], "与当日记下的封记不同")
    for position in wanted:
        yield Problem(int(position), f"当日记下的第 {position} 号封记不见了，其后的记录被截去")
    stale = Act.objects.filter(seal=None, at__lt=timezone.now() - timedelta(hours=1)).count()
    if stale:
        yield Problem(expected, f"{stale} 条操作一小时以上没有封记：后台进程没有运行，或封记被删去")


class _Acts:
    """Acts in the order of their links, read a chunk at a time."""

    def __init__(self):
        self._read: dict[int, dict] = {}

    def get(self, pk: int) -> dict | None:
        if pk not in self._read:
            rows = Act.objects.filter(pk__gte=pk).order_by("pk").values(*_FIELDS)[:CHUNK]
            self._read = {row["pk"]: row for row in rows}
        return self._read.get(pk)
