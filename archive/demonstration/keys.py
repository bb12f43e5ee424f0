"""Fixed names for what is built, so that it is known again whatever an editor renames or moves."""

from uuid import NAMESPACE_URL, UUID, uuid5

from wagtail.models import Locale

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:chronicle-museum:demonstration:qilan")


def key_of(kind: str, key: str) -> UUID:
    """The translation key of the row for a record: the same on every machine."""
    return uuid5(_NAMESPACE, f"{kind}/{key}")


def found(model, kind: str, keys) -> dict:
    """The rows of the demonstration that are there, by the key of their record; translations are left out."""
    wanted = {key_of(kind, key): key for key in keys}
    rows = model.objects.filter(translation_key__in=wanted, locale=Locale.get_default())
    return {wanted[row.translation_key]: row for row in rows}
