"""The picture library of the CMS: photographs and other single pictures."""

import copy
import io
from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    ImageQuerySet,
    SourceImageIOError,
    WagtailImageField,
    WagtailImageFieldFile,
)

from .. import intake, probing, sandbox
from ..bounds import bounds
from ..decoding import presets
from ..filetypes import FileKind
from ..likenesses import as_signed
from ..local_copies import path_of
from .asset import ArchiveAsset, OriginalFile, PicturedAsset, PicturedQuerySet, original_path, random_path

FIRST_LOOK_PIXELS = 40_000_000
FIRST_LOOK_BYTES = 64 * 1024 * 1024
"""What may be decoded while an editor waits for a page; anything larger is shown when its job is done."""
_FIRST_LOOK_SIDE = 1200


class UprightImageFieldFile(OriginalFile, WagtailImageFieldFile):
    """Width and height as the picture is seen, whatever the camera's orientation flag says: everything
    that is made from it is upright, and so a focal point or a region is counted on the upright picture."""

    def get_image_dimensions(self):
        known = getattr(self._file, "facts", None) if hasattr(self, "_file") else None
        if known is not None:
            return known.width, known.height
        was_closed = self.closed
        self.open()
        try:
            facts = probing.probe_picture(self)
        finally:
            if was_closed:
                self.close()
            else:
                self.seek(0)
        return facts.width, facts.height


class UprightImageField(WagtailImageField):
    attr_class = UprightImageFieldFile


class ArchiveImageQuerySet(PicturedQuerySet, ImageQuerySet):
    pass


class ArchiveImage(ArchiveAsset, PicturedAsset, AbstractImage):
    """A picture of the library. The public sees its `derivatives`; Wagtail's renditions serve the CMS
    alone, and are made from the largest derivative: the original may be a hundred megapixels of CMYK."""

    file_kinds = frozenset({FileKind.IMAGE})
    fact_fields = (*ArchiveAsset.fact_fields, "width", "height", "likeness", "said", "apart_from")

    file = UprightImageField(
        _("文件"), upload_to=original_path, width_field="width", height_field="height", db_index=True
    )
    likeness = models.BigIntegerField(
        _("相似值"), null=True, editable=False, help_text=_("64位感知散列（有符号），供查找相似图片；空白即无。")
    )
    said = models.JSONField(
        _("文件自带的信息"), default=dict, blank=True, editable=False, help_text=_("含拍摄位置，仅供内部。")
    )
    apart_from = models.JSONField(
        _("已确认不是重复的图片"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("编辑决定两张都保留的图片编号。"),
    )

    objects = ArchiveImageQuerySet.as_manager()

    search_fields = [*AbstractImage.search_fields, *ArchiveAsset.asset_search_fields]
    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "tags",
        *ArchiveAsset.record_form_fields,
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")

    def take_facts(self, facts: intake.FileFacts) -> None:
        super().take_facts(facts)
        self.width, self.height = facts.width, facts.height
        self.file_hash = facts.sha1  # by which Wagtail finds duplicates
        self.likeness = as_signed(facts.likeness) if facts.likeness else None
        self.said = facts.said or {}
        self.apart_from = []
        if self._state.adding and self.said.get("title") and self._is_named_after_its_file():
            self.title = self.said["title"]

    def _is_named_after_its_file(self) -> bool:
        """Whether nobody has given it a title yet: forms fill in the name of the file."""
        named = {self.original_name, PurePosixPath(self.original_name).stem, ""}
        return self.title.strip() in named | {name.replace("_", " ").replace("-", " ") for name in named}

    @property
    def small(self):
        """The derivative that a list of pictures shows, or None."""
        return self.fitting(320)

    def generate_rendition_file(self, filter, *, source=None):  # noqa: A002 (Wagtail's own name)
        """Wagtail's rendition, from the largest derivative; from a first look while there is none.

        Raises SourceImageIOError, for which Wagtail shows a gap, when the picture cannot be shown, or not yet.
        """
        access_copy = self.largest("jpeg")
        if access_copy is not None:
            with access_copy.file.storage.open(access_copy.file.name) as file:
                return super(ArchiveImage, self._at_size_of(access_copy)).generate_rendition_file(filter, source=file)
        look = self._first_look()
        return super(ArchiveImage, self._at_size_of(look)).generate_rendition_file(filter, source=io.BytesIO(look.jpeg))

    def _first_look(self) -> presets.Size:
        """Decoded in the sandbox, never here: Wagtail's own decoders know neither bounds nor the rarer pictures."""
        is_large = self.width * self.height > FIRST_LOOK_PIXELS or (self.file_size or 0) > FIRST_LOOK_BYTES
        if is_large or self.derivatives_error:
            raise SourceImageIOError(self.derivatives_error or f"{self.file.name}: too large to be shown at once")
        scale = min(1.0, _FIRST_LOOK_SIDE / max(self.width, self.height))
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        try:
            with self.file.storage.open(self.file.name) as file, path_of(file) as path:
                asked = (str(path), self.mime_type, self.width, self.height, [size], bounds())
                return sandbox.call(presets.render, *asked)[0]
        except (intake.FileError, FileNotFoundError) as error:
            raise SourceImageIOError(str(error)) from error

    def create_renditions(self, *filters):
        """One after the other: Wagtail's own way reads the whole original into memory and uses threads."""
        return {filter: self.create_rendition(filter) for filter in filters}  # noqa: A001

    def _at_size_of(self, smaller) -> "ArchiveImage":
        """This picture as if the smaller one were its original: focal points are counted in its pixels."""
        twin = copy.copy(self)
        scale = smaller.width / self.width
        twin.width, twin.height = smaller.width, smaller.height
        for name in ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"):
            value = getattr(self, name)
            setattr(twin, name, None if value is None else round(value * scale))
        return twin


class ArchiveRendition(AbstractRendition):
    """A picture that the CMS shows to editors; no public page may link to one."""

    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("后台用图")
        verbose_name_plural = _("后台用图")
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_filter")
        ]
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]

    def get_upload_to(self, filename: str) -> str:
        extension = filename.rpartition(".")[2].lower()
        return random_path("renditions", extension)
