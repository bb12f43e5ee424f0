"""Keeps the derivative rows of an asset, and their files, in step with its picture."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from .. import intake, jobs
from ..jobs import Work
from ..models import ArchiveImage, ArchiveVideo, Derivative, PicturedAsset, PublicCopyRequest, Scan
from ..signals import pictures_made
from ..storage_errors import StorageUnavailableError
from .posters import ensure_poster
from .rendering import render, sizes_for

logger = logging.getLogger(__name__)

DERIVATIVES = "derivatives"
Progress = Callable[[float], None]
OWNER_FIELD = {ArchiveImage: "image", Scan: "scan", ArchiveVideo: "video"}


@dataclass(frozen=True)
class _Source:
    """The picture that stands for an asset: its own file, or a film's still."""

    file: object
    mime_type: str
    sha256: str
    width: int
    height: int


def run(work: Work) -> None:
    """The job: what the asset lacks of its pictures, a film's still before them. What goes wrong is kept in
    `asset.derivatives_error` for the editor, and told to the job."""
    asset = work.asset
    try:
        work.progress(0)
        _renew(asset, False, work.progress)
    except intake.FileError as error:
        _failed(asset, error.reason)
        raise
    except _SupersededError:
        jobs.ask(DERIVATIVES, asset)
        return
    except StorageUnavailableError as error:
        _wait_for_storage(asset, error)
        raise
    except (jobs.JobLost, jobs.JobStopped, OperationalError):
        raise
    except Exception as error:
        _failed(asset, _error(error))
        raise
    _note(asset, "")


def make_derivatives(asset: PicturedAsset, *, force: bool = False) -> bool:
    """Make the asset's derivatives here and now unless they are there already, made from the present picture.

    New files are written first, then rows are replaced in one transaction, old files go when it commits; no
    transaction is held open while the storage is at work. What fails is logged and kept in `asset.derivatives_error`
    for the editor to see; derivatives of a picture that is no longer the asset's are removed even then. Returns
    whether the asset now has what it should have; what a storage that is down, a busy database or another picture
    meanwhile prevented is left to a job. Raises nothing that the picture or the storage can cause.
    """
    try:
        _renew(asset, force)
    except intake.FileError as error:
        logger.warning("derivatives of %s %s: %s", asset._meta.label, asset.pk, error.reason)
        return _failed(asset, error.reason)
    except _SupersededError:
        jobs.ask(DERIVATIVES, asset)
        return False
    except StorageUnavailableError as error:
        logger.warning("derivatives of %s %s wait: %s", asset._meta.label, asset.pk, error)
        _wait_for_storage(asset, error)
        jobs.ask(DERIVATIVES, asset)
        return False
    except Exception as error:
        logger.exception("derivatives of %s %s", asset._meta.label, asset.pk)
        if isinstance(error, OperationalError):  # a database that was busy will not be the next time
            jobs.ask(DERIVATIVES, asset)
        return _failed(asset, _error(error))
    _note(asset, "")
    return True


def _error(error: Exception) -> str:
    return _("制作展示图时出错：%(error)s") % {"error": error or type(error).__name__}


def _wait_for_storage(asset: PicturedAsset, error: StorageUnavailableError) -> None:
    reason = _("%(reason)s，展示图稍后自动制作。") % {"reason": error.reason}
    if isinstance(asset, ArchiveVideo):
        _note(asset, reason)  # whether its pictures are those of its still, only the storage could tell
    else:
        _failed(asset, reason)


def _ensure_still(asset: PicturedAsset) -> None:
    """A film without a still gets one, and a new film a new one. Raises StorageUnavailableError."""
    if not isinstance(asset, ArchiveVideo) or asset.type != "video":
        return
    if not asset.thumbnail or (asset.poster_is_automatic and asset.still_of_sha256 != asset.sha256):
        ensure_poster(asset, wait_for_storage=True)
        if asset.thumbnail:
            asset.still_of_sha256 = asset.sha256
            ArchiveVideo.objects.filter(pk=asset.pk).update(still_of_sha256=asset.sha256)


def forget_stale(asset: PicturedAsset) -> None:
    """In the transaction that gives the asset another file: what shows the one before is shown no more."""
    stale = Derivative.objects.pictures().filter(**{OWNER_FIELD[type(asset)]: asset})
    if not isinstance(asset, ArchiveVideo):
        stale.exclude(source_sha256=asset.sha256).delete()
    else:
        if asset.thumbnail and asset.poster_is_automatic and asset.still_of_sha256 != asset.sha256:
            replaced = asset.thumbnail.name
            asset.thumbnail = ""
            ArchiveVideo.objects.filter(pk=asset.pk).update(thumbnail="")
            asset._meta.get_field("thumbnail").storage.delete(replaced)  # a master: a row, and done later
        if asset._has_new_still or not asset.thumbnail:
            stale.delete()
    _forget_prefetched(asset)


def _renew(asset: PicturedAsset, force: bool, progress: Progress = lambda percent: None) -> None:
    _ensure_still(asset)
    owner = {OWNER_FIELD[type(asset)]: asset}
    pictures = Derivative.objects.pictures().filter(**owner)
    source = _source_of(asset)
    if source is None:
        pictures.delete()
    elif force or not _is_complete(list(pictures), source):
        _replace(asset, owner, source, progress)
    _forget_prefetched(asset)


def _source_of(asset: PicturedAsset) -> _Source | None:
    if not isinstance(asset, ArchiveVideo):
        return _Source(asset.file, asset.mime_type, asset.sha256, asset.width, asset.height)
    if not asset.thumbnail:
        if asset.type == "video":
            raise intake.UnreadableFile(_("没有封面图，也未能从影片中截取一帧。"))
        return None
    with asset.thumbnail.storage.open(asset.thumbnail.name) as still:
        facts = intake.describe(still, kinds=ArchiveImage.file_kinds)
    return _Source(asset.thumbnail, facts.mime_type, facts.sha256, facts.width, facts.height)


def _is_complete(present: list[Derivative], source: _Source) -> bool:
    made = {(d.preset, d.format) for d in present if d.source_sha256 == source.sha256}
    wanted = {
        (preset.value, image_format)
        for preset, _width, _height in sizes_for(source.width, source.height)
        for image_format in ("webp", "jpeg")
    }
    return made == wanted


def _replace(asset: PicturedAsset, owner: dict[str, Model], source: _Source, progress: Progress) -> None:
    new: list[Derivative] = []
    count = 2 * len(sizes_for(source.width, source.height))
    try:
        with source.file.storage.open(source.file.name) as file:
            for made in render(file, source.mime_type, source.width, source.height):
                row = Derivative(
                    **owner,
                    preset=made.preset,
                    format=made.format,
                    width=made.width,
                    height=made.height,
                    file_size=len(made.data),
                    source_sha256=source.sha256,
                )
                row.file.save("", ContentFile(made.data), save=False)
                new.append(row)
                progress(10 + 85 * len(new) / count)
        with transaction.atomic():
            # The row is held: two makers at once would clash. The request comes before the derivatives, in the order
            # in which the publisher takes them.
            _require_same_picture(type(asset)._base_manager.select_for_update().get(pk=asset.pk), source.file.name)
            PublicCopyRequest.objects.ask(OWNER_FIELD[type(asset)], [asset.pk])
            Derivative.objects.pictures().filter(**owner).delete()
            Derivative.objects.bulk_create(new)
            pictures_made.send(sender=type(asset), instance=asset)
    except BaseException:
        for row in new:
            row.file.storage.delete(row.file.name)
        raise


class _SupersededError(Exception):
    """The asset was given another picture while this one was being worked on."""


def _picture_name(asset: PicturedAsset) -> str:
    return (asset.thumbnail if isinstance(asset, ArchiveVideo) else asset.file).name or ""


def _require_same_picture(now: PicturedAsset, name: str) -> None:
    if _picture_name(now) != name:
        raise _SupersededError(f"{now._meta.label} {now.pk}")


def _failed(asset: PicturedAsset, reason: str) -> bool:
    now = type(asset)._base_manager.filter(pk=asset.pk).first()
    if now is None or _picture_name(now) != _picture_name(asset):
        return False  # what failed is the asset's picture no more
    stale = Derivative.objects.pictures().filter(**{OWNER_FIELD[type(asset)]: asset})
    if not isinstance(asset, ArchiveVideo):
        stale = stale.exclude(source_sha256=asset.sha256)
    stale.delete()
    _forget_prefetched(asset)
    _note(asset, reason)
    return False


def _note(asset: PicturedAsset, reason: str) -> None:
    if asset.derivatives_error != reason:
        asset.derivatives_error = reason
        type(asset)._base_manager.filter(pk=asset.pk).update(derivatives_error=reason)


def _forget_prefetched(asset: PicturedAsset) -> None:
    getattr(asset, "_prefetched_objects_cache", {}).pop("derivatives", None)
