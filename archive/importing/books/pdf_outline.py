"""The contents of a book that is a PDF: from its bookmarks, else from its list of contents, else from its headings."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.book_text import notation
from media_assets.file_errors import marked as _

from .contract import Problem, SectionItem, Severity
from .headings import ENTRY_LEVEL, ContentsLine, Heading, Outline, contents_line, heading_of, titled, volume_year
from .pdf_drawing import Bookmark
from .pdf_text import Line

_LARGER = 1.15
_FEWEST_CONTENTS_LINES = 3
_MOST_HEADINGS = 60_000
_FOUND_SHARE = 0.6
_CONTENTS_NAMES = frozenset(("目录", "目錄", "目次", "总目", "總目", "目录页"))


@dataclass(frozen=True)
class Found:
    """A heading and where its part begins; `page` from 0, `offset` in the plain text of the leaf."""

    heading: Heading
    page: int
    offset: int


@dataclass
class PdfOutline:
    """Is given the bookmarks, then the leaves in order; at the end it gives the sections."""

    title: str
    body_size: float
    bookmarks: Sequence[Bookmark]
    _marked: list[Found | None] = field(default_factory=list)
    _headings: list[Found] = field(default_factory=list)
    _contents: list[tuple[ContentsLine, int]] = field(default_factory=list)
    _labels: dict[str, list[int]] = field(default_factory=dict)
    _by_page: dict[int, list[int]] = field(default_factory=dict)
    _named: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self):
        self._is_yearbook = volume_year(self.title) is not None
        self._marked = [None] * len(self.bookmarks)
        for number, bookmark in enumerate(self.bookmarks):
            if bookmark.page is not None and _words(bookmark.title):
                self._by_page.setdefault(bookmark.page, []).append(number)

    def see(self, page: int, label: str, lines: Sequence[Line], offsets: Sequence[int], height: float) -> None:
        """A leaf: its lines and where each begins in its plain text. `height` is that of the page."""
        if label:
            self._labels.setdefault(label, []).append(page)
        for number in self._by_page.get(page, ()):
            self._place_bookmark(number, page, lines, offsets, height)
        listed = [found for line in lines if (found := contents_line(notation.plain(line.text)))]
        if len(listed) >= _FEWEST_CONTENTS_LINES and 3 * len(listed) >= len(lines):
            self._contents += [(line, page) for line in listed]
            self._see_headings(page, lines, offsets, only=_CONTENTS_NAMES)
        else:
            self._see_headings(page, lines, offsets)

    def _place_bookmark(
        self, number: int, page: int, lines: Sequence[Line], offsets: Sequence[int], height: float
    ) -> None:
        bookmark = self.bookmarks[number]
        at = _line_of(bookmark.title, lines)
        if at is None and bookmark.y is not None and 0 < bookmark.y < height:
            below = [n for n, line in enumerate(lines) if line.box[1] + line.box[3] > height - bookmark.y]
            at = below[0] if below else None
        heading = titled(bookmark.title, bookmark.level + 1, self._is_yearbook)
        self._marked[number] = Found(heading, page, offsets[at] if at is not None else 0)

    def _see_headings(
        self, page: int, lines: Sequence[Line], offsets: Sequence[int], only: frozenset[str] = frozenset()
    ) -> None:
        skipped = False
        for at, line in enumerate(lines):
            if skipped or len(self._headings) >= _MOST_HEADINGS:
                skipped = False
                continue
            words = notation.plain(line.text).strip()
            if len(words) > 200:
                continue
            following = lines[at + 1] if at + 1 < len(lines) else None
            self._named.setdefault(_words(words)[:40], []).append((page, offsets[at])) if len(words) <= 40 else None
            heading = heading_of(words)
            if (
                heading is None
                or (only and heading.title not in only)
                or not self._stands_out(line, at, lines, heading)
            ):
                continue
            if heading.untitled and following is not None and self._is_rest_of(line, following):
                label, title = heading.title, " ".join(notation.plain(following.text).split())
                heading = replace(heading, label=label, title=title, untitled=False)
                skipped = True
            self._headings.append(Found(heading, page, offsets[at]))

    def _stands_out(self, line: Line, at: int, lines: Sequence[Line], heading: Heading) -> bool:
        """In larger type, or on a short line of its own; 【条目】 always."""
        if heading.level == ENTRY_LEVEL or line.size > _LARGER * self.body_size:
            return True
        before = lines[at - 1] if at else None
        return line.is_short and (before is None or before.is_short or line.is_indented or at <= 1)

    def _is_rest_of(self, line: Line, following: Line) -> bool:
        """第一章, and on the next line what it is called."""
        words = notation.plain(following.text).strip()
        alike = abs(following.size - line.size) < 0.1 * line.size
        larger = line.size > _LARGER * self.body_size
        return alike and (larger or following.is_short) and 0 < len(words) <= 30 and heading_of(words) is None

    # --- at the end ---------------------------------------------------------------------------------------

    def sections(self, first_leaf: int = 0) -> Iterator[SectionItem | Problem]:
        found = yield from self._chosen()
        if not found:
            found = [Found(Heading(1, "part", "", self.title), first_leaf, 0)]
        outline = Outline()
        last = (-1, 0)
        disordered = 0
        for one in found:
            if (one.page, one.offset) < last:
                disordered += 1
                one = replace(one, page=last[0], offset=last[1])
            last = (one.page, one.offset)
            heading = one.heading
            depth, source = outline.place(heading)
            title = heading.title if len(heading.title) <= 120 else heading.title[:117] + "……"
            leaf = f"page-{one.page + 1}"
            yield SectionItem(source, depth, heading.kind, title, heading.label[:60], leaf=leaf, offset=one.offset)
        if disordered:
            message = _("目录里有 %(count)s 条所指的书页排在前一条之前，已接在前一条之后，请核对。")
            yield Problem(Severity.DOUBTFUL, "outline-order", "", message, {"count": disordered})

    def _chosen(self) -> Iterator[Problem]:
        marked = [found for found in self._marked if found is not None]
        lost = len(self._marked) - len(marked)
        tells = len({(f.page, f.offset) for f in marked}) >= 2 or (len(marked) == 1 and not self._headings)
        if tells:
            if lost:
                message = _("书签中有 %(count)s 条没有指向任何书页，未收入目录。")
                yield Problem(Severity.DOUBTFUL, "outline-lost", "", message, {"count": lost})
            return self._with_entries(marked)
        listed = yield from self._listed()
        if listed:
            return self._with_entries(listed)
        if self._headings and (self._headings[0].page, self._headings[0].offset) > (0, 0):
            # What stands before the first heading is the book's opening.
            opening = Found(Heading(1, "front", "", "卷首"), 0, 0)
            return [opening, *self._headings]
        return list(self._headings)

    def _with_entries(self, found: list[Found]) -> list[Found]:
        """Bookmarks and lists of contents go down to the 类目; the 【条目】 below them are found in the text."""
        known = {_words(one.heading.title) for one in found}
        entries = [h for h in self._headings if h.heading.level == ENTRY_LEVEL and _words(h.heading.title) not in known]
        if not entries:
            return found
        deepest = max((one.heading.level for one in found), default=0)
        entries = [
            replace(e, heading=replace(e.heading, level=max(deepest + 1, ENTRY_LEVEL), is_marked=True)) for e in entries
        ]
        merged, at = [], 0
        for one in found:
            while at < len(entries) and (entries[at].page, entries[at].offset) < (one.page, one.offset):
                merged.append(entries[at])
                at += 1
            merged.append(one)
        return [*merged, *entries[at:]]

    def _listed(self) -> Iterator[Problem]:
        """The parts that the list of contents names, where their pages are found."""
        if len(self._contents) < _FEWEST_CONTENTS_LINES:
            return []
        last_listed = max(page for _line, page in self._contents)
        found, lost, above = [], [], 0
        for line, _page in self._contents:
            place = self._place(line, last_listed)
            heading = line.heading or titled(line.text, above + 1, self._is_yearbook)
            above = heading.level if line.heading else above
            if place is None:
                lost.append(line.text)
            else:
                found.append(Found(heading, *place))
        if len(found) < max(_FEWEST_CONTENTS_LINES, _FOUND_SHARE * len(self._contents)):
            return []
        if lost:
            message = _("目录页上有 %(count)s 条找不到所指的书页，未收入：%(names)s。")
            names = "、".join(lost[:8]) + ("……" if len(lost) > 8 else "")
            yield Problem(Severity.DOUBTFUL, "contents-lost", "", message, {"count": len(lost), "names": names})
        own = [h for h in self._headings if h.heading.title in _CONTENTS_NAMES][:1]
        return own + found

    def _place(self, line: ContentsLine, after: int) -> tuple[int, int] | None:
        """The page of this label, behind the list itself, and the line that says the words; else where the words are
        found at all, if that is in one place."""
        wanted = _words(line.text)
        places = [(page, at) for page, at in self._named.get(wanted, ()) if page > after]
        pages = [page for page in self._labels.get(line.page.lower(), ()) if page > after]
        if not pages:
            return places[0] if len(places) == 1 else None
        own = [at for page, at in places if page == pages[0]]
        return pages[0], own[0] if own else 0


def _words(text: str) -> str:
    """What is compared of a title: no spaces, no stops, one form for each letter."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _line_of(title: str, lines: Sequence[Line]) -> int | None:
    """The line that says this title, or begins with it, or holds its beginning (the rest is on the next)."""
    wanted = _words(title)
    said = [_words(notation.plain(line.text)) for line in lines]
    for matches in (
        lambda words: words == wanted,
        lambda words: len(wanted) > 2 and words.startswith(wanted),
        lambda words: len(words) > 3 and wanted.startswith(words),
        lambda words: len(words) > 3 and wanted.endswith(words),
    ):
        for at, words in enumerate(said):
            if words and matches(words):
                return at
    return None
