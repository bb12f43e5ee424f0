"""A picture in many sizes and small tiles: what deep zoom and the IIIF Image API are answered from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .derivative import derivative_storage, new_key
from .image import ArchiveImage
from .scan import Scan


def pyramid_path(pyramid: "Pyramid", filename: str) -> str:
    """Random, and not made of the key: that stands in public addresses, and a file that is made anew has a new one."""
    name = new_key()
    return f"derivatives/{name[:2]}/{name[2:]}.tif"


class Pyramid(models.Model):
    """One tiled TIFF, private like every derivative, with the places of its tiles.

    `key` is the identifier of the picture in the IIIF Image API: opaque, kept when the file is made anew from the same
    original, another when the picture is replaced. `tiles` is a packed `media_assets.tile_index`.
    """

    image = models.OneToOneField(
        ArchiveImage, on_delete=models.CASCADE, null=True, blank=True, related_name="pyramid", verbose_name=_("图片")
    )
    scan = models.OneToOneField(
        Scan, on_delete=models.CASCADE, null=True, blank=True, related_name="pyramid", verbose_name=_("扫描页图像")
    )
    key = models.CharField(_("地址密钥"), max_length=40, unique=True, default=new_key, editable=False)
    width = models.PositiveIntegerField(_("宽度（像素）"))
    height = models.PositiveIntegerField(_("高度（像素）"))
    file = models.FileField(_("文件"), upload_to=pyramid_path, storage=derivative_storage, db_index=True)
    file_size = models.PositiveBigIntegerField(_("文件大小（字节）"))
    tiles = models.BinaryField(_("瓦片索引"))
    source_sha256 = models.CharField(
        _("原图的 SHA-256"), max_length=64, help_text=_("由哪一份原图制成；原图换了，就要重做。")
    )
    created_at = models.DateTimeField(_("制作时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("深度缩放图")
        verbose_name_plural = _("深度缩放图")
        constraints = [
            models.CheckConstraint(
                condition=Q(image__isnull=False, scan__isnull=True) | Q(image__isnull=True, scan__isnull=False),
                name="pyramid_has_exactly_one_owner",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner(self) -> ArchiveImage | Scan:
        return self.image if self.image_id else self.scan
