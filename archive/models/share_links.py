"""Addresses under which somebody outside reads a draft for some days, without an account."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ArchivePage


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class ShareLinkQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at=None, expires_at__gt=timezone.now())


class ShareLink(models.Model):
    """One link to the newest draft of a page. It stands in for publication and for nothing else. The name of whoever
    made it stands beside the account, which may be deleted."""

    class State(models.TextChoices):
        ACTIVE = "active", _("有效")
        EXPIRED = "expired", _("已过期")
        ENDED = "ended", _("已结束")

    page = models.ForeignKey(
        ArchivePage, on_delete=models.CASCADE, related_name="share_links", verbose_name=_("页面"), editable=False
    )
    secret = models.CharField(max_length=40, unique=True, default=new_secret, editable=False)
    given_to = models.CharField(_("给谁"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_by_name = models.CharField(_("分享人"), max_length=200, editable=False)
    created_at = models.DateTimeField(_("分享时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("有效至"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    opened = models.PositiveIntegerField(_("打开次数"), default=0, editable=False)
    last_opened_at = models.DateTimeField(_("最近打开"), null=True, editable=False)

    objects = ShareLinkQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("分享链接")
        verbose_name_plural = _("分享链接")
        ordering = ["-pk"]
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.given_to

    @property
    def state(self) -> State:
        if self.ended_at is not None:
            return self.State.ENDED
        return self.State.ACTIVE if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def is_active(self) -> bool:
        return self.state is self.State.ACTIVE
