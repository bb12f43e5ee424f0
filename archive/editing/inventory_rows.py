"""The rows of an inventory as its page lists them: what is done with each, what changes in which column, and what is
wrong; by kind, a page at a time, or all of them as a table to take along."""

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.paginator import WagtailPaginator

from archive.importing.collections import runs
from archive.importing.collections.export import neutral
from archive.models import Inventory, InventoryRow
from search.exporting import Echo

from .inventory_rights import inventory_of

ROWS_A_PAGE = 50
NOTED = "noted"
_FILTERS = {
    "": gettext_lazy("全部"),
    **{str(action): action.label for action in InventoryRow.Action if action},
    NOTED: gettext_lazy("有提示"),
}


def rows_shown(inventory: Inventory, request: HttpRequest) -> dict:
    """What the page needs for its list; nothing before the plan is made."""
    counts = inventory.plan.get("counts")
    if counts is None or inventory.state in (Inventory.State.MAPPING, Inventory.State.PLANNING):
        return {}
    chosen = request.GET.get("rows", "")
    chosen = chosen if chosen in _FILTERS else ""
    rows = _filtered(inventory, chosen).only("number", "sheet", "title", "action", "changes", "problems", "page_id")
    pages = WagtailPaginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p", 1))
    for row in pages:
        row.told = [(runs.column_name(inventory, at), words) for at, words in row.problems]
    return {
        "rows": pages,
        "filters": [
            {
                "address": f"?{urlencode({'rows': key})}#rows" if key else "?#rows",
                "label": label,
                "count": counts.get(key) if key else sum(counts.values()),
                "is_chosen": key == chosen,
            }
            for key, label in _FILTERS.items()
        ],
        "rows_query": f"?{urlencode({'rows': chosen})}&" if chosen else "?",
    }


def _filtered(inventory: Inventory, chosen: str):
    rows = inventory.rows.order_by("pk")
    if chosen == NOTED:
        return rows.exclude(problems=[])
    return rows.filter(action=chosen) if chosen else rows


def inventory_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row with what is done with it, its changes and its problems, as CSV; a line for each of those."""
    inventory = inventory_of(request, pk)
    headings = [_("行"), _("工作表"), _("题名"), _("做什么"), _("列"), _("原来"), _("改为"), _("提示")]
    return csv_response(_lines(headings, _plan_lines(inventory)), f"plan-{inventory.pk}.csv")


def _plan_lines(inventory: Inventory) -> Iterator[list]:
    for row in inventory.rows.order_by("pk").defer("cells", "before", "wrote").iterator(chunk_size=500):
        begin = [row.number, row.sheet, row.title, row.get_action_display()]
        told = [[*change, ""] for change in row.changes]
        told += [[runs.column_name(inventory, at), "", "", words] for at, words in row.problems]
        for each in told or [["", "", "", ""]]:
            yield [*begin, *each]


def inventory_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Every problem as a table to take along."""
    inventory = inventory_of(request, pk)
    headings = [_("行"), _("工作表"), _("列"), _("问题")]
    return csv_response(_lines(headings, runs.problems(inventory)), f"problems-{inventory.pk}.csv")


def _lines(headings: list[str], rows) -> Iterator[str]:
    yield "\ufeff"
    writer = csv.writer(Echo())
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([neutral(str(cell)) for cell in row])


def csv_response(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
