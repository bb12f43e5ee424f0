"""The pages of a bulk edit: what was done before, the preview of every change, confirmation, progress, undo."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.menu import MenuItem

from archive.models import BulkEdit, BulkEditLine
from media_assets.models import Job

from . import work
from .records import FIELDS, Names, label_of

LINES_A_PAGE = 100
EDITS_A_PAGE = 30
State, Line = BulkEdit.State, BulkEditLine.State


def known_edits(user) -> QuerySet[BulkEdit]:
    """The person's own; all for an administrator."""
    if not user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return BulkEdit.objects.all() if user.is_superuser else BulkEdit.objects.filter(owner=user)


def edit_of(request: HttpRequest, pk: int) -> BulkEdit:
    """404 for another's."""
    edit = get_object_or_404(known_edits(request.user).select_related("owner"), pk=pk)
    work.settle(edit)
    return edit


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


def _changes(lines: list[BulkEditLine]) -> None:
    """Put into words what each line changes, in a number of queries that does not grow with them."""
    names = Names([record for line in lines for record in (line.before, line.after)])
    for line in lines:
        line.changes = [
            Change(label_of(name), names.words(name, line.before[name]), names.words(name, line.after[name]))
            for name in FIELDS
            if name in line.after
        ]


def edits(request: HttpRequest) -> HttpResponse:
    """The latest first."""
    found = known_edits(request.user).select_related("owner").exclude(state=State.DISCARDED)
    shown = Paginator(found, EDITS_A_PAGE).get_page(request.GET.get("p"))
    counts: dict[int, dict[str, int]] = {}
    lines = BulkEditLine.objects.filter(edit__in=[edit.pk for edit in shown]).order_by()
    for pk, state, count in lines.values_list("edit", "state").annotate(count=Count("pk")):
        counts.setdefault(pk, {})[state] = count
    for edit in shown:
        mine = counts.get(edit.pk, {})
        edit.count = sum(mine.values()) - mine.get(Line.SAME, 0) - mine.get(Line.BARRED, 0)
    return render(request, "archive/editing/bulk_edits.html", {"shown": shown})


def bulk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    edit = edit_of(request, pk)
    counts = dict(edit.lines.order_by().values_list("state").annotate(Count("pk")))
    tallies = [(state, Line(state).label, counts[state]) for state in Line.values if counts.get(state)]
    chosen = request.GET.get("state")
    if chosen not in counts:
        chosen = next((state for state in Line.values if counts.get(state) and state != Line.SAME), "")
    lines = edit.lines.filter(state=chosen) if chosen else edit.lines.none()
    shown = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("p"))
    page_lines = list(shown.object_list)
    _changes(page_lines)
    context = {
        "edit": edit,
        "tallies": tallies,
        "chosen": chosen,
        "shown": shown,
        "lines": page_lines,
        "to_change": counts.get(Line.PLANNED, 0),
        "changed": counts.get(Line.DONE, 0),
        "is_under_way": edit.state in (State.APPLYING, State.UNDOING),
        "may_act": edit.owner == request.user,
        "percent": _percent(edit),
    }
    return render(request, "archive/editing/bulk_edit.html", context)


def _percent(edit: BulkEdit) -> float:
    job = Job.objects.filter(kind=work.KIND, asset_kind=work.SUBJECT, object_id=edit.pk).first()
    return job.percent if job is not None else 0


@require_POST
def act(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """`do` is "apply", "undo" or "discard"; only by whoever asked for the edit, whose rights the work is done with."""
    edit = edit_of(request, pk)
    if edit.owner != request.user:
        raise PermissionDenied
    if do == "discard":
        if BulkEdit.objects.filter(pk=edit.pk, state=State.PLANNED).update(state=State.DISCARDED):
            messages.success(request, _("已放弃，什么也没有改。"))
        return redirect("archive_bulk_edits")
    begun = work.ask(edit) if do == "apply" else work.ask_to_undo(edit)
    if not begun:
        messages.warning(request, _("这次修改已在处理，或已处理过了。"))
    return redirect("archive_bulk_edit", pk)


def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far it is, for the page that shows it."""
    edit = edit_of(request, pk)
    return JsonResponse({"state": edit.state, "percent": _percent(edit), "words": edit.get_state_display()})


class EditsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return known_edits(request.user).exists()


def menu_item() -> MenuItem:
    return EditsMenuItem(
        gettext_lazy("批量修改"), reverse("archive_bulk_edits"), name="bulk-edits", icon_name="edit", order=445
    )


def urls() -> list:
    return [
        path("archive/bulk-edits/", edits, name="archive_bulk_edits"),
        path("archive/bulk-edits/<int:pk>/", bulk_edit, name="archive_bulk_edit"),
        path("archive/bulk-edits/<int:pk>/progress/", progress, name="archive_bulk_edit_progress"),
        *(
            path(f"archive/bulk-edits/<int:pk>/{do}/", act, {"do": do}, name=f"archive_bulk_edit_{do}")
            for do in ("apply", "undo", "discard")
        ),
    ]
