"""The demonstration's files in the libraries: drawn beforehand, stored in a collection of their own."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from wagtail.models import Collection

from archive.access import AccessLevel
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan

from .leaves_of_book import bind
from .pictures import Job, LeafJob, draw_all
from .records import Catalogue, FilmRecord, PhotoRecord
from .texts import films, kangxi, photographs, yearbook_2023

COLLECTION = "示范馆藏·栖澜县"
PREFIX = "qilan-"
"""Begins the original name of every file of the demonstration: by it and the collection they are known again."""

PHOTOS = (
    *(photo for album in photographs.ALBUMS for photo in album.photos),
    photographs.RAFT,
    photographs.UNCLEARED,
)
FILMS: tuple[FilmRecord, ...] = films.SERIES_PAGE.members


@dataclass
class Library:
    """The stored files by the keys of what they belong to."""

    images: dict[str, ArchiveImage] = field(default_factory=dict)
    videos: dict[str, ArchiveVideo] = field(default_factory=dict)
    captions: dict[str, ArchiveDocument] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)

    written: list[tuple[object, str]] = field(default_factory=list)
    """Every stored file with its storage, so that a failure can undo what a transaction cannot."""

    def stored(self) -> list:
        shelves = (self.images, self.videos, self.captions, self.scans)
        return [asset for shelf in shelves for asset in shelf.values()]

    def keep(self, asset, data: bytes, name: str):
        """Store an asset, and note its files and those that were made from it."""
        asset.file = ContentFile(data, name=f"{PREFIX}{name}")
        asset.save()
        made = [asset.file, getattr(asset, "thumbnail", None)]
        if hasattr(asset, "derivatives"):
            made += [derivative.file for derivative in asset.derivatives.all()]
        self.written += [(file.storage, file.name) for file in made if file]
        return asset

    def discard(self) -> None:
        """Delete the files, after the rows were rolled back."""
        for storage, name in self.written:
            storage.delete(name)


def draw() -> dict[str, bytes]:
    """Every picture and film as bytes, by key. Touches no database."""
    return draw_all([*_picture_jobs(), *_leaf_jobs()], settings.NODE_MODULES_DIR)


def _picture_jobs() -> list[Job]:
    jobs = [Job(record.key, record.scene) for record in FILMS]
    jobs += [Job(photo.key, photo.scene, photo.seed) for photo in PHOTOS]
    jobs += [Job(key, key) for key, _title, _alt in photographs.RUBBINGS]
    return [*jobs, Job(yearbook_2023.BOOK.cover, yearbook_2023.BOOK.cover)]


def _leaf_jobs() -> list[Job]:
    return [
        Job(
            leaf.key,
            seed=leaf.position,
            leaf=LeafJob(leaf.set_leaf, leaf.running, leaf.folio, leaf.is_front, leaf.seal),
        )
        for leaf in bind(kangxi.BOOK.leaves)
    ]


def store(drawn: dict[str, bytes], library: Library) -> None:
    """Put everything into the libraries; `library` fills as it goes, so that a failure leaves word of it."""
    collection = Collection.get_first_root_node().add_child(name=COLLECTION)
    for photo in PHOTOS:
        library.images[photo.key] = library.keep(_image(photo, collection), drawn[photo.key], f"{photo.key}.jpg")
    for key, title, alt in photographs.RUBBINGS:
        rubbing = ArchiveImage(title=title, description=alt, collection=collection, **_rights(Catalogue("", "")))
        library.images[key] = library.keep(rubbing, drawn[key], f"{key}.jpg")
    cover = yearbook_2023.BOOK
    library.images[cover.cover] = library.keep(
        ArchiveImage(
            title=f"《{cover.catalogue.title}》封面",
            description="深绿色封面，月下的石桥与塔，竖排书名“栖澜年鉴”",
            collection=collection,
            **_rights(cover.catalogue),
        ),
        drawn[cover.cover],
        f"{cover.cover}.jpg",
    )
    for record in FILMS:
        _store_film(record, drawn[record.key], collection, library)
    for leaf in bind(kangxi.BOOK.leaves):
        scan = Scan(**_rights(kangxi.BOOK.catalogue))
        library.scans[leaf.key] = library.keep(scan, drawn[leaf.key], f"kangxi-{leaf.key}.jpg")


def _image(photo: PhotoRecord, collection: Collection) -> ArchiveImage:
    return ArchiveImage(
        title=photo.catalogue.title,
        description=photo.alt,
        date_written=photo.catalogue.written,
        collection=collection,
        access=AccessLevel[photo.catalogue.access],
        **_rights(photo.catalogue),
    )


def _store_film(record: FilmRecord, data: bytes, collection: Collection, library: Library) -> None:
    common = {"collection": collection, **_rights(record.catalogue)}
    title = record.catalogue.title
    library.videos[record.key] = library.keep(ArchiveVideo(title=title, **common), data, f"{record.key}.mp4")
    captions = ArchiveDocument(title=f"《{title}》中文字幕", **common)
    library.captions[record.key] = library.keep(captions, webvtt(record.captions).encode(), f"{record.key}.vtt")


def _rights(catalogue: Catalogue) -> dict[str, str]:
    return {"credit": catalogue.credit, "rights": catalogue.rights, "source": catalogue.source}


def webvtt(captions: tuple[tuple[float, float, str], ...]) -> str:
    """Captions as WebVTT (W3C); times in seconds."""
    cues = [f"{_clock(start)} --> {_clock(end)}\n{words}\n" for start, end, words in captions]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    whole = timedelta(seconds=int(seconds))
    return f"{str(whole).zfill(8)}.{round(seconds % 1 * 1000):03d}"


def collections():
    return Collection.get_first_root_node().get_children().filter(name=COLLECTION)


def remove() -> tuple[int, list[str]]:
    """Delete the demonstration's files and its collection. Returns how many, and the titles of files that other
    pages still need; those, and what others put into the collection, move up to its parent."""
    collection = collections().first()
    if collection is None:
        return 0, []
    count, kept = 0, []
    for model in (ArchiveImage, ArchiveVideo, ArchiveDocument):
        for asset in model.objects.filter(collection=collection, original_name__startswith=PREFIX):
            try:
                asset.delete()
                count += 1
            except ProtectedError:
                kept.append(asset.title)
        model.objects.filter(collection=collection).update(collection=Collection.get_first_root_node())
    collection.delete()
    return count, kept
