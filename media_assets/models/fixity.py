"""What the last check of a master against its SHA-256 found: one row for each asset that was ever checked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .job import ASSET_MODELS
from .outbox import AssetKind


class FixityState(models.TextChoices):
    OK = "ok", _("完好")
    CHANGED = "changed", _("内容已变")
    MISSING = "missing", _("文件丢失")
    UNREADABLE = "unreadable", _("无法读取")


class FixityQuerySet(models.QuerySet):
    def damaged(self) -> "FixityQuerySet":
        return self.exclude(state=FixityState.OK)


class FixityCheck(models.Model):
    """`found_sha256` is what the bytes gave, empty where there were none to read; `note` says what to know."""

    asset_kind = models.CharField(_("对象种类"), max_length=8, choices=AssetKind.choices)
    object_id = models.BigIntegerField(_("对象编号"))
    checked_at = models.DateTimeField(_("检查时间"), db_index=True)
    state = models.CharField(_("结果"), max_length=10, choices=FixityState.choices)
    found_sha256 = models.CharField(_("现有内容的 SHA-256"), max_length=64, blank=True)
    note = models.TextField(_("说明"), blank=True)

    objects = FixityQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("固定性检查")
        verbose_name_plural = _("固定性检查")
        constraints = [models.UniqueConstraint(fields=["asset_kind", "object_id"], name="one_fixity_check_an_asset")]
        indexes = [models.Index(fields=["state"], name="fixity_state")]

    def __str__(self) -> str:
        return f"{self.asset_kind}:{self.object_id} {self.state}"

    def asset(self):
        """What was checked, or None when it is gone."""
        return ASSET_MODELS[AssetKind(self.asset_kind)]._base_manager.filter(pk=self.object_id).first()
