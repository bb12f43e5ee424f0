"""One change to many catalogue records at once: what was asked for, what it does to each page, how to take it back."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class BulkEdit(models.Model):
    """`wish` is what was asked for, by the names of `archive.editing.bulk_edits.wishes`. Nothing is changed before a
    person has seen every change (`PLANNED`); what was applied can be taken back as a whole."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待确认")
        APPLYING = "applying", _("正在修改")
        DONE = "done", _("已修改")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")
        FAILED = "failed", _("未成")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("修改人")
    )
    wish = models.JSONField(default=dict)
    publishes = models.BooleanField(_("同时公开"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.TextField(_("未成的原因"), blank=True)
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("批量修改")
        verbose_name_plural = _("批量修改")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @property
    def filename(self) -> str:
        return str(self)


class BulkEditLine(models.Model):
    """What the edit does to one page. `before` and `after` hold the fields that change, and those alone; `published`
    says that readers got the change at once."""

    class State(models.TextChoices):
        PLANNED = "planned", _("将修改")
        SAME = "same", _("不变")
        BARRED = "barred", _("不能修改")
        DONE = "done", _("已修改")
        UNDONE = "undone", _("已撤销")
        KEPT = "kept", _("未撤销")

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="lines")
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("题名"), max_length=255)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(_("结果"), max_length=10, choices=State.choices, default=State.PLANNED)
    note = models.TextField(_("说明"), blank=True)
    published = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("批量修改的一页")
        verbose_name_plural = _("批量修改的一页")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["edit", "page"], name="bulk_edit_page_once")]

    def __str__(self) -> str:
        return self.title
