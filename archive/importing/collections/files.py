"""The pictures and films that are held, found by the name they came with."""

import re

from wagtail.permissions import policy_registry
from wagtailmedia.permissions import permission_policy as film_policy

from archive.models import Inventory
from media_assets.models import ArchiveImage, ArchiveVideo

from .columns import plain

_PICTURES = (("lead_image", ArchiveImage),)
_SHOWN_BY = {Inventory.Kind.VIDEO: (("video", ArchiveVideo), *_PICTURES)}
"""Kind → the fields that show a file, each with what it shows; the first that has the name is taken."""
_ACTIONS = ("add", "change", "delete", "choose")


class HeldFiles:
    """What this person may choose; everything for `user` None. Memory: some hundred bytes a file."""

    def __init__(self, kind: str, user=None) -> None:
        self._fields = [(field, _by_name(model, user)) for field, model in _SHOWN_BY.get(kind, _PICTURES)]

    def find(self, name: str) -> tuple[str, list[int]]:
        """The field for it and the files of this name, without the differences of script, width and case."""
        key = _plain_name(name)
        for field, found in self._fields:
            if key in found:
                return field, found[key]
        return "", []


def _by_name(model, user) -> dict[str, list[int]]:
    held = model.objects.exclude(original_name="")
    if user is not None:
        policy = film_policy if model is ArchiveVideo else policy_registry.get_by_type(model)
        mine = policy.instances_user_has_any_permission_for(user, _ACTIONS)
        held = held.filter(pk__in=mine.order_by().values("pk"))
    found: dict[str, list[int]] = {}
    for name, pk in held.order_by("pk").values_list("original_name", "pk").iterator(chunk_size=2000):
        found.setdefault(_plain_name(name), []).append(pk)
    return found


def _plain_name(name: str) -> str:
    return plain(re.split(r"[/\\]", name)[-1])
