"""One page of a listing, and 404 for a number that is none: an address that means nothing shows nothing."""

from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as ResultsPage
from django.http import Http404
from django.utils.translation import gettext as _

MEMBERS_PAGE_SIZE = 48


def one_page(rows, number: str, size: int) -> ResultsPage:
    """The page of `rows` that an address asks for; no number means the first. Raises Http404 beyond the end."""
    try:
        return Paginator(rows, size).page(int(number) if number else 1)
    except (EmptyPage, ValueError) as error:
        raise Http404(_("没有这一页。")) from error
