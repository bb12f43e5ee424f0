"""Keeps the pyramid of a picture, its file and its row, in step with the original."""

import tempfile
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from .. import jobs, sandbox
from ..bounds import bounds
from ..decoding import pyramid
from ..jobs import Work
from ..local_copies import local_path
from ..models import ArchiveImage, Job, Pyramid, Scan
from ..tile_index import TileIndex, index_of

PYRAMID = "pyramid"
LARGER_THAN = 2000  # pixels of a side: below, the largest display picture shows it all
QUALITY = {ArchiveImage: 85, Scan: 75}  # print stands this without a visible loss, and pages are many
WALL_SECONDS, CPU_SECONDS = 300, 150  # 200 megapixels of a slow format
OWNER_FIELD = {ArchiveImage: "image", Scan: "scan"}


def wants_pyramid(asset) -> bool:
    """Whether this is a picture so large that it is given a pyramid unasked."""
    return type(asset) in OWNER_FIELD and max(asset.width or 0, asset.height or 0) > LARGER_THAN


def run(work: Work) -> None:
    """The job: done already when there is a pyramid of the present original."""
    try:
        make_pyramid(work.asset, progress=work.progress)
    except SupersededError:
        jobs.ask(PYRAMID, work.asset)


class SupersededError(Exception):
    """The asset was given another picture while this one was being worked on."""


def make_pyramid(asset: ArchiveImage | Scan, *, force: bool = False, progress=lambda percent: None) -> Pyramid:
    """The asset's pyramid, made unless it is there already; also of a small picture, for whoever needs it in the IIIF
    Image API. The file is written first, the row replaced in one short transaction, the old file goes with it.

    Raises intake.FileError for a picture that cannot be decoded, StorageUnavailableError and FileNotFoundError,
    SupersededError.
    """
    present = Pyramid.objects.filter(**{OWNER_FIELD[type(asset)]: asset}).first()
    if present is not None and present.source_sha256 == asset.sha256 and not force:
        return present
    progress(5)
    with tempfile.TemporaryDirectory(prefix="pyramid-") as folder, local_path(asset.file) as source:
        made = Path(folder) / "pyramid.tif"
        sandbox.call(
            pyramid.write,
            str(source),
            asset.mime_type,
            str(made),
            QUALITY[type(asset)],
            bounds(),
            wall_seconds=WALL_SECONDS,
            cpu_seconds=CPU_SECONDS,
        )
        progress(80)
        row = _stored(asset, made)
    try:
        progress(95)
        _replace(asset, row)
    except BaseException:
        row.file.storage.delete(row.file.name)
        raise
    return row


def forget_pyramid(asset) -> None:
    """Of a picture that is no longer the asset's: it must not be shown for the new one."""
    if type(asset) in OWNER_FIELD:
        Pyramid.objects.filter(**{OWNER_FIELD[type(asset)]: asset}).exclude(source_sha256=asset.sha256).delete()


def ask_for_missing(most: int) -> None:
    """Have the pyramids made of large pictures that came before there was such a job, or whose asking was lost; one
    query for each kind."""
    for model, kind in OWNER_FIELD.items():
        known = Job.objects.filter(kind=PYRAMID, asset_kind=kind, object_id=OuterRef("pk"))
        large = model._base_manager.filter(Q(width__gt=LARGER_THAN) | Q(height__gt=LARGER_THAN), pyramid=None)
        ids = large.filter(~Exists(known)).order_by("pk").values_list("pk", flat=True)[:most]
        jobs.ask_for(PYRAMID, kind, list(ids))


def _stored(asset: ArchiveImage | Scan, made: Path) -> Pyramid:
    with made.open("rb") as file:
        packed = index_of(file)
        whole = TileIndex(packed)
        row = Pyramid(
            **{OWNER_FIELD[type(asset)]: asset},
            width=whole.width,
            height=whole.height,
            file_size=made.stat().st_size,
            tiles=packed,
            source_sha256=asset.sha256,
        )
        row.file.save("", File(file), save=False)
    return row


def _replace(asset: ArchiveImage | Scan, row: Pyramid) -> None:
    with transaction.atomic():
        now = type(asset)._base_manager.select_for_update().filter(pk=asset.pk).first()
        if now is None or now.sha256 != row.source_sha256:
            raise SupersededError(f"{asset._meta.label} {asset.pk}")
        before = Pyramid.objects.filter(**{OWNER_FIELD[type(asset)]: asset}).first()
        if before is not None:
            if before.source_sha256 == row.source_sha256:
                row.key = before.key
            before.delete()
        row.save()
