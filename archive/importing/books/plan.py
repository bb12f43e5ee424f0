"""What reading a file would make of a book, told before anything is made: nothing is written here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.book_text import notation
from archive.manuscripts.changing import digest
from archive.models import BookImport, BookPage, Change, ChangeSet, Leaf, Section

from .contract import Facts, FigureItem, Item, LeafItem, Problem, SectionItem

CONTENTS_SHOWN = 2_000
SAMPLES, SAMPLE_LENGTH, SHORTEST_SAMPLE = 6, 160, 10
_STRUCTURAL = ("move", "name", "add", "remove", "number", "names", "split", "merge")


@dataclass(frozen=True)
class Known:
    """A passage that is in the book already: the digest of what its file said, and whether a person has corrected
    it."""

    pk: int
    raw: str
    is_corrected: bool


class KnownPassages:
    """The sections and leaves of a book by the names that they have in its file. `has_text` says whether the book says
    anything yet, `is_arranged` whether a person has arranged its contents, which then stay as they are."""

    def __init__(self, book: BookPage | None):
        self.text_unit = book.text_unit if book is not None else ""
        self.sections = self._of(Section, book)
        self.leaves = self._of(Leaf, book)
        self.has_passages = self.has_text = self.is_arranged = False
        if book is not None:
            stored = Leaf if self.text_unit == BookPage.TextUnit.LEAF else Section
            self.has_passages = book.sections.exists() or book.leaves.exists()
            self.has_text = stored.objects.filter(book=book).exclude(text="").exists()
            done = Change.objects.filter(book=book, operation__do__in=_STRUCTURAL, is_undone=False)
            self.is_arranged = done.exclude(change_set__state=ChangeSet.State.DISCARDED).exists()
        self.retired = self._retired(book) if book is not None and self.is_arranged else {}
        """What the last import called sections that are none any more, because a person has merged or removed them: it
        knows them by `shortened` names, with the digests of what they said."""

    def _retired(self, book: BookPage) -> dict[str, str]:
        last = BookImport.objects.filter(book=book, state=BookImport.State.DONE).order_by("-finished_at", "-pk").first()
        there = {shortened(source) for source in self.sections}
        seen = last.plan.get("seen", {}) if last is not None else {}
        return {name: text for name, text in seen.items() if name not in there}

    @staticmethod
    def _of(model: type[Section] | type[Leaf], book: BookPage | None) -> dict[str, Known]:
        if book is None:
            return {}
        rows = model.objects.filter(book=book).exclude(source="").order_by()
        columns = rows.values_list("source", "pk", "raw_text", "text", "corrected_at").iterator()
        # Of a corrected passage the raw text is kept even where it is empty: a person may have filled an empty page.
        return {
            source: Known(pk, digest(raw if corrected else raw or text), corrected is not None)
            for source, pk, raw, text, corrected in columns
        }

    def is_of_another_unit(self, text_unit: str, characters: int) -> bool:
        """Whether the file keeps its text elsewhere than the book does: it would then be stored twice."""
        return self.has_text and characters > 0 and text_unit != self.text_unit


def shortened(source: str) -> str:
    """A name of the file short enough to be kept for all of them."""
    return digest(source)[:10]


@dataclass
class Tally:
    """How many of one sort are new, changed in the file, the same, corrected by a person although changed in the file,
    and no longer in the file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    corrected: int = 0
    gone: int = 0

    def count(self, known: Known | None, text: str) -> None:
        if known is None:
            self.new += 1
        elif known.raw == digest(text):
            self.same += 1
        elif known.is_corrected:
            self.corrected += 1
        else:
            self.changed += 1


@dataclass
class Plan:
    """The plan of one import as the desk shows it. `contents` are (level, label, title), at most `CONTENTS_SHOWN`."""

    title: str = ""
    text_unit: str = ""
    reading: str = ""
    leaves: Tally = field(default_factory=Tally)
    sections: Tally = field(default_factory=Tally)
    pictures: int = 0
    figures: int = 0
    boxes: int = 0
    notes: int = 0
    characters: int = 0
    set_aside: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    contents: list[tuple[int, str, str]] = field(default_factory=list)
    samples: list[tuple[str, str]] = field(default_factory=list)
    keeps_arrangement: bool = False


def plan_of(items: Iterable[Item], known: KnownPassages) -> Plan:
    """Read through once; holds headings and counts, no texts."""
    plan = Plan(keeps_arrangement=known.is_arranged)
    seen: dict[str, set[str]] = {"sections": set(), "leaves": set()}
    problems: Counter[str] = Counter()
    for item in items:
        match item:
            case Facts():
                plan.title, plan.text_unit, plan.reading = item.title, item.text_unit, item.reading
            case LeafItem():
                seen["leaves"].add(item.source)
                _count_leaf(plan, item, known)
            case SectionItem():
                seen["sections"].add(item.source)
                _count_section(plan, item, known)
            case FigureItem():
                plan.figures += 1
            case Problem():
                problems[item.severity] += 1
    # A file that has no leaves at all says nothing of those of the book; the same of sections.
    plan.leaves.gone = len(known.leaves.keys() - seen["leaves"]) if seen["leaves"] else 0
    plan.sections.gone = len(known.sections.keys() - seen["sections"]) if seen["sections"] else 0
    plan.problems = dict(problems)
    return plan


def _count_leaf(plan: Plan, item: LeafItem, known: KnownPassages) -> None:
    plan.leaves.count(known.leaves.get(item.source), item.text)
    plan.pictures += bool(item.picture)
    plan.boxes += len(item.boxes)
    plan.set_aside += bool(item.set_aside)
    _count_text(plan, item.label or item.source, item.text)


def _count_section(plan: Plan, item: SectionItem, known: KnownPassages) -> None:
    own = known.sections.get(item.source)
    if own is None and shortened(item.source) in known.retired:
        plan.sections.corrected += 1
    else:
        plan.sections.count(own, item.text)
    if len(plan.contents) < CONTENTS_SHOWN:
        plan.contents.append((item.level, item.label, item.title))
    _count_text(plan, f"{item.label} {item.title}".strip(), item.text)


def _count_text(plan: Plan, name: str, text: str) -> None:
    if not text:
        return
    plain = notation.plain(text)
    plan.characters += len(plain)
    plan.notes += text.count(notation.NOTE_OPENS)
    if len(plan.samples) < SAMPLES and len(plain) >= SHORTEST_SAMPLE:
        plan.samples.append((name, plain[:SAMPLE_LENGTH]))
