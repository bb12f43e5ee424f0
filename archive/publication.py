"""What follows when a page is saved, moved, withdrawn or deleted: levels, uses of assets, identifiers, the index,
and the public copies of its pictures.

Everything here runs inside the transaction of the change itself, so that nothing is forgotten and nothing is told
that did not happen.
"""

from collections.abc import Iterable
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Revision

from archive.access import AccessLevel, Audience, published, strictest
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Derivative, PublicCopyRequest, Scan
from media_assets.signals import pictures_made
from search import answers
from search.desk.outbox import enqueue as enqueue_for_desk
from search.indexing import enqueue

from .manuscripts.changing import come_true
from .models import (
    Agent,
    Anchor,
    ArchivePage,
    AssetUse,
    BookIndexPage,
    BookPage,
    Change,
    EnglishParticulars,
    ExhibitedItem,
    ExhibitionIndexPage,
    ExhibitionPage,
    FreePage,
    HomePage,
    Identifier,
    Leaf,
    LeafLayout,
    MuseumSettings,
    PassageRevision,
    PhotoIndexPage,
    Place,
    Section,
    Series,
    StoryIndexPage,
    Topic,
    VideoIndexPage,
)
from .models.reviews import require_reviews
from .models.signals import record_changed

CHUNK = 500
# Pages that are no records: what they say stands on the record of nothing, but readers see it all the same.
_FRAME = (FreePage, HomePage, BookIndexPage, PhotoIndexPage, StoryIndexPage, VideoIndexPage, ExhibitionIndexPage)


def connect() -> None:
    """Called once, when the apps are ready."""
    uid = "archive.publication"
    record_changed.connect(_record_changed, dispatch_uid=uid)
    post_save.connect(_page_saved, sender=Page, dispatch_uid=uid)
    pre_delete.connect(_page_deleted, sender=ArchivePage, dispatch_uid=uid)
    pre_save.connect(_revision_scheduled, sender=Revision, dispatch_uid=uid)
    for sender in (Section, Leaf):
        post_save.connect(_passage_changed, sender=sender, dispatch_uid=uid)
        post_delete.connect(_passage_changed, sender=sender, dispatch_uid=uid)
    pre_delete.connect(_section_deleted, sender=Section, dispatch_uid=uid)
    for sender in (post_save, post_delete):
        sender.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid=uid)
        for kind in _FRAME:
            sender.connect(_frame_changed, sender=kind, dispatch_uid=uid)
        for kind in (MuseumSettings, EnglishParticulars):
            sender.connect(_particulars_changed, sender=kind, dispatch_uid=uid)
    for sender in (Place, Agent, Topic, Series):
        post_save.connect(_authority_saved, sender=sender, dispatch_uid=uid)
    for sender, kind in _ASSETS.items():
        post_save.connect(_asset_saved, sender=sender, dispatch_uid=uid)
        pre_delete.connect(_asset_deleted, sender=sender, dispatch_uid=f"{uid}.{kind}")
    post_save.connect(_scan_saved, sender=Scan, dispatch_uid=uid)
    pictures_made.connect(_pictures_made, dispatch_uid=uid)
    for signal in (post_save, post_delete):
        signal.connect(_collection_restricted, sender=CollectionViewRestriction, dispatch_uid=uid)
    post_save.connect(_collection_changed, sender=Collection, dispatch_uid=uid)


# --- Pages ----------------------------------------------------------------------------------------------------


def _record_changed(sender, page: ArchivePage, **kwargs) -> None:
    if page.live and getattr(page, "carried_change_set", None):
        come_true(page, page.carried_change_set)
    record_uses(page)
    note_public([page.pk])
    enqueue_with_passages([page.pk])
    ask_for_copies([page.pk])
    if page.numchild:
        refresh_levels(page.path)


def _page_saved(sender, instance: Page, raw: bool = False, **kwargs) -> None:
    """A plain Page row was saved: Wagtail does so when it moves a page, and any code may unpublish through one."""
    if raw:
        return
    refresh_levels(instance.path)
    page = ArchivePage.objects.filter(pk=instance.pk).first()
    if page is not None:
        record_uses(page.specific)
        enqueue_with_passages([page.pk])
        ask_for_copies([page.pk])
    else:
        enqueue("free-page", [instance.pk])


def note_public(page_ids: list[int]) -> None:
    """Remember on the identifiers of pages and their sections that the public can see them now."""
    shown = ArchivePage.objects.filter(pk__in=page_ids, live=True, effective_access__lt=AccessLevel.STAFF).order_by()
    Identifier.objects.filter(pages__in=shown.values("pk"), ever_public=False).update(ever_public=True)
    sections = Section.objects.filter(book__in=shown.values("pk")).order_by()
    Identifier.objects.filter(pk__in=sections.values("identifier"), ever_public=False).update(ever_public=True)


deleted_together: ContextVar[frozenset[int]] = ContextVar("deleted_together", default=frozenset())
"""Pages that somebody is deleting many at a time, who does for all of them what follows."""


def _page_deleted(sender, instance: ArchivePage, **kwargs) -> None:
    if instance.pk in deleted_together.get():
        return
    enqueue_with_passages([instance.pk])
    ask_for_copies([instance.pk], of_all_scans=True)
    closed = instance.effective_access >= AccessLevel.STAFF
    _remove_passages(instance.pk, closed)
    others = ArchivePage.objects.filter(identifier_id=instance.identifier_id).exclude(pk=instance.pk)
    if not others.exists():
        instance.identifier.bury(instance.title, closed=closed)


def _remove_passages(book_id: int, closed: bool) -> None:
    """Bury and delete the passages of a book in bulk: one by one, five thousand sections would hold the database for
    longer than other writers wait."""
    sections = Section.objects.filter(book_id=book_id).order_by()
    for start in range(0, count := sections.count(), CHUNK):
        chunk = sections.order_by("pk").select_related("identifier").defer("text")[start : start + CHUNK]
        stones = []
        for section in chunk:
            stone = section.identifier
            stone.removed_at, stone.title = timezone.now(), section.heading[:255]
            stone.ever_public = stone.ever_public and not closed
            stones.append(stone)
        Identifier.objects.bulk_update(stones, ["removed_at", "title", "ever_public"])
    leaves = Leaf.objects.filter(book_id=book_id).order_by()
    for history in (PassageRevision, Change):
        history.objects.filter(book_id=book_id).order_by()._raw_delete(using=sections.db)
    Anchor.objects.filter(section__book_id=book_id)._raw_delete(using=sections.db)
    if count:
        sections.update(parent=None)
        sections._raw_delete(using=sections.db)
    LeafLayout.objects.filter(leaf__in=leaves.values("pk"))._raw_delete(using=sections.db)
    leaves._raw_delete(using=sections.db)


def _restriction_changed(sender, instance: PageViewRestriction, **kwargs) -> None:
    """Wagtail's own page privacy is folded into the one rule: restricted means staff."""
    refresh_levels(instance.page.path)


def _frame_changed(sender, instance: Page, **kwargs) -> None:
    """Homes and index pages are no documents: for them it only ends what is kept for the public."""
    enqueue("free-page", [instance.pk])


def _particulars_changed(sender, **kwargs) -> None:
    """The museum's name stands on every page."""
    transaction.on_commit(answers.forget)


def set_access(page: ArchivePage, level: AccessLevel) -> None:
    """Change who may see a page and everything beneath it, at once and without a review."""
    with transaction.atomic():
        ArchivePage.objects.filter(pk=page.pk).update(access=level)
        refresh_levels(page.path)
    page.refresh_from_db(fields=["access", "effective_access"])


def refresh_levels(path: str) -> None:
    """Recompute the effective access of the page at `path` and of everything beneath it.

    One pass in tree order: a page's level is known when its children come. Only rows that change are written.
    """
    steplen = Page.steplen
    above = [path[:end] for end in range(steplen, len(path), steplen)]
    rows = ArchivePage.objects.filter(Q(path__startswith=path) | Q(path__in=above)).order_by("path")
    restricted = set(
        PageViewRestriction.objects.filter(Q(page__path__startswith=path) | Q(page__path__in=above)).values_list(
            "page__path", flat=True
        )
    )
    levels: dict[str, int] = {}
    changed: dict[int, list[int]] = {}
    for pk, own_path, access, effective in rows.values_list("pk", "path", "access", "effective_access").iterator():
        inherited = [levels.get(own_path[:end], 0) for end in range(steplen, len(own_path), steplen)]
        closed = any(own_path.startswith(other) for other in restricted)
        level = strictest(access, *inherited, AccessLevel.STAFF if closed else AccessLevel.OPEN)
        levels[own_path] = level
        if level != effective and own_path.startswith(path):
            changed.setdefault(level, []).append(pk)
    with transaction.atomic():
        for level, ids in changed.items():
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                ArchivePage.objects.filter(pk__in=chunk).update(effective_access=level)
                enqueue_for_desk(ArchivePage, chunk)
                note_public(chunk)
                enqueue_with_passages(chunk)
                ask_for_copies(chunk)


def _revision_scheduled(sender, instance: Revision, **kwargs) -> None:
    """A date is set for words that every stage has passed; Wagtail's form sets it without asking the page."""
    if instance.approved_go_live_at is None or instance.pk is None:
        return
    page = instance.content_object
    if isinstance(page, Page) and isinstance(page.specific, ArchivePage):
        require_reviews(page.specific, instance)


# --- Uses of assets -------------------------------------------------------------------------------------------


def record_uses(page: ArchivePage) -> None:
    """Make the AssetUse rows of a page what they should be: its assets when it is live, none when it is not. Those of
    an exhibition that say what it shows too."""
    if isinstance(page, ExhibitionPage):
        _record_exhibits(page)
    wanted = page.used_assets() if page.live else set()
    kept = set()
    for use in AssetUse.objects.filter(page_id=page.pk):
        key = next((kind, value) for kind in _ASSETS.values() if (value := getattr(use, f"{kind}_id")))
        if key in wanted:
            kept.add(key)
        else:
            use.delete()
            _ask_for(*key)
    AssetUse.objects.bulk_create(
        [AssetUse(page_id=page.pk, **{f"{kind}_id": pk}) for kind, pk in wanted - kept], ignore_conflicts=True
    )


def _record_exhibits(page: ExhibitionPage) -> None:
    rows = ExhibitedItem.objects.filter(exhibition=page.pk)
    shown = page.shown_items() if page.live else set()
    wanted = set(ArchivePage.objects.filter(pk__in=shown).order_by().values_list("pk", flat=True))
    rows.exclude(item__in=wanted).delete()
    kept = set(rows.values_list("item_id", flat=True))
    ExhibitedItem.objects.bulk_create([ExhibitedItem(exhibition_id=page.pk, item_id=pk) for pk in wanted - kept])


_ASSETS = {ArchiveImage: "image", ArchiveVideo: "video", ArchiveDocument: "document"}


def _asset_saved(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        Identifier.objects.assign(_ASSETS[sender], **{_ASSETS[sender]: instance})
    if not raw:
        _ask_for(_ASSETS[sender], instance.pk)
        _show_anew(sender, instance)


def _show_anew(sender, instance) -> None:
    """Hits show its picture, whose address changes with the file."""
    uses = AssetUse.objects.filter(**{_ASSETS[sender]: instance})
    enqueue("page", uses.values_list("page_id", flat=True))


def _pictures_made(sender, instance, **kwargs) -> None:
    if sender is Scan:
        enqueue("leaf", Leaf.objects.filter(scan=instance).order_by().values_list("pk", flat=True))
    else:
        _show_anew(sender, instance)


def _asset_deleted(sender, instance, **kwargs) -> None:
    identifier = Identifier.objects.filter(**{_ASSETS[sender]: instance}).first()
    if identifier is not None:
        identifier.bury(instance.title, closed=True)


# --- Public copies of pictures --------------------------------------------------------------------------------


def ask_for_copies(page_ids: list[int], *, of_all_scans: bool = False) -> None:
    """Have the public copies of everything that these pages show looked at again. Of a book's scans only those whose
    copies are not what the book's state asks for, or are just being made; `of_all_scans` when the book goes."""
    for kind in _ASSETS.values():
        uses = AssetUse.objects.filter(page_id__in=page_ids).exclude(**{kind: None})
        PublicCopyRequest.objects.ask(kind, uses.values_list(f"{kind}_id", flat=True).distinct().iterator())
    leaves = Leaf.objects.filter(book_id__in=page_ids).exclude(scan=None).order_by()
    if not of_all_scans:
        shown = published(Audience.PUBLIC, content=True, prefix="book__")
        has_none = Q(scan__derivatives=None) | Q(scan__derivatives__public_name="")
        has_some = Q(scan__derivatives__public_name__gt="")
        asked = PublicCopyRequest.objects.filter(kind="scan").values("object_id")
        leaves = leaves.filter((shown & has_none) | (~shown & has_some) | Q(scan__in=asked))
    PublicCopyRequest.objects.ask("scan", leaves.values_list("scan_id", flat=True).distinct().iterator())


def ask_for_strays() -> None:
    """Look again at every asset whose copies do not fit its pages: what an update behind the signals' back, a restored
    database or a deleted row has left. A query for each kind and direction, whatever the size."""
    shown = published(Audience.PUBLIC, content=True, prefix="page__")
    closed = Q(pk__in=[])
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        closed |= Q(collection__path__startswith=path)
    for model, kind in _ASSETS.items():
        uses = AssetUse.objects.filter(shown).exclude(**{kind: None}).values(kind)
        _ask_for_misfits(kind, model.objects.filter(pk__in=uses, access=AccessLevel.OPEN).exclude(closed))
    leaves = Leaf.objects.filter(published(Audience.PUBLIC, content=True, prefix="book__")).exclude(scan=None)
    _ask_for_misfits("scan", Scan.objects.filter(pk__in=leaves.order_by().values("scan"), access=AccessLevel.OPEN))


def _ask_for_misfits(kind: str, public: QuerySet) -> None:
    derivatives = Derivative.objects.exclude(**{kind: None}).order_by()
    allowed = {f"{kind}__in": public.order_by().values("pk")}
    misfits = derivatives.exclude(public_name="").exclude(**allowed) | derivatives.filter(public_name="", **allowed)
    PublicCopyRequest.objects.ask(kind, misfits.values_list(f"{kind}_id", flat=True).distinct().iterator())


def ask_for_assets(assets: Iterable) -> None:
    """The same for assets that were changed behind the signals' back, by an update of many rows."""
    for asset in assets:
        _ask_for(_ASSETS[type(asset)], asset.pk)


def _ask_for(kind: str, pk: int) -> None:
    PublicCopyRequest.objects.ask(kind, [pk])


def _scan_saved(sender, instance: Scan, created: bool, raw: bool = False, **kwargs) -> None:
    if not raw:
        _ask_for("scan", instance.pk)


def ask_for_collection(collection: Collection) -> None:
    """Have the copies of everything in a collection, and in those beneath it, looked at again."""
    beneath = collection.get_descendants(inclusive=True).order_by().values("pk")
    for model, kind in _ASSETS.items():
        ids = model.objects.filter(collection__in=beneath).order_by().values_list("pk", flat=True)
        PublicCopyRequest.objects.ask(kind, ids.iterator())


def _collection_restricted(sender, instance: CollectionViewRestriction, **kwargs) -> None:
    ask_for_collection(instance.collection)


def _collection_changed(sender, instance: Collection, created: bool, raw: bool = False, **kwargs) -> None:
    """It may have been moved beneath a closed one, or from there."""
    if not created and not raw:
        ask_for_collection(instance)


# --- Passages and names ---------------------------------------------------------------------------------------


def enqueue_with_passages(page_ids: list[int]) -> None:
    """Ask for pages to be indexed again, with the sections and leaves of those that are books."""
    enqueue("page", page_ids)
    books = BookPage.objects.filter(pk__in=page_ids).order_by().values("pk")
    for source, model in (("section", Section), ("leaf", Leaf)):
        ids = model.objects.filter(book__in=books).order_by().values_list("pk", flat=True)
        enqueue(source, ids.iterator())


def _passage_changed(sender, instance, raw: bool = False, **kwargs) -> None:
    if sender is Section and kwargs.get("created"):
        _note_section(instance)
    if sender is Leaf and instance.scan_id:
        _ask_for("scan", instance.scan_id)
    enqueue("section" if sender is Section else "leaf", [instance.pk])


def _note_section(section: Section) -> None:
    """A section that is added to a book in public view is public from now on."""
    shown = ArchivePage.objects.filter(pk=section.book_id, live=True, effective_access__lt=AccessLevel.STAFF)
    if shown.exists():
        Identifier.objects.filter(pk=section.identifier_id).update(ever_public=True)


def _section_deleted(sender, instance: Section, **kwargs) -> None:
    instance.identifier.bury(instance.heading, closed=instance.book.effective_access >= AccessLevel.STAFF)


def _authority_saved(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    """A name that changes is found anew everywhere it is used; a place that comes to stand beneath another takes those
    beneath itself along."""
    if created or raw:
        return
    pages = {
        Place: lambda: ArchivePage.objects.filter(page_places__place__in=Place.with_parts([instance.pk])),
        Agent: lambda: ArchivePage.objects.filter(page_agents__agent=instance),
        Topic: lambda: ArchivePage.objects.filter(page_topics__topic=instance),
        Series: lambda: ArchivePage.objects.filter(series=instance),
    }[sender]()
    ids = list(pages.order_by().values_list("pk", flat=True).distinct())
    for start in range(0, len(ids), CHUNK):
        enqueue_with_passages(ids[start : start + CHUNK])
