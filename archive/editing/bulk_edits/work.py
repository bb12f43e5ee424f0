"""The plan of an edit, its application and its undoing: page by page, each in a transaction of its own, done by the
worker; killed at any moment it goes on with the next page."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from archive.models import ArchivePage, BulkEdit, BulkEditLine
from archive.models.reviews import is_under_review, stages_of
from media_assets import jobs
from media_assets.jobs import Work
from media_assets.models import Job, JobState
from media_assets.models.job import register_subject

from .records import Record, label_of, read, write
from .wishes import Wish, problem_with

KIND = SUBJECT = "bulk-edit"
MOST_PAGES = 500
State, Line = BulkEdit.State, BulkEditLine.State


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(SUBJECT, BulkEdit)
    jobs.register(KIND, gettext_lazy("批量修改"), run, wall_seconds=60 * 60)


# --- What would be done ---------------------------------------------------------------------------------------


@transaction.atomic
def plan(owner, pages: Iterable[Page], wish: Wish, *, publishes: bool = False) -> BulkEdit:
    """An edit that waits for a person's yes, with a line for every page. Nothing of the pages is changed."""
    edit = BulkEdit.objects.create(owner=owner, wish=wish.as_json(), publishes=publishes)
    lines = [_planned(edit, page, wish) for page in pages]
    BulkEditLine.objects.bulk_create(lines, batch_size=200)
    return edit


def _planned(edit: BulkEdit, page: Page, wish: Wish) -> BulkEditLine:
    line = BulkEditLine(edit=edit, page=page, title=page.get_admin_display_title()[:255])
    line.note = hindrance(edit.owner, page)
    if not line.note:
        written = page.get_latest_revision_as_object()
        record = read(written)
        line.after = wish.applied_to(record)
        line.before = {name: record[name] for name in line.after}
        line.note = problem_with(line.after)
    line.state = Line.BARRED if line.note else Line.PLANNED if line.after else Line.SAME
    return line


def hindrance(user, page: Page) -> str:
    """Why this person cannot change this page now, or nothing."""
    if not isinstance(page.specific_deferred, ArchivePage):
        return _("这一页没有著录。")
    if page.alias_of_id:
        return _("这是另一页的别名，请改原来的那一页。")
    permissions = page.permissions_for_user(user)
    if not permissions.can_edit():
        return _("您不能编辑这一页。")
    if is_under_review(page):
        return _("稿件正在审阅。")
    if permissions.page_locked():
        return _("这一页已锁定，或已定时发布。")
    return ""


# --- Doing and undoing ----------------------------------------------------------------------------------------


def ask(edit: BulkEdit) -> bool:
    """Have it applied; False when it no longer waits for that."""
    return _begin(edit, [State.PLANNED, State.FAILED], State.APPLYING)


def ask_to_undo(edit: BulkEdit) -> bool:
    """Have it taken back; False when there is nothing to take back."""
    return _begin(edit, [State.DONE, State.FAILED], State.UNDOING)


@transaction.atomic
def _begin(edit: BulkEdit, before: list[str], after: str) -> bool:
    if not BulkEdit.objects.filter(pk=edit.pk, state__in=before).update(state=after, reason=""):
        return False
    jobs.ask_for(KIND, SUBJECT, [edit.pk])
    return True


def settle(edit: BulkEdit) -> None:
    """Tell of an edit whose worker gave up."""
    if edit.state in (State.APPLYING, State.UNDOING):
        job = Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=edit.pk, state=JobState.FAILED).first()
        if job is not None:
            BulkEdit.objects.filter(pk=edit.pk, state=edit.state).update(state=State.FAILED, reason=job.reason)
            edit.refresh_from_db()


def run(work: Work) -> None:
    """The job: whichever of the two the edit stands at."""
    edit: BulkEdit = work.asset
    steps = {State.APPLYING: (Line.PLANNED, _apply, State.DONE), State.UNDOING: (Line.DONE, _undo, State.UNDONE)}
    if edit.state not in steps:
        return
    waiting, step, done = steps[edit.state]
    keys = list(edit.lines.filter(state=waiting).values_list("pk", flat=True))
    before = edit.lines.exclude(after={}).count() - len(keys)
    for number, key in enumerate(keys):
        with transaction.atomic():
            line = BulkEditLine.objects.select_for_update(of=("self",)).select_related("page").get(pk=key)
            if line.state == waiting:
                step(edit, line)
                line.save(update_fields=["state", "note", "published"])
        work.progress(100 * (before + number + 1) / max(before + len(keys), 1))
    BulkEdit.objects.filter(pk=edit.pk, state=edit.state).update(state=done)


def _apply(edit: BulkEdit, line: BulkEditLine) -> None:
    line.state, line.note = Line.BARRED, _gone_or_hindered(edit, line)
    if line.note:
        return
    page = line.page.specific
    written = page.get_latest_revision_as_object()
    record = read(written)
    if any(record[name] != value for name, value in line.before.items()):
        line.note = _("预览之后有人改过这些栏目，没有再改。")
        return
    publishes = edit.publishes and may_publish_at_once(edit.owner, page)
    line.note = _save(edit, page, written, line.after, publishes)
    if not line.note:
        line.state, line.published = Line.DONE, publishes


def _undo(edit: BulkEdit, line: BulkEditLine) -> None:
    """Each field that still says what the edit put there gets its old value; what a person has written since stays."""
    line.state, line.note = Line.KEPT, _gone_or_hindered(edit, line)
    if line.note:
        return
    page = line.page.specific
    written = page.get_latest_revision_as_object()
    record = read(written)
    mine = {name: value for name, value in line.before.items() if record[name] == line.after[name]}
    theirs = [label_of(name) for name in line.before if name not in mine]
    if mine:
        publishes = line.published and may_publish_at_once(edit.owner, page)
        problem = _save(edit, page, written, mine, publishes)
        if problem:
            line.note = problem
            return
        line.state = Line.UNDONE
    if theirs:
        line.note = _("此后有人改过，保留：%(fields)s。") % {"fields": "、".join(theirs)}


def _gone_or_hindered(edit: BulkEdit, line: BulkEditLine) -> str:
    return _("这一页已经删除。") if line.page is None else hindrance(edit.owner, line.page)


def may_publish_at_once(user, page: ArchivePage) -> bool:
    """Whether readers may get a change of this page without further ado: it is public, nothing else waits in it, no
    review governs it, and the person may publish."""
    settled = page.live and not page.has_unpublished_changes
    return settled and page.permissions_for_user(user).can_publish() and not stages_of(page)


def _save(edit: BulkEdit, page: ArchivePage, written: ArchivePage, values: Record, publishes: bool) -> str:
    """A new version of the page with these values; what stands against it, or nothing."""
    write(written, values)
    try:
        with transaction.atomic():
            revision = written.save_revision(user=edit.owner, log_action=True)
            if publishes:
                revision.publish(user=edit.owner)
    except ValidationError as error:
        return "；".join(error.messages)
    return ""
