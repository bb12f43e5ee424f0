"""Makes the database what a manuscript says: rows that differ are written, in one transaction that the caller holds."""

from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from archive.access import AccessLevel
from archive.book_text import notation
from archive.book_text.rebasing import rebase
from archive.models import Anchor, ArchivePage, Identifier, Leaf, LeafLayout, PassageRevision, Section
from archive.models.slugs import propose_slug
from search.indexing import enqueue

from .state import Kept, Manuscript, Piece

_ASIDE = 500_000_000
"""Added to positions while they are rearranged: no two rows may share one, not even for a moment."""

_TOGETHER = 500


class Writer:
    """Writes one manuscript. `refs` are, afterwards, the refs of the sections that were made, by those that their
    nodes had. `fields` are columns of sections, by ref, that an import brings besides what a node has: its text is no
    person's correction."""

    def __init__(
        self,
        manuscript: Manuscript,
        user,
        reason: str = PassageRevision.Reason.EDIT,
        fields: dict[str, dict] | None = None,
    ):
        self.manuscript, self.user, self.reason = manuscript, user, reason
        self.fields = fields or {}
        self.book = manuscript.book
        self.refs: dict[str, str] = {}
        self._changed: set[int] = set()
        self._now = timezone.now()

    def write(self) -> dict[str, str]:
        """Write what differs; the new refs. The rows of the book must be locked."""
        self._create()
        self._arrange()
        self._name()
        self._write_texts()
        self._write_pieces()
        self._remove()
        self._label()
        enqueue("section", sorted(self._changed))
        return self.refs

    # --- Sections ---------------------------------------------------------------------------------------------

    def _create(self) -> None:
        nodes, returning = self.manuscript.contents.nodes, self.manuscript.returning
        fresh = [node for node in nodes if node.ref not in self.manuscript.kept]
        if not fresh:
            return
        keys = set(Section.objects.filter(book=self.book).values_list("key", flat=True))
        new = iter(self._identifiers(sum(node.ref not in returning for node in fresh)))
        rows = []
        for number, node in enumerate(fresh):
            was = returning.get(node.ref, {})
            key = was.get("key") or free_key(f"{node.label} {node.title}", keys)
            keys.add(key)
            row = Section(
                pk=was.get("pk"),
                book=self.book,
                identifier_id=was.get("identifier") or next(new).pk,
                key=key,
                position=2 * _ASIDE + number,
                depth=node.depth,
                kind=node.kind,
                label=node.label,
                title=node.title,
                text=self.manuscript.texts.get(node.ref, ""),
                **self.fields.get(node.ref, {}),
            )
            rows.append(row)
        # Rows that bring their key along and rows that get one are two statements for the database.
        for known in (True, False):
            Section.objects.bulk_create([row for row in rows if (row.pk is not None) == known], batch_size=_TOGETHER)
        self._note_identifiers([row.identifier_id for row in rows])
        for row, node in zip(rows, fresh, strict=True):
            self.refs[node.ref] = f"s{row.pk}"
            self.manuscript.kept[node.ref] = Kept(row.pk, row.key, row.identifier_id, row.position, node)
            self._changed.add(row.pk)

    @staticmethod
    def _identifiers(count: int) -> list[Identifier]:
        return Identifier.objects.assign_many(Identifier.Kind.SECTION, count) if count else []

    def _note_identifiers(self, values: list[str]) -> None:
        """Those that come back are no tombstones any more; those of a book in public view are public."""
        shown = ArchivePage.objects.filter(pk=self.book.pk, live=True, effective_access__lt=AccessLevel.STAFF).exists()
        for chunk in _portions(values):
            rows = Identifier.objects.filter(pk__in=chunk)
            rows.exclude(removed_at=None).update(removed_at=None)
            if shown:
                rows.filter(ever_public=False).update(ever_public=True)

    def _arrange(self) -> None:
        """Positions, depths and parents. What moves as a block is moved by one statement."""
        nodes, kept = self.manuscript.contents.nodes, self.manuscript.kept
        there = {kept[node.ref].pk: (kept[node.ref].position, place) for place, node in enumerate(nodes, start=1)}
        moved = sorted((old, new, pk) for pk, (old, new) in there.items() if old != new)
        sections = Section.objects.filter(book=self.book)
        gone = [own.pk for ref, own in kept.items() if ref not in {node.ref for node in nodes}]
        for number, pk in enumerate(gone):
            sections.filter(pk=pk).update(position=3 * _ASIDE + number)
        for first, last, shift in _blocks(moved):
            step = sections.filter(position__gte=first, position__lte=last)
            step.update(position=_plus(shift + _ASIDE))
        if moved:
            sections.filter(position__gte=_ASIDE // 2, position__lt=_ASIDE + _ASIDE // 2).update(
                position=_plus(-_ASIDE)
            )
        self._changed |= {pk for _old, _new, pk in moved}
        self._set_parents()

    def _set_parents(self) -> None:
        depths: dict[int, list[int]] = {}
        parents: dict[int | None, list[int]] = {}
        now = dict(Section.objects.filter(book=self.book).values_list("pk", "parent_id"))
        above: list[int] = []
        for node in self.manuscript.contents.nodes:
            pk = self.manuscript.kept[node.ref].pk
            del above[node.depth - 1 :]
            parent = above[-1] if above else None
            above.append(pk)
            if now.get(pk) != parent:
                parents.setdefault(parent, []).append(pk)
            if self.manuscript.kept[node.ref].node.depth != node.depth:
                depths.setdefault(node.depth, []).append(pk)
        for field, groups in (("parent", parents), ("depth", depths)):
            for value, pks in groups.items():
                self._changed |= set(pks)
                for chunk in _portions(pks):
                    Section.objects.filter(pk__in=chunk).update(**{field: value})

    def _name(self) -> None:
        for node in self.manuscript.contents.nodes:
            kept = self.manuscript.kept[node.ref]
            if (kept.node.kind, kept.node.label, kept.node.title) == (node.kind, node.label, node.title):
                continue
            Section.objects.filter(pk=kept.pk).update(kind=node.kind, label=node.label, title=node.title)
            self._changed.add(kept.pk)
            # The parts tell their parent's heading.
            self._changed |= set(Section.objects.filter(parent=kept.pk).values_list("pk", flat=True))

    def _remove(self) -> None:
        """Sections that were merged away or removed: their history and their tombstone stay."""
        there = {node.ref for node in self.manuscript.contents.nodes}
        for ref, kept in self.manuscript.kept.items():
            if ref in there:
                continue
            section = Section.objects.get(pk=kept.pk)
            self._remember(section, PassageRevision.Reason.STRUCTURE)
            section.delete()
            self._changed.discard(kept.pk)

    # --- Texts ------------------------------------------------------------------------------------------------

    def _write_texts(self) -> None:
        there = {node.ref for node in self.manuscript.contents.nodes}
        leaves: list[int] = []
        for ref, text in self.manuscript.texts.items():
            if ref.startswith("l"):
                leaves += self._write_leaf(int(ref[1:]), text)
            elif ref in there:
                self._write_section(ref, text)
        if leaves:
            before = [
                position - 1 for position in Leaf.objects.filter(pk__in=leaves).values_list("position", flat=True)
            ]
            neighbours = Leaf.objects.filter(book=self.book, position__in=before).values_list("pk", flat=True)
            enqueue("leaf", sorted({*leaves, *neighbours}))

    def _write_section(self, ref: str, text: str) -> None:
        if ref in self.refs:
            return  # it was made with its text
        section = Section.objects.get(pk=self.manuscript.kept[ref].pk)
        if section.text != text:
            self._remember(section, self.reason)
            changed = self.fields.get(ref) or {"raw_text": section.raw_text or section.text, "corrected_at": self._now}
            Section.objects.filter(pk=section.pk).update(text=text, **changed)
            self._changed.add(section.pk)

    def _write_leaf(self, pk: int, text: str) -> list[int]:
        leaf = Leaf.objects.get(pk=pk, book=self.book)
        if leaf.text == text:
            return []
        self._remember(leaf, self.reason)
        layout = LeafLayout.objects.filter(pk=pk).first()
        if layout is not None:
            ranges = [(box[4], box[5]) for box in layout.boxes]
            moved = rebase(notation.plain(leaf.text), notation.plain(text), ranges)
            layout.boxes = [
                [*box[:4], start, end, box[6]] for box, (start, end) in zip(layout.boxes, moved, strict=True)
            ]
            layout.save(update_fields=["boxes"])
        Leaf.objects.filter(pk=pk).update(text=text, raw_text=leaf.raw_text or leaf.text, corrected_at=self._now)
        return [pk]

    def _remember(self, passage: Section | Leaf, reason: str) -> None:
        side = {"section": passage} if isinstance(passage, Section) else {"leaf": passage}
        PassageRevision.objects.create(
            book=self.book,
            passage_name=passage.heading[:255],
            text=passage.text,
            reason=reason,
            author=self.user,
            **side,
        )

    # --- Leaves -----------------------------------------------------------------------------------------------

    def _write_pieces(self) -> None:
        there = {node.ref for node in self.manuscript.contents.nodes}
        for ref, pieces in self.manuscript.pieces.items():
            if ref in there:
                write_pieces(self.manuscript.kept[ref].pk, pieces)

    def _label(self) -> None:
        if not self.manuscript.labels:
            return
        leaves = list(Leaf.objects.filter(pk__in=self.manuscript.labels, book=self.book).defer("text", "raw_text"))
        for leaf in leaves:
            leaf.label = self.manuscript.labels[leaf.pk]
        Leaf.objects.bulk_update(leaves, ["label"], batch_size=_TOGETHER)
        enqueue("leaf", [leaf.pk for leaf in leaves])


def write_pieces(section: int, pieces: Iterable[Piece]) -> None:
    """Let the anchors of a section be these."""
    wanted = {piece.leaf: piece for piece in pieces}
    for anchor in Anchor.objects.filter(section=section):
        piece = wanted.pop(anchor.leaf_id, None)
        if piece is None:
            anchor.delete()
        elif _as_piece(anchor) != piece:
            for name in ("section_start", "section_end", "leaf_start", "leaf_end"):
                setattr(anchor, name, getattr(piece, name))
            anchor.save()
    Anchor.objects.bulk_create(
        Anchor(
            section_id=section,
            leaf_id=piece.leaf,
            section_start=piece.section_start,
            section_end=piece.section_end,
            leaf_start=piece.leaf_start,
            leaf_end=piece.leaf_end,
        )
        for piece in wanted.values()
    )


def _as_piece(anchor: Anchor) -> Piece:
    return Piece(anchor.leaf_id, anchor.section_start, anchor.section_end, anchor.leaf_start, anchor.leaf_end)


def free_key(heading: str, taken: set[str]) -> str:
    """An address part for a section, from the pinyin of its heading, unlike any that is taken."""
    base = candidate = propose_slug(heading)[:60].strip("-") or "item"
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def _blocks(moved: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Runs of neighbouring rows that move by the same amount, as (first, last old position, shift)."""
    blocks: list[tuple[int, int, int]] = []
    for old, new, _pk in moved:
        if blocks and old == blocks[-1][1] + 1 and new - old == blocks[-1][2]:
            blocks[-1] = (blocks[-1][0], old, new - old)
        else:
            blocks.append((old, old, new - old))
    return blocks


def _plus(number: int):
    return F("position") + number


def _portions(things: list, size: int = _TOGETHER) -> Iterable[list]:
    return (things[start : start + size] for start in range(0, len(things), size))
