"""What happens to other rows and files when an asset is saved or deleted."""

from django.db import transaction
from django.db.models.signals import post_delete

from .derivatives.images import make_derivatives
from .derivatives.posters import ensure_poster
from .models import ArchiveImage, ArchiveVideo, Derivative, Scan
from .signals import file_stored


def connect() -> None:
    """Called once, when the app is ready. The libraries of Wagtail and wagtailmedia delete the originals of
    their own models."""
    file_stored.connect(make_pictures, dispatch_uid="media_assets.pictures")
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
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
