"""Keeps what a contributor may not know of out of the CMS's lists, choosers and its inner API.

Wagtail shows every page and every file to whoever may enter the CMS. Here a person without the right to see everything
finds the own work, and of the rest what the public finds.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page, PageQuerySet
from wagtail.permissions import policy_registry

from archive.access import VIEW_INTERNAL, Audience, published
from archive.models import ArchivePage, IndexPage

_ACTIONS = ["add", "change", "delete", "choose"]


def known_pages(user, pages: PageQuerySet) -> PageQuerySet:
    """Of `pages` those that this person may know of."""
    if user.has_perm(VIEW_INTERNAL):
        return pages
    public = ArchivePage.objects.filter(published(Audience.PUBLIC)).order_by().values("pk")
    others = ArchivePage.objects.order_by().values("pk")
    known = Q(pk__in=public) | Q(owner=user) | ~Q(pk__in=others)
    # A contributor has rights on a page or two of the own town: what stands beneath them is the town's work. Who may
    # add to one of the museum's lists knows of the own work there, not of everybody's.
    towns = Page.objects.filter(group_permissions__group__user=user).not_type(IndexPage)
    for path in towns.order_by().values_list("path", flat=True).distinct():
        known |= Q(path__startswith=path)
    return pages.filter(known)


class KnownPagesAPI(PagesAdminAPIViewSet):
    def get_queryset(self):
        return known_pages(self.request.user, super().get_queryset())


class _KnownAssets:
    def get_queryset(self):
        policy = policy_registry.get_by_type(self.model)
        known = policy.instances_user_has_any_permission_for(self.request.user, _ACTIONS)
        return super().get_queryset().filter(pk__in=known.order_by().values("pk"))


class KnownImagesAPI(_KnownAssets, ImagesAdminAPIViewSet):
    """The pictures of the person's own collections."""


class KnownDocumentsAPI(_KnownAssets, DocumentsAdminAPIViewSet):
    """The documents of the person's own collections."""


def narrow_api(router) -> None:
    """Put the narrowed end points in the place of Wagtail's."""
    router.register_endpoint("pages", KnownPagesAPI)
    router.register_endpoint("images", KnownImagesAPI)
    router.register_endpoint("documents", KnownDocumentsAPI)


class OwnWorkMiddleware:
    """Wagtail's reports and its lists by page type name every page there is: 403 for whoever may not know of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        home = reverse("wagtailadmin_home")
        named = request.path.startswith((f"{home}reports/", f"{home}pages/usage/"))
        if named and request.user.is_authenticated and not request.user.has_perm(VIEW_INTERNAL):
            raise PermissionDenied
