"""The addresses that a page of results links to: the same question, narrowed, widened, or turned to another page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from . import registry
from .documents import SearchDocument
from .engines.base import Sort
from .query import FacetValue, Filters, Results

MOST_PLACES = 300  # on the map and in the table beneath it
FIRST_VALUES = 10  # values of a facet that are shown before the rest is opened
OPEN_DEPTH = 1  # levels of a facet whose parts are always shown
LINE_HEIGHT = 36  # the tallest stroke, in the units of its drawing
_NEIGHBOURS = 2  # pages linked on each side of the current one
FIRST_FOUND = "found"
"""The id of the first marked word on a page that marks the words of a question."""


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
class HitsByPlace:
    """The places of the hits as a drawing, and as rows with whether each is on it; `left_out` are not shown."""

    drawn: registry.PlacesDrawn
    rows: tuple[tuple[registry.PlaceHits, bool], ...]
    left_out: int


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


def facet_links(parameters: QueryDict, facet: str, name: str, values: Sequence[FacetValue]) -> FacetLinks:
    """A link for every value of a facet, which readers call `name`, villages under their towns; chosen ones are never
    among the hidden rest."""
    question = _Question(parameters)
    links = [
        FacetLink(value.label, value.count, value.selected, question.toggled(facet, value.value), depth)
        for value, depth in _as_tree(values)
    ]
    shown = [link for number, link in enumerate(links) if number < FIRST_VALUES or link.selected]
    hidden = [link for number, link in enumerate(links) if number >= FIRST_VALUES and not link.selected]
    return FacetLinks(facet, name, tuple(shown), tuple(hidden))


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
    question = _Question(parameters)
    strokes = []
    for value in values:
        link = FacetLink(value.label, value.count, value.selected, question.toggled("decade", value.value))
        height = max(1 if value.count else 0, round(LINE_HEIGHT * value.count / most))
        strokes.append(Stroke(link, height, LINE_HEIGHT - height))
    return strokes


def hits_by_place(parameters: QueryDict, values: Sequence[FacetValue]) -> HitsByPlace:
    """The places of the hits, those with most first; choosing one stays on the map."""
    question = _Question(parameters)
    places = [
        registry.PlaceHits(
            value.value, value.label, value.count, question.toggled("place", value.value), value.selected
        )
        for value in values[:MOST_PLACES]
    ]
    drawn = registry.draw_places(places)
    rows = tuple((place, place.slug in drawn.on_it) for place in places)
    return HitsByPlace(drawn, rows, max(0, len(values) - MOST_PLACES))


def compare_url(text: str, first: str, second: str = "", *, exact: bool = False, page: int = 1) -> str:
    """The address that reads two works side by side for one question; without a second one it asks for it."""
    asked = {"q": text, "a": first, "b": second, "expand": "0" if exact else "", "page": str(page) if page > 1 else ""}
    return f"{reverse('search:compare')}?{urlencode({name: value for name, value in asked.items() if value})}"


def kept_address(parameters: QueryDict) -> str:
    """The question as a reader keeps it: words and filters, not how its results are shown."""
    return _Question(parameters, "view", "group", "sort").address()


def view_url(parameters: QueryDict, view: str) -> str:
    """The address of the same results as a list ("") or on the map ("map")."""
    return _Question(parameters, "view").address(**({"view": view} if view else {}))


def work_urls(parameters: QueryDict, works: Iterable[str]) -> list[str]:
    """For each work the address of everything that was found in it."""
    question = _Question(parameters, "group")
    return [question.address(work=work) for work in works]


def hit_url(document: SearchDocument, parameters: QueryDict) -> str:
    """The address of what was found, with the question where its page marks the words: it opens at the first."""
    words = parameters.get("q", "").strip()
    if not words or not document.marks_words:
        return document.url
    asked = {"q": words} | ({"expand": "0"} if parameters.get("expand") == "0" else {})
    return f"{document.url}?{urlencode(asked)}#{FIRST_FOUND}"


def grouping_url(parameters: QueryDict, grouping: str) -> str:
    """The address of the same results one by one ("none") or by work ("work")."""
    changed = {} if grouping == "work" else {"group": grouping}
    return _Question(parameters, "group", "work").address(**changed)


def exact_names_url(parameters: QueryDict) -> str:
    """The address of the same question without the other names of places."""
    return _Question(parameters).address(expand="0")


def file_url(parameters: QueryDict, file_format: str) -> str:
    """The address of the same results in another format."""
    return _Question(parameters).address(format=file_format)


def applied_filters(parameters: QueryDict, filters: Filters) -> list[AppliedFilter]:
    """Every filter in force: none works unseen."""
    applied = []
    question = _Question(parameters)
    for facet, name in facet_names().items():
        values = getattr(filters, facet)
        for value, label in registry.labels_of(facet, values).items():
            applied.append(AppliedFilter(name, label, question.toggled(facet, value)))
    years = {"year_from": (_("不早于"), filters.year_from), "year_to": (_("不晚于"), filters.year_to)}
    for parameter, (name, year) in years.items():
        if year is not None:
            applied.append(AppliedFilter(name, _year(year), _Question(parameters, parameter).address()))
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
    question = _Question(parameters)
    return [SortLink(label, sort is current, question.address(sort=sort.value)) for sort, label in labels.items()]


def unfiltered_url(text: str) -> str:
    """The address that asks for `text` alone."""
    return f"?{urlencode({'q': text})}"


def page_links(parameters: QueryDict, results: Results) -> PageLinks:
    """Links to the pages beside the current one, and to the first and the last."""
    current = min(results.page, results.pages)
    near = range(max(1, current - _NEIGHBOURS), min(results.pages, current + _NEIGHBOURS) + 1)
    numbers = sorted({1, *near, results.pages} - {0}) if results.pages else []
    question = _Question(parameters)
    pages: list[tuple[int, str] | None] = []
    for number in numbers:
        if pages and pages[-1] is not None and number > pages[-1][0] + 1:
            pages.append(None)
        pages.append((number, _page(question, number)))
    return PageLinks(
        previous=_page(question, results.page - 1) if 1 < results.page <= results.pages else "",
        next=_page(question, results.page + 1) if results.page < results.pages else "",
        pages=tuple(pages),
    )


def _year(year: int) -> str:
    """A year in words: there is no year 0, so 0 is the first year before our era."""
    return _("公元前 %(year)d 年") % {"year": 1 - year} if year < 1 else _("%(year)d 年") % {"year": year}


def _page(question: "_Question", number: int) -> str:
    return question.address(page=str(number)) if number > 1 else question.address()


class _Question:
    """The parameters of an address, encoded once: a page of results links to a hundred variations of them.

    What is shown from its first page on is what every link leads to, so `page` and `format` are left out.
    """

    def __init__(self, parameters: QueryDict, *left_out: str) -> None:
        left_out = ("page", "format", *left_out)
        self._values = {name: values for name, values in parameters.lists() if name not in left_out}
        self._encoded = {name: urlencode([(name, value) for value in values]) for name, values in self._values.items()}

    def address(self, **changed: str) -> str:
        """The address with these parameters in place of what is there."""
        encoded = self._encoded | {name: urlencode({name: value}) for name, value in changed.items()}
        return self._join(encoded)

    def toggled(self, name: str, value: str) -> str:
        """The address with one value more of a parameter, or with one less."""
        values = self._values.get(name, [])
        if value not in values:
            added = urlencode({name: value})
            known = self._encoded.get(name)
            return self._join(self._encoded | {name: f"{known}&{added}" if known else added})
        left = urlencode([(name, other) for other in values if other != value])
        return self._join(self._encoded | {name: left})

    @staticmethod
    def _join(encoded: dict[str, str]) -> str:
        return "?" + "&".join(filter(None, encoded.values()))
