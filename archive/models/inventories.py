"""One reading of one inventory into the collection: its rows, what is to be made of each, and what was there before."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from media_assets.models.asset import random_path

UNDOABLE_FOR = timedelta(days=90)


def inventory_path(inventory: "Inventory", filename: str) -> str:
    return random_path("inventories", "bin")


class Inventory(models.Model):
    """A table whose rows are things of the collection. It is read, its columns are named by a person, planned, looked
    at, applied, and can be undone; every step is the worker's, may be killed at any moment and goes on."""

    class State(models.TextChoices):
        WAITING = "waiting", _("读取中")
        MAPPING = "mapping", _("待对应列名")
        PLANNING = "planning", _("核对中")
        PLANNED = "planned", _("已核对，待确认")
        APPROVED = "approved", _("导入中")
        DONE = "done", _("已导入")
        CLOSED = "closed", _("已导入，不能再撤销")
        UNDOING = "undoing", _("撤销中")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未成")
        DISCARDED = "discarded", _("已放弃")

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        VIDEO = "video", _("视频")
        BOOK = "book", _("图书")
        STORY = "story", _("故事")

    kind = models.CharField(_("每行是什么"), max_length=10, choices=Kind.choices, default=Kind.PHOTO)
    parent = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("放在哪一页之下")
    )
    file = models.FileField(_("清册文件"), upload_to=inventory_path, blank=True)
    original_name = models.CharField(_("文件名"), max_length=255, editable=False)
    file_size = models.PositiveBigIntegerField(_("文件大小（字节）"), default=0, editable=False)
    encoding = models.CharField(_("文字编码"), max_length=20, blank=True)
    headings = models.JSONField(_("列名"), default=list, editable=False)
    columns = models.JSONField(_("列的对应"), default=list, editable=False)
    choices = models.JSONField(_("词的对应"), default=dict, editable=False)
    plan = models.JSONField(_("将做的事"), default=dict, editable=False)
    made = models.JSONField(_("新建的词与相册"), default=dict, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    failed_in = models.CharField(max_length=10, blank=True, editable=False)
    reason = models.TextField(_("未成的原因"), blank=True, editable=False)
    rows_done = models.PositiveIntegerField(default=0, editable=False)
    pace = models.JSONField(default=dict, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("导入人"),
    )
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("清册导入")
        verbose_name_plural = _("清册导入")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def undoable_until(self) -> datetime | None:
        """Until when what was imported can be undone; after that its file and its table are cleared away."""
        return self.finished_at + UNDOABLE_FOR if self.state == self.State.DONE and self.finished_at else None


class InventoryRow(models.Model):
    """One row: its cells as they came, what is to be done with it, and, once done, what was written over what.

    `changes` are [column's label, what it said, what it will say]; `problems` are [column from 0, sentence]. What is
    left of a row for good is its key and its page, by which the same row is known when it comes again.
    """

    class Action(models.TextChoices):
        UNKNOWN = "", _("未核对")
        CREATE = "create", _("新建")
        UPDATE = "update", _("更新")
        SKIP = "skip", _("未变")
        PROBLEM = "problem", _("有问题")

    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    cells = models.JSONField(default=list)
    key = models.CharField(_("来源行号"), max_length=120, blank=True)
    title = models.CharField(_("题名"), max_length=255, blank=True)
    changes = models.JSONField(_("改动"), default=list)
    action = models.CharField(_("做什么"), max_length=8, choices=Action.choices, blank=True, default="")
    problems = models.JSONField(_("问题"), default=list)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    before = models.JSONField(default=dict)
    wrote = models.JSONField(default=dict)
    is_done = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("清册的行")
        verbose_name_plural = _("清册的行")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["inventory", "action", "is_done"], name="inventory_row_to_do"),
            models.Index(fields=["key"], name="inventory_row_key"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} 第 {self.number} 行".strip()


class InventoryMapping(models.Model):
    """What the columns of a table with these headings were said to be, for the next one like it."""

    fingerprint = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("清册的列名对应")
        verbose_name_plural = _("清册的列名对应")

    def __str__(self) -> str:
        return self.fingerprint
