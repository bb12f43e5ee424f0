"""The demonstration's files in the libraries: drawn, and stored in a collection of their own under names of their own.

A file is known again by its original name, so that a build that was interrupted goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import ProtectedError
from wagtail.models import Collection

from archive.access import AccessLevel
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan
from media_assets.sandbox import own_work

from .leaves_of_book import leaves_of
from .pictures import Job, draw_each
from .records import BookRecord, Catalogue, FilmRecord, PhotoRecord
from .texts import (
    eight_views,
    films,
    gazetteer_1985,
    genealogy,
    journal,
    kangxi,
    memories,
    photographs,
    wharf_history,
    yearbook_2022,
    yearbook_2023,
)

COLLECTION = "示范馆藏·栖澜县"
UNFINISHED = f"{COLLECTION}（建立中）"
PREFIX = "qilan-"
"""Begins the original name of every file of the demonstration: by it and the collection they are known again."""

BOOKS: tuple[BookRecord, ...] = (
    kangxi.BOOK,
    gazetteer_1985.BOOK,
    yearbook_2023.BOOK,
    yearbook_2022.BOOK,
    genealogy.BOOK,
    eight_views.BOOK,
    journal.BOOK,
    wharf_history.BOOK,
    memories.ORAL_HISTORY,
    memories.PLACE_NAME_CARDS,
)
PHOTOS = (
    *(photo for album in photographs.ALBUMS for photo in album.photos),
    photographs.RAFT,
    photographs.UNCLEARED,
)
FILMS: tuple[FilmRecord, ...] = films.SERIES_PAGE.members
COVERS = (
    (yearbook_2023.BOOK, "深绿色封面，月下的石桥与塔，竖排书名“栖澜年鉴”"),
    (yearbook_2022.BOOK, "朱色封面，月下的石桥与塔，竖排书名“栖澜年鉴”"),
    (journal.BOOK, "米色封面，大字刊名“栖澜史志”，下为石桥线描，书脊朱红"),
    (eight_views.BOOK, "月夜，松下石台上一座亭子，亭中一人望江，右题“鳳臺夜月”"),
)


@dataclass(frozen=True)
class Holding:
    """One file: how it is drawn, and the row that it makes in a collection."""

    key: str
    job: Job
    shelf: str
    make: Callable[[Collection], object]

    @property
    def name(self) -> str:
        kind = "scan-" if self.shelf == "scans" else ""
        return f"{PREFIX}{kind}{self.key}.{'mp4' if self.shelf == 'videos' else 'jpg'}"


def holdings() -> list[Holding]:
    """Everything that is drawn; two holdings may share one drawing."""
    found = [_photo(photo) for photo in PHOTOS]
    found += [_film(record) for record in FILMS]
    found += [_extra(key, title, alt, Catalogue("", "")) for key, title, alt in photographs.RUBBINGS]
    found += [_extra(book.cover, f"《{book.catalogue.title}》封面", alt, book.catalogue) for book, alt in COVERS]
    for book in BOOKS:
        found += [_scan(book, leaf.key, leaf.job) for leaf in leaves_of(book.key)]
    return found


def _photo(photo: PhotoRecord) -> Holding:
    return Holding(
        photo.key, Job(photo.key, photo.scene, photo.seed), "images", lambda collection: _image(photo, collection)
    )


def _film(record: FilmRecord) -> Holding:
    def make(collection: Collection) -> ArchiveVideo:
        return ArchiveVideo(title=record.catalogue.title, collection=collection, **_rights(record.catalogue))

    return Holding(record.key, Job(record.key, record.scene), "videos", make)


def _extra(key: str, title: str, alt: str, catalogue: Catalogue) -> Holding:
    def make(collection: Collection) -> ArchiveImage:
        return ArchiveImage(title=title, description=alt, collection=collection, **_rights(catalogue))

    return Holding(key, Job(key, key), "images", make)


def _scan(book: BookRecord, leaf: str, job: Job) -> Holding:
    return Holding(f"{book.key}-{leaf}", job, "scans", lambda _collection: Scan(**_rights(book.catalogue)))


def _image(photo: PhotoRecord, collection: Collection) -> ArchiveImage:
    return ArchiveImage(
        title=photo.catalogue.title,
        description=photo.alt,
        date_written=photo.catalogue.written,
        collection=collection,
        access=AccessLevel[photo.catalogue.access],
        **_rights(photo.catalogue),
    )


def _rights(catalogue: Catalogue) -> dict[str, str]:
    return {"credit": catalogue.credit, "rights": catalogue.rights, "source": catalogue.source}


# --- Drawing and storing --------------------------------------------------------------------------------------


@dataclass
class Library:
    """The stored files by the keys of what they belong to, in `collection`."""

    collection: Collection
    images: dict[str, ArchiveImage] = field(default_factory=dict)
    videos: dict[str, ArchiveVideo] = field(default_factory=dict)
    captions: dict[str, ArchiveDocument] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)

    def count(self) -> int:
        return len(self.images) + len(self.videos) + len(self.captions) + len(self.scans)

    @own_work()
    def fill(self, drawn: dict[str, bytes] | None = None) -> None:
        """Store what is not stored yet. `drawn` are files by the names of their jobs where the caller has them;
        otherwise each is stored while the next ones are being drawn."""
        wanted = holdings()
        self._find(wanted)
        missing: dict[str, list[Holding]] = {}
        for holding in wanted:
            if holding.key not in getattr(self, holding.shelf):
                missing.setdefault(holding.job.name, []).append(holding)
        for name, data in _drawn(missing, drawn):
            for holding in missing[name]:
                asset = holding.make(self.collection)
                getattr(self, holding.shelf)[holding.key] = _kept(asset, data, holding.name)
        for record in FILMS:
            if record.key not in self.captions:
                self._caption(record)

    def _find(self, wanted: list[Holding]) -> None:
        names = {holding.name: holding for holding in wanted}
        there = {
            "images": ArchiveImage.objects.filter(collection=self.collection),
            "videos": ArchiveVideo.objects.filter(collection=self.collection),
            "scans": Scan.objects.all(),
        }
        for rows in there.values():
            for asset in rows.filter(original_name__in=names):
                holding = names[asset.original_name]
                getattr(self, holding.shelf)[holding.key] = asset
        captions = {f"{PREFIX}{record.key}.vtt": record.key for record in FILMS}
        for document in ArchiveDocument.objects.filter(collection=self.collection, original_name__in=captions):
            self.captions[captions[document.original_name]] = document

    def _caption(self, record: FilmRecord) -> None:
        document = ArchiveDocument(
            title=f"《{record.catalogue.title}》中文字幕", collection=self.collection, **_rights(record.catalogue)
        )
        self.captions[record.key] = _kept(document, webvtt(record.captions).encode(), f"{PREFIX}{record.key}.vtt")


def _drawn(missing: dict[str, list[Holding]], drawn: dict[str, bytes] | None) -> Iterator[tuple[str, bytes]]:
    if drawn is not None:
        return ((name, drawn[name]) for name in missing)
    return draw_each((waiting[0].job for waiting in missing.values()), settings.NODE_MODULES_DIR)


@transaction.atomic
def _kept(asset, data: bytes, name: str):
    asset.file = ContentFile(data, name=name)
    asset.save()
    return asset


def draw() -> dict[str, bytes]:
    """Every picture and film as bytes, by the name of its job. Touches no database."""
    jobs = {holding.job.name: holding.job for holding in holdings()}
    return dict(draw_each(jobs.values(), settings.NODE_MODULES_DIR))


def webvtt(captions: Iterable[tuple[float, float, str]]) -> str:
    """Captions as WebVTT (W3C); times in seconds."""
    cues = [f"{_clock(start)} --> {_clock(end)}\n{words}\n" for start, end, words in captions]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    whole = timedelta(seconds=int(seconds))
    return f"{str(whole).zfill(8)}.{round(seconds % 1 * 1000):03d}"


# --- The collection ---------------------------------------------------------------------------------------------


def collections(*names: str):
    return Collection.get_first_root_node().get_children().filter(name__in=names or (COLLECTION, UNFINISHED))


def begin() -> Collection:
    """The collection of a build that goes on, or of a new one; its name says that it is not finished."""
    return collections(UNFINISHED).first() or Collection.get_first_root_node().add_child(name=UNFINISHED)


def finish(collection: Collection) -> None:
    collection.name = COLLECTION
    collection.save()


def remove() -> tuple[int, list[str]]:
    """Delete the demonstration's files and its collection. Returns how many, and the titles of files that other
    pages still need; those, and what others put into the collection, move up to its parent."""
    count, kept = _remove_loose_scans(), []
    for collection in collections():
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


def _remove_loose_scans() -> int:
    """Scans of leaves that are gone, or that an interrupted build did not come to bind."""
    names = [holding.name for holding in holdings() if holding.shelf == "scans"]
    loose = Scan.objects.filter(original_name__in=names, leaves=None)
    for scan in loose:
        scan.delete()
    return len(loose)
