"""What a passage once was, compared and restored; and the changes of a published book that wait."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from archive.book_text.contents import ContentsError
from archive.book_text.rebasing import changes as changes_between
from archive.manuscripts import changing
from archive.models import BookPage, Leaf, PassageRevision, Section
from archive.models.reviews import missing_reviews

from .desk import for_editors

A_PAGE = 20
CONTEXT = 60


@dataclass(frozen=True)
class Part:
    """A stretch of a comparison: `kind` is "same", "gone" or "new"; a long sameness is shortened."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[Part]:
    """How one text became the other, with a little of what stayed around each change."""
    parts: list[Part] = []
    at = 0
    for change in changes_between(old, new):
        parts += _same(old[at : change.old_start], is_first=not parts, is_last=False)
        if change.old_end > change.old_start:
            parts.append(Part("gone", old[change.old_start : change.old_end]))
        if change.new_end > change.new_start:
            parts.append(Part("new", new[change.new_start : change.new_end]))
        at = change.old_end
    return parts + _same(old[at:], is_first=not parts, is_last=True)


def _same(text: str, *, is_first: bool, is_last: bool) -> list[Part]:
    if len(text) <= 3 * CONTEXT:
        return [Part("same", text)] if text else []
    head = "" if is_first else text[:CONTEXT]
    tail = "" if is_last else text[-CONTEXT:]
    return [Part("same", f"{head} …… {tail}".strip())]


@for_editors
def passage_history(request: HttpRequest, book: BookPage, ref: str) -> HttpResponse:
    """GET: the former texts of a passage, each compared with what came after it. POST `revision` ("raw"): restore."""
    passage = _passage(book, ref)
    if request.method == "POST":
        return _restore(request, book, ref, passage)
    side = {"leaf": passage} if isinstance(passage, Leaf) else {"section": passage}
    revisions = PassageRevision.objects.filter(book=book, **side).select_related("author").order_by("-pk")
    page = Paginator(revisions, A_PAGE).get_page(request.GET.get("p"))
    later = _text_after(page, revisions) or changing.manuscript_of(book).text(ref)
    entries = []
    for revision in page:
        entries.append({"revision": revision, "parts": compared(revision.text, later)})
        later = revision.text
    context = {"heading": _("旧稿"), "book": book, "passage": passage, "ref": ref, "entries": entries, "page": page}
    context["raw"] = passage.raw_text
    if passage.raw_text:
        context["raw_parts"] = compared(passage.raw_text, changing.manuscript_of(book).text(ref))
    return render(request, "archive/editing/workbench_history.html", context)


def _text_after(page, revisions) -> str:
    """What the newest revision of this page of the list became: the next newer one's text."""
    if page.number == 1:
        return ""
    return revisions.filter(pk__gt=page[0].pk).order_by("pk").values_list("text", flat=True).first() or ""


def _passage(book: BookPage, ref: str) -> Section | Leaf:
    if not ref[1:].isdecimal():
        raise Http404
    return get_object_or_404(Leaf if ref.startswith("l") else Section, book=book, pk=int(ref[1:]))


def _restore(request: HttpRequest, book: BookPage, ref: str, passage: Section | Leaf) -> HttpResponse:
    wanted = request.POST.get("revision", "")
    if wanted == "raw":
        text = passage.raw_text
    else:
        revision = get_object_or_404(PassageRevision, book=book, pk=int(wanted) if wanted.isdecimal() else 0)
        if revision.leaf_id != (passage.pk if isinstance(passage, Leaf) else None) or (
            isinstance(passage, Section) and revision.section_id != passage.pk
        ):
            raise Http404
        text = revision.text
    operation = {"do": "text", "of": ref, "text": text}
    try:
        changing.perform(book, operation, request.user, reason=PassageRevision.Reason.RESTORE)
        messages.success(request, _("已恢复为所选的旧稿；现在的文字也留在旧稿里。"))
    except ContentsError as error:
        messages.error(request, _(error.reason))
    except changing.LockedError:
        messages.error(request, _("这本书的改动已提交，正待发布；请先撤回，再继续编辑。"))
    return redirect("archive_workbench_history", book.pk, ref)


# --- Changes that wait ------------------------------------------------------------------------------------------


@require_safe
@for_editors
def changes(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The changes of a published book, one by one, with what may be done with them."""
    change_set = changing.open_change_set(book)
    rows = change_set.changes.filter(is_undone=False).select_related("author").order_by("-pk") if change_set else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    live = {kept.ref: kept for kept in _known_texts(book, page)}
    entries = [
        {
            "change": change,
            "what": _OPERATIONS.get(change.operation["do"], change.operation["do"]),
            "parts": compared(change.inverse["text"], change.operation["text"])
            if change.operation["do"] == "text"
            else [],
            "name": live[change.operation["of"]].name if change.operation.get("of") in live else "",
        }
        for change in page
    ]
    permissions = book.permissions_for_user(request.user)
    context = {"heading": _("待发布的改动"), "book": book, "change_set": change_set, "entries": entries, "page": page}
    return render(
        request, "archive/editing/workbench_changes.html", context | {"may_publish": permissions.can_publish()}
    )


@dataclass(frozen=True)
class _Known:
    ref: str
    name: str


def _known_texts(book: BookPage, page) -> list[_Known]:
    refs = {change.operation.get("of", "") for change in page}
    found = []
    for letter, model in (("s", Section), ("l", Leaf)):
        keys = [int(ref[1:]) for ref in refs if ref.startswith(letter) and ref[1:].isdecimal()]
        rows = model.objects.filter(book=book, pk__in=keys).defer("text", "raw_text") if keys else ()
        found += [_Known(f"{letter}{row.pk}", row.heading) for row in rows]
    return found


_OPERATIONS = {
    "text": gettext_lazy("改文字"),
    "move": gettext_lazy("移动篇目"),
    "name": gettext_lazy("改标题"),
    "add": gettext_lazy("添篇目"),
    "remove": gettext_lazy("删篇目"),
    "split": gettext_lazy("拆分"),
    "merge": gettext_lazy("合并"),
    "number": gettext_lazy("重新编号"),
    "names": gettext_lazy("改序号"),
    "labels": gettext_lazy("改印刷页码"),
    "import": gettext_lazy("重新导入底本"),
}


@require_POST
@for_editors
def close(request: HttpRequest, book: BookPage) -> HttpResponse:
    """POST `what`: "submit", "publish", "take-back" or "discard"."""
    what = request.POST.get("what")
    if what in ("submit", "publish"):
        return _hand_in(request, book, publish=what == "publish")
    _leave_workflow(request, book)
    if what == "take-back" and changing.take_back(book):
        messages.success(request, _("已撤回，可以继续编辑。"))
    elif what == "discard" and changing.discard(book):
        log(book, "archive.text.discard", user=request.user)
        messages.success(request, _("已放弃这些改动，公开的文字没有变。"))
    return redirect("archive_workbench_changes", book.pk)


def _leave_workflow(request: HttpRequest, book: BookPage) -> None:
    """What is taken back is not reviewed any more: by whoever handed it in, or may publish. 403 for others."""
    under_way = book.current_workflow_state
    if under_way is None or changing.open_change_set(book) is None:
        return
    if under_way.requested_by != request.user and not book.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    under_way.cancel(user=request.user)


def _hand_in(request: HttpRequest, book: BookPage, *, publish: bool) -> HttpResponse:
    """Through the review that the page goes through: published by whoever may, else given into the workflow."""
    if publish and not book.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    revision = changing.submit(book, request.user)
    if revision is None:
        messages.warning(request, _("没有待提交的改动。"))
    elif publish and not missing_reviews(book, revision):
        revision.publish(user=request.user)
        messages.success(request, _("已发布，读者现在看到的是改后的文字。"))
    else:
        workflow = book.get_workflow()
        if workflow is not None and book.current_workflow_state is None:
            workflow.start(book, request.user)
        messages.success(request, _("已提交，等待审核发布；公开的文字暂不变。"))
    return redirect("archive_workbench_changes", book.pk)
