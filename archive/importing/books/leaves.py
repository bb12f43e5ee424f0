"""The leaves of an import become rows: new ones are made, changed ones rewritten, all put into the file's order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _

from archive.book_text import notation
from archive.book_text.rebasing import rebase
from archive.manuscripts.changing import digest
from archive.models import Anchor, BookImport, BookPage, Leaf, LeafLayout, PassageRevision
from archive.models.book_layout import PARTS

from .contract import Box, LeafItem
from .mending import Wording
from .notes import Notes
from .plan import KnownPassages

TOGETHER = 500
_ASIDE = 500_000_000
"""Added to positions while they are rearranged: no two rows may share one, not even for a moment."""

_UPDATED = ("label", "scan", "text", "raw_text", "set_aside")


@dataclass
class LeafReport:
    new: int = 0
    changed: int = 0
    gone: int = 0
    scans_changed: int = 0
    corrected_kept: int = 0
    mended: int = 0
    characters: int = 0


@dataclass
class LeafWriter:
    """`take` is given the leaves in portions, in the file's order; `finish` puts them into it. Afterwards `pks` are the
    leaves by their names in the file, in order, `lengths` those of their plain texts, `reworded` (what the file says,
    what the book says) of those whose plain text is another one, and `fresh` the keys of those that were made."""

    book: BookPage
    run: BookImport
    known: KnownPassages
    notes: Notes
    report: LeafReport = field(default_factory=LeafReport)
    pks: dict[str, int] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    reworded: dict[str, tuple[str, str]] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)
    changed: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The plain texts before and after, of leaves that were there and now say something else."""

    def __post_init__(self):
        self._scans = dict(self.run.pictures.exclude(scan=None).values_list("name", "scan_id"))
        self._keys = set(Leaf.objects.filter(book=self.book).values_list("key", flat=True))

    def take(self, portion: list[tuple[LeafItem, Wording | None]]) -> None:
        """`Wording` is None where the book knows the leaf word for word."""
        portion = list(
            {item.source: (item, wording) for item, wording in portion if item.source not in self.pks}.values()
        )
        sources = [item.source for item, _wording in portion]
        there = {leaf.source: leaf for leaf in Leaf.objects.filter(book=self.book, source__in=sources)}
        made: list[tuple[Leaf, LeafItem]] = []
        updated: list[Leaf] = []
        history: list[PassageRevision] = []
        for number, (item, wording) in enumerate(portion):
            leaf = there.get(item.source)
            if leaf is None:
                leaf = self._made(item, wording, len(self.pks) + number + 1)
                made.append((leaf, item))
            elif self._update(leaf, item, wording, history):
                updated.append(leaf)
            there[item.source] = leaf
        PassageRevision.objects.bulk_create(history)
        Leaf.objects.bulk_update(updated, _UPDATED, batch_size=100)
        self.fresh += [leaf.pk for leaf in Leaf.objects.bulk_create(leaf for leaf, _item in made)]
        for item, _wording in portion:
            self._remember(item, there[item.source])
        self._lay_out([(there[item.source], item) for item, _wording in portion], {leaf.pk for leaf, _item in made})

    def _remember(self, item: LeafItem, leaf: Leaf) -> None:
        plain = notation.plain(leaf.text)
        if leaf.text != item.text and (raw := notation.plain(item.text)) != plain:
            self.reworded[item.source] = (raw, plain)
        self.pks[item.source] = leaf.pk
        self.lengths.append(len(plain))
        self.report.characters += len(plain)

    def _made(self, item: LeafItem, wording: Wording, position: int) -> Leaf:
        leaf = Leaf(book=self.book, source=item.source, position=2 * _ASIDE + position, text=wording.text)
        leaf.key = _free(str(position), self._keys)
        leaf.raw_text = item.text if wording.text != item.text else ""
        self._keys.add(leaf.key)
        self.report.new += 1
        self.report.mended += wording.repairs
        self._show(leaf, item)
        return leaf

    def _show(self, leaf: Leaf, item: LeafItem) -> None:
        leaf.set_aside = item.set_aside
        if item.label and not leaf.label:
            leaf.label = item.label[:40]
        scan = self._scans.get(item.picture)
        if scan is not None:
            leaf.scan_id = scan

    def _update(self, leaf: Leaf, item: LeafItem, wording: Wording | None, history: list[PassageRevision]) -> bool:
        """Whether anything about the leaf is another than before."""
        before = [getattr(leaf, name) for name in ("label", "set_aside", "scan_id")]
        self._show(leaf, item)
        after = [getattr(leaf, name) for name in ("label", "set_aside", "scan_id")]
        self.report.scans_changed += before[2] is not None and before[2] != after[2]
        known = self.known.leaves[item.source]
        if known.raw == digest(item.text):
            return before != after
        if known.is_corrected:
            self.report.corrected_kept += 1
            self.notes.corrected(leaf.heading)
            leaf.raw_text = item.text
            return True
        history.append(self._revision(leaf))
        self.changed[leaf.pk] = (notation.plain(leaf.text), notation.plain(wording.text))
        leaf.text, leaf.raw_text = wording.text, item.text if wording.text != item.text else ""
        self.report.changed += 1
        self.report.mended += wording.repairs
        return True

    def _revision(self, leaf: Leaf) -> PassageRevision:
        return PassageRevision(
            book=self.book,
            leaf=leaf,
            passage_name=leaf.heading[:255],
            text=leaf.text,
            reason=PassageRevision.Reason.IMPORT,
            author=self.run.created_by,
        )

    def _lay_out(self, pairs: list[tuple[Leaf, LeafItem]], made: set[int]) -> None:
        there = LeafLayout.objects.in_bulk([leaf.pk for leaf, _item in pairs if leaf.pk not in made])
        new, changed, gone = [], [], []
        for leaf, item in pairs:
            boxes = _as_stored(item.boxes, item.text, leaf.text)
            layout = there.get(leaf.pk)
            if layout is None and boxes:
                new.append(LeafLayout(leaf=leaf, boxes=boxes))
            elif layout is not None and not boxes:
                gone.append(leaf.pk)
            elif layout is not None and layout.boxes != boxes:
                layout.boxes = boxes
                changed.append(layout)
        LeafLayout.objects.bulk_create(new)
        LeafLayout.objects.bulk_update(changed, ["boxes"], batch_size=100)
        LeafLayout.objects.filter(pk__in=gone).delete()

    # --- Their order ------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Nothing, where the file has no leaves: then it says nothing of those of the book."""
        if not self.pks:
            return
        kept = self._let_go()
        order = {pk: place for place, pk in enumerate([*self.pks.values(), *kept], start=1)}
        leaves = Leaf.objects.filter(book=self.book)
        moved = [(old, order[pk]) for pk, old in leaves.order_by("position").values_list("pk", "position")]
        for first, last, shift in _blocks([(old, new) for old, new in moved if old != new]):
            leaves.filter(position__gte=first, position__lte=last).update(position=F("position") + shift + _ASIDE)
        on_their_way = leaves.filter(position__gte=_ASIDE, position__lt=2 * _ASIDE)
        on_their_way.update(position=F("position") - _ASIDE)

    def _let_go(self) -> list[int]:
        """Leaves that are not in the file any more go; those that were corrected or made by hand stay, at the end."""
        gone = Leaf.objects.filter(book=self.book).order_by("position").defer("raw_text", "set_aside")
        dropped, kept = [], []
        found = set(self.pks.values())
        for leaf in gone.iterator(TOGETHER):
            if leaf.pk in found:
                continue
            (kept if leaf.corrected_at or not leaf.source else dropped).append(leaf)
        self.report.gone = len(dropped)
        for start in range(0, len(dropped), TOGETHER):
            portion = dropped[start : start + TOGETHER]
            pks = [leaf.pk for leaf in portion]
            PassageRevision.objects.bulk_create(self._revision(leaf) for leaf in portion if leaf.text)
            Anchor.objects.filter(leaf__in=pks).delete()
            LeafLayout.objects.filter(leaf__in=pks).delete()
            Leaf.objects.filter(pk__in=pks).delete()
        for leaf in kept:
            if leaf.source:
                self.notes.add("leaf-gone", leaf.heading, _("底本里已没有这一面；它经人更正过，予以保留，排在书末。"))
        return [leaf.pk for leaf in kept]


def _free(key: str, taken: set[str]) -> str:
    candidate, number = key, 1
    while candidate in taken:
        number += 1
        candidate = f"{key}-{number}"
    return candidate


def _blocks(moved: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Runs of neighbouring rows that move by the same amount, as (first, last old position, shift)."""
    blocks: list[tuple[int, int, int]] = []
    for old, new in moved:
        if blocks and old == blocks[-1][1] + 1 and new - old == blocks[-1][2]:
            blocks[-1] = (blocks[-1][0], old, new - old)
        else:
            blocks.append((old, old, new - old))
    return blocks


def _as_stored(boxes: Iterable[Box], raw: str, text: str) -> list[list[int]]:
    """Boxes as `LeafLayout` keeps them, their ranges carried over from the file's text to the one that is kept."""
    boxes = list(boxes)
    if not boxes:
        return []
    ranges = [(box.start, box.end) for box in boxes]
    if raw != text:
        ranges = rebase(notation.plain(raw), notation.plain(text), ranges)
    return [
        [*(_part(value) for value in (box.left, box.top, box.width, box.height)), start, end, int(box.is_word)]
        for box, (start, end) in zip(boxes, ranges, strict=True)
    ]


def _part(fraction: float) -> int:
    return round(PARTS * min(max(fraction, 0.0), 1.0))
