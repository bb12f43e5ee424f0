"""What is still to be made of an asset, by whom it is being made, and how that went: one row for each kind of work."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .document import ArchiveDocument
from .image import ArchiveImage
from .outbox import AssetKind
from .scan import Scan
from .video import ArchiveVideo

ASSET_MODELS = {
    AssetKind.IMAGE: ArchiveImage,
    AssetKind.SCAN: Scan,
    AssetKind.VIDEO: ArchiveVideo,
    AssetKind.DOCUMENT: ArchiveDocument,
}
KINDS = {model: kind for kind, model in ASSET_MODELS.items()}
SUBJECTS: dict[str, type[models.Model]] = {str(kind): model for kind, model in ASSET_MODELS.items()}
"""What work is done on: the assets, and what other apps have made known by `register_subject`."""
LEASE = timedelta(seconds=90)
FIRST_RETRY = timedelta(seconds=15)
LAST_RETRY = timedelta(minutes=30)
STORAGE_RETRY = timedelta(seconds=30)


def register_subject(kind: str, model: type[models.Model]) -> None:
    """Let work be asked for on rows of this model too, which is no asset; once, in apps.ready(). Rows that are deleted
    take their work with them when it is next looked at."""
    SUBJECTS[kind] = model


class JobState(models.TextChoices):
    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Batch(models.Model):
    """Work that was asked for together: an upload of many files, a whole book, "everything once more"."""

    label = models.CharField(_("名称"), max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发起人"),
    )
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")

    def __str__(self) -> str:
        return self.label


class JobQuerySet(models.QuerySet):
    def ask(self, kind: str, asset_kind: str, ids: Iterable[int], *, batch: Batch | None = None) -> None:
        """Have this made of these assets, once the caller's transaction is committed. What waits or failed is begun
        afresh; what is being made is made once more afterwards."""
        stamp, remaining = secrets.token_hex(8), iter(ids)
        running = Q(state=JobState.RUNNING)

        def unless_running(field: str, value) -> Case:
            return Case(When(running, then=F(field)), default=Value(value, self.model._meta.get_field(field)))

        while lot := sorted(set(islice(remaining, 500))):
            wanted = [
                self.model(kind=kind, asset_kind=asset_kind, object_id=pk, batch=batch, stamp=stamp) for pk in lot
            ]
            self.bulk_create(wanted, ignore_conflicts=True)
            there = self.filter(kind=kind, asset_kind=asset_kind, object_id__in=lot).exclude(stamp=stamp)
            there.update(
                stamp=stamp,
                state=unless_running("state", JobState.WAITING),
                percent=unless_running("percent", 0.0),
                attempts=unless_running("attempts", 0),
                reason=unless_running("reason", ""),
                created_at=unless_running("created_at", timezone.now()),
                finished_at=None,
                retry_at=None,
                **({"batch": batch} if batch else {}),
            )

    def due(self) -> "JobQuerySet":
        """What waits, and not for a later try."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()), state=JobState.WAITING)

    def abandoned(self) -> "JobQuerySet":
        """What is in the hands of a worker that has not been heard of for a lease."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=timezone.now()).order_by("pk")

    def claimable(self) -> "JobQuerySet":
        """What may be taken: the due and the abandoned."""
        return (self.due() | self.abandoned()).order_by("pk")

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def of(self, asset) -> "JobQuerySet":
        return self.filter(asset_kind=KINDS[type(asset)], object_id=asset.pk)

    def retry(self) -> int:
        """Begin what failed or was cancelled afresh; how many."""
        return self.filter(state__in=[JobState.FAILED, JobState.CANCELLED]).update(
            state=JobState.WAITING,
            attempts=0,
            percent=0,
            reason="",
            retry_at=None,
            finished_at=None,
            stamp=secrets.token_hex(8),
        )

    def cancel(self) -> int:
        """Give up what waits; how many. What is being made is finished."""
        return self.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, finished_at=timezone.now())


class Job(models.Model):
    """One kind of work on one asset. There is one row for each, which begins anew when the work is asked for again.

    Claims are conditional updates: of many workers one gets the row, and a worker that is not heard of for `LEASE`
    loses it. `stamp` is renewed by whoever asks, so that the work is known to be out of date when it ends.
    """

    kind = models.CharField(_("工作"), max_length=32)
    asset_kind = models.CharField(_("对象种类"), max_length=16)
    object_id = models.BigIntegerField(_("对象编号"))
    batch = models.ForeignKey(
        Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs", verbose_name=_("批次")
    )
    state = models.CharField(_("状态"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    percent = models.FloatField(_("进度（%）"), default=0)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    reason = models.TextField(_("未成的原因"), blank=True)
    stamp = models.CharField(max_length=16, editable=False)
    claim = models.CharField(max_length=16, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(_("最近一次动静"), null=True, blank=True)
    retry_at = models.DateTimeField(_("下次重试时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        constraints = [
            models.UniqueConstraint(fields=["kind", "asset_kind", "object_id"], name="one_job_a_kind_and_asset")
        ]
        indexes = [
            models.Index(fields=["state", "retry_at"], name="job_due"),
            models.Index(fields=["state", "kind", "batch", "id"], name="job_next"),
            models.Index(fields=["asset_kind", "object_id"], name="job_asset"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asset_kind}:{self.object_id}"

    def asset(self):
        """What it is made of, or None when that is gone."""
        return SUBJECTS[self.asset_kind]._base_manager.filter(pk=self.object_id).first()

    # --- In a worker's hands ------------------------------------------------------------------------------------

    def take(self) -> bool:
        """Claim it for this worker; False when another was quicker or it is done with."""
        claim, now = secrets.token_hex(8), timezone.now()
        mine = Job.objects.filter(pk=self.pk).claimable().order_by()
        if not mine.update(
            state=JobState.RUNNING,
            claim=claim,
            lease_until=now + LEASE,
            heartbeat_at=now,
            started_at=now,
            finished_at=None,
            percent=0,
            attempts=F("attempts") + 1,
        ):
            return False
        self.refresh_from_db()
        return self.claim == claim

    def _mine(self) -> JobQuerySet:
        return Job.objects.filter(pk=self.pk, claim=self.claim, state=JobState.RUNNING)

    def renew(self, percent: float | None = None) -> bool:
        """Say that it is being worked on; False when it is no longer ours."""
        now = timezone.now()
        changed = {"lease_until": now + LEASE, "heartbeat_at": now}
        if percent is not None:
            changed["percent"] = self.percent = percent
        return bool(self._mine().update(**changed))

    def finish(self) -> bool:
        """Done, unless somebody has asked again meanwhile: then it waits to be done once more. False when it was no
        longer ours."""
        done = self._mine().filter(stamp=self.stamp)
        return bool(
            done.update(
                state=JobState.DONE, percent=100, reason="", claim="", lease_until=None, finished_at=timezone.now()
            )
        ) or self._release(attempts=0)

    def fail(self, reason: str) -> bool:
        """It cannot be done; unless somebody has asked again meanwhile."""
        failed = self._mine().filter(stamp=self.stamp)
        return bool(
            failed.update(
                state=JobState.FAILED, reason=reason[:2000], claim="", lease_until=None, finished_at=timezone.now()
            )
        ) or self._release(attempts=0)

    def put_off(self, reason: str) -> bool:
        """Try again later: twice as long each time, up to half an hour."""
        wait = min(FIRST_RETRY * 2 ** min(self.attempts - 1, 20), LAST_RETRY) if self.attempts else FIRST_RETRY
        return self._release(reason=reason[:2000], retry_at=timezone.now() + wait)

    def wait_for_storage(self, reason: str) -> bool:
        """Try again when the storage may be there again. That it was not is no failure of this work."""
        return self._release(
            reason=reason[:2000], retry_at=timezone.now() + STORAGE_RETRY, attempts=max(self.attempts - 1, 0)
        )

    def hand_back(self) -> bool:
        """As if it had not been taken: the worker is told to stop."""
        return self._release(attempts=max(self.attempts - 1, 0))

    def _release(self, **changes) -> bool:
        return bool(self._mine().update(state=JobState.WAITING, claim="", lease_until=None, percent=0, **changes))
