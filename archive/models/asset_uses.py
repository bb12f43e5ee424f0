"""Which live page shows which asset: written at publication, so that a file's visibility is looked up, not guessed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo

from .base import ArchivePage


class AssetUse(models.Model):
    """One use of one asset by one live page. `archive.publication` writes and deletes these rows."""

    page = models.ForeignKey(ArchivePage, on_delete=models.CASCADE, related_name="asset_uses")
    image = models.ForeignKey(ArchiveImage, null=True, on_delete=models.CASCADE, related_name="uses")
    video = models.ForeignKey(ArchiveVideo, null=True, on_delete=models.CASCADE, related_name="uses")
    document = models.ForeignKey(ArchiveDocument, null=True, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        verbose_name = _("文件使用")
        verbose_name_plural = _("文件使用")
        constraints = [
            models.UniqueConstraint(fields=["page", "image"], name="image_use_once"),
            models.UniqueConstraint(fields=["page", "video"], name="video_use_once"),
            models.UniqueConstraint(fields=["page", "document"], name="document_use_once"),
            models.CheckConstraint(
                condition=models.Q(image__isnull=False, video__isnull=True, document__isnull=True)
                | models.Q(image__isnull=True, video__isnull=False, document__isnull=True)
                | models.Q(image__isnull=True, video__isnull=True, document__isnull=False),
                name="asset_use_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.image_id or self.video_id or self.document_id}"
