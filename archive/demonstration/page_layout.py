"""Sets modern pages: horizontal lines of one measure in two columns, an article after the other on pages of its own.

Pure. As in old books, the text of a page is what stands on it, and pieces say which part of a section that is.
"""

from dataclasses import dataclass, field

from .typesetting import Piece

MEASURE = 16
"""Characters to a line: two columns and the gutter fill the page."""
COLUMNS, LINES = 2, 26
TITLE_LINES = 2
"""What the title of an article takes from each column of its first page."""
_NO_BEGINNING = frozenset("，。、；：？！」』》）”’")


@dataclass(frozen=True)
class Article:
    """`text` has its paragraphs on lines of their own."""

    key: str
    title: str
    byline: str
    text: str


@dataclass
class SetPage:
    """`lines` fill the first column of `rows`, then the second one; what is left below them is free for a picture."""

    rows: int
    title: str = ""
    byline: str = ""
    lines: list[str] = field(default_factory=list)
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)


def set_article(article: Article) -> list[SetPage]:
    """The article's pages. Every character of its text is on exactly one of them; lines of a paragraph that goes on
    overleaf are cut there."""
    pages = [SetPage(LINES - TITLE_LINES, article.title, article.byline)]
    start = 0
    for line, begin, end in _lines(article.text):
        if len(pages[-1].lines) == pages[-1].rows * COLUMNS:
            _close(pages[-1], article, start, begin)
            pages.append(SetPage(LINES))
            start = begin
        pages[-1].lines.append(line)
        last = end
    _close(pages[-1], article, start, last)
    pages[-1].rows = -(-len(pages[-1].lines) // COLUMNS)  # the columns of the last page end at one height
    return pages


def _close(page: SetPage, article: Article, start: int, end: int) -> None:
    page.text = article.text[start:end].rstrip("\n")
    page.pieces.append(Piece(article.key, start, start + len(page.text), 0, len(page.text)))


def _lines(text: str):
    """Lines with their character ranges; a paragraph is indented by two squares, and no line begins with a mark that
    closes: the one before takes it along."""
    position = 0
    for paragraph in text.split("\n"):
        at, indent = 0, 2
        while at < len(paragraph):
            taken = min(MEASURE - indent, len(paragraph) - at)
            while at + taken < len(paragraph) and paragraph[at + taken] in _NO_BEGINNING:
                taken += 1
            yield "\u3000" * indent + paragraph[at : at + taken], position + at, position + at + taken
            at, indent = at + taken, 0
        position += len(paragraph) + 1
