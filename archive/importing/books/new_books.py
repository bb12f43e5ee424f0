"""The book that an import makes where none was named: a draft in the first list of books its person may add to."""

from django.utils.translation import gettext as _

from archive.models import BookImport, BookIndexPage, BookPage
from archive.models.group_rules import may_add_kind
from archive.models.slugs import fill_slug
from media_assets.jobs import JobError


def new_book(run_: BookImport) -> BookPage:
    """A draft among the books, with nothing in it yet."""
    parent = book_index(run_.created_by)
    if parent is None:
        raise JobError(_("没有可以放新书的“图书”栏目，请先在页面里建立，或请管理员授权。"))
    title = run_.title or run_.original_name
    taken = set(parent.get_children().values_list("slug", flat=True))
    book = BookPage(title=title, slug=fill_slug(title, taken.__contains__), owner=run_.created_by, live=False)
    parent.add_child(instance=book)
    book.save_revision(user=run_.created_by, clean=False)
    return book


def book_index(user=None) -> BookIndexPage | None:
    """The first page under which this person may add books; without a person the first of all."""
    indexes = BookIndexPage.objects.order_by("path")
    return next((index for index in indexes if user is None or _may_add(user, index)), None)


def _may_add(user, index: BookIndexPage) -> bool:
    return index.permissions_for_user(user).can_add_subpage() and may_add_kind(user, index, BookPage)
