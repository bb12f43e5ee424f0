"""The addresses that a page of results links to: the same question, narrowed, widened, or turned to another page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from . import registry
from .engines.base import Sort
from .query import FacetValue, Filters, Results

_NEIGHBOURS = 2  # pages linked on each side of the current one


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet with the address that chooses it, or gives it up when it is chosen."""

    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order of the results and the address that gives them in it."""

    label: str
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """A filter in force besides the kinds, and the address without it."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The pages around the current one; an empty address where there is no such page, None where some are skipped."""

    previous: str
    next: str
    pages: tuple[tuple[int, str] | None, ...]


def facet_links(parameters: QueryDict, facet: str, values: Sequence[FacetValue]) -> list[FacetLink]:
    """A link for every value of a facet."""
    return [
        FacetLink(value.label, value.count, value.selected, _toggled(parameters, facet, value.value))
        for value in values
    ]


def applied_filters(parameters: QueryDict, filters: Filters) -> list[AppliedFilter]:
    """Every filter in force but the kinds, which have a list of their own: none works unseen."""
    names = {"place": _("地点"), "topic": _("主题"), "series": _("系列")}
    applied = []
    for facet, name in names.items():
        values = getattr(filters, facet)
        for value, label in registry.labels_of(facet, values).items():
            applied.append(AppliedFilter(name, label, _toggled(parameters, facet, value)))
    years = {"year_from": (_("不早于"), filters.year_from), "year_to": (_("不晚于"), filters.year_to)}
    for parameter, (name, year) in years.items():
        if year is not None:
            applied.append(AppliedFilter(name, _year(year), _without(parameters, parameter)))
    return applied


def sort_links(parameters: QueryDict, current: Sort) -> list[SortLink]:
    """A link for every order."""
    labels = {Sort.RELEVANCE: _("按相关度"), Sort.OLDEST: _("年代从早到晚"), Sort.NEWEST: _("年代从晚到早")}
    links = []
    for sort, label in labels.items():
        changed = _first_page(parameters)
        changed["sort"] = sort.value
        links.append(SortLink(label, sort is current, _address(changed)))
    return links


def unfiltered_url(text: str) -> str:
    """The address that asks for `text` alone."""
    return f"?{urlencode({'q': text})}"


def page_links(parameters: QueryDict, results: Results) -> PageLinks:
    """Links to the pages beside the current one, and to the first and the last."""
    current = min(results.page, results.pages)
    near = range(max(1, current - _NEIGHBOURS), min(results.pages, current + _NEIGHBOURS) + 1)
    numbers = sorted({1, *near, results.pages} - {0}) if results.pages else []
    pages: list[tuple[int, str] | None] = []
    for number in numbers:
        if pages and pages[-1] is not None and number > pages[-1][0] + 1:
            pages.append(None)
        pages.append((number, _page(parameters, number)))
    return PageLinks(
        previous=_page(parameters, results.page - 1) if 1 < results.page <= results.pages else "",
        next=_page(parameters, results.page + 1) if results.page < results.pages else "",
        pages=tuple(pages),
    )


def _year(year: int) -> str:
    """A year in words: there is no year 0, so 0 is the first year before our era."""
    return _("公元前 %(year)d 年") % {"year": 1 - year} if year < 1 else _("%(year)d 年") % {"year": year}


def _toggled(parameters: QueryDict, name: str, value: str) -> str:
    changed = _first_page(parameters)
    values = changed.getlist(name)
    changed.setlist(name, [other for other in values if other != value] + [value] * (value not in values))
    return _address(changed)


def _without(parameters: QueryDict, name: str) -> str:
    changed = _first_page(parameters)
    changed.pop(name, None)
    return _address(changed)


def _page(parameters: QueryDict, number: int) -> str:
    changed = _first_page(parameters)
    if number > 1:
        changed["page"] = str(number)
    return _address(changed)


def _first_page(parameters: QueryDict) -> QueryDict:
    changed = parameters.copy()
    changed.pop("page", None)
    return changed


def _address(parameters: QueryDict) -> str:
    return f"?{parameters.urlencode()}"
