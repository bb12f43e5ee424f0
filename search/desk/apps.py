"""Wagtail's search app with signal handlers of our own: a change writes an outbox row and nothing else."""

from wagtail.search.apps import WagtailSearchAppConfig


class DeskSearchConfig(WagtailSearchAppConfig):
    """Stands in INSTALLED_APPS in the place of "wagtail.search", whose name and label it keeps.

    The stock handlers queue a background task at each save, outside the transaction, and index a deletion at once:
    a change that is rolled back would leave a ghost, and a deletion that is rolled back would hide a live thing.
    Its own index tables stay empty, so nothing has to be tidied in them at each deletion either.
    """

    default = True

    def ready(self) -> None:
        from . import signals

        signals.connect()
