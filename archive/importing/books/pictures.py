"""The pictures of a file go into the storage, each once however often the import is killed."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from archive.models import BookImport, ImportPicture, ImportProblem
from media_assets import intake
from media_assets.filetypes import FileKind
from media_assets.models import ArchiveImage, Scan

from .contract import FigureItem, Item, LeafItem
from .reading import PICTURES

_COLLECTION = "书中插图"


def store_pictures(run: BookImport, workspace: Path, items: Iterable[Item], progress: Callable[[float], None]) -> None:
    """Store what is not in the storage yet; `progress` is told how many are done, 0 to 1. A picture that cannot be kept
    becomes a problem of the import, and its leaf has none."""
    done = set(run.pictures.values_list("name", flat=True))
    wanted = {
        item.picture: isinstance(item, FigureItem)
        for item in items
        if isinstance(item, LeafItem | FigureItem) and item.picture
    }
    remaining = [name for name in wanted if name not in done]
    paths = [_path(workspace, name) for name in remaining]
    found = intake.describe_many((path for path in paths if path is not None), (FileKind.IMAGE,))
    for number, (name, path) in enumerate(zip(remaining, paths, strict=True), start=1):
        facts = next(found) if path is not None else intake.FileError(_("底本里没有这幅图像。"))
        _store(run, name, path, facts, wanted[name])
        progress((len(wanted) - len(remaining) + number) / len(wanted))


def _path(workspace: Path, name: str) -> Path | None:
    """The file of a picture, if there is one and it lies where pictures do."""
    path = workspace / PICTURES / name
    return path if Path(name).name == name and path.is_file() and not path.is_symlink() else None


def _store(run: BookImport, name: str, path: Path | None, facts, is_figure: bool) -> None:
    """The file first, for a storage may be slow; then its rows, in one short transaction."""
    if isinstance(facts, intake.FileError):
        _note_lost(run, name, facts)
        return
    with path.open("rb") as file:
        content = File(file, name=name)
        content.facts = facts
        asset = _known(run, facts.sha256, is_figure) or _stored(run, content, is_figure)
    is_new = asset.pk is None
    with transaction.atomic():
        # Whoever has taken this import over meanwhile may have stored it too.
        if run.pictures.select_for_update().filter(name=name).exists():
            is_kept = not is_new
        else:
            if is_new:
                asset.save()
            taken = {"image": asset} if is_figure else {"scan": asset}
            ImportPicture.objects.create(book_import=run, name=name, **taken)
            is_kept = True
    if not is_kept:
        asset.file.storage.delete(asset.file.name)


def _note_lost(run: BookImport, name: str, error: intake.FileError) -> None:
    message = _("这幅图像没有入库：%(reason)s") % {"reason": error.reason}
    with transaction.atomic():
        if ImportPicture.objects.get_or_create(book_import=run, name=name)[1]:
            ImportProblem.objects.create(
                book_import=run, severity=ImportProblem.Severity.BROKEN, code="picture", where=name, message=message
            )


def _known(run: BookImport, sha256: str, is_figure: bool) -> Scan | ArchiveImage | None:
    """The picture of the same bytes that the book shows already: reading a file again doubles nothing."""
    if not run.book_id:
        return None
    if is_figure:
        return ArchiveImage.objects.filter(sha256=sha256, figures__book=run.book_id).first()
    return Scan.objects.filter(sha256=sha256, leaves__book=run.book_id).first()


def _stored(run: BookImport, content: File, is_figure: bool) -> Scan | ArchiveImage:
    """Its file is in the storage, its row is not there yet."""
    asset = Scan()
    if is_figure:
        title = Path(content.name).stem[:255]
        asset = ArchiveImage(title=title, collection=_collection(), uploaded_by_user=run.created_by)
    asset.file.save(content.name, content, save=False)
    return asset


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=_COLLECTION).first()
    return found or root.add_child(name=_COLLECTION)


def discard_pictures(run: BookImport) -> None:
    """Delete what was stored for an import that came to nothing, but not what a book shows."""
    for picture in run.pictures.select_related("scan", "image"):
        picture.delete()
        if picture.scan is not None and not picture.scan.leaves.exists():
            picture.scan.delete()
        if picture.image is not None and not picture.image.figures.exists():
            picture.image.delete()
