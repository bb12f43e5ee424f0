"""What a page of results repeats a hundred times: made here, because the template engine takes half of its time for it.

Each gives safe HTML of the values that it is given, which are escaped here.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from search.links import FacetLink, Stroke
from search.query import Hit

register = template.Library()

_MOST_PLACES = 4


@register.simple_tag
def facet_choices(links: Iterable[FacetLink]) -> SafeString:
    """The values of a facet as items of a list: each a link with its count."""
    chosen = f'<span class="visually-hidden">{escape(_("（已选，点按取消）"))}</span>'
    return SafeString(
        "".join(
            f'<li class="facet-choice facet-depth-{link.depth}">'
            f'<a href="{escape(link.url)}" rel="nofollow"{_current(link)}>'
            f"{escape(link.label)}{chosen if link.selected else ''}</a> "
            f'<span class="facet-count">{link.count}</span></li>'
            for link in links
        )
    )


@register.simple_tag
def decade_choices(strokes: Iterable[Stroke]) -> SafeString:
    """Decades as items of a list: each a link drawn as a stroke of its height."""
    return SafeString(
        "".join(
            f'<li class="years-period"><a class="years-link" rel="nofollow" href="{escape(stroke.link.url)}"'
            f'{_current(stroke.link)}><span class="years-count">{stroke.link.count}</span>'
            '<span class="years-base"><svg class="years-stroke" viewBox="0 0 8 36" width="8" height="36"'
            f' aria-hidden="true"><rect x="0" y="{stroke.top}" width="8" height="{stroke.height}"/></svg></span>'
            f'<span class="years-label">{escape(stroke.link.label)}</span></a></li>'
            for stroke in strokes
        )
    )


@register.simple_tag
def hit_facts(hit: Hit) -> SafeString:
    """What a result is and belongs to: kind, work, place in it, places, date and identifier, as far as it has them."""
    document = hit.document
    facts = [
        ("kind", hit.kind_label),
        ("work", document.work_title),
        ("locator", document.locator if document.locator != document.title else ""),
        *(("place", place) for place in hit.places[:_MOST_PLACES]),
        ("date", document.date),
        ("identifier", document.identifier),
    ]
    return SafeString(" ".join(f'<span class="hit-{name}">{escape(fact)}</span>' for name, fact in facts if fact))


def _current(link: FacetLink) -> str:
    return ' aria-current="true"' if link.selected else ""
