"""The museum's own word list for the display in traditional characters."""

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

WORDS_KEY = "archive.traditional.words"
"""Where the list in force is cached, see `archive.exchange.script_choice`."""


@register_setting(icon="order")
class TraditionalWording(BaseGenericSetting):
    """Names and words that the general tables would convert wrongly."""

    words = models.TextField(
        _("繁体用字表"),
        blank=True,
        help_text=_(
            "每行一条：简体写法，等号，繁体写法，例如“于谦=于謙”；只写一个词（例如“三里”）表示照原样显示。"
            "地方、人物与丛书的“其他名称”里已有繁体写法的，不必再写。"
        ),
    )

    panels = [FieldPanel("words")]

    class Meta:
        verbose_name = _("繁体用字")

    def save(self, *args, **kwargs) -> None:
        """Saves the list and drops the one that this process uses; other processes follow when theirs runs out."""
        super().save(*args, **kwargs)
        cache.delete(WORDS_KEY)

    @classmethod
    def in_force(cls) -> str:
        """The list, without making a row where nobody wrote one."""
        return cls.objects.values_list("words", flat=True).first() or ""
