"""The demonstration's files in the libraries: drawn beforehand, stored in a collection of their own."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import Collection

from archive.access import AccessLevel
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan

from .leaves_of_book import BoundLeaf, bind
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

    def stored(self) -> list:
        return [asset for shelf in vars(self).values() for asset in shelf.values()]


def draw() -> dict[str, bytes]:
    """Every picture and film as bytes, by key. Touches no database."""
    return draw_all([*_picture_jobs(), *_leaf_jobs()], settings.NODE_MODULES_DIR)


def _picture_jobs() -> list[Job]:
    jobs = [Job(record.key, record.scene) for record in FILMS]
    jobs += [Job(photo.key, photo.scene, photo.seed) for photo in PHOTOS]
    return [*jobs, Job(yearbook_2023.BOOK.cover, yearbook_2023.BOOK.cover)]


def _leaf_jobs() -> list[Job]:
    return [
        Job(leaf.key, LeafJob(leaf.set_leaf, leaf.running, leaf.folio, leaf.is_front, leaf.seal), seed=leaf.position)
        for leaf in bind(kangxi.BOOK.leaves)
    ]


def store(drawn: dict[str, bytes], library: Library) -> None:
    """Put everything into the libraries; `library` fills as it goes, so that a failure leaves word of what is stored."""
    collection = Collection.get_first_root_node().add_child(name=COLLECTION)
    for photo in PHOTOS:
        library.images[photo.key] = _image(photo, drawn[photo.key], collection)
    cover = yearbook_2023.BOOK
    library.images[cover.cover] = _saved(
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
        library.scans[leaf.key] = _scan(leaf, drawn[leaf.key])


def _image(photo: PhotoRecord, data: bytes, collection: Collection) -> ArchiveImage:
    image = ArchiveImage(
        title=photo.catalogue.title,
        description=photo.alt,
        date_written=photo.catalogue.written,
        collection=collection,
        access=AccessLevel[photo.catalogue.access],
        **_rights(photo.catalogue),
    )
    return _saved(image, data, f"{photo.key}.jpg")


def _store_film(record: FilmRecord, data: bytes, collection: Collection, library: Library) -> None:
    common = {"collection": collection, **_rights(record.catalogue)}
    title = record.catalogue.title
    library.videos[record.key] = _saved(ArchiveVideo(title=title, **common), data, f"{record.key}.mp4")
    captions = ArchiveDocument(title=f"《{title}》中文字幕", **common)
    library.captions[record.key] = _saved(captions, webvtt(record.captions).encode(), f"{record.key}.vtt")


def _scan(leaf: BoundLeaf, data: bytes) -> Scan:
    return _saved(Scan(**_rights(kangxi.BOOK.catalogue)), data, f"kangxi-{leaf.key}.jpg")


def _rights(catalogue: Catalogue) -> dict[str, str]:
    return {"credit": catalogue.credit, "rights": catalogue.rights, "source": catalogue.source}


def _saved(asset, data: bytes, name: str):
    asset.file = ContentFile(data, name=f"{PREFIX}{name}")
    asset.save()
    return asset


def webvtt(captions: tuple[tuple[float, float, str], ...]) -> str:
    """Captions as WebVTT (W3C); times in seconds."""
    cues = [f"{_clock(start)} --> {_clock(end)}\n{words}\n" for start, end, words in captions]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    whole = timedelta(seconds=int(seconds))
    return f"{str(whole).zfill(8)}.{round(seconds % 1 * 1000):03d}"


def collections():
    return Collection.get_first_root_node().get_children().filter(name=COLLECTION)


def remove() -> int:
    """Delete the demonstration's files and its collection; what others put into it moves up. Returns how many."""
    found = collections().first()
    if found is None:
        return 0
    count = 0
    for model in (ArchiveImage, ArchiveVideo, ArchiveDocument):
        for asset in model.objects.filter(collection=found, original_name__startswith=PREFIX):
            asset.delete()
            count += 1
        model.objects.filter(collection=found).update(collection=Collection.get_first_root_node())
    found.delete()
    return count
