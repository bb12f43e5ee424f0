"""Local-history stories and the columns in which they appear."""

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from archive.access import Audience

from .base import ArchivePage
from .museum_page import TITLE_PANELS
from .paging import MEMBERS_PAGE_SIZE, one_page_of_cards
from .story_blocks import StoryBlocks, films_in, pictures_in, words_in


class ColumnPage(ArchivePage):
    """A serial column: stories in numbered instalments."""

    museum_kind = "column"
    holds_others = True
    template = "pages/column_page.html"
    parent_page_types = ["archive.StoryIndexPage"]
    subpage_types = ["archive.StoryPage"]
    page_description = _("一个连载栏目，其下按期放置故事")

    content_panels = TITLE_PANELS + [
        FieldPanel("description"),
        FieldPanel("lead_image", heading=_("题图")),
    ]

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        newest_first = (models.F("instalment").desc(nulls_last=True), "-first_published_at", "-pk")
        stories = StoryPage.objects.child_of(self).visible_to(context["audience"]).order_by(*newest_first)
        context["stories"] = one_page_of_cards(stories, request.GET.get("page", ""), MEMBERS_PAGE_SIZE)
        return context


class StoryPage(ArchivePage):
    """A story of the place, told in text, pictures, films and sources."""

    byline = models.CharField(_("撰文"), max_length=120, blank=True)
    instalment = models.PositiveIntegerField(_("期数"), null=True, blank=True, help_text=_("在栏目中的第几期。"))
    body = StreamField(StoryBlocks(), verbose_name=_("正文"), blank=True)

    museum_kind = "story"
    template = "pages/story_page.html"
    parent_page_types = ["archive.ColumnPage", "archive.StoryIndexPage"]
    subpage_types: list[str] = []
    page_description = _("一篇方志故事")

    search_fields = ArchivePage.search_fields + [index.SearchField("body"), index.SearchField("byline")]

    content_panels = TITLE_PANELS + [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("byline"), FieldPanel("instalment")]),
                FieldPanel("description", heading=_("导语")),
            ],
            heading=_("署名与导语"),
        ),
        FieldPanel("lead_image", heading=_("题图")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("故事")
        verbose_name_plural = _("故事")

    def prefetch_pictures(self) -> None:
        super().prefetch_pictures()
        prefetch_related_objects(pictures_in(self.body), "derivatives")
        prefetch_related_objects(films_in(self.body), "video__derivatives")

    def used_assets(self) -> set[tuple[str, int]]:
        return super().used_assets() | {("image", image.pk) for image in pictures_in(self.body)}

    def text_for_search(self) -> str:
        return "\n".join(filter(None, [self.byline, *words_in(self.body)]))

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["previous"], context["next"] = self.neighbours(context["audience"])
        return context

    def neighbours(self, audience: Audience) -> tuple["StoryPage | None", "StoryPage | None"]:
        """The stories before and after this one in its column: by instalment where it has one, else by the day of
        publication among those that have none."""
        if not self.path or not ColumnPage.objects.parent_of(self).exists():
            return None, None
        siblings = StoryPage.objects.sibling_of(self, inclusive=False).visible_to(audience)
        if self.instalment is not None:
            before = siblings.filter(instalment__lt=self.instalment).order_by("-instalment")
            after = siblings.filter(instalment__gt=self.instalment).order_by("instalment")
        elif self.first_published_at is not None:
            siblings = siblings.filter(instalment=None)
            before = siblings.filter(first_published_at__lt=self.first_published_at).order_by("-first_published_at")
            after = siblings.filter(first_published_at__gt=self.first_published_at).order_by("first_published_at")
        else:
            return None, None
        return before.first(), after.first()
