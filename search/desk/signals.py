"""What writes the desk's outbox: saves, deletions, tags, moves; all inside the transaction of the change itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import m2m_changed, post_delete, post_save
from modelsearch.index import Indexed, RelatedFields, get_indexed_models
from wagtail.models import Page
from wagtail.signals import post_page_move

from .outbox import enqueue


def connect() -> None:
    """Called once, when the apps are ready."""
    uid = "search.desk"
    for model in get_indexed_models():
        post_save.connect(_saved, sender=model, dispatch_uid=f"{uid}.saved")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"{uid}.deleted")
        for through in _linking_tables(model):
            m2m_changed.connect(_links_changed, sender=through, dispatch_uid=f"{uid}.links")
    post_page_move.connect(_page_moved, dispatch_uid=f"{uid}.moved")


def _linking_tables(model: type[Indexed]):
    """The tables between `model` and what it is also found by (its tags)."""
    for field in model.get_search_fields():
        if isinstance(field, RelatedFields):
            try:
                remote = getattr(field.get_field(model), "remote_field", None)
            except FieldDoesNotExist:
                continue
            if through := getattr(remote, "through", None):
                yield through


def _saved(instance, raw: bool = False, **kwargs) -> None:
    if not raw:
        enqueue(type(instance), [instance.pk])


@contextmanager
def already_enqueued() -> Iterator[None]:
    """For whoever deletes many objects and has enqueued them all: their deletions then write nothing of their own."""
    token = _is_enqueued.set(True)
    try:
        yield
    finally:
        _is_enqueued.reset(token)


_is_enqueued: ContextVar[bool] = ContextVar("is_enqueued", default=False)


def _deleted(instance, **kwargs) -> None:
    if not _is_enqueued.get():
        enqueue(type(instance), [instance.pk])


def _links_changed(instance, action: str, **kwargs) -> None:
    if action.startswith("post_") and isinstance(instance, Indexed) and instance.pk:
        enqueue(type(instance), [instance.pk])


def _page_moved(instance, url_path_before: str, url_path_after: str, **kwargs) -> None:
    """Everything beneath a page moves with it, and no save says so."""
    if url_path_before != url_path_after:
        below = Page.objects.filter(path__startswith=instance.path).order_by()
        enqueue(Page, below.values_list("pk", flat=True).iterator())
