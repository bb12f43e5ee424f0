"""A file on its way in, part by part: whose it is, what it claims to be, how far it has come."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from .outbox import AssetKind


class UploadState(models.TextChoices):
    UPLOADING = "uploading", _("上传中")
    EXAMINING = "examining", _("检查中")
    ACCEPTED = "accepted", _("已入库")
    REFUSED = "refused", _("不能收入")
    FAILED = "failed", _("检查中断")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


UNDER_WAY = (UploadState.UPLOADING, UploadState.EXAMINING, UploadState.FAILED)


def new_folder() -> str:
    return secrets.token_hex(16)


class UploadQuerySet(models.QuerySet):
    def under_way(self) -> "UploadQuerySet":
        return self.filter(state__in=UNDER_WAY)


class Upload(models.Model):
    """`key` is the name under which the whole file will lie in the storage "default", `storage_id` the storage's own
    name for the upload, `folder` that of the parts which wait on this machine. `last_modified` in milliseconds since
    1970, as browsers tell it; `path` is where the file lay in the folder that was chosen. `group` joins what came
    together; whoever made it knows what it means. `file` names the stored file while it is being examined. `signed` is
    number → checksum of the parts that the storage was last told to expect: not every storage lists them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("文件夹")
    )
    group = models.CharField(max_length=32, blank=True, db_index=True)
    original_name = models.CharField(_("原文件名"), max_length=255)
    path = models.CharField(max_length=1000, blank=True)
    size = models.PositiveBigIntegerField(_("文件大小（字节）"))
    last_modified = models.BigIntegerField(default=0)
    kind = models.CharField(_("种类"), max_length=10)
    part_size = models.PositiveBigIntegerField()
    state = models.CharField(_("状态"), max_length=10, choices=UploadState.choices, default=UploadState.UPLOADING)
    reason = models.TextField(_("未成的原因"), blank=True)
    carrier = models.CharField(max_length=8)
    folder = models.CharField(max_length=32, default=new_folder, unique=True, editable=False)
    key = models.CharField(max_length=100)
    file = models.FileField(blank=True, max_length=100, db_index=True)
    storage_id = models.TextField(blank=True)
    signed = models.JSONField(default=dict, blank=True)
    asset_kind = models.CharField(max_length=16, blank=True, choices=AssetKind.choices)
    asset_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("保留到"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("上传")
        verbose_name_plural = _("上传")
        indexes = [
            models.Index(fields=["owner", "original_name", "size"], name="upload_again"),
            models.Index(fields=["state", "expires_at"], name="upload_expiry"),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def filename(self) -> str:
        return self.original_name

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_size)

    def part_length(self, number: int) -> int:
        """The bytes of part `number`, counted from 1. Raises ValueError for a part that there is not."""
        if not 1 <= number <= self.part_count:
            raise ValueError(f"part {number} of {self.part_count}")
        return min(self.part_size, self.size - (number - 1) * self.part_size)
