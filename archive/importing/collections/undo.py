"""Takes an import back as a whole: what it made goes, what it changed gets its old values; what a person has touched
since stays, and is told.

Drafts that nobody has touched go a batch at a time: page by page, each costs some forty queries.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.signal_handlers import disable_reference_index_auto_update

from archive.models import ArchivePage, Identifier, Inventory, InventoryRow, Leaf, Section
from archive.publication import deleted_together, enqueue_with_passages
from search.desk.outbox import enqueue as enqueue_for_desk
from search.desk.signals import already_enqueued

from .apply import UPDATES_AT_ONCE, write_draft
from .plan import KINDS, batches, held_pages, newest_of, write_rows
from .values import values_of
from .vocabulary import MODELS

Action = InventoryRow.Action
DELETED_AT_ONCE = 200
_KEPT = -1
"""In place of a column: what is said of undoing."""


def undo(inventory: Inventory, go_on: Callable[[int, int], None]) -> dict:
    """Returns how many rows, and how many records and albums, had to stay. Killed, it goes on where it was; `go_on` is
    told before every batch how many rows of how many are done."""
    rows = inventory.rows.filter(action__in=[Action.CREATE, Action.UPDATE])
    to_do = rows.filter(is_done=True)
    total = rows.count()
    with disable_reference_index_auto_update():
        for action, work, size in (
            (Action.UPDATE, _take_back, UPDATES_AT_ONCE),
            (Action.CREATE, _delete, DELETED_AT_ONCE),
        ):
            for batch in batches(to_do.filter(action=action), size):
                go_on(total - to_do.count(), total)
                with transaction.atomic():
                    Inventory.objects.select_for_update(of=("self",)).get(pk=inventory.pk)
                    work(batch, inventory)
                    write_rows(batch, ["is_done", "problems", "page"])
        made = _remove_what_was_made(inventory)
    return {"kept": _count_kept(inventory), "made_kept": made}


def _count_kept(inventory: Inventory) -> int:
    rows = inventory.rows.filter(action__in=[Action.CREATE, Action.UPDATE]).exclude(problems=[])
    return sum(any(at == _KEPT for at, _words in problems) for problems in rows.values_list("problems", flat=True))


def _keep(row: InventoryRow, words: str) -> None:
    row.problems = [*row.problems, [_KEPT, words]]


# --- What was updated ---------------------------------------------------------------------------------------------


def _take_back(batch: list[InventoryRow], inventory: Inventory) -> None:
    pages = KINDS[inventory.kind].objects.in_bulk([row.page_id for row in batch if row.page_id])
    held = held_pages(set(pages))
    for row in batch:
        row.is_done = False
        page = pages.get(row.page_id)
        if page is None or not row.wrote:
            continue
        if page.pk in held:
            _keep(row, _("这一页正在审稿或已锁定，没有撤回。"))
            continue
        newest = newest_of(page)
        now = values_of(newest, row.wrote)
        mine = {name: row.before[name] for name in row.wrote if now[name] == row.wrote[name]}
        if len(mine) < len(row.wrote):
            _keep(row, _("此后有人改过，改过的栏没有撤回。"))
        if mine:
            write_draft(page, newest, mine, inventory.created_by)


# --- What was created ---------------------------------------------------------------------------------------------


def _delete(batch: list[InventoryRow], inventory: Inventory) -> None:
    pages = (
        KINDS[inventory.kind]
        .objects.select_related("identifier")
        .prefetch_related("page_places", "page_topics", "page_agents")
        .in_bulk([row.page_id for row in batch if row.page_id])
    )
    touched = _touched(pages)
    gone: list[ArchivePage] = []
    for row in batch:
        row.is_done = False
        page = pages.get(row.page_id)
        if page is None:
            continue
        if page.pk in touched or values_of(page, row.wrote) != row.wrote:
            _keep(row, _("此后有人改过或发布了这一页，没有删除。"))
            continue
        gone.append(page)
        row.page_id = None
    _remove(gone)


def _touched(pages: dict[int, ArchivePage]) -> set[int]:
    """Pages that a person has saved, published, moved, given a text or put something beneath since."""
    known = {pk for pk, page in pages.items() if page.live or page.latest_revision_id or page.numchild}
    known |= set(PageLogEntry.objects.filter(page_id__in=pages).values_list("page_id", flat=True))
    for passage in (Section, Leaf):
        known |= set(passage.objects.filter(book_id__in=pages).order_by().values_list("book_id", flat=True))
    return known


def _remove(pages: list[ArchivePage]) -> None:
    """All that follows on the deletion of a draft that nobody has seen, for all of them at once."""
    if not pages:
        return
    ids = [page.pk for page in pages]
    enqueue_with_passages(ids)
    enqueue_for_desk(ArchivePage, ids)
    _bury(pages)
    token = deleted_together.set(frozenset(ids))
    try:
        with already_enqueued():
            type(pages[0])._base_manager.filter(pk__in=ids).delete()
    finally:
        deleted_together.reset(token)
    for path, count in Counter(page.path[: -Page.steplen] for page in pages).items():
        Page.objects.filter(path=path).update(numchild=F("numchild") - count)


def _bury(pages: list[ArchivePage]) -> None:
    """Their identifiers become tombstones, but for those that a translation has too."""
    stones = {page.identifier_id: page.identifier for page in pages}
    others = ArchivePage.objects.filter(identifier__in=stones).exclude(pk__in=[page.pk for page in pages]).order_by()
    shared = set(others.values_list("identifier_id", flat=True))
    for page in pages:
        page.identifier.removed_at, page.identifier.title = timezone.now(), page.title[:255]
    buried = [stone for value, stone in stones.items() if value not in shared]
    Identifier.objects.bulk_create(
        buried, update_conflicts=True, unique_fields=["value"], update_fields=["removed_at", "title"]
    )


# --- Records and albums -------------------------------------------------------------------------------------------


def _remove_what_was_made(inventory: Inventory) -> int:
    """Albums that are empty, and records that nothing else names and nobody has edited; how many had to stay."""
    kept = 0
    for page in Page.objects.filter(pk__in=inventory.made.get("albums", [])):
        if page.numchild or page.live or page.latest_revision_id:
            kept += 1
        else:
            page.specific.delete()
    for field, model in MODELS.items():
        made = inventory.made.get(field, [])
        for start in range(0, len(made), DELETED_AT_ONCE):  # databases bound how much one question may name
            some = made[start : start + DELETED_AT_ONCE]
            edited = _edited(model, some)
            for record in model.objects.filter(pk__in=some):
                kept += record.pk in edited or not _removed(record)
    return kept


def _edited(model, pks: Iterable[int]) -> set[int]:
    kind = ContentType.objects.get_for_model(model)
    entries = ModelLogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks])
    return {int(pk) for pk in entries.values_list("object_id", flat=True)}


def _removed(record) -> bool:
    try:
        with transaction.atomic():
            record.delete()
    except ProtectedError:
        return False
    return True
