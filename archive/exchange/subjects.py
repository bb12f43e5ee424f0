"""What a reader shares, cites or keeps: a page, a section or a leaf of a book, found again by its reference.

A reference is a permanent identifier, or "<identifier of the book>/p/<key>" for a leaf, which has none of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.access import Audience, may_see_record
from archive.models import ArchivePage, Identifier, Leaf, Section
from archive.models.identifiers import is_well_formed

from .addresses import permanent

MOST_AT_ONCE = 150
"""As many as fit the longest address that web servers take."""
_LEAF = re.compile(r"([0-9a-z]{1,16})/p/([-\w.]{1,80})")


@dataclass(frozen=True)
class Subject:
    """A page, or the part of a book that is meant. `page` is of its specific type."""

    page: ArchivePage
    section: Section | None = None
    leaf: Leaf | None = None

    @property
    def reference(self) -> str:
        if self.section is not None:
            return self.section.identifier_id
        if self.leaf is not None:
            return f"{self.page.identifier_id}/p/{self.leaf.key}"
        return self.page.identifier_id

    @property
    def permanent_address(self) -> str:
        return permanent(self.reference)

    @property
    def part(self) -> Section | Leaf | None:
        return self.section or self.leaf

    @property
    def title(self) -> str:
        """The heading of a part, the title of a page."""
        return self.part.heading if self.part is not None else self.page.title

    @property
    def kind_label(self) -> str:
        if self.section is not None:
            return str(self.section.get_kind_display())
        return str(Leaf._meta.verbose_name) if self.leaf is not None else self.page.kind_label

    @property
    def url(self) -> str:
        """Where it is now. A part stands at its book, wherever that went."""
        if self.part is not None:
            self.part.book = self.page
            return self.part.get_absolute_url()
        return self.page.get_url() or ""


class State(StrEnum):
    """What has become of a reference. What is closed and what never was look alike: neither leaves a trace."""

    HERE = "here"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """The answer to one reference. A withdrawn one has its title and, when the thing itself is gone, no subject."""

    reference: str
    state: State
    title: str = ""
    subject: Subject | None = None


def find(reference: str, audience: Audience, language: str) -> Found:
    """One reference; see `find_all`."""
    return find_all([reference], audience, language)[0]


def find_all(references: Iterable[str], audience: Audience, language: str) -> list[Found]:
    """What the references lead to for this audience, in their order, the first MOST_AT_ONCE of them; in the language
    asked for where there is a translation. Five queries and one for each type of page, however many there are."""
    wanted = list(dict.fromkeys(references))[:MOST_AT_ONCE]
    leaves = {reference: match for reference in wanted if (match := _LEAF.fullmatch(reference))}
    values = {match[1] for match in leaves.values()} | (set(wanted) - set(leaves))
    rows = Identifier.objects.in_bulk([value for value in values if is_well_formed(value)])
    sections = _sections(rows)
    owners = {section.book.identifier_id for section in sections.values()}
    pages = _pages({*rows, *owners}, audience, language)
    found_leaves = _leaves(leaves, pages)
    answers = []
    for reference in wanted:
        row = rows.get(leaves[reference][1] if reference in leaves else reference)
        section = sections.get(reference)
        page = pages.get(section.book.identifier_id if section else row.pk) if row else None
        leaf = found_leaves.get(reference)
        if reference in leaves and leaf is None:
            page = None
        answers.append(_answer(reference, row, page, section, leaf, audience))
    return answers


def _answer(reference, row, page, section, leaf, audience) -> Found:
    if row is not None and row.removed_at is not None and row.ever_public and reference == row.pk:
        return Found(reference, State.WITHDRAWN, row.title)
    if page is None or not may_see_record(audience, page.effective_access):
        return Found(reference, State.UNKNOWN)
    subject = Subject(page, section, leaf)
    if page.live:
        return Found(reference, State.HERE, subject.title, subject)
    if page.is_withdrawn:
        return Found(reference, State.WITHDRAWN, subject.title)
    return Found(reference, State.UNKNOWN)


def _sections(rows: dict[str, Identifier]) -> dict[str, Section]:
    wanted = [pk for pk, row in rows.items() if row.kind == Identifier.Kind.SECTION]
    found = Section.objects.filter(identifier__in=wanted).select_related("book").defer("text") if wanted else []
    return {section.identifier_id: section for section in found}


def _pages(values: set[str], audience: Audience, language: str) -> dict[str, ArchivePage]:
    """The page of each identifier: published before withdrawn, the language asked for before any other."""
    rows = ArchivePage.objects.filter(identifier__in=values).select_related("identifier").order_by("pk").specific()
    best: dict[str, ArchivePage] = {}

    def rank(page: ArchivePage) -> tuple:
        visible = may_see_record(audience, page.effective_access)
        return not visible, not page.live, page.tree_language != language, page.pk

    for page in rows:
        known = best.get(page.identifier_id)
        if known is None or rank(page) < rank(known):
            best[page.identifier_id] = page
    return best


def _leaves(references: dict[str, re.Match], pages: dict[str, ArchivePage]) -> dict[str, Leaf]:
    """Leaves by reference. They belong to the book in the language in which it was bound, whichever is shown."""
    if not references:
        return {}
    keys = {match[2] for match in references.values()}
    books = {match[1] for match in references.values()} & set(pages)
    rows = Leaf.objects.filter(book__identifier__in=books, key__in=keys).select_related("book").defer("text")
    return {f"{leaf.book.identifier_id}/p/{leaf.key}": leaf for leaf in rows}
