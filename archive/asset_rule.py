"""Who may fetch which file: the visibility rule as the file delivery asks it.

A file is as visible as the most open live page that shows it, and never more than its own level and its collection
allow. A file that no live page shows is for the people who work with it, as a small picture for the town that sent it
in, and for whoever holds a link to a draft that shows it.
"""

from django.http import HttpRequest
from wagtail.models import CollectionViewRestriction
from wagtail.permissions import policy_registry
from wagtailmedia.permissions import permission_policy as film_policy

from archive.access import VIEW_INTERNAL, AccessLevel, Audience, audience_of, may_see_content, published
from media_assets import delivery
from media_assets.delivery import Use, Verdict
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan

from .contributing.files import was_sent_by_the_town_of
from .models import AssetUse, BookPage, Leaf
from .sharing.holding import held, is_in_a_held_draft

MOST_BOOKS_OF_A_SCAN = 5
_USE_FIELDS = {ArchiveImage: "image", ArchiveVideo: "video", ArchiveDocument: "document"}


def register() -> None:
    """Called once, when the apps are ready."""
    delivery.set_rule(decide)
    delivery.set_publicity(is_public)


def is_public(asset) -> bool:
    """Whether everybody may see it, so that its derivatives may lie in the public storage."""
    return is_shown_to(Audience.PUBLIC, asset)


def decide(request: HttpRequest, asset, use: Use) -> Verdict:
    """The answer for one request. Public answers may be cached by anyone, all others by no one."""
    if use in (Use.ORIGINAL, Use.CMS):
        return Verdict(allowed=works_with(request.user, asset), cache="private")
    audience = audience_of(request)
    if is_shown_to(audience, asset):
        public = audience is Audience.PUBLIC or is_shown_to(Audience.PUBLIC, asset)
        return Verdict(allowed=True, cache="public" if public else "private")
    is_small = use is Use.DERIVATIVE
    allowed = works_with(request.user, asset) or (is_small and was_sent_by_the_town_of(request.user, asset))
    if not allowed and is_shared_with(request, audience, asset):
        return Verdict(allowed=True, cache="private", by_link=False)
    return Verdict(allowed=allowed, cache="private")


def is_shared_with(request: HttpRequest, audience: Audience, asset) -> bool:
    """Whether a draft shows it to which this reader holds a link; its own level counts as on a live page."""
    kind = _USE_FIELDS.get(type(asset))
    if kind is None or not held(request) or not may_see_content(audience, own_level(asset)):
        return False
    return is_in_a_held_draft(request, audience, kind, asset.pk)


def own_level(asset) -> AccessLevel:
    """The asset's own level, its collection's restrictions folded in."""
    collection = getattr(asset, "collection", None)
    if (
        collection is not None
        and CollectionViewRestriction.objects.filter(collection__in=collection.get_ancestors(inclusive=True)).exists()
    ):
        return AccessLevel.STAFF
    return AccessLevel(asset.access)


def is_shown_to(audience: Audience, asset) -> bool:
    """Whether a live page shows this asset to this audience."""
    if not may_see_content(audience, own_level(asset)):
        return False
    if isinstance(asset, Scan):
        return Leaf.objects.filter(published(audience, content=True, prefix="book__"), scan=asset).exists()
    shown = published(audience, content=True, prefix="page__")
    return AssetUse.objects.filter(shown, **{_USE_FIELDS[type(asset)]: asset}).exists()


def works_with(user, asset) -> bool:
    """Whether this is a person of the CMS who sees everything, or who works in the asset's collection; of a scan,
    whether the person may edit a book that shows it."""
    if not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
        return False
    if user.has_perm(VIEW_INTERNAL):
        return True
    if isinstance(asset, Scan):
        books = BookPage.objects.filter(leaves__scan=asset).distinct()[:MOST_BOOKS_OF_A_SCAN]
        return any(book.permissions_for_user(user).can_edit() for book in books)
    policy = film_policy if isinstance(asset, ArchiveVideo) else policy_registry.get_by_type(type(asset))
    return policy.user_has_any_permission_for_instance(user, ["add", "change", "delete", "choose"], asset)
