"""The outboxes: what changed and must be indexed anew, written in the transaction that changed it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_FIRST_RETRY = timedelta(seconds=5)
_LAST_RETRY = timedelta(hours=1)


class OutboxQuerySet(models.QuerySet):
    """Questions that the indexer asks of the outbox."""

    def due(self) -> "OutboxQuerySet":
        """What can be indexed now, oldest first: entries that failed wait for their time."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now())).order_by("pk")


class _Outbox(models.Model):
    """One object that must be indexed anew. Indexed and deleted, or kept with the reason why not."""

    source = models.CharField(_("来源"), max_length=50)
    object_id = models.BigIntegerField(_("对象编号"))
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    attempts = models.PositiveIntegerField(_("失败次数"), default=0)
    last_error = models.TextField(_("最近一次失败的原因"), blank=True)
    retry_at = models.DateTimeField(_("下次重试时间"), null=True, blank=True, db_index=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"

    def record_failure(self, reason: str) -> None:
        """Keep the reason and put the next attempt off, twice as long each time, up to an hour."""
        self.attempts += 1
        self.last_error = reason[:2000]
        delay = min(_FIRST_RETRY * 2 ** min(self.attempts - 1, 20), _LAST_RETRY)
        self.retry_at = timezone.now() + delay
        # An update, because somebody may have deleted the row meanwhile, and then there is nothing to keep.
        type(self).objects.filter(pk=self.pk).update(
            attempts=self.attempts, last_error=self.last_error, retry_at=self.retry_at
        )


class OutboxEntry(_Outbox):
    """One object whose documents in the public index must be made anew."""

    class Meta:
        verbose_name = _("待编索引条目")
        verbose_name_plural = _("待编索引条目")
        indexes = [models.Index(fields=["source", "object_id"], name="search_outbox_object")]


class DeskOutboxEntry(_Outbox):
    """One object that the index of the editors' desk must take in anew."""

    class Meta:
        verbose_name = _("待编后台索引条目")
        verbose_name_plural = _("待编后台索引条目")
        indexes = [models.Index(fields=["source", "object_id"], name="search_desk_outbox_object")]
