"""What may be done with an upload, in which state, and what becomes of it: create → parts → complete, or give up.

    upload, = create(user, collection, [Wanted("码头.jpg", 5_000_000, 1_700_000_000_000)])
    carrier_of(upload).address(upload, 1, checksum)     # the browser puts the part there
    complete(upload)                                    # raises IncompleteError with what is missing

Whether everything is there, is asked of whoever holds the parts, never of the browser.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from .. import jobs
from ..filetypes import FileKind, type_of_name
from ..intake import KIND_NAMES, clean_name, max_bytes
from ..models import Job, JobState, Upload, UploadState
from ..models.asset import random_path
from ..storage_errors import StorageUnavailableError
from .carriers import Address, Part, carrier_in_use, carrier_of, crc_of, every_carrier
from .rights import may_add

logger = logging.getLogger(__name__)

KIND = SUBJECT = "upload"
MIB = 1024 * 1024
MOST_PARTS = 10_000  # of S3
MOST_UNDER_WAY = 10_000
QUESTIONS_AT_ONCE = 4
FORGOTTEN_AFTER = timedelta(days=30)
_AGAIN = (UploadState.UPLOADING, UploadState.EXAMINING, UploadState.FAILED, UploadState.ACCEPTED)


@dataclass(frozen=True)
class Wanted:
    """A file as the browser names it: `path` may hold folders, `last_modified` is in milliseconds since 1970."""

    path: str
    size: int
    last_modified: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why a file is not taken, in a sentence for the person."""

    path: str
    reason: str


@dataclass
class IncompleteError(Exception):
    """`missing` parts have not come, `wrong` ones have another length or checksum; numbers counted from 1."""

    missing: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)


class StateError(Exception):
    """Too late, or too early, for what was asked."""


# --- Beginning ----------------------------------------------------------------------------------------------------


def create(user, collection: Collection | None, wanted: list[Wanted], *, group: str = "") -> list[Upload | Refusal]:
    """An upload for each file, in their order: the one that this person began with the same file, else a new one; a
    Refusal in the place of what is of no kind that is kept here, too large, over the quota, or not this person's to
    add. Raises StorageUnavailableError."""
    again = _begun(user, wanted, group)
    known = [upload.size for upload in again.values()]
    left = settings.UPLOAD_BYTES_UNDER_WAY - _bytes_under_way(user)
    room = MOST_UNDER_WAY - Upload.objects.under_way().filter(owner=user).count() if len(known) < len(wanted) else 0
    found: list[Upload | Refusal] = []
    may: dict[FileKind, bool] = {}
    for place, file in enumerate(wanted):
        if place in again:
            found.append(again[place])
            continue
        reason = _refusal(user, collection, file, left, may) if room > 0 else _("您名下未完成的上传太多，请先做完。")
        if reason:
            found.append(Refusal(file.path, reason))
            continue
        left, room = left - file.size, room - 1
        found.append(_new(user, collection, file, group))
    _open([upload for upload in found if isinstance(upload, Upload) and upload.pk is None])
    return found


def _begun(user, wanted: list[Wanted], group: str) -> dict[int, Upload]:
    """Place in `wanted` → the upload that was begun with this very file: owner, name, size and time of change are the
    same; of several the one from the same folder. What is finished counts within its group alone."""
    names = {clean_name(file.path) for file in wanted}
    rows = Upload.objects.filter(owner=user, original_name__in=names, state__in=_AGAIN).select_related("collection")
    candidates = [
        row for row in rows.order_by("-pk") if row.state != UploadState.ACCEPTED or (group and row.group == group)
    ]
    found: dict[int, Upload] = {}
    taken: set[int] = set()
    for is_same_path in (True, False):
        for place, file in enumerate(wanted):
            facts = (clean_name(file.path), file.size, file.last_modified)
            for row in candidates if place not in found else ():
                is_this = (row.original_name, row.size, row.last_modified) == facts
                if is_this and row.pk not in taken and (not is_same_path or row.path == _path(file)):
                    found[place] = row
                    taken.add(row.pk)
                    break
    moved = [row.pk for row in found.values() if group and row.group != group]
    if moved:
        Upload.objects.filter(pk__in=moved).update(group=group)
        for row in found.values():
            row.group = group
    return found


def _bytes_under_way(user) -> int:
    return Upload.objects.under_way().filter(owner=user).aggregate(sum=Sum("size"))["sum"] or 0


def _refusal(user, collection, file: Wanted, left: int, may: dict[FileKind, bool]) -> str:
    """Why this file is not taken, or nothing."""
    guessed = type_of_name(clean_name(file.path))
    if guessed is None:
        return _("不收这种类型的文件。")
    if guessed.kind not in may:
        may[guessed.kind] = may_add(user, guessed.kind, collection)
    kind = KIND_NAMES[guessed.kind]
    if not may[guessed.kind]:
        return _("您不能往这个文件夹里添加%(kind)s。") % {"kind": kind}
    if file.size < 1:
        return _("文件是空的。")
    most = max_bytes(guessed.kind)
    if file.size > most:
        told = {"size": filesizeformat(file.size), "kind": kind, "limit": filesizeformat(most)}
        return _("文件过大（%(size)s），%(kind)s最大可收 %(limit)s。") % told
    if file.size > left:
        told = {"quota": filesizeformat(settings.UPLOAD_BYTES_UNDER_WAY)}
        return _("超出每人同时上传的总量（%(quota)s），请等前面的传完再选。") % told
    return ""


def _path(file: Wanted) -> str:
    return "".join(c for c in file.path if c.isprintable())[:1000]


def _new(user, collection: Collection, file: Wanted, group: str) -> Upload:
    name = clean_name(file.path)
    guessed = type_of_name(name)
    return Upload(
        owner=user,
        collection=collection,
        group=group,
        original_name=name,
        path=_path(file),
        size=file.size,
        last_modified=file.last_modified,
        kind=guessed.kind.value,
        part_size=part_size_for(file.size),
        carrier=carrier_in_use(),
        key=random_path("originals", guessed.extension),
        expires_at=_expiry(),
    )


def _open(uploads: list[Upload]) -> None:
    """First the rows, so that nothing is begun on a storage of which no row would know; those that could not be begun
    are not left behind."""
    Upload.objects.bulk_create(uploads)
    waiting = list(uploads)
    try:
        while waiting:
            upload = waiting[0]
            upload.storage_id = carrier_of(upload).begin(upload)
            if upload.storage_id:
                upload.save(update_fields=["storage_id"])
            waiting.pop(0)
    except BaseException:
        Upload.objects.filter(pk__in=[upload.pk for upload in waiting]).delete()
        raise


def part_size_for(size: int) -> int:
    """Bytes a part: the setting's, in whole MiB, and larger where ten thousand of them would not do."""
    least = -(-size // MOST_PARTS)
    return max(settings.UPLOAD_PART_BYTES, 5 * MIB, -(-least // MIB) * MIB)


def _expiry():
    return timezone.now() + timedelta(days=settings.UPLOAD_DAYS)


# --- Going on and ending ------------------------------------------------------------------------------------------


def addresses(asked: list[tuple[Upload, int, str]]) -> list[Address]:
    """Where these parts (upload, number, checksum) are put, in their order. Raises ValueError for a part that there is
    not or what is no checksum, StateError for an upload that takes no parts."""
    if any(upload.state != UploadState.UPLOADING for upload, _number, _checksum in asked):
        raise _too_late()
    signed: dict[int, dict[str, str]] = {}
    for upload, number, checksum in asked:
        upload.part_length(number)
        crc_of(checksum)
        signed.setdefault(upload.pk, {})[str(number)] = checksum
    with transaction.atomic():
        rows = list(Upload.objects.select_for_update().filter(pk__in=signed).order_by("pk"))
        for row in rows:
            row.signed, row.expires_at = row.signed | signed[row.pk], _expiry()
        Upload.objects.bulk_update(rows, ["signed", "expires_at"])
    return [carrier_of(upload).address(upload, number, checksum) for upload, number, checksum in asked]


def check(upload: Upload, parts: list[Part], checksums: dict[int, str]) -> None:
    """Raises IncompleteError unless each part is there in its length, and with the checksum where one is given."""
    there = {part.number: part for part in parts}
    missing = [number for number in range(1, upload.part_count + 1) if number not in there]
    wrong = [
        number
        for number, part in there.items()
        if number > upload.part_count
        or part.length != upload.part_length(number)
        or (number in checksums and part.checksum and part.checksum != checksums[number])
    ]
    if missing or wrong:
        raise IncompleteError(missing, wrong)


def complete(upload: Upload, checksums: dict[int, str] | None = None) -> Upload:
    """Have the whole examined and taken in, by the worker. Saying it twice is saying it once.

    Raises IncompleteError, StateError for one that was given up, StorageUnavailableError.
    """
    (answer,) = complete_all([(upload, checksums or {})])
    if isinstance(answer, Exception):
        raise answer
    return answer


def complete_all(asked: list[tuple[Upload, dict[int, str]]]) -> list[Upload | IncompleteError | StateError]:
    """The same for many at once, with the checksums that the browser knows: how each stands now, or what `complete`
    would have raised of it, in their order. Raises StorageUnavailableError, and then nothing was done."""
    answers: list[Upload | IncompleteError | StateError | None] = [_why_not(upload) for upload, _checksums in asked]
    open_ones = [place for place, answer in enumerate(answers) if answer is None]
    # One whose examination was cut short was whole.
    in_doubt = [place for place in open_ones if asked[place][0].state == UploadState.UPLOADING]
    with ThreadPoolExecutor(min(QUESTIONS_AT_ONCE, max(1, len(in_doubt)))) as pool:
        found = list(pool.map(lambda place: _is_whole(*asked[place]), in_doubt))
    for place, error in zip(in_doubt, found, strict=True):
        answers[place] = error
    whole = [asked[place][0].pk for place in open_ones if answers[place] is None]
    if whole:
        with transaction.atomic():
            mine = Upload.objects.select_for_update().filter(pk__in=whole)
            free = mine.filter(state__in=[UploadState.UPLOADING, UploadState.FAILED])
            changed = list(free.order_by("pk").values_list("pk", flat=True))
            Upload.objects.filter(pk__in=changed).update(state=UploadState.EXAMINING, reason="")
            jobs.ask_for(KIND, SUBJECT, changed)
    now = Upload.objects.select_related("collection", "owner").in_bulk(whole)
    # One that vanished meanwhile was given up.
    return [
        answer if answer is not None else now.get(asked[place][0].pk) or _too_late()
        for place, answer in enumerate(answers)
    ]


def _why_not(upload: Upload) -> Upload | StateError | None:
    """The answer for one that needs no completion, or is past it."""
    if upload.state in (UploadState.EXAMINING, UploadState.ACCEPTED, UploadState.REFUSED):
        return upload
    is_open = upload.state in (UploadState.UPLOADING, UploadState.FAILED) and upload.expires_at >= timezone.now()
    return None if is_open else _too_late()


def _too_late() -> StateError:
    return StateError(_("这项上传已经取消或过期，请重新选择文件。"))


def _is_whole(upload: Upload, checksums: dict[int, str]) -> IncompleteError | None:
    """Asks whoever holds the parts, in a thread: without the database. What is wrong makes way."""
    carrier = carrier_of(upload)
    try:
        check(upload, carrier.parts(upload), checksums)
    except IncompleteError as error:
        for number in error.wrong:
            carrier.forget(upload, number)
        return error
    return None


def give_up(upload: Upload, state: UploadState = UploadState.CANCELLED, reason: str = "") -> bool:
    """Forget it, on the storage too; False when it is being examined or has ended already."""
    given_up = Upload.objects.filter(pk=upload.pk, state__in=[UploadState.UPLOADING, UploadState.FAILED])
    if not given_up.update(state=state, reason=reason, file="", finished_at=timezone.now()):
        return False
    clear_away(upload)
    return True


def clear_away(upload: Upload) -> None:
    """Delete what was stored for an upload that came to nothing; no row ever named it. What cannot go now is noted, or
    goes when `expire` comes round."""
    storage = storages["default"]
    try:
        carrier_of(upload).clear(upload)
        storage.remove(upload.key)
    except StorageUnavailableError:
        logger.warning("upload %s: its parts could not be deleted just now", upload.pk, exc_info=True)
        storage.delete(upload.key)


def settle(uploads) -> None:
    """Tell of those whose examination came to no end: their worker gave up, and they may be completed once more."""
    keys = [upload.pk for upload in uploads if upload.state == UploadState.EXAMINING]
    if not keys:
        return
    for job in Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id__in=keys, state=JobState.FAILED):
        stuck = Upload.objects.filter(pk=job.object_id, state=UploadState.EXAMINING)
        stuck.update(state=UploadState.FAILED, reason=job.reason, expires_at=_expiry())


def expire() -> int:
    """For the timetable: give up what nobody went on with for UPLOAD_DAYS, delete on the storage what no row speaks
    for, forget what ended a month ago. How many were given up."""
    now = timezone.now()
    settle(Upload.objects.filter(state=UploadState.EXAMINING))
    left = Upload.objects.filter(state__in=[UploadState.UPLOADING, UploadState.FAILED], expires_at__lt=now)
    reason = _("%(days)d 天没有续传，已清除。") % {"days": settings.UPLOAD_DAYS}
    count = sum(give_up(upload, UploadState.EXPIRED, reason) for upload in left.iterator(chunk_size=200))
    Upload.objects.exclude(state__in=_AGAIN[:3]).filter(finished_at__lt=now - FORGOTTEN_AFTER).delete()
    known = set(Upload.objects.under_way().values_list("folder", flat=True))
    known |= set(Upload.objects.under_way().values_list("storage_id", flat=True))
    for carrier in every_carrier():
        carrier.sweep(known, timedelta(days=1))
    return count
