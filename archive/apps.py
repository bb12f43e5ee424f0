"""The museum app: here it registers its document builders with search and its rule with the file delivery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    label = "archive"
    verbose_name = _("数字方志馆")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import asset_rule, publication, search_documents
        from .acts import recording
        from .contributing import files as contributed_files
        from .editing import upload_drafts
        from .editing.bulk_edits import work as bulk_edits
        from .importing.books import runs
        from .importing.collections import runs as inventory_runs

        runs.register()
        upload_drafts.register()
        bulk_edits.register()
        inventory_runs.register()
        contributed_files.connect()
        publication.connect()
        search_documents.register()
        asset_rule.register()
        recording.connect()
