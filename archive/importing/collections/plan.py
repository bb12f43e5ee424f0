"""What an inventory would do, row by row: writes on its own rows alone, nothing of the collection."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState
from wagtail.permissions import page_permission_policy

from archive.models import AlbumPage, ArchivePage, BookPage, Inventory, InventoryRow, PhotoPage, StoryPage, VideoPage
from archive.models.group_rules import may_add_kind

from .files import HeldFiles
from .values import LABELS, Record, RowReader, forbidden, resolved, told, values_of
from .vocabulary import Unknown, vocabularies

KINDS = {"photo": PhotoPage, "video": VideoPage, "book": BookPage, "story": StoryPage}
BATCH = 500
MOST_CHILDREN = 5_000
_SHOWN = 200
Action = InventoryRow.Action
State = Inventory.State


def batches(rows, size: int = BATCH) -> Iterator[list[InventoryRow]]:
    """All rows of this query set in order, so many at a time, each batch asked for anew."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def is_wanted(inventory: Inventory) -> bool:
    """Whether it is still in the state in which this step began; nobody gives it up before the transaction ends."""
    return Inventory.objects.select_for_update().filter(pk=inventory.pk, state=inventory.state).exists()


def write_rows(batch: list[InventoryRow], fields: list[str]) -> None:
    """As `bulk_update`, whose conditions on every row and field take ten times as long."""
    InventoryRow.objects.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def plan(inventory: Inventory, progress: Callable[[int, int], None]) -> dict:
    """Decide on every row; the tallies, names that are not known, and notes. `progress` is told how many rows of how
    many are done, and may raise."""
    planner = _Planner(inventory)
    total = inventory.rows.count()
    done = 0
    for batch in batches(inventory.rows.all()):
        planner.decide(batch)
        with transaction.atomic():
            if not is_wanted(inventory):
                break
            write_rows(batch, ["key", "title", "action", "changes", "problems", "page"])
        done += len(batch)
        progress(done, total)
    return planner.report()


class _Planner:
    def __init__(self, inventory: Inventory):
        self._inventory = inventory
        self._known = vocabularies(inventory.choices, inventory.created_by)
        self._reader = RowReader(inventory.columns, HeldFiles(inventory.kind, inventory.created_by))
        self._unknown = Unknown()
        self._model = KINDS[inventory.kind]
        self._keys: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._problems = 0
        self._is_spread, self._room = _room(inventory)

    def decide(self, batch: list[InventoryRow]) -> None:
        records = [self._reader.record(row.cells) for row in batch]
        for row, record in zip(batch, records, strict=True):
            self._give_key(row, record)
        pages = self._pages(batch, records)
        for row, record in zip(batch, records, strict=True):
            self._decide(row, record, pages)
            row.title = (record.values.get("title") or row.title)[:255]
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
        found["held"] = held_pages(pages)
        return found

    def _allowed(self, pks: set[int]) -> set[int]:
        user = self._inventory.created_by
        if user is None or not pks:
            return pks
        mine = page_permission_policy.instances_user_has_permission_for(user, "change")
        return set(mine.filter(pk__in=pks).values_list("pk", flat=True))

    def _decide(self, row: InventoryRow, record: Record, pages: dict) -> None:
        values = resolved(record.values, self._known, self._unknown)
        for field, name in forbidden(record.values, self._known):
            message = _("您不能新建%(kind)s，“%(name)s”没有取。")
            words = message % {"kind": LABELS[field], "name": name[:40]}
            record.problems.append([self._column(field), words])
        page = pages.get(record.identifier) if record.identifier else pages.get(("by", row.key))
        row.page, row.title, row.changes = None, "", []
        self._look_at(record, page, pages)
        if page is None and not record.is_bad and self._counts[Action.CREATE] >= self._room:
            record.refuse(0, _("这里已放满 %(most)d 件，您又不能在旁边新建相册，放不下。") % {"most": MOST_CHILDREN})
        if record.is_bad:
            row.action = Action.PROBLEM
        elif page is None:
            row.action = Action.CREATE
        else:
            row.page_id, row.title = page.pk, page.title
            row.changes = self._changes(newest_of(page), values)
            row.action = Action.UPDATE if row.changes else Action.SKIP

    def _look_at(self, record: Record, page: ArchivePage | None, pages: dict) -> None:
        """Whether the page that this row speaks of may be changed. Of pages that this person may not change no more is
        told than of those that are not there."""
        is_allowed = page is not None and page.pk in pages["allowed"]
        if record.identifier and not is_allowed:
            message = _("没有标识符为“%(value)s”、您能修改的%(kind)s。")
            words = {"value": record.identifier[:40], "kind": self._model._meta.verbose_name}
            record.refuse(self._column("identifier"), message % words)
        elif page is not None and not is_allowed:
            record.refuse(self._column("key"), _("这一编号以前导入过，您不能修改那一页。"))
        elif page is not None and page.pk in pages["held"]:
            record.refuse(0, _("“%(title)s”正在审稿或已锁定，现在不能修改。") % {"title": page.title[:60]})

    def _column(self, field: str) -> int:
        return self._inventory.columns.index(field) if field in self._inventory.columns else 0

    def _changes(self, page: ArchivePage, values: dict) -> list[list[str]]:
        before = values_of(page, values)
        return [
            [
                str(LABELS[name]),
                told(page, name, before[name], self._known)[:_SHOWN],
                told(page, name, values[name], self._known)[:_SHOWN],
            ]
            for name in values
            if before[name] != values[name]
        ]

    def report(self) -> dict:
        counts = {str(action): self._counts[action] for action in (Action.CREATE, Action.UPDATE, Action.SKIP)}
        counts["problem"] = self._counts[Action.PROBLEM]
        notes = []
        parent = self._inventory.parent
        room = MOST_CHILDREN - parent.numchild
        spread = self._is_spread and counts["create"] > room
        if spread and isinstance(parent.specific, AlbumPage):
            message = _("一个相册最多放 %(most)d 张照片；其余的将分放到它旁边新建的相册里。")
            notes.append(message % {"most": MOST_CHILDREN})
        elif spread:
            message = _("新照片较多，将分放到 %(albums)d 个新相册里，每册最多 %(most)d 张，以文件名加序号命名。")
            notes.append(message % {"albums": -(-counts["create"] // MOST_CHILDREN), "most": MOST_CHILDREN})
        if "key" not in self._inventory.columns and "identifier" not in self._inventory.columns:
            notes.append(_("没有编号列：再次导入时，内容改过的行会当作新的一行。"))
        unknown = self._unknown.listed(self._known)
        return {"counts": counts, "problems": self._problems, "unknown": unknown, "spread": spread, "notes": notes}


def may_have(parent: Page | None, kind: str) -> bool:
    """Whether a thing of this kind may stand beneath this page."""
    return parent is not None and parent.specific_class in KINDS[kind].allowed_parent_page_models()


def may_add_beneath(user, parent: Page, model: type[ArchivePage]) -> bool:
    """Without a person (on the command line) anything may be added anywhere."""
    if user is None:
        return True
    return parent.permissions_for_user(user).can_add_subpage() and may_add_kind(user, parent, model)


def place_of_albums(parent: Page) -> Page:
    """Where further albums stand when there is no room beneath `parent`: an album's are its neighbours."""
    return parent.get_parent() if parent.specific_class is AlbumPage else parent


def _room(inventory: Inventory) -> tuple[bool, float]:
    """Whether photographs may go into new albums, and how many pages can be made in all."""
    if inventory.kind != Inventory.Kind.PHOTO:
        return False, float("inf")
    if may_add_beneath(inventory.created_by, place_of_albums(inventory.parent), AlbumPage):
        return True, float("inf")
    return False, MOST_CHILDREN - inventory.parent.numchild


def held_pages(pks: set[int]) -> set[int]:
    """Those of these pages that are being read by reviewers, or locked: their words are not to move meanwhile."""
    pages = ContentType.objects.get_for_model(Page)
    states = WorkflowState.objects.filter(
        base_content_type=pages, object_id__in=[str(pk) for pk in pks], status=WorkflowState.STATUS_IN_PROGRESS
    )
    locked = Page.objects.filter(pk__in=pks, locked=True).order_by().values_list("pk", flat=True)
    return {*locked, *(int(pk) for pk in states.values_list("object_id", flat=True))}


def newest_of(page: ArchivePage) -> ArchivePage:
    return page.get_latest_revision_as_object() if page.latest_revision_id else page
