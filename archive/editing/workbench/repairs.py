"""What looks damaged in a book, and what was mended: shown before and after, accepted or undone."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive import text_repair
from archive.book_text.contents import ContentsError
from archive.manuscripts import changing
from archive.manuscripts.state import Manuscript
from archive.models import BookPage, Leaf, PassageRevision, Section

from .desk import for_editors
from .history import compared

A_PAGE = 60
"""Damages shown at once; the passage in which the last one stands is shown whole."""
MOST_PASSAGES = 2_000
"""Passages that are looked through at a request: about half a second; the page says where it goes on."""
AROUND = 24


@dataclass(frozen=True)
class Shown:
    """A damage with the words around it. `number` is its place among those of its passage."""

    ref: str
    name: str
    number: int
    damage: text_repair.Damage
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class MendedPassage:
    ref: str
    name: str
    parts: list


@for_editors
def repairs(request: HttpRequest, book: BookPage) -> HttpResponse:
    """GET: `show` is "open" (damages that are not certain, from the passage at position `from` on) or "mended".
    POST: `accept` one ("ref:number"), or `accept_certain` of all on the page, or `undo` a mended passage."""
    if request.method == "POST":
        return _post(request, book)
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 1
    shows_mended = request.GET.get("show") == "mended"
    manuscript = changing.manuscript_of(book)
    found, then = (_mended if shows_mended else _open)(book, manuscript, start)
    context = {
        "heading": _("修补文字"),
        "book": book,
        "found": found,
        "then": then,
        "start": start,
        "shows_mended": shows_mended,
    }
    return render(request, "archive/editing/workbench_repairs.html", context)


def _passages(book: BookPage, start: int):
    """(ref, name, text, raw text, corrected) of the passages that hold the book's text, in order from a position."""
    is_of_leaves = book.text_unit == BookPage.TextUnit.LEAF
    model, letter = (Leaf, "l") if is_of_leaves else (Section, "s")
    rows = model.objects.filter(book=book, position__gte=start).order_by("position")[:MOST_PASSAGES]
    for row in rows.iterator(chunk_size=200):
        yield row.position, f"{letter}{row.pk}", row


def _open(book: BookPage, manuscript: Manuscript, start: int) -> tuple[list[Shown], int | None]:
    found: list[Shown] = []
    count = 0
    for position, ref, row in _passages(book, start):
        if len(found) >= A_PAGE:
            return found, position
        count += 1
        text = manuscript.texts.get(ref, row.text)
        for number, damage in enumerate(text_repair.find(text, book.text_unit == BookPage.TextUnit.LEAF)):
            before, after = text[max(0, damage.start - AROUND) : damage.start], text[damage.end : damage.end + AROUND]
            kind = _(text_repair.LABELS[damage.kind])
            found.append(Shown(ref, row.heading, number, damage, kind, before, after))
    return found, start + count if count == MOST_PASSAGES else None


def _mended(book: BookPage, manuscript: Manuscript, start: int) -> tuple[list[MendedPassage], int | None]:
    """Passages that are not as they came and were corrected by nobody: what was certain was mended on arrival."""
    found: list[MendedPassage] = []
    count = 0
    for position, ref, row in _passages(book, start):
        if len(found) >= A_PAGE:
            return found, position
        count += 1
        if row.raw_text and row.corrected_at is None:
            found.append(MendedPassage(ref, row.heading, compared(row.raw_text, manuscript.texts.get(ref, row.text))))
    return found, start + count if count == MOST_PASSAGES else None


def _post(request: HttpRequest, book: BookPage) -> HttpResponse:
    try:
        if "undo" in request.POST:
            count = _undo(request, book, request.POST["undo"])
        else:
            count = _accept(request, book, request.POST.getlist("accept"))
        messages.success(request, _("已处理 %(count)d 处。") % {"count": count})
    except ContentsError as error:
        messages.error(request, _(error.reason))
    except changing.LockedError:
        messages.error(request, _("这本书的改动已提交，正待发布；请先撤回，再继续编辑。"))
    query = request.GET.urlencode()
    address = reverse("archive_workbench_repairs", args=[book.pk])
    return redirect(f"{address}?{query}" if query else address)


def _undo(request: HttpRequest, book: BookPage, ref: str) -> int:
    """The raw text comes back."""
    model = Leaf if ref.startswith("l") else Section
    raw = (
        model.objects.filter(book=book, pk=int(ref[1:])).values_list("raw_text", flat=True).first() if _is(ref) else ""
    )
    if not raw:
        raise ContentsError(_("这段文字没有另存的底本原文。"))
    operation = {"do": "text", "of": ref, "text": raw}
    changing.perform(book, operation, request.user, reason=PassageRevision.Reason.RESTORE)
    return 1


def _is(ref: str) -> bool:
    return ref[1:].isdecimal() and ref[0] in "sl"


def _accept(request: HttpRequest, book: BookPage, chosen: list[str]) -> int:
    """`chosen` are "ref:number:found"; a damage that is not there any more is left alone."""
    wanted: dict[str, set[tuple[int, str]]] = {}
    for choice in chosen[:1000]:
        ref, number, found = (choice.split(":", 2) + ["", ""])[:3]
        if _is(ref) and number.isdecimal():
            wanted.setdefault(ref, set()).add((int(number), found))
    done = 0
    for ref, numbers in wanted.items():
        text = changing.manuscript_of(book).text(ref)
        damages = [
            damage
            for number, damage in enumerate(text_repair.find(text, book.text_unit == BookPage.TextUnit.LEAF))
            if (number, damage.found) in numbers and damage.proposed is not None
        ]
        if damages:
            mended = text_repair.apply(text, damages)
            operation = {"do": "text", "of": ref, "text": mended.text}
            base = changing.digest(text)
            changing.perform(book, operation, request.user, base=base, reason=PassageRevision.Reason.REPAIR)
            done += len(mended.log)
    return done
