"""What the desk's index must make anew: written in the transaction that changes a thing, read by its indexer."""

from collections.abc import Iterable
from functools import cache
from itertools import islice

from django.db import models
from modelsearch.backends.base import get_model_root

from search.models import DeskOutboxEntry

_BATCH = 1_000


def enqueue(model: type[models.Model], ids: Iterable[int]) -> int:
    """Have these objects indexed anew for the desk, or forgotten when they are gone, once the transaction commits.

    For whoever changes what is searched or filtered by without saving: `update()` and `bulk_create()` send no
    signal. Call it inside the transaction of the change. `model` may be any class of the objects' inheritance.
    Returns the number of rows; none for a model whose primary keys are not whole numbers, which is never indexed.
    """
    if not is_held(model):
        return 0
    source = source_of(model)
    remaining = iter(ids)
    count = 0
    while batch := list(islice(remaining, _BATCH)):
        DeskOutboxEntry.objects.bulk_create(DeskOutboxEntry(source=source, object_id=object_id) for object_id in batch)
        count += len(batch)
    return count


@cache
def source_of(model: type[models.Model]) -> str:
    """What the objects of a model and of all its children are filed under: the label of the topmost model."""
    return get_model_root(model._meta.concrete_model)._meta.label_lower


@cache
def is_held(model: type[models.Model]) -> bool:
    """Whether the index can hold a model's objects: their primary keys are whole numbers."""
    return isinstance(get_model_root(model._meta.concrete_model)._meta.pk, models.IntegerField)
