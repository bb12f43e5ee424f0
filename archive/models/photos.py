"""Photographs and the albums that hold them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from .base import ArchivePage
from .museum_page import TITLE_PANELS
from .paging import MEMBERS_PAGE_SIZE, one_page_of_cards


class AlbumPage(ArchivePage):
    """Photographs that belong together. The page tree wants fewer than about 5,000 children under one parent."""

    museum_kind = "album"
    holds_others = True
    template = "pages/album_page.html"
    parent_page_types = ["archive.PhotoIndexPage"]
    subpage_types = ["archive.PhotoPage"]
    page_description = _("一组照片")

    content_panels = TITLE_PANELS + [
        FieldPanel("description"),
        FieldPanel("lead_image", heading=_("封面照片")),
    ]

    class Meta:
        verbose_name = _("相册")
        verbose_name_plural = _("相册")

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        photos = PhotoPage.objects.child_of(self).visible_to(context["audience"]).order_by("path")
        context["photos"] = one_page_of_cards(photos, request.GET.get("page", ""), MEMBERS_PAGE_SIZE)
        return context


class PhotoPage(ArchivePage):
    """One photograph as it is published: the image asset, with what is known of it."""

    caption = models.TextField(_("图说"), blank=True, help_text=_("照片背后或档案中的文字，照原文。"))
    photographer = models.CharField(
        _("摄影者"), max_length=120, blank=True, help_text=_("照原文写；已有人物记录的，另在“著录”中选择。")
    )
    people_shown = models.TextField(_("图中人物"), blank=True, help_text=_("从左至右，每行一人；不能辨认的写“不详”。"))
    shot_at = models.CharField(_("拍摄地点"), max_length=200, blank=True, help_text=_("比“地方”更细的说明。"))

    museum_kind = "photo"
    template = "pages/photo_page.html"
    parent_page_types = ["archive.AlbumPage", "archive.PhotoIndexPage"]
    subpage_types: list[str] = []
    page_description = _("一张照片")

    search_fields = ArchivePage.search_fields + [
        index.SearchField("caption"),
        index.SearchField("photographer"),
        index.SearchField("people_shown"),
    ]

    content_panels = TITLE_PANELS + [
        FieldPanel("lead_image", heading=_("照片")),
        MultiFieldPanel(
            [FieldPanel("caption"), FieldPanel("description")],
            heading=_("图说与说明"),
        ),
        MultiFieldPanel(
            [FieldPanel("photographer"), FieldPanel("shot_at"), FieldPanel("people_shown")],
            heading=_("拍摄与人物"),
        ),
    ]

    class Meta:
        verbose_name = _("照片")
        verbose_name_plural = _("照片")

    @property
    def people_shown_list(self) -> list[str]:
        return [line.strip() for line in self.people_shown.splitlines() if line.strip()]

    def text_for_search(self) -> str:
        return "\n".join(filter(None, [self.caption, self.photographer, self.shot_at, self.people_shown]))

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        siblings = PhotoPage.objects.sibling_of(self, inclusive=False).visible_to(context["audience"])
        context["previous"] = siblings.filter(path__lt=self.path).order_by("-path").first() if self.path else None
        context["next"] = siblings.filter(path__gt=self.path).order_by("path").first() if self.path else None
        return context
