"""The spine: the one table that every published kind of thing shares, so that listings by place, year or topic are
one query. The catalogue fields follow the DCMI Metadata Terms."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
)
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.search import index

from archive.access import AccessLevel, Audience, strictest
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo
from media_assets.models.rights import RightsStatement

from .authorities import Agent, Place, Series, Topic
from .date_panel import DateMeaningPanel
from .dated import DatedMixin
from .identifiers import Identifier
from .museum_page import MuseumPageMixin
from .querysets import ArchivePageManager
from .reviews import missing_reviews, require_reviews
from .signals import record_changed
from .slugs import sort_key


class Language(models.TextChoices):
    """The language of the thing itself (dcterms:language), as BCP 47 tags."""

    SIMPLIFIED = "zh-Hans", _("中文（简体）")
    TRADITIONAL = "zh-Hant", _("中文（繁体）")
    CLASSICAL = "lzh", _("文言文")
    CANTONESE = "yue", _("粤语")
    ENGLISH = "en", _("英文")
    OTHER = "und", _("其他")


class ArchivePage(DatedMixin, MuseumPageMixin, Page):
    """What a book, a film, a photograph, a story and their containers have in common.

    ``identifier`` and ``access`` belong to the thing and not to a revision: restoring an old revision never changes
    them, and a copy gets an identifier of its own. ``effective_access`` is the strictest level of the page and its
    ancestors, kept by `archive.publication`; only `archive.access` interprets it.
    """

    identifier = models.ForeignKey(
        Identifier, verbose_name=_("永久标识符"), on_delete=models.PROTECT, related_name="pages", editable=False
    )
    tree_language = models.CharField(max_length=20, editable=False)
    title_pinyin = models.CharField(max_length=160, editable=False, db_index=True)
    is_container = models.BooleanField(default=False, editable=False)
    access = models.PositiveSmallIntegerField(
        _("访问级别"), choices=AccessLevel.choices, default=AccessLevel.OPEN, editable=False
    )
    effective_access = models.PositiveSmallIntegerField(
        choices=AccessLevel.choices, default=AccessLevel.OPEN, editable=False
    )

    other_titles = models.TextField(_("其他题名"), blank=True, help_text=_("并列题名、旧题、简称等，每行一个。"))
    description = models.TextField(
        _("说明"), blank=True, help_text=_("几句话说明这是什么；显示在列表、检索结果与页首。")
    )
    lead_image = models.ForeignKey(
        ArchiveImage,
        verbose_name=_("主图"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("书的封面、视频的海报、照片本身、故事的题图。"),
    )
    poster_video = models.ForeignKey(
        ArchiveVideo, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    cover_document = models.ForeignKey(
        ArchiveDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    series = models.ForeignKey(
        Series, verbose_name=_("丛书/系列"), null=True, blank=True, on_delete=models.PROTECT, related_name="pages"
    )
    series_position = models.PositiveIntegerField(_("系列中的次序"), null=True, blank=True)
    language = models.CharField(_("语种"), max_length=10, choices=Language.choices, default=Language.SIMPLIFIED)
    rights = models.CharField(
        _("版权声明"), max_length=20, choices=RightsStatement.choices, default=RightsStatement.NOT_EVALUATED
    )
    credit = models.CharField(_("署名"), max_length=255, blank=True, help_text=_("例如“栖澜县地方志办公室供图”。"))
    source = models.CharField(_("来源"), max_length=255, blank=True, help_text=_("原件的收藏者、出处或捐赠人。"))

    objects = ArchivePageManager()

    exclude_fields_in_copy = ["identifier", "tree_language", "title_pinyin", "is_container"]
    private_page_options = []  # one rule decides: archive.access
    is_creatable = False
    template = "pages/archive_page.html"

    museum_kind = ""
    """The kind's name in addresses, in search and in style sheets: "book", "video", …"""
    holds_others = False
    """Whether this is an album, a column or a series: a container, no thing of the collection by itself."""

    search_fields = Page.search_fields + [
        index.SearchField("other_titles"),
        index.SearchField("description"),
        index.FilterField("effective_access"),
        index.FilterField("series"),
    ]

    date_panels = [FieldPanel("date_written"), DateMeaningPanel()]
    catalogue_panels = [
        MultiFieldPanel([FieldPanel("other_titles"), *date_panels], heading=_("题名与年代")),
        MultiFieldPanel(
            [
                MultipleChooserPanel("page_places", chooser_field_name="place", label=_("地方")),
                MultipleChooserPanel("page_topics", chooser_field_name="topic", label=_("主题")),
                InlinePanel("page_agents", label=_("人物/机构"), heading=_("相关人物与机构")),
            ],
            heading=_("地方、主题与人物"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("series"), FieldPanel("series_position")])], heading=_("丛书/系列")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("rights"), FieldPanel("language")]),
                FieldPanel("credit"),
                FieldPanel("source"),
            ],
            heading=_("来源与权利"),
        ),
        InlinePanel("awards", label=_("获奖"), heading=_("获奖情况")),
        MultipleChooserPanel("related_items", chooser_field_name="related", label=_("相关内容")),
    ]

    class Meta:
        verbose_name = _("馆藏")
        verbose_name_plural = _("馆藏")
        permissions = [("view_internal", _("可以查看馆内与内部内容"))]
        constraints = [
            DatedMixin.order_constraint("archivepage"),
            models.UniqueConstraint(fields=["identifier", "tree_language"], name="identifier_once_a_language"),
        ]
        indexes = [
            models.Index(fields=["effective_access", "date_earliest"], name="archivepage_access_date"),
            models.Index(fields=["series", "series_position"], name="archivepage_series"),
        ]

    # --- Saving ---

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Saves the page and tells the layers above, in one transaction."""
        update_fields = kwargs.get("update_fields")
        self.prepare_for_save(goes_live=self.live and (update_fields is None or "live" in update_fields))
        super().save(*args, **kwargs)
        if update_fields is None or "live" in update_fields:
            record_changed.send(sender=type(self), page=self)

    def prepare_for_save(self, *, goes_live: bool = False) -> None:
        """Fill what the thing has by right: identifier, language of its tree, effective access. `goes_live`: what is
        saved will be what readers see. Raises ReviewsMissingError."""
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        row = self._keep_what_is_the_things_own()
        if goes_live:
            self._pass_the_reviews(row)
        self.tree_language = self.locale.language_code
        self._leave_the_sources_identifier()
        if self.identifier_id is None:
            self.identifier = self._identifier_of_translation() or Identifier.objects.assign(Identifier.Kind.PAGE)
        self.effective_access = self.derive_effective_access()
        self.title_pinyin = sort_key(self.title)
        self.is_container = self.holds_others
        self.choose_stand_ins()

    def choose_stand_ins(self) -> None:
        """What stands in where no picture was chosen; a revision holds what stood in when it was made."""
        self.poster_video_id = None if self.lead_image_id else self.film_id()
        self.cover_document_id = None if self.lead_image_id else self.book_file_id()

    def _keep_what_is_the_things_own(self) -> dict | None:
        """Identifier and access are taken from the row itself, whatever revision or stale copy is being saved. The row
        is locked, so that a level that is being changed meanwhile is not written over. Returns what the row holds."""
        rows = ArchivePage.objects.select_for_update().filter(pk=self.pk).order_by()
        row = rows.values("identifier_id", "access", "live", "live_revision_id").first() if self.pk else None
        if row:
            self.identifier_id, self.access = row["identifier_id"], row["access"]
        return row

    def _pass_the_reviews(self, row: dict | None) -> None:
        """What goes live has been read by every stage, whatever path it takes: publication, schedule, bulk action,
        revert. A copy of something live begins as a draft where reviews are asked for; an alias shows what its source
        has passed. Raises ReviewsMissingError."""
        is_the_same = row is not None and row["live"] and row["live_revision_id"] == self.live_revision_id
        if is_the_same or not self.path:
            return
        if self.alias_of_id:
            source = ArchivePage.objects.get(pk=self.alias_of_id).specific
            require_reviews(self, source.live_revision if source.live else None, source)
        elif row is not None:
            require_reviews(self, self.live_revision)
        elif missing_reviews(self, None):
            self.live, self.live_revision, self.has_unpublished_changes = False, None, True
            self.first_published_at = self.last_published_at = None

    def publish(self, revision, **kwargs) -> None:
        """As Wagtail's, for words that every stage has passed: where reviews are asked for, they are the permission.
        Raises ReviewsMissingError; a schedule too asks at once, not when its time has come."""
        if require_reviews(self, revision):
            kwargs["skip_permission_checks"] = True
        super().publish(revision, **kwargs)

    def _leave_the_sources_identifier(self) -> None:
        """A new page that brings the identifier of another one along (Wagtail's aliases do) gets one of its own."""
        if self._state.adding and self.identifier_id:
            twins = ArchivePage.objects.filter(identifier_id=self.identifier_id, tree_language=self.tree_language)
            if twins.exists():
                self.identifier_id = None

    def _identifier_of_translation(self) -> Identifier | None:
        """Translations of one work share its identifier."""
        twin = ArchivePage.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk).first()
        return twin.identifier if twin else None

    def derive_effective_access(self) -> AccessLevel:
        """The strictest of the page and what it stands under; Wagtail's own restrictions count as "staff"."""
        if not self.path:
            return AccessLevel(self.access)
        steps = range(self.steplen, len(self.path) + 1, self.steplen)
        paths = [self.path[:end] for end in steps]
        above = ArchivePage.objects.filter(path__in=paths[:-1]).order_by()
        levels = above.select_for_update(of=("self",)).values_list("access", flat=True)
        restricted = PageViewRestriction.objects.filter(page__path__in=paths).exists()
        return strictest(self.access, *levels, AccessLevel.STAFF if restricted else AccessLevel.OPEN)

    def with_content_json(self, content):
        """A revision brought back; what belongs to the thing and not to the revision stays as it is."""
        obj = super().with_content_json(content)
        obj.identifier_id = self.identifier_id
        obj.tree_language = self.tree_language
        obj.access = self.access
        obj.effective_access = self.effective_access
        return obj

    def get_context(self, request, *args, **kwargs) -> dict:
        """With the sizes of its picture, which the templates then need not ask for."""
        self.prefetch_pictures()
        return super().get_context(request, *args, **kwargs)

    def prefetch_pictures(self) -> None:
        """Fetch what the public page shows, in a number of queries that does not grow with it."""
        prefetch_related_objects([self], "lead_image__derivatives", "cover_document__derivatives")

    def get_view_restrictions(self):
        """None for Wagtail to ask about: its restrictions are folded into `effective_access` when they change."""
        return PageViewRestriction.objects.none()

    @property
    def is_withdrawn(self) -> bool:
        """Whether the public could see this once. What was published for staff alone was never public."""
        return not self.live and self.identifier.ever_public

    # --- What it says of itself ---

    @property
    def kind_label(self) -> str:
        """The kind in the reader's words, for a card or a caption, without a query."""
        return self.specific_class.describe_kind(self) if self.specific_class else ""

    @classmethod
    def describe_kind(cls, page: "ArchivePage") -> str:
        """The words for the kind of `page`, which may be a row of the spine alone."""
        return str(cls._meta.verbose_name)

    @property
    def kind(self) -> str:
        """`museum_kind` of the page's own type, also on a row of the spine."""
        return self.specific_class.museum_kind if self.specific_class else ""

    @property
    def permanent_path(self) -> str:
        return f"/id/{self.identifier_id}"

    @property
    def other_title_list(self) -> list[str]:
        return [line.strip() for line in self.other_titles.splitlines() if line.strip()]

    @property
    def rights_statement(self) -> RightsStatement:
        return RightsStatement(self.rights)

    def film_id(self) -> int | None:
        """The film whose still stands in where no picture was chosen."""
        return None

    def book_file_id(self) -> int | None:
        """The document whose first page stands in where no picture was chosen."""
        return None

    @property
    def cover(self) -> ArchiveDocument | None:
        """That document, once its first page has been drawn: not every document has pages."""
        document = self.cover_document
        return document if document is not None and document.largest() is not None else None

    @property
    def picture(self) -> ArchiveImage | ArchiveVideo | ArchiveDocument | None:
        """What a card shows: the picture that was chosen, else a still of the film or the first page of the book's
        file. All have derivatives."""
        return self.lead_image or self.poster_video or self.cover

    def neighbours_in_series(self, audience: Audience) -> tuple["ArchivePage | None", "ArchivePage | None"]:
        """What stands before and after this in its series, as far as the audience may know of it. Two queries."""
        if self.series_id is None or self.series_position is None:
            return None, None
        others = ArchivePage.objects.filter(series=self.series_id, locale_id=self.locale_id).visible_to(audience)
        before = others.filter(series_position__lt=self.series_position).order_by("-series_position", "-pk")
        after = others.filter(series_position__gt=self.series_position).order_by("series_position", "pk")
        return before.first(), after.first()

    def used_assets(self) -> set[tuple[str, int]]:
        """The assets that the public page shows, as ("image" | "video" | "document", primary key)."""
        return {("image", self.lead_image_id)} if self.lead_image_id else set()

    def text_for_search(self) -> str:
        """What the page itself says in full, beyond its catalogue record."""
        return ""


class PagePlace(Orderable):
    page = ParentalKey(ArchivePage, on_delete=models.CASCADE, related_name="page_places")
    place = models.ForeignKey(Place, verbose_name=_("地方"), on_delete=models.PROTECT, related_name="page_places")

    panels = [FieldPanel("place")]

    class Meta(Orderable.Meta):
        verbose_name = _("地方")
        constraints = [models.UniqueConstraint(fields=["page", "place"], name="place_once_a_page")]


class PageTopic(Orderable):
    page = ParentalKey(ArchivePage, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(Topic, verbose_name=_("主题"), on_delete=models.PROTECT, related_name="page_topics")

    panels = [FieldPanel("topic")]

    class Meta(Orderable.Meta):
        verbose_name = _("主题")
        constraints = [models.UniqueConstraint(fields=["page", "topic"], name="topic_once_a_page")]


class PageAgent(Orderable):
    """A person or a body and the part that it had (MARC relator terms, the ones in use here)."""

    class Role(models.TextChoices):
        COMPILER = "com", _("编纂")
        EDITOR = "edt", _("主编")
        AUTHOR = "aut", _("作者")
        PHOTOGRAPHER = "pht", _("摄影")
        DEPICTED = "dpc", _("图中人物")
        DIRECTOR = "drt", _("导演")
        PRODUCER = "pro", _("制片/摄制")
        NARRATOR = "nrt", _("解说/讲述")
        PUBLISHER = "pbl", _("出版者")
        DONOR = "dnr", _("捐赠者")
        SUBJECT = "sbj", _("所述人物")
        OTHER = "oth", _("其他")

    page = ParentalKey(ArchivePage, on_delete=models.CASCADE, related_name="page_agents")
    agent = models.ForeignKey(Agent, verbose_name=_("人物/机构"), on_delete=models.PROTECT, related_name="page_agents")
    role = models.CharField(_("责任"), max_length=3, choices=Role.choices, default=Role.AUTHOR)

    panels = [FieldRowPanel([FieldPanel("agent"), FieldPanel("role")])]

    class Meta(Orderable.Meta):
        verbose_name = _("人物/机构")
        constraints = [models.UniqueConstraint(fields=["page", "agent", "role"], name="agent_role_once_a_page")]


class PageAward(Orderable):
    page = ParentalKey(ArchivePage, on_delete=models.CASCADE, related_name="awards")
    name = models.CharField(_("奖项"), max_length=200)
    given_by = models.CharField(_("颁奖者"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        _("年份"), null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2200)]
    )

    panels = [FieldPanel("name"), FieldRowPanel([FieldPanel("given_by"), FieldPanel("year")])]

    class Meta(Orderable.Meta):
        verbose_name = _("获奖")

    def __str__(self) -> str:
        return self.name


class RelatedItem(Orderable):
    page = ParentalKey(ArchivePage, on_delete=models.CASCADE, related_name="related_items")
    related = models.ForeignKey(
        ArchivePage, verbose_name=_("相关内容"), on_delete=models.CASCADE, related_name="related_from"
    )

    panels = [FieldPanel("related")]

    class Meta(Orderable.Meta):
        verbose_name = _("相关内容")
        constraints = [models.UniqueConstraint(fields=["page", "related"], name="related_once_a_page")]

    def clean(self) -> None:
        super().clean()
        if self.related_id is not None and self.related_id == self.page_id:
            raise ValidationError({"related": _("一件馆藏不能与它自己相关，请换一件。")})
