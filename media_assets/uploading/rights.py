"""Who may bring what into which collection."""

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


def may_add(user, kind: FileKind, collection: Collection | None) -> bool:
    return collection is not None and collections_for(user, kind).filter(pk=collection.pk).exists()


def collections_for_any(user) -> QuerySet[Collection]:
    """Where this person may add files of any kind, in the order of the tree."""
    keys = {pk for kind in MODEL_OF for pk in collections_for(user, kind).values_list("pk", flat=True)}
    return Collection.objects.filter(pk__in=keys).order_by("path")
