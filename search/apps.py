"""The search app's place in the project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Everything that is found is registered from outside (`search.registry`), never imported from here."""

    name = "search"
    label = "search"
    verbose_name = _("检索")
    default_auto_field = "django.db.models.BigAutoField"
