"""Authority records: places, agents, topics and series, named once and shared by everything that mentions them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index

from .dated import DatedMixin
from .slugs import SLUG_VALIDATORS, fill_slug


class AuthorityRecord(TranslatableMixin, index.Indexed, ClusterableModel):
    """What the four kinds of authority record share. The slug is what addresses and filters name."""

    name = models.CharField(_("名称"), max_length=120)
    other_names = models.TextField(_("其他名称"), blank=True, help_text=_("别名、简称、繁体或外文名，每行一个。"))
    slug = models.CharField(
        _("网址名"),
        max_length=80,
        blank=True,
        validators=SLUG_VALIDATORS,
        help_text=_("用于网址的小写字母、数字与连字符；留空则按拼音生成。"),
    )
    description = models.TextField(_("简介"), blank=True)

    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("other_names"),
        index.AutocompleteField("name"),
        index.AutocompleteField("other_names"),
        index.FilterField("slug"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["slug", "locale"], name="%(class)s_slug_in_locale")]

    def __str__(self) -> str:
        return self.name

    @property
    def all_names(self) -> list[str]:
        """The name and every other one, without repeats."""
        return list(dict.fromkeys([self.name, *filter(None, map(str.strip, self.other_names.splitlines()))]))

    def clean(self) -> None:
        super().clean()
        self._fill_slug()
        # The form has no field for the language, so Django leaves the constraint that has one to the database.
        if self._siblings().filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("已有记录使用这个网址名，请换一个。")})

    def save(self, *args, **kwargs) -> None:
        self._fill_slug()
        super().save(*args, **kwargs)

    def _fill_slug(self) -> None:
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        if not self.slug:
            self.slug = fill_slug(self.name, lambda slug: self._siblings().filter(slug=slug).exists())

    def _siblings(self) -> models.QuerySet:
        return type(self).objects.filter(locale_id=self.locale_id).exclude(pk=self.pk)


class Place(AuthorityRecord):
    """A place: county, town, village or other, with the names that it had and the years in which it had them."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("市县")
        TOWN = "town", _("镇街")
        VILLAGE = "village", _("村（社区）")
        SITE = "site", _("山川古迹")
        OTHER = "other", _("其他")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.TOWN)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级地方"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    latitude = models.DecimalField(
        _("纬度"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("WGS 84 十进制度数，北纬为正。"),
    )
    longitude = models.DecimalField(
        _("经度"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("WGS 84 十进制度数，东经为正。"),
    )

    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]), FieldPanel("parent"), FieldPanel("other_names")],
            heading=_("地方"),
        ),
        InlinePanel("former_names", heading=_("历史名称"), label=_("历史名称")),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]), FieldPanel("slug")],
            heading=_("位置与网址"),
        ),
    ]

    class Meta(AuthorityRecord.Meta):
        verbose_name = _("地方")
        verbose_name_plural = _("地方")

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.parent_id in Place.with_parts([self.pk]):
            raise ValidationError({"parent": _("上级地方不能是它自己或它的下级。")})

    @classmethod
    def with_parts(cls, ids) -> set[int]:
        """These places and everything below them, in one query: an office has hundreds of places, not millions."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in cls.objects.order_by().values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found: set[int] = set()
        waiting = list(ids)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(children.get(pk, ()))
        return found


class PlaceName(DatedMixin, Orderable):
    """A name that a place had, and when."""

    place = ParentalKey(Place, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("名称"), max_length=120)
    note = models.CharField(_("说明"), max_length=200, blank=True, help_text=_("沿革，例如“析长乐乡置”。"))

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("date_written", heading=_("使用年代"))]),
        FieldPanel("note"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("历史名称")
        verbose_name_plural = _("历史名称")
        constraints = [DatedMixin.order_constraint("placename")]

    def __str__(self) -> str:
        return self.name


class Agent(DatedMixin, AuthorityRecord):
    """A person or a body: who compiled, photographed, filmed, told or is shown."""

    class Kind(models.TextChoices):
        PERSON = "person", _("人物")
        BODY = "body", _("机构")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.PERSON)

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
                FieldPanel("other_names"),
                FieldPanel("date_written", heading=_("生卒或存续年代")),
            ],
            heading=_("人物或机构"),
        ),
        FieldPanel("description"),
        FieldPanel("slug"),
    ]

    class Meta(AuthorityRecord.Meta):
        verbose_name = _("人物/机构")
        verbose_name_plural = _("人物与机构")
        constraints = [*AuthorityRecord.Meta.constraints, DatedMixin.order_constraint("agent")]


class Topic(AuthorityRecord):
    """What a thing is about."""

    panels = [FieldPanel("name"), FieldPanel("other_names"), FieldPanel("description"), FieldPanel("slug")]

    class Meta(AuthorityRecord.Meta):
        verbose_name = _("主题")
        verbose_name_plural = _("主题")


class Series(AuthorityRecord):
    """Books, films or stories that belong together, in order."""

    class Colour(models.TextChoices):
        INDIGO = "indigo", _("靛青")
        OCHRE = "ochre", _("赭石")
        CELADON = "celadon", _("青瓷")
        CINNABAR = "cinnabar", _("朱砂")
        INK = "ink", _("墨")

    colour = models.CharField(
        _("题签颜色"),
        max_length=10,
        choices=Colour.choices,
        default=Colour.INDIGO,
        help_text=_("没有封面图片的书，以此颜色的题签代替封面。"),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("other_names"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("colour"), FieldPanel("slug")]),
    ]

    class Meta(AuthorityRecord.Meta):
        verbose_name = _("丛书/系列")
        verbose_name_plural = _("丛书与系列")
