"""One book in memory: its contents without texts, and the passages that were touched with theirs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.book_text import notation
from archive.book_text.contents import Contents, ContentsError, Node
from archive.book_text.rebasing import rebase
from archive.models import Anchor, BookPage, Leaf, Section
from media_assets.file_errors import marked as _

LONGEST_TEXT = 500_000


@dataclass(frozen=True)
class Piece:
    """The part of a section that lies on a leaf, in half-open ranges of the plain text of each."""

    leaf: int
    section_start: int
    section_end: int
    leaf_start: int
    leaf_end: int


@dataclass(frozen=True)
class Kept:
    """A section as the database has it."""

    pk: int
    key: str
    identifier: str
    position: int
    node: Node

    def was(self) -> dict:
        """What a section that comes back after it was merged away is known by."""
        return {"pk": self.pk, "key": self.key, "identifier": self.identifier}


class Manuscript:
    """`contents` is the tree now; `kept` what the database has, by ref; `texts` and `pieces` hold the passages that
    were touched, as they are now; `labels` the printed labels that were changed, by leaf; `returning` says which of the
    new nodes were sections once."""

    def __init__(self, book: BookPage):
        self.book = book
        rows = Section.objects.filter(book_id=book.pk).order_by("position")
        self.kept: dict[str, Kept] = {}
        columns = ("pk", "key", "identifier_id", "position", "depth", "kind", "label", "title")
        for pk, key, identifier, position, *said in rows.values_list(*columns):
            self.kept[f"s{pk}"] = Kept(pk, key, identifier, position, Node(f"s{pk}", *said))
        self.contents = Contents(kept.node for kept in self.kept.values())
        self.texts: dict[str, str] = {}
        self.pieces: dict[str, list[Piece]] = {}
        self.labels: dict[int, str] = {}
        self.returning: dict[str, dict] = {}
        self.imports: list[int] = []

    @property
    def is_of_leaves(self) -> bool:
        return self.book.text_unit == BookPage.TextUnit.LEAF

    # --- Reading ----------------------------------------------------------------------------------------------

    def text(self, ref: str) -> str:
        """The text of a section (``s12``, ``n…``) or a leaf (``l34``), in the notation."""
        if ref not in self.texts:
            model = Leaf if ref.startswith("l") else Section
            found = None
            if ref[1:].isdecimal():
                found = (
                    model.objects.filter(book_id=self.book.pk, pk=int(ref[1:])).values_list("text", flat=True).first()
                )
            if found is None and ref not in self.pieces:
                raise ContentsError(_("这段文字已经不在书里了，可能刚被他人合并或删去。"))
            return found or ""
        return self.texts[ref]

    def pieces_of(self, ref: str) -> list[Piece]:
        """Where a section lies on the leaves, as it is now; read once and then kept."""
        if ref not in self.pieces:
            kept = self.kept.get(ref)
            self.pieces[ref] = self._read_pieces([kept.pk]).get(kept.pk, []) if kept else []
        return self.pieces[ref]

    def _read_pieces(self, sections: Iterable[int]) -> dict[int, list[Piece]]:
        found: dict[int, list[Piece]] = {}
        rows = Anchor.objects.filter(section__in=sections).order_by("section", "leaf__position")
        columns = ("section_id", "leaf_id", "section_start", "section_end", "leaf_start", "leaf_end")
        for section, *piece in rows.values_list(*columns):
            found.setdefault(section, []).append(Piece(*piece))
        return found

    # --- Changing ---------------------------------------------------------------------------------------------

    def do(self, operation: dict) -> dict:
        """Do an operation of `archive.book_text.contents`, or ``split``, ``merge``, ``text`` or ``labels``; what undoes
        it. Raises ContentsError, and then nothing was changed."""
        match operation.get("do"):
            case "split":
                return self._split(operation)
            case "merge":
                return self._merge(operation)
            case "text":
                return self._write(operation)
            case "labels":
                return self._label(operation)
            case "import":
                self.imports.append(operation["run"])
                return {"do": "import", "run": operation["run"]}
            case "remove" if self._says_something(operation["ref"]):
                raise ContentsError(_("这个篇目还有文字，请与前一篇合并，不要删去。"))
            case "remove":
                return self.contents.do(operation) | self._was(operation["ref"])
            case "add":
                inverse = self.contents.do(operation)
                self._begin(operation["ref"], operation, "", [])
                return inverse
        return self.contents.do(operation)

    def _was(self, ref: str) -> dict:
        kept = self.kept.get(ref)
        was = kept.was() if kept else self.returning.get(ref)
        return {"was": was} if was else {}

    def _begin(self, ref: str, operation: dict, text: str, pieces: list[Piece]) -> None:
        self.texts[ref], self.pieces[ref] = text, pieces
        if operation.get("was") and ref not in self.kept:
            self.returning[ref] = operation["was"]

    def _says_something(self, ref: str) -> bool:
        self.contents.place(ref)
        return bool(self.text(ref).strip()) or any(p.leaf_end > p.leaf_start for p in self.pieces_of(ref))

    def _write(self, operation: dict) -> dict:
        ref, text = operation["of"], str(operation["text"]).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            raise ContentsError(_("一段文字最长五十万字，请拆分。"))
        if not ref.startswith("l"):
            self.contents.place(ref)
        if ref.startswith("l") != self.is_of_leaves:
            raise ContentsError(_("本书的文字存放在另一处，不能在这里改。"))
        old = self.text(ref)
        old_plain, new_plain = notation.plain(old), notation.plain(text)
        for section in self._sections_on(int(ref[1:])) if self.is_of_leaves else [ref]:
            self.pieces[section] = list(self._rebased(section, ref, old_plain, new_plain))
        self.texts[ref] = text
        return {"do": "text", "of": ref, "text": old}

    def _sections_on(self, leaf: int) -> list[str]:
        """The sections that have a piece on this leaf: those of the database, unless they were moved off it, and
        those that were moved onto it."""
        rows = Anchor.objects.filter(leaf=leaf).values_list("section_id", flat=True)
        refs = {f"s{pk}" for pk in rows} | {ref for ref, own in self.pieces.items() if any(p.leaf == leaf for p in own)}
        return [ref for ref in refs if any(piece.leaf == leaf for piece in self.pieces_of(ref))]

    def _rebased(self, section: str, changed: str, old: str, new: str) -> Iterable[Piece]:
        pieces = self.pieces_of(section)
        if not self.is_of_leaves:
            ranges = rebase(old, new, [(piece.section_start, piece.section_end) for piece in pieces])
            for piece, (start, end) in zip(pieces, ranges, strict=True):
                yield replace(piece, section_start=start, section_end=end)
            return
        for piece in pieces:
            if piece.leaf == int(changed[1:]):
                [(start, end)] = rebase(old, new, [(piece.leaf_start, piece.leaf_end)])
                piece = replace(piece, leaf_start=start, leaf_end=end)
            yield piece

    def _split(self, operation: dict) -> dict:
        """A new node ``new`` begins inside this one: at ``at`` of its text in the notation, or in a book of leaves at
        ``offset`` of the plain text of ``leaf``. What is beneath the node comes to stand beneath the new one."""
        ref, new = operation["ref"], operation["new"]
        place = self.contents.place(ref)
        node = self.contents.nodes[place]
        if new in self.texts or any(other.ref == new for other in self.contents.nodes):
            raise ContentsError(_("这个篇目已经有了。"))
        between = ""
        if self.is_of_leaves:
            before, after = _parted_on_leaf(self.pieces_of(ref), operation["leaf"], operation["offset"])
            if not before or not after:
                raise ContentsError(_("拆分处须在这个篇目的文字之内。"))
            head = tail = ""
        else:
            head, between, tail = _parted(self.text(ref), operation["at"])
            if not tail:
                raise ContentsError(_("拆分处须在文字之内，其后须还有文字。"))
            at = len(notation.plain(head + between))
            before, after = _parted_pieces(self.pieces_of(ref), len(notation.plain(head)), at)
            self.texts[ref] = head
        made = replace(node, ref=new, depth=operation.get("depth", node.depth), label="", title="")
        made = replace(
            made,
            label=str(operation.get("label", ""))[:60],
            title=str(operation.get("title") or _first_words(tail) or node.title)[:255],
            kind=operation.get("kind") or node.kind,
        )
        self.pieces[ref] = before
        self._begin(new, operation, tail, after)
        self.contents.put_after(place, made)
        self._restore_depths(operation.get("depths", {}))
        return {"do": "merge", "ref": new, "between": between}

    def _merge(self, operation: dict) -> dict:
        """The node's text goes to the end of the one before it in reading order; what is beneath it stays in place."""
        ref = operation["ref"]
        place = self.contents.place(ref)
        if place == 0:
            raise ContentsError(_("它是全书第一个篇目，前面没有可以并入的。"))
        node, target = self.contents.nodes[place], self.contents.nodes[place - 1].ref
        inverse = {"do": "split", "ref": target, "new": ref, "depth": node.depth}
        inverse |= {"label": node.label, "title": node.title, "kind": node.kind} | self._was(ref)
        own, pieces = self.text(target), self.pieces_of(target)
        if self.is_of_leaves:
            moved = self.pieces_of(ref)
            if moved:
                inverse |= {"leaf": moved[0].leaf, "offset": moved[0].leaf_start}
            joined = _joined(pieces, moved, 0)
        else:
            between = str(operation.get("between") or ("\n" if own else ""))[:20]
            heading = (
                f"{notation.escape(f'{node.label} {node.title}'.strip())}\n" if operation.get("with_heading") else ""
            )
            inverse["at"] = len(own) + len(between)
            shift = len(notation.plain(own + between + heading))
            joined = _joined(pieces, self.pieces_of(ref), shift)
            self.texts[target] = own + between + heading + self.text(ref)
        self.pieces[target] = joined
        depths = {other.ref: other.depth for other in self.contents.nodes[place : self.contents.end(place)]}
        self.contents.take_out(place)
        now = {other.ref: other.depth for other in self.contents.nodes[place : place + len(depths)]}
        inverse["depths"] = {r: depth for r, depth in depths.items() if r != ref and now.get(r) != depth}
        self.texts.pop(ref, None)
        self.pieces.pop(ref, None)
        return inverse

    def _restore_depths(self, depths: dict[str, int]) -> None:
        for ref, depth in depths.items():
            place = self.contents.place(ref)
            self.contents.replace(place, replace(self.contents.nodes[place], depth=depth))

    def _label(self, operation: dict) -> dict:
        """``labels``: printed labels by leaf (its key in the database, as text)."""
        wanted = {int(leaf): str(label).strip()[:40] for leaf, label in operation["labels"].items()}
        known = dict(Leaf.objects.filter(book_id=self.book.pk, pk__in=wanted).values_list("pk", "label"))
        if len(known) < len(wanted):
            raise ContentsError(_("有的书页已经不在书里了，请刷新后再试。"))
        before = {leaf: self.labels.get(leaf, label) for leaf, label in known.items()}
        self.labels |= wanted
        return {"do": "labels", "labels": {str(leaf): label for leaf, label in before.items()}}


# --- Cutting and joining ----------------------------------------------------------------------------------------


def _parted(text: str, at: int) -> tuple[str, str, str]:
    """The text before and after an offset, and the line breaks between."""
    if not 0 < at < len(text):
        return text, "", ""
    head, tail = text[:at], text[at:]
    kept, rest = head.rstrip("\n"), tail.lstrip("\n")
    return kept, head[len(kept) :] + tail[: len(tail) - len(rest)], rest


def _parted_pieces(pieces: list[Piece], head: int, tail: int) -> tuple[list[Piece], list[Piece]]:
    """The pieces of the text up to `head` and from `tail` on, both offsets of the plain text."""
    before = [replace(p, section_end=min(p.section_end, head)) for p in pieces if p.section_start < max(head, 1)]
    after = [
        replace(p, section_start=max(p.section_start - tail, 0), section_end=p.section_end - tail)
        for p in pieces
        if p.section_end > tail
    ]
    return before, after


def _parted_on_leaf(pieces: list[Piece], leaf: int, offset: int) -> tuple[list[Piece], list[Piece]]:
    number = next((n for n, piece in enumerate(pieces) if piece.leaf == leaf), None)
    if number is None:
        return [], []
    piece = pieces[number]
    if not piece.leaf_start <= offset <= piece.leaf_end:
        return [], []
    before = [*pieces[:number], replace(piece, leaf_end=offset)] if offset > piece.leaf_start else pieces[:number]
    return before, [replace(piece, leaf_start=offset), *pieces[number + 1 :]]


def _joined(pieces: list[Piece], more: list[Piece], shift: int) -> list[Piece]:
    """The pieces of two texts of which the second begins at `shift`; two on one leaf become one."""
    moved = [replace(p, section_start=p.section_start + shift, section_end=p.section_end + shift) for p in more]
    if pieces and moved and pieces[-1].leaf == moved[0].leaf:
        last, first = pieces[-1], moved[0]
        one = replace(last, section_end=first.section_end, leaf_end=max(last.leaf_end, first.leaf_end))
        return [*pieces[:-1], one, *moved[1:]]
    return [*pieces, *moved]


def _first_words(text: str) -> str:
    """What a new section is called until somebody names it: the beginning of its first line."""
    line = notation.plain(text).strip().split("\n")[0]
    return line if len(line) <= 20 else f"{line[:20]}…"
