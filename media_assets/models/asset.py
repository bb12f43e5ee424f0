"""What every original has in common: who may see it, what it is, where it came from and whose it is."""

import secrets
from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from .. import intake
from ..filetypes import FileKind, extension_of
from ..signals import file_stored
from .access_level import AccessLevel
from .rights import RightsStatement


def random_path(folder: str, extension: str) -> str:
    """`folder/ab/cdef….ext`: unguessable, never reused, ASCII, short, at most 256 folders."""
    key = secrets.token_hex(16)
    return f"{folder}/{key[:2]}/{key[2:]}.{extension}"


def original_path(asset: "ArchiveAsset", filename: str) -> str:
    """Where a new original is kept. What the person called it is `original_name`, and its type is
    what the bytes say, so nothing of `filename` is used."""
    if not asset.mime_type:
        raise ValueError("the file has not been described: it must come in through an OriginalFileField")
    return random_path("originals", extension_of(asset.mime_type))


def is_unsaved(field_file) -> bool:
    """Whether a file field holds bytes that are not in the storage yet."""
    return bool(field_file) and not field_file._committed


class OriginalFile(models.fields.files.FieldFile):
    """The file of an asset. Nothing reaches the storage undescribed, whichever way it comes: Wagtail's multiple
    uploader, for one, stores the file first and saves the asset later."""

    def save(self, name, content, save=True):
        self.instance.take_facts(intake.facts_of(content, name, self.instance.file_kinds))
        self.instance._has_new_original = True
        super().save(name, content, save)

    save.alters_data = True


class OriginalFileField(models.FileField):
    attr_class = OriginalFile


class ArchiveAsset(models.Model):
    """An original file and its record.

    Models add `file`, an `OriginalFileField(upload_to=original_path)`, and say in `file_kinds` what it may
    hold. A new file is described (type, size, SHA-256, pixels or seconds) however it arrives; `save()` and
    `file.save()` raise `intake.RefusedFile` or `intake.UnreadableFile` for one that must not be kept.
    `bulk_create` gathers the fields too early for that: call `read_file_facts()` on each instance first, and
    `make_derivatives` afterwards.
    """

    file_kinds: frozenset[FileKind] = frozenset()
    _has_new_original = False
    fact_fields = ("sha256", "file_size", "mime_type", "original_name")

    access = models.PositiveSmallIntegerField(
        _("公开范围"),
        choices=AccessLevel.choices,
        default=AccessLevel.OPEN,
        db_index=True,
        help_text=_("公开：人人可见；馆内：馆内网络的读者和工作人员可见；内部：仅工作人员可见。页面与文件从严者为准。"),
    )
    original_name = models.CharField(_("原文件名"), max_length=255, blank=True, editable=False)
    mime_type = models.CharField(_("文件类型"), max_length=127, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField(_("文件大小（字节）"), null=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False, db_index=True)

    credit = models.CharField(
        _("署名"), max_length=255, blank=True, help_text=_("展示时写明的作者或提供者，如“张三摄”。")
    )
    rights = models.CharField(
        _("权利声明"), max_length=16, choices=RightsStatement.choices, default=RightsStatement.NOT_EVALUATED
    )
    rights_note = models.TextField(_("权利说明"), blank=True, help_text=_("授权书编号、授权期限、使用限制等。"))
    source = models.CharField(
        _("来源"), max_length=255, blank=True, help_text=_("从何处得来：捐赠者、藏所、出处或档号。")
    )
    date_written = models.CharField(
        _("年代"), max_length=255, blank=True, help_text=_("照原件所记填写，如“民国廿五年”“约1978年”。")
    )

    class Meta:
        abstract = True

    asset_search_fields = (
        index.SearchField("original_name"),
        index.AutocompleteField("original_name"),
        index.SearchField("credit"),
        index.SearchField("source"),
        index.FilterField("access"),
        index.FilterField("rights"),
        index.FilterField("mime_type"),
        index.FilterField("sha256"),
    )
    record_form_fields = ("access", "credit", "rights", "rights_note", "source", "date_written")

    def save(self, *args, **kwargs):
        is_new_file = is_unsaved(self.file) or self._has_new_original
        needs_pictures = is_new_file or self.has_other_new_files()
        if is_new_file:
            if is_unsaved(self.file):
                self.read_file_facts()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], *self.fact_fields}
        super().save(*args, **kwargs)
        self._has_new_original = False
        if needs_pictures:
            file_stored.send(sender=type(self), instance=self)

    def has_other_new_files(self) -> bool:
        """Whether `save()` is about to store something besides the original."""
        return False

    @property
    def filename(self) -> str:
        """The name under which a person gets the file back."""
        return self.original_name or PurePosixPath(self.file.name or "").name

    def read_file_facts(self) -> None:
        """Take the facts of a file that is not stored yet into the fields. Raises as `intake.describe`."""
        facts = intake.facts_of(self.file.file, name=self.file.name, kinds=self.file_kinds)
        self.take_facts(facts)

    def take_facts(self, facts: "intake.FileFacts") -> None:
        self.sha256 = facts.sha256
        self.file_size = facts.size
        self.mime_type = facts.mime_type
        self.original_name = facts.original_name

    def same_files(self) -> models.QuerySet:
        """The other assets of this kind that hold the same bytes."""
        same = type(self)._default_manager.filter(sha256=self.sha256).exclude(sha256="")
        return same.exclude(pk=self.pk) if self.pk else same


class PicturedQuerySet(models.QuerySet):
    def prefetch_derivatives(self):
        """With the derivative rows, so that `{% picture %}` asks the database nothing.
        From a page: `.prefetch_related("image__derivatives")`."""
        return self.prefetch_related("derivatives")


class PicturedAsset(models.Model):
    """An asset that is shown through derivatives (`derivatives`, rows of `Derivative`)."""

    derivatives_error = models.TextField(_("展示图制作失败的原因"), blank=True, editable=False)

    class Meta:
        abstract = True

    def derivatives_in(self, image_format: str) -> list:
        """Its pictures in one format ("webp", "jpeg"), smallest first. No query when prefetched. A sheet of a film's
        small pictures is none of them."""
        found = [d for d in self.derivatives.all() if d.format == image_format and d.is_picture]
        return sorted(found, key=lambda d: d.width)

    def largest(self, image_format: str = "jpeg"):
        """The largest derivative in this format, or None."""
        return next(reversed(self.derivatives_in(image_format)), None)

    def fitting(self, width: int, image_format: str = "jpeg"):
        """The smallest derivative at least `width` pixels wide, else the largest there is, else None."""
        rows = self.derivatives_in(image_format)
        return next((d for d in rows if d.width >= width), rows[-1] if rows else None)
