"""The addresses that a page of results links to: the same question, narrowed, widened, or turned to another page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from . import registry
from .engines.base import Sort
from .query import FacetValue, Filters, Results

FIRST_VALUES = 10  # values of a facet that are shown before the rest is opened
OPEN_DEPTH = 1  # levels of a facet whose parts are always shown
LINE_HEIGHT = 36  # the tallest stroke, in the units of its drawing
_NEIGHBOURS = 2  # pages linked on each side of the current one


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet with the address that chooses it, or gives it up when it is chosen.

    `depth` is 0 for what lies under nothing, 1 for what lies under that, and so on.
    """

    label: str
    count: int
    selected: bool
    url: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetLinks:
    """A facet as it is offered: its first values, and the rest to be opened."""

    facet: str
    label: str
    first: tuple[FacetLink, ...]
    rest: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One decade in the drawing of hits by decade, `height` and `top` in the units of `LINE_HEIGHT`."""

    link: FacetLink
    height: int
    top: int


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


def facet_names() -> dict[str, str]:
    """What readers call the facets, in the order in which they are offered."""
    return {"kind": _("类型"), "place": _("地方"), "topic": _("主题"), "series": _("丛书与系列"), "decade": _("年代")}


def facet_links(parameters: QueryDict, facet: str, values: Sequence[FacetValue]) -> FacetLinks:
    """A link for every value of a facet, villages under their towns; chosen ones are never among the hidden rest."""
    links = [
        FacetLink(value.label, value.count, value.selected, _toggled(parameters, facet, value.value), depth)
        for value, depth in _as_tree(values)
    ]
    shown = [link for number, link in enumerate(links) if number < FIRST_VALUES or link.selected]
    hidden = [link for number, link in enumerate(links) if number >= FIRST_VALUES and not link.selected]
    return FacetLinks(facet, facet_names()[facet], tuple(shown), tuple(hidden))


def _as_tree(values: Sequence[FacetValue]) -> Iterator[tuple[FacetValue, int]]:
    """Every value after the one it lies under, with its depth. What lies two levels down is shown where something
    around it was chosen: a county has hundreds of villages."""
    present = {value.value for value in values}
    under: dict[str, list[FacetValue]] = {}
    for value in values:
        under.setdefault(value.parent if value.parent in present and value.parent != value.value else "", []).append(
            value
        )
    waiting = [(value, 0, True) for value in reversed(under.get("", ()))]
    while waiting:
        value, depth, opened = waiting.pop()
        if not opened:
            continue
        yield value, depth
        parts = under.pop(value.value, [])
        opened = depth < OPEN_DEPTH or value.selected or any(part.selected for part in parts)
        waiting += [(part, depth + 1, opened) for part in reversed(parts)]


def decade_strokes(parameters: QueryDict, values: Sequence[FacetValue]) -> list[Stroke]:
    """The decades in order as strokes, the tallest for the most hits; nothing to draw for fewer than two."""
    if len(values) < 2:
        return []
    most = max(1, *(value.count for value in values))
    strokes = []
    for value in values:
        link = FacetLink(value.label, value.count, value.selected, _toggled(parameters, "decade", value.value))
        height = max(1 if value.count else 0, round(LINE_HEIGHT * value.count / most))
        strokes.append(Stroke(link, height, LINE_HEIGHT - height))
    return strokes


def work_url(parameters: QueryDict, work: str) -> str:
    """The address of everything that was found in one work."""
    changed = _first_page(parameters)
    changed.pop("group", None)
    changed["work"] = work
    return _address(changed)


def grouping_url(parameters: QueryDict, grouping: str) -> str:
    """The address of the same results one by one ("none") or by work ("work")."""
    changed = _without_names(parameters, "group", "work", "page")
    if grouping != "work":
        changed["group"] = grouping
    return _address(changed)


def exact_names_url(parameters: QueryDict) -> str:
    """The address of the same question without the other names of places."""
    changed = _first_page(parameters)
    changed["expand"] = "0"
    return _address(changed)


def file_url(parameters: QueryDict, file_format: str) -> str:
    """The address of the same results in another format."""
    changed = _first_page(parameters)
    changed["format"] = file_format
    return _address(changed)


def applied_filters(parameters: QueryDict, filters: Filters) -> list[AppliedFilter]:
    """Every filter in force: none works unseen."""
    applied = []
    for facet, name in facet_names().items():
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
    labels = {
        Sort.RELEVANCE: _("按相关度"),
        Sort.OLDEST: _("年代从早到晚"),
        Sort.NEWEST: _("年代从晚到早"),
        Sort.TITLE: _("题名拼音"),
    }
    if parameters.get("work"):
        labels[Sort.POSITION] = _("书中次序")
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


def _without_names(parameters: QueryDict, *names: str) -> QueryDict:
    changed = parameters.copy()
    for name in names:
        changed.pop(name, None)
    return changed


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
    return _without_names(parameters, "page", "format")


def _address(parameters: QueryDict) -> str:
    return f"?{parameters.urlencode()}"
