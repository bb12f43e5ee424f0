"""Films: single ones and series in seasons and episodes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from archive.access import Audience
from media_assets.caption_tracks import MIME_TYPES
from media_assets.captions import CaptionError, Chapter, read_chapters
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo

from .base import ArchivePage
from .museum_page import TITLE_PANELS


class VideoSeriesPage(ArchivePage):
    """A television series or another set of films, in seasons and episodes."""

    museum_kind = "video-series"
    holds_others = True
    template = "pages/video_series_page.html"
    parent_page_types = ["archive.VideoIndexPage"]
    subpage_types = ["archive.VideoPage"]
    page_description = _("一部系列片，其下按季、集放置视频")

    content_panels = TITLE_PANELS + [
        FieldPanel("description"),
        FieldPanel("lead_image", heading=_("海报")),
    ]

    class Meta:
        verbose_name = _("系列片")
        verbose_name_plural = _("系列片")

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        episodes = VideoPage.objects.child_of(self).visible_to(context["audience"]).for_cards()
        context["members"] = list(episodes.order_by("season", "episode", "path"))
        return context


class VideoPage(ArchivePage):
    """One film, or one episode."""

    video = models.ForeignKey(
        ArchiveVideo, verbose_name=_("影音文件"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    chapters = models.TextField(
        _("章节"),
        blank=True,
        help_text=_("每行一章：时间和标题，如“00:01:20 古城门”；也可贴入 WebVTT 的全文。"),
    )
    transcript = models.TextField(_("文字稿"), blank=True, help_text=_("解说词或口述的文字稿，供检索与无声阅读。"))
    first_broadcast = models.DateField(_("首播日期"), null=True, blank=True)
    season = models.PositiveSmallIntegerField(_("季"), null=True, blank=True)
    episode = models.PositiveSmallIntegerField(_("集"), null=True, blank=True)

    museum_kind = "video"
    template = "pages/video_page.html"
    parent_page_types = ["archive.VideoIndexPage", "archive.VideoSeriesPage"]
    subpage_types: list[str] = []
    page_description = _("一部影片或一集节目")

    search_fields = ArchivePage.search_fields + [index.SearchField("transcript")]

    content_panels = TITLE_PANELS + [
        FieldPanel("description"),
        MultiFieldPanel(
            [MediaChooserPanel("video", media_type="video"), FieldPanel("lead_image", heading=_("海报"))],
            heading=_("影片与海报"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("season"), FieldPanel("episode"), FieldPanel("first_broadcast")])],
            heading=_("季、集与首播"),
        ),
        InlinePanel(
            "captions", label=_("字幕"), heading=_("字幕"), help_text=_("WebVTT（.vtt）或 SRT 文件，每种语言一份。")
        ),
        FieldPanel("chapters"),
        FieldPanel("transcript"),
        InlinePanel("credits", label=_("演职人员"), heading=_("演职人员")),
        InlinePanel("plays", label=_("他处播放量"), heading=_("在其他平台的播放量")),
    ]

    class Meta:
        verbose_name = _("视频")
        verbose_name_plural = _("视频")

    def clean(self) -> None:
        super().clean()
        if self.episode is None and self.season is not None:
            raise ValidationError({"episode": _("填写了季，也请填写集。")})
        try:
            read_chapters(self.chapters)
        except CaptionError as error:
            raise ValidationError({"chapters": error.reason}) from error

    @property
    def episode_label(self) -> str:
        """「第二季第三集」 as far as it is known."""
        numbers = {"season": self.season, "episode": self.episode}
        if self.season and self.episode:
            return gettext("第 %(season)s 季第 %(episode)s 集") % numbers
        if self.episode:
            return gettext("第 %(episode)s 集") % numbers
        return gettext("第 %(season)s 季") % numbers if self.season else ""

    def film_id(self) -> int | None:
        return self.video_id

    def prefetch_pictures(self) -> None:
        super().prefetch_pictures()
        prefetch_related_objects([self], "video__derivatives")

    @property
    def picture(self) -> ArchiveImage | ArchiveVideo | None:
        """As on the spine; a film that was fetched already is not asked for a second time."""
        fetched = "video" in self._state.fields_cache
        return self.lead_image or (self.video if fetched else self.poster_video)

    def used_assets(self) -> set[tuple[str, int]]:
        used = super().used_assets()
        if self.video_id:
            used.add(("video", self.video_id))
        return used | {("document", track.document_id) for track in self.captions.all() if track.document_id}

    def chapter_list(self) -> list[Chapter]:
        """None of a text that is not right: a draft may hold one."""
        try:
            return read_chapters(self.chapters)
        except CaptionError:
            return []

    def text_for_search(self) -> str:
        credits = " ".join(f"{credit.role} {credit.name}" for credit in self.credits.all())
        return "\n".join(filter(None, [self.episode_label, credits, self.transcript]))

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["caption_tracks"] = list(self.captions.select_related("document__caption_text"))
        context["chapter_list"] = self.chapter_list()
        context["previous"], context["next"] = self.neighbours(context["audience"])
        return context

    def neighbours(self, audience: Audience) -> tuple["VideoPage | None", "VideoPage | None"]:
        """The episodes before and after this one among its siblings, over the ends of the seasons too."""
        if self.episode is None or not self.path:
            return None, None
        siblings = VideoPage.objects.sibling_of(self, inclusive=False).visible_to(audience).exclude(episode=None)
        season = siblings.filter(season=self.season)
        before = season.filter(episode__lt=self.episode).order_by("-episode").first()
        after = season.filter(episode__gt=self.episode).order_by("episode").first()
        if self.season is not None:
            before = before or siblings.filter(season__lt=self.season).order_by("-season", "-episode").first()
            after = after or siblings.filter(season__gt=self.season).order_by("season", "episode").first()
        return before, after


class CaptionTrack(Orderable):
    """Captions in one language, as a WebVTT or SubRip file."""

    class Language(models.TextChoices):
        CHINESE = "zh-Hans", _("中文")
        TRADITIONAL = "zh-Hant", _("繁体中文")
        CANTONESE = "yue", _("粤语")
        ENGLISH = "en", _("英文")

    page = ParentalKey(VideoPage, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(_("语言"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    document = models.ForeignKey(
        ArchiveDocument, verbose_name=_("字幕文件"), on_delete=models.PROTECT, related_name="+"
    )

    panels = [FieldRowPanel([FieldPanel("language"), FieldPanel("document")])]

    class Meta(Orderable.Meta):
        verbose_name = _("字幕")
        constraints = [models.UniqueConstraint(fields=["page", "language"], name="caption_language_once")]

    def clean(self) -> None:
        super().clean()
        if not self.document_id:
            return
        if self.document.mime_type not in MIME_TYPES:
            raise ValidationError({"document": _("字幕须为 WebVTT（.vtt）或 SRT（.srt）文件。")})


class VideoCredit(Orderable):
    page = ParentalKey(VideoPage, on_delete=models.CASCADE, related_name="credits")
    role = models.CharField(_("职务"), max_length=60, help_text=_("例如“导演”“摄像”“解说”。"))
    name = models.CharField(_("姓名"), max_length=200)

    panels = [FieldRowPanel([FieldPanel("role"), FieldPanel("name")])]

    class Meta(Orderable.Meta):
        verbose_name = _("演职人员")

    def __str__(self) -> str:
        return f"{self.role}：{self.name}"


class PlaysElsewhere(Orderable):
    """A play count that another platform reported, with its source and its day: never added to our own."""

    page = ParentalKey(VideoPage, on_delete=models.CASCADE, related_name="plays")
    platform = models.CharField(_("平台"), max_length=80)
    count = models.PositiveBigIntegerField(_("播放量"))
    counted_on = models.DateField(_("截至"))
    source = models.CharField(_("数据来源"), max_length=255, help_text=_("由谁统计、见于何处。"))

    panels = [
        FieldRowPanel([FieldPanel("platform"), FieldPanel("count"), FieldPanel("counted_on")]),
        FieldPanel("source"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("他处播放量")

    def __str__(self) -> str:
        return f"{self.platform} {self.count}"
