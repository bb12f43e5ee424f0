"""From a thing of the museum to the reference printed of it: who made it, what it is called, where it stands."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from archive.models import (
    Anchor,
    ArchivePage,
    BookPage,
    ExhibitionPage,
    Leaf,
    PageAgent,
    PhotoPage,
    Section,
    StoryPage,
    VideoPage,
)

from .citations import Reference, Sort, names_in, year_of
from .subjects import Subject

_Role = PageAgent.Role
_ROLES = {
    "book": (_Role.COMPILER, _Role.EDITOR, _Role.AUTHOR),
    "photo": (_Role.PHOTOGRAPHER,),
    "video": (_Role.DIRECTOR, _Role.PRODUCER),
    "story": (_Role.AUTHOR,),
}
_WRITTEN = {BookPage: "compilers", PhotoPage: "photographer", StoryPage: "byline", ExhibitionPage: "curators"}


def reference_of(subject: Subject, accessed: date | None = None, leaves: Sequence[Leaf] | None = None) -> Reference:
    """The reference of a page or a part of a book, read on the day `accessed` (today). `leaves` are those of a section
    where the caller has them. One query for the authors, two for the leaves."""
    page = subject.page
    authors = _authors(page)
    shared = {
        "address": subject.permanent_address,
        "identifier": subject.reference,
        "accessed": accessed or timezone.localdate(),
        "year": year_of(page.date_written),
        "language": page.language,
        "released": _day(page),
    }
    if isinstance(page, BookPage):
        shared |= {"publisher": page.publisher, "isbn": page.isbn, "edition": page.volume}
    if subject.section is not None:
        pages = _span(leaves if leaves is not None else _leaves_of(subject.section))
        return Reference(Sort.PART, subject.section.heading, host=page.title, host_authors=authors, **pages, **shared)
    pages = _label(subject.leaf) if subject.leaf is not None else ""
    return Reference(_sort(page), page.title, authors=authors, pages=pages, **shared)


def _sort(page: ArchivePage) -> Sort:
    if isinstance(page, BookPage):
        return Sort.JOURNAL if page.book_kind == BookPage.Kind.JOURNAL else Sort.BOOK
    return {PhotoPage: Sort.PHOTO, VideoPage: Sort.FILM, StoryPage: Sort.STORY}.get(type(page), Sort.GROUP)


def _authors(page: ArchivePage) -> tuple[str, ...]:
    """The words of the title page first: they are what a library cites; else the authority records."""
    names = names_in(getattr(page, _WRITTEN.get(type(page), ""), ""))
    roles = _ROLES.get(page.kind, ())
    if names or not roles or page.pk is None:
        return names
    links = page.page_agents.filter(role__in=roles).select_related("agent")
    return tuple(dict.fromkeys(link.agent.name for link in links))


def _day(page: ArchivePage) -> date | None:
    return timezone.localdate(page.first_published_at) if page.first_published_at else None


def _leaves_of(section: Section) -> list[Leaf]:
    """The first leaf of a section and the last, or the only one; two queries."""
    anchors = Anchor.objects.filter(section=section).select_related("leaf")
    anchors = anchors.only("section", "leaf__position", "leaf__label")
    ends = anchors.order_by("leaf__position").first(), anchors.order_by("-leaf__position").first()
    return [anchor.leaf for anchor in ends if anchor is not None]


def _label(leaf: Leaf) -> str:
    """The printed page; a leaf without one is counted from the front of the book, in square brackets."""
    return leaf.label or f"[{leaf.position}]"


def _span(leaves: Sequence[Leaf]) -> dict[str, str]:
    """The pages of a section, from the first to the last."""
    if not leaves:
        return {}
    first, last = leaves[0], leaves[-1]
    return {"pages": _label(first)} | ({} if first.position == last.position else {"last_page": _label(last)})
