"""Where paragraphs end in a text whose lines are those of a page: a line that stops short is the last of its paragraph.

The notation says where a paragraph begins that is indented. Titles and the ends of paragraphs that are followed by a
line without indent are known by their length alone. Pure.
"""

from dataclasses import replace

from archive.book_text.notation import Block, Passage, Run

SHORT = 0.75
"""The share of a full line below which a line stops short."""
_FULL_LINES = 0.9
"""Of the lines of a page in the order of their lengths the one here is taken for a full one: one may run over."""


def full_line(passage: Passage) -> float:
    """How long a full line of this page is, in characters; 0 where nothing is told by length."""
    widths = sorted(width for block in passage.blocks if block.kind == "paragraph" for width in _widths(block))
    return widths[int((len(widths) - 1) * _FULL_LINES)] if len(widths) > 1 else 0


def parted(block: Block, full: float) -> list[Block]:
    """A paragraph as the paragraphs that it is made of."""
    if block.kind != "paragraph" or not block.breaks or not full:
        return [block]
    ends = [at for at, width in zip(block.breaks, _widths(block), strict=False) if width < SHORT * full]
    if not ends:
        return [block]
    parts: list[list[Run]] = [[] for _end in [*ends, None]]
    for run in block.runs:
        parts[sum(1 for end in ends if end < run.at)].append(run)
    return [
        replace(block, runs=tuple(runs), breaks=tuple(at for at in block.breaks if _holds(runs, at)))
        for runs in parts
        if runs
    ]


def stops_short(block: Block, full: float) -> bool:
    """Whether the last line of a paragraph is the end of it, and not of the page alone."""
    return bool(full) and block.kind == "paragraph" and _widths(block)[-1] < SHORT * full


def _holds(runs: list[Run], at: int) -> bool:
    return runs[0].at <= at < runs[-1].at


def _widths(block: Block) -> list[float]:
    """The length of each line. A note in two lines takes half of its characters."""
    widths = [0.0] * (len(block.breaks) + 1)
    for run in block.runs:
        if run.kind not in ("reference", "correction"):
            widths[sum(1 for at in block.breaks if at < run.at)] += len(run.text) / (2 if run.kind == "note" else 1)
    return widths
