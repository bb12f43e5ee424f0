"""Who may import an inventory, and which imports somebody may know of."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from archive.importing.collections.plan import KINDS, may_add_beneath, may_have
from archive.models import Inventory

from .own_work import known_pages


def _parent_models() -> set:
    return {model for kind in KINDS.values() for model in kind.allowed_parent_page_models()}


def may_import(user) -> bool:
    """Whether there is any place beneath which this person may add things of the collection."""
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    return page_permission_policy.instances_user_has_permission_for(user, "add").type(*_parent_models()).exists()


def may_import_beneath(user, parent: Page | None, kind: str) -> bool:
    """The page can hold this kind, and this person may know of it and add to it."""
    if parent is None or not may_have(parent, kind) or not may_add_beneath(user, parent, KINDS[kind]):
        return False
    return known_pages(user, Page.objects.filter(pk=parent.pk)).exists()


def is_administrator(user) -> bool:
    return user.has_perm(f"{settings.AUTH_USER_MODEL.split('.')[0]}.change_user")


def known_inventories(user) -> QuerySet[Inventory]:
    """All for administrators, else the own ones."""
    found = Inventory.objects.select_related("parent", "created_by")
    return found if is_administrator(user) else found.filter(created_by=user)


def inventory_of(request: HttpRequest, pk: int) -> Inventory:
    """404 for what this person may not know of, 403 for who may not import at all."""
    if not may_import(request.user):
        raise PermissionDenied
    return get_object_or_404(known_inventories(request.user), pk=pk)
