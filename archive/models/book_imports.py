"""One reading of one file into a book: what was found, what is to be made of it, how that went."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_assets.models import ArchiveImage, Scan
from media_assets.models.asset import random_path

from .books import BookPage


def source_path(book_import: "BookImport", filename: str) -> str:
    return random_path("imports", "bin")


class BookImport(models.Model):
    """A file, or a folder of this machine, on its way into a book.

    It is read first (`READ`: the plan is there and nothing has been made), and applied when a person has seen what
    would be made. Both are done by the worker, may be killed at any moment and go on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        READ = "read", _("已读取，待确认")
        APPROVED = "approved", _("等待导入")
        DONE = "done", _("已导入")
        STAGED = "staged", _("已并入待发布的改动")
        FAILED = "failed", _("未成")
        DISCARDED = "discarded", _("已放弃")

    book = models.ForeignKey(
        BookPage, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name=_("图书")
    )
    title = models.CharField(_("书名"), max_length=255, blank=True, help_text=_("留空则用文件里的书名或文件名。"))
    file = models.FileField(_("书稿文件"), upload_to=source_path, blank=True)
    folder = models.CharField(_("本机文件夹"), max_length=1000, blank=True, editable=False)
    original_name = models.CharField(_("文件名"), max_length=255, blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField(_("文件大小（字节）"), default=0, editable=False)
    format = models.CharField(_("格式"), max_length=20, blank=True)
    options = models.JSONField(_("选项"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(_("未成的原因"), blank=True, editable=False)
    plan = models.JSONField(_("将做的事"), default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("导入人"),
    )
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("书稿导入")
        verbose_name_plural = _("书稿导入")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title or self.original_name

    @property
    def filename(self) -> str:
        return self.original_name


class ImportProblem(models.Model):
    """One thing that looks wrong, in the words of the format that found it."""

    class Severity(models.TextChoices):
        BROKEN = "broken", _("缺损")
        DOUBTFUL = "doubtful", _("存疑")
        NOTE = "note", _("说明")

    book_import = models.ForeignKey(BookImport, on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField(_("程度"), max_length=10, choices=Severity.choices)
    code = models.CharField(_("类别"), max_length=40)
    where = models.CharField(_("位置"), max_length=255, blank=True)
    message = models.TextField(_("问题"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("导入的问题")
        verbose_name_plural = _("导入的问题")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.where}：{self.message}"


class ImportPicture(models.Model):
    """A picture of the file that is in the storage already, so that an import that was killed goes on behind it."""

    book_import = models.ForeignKey(BookImport, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=255)
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("导入的图像")
        verbose_name_plural = _("导入的图像")
        constraints = [models.UniqueConstraint(fields=["book_import", "name"], name="import_picture_once")]

    def __str__(self) -> str:
        return self.name
