"""Makes the collection what a plan says, batch by batch, each in a transaction with the marks on its rows: whatever was
killed goes on behind the last batch.

New pages are written table by table: Django's bulk_create refuses inherited tables, and one by one they cost ten times
as much. All that follows on saving a draft (identifier, derived fields, index) is done for the batch.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import PurePosixPath

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from archive.models import AlbumPage, ArchivePage, Identifier, Inventory, InventoryRow, PhotoPage
from archive.models.slugs import propose_slug, sort_key
from archive.publication import enqueue_with_passages
from media_assets.jobs import JobError
from search.desk.outbox import enqueue as enqueue_for_desk

from .files import HeldFiles
from .plan import (
    BATCH,
    KINDS,
    MOST_CHILDREN,
    batches,
    held_pages,
    may_add_beneath,
    may_have,
    newest_of,
    place_of_albums,
    write_rows,
)
from .values import FOREIGN, RowReader, link_rows, resolved, values_of, with_records, write_into
from .vocabulary import vocabularies

Action = InventoryRow.Action
UPDATES_AT_ONCE = 50


class Applier:
    """`go_on` is told before every batch how many rows of how many are done, and may raise. Rights are those of whoever
    handed the file in, as they are when the batch is made."""

    def __init__(self, inventory: Inventory, go_on: Callable[[int, int], None]):
        self._inventory, self._go_on = inventory, go_on
        self._model = KINDS[inventory.kind]
        self._known = vocabularies(inventory.choices, inventory.created_by)
        self._reader = RowReader(inventory.columns, HeldFiles(inventory.kind, inventory.created_by))
        self._to_do = inventory.rows.filter(action__in=[Action.CREATE, Action.UPDATE])
        self._total = self._to_do.count()

    def apply(self) -> None:
        """Raises JobError when the place for the new pages is gone, or they may not be added there any more."""
        parent = self._inventory.parent
        if not may_have(parent, self._inventory.kind):
            raise JobError(_("放置新页面的地方已不在，或不能放这一类内容。"))
        if not may_add_beneath(self._inventory.created_by, parent, self._model):
            raise JobError(_("导入人现在不能在这里新建页面。"))
        with disable_reference_index_auto_update():
            for batch in batches(self._to_do.filter(is_done=False, action=Action.CREATE)):
                self._do(self._create, batch)
            for batch in batches(self._to_do.filter(is_done=False, action=Action.UPDATE), UPDATES_AT_ONCE):
                self._do(self._update, batch)

    def _do(self, work, batch: list[InventoryRow]) -> None:
        done = self._to_do.filter(is_done=True).count()
        self._go_on(done, self._total)
        with transaction.atomic():
            # One worker at a time: whoever was taken for dead may still be at it.
            inventory = Inventory.objects.select_for_update(of=("self",)).get(pk=self._inventory.pk)
            self._inventory.made = inventory.made
            fresh = set(
                inventory.rows.filter(pk__in=[row.pk for row in batch], is_done=False).values_list("pk", flat=True)
            )
            batch = [row for row in batch if row.pk in fresh]
            if inventory.state != Inventory.State.APPROVED:
                return
            work(batch)
            write_rows(batch, ["page", "before", "wrote", "problems", "is_done"])
            inventory.made = self._inventory.made
            inventory.save(update_fields=["made"])

    def _values(self, row: InventoryRow) -> dict:
        values = with_records(resolved(self._reader.record(row.cells).values, self._known), self._known)
        for field, vocabulary in self._known.items():
            if vocabulary.created:
                self._inventory.made.setdefault(field, []).extend(vocabulary.created)
                vocabulary.created.clear()
        return values

    # --- New pages ---

    def _create(self, batch: list[InventoryRow]) -> None:
        rows = list(batch)
        while rows:
            parent, room = self._parent_with_room()
            self._create_beneath(parent, rows[:room])
            rows = rows[room:]

    def _parent_with_room(self) -> tuple[Page, int]:
        """Where the next page goes. Photographs go into albums when they are too many for one place."""
        parent = Page.objects.select_for_update().get(pk=self._inventory.parent_id)
        if not (self._model is PhotoPage and self._inventory.plan.get("spread")):
            return parent, BATCH
        if parent.specific_class is AlbumPage and parent.numchild < MOST_CHILDREN:
            return parent, MOST_CHILDREN - parent.numchild
        parent = place_of_albums(parent)
        albums = self._inventory.made.setdefault("albums", [])
        last = Page.objects.select_for_update().filter(pk__in=albums[-1:]).first()
        if last is None or last.numchild >= MOST_CHILDREN:
            if not may_add_beneath(self._inventory.created_by, parent, AlbumPage):
                raise JobError(_("导入人现在不能新建放照片的相册。"))
            title = f"{PurePosixPath(self._inventory.original_name).stem[:200]} {len(albums) + 1}"
            album = AlbumPage(title=title, live=False, has_unpublished_changes=True, owner=self._inventory.created_by)
            last = parent.add_child(instance=album)
            albums.append(last.pk)
            last = Page.objects.get(pk=last.pk)
        return last, MOST_CHILDREN - last.numchild

    def _create_beneath(self, parent: Page, rows: list[InventoryRow]) -> None:
        last = parent.get_last_child() if parent.numchild else None
        number = int(last.path[-Page.steplen :], 36) if last is not None else 0
        identifiers = Identifier.objects.assign_many(Identifier.Kind.PAGE, len(rows))
        probe = self._model(path=parent.path + Page._get_path("", 1, 1)[-Page.steplen :], depth=parent.depth + 1)
        level = probe.derive_effective_access()
        pages, links = [], defaultdict(list)
        for at, (row, identifier) in enumerate(zip(rows, identifiers, strict=True), 1):
            row.wrote = self._values(row)
            page = self._new_page(parent, number + at, identifier, row.wrote)
            page.effective_access = level
            pages.append(page)
        plain = [Page(**{each.attname: getattr(page, each.attname) for each in _PAGE_FIELDS}) for page in pages]
        for page, base in zip(pages, Page.objects.bulk_create(plain), strict=True):
            page.pk = page.id = page.page_ptr_id = page.archivepage_ptr_id = base.pk
        for model in (ArchivePage, self._model):
            model._base_manager.all()._batched_insert(pages, model._meta.local_concrete_fields, batch_size=None)
        for row, page in zip(rows, pages, strict=True):
            row.page_id, row.is_done = page.pk, True
            for model, link in link_rows(page.pk, row.wrote):
                links[model].append(link)
        for model, found in links.items():
            model.objects.bulk_create(found, batch_size=500)
        Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(rows))
        enqueue_with_passages([page.pk for page in pages])
        enqueue_for_desk(ArchivePage, (page.pk for page in pages))

    def _new_page(self, parent: Page, number: int, identifier: Identifier, values: dict) -> ArchivePage:
        page = self._model(
            path=Page._get_path(parent.path, parent.depth + 1, number),
            depth=parent.depth + 1,
            numchild=0,
            live=False,
            has_unpublished_changes=True,
            owner=self._inventory.created_by,
            locale_id=parent.locale_id,
            tree_language=parent.locale.language_code,
            identifier=identifier,
            content_type=_content_type(self._model),
            latest_revision_created_at=timezone.now(),
        )
        for name, value in values.items():
            if name in FOREIGN:
                setattr(page, f"{name}_id", value)
            elif not isinstance(value, list):
                setattr(page, name, value)
        page.poster_video_id = None if page.lead_image_id else page.film_id()
        page.draft_title = page.title
        page.slug = f"{propose_slug(page.title)}-{identifier.pk}"  # no other page has it: nothing is to be asked
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.title_pinyin = sort_key(page.title)
        page.is_container = page.holds_others
        page.derive_dates()
        return page

    # --- Pages that are there ---

    def _update(self, batch: list[InventoryRow]) -> None:
        pages = self._model.objects.select_for_update(of=("self",)).in_bulk([row.page_id for row in batch])
        held = held_pages(set(pages))
        for row in batch:
            row.is_done = True
            page = pages.get(row.page_id)
            if page is None:
                continue
            if page.pk in held:
                row.problems = [*row.problems, [0, _("核对之后这一页送审或锁定了，没有更新。")]]
                continue
            newest, values = newest_of(page), self._values(row)
            before = values_of(newest, values)
            changed = [name for name in values if values[name] != before[name]]
            row.before = {name: before[name] for name in changed}
            row.wrote = {name: values[name] for name in changed}
            if changed:
                write_draft(page, newest, row.wrote, self._inventory.created_by)


_PAGE_FIELDS = [each for each in Page._meta.concrete_fields if not each.primary_key]


def _content_type(model) -> ContentType:
    return ContentType.objects.get_for_model(model)


def write_draft(page: ArchivePage, newest: ArchivePage, values: dict, user) -> None:
    """A draft without versions is written itself; anything else gets a new version, which waits for publication."""
    write_into(newest, values)
    if page.live or page.latest_revision_id:
        newest.save_revision(user=user, clean=False)
    else:
        newest.draft_title = newest.title
        newest.save(clean=False)
