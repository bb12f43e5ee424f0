"""The pages of a town's contributors: what is asked for, what they wrote and sent, and what became of it."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive.models import Campaign, ContributingTown, Place, Submission, SubmissionFile, SubmissionState
from media_assets.file_errors import FileError
from media_assets.storage_errors import StorageUnavailableError
from media_assets.uploading.acceptance import take_in
from media_assets.uploading.views import addresses

from .files import remove
from .forms import SubmissionForm
from .moves import MoveRefusedError, locked, move, send

SIGN_IN = reverse_lazy("wagtailcore_login")
ROWS_A_PAGE = 20
PLACES_OFFERED = 200


def for_contributors(view):
    """Signed in and of a town, seldom of several; 403 for everybody else. The view is given the towns."""

    @never_cache
    @login_required(login_url=SIGN_IN)
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        towns = ContributingTown.objects.select_related("place", "collection").filter(group__user=request.user)
        own = list(towns.order_by("pk"))
        if not own:
            return render(request, "archive/contributing/of_no_town.html", status=403)
        return view(request, own, *args, **kwargs)

    return guarded


@require_safe
@for_contributors
def overview(request: HttpRequest, towns: list[ContributingTown]) -> HttpResponse:
    """Open campaigns of the towns, what waits for an answer, and all that they sent or began."""
    own = Submission.objects.filter(town__in=towns).select_related("campaign", "town__place")
    returned = own.filter(state=SubmissionState.RETURNED)
    context = {
        "towns": towns,
        "campaigns": Campaign.objects.open_for(*towns),
        "returned": returned[:ROWS_A_PAGE],
        "submissions": Paginator(own, ROWS_A_PAGE).get_page(request.GET.get("p", 1)),
    }
    return render(request, "archive/contributing/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contributors
def campaign(request: HttpRequest, towns: list[ContributingTown], pk: int) -> HttpResponse:
    """What is wanted; sent as a form it begins a submission of `town`, or goes on with one that is still empty."""
    asked = get_object_or_404(Campaign.objects.open_for(*towns), pk=pk)
    towns = [town for town in towns if Campaign.objects.open_for(town).filter(pk=pk).exists()]
    if request.method != "POST":
        return render(request, "archive/contributing/campaign.html", {"campaign": asked, "towns": towns})
    town = next((town for town in towns if str(town.pk) == request.POST.get("town")), towns[0])
    untouched = Submission.objects.filter(
        campaign=asked, town=town, contributor=request.user, state=SubmissionState.DRAFT, title="", text="", files=None
    )
    facts = {"campaign": asked, "town": town, "contributor": request.user, "kind": asked.kinds[0]}
    row = untouched.first() or Submission.objects.create(**facts)
    return redirect("contribute_submission", row.receipt)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contributors
def submission(request: HttpRequest, towns: list[ContributingTown], receipt: str) -> HttpResponse:
    """The form while it may be changed, afterwards the receipt."""
    row = _own(towns, receipt)
    if row.is_editable:
        return _form(request, row)
    if request.method == "POST":
        return _receipt(request, row, status=409, reason=_("这件来稿已经送出，不能再修改。"))
    return _receipt(request, row)


@require_safe
@for_contributors
def files(request: HttpRequest, towns: list[ContributingTown], receipt: str) -> HttpResponse:
    """The list of its files alone, for the page's script."""
    row = _own(towns, receipt)
    context = {"submission": row, "files": _shown_files(row), "may_remove": row.is_editable}
    return render(request, "archive/contributing/files.html", context)


@require_POST
@for_contributors
def remove_file(request: HttpRequest, towns: list[ContributingTown], receipt: str) -> HttpResponse:
    """The same as the form's button, for the page's script: 204, or 409 where it is too late."""
    try:
        _remove(_own(towns, receipt), request.POST.get("remove", ""))
    except MoveRefusedError:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def _remove(row: Submission, key: str) -> None:
    """Raises MoveRefusedError for what was sent meanwhile; another's file, or none, is nothing."""
    is_key = key.isascii() and key.isdecimal() and len(key) < 10
    file = row.files.filter(pk=int(key)).first() if is_key else None
    if file is not None and not remove(file):
        raise MoveRefusedError(_("这件来稿已经送出或撤回，不能再修改。"))


@require_POST
@for_contributors
def withdraw(request: HttpRequest, towns: list[ContributingTown], receipt: str) -> HttpResponse:
    row = _own(towns, receipt)
    try:
        move(row, "withdraw", request.user)
    except MoveRefusedError as error:
        return _receipt(request, row, status=409, reason=error.reason)
    return redirect("contribute_submission", row.receipt)


change_password = never_cache(
    PasswordChangeView.as_view(
        template_name="archive/contributing/password.html", success_url=reverse_lazy("contribute")
    )
)


def _own(towns: list[ContributingTown], receipt: str) -> Submission:
    """404 for another town's."""
    own = Submission.objects.select_related("campaign", "town__place", "town__collection")
    return get_object_or_404(own, town__in=towns, receipt=receipt)


def _shown_files(row: Submission) -> list[tuple[SubmissionFile, object]]:
    """Each file with a small picture of it, if there is one by now."""
    rows = row.files.select_related("image", "video", "document")
    rows = rows.prefetch_related("image__derivatives", "video__derivatives", "document__derivatives")
    return [(file, file.asset.fitting(320)) for file in rows]


def _receipt(request: HttpRequest, row: Submission, status: int = 200, reason: str = "") -> HttpResponse:
    context = {
        "submission": row,
        "files": _shown_files(row),
        "acts": row.acts.all(),
        "reason": reason,
        "may_withdraw": row.state == SubmissionState.SENT,
    }
    return render(request, "archive/contributing/receipt.html", context, status=status)


def _form(request: HttpRequest, row: Submission) -> HttpResponse:
    form = SubmissionForm(request.POST or None, request.FILES or None, instance=row)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            problem = _taken(request, row, form)
        except MoveRefusedError as error:
            return _receipt(request, _own([row.town], row.receipt), status=409, reason=error.reason)
        if not problem:
            return redirect("contribute_submission", row.receipt)
    elif request.method == "POST":
        problem = _("有几处需要改正，见下。")
    context = {
        "form": form,
        "submission": row,
        "campaign": row.campaign,
        "files": _shown_files(row),
        "may_remove": True,
        "problem": problem,
        "last": row.acts.last(),
        "has_agreed": _agreed(request) == row.campaign.consent_version,
        "stamp": _stamp(row),
        "places": _places(row.town.place),
        "addresses": addresses()
        | {name: reverse(f"contribute_{name}", args=[row.receipt]) for name in ("files", "remove")},
        "worker": static("media_assets/uploading/crc32.js"),
        "words": page_words(),
    }
    return render(request, "archive/contributing/form.html", context, status=400 if problem else 200)


def _taken(request: HttpRequest, row: Submission, form: SubmissionForm) -> str:
    """Keep what was written and do what was asked for; returns why that could not be done, or nothing.

    Raises MoveRefusedError when somebody sent or withdrew it meanwhile: then nothing is changed.
    """
    with transaction.atomic():
        now = locked(row)
        if not now.is_editable:
            raise MoveRefusedError(_("这件来稿已经送出或撤回，不能再修改。"))
        if request.POST.get("stamp", _stamp(now)) != _stamp(now):
            row.changed_at = now.changed_at
            return _("这件来稿刚刚在别处改过，下面是您写的，还没有保存。再按一次，就以您写的为准。")
        row = form.save()
    is_whole = _take_files(request, row, form.cleaned_data["files"])
    if "remove" in request.POST:
        _remove(row, request.POST["remove"])
        return ""
    if request.POST.get("do") != "send":
        messages.success(request, _("草稿已保存。"))
        return ""
    if not is_whole:
        return _("有文件没有收下，来稿已存为草稿，还没有送出。")
    try:
        send(row, request.user, agreed_to=_agreed(request))
    except MoveRefusedError as error:
        row.refresh_from_db()
        if not row.is_editable:
            raise
        return error.reason
    return ""


def _stamp(row: Submission) -> str:
    """By it a form knows that what it shows is what is kept."""
    return row.changed_at.isoformat()


def _agreed(request: HttpRequest) -> int | None:
    told = request.POST.get("agree", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else None


def _take_files(request: HttpRequest, row: Submission, chosen: list) -> bool:
    """Whether all were taken; of the others the person is told why."""
    is_whole = True
    for file in chosen:
        try:
            take_in(request.user, row.town.collection, file, row.upload_group)
        except (FileError, StorageUnavailableError) as error:
            is_whole = False
            messages.error(request, _("“%(name)s”：%(reason)s") % {"name": file.name, "reason": error.reason})
    return is_whole


def _places(town: Place) -> list[str]:
    """The town and what lies in it, to choose from."""
    return [town.name, *town.parts.order_by("name").values_list("name", flat=True)[:PLACES_OFFERED]]


def page_words() -> dict[str, str]:
    """What the page's script says."""
    return {
        "waiting": _("等待"),
        "sending": _("上传中"),
        "retrying": _("网络不通，稍后自动再试"),
        "examining": _("已传完，检查中"),
        "accepted": _("已收下"),
        "refused": _("不能收下"),
        "cancelled": _("已取消"),
        "failed": _("未成"),
        "resumed": _("续传"),
        "cancel": _("取消"),
        "retry": _("重试"),
        "later": _("文件传完后会自动送出，请不要关闭页面。"),
        "unsent": _("有文件没有传成，请重试或取消它，再送出。"),
        "unremoved": _("没有去掉，请刷新页面再试。"),
        "unreadable": _("文件在选定之后改动过或已移走，请重新选择。"),
        "shut": _("登录已失效，或没有权限。请重新登录，再选同样的文件。"),
    }
