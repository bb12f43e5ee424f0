"""The museum's particulars for readers of English."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="globe")
class EnglishParticulars(BaseGenericSetting):
    """What stands in the head and foot of English pages. What is left empty is shown in Chinese."""

    name = models.CharField(_("英文馆名"), max_length=120, blank=True)
    motto = models.CharField(_("英文题语"), max_length=200, blank=True)
    notice = models.CharField(_("英文告示"), max_length=300, blank=True)
    office = models.CharField(_("主办单位的英文名称"), max_length=200, blank=True)
    contact = models.CharField(_("英文联系方式"), max_length=300, blank=True)

    FIELDS = ("name", "motto", "notice", "office", "contact")

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("motto"), FieldPanel("notice")], heading=_("馆名与题语")),
        MultiFieldPanel([FieldPanel("office"), FieldPanel("contact")], heading=_("页脚")),
    ]

    class Meta:
        verbose_name = _("英文馆名与页脚")

    @classmethod
    def in_force(cls) -> dict[str, str]:
        """The particulars that are filled in, by the names that `MuseumSettings` has for them."""
        row = cls.objects.values(*cls.FIELDS).first() or {}
        return {name: value for name, value in row.items() if value}
