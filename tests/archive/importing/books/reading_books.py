"""What the tests of the formats share: a file read to its end, and what came of it."""

from collections.abc import Iterable
from pathlib import Path

from archive.book_text import notation
from archive.importing.books.contract import BookFormat, FigureItem, LeafItem, Options, Problem, SectionItem


class Reading:
    """Everything that a format gave of a file."""

    def __init__(self, book_format: BookFormat, path: Path, workspace: Path, options: Options | None = None):
        (workspace / "pictures").mkdir(parents=True, exist_ok=True)
        self.items = list(book_format.read(path, workspace, options or Options()))
        self.facts = self.items[0]

    def _of(self, kind: type) -> list:
        return [item for item in self.items if isinstance(item, kind)]

    @property
    def sections(self) -> list[SectionItem]:
        return self._of(SectionItem)

    @property
    def leaves(self) -> list[LeafItem]:
        return self._of(LeafItem)

    @property
    def figures(self) -> list[FigureItem]:
        return self._of(FigureItem)

    @property
    def problems(self) -> list[Problem]:
        return self._of(Problem)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    def outline(self) -> list[tuple[int, str, str, str]]:
        return [(s.level, s.kind, s.label, s.title) for s in self.sections]

    def text_of(self, title: str) -> str:
        return next(section.text for section in self.sections if section.title == title)


def no_markup(texts: Iterable[str], marks: str) -> bool:
    return not any(mark in notation.parse(text, True).plain for text in texts for mark in marks)
