"""Builds the demonstration in one transaction, through the same doors as an editor; and takes it away again."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page, Site

from archive.models import (
    ArchivePage,
    BookIndexPage,
    HomePage,
    Leaf,
    MuseumSettings,
    PhotoIndexPage,
    StoryIndexPage,
    VideoIndexPage,
)
from archive.museum_setup import prepare
from media_assets.models import Scan

from . import accounts, authorities, files
from .keys import found
from .pages import Publisher
from .texts import films, gazetteer_1985, kangxi, memories, museum, photographs, stories, yearbook_2023

Say = Callable[[str], object]

BOOKS = (kangxi.BOOK, gazetteer_1985.BOOK, yearbook_2023.BOOK, memories.ORAL_HISTORY, memories.PLACE_NAME_CARDS)
ABOUT_KEY = "about"


def nothing(_line: str) -> None:
    """The voice of a call that nobody listens to."""


def is_built() -> bool:
    """Whether the demonstration was built here. What editors changed or deleted since stays as they left it."""
    return files.collections().exists()


def build(say: Say = nothing, drawn: dict[str, bytes] | None = None) -> bool:
    """Build everything, or nothing where it was built before; returns whether it was built now.

    The drawing (most of the time) comes before the transaction; `drawn` are the files of `files.draw` where the
    caller has them already. When anything fails the database is as it was and
    the files that were stored are deleted.
    """
    if is_built():
        say("示范馆藏已有，未改动。")
        return False
    if drawn is None:
        say("绘制照片、书页与影片……")
        drawn = files.draw()
    say("编目、入库与发布……")
    library = files.Library()
    try:
        with transaction.atomic():
            home = prepare()
            accounts.create(home)
            files.store(drawn, library)
            _publish(home, library)
            _describe_museum(home)
    except BaseException:
        library.discard()
        raise
    say(f"示范馆藏已建成：{page_count()} 个页面，{len(library.stored())} 个文件。")
    return True


def _publish(home: HomePage, library: files.Library) -> None:
    """In an order that leaves a mixture among what is newest."""
    user = get_user_model().objects.filter(username="editor").first()
    publisher = Publisher(authorities.create(), library, user, {})
    books, videos, photos, tales = (
        model.objects.child_of(home).first()
        for model in (BookIndexPage, VideoIndexPage, PhotoIndexPage, StoryIndexPage)
    )
    publisher.free_page(ABOUT_KEY, museum.ABOUT_TITLE, museum.ABOUT_SLUG, museum.ABOUT, home)
    for album in reversed(photographs.ALBUMS):
        publisher.album(album, photos)
        for photo in album.photos:
            publisher.photo(photo, publisher.pages[album.key])
    publisher.photo(photographs.UNCLEARED, photos)
    publisher.film_series(films.SERIES_PAGE, videos)
    publisher.column(stories.COLUMN, tales)
    series_page, column = publisher.pages[films.SERIES_PAGE.key], publisher.pages[stories.COLUMN.key]
    publisher.book(memories.PLACE_NAME_CARDS, books)
    publisher.book(memories.ORAL_HISTORY, books)
    publisher.book(kangxi.BOOK, books)
    publisher.story(stories.BRIDGE, column)
    publisher.book(gazetteer_1985.BOOK, books)
    publisher.story(stories.DAM, column)
    publisher.story(stories.KILN, column)
    publisher.film(films.RIVER, series_page)
    publisher.book(yearbook_2023.BOOK, books)
    publisher.story(stories.PLATES, tales)
    publisher.photo(photographs.RAFT, photos)
    publisher.film(films.RACE, series_page)
    publisher.story(stories.DRUMS, column)


def _describe_museum(home: HomePage) -> None:
    """The museum's particulars and its home page, where nobody has written any yet."""
    settings = MuseumSettings.for_site(Site.objects.get(is_default_site=True))
    for name, words in museum.SETTINGS.items():
        if getattr(settings, name) == _default(name):
            setattr(settings, name, words)
    settings.save()
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
    tales = [story.key for story in (*stories.COLUMN.members, stories.PLATES)]
    things = [*photos, *tales, *(film.key for film in files.FILMS), *(book.key for book in BOOKS), ABOUT_KEY]
    albums = (album.key for album in photographs.ALBUMS)
    return [*things, stories.COLUMN.key, films.SERIES_PAGE.key, *albums, *accounts.TOWN_PAGES]


def pages() -> list[Page]:
    """The demonstration's pages that are there, containers last."""
    there = found(Page, "page", page_keys())
    return [there[key] for key in page_keys() if key in there]


def page_count() -> int:
    return len(pages())


def remove(say: Say = nothing) -> None:
    """Remove what `build` made and nothing else. What others have built upon stays, and is named.

    Permanent identifiers stay too, as tombstones: they are never given again.
    """
    with transaction.atomic():
        kept = _remove_pages()
        count, kept_files = files.remove()
        kept += kept_files + authorities.remove()
        kept += accounts.remove()
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
    for settings in MuseumSettings.objects.all():
        for name, words in museum.SETTINGS.items():
            if getattr(settings, name) == words:
                setattr(settings, name, _default(name))
        settings.save()
    for home in HomePage.objects.filter(introduction=museum.INTRODUCTION):
        home.introduction = ""
        home.save_revision().publish()
