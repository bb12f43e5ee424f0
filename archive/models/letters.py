"""Which letters went out by mail, so that each goes once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentLetter(models.Model):
    """One letter to one person. `key` names the occasion and the person; a row without `sent_at` is a letter that
    somebody is about to send, or could not (`reason`), and is tried again later."""

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("收件人")
    )
    begun_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(_("寄出时间"), null=True, db_index=True)
    reason = models.CharField(_("没有寄出的原因"), max_length=500, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("邮件")
        verbose_name_plural = _("邮件")

    def __str__(self) -> str:
        return self.key
