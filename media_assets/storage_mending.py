"""Mends what the audit finds, as far as it can be mended without a person: never by deleting an original.

Public leftovers go through the outbox, display pictures are made again, originals that nobody claims are set aside
under `unclaimed/<date>/` in the same storage. What is lost for good is left for the next audit to report.
"""

import random
from collections.abc import Iterator
from itertools import islice

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from . import jobs
from .derivatives import documents, pyramids, videos
from .derivatives.images import make_derivatives
from .derivatives.posters import ensure_poster
from .models import (
    ArchiveAsset,
    ArchiveDocument,
    ArchiveRendition,
    ArchiveVideo,
    Derivative,
    FileRemoval,
    PublicCopyRequest,
    Pyramid,
)
from .models.job import KINDS
from .public_copies import drain
from .storage_audit import UNCLAIMED, UNDER_WAY, Finding, Problem, Progress, audit
from .stored_names import HEX_DIGITS, columns, in_lots

SAMPLE = 200
TOO_FEW = 20  # of so few nothing can be concluded


class ImplausibleError(Exception):
    """Database and storage do not seem to belong together: its words say what to look at."""


def mend(progress: Progress) -> int:
    """Do something about every finding that something can be done about; at how many. Raises ImplausibleError before
    anything is touched, and StorageUnavailableError."""
    check_plausible()
    done = 0
    for lot in in_lots(audit(progress), 200):
        done += sum(_mend(finding) for finding in lot)
    progress(_("处理待办"))
    for model in (PublicCopyRequest, FileRemoval):
        model.objects.exclude(retry_at=None).update(retry_at=None)
    while drain():
        pass
    return done


def check_plausible() -> None:
    """A wrong bucket makes everything lost, an old database makes everything unclaimed; neither may be "mended"."""
    storage = storages["default"]
    names = list(islice(_some_names(), SAMPLE))
    lost = sum(not storage.exists(name) for name in names)
    if len(names) >= TOO_FEW and lost * 2 > len(names):
        raise ImplausibleError(
            _(
                "抽查 %(count)d 件原件，有 %(lost)d 件不在存储里：多半是 S3_BUCKET、S3_PREFIX 或 DATA_DIR "
                "指错了地方。没有改动任何东西。"
            )
            % {"count": len(names), "lost": lost}
        )
    settled = list(islice(_some_files(), SAMPLE))
    claimed = set().union(*(column.named(settled) for column in columns("default")))
    if len(settled) >= TOO_FEW and len(claimed) * 2 < len(settled):
        raise ImplausibleError(
            _(
                "抽查 %(count)d 个文件，有 %(strange)d 个没有登记：多半是数据库指错了，或恢复的是旧备份。"
                "没有改动任何东西。"
            )
            % {"count": len(settled), "strange": len(settled) - len(claimed)}
        )


def _some_names() -> Iterator[str]:
    for column in columns("default"):
        yield from column.all().order_by("?").values_list(column.field, flat=True)[: SAMPLE // 4]


def _some_files() -> Iterator[str]:
    folders = [f"originals/{a}{b}/" for a in HEX_DIGITS for b in HEX_DIGITS]
    now = timezone.now()
    for folder in random.sample(folders, 64):
        files = (file for file in storages["default"].files(folder) if now - file.modified > UNDER_WAY)
        yield from (file.name for file in islice(files, SAMPLE // 20))


def _mend(finding: Finding) -> bool:
    """Whether anything was tried."""
    if finding.problem is Problem.WAITING:
        return True  # by the outbox, at the end
    if finding.problem is Problem.PARTIAL:
        storages[finding.alias].delete(finding.name)
        return True
    if finding.problem is Problem.UNCLAIMED:
        _put_away(finding)
        return True
    if finding.problem in (Problem.LEAKED, Problem.NOT_COPIED):
        _ask(finding.row)
        return True
    return _restore(finding)


def _put_away(finding: Finding) -> None:
    """An original may be the only copy there is; all else can be made again."""
    if finding.alias == "default":
        storages["default"].rename(finding.name, f"{UNCLAIMED}{timezone.localdate():%Y-%m-%d}/{finding.name}")
    elif len(finding.name) <= FileRemoval._meta.get_field("name").max_length:
        FileRemoval.objects.ask(finding.alias, [finding.name])
    else:
        storages[finding.alias].delete(finding.name)


def _ask(asset: ArchiveAsset) -> None:
    PublicCopyRequest.objects.ask(KINDS[type(asset)], [asset.pk])


def _restore(finding: Finding) -> bool:
    """Make again what was lost or damaged, if it can be."""
    row = finding.row
    if finding.alias == "public":
        return _copy_again(finding)
    if isinstance(row, Derivative):
        return _make_again(row)
    if isinstance(row, Pyramid):
        return _ask_again(row.owner, pyramids.PYRAMID, Pyramid.objects.filter(pk=row.pk))
    if isinstance(row, ArchiveRendition):
        image, spec = row.image, row.filter_spec
        row.delete()
        return image.get_rendition(spec) is not None
    if isinstance(row, ArchiveVideo) and finding.column.field == "thumbnail" and row.poster_is_automatic:
        ensure_poster(row)
        return make_derivatives(row)
    return False


def _copy_again(finding: Finding) -> bool:
    """Under a new token: caches may hold the damaged one under the old."""
    with transaction.atomic():
        Derivative.objects.filter(pk=finding.row.pk, public_name=finding.name).update(public_name="")
        FileRemoval.objects.ask("public", [finding.name])
        _ask(finding.row.owner)
    return True


def _make_again(derivative: Derivative) -> bool:
    """Only with the original at hand: a page keeps the pictures it has until there are others."""
    if not Derivative.objects.filter(pk=derivative.pk).exists():
        return True  # made again with the others of its asset
    owner = derivative.owner
    if isinstance(owner, ArchiveDocument):
        return _ask_again(owner, documents.KIND, owner.derivatives.all())
    if derivative.is_film:
        return _ask_again(owner, videos.KIND, owner.derivatives.films())
    source = owner.thumbnail if isinstance(owner, ArchiveVideo) else owner.file
    if not source or not source.storage.exists(source.name):
        return False
    return make_derivatives(owner, force=True)


def _ask_again(asset: ArchiveAsset, kind: str, made: QuerySet) -> bool:
    """What takes a job to make: the rows go, and whoever does the jobs finds that it is missing."""
    if not asset.file.storage.exists(asset.file.name):
        return False
    with transaction.atomic():
        for row in made:
            row.delete()
        jobs.ask(kind, asset)
    return True
