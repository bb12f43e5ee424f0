"""The pages 「清册导入」 of the CMS: a table is handed in, its columns are named, its plan is looked at, then made; and
pages are given back as a table."""

import time

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page

from archive.importing.collections import runs
from archive.importing.collections.columns import FIELDS, PLURAL
from archive.importing.collections.export import as_csv, as_workbook
from archive.importing.collections.plan import KINDS
from archive.importing.collections.vocabulary import CREATE, MODELS, OMIT, may_create
from archive.models import Inventory

from .inventory_rights import inventory_of, known_inventories, may_import, may_import_beneath
from .inventory_rows import csv_response, inventory_plan, inventory_problems, rows_shown
from .own_work import known_pages

State = Inventory.State
UNDER_WAY = (State.WAITING, State.PLANNING, State.APPROVED, State.UNDOING)
INVENTORIES_A_PAGE = 50
_STEPS = {
    State.WAITING: gettext_lazy("正在读取"),
    State.PLANNING: gettext_lazy("正在核对"),
    State.APPROVED: gettext_lazy("正在导入"),
    State.UNDOING: gettext_lazy("正在撤销"),
}
ACTIONS = (
    (runs.ACTION_STARTED, gettext_lazy("上传清册"), gettext_lazy("上传了清册")),
    (runs.ACTION_IMPORTED, gettext_lazy("导入清册"), gettext_lazy("导入了清册")),
    (runs.ACTION_UNDONE, gettext_lazy("撤销清册导入"), gettext_lazy("撤销了清册导入")),
)
_ON_HAND = {"list": "archive_inventories", "add": "archive_inventory_add", "one": "archive_inventory"}


class _InventoriesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


def menu_item() -> MenuItem:
    return _InventoriesMenuItem(
        gettext_lazy("清册导入"), reverse(_ON_HAND["list"]), name="inventories", icon_name="table", order=455
    )


class _ForImporters(WagtailAdminTemplateMixin):
    header_icon = "table"
    is_below = True

    def dispatch(self, request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        up = [{"url": reverse(_ON_HAND["list"]), "label": _("清册导入")}] if self.is_below else []
        return [*self.breadcrumbs_items, *up, {"url": "", "label": self.get_page_title()}]


# --- The list, and the way out ------------------------------------------------------------------------------------


class ExportForm(forms.Form):
    parent = forms.ModelChoiceField(
        Page.objects.all(), label=gettext_lazy("导出哪一页之下的内容"), widget=AdminPageChooser()
    )
    kind = forms.ChoiceField(label=gettext_lazy("导出什么"), choices=Inventory.Kind.choices)
    form = forms.ChoiceField(label=gettext_lazy("格式"), choices=[("xlsx", "Excel（.xlsx）"), ("csv", "CSV")])


class InventoriesList(_ForImporters, TemplateView):
    is_below = False
    page_title = gettext_lazy("清册导入")
    template_name = "archive/editing/inventories.html"

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("导入清册"), reverse(_ON_HAND["add"]), icon_name="plus")]

    def get_context_data(self, **kwargs):
        runs.settle()
        pages = WagtailPaginator(known_inventories(self.request.user).defer("choices", "made"), INVENTORIES_A_PAGE)
        form = ExportForm(prefix="export")
        return super().get_context_data(**kwargs) | {
            "inventories": pages.get_page(self.request.GET.get("p", 1)),
            "export_form": form,
            "media": form.media,
        }


def export_pages(request: HttpRequest) -> HttpResponse:
    """What stands beneath a page and this person may know of, as a table."""
    if not may_import(request.user):
        raise PermissionDenied
    form = ExportForm(request.GET, prefix="export")
    if not form.is_valid() or not known_pages(request.user, Page.objects.filter(pk=form.cleaned_data["parent"].pk)):
        messages.error(request, _("请选择要导出哪一页之下的内容。"))
        return redirect(_ON_HAND["list"])
    given = form.cleaned_data
    beneath = known_pages(request.user, KINDS[given["kind"]].objects.descendant_of(given["parent"])).order_by("path")
    name = f"{given['parent'].slug}.{given['form']}"
    if given["form"] == "xlsx":
        return FileResponse(as_workbook(beneath), as_attachment=True, filename=name)
    return csv_response(as_csv(beneath), name)


# --- The form -----------------------------------------------------------------------------------------------------


class InventoryForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("清册文件"),
        max_length=500,
        help_text=gettext_lazy("Excel（.xlsx）、CSV 或 TSV，开头一行是列名，以下每行一件。"),
        error_messages={"required": gettext_lazy("请选择清册文件。"), "empty": gettext_lazy("这个文件是空的。")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("每行是什么"), choices=Inventory.Kind.choices)
    parent = forms.ModelChoiceField(
        Page.objects.all(),
        label=gettext_lazy("放在哪一页之下"),
        widget=AdminPageChooser(),
        help_text=gettext_lazy("新建的都是草稿，放在这里；例如“照片”栏目或其中一个相册。"),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字编码"),
        required=False,
        choices=[("", gettext_lazy("自动判断")), ("utf-8", "UTF-8"), ("gb18030", "GB18030（GBK）"), ("big5", "Big5")],
        help_text=gettext_lazy("只对 CSV、TSV 有用；读出来是乱码时再指定。"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.name.lower().endswith((".xls", ".et")):
            raise forms.ValidationError(_("旧式表格请先另存为 .xlsx 或 .csv 再上传。"))
        if file.size > runs.MAX_BYTES:
            raise forms.ValidationError(_("文件超过 %(most)d MB，请分成几个文件。") % {"most": runs.MAX_BYTES >> 20})
        return file

    def clean(self) -> dict:
        given = super().clean()
        if given.get("parent") and not may_import_beneath(self._user, given["parent"], given.get("kind", "photo")):
            parent = given["parent"]
            self.add_error("parent", _("这一页之下不能放这一类内容，或您不能在它之下新建。"))
            if not known_pages(self._user, Page.objects.filter(pk=parent.pk)).exists():
                self.data = self.data.copy()
                self.data["parent"] = ""  # the chooser would name the page
        return given


class InventoryFormView(_ForImporters, FormView):
    page_title = gettext_lazy("导入清册")
    template_name = "wagtailadmin/generic/form.html"
    form_class = InventoryForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: InventoryForm) -> HttpResponse:
        given = form.cleaned_data
        file = given.pop("file")
        return redirect(_ON_HAND["one"], runs.start(file, self.request.user, **given).pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "media": context["form"].media,
            "action_url": self.request.get_full_path(),
            "submit_button_label": _("上传并读取"),
            "submit_button_active_label": _("正在上传…"),
        }


# --- One inventory ------------------------------------------------------------------------------------------------


class InventoryView(_ForImporters, TemplateView):
    template_name = "archive/editing/inventory.html"

    @cached_property
    def inventory(self) -> Inventory:
        runs.settle()
        return inventory_of(self.request, self.kwargs["pk"])

    def get_page_title(self):
        return str(self.inventory)

    def get_context_data(self, **kwargs):
        inventory = self.inventory
        return super().get_context_data(**kwargs) | {
            "inventory": inventory,
            "is_under_way": inventory.state in UNDER_WAY,
            "how_far": _how_far(inventory) if inventory.state in UNDER_WAY else None,
            "may_undo": runs.may_take_back(inventory),
            "may_act": _may_act(self.request, inventory),
            "columns": _columns(inventory) if inventory.state in (State.MAPPING, State.PLANNED) else None,
            "fields": [("", _("不取")), *((name, label) for name, (label, _names) in FIELDS.items())],
            "unknown": _unknown(inventory, self.request.user) if inventory.state == State.PLANNED else None,
            **rows_shown(inventory, self.request),
        }


def _columns(inventory: Inventory) -> list[dict]:
    """Each column with its heading, its field and what its first rows say."""
    examples = runs.first_rows(inventory)
    return [
        {
            "heading": heading,
            "field": inventory.columns[at] if at < len(inventory.columns) else "",
            "example": "；".join(row[at][:40] for row in examples if at < len(row) and row[at])[:120],
        }
        for at, heading in enumerate(inventory.headings)
    ]


def _unknown(inventory: Inventory, user) -> list[dict]:
    """The names that are not known, with what was chosen for them."""
    groups = []
    for field, told in inventory.plan.get("unknown", {}).items():
        chosen = inventory.choices.get(field, {})
        names = [each | {"chosen": str(chosen.get(each["key"], ""))} for each in told["names"]]
        label, rest = FIELDS[field][0], chosen.get("", OMIT)
        group = {"field": field, "label": label, "count": told["count"], "names": names, "rest": rest}
        groups.append(group | {"may_create": may_create(user, field), "shown": len(names)})
    return groups


def _may_act(request: HttpRequest, inventory: Inventory) -> bool:
    return may_import_beneath(request.user, inventory.parent, inventory.kind)


def _how_far(inventory: Inventory) -> dict:
    """How far the step is. Rows a second and what remains are reckoned from this attempt alone: one that was killed and
    goes on says nothing of the time in which nobody was at it."""
    pace, done = inventory.pace, inventory.rows_done
    step = _STEPS.get(inventory.state, "")
    if not pace.get("total"):
        return {"percent": 0, "words": _("%(step)s，请稍候。") % {"step": step}}
    left = max(pace["total"] - done, 0)
    words = _("%(step)s：%(done)d / %(total)d 行") % {"step": step, "done": done, "total": pace["total"]}
    speed = (done - pace["from"]) / max(time.time() - pace["began"], 1)
    if speed > 0:
        words += _("，每秒 %(speed).0f 行，约剩 %(time)s") % {"speed": speed, "time": _in_words(left / speed)}
    return {"percent": round(100 * done / pace["total"], 1), "words": words}


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return _("%(count)d 秒") % {"count": seconds}
    return _("%(count)d 分钟") % {"count": round(seconds / 60)}


def inventory_progress(request: HttpRequest, pk: int) -> JsonResponse:
    runs.settle()
    inventory = inventory_of(request, pk)
    return JsonResponse({"state": inventory.state} | _how_far(inventory))


# --- Acting -------------------------------------------------------------------------------------------------------


@require_POST
def map_inventory(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns and the choices of names, as the form has them."""
    inventory = _acted_on(request, pk)
    columns = [request.POST.get(f"column-{at}", "") for at in range(len(inventory.headings))]
    columns = [field if field in FIELDS else "" for field in columns]
    doubled = {field for field in columns if field and field not in PLURAL and columns.count(field) > 1}
    if doubled:
        names = "、".join(str(FIELDS[field][0]) for field in doubled)
        messages.error(request, _("“%(names)s”只能对应一列。") % {"names": names})
    elif "title" not in columns and "identifier" not in columns:
        messages.error(request, _("请指出哪一列是题名。"))
    elif not runs.map_columns(inventory, columns, _choices(request, inventory)):
        messages.error(request, _("它已不在等待确认，请看现在的状态。"))
    return redirect(_ON_HAND["one"], pk)


def _choices(request: HttpRequest, inventory: Inventory) -> dict:
    """What was chosen before stays, but for what the form shows."""
    choices = {field: dict(inventory.choices.get(field, {})) for field in MODELS}
    for field, told in inventory.plan.get("unknown", {}).items():
        choices[field][""] = CREATE if request.POST.get(f"rest-{field}") == CREATE else OMIT
        for at, each in enumerate(told["names"]):
            chosen = request.POST.get(f"name-{field}-{at}", "")
            if chosen in (CREATE, OMIT):
                choices[field][each["key"]] = chosen
            elif chosen.isdecimal() and int(chosen) in [pk for pk, _name in each["near"]]:
                choices[field][each["key"]] = int(chosen)
            else:
                choices[field].pop(each["key"], None)
    return choices


def _acted_on(request: HttpRequest, pk: int) -> Inventory:
    inventory = inventory_of(request, pk)
    if not _may_act(request, inventory):
        raise PermissionDenied
    return inventory


@require_POST
def act_on_inventory(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    inventory = _acted_on(request, pk)
    user = request.user
    acts = {
        "approve": lambda: runs.approve(inventory, user),
        "undo": lambda: runs.take_back(inventory, user),
        "retry": lambda: runs.retry(inventory),
        "discard": lambda: runs.discard(inventory),
    }
    if not acts[act]():
        messages.error(request, _("现在的状态不能这样做，请看这一页。"))
    return redirect(_ON_HAND["one"], pk)


def urls() -> list:
    own = "archive/inventories/<int:pk>/"
    acts = [
        path(f"{own}{act}/", act_on_inventory, {"act": act}, name=f"archive_inventory_{act}")
        for act in ("approve", "undo", "retry", "discard")
    ]
    return [
        path("archive/inventories/", InventoriesList.as_view(), name="archive_inventories"),
        path("archive/inventories/add/", InventoryFormView.as_view(), name="archive_inventory_add"),
        path("archive/inventories/export/", export_pages, name="archive_inventory_export"),
        path(own, InventoryView.as_view(), name="archive_inventory"),
        path(f"{own}progress/", inventory_progress, name="archive_inventory_progress"),
        path(f"{own}problems/", inventory_problems, name="archive_inventory_problems"),
        path(f"{own}plan/", inventory_plan, name="archive_inventory_plan"),
        path(f"{own}map/", map_inventory, name="archive_inventory_map"),
        *acts,
    ]
