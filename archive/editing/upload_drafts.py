"""From the rows of a batch to the catalogue: what was written goes to the files, and drafts are made of them.

Done by the worker, row by row, each in a transaction of its own: killed or asked for again, it goes on behind the last
page that was made.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Page

from archive.models import (
    AlbumPage,
    ArchivePage,
    BatchRow,
    PagePlace,
    PageTopic,
    PhotoIndexPage,
    PhotoPage,
    UploadBatch,
    VideoIndexPage,
    VideoPage,
    VideoSeriesPage,
)
from archive.models.group_rules import may_add_kind
from archive.models.slugs import fill_slug
from media_assets import jobs
from media_assets.jobs import JobError, Work
from media_assets.models import Job, JobState
from media_assets.models.job import register_subject
from media_assets.signals import upload_accepted

from .upload_records import Vocabulary, proposed

KIND = SUBJECT = "upload-batch"
PHOTO_PARENTS = (PhotoIndexPage, AlbumPage)
FILM_PARENTS = (VideoIndexPage, VideoSeriesPage)
_ROW_FIELDS = {"ArchiveImage": "image", "ArchiveVideo": "video", "ArchiveDocument": "document"}
State = UploadBatch.State


@dataclass(frozen=True)
class Plan:
    """Keys of the pages under which drafts are made, none where none are wanted; with `album` a new album of this
    title is made under `photos` first."""

    photos: int | None = None
    films: int | None = None
    album: str = ""


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(SUBJECT, UploadBatch)
    jobs.register(KIND, gettext_lazy("生成草稿"), run, wall_seconds=60 * 60)
    upload_accepted.connect(note_upload, dispatch_uid="archive.upload_batches")


def note_upload(sender, upload, asset, **kwargs) -> None:
    """A file of a batch has come in: it has a row from the same moment."""
    batch = UploadBatch.objects.filter(key=upload.group, owner=upload.owner).first() if upload.group else None
    if batch is not None:
        BatchRow.objects.create(
            batch=batch,
            path=upload.path or upload.original_name,
            record=proposed(asset),
            **{_ROW_FIELDS[type(asset).__name__]: asset},
        )


@transaction.atomic
def ask(batch: UploadBatch, plan: Plan) -> bool:
    """Have it done; False while it is being done already."""
    changed = UploadBatch.objects.filter(pk=batch.pk).exclude(state=State.MAKING)
    if not changed.update(state=State.MAKING, reason="", plan=asdict(plan)):
        return False
    jobs.ask_for(KIND, SUBJECT, [batch.pk])
    return True


def settle(batch: UploadBatch) -> None:
    """Tell of a batch whose worker gave up."""
    if batch.state == State.MAKING:
        job = Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=batch.pk, state=JobState.FAILED).first()
        if job is not None:
            UploadBatch.objects.filter(pk=batch.pk, state=State.MAKING).update(state=State.FAILED, reason=job.reason)
            batch.refresh_from_db()


def run(work: Work) -> None:
    """The job."""
    batch: UploadBatch = work.asset
    if batch.state != State.MAKING:
        return
    plan = Plan(**batch.plan)
    rows = list(batch.rows.select_related("image", "video", "document"))
    try:
        photos, films = _photo_parent(batch, plan), _parent(batch, plan.films, FILM_PARENTS, VideoPage)
        vocabulary = Vocabulary.of(rows)
        for number, row in enumerate(rows):
            _write_asset(row)
            parent = photos if row.image_id else films if row.video_id and row.video.type == "video" else None
            if parent is not None and not row.is_left_out:
                _make_page(row, parent, batch, vocabulary)
            work.progress(100 * number / len(rows))
    except JobError as error:
        UploadBatch.objects.filter(pk=batch.pk).update(state=State.FAILED, reason=error.reason)
        return
    UploadBatch.objects.filter(pk=batch.pk).update(state=State.DONE if photos or films else State.OPEN)


def _parent(batch: UploadBatch, key: int | None, kinds: tuple, child: type[ArchivePage]) -> ArchivePage | None:
    """Where this person may add such a page. Raises JobError when that is no longer so."""
    if key is None:
        return None
    page = Page.objects.filter(pk=key).first()
    parent = page.specific if page is not None else None
    if not isinstance(parent, kinds) or not may_add(batch.owner, parent, child):
        raise JobError(_("您不能在所选的页面下添加%(kind)s，请另选一处。") % {"kind": child._meta.verbose_name})
    return parent


def may_add(user, parent: ArchivePage, child: type[ArchivePage]) -> bool:
    rights = parent.permissions_for_user(user)
    return child.can_create_at(parent) and rights.can_add_subpage() and may_add_kind(user, parent, child)


def _photo_parent(batch: UploadBatch, plan: Plan) -> ArchivePage | None:
    """The page for the photographs; a new album is made once, however often this is asked for."""
    if not plan.album or plan.photos is None:
        return _parent(batch, plan.photos, PHOTO_PARENTS, PhotoPage)
    with transaction.atomic():
        locked = UploadBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.album_id:
            return locked.album.specific
        above = _parent(batch, plan.photos, (PhotoIndexPage,), AlbumPage)
        album = AlbumPage(title=plan.album)
        add_draft(above, album, batch.owner)
        locked.album = album
        locked.save(update_fields=["album"])
    return album


def _write_asset(row: BatchRow) -> None:
    """What was written of the file, into its own record."""
    asset, record = row.asset, row.record
    asset.title = record["title"] or asset.title
    names = ["title", "credit", "rights", "source", "date_written"]
    for name in names[1:]:
        setattr(asset, name, record[name])
    if row.image_id:
        # The alternative text of a picture is short; the whole of it goes to the page.
        asset.description = record["description"][: asset._meta.get_field("description").max_length]
        names.append("description")
    asset.access = int(record["access"])
    asset.save(update_fields=[*names, "access"])


@transaction.atomic
def _make_page(row: BatchRow, parent: ArchivePage, batch: UploadBatch, vocabulary: Vocabulary) -> None:
    locked = BatchRow.objects.select_for_update().get(pk=row.pk)
    if locked.page_id:
        return
    record = locked.record
    page = PhotoPage(lead_image=row.image) if row.image_id else VideoPage(video=row.video)
    page.title = record["title"] or row.asset.title
    for name in ("description", "date_written", "credit", "rights", "source"):
        setattr(page, name, record[name])
    page.access = int(record["access"])
    page.page_places = [PagePlace(place=place) for place in vocabulary.records("places", record["places"])]
    page.page_topics = [PageTopic(topic=topic) for topic in vocabulary.records("topics", record["topics"])]
    add_draft(parent, page, batch.owner)
    locked.page = page
    locked.save(update_fields=["page"])


def add_draft(parent: ArchivePage, page: ArchivePage, user) -> None:
    parent.refresh_from_db()
    taken = set(parent.get_children().order_by().values_list("slug", flat=True))
    page.slug, page.owner, page.locale = fill_slug(page.title, taken.__contains__), user, parent.locale
    page.live, page.has_unpublished_changes = False, True
    parent.add_child(instance=page)
    page.save_revision(user=user, clean=False)
    log(instance=page, action="wagtail.create", user=user, content_changed=True)
