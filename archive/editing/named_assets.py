"""Rows that speak of an asset by kind and key, told to a person: its name, the way to its form, the pages that use it,
and which of them somebody may know of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry
from wagtailmedia.permissions import permission_policy as film_policy

from archive.access import VIEW_INTERNAL
from archive.models import AssetUse, Leaf
from media_assets.models import AssetKind
from media_assets.models.job import ASSET_MODELS, SUBJECTS

EDIT_VIEWS = {
    "book-import": "archive_book_import",
    "upload-batch": "archive_upload_batch",
    AssetKind.IMAGE: "wagtailimages:edit",
    AssetKind.VIDEO: "wagtailmedia:edit",
    AssetKind.DOCUMENT: "wagtaildocs:edit",
}
ACTIONS = ["add", "change", "delete", "choose"]
ADMIN_ACCESS = "wagtailadmin.access_admin"


@dataclass(frozen=True)
class PageName:
    title: str
    address: str


@dataclass
class NamedAsset:
    """`address` is that of its form; scans have none but their book's."""

    name: str
    address: str = ""
    pages: list[PageName] = field(default_factory=list)


def name_assets(rows: Iterable[Model], *, with_pages: bool = False) -> list[Model]:
    """The rows (with `asset_kind` and `object_id`), each with a NamedAsset as `named`, in a few queries for all."""
    rows = list(rows)
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.asset_kind].add(row.object_id)
    named: dict[tuple[str, int], NamedAsset] = {}
    for kind, keys in ids.items():
        for key, asset in SUBJECTS[kind]._base_manager.in_bulk(keys).items():
            address = reverse(EDIT_VIEWS[kind], args=[key]) if kind in EDIT_VIEWS else ""
            named[kind, key] = NamedAsset(getattr(asset, "title", "") or asset.filename, address)
        of_a_page = kind in ASSET_MODELS and (with_pages or kind == AssetKind.SCAN)
        for key, page in _pages_of(kind, keys) if of_a_page else ():
            if (kind, key) in named:
                named[kind, key].pages.append(page)
    for row in rows:
        row.named = named.get((row.asset_kind, row.object_id)) or NamedAsset(_("（已删除）"))
    return rows


def _pages_of(kind: AssetKind, ids: Iterable[int]) -> Iterable[tuple[int, PageName]]:
    if kind == AssetKind.SCAN:
        leaves = Leaf.objects.filter(scan__in=ids).order_by("book_id", "position")
        for scan, book, title, position in leaves.values_list("scan_id", "book_id", "book__title", "position"):
            words = _("%(title)s·第%(position)d叶") % {"title": title, "position": position}
            yield scan, PageName(words, reverse("wagtailadmin_pages:edit", args=[book]))
        return
    uses = AssetUse.objects.filter(**{f"{kind}__in": ids}).order_by("page__title")
    for key, page, title in uses.values_list(f"{kind}_id", "page_id", "page__title"):
        yield key, PageName(title, reverse("wagtailadmin_pages:edit", args=[page]))


def known_rows(user, rows: QuerySet) -> QuerySet:
    """Those of assets that this person works with: all for the office, else those of the own collections."""
    if user.has_perm(VIEW_INTERNAL):
        return rows
    known = Q(pk__in=[])
    for kind in (kind for kind in EDIT_VIEWS if kind in ASSET_MODELS):
        policy = film_policy if kind == AssetKind.VIDEO else policy_registry.get_by_type(ASSET_MODELS[kind])
        own = policy.instances_user_has_any_permission_for(user, ACTIONS)
        known |= Q(asset_kind=kind, object_id__in=own.order_by().values("pk"))
    return rows.filter(known)


class ReportPermissionPolicy(BasePermissionPolicy):
    """Who enters the CMS may look (at what `known_rows` leaves); the model's permission "change" lets act on all."""

    def user_has_permission(self, user, action):
        permission = self._permission_for(action)
        return bool(permission) and user.is_active and user.has_perm(permission)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        people = get_user_model().objects
        found = people.none()
        for permission in filter(None, map(self._permission_for, actions)):
            found |= people.with_perm(permission)
        return found.distinct()

    def _permission_for(self, action: str) -> str:
        opts = self.model._meta
        return {"view": ADMIN_ACCESS, "change": f"{opts.app_label}.change_{opts.model_name}"}.get(action, "")
