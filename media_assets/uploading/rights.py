"""Who may bring what into which collection."""

from collections.abc import Callable

from django.db.models import QuerySet
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtailmedia.permissions import permission_policy as film_policy

from ..filetypes import FileKind
from ..models import ArchiveAsset, ArchiveDocument, ArchiveImage, ArchiveVideo

MODEL_OF: dict[FileKind, type[ArchiveAsset]] = {
    FileKind.IMAGE: ArchiveImage,
    FileKind.VIDEO: ArchiveVideo,
    FileKind.AUDIO: ArchiveVideo,
    FileKind.DOCUMENT: ArchiveDocument,
}


def collections_for(user, kind: FileKind) -> QuerySet[Collection]:
    """Where this person may add files of this kind."""
    model = MODEL_OF[kind]
    policy = film_policy if model is ArchiveVideo else policy_registry.get_by_type(model)
    return policy.collections_user_has_permission_for(user, "add")


_others: list[Callable[[object, Collection], bool]] = []


def let_others_in(rule: Callable[[object, Collection], bool]) -> None:
    """Also who `rule(user, collection)` lets may bring files into it, without any right in the CMS. Called once, when
    the apps are ready."""
    if rule not in _others:
        _others.append(rule)


def may_add(user, kind: FileKind, collection: Collection | None) -> bool:
    if collection is None:
        return False
    has_right = collections_for(user, kind).filter(pk=collection.pk).exists()
    return has_right or any(rule(user, collection) for rule in _others)


def collections_for_any(user) -> QuerySet[Collection]:
    """Where this person may add files of any kind, in the order of the tree."""
    keys = {pk for kind in MODEL_OF for pk in collections_for(user, kind).values_list("pk", flat=True)}
    return Collection.objects.filter(pk__in=keys).order_by("path")
