"""Keeps the derivative rows of an asset, and their files, in step with its picture."""

import logging
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from .. import intake
from ..models import ArchiveImage, ArchiveVideo, Derivative, PicturedAsset, PublicCopyRequest, Scan
from ..storage_errors import StorageUnavailableError
from .rendering import render, sizes_for

logger = logging.getLogger(__name__)

OWNER_FIELD = {ArchiveImage: "image", Scan: "scan", ArchiveVideo: "video"}


@dataclass(frozen=True)
class _Source:
    """The picture that stands for an asset: its own file, or a film's still."""

    file: object
    mime_type: str
    sha256: str
    width: int
    height: int


def make_derivatives(asset: PicturedAsset, *, force: bool = False, wait_for_storage: bool = False) -> bool:
    """Make the asset's derivatives unless they are there already, made from the present picture.

    New files are written first, then rows are replaced in one transaction, old files go when it commits; no
    transaction is held open while the storage is at work. What fails is logged and kept in `asset.derivatives_error`
    for the editor to see; derivatives of a picture that is no longer the asset's are removed even then. Returns
    whether the asset now has what it should have. A storage that is down is asked again later by itself; with
    `wait_for_storage` StorageUnavailableError is raised instead. Raises nothing else that the picture or the storage
    can cause.
    """
    try:
        _renew(asset, force)
    except intake.FileError as error:
        logger.warning("derivatives of %s %s: %s", asset._meta.label, asset.pk, error.reason)
        return _failed(asset, error.reason)
    except _SupersededError:
        PublicCopyRequest.objects.ask(OWNER_FIELD[type(asset)], [asset.pk])
        return False
    except StorageUnavailableError as error:
        reason = _("%(reason)s，展示图稍后自动制作。") % {"reason": error.reason}
        if isinstance(asset, ArchiveVideo):
            _note(asset, reason)  # whether its pictures are those of its still, only the storage could tell
        else:
            _failed(asset, reason)
        if wait_for_storage:
            raise
        logger.warning("derivatives of %s %s wait: %s", asset._meta.label, asset.pk, error)
        PublicCopyRequest.objects.ask(OWNER_FIELD[type(asset)], [asset.pk])
        return False
    except Exception as error:  # a save must never fail for its derivatives, whatever the storage raises
        logger.exception("derivatives of %s %s", asset._meta.label, asset.pk)
        if isinstance(error, OperationalError):  # a database that was busy will not be the next time
            PublicCopyRequest.objects.ask(OWNER_FIELD[type(asset)], [asset.pk])
        return _failed(asset, _("制作展示图时出错：%(error)s") % {"error": error or type(error).__name__})
    _note(asset, "")
    return True


def _renew(asset: PicturedAsset, force: bool) -> None:
    owner = {OWNER_FIELD[type(asset)]: asset}
    source = _source_of(asset)
    if source is None:
        Derivative.objects.filter(**owner).delete()
    elif force or not _is_complete(list(Derivative.objects.filter(**owner)), source):
        _replace(asset, owner, source)
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


def _replace(asset: PicturedAsset, owner: dict[str, Model], source: _Source) -> None:
    new: list[Derivative] = []
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
        with transaction.atomic():
            # The row is held: two makers at once would clash. The request comes before the derivatives, in the order
            # in which the publisher takes them.
            _require_same_picture(type(asset)._base_manager.select_for_update().get(pk=asset.pk), source.file.name)
            PublicCopyRequest.objects.ask(OWNER_FIELD[type(asset)], [asset.pk])
            Derivative.objects.filter(**owner).delete()
            Derivative.objects.bulk_create(new)
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
    stale = Derivative.objects.filter(**{OWNER_FIELD[type(asset)]: asset})
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
