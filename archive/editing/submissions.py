"""What the towns sent in, as the office sees it: the list with its tally, each submission, and the answer to it."""

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from archive.contributing.moves import MoveRefusedError, move
from archive.contributing.package import silent_towns, stream, tally_table
from archive.models import Campaign, ContributingTown, Submission, SubmissionState
from archive.models.campaigns import Kind
from media_assets.models.job import KINDS

from .submission_acceptance import PARENTS, accept, proposed_parent

VIEW, CHANGE = "archive.view_submission", "archive.change_submission"
MOVED = {
    "return": gettext_lazy("已退回。"),
    "decline": gettext_lazy("已记为不采用。"),
    "accept": gettext_lazy("已采用为草稿。"),
}
_SENT_STATES = [choice for choice in SubmissionState.choices if choice[0] != SubmissionState.DRAFT]


class SubmissionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)


def menu_item() -> MenuItem:
    return SubmissionsMenuItem(
        gettext_lazy("来稿"), reverse("archive_submissions"), name="submissions", icon_name="mail", order=455
    )


def address_of_page(user, page: Page) -> str:
    """The submission of which this page was made, for whoever may see it; else nothing."""
    if page.pk is None or not user.has_perm(VIEW):
        return ""
    row = Submission.objects.filter(pages=page.pk).first()
    return reverse("archive_submission", args=[row.pk]) if row is not None else ""


def sent_ones():
    """What ever left a draft: what a town withdrew unsent is its own too."""
    rows = Submission.objects.filter(sent_at__isnull=False)
    return rows.select_related("campaign", "town__place")


class SubmissionFilterSet(WagtailFilterSet):
    campaign = django_filters.ModelChoiceFilter(label=gettext_lazy("征集活动"), queryset=Campaign.objects.all())
    town = django_filters.ModelChoiceFilter(
        label=gettext_lazy("镇街"), queryset=ContributingTown.objects.select_related("place").order_by("place__name")
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("种类"), choices=Kind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=_SENT_STATES)
    words = django_filters.CharFilter(label=gettext_lazy("题名、作者或回执号"), method="with_words")

    class Meta:
        model = Submission
        fields = ["campaign", "town", "kind", "state", "words"]

    def with_words(self, queryset, name, value):
        named = Q(title__icontains=value) | Q(author__icontains=value)
        return queryset.filter(named | Q(receipt__icontains=value.strip()))


class SubmissionsView(ReportView):
    """Newest first, fifty a page. With a campaign chosen, its tally above and its package to take away."""

    model = Submission
    permission_policy = None  # asked for where the addresses are
    template_name = "archive/editing/submissions.html"
    results_template_name = "archive/editing/submissions_results.html"
    page_title = gettext_lazy("来稿")
    header_icon = "mail"
    index_url_name = "archive_submissions"
    index_results_url_name = "archive_submissions_results"
    filterset_class = SubmissionFilterSet
    default_ordering = "-sent_at"
    is_searchable = False
    columns = [
        TitleColumn("name", label=gettext_lazy("题名"), sort_key="title", get_url=lambda row: address_of(row)),
        Column("town", label=gettext_lazy("镇街"), sort_key="town__place__name"),
        Column("kind", label=gettext_lazy("种类"), accessor="get_kind_display", sort_key="kind"),
        Column("state", label=gettext_lazy("状态"), accessor="get_state_display", sort_key="state"),
        Column("campaign", label=gettext_lazy("征集活动")),
        DateColumn("sent_at", label=gettext_lazy("送出时间"), sort_key="sent_at"),
        Column("receipt", label=gettext_lazy("回执号")),
    ]

    def get_base_queryset(self):
        return sent_ones()

    @cached_property
    def campaign(self) -> Campaign | None:
        form = self.filters.form if self.filters else None
        return form.cleaned_data.get("campaign") if form is not None and form.is_valid() else None

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.campaign is not None:
            head, lines = tally_table(self.campaign)
            context |= {"head": head, "lines": lines, "silent": silent_towns(self.campaign)}
        return context | {"campaign": self.campaign, "may_take": self.request.user.has_perm(CHANGE)}


def address_of(row: Submission) -> str:
    return reverse("archive_submission", args=[row.pk])


@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, get_object_or_404(sent_ones(), pk=pk))


def _shown(request: HttpRequest, row: Submission, *, status: int = 200, written: str = "") -> HttpResponse:
    chooser = AdminPageChooser(target_models=list(PARENTS[Kind(row.kind)]))
    files = row.files.select_related("image", "video", "document").prefetch_related(
        "image__derivatives", "video__derivatives", "document__derivatives"
    )
    may_change = request.user.has_perm(CHANGE)
    context = {
        "submission": row,
        "files": [(file.asset, file.asset.fitting(640), _original(file.asset)) for file in files],
        "acts": row.acts.all(),
        "chooser": chooser.render("parent", proposed_parent(request.user, row), {"id": "parent"}),
        "media": chooser.media,
        "may_act": row.state == SubmissionState.SENT and may_change,
        "page": row.page,
        "written": written,
        "next": _next_waiting(row),
    }
    return render(request, "archive/editing/submission.html", context, status=status)


def _next_waiting(row: Submission) -> Submission | None:
    rows = sent_ones().filter(campaign=row.campaign_id, state=SubmissionState.SENT)
    return rows.filter(sent_at__gt=row.sent_at).order_by("sent_at").first()


def _original(asset) -> str:
    return reverse("media:original", args=[KINDS[type(asset)], asset.pk])


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """`do` is return, decline or accept; 409 for what its state does not allow, 400 for anything else."""
    row, do = get_object_or_404(sent_ones(), pk=pk), request.POST.get("do", "")
    reason = request.POST.get("reason", "")[:2000]
    if do not in MOVED:
        return HttpResponse(_("请求的格式不对。"), status=400, content_type="text/plain; charset=utf-8")
    try:
        if do == "accept":
            key = request.POST.get("parent", "")
            is_key = key.isascii() and key.isdecimal() and len(key) < 10
            accept(row, request.user, Page.objects.filter(pk=key).first() if is_key else None)
        else:
            move(row, do, request.user, reason)
    except MoveRefusedError as error:
        messages.error(request, error.reason)
        row = sent_ones().get(pk=pk)
        return _shown(request, row, status=400 if row.state == SubmissionState.SENT else 409, written=reason)
    messages.success(request, MOVED[do])
    return redirect("archive_submission", pk)


@require_safe
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The campaign's accepted works as a ZIP, for whoever may handle submissions."""
    campaign = get_object_or_404(Campaign, pk=pk)
    response = StreamingHttpResponse(stream(campaign), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def urls() -> list:
    sees, handles = permission_required(VIEW), permission_required(CHANGE)
    listed = SubmissionsView.as_view
    return [
        path("archive/submissions/", sees(listed()), name="archive_submissions"),
        path("archive/submissions/results/", sees(listed(results_only=True)), name="archive_submissions_results"),
        path("archive/submissions/<int:pk>/", sees(submission), name="archive_submission"),
        path("archive/submissions/<int:pk>/act/", handles(act), name="archive_submission_act"),
        path("archive/campaigns/<int:pk>/package/", handles(package), name="archive_campaign_package"),
    ]
