"""Who may import a book, and which imports somebody may know of."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from archive.access import VIEW_INTERNAL
from archive.importing.books.new_books import book_index
from archive.models import BookImport, BookIndexPage, BookPage

from .own_work import known_pages


def may_import(user) -> bool:
    """Whether there is any book that this person may import into, or any place for a new one."""
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    pages = page_permission_policy.instances_user_has_any_permission_for(user, {"add", "change"})
    return pages.type(BookIndexPage, BookPage).exists()


def may_import_into(user, book: BookPage | None) -> bool:
    if book is None:
        return book_index(user) is not None
    permissions = book.permissions_for_user(user)
    return permissions.can_edit() and not permissions.page_locked()


def known_imports(user) -> QuerySet[BookImport]:
    """All for the office; a contributor's own, as long as the book is one that this person may know of."""
    found = BookImport.objects.all()
    if user.has_perm(VIEW_INTERNAL):
        return found
    books = known_pages(user, Page.objects.all()).order_by().values("pk")
    return found.filter(Q(book=None) | Q(book__in=books), created_by=user)


def import_of(request: HttpRequest, pk: int) -> BookImport:
    """404 for what this person may not know of, 403 for who may not import at all."""
    if not may_import(request.user):
        raise PermissionDenied
    return get_object_or_404(known_imports(request.user).select_related("book", "created_by"), pk=pk)
