"""What was done to the text of a book: what each passage once was, and the changes to a published book that wait."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .books import BookPage, Leaf, Section


class PassageRevision(models.Model):
    """What a section or a leaf was until it was changed. Rows are added and never changed; they outlive the passage
    (`passage_name` says which it was) and go with the book."""

    class Reason(models.TextChoices):
        EDIT = "edit", _("更正")
        REPAIR = "repair", _("修补")
        IMPORT = "import", _("重新导入")
        RESTORE = "restore", _("恢复旧稿")
        STRUCTURE = "structure", _("调整篇目")

    book = models.ForeignKey(BookPage, on_delete=models.DO_NOTHING, related_name="passage_revisions")
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="revisions", verbose_name=_("篇目")
    )
    leaf = models.ForeignKey(
        Leaf, on_delete=models.SET_NULL, null=True, blank=True, related_name="revisions", verbose_name=_("书页")
    )
    passage_name = models.CharField(_("名称"), max_length=255)
    text = models.TextField(_("改动前的文字"), blank=True)
    reason = models.CharField(_("缘由"), max_length=10, choices=Reason.choices, default=Reason.EDIT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("文稿的旧稿")
        verbose_name_plural = _("文稿的旧稿")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["book", "-id"], name="passage_revision_of_book")]

    def __str__(self) -> str:
        return f"{self.passage_name} {self.created_at:%Y-%m-%d %H:%M}"


class ChangeSet(models.Model):
    """Changes to the text of a published book, kept until the book is published anew. At most one of a book is open.

    It is bound to the page's revision: the revision that is made when it is submitted names it, and whoever publishes
    that revision makes its changes come true in the same transaction.
    """

    class State(models.TextChoices):
        OPEN = "open", _("编辑中")
        SUBMITTED = "submitted", _("待发布")
        PUBLISHED = "published", _("已发布")
        DISCARDED = "discarded", _("已放弃")

    book = models.ForeignKey(BookPage, on_delete=models.CASCADE, related_name="change_sets", verbose_name=_("图书"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("了结时间"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("书稿改动")
        verbose_name_plural = _("书稿改动")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book"], condition=models.Q(state__in=["open", "submitted"]), name="one_open_change_set"
            )
        ]

    def __str__(self) -> str:
        return f"{self.book} · {self.get_state_display()}"


class Change(models.Model):
    """One thing that an editor did to a book, in the order in which it was done: the operations of
    `archive.book_text.contents`. Those of a change set wait for its publication; those without one came true at once.
    `inverse` is the operation that undoes it."""

    book = models.ForeignKey(BookPage, on_delete=models.DO_NOTHING, related_name="changes", verbose_name=_("图书"))
    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, null=True, blank=True, related_name="changes", verbose_name=_("书稿改动")
    )
    operation = models.JSONField(_("操作"))
    inverse = models.JSONField(_("还原操作"), null=True, blank=True)
    is_undone = models.BooleanField(_("已撤销"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("改动")
        verbose_name_plural = _("改动")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.book_id}: {self.operation.get('do', '')}"
