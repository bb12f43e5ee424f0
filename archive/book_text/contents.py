"""The contents of a book as an editor works on them: an ordered list of nodes, and the operations that change it.

An operation is a plain dictionary, so that it can be stored, sent and done again: ``do`` names it, ``ref`` the node
(``s12``: the section with that key in the database; ``n…``: one that was made here). Each operation of `Contents.do`
gives back the one that undoes it.

=========  =====================================================================================================
``move``   ``under`` (a ref or ""), ``before`` (a sibling's ref or ""): the node with everything beneath it
``name``   ``label``, ``title``, ``kind``
``add``    ``under``, ``before``, ``label``, ``title``, ``kind``: a new node ``ref``
``remove`` a node with nothing beneath it
``number`` ``under``, ``pattern`` (第%章; ``%`` is the number), ``numerals`` ("chinese" or "arabic"), ``from``
``names``  ``labels``: refs to labels; what undoes ``number``
=========  =====================================================================================================

Splitting and merging, which move text too, are done by `archive.manuscripts` on top of `put_after` and `take_out`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from media_assets.file_errors import marked as _

from .numerals import chinese_numeral

DEEPEST = 9
LONGEST_TITLE, LONGEST_LABEL = 255, 60


class ContentsError(Exception):
    """An operation that cannot be done; `reason` is a Chinese sentence marked for translation."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Node:
    """`depth` counts from 1. The node's parent is the nearest one before it with a smaller depth."""

    ref: str
    depth: int
    kind: str
    label: str
    title: str


class Contents:
    """The nodes of one book in reading order."""

    def __init__(self, nodes: Iterable[Node]):
        self.nodes = list(nodes)
        self._places: dict[str, int] | None = None

    # --- Looking ----------------------------------------------------------------------------------------------

    def place(self, ref: str) -> int:
        """Where the node stands in the list. Raises ContentsError when it is not there (any more)."""
        if self._places is None:
            self._places = {node.ref: place for place, node in enumerate(self.nodes)}
        if ref not in self._places:
            raise ContentsError(_("这个篇目已经不在目录里了，可能刚被他人合并或删去。"))
        return self._places[ref]

    def node(self, ref: str) -> Node:
        return self.nodes[self.place(ref)]

    def end(self, place: int) -> int:
        """The place behind everything beneath the node at `place`."""
        depth, end = self.nodes[place].depth, place + 1
        while end < len(self.nodes) and self.nodes[end].depth > depth:
            end += 1
        return end

    def parent(self, place: int) -> str:
        """The ref of the parent, "" at the top."""
        depth = self.nodes[place].depth
        for above in range(place - 1, -1, -1):
            if self.nodes[above].depth < depth:
                return self.nodes[above].ref
        return ""

    def parts(self, ref: str) -> list[str]:
        """The refs of the nodes right beneath this one ("": of the book)."""
        start, end, depth = self._inside(ref)
        return [node.ref for node in self.nodes[start:end] if node.depth == depth]

    def sibling_after(self, place: int) -> str:
        end = self.end(place)
        follows = end < len(self.nodes) and self.nodes[end].depth == self.nodes[place].depth
        return self.nodes[end].ref if follows else ""

    def _inside(self, ref: str) -> tuple[int, int, int]:
        """Where what is beneath the node begins and ends, and the depth of its parts."""
        if not ref:
            return 0, len(self.nodes), 1
        place = self.place(ref)
        return place + 1, self.end(place), self.nodes[place].depth + 1

    # --- Changing ---------------------------------------------------------------------------------------------

    def do(self, operation: dict) -> dict:
        """Do one of the operations above; what undoes it. Raises ContentsError and changes nothing when it cannot be
        done."""
        done = getattr(self, f"_do_{operation.get('do')}", None)
        if done is None:
            raise ContentsError(_("不认识这个操作。"))
        return done(operation)

    def put_after(self, place: int, node: Node) -> None:
        """Let a node stand right behind the one at `place`."""
        self.nodes.insert(place + 1, node)
        self._places = None

    def take_out(self, place: int) -> Node:
        """Remove one node; what was beneath it moves up as far as the one before it asks."""
        node = self.nodes.pop(place)
        self._places = None
        self._settle(place)
        return node

    def replace(self, place: int, node: Node) -> None:
        self.nodes[place] = node
        self._places = None

    def _settle(self, place: int) -> None:
        """No node is more than one level deeper than the one before it."""
        while place < len(self.nodes):
            most = self.nodes[place - 1].depth + 1 if place else 1
            too_deep = self.nodes[place].depth - most
            if too_deep <= 0:
                return
            end = self.end(place)
            for inside in range(place, end):
                self.nodes[inside] = replace(self.nodes[inside], depth=self.nodes[inside].depth - too_deep)
            place = end

    def _do_move(self, operation: dict) -> dict:
        place = self.place(operation["ref"])
        end = self.end(place)
        under, before = operation.get("under") or "", operation.get("before") or ""
        inverse = {
            "do": "move",
            "ref": operation["ref"],
            "under": self.parent(place),
            "before": self.sibling_after(place),
        }
        moved = self.nodes[place:end]
        refs = {node.ref for node in moved}
        if under in refs or before in refs:
            raise ContentsError(_("篇目不能移到它自己之下。"))
        rest = Contents(self.nodes[:place] + self.nodes[end:])
        target, depth = rest.target(under, before)
        shift = depth - moved[0].depth
        if max(node.depth for node in moved) + shift > DEEPEST:
            raise ContentsError(_("目录最多九层，这样移动就太深了。"))
        rest.nodes[target:target] = [replace(node, depth=node.depth + shift) for node in moved]
        self.nodes, self._places = rest.nodes, None
        return inverse

    def target(self, under: str, before: str) -> tuple[int, int]:
        """Where a part of `under` goes that is to stand before its part `before` ("": last), and its depth."""
        start, end, depth = self._inside(under)
        if not before:
            return end, depth
        place = self.place(before)
        if not start <= place < end or self.nodes[place].depth != depth:
            raise ContentsError(_("要移到的位置刚被他人改动了，请再移一次。"))
        return place, depth

    def _do_name(self, operation: dict) -> dict:
        place = self.place(operation["ref"])
        node = self.nodes[place]
        named = _named(node, operation)
        self.replace(place, named)
        return {"do": "name", "ref": node.ref, "label": node.label, "title": node.title, "kind": node.kind}

    def _do_add(self, operation: dict) -> dict:
        if any(node.ref == operation["ref"] for node in self.nodes):
            raise ContentsError(_("这个篇目已经有了。"))
        target, depth = self.target(operation.get("under") or "", operation.get("before") or "")
        if depth > DEEPEST:
            raise ContentsError(_("目录最多九层。"))
        self.nodes.insert(target, _named(Node(operation["ref"], depth, "item", "", ""), operation))
        self._places = None
        return {"do": "remove", "ref": operation["ref"]}

    def _do_remove(self, operation: dict) -> dict:
        place = self.place(operation["ref"])
        if self.end(place) > place + 1:
            raise ContentsError(_("它之下还有篇目，请先移走或合并。"))
        node = self.nodes[place]
        inverse = {"do": "add", "ref": node.ref, "under": self.parent(place), "before": self.sibling_after(place)}
        self.take_out(place)
        return inverse | {"label": node.label, "title": node.title, "kind": node.kind}

    def _do_number(self, operation: dict) -> dict:
        pattern = str(operation.get("pattern", ""))
        if "%" not in pattern or len(pattern) > LONGEST_LABEL - 10:
            raise ContentsError(_("编号的样式里要有一个“%”，表示号数，例如“第%章”。"))
        refs = self.parts(operation.get("under") or "")
        first = _whole_number(operation.get("from", 1))
        before = {}
        for number, ref in enumerate(refs, start=first):
            place = self.place(ref)
            node = self.nodes[place]
            before[ref] = node.label
            written = str(number) if operation.get("numerals") == "arabic" else chinese_numeral(number)
            self.nodes[place] = replace(node, label=pattern.replace("%", written))
        return {"do": "names", "labels": before}

    def _do_names(self, operation: dict) -> dict:
        before = {}
        for ref, label in operation["labels"].items():
            place = self.place(ref)
            before[ref] = self.nodes[place].label
            self.nodes[place] = replace(self.nodes[place], label=str(label)[:LONGEST_LABEL])
        return {"do": "names", "labels": before}


def _named(node: Node, operation: dict) -> Node:
    label = " ".join(str(operation.get("label", node.label)).split())
    title = " ".join(str(operation.get("title", node.title)).split())
    if not label and not title:
        raise ContentsError(_("篇目须有标题或序号。"))
    if len(label) > LONGEST_LABEL or len(title) > LONGEST_TITLE:
        raise ContentsError(_("标题最长 255 字，序号最长 60 字。"))
    return replace(node, label=label, title=title, kind=str(operation.get("kind") or node.kind))


def _whole_number(value) -> int:
    try:
        return max(0, min(int(value), 100_000))
    except (TypeError, ValueError):
        raise ContentsError(_("起始号须是整数。")) from None
