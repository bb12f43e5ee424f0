"""One page of a listing, and 404 for a number that is none: an address that means nothing shows nothing."""

from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as ResultsPage
from django.http import Http404
from django.utils.translation import gettext as _

MEMBERS_PAGE_SIZE = 48


class _CardPaginator(Paginator):
    """Asks for the cards of one page alone; its `object_list` is a queryset of archive pages."""

    def page(self, number: int) -> ResultsPage:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return self._get_page(self.object_list.cards(start, start + self.per_page), number, self)


def one_page_of_cards(rows, number: str, size: int) -> ResultsPage:
    """As `one_page`, of archive pages with what their cards show."""
    return _page(_CardPaginator(rows, size), number)


def one_page(rows, number: str, size: int) -> ResultsPage:
    """The page of `rows` that an address asks for; no number means the first. Raises Http404 beyond the end."""
    return _page(Paginator(rows, size), number)


def _page(pages: Paginator, number: str) -> ResultsPage:
    try:
        return pages.page(int(number) if number else 1)
    except (EmptyPage, ValueError) as error:
        raise Http404(_("没有这一页。")) from error
