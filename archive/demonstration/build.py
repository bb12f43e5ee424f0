"""Builds the demonstration through the same doors as an editor, goes on where an earlier build was stopped, and takes
it away again."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from wagtail.models import Page, Site

from archive.models import (
    ArchivePage,
    BookIndexPage,
    ExhibitionIndexPage,
    HomePage,
    Leaf,
    MuseumSettings,
    PhotoIndexPage,
    StoryIndexPage,
    VideoIndexPage,
)
from archive.museum_setup import prepare
from media_assets.derivatives.images import DERIVATIVES
from media_assets.jobs import drain
from media_assets.models import Scan
from media_assets.sandbox import own_work

from . import accounts, authorities, files, submissions
from .english import build_english, remove_english
from .keys import found
from .pages import Publisher
from .texts import exhibition, films, kangxi, museum, photographs, relations, stories, yearbook_2023

logger = logging.getLogger(__name__)

Say = Callable[[str], object]

BOOKS = files.BOOKS
ABOUT_KEY = "about"
NEWEST = (
    kangxi.BOOK.key,
    "story-bridge",
    "film-river",
    "eight-views",
    "story-views",
    "tea-hills",
    yearbook_2023.BOOK.key,
    "journal-2023-1",
    "story-plates",
    "grain-coupon",
    "film-kiln",
    "thing-seal",
    "cormorants",
    "story-drums",
    exhibition.RIVER.key,
)
"""What is published last, so that a mixture stands among what is newest."""


def nothing(_line: str) -> None:
    """The voice of a call that nobody listens to."""


def is_built() -> bool:
    """Whether the demonstration was built here. What editors changed or deleted since stays as they left it."""
    return files.collections(files.COLLECTION).exists()


def build(say: Say = nothing, drawn: dict[str, bytes] | None = None) -> bool:
    """Build everything, what is missing of a build that was interrupted, or nothing where it was built before;
    returns whether it was built now.

    Every file and every page is a transaction of its own. `drawn` are the files of `files.draw` where the caller has
    them already.
    """
    if is_built():
        say("示范馆藏已有，未改动。")
        return False
    collection = files.begin()
    home = prepare()
    accounts.create(home)
    with _pictures_made_beside():
        say("绘制并入库照片、书页与影片……")
        library = files.Library(collection)
        library.fill(drawn)
        say("编目与发布……")
        _publish(home, library)
        _describe_museum(home)
        submissions.create(library)
        build_english(say)
    _finish_pictures()
    files.finish(collection)
    say(f"示范馆藏已建成：{page_count()} 个页面，{library.count()} 个文件。")
    return True


@contextmanager
def _pictures_made_beside() -> Iterator[None]:
    """While files are drawn and catalogued: libvips leaves the interpreter to the others while it works."""
    if getattr(settings, "MEDIA_JOBS_IN_PLACE", False):
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_make_pictures, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _make_pictures(stop: threading.Event) -> None:
    try:
        with own_work():
            while not stop.is_set():
                if not drain(limit=1, names=[DERIVATIVES]):
                    stop.wait(0.2)
    except OperationalError:  # the database was too busy for too long: what is left is made at the end
        logger.warning("the pictures are left for the end", exc_info=True)
    finally:
        connection.close()


@own_work()
def _finish_pictures() -> None:
    """What is left of them. Films can be played as they are: their streams are left to the worker."""
    while drain(names=[DERIVATIVES]):
        pass


def _publish(home: HomePage, library: files.Library) -> None:
    user = get_user_model().objects.filter(username="editor").first()
    with transaction.atomic():
        records = authorities.create()
    publisher = Publisher(records, library, user, {page: row.specific for page, row in _there().items()})
    _draft(publisher, home)
    related = _related()
    for key in _in_order():
        publisher.publish(key, related.get(key, ()))


def _draft(publisher: Publisher, home: HomePage) -> None:
    """Everything, parents and what stories name first."""
    books, videos, photos, tales, exhibitions = (
        model.objects.child_of(home).first()
        for model in (BookIndexPage, VideoIndexPage, PhotoIndexPage, StoryIndexPage, ExhibitionIndexPage)
    )
    publisher.free_page(ABOUT_KEY, museum.ABOUT_TITLE, museum.ABOUT_SLUG, museum.ABOUT, home)
    for album in photographs.ALBUMS:
        publisher.album(album, photos)
        for photo in album.photos:
            publisher.photo(photo, publisher.pages[album.key])
    for photo in (photographs.UNCLEARED, photographs.RAFT):
        publisher.photo(photo, photos)
    publisher.film_series(films.SERIES_PAGE, videos)
    for film in films.SERIES_PAGE.members:
        publisher.film(film, publisher.pages[films.SERIES_PAGE.key])
    for book in BOOKS:
        publisher.book(book, books)
    for column in stories.COLUMNS:
        publisher.column(column, tales)
        for story in column.members:
            publisher.story(story, publisher.pages[column.key])
    publisher.story(stories.PLATES, tales)
    publisher.exhibition(exhibition.RIVER, exhibitions)


def _related() -> dict[str, tuple[str, ...]]:
    """What each page is related to, both ways."""
    both = [*relations.PAIRS, *((last, first) for first, last in relations.PAIRS)]
    return {key: tuple(last for first, last in both if first == key) for key, _other in both}


def _in_order() -> list[str]:
    """The keys in the order of publication: containers first."""
    keys = [key for key in reversed(page_keys()) if key not in accounts.TOWN_PAGES]
    return [*(key for key in keys if key not in NEWEST), *NEWEST]


def _describe_museum(home: HomePage) -> None:
    """The museum's particulars and its home page, where nobody has written any yet."""
    particulars = MuseumSettings.for_site(Site.objects.get(is_default_site=True))
    for name, words in museum.SETTINGS.items():
        if getattr(particulars, name) == _default(name):
            setattr(particulars, name, words)
    particulars.save()
    home = HomePage.objects.get(pk=home.pk)
    home.introduction = home.introduction or museum.INTRODUCTION
    if home.featured_id is None:
        home.featured = found(ArchivePage, "page", ["yongji-bridge"])["yongji-bridge"]
    home.save_revision().publish()


def _default(name: str) -> str:
    return MuseumSettings._meta.get_field(name).get_default()


# --- Taking it away -------------------------------------------------------------------------------------------


def page_keys() -> list[str]:
    """The keys of all its pages, containers last."""
    photos = [photo.key for photo in files.PHOTOS]
    tales = [story.key for story in stories.STORIES]
    things = [*photos, *tales, *(film.key for film in files.FILMS), *(book.key for book in BOOKS), ABOUT_KEY]
    columns = (column.key for column in stories.COLUMNS)
    albums = (album.key for album in photographs.ALBUMS)
    return [exhibition.RIVER.key, *things, *columns, films.SERIES_PAGE.key, *albums, *accounts.TOWN_PAGES]


def _there() -> dict[str, Page]:
    return found(Page, "page", page_keys())


def pages() -> list[Page]:
    """The demonstration's pages that are there, containers last."""
    there = _there()
    return [there[key] for key in page_keys() if key in there]


def page_count() -> int:
    return len(pages())


def remove(say: Say = nothing) -> None:
    """Remove what `build` made and nothing else. What others have built upon stays, and is named.

    Permanent identifiers stay too, as tombstones: they are never given again.
    """
    with transaction.atomic():
        kept = remove_english() + submissions.remove()
        kept += _remove_pages()
        count, kept_files = files.remove()
        kept += kept_files + accounts.remove()
        submissions.remove_town()
        kept += authorities.remove()
        _forget_museum()
    say(f"已移除示范馆藏，删除文件 {count} 个。")
    if kept:
        say(f"以下各项已另有他用，予以保留：{'、'.join(kept)}。")


def _remove_pages() -> list[str]:
    kept = []
    for page in pages():
        page = Page.objects.get(pk=page.pk).specific
        if page.get_children().exists():
            kept.append(page.title)
            continue
        scans = list(Leaf.objects.filter(book=page.pk).exclude(scan=None).values_list("scan_id", flat=True))
        page.delete()
        for scan in Scan.objects.filter(pk__in=scans, original_name__startswith=files.PREFIX):
            scan.delete()
    return kept


def _forget_museum() -> None:
    """The particulars that are still the demonstration's own go back to what they were."""
    for particulars in MuseumSettings.objects.all():
        for name, words in museum.SETTINGS.items():
            if getattr(particulars, name) == words:
                setattr(particulars, name, _default(name))
        particulars.save()
    for home in HomePage.objects.filter(introduction=museum.INTRODUCTION):
        home.introduction = ""
        home.save_revision().publish()
