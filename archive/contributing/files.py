"""The files of a submission: in the town's own folder at the closed level until the office takes them over."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from archive.access import AccessLevel
from archive.models import ContributingTown, Submission, SubmissionFile, SubmissionState
from media_assets.file_errors import RefusedFile
from media_assets.models import Upload
from media_assets.models.job import KINDS
from media_assets.signals import upload_accepted
from media_assets.uploading.rights import let_others_in

MOST_FILES = 60
"""All of them become drafts in one transaction, at some hundredths of a second each."""
FIELDS = {"ArchiveImage": "image", "ArchiveVideo": "video", "ArchiveDocument": "document"}
_PREFIX = "submission-"


def connect() -> None:
    """Called once, when the apps are ready."""
    upload_accepted.connect(note_upload, dispatch_uid="archive.submissions")
    let_others_in(sends_into)


def sends_into(user, collection) -> bool:
    """Whether this is the folder of the person's own town."""
    return ContributingTown.objects.filter(collection=collection, group__user=user).exists()


def note_upload(sender, upload, asset, **kwargs) -> None:
    """A file has come into a town's folder: closed, and in the list of its submission, from the same moment.

    Raises RefusedFile, and so keeps nothing, for a contributor's file that belongs to no submission of the own town
    that may still be changed. People of the office put what they like there.
    """
    town = ContributingTown.objects.filter(collection=upload.collection).first()
    is_submitted = upload.group.startswith(_PREFIX)
    if town is None and not is_submitted:
        return
    is_contributor = town is not None and town.group.user_set.filter(pk=upload.owner_id).exists()
    asset.access = AccessLevel.STAFF
    asset.save(update_fields=["access"])
    if is_submitted or is_contributor:
        submission = _open_submission(upload.group, town) if is_contributor else None
        if submission is None:
            raise RefusedFile(_("这件来稿已经送出或撤回，不能再添文件。"))
        if submission.files.count() >= MOST_FILES:
            raise RefusedFile(_("一件来稿最多附 %(most)d 件文件，请另开一件。") % {"most": MOST_FILES})
        SubmissionFile.objects.create(submission=submission, **{FIELDS[type(asset).__name__]: asset})


def _open_submission(group: str, town: ContributingTown) -> Submission | None:
    key = group.removeprefix(_PREFIX)
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        return None
    states = [SubmissionState.DRAFT, SubmissionState.RETURNED]
    rows = Submission.objects.select_for_update(of=("self",)).filter(town=town, state__in=states)
    return rows.filter(pk=int(key)).first()


def was_sent_by_the_town_of(user, asset) -> bool:
    """Whether this person's town sent it in: then its small pictures are shown to the person, whatever its level."""
    field = FIELDS.get(type(asset).__name__)
    if field is None or not user.is_authenticated:
        return False
    return SubmissionFile.objects.filter(submission__town__group__user=user, **{field: asset}).exists()


@transaction.atomic
def remove(file: SubmissionFile) -> bool:
    """Take a file out of a submission, unless that was sent or withdrawn meanwhile: then False, and it stays.

    What the office has seen already stays in the folder. The same file can be brought again.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=file.submission_id)
    if not submission.is_editable:
        return False
    asset = file.asset
    file.delete()
    Upload.objects.filter(asset_kind=KINDS[type(asset)], asset_id=asset.pk).update(group="")
    if submission.sent_at is None and not ReferenceIndex.get_references_to(asset).exists():
        asset.delete()
    return True
