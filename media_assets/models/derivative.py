"""What is made from an original to be shown: pictures in several sizes, and films as browsers play them."""

import secrets

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .document import ArchiveDocument
from .image import ArchiveImage
from .scan import Scan
from .video import ArchiveVideo


class Preset(models.TextChoices):
    """The sizes there are. A picture is bounded by its width, because a column of the page is what a picture
    must fill and `srcset` is told in widths; its height may be at most twice that, so that a hanging
    scroll or a strip map stays a picture that a phone can open (deep zoom is for those).

    Of a film: two streams in byte ranges (a film lower than 720 lines has one of its own size), one whole file for
    browsers that know no more, and a sheet of small pictures; of a recording the whole file alone."""

    W320 = "w320", _("小图（宽320）")
    W960 = "w960", _("中图（宽960）")
    W1920 = "w1920", _("大图（宽1920）")
    FILM480 = "film480", _("影片（480线）")
    FILM720 = "film720", _("影片（720线）")
    PROGRESSIVE = "whole", _("整部播放文件")
    STORYBOARD = "sheet", _("分镜预览图")

    @classmethod
    def of_pictures(cls) -> tuple["Preset", ...]:
        """Those that a picture has, and a film's still."""
        return (cls.W320, cls.W960, cls.W1920)

    @classmethod
    def of_films(cls) -> tuple["Preset", ...]:
        """Those that the moving picture or the sound has."""
        return (cls.FILM480, cls.FILM720, cls.PROGRESSIVE, cls.STORYBOARD)

    @property
    def width(self) -> int:
        return int(self.value[1:])

    @property
    def height(self) -> int:
        return self.width * 2


class DerivativeFormat(models.TextChoices):
    WEBP = "webp", "WebP"
    JPEG = "jpeg", "JPEG"
    MP4 = "mp4", "MP4"
    M4A = "m4a", "M4A"

    @classmethod
    def of_pictures(cls) -> tuple["DerivativeFormat", ...]:
        return (cls.WEBP, cls.JPEG)

    @property
    def extension(self) -> str:
        return {"jpeg": "jpg"}.get(self.value, self.value)

    @property
    def mime_type(self) -> str:
        return {"mp4": "video/mp4", "m4a": "audio/mp4"}.get(self.value, f"image/{self.value}")


def derivative_storage():
    """The storage with the alias "derivatives"; a function, so that settings may change it."""
    return storages["derivatives"]


def derivative_path(derivative: "Derivative", filename: str) -> str:
    """The path says no more than the key does."""
    extension = DerivativeFormat(derivative.format).extension
    return f"derivatives/{derivative.key[:2]}/{derivative.key[2:]}.{extension}"


def new_key() -> str:
    """160 random bits, safe in an address on every file system: hexadecimal."""
    return secrets.token_hex(20)


OWNERS = ("image", "scan", "video", "document")


class DerivativeQuerySet(models.QuerySet):
    def pictures(self) -> "DerivativeQuerySet":
        """The sizes of a picture, or of the still of a film."""
        return self.filter(preset__in=Preset.of_pictures())

    def films(self) -> "DerivativeQuerySet":
        """What the player plays, and its sheet of small pictures."""
        return self.filter(preset__in=Preset.of_films())


class Derivative(models.Model):
    """One size of one asset in one format. Never changed: a new picture is a new row with a new key."""

    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, null=True, blank=True, related_name="derivatives")
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, null=True, blank=True, related_name="derivatives")
    video = models.ForeignKey(ArchiveVideo, on_delete=models.CASCADE, null=True, blank=True, related_name="derivatives")
    document = models.ForeignKey(
        ArchiveDocument, on_delete=models.CASCADE, null=True, blank=True, related_name="derivatives"
    )
    preset = models.CharField(_("尺寸"), max_length=16, choices=Preset.choices)
    format = models.CharField(_("格式"), max_length=8, choices=DerivativeFormat.choices)
    width = models.PositiveIntegerField(_("宽度（像素）"))
    height = models.PositiveIntegerField(_("高度（像素）"))
    key = models.CharField(_("地址密钥"), max_length=40, unique=True, default=new_key, editable=False)
    file = models.FileField(_("文件"), upload_to=derivative_path, storage=derivative_storage)
    file_size = models.PositiveBigIntegerField(_("文件大小（字节）"))
    public_name = models.CharField(
        _("公开副本"),
        max_length=120,
        blank=True,
        db_index=True,
        editable=False,
        help_text=_("公开存储中的名称；空白即没有公开副本。"),
    )
    source_sha256 = models.CharField(
        _("原图的 SHA-256"), max_length=64, help_text=_("由哪一份原图制成；原图换了，就要重做。")
    )
    created_at = models.DateTimeField(_("制作时间"), auto_now_add=True)

    objects = DerivativeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("展示图")
        verbose_name_plural = _("展示图")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(image__isnull=False, scan__isnull=True, video__isnull=True, document__isnull=True)
                    | Q(image__isnull=True, scan__isnull=False, video__isnull=True, document__isnull=True)
                    | Q(image__isnull=True, scan__isnull=True, video__isnull=False, document__isnull=True)
                    | Q(image__isnull=True, scan__isnull=True, video__isnull=True, document__isnull=False)
                ),
                name="derivative_has_exactly_one_owner",
            ),
            models.UniqueConstraint(fields=["image", "preset", "format"], name="one_derivative_an_image"),
            models.UniqueConstraint(fields=["scan", "preset", "format"], name="one_derivative_a_scan"),
            models.UniqueConstraint(fields=["video", "preset", "format"], name="one_derivative_a_video"),
            models.UniqueConstraint(fields=["document", "preset", "format"], name="one_derivative_a_document"),
        ]

    def __str__(self):
        return f"{self.get_preset_display()}（{self.format}）"

    @property
    def owner(self) -> ArchiveImage | Scan | ArchiveVideo | ArchiveDocument:
        """Asked by the foreign keys, so that `select_related` on the four (`OWNERS`) is all it takes."""
        return next(getattr(self, field) for field in OWNERS if getattr(self, f"{field}_id"))

    @property
    def is_picture(self) -> bool:
        """Whether it shows the asset itself, whole: a sheet of a film's pictures does not."""
        return self.preset in Preset.of_pictures()

    @property
    def is_film(self) -> bool:
        """Whether it moves or sounds."""
        return self.format in (DerivativeFormat.MP4, DerivativeFormat.M4A)

    @property
    def mime_type(self) -> str:
        return DerivativeFormat(self.format).mime_type

    @property
    def url(self) -> str:
        """Where pages find it: its public copy if there is one, else its checked address."""
        return storages["public"].url(self.public_name) if self.public_name else self.checked_url

    @property
    def checked_url(self) -> str:
        """The address that asks the rule at each request."""
        return reverse("media:derivative", args=[self.key, DerivativeFormat(self.format).extension])

    def name_under(self, token: str) -> str:
        """What its public copy is called under a publication token."""
        return f"{token}/{self.preset}.{DerivativeFormat(self.format).extension}"
