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

PLAYED_BY_BROWSERS = frozenset(
    f"{kind}/{form}"
    for kind, forms in {"video": ("mp4", "webm"), "audio": ("mpeg", "mp4", "wav", "ogg", "webm", "aac", "flac")}.items()
    for form in forms
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
    still_of_sha256 = models.CharField(_("封面图截自哪一份影片"), max_length=64, blank=True, default="", editable=False)

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
        """What a player plays without any script: the file made for browsers, before it is there the original if
        browsers know its kind, else nothing."""
        whole = self._made("whole")
        if whole is not None:
            return [{"src": whole.url, "type": whole.mime_type}]
        if self.mime_type in PLAYED_BY_BROWSERS:
            return [{"src": self.url, "type": self.mime_type}]
        return []

    @property
    def playlist_url(self) -> str:
        """The address of its HLS playlist, or nothing."""
        made = self._made("film480") or self._made("film720")
        return reverse("media:playlist", args=[self.pk]) if made else ""

    @property
    def storyboard_url(self) -> str:
        """The address of its track of small pictures, or nothing."""
        return reverse("media:storyboard", args=[self.pk]) if self._made("sheet") else ""

    def _made(self, preset: str):
        """No query when `derivatives` is prefetched."""
        return next((d for d in self.derivatives.all() if d.preset == preset), None)

    def take_facts(self, facts: intake.FileFacts) -> None:
        super().take_facts(facts)
        self.type = facts.kind.value
        self.duration = facts.duration or 0
        self.width, self.height = facts.width, facts.height
