"""What the desk's index holds of an object: the texts and values that its model declares in `search_fields`."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import InterfaceError, OperationalError, models
from modelsearch.index import AutocompleteField, Indexed, RelatedFields, SearchField, get_indexed_models

from .outbox import is_held, source_of

logger = logging.getLogger(__name__)

_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DeskDocument:
    """One object as the desk finds it.

    `models` are the labels of its class and of every class above it, `texts` what it is found by under the name of
    each search field, `titles` those of them that are completed while one types, and `filters` pairs of a column
    and the exact value in it, "" for none.
    """

    source: str
    object_id: int
    models: tuple[str, ...]
    texts: dict[str, str]
    titles: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]

    @property
    def ref(self) -> str:
        """What the document is replaced and deleted by."""
        return f"{self.source}:{self.object_id}"

    @property
    def digest(self) -> int:
        """Differs when anything in the document does; 63 bits."""
        content = repr((self.models, sorted(self.texts.items()), self.titles, self.filters))
        return int.from_bytes(hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


@cache
def sources() -> dict[str, tuple[type[Indexed], ...]]:
    """The sources with their indexed models, the most specific ones first."""
    found: dict[str, list[type[Indexed]]] = {}
    for model in get_indexed_models():
        if is_held(model) and not model._meta.proxy:
            found.setdefault(source_of(model), []).append(model)
    return {
        source: tuple(sorted(models_, key=lambda model: -len(model._meta.get_parent_list())))
        for source, models_ in sorted(found.items())
    }


@cache
def text_fields(model: type[Indexed]) -> dict[str, float]:
    """The names that texts of `model` and of its children are filed under, with the weight of each."""
    children = [child for child in get_indexed_models() if issubclass(child, model)]
    weights: dict[str, float] = {}
    for child in (model, *children):
        for name, field in _declared(child.get_search_fields(), (SearchField, AutocompleteField)):
            weights[name] = max(weights.get(name, 1.0), getattr(field, "boost", None) or 1.0)
    return weights


@cache
def declaration() -> str:
    """Changes when a model declares other fields: an index made under another one must be built anew."""
    declared = [
        (model._meta.label, sorted({name for name, _field in _declared(model.get_search_fields(), (object,))}))
        for models_ in sources().values()
        for model in models_
    ]
    return repr(declared)


def ids_of(source: str) -> Iterator[int]:
    """The primary keys of everything of a source that may be indexed, ascending."""
    root = apps.get_model(source)
    return root._base_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000)


def build(source: str, ids: Sequence[int]) -> tuple[list[DeskDocument], dict[int, str]]:
    """The documents of those of `ids` that are there now, and the reasons of those that cannot be made.

    A database that cannot be reached is no fault of an object: OperationalError and InterfaceError are raised.
    """
    documents: list[DeskDocument] = []
    failures: dict[int, str] = {}
    remaining = set(ids)
    for model in sources().get(source, ()):
        if remaining:
            made, failed = documents_of(_instances(model, remaining))
            documents += made
            failures |= failed
            remaining -= {document.object_id for document in made} | failed.keys()
    return documents, failures


def documents_of(instances: Iterable[models.Model]) -> tuple[list[DeskDocument], dict[int, str]]:
    """The documents of objects, each of its most specific class, and the reasons of those that cannot be made."""
    documents: list[DeskDocument] = []
    failures: dict[int, str] = {}
    for instance in instances:
        try:
            documents.append(_document(instance))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.warning("%s %s cannot be indexed for the desk", type(instance), instance.pk, exc_info=True)
            failures[instance.pk] = f"{type(error).__name__}: {error}"
    return documents, failures


def _instances(model: type[Indexed], ids: Iterable[int]) -> Iterator[models.Model]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _READ_AT_ONCE):
        yield from model.get_indexed_objects().filter(pk__in=wanted[start : start + _READ_AT_ONCE])


def _document(instance: models.Model) -> DeskDocument:
    model = type(instance)
    texts: dict[str, list[str]] = {}
    titles: list[str] = []
    for version in _versions(instance):
        for name, value, field in _values(version, model.get_search_fields()):
            shown = texts.setdefault(name, [])
            if isinstance(field, AutocompleteField) and value not in titles:
                titles.append(value)
            if value not in shown:
                shown.append(value)
    classes = [model, *model._meta.get_parent_list()]
    return DeskDocument(
        source=source_of(model),
        object_id=instance.pk,
        models=tuple(sorted(parent._meta.label_lower for parent in classes)),
        texts={name: "\n。\n".join(shown) for name, shown in texts.items()},
        titles=tuple(titles),
        filters=tuple(_filters(instance)),
    )


def _versions(instance: models.Model) -> list[models.Model]:
    """What the public has and what an editor has written since: either is looked for at the desk."""
    versions = [instance]
    if getattr(instance, "has_unpublished_changes", False) and getattr(instance, "latest_revision_id", None):
        versions.insert(0, instance.get_latest_revision_as_object())
    return versions


def _values(instance: models.Model, fields, prefix: str = "") -> Iterator[tuple[str, str, object]]:
    """Every text to find an object by, as (name, text, declaration)."""
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            text = _text(field.get_value(instance))
            if text:
                yield prefix + field.field_name, text, field
        elif isinstance(field, RelatedFields):
            related = field.get_value(instance)
            others = related.all() if hasattr(related, "all") else [related] if related is not None else []
            for other in others:
                yield from _values(other, field.fields, f"{prefix}{field.field_name}__")


def _text(value) -> str:
    """Text of whatever a field gives: a string, a list of them, tags, a bound method's result, nothing."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list | tuple | set):
        return "\n。\n".join(filter(None, map(_text, value)))
    if isinstance(value, Callable):
        return _text(value())
    return str(value).strip()


def _filters(instance: models.Model) -> Iterator[tuple[str, str]]:
    classes = [type(instance), *type(instance)._meta.get_parent_list()]
    columns = frozenset().union(*(exact_columns(model) for model in classes if issubclass(model, Indexed)))
    for column in sorted(columns):
        yield column, filter_value(getattr(instance, column))


@cache
def exact_columns(model: type[Indexed]) -> frozenset[str]:
    """The columns of a model that it is filtered by exactly: yes and no, links, and choices from a list.

    What changes without a save (the path in a tree) or is compared otherwise (a time, a title) is left to the
    database.
    """
    columns = set()
    for field in model.get_filterable_search_fields():
        try:
            declared = field.get_field(model)
        except FieldDoesNotExist:
            continue
        if isinstance(declared, models.BooleanField | models.ForeignKey) or getattr(declared, "choices", None):
            columns.add(declared.attname)
    return frozenset(columns)


def filter_value(value) -> str:
    """A column's value as it is indexed."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _declared(fields, kinds: tuple[type, ...], prefix: str = "") -> Iterator[tuple[str, object]]:
    for field in fields:
        if isinstance(field, RelatedFields):
            yield from _declared(field.fields, kinds, f"{prefix}{field.field_name}__")
        elif isinstance(field, kinds):
            yield prefix + field.field_name, field
