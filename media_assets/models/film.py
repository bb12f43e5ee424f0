"""What the player must know of the files that were made of a film: where its segments begin, how its sheet is laid out.

Kept apart from `Derivative`, of which there are hundreds of thousands, and few of them move.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from .derivative import Derivative


@dataclass(frozen=True)
class Segment:
    """`seconds` long, `length` bytes from byte `offset` on."""

    seconds: float
    length: int
    offset: int


class FilmStream(models.Model):
    """A film as fragmented MP4 in one file: its head, then segments of about six seconds, each of which begins with
    a key picture (RFC 8216, fMP4 with byte ranges)."""

    derivative = models.OneToOneField(Derivative, on_delete=models.CASCADE, related_name="stream")
    head_length = models.PositiveIntegerField(_("文件头长度（字节）"))
    segments = models.JSONField(_("分段"), help_text=_("每段一行：秒数、字节数、起始字节。"))
    codecs = models.CharField(_("编码"), max_length=60)
    peak_bits = models.PositiveIntegerField(_("最高码率（比特每秒）"))
    mean_bits = models.PositiveIntegerField(_("平均码率（比特每秒）"))
    frame_rate = models.FloatField(_("帧率"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("影片分段")
        verbose_name_plural = _("影片分段")

    def __str__(self) -> str:
        return f"{self.derivative_id}：{len(self.segments)}"

    def parts(self) -> Iterator[Segment]:
        return (Segment(*row) for row in self.segments)


class Storyboard(models.Model):
    """A sheet of small pictures of a film, row by row: one every `seconds`, each `width` × `height` pixels."""

    derivative = models.OneToOneField(Derivative, on_delete=models.CASCADE, related_name="storyboard")
    seconds = models.FloatField(_("间隔（秒）"))
    count = models.PositiveSmallIntegerField(_("幅数"))
    columns = models.PositiveSmallIntegerField(_("每行幅数"))
    width = models.PositiveSmallIntegerField(_("每幅宽度（像素）"))
    height = models.PositiveSmallIntegerField(_("每幅高度（像素）"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("分镜预览")
        verbose_name_plural = _("分镜预览")

    def __str__(self) -> str:
        return f"{self.derivative_id}：{self.count}"

    def places(self) -> Iterator[tuple[float, float, int, int]]:
        """Of each small picture: from which second to which it stands for the film, and its left and top pixel."""
        for number in range(self.count):
            row, column = divmod(number, self.columns)
            yield number * self.seconds, (number + 1) * self.seconds, column * self.width, row * self.height
