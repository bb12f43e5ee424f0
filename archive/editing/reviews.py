"""Three reviews at the desk: what waits and since when, the sheet of opinions, publication in an emergency."""

from dataclasses import dataclass
from itertools import groupby, islice

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.admin.action_menu import WorkflowMenuItem
from wagtail.admin.auth import user_passes_test
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState

from archive.advice.pages import advise
from archive.models import ArchivePage, EmergencyPublication, ReviewState
from archive.models.reviews import digest_of, missing_reviews, stages_of

from .own_work import known_pages

EMERGENCY = "archive.publish_in_emergency"
ACTIONS = ((EMERGENCY, gettext_lazy("紧急发布"), gettext_lazy("未经三审，紧急发布了页面")),)
MAY_PUBLISH_IN_EMERGENCY = "archive.add_emergencypublication"
PER_PAGE = 50
NAMED = 5

_at_the_desk = user_passes_test(lambda user: user.has_perm("wagtailadmin.access_admin"))


def urls() -> list:
    return [
        path("archive/reviews/", waiting, name="archive_reviews"),
        path("archive/reviews/<int:page_id>/", sheet, name="archive_review_sheet"),
        path("archive/reviews/<int:page_id>/emergency/", emergency, name="archive_review_emergency"),
    ]


def menu_item() -> MenuItem:
    return ReviewsMenuItem(gettext_lazy("审稿"), reverse("archive_reviews"), icon_name="clipboard-list", order=420)


class ReviewsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return ReviewState.objects.exists() or bool(TaskState.objects.reviewable_by(request.user))


# --- What waits ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitingReview:
    """`is_mine`: whether the person who looks may give this opinion. `days` it has waited, `days_over` it is late."""

    state: ReviewState
    page: Page
    days: int
    days_over: int
    is_mine: bool


@require_GET
@_at_the_desk
def waiting(request: HttpRequest) -> HttpResponse:
    """What is being read, the oldest first: what this person may read, and what they may know of."""
    mine = set(TaskState.objects.reviewable_by(request.user).values_list("pk", flat=True))
    only_mine = request.GET.get("whose") != "all"
    states = ReviewState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    states = states.filter(pk__in=mine) if only_mine else states.filter(pk__in=_known(states, request.user))
    states = states.select_related("workflow_state__requested_by", "task", "revision").order_by("started_at", "pk")
    shown = Paginator(states, PER_PAGE).get_page(request.GET.get("p"))
    pages = Page.objects.in_bulk({int(state.workflow_state.object_id) for state in shown})
    now = timezone.now()
    rows = [
        WaitingReview(state, page, (now - state.started_at).days, state.days_over(now), state.pk in mine)
        for state in shown
        if (page := pages.get(int(state.workflow_state.object_id))) is not None
    ]
    return render(request, "archive/editing/reviews.html", {"rows": rows, "shown": shown, "only_mine": only_mine})


def _known(states: QuerySet[ReviewState], user) -> list[int]:
    """Those of pages that this person may know of, or handed in."""
    found = dict(states.values_list("pk", "workflow_state__object_id"))
    known = set(known_pages(user, Page.objects.filter(pk__in=set(found.values()))).values_list("pk", flat=True))
    return [pk for pk, page in found.items() if int(page) in known]


# --- The sheet of opinions ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One state of the words and the opinions on it. `number` counts the rounds of this page from 1."""

    number: int
    revision: Revision
    states: list[ReviewState]
    is_live: bool


@require_GET
@_at_the_desk
def sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """The 审稿单 of a page, to be read and printed: each version with its opinions, kept for good."""
    page = _page_for(request, page_id)
    states = (
        ReviewState.objects.for_instance(page)
        .select_related("workflow_state__requested_by", "task", "revision__user", "finished_by")
        .prefetch_related("authors")
        .order_by("pk")
    )
    versions = []
    for digest, given in groupby(states, key=lambda state: (state.workflow_state_id, state.digest)):
        opinions = list(given)
        versions.append(Version(len(versions) + 1, opinions[0].revision, opinions, _is_live(page, digest[1])))
    revision = page.get_latest_revision()
    context = {
        "page": page,
        "advice": advise(revision.as_object() if revision else page),
        "versions": versions[::-1],
        "emergencies": EmergencyPublication.objects.filter(page_id=page.pk).select_related("user"),
        "missing": missing_reviews(page, revision),
        "governed": bool(stages_of(page)),
        "may_publish_now": request.user.has_perm(MAY_PUBLISH_IN_EMERGENCY),
        "printed_at": timezone.now(),
    }
    return render(request, "archive/editing/review_sheet.html", context)


def has_sheet(page: Page) -> bool:
    return ReviewState.objects.for_instance(page).exists() or bool(stages_of(page))


def _is_live(page: Page, digest: str) -> bool:
    return page.live and page.live_revision is not None and digest_of(page.live_revision) == digest


def _page_for(request: HttpRequest, page_id: int) -> ArchivePage:
    """404 for a page that this person may not know of."""
    get_object_or_404(known_pages(request.user, Page.objects.filter(pk=page_id)))
    return get_object_or_404(ArchivePage, pk=page_id).specific


# --- In an emergency ----------------------------------------------------------------------------------------------


class EmergencyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写明为什么等不及三审、由谁决定；这段话连同您的名字永久留在审稿单和日志里。"),
    )


@_at_the_desk
def emergency(request: HttpRequest, page_id: int) -> HttpResponse:
    """Publish the latest draft without its reviews, on record. 403 for whoever may not."""
    page = _page_for(request, page_id)
    revision = page.get_latest_revision()
    if not request.user.has_perm(MAY_PUBLISH_IN_EMERGENCY) or revision is None:
        raise PermissionDenied
    missing = missing_reviews(page, revision)
    form = EmergencyForm(request.POST or None)
    if missing and request.method == "POST" and form.is_valid():
        publish_in_emergency(page, revision, request.user, form.cleaned_data["reason"])
        messages.success(request, _("已紧急发布“%(title)s”，原因已记入审稿单与日志。") % {"title": page.title})
        return redirect("archive_review_sheet", page.pk)
    return render(request, "archive/editing/review_emergency.html", {"page": page, "form": form, "missing": missing})


@transaction.atomic
def publish_in_emergency(page: ArchivePage, revision: Revision, user, reason: str) -> EmergencyPublication:
    """Record who answers for it, then publish; a review that was under way ends with the publication."""
    record = EmergencyPublication.objects.create(
        page_id=page.pk, title=page.get_admin_display_title(), digest=digest_of(revision), user=user, reason=reason
    )
    log(page, EMERGENCY, user=user, data={"reason": reason}, revision=revision)
    revision.publish(user=user)
    return record


# --- At the page's form -------------------------------------------------------------------------------------------


def hold_publication(request: HttpRequest, page: Page) -> HttpResponse | None:
    """For `before_publish_page`: what has been saved stays a draft, and the person is told what it waits for."""
    specific = page.specific
    if not isinstance(specific, ArchivePage):
        return None
    missing = missing_reviews(specific, page.get_latest_revision())
    if not missing:
        return None
    names = "、".join(str(stage.get_stage_display()) for stage in missing)
    messages.warning(request, _("已存为草稿。发布前还须经过%(stages)s，请提交送审。") % {"stages": names})
    return redirect("wagtailadmin_pages:edit", page.pk)


def advise_whoever_submits(request: HttpRequest, page: Page) -> None:
    """For `after_edit_page` and `after_create_page`: what is worth a look is told, and holds nothing back."""
    specific = page.specific
    if "action-submit" not in request.POST or not isinstance(specific, ArchivePage):
        return
    advice = advise(page.get_latest_revision_as_object())
    if advice:
        messages.warning(
            request,
            _("已送审。另有 %(count)d 处请留意，例如——%(first)s") % {"count": len(advice), "first": advice[0].sentence},
            buttons=[messages.button(reverse("archive_review_sheet", args=[page.pk]), _("逐条查看"))],
        )


def hold_bulk_publication(request: HttpRequest, action_type: str, objects: list, action) -> HttpResponse | None:
    """For `before_bulk_action`: nothing of a selection is published when any of it has not been reviewed."""
    if action_type != "publish":
        return None
    held = list(islice((page for page in _with_drafts_beneath(request, objects) if _is_held(page)), NAMED))
    if not held:
        return None
    names = "".join(f"“{page.title}”" for page in held)
    messages.error(request, _("一个也没有发布：%(names)s等还没有经过三审。") % {"names": names})
    return redirect(request.GET.get("next_path") or reverse("wagtailadmin_explore_root"))


def _with_drafts_beneath(request: HttpRequest, pages: list):
    for page in pages:
        yield page
        if request.POST.get("include_descendants"):
            yield from page.get_descendants().not_live().iterator()


def _is_held(page: Page) -> bool:
    specific = page.specific
    return isinstance(specific, ArchivePage) and bool(missing_reviews(specific, page.get_latest_revision()))


def arrange_actions(items: list, request: HttpRequest, context: dict) -> None:
    """For `construct_page_action_menu`: no button that would only be refused, and for a reviewer the opinion first."""
    page = context.get("page") or context.get("parent_page")
    if page is None or not stages_of(page):
        return
    revision = page.get_latest_revision() if context.get("page") else None
    if revision is None or missing_reviews(page.specific, revision):
        items[:] = [item for item in items if item.name != "action-publish"]
    items.sort(key=lambda item: not isinstance(item, WorkflowMenuItem))
