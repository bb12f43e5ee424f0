"""The table of a batch of uploads, in which the files are described before drafts are made of them."""

import json
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from archive.models import AlbumPage, BatchRow, PhotoIndexPage, PhotoPage, UploadBatch, VideoPage
from media_assets.models import Job, Upload, UploadState

from . import upload_drafts
from .upload_drafts import FILM_PARENTS, KIND, PHOTO_PARENTS, SUBJECT, Plan, may_add
from .upload_records import (
    BY_NAME,
    FIELDS,
    FieldOfRecord,
    Vocabulary,
    cleaned,
    notes_on,
    twins_of,
    what_the_file_says,
)
from .uploads_page import ForUploaders, UploadsPage, may_upload, new_batch

State = UploadBatch.State
ROWS_A_PAGE = 100
MOST_BODY = 4 * 1024 * 1024
LEFT_OUT = "left_out"
LEFT_OUT_CHOICES = (("", gettext_lazy("生成页面")), ("1", gettext_lazy("不生成页面")))


def batch_of(request: HttpRequest, pk: int) -> UploadBatch:
    """The person's own; 404 for another's."""
    if not may_upload(request.user):
        raise PermissionDenied
    batch = get_object_or_404(UploadBatch.objects.select_related("collection", "album"), pk=pk, owner=request.user)
    upload_drafts.settle(batch)
    return batch


@dataclass(frozen=True)
class Cell:
    column: FieldOfRecord
    value: str
    note: str
    is_missing: bool


@dataclass(frozen=True)
class Line:
    """A row of the table as it is shown."""

    row: BatchRow
    picture: object
    said: list[str]
    twin: str
    cells: list[Cell]


class DraftsForm(forms.Form):
    photos = forms.ModelChoiceField(
        Page.objects.all(),
        label=gettext_lazy("照片放在"),
        required=False,
        widget=AdminPageChooser(target_models=list(PHOTO_PARENTS)),
        help_text=gettext_lazy("选已有的相册，或“照片”栏目；不选则不生成照片页。"),
    )
    album = forms.CharField(
        label=gettext_lazy("新相册的题名"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("填写后先在所选的“照片”栏目下新建这个相册，照片都放在其中。"),
    )
    films = forms.ModelChoiceField(
        Page.objects.all(),
        label=gettext_lazy("影片放在"),
        required=False,
        widget=AdminPageChooser(target_models=list(FILM_PARENTS)),
        help_text=gettext_lazy("选“视频”栏目或一部系列片；不选则不生成视频页。"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_photos(self) -> Page | None:
        return self._checked("photos", PHOTO_PARENTS, PhotoPage)

    def clean_films(self) -> Page | None:
        return self._checked("films", FILM_PARENTS, VideoPage)

    def _checked(self, name: str, kinds: tuple, child) -> Page | None:
        page = self.cleaned_data[name]
        if page is None:
            return None
        if not isinstance(page.specific, kinds) or not may_add(self.user, page.specific, child):
            raise forms.ValidationError(_("您不能在这里添加%(kind)s。") % {"kind": child._meta.verbose_name})
        return page

    def clean(self) -> dict:
        given = super().clean()
        photos = given.get("photos")
        if given.get("album") and "photos" in given:
            if photos is None or not isinstance(photos.specific, PhotoIndexPage):
                self.add_error("photos", _("新相册要放在“照片”栏目下，请选择它。"))
            elif not may_add(self.user, photos.specific, AlbumPage):
                self.add_error("photos", _("您不能在这里新建相册。"))
        if not self.errors and photos is None and given.get("films") is None:
            raise forms.ValidationError(_("请至少选择照片或影片放在哪里。"))
        return given

    def plan(self) -> Plan:
        given = self.cleaned_data
        keys = {name: given[name].pk if given[name] else None for name in ("photos", "films")}
        return Plan(**keys, album=given["album"])


class BatchPage(ForUploaders, TemplateView):
    template_name = "archive/editing/upload_batch.html"

    @cached_property
    def batch(self) -> UploadBatch:
        return batch_of(self.request, self.kwargs["pk"])

    def get_page_title(self):
        return _("上传批次 %(when)s") % {"when": self.batch}

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, {"url": reverse("archive_uploads"), "label": _("上传")}, here]

    def get_context_data(self, **kwargs):
        batch = self.batch
        form = kwargs.get("form") or DraftsForm(user=self.request.user, initial=self._places())
        rows = batch.rows.select_related("image", "video", "document").prefetch_related(
            "image__derivatives", "video__derivatives", "document__derivatives"
        )
        pages = WagtailPaginator(rows, ROWS_A_PAGE)
        shown = pages.get_page(self.request.GET.get("p", 1))
        moving = Upload.objects.filter(group=batch.key, owner=batch.owner).under_way().count()
        return super().get_context_data(**kwargs) | {
            "batch": batch,
            "columns": FIELDS,
            "left_out_choices": LEFT_OUT_CHOICES,
            "lines": lines_of(list(shown)),
            "rows": shown,
            "elided_page_range": pages.get_elided_page_range(shown.number),
            "count": pages.count,
            "still_moving": moving,
            "form": form,
            "media": form.media,
            "made": self._made(),
            "save_address": reverse("archive_upload_cells", args=[batch.pk]),
            "percent": self._percent(),
        }

    def _places(self) -> dict[str, Page]:
        """Files that come in later go into the album that was made of the first."""
        album = {"photos": self.batch.album} if self.batch.album else {}
        return _usual_places(self.request.user) | album

    def _percent(self) -> float:
        job = Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=self.batch.pk).first()
        return job.percent if job is not None and self.batch.state == State.MAKING else 0

    def _made(self) -> dict | None:
        count = self.batch.rows.exclude(page=None).count()
        if not count:
            return None
        first = self.batch.album or self.batch.rows.exclude(page=None).first().page.get_parent()
        publish = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        return {
            "count": count,
            "address": reverse("wagtailadmin_explore", args=[first.pk]),
            "title": first.title,
            "publish": f"{publish}?id={self.batch.album_id}" if self.batch.album_id else "",
        }


def _usual_places(user) -> dict[str, Page]:
    """Where the first of the museum's lists may be added to, so that the usual case needs no choosing."""
    found = {}
    for name, model, child in (("photos", PHOTO_PARENTS[0], AlbumPage), ("films", FILM_PARENTS[0], VideoPage)):
        for index in model.objects.order_by("path")[:5]:
            if may_add(user, index, child):
                found[name] = index
                break
    return found


def lines_of(rows: list[BatchRow]) -> list[Line]:
    vocabulary, twins = Vocabulary.of(rows), twins_of(rows)
    lines = []
    for row in rows:
        notes = notes_on(row, vocabulary)
        cells = []
        for column in FIELDS:
            value, note = row.record.get(column.name, ""), notes.get(column.name, "")
            is_missing = column.is_wanted and value in ("", "cne")
            cells.append(Cell(column, value, note, is_missing))
        asset = row.asset
        lines.append(Line(row, asset.fitting(320), what_the_file_says(asset), twins.get(row.pk, ""), cells))
    return lines


def write_cells(batch: UploadBatch, cells: dict[int, dict[str, str]]) -> dict[int, dict[str, str]]:
    """Keep what was written, column by column, whatever else a row holds; returns what of it was not taken, with the
    reason. Rows of other batches are left alone."""
    refused: dict[int, dict[str, str]] = {}
    changed = []
    for row in batch.rows.filter(pk__in=cells):
        for name, text in cells[row.pk].items():
            if name == LEFT_OUT:
                row.is_left_out = text.strip() in ("1", str(LEFT_OUT_CHOICES[1][1]))
                continue
            value = cleaned(name, text) if name in BY_NAME else None
            if value is None:
                refused.setdefault(row.pk, {})[name] = _("这一栏没有“%(text)s”这个选项。") % {"text": text[:40]}
            else:
                row.record[name] = value
        changed.append(row)
    BatchRow.objects.bulk_update(changed, ["record", "is_left_out"], batch_size=200)
    return refused


@require_POST
def save_cells(request: HttpRequest, pk: int) -> JsonResponse:
    """{"rows": {key: {column: text}}} → {"rows": {key: {"values", "notes", "missing"}}, "refused"}: kept at once."""
    batch = batch_of(request, pk)
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
        return JsonResponse({"reason": _("一次改动太多，请分几次粘贴。")}, status=413)
    try:
        told = {int(key): dict(cells) for key, cells in json.loads(request.body)["rows"].items()}
        told = {key: {str(name): str(text) for name, text in cells.items()} for key, cells in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"reason": _("请求的格式不对。")}, status=400)
    refused = write_cells(batch, told)
    rows = list(batch.rows.filter(pk__in=told))
    vocabulary = Vocabulary.of(rows)
    answers = {}
    for row in rows:
        missing = [c.name for c in FIELDS if c.is_wanted and row.record.get(c.name, "") in ("", "cne")]
        values = row.record | {LEFT_OUT: "1" if row.is_left_out else ""}
        answers[row.pk] = {"values": values, "notes": notes_on(row, vocabulary), "missing": missing}
    return JsonResponse({"rows": answers, "refused": refused})


def _cells_of_form(request: HttpRequest) -> dict[int, dict[str, str]]:
    """What came with the form: `cell-<row>-<column>`."""
    cells: dict[int, dict[str, str]] = {}
    for name, text in request.POST.items():
        parts = name.split("-")
        if len(parts) == 3 and parts[0] == "cell" and parts[1].isdecimal() and len(parts[1]) < 19:
            cells.setdefault(int(parts[1]), {})[parts[2]] = text
    return cells


@require_POST
def act_on_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the table: keeps what is written, and with `do=files` or `do=drafts` has it done."""
    batch = batch_of(request, pk)
    for refused in write_cells(batch, _cells_of_form(request)).values():
        messages.error(request, "；".join(refused.values()))
    do = request.POST.get("do", "")
    if do not in ("files", "drafts"):
        messages.success(request, _("已保存。"))
        return redirect("archive_upload_batch", pk)
    problem = _in_the_way(batch) if do == "drafts" else ""
    if problem:
        messages.error(request, problem)
        return redirect("archive_upload_batch", pk)
    plan = Plan()
    if do == "drafts":
        form = DraftsForm(request.POST, user=request.user)
        if not form.is_valid():
            view = BatchPage()
            view.setup(request, pk=pk)
            return view.render_to_response(view.get_context_data(form=form))
        plan = form.plan()
    if not upload_drafts.ask(batch, plan):
        messages.warning(request, _("正在处理，请稍候。"))
    return redirect("archive_upload_batch", pk)


def _in_the_way(batch: UploadBatch) -> str:
    """Why no drafts can be made yet, or nothing."""
    rows = [row for row in batch.rows.all() if not row.is_left_out]
    moving = Upload.objects.filter(group=batch.key, owner=batch.owner, state=UploadState.EXAMINING).count()
    untitled = sum(not row.record.get("title") for row in rows)
    vocabulary = Vocabulary.of(rows)
    unknown = {
        word
        for row in rows
        for name in ("places", "topics")
        for word in vocabulary.unknown(name, row.record.get(name, ""))
    }
    if moving:
        return ngettext("还有 %d 件文件正在检查，请稍候。", "还有 %d 件文件正在检查，请稍候。", moving) % moving
    if untitled:
        return ngettext("有 %d 件没有题名，请先填写。", "有 %d 件没有题名，请先填写。", untitled) % untitled
    if unknown:
        names = "、".join(sorted(unknown)[:10])
        return _("“%(names)s”还没有收录，请改正，或先在“地方”“主题”里建立。") % {"names": names}
    return ""


def batch_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far it is, for the page that shows it."""
    batch = batch_of(request, pk)
    job = Job.objects.filter(kind=KIND, asset_kind=SUBJECT, object_id=pk).first()
    percent = job.percent if job is not None else 0
    return JsonResponse({"state": batch.state, "percent": percent, "words": batch.get_state_display()})


def urls() -> list:
    return [
        path("archive/uploads/", UploadsPage.as_view(), name="archive_uploads"),
        path("archive/uploads/new/", new_batch, name="archive_upload_new"),
        path("archive/uploads/<int:pk>/", BatchPage.as_view(), name="archive_upload_batch"),
        path("archive/uploads/<int:pk>/cells/", save_cells, name="archive_upload_cells"),
        path("archive/uploads/<int:pk>/act/", act_on_batch, name="archive_upload_act"),
        path("archive/uploads/<int:pk>/progress/", batch_progress, name="archive_upload_progress"),
    ]
