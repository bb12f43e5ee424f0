"""Compares the storages with the rows, part by part: what is lost, what nobody claims, what is wrongly public.

Finds and changes nothing; `storage_mending` mends. What is still on its way is no finding: files of the last hour,
public copies and removals that wait in the outbox for less than ten minutes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.core.files.storage import storages
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import AdminURLFinder

from . import delivery
from .derivatives.images import OWNER_FIELD
from .models import (
    ArchiveAsset,
    ArchiveDocument,
    ArchiveRendition,
    ArchiveVideo,
    Derivative,
    FileRemoval,
    PublicCopyRequest,
)
from .public_copies import MODELS
from .storage import PART_SUFFIX, StoredFile
from .stored_names import ROOTS, Column, by_key, columns, in_lots, portions_of, stray_prefixes

UNCLAIMED = "unclaimed/"
UNDER_WAY = timedelta(hours=1)
PART_LIFE = timedelta(days=1)
PATIENCE = timedelta(minutes=10)
Progress = Callable[[str], None]


class Problem(Enum):
    """The value names it in JSON; `words` for a person."""

    LEAKED = "leaked"
    NOT_COPIED = "not_copied"
    LOST = "lost"
    CHANGED = "changed"
    UNCLAIMED = "unclaimed"
    PARTIAL = "partial"
    WAITING = "waiting"

    @property
    def words(self) -> str:
        return str(_WORDS[self])


_WORDS = {
    Problem.LEAKED: gettext_lazy("不应公开而有公开副本"),
    Problem.NOT_COPIED: gettext_lazy("已公开而缺公开副本"),
    Problem.LOST: gettext_lazy("登记有而文件不在"),
    Problem.CHANGED: gettext_lazy("文件大小与登记不符"),
    Problem.UNCLAIMED: gettext_lazy("无主的文件"),
    Problem.PARTIAL: gettext_lazy("中断后留下的半成品"),
    Problem.WAITING: gettext_lazy("迟迟没有做完"),
}


@dataclass(frozen=True)
class Finding:
    """`name` lies (or should lie) in the storage `alias`; `row` is the row that speaks of it, through `column`."""

    problem: Problem
    alias: str
    name: str
    detail: str = ""
    row: Model | None = None
    column: Column | None = None

    @property
    def asset(self) -> Model | None:
        """What the row belongs to, for a person."""
        if isinstance(self.row, Derivative):
            return self.row.owner
        return self.row.image if isinstance(self.row, ArchiveRendition) else self.row

    @property
    def label(self) -> str:
        asset = self.asset
        if asset is None:
            return ""
        title = getattr(asset, "title", "") or str(asset)
        return f"{asset._meta.verbose_name}《{title}》（{asset.pk}）"

    @property
    def address(self) -> str:
        """Where a person sees to it in the CMS."""
        asset = self.asset
        path = AdminURLFinder().get_edit_url(asset) if asset is not None else None
        if path is None and type(asset) in OWNER_FIELD:
            path = reverse("media:original", args=[OWNER_FIELD[type(asset)], asset.pk])
        return settings.PUBLIC_BASE_URL.rstrip("/") + path if path else ""

    def as_dict(self) -> dict[str, str]:
        names = ("alias", "name", "detail", "label", "address")
        return {"problem": self.problem.value} | {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class _Known:
    """What a row says of its file."""

    column: Column
    pk: int
    size: int | None


def audit(progress: Progress) -> Iterator[Finding]:
    """Everything that is not as it should be. Raises StorageUnavailableError when a storage cannot be asked."""
    yield from _publicity(progress)
    for alias in ROOTS:
        yield from compare(alias, progress)
    yield from _waiting()


# --- What is public -------------------------------------------------------------------------------------------


def _publicity(progress: Progress) -> Iterator[Finding]:
    for kind, model in MODELS.items():
        seen = 0
        for lot in in_lots((pk for (pk,) in by_key(model._base_manager.order_by("pk"))), 200):
            seen += len(lot)
            progress(_("核对公开副本：%(kind)s 第 %(count)d 件") % {"kind": kind.label, "count": seen})
            assets = list(model.objects.filter(pk__in=lot).prefetch_related("derivatives"))
            waiting = set(
                PublicCopyRequest.objects.filter(
                    kind=kind, object_id__in=lot, created_at__gt=timezone.now() - PATIENCE
                ).values_list("object_id", flat=True)
            )
            for asset in assets:
                if asset.pk not in waiting:
                    yield from _publicity_of(asset)


def _publicity_of(asset: ArchiveAsset) -> Iterator[Finding]:
    derivatives = list(asset.derivatives.all())
    shown = [derivative.public_name for derivative in derivatives if derivative.public_name]
    if not delivery.is_public(asset):
        if shown:
            detail = _("%(count)d 件公开副本，名称仍登记在册") % {"count": len(shown)}
            yield Finding(Problem.LEAKED, "public", shown[0], detail, row=asset)
        return
    is_mute = isinstance(asset, ArchiveVideo) and not asset.thumbnail
    if len(shown) < len(derivatives):
        detail = _("%(count)d 件展示图没有公开副本") % {"count": len(derivatives) - len(shown)}
        yield Finding(Problem.NOT_COPIED, "public", "", detail, row=asset)
    elif not derivatives and not isinstance(asset, ArchiveDocument) and not (is_mute and asset.type == "audio"):
        yield Finding(Problem.NOT_COPIED, "public", "", asset.derivatives_error or _("还没有展示图"), row=asset)


# --- Rows and files -------------------------------------------------------------------------------------------


def compare(alias: str, progress: Progress) -> Iterator[Finding]:
    """The rows that name files of one storage, and the files, each against the other."""
    storage, speaking = storages[alias], columns(alias)
    whole_roots = []
    for root in ROOTS[alias]:
        parts, present = portions_of(root, speaking)
        if len(parts) == 1:
            whole_roots.append(root)
        for part in parts:
            progress(_("核对文件：%(alias)s %(prefix)s") % {"alias": alias, "prefix": part.prefix})
            known = _known(present, part.prefix)
            yield from _by_file(alias, storage, part.folders, known)
            yield from _missing(storage, known)
    for prefix in stray_prefixes(storage, alias, whole_roots=whole_roots):
        if prefix != UNCLAIMED:
            yield from _unclaimed(alias, storage.files(prefix))
    for column in speaking:
        for lot in in_lots(by_key(column.elsewhere(), column.field)):
            yield from _missing(storage, {name: _Known(column, pk, None) for pk, name in lot})


def _known(speaking: list[Column], prefix: str) -> dict[str, _Known]:
    known = {}
    for column in speaking:
        for pk, name, size in by_key(column.under(prefix), column.field, column.size_field or "pk"):
            known[name] = _Known(column, pk, size if column.size_field else None)
    return known


def _by_file(alias: str, storage, folders: Iterable[str], known: dict[str, _Known]) -> Iterator[Finding]:
    """Go through the files, taking each out of `known`: what is left there has no file."""
    strangers: list[StoredFile] = []
    for folder in folders:
        for file in storage.files(folder):
            row = known.pop(file.name, None)
            if row is None:
                strangers.append(file)
            elif row.size is not None and row.size != file.size:
                yield from _changed(row, file)
            if len(strangers) >= 500:
                yield from _unclaimed(alias, strangers)
                strangers = []
    yield from _unclaimed(alias, strangers)


def _changed(row: _Known, file: StoredFile) -> Iterator[Finding]:
    found = _row_of(row, file.name)
    if found is not None and getattr(found, row.column.size_field) == row.size:
        detail = _("登记 %(known)d 字节，实有 %(size)d 字节") % {"known": row.size, "size": file.size}
        yield Finding(Problem.CHANGED, row.column.alias, file.name, detail, row=found, column=row.column)


def _missing(storage, known: dict[str, _Known]) -> Iterator[Finding]:
    """Those without a file, once it is certain: a row may have gone, or a file come, while the rest was listed."""
    for name, row in known.items():
        found = _row_of(row, name)
        if found is None or storage.exists(name):
            continue
        yield Finding(Problem.LOST, row.column.alias, name, _facts(found), row=found, column=row.column)


def _row_of(row: _Known, name: str) -> Model | None:
    return row.column.model._base_manager.filter(**{"pk": row.pk, row.column.field: name}).first()


def _facts(row: Model) -> str:
    """What helps to find a lost original again in somebody's drawer."""
    if not isinstance(row, ArchiveAsset):
        return ""
    return _("原文件名 %(name)s，SHA-256 %(sha256)s") % {"name": row.original_name, "sha256": row.sha256}


def _unclaimed(alias: str, files: Iterable[StoredFile]) -> Iterator[Finding]:
    now = timezone.now()
    for lot in in_lots(files):
        old = [file for file in lot if _is_left(file, now)]
        # In this order: a request goes in the transaction that writes its names on the rows.
        expected = _expected(alias, old)
        for column in columns(alias):
            expected |= column.named(file.name for file in old)
        for file in old:
            if file.name not in expected:
                is_part = file.name.endswith(PART_SUFFIX)
                detail = _("%(size)d 字节，存于 %(when)s") % {
                    "size": file.size,
                    "when": timezone.localtime(file.modified).strftime("%Y-%m-%d %H:%M"),
                }
                yield Finding(Problem.PARTIAL if is_part else Problem.UNCLAIMED, alias, file.name, detail)


def _is_left(file: StoredFile, now: datetime) -> bool:
    """Old enough to be nobody's work in progress."""
    if file.name.startswith(UNCLAIMED):
        return False
    return now - file.modified > (PART_LIFE if file.name.endswith(PART_SUFFIX) else UNDER_WAY)


def _expected(alias: str, files: list[StoredFile]) -> set[str]:
    """The files that the outbox is about to remove or to give a row."""
    names = [file.name for file in files]
    found = set(FileRemoval.objects.filter(alias=alias, name__in=names).values_list("name", flat=True))
    if alias == "public":
        by_token: dict[str, set[str]] = {}
        for name in names:
            by_token.setdefault(name.rpartition("/")[0], set()).add(name)
        tokens = PublicCopyRequest.objects.filter(token__in=[token for token in by_token if token])
        for token in tokens.values_list("token", flat=True):
            found |= by_token[token]
    return found


# --- What waits -----------------------------------------------------------------------------------------------


def _waiting() -> Iterator[Finding]:
    since = timezone.now() - PATIENCE
    for request in PublicCopyRequest.objects.filter(created_at__lt=since).order_by("pk").iterator(chunk_size=500):
        asset = MODELS[request.kind].objects.filter(pk=request.object_id).first()
        yield Finding(Problem.WAITING, "public", str(request), _reason(request), row=asset)
    for removal in FileRemoval.objects.filter(created_at__lt=since).order_by("pk").iterator(chunk_size=500):
        yield Finding(Problem.WAITING, removal.alias, removal.name, _("待删除：") + _reason(removal))


def _reason(work) -> str:
    return work.last_error or _("还没有试过：后台进程（run_worker）没有运行？")
