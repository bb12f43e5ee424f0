"""Which columns of which tables name stored files, and how to go through all of them with little in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, Model, QuerySet

from .models import Derivative
from .storage import alias_of

ROOTS = {
    "default": ("originals/", "posters/", "imports/"),
    "derivatives": ("derivatives/",),
    "renditions": ("renditions/",),
    "public": ("",),
}
"""Alias → what our names in it begin with; two hexadecimal digits as a folder follow."""
HEX_DIGITS = "0123456789abcdef"
FEW, MANY = 20_000, 400_000


@dataclass(frozen=True)
class Column:
    """A column that names files of the storage `alias`. `size_field` knows their bytes, where there is one."""

    alias: str
    model: type[Model]
    field: str
    size_field: str = ""

    def all(self) -> QuerySet:
        """The rows that name a file, with only what is asked of them here."""
        return self.model._base_manager.exclude(**{self.field: ""}).exclude(**{self.field: None}).order_by("pk")

    def under(self, prefix: str) -> QuerySet:
        return self.all().filter(**{f"{self.field}__startswith": prefix}) if prefix else self.all()

    def elsewhere(self) -> QuerySet:
        """The rows whose names we did not make: avatars of users, for one."""
        rows = self.all()
        for root in ROOTS.get(self.alias, ()):
            rows = rows.exclude(**{f"{self.field}__startswith": root}) if root else rows.none()
        return rows

    def named(self, names: Iterable[str]) -> set[str]:
        """Those of these names that a row speaks for."""
        found: set[str] = set()
        for lot in in_lots(names):
            found.update(
                self.model._base_manager.filter(**{f"{self.field}__in": lot}).values_list(self.field, flat=True)
            )
        return found


@dataclass(frozen=True)
class Portion:
    """A part of a storage that fits into memory: its rows' names begin with `prefix`, its files lie in `folders`."""

    prefix: str
    folders: tuple[str, ...]


def in_lots(things: Iterable, size: int = 500) -> Iterator[list]:
    """The things in lists of this size, as many as a query takes."""
    iterator = iter(things)
    while lot := list(islice(iterator, size)):
        yield lot


def by_key(rows: QuerySet, *names: str, size: int = 1000) -> Iterator[tuple]:
    """Key and these columns of rows in the order of their keys, lot by lot: not through one cursor, which would hold
    a snapshot of the database for as long as somebody works with what it gives."""
    last = None
    while True:
        following = rows if last is None else rows.filter(pk__gt=last)
        lot = list(following.values_list("pk", *names)[:size])
        yield from lot
        if len(lot) < size:
            return
        last = lot[-1][0]


def columns(alias: str = "") -> list[Column]:
    """Every column that names files, of one storage or of all: file fields of whatever app, and the public copies."""
    found = [Column("public", Derivative, "public_name", "file_size")]
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                known = {f.name for f in model._meta.fields}
                size = "file_size" if field.name == "file" and "file_size" in known else ""
                found.append(Column(_alias_of_field(field), model, field.name, size))
    return [column for column in found if column.alias == alias or (not alias and column.alias)]


def _alias_of_field(field: FileField) -> str:
    return "default" if field.storage is default_storage else alias_of(field.storage) or ""


def portions(root: str, count: int) -> list[Portion]:
    """The parts of one root of a storage, so that none has more than some twenty thousand of `count` names."""
    if count <= FEW:
        return [Portion(root, (root,))]
    folders = [f"{root}{a}{b}/" for a in HEX_DIGITS for b in HEX_DIGITS]
    if count > MANY:
        return [Portion(folder, (folder,)) for folder in folders]
    return [Portion(f"{root}{a}", tuple(f for f in folders if f.startswith(f"{root}{a}"))) for a in HEX_DIGITS]


def portions_of(root: str, speaking: list[Column]) -> tuple[list[Portion], list[Column]]:
    """The parts of a root as many as its rows make needful, and those of these columns that name anything there."""
    counts = {column: column.under(root).count() for column in speaking}
    return portions(root, sum(counts.values())), [column for column, count in counts.items() if count]


def stray_prefixes(storage, alias: str, *, whole_roots: Iterable[str]) -> Iterator[str]:
    """What a storage holds beside our folders, as prefixes to list. `whole_roots` have been listed as a whole."""
    for root in ("", *(r for r in ROOTS[alias] if r)):
        if root in whole_roots:
            continue
        expected = {f"{a}{b}" for a in HEX_DIGITS for b in HEX_DIGITS} if root in ROOTS[alias] else set()
        expected |= {r.rstrip("/") for r in ROOTS[alias]} if not root else set()
        try:
            folders, files = storage.listdir(root)
        except FileNotFoundError:
            continue  # nothing was ever stored here
        yield from (f"{root}{folder}/" for folder in folders if folder not in expected)
        yield from (f"{root}{file}" for file in files)
