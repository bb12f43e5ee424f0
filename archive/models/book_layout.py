"""What lies on the pages of a book besides text: where its lines stand on the scan, and its figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from media_assets.models import ArchiveImage

from .books import BookPage, Leaf

PARTS = 10_000
"""Boxes are kept in ten-thousandths of the picture: whole numbers, a third of the bytes, finer than a pixel."""


class LeafLayout(models.Model):
    """Where the text of a leaf stands on its scan. A row of its own, for it is larger than the text.

    ``boxes`` is a list of ``[left, top, width, height, start, end, is_word]``: the first four in ten-thousandths of the
    picture's width and height, then the half-open range in the leaf's plain text, then 1 for a word, 0 for a line.
    """

    leaf = models.OneToOneField(Leaf, on_delete=models.DO_NOTHING, primary_key=True, related_name="layout")
    boxes = models.JSONField(_("行框"), default=list)

    class Meta:
        verbose_name = _("版面")
        verbose_name_plural = _("版面")

    def __str__(self) -> str:
        return str(self.pk)


class Figure(models.Model):
    """A picture inside the text of a book, which names it by ``key``: ``![图注](fig:key)``."""

    book = models.ForeignKey(BookPage, verbose_name=_("图书"), on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(_("名称"), max_length=80)
    image = models.ForeignKey(ArchiveImage, verbose_name=_("图片"), on_delete=models.PROTECT, related_name="figures")
    caption = models.CharField(_("图注"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("插图")
        verbose_name_plural = _("插图")
        ordering = ["book", "pk"]
        constraints = [models.UniqueConstraint(fields=["book", "key"], name="figure_key_in_book")]

    def __str__(self) -> str:
        return self.caption or self.key
