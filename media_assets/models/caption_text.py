"""The words of a caption file, read once: a page with a transcript must not fetch a file to be shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..captions import Cue
from .document import ArchiveDocument


class CaptionText(models.Model):
    """Cues as they were read from the file with this SHA-256."""

    document = models.OneToOneField(ArchiveDocument, on_delete=models.CASCADE, related_name="caption_text")
    sha256 = models.CharField("SHA-256", max_length=64)
    cues = models.JSONField(_("字幕"), help_text=_("每条一行：开始秒数、结束秒数、文字、位置。"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("字幕文字")
        verbose_name_plural = _("字幕文字")

    def __str__(self) -> str:
        return f"{self.document_id}：{len(self.cues)}"

    def read(self) -> list[Cue]:
        return [Cue(*row) for row in self.cues]
