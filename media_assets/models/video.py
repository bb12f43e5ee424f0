"""The film library of the CMS: films and sound recordings."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia, MediaQuerySet

from .. import intake
from ..filetypes import FileKind, extension_of, file_type, mime_type_of_extension
from .asset import (
    ArchiveAsset,
    OriginalFileField,
    PicturedAsset,
    PicturedQuerySet,
    is_unsaved,
    original_path,
    random_path,
)


def poster_path(video: "ArchiveVideo", filename: str) -> str:
    """Where a film's still is kept. `save()` has named it after its bytes; nothing else may name it."""
    extension = filename.rpartition(".")[2]
    if file_type(mime_type_of_extension(extension)).kind is not FileKind.IMAGE:
        raise ValueError("the still has not been described")
    return random_path("posters", extension)


class ArchiveVideoQuerySet(PicturedQuerySet, MediaQuerySet):
    pass


class ArchiveVideo(ArchiveAsset, PicturedAsset, AbstractMedia):
    """A film (`type` "video") or a recording ("audio"). `duration` is in seconds; `width` and `height` are
    those of the picture as it is shown. Its derivatives are those of `thumbnail`."""

    file_kinds = frozenset({FileKind.VIDEO, FileKind.AUDIO})
    _has_new_still = False
    fact_fields = (*ArchiveAsset.fact_fields, "type", "duration", "width", "height")

    file = OriginalFileField(_("文件"), upload_to=original_path, db_index=True)
    thumbnail = models.FileField(
        _("封面图"), upload_to=poster_path, blank=True, help_text=_("留空时自动从影片中截取一帧。")
    )
    poster_is_automatic = models.BooleanField(_("封面图为自动截取"), default=False, editable=False)

    objects = ArchiveVideoQuerySet.as_manager()

    search_fields = [*AbstractMedia.search_fields, *ArchiveAsset.asset_search_fields]
    admin_form_fields = (
        "title",
        "file",
        "collection",
        "thumbnail",
        "tags",
        *ArchiveAsset.record_form_fields,
    )

    class Meta(AbstractMedia.Meta):
        verbose_name = _("音视频")
        verbose_name_plural = _("音视频")

    def save(self, *args, **kwargs):
        self.name_still()
        super().save(*args, **kwargs)
        self._has_new_still = False

    def name_still(self) -> None:
        """Call a still that is not stored yet by what its bytes are. Raises as `intake.describe`."""
        if is_unsaved(self.thumbnail):
            still = intake.facts_of(self.thumbnail.file, self.thumbnail.name, {FileKind.IMAGE})
            self.thumbnail.name = f"still.{extension_of(still.mime_type)}"
            self.poster_is_automatic = False
            self._has_new_still = True

    def has_other_new_files(self) -> bool:
        return self._has_new_still or not self.thumbnail  # one that was taken away is made anew

    @property
    def url(self) -> str:
        """The checked address from which it is played."""
        return reverse("media:play", args=[self.pk, self.filename])

    @property
    def sources(self) -> list[dict[str, str]]:
        return [{"src": self.url, "type": self.mime_type or "application/octet-stream"}]

    def take_facts(self, facts: intake.FileFacts) -> None:
        super().take_facts(facts)
        self.type = facts.kind.value
        self.duration = facts.duration or 0
        self.width, self.height = facts.width, facts.height
