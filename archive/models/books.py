"""Books: gazetteers, yearbooks and the rest, with their sections and leaves.

A passage is stored once. `BookPage.text_unit` says where: in the sections of a born-digital book or in the leaves of
one that was scanned and read by machine. `Anchor` rows say which part of a section lies on which part of a leaf, so
that the other side is derived.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from archive.dates import Precision, year_range
from media_assets.models import ArchiveDocument, Scan

from .base import ArchivePage
from .identifiers import Identifier
from .isbn import validate_isbn
from .museum_page import TITLE_PANELS

YEAR_VALIDATORS = [MinValueValidator(-3000), MaxValueValidator(2200)]


class BookPage(ArchivePage):
    """One bound volume, or one issue of a journal."""

    class Kind(models.TextChoices):
        GAZETTEER = "gazetteer", _("志书")
        YEARBOOK = "yearbook", _("年鉴")
        HISTORY = "history", _("地方史")
        JOURNAL = "journal", _("期刊")
        ORAL_HISTORY = "oral-history", _("口述史")
        OTHER = "other", _("其他图书")

    class TextUnit(models.TextChoices):
        SECTION = "section", _("篇目（录入的文字）")
        LEAF = "leaf", _("书页（扫描识别的文字）")

    class Reading(models.TextChoices):
        LEFT_TO_RIGHT = "ltr", _("横排，自左向右翻")
        RIGHT_TO_LEFT = "rtl", _("竖排，自右向左翻")

    book_kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices, default=Kind.GAZETTEER)
    volume = models.CharField(_("卷册/期次"), max_length=60, blank=True, help_text=_("例如“上册”“第三期”。"))
    volume_year = models.SmallIntegerField(
        _("卷年"),
        null=True,
        blank=True,
        validators=YEAR_VALIDATORS,
        help_text=_("书名上的年份，例如《年鉴（2023）》填 2023。"),
    )
    content_year_from = models.SmallIntegerField(
        _("所记年份（起）"),
        null=True,
        blank=True,
        validators=YEAR_VALIDATORS,
        help_text=_("书中所记的年份，例如《年鉴（2023）》填 2022。公元前用负数。"),
    )
    content_year_to = models.SmallIntegerField(_("所记年份（止）"), null=True, blank=True, validators=YEAR_VALIDATORS)
    compilers = models.CharField(_("编纂者"), max_length=255, blank=True, help_text=_("照版权页写。"))
    publisher = models.CharField(_("出版者"), max_length=255, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True, validators=[validate_isbn])
    extent = models.CharField(_("篇幅"), max_length=120, blank=True, help_text=_("例如“2 册，1,203 页，插图 64 幅”。"))
    text_unit = models.CharField(_("文字存放于"), max_length=8, choices=TextUnit.choices, default=TextUnit.SECTION)
    reading_direction = models.CharField(
        _("阅读方向"), max_length=3, choices=Reading.choices, default=Reading.LEFT_TO_RIGHT
    )
    pdf = models.ForeignKey(
        ArchiveDocument,
        verbose_name=_("PDF 全文"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    museum_kind = "book"
    template = "pages/book_page.html"
    parent_page_types = ["archive.BookIndexPage"]
    subpage_types: list[str] = []
    page_description = _("一册志书、年鉴、地方史，或一期期刊")

    search_fields = ArchivePage.search_fields + [
        index.SearchField("compilers"),
        index.SearchField("isbn"),
        index.FilterField("book_kind"),
    ]

    content_panels = TITLE_PANELS + [
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("book_kind"), FieldPanel("volume")]),
                FieldRowPanel(
                    [FieldPanel("volume_year"), FieldPanel("content_year_from"), FieldPanel("content_year_to")]
                ),
            ],
            heading=_("类型与年份"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("compilers"),
                FieldRowPanel([FieldPanel("publisher"), FieldPanel("isbn")]),
                FieldPanel("extent"),
            ],
            heading=_("编纂与出版"),
        ),
        MultiFieldPanel([FieldPanel("lead_image", heading=_("封面")), FieldPanel("pdf")], heading=_("封面与文件")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("reading_direction"), FieldPanel("text_unit")])],
            heading=_("排版与文字"),
            classname="collapsed",
        ),
    ]

    class Meta:
        verbose_name = _("图书")
        verbose_name_plural = _("图书")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(content_year_to__isnull=True)
                | models.Q(content_year_from__isnull=False, content_year_to__gte=models.F("content_year_from")),
                name="book_content_years_order",
            )
        ]

    @classmethod
    def describe_kind(cls, page: ArchivePage) -> str:
        return str(page.get_book_kind_display()) if isinstance(page, cls) else str(cls._meta.verbose_name)

    def clean(self) -> None:
        super().clean()
        if self.content_year_to is not None and (
            self.content_year_from is None or self.content_year_to < self.content_year_from
        ):
            raise ValidationError({"content_year_to": _("所记年份的止年须不早于起年，且须填写起年。")})

    @property
    def content_span(self) -> tuple[int, int] | None:
        """The first and last year that it records, in astronomical numbering (公元前 1 年 is 0), or None."""
        if self.content_year_from is None:
            return None
        last = self.content_year_to if self.content_year_to is not None else self.content_year_from
        first, last = (year + 1 if year < 0 else year for year in (self.content_year_from, last))
        return first, last

    def derive_dates(self) -> None:
        """A book is sorted and filtered by the years that it records, else by the date written on it."""
        super().derive_dates()
        if self.content_span is not None:
            self.date_earliest, self.date_latest = year_range(*self.content_span)
            self.date_precision = Precision.RANGE

    def book_file_id(self) -> int | None:
        return self.pdf_id

    def used_assets(self) -> set[tuple[str, int]]:
        figures = self.figures.values_list("image_id", flat=True) if self.pk else ()
        file = {("document", self.pdf_id)} if self.pdf_id else set()
        return super().used_assets() | file | {("image", image) for image in figures}

    def text_for_search(self) -> str:
        return "\n".join(filter(None, [self.compilers, self.publisher, self.isbn, self.volume]))

    carried_change_set: int | None = None
    """The change set that the revision carries of which this object was made; see `archive.manuscripts`."""

    def serializable_data(self) -> dict:
        """A revision carries the changes of the text that were handed in when it was made, and no others."""
        handed_in = self.change_sets.filter(state="submitted").values_list("pk", flat=True).first() if self.pk else None
        return super().serializable_data() | {"change_set": handed_in}

    def with_content_json(self, content):
        book = super().with_content_json(content)
        book.carried_change_set = content.get("change_set")
        return book

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        if self.pk is None:  # the preview of a book that was never saved
            return context | {"contents": [], "first_leaf": None, "leaf_count": 0}
        context["previous"], context["next"] = self.neighbours_in_series(context["audience"])
        context["contents"] = list(self.sections.contents())
        context["first_leaf"] = self.leaves.order_by("position").defer("text").first()
        context["leaf_count"] = self.leaves.count()
        return context


class SectionQuerySet(models.QuerySet):
    CONTENTS_DEPTH = 2
    CONTENTS_LIMIT = 600

    def in_order(self):
        return self.order_by("position")

    def contents(self):
        """The table of contents on the book's own page: two levels, bounded; deeper ones are on their sections."""
        return self.filter(depth__lte=self.CONTENTS_DEPTH).in_order().defer("text")[: self.CONTENTS_LIMIT]


class Section(models.Model):
    """A node of a book's own table of contents.

    ``position`` counts through the whole book in reading order from 1 and ``depth`` from 1 at the top, so that what
    lies beneath a section is the run of rows after it with a greater depth. ``key`` is the section's part of its
    address; it stays when the book is imported again.

    ``text`` is in the notation of `archive.book_text.notation`. ``source`` is what it is called in the file that it was
    read from, ``raw_text`` what stood there if `text` is not that any more, ``corrected_at`` when a person last changed
    it, so that reading the file again drops no correction.
    """

    class Kind(models.TextChoices):
        JUAN = "juan", _("卷")
        PART = "part", _("篇")
        CHAPTER = "chapter", _("章")
        SECTION = "section", _("节")
        ITEM = "item", _("目")
        CATEGORY = "category", _("类目")
        SUBCATEGORY = "subcategory", _("分目")
        ENTRY = "entry", _("条目")
        FRONT = "front", _("卷首")
        BACK = "back", _("卷末")

    # `archive.publication` deletes the passages of a book in bulk before Django would collect them one by one.
    book = models.ForeignKey(BookPage, verbose_name=_("图书"), on_delete=models.DO_NOTHING, related_name="sections")
    identifier = models.OneToOneField(
        Identifier, verbose_name=_("永久标识符"), on_delete=models.PROTECT, related_name="section", editable=False
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("上级篇目"), null=True, blank=True, on_delete=models.CASCADE, related_name="parts"
    )
    key = models.CharField(_("网址名"), max_length=80)
    position = models.PositiveIntegerField(_("次序"))
    depth = models.PositiveSmallIntegerField(_("层级"), default=1)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.ENTRY)
    label = models.CharField(_("序号"), max_length=60, blank=True, help_text=_("例如“卷三”“第二章”。"))
    title = models.CharField(_("标题"), max_length=255)
    text = models.TextField(_("正文"), blank=True)
    source = models.CharField(_("在底本中的名称"), max_length=255, blank=True, editable=False)
    raw_text = models.TextField(_("底本原文"), blank=True, editable=False)
    corrected_at = models.DateTimeField(_("更正时间"), null=True, blank=True, editable=False)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("篇目")
        verbose_name_plural = _("篇目")
        ordering = ["book", "position"]
        constraints = [
            models.UniqueConstraint(fields=["book", "key"], name="section_key_in_book"),
            models.UniqueConstraint(fields=["book", "position"], name="section_position_in_book"),
        ]
        indexes = [
            models.Index(fields=["book", "depth", "position"], name="section_depth"),
            models.Index(fields=["parent", "position"], name="section_parts"),
        ]

    def __str__(self) -> str:
        return self.heading

    def save(self, *args, **kwargs) -> None:
        if self.identifier_id is None:
            self.identifier = Identifier.objects.assign(Identifier.Kind.SECTION)
        super().save(*args, **kwargs)

    @property
    def heading(self) -> str:
        return f"{self.label} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return f"{self.book.url}s/{self.key}/"


class Leaf(models.Model):
    """One side of one scanned page: its image, its printed label, its text.

    ``position`` counts the book's leaves from 1 in reading order; ``label`` is what is printed on the page, which is
    another thing. ``key`` is its part of the address and stays. ``text``, ``source``, ``raw_text`` and ``corrected_at``
    are as in a section; ``set_aside`` is a text layer that was judged to be garbage.
    """

    book = models.ForeignKey(BookPage, verbose_name=_("图书"), on_delete=models.DO_NOTHING, related_name="leaves")
    key = models.CharField(_("网址名"), max_length=80)
    position = models.PositiveIntegerField(_("位次"))
    label = models.CharField(_("印刷页码"), max_length=40, blank=True)
    scan = models.ForeignKey(
        Scan, verbose_name=_("扫描图"), null=True, blank=True, on_delete=models.PROTECT, related_name="leaves"
    )
    text = models.TextField(_("文字"), blank=True)
    source = models.CharField(_("在底本中的名称"), max_length=255, blank=True, editable=False)
    raw_text = models.TextField(_("底本原文"), blank=True, editable=False)
    set_aside = models.TextField(_("搁置的文字层"), blank=True, editable=False)
    corrected_at = models.DateTimeField(_("更正时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("书页")
        verbose_name_plural = _("书页")
        ordering = ["book", "position"]
        constraints = [
            models.UniqueConstraint(fields=["book", "key"], name="leaf_key_in_book"),
            models.UniqueConstraint(fields=["book", "position"], name="leaf_position_in_book"),
        ]
        indexes = [models.Index(fields=["book", "label"], name="leaf_label")]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """A printed number reads as a page number; any other label (卷一·三上) speaks for itself."""
        if not self.label:
            return gettext("第 %(position)s 面") % {"position": self.position}
        return gettext("第 %(label)s 页") % {"label": self.label} if self.label.isdecimal() else self.label

    def get_absolute_url(self) -> str:
        return f"{self.book.url}p/{self.key}/"


class Anchor(models.Model):
    """The part of one section that lies on one leaf, in half-open character ranges of the text of each.

    Only one of the two texts is stored (`BookPage.text_unit`); the range on that side says where to cut, the other
    one where the piece stands in the derived text.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="anchors")
    leaf = models.ForeignKey(Leaf, on_delete=models.CASCADE, related_name="anchors")
    section_start = models.PositiveIntegerField(default=0)
    section_end = models.PositiveIntegerField(default=0)
    leaf_start = models.PositiveIntegerField(default=0)
    leaf_end = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("文页对应")
        verbose_name_plural = _("文页对应")
        ordering = ["section", "section_start"]
        constraints = [
            models.UniqueConstraint(fields=["section", "leaf"], name="anchor_once"),
            models.CheckConstraint(
                condition=models.Q(section_end__gte=models.F("section_start"), leaf_end__gte=models.F("leaf_start")),
                name="anchor_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_id}↔{self.leaf_id}"
