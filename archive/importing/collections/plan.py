"""What an inventory would do, row by row: writes on its own rows alone, nothing of the collection."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.permissions import page_permission_policy

from archive.models import AlbumPage, ArchivePage, BookPage, Inventory, InventoryRow, PhotoPage, StoryPage, VideoPage

from .values import Files, Record, RowReader, resolved, values_of
from .vocabulary import Unknown, vocabularies

KINDS = {"photo": PhotoPage, "video": VideoPage, "book": BookPage, "story": StoryPage}
BATCH = 500
MOST_CHILDREN = 5_000
Action = InventoryRow.Action
State = Inventory.State


def batches(rows, size: int = BATCH) -> Iterator[list[InventoryRow]]:
    """All rows of this query set in order, so many at a time, each batch asked for anew."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def plan(inventory: Inventory, progress: Callable[[float], None]) -> dict:
    """Decide on every row; the tallies, names that are not known, and notes."""
    planner = _Planner(inventory)
    total = inventory.rows.count()
    done = 0
    for batch in batches(inventory.rows.all()):
        planner.decide(batch)
        with transaction.atomic():
            InventoryRow.objects.bulk_update(batch, ["key", "action", "problems", "page"], batch_size=100)
        done += len(batch)
        Inventory.objects.filter(pk=inventory.pk).update(rows_done=done)
        progress(100 * done / max(total, 1))
    return planner.report()


class _Planner:
    def __init__(self, inventory: Inventory):
        self._inventory = inventory
        self._known = vocabularies(inventory.choices)
        self._reader = RowReader(inventory.columns, Files())
        self._unknown = Unknown()
        self._model = KINDS[inventory.kind]
        self._keys: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._problems = 0

    def decide(self, batch: list[InventoryRow]) -> None:
        records = [self._reader.record(row.cells) for row in batch]
        for row, record in zip(batch, records, strict=True):
            self._give_key(row, record)
        pages = self._pages(batch, records)
        for row, record in zip(batch, records, strict=True):
            self._decide(row, record, pages)
            row.problems = record.problems
            self._counts[row.action] += 1
            self._problems += len(record.problems)

    def _give_key(self, row: InventoryRow, record: Record) -> None:
        """A row without a number of its own is known by all that it says."""
        key = record.key or record.identifier
        if not key:
            cells = json.dumps(row.cells, ensure_ascii=False).encode("utf-8", "replace")
            digest = hashlib.sha256(cells).hexdigest()[:32]
            self._keys[digest] += 1
            row.key = f"sha256:{digest}:{self._keys[digest]}"
            return
        self._keys[key] += 1
        row.key = key
        if self._keys[key] > 1:
            name = "key" if record.key else "identifier"
            record.refuse(self._inventory.columns.index(name), _("编号“%(key)s”在前面的行里已有。") % {"key": key})

    def _pages(self, batch: list[InventoryRow], records: list[Record]) -> dict:
        """The pages that these rows speak of: by identifier, else by the key in an earlier import of the same place."""
        identifiers = {record.identifier for record in records if record.identifier}
        inventory = self._inventory
        earlier = (
            InventoryRow.objects.filter(key__in=[row.key for row in batch], is_done=True, page__isnull=False)
            .filter(inventory__parent=inventory.parent_id, inventory__kind=inventory.kind)
            .exclude(inventory=inventory)
            .order_by("pk")
        )
        by_key = dict(earlier.values_list("key", "page_id"))
        prefetched = self._model.objects.select_related("identifier").prefetch_related(
            "page_places", "page_topics", "page_agents"
        )
        tree = inventory.parent.locale_id
        found = {page.identifier_id: page for page in prefetched.filter(identifier__in=identifiers, locale=tree)}
        found |= {("key", page.pk): page for page in prefetched.filter(pk__in=set(by_key.values()))}
        found |= {("by", key): found.get(("key", pk)) for key, pk in by_key.items()}
        pages = {page.pk for page in found.values() if page is not None}
        found["allowed"] = self._allowed(pages)
        return found

    def _allowed(self, pks: set[int]) -> set[int]:
        user = self._inventory.created_by
        if user is None or not pks:
            return pks
        mine = page_permission_policy.instances_user_has_permission_for(user, "change")
        return set(mine.filter(pk__in=pks).values_list("pk", flat=True))

    def _decide(self, row: InventoryRow, record: Record, pages: dict) -> None:
        values = resolved(record.values, self._known, unknown=self._unknown)
        page = pages.get(record.identifier) if record.identifier else pages.get(("by", row.key))
        row.page = None
        if record.identifier and page is None:
            message = _("没有标识符为“%(value)s”的%(kind)s。")
            values_ = {"value": record.identifier[:40], "kind": self._model._meta.verbose_name}
            record.refuse(self._inventory.columns.index("identifier"), message % values_)
        elif page is not None and page.pk not in pages["allowed"]:
            record.refuse(0, _("您不能修改“%(title)s”。") % {"title": page.title[:60]})
        if record.is_bad:
            row.action = Action.PROBLEM
            return
        if page is None:
            row.action = Action.CREATE
            return
        row.page_id = page.pk
        newest = page.get_latest_revision_as_object() if page.latest_revision_id else page
        row.action = Action.SKIP if values_of(newest, values) == values else Action.UPDATE

    def report(self) -> dict:
        counts = {str(action): self._counts[action] for action in (Action.CREATE, Action.UPDATE, Action.SKIP)}
        counts["problem"] = self._counts[Action.PROBLEM]
        parent = self._inventory.parent
        room = MOST_CHILDREN - parent.numchild
        notes, spread = [], False
        if self._model is PhotoPage and counts["create"] > room:
            spread = True
            albums = -(-counts["create"] // MOST_CHILDREN)
            if isinstance(parent.specific, AlbumPage):
                notes.append(
                    _("一个相册最多放 %(most)d 张照片；其余的将分放到它旁边新建的相册里。") % {"most": MOST_CHILDREN}
                )
            else:
                message = _("新照片较多，将分放到 %(albums)d 个新相册里，每册最多 %(most)d 张，以文件名加序号命名。")
                notes.append(message % {"albums": albums, "most": MOST_CHILDREN})
        if "key" not in self._inventory.columns and "identifier" not in self._inventory.columns:
            notes.append(_("没有编号列：再次导入时，内容改过的行会当作新的一行。"))
        unknown = self._unknown.listed(self._known)
        return {"counts": counts, "problems": self._problems, "unknown": unknown, "spread": spread, "notes": notes}


def may_have(parent, kind: str) -> bool:
    """Whether a thing of this kind may stand beneath this page."""
    return parent is not None and parent.specific_class in KINDS[kind].allowed_parent_page_models()


def newest_of(page: ArchivePage) -> ArchivePage:
    return page.get_latest_revision_as_object() if page.latest_revision_id else page
