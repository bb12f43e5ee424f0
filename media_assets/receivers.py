"""What happens to other rows and files when an asset is saved or deleted."""

from datetime import timedelta

from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from . import jobs
from .derivatives.images import DERIVATIVES, OWNER_FIELD, forget_stale
from .derivatives.pyramids import PYRAMID, forget_pyramid, wants_pyramid
from .models import Derivative, FileRemoval, Job, Pyramid, Scan
from .models.job import KINDS
from .signals import file_stored, removal_failed

MASTERS_WAIT = timedelta(minutes=1)


def connect() -> None:
    """Called once, when the app is ready. The libraries of Wagtail and wagtailmedia delete the originals of
    their own models."""
    file_stored.connect(ask_for_pictures, dispatch_uid="media_assets.pictures")
    removal_failed.connect(note_removal, dispatch_uid="media_assets.removals")
    post_delete.connect(delete_public_copy, sender=Derivative, dispatch_uid="media_assets.public_copy")
    for model in KINDS:
        post_delete.connect(forget_jobs, sender=model, dispatch_uid=f"media_assets.jobs.{model.__name__}")
    for model in (Derivative, Pyramid, Scan):
        post_delete.connect(delete_file, sender=model, dispatch_uid=f"media_assets.delete.{model.__name__}")


def ask_for_pictures(sender, instance, **kwargs) -> None:
    """In the transaction that stores the file: the worker makes them."""
    if sender in OWNER_FIELD:
        forget_stale(instance)
        jobs.ask(DERIVATIVES, instance)
    forget_pyramid(instance)
    if wants_pyramid(instance):
        jobs.ask(PYRAMID, instance)


def forget_jobs(sender, instance, **kwargs) -> None:
    Job.objects.filter(asset_kind=KINDS[sender], object_id=instance.pk).delete()


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
