"""The pages 「书稿导入」 of the CMS: a file is handed in, what it would make of a book is looked at, and then made."""

from pathlib import PurePosixPath

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.admin.widgets.button import HeaderButton

from archive.importing.books import runs
from archive.importing.books.contract import Options
from archive.models import BookImport, BookPage
from media_assets.models import Job

from . import book_import_words as words
from .book_import_rights import import_of, known_imports, may_import, may_import_into
from .jobs_report import CellColumn

State = BookImport.State
UNDER_WAY = (State.WAITING, State.APPROVED)
PROBLEMS_A_PAGE = 50
ACTIONS = (
    (runs.ACTION_STARTED, gettext_lazy("上传书稿"), gettext_lazy("上传了书稿")),
    (runs.ACTION_IMPORTED, gettext_lazy("导入书稿"), gettext_lazy("导入了书稿")),
    (runs.ACTION_DISCARDED, gettext_lazy("放弃书稿导入"), gettext_lazy("放弃了书稿导入")),
)
_ANSWERS = {
    (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".jp2", ".bmp", ".gif"): gettext_lazy(
        "书页图像请全部装进一个 ZIP 压缩包再上传，文件名按页次排列（例如 0001.jpg、0002.jpg）。"
    ),
    (".doc", ".wps"): gettext_lazy("旧式 Word（.doc）与 WPS 文档请先另存为 .docx 再上传。"),
    (".xls", ".et"): gettext_lazy("旧式表格请先另存为 .xlsx 或 .csv 再上传。"),
    (".rar", ".7z", ".tar", ".gz"): gettext_lazy("压缩包请用 ZIP 格式。"),
}
"""What is said at once of files that cannot be read, by their endings; everything else is looked into by the worker."""


# --- What all of them share ---------------------------------------------------------------------------------------


def _job_of(run: BookImport) -> Job | None:
    return Job.objects.filter(kind=runs.KIND, asset_kind=runs.SUBJECT, object_id=run.pk).first()


class ImportsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


def menu_item() -> MenuItem:
    return ImportsMenuItem(
        gettext_lazy("书稿导入"), reverse("archive_book_imports"), name="book-imports", icon_name="upload", order=450
    )


class _ForImporters(WagtailAdminTemplateMixin):
    header_icon = "upload"

    def dispatch(self, request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        up = [{"url": reverse("archive_book_imports"), "label": _("书稿导入")}] if self.is_below else []
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *up, here]

    is_below = True


# --- The list -----------------------------------------------------------------------------------------------------


class ImportFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)

    class Meta:
        model = BookImport
        fields = ["state"]


class ImportsList(_ForImporters, BaseListingView):
    model = BookImport
    is_below = False
    page_title = gettext_lazy("书稿导入")
    template_name = "archive/editing/book_imports.html"
    results_template_name = "archive/editing/book_imports_results.html"
    index_url_name = "archive_book_imports"
    index_results_url_name = "archive_book_imports_results"
    filterset_class = ImportFilterSet
    verbose_name_plural = gettext_lazy("书稿导入")
    default_ordering = "-created_at"
    paginate_by = 50
    columns = [
        CellColumn("title", "book_import_title_cell.html", label=gettext_lazy("书稿")),
        CellColumn("book", "book_import_book_cell.html", label=gettext_lazy("图书")),
        CellColumn("state", "book_import_state_cell.html", label=gettext_lazy("状态"), sort_key="state"),
        Column("created_by", label=gettext_lazy("导入人")),
        DateColumn("created_at", label=gettext_lazy("开始时间"), sort_key="created_at"),
    ]

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("导入书稿"), reverse("archive_book_import_add"), icon_name="plus")]

    def get_base_queryset(self):
        runs.settle()
        return known_imports(self.request.user).select_related("book", "created_by").defer("plan")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        rows = list(context["object_list"])
        moving = [run.pk for run in rows if run.state in UNDER_WAY]
        mine = Job.objects.filter(kind=runs.KIND, asset_kind=runs.SUBJECT, object_id__in=moving) if moving else ()
        jobs = {job.object_id: job for job in mine}
        for run in rows:
            run.how_far = words.how_far(run, jobs.get(run.pk)) if run.state in UNDER_WAY else None
        context["table"] = self.get_table(rows)
        return context | {"is_lively": bool(moving)}


# --- The form -----------------------------------------------------------------------------------------------------


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("书稿文件"),
        max_length=500,
        widget=forms.ClearableFileInput(attrs={"class": "archive-drop", "data-archive-drop": ""}),
        help_text=gettext_lazy(
            "把文件拖到框里，或点击选择。可用 PDF、Word（.docx）、纯文本、Markdown、CSV、Excel（.xlsx）、"
            "Kanripo 文本；书页图像（可附 ALTO、PAGE、hOCR 文字）请全部装进一个 ZIP。"
        ),
        error_messages={
            "required": gettext_lazy("请选择要导入的文件。"),
            "empty": gettext_lazy("这个文件是空的，没有内容可以导入。"),
        },
    )
    book = forms.ModelChoiceField(
        BookPage.objects.all(),
        label=gettext_lazy("导入到已有的书"),
        required=False,
        widget=AdminPageChooser(target_models=[BookPage]),
        help_text=gettext_lazy("留空则新建一部书的草稿。再次导入同一部书，只更新底本有变化之处，人工的更正都会保留。"),
    )
    title = forms.CharField(
        label=gettext_lazy("新书的书名"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("留空则用文件里的书名或文件名。"),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字编码"),
        required=False,
        choices=[
            ("", gettext_lazy("自动判断")),
            ("utf-8", "UTF-8"),
            ("gb18030", gettext_lazy("GB18030（含 GBK、GB2312）")),
            ("big5", gettext_lazy("Big5（繁体）")),
        ],
        help_text=gettext_lazy("只对纯文本、Markdown 与 CSV 有用；读出来是乱码时再指定。"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["file"].widget.attrs |= {"data-most": runs.MAX_BYTES, "data-too-large": self._too_large()}

    @staticmethod
    def _too_large() -> str:
        return _("文件超过 %(most)s，请分册导入，或先缩小图像。") % {"most": filesizeformat(runs.MAX_BYTES)}

    def clean_file(self):
        file = self.cleaned_data["file"]
        suffix = PurePosixPath(file.name).suffix.lower()
        for suffixes, answer in _ANSWERS.items():
            if suffix in suffixes:
                raise forms.ValidationError(answer)
        if file.size > runs.MAX_BYTES:
            raise forms.ValidationError(self._too_large())
        return file

    def clean_book(self) -> BookPage | None:
        book = self.cleaned_data["book"]
        if book is not None and not may_import_into(self.user, book):
            raise forms.ValidationError(_("您不能修改这本书，或它已被锁定。"))
        return book

    def clean(self) -> dict:
        cleaned = super().clean()
        if "book" in cleaned and cleaned["book"] is None and not may_import_into(self.user, None):
            self.add_error("book", _("您不能新建图书，请选择一本您可以修改的书。"))
        return cleaned


class ImportFormView(_ForImporters, FormView):
    page_title = gettext_lazy("导入书稿")
    template_name = "archive/editing/book_import_form.html"
    form_class = ImportForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        """The book from whose page the person comes, if it is one that this person may import into."""
        key = self.request.GET.get("book", "")
        book = BookPage.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
        return {"book": book} if book is not None and may_import_into(self.request.user, book) else {}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        given = form.cleaned_data
        run = runs.start(
            given["file"],
            self.request.user,
            book=given["book"],
            title=given["title"],
            options=Options(encoding=given["encoding"]),
        )
        messages.success(self.request, _("书稿已上传，正在读取；读完之后先看一遍结果，再决定是否导入。"))
        return redirect("archive_book_import", run.pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "media": context["form"].media,
            "action_url": self.request.get_full_path(),
            "submit_button_label": _("上传并读取"),
            "submit_button_active_label": _("正在上传…"),
        }


# --- One import ---------------------------------------------------------------------------------------------------


class ImportView(_ForImporters, TemplateView):
    template_name = "archive/editing/book_import.html"

    @cached_property
    def run(self) -> BookImport:
        runs.settle()
        return import_of(self.request, self.kwargs["pk"])

    def get_page_title(self):
        return str(self.run)

    def get_context_data(self, **kwargs):
        run, plan = self.run, self.run.plan
        context = super().get_context_data(**kwargs) | {
            "run": run,
            "may_act": may_import_into(self.request.user, run.book),
            "is_under_way": run.state in UNDER_WAY,
            "book_address": reverse("wagtailadmin_pages:edit", args=[run.book_id]) if run.book_id else "",
            "workbench": _workbench(run),
        }
        if run.state in UNDER_WAY:
            return context | {"how_far": words.how_far(run, _job_of(run))}
        if run.state in (State.READ, State.STAGED, State.APPROVED) and plan:
            context |= self._plan(plan)
        if run.state == State.DONE:
            context |= {"report": words.report_words(plan.get("report", {}))}
        return context | self._problems()

    def _plan(self, plan: dict) -> dict:
        found = sum(plan["sections"][name] for name in ("new", "changed", "same", "corrected"))
        return {
            "plan": plan,
            "tally_labels": [label for _name, label in words.TALLIES],
            "tallies": words.tally_rows(plan),
            "figures": words.figures(plan),
            "reading": words.reading_words(plan, self.run.book),
            "contents": words.contents_lines(plan.get("contents", [])),
            "contents_left": max(found - len(plan.get("contents", [])), 0),
            "gone": plan["leaves"]["gone"] + plan["sections"]["gone"],
            "is_live": self.run.book is not None and self.run.book.live,
        }

    def _problems(self) -> dict:
        groups = words.problem_groups(self.run)
        severity, code = self.request.GET.get("severity", ""), self.request.GET.get("code", "")
        chosen = next((group for group in groups if (group.severity, group.code) == (severity, code)), None)
        rows = self.run.problems.all()
        if chosen is not None:
            rows = rows.filter(severity=severity, code=code)
        pages = WagtailPaginator(rows, PROBLEMS_A_PAGE)
        number = self.request.GET.get("p", 1)
        return {
            "groups": groups,
            "chosen": chosen,
            "problem_count": sum(group.count for group in groups),
            "problems": pages.get_page(number),
            "elided_page_range": pages.get_elided_page_range(number),
        }


def _workbench(run: BookImport) -> str:
    """The address of the desk on which the text of the book is worked on."""
    if not run.book_id:
        return ""
    try:
        return reverse("archive_workbench", args=[run.book_id])
    except NoReverseMatch:
        return ""


def import_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far it is, for the page that shows it."""
    runs.settle()
    run = import_of(request, pk)
    told = words.how_far(run, _job_of(run))
    return JsonResponse({"state": run.state, "percent": told.percent, "words": told.words})


# --- Acting -------------------------------------------------------------------------------------------------------


def _acted_on(request: HttpRequest, pk: int) -> BookImport:
    """403 for what this person may see and not change."""
    run = import_of(request, pk)
    if not may_import_into(request.user, run.book):
        raise PermissionDenied
    return run


@require_POST
def approve_import(request: HttpRequest, pk: int) -> HttpResponse:
    if runs.approve(_acted_on(request, pk), request.user):
        messages.success(request, _("已开始导入。"))
    else:
        messages.error(request, _("它已不在等待确认，请看现在的状态。"))
    return redirect("archive_book_import", pk)


@require_POST
def retry_import(request: HttpRequest, pk: int) -> HttpResponse:
    if runs.retry(_acted_on(request, pk)):
        messages.success(request, _("已重新排队。"))
    else:
        messages.error(request, _("不能再试：它没有失败，或书稿文件已删去。"))
    return redirect("archive_book_import", pk)


@require_POST
def discard_import(request: HttpRequest, pk: int) -> HttpResponse:
    run = import_of(request, pk)
    # Whoever handed it in may always take it back, whatever became of the rights on the book.
    if run.created_by_id != request.user.pk and not may_import_into(request.user, run.book):
        raise PermissionDenied
    if runs.discard(run, request.user):
        messages.success(request, _("已放弃；书里没有任何改动。"))
    else:
        messages.error(request, _("不能放弃：它已经导入，或已随这本书的改动送交发布。"))
    return redirect("archive_book_import", pk)


def urls() -> list:
    listing = "archive/book-imports/"
    own = f"{listing}<int:pk>/"
    return [
        path(listing, ImportsList.as_view(), name="archive_book_imports"),
        path(
            "archive/book-imports/results/", ImportsList.as_view(results_only=True), name="archive_book_imports_results"
        ),
        path(f"{listing}add/", ImportFormView.as_view(), name="archive_book_import_add"),
        path(own, ImportView.as_view(), name="archive_book_import"),
        path(f"{own}progress/", import_progress, name="archive_book_import_progress"),
        path(f"{own}approve/", approve_import, name="archive_book_import_approve"),
        path(f"{own}retry/", retry_import, name="archive_book_import_retry"),
        path(f"{own}discard/", discard_import, name="archive_book_import_discard"),
    ]
