"""The minimum that a valid thing of each kind needs, published under the index page where it belongs."""

import io
from functools import cache
from itertools import count

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Locale

from archive.models import (
    Agent,
    AlbumPage,
    BookIndexPage,
    BookPage,
    ColumnPage,
    ExhibitionIndexPage,
    ExhibitionPage,
    FreePage,
    Leaf,
    PhotoIndexPage,
    PhotoPage,
    Place,
    Section,
    Series,
    StoryIndexPage,
    StoryPage,
    Topic,
    VideoIndexPage,
    VideoPage,
    VideoSeriesPage,
)
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan
from tests.media_assets.made_files import a_film, a_pdf

_number = count(1)


# --- Files ----------------------------------------------------------------------------------------------------


def picture_bytes(width: int = 400, height: int = 300, image_format: str = "JPEG") -> bytes:
    """A small picture unlike any other of this run."""
    n = next(_number)
    image = Image.new("RGB", (width, height), (n * 37 % 256, n * 61 % 256, n * 17 % 256))
    image.paste((255, 255, 255), (10, 10, 10 + n % 200, 60))
    buffer = io.BytesIO()
    image.save(buffer, image_format)
    return buffer.getvalue()


@cache
def film_bytes() -> bytes:
    """One second of H.264, made once a run."""
    return a_film(1.0, 160, 120)


def image(title: str = "码头", **fields) -> ArchiveImage:
    return ArchiveImage.objects.create(title=title, file=ContentFile(picture_bytes(), "码头.jpg"), **fields)


def scan(**fields) -> Scan:
    return Scan.objects.create(file=ContentFile(picture_bytes(), "卷一-001.jpg"), **fields)


def video(title: str = "赛龙舟", **fields) -> ArchiveVideo:
    return ArchiveVideo.objects.create(title=title, file=ContentFile(film_bytes(), "赛龙舟.mp4"), **fields)


def document(title: str = "县志全文", data: bytes | None = None, name: str = "县志.pdf", **fields) -> ArchiveDocument:
    body = data if data is not None else a_pdf(str(next(_number)).encode())
    return ArchiveDocument.objects.create(title=title, file=ContentFile(body, name), **fields)


# --- Authority records ----------------------------------------------------------------------------------------


def place(name: str = "石龙镇", **fields) -> Place:
    return Place.objects.create(name=name, **fields)


def agent(name: str = "陈伯陶", **fields) -> Agent:
    return Agent.objects.create(name=name, **fields)


def topic(name: str = "民俗", **fields) -> Topic:
    return Topic.objects.create(name=name, **fields)


def series(name: str = "旧志丛刊", **fields) -> Series:
    return Series.objects.create(name=name, **fields)


# --- Pages ----------------------------------------------------------------------------------------------------


def _add(parent, page, published: bool):
    page.live = False
    parent.add_child(instance=page)
    if published:
        page.save_revision().publish()
        page = type(page).objects.get(pk=page.pk)
    return page


def book(title: str = "康熙县志", *, published: bool = True, **fields) -> BookPage:
    return _add(BookIndexPage.objects.get(locale=Locale.get_default()), BookPage(title=title, **fields), published)


def film(title: str = "龙舟竞渡", *, published: bool = True, parent=None, **fields) -> VideoPage:
    return _add(
        parent or VideoIndexPage.objects.get(locale=Locale.get_default()), VideoPage(title=title, **fields), published
    )


def video_series(title: str = "影像志", *, published: bool = True, **fields) -> VideoSeriesPage:
    return _add(
        VideoIndexPage.objects.get(locale=Locale.get_default()), VideoSeriesPage(title=title, **fields), published
    )


def photo(title: str = "旧码头", *, published: bool = True, parent=None, **fields) -> PhotoPage:
    if "lead_image" not in fields:
        fields["lead_image"] = image()
    return _add(
        parent or PhotoIndexPage.objects.get(locale=Locale.get_default()), PhotoPage(title=title, **fields), published
    )


def album(title: str = "老街", *, published: bool = True, **fields) -> AlbumPage:
    return _add(PhotoIndexPage.objects.get(locale=Locale.get_default()), AlbumPage(title=title, **fields), published)


def story(title: str = "一条街的两百年", *, published: bool = True, parent=None, **fields) -> StoryPage:
    return _add(
        parent or StoryIndexPage.objects.get(locale=Locale.get_default()), StoryPage(title=title, **fields), published
    )


def column(title: str = "莞鉴话你知", *, published: bool = True, **fields) -> ColumnPage:
    return _add(StoryIndexPage.objects.get(locale=Locale.get_default()), ColumnPage(title=title, **fields), published)


def exhibition(title: str = "一江三百年", *items, published: bool = True, **fields) -> ExhibitionPage:
    """With `items`: one room that shows them."""
    if items:
        fields["rooms"] = [("room", a_room(*items))]
    index = ExhibitionIndexPage.objects.get(locale=Locale.get_default())
    return _add(index, ExhibitionPage(title=title, **fields), published)


def a_room(*items, heading: str = "过江", introduction: str = "", **shown) -> dict:
    """The value of a room that shows pages; `shown` goes to each exhibit."""
    exhibits = [("exhibit", {"item": item, "passage": "", "label": "", "wide": False} | shown) for item in items]
    return {"heading": heading, "introduction": introduction, "contents": exhibits}


def free_page(parent, title: str = "关于本馆", *, published: bool = True, **fields) -> FreePage:
    return _add(parent, FreePage(title=title, **fields), published)


def section(of: BookPage, title: str = "龙舟", text: str = "", **fields) -> Section:
    position = fields.pop("position", None) or of.sections.count() + 1
    return Section.objects.create(
        book=of, title=title, text=text, position=position, key=fields.pop("key", f"s{position}"), **fields
    )


def leaf(of: BookPage, text: str = "", **fields) -> Leaf:
    position = fields.pop("position", None) or of.leaves.count() + 1
    return Leaf.objects.create(book=of, text=text, position=position, key=fields.pop("key", f"{position:04}"), **fields)
