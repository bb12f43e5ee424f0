"""Exhibitions: things of the collection arranged into rooms with words between them, to be walked through."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from .base import ArchivePage
from .exhibition_blocks import ExhibitionRooms, items_of
from .museum_page import TITLE_PANELS
from .story_blocks import words_in


class ExhibitionPage(ArchivePage):
    """An exhibition. It shows other pages' things and owns none of them: what a reader may not know of is left out of
    its rooms, whatever its own level."""

    curators = models.CharField(_("策划"), max_length=255, blank=True)
    rooms = StreamField(ExhibitionRooms(), verbose_name=_("展室"), blank=True)

    museum_kind = "exhibition"
    template = "pages/exhibition_page.html"
    parent_page_types = ["archive.ExhibitionIndexPage"]
    subpage_types: list[str] = []
    page_description = _("把馆藏按展室陈列起来，读者一间一间地看")

    search_fields = ArchivePage.search_fields + [index.SearchField("curators"), index.SearchField("rooms")]

    content_panels = TITLE_PANELS + [
        FieldPanel("description", heading=_("前言")),
        FieldPanel("curators"),
        FieldPanel("lead_image", heading=_("题图")),
        FieldPanel("rooms"),
    ]

    class Meta:
        verbose_name = _("专题")
        verbose_name_plural = _("专题")

    def text_for_search(self) -> str:
        return "\n".join(filter(None, [self.curators, *words_in(self.rooms)]))

    def shown_items(self) -> set[int]:
        """The primary keys of the pages that its rooms show."""
        return items_of(self.rooms)

    def room_address(self, number: int) -> str:
        return f"{self.get_url() or ''}rooms/{number}/"


class ExhibitedItem(models.Model):
    """A live exhibition and one page that it shows. `archive.publication` writes and deletes these rows, so that a
    thing can say where it is on show."""

    exhibition = models.ForeignKey(ExhibitionPage, on_delete=models.CASCADE, related_name="exhibited_items")
    item = models.ForeignKey(ArchivePage, on_delete=models.CASCADE, related_name="on_show")

    class Meta:
        verbose_name = _("展品")
        verbose_name_plural = _("展品")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["exhibition", "item"], name="exhibited_once")]

    def __str__(self) -> str:
        return f"{self.exhibition_id}: {self.item_id}"
