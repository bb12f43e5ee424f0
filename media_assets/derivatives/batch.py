"""Derivatives of many assets, one after the other: what an import left out, what failed, what has changed."""

from collections.abc import Callable
from dataclasses import dataclass

from ..models import ArchiveImage, ArchiveVideo, Scan
from ..stored_names import by_key
from .images import make_derivatives
from .posters import ensure_poster


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
            if isinstance(asset, ArchiveVideo) and not asset.thumbnail:
                ensure_poster(asset)
            tally.seen += 1
            if make_derivatives(asset, force=force):
                tally.good += 1
            else:
                tally.failed += 1
                report(f"{model._meta.verbose_name} {asset.pk} {asset.filename}：{asset.derivatives_error}")
    return tally
