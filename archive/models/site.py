"""The site around the collection: home, index pages, free pages and the museum's own particulars."""

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from archive.access import Audience, may_see_content

from .anniversaries import on_this_day
from .authorities import Place, Series
from .base import ArchivePage
from .books import BookPage
from .exhibitions import ExhibitionPage
from .holdings import Holdings
from .listings import Filters, Listing
from .museum_page import TITLE_PANELS, MuseumPageMixin
from .photos import AlbumPage, PhotoPage
from .stories import ColumnPage, StoryPage
from .story_blocks import FreeBlocks
from .videos import VideoPage, VideoSeriesPage

NEWEST_FIRST = ("-first_published_at", "-pk")
MOST_EXHIBITIONS, MOST_NEW, MOST_GROUPS = 4, 8, 24
"""What the home page shows of exhibitions and of new things, and a catalogue of its albums, columns or series."""


class HomePage(MuseumPageMixin, Page):
    """Opens with one thing worth seeing, then the ways in, then what is new, then the collection's figures."""

    introduction = RichTextField(_("馆藏简介"), blank=True, features=["bold", "italic", "link"])
    featured = models.ForeignKey(
        ArchivePage,
        verbose_name=_("今日推荐"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("首页最先看到的一件；留空则取最新的一件有图的馆藏。"),
    )

    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "archive.BookIndexPage",
        "archive.VideoIndexPage",
        "archive.PhotoIndexPage",
        "archive.StoryIndexPage",
        "archive.ExhibitionIndexPage",
        "archive.FreePage",
    ]
    private_page_options: list[str] = []
    page_description = _("网站首页")

    content_panels = TITLE_PANELS + [PageChooserPanel("featured"), FieldPanel("introduction")]

    class Meta:
        verbose_name = _("首页")
        verbose_name_plural = _("首页")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """As Wagtail's, in one step instead of two queries for each level of the tree."""
        if get_supported_content_language_variant(get_language()) != self.locale.language_code:
            raise Http404  # there is no tree in the language that the address asks for
        if path_components:
            address = f"{self.url_path}{'/'.join(path_components)}/"
            page = Page.objects.filter(slug=path_components[-1], url_path=address).first()
            if page is not None:
                return page.specific.route(request, [])
        return super().route(request, path_components)

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        audience = context["audience"]
        here = ArchivePage.objects.filter(locale_id=self.locale_id).visible_to(audience)
        holdings = Holdings(audience, self.locale_id)
        shows = ExhibitionPage.objects.filter(locale_id=self.locale_id).visible_to(audience)
        context["exhibitions"] = shows.order_by(*NEWEST_FIRST).cards(0, MOST_EXHIBITIONS)
        new = here.exact_things().not_type(ExhibitionPage).order_by(*NEWEST_FIRST)
        context["new_arrivals"] = new.cards(0, MOST_NEW)
        context["featured_item"] = self.featured_item(here, audience, context["new_arrivals"])
        context["figures"] = self.figures(holdings)
        context["indexes"] = list(IndexPage.objects.child_of(self).live().order_by("path"))
        context["stretches"] = holdings.by_decade()
        context["anniversaries"] = on_this_day(here.exact_things(), timezone.localdate())
        towns = Place.objects.filter(pk__in=holdings.by_place(), kind=Place.Kind.TOWN)
        context["places"] = list(towns.order_by("slug")[:40])
        context["series_list"] = list(Series.objects.filter(pk__in=holdings.by_series()).order_by("slug")[:20])
        return context

    def featured_item(self, here, audience: Audience, new: list[ArchivePage]) -> ArchivePage | None:
        """What the editor chose if this reader may see it, else the newest thing with a picture: as a rule one of
        those that are listed as `new`."""
        pictured = here.visible_to(audience, content=True).exclude(lead_image=None)
        chosen = pictured.filter(pk=self.featured_id).for_cards().first() if self.featured_id else None
        if chosen is not None:
            return chosen
        seen = (item for item in new if item.lead_image_id and may_see_content(audience, item.effective_access))
        return next(seen, None) or next(iter(pictured.order_by(*NEWEST_FIRST).cards(0, 1)), None)

    def figures(self, holdings: Holdings) -> list[tuple[str, int, str]]:
        """Label, number and kind of what this reader can find here: each number is the length of its list."""
        counts = holdings.by_kind()
        return [
            (_("种图书"), counts.get("book", 0), "book"),
            (_("条篇目"), holdings.passages(), "section"),
            (_("部视频"), counts.get("video", 0), "video"),
            (_("幅照片"), counts.get("photo", 0), "photo"),
            (_("篇故事"), counts.get("story", 0), "story"),
            *([(_("个专题"), counts["exhibition"], "exhibition")] if counts.get("exhibition") else []),
        ]


class IndexPage(MuseumPageMixin, Page):
    """The catalogue of one kind of thing. Concrete only for its five kinds."""

    introduction = models.TextField(_("导言"), blank=True)

    template = "pages/index_page.html"
    parent_page_types = ["archive.HomePage"]
    private_page_options: list[str] = []
    is_creatable = False
    listed: type[ArchivePage] = ArchivePage
    grouped_by: type[ArchivePage] | None = None
    kind_field = ""

    content_panels = TITLE_PANELS + [FieldPanel("introduction")]

    class Meta:
        verbose_name = _("目录页")
        verbose_name_plural = _("目录页")

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        listing = self.listing(Filters.read(request.GET), context["audience"])
        context["listing"] = listing
        context["filters"] = listing.filters
        context["results"] = listing.page(request.GET.get("page", ""))
        context["facets"] = listing.facets()
        context["groups"] = self.groups(context["audience"]) if not listing.filters.are_set else []
        return context

    def listing(self, filters: Filters, audience: Audience) -> Listing:
        """The things of this page's kind and language, narrowed by `filters`."""
        choices = self.listed._meta.get_field(self.kind_field).choices if self.kind_field else []
        things = self.listed.objects.filter(locale_id=self.locale_id)
        return Listing(things, filters, audience, self.locale_id, list(choices), self.kind_field)

    def groups(self, audience: Audience) -> list[ArchivePage]:
        """The albums, columns or series that stand directly beneath this page."""
        if self.grouped_by is None:
            return []
        rows = self.grouped_by.objects.child_of(self).visible_to(audience)
        return rows.order_by(*NEWEST_FIRST).cards(0, MOST_GROUPS)


class BookIndexPage(IndexPage):
    template = "pages/index_page.html"
    subpage_types = ["archive.BookPage"]
    is_creatable = True
    max_count_per_parent = 1
    listed = BookPage
    kind_field = "book_kind"
    museum_kind = "book"

    class Meta:
        verbose_name = _("图书目录")
        verbose_name_plural = _("图书目录")


class VideoIndexPage(IndexPage):
    template = "pages/index_page.html"
    subpage_types = ["archive.VideoPage", "archive.VideoSeriesPage"]
    is_creatable = True
    max_count_per_parent = 1
    listed = VideoPage
    grouped_by = VideoSeriesPage
    museum_kind = "video"

    class Meta:
        verbose_name = _("视频目录")
        verbose_name_plural = _("视频目录")


class PhotoIndexPage(IndexPage):
    template = "pages/index_page.html"
    subpage_types = ["archive.AlbumPage", "archive.PhotoPage"]
    is_creatable = True
    max_count_per_parent = 1
    listed = PhotoPage
    grouped_by = AlbumPage
    museum_kind = "photo"

    class Meta:
        verbose_name = _("照片目录")
        verbose_name_plural = _("照片目录")


class StoryIndexPage(IndexPage):
    template = "pages/index_page.html"
    subpage_types = ["archive.ColumnPage", "archive.StoryPage"]
    is_creatable = True
    max_count_per_parent = 1
    listed = StoryPage
    grouped_by = ColumnPage
    museum_kind = "story"

    class Meta:
        verbose_name = _("故事目录")
        verbose_name_plural = _("故事目录")


class ExhibitionIndexPage(IndexPage):
    template = "pages/index_page.html"
    subpage_types = ["archive.ExhibitionPage"]
    is_creatable = True
    max_count_per_parent = 1
    listed = ExhibitionPage
    museum_kind = "exhibition"

    class Meta:
        verbose_name = _("专题目录")
        verbose_name_plural = _("专题目录")


class FreePage(MuseumPageMixin, Page):
    """A page about the museum itself: introduction, opening hours, notices."""

    body = StreamField(FreeBlocks(), verbose_name=_("正文"), blank=True)

    template = "pages/free_page.html"
    parent_page_types = ["archive.HomePage", "archive.FreePage"]
    subpage_types = ["archive.FreePage"]
    private_page_options: list[str] = []
    page_description = _("关于本馆、开放时间、公告等")

    content_panels = TITLE_PANELS + [FieldPanel("body")]

    class Meta:
        verbose_name = _("普通页面")
        verbose_name_plural = _("普通页面")


@register_setting(icon="home")
class MuseumSettings(BaseSiteSetting):
    """What stands in the head and foot of every page."""

    name = models.CharField(_("馆名"), max_length=60, default="数字方志馆")
    motto = models.CharField(_("题语"), max_length=120, blank=True)
    notice = models.CharField(_("告示"), max_length=200, blank=True, help_text=_("显示在每页最上方，例如闭馆通知。"))
    office = models.CharField(_("主办单位"), max_length=120, blank=True)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    icp_number = models.CharField(_("ICP 备案号"), max_length=60, blank=True)
    police_number = models.CharField(_("公安联网备案号"), max_length=60, blank=True)
    advised_words = models.TextField(
        _("用语表"),
        blank=True,
        help_text=_("送审前提示的用语，每行一条：“词”或“词=改作”；以 # 开头的行是备注。"),
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("motto"), FieldPanel("notice")], heading=_("馆名与题语")),
        MultiFieldPanel(
            [
                FieldPanel("office"),
                FieldPanel("contact"),
                FieldPanel("icp_number"),
                FieldPanel("police_number"),
            ],
            heading=_("页脚"),
        ),
        MultiFieldPanel([FieldPanel("advised_words")], heading=_("用语")),
    ]

    class Meta:
        verbose_name = _("馆名与页脚")
