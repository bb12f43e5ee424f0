"""Files that came in together, on their way into the catalogue: one row a file, with what an editor writes of it."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, Page

from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo


def new_key() -> str:
    return secrets.token_hex(16)


class UploadBatch(models.Model):
    """One bringing-in. `key` is the `group` of its uploads; `plan` says under which pages its drafts are made."""

    class State(models.TextChoices):
        OPEN = "open", _("整理中")
        MAKING = "making", _("正在生成页面")
        FAILED = "failed", _("未成")
        DONE = "done", _("已生成草稿")

    key = models.CharField(max_length=32, default=new_key, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("上传人")
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("文件夹")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.TextField(_("未成的原因"), blank=True)
    plan = models.JSONField(default=dict, blank=True)
    album = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("上传批次")
        verbose_name_plural = _("上传批次")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @property
    def filename(self) -> str:
        return str(self)


class BatchRow(models.Model):
    """One file of a batch: the asset, what is written of it, and the page that was made of it. `record` is by the names
    of `archive.editing.upload_records`, all texts; places and topics are names with 、 between them."""

    batch = models.ForeignKey(UploadBatch, on_delete=models.CASCADE, related_name="rows")
    path = models.CharField(_("文件"), max_length=1000)
    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    video = models.ForeignKey(ArchiveVideo, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    document = models.ForeignKey(ArchiveDocument, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    record = models.JSONField(default=dict, blank=True)
    is_left_out = models.BooleanField(_("不生成页面"), default=False)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("批次中的文件")
        verbose_name_plural = _("批次中的文件")
        ordering = ["path", "pk"]

    def __str__(self) -> str:
        return self.path

    @property
    def asset(self) -> ArchiveImage | ArchiveVideo | ArchiveDocument:
        return self.image or self.video or self.document
