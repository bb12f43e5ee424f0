"""What the desk calls: do something to a book, undo it, hand the changes of a published book in, let them come true."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.book_text.contents import ContentsError
from archive.models import BookPage, Change, ChangeSet, PassageRevision
from archive.models.signals import changes_published

from .state import Manuscript
from .writing import Writer

_EDIT = PassageRevision.Reason.EDIT
_WAITING = (ChangeSet.State.OPEN, ChangeSet.State.SUBMITTED)
_FIELDS = {
    "move": ("ref", "under", "before"),
    "name": ("ref", "label", "title", "kind"),
    "add": ("ref", "under", "before", "label", "title", "kind"),
    "remove": ("ref",),
    "number": ("under", "pattern", "numerals", "from"),
    "names": ("labels",),
    "split": ("ref", "new", "at", "leaf", "offset", "label", "title", "kind"),
    "merge": ("ref", "with_heading"),
    "text": ("of", "text"),
    "labels": ("labels",),
}
"""What a person may say of each operation; the rest is for those that undo."""


class StaleTextError(Exception):
    """Somebody else has changed this text meanwhile; `theirs` is what it is now."""

    def __init__(self, theirs: str):
        super().__init__("stale")
        self.theirs = theirs


class LockedError(Exception):
    """The changes are handed in, and wait for their publication."""


@dataclass(frozen=True)
class Done:
    """`change` is the row that was written; `refs` the new refs of nodes that became sections by it."""

    change: Change
    refs: dict[str, str]


def digest(text: str) -> str:
    """What a text is known by, so that a change says on which text it was made."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def needs_change_set(book: BookPage) -> bool:
    """Whether readers know the text of this book, so that a change waits for its publication."""
    return book.live


def open_change_set(book: BookPage) -> ChangeSet | None:
    return book.change_sets.filter(state__in=_WAITING).first()


def manuscript_of(book: BookPage) -> Manuscript:
    """The book as the desk sees it: what is published, with the changes that wait."""
    manuscript = Manuscript(book)
    change_set = open_change_set(book)
    if change_set is not None:
        _replay(manuscript, change_set)
    return manuscript


def _replay(manuscript: Manuscript, change_set: ChangeSet) -> None:
    for operation in change_set.changes.order_by("pk").values_list("operation", flat=True):
        manuscript.do(operation)


@transaction.atomic
def perform(book: BookPage, operation: dict, user, *, base: str = "", reason: str = _EDIT) -> Done:
    """Do an operation. `base` is the digest of the text that a person saw when changing it.

    Raises ContentsError when it cannot be done, StaleTextError when the text was changed meanwhile, LockedError when
    the changes of this book are handed in. Nothing is changed then.
    """
    book = _locked(book)
    operation = _allowed(operation)
    manuscript = manuscript_of(book)
    if operation["do"] == "text" and base:
        theirs = manuscript.text(operation["of"])
        if digest(theirs) != base:
            raise StaleTextError(theirs)
    return _do(book, manuscript, operation, user, reason)


def _allowed(operation: dict) -> dict:
    """What was asked, without what only we may say. Raises ContentsError for what is no operation."""
    do = operation.get("do")
    if do not in _FIELDS:
        raise ContentsError(_("不认识这个操作。"))
    try:
        given = {"do": do} | {name: operation[name] for name in _FIELDS[do] if name in operation}
        for name in ("ref", "of", "new", "under", "before"):
            if name in given and not (isinstance(given[name], str) and len(given[name]) <= 40):
                raise ContentsError(_("这个操作写得不对。"))
        if "new" in given and not given["new"].startswith("n"):
            raise ContentsError(_("这个操作写得不对。"))
        if do == "add" and not given["ref"].startswith("n"):
            raise ContentsError(_("这个操作写得不对。"))
        for name in ("at", "leaf", "offset"):
            if name in given:
                given[name] = int(given[name])
    except (KeyError, TypeError, ValueError):
        raise ContentsError(_("这个操作写得不对。")) from None
    return given


def _do(book: BookPage, manuscript: Manuscript, operation: dict, user, reason: str) -> Done:
    try:
        inverse = manuscript.do(operation)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentsError(_("这个操作写得不对。")) from error
    if needs_change_set(book):
        change_set = open_change_set(book)
        if change_set is None:
            change_set = ChangeSet.objects.create(book=book, created_by=user)
        elif change_set.state == ChangeSet.State.SUBMITTED:
            raise LockedError
        refs: dict[str, str] = {}
    else:
        refs = Writer(manuscript, user, reason).write()
        # Of a book that was withdrawn since: with the first change behind the scenes they are all in the text.
        book.change_sets.filter(state__in=_WAITING).update(state=ChangeSet.State.PUBLISHED, closed_at=timezone.now())
        change_set = None
    change = Change.objects.create(
        book=book,
        change_set=change_set,
        operation=_renamed(operation, refs),
        inverse=_renamed(inverse, refs),
        author=user,
    )
    return Done(change, refs)


def _renamed(operation: dict, refs: dict[str, str]) -> dict:
    """The operation with the refs that nodes have now."""
    named = {key: refs.get(value, value) if isinstance(value, str) else value for key, value in operation.items()}
    return named | ({"text": operation["text"]} if "text" in operation else {})


def _locked(book: BookPage) -> BookPage:
    """The book's row, held until the end of the transaction: whoever changes a book stands in line."""
    return BookPage.objects.select_for_update(of=("self",)).get(pk=book.pk)


@transaction.atomic
def undo(book: BookPage, user) -> Done:
    """Undo what this person did last and has not undone. Raises ContentsError when there is nothing, or when what
    others did since then stands in the way."""
    book = _locked(book)
    mine = Change.objects.filter(book=book, change_set=open_change_set(book), author=user, is_undone=False)
    last = mine.exclude(inverse=None).order_by("-pk").first()
    if last is None:
        raise ContentsError(_("没有可以撤销的改动。"))
    manuscript = manuscript_of(book)
    if last.inverse["do"] == "text" and manuscript.text(last.inverse["of"]) != last.operation["text"]:
        raise ContentsError(_("这段文字后来又被他人改过，不能直接撤销；可在旧稿里比较后恢复。"))
    done = _do(book, manuscript, last.inverse, user, PassageRevision.Reason.RESTORE)
    Change.objects.filter(pk__in=[last.pk, done.change.pk]).update(is_undone=True)
    return done


# --- The changes of a published book ----------------------------------------------------------------------------


@transaction.atomic
def submit(book: BookPage, user):
    """Hand the open changes in; the revision of the page that carries them, to be published or reviewed. None when
    there is nothing to hand in."""
    book = _locked(book)
    change_set = open_change_set(book)
    if change_set is None or not change_set.changes.filter(is_undone=False).exists():
        return None
    ChangeSet.objects.filter(pk=change_set.pk).update(state=ChangeSet.State.SUBMITTED)
    return book.get_latest_revision_as_object().save_revision(user=user, clean=False)


@transaction.atomic
def take_back(book: BookPage) -> bool:
    """Let the changes that were handed in be worked on again; whether there were any."""
    book = _locked(book)
    handed_in = ChangeSet.objects.filter(book=book, state=ChangeSet.State.SUBMITTED)
    return bool(handed_in.update(state=ChangeSet.State.OPEN))


@transaction.atomic
def discard(book: BookPage) -> bool:
    """Give the changes that wait up; they stay readable. Whether there were any."""
    book = _locked(book)
    waiting = ChangeSet.objects.filter(book=book, state__in=_WAITING)
    return bool(waiting.update(state=ChangeSet.State.DISCARDED, closed_at=timezone.now()))


def come_true(book: BookPage, change_set_id: int) -> None:
    """The changes that the published revision carries become the text, in the transaction of its publication. What was
    published before, discarded or taken back is left alone."""
    change_set = ChangeSet.objects.filter(pk=change_set_id, book=book, state=ChangeSet.State.SUBMITTED).first()
    if change_set is None:
        return
    manuscript = Manuscript(book)
    _replay(manuscript, change_set)
    Writer(manuscript, change_set.changes.latest("pk").author).write()
    if manuscript.imports:
        changes_published.send(sender=BookPage, book=book, runs=manuscript.imports)
    ChangeSet.objects.filter(pk=change_set.pk).update(state=ChangeSet.State.PUBLISHED, closed_at=timezone.now())
