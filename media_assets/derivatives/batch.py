"""Derivatives of many assets, one after the other: what an import left out, what failed, what has changed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from .. import jobs
from ..models import ArchiveDocument, ArchiveImage, ArchiveVideo, Batch, Job, Scan
from ..models.job import KINDS
from ..stored_names import by_key
from . import documents, pyramids, videos
from .images import DERIVATIVES, make_derivatives

AT_ONCE = 5000


@dataclass
class Tally:
    seen: int = 0
    good: int = 0
    failed: int = 0


def make_all(*, only_missing: bool, force: bool, report: Callable[[str], None]) -> Tally:
    """Go through every pictured asset in small portions; `report` is told each failure in one line."""
    tally = Tally()
    for model in (ArchiveImage, Scan, ArchiveVideo):
        assets = model.objects.order_by("pk")
        if only_missing:
            assets = assets.filter(derivatives=None)
        for (pk,) in by_key(assets):
            asset = model.objects.filter(pk=pk).first()
            if asset is None:
                continue
            tally.seen += 1
            if make_derivatives(asset, force=force):
                tally.good += 1
            else:
                tally.failed += 1
                report(f"{model._meta.verbose_name} {asset.pk} {asset.filename}：{asset.derivatives_error}")
    return tally


def queue_all(label: str) -> Batch:
    """Have the worker look at everything that is held, and make what is missing or out of date, as one batch whose
    progress the CMS shows. What is complete is found to be so in a moment."""
    batch = Batch.objects.create(label=label)
    large = Q(width__gt=pyramids.LARGER_THAN) | Q(height__gt=pyramids.LARGER_THAN)
    for kind, assets in (
        *((DERIVATIVES, model.objects.all()) for model in (ArchiveImage, Scan, ArchiveVideo)),
        *((pyramids.PYRAMID, model.objects.filter(large)) for model in (ArchiveImage, Scan)),
        (videos.KIND, ArchiveVideo.objects.exclude(type="audio", mime_type__in=videos.PLAYED_EVERYWHERE)),
        (documents.KIND, ArchiveDocument.objects.filter(mime_type=documents.PDF)),
    ):
        keys = (pk for (pk,) in by_key(assets.order_by("pk")))
        jobs.ask_for(kind, KINDS[assets.model], keys, batch=batch)
    return batch


def ask_for_missing() -> None:
    """Have the pictures made of assets that have none and no job either, as when a process was killed between the two.
    A query for each kind, whatever the size."""
    for model in (ArchiveImage, Scan, ArchiveVideo):
        kind = KINDS[model]
        # Not "NOT IN": PostgreSQL goes through all jobs for each asset once they outgrow its working memory.
        known = Job.objects.filter(kind=DERIVATIVES, asset_kind=kind, object_id=OuterRef("pk"))
        bare = model._base_manager.filter(~Exists(known), derivatives=None)
        if model is ArchiveVideo:
            bare = bare.exclude(type="audio")
        ids = bare.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        jobs.ask_for(DERIVATIVES, kind, list(ids))
    pyramids.ask_for_missing(AT_ONCE)
    videos.ask_for_missing(AT_ONCE)
    documents.ask_for_missing(AT_ONCE)
