"""The workbench's page, and the questions that it asks as an editor works."""

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from archive.book_text import labels
from archive.book_text.contents import ContentsError
from archive.manuscripts import changing
from archive.manuscripts.state import Manuscript
from archive.models import BookPage, Change, Leaf, LeafLayout, PassageRevision, Section

from .desk import MOST_BYTES, WRONG, changed, for_editors

SAID = {
    "none": gettext_lazy("这一面没有扫描图。"),
    "pending": gettext_lazy("扫描图正在制作，稍后可见。"),
    "scan": gettext_lazy("书页的扫描图"),
    "offline": gettext_lazy("连不上服务器。您打的字保存在这个浏览器里，恢复后再保存。"),
    "signedOut": gettext_lazy("登录已失效，或无权编辑。您打的字保存在这个浏览器里，请重新登录。"),
    "failed": gettext_lazy("服务器出了错，这一步没有做。"),
    "saved": gettext_lazy("已保存。"),
    "undone": gettext_lazy("已撤销。"),
    "labelled": gettext_lazy("印刷页码已改。"),
    "locked": gettext_lazy("这本书的页面已锁定，只能看。"),
    "submitted": gettext_lazy("改动已提交，正待发布；撤回后可以继续编辑。"),
    "waiting": gettext_lazy("有 % 处改动待发布，读者看到的仍是原来的文字。"),
    "live": gettext_lazy("已公开的书：改动先攒着，提交发布后读者才看到。"),
    "draft": gettext_lazy("草稿：改动即时保存。"),
}
"""What the scripts say; "%" is a number."""


@require_GET
@for_editors
def workbench(request: HttpRequest, book: BookPage) -> HttpResponse:
    """The page itself; what it shows comes by `state` and `passage`."""
    addresses = {
        name: reverse(f"archive_workbench_{name}", args=[book.pk])
        for name in ("state", "do", "undo", "labels", "changes", "repairs", "gaps")
    }
    for name in ("passage", "history"):
        addresses[name] = reverse(f"archive_workbench_{name}", args=[book.pk, "REF"])
    said = {name: str(words) for name, words in SAID.items()}
    context = {"book": book, "addresses": addresses, "kinds": Section.Kind.choices, "words": said}
    return render(request, "archive/editing/workbench.html", context)


@require_GET
@for_editors
def state(request: HttpRequest, book: BookPage) -> JsonResponse:
    """The contents and the leaves: two queries for their rows, whatever the size, and the replay of what waits."""
    manuscript = changing.manuscript_of(book)
    return JsonResponse(_outline(book, manuscript) | {"leaves": _leaves(book, manuscript)})


def _outline(book: BookPage, manuscript: Manuscript) -> dict:
    nodes = [[node.ref, node.depth, node.kind, node.label, node.title] for node in manuscript.contents.nodes]
    return {"version": _version(book), "nodes": nodes, "isOfLeaves": manuscript.is_of_leaves, "waiting": _waiting(book)}


def _version(book: BookPage) -> int:
    """The number of the last thing that was done to the book."""
    return Change.objects.filter(book=book).order_by("-pk").values_list("pk", flat=True).first() or 0


def _waiting(book: BookPage) -> dict:
    change_set = changing.open_change_set(book)
    if change_set is None:
        return {"count": 0, "state": "", "isLive": book.live, "isLocked": book.is_locked_here}
    count = change_set.changes.filter(is_undone=False).count()
    return {"count": count, "state": change_set.state, "isLive": book.live, "isLocked": book.is_locked_here}


def _leaves(book: BookPage, manuscript: Manuscript) -> list[list]:
    rows = Leaf.objects.filter(book=book).order_by("position").values_list("pk", "label", "scan_id", "corrected_at")
    return [
        [pk, manuscript.labels.get(pk, label), int(scan is not None), int(corrected is not None)]
        for pk, label, scan, corrected in rows.iterator()
    ]


@require_GET
@for_editors
def passage(request: HttpRequest, book: BookPage, ref: str) -> JsonResponse:
    """A section or a leaf: its text, what it is known by, where it lies, and what its scan looks like."""
    manuscript = changing.manuscript_of(book)
    try:
        text = manuscript.text(ref)
    except ContentsError as error:
        raise Http404(error.reason) from error
    told = {"ref": ref, "text": text, "digest": changing.digest(text), "kept": _kept(book, ref)}
    if ref.startswith("l"):
        told |= _scan(book, int(ref[1:]))
    else:
        pieces = manuscript.pieces_of(ref)
        told["pieces"] = [[p.leaf, p.section_start, p.section_end, p.leaf_start, p.leaf_end] for p in pieces]
    return JsonResponse(told)


def _kept(book: BookPage, ref: str) -> dict:
    """What is kept of this passage besides its text."""
    if not ref[1:].isdecimal():
        return {"revisions": 0, "raw": ""}
    side = "leaf" if ref.startswith("l") else "section"
    model = Leaf if side == "leaf" else Section
    raw = model.objects.filter(book=book, pk=int(ref[1:])).values_list("raw_text", flat=True).first() or ""
    count = PassageRevision.objects.filter(book=book, **{f"{side}_id": int(ref[1:])}).count()
    return {"revisions": count, "raw": raw}


def _scan(book: BookPage, pk: int) -> dict:
    leaf = Leaf.objects.filter(book=book, pk=pk).select_related("scan").prefetch_related("scan__derivatives").first()
    if leaf is None:
        raise Http404
    picture = leaf.scan.largest() if leaf.scan else None
    layout = LeafLayout.objects.filter(pk=pk).first()
    return {
        "picture": picture.checked_url if picture else "",
        "size": [picture.width, picture.height] if picture else [0, 0],
        "boxes": layout.boxes if layout else [],
        "setAside": leaf.set_aside,
        "problem": leaf.scan.derivatives_error if leaf.scan else "",
        "pending": bool(leaf.scan and not picture and not leaf.scan.derivatives_error),
    }


@require_POST
@for_editors
def do(request: HttpRequest, book: BookPage) -> JsonResponse:
    """Do one operation (`operation`, `base`, and the `version` that the page knows). 400 with a reason, 409 with the
    other's text, 423 when the changes are handed in or the page is locked."""
    try:
        asked = json.loads(request.body[: MOST_BYTES + 1])
        operation = dict(asked["operation"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"reason": _("这个请求写得不对，请刷新页面。")}, status=WRONG)
    return _answer(request, book, lambda: changing.perform(book, operation, request.user, base=asked.get("base", "")))


@require_POST
@for_editors
def undo(request: HttpRequest, book: BookPage) -> JsonResponse:
    return _answer(request, book, lambda: changing.undo(book, request.user))


@require_POST
@for_editors
def label_leaves(request: HttpRequest, book: BookPage) -> JsonResponse:
    """Printed labels by rule (`rules`, as in “1-8: i; 9-: 1”); with `preview` nothing is changed."""
    keys = list(Leaf.objects.filter(book=book).order_by("position").values_list("pk", flat=True))
    try:
        found = labels.labels(labels.parse(request.POST.get("rules", "")[:2000]), len(keys))
    except labels.LabelRuleError as error:
        return JsonResponse(
            {"reason": _(error.message) % error.values if error.values else _(error.message)}, status=WRONG
        )
    if request.POST.get("preview"):
        return JsonResponse({"labels": found})
    operation = {"do": "labels", "labels": {str(pk): label for pk, label in zip(keys, found, strict=True)}}
    return _answer(request, book, lambda: changing.perform(book, operation, request.user))


def _answer(request: HttpRequest, book: BookPage, action) -> JsonResponse:
    if book.is_locked_here:
        return JsonResponse({"reason": _("这本书的页面已锁定，现在不能编辑。")}, status=423)
    done, refused = changed(action)
    if refused is not None:
        return refused
    told = _outline(book, changing.manuscript_of(book)) | {"refs": done.refs, "inverse": done.change.inverse}
    if "label" in str(done.change.operation.get("do")):
        told["leaves"] = _leaves(book, changing.manuscript_of(book))
    return JsonResponse(told)
