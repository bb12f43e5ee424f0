"""Reads masters again and compares them with the SHA-256 of the day they came in.

Every result is a row of its own (`FixityCheck`), written within seconds: a check that is killed goes on where it
stopped. What was never checked comes first, then what was checked longest ago. A storage that does not answer is no
damage: the check ends and goes on another time.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ArchiveAsset, AssetKind, FixityCheck, FixityState
from ..models.job import ASSET_MODELS, KINDS
from ..storage_errors import StorageUnavailableError, Trouble

logger = logging.getLogger(__name__)

BLOCK_BYTES = 1024 * 1024
LOT = 200
WRITE_EVERY = 2.0
SILENT = (Trouble.UNREACHABLE, Trouble.SLOW)
IMPLAUSIBLE = 20  # so many in a row, and it is the storage that is wrong, not the files
DAMAGED_AGAIN = timedelta(hours=20)  # what was damaged is looked at each night: it may have been restored


class StoppedError(Exception):
    """The check was told to stop in the middle of a file."""


class ImplausibleError(Exception):
    """So many files in a row are missing that the storage cannot be the right one; its words say so."""


@dataclass
class Progress:
    """How far a check is, for whoever watches; `expected_bytes` None when nobody has counted."""

    files: int = 0
    bytes: int = 0
    expected_files: int | None = None
    expected_bytes: int | None = None
    began: float = field(default_factory=time.monotonic)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def damaged(self) -> int:
        return sum(count for state, count in self.counts.items() if state != FixityState.OK)

    @property
    def remaining(self) -> float | None:
        """Seconds, from what was read so far; None until that says something."""
        passed = time.monotonic() - self.began
        if not self.expected_bytes or not self.bytes or passed < 2:
            return None
        return max(self.expected_bytes - self.bytes, 0) * passed / self.bytes


Watch = Callable[[Progress, FixityCheck | None], None]


# --- One file -------------------------------------------------------------------------------------------------


def examine(asset: ArchiveAsset, read: Callable[[int], None] = lambda count: None) -> FixityCheck:
    """What became of the asset's file, as a row that is not saved. `read` is told the bytes of each block, and may
    raise to stop. Raises StorageUnavailableError when the storage could not be asked at all."""
    try:
        found, size = digest_of(asset.file.storage, asset.file.name, read)
    except FileNotFoundError:
        return _result(asset, FixityState.MISSING, note=_("存储里没有这个文件。"))
    except StorageUnavailableError as error:
        if error.trouble in SILENT:
            raise
        return _result(
            asset,
            FixityState.UNREADABLE,
            note=_("%(reason)s：%(detail)s。") % {"reason": error.reason, "detail": error.detail},
        )
    except OSError as error:
        return _result(asset, FixityState.UNREADABLE, note=_("%(reason)s。") % {"reason": error})
    if found == asset.sha256:
        return _result(asset, FixityState.OK, found)
    if not asset.sha256:
        return _result(asset, FixityState.UNREADABLE, found, _("登记里没有 SHA-256，无从比对。"))
    return _result(asset, FixityState.CHANGED, found, _changed(asset, size))


def digest_of(storage, name: str, read: Callable[[int], None] = lambda count: None) -> tuple[str, int]:
    """SHA-256 in hexadecimal and bytes of a stored file, read from its beginning to its end in one request, one block
    in memory. Raises FileNotFoundError and StorageUnavailableError as the storage does."""
    size, _modified = storage.stat(name)
    digest, left = hashlib.sha256(), size
    if not size:
        return digest.hexdigest(), 0
    file = storage.open_part(name, 0, size)
    try:
        while left > 0 and (block := file.read(min(BLOCK_BYTES, left))):
            digest.update(block)
            left -= len(block)
            read(len(block))
        _forget_pages(file)
    finally:
        file.close()
    return digest.hexdigest(), size - left


def _forget_pages(file) -> None:
    """What was read once for this must not push what readers ask for out of the machine's memory."""
    if hasattr(os, "posix_fadvise") and hasattr(file, "fileno"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _changed(asset: ArchiveAsset, size: int) -> str:
    if size != asset.file_size:
        return _("登记为 %(registered)s 字节，现有 %(found)s 字节。") % {"registered": asset.file_size, "found": size}
    return _("大小未变，内容变了。")


def _result(asset: ArchiveAsset, state: FixityState, found: str = "", note: str = "") -> FixityCheck:
    return FixityCheck(
        asset_kind=KINDS[type(asset)],
        object_id=asset.pk,
        checked_at=timezone.now(),
        state=state,
        found_sha256=found,
        note=note if state == FixityState.OK else _("%(note)s文件：%(name)s") % {"note": note, "name": asset.file.name},
    )


# --- Many -----------------------------------------------------------------------------------------------------


def unchecked(kind: AssetKind) -> QuerySet:
    """The assets of a kind that were never checked."""
    known = FixityCheck.objects.filter(asset_kind=kind, object_id=OuterRef("pk"))
    return ASSET_MODELS[kind]._base_manager.filter(~Exists(known)).exclude(file="").order_by("pk")


def due_before(moment: datetime, kinds: Iterable[AssetKind], again: datetime | None = None) -> QuerySet:
    """The results that are older than this, oldest first; those of damaged files already when older than `again`."""
    old = FixityCheck.objects.filter(asset_kind__in=list(kinds)).order_by("checked_at", "pk")
    due = old.filter(checked_at__lt=moment)
    return (due | old.damaged().filter(checked_at__lt=again)) if again else due


def to_check(kinds: Iterable[AssetKind], before: datetime, again: datetime | None = None) -> Iterator[ArchiveAsset]:
    """The assets to be checked, lot by lot: the damaged, then those never checked, then the oldest results."""
    kinds = list(kinds)
    if again is not None:
        yield from _assets_of(lambda: due_before(again, kinds).damaged())
    for kind in kinds:
        last = 0
        while lot := list(unchecked(kind).filter(pk__gt=last)[:LOT]):
            yield from lot
            last = lot[-1].pk
    yield from _assets_of(lambda: due_before(before, kinds))


def _assets_of(rows: Callable[[], QuerySet]) -> Iterator[ArchiveAsset]:
    """Those of the results, lot by lot, each once."""
    seen_at = None
    while True:
        following = rows() if seen_at is None else rows().filter(checked_at__gt=seen_at)
        lot = list(following[:LOT])
        for kind in AssetKind:
            ids = [row.object_id for row in lot if row.asset_kind == kind]
            found = ASSET_MODELS[kind]._base_manager.in_bulk(ids)
            FixityCheck.objects.filter(asset_kind=kind, object_id__in=set(ids) - set(found)).delete()
            yield from (found[pk] for pk in ids if pk in found)
        if len(lot) < LOT:
            return
        seen_at = lot[-1].checked_at


def check(
    *,
    kinds: Iterable[AssetKind] = tuple(AssetKind),
    before: datetime | None = None,
    again: datetime | None = None,
    most_files: int | None = None,
    most_bytes: int | None = None,
    watch: Watch = lambda progress, result: None,
    stop: threading.Event | None = None,
    count: bool = False,
) -> Progress:
    """Check what is due: results older than `before` (default: all), damaged ones older than `again`. Ends after so
    many files, before more than so many bytes (one file may be larger), or when `stop` is set. `watch` is told of each
    result, and with None of bytes read.

    Raises StorageUnavailableError and ImplausibleError; the results until then are kept.
    """
    kinds, before = list(kinds), before or timezone.now()
    progress = Progress()
    if count:
        progress.expected_files, progress.expected_bytes = _expected(kinds, before, most_files, most_bytes)

    def read(length: int) -> None:
        progress.bytes += length
        watch(progress, None)
        if stop is not None and stop.is_set():
            raise StoppedError

    with _Results() as results:
        for asset in to_check(kinds, before, again):
            if _is_enough(progress, asset, most_files, most_bytes, stop):
                break
            try:
                result = _confirmed(asset, examine(asset, read))
            except StoppedError:
                break
            if result is None:
                continue
            results.add(result)
            progress.files += 1
            progress.counts[result.state] = progress.counts.get(result.state, 0) + 1
            watch(progress, result)
    return progress


def _is_enough(progress: Progress, asset, most_files, most_bytes, stop) -> bool:
    if stop is not None and stop.is_set():
        return True
    if most_files is not None and progress.files >= most_files:
        return True
    return most_bytes is not None and progress.bytes > 0 and progress.bytes + (asset.file_size or 0) > most_bytes


def _confirmed(asset: ArchiveAsset, result: FixityCheck) -> FixityCheck | None:
    """None when the file was replaced or deleted while it was being read: then there is nothing to say of it."""
    if result.state == FixityState.OK:
        return result
    now = type(asset)._base_manager.filter(pk=asset.pk).values_list("file", "sha256").first()
    return result if now == (asset.file.name, asset.sha256) else None


def _expected(kinds, before, most_files, most_bytes) -> tuple[int, int]:
    files = total = 0
    for kind in kinds:
        model = ASSET_MODELS[kind]
        old = due_before(before, [kind]).values("object_id").order_by()
        for rows in (unchecked(kind), model._base_manager.filter(pk__in=old)):
            files += rows.count()
            total += rows.order_by().aggregate(bytes=Sum("file_size"))["bytes"] or 0
    share = min(1.0, (most_files / files) if most_files and files else 1.0)
    total = round(total * share)
    return min(files, most_files or files), min(total, most_bytes or total)


class _Results:
    """Writes results together, every other second, and all of them at the end whatever happens."""

    def __init__(self) -> None:
        self._rows: list[FixityCheck] = []
        self._written = time.monotonic()
        self._bad_in_a_row = 0

    def add(self, row: FixityCheck) -> None:
        """Raises ImplausibleError."""
        self._rows.append(row)
        self._bad_in_a_row = 0 if row.state in (FixityState.OK, FixityState.CHANGED) else self._bad_in_a_row + 1
        if time.monotonic() - self._written >= WRITE_EVERY or len(self._rows) >= LOT:
            self.write()
        if self._bad_in_a_row >= IMPLAUSIBLE:
            raise ImplausibleError(
                _(
                    "连续 %(count)d 个文件读不到：多半是存储指错了地方、没有挂载或失去了权限。检查已停止，"
                    "请先核对 S3_BUCKET、S3_PREFIX 或 DATA_DIR。"
                )
                % {"count": self._bad_in_a_row}
            )

    def write(self) -> None:
        rows, self._rows = self._rows, []
        FixityCheck.objects.bulk_create(
            {(row.asset_kind, row.object_id): row for row in rows}.values(),
            update_conflicts=True,
            unique_fields=["asset_kind", "object_id"],
            update_fields=["checked_at", "state", "found_sha256", "note"],
        )
        self._written = time.monotonic()

    def __enter__(self) -> "_Results":
        return self

    def __exit__(self, *details) -> None:
        if self._rows:
            self.write()


# --- At night -------------------------------------------------------------------------------------------------


def nightly(stop: threading.Event | None = None) -> Progress | None:
    """What the timetable runs each minute: nothing outside the night's hours, nothing when the night's bytes are read
    or another process is at it, else a check until one of these is so. What went wrong is logged."""
    now = timezone.localtime()
    if not is_night(now):
        return None
    left = settings.FIXITY_BYTES_A_NIGHT - bytes_checked_since(_beginning_of_night(now))
    if left <= 0:
        return None
    with _alone() as is_alone:
        if not is_alone:
            return None
        try:
            progress = check(
                before=regular_limit(),
                again=now - DAMAGED_AGAIN,
                most_bytes=left,
                watch=_until_morning,
                stop=stop,
            )
        except StoppedError:
            return None
        except (StorageUnavailableError, ImplausibleError) as error:
            logger.error("fixity: %s", error)
            return None
    if progress.damaged:
        logger.error("fixity: %d of %d files are damaged", progress.damaged, progress.files)
    return progress


def _until_morning(progress: Progress, result: FixityCheck | None) -> None:
    if result is not None and not is_night(timezone.localtime()):
        raise StoppedError


def regular_limit() -> datetime:
    """What was checked after this is not due yet."""
    return timezone.now() - timedelta(days=settings.FIXITY_DAYS)


def is_night(now: datetime) -> bool:
    """Whether it is one of the hours of `settings.FIXITY_HOURS`, "1-5" for one o'clock until five; "" is never."""
    first, _dash, last = settings.FIXITY_HOURS.partition("-")
    if not first:
        return False
    first, last = int(first), int(last)
    return first <= now.hour < last if first < last else now.hour >= first or now.hour < last


def _beginning_of_night(now: datetime) -> datetime:
    first = int(settings.FIXITY_HOURS.partition("-")[0])
    begin = now.replace(hour=first, minute=0, second=0, microsecond=0)
    return begin if begin <= now else begin - timedelta(days=1)


def bytes_checked_since(moment: datetime) -> int:
    """By the rows, so that a worker that was killed does not begin the night anew."""
    total = 0
    for kind, model in ASSET_MODELS.items():
        recent = FixityCheck.objects.filter(asset_kind=kind, checked_at__gte=moment).values("object_id")
        total += model._base_manager.filter(pk__in=recent).order_by().aggregate(bytes=Sum("file_size"))["bytes"] or 0
    return total


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process of this machine is at it."""
    path = Path(settings.DATA_DIR) / "fixity.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
