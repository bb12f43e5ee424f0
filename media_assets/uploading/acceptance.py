"""The end of an upload: the whole is examined as every file, and becomes an asset or is refused with the reason."""

from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import intake, jobs
from ..file_errors import FileError, RefusedFile
from ..filetypes import FileKind, extension_of, type_of_name
from ..jobs import Work
from ..local_copies import local_path
from ..models import ArchiveAsset, Upload, UploadState
from ..models.asset import random_path
from ..models.job import KINDS, register_subject
from ..signals import upload_accepted
from .carriers import PartLostError, carrier_of
from .protocol import KIND, SUBJECT, clear_away
from .rights import MODEL_OF, may_add


def register() -> None:
    """Called once, when the app is ready; before what is made of pictures, so that no upload waits for those."""
    register_subject(SUBJECT, Upload)
    jobs.register(KIND, gettext_lazy("检查上传的文件"), run, wall_seconds=2 * 60 * 60)


def run(work: Work) -> None:
    """The job. However often it is killed: what is finished is not finished again, and the asset, the state and the
    news of it are one transaction."""
    upload: Upload = work.asset
    if upload.state != UploadState.EXAMINING:
        return
    try:
        if not upload.file:
            carrier_of(upload).finish(upload)
            work.progress(30)
            upload.file.name = upload.key
            upload.save(update_fields=["file"])
        facts = _examined(upload)
        work.progress(80)
        _settle_name(upload, facts)
        accept(upload, facts)
    except PartLostError:
        reason = _("存放中的一块已损坏，请重新选择这件文件，只会补传这一块。")
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.UPLOADING, reason=reason)
        return
    except FileError as error:
        Upload.objects.filter(pk=upload.pk).update(
            state=UploadState.REFUSED, reason=error.reason, file="", finished_at=timezone.now()
        )
        clear_away(upload)
        return
    carrier_of(upload).clear(upload)


def _examined(upload: Upload) -> intake.FileFacts:
    with local_path(upload.file) as path, path.open("rb") as file:
        return intake.describe(file, upload.original_name)


def _settle_name(upload: Upload, facts: intake.FileFacts) -> None:
    """A file that is not what its name said lies under the extension of what it is, as every other."""
    right = extension_of(facts.mime_type)
    if PurePosixPath(upload.file.name).suffix == f".{right}":
        return
    storage, old = storages["default"], upload.file.name
    new = random_path("originals", right)
    with storage.open(old) as content:
        copy = File(content.file, new)
        copy.facts, copy.size = facts, upload.size
        storage.save(new, copy)
    Upload.objects.filter(pk=upload.pk).update(file=new, key=new)
    upload.file.name = upload.key = new
    storage.delete(old)


@transaction.atomic
def accept(upload: Upload, facts: intake.FileFacts) -> ArchiveAsset:
    """Make the asset of a stored, examined file. Raises RefusedFile when its person may not add such a one there."""
    if not may_add(upload.owner, facts.kind, upload.collection):
        raise RefusedFile(_("您不能往这个文件夹里添加这样的文件，或文件夹已不在了。"))
    asset = _asset_of(upload, facts)
    asset.save()
    upload.state, upload.finished_at = UploadState.ACCEPTED, timezone.now()
    upload.asset_kind, upload.asset_id, upload.file = KINDS[type(asset)], asset.pk, ""
    upload.save(update_fields=["state", "finished_at", "asset_kind", "asset_id", "file"])
    upload_accepted.send(sender=Upload, upload=upload, asset=asset)
    return asset


def _asset_of(upload: Upload, facts: intake.FileFacts) -> ArchiveAsset:
    model = MODEL_OF[facts.kind]
    asset = model(title=_title(upload.original_name), collection=upload.collection)
    asset.uploaded_by_user = upload.owner
    # The dimensions go first: a field that is given a name without them opens the file to find them.
    asset.take_facts(facts)
    asset.__dict__["file"] = asset._meta.get_field("file").attr_class(asset, asset._meta.get_field("file"), upload.key)
    asset._has_new_original = True
    return asset


def _title(name: str) -> str:
    return (PurePosixPath(name).stem or name)[:255]


def take_in(user, collection, file: File, group: str = "") -> ArchiveAsset:
    """The way in without JavaScript: a file that came with a form, examined at once. Raises FileError for one that is
    refused, StorageUnavailableError."""
    name = intake.clean_name(file.name)
    guessed = type_of_name(name)
    if guessed is None or not may_add(user, guessed.kind, collection):
        raise RefusedFile(_("不收这种类型的文件，或您不能往这个文件夹里添加它。"))
    facts = intake.describe(file, name, frozenset(FileKind))
    file.facts, key = facts, random_path("originals", extension_of(facts.mime_type))
    storages["default"].save(key, file)
    upload = Upload(
        owner=user, collection=collection, group=group, original_name=name, path=name, size=facts.size, key=key
    )
    upload.kind, upload.part_size, upload.carrier = facts.kind.value, facts.size, "local"
    upload.expires_at = timezone.now()
    try:
        with transaction.atomic():
            upload.save()
            return accept(upload, facts)
    except BaseException:
        storages["default"].delete(key)
        raise
