"""The page 「固定性检查」 of the CMS: what the last reading of each master found, the damaged with their pages."""

from datetime import timedelta

import django_filters
from django.conf import settings
from django.db.models import Case, Count, Max, Min, Value, When
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import register_permission_policy

from media_assets.models import AssetKind, FixityCheck, FixityState
from media_assets.models.job import ASSET_MODELS

from .jobs_report import CellColumn
from .named_assets import ReportPermissionPolicy, known_rows, name_assets

LOT = 500

policy = ReportPermissionPolicy(FixityCheck)
register_permission_policy(FixityCheck, policy)


class FixityFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("结果"), choices=FixityState.choices)
    asset_kind = django_filters.ChoiceFilter(label=gettext_lazy("对象种类"), choices=AssetKind.choices)

    class Meta:
        model = FixityCheck
        fields = ["state", "asset_kind"]


class FixityReport(ReportView):
    model = FixityCheck
    permission_policy = policy
    any_permission_required = ["view"]
    results_template_name = "archive/editing/fixity_results.html"
    page_title = gettext_lazy("固定性检查")
    header_icon = "history"
    index_url_name = "archive_fixity"
    index_results_url_name = "archive_fixity_results"
    filterset_class = FixityFilterSet
    export_filename = "fixity"
    list_export = ["kind", "object_id", "name", "state_words", "checked_at", "found_sha256", "note", "used_by"]
    export_headings = {
        "kind": gettext_lazy("对象种类"),
        "name": gettext_lazy("对象"),
        "state_words": gettext_lazy("结果"),
        "used_by": gettext_lazy("使用它的页面"),
    }
    columns = [
        CellColumn("asset", "asset_cell.html", label=gettext_lazy("对象")),
        Column("state", label=gettext_lazy("结果"), sort_key="state", accessor="get_state_display"),
        DateColumn("checked_at", label=gettext_lazy("检查时间"), sort_key="checked_at"),
        Column("note", label=gettext_lazy("说明")),
        CellColumn("pages", "pages_cell.html", label=gettext_lazy("使用它的页面")),
    ]

    def get_base_queryset(self):
        return known_rows(self.request.user, FixityCheck.objects.all())

    def order_queryset(self, queryset):
        """The damaged first, unless somebody wants another order."""
        if self.ordering:
            return super().order_queryset(queryset)
        whole = Case(When(state=FixityState.OK, then=Value(1)), default=Value(0))
        return queryset.order_by(whole, "-checked_at")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["table"] = self.get_table(name_assets(context["object_list"], with_pages=True))
        rows = self.get_base_queryset().order_by()
        counts = dict(rows.values_list("state").annotate(Count("pk")))
        return context | {
            "counts": [(label, counts.get(state, 0)) for state, label in FixityState.choices],
            "span": rows.aggregate(oldest=Min("checked_at"), newest=Max("checked_at")),
            "unchecked": unchecked_words(),
        }

    def stream_csv(self, queryset):
        """Lot by lot, with the names of each lot in a few queries."""
        yield from super().stream_csv(_told(queryset))

    def get_heading(self, queryset, field):
        return super().get_heading(FixityCheck.objects.none(), field)

    def write_xlsx(self, queryset, output):
        super().write_xlsx(_told(queryset), output)


def _told(rows):
    """The rows with the words of the export."""
    last = 0
    keyed = rows.order_by("pk")
    while lot := list(keyed.filter(pk__gt=last)[:LOT]):
        for row in name_assets(lot, with_pages=True):
            row.kind, row.name = row.get_asset_kind_display(), row.named.name
            row.state_words = row.get_state_display()
            row.used_by = "；".join(page.title for page in row.named.pages)
            yield row
        last = lot[-1].pk


def unchecked_words() -> str:
    """How much of the collection has not been looked at for longer than it should be."""
    recent = timezone.now() - timedelta(days=settings.FIXITY_DAYS)
    total = sum(model._base_manager.exclude(file="").count() for model in ASSET_MODELS.values())
    checked = FixityCheck.objects.filter(checked_at__gte=recent).count()
    words = _("馆藏原件 %(total)d 件，近 %(days)d 天内查过 %(checked)d 件。")
    return words % {"total": total, "days": settings.FIXITY_DAYS, "checked": checked}


def urls() -> list:
    return [
        path("archive/fixity/", FixityReport.as_view(), name="archive_fixity"),
        path("archive/fixity/results/", FixityReport.as_view(results_only=True), name="archive_fixity_results"),
    ]
