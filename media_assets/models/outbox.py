"""What must still be done in the storages: rows written with the change that asks for it, kept until it is done."""

import secrets
from array import array
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIRST_RETRY = timedelta(seconds=5)
LAST_RETRY = timedelta(minutes=5)
LEASE = timedelta(minutes=5)


def _portions(things: Iterable, size: int = 500) -> Iterator[list]:
    """The things in lists of this size."""
    iterator = iter(things)
    while portion := list(islice(iterator, size)):
        yield portion


class AssetKind(models.TextChoices):
    """The kinds of assets. All but documents are shown through derivatives, and so have public copies."""

    IMAGE = "image", _("图片")
    SCAN = "scan", _("扫描页")
    VIDEO = "video", _("音视频")
    DOCUMENT = "document", _("文档")


class UnfinishedQuerySet(models.QuerySet):
    def due(self) -> "UnfinishedQuerySet":
        """What can be tried now, oldest first: what failed waits for its time."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now())).order_by("pk")


class UnfinishedWork(models.Model):
    """One thing to be done, tried until it succeeds."""

    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    attempts = models.PositiveIntegerField(_("失败次数"), default=0)
    last_error = models.TextField(_("最近一次失败的原因"), blank=True)
    retry_at = models.DateTimeField(_("下次重试时间"), null=True, blank=True, db_index=True)

    class Meta:
        abstract = True

    def put_off(self, reason: str) -> None:
        """Keep the reason and wait, twice as long each time, up to five minutes."""
        self.attempts += 1
        self.last_error = reason[:2000]
        self.retry_at = timezone.now() + min(FIRST_RETRY * 2 ** min(self.attempts - 1, 20), LAST_RETRY)
        # An update, because the row may be gone by now, and then there is nothing to keep.
        self._still_as_read().update(attempts=self.attempts, last_error=self.last_error, retry_at=self.retry_at)

    def _still_as_read(self) -> models.QuerySet:
        """The row, if nobody has asked for it anew since it was read."""
        return type(self).objects.filter(pk=self.pk)


class PublicCopyQuerySet(UnfinishedQuerySet):
    def ask(self, kind: str, ids: Iterable[int]) -> None:
        """Have the public copies of these assets made what they should be, once the caller's transaction is
        committed. One row an asset: who asks again while it is being done, has it done again."""
        stamp = secrets.token_hex(8)
        # All of them at once, eight bytes each: an open cursor and writing do not go together on SQLite.
        for chunk in _portions(array("q", ids)):
            self.bulk_create(
                [self.model(kind=kind, object_id=pk, stamp=stamp) for pk in sorted(set(chunk))],
                update_conflicts=True,
                unique_fields=["kind", "object_id"],
                update_fields=["stamp", "retry_at"],
            )

    def claimable(self) -> "PublicCopyQuerySet":
        """What is due and in nobody's hands, or in those of a worker that has not been heard of for five minutes."""
        return self.due().filter(Q(claimed_until=None) | Q(claimed_until__lt=timezone.now()))


class PublicCopyRequest(UnfinishedWork):
    """An asset whose public copies may not be what they should be. `token` is kept from the first attempt on, so
    that what an interrupted one left behind is found again."""

    kind = models.CharField(_("种类"), max_length=8, choices=AssetKind.choices)
    object_id = models.BigIntegerField(_("对象编号"))
    stamp = models.CharField(max_length=16, editable=False)
    token = models.CharField(_("公开令牌"), max_length=64, blank=True, editable=False)
    claim = models.CharField(max_length=16, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PublicCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("待处理的公开副本")
        verbose_name_plural = _("待处理的公开副本")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_public_copy_request")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"

    def _still_as_read(self) -> models.QuerySet:
        return PublicCopyRequest.objects.filter(pk=self.pk, stamp=self.stamp)

    def take(self) -> bool:
        """Claim it for this worker; False when another was quicker or it is done with."""
        claim, now = secrets.token_hex(8), timezone.now()
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        mine = PublicCopyRequest.objects.filter(free, pk=self.pk)
        if not mine.update(claim=claim, claimed_until=now + LEASE):
            return False
        self.refresh_from_db()
        return self.claim == claim

    def is_still_mine(self) -> bool:
        """Whether nobody has asked again and nobody has taken it over; renews the claim. Inside a transaction it
        holds the row, so that it stays so until the end."""
        current = PublicCopyRequest.objects.select_for_update().filter(pk=self.pk, claim=self.claim, stamp=self.stamp)
        return bool(current.update(claimed_until=timezone.now() + LEASE))

    def let_go(self) -> None:
        PublicCopyRequest.objects.filter(pk=self.pk, claim=self.claim).update(claim="", claimed_until=None)

    def finish(self) -> None:
        """Done, unless somebody has asked again meanwhile: then it is free to be taken once more."""
        mine = PublicCopyRequest.objects.filter(pk=self.pk, claim=self.claim)
        if not mine.filter(stamp=self.stamp).delete()[0]:
            self.let_go()


class FileRemovalQuerySet(UnfinishedQuerySet):
    def ask(self, alias: str, names: Iterable[str]) -> None:
        """Have these files deleted, once the caller's transaction is committed."""
        for chunk in _portions(names):
            self.bulk_create([self.model(alias=alias, name=name) for name in chunk])


class FileRemoval(UnfinishedWork):
    """A file that no row speaks for any more."""

    alias = models.CharField(_("存储"), max_length=20)
    name = models.CharField(_("名称"), max_length=200)

    objects = FileRemovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("待删除的文件")
        verbose_name_plural = _("待删除的文件")

    def __str__(self) -> str:
        return f"{self.alias}:{self.name}"
