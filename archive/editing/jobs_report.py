"""The page 「后台任务」 of the CMS: what is being made of the files, how far it is, what failed and why."""

from dataclasses import dataclass

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import register_permission_policy

from archive.access import VIEW_INTERNAL
from media_assets import jobs
from media_assets.models import AssetKind, Batch, Job, JobState

from .named_assets import ReportPermissionPolicy, known_rows, name_assets

SHOWN_BATCHES = 5
OFFERED_BATCHES = 100
URGENCY = (JobState.RUNNING, JobState.FAILED, JobState.WAITING)
RATE_OF = 20  # the remaining time is reckoned from the last jobs done

policy = ReportPermissionPolicy(Job)
register_permission_policy(Job, policy)


class CellColumn(Column):
    """A cell with a template of its own, which is given the row as `instance`."""

    def __init__(self, name: str, template: str, **kwargs):
        super().__init__(name, accessor="pk", **kwargs)
        self.cell_template_name = f"archive/editing/{template}"

    def get_cell_context_data(self, instance, parent_context):
        """With the token for its forms: cells are rendered without the request's own context."""
        token = get_token(parent_context["request"])
        return super().get_cell_context_data(instance, parent_context) | {"csrf_token": token}


class JobFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=JobState.choices)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("工作"), choices=lambda: [(kind.name, str(kind.label)) for kind in jobs.kinds()]
    )
    batch = django_filters.ModelChoiceFilter(
        label=gettext_lazy("批次"), queryset=lambda request: known_batches(request)
    )

    asset_kind = django_filters.ChoiceFilter(
        label=gettext_lazy("对象种类"), choices=lambda: [*AssetKind.choices, ("book-import", _("书稿导入"))]
    )

    class Meta:
        model = Job
        fields = ["state", "kind", "asset_kind", "batch"]


def known_batches(request: HttpRequest):
    """What the filter offers: their names tell of files that only the office knows."""
    may_know = request is not None and request.user.has_perm(VIEW_INTERNAL)
    newest = Batch.objects.order_by("-pk").values_list("pk", flat=True)[:OFFERED_BATCHES] if may_know else []
    # By their keys: in a query that is cut the filter finds nothing that was chosen.
    return Batch.objects.filter(pk__in=list(newest)).order_by("-pk")


class JobsReport(ReportView):
    model = Job
    permission_policy = policy
    any_permission_required = ["view"]
    template_name = "archive/editing/jobs_report.html"
    results_template_name = "archive/editing/jobs_results.html"
    page_title = gettext_lazy("后台任务")
    header_icon = "cogs"
    index_url_name = "archive_jobs"
    index_results_url_name = "archive_jobs_results"
    filterset_class = JobFilterSet
    export_filename = "jobs"
    list_export = [
        "kind",
        "asset_kind",
        "object_id",
        "state",
        "percent",
        "attempts",
        "reason",
        "created_at",
        "finished_at",
    ]
    columns = [
        CellColumn("asset", "asset_cell.html", label=gettext_lazy("对象")),
        Column("work", label=gettext_lazy("工作"), sort_key="kind", accessor=lambda job: jobs.label_of(job.kind)),
        CellColumn("state", "job_state_cell.html", label=gettext_lazy("状态"), sort_key="state"),
        Column("attempts", label=gettext_lazy("次数"), sort_key="attempts"),
        CellColumn("reason", "job_reason_cell.html", label=gettext_lazy("原因")),
        DateColumn("created_at", label=gettext_lazy("登记时间"), sort_key="created_at"),
        DateColumn("finished_at", label=gettext_lazy("结束时间"), sort_key="finished_at"),
    ]

    def get_base_queryset(self):
        return known_rows(self.request.user, Job.objects.select_related("batch"))

    @cached_property
    def counts(self) -> dict[str, int]:
        rows = self.get_base_queryset().order_by().values_list("state").annotate(Count("pk"))
        return dict(rows)

    def order_queryset(self, queryset):
        """What is under way first, then what needs a person, unless somebody wants another order."""
        if self.ordering:
            return super().order_queryset(queryset)
        places = [When(state=state, then=Value(place)) for place, state in enumerate(URGENCY)]
        return queryset.order_by(Case(*places, default=Value(len(URGENCY))), "-created_at", "-pk")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["table"] = self.get_table(name_assets(context["object_list"]))
        may_act = self.user_has_permission("change")
        return context | {
            "counts": [(label, self.counts.get(state, 0)) for state, label in JobState.choices],
            "failed_count": self.counts.get(JobState.FAILED, 0) if may_act else 0,
            "waiting_count": self.counts.get(JobState.WAITING, 0) if may_act else 0,
            "is_lively": bool(self.counts.get(JobState.WAITING) or self.counts.get(JobState.RUNNING)),
            "batches": latest_batches() if self.request.user.has_perm(VIEW_INTERNAL) else [],
        }


# --- Batches --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BatchLine:
    """A batch as a person reads it. `remaining` in seconds, or None until three are done."""

    batch: Batch
    total: int
    done: int
    failed: int
    unfinished: int
    remaining: float | None

    @property
    def percent(self) -> int:
        return round(100 * (self.total - self.unfinished) / self.total) if self.total else 100

    @property
    def remaining_words(self) -> str:
        if not self.unfinished:
            return _("已结束")
        if self.remaining is None:
            return "—"
        if self.remaining < 60:
            return _("不到 1 分钟")
        hours, minutes = divmod(round(self.remaining / 60), 60)
        if not hours:
            return _("约 %(minutes)d 分钟") % {"minutes": minutes}
        return _("约 %(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": minutes}


def latest_batches(count: int = SHOWN_BATCHES) -> list[BatchLine]:
    """The newest batches, with what of each is done: numbers that the rows themselves give."""
    unfinished = Q(jobs__state__in=[JobState.WAITING, JobState.RUNNING])
    found = Batch.objects.select_related("user").annotate(
        total=Count("jobs"),
        done=Count("jobs", filter=Q(jobs__state=JobState.DONE)),
        failed=Count("jobs", filter=Q(jobs__state=JobState.FAILED)),
        left=Count("jobs", filter=unfinished),
    )
    return [
        BatchLine(batch, batch.total, batch.done, batch.failed, batch.left, remaining_of(batch, batch.left))
        for batch in found.order_by("-pk")[:count]
    ]


def remaining_of(batch: Batch, left: int) -> float | None:
    """Seconds until the batch is done, at the rate of its last jobs; None until three of them are done."""
    done = Job.objects.filter(batch=batch, state=JobState.DONE).order_by("-finished_at")
    rows = list(done.values_list("started_at", "finished_at")[:RATE_OF])
    if len(rows) < 3 or not left:
        return None
    # Time that has passed since the last one counts too: a queue that stands still promises nothing.
    passed = (timezone.now() - min(started for started, _finished in rows)).total_seconds()
    return left * passed / len(rows)


# --- Acting ---------------------------------------------------------------------------------------------------


@require_POST
def retry_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(known_rows(request.user, Job.objects.all()), pk=pk)
    Job.objects.filter(pk=job.pk).retry()
    messages.success(request, _("已重新排队。"))
    return redirect("archive_jobs")


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(known_rows(request.user, Job.objects.all()), pk=pk)
    if Job.objects.filter(pk=job.pk).cancel():
        messages.success(request, _("已取消。"))
    else:
        messages.error(request, _("已经开始，不能取消。"))
    return redirect("archive_jobs")


@require_POST
def retry_failed(request: HttpRequest) -> HttpResponse:
    _require_change(request)
    count = Job.objects.filter(state=JobState.FAILED).retry()
    messages.success(request, _("%(count)d 项已重新排队。") % {"count": count})
    return redirect("archive_jobs")


@require_POST
def cancel_waiting(request: HttpRequest) -> HttpResponse:
    _require_change(request)
    count = Job.objects.cancel()
    messages.success(request, _("已取消 %(count)d 项。") % {"count": count})
    return redirect("archive_jobs")


def _require_change(request: HttpRequest) -> None:
    if not policy.user_has_permission(request.user, "change"):
        raise PermissionDenied


def urls() -> list:
    return [
        path("archive/jobs/", JobsReport.as_view(), name="archive_jobs"),
        path("archive/jobs/results/", JobsReport.as_view(results_only=True), name="archive_jobs_results"),
        path("archive/jobs/retry-failed/", retry_failed, name="archive_jobs_retry_failed"),
        path("archive/jobs/cancel-waiting/", cancel_waiting, name="archive_jobs_cancel_waiting"),
        path("archive/jobs/<int:pk>/retry/", retry_job, name="archive_job_retry"),
        path("archive/jobs/<int:pk>/cancel/", cancel_job, name="archive_job_cancel"),
    ]
