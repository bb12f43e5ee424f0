"""SearchDocument: the frozen contract between what is found and what finds it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_REF = re.compile(r"([a-z][a-z0-9_-]*):([0-9]{1,18})")
_SLUG = re.compile(r"[^\s:]+")
_ADDRESS = re.compile(r"(/(?!/)|https?://)\S*")
YEARS = range(-9999, 10_000)
"""The years that a document may name."""
LONGEST_SPAN_BY_DECADE = 100
"""A thing that spans more years than this says nothing about any one decade, and is counted in none."""


class Audience(StrEnum):
    """Who asks. Every query, count and suggestion is answered for exactly one of them."""

    PUBLIC = "public"
    READING_ROOM = "reading-room"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found: a page, an entry or a leaf of a book.

    `ref` is "<source>:<object id>" and `work` the ref or identifier of what it belongs to (a leaf's book; for a
    whole work, itself). `audiences` says who may find exactly this text; documents that share a ref (the public
    record, the reading room's full text) must not share an audience. `kind`, `places`, `topics` and `series` hold
    slugs; `people` holds names as they are written. `title`, `other_titles`, `identifier`, `people`, `date` (as
    written) and `body` are what is searched. `year_from` and `year_to` are inclusive years of the proleptic
    Gregorian calendar, negative before our era, both or neither. `locator` says where in the work it stands (第
    3卷 第12页). `url` is a path of this site or a web address, `thumbnail` likewise, and so is `permanent_url`, the
    address to cite.

    `place_names` and `subjects` (topics and series) are the names that the thing is also found by; `places_above` are
    the slugs of what its places lie in, so that a town counts what its villages have. A work with many documents
    says `grouped` in each of them: they are shown as one result, which `position` puts in the order of the work and
    `work_title` names. `continuation` is how the text goes on in the next document of the work: words that begin
    here and end there are found here, words that stand wholly there are not. `suggest_weight` above 0 offers the
    title while a reader types, the heavier the earlier; what is `suggest_only` is offered and never a result. The
    page of what `marks_words` takes the words of a question as `q` and shows where they stand.

    Raises ValueError when one of these promises is broken.
    """

    ref: str
    work: str
    kind: str
    title: str
    url: str
    identifier: str
    audiences: frozenset[Audience]
    other_titles: tuple[str, ...] = ()
    body: str = ""
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    series: str = ""
    year_from: int | None = None
    year_to: int | None = None
    date: str = ""
    locator: str = ""
    thumbnail: str = ""
    sort_title: str = ""
    work_title: str = ""
    permanent_url: str = ""
    place_names: tuple[str, ...] = ()
    places_above: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    grouped: bool = False
    position: int | None = None
    continuation: str = ""
    suggest_weight: int = 0
    suggest_only: bool = False
    marks_words: bool = False

    def __post_init__(self) -> None:
        split_ref(self.ref)
        if not self.work or not self.title.strip():
            raise ValueError(f"{self.ref}: a document needs a work and a title")
        if not self.audiences or not all(isinstance(audience, Audience) for audience in self.audiences):
            raise ValueError(f"{self.ref}: a document needs at least one Audience")
        slugs = (self.kind, *self.places, *self.places_above, *self.topics, *([self.series] if self.series else []))
        if not all(_SLUG.fullmatch(slug) for slug in slugs):
            raise ValueError(f"{self.ref}: not a slug among {slugs}")
        for address in (self.url, self.thumbnail or "/", self.permanent_url or "/"):
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{self.ref}: not an address: {address!r}")
        self._check_years()

    def _check_years(self) -> None:
        if self.year_from is None and self.year_to is None:
            return
        if self.year_from is None or self.year_to is None or self.year_from > self.year_to:
            raise ValueError(f"{self.ref}: {self.year_from} to {self.year_to} is not a span of years")
        if self.year_from not in YEARS or self.year_to not in YEARS:
            raise ValueError(f"{self.ref}: {self.year_from} to {self.year_to} is out of range")

    @property
    def source(self) -> str:
        """The part of the ref that names its builder."""
        return split_ref(self.ref)[0]

    @property
    def object_id(self) -> int:
        """The part of the ref that the builder knows the thing by."""
        return split_ref(self.ref)[1]

    @property
    def decades(self) -> tuple[int, ...]:
        """The first years of the decades that it belongs to; none when it spans more than a century."""
        if self.year_from is None or self.year_to - self.year_from > LONGEST_SPAN_BY_DECADE:
            return ()
        return tuple(range(self.year_from // 10 * 10, self.year_to + 1, 10))


def make_ref(source: str, object_id: int) -> str:
    """The ref of an object of a source; the inverse of `split_ref`."""
    return f"{source}:{object_id}"


def split_ref(ref: str) -> tuple[str, int]:
    """The source and the object id of a ref. Raises ValueError for anything else."""
    match = _REF.fullmatch(ref)
    if match is None:
        raise ValueError(f"not a ref: {ref!r}")
    return match[1], int(match[2])


def check_disjoint(documents: Iterable[SearchDocument]) -> None:
    """Raises ValueError when two documents of one ref serve the same audience: it would be found twice."""
    seen: set[tuple[str, Audience]] = set()
    for document in documents:
        for audience in document.audiences:
            if (document.ref, audience) in seen:
                raise ValueError(f"{document.ref}: two documents for the audience {audience}")
            seen.add((document.ref, audience))
