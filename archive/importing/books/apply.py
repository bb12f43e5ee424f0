"""What was read becomes the book, in one transaction: there is the whole of it or nothing.

Passages are known again by their name in the file. What the file says otherwise than last time is taken over, unless a
person has corrected the passage: then the correction stays and the difference is reported. Contents that a person has
arranged stay as they are. A file without leaves, or without sections, says nothing of those that the book has.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from archive.book_text import notation
from archive.book_text.contents import DEEPEST, Node
from archive.manuscripts.changing import digest
from archive.manuscripts.state import LONGEST_TEXT, Manuscript
from archive.manuscripts.writing import Writer
from archive.models import BookImport, BookPage, Figure, PassageRevision, Section
from archive.publication import ask_for_copies, enqueue_with_passages, record_uses
from media_assets.jobs import JobError

from .anchors import carry_anchors, write_anchors
from .contract import Facts, FigureItem, LeafItem, SectionItem
from .leaves import TOGETHER, LeafWriter
from .mending import Wording, mended_items
from .notes import Notes
from .plan import KnownPassages, shortened

_FACTS = ("date_written", "compilers", "publisher", "language", "volume_year")
_DERIVED = ("date_earliest", "date_latest", "date_precision", "date_edtf")


@dataclass
class Report:
    """What was done, in the same words as the plan."""

    leaves_new: int = 0
    leaves_changed: int = 0
    leaves_gone: int = 0
    scans_changed: int = 0
    sections_new: int = 0
    sections_changed: int = 0
    sections_gone: int = 0
    corrected_kept: int = 0
    mended: int = 0
    characters: int = 0


@dataclass
class _Found:
    """What the file holds, as far as it must be remembered until the sections are made: headings, no texts of which the
    book has the same."""

    facts: Facts = field(default_factory=lambda: Facts(""))
    sections: list[tuple[SectionItem, Wording | None]] = field(default_factory=list)
    figures: dict[str, FigureItem] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)


class Applier:
    """Applies one import, whose pictures are in the storage and whose text is mended, to one book. `seen` is then what
    the file calls its sections, for the next import to know them by."""

    def __init__(self, run: BookImport, book: BookPage, workspace: Path):
        self.run, self.book, self.workspace = run, book, workspace
        self.report = Report()
        self.known = KnownPassages(book)
        self.found = _Found()
        self.notes = Notes(run)
        self.leaves = LeafWriter(book, run, self.known, self.notes)

    @property
    def seen(self) -> dict[str, str]:
        return self.found.seen

    @transaction.atomic
    def apply(self) -> Report:
        """Write everything. Raises JobError, and then nothing is written."""
        BookPage.objects.select_for_update(of=("self",)).get(pk=self.book.pk)
        self._take_items()
        self._take_facts()
        if self.known.is_arranged or not self.found.sections:
            self._keep_contents()
        else:
            self._take_contents()
        self._tell_leaves()
        self.notes.write()
        record_uses(BookPage.objects.get(pk=self.book.pk))
        if self.book.live:
            enqueue_with_passages([self.book.pk])
            ask_for_copies([self.book.pk])
        return self.report

    def _take_items(self) -> None:
        """One pass through the file; leaves are written in portions, what the sections need is remembered."""
        portion: list[tuple[LeafItem, Wording | None]] = []
        for item, wording in mended_items(self.workspace):
            match item:
                case Facts():
                    self.found.facts = item
                case SectionItem():
                    self._remember(item, wording)
                case FigureItem():
                    self.found.figures.setdefault(item.key, item)
                case LeafItem():
                    portion.append((item, None if self._is_same(self.known.leaves, item) else wording()))
                    if len(portion) == TOGETHER:
                        self.leaves.take(portion)
                        portion = []
        self.leaves.take(portion)
        self.leaves.finish()
        self._take_figures()

    @staticmethod
    def _is_same(there: dict, item: LeafItem | SectionItem) -> bool:
        own = there.get(item.source)
        return own is not None and own.raw == digest(item.text)

    def _remember(self, item: SectionItem, wording) -> None:
        name = shortened(item.source)
        if name in self.found.seen:
            return
        self.found.seen[name] = digest(item.text)[:8]
        self.report.characters += len(notation.plain(item.text))
        same = self._is_same(self.known.sections, item)
        # Its own text is needed once more only where its leaf breaks are counted in it.
        kept = item if not same or item.breaks else replace(item, text="")
        self.found.sections.append((kept, None if same else wording()))

    # --- The book ---------------------------------------------------------------------------------------------

    def _take_facts(self) -> None:
        """What the book does not say of itself yet; how its text is stored only while it has none."""
        facts, changed = self.found.facts, {}
        characters = self.report.characters + self.leaves.report.characters
        if self.known.is_of_another_unit(facts.text_unit, characters):
            raise JobError(other_unit(self.book))
        if not self.known.has_passages:
            changed = {"text_unit": facts.text_unit, "reading_direction": facts.reading}
        elif not self.known.has_text and characters:
            changed = {"text_unit": facts.text_unit}
        for name in _FACTS:
            if getattr(facts, name) and not getattr(self.book, name):
                changed[name] = getattr(facts, name)
        if not changed:
            return
        for name, value in changed.items():
            setattr(self.book, name, value)
        self.book.derive_dates()
        derived = {name: getattr(self.book, name) for name in _DERIVED}
        BookPage.objects.filter(pk=self.book.pk).update(**changed, **derived)
        self._tell_the_form(changed)

    def _tell_the_form(self, changed: dict) -> None:
        """The form shows the newest revision, which may hold what an editor has not published yet: that stays."""
        revision = self.book.latest_revision
        if revision is not None:
            empty = {n: v for n, v in changed.items() if n not in _FACTS or not revision.content.get(n)}
            revision.content |= empty
            revision.save(update_fields=["content"])

    def _take_figures(self) -> None:
        images = dict(self.run.pictures.exclude(image=None).values_list("name", "image_id"))
        there = {figure.key: figure for figure in Figure.objects.filter(book=self.book)}
        new, changed = [], []
        for key, item in self.found.figures.items():
            if item.picture not in images:
                continue
            figure = there.get(key) or Figure(book=self.book, key=key)
            wanted = (images[item.picture], item.caption[:255])
            if (figure.image_id, figure.caption) != wanted:
                figure.image_id, figure.caption = wanted
                (changed if figure.pk else new).append(figure)
        Figure.objects.bulk_create(new, batch_size=TOGETHER)
        Figure.objects.bulk_update(changed, ["image", "caption"], batch_size=TOGETHER)

    # --- Sections ---------------------------------------------------------------------------------------------

    def _take_contents(self) -> None:
        """Contents as the file has them."""
        manuscript, fields = Manuscript(self.book), {}
        refs = self._refs()
        nodes = [self._node(item, refs[item.source]) for item, _wording in self.found.sections]
        for item, wording in self.found.sections:
            self._take_text(manuscript, item, wording, refs[item.source], fields)
        nodes += self._worked_on_and_gone(manuscript, {node.ref for node in nodes})
        self.report.sections_gone = len(manuscript.kept.keys() - {node.ref for node in nodes})
        manuscript.contents.nodes = _settled(nodes)
        new = self._write(manuscript, fields)
        pks = [int(new.get(refs[item.source], refs[item.source])[1:]) for item, _wording in self.found.sections]
        raw_texts = {pk: item.text for pk, (item, _w) in zip(pks, self.found.sections, strict=True) if item.breaks}
        if self.leaves.pks:
            found = [item for item, _wording in self.found.sections]
            write_anchors(self.book, found, pks, self.leaves, raw_texts)

    def _refs(self) -> dict[str, str]:
        known = self.known.sections
        return {
            item.source: f"s{known[item.source].pk}" if item.source in known else f"n{number}"
            for number, (item, _wording) in enumerate(self.found.sections)
        }

    @staticmethod
    def _node(item: SectionItem, ref: str) -> Node:
        return Node(ref, item.level, item.kind, item.label[:60], (item.title or item.label)[:255])

    def _write(self, manuscript: Manuscript, fields: dict[str, dict]) -> dict[str, str]:
        new = Writer(manuscript, self.run.created_by, PassageRevision.Reason.IMPORT, fields).write()
        self.report.sections_new = len(new)
        for ref, columns in fields.items():
            if ref not in new and "raw_text" in columns:
                Section.objects.filter(pk=int(ref[1:])).update(**columns)
        return new

    def _take_text(
        self, manuscript: Manuscript, item: SectionItem, wording: Wording | None, ref: str, fields: dict[str, dict]
    ) -> None:
        if wording is None:
            return
        raw = item.text if wording.text != item.text else ""
        if ref.startswith("n"):
            fields[ref] = {"source": item.source, "raw_text": raw}
            manuscript.texts[ref] = wording.text
            self.report.mended += wording.repairs
        elif self.known.sections[item.source].is_corrected:
            self.report.corrected_kept += 1
            self.notes.corrected(f"{item.label} {item.title}".strip())
            Section.objects.filter(pk=int(ref[1:])).update(raw_text=item.text)
        else:
            fields[ref] = {"raw_text": raw}
            manuscript.texts[ref] = wording.text
            self.report.sections_changed += 1
            self.report.mended += wording.repairs

    def _worked_on_and_gone(self, manuscript: Manuscript, there: set[str]) -> list[Node]:
        """Sections that the file has no more but a person has worked on: they stay, at the end."""
        kept = []
        rows = Section.objects.filter(book=self.book).exclude(corrected_at=None, source__gt="").order_by("position")
        for section in rows.defer("text", "raw_text"):
            if f"s{section.pk}" not in there:
                message = _("底本里已没有这一篇；它经人更正或添加，予以保留，排在书末。")
                self.notes.add("section-gone", section.heading, message)
                kept.append(Node(f"s{section.pk}", section.depth, section.kind, section.label, section.title))
        return kept

    def _keep_contents(self) -> None:
        """The contents as a person has arranged them; what is new in the file goes behind what stands before it."""
        manuscript, fields = Manuscript(self.book), {}
        refs = self._refs()
        before: str | None = None
        for item, wording in self.found.sections:
            ref = refs[item.source]
            if ref.startswith("n"):
                if self._was_retired(item):
                    continue
                self._add(manuscript, self._node(item, ref), before)
            elif wording is not None and self._is_taken(item, wording):
                # Where leaves begin in it is carried over the change.
                manuscript.do({"do": "text", "of": ref, "text": wording.text})
            self._take_text(manuscript, item, wording, ref, fields)
            before = ref
        if self.found.sections:
            self._tell_gone()
        self._write(manuscript, fields)
        if self.leaves.pks and self.book.text_unit == BookPage.TextUnit.LEAF:
            carry_anchors(self.book, self.leaves)

    def _is_taken(self, item: SectionItem, wording: Wording) -> bool:
        return not self.known.sections[item.source].is_corrected and len(wording.text) <= LONGEST_TEXT

    def _was_retired(self, item: SectionItem) -> bool:
        """Whether a person has merged it into another one or removed it: it is not made again."""
        name = shortened(item.source)
        if name not in self.known.retired:
            return False
        if self.known.retired[name] != self.found.seen[name]:
            message = _("底本的这一篇有改动，而它已由人并入他篇或删去：没有重新添加，请核对。")
            self.notes.add("section-merged", f"{item.label} {item.title}".strip(), message)
        return True

    def _add(self, manuscript: Manuscript, node: Node, before: str | None) -> None:
        place = manuscript.contents.place(before) if before else -1
        above = manuscript.contents.nodes[place].depth if place >= 0 else 0
        manuscript.contents.put_after(place, replace(node, depth=min(node.depth, above + 1)))
        manuscript.pieces[node.ref] = []
        self.notes.add("section-added", node.title, _("底本新增此篇；目录经人手调整过，请核对它的位置。"))

    def _tell_gone(self) -> None:
        gone = self.known.sections.keys() - {item.source for item, _wording in self.found.sections}
        pks = {self.known.sections[source].pk for source in gone}
        for pk, label, title in Section.objects.filter(book=self.book).values_list("pk", "label", "title"):
            if pk in pks:
                message = _("底本里已没有这一篇；目录经人手调整过，予以保留。")
                self.notes.add("section-gone", f"{label} {title}".strip(), message)

    def _tell_leaves(self) -> None:
        told = self.leaves.report
        self.report.leaves_new, self.report.leaves_changed, self.report.leaves_gone = told.new, told.changed, told.gone
        self.report.scans_changed = told.scans_changed
        self.report.corrected_kept += told.corrected_kept
        self.report.mended += told.mended
        self.report.characters += told.characters


def other_unit(book: BookPage) -> str:
    """Why a file whose text belongs elsewhere cannot become part of this book."""
    return _(
        "《%(title)s》的文字存放于%(unit)s，与这份书稿的存放方式不同，导入会使文字重复。"
        "请导入为新书，或换用同一种书稿。"
    ) % {"title": book.title, "unit": book.get_text_unit_display()}


def _settled(nodes: list[Node]) -> list[Node]:
    """No node is more than one level deeper than the one before it: files jump from a chapter to an item."""
    settled: list[Node] = []
    outer: list[tuple[int, int]] = []  # (level in the file, depth) of the nodes above
    for node in nodes:
        while outer and outer[-1][0] >= node.depth:
            outer.pop()
        depth = min(outer[-1][1] + 1 if outer else 1, DEEPEST)
        outer.append((node.depth, depth))
        settled.append(replace(node, depth=depth))
    return settled
