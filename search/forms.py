"""What a reader may ask for in an address: every parameter is checked, and none of them can be an error."""

import re

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .engines.base import FACETS, Sort
from .parsing import MAX_LENGTH
from .query import Filters

_SLUG = re.compile(r"[\w.-]{1,100}")
_WORK = re.compile(r"[\w.:-]{1,120}")
_MOST_CHOICES = 20
_LAST_PAGE = 1_000_000


class TextField(forms.CharField):
    """Text as it was typed: what cannot be printed is a space, and no length is an error."""

    def to_python(self, value) -> str:
        return super().to_python(value).replace("\x00", " ")


class SlugsField(forms.Field):
    """A parameter that may be repeated; what is no slug is left out."""

    widget = forms.SelectMultiple

    def clean(self, value) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slug for slug in value or () if _SLUG.fullmatch(slug)))[:_MOST_CHOICES]


class SearchForm(forms.Form):
    """The parameters of the results page, read with `SearchForm.read`."""

    q = TextField(
        label=_("检索词"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "maxlength": MAX_LENGTH, "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )
    kind = SlugsField(required=False)
    place = SlugsField(required=False)
    topic = SlugsField(required=False)
    series = SlugsField(required=False)
    decade = SlugsField(required=False)
    work = TextField(required=False)
    year_from = forms.IntegerField(label=_("起始年份"), required=False, min_value=-9999, max_value=9999)
    year_to = forms.IntegerField(label=_("截止年份"), required=False, min_value=-9999, max_value=9999)
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=[(sort.value, sort.value) for sort in Sort])
    group = forms.ChoiceField(required=False, choices=[("work", "work"), ("none", "none")])
    expand = forms.ChoiceField(required=False, choices=[("0", "0")])
    view = forms.ChoiceField(required=False, choices=[("map", "map")])
    page = forms.IntegerField(required=False, min_value=1, max_value=_LAST_PAGE)

    @classmethod
    def read(cls, parameters: QueryDict) -> "SearchForm":
        """The form filled from an address and validated; parameters that make no sense are as if not given."""
        form = cls(parameters)
        form.is_valid()
        return form

    @property
    def text(self) -> str:
        """What was typed."""
        return self.cleaned_data.get("q", "")

    @property
    def page_number(self) -> int:
        """The page that was asked for, or the first one."""
        return self.cleaned_data.get("page") or 1

    @property
    def sort_order(self) -> Sort:
        """The order that was asked for; else by relevance, and within one work as it is read."""
        default = Sort.POSITION if self.filters.work and not self.text.strip() else Sort.RELEVANCE
        return Sort(self.cleaned_data.get("sort") or default)

    @property
    def grouping(self) -> str:
        """ "work", "none", or "" when the address does not say; one work has nothing to group."""
        return "none" if self.filters.work else self.cleaned_data.get("group", "")

    @property
    def shows_map(self) -> bool:
        """Whether the places of the hits are asked for instead of the hits."""
        return self.cleaned_data.get("view") == "map"

    @property
    def expands(self) -> bool:
        """Whether the other names of places are looked for too."""
        return self.cleaned_data.get("expand") != "0"

    @property
    def filters(self) -> Filters:
        """What the results are narrowed to; a span of years given backwards is turned round."""
        given = self.cleaned_data
        years = [given.get("year_from"), given.get("year_to")]
        if None not in years:
            years.sort()
        work = given.get("work", "")
        return Filters(
            **{facet: given.get(facet, ()) for facet in FACETS},
            work=work if _WORK.fullmatch(work) else "",
            year_from=years[0],
            year_to=years[1],
        )

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """The parameters that stay in force when other words are typed: filters, order and grouping."""
        return self._given("work", "year_from", "year_to", "sort", "group", "expand", "view")

    @property
    def kept_beside_years(self) -> list[tuple[str, str]]:
        """The parameters that stay in force when other years are asked for: the words, and all the rest."""
        return self._given("q", "work", "sort", "group", "expand", "view")

    def _given(self, *names: str) -> list[tuple[str, str]]:
        kept = [(facet, value) for facet, values in self.filters.by_facet().items() for value in values]
        for name in names:
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                kept.append((name, str(value)))
        return kept

    @property
    def notices(self) -> list[str]:
        """What was ignored, in words for the reader."""
        years = any(name in self.errors for name in ("year_from", "year_to"))
        return [_("年份要写成数字，例如 1949；无法识别的年份已忽略。")] if years else []


class CompareForm(forms.Form):
    """The parameters of the page that reads two works side by side."""

    q = TextField(required=False)
    a = TextField(required=False)
    b = TextField(required=False)
    expand = forms.ChoiceField(required=False, choices=[("0", "0")])
    page = forms.IntegerField(required=False, min_value=1, max_value=_LAST_PAGE)

    @classmethod
    def read(cls, parameters: QueryDict) -> "CompareForm":
        """As `SearchForm.read`."""
        form = cls(parameters)
        form.is_valid()
        return form

    @property
    def text(self) -> str:
        """What was typed."""
        return self.cleaned_data.get("q", "")

    @property
    def works(self) -> tuple[str, str]:
        """The two works; what can be none is empty."""
        given = (self.cleaned_data.get(name, "") for name in ("a", "b"))
        first, second = (work if _WORK.fullmatch(work) else "" for work in given)
        return first, second

    @property
    def expands(self) -> bool:
        """Whether the other names of places are looked for too."""
        return self.cleaned_data.get("expand") != "0"

    @property
    def page_number(self) -> int:
        """The page that was asked for, or the first one."""
        return self.cleaned_data.get("page") or 1

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays when other words are typed."""
        return [(name, work) for name, work in zip(("a", "b"), self.works, strict=True) if work]
