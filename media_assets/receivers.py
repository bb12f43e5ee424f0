"""What happens to other rows and files when an asset is saved or deleted."""

from datetime import timedelta

from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from .derivatives.images import make_derivatives
from .derivatives.posters import ensure_poster
from .models import ArchiveImage, ArchiveVideo, Derivative, FileRemoval, Scan
from .signals import file_stored, removal_failed

MASTERS_WAIT = timedelta(minutes=1)


def connect() -> None:
    """Called once, when the app is ready. The libraries of Wagtail and wagtailmedia delete the originals of
    their own models."""
    file_stored.connect(make_pictures, dispatch_uid="media_assets.pictures")
    removal_failed.connect(note_removal, dispatch_uid="media_assets.removals")
    post_delete.connect(delete_public_copy, sender=Derivative, dispatch_uid="media_assets.public_copy")
    for model in (Derivative, Scan):
        post_delete.connect(delete_file, sender=model, dispatch_uid=f"media_assets.delete.{model.__name__}")


def make_pictures(sender, instance, **kwargs) -> None:
    if isinstance(instance, ArchiveVideo):
        ensure_poster(instance)
    if isinstance(instance, (ArchiveImage, Scan, ArchiveVideo)):
        make_derivatives(instance)


def delete_file(sender, instance, **kwargs) -> None:
    """Only when the row is really gone: a transaction that is rolled back must find the file still there."""
    storage, name = instance.file.storage, instance.file.name
    if name and storage.holds_masters:
        storage.delete(name)  # a row of this same transaction
    elif name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def delete_public_copy(sender, instance: Derivative, **kwargs) -> None:
    """In the transaction that deletes the row: a public file that nobody remembers must not come to be."""
    if instance.public_name:
        FileRemoval.objects.ask("public", [instance.public_name])


def note_removal(sender, alias: str, name: str, reason: str, **kwargs) -> None:
    """A master waits until the transaction that gave it up is surely over."""
    wait = None if reason else timezone.now() + MASTERS_WAIT
    FileRemoval.objects.create(alias=alias, name=name, last_error=reason, retry_at=wait)
