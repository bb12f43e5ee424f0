"""The first page of the CMS: the figures of the collection, and what waits for somebody."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState
from wagtail.permissions import page_permission_policy

from archive.access import VIEW_INTERNAL
from archive.models import ArchivePage, BookPage, PhotoPage, StoryPage, VideoPage
from archive.vanished_links import VANISHED
from media_assets.models import ArchiveImage, ArchiveVideo, FileRemoval, FixityCheck, Job, JobState, PublicCopyRequest
from search.models import DeskOutboxEntry, OutboxEntry

from .own_work import known_pages

LATEST = 6


class KindSummaryItem(SummaryItem):
    """How many of one kind there are, published or not, among those that this person may edit."""

    template_name = "archive/editing/kind_summary.html"

    def __init__(self, request, model: type[ArchivePage], icon: str, order: int):
        super().__init__(request)
        self.model, self.icon, self.order = model, icon, order

    def get_context_data(self, parent_context):
        rows = known_pages(self.request.user, self.model.objects.all())
        return {
            "total": rows.count(),
            "published": rows.filter(live=True).count(),
            "label": self.model._meta.verbose_name,
            "icon": self.icon,
        }


def summary_items(request) -> list[SummaryItem]:
    """The figures in the order of the site's own menu."""
    kinds = ((BookPage, "doc-full"), (VideoPage, "media"), (PhotoPage, "image"), (StoryPage, "openquote"))
    return [KindSummaryItem(request, model, icon, 200 + place) for place, (model, icon) in enumerate(kinds)]


@dataclass(frozen=True)
class Waiting:
    """One line of what waits: how many, where to go, and whether somebody has to act."""

    label: str
    count: int
    address: str = ""
    urgent: bool = False


class WaitingPanel(Component):
    """What waits for this person: drafts, changes not yet published, reviews, schedules, and what went wrong."""

    name = "archive_waiting"
    template_name = "archive/editing/waiting_panel.html"
    order = 50

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        lines = [*self._pages(), *(self._machine() if self.request.user.has_perm(VIEW_INTERNAL) else [])]
        return {"lines": [line for line in lines if line.count], "drafts": self._latest_drafts()}

    def _editable(self):
        editable = page_permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["change", "publish"]
        )
        return ArchivePage.objects.filter(Q(pk__in=editable.order_by().values("pk")) | Q(owner=self.request.user))

    def _pages(self) -> list[Waiting]:
        rows = self._editable()
        explorer = reverse("wagtailadmin_explore_root")
        reviews = TaskState.objects.reviewable_by(self.request.user).count()
        overdue = rows.filter(
            go_live_at__lt=timezone.now(), live=False, latest_revision__approved_go_live_at__isnull=False
        )
        return [
            Waiting(_("从未发布的草稿"), rows.filter(live=False, first_published_at=None).count(), explorer),
            Waiting(
                _("已发布、另有未发布的修改"), rows.filter(live=True, has_unpublished_changes=True).count(), explorer
            ),
            Waiting(_("已撤回"), rows.filter(live=False, first_published_at__isnull=False).count(), explorer),
            Waiting(_("等待审核"), reviews, reverse("wagtailadmin_reports:workflow_tasks")),
            Waiting(_("定时发布已过时"), overdue.count(), explorer, urgent=True),
        ]

    def _machine(self) -> list[Waiting]:
        """What a job could not do. Failures are shown here because nobody reads the log."""
        images = ArchiveImage.objects.exclude(derivatives_error="").count()
        films = ArchiveVideo.objects.exclude(derivatives_error="").count()
        failed = DBTaskResult.objects.failed().exclude(VANISHED).count()
        stuck = sum(model.objects.filter(attempts__gt=0).count() for model in (OutboxEntry, DeskOutboxEntry))
        waiting = sum(model.objects.filter(attempts__gt=0).count() for model in (PublicCopyRequest, FileRemoval))
        undone = Job.objects.filter(state=JobState.FAILED).count()
        damaged = FixityCheck.objects.damaged().count()
        return [
            Waiting(_("损坏或丢失的原件"), damaged, reverse("archive_fixity"), urgent=True),
            Waiting(_("未能完成的文件处理"), undone, f"{reverse('archive_jobs')}?state=failed", urgent=True),
            Waiting(_("展示图制作失败的图片"), images, reverse("wagtailimages:index"), urgent=True),
            Waiting(_("海报制作失败的影片"), films, reverse("wagtailmedia:index"), urgent=True),
            Waiting(_("失败的后台任务"), failed, urgent=True),
            Waiting(_("未能编入检索的条目"), stuck, urgent=True),
            Waiting(_("等待存储恢复的文件"), waiting, urgent=True),
        ]

    def _latest_drafts(self) -> list[ArchivePage]:
        rows = self._editable().filter(has_unpublished_changes=True)
        return list(rows.order_by(F("latest_revision_created_at").desc(nulls_last=True))[:LATEST])
