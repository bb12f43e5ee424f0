"""Registers the app and what it listens to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaAssetsConfig(AppConfig):
    name = "media_assets"
    label = "media_assets"
    verbose_name = _("媒体资源")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import caption_tracks, jobs, receivers, signals
        from .derivatives import documents, images, pyramids, videos
        from .uploading import acceptance

        acceptance.register()
        receivers.connect()
        signals.file_stored.connect(videos.film_stored, dispatch_uid="media_assets.films")
        signals.file_stored.connect(caption_tracks.document_stored, dispatch_uid="media_assets.captions")
        signals.file_stored.connect(documents.document_stored, dispatch_uid="media_assets.covers")
        jobs.register(images.DERIVATIVES, _("展示图"), images.run, wall_seconds=15 * 60)
        jobs.register(pyramids.PYRAMID, _("深度缩放图"), pyramids.run, wall_seconds=30 * 60)
        videos.register()
        documents.register()
