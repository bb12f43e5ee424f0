"""What a format gives of a book: leaves, sections, figures and problems, one after the other, in reading order.

Texts are in the notation of `archive.book_text.notation`; whatever came from the file has been through its `escape`.
A format keeps nothing of a whole book in memory but headings: it yields, and puts pictures into the workspace.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol


class Severity(StrEnum):
    """`BROKEN`: something of the book is missing. `DOUBTFUL`: a person should look at it. `NOTE`: good to know."""

    BROKEN = "broken"
    DOUBTFUL = "doubtful"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """`where` is a place that a person finds (第 12 面, 第 3 行, 第 8 行 B 列); `message` is a Chinese sentence marked
    for translation, whose `%(name)s` places `values` fill; `code` groups problems of one sort (`no-text`)."""

    severity: Severity
    code: str
    where: str
    message: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What the file says of the whole book; empty where it says nothing. `text_unit` is "section" or "leaf", `reading`
    "ltr" or "rtl". Yielded once, first."""

    text_unit: str
    title: str = ""
    reading: str = "ltr"
    date_written: str = ""
    compilers: str = ""
    publisher: str = ""
    language: str = ""
    volume_year: int | None = None


@dataclass(frozen=True)
class Box:
    """A line or a word on the scan: `left`, `top`, `width`, `height` as fractions of the picture, and the half-open
    range of the leaf's *plain* text that stands in it. Lines come in reading order; words lie inside a line's range."""

    left: float
    top: float
    width: float
    height: float
    start: int
    end: int
    is_word: bool = False


@dataclass(frozen=True)
class LeafItem:
    """One side of a leaf. `source` names it in the file, the same each time the file is read (KR2k0013_001-1a,
    0012.jpg, page-12); `label` is what is printed on it. `picture` is a file in the workspace's `pictures/`.
    `set_aside` is text that was found and judged to be garbage."""

    source: str
    label: str = ""
    text: str = ""
    picture: str = ""
    boxes: tuple[Box, ...] = ()
    set_aside: str = ""


@dataclass(frozen=True)
class LeafBreak:
    """In the text of a section, at this offset of its plain text, this leaf (by its `source`) begins."""

    offset: int
    leaf: str


@dataclass(frozen=True)
class SectionItem:
    """A node of the contents. `level` counts from 1 at the top; `kind` is a value of `Section.Kind`; `source` as for
    leaves, the same each time: usually the headings above it and its own, with a number where they repeat.

    In a book of sections `text` is its text, and `breaks` say where leaves begin in it, if that is known. In a book of
    leaves it begins on `leaf` at `offset` of the leaf's plain text, and goes on until the next section begins.
    """

    source: str
    level: int
    kind: str
    title: str
    label: str = ""
    text: str = ""
    breaks: tuple[LeafBreak, ...] = ()
    leaf: str = ""
    offset: int = 0


@dataclass(frozen=True)
class FigureItem:
    """A picture inside the text, which names it as ``(fig:key)``; `picture` is a file in `pictures/`."""

    key: str
    picture: str
    caption: str = ""


@dataclass(frozen=True)
class Progress:
    """How much of the file has been read, 0 to 1."""

    fraction: float


Item = Facts | LeafItem | SectionItem | FigureItem | Problem | Progress


@dataclass(frozen=True)
class Options:
    """What a person may say before the file is read. `encoding` empty: found out. `headings` empty: the format's own
    rules. `columns` maps the columns of a sheet to fields."""

    encoding: str = ""
    with_scans: bool = True
    columns: dict[str, str] = field(default_factory=dict)


class BookFormat(Protocol):
    """One format. `name` is its key, `label` its Chinese name (marked), `suffixes` what its files end in."""

    name: ClassVar[str]
    label: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def recognises(self, path: Path) -> bool:
        """Whether this file (or folder) is of this format, judged by its beginning and not by its name alone."""

    def read(self, path: Path, workspace: Path, options: Options) -> Iterator[Item]:
        """The book. Puts pictures into ``workspace / "pictures"``. Raises `media_assets.file_errors.FileError` when
        nothing of it can be read; what is wrong with a part of it is a Problem, and reading goes on."""
