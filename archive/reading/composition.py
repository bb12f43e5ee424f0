"""From a passage to what a template sets: blocks of spans, with the words that were searched marked, and no HTML.

Every mark is a range of the plain text, so that a word is marked also where it runs from the text into a note, over
the end of a line or onto the next leaf.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.book_text.notation import Block, Cell, Correction, Run
from archive.models import Leaf, Section
from archive.models.book_layout import Figure

from .paragraphs import full_line, parted, stops_short
from .passages import Piece, Text

LONGEST_IN_TWO_LINES = 28
"""Characters of a note that is set in two lines where text flows; a longer one would not break at the end of a line,
and is set small in one. On a leaf its lines are those of the page, and every note is in two."""

Range = tuple[int, int]
_WIDTHLESS = ("reference", "correction")


@dataclass(frozen=True)
class Part:
    """Characters that are set alike. `is_first`: the first that was found in the passage."""

    text: str
    is_found: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class Span:
    """`kind` is "text", "note", "reference" (to a footnote), "erratum" (see beneath), "line" (one ends here) or "leaf"
    (one begins here).

    A text and a note that is long have their `parts`, a note in two lines has `lines`. A reference has the `number`
    of its footnote, 0 where there is none, and its `label`; the first one to a footnote is where that leads back to.
    """

    kind: str
    parts: tuple[Part, ...] = ()
    lines: tuple[tuple[Part, ...], ...] = ()
    number: int = 0
    label: str = ""
    is_first: bool = False
    leaf: Leaf | None = None


@dataclass(frozen=True)
class SetCell:
    spans: tuple[Span, ...]
    columns: int
    rows: int


@dataclass(frozen=True)
class SetBlock:
    """`kind` is "paragraph", "table", "figure" or "heading" (of the `section` that begins). `figure` is None where the
    book has no picture of this name."""

    kind: str
    spans: tuple[Span, ...] = ()
    head: tuple[tuple[SetCell, ...], ...] = ()
    body: tuple[tuple[SetCell, ...], ...] = ()
    figure: Figure | None = None
    section: Section | None = None


@dataclass(frozen=True)
class Footnote:
    """`number` counts the footnotes of the passage from 1; `label` is what is printed."""

    number: int
    label: str
    spans: tuple[Span, ...]
    is_referred_to: bool


@dataclass(frozen=True)
class Erratum:
    """A correction as it is listed beneath the passage. `number` counts those of the passage from 1."""

    number: int
    correction: Correction

    @property
    def kind(self) -> str:
        """What collators call it: 讹 for a wrong character, 脱 for a missing one, 衍 for one too many, 倒 for two that
        changed places, 疑 where it is in doubt."""
        found = self.correction
        if found.is_doubtful:
            return "疑"
        if not found.reads:
            return "脱"
        if not found.should:
            return "衍"
        return "倒" if sorted(found.reads) == sorted(found.should) else "讹"


@dataclass(frozen=True)
class SetPassage:
    """A passage ready to be shown. `found` are the ranges of its plain text that were marked, `summary` its first line;
    `prefix` stands before the ids that it is given on its page."""

    blocks: tuple[SetBlock, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    errata: tuple[Erratum, ...] = ()
    found: tuple[Range, ...] = ()
    summary: str = ""
    prefix: str = ""

    def __bool__(self) -> bool:
        return bool(self.blocks or self.footnotes)


def figure_names(text: Text) -> set[str]:
    """The names of the figures in a passage."""
    return {block.name for piece in text.pieces for block in _blocks_of(piece) if block.kind == "figure"}


def compose(
    text: Text, found: Sequence[Range] = (), figures: dict[str, Figure] | None = None, prefix: str = ""
) -> SetPassage:
    """A passage set: `found` are ranges of `text.plain` in order, `figures` those of `figure_names`."""
    return replace(_Composer(text, found, figures or {}).composed(), prefix=prefix)


def _blocks_of(piece: Piece) -> Iterator[Block]:
    """The blocks of which something stands in the range of a piece. A block without words goes with those before."""
    if piece.is_whole:
        yield from piece.passage.blocks
        return
    at = 0
    for block in piece.passage.blocks:
        runs = [*block.runs, *(run for row in block.rows for cell in row for run in cell.runs)]
        first = runs[0].at if runs else at
        at = max([at, *(_end(run) for run in runs)])
        if piece.start <= first < piece.end or first < piece.start < at:
            yield block


def _end(run: Run) -> int:
    return run.at if run.kind in _WIDTHLESS else run.at + len(run.text)


@dataclass
class _Composer:
    text: Text
    found: Sequence[Range]
    figures: dict[str, Figure]
    blocks: list[SetBlock] = field(default_factory=list)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    referred: set[int] = field(default_factory=set)
    errata: list[Erratum] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cuts = sorted({edge for pair in self.found for edge in pair})
        self._breaks = list(self.text.leaf_breaks)

    def composed(self) -> SetPassage:
        given = [(piece, list(_blocks_of(piece))) for piece in self.text.pieces]
        for number, (_piece, blocks) in enumerate(given):
            for block in blocks:
                if block.kind == "footnote":
                    self.numbers.setdefault((number, block.name), len(self.numbers) + 1)
        notes: list[tuple[int, int, Piece, Block, int]] = []
        offset = 0
        stopped = True
        for number, (piece, blocks) in enumerate(given):
            shift = offset - piece.start
            full = full_line(piece.passage) if self._flows(piece) else 0
            if piece.section is not None:
                self.blocks.append(SetBlock("heading", section=piece.section))
            for place, block in enumerate(blocks):
                if block.kind == "footnote":
                    notes.append((self.numbers[number, block.name], number, piece, block, shift))
                    continue
                for part_number, part in enumerate(parted(block, full)):
                    goes_on = piece.goes_on and not stopped and not place and not part_number
                    self._add(number, piece, part, shift, goes_on=goes_on)
                    stopped = stops_short(part, full)
            offset += len(piece.plain) + 1
        footnotes = tuple(
            Footnote(value, block.name, self._spans(number, piece, block.runs, shift), value in self.referred)
            for value, number, piece, block, shift in notes
        )
        self._put_left_breaks()
        return SetPassage(tuple(self.blocks), footnotes, tuple(self.errata), tuple(self.found), self._summary())

    def _flows(self, piece: Piece) -> bool:
        """Whether lines of a page are put together to paragraphs."""
        return piece.leaf is not None and not self.text.lines_are_physical

    def _summary(self) -> str:
        return next((line.strip() for line in self.text.plain.split("\n") if line.strip()), "")

    def _add(self, number: int, piece: Piece, block: Block, shift: int, *, goes_on: bool) -> None:
        if block.kind == "table":
            rows = [tuple(self._cell(number, piece, cell, shift) for cell in row) for row in block.rows]
            head, body = rows[: block.head_rows], rows[block.head_rows :]
            self.blocks.append(SetBlock("table", head=tuple(head), body=tuple(body)))
            return
        spans = self._spans(number, piece, block.runs, shift, block.breaks)
        if block.kind == "figure":
            self.blocks.append(SetBlock("figure", spans, figure=self.figures.get(block.name)))
        elif goes_on and self.blocks and self.blocks[-1].kind == "paragraph":
            before = self.blocks.pop()
            self.blocks.append(replace(before, spans=(*before.spans, *_joined(before.spans, spans))))
        elif spans:
            self.blocks.append(SetBlock("paragraph", spans))

    def _cell(self, number: int, piece: Piece, cell: Cell, shift: int) -> SetCell:
        return SetCell(self._spans(number, piece, cell.runs, shift), cell.columns, cell.rows)

    def _spans(
        self, number: int, piece: Piece, runs: Iterable[Run], shift: int, breaks: Sequence[int] = ()
    ) -> tuple[Span, ...]:
        """The runs that stand in the piece's range, cut where a leaf begins, a line ends or a mark does."""
        line = _Line(self, [at for at in breaks if piece.start <= at < piece.end])
        for run in runs:
            line.end_before(run.at)
            if run.kind in _WIDTHLESS:
                if piece.start < run.at <= piece.end or run.at == piece.start == 0:
                    line.put(self._erratum(run.correction) if run.correction else self._reference(number, run))
                continue
            start, end = max(run.at, piece.start), min(_end(run), piece.end)
            if start < end:
                line.put_run(run.kind, run.text[start - run.at : end - run.at], start + shift)
        return line.closed()

    def _reference(self, number: int, run: Run) -> Span:
        value = self.numbers.get((number, run.text), 0)
        first = bool(value) and value not in self.referred
        self.referred.add(value)
        return Span("reference", number=value, label=run.text, is_first=first)

    def _erratum(self, correction: Correction) -> Span:
        self.errata.append(Erratum(len(self.errata) + 1, correction))
        return Span("erratum", number=len(self.errata))

    def leaf_marks(self, at: int) -> Iterator[Span]:
        """The marks of the leaves that begin here or before."""
        while self._breaks and self._breaks[0][0] <= at:
            yield Span("leaf", leaf=self._breaks.pop(0)[1])

    def pieces(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """A text cut where leaves begin in it."""
        start, end = at, at + len(text)
        for cut, _leaf in [found for found in self._breaks if at < found[0] < end]:
            yield text[start - at : cut - at], start
            start = cut
        yield text[start - at :], start

    def parts(self, text: str, at: int) -> Iterator[Part]:
        end, start = at + len(text), at
        while start < end:
            place = bisect_right(self._cuts, start)
            stop = min(self._cuts[place], end) if place < len(self._cuts) else end
            # The edges of ranges that do not touch stand in pairs: behind the first of a pair something was found.
            is_found = place % 2 == 1
            yield Part(text[start - at : stop - at], is_found, is_found and start == self.found[0][0])
            start = stop

    def _put_left_breaks(self) -> None:
        """Leaves that begin where no more text follows: a picture, or nothing but a page to look at."""
        if self._breaks:
            marks = tuple(Span("leaf", leaf=leaf) for _at, leaf in self._breaks)
            self.blocks.append(SetBlock("paragraph", marks))


class _Line:
    """Spans as they follow each other. A note goes on over the end of a line, unless lines are shown."""

    def __init__(self, composer: _Composer, breaks: list[int]):
        self.composer, self.breaks = composer, breaks
        self.is_shown = composer.text.lines_are_physical
        self.spans: list[Span] = []
        self.note: list[Part] = []

    def put(self, span: Span) -> None:
        self._close_note()
        self.spans.append(span)

    def put_run(self, kind: str, text: str, at: int) -> None:
        for piece, begins in self.composer.pieces(text, at):
            for mark in self.composer.leaf_marks(begins):
                self.put(mark)
            parts = tuple(self.composer.parts(piece, begins))
            if kind == "note":
                self.note += parts
            else:
                self.put(Span("text", parts))

    def end_before(self, at: int) -> None:
        while self.breaks and self.breaks[0] < at:
            self.breaks.pop(0)
            if self.is_shown:
                self.put(Span("line"))
            elif self.note:
                self.note += [Part(" ")] if _is_latin(self.note[-1].text[-1:]) else []
            elif _is_latin(_last_character(self.spans)):
                self.put(Span("text", (Part(" "),)))

    def closed(self) -> tuple[Span, ...]:
        self._close_note()
        return tuple(self.spans)

    def _close_note(self) -> None:
        parts, self.note = tuple(self.note), []
        length = sum(len(part.text) for part in parts)
        if length > LONGEST_IN_TWO_LINES and not self.is_shown:
            self.spans.append(Span("note", parts))
        elif parts:
            self.spans.append(Span("note", lines=tuple(filter(None, _halves(parts, (length + 1) // 2)))))


def _halves(parts: Iterable[Part], length: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    first: list[Part] = []
    second: list[Part] = []
    for part in parts:
        if len(part.text) <= length:
            first.append(part)
        else:
            first += [replace(part, text=part.text[:length])] if length else []
            second.append(replace(part, text=part.text[length:], is_first=part.is_first and not length))
        length = max(0, length - len(part.text))
    return tuple(first), tuple(second)


def _joined(before: Sequence[Span], after: Sequence[Span]) -> Sequence[Span]:
    """What follows, with a space before it where Latin words meet at the end of a leaf."""
    return (Span("text", (Part(" "),)), *after) if _is_latin(_last_character(before)) else after


def _last_character(spans: Sequence[Span]) -> str:
    last = spans[-1] if spans else Span("line")
    parts = last.parts or (last.lines[-1] if last.lines else ())
    return parts[-1].text[-1:] if parts else ""


def _is_latin(character: str) -> bool:
    return character.isascii() and not character.isspace() and character != ""
