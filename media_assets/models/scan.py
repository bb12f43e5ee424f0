"""The picture of one scanned page. Not in the picture library: there are hundreds of thousands of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import intake
from ..filetypes import FileKind
from .asset import ArchiveAsset, OriginalFileField, PicturedAsset, PicturedQuerySet, original_path


class Scan(ArchiveAsset, PicturedAsset):
    file_kinds = frozenset({FileKind.IMAGE})
    fact_fields = (*ArchiveAsset.fact_fields, "width", "height")

    file = OriginalFileField(_("文件"), upload_to=original_path, db_index=True)
    width = models.PositiveIntegerField(_("宽度（像素）"), editable=False)
    height = models.PositiveIntegerField(_("高度（像素）"), editable=False)
    created_at = models.DateTimeField(_("入库时间"), auto_now_add=True)

    objects = PicturedQuerySet.as_manager()

    class Meta:
        verbose_name = _("扫描页图像")
        verbose_name_plural = _("扫描页图像")

    def __str__(self):
        return self.filename

    def take_facts(self, facts: intake.FileFacts) -> None:
        super().take_facts(facts)
        self.width, self.height = facts.width, facts.height
