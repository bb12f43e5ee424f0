"""A museum in another language: whoever edits the Chinese tree edits the translated one."""

from wagtail.signals import copy_for_translation_done

from archive.models import HomePage

from .roles import ensure_roles


def connect() -> None:
    """Called once, with the other hooks of the CMS."""
    copy_for_translation_done.connect(_home_translated, dispatch_uid="archive.editing.translated_homes")


def _home_translated(sender, target_obj, **kwargs) -> None:
    """Rights hang on a home page and reach what stands beneath it; a translated home stands beside, not beneath."""
    if isinstance(target_obj, HomePage):
        ensure_roles(target_obj)
