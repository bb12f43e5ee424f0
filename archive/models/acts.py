"""What was done, by whom, to what: on publications, on permissions, at the door. Rows are added, never changed.

`ActSeal` chains them: each seal holds the SHA-256 of the one before and of the content of one act, so that an act that
was altered or taken out past the database is noticed (`archive.acts.sealing`).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Matter(models.TextChoices):
    PUBLICATION = "publication", _("发布")
    PERMISSION = "permission", _("权限")
    SIGN_IN = "sign-in", _("登录")
    OTHER = "other", _("其他")


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses what would change or remove rows."""

    def update(self, **kwargs):
        raise ValidationError(_("操作记录不能改动。"))

    def delete(self):
        raise ValidationError(_("操作记录不能删除。"))


class AppendOnly(models.Model):
    """Written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise ValidationError(_("操作记录不能改动。"))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(_("操作记录不能删除。"))


class Act(AppendOnly):
    """One act. What it says stays true when its person or its object is gone: names are kept beside the keys.

    `kind` is an action of Wagtail's log or one of `archive.acts.kinds`; `object_kind` is "app.model" in lower case.
    `address` is kept of sign-ins alone.
    """

    at = models.DateTimeField(_("时间"), default=timezone.now)
    matter = models.CharField(_("事项"), max_length=16, choices=Matter.choices)
    kind = models.CharField(_("操作"), max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("操作人"),
    )
    user_name = models.CharField(_("操作人"), max_length=150, blank=True)
    object_kind = models.CharField(_("对象种类"), max_length=200, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    label = models.CharField(_("对象"), max_length=255, blank=True)
    words = models.TextField(_("说明"), blank=True)
    address = models.GenericIPAddressField(_("来自"), null=True, blank=True)

    class Meta:
        verbose_name = _("操作")
        verbose_name_plural = _("操作记录")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        permissions = [("view_acts", _("可查看操作记录"))]
        indexes = [
            models.Index(fields=["-at", "-id"], name="act_by_time"),
            models.Index(fields=["matter", "-at", "-id"], name="act_by_matter"),
            models.Index(fields=["kind", "-at", "-id"], name="act_by_kind"),
            models.Index(fields=["user", "-at", "-id"], name="act_by_user"),
            models.Index(fields=["object_kind", "-at", "-id"], name="act_by_object_kind"),
            models.Index(fields=["object_kind", "object_id", "-at"], name="act_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.label}"


class ActSeal(AppendOnly):
    """A link of the chain. `position` counts from 1 without a gap."""

    position = models.PositiveBigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal")
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"
