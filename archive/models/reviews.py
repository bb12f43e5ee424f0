"""Three reviews (初审、复审、终审): who may give which, for which words, and whether a page may go live with them.

A workflow that holds `ReviewTask`s governs every page beneath those that it is assigned to. There a page goes live
only with words that each stage has passed, by people who all differ and none of whom wrote them, or by an emergency
publication that is on record. An opinion is given to words, not to a number: `digest_of` a revision leaves out what a
reader never sees, so that comments in the margin need no second round, and any other change does.
"""

import hashlib
import json
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState, WorkflowState

_UNREAD = frozenset(
    [
        "pk",
        "path",
        "depth",
        "numchild",
        "url_path",
        "draft_title",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "owner",
        "locked",
        "locked_at",
        "locked_by",
        "expired",
        "go_live_at",
        "expire_at",
        "wagtail_admin_comments",
        "content_type",
        "title_pinyin",
        "poster_video",
        "cover_document",
        "effective_access",
        "is_container",
    ]
)
"""What a revision holds besides what a reader sees, or a save derives from it."""
_MOST_REVISIONS = 500


class ReviewsMissingError(PermissionDenied):
    """These words have not been passed by every stage. The message is for the person who tried."""


class Stage(models.IntegerChoices):
    FIRST = 1, _("初审")
    SECOND = 2, _("复审")
    FINAL = 3, _("终审")


class ReturnForm(TaskStateCommentForm):
    """To return a page is to say why."""

    comment = forms.CharField(label=_("退回意见"), widget=forms.Textarea({"rows": 4}), max_length=4000)


class OpinionForm(TaskStateCommentForm):
    comment = forms.CharField(label=_("审稿意见"), required=False, widget=forms.Textarea({"rows": 4}), max_length=4000)


class ReviewTask(AbstractGroupApprovalTask):
    """One stage, given by the members of its groups; a superuser who is in none of them has no part in it."""

    stage = models.PositiveSmallIntegerField(_("审次"), choices=Stage.choices, default=Stage.FIRST)
    days = models.PositiveSmallIntegerField(
        _("期限（天）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("到这一审次之后几天内审完，不填为不限。到期前一天起，每天给审稿人发一封提醒邮件。"),
    )

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "stage", "days"]

    class Meta:
        verbose_name = _("三审")
        verbose_name_plural = _("三审")

    # --- Who ---

    def refusal(self, state: "ReviewState", user) -> str:
        """Why this person may not give this opinion; "" for whoever may."""
        if not user.is_active or not self._user_in_groups(user):
            return _("您不在“%(stage)s”的审稿人里。") % {"stage": self.get_stage_display()}
        if state.authors.filter(pk=user.pk).exists():
            return _("您写过或改过这一稿，不能再审这一稿。")
        if state.siblings().filter(status=TaskState.STATUS_APPROVED, finished_by=user).exists():
            return _("您已经审过这一稿；三审须由三个人完成。")
        return ""

    def get_actions(self, obj, user) -> list[tuple[str, str, bool]]:
        state = obj.current_workflow_task_state
        if not isinstance(state, ReviewState) or self.refusal(state, user):
            return []
        return [("approve", _("通过"), True), ("reject", _("退回修改"), True)]

    def get_form_for_action(self, action: str):
        return ReturnForm if action == "reject" else OpinionForm

    def locked_for_user(self, obj, user) -> bool:
        """Open to whoever may give an opinion, for comments in the margin; the words themselves stand still."""
        state = obj.current_workflow_task_state
        return not isinstance(state, ReviewState) or bool(self.refusal(state, user))

    def get_task_states_user_can_moderate(self, user, **kwargs) -> QuerySet[TaskState]:
        if not user.is_active or not self._user_in_groups(user):
            return TaskState.objects.none()
        given = ReviewState.objects.filter(
            workflow_state=OuterRef("workflow_state"),
            digest=OuterRef("reviewstate__digest"),
            status=TaskState.STATUS_APPROVED,
            finished_by=user,
        )
        mine = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(Exists(given))
        wrote = ReviewState.authors.through.objects.filter(reviewstate=OuterRef("pk"), user=user)
        return mine.exclude(Exists(wrote))

    @classmethod
    def get_description(cls) -> str:
        return _("初审、复审、终审之一：三个人，都不是作者；三审通过的稿子才能发布")

    # --- How ---

    def start(self, workflow_state: WorkflowState, user=None) -> TaskState:
        """Begin this stage, or the first one that these words have not passed: what came back changed begins anew."""
        revision = workflow_state.content_object.get_latest_revision()
        digest = digest_of(revision)
        stage = _first_open(workflow_state, digest)
        if stage is not None and stage.pk != self.pk:
            return stage.start(workflow_state, user=user)
        state = super().start(workflow_state, user=user)
        state.digest = digest
        state.save(update_fields=["digest"])
        state.authors.set(authors_of(revision, workflow_state))
        return state

    def on_action(self, task_state: TaskState, user, action_name: str, **kwargs) -> None:
        """Approve or return. Raises PermissionDenied for whoever may not, for a return without a reason, and when the
        words are no longer those that were handed in."""
        state = task_state.specific
        refused = self.refusal(state, user)
        if refused:
            raise PermissionDenied(refused)
        if action_name == "reject" and not kwargs.get("comment", "").strip():
            raise PermissionDenied(_("退回时须写明意见。"))
        if action_name == "approve" and digest_of(state.revision_under_review()) != state.digest:
            raise PermissionDenied(_("送审之后文字又有改动，请退回重审。"))
        super().on_action(state, user, action_name, **kwargs)

    @classmethod
    def get_task_state_class(cls):
        return ReviewState


class ReviewState(TaskState):
    """One opinion on one state of the words: whose, when, passed or returned, and why (`comment`)."""

    digest = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("作者"))

    class Meta:
        verbose_name = _("审稿意见")
        verbose_name_plural = _("审稿意见")

    @property
    def stage(self) -> Stage:
        return Stage(self.task.specific.stage)

    @property
    def due_at(self) -> datetime | None:
        """When this opinion should be there, where its stage has a term."""
        days = self.task.specific.days
        return self.started_at + timedelta(days=days) if days else None

    def days_over(self, now: datetime) -> int:
        """How many days it is late, a day that has begun counted whole; 0 while it is not."""
        late = now - self.due_at if self.due_at else timedelta()
        return max(0, -(-late // timedelta(days=1)))

    def siblings(self) -> QuerySet["ReviewState"]:
        """The opinions on the same words in the same round."""
        return ReviewState.objects.filter(workflow_state_id=self.workflow_state_id, digest=self.digest)

    def revision_under_review(self) -> Revision:
        return self.workflow_state.content_object.get_latest_revision()


class EmergencyPublication(models.Model):
    """Words that went out without three opinions: who answers for it, and why. Never changed or deleted."""

    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("页面"))
    title = models.CharField(_("题名"), max_length=255)
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("批准人")
    )
    reason = models.TextField(_("紧急发布的原因"))
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("紧急发布")
        verbose_name_plural = _("紧急发布")
        ordering = ["-pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise ValidationError(_("紧急发布的记录不能改动。"))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(_("紧急发布的记录不能删除。"))


# --- The words ----------------------------------------------------------------------------------------------------


def digest_of(revision: Revision) -> str:
    """SHA-256 of what a reader gets of this revision. Keys of the rows of its lists are left out: each save may give
    new ones."""
    content = {name: value for name, value in revision.content.items() if name not in _UNREAD}
    return hashlib.sha256(
        json.dumps(_without_keys(content), sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()


def _without_keys(value):
    if isinstance(value, dict):
        return {name: _without_keys(inner) for name, inner in value.items() if name not in ("pk", "page")}
    if isinstance(value, list):
        return [_without_keys(inner) for inner in value]
    return value


def authors_of(revision: Revision, workflow_state: WorkflowState) -> set[int]:
    """Who wrote these words, as far as readers do not know them yet: everybody whose saving changed them since the
    version that is live, and whoever handed them in."""
    page = revision.content_object
    since = page.live_revision_id or 0
    rows = page.revisions.filter(pk__gt=since, pk__lte=revision.pk).order_by("pk").only("content", "user_id")
    count = rows.count()
    people, last = {workflow_state.requested_by_id}, ""
    if not since:
        people.add(page.owner_id)
    for row in rows[max(0, count - _MOST_REVISIONS) :].iterator(chunk_size=50):
        digest = digest_of(row)
        if digest != last:
            people.add(row.user_id)
        last = digest
    return people - {None}


# --- The rule -----------------------------------------------------------------------------------------------------


def stages_of(page: Page) -> list[ReviewTask]:
    """The reviews that this page must pass, in their order; none where no workflow with reviews governs it."""
    workflow = page.get_workflow()
    if workflow is None:
        return []
    return list(ReviewTask.objects.filter(workflow_tasks__workflow=workflow, active=True).order_by("stage", "pk"))


def _first_open(workflow_state: WorkflowState, digest: str) -> ReviewTask | None:
    passed = ReviewState.objects.filter(
        workflow_state=workflow_state, digest=digest, status=TaskState.STATUS_APPROVED
    ).values("task_id")
    tasks = ReviewTask.objects.filter(workflow_tasks__workflow=workflow_state.workflow, active=True)
    return tasks.exclude(pk__in=passed).order_by("workflow_tasks__sort_order").first()


def missing_reviews(page: Page, revision: Revision | None) -> list[ReviewTask]:
    """The stages that govern `page` and have not passed the words of this revision; all of them for words that no
    revision keeps."""
    return _missing(stages_of(page), page, revision)


def _missing(stages: list[ReviewTask], written: Page, revision: Revision | None) -> list[ReviewTask]:
    """`written` is the page whose words they are; an alias shows those of another."""
    if not stages:
        return []
    if revision is None or str(revision.object_id) != str(written.pk):
        return stages
    digest = digest_of(revision)
    if EmergencyPublication.objects.filter(page_id=written.pk, digest=digest).exists():
        return []
    wrote = ReviewState.authors.through.objects.filter(reviewstate=OuterRef("pk"), user=OuterRef("finished_by"))
    passed = ReviewState.objects.for_instance(written).filter(digest=digest, status=TaskState.STATUS_APPROVED)
    rounds: dict[int, dict[int, int | None]] = {}
    for number, task, person in (
        passed.exclude(Exists(wrote)).order_by("pk").values_list("workflow_state_id", "task_id", "finished_by_id")
    ):
        rounds.setdefault(number, {})[task] = person
    return min((_missing_in(given, stages) for given in rounds.values()), key=len, default=stages)


def _missing_in(given: dict[int, int | None], stages: list[ReviewTask]) -> list[ReviewTask]:
    """The stages that nobody passed in this round, or only somebody who had passed another."""
    people: set[int] = set()
    missing = []
    for stage in stages:
        person = given.get(stage.pk)
        if person is None or person in people:
            missing.append(stage)
        else:
            people.add(person)
    return missing


def require_reviews(page: Page, revision: Revision | None, source: Page | None = None) -> bool:
    """Whether reviews govern this page. Raises ReviewsMissingError unless it may go live with these words."""
    stages = stages_of(page)
    missing = _missing(stages, source or page, revision)
    if missing:
        names = "、".join(str(stage.get_stage_display()) for stage in missing)
        raise ReviewsMissingError(
            _("“%(title)s”的这一稿还没有经过%(stages)s，不能发布。") % {"title": page.title, "stages": names}
        )
    return bool(stages)


def is_under_review(page: Page) -> bool:
    return isinstance(page.current_workflow_task, ReviewTask) if page.pk else False
