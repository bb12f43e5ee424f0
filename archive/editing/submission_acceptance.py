"""A submission becomes drafts of the catalogue, once: with its source and author, and its files in the library."""

from collections.abc import Iterator

from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from archive.access import AccessLevel
from archive.contributing.moves import MoveRefusedError, move
from archive.models import (
    AlbumPage,
    ArchivePage,
    ColumnPage,
    PagePlace,
    PhotoIndexPage,
    PhotoPage,
    Place,
    StoryIndexPage,
    StoryPage,
    Submission,
    VideoPage,
)
from archive.models.campaigns import Kind

from .upload_drafts import FILM_PARENTS, PHOTO_PARENTS, add_draft, may_add
from .upload_records import names_in

PARENTS = {Kind.PICTURE: PHOTO_PARENTS, Kind.FILM: FILM_PARENTS, Kind.TEXT: (ColumnPage, StoryIndexPage)}
_CHILD = {Kind.PICTURE: PhotoPage, Kind.FILM: VideoPage, Kind.TEXT: StoryPage}


def accept(submission: Submission, person, parent: Page | None) -> Submission:
    """Drafts beneath `parent`, and the move, or nothing of it. The first page made is `submission.page`.

    Raises MoveRefusedError for a second acceptance, a parent of the wrong kind or not this person's to add to, and for
    a submission of pictures or films without any.
    """

    def settle(row: Submission) -> None:
        above = parent.specific if parent is not None else None
        child = _CHILD[row.kind]
        if not isinstance(above, PARENTS[row.kind]) or not may_add(person, above, child):
            told = {"kind": row.get_kind_display()}
            raise MoveRefusedError(_("请选择一处您可以添加%(kind)s的页面。") % told)
        files = list(row.files.select_related("image", "video", "document"))
        pages = _pages(
            row,
            [file.asset for file in files if file.image_id],
            [f.video for f in files if f.video_id and f.video.type == "video"],
        )
        if not pages:
            raise MoveRefusedError(_("这件来稿没有可以成为页面的文件，请退回补充。"))
        if len(pages) > 1 and isinstance(above, PhotoIndexPage):
            album = _described(AlbumPage(), row, row.title)
            add_draft(above, album, person)
            above = album
        for page in pages:
            add_draft(above, page, person)
        made = pages if above.pk == parent.pk else [above, *pages]
        row.page = made[0]
        row.pages.set(made)
        for file in files:
            _take_over(file.asset, row)

    return move(submission, "accept", person, meanwhile=settle)


def proposed_parent(user, row: Submission) -> Page | None:
    """Where drafts of this kind usually go: the branch of the town, else the list, if the person may add there."""
    for model in reversed(PARENTS[row.kind]):
        named = model.objects.filter(title=f"{row.town.place.name}来稿")
        for page in named.order_by("path")[:1]:
            if may_add(user, page, _CHILD[row.kind]):
                return page
    for model in PARENTS[row.kind]:
        for page in model.objects.filter(depth=3, locale=Locale.get_default()).order_by("path")[:1]:
            if may_add(user, page, _CHILD[row.kind]):
                return page
    return None


def _pages(row: Submission, images: list, films: list) -> list[ArchivePage]:
    if row.kind == Kind.TEXT:
        return [_described(_story(row, images), row, row.title)]
    assets = images if row.kind == Kind.PICTURE else films
    pages = []
    for number, asset in enumerate(assets, 1):
        title = row.title if len(assets) == 1 else f"{row.title}（{number}）"
        if row.kind == Kind.PICTURE:
            page = PhotoPage(lead_image=asset, photographer=row.author, people_shown=row.people)
        else:
            page = VideoPage(video=asset)
        pages.append(_described(page, row, title))
    return pages


def _story(row: Submission, images: list) -> StoryPage:
    """The text, its first picture at the head and the others behind it; where the text came as a file, its name."""
    lines = _paragraphs(row.text)
    names = [file.document.filename for file in row.files.select_related("document") if file.document_id]
    if names and not lines:
        lines = [escape(_("正文见来稿所附的文件：%(names)s。") % {"names": "、".join(names)})]
    body = [("text", "".join(f"<p>{line}</p>" for line in lines))] if lines else []
    body += [("picture", {"image": image, "caption": "", "alt": ""}) for image in images[1:]]
    return StoryPage(byline=row.author, body=body, lead_image=next(iter(images), None))


def _paragraphs(text: str) -> list[str]:
    return [escape(line.strip()) for line in text.splitlines() if line.strip()]


def _described(page: ArchivePage, row: Submission, title: str) -> ArchivePage:
    page.title, page.date_written = title, row.date_written
    page.credit, page.source = row.author, source_of(row)
    words = names_in(row.place_written)
    known = {place.name: place for place in Place.objects.filter(name__in=words).order_by("-pk")}
    page.page_places = [PagePlace(place=known[word]) for word in words if word in known]
    page.description = "\n".join(_told(row, page, [word for word in words if word not in known]))
    return page


def _told(row: Submission, page: ArchivePage, unknown_places: list[str]) -> Iterator[str]:
    """What was written and has no field of its own on such a page: nothing of it is lost."""
    if row.text.strip() and not isinstance(page, StoryPage):
        yield row.text
    if row.people and not isinstance(page, PhotoPage):
        yield _("人物：%(people)s") % {"people": row.people}
    if unknown_places:
        yield _("地点：%(places)s") % {"places": "、".join(unknown_places)}
    if others := _files_without_a_page(row):
        yield _("另附文件：%(names)s") % {"names": "、".join(others)}


def _files_without_a_page(row: Submission) -> list[str]:
    """The names of files that are in the library and on no page: of a text its documents are told in the text."""
    shown = {Kind.PICTURE: {"image"}, Kind.FILM: {"video"}, Kind.TEXT: {"image", "document"}}[row.kind]
    rows = row.files.select_related("image", "video", "document")
    kinds = ("image", "video", "document")
    return [file.asset.filename for file in rows if not any(getattr(file, f"{kind}_id") for kind in shown & {*kinds})]


def source_of(row: Submission) -> str:
    return _("%(town)s来稿（“%(campaign)s”，回执 %(receipt)s）") % {
        "town": row.town.place.name[:40],
        "campaign": row.campaign.title[:150],
        "receipt": row.receipt,
    }


def _take_over(asset, row: Submission) -> None:
    """Open by its own level: it is seen when a page that shows it is published, and not before."""
    asset.access, asset.credit, asset.source = AccessLevel.OPEN, row.author, source_of(row)
    asset.save(update_fields=["access", "credit", "source"])
