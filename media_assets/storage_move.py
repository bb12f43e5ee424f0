"""Copies every file that the rows know from one place to another: folders to a bucket, or back.

The source is never touched. Each copy is read back and compared with the recorded SHA-256 (originals) or with the
source's own; only then its name is written to a journal in `DATA_DIR/storage-move/`. What the journal holds is neither
copied nor read again, so that a move may be killed at any moment and begun again.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import StorageHandler
from django.db.models import Sum
from django.utils.translation import gettext as _

from .storage_errors import StorageUnavailableError, Trouble
from .stored_names import HEX_DIGITS, ROOTS, Column, by_key, columns, portions_of

BLOCK = 1024 * 1024
IN_MEMORY = 4 * BLOCK
SYNC_EVERY = 50  # files: killing loses nothing, a power cut at most so many lines, which are done again
MOST_OPEN = 64
_RECORDED = ("sha256", "mime_type", "original_name")
PATIENCE = 5  # failures in a row that look like an outage
FILE_WEIGHT = 64 * 1024  # what one file costs besides its bytes, for the remaining time


class MoveError(Exception):
    """The move cannot go on; its words say why and what to do."""


@dataclass(frozen=True)
class Item:
    """One file that a row knows. `sha256`, `mime_type` and `original_name` are recorded for originals alone."""

    alias: str
    name: str
    sha256: str = ""
    mime_type: str = ""
    original_name: str = ""


@dataclass
class Tally:
    """`there` was copied by earlier runs; all counts are files, `copied_bytes` bytes."""

    files: int = 0
    weight: int = 0
    there: int = 0
    copied: int = 0
    copied_bytes: int = 0
    checked: int = 0
    failed: int = 0
    done_weight: int = 0
    seconds: float = 0.0

    def remaining(self) -> float | None:
        """Seconds, by the pace of this run; None while it is too early to say."""
        if self.seconds < 3 or not self.done_weight:
            return None
        left = max(0, self.weight - self.done_weight)
        return left * self.seconds / self.done_weight


@dataclass
class Journal:
    """What has been copied and compared: a file for each two hexadecimal digits of each storage, a line for each
    name with its SHA-256 and bytes."""

    folder: Path
    _open: dict[Path, object] = field(default_factory=dict)
    _unsynced: int = 0

    def path(self, alias: str, shard: str) -> Path:
        return self.folder / alias / f"{shard}.log"

    def known(self, alias: str, shards: list[str]) -> dict[str, tuple[str, int]]:
        """Name → SHA-256 and bytes. A last line that was cut short does not count."""
        return {name: (sha256, size) for shard in shards for name, sha256, size in self._lines(alias, shard)}

    def weight(self, alias: str, shards: list[str]) -> int:
        return sum(size + FILE_WEIGHT for shard in shards for _name, _sha256, size in self._lines(alias, shard))

    def _lines(self, alias: str, shard: str) -> Iterator[tuple[str, str, int]]:
        path = self.path(alias, shard)
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            for line in file:
                parts = line.rstrip("\n").split("\t")
                if line.endswith("\n") and len(parts) == 3 and parts[2].isdigit():
                    yield parts[0], parts[1], int(parts[2])

    def add(self, item: Item, sha256: str, size: int) -> None:
        path = self.path(item.alias, shard_of(item))
        file = self._open.get(path) or self._opened(path)
        file.write(f"{item.name}\t{sha256}\t{size}\n".encode())
        self._unsynced += 1
        if self._unsynced >= SYNC_EVERY:
            self.sync()

    def _opened(self, path: Path):
        """For appending, after a line that a kill may have cut short."""
        if len(self._open) >= MOST_OPEN:
            self.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab", buffering=0)
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write(b"\n")
        self._open[path] = file
        return file

    def sync(self) -> None:
        for file in self._open.values():
            os.fsync(file.fileno())
        self._unsynced = 0

    def close(self) -> None:
        self.sync()
        for file in self._open.values():
            file.close()
        self._open.clear()


def shard_of(item: Item) -> str:
    """The two hexadecimal digits of its folder, or "other" for names that we did not make."""
    for root in ROOTS[item.alias]:
        digits = item.name.removeprefix(root)[:2] if item.name.startswith(root) else ""
        if len(digits) == 2 and set(digits) <= set(HEX_DIGITS):
            return digits
    return "other"


def places(source: str, target: str) -> tuple[StorageHandler, StorageHandler]:
    """The storages of both places. Raises MoveError for one that is not described in the settings."""
    for place in (source, target):
        if place not in settings.MEDIA_BACKENDS:
            raise MoveError(
                _("设置里没有描述 %(place)s：S3 须设 S3_BUCKET 等，见运维手册“文件存储”。") % {"place": place}
            )
    if source == target:
        raise MoveError(_("来处与去处相同。"))
    return StorageHandler(settings.MEDIA_BACKENDS[source]), StorageHandler(settings.MEDIA_BACKENDS[target])


@dataclass
class Move:
    """One run. `report` is told each failure in a line, `progress` the tally now and then."""

    source_name: str
    target_name: str
    report: Callable[[str], None]
    progress: Callable[[Tally], None]
    verify: bool = False
    limit: int | None = None
    tally: Tally = field(default_factory=Tally)

    def run(self) -> Tally:
        """Raises MoveError when it cannot go on; what was copied until then is in the journal."""
        self.source, self.target = places(self.source_name, self.target_name)
        self._started, self._told, self._outage = time.monotonic(), 0.0, 0
        folder = self._folder()
        with ExitStack() as stack:
            stack.enter_context(_alone(folder / "lock"))
            self.journal = stack.enter_context(closing(Journal(folder)))
            self._estimate()
            for alias in ROOTS:
                for item, known in self._items(alias):
                    if self.limit is not None and self.tally.copied >= self.limit:
                        return self._finished()
                    self._deal_with(item, known)
        return self._finished()

    def _folder(self) -> Path:
        """One for each pair of places: another bucket begins another journal."""
        told = repr(sorted((alias, _identity(d)) for alias, d in settings.MEDIA_BACKENDS[self.target_name].items()))
        mark = hashlib.sha256(told.encode()).hexdigest()[:10]
        folder = Path(settings.DATA_DIR) / "storage-move" / f"{self.source_name}-{self.target_name}-{mark}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _finished(self) -> Tally:
        self.tally.seconds = time.monotonic() - self._started
        self.progress(self.tally)
        return self.tally

    def _estimate(self) -> None:
        everything = [f"{a}{b}" for a in HEX_DIGITS for b in HEX_DIGITS] + ["other"]
        for column in columns():
            rows = column.all().order_by()
            count = rows.count()
            size = rows.aggregate(size=Sum(column.size_field))["size"] if column.size_field else 0
            self.tally.files += count
            self.tally.weight += (size or 0) + count * FILE_WEIGHT
        self.tally.weight -= sum(self.journal.weight(alias, everything) for alias in ROOTS if not self.verify)

    # --- What there is to copy --------------------------------------------------------------------------------

    def _items(self, alias: str) -> Iterator[tuple[Item, tuple[str, int] | None]]:
        """Every file of one storage that a row knows, with what the journal says of it."""
        speaking = columns(alias)
        for root in ROOTS[alias]:
            parts, present = portions_of(root, speaking)
            for part in parts:
                yield from self._with_journal(alias, part.prefix.removeprefix(root).rstrip("/"), part.prefix, present)
        known = self.journal.known(alias, ["other"])
        for column in speaking:
            for item in _items_of(column, column.elsewhere()):
                yield item, known.get(item.name)

    def _with_journal(
        self, alias: str, digits: str, prefix: str, speaking: list[Column]
    ) -> Iterator[tuple[Item, tuple[str, int] | None]]:
        shards = [f"{a}{b}" for a in HEX_DIGITS for b in HEX_DIGITS if f"{a}{b}".startswith(digits)] + ["other"]
        known = self.journal.known(alias, shards)
        for column in speaking:
            for item in _items_of(column, column.under(prefix)):
                yield item, known.get(item.name)

    # --- One file ---------------------------------------------------------------------------------------------

    def _deal_with(self, item: Item, known: tuple[str, int] | None) -> None:
        try:
            if known is not None and (not self.verify or self._is_intact(item, *known)):
                self.tally.there += 1
            else:
                self._copy(item)
                self.tally.copied += 1
            self._outage = 0
        except FileNotFoundError:
            self._failed(item, _("来处没有这个文件"))
        except StorageUnavailableError as error:
            self._failed(item, f"{error.reason}（{error.detail}）")
            self._outage += 1
            if error.trouble is Trouble.FULL or self._outage >= PATIENCE:
                raise MoveError(
                    _("%(reason)s，先停在这里；排除之后再次运行，即从此处继续。") % {"reason": error.reason}
                ) from error
        except OSError as error:
            self._failed(item, str(error))
        self._tell()

    def _is_intact(self, item: Item, sha256: str, size: int) -> bool:
        self.tally.checked += 1
        try:
            intact = self._hash_at_target(item) == (sha256, size)
        except FileNotFoundError:
            intact = False
        self.tally.done_weight += size + FILE_WEIGHT
        return intact

    def _copy(self, item: Item) -> None:
        """Write it, read it back, compare, and only then remember it. Raises OSError for what does not compare."""
        target = self.target[item.alias]
        with self.source[item.alias].open(item.name) as stored, _content(stored, item) as (content, sha256):
            size = content.size
            target._save(item.name, content)
        if self._hash_at_target(item) != (sha256, size):
            target.remove(item.name)
            raise OSError(
                _("读回的内容与 SHA-256 %(sha256)s 不符，已撤回；来处的文件可能已经损坏") % {"sha256": sha256}
            )
        self.journal.add(item, sha256, size)
        self.tally.copied_bytes += size
        self.tally.done_weight += size + FILE_WEIGHT

    def _hash_at_target(self, item: Item) -> tuple[str, int]:
        storage = self.target[item.alias]
        size, _stored_at = storage.stat(item.name)
        if not size:
            return hashlib.sha256().hexdigest(), 0
        digest, left = hashlib.sha256(), size
        with closing(storage.open_part(item.name, 0, size)) as part:
            while left > 0 and (block := part.read(min(left, BLOCK))):
                digest.update(block)
                left -= len(block)
        return digest.hexdigest(), size - left

    def _failed(self, item: Item, reason: str) -> None:
        self.tally.failed += 1
        self.report(f"{item.alias}:{item.name}：{reason}")

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told >= 1:
            self._told = now
            self.tally.seconds = now - self._started
            self.progress(self.tally)


@contextmanager
def _content(stored, item: Item) -> Iterator[tuple[File, str]]:
    """The file to be saved, and the SHA-256 that its copy must have. An original's is recorded; any other file is
    read once into a temporary one, so that its own can be told."""
    if item.sha256:
        stored.facts = item
        yield stored, item.sha256
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        digest = hashlib.sha256()
        while block := stored.read(BLOCK):
            digest.update(block)
            spool.write(block)
        spool.seek(0)
        yield File(spool, name=item.name), digest.hexdigest()


def _items_of(column: Column, rows) -> Iterator[Item]:
    known = {f.name for f in column.model._meta.fields}
    recorded = _RECORDED if column.field == "file" and known.issuperset(_RECORDED) else ()
    for _pk, name, *values in by_key(rows, column.field, *recorded):
        yield Item(column.alias, name, **dict(zip(recorded, values, strict=True)))


def _identity(description: dict) -> tuple[str, ...]:
    """Where a storage's files lie, whoever reads them and with whatever key."""
    options = description["OPTIONS"]
    return tuple(str(options.get(name) or "") for name in ("endpoint_url", "region_name", "bucket_name", "location"))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One move at a time between two places; the lock goes with the process, however it ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MoveError(_("另一个 move_storage 正在运行。")) from error
        yield
