"""The page 「操作记录」 of the CMS: who did what to what, filtered, and handed out as a table."""

import django_filters
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import registry

from archive.acts.kinds import LABELS, label_of
from archive.models import Act, ArchivePage
from archive.models.acts import Matter
from search.exporting import harmless

VIEW_ACTS = "archive.view_acts"
LOT = 1000
_OTHER_KINDS = (
    *("accounts.user", "auth.group", "media_assets.archiveimage", "media_assets.archivevideo"),
    *("media_assets.archivedocument", "archive.place", "archive.agent", "archive.topic", "archive.series"),
    *("wagtailcore.workflow", "archive.reviewtask"),
)


def urls() -> list:
    view = permission_required(VIEW_ACTS)
    return [
        path("archive/acts/", view(ActsReport.as_view()), name="archive_acts"),
        path("archive/acts/results/", view(ActsReport.as_view(results_only=True)), name="archive_acts_results"),
    ]


def menu_item() -> MenuItem:
    return ActsMenuItem(gettext_lazy("操作记录"), reverse("archive_acts"), name="acts", icon_name="list-ul", order=120)


def kind_of_object(object_kind: str) -> str:
    """What such things are called; the name of the model for one that is no more."""
    try:
        return str(apps.get_model(object_kind)._meta.verbose_name) if object_kind else ""
    except (LookupError, ValueError):
        return object_kind


def _object_kinds() -> list[tuple[str, str]]:
    models = [model for model in apps.get_models() if issubclass(model, ArchivePage) and model is not ArchivePage]
    names = [*(model._meta.label_lower for model in models), *_OTHER_KINDS]
    return [(name, kind_of_object(name)) for name in names]


def _kinds() -> list[tuple[str, str]]:
    return [*((kind, str(label)) for kind, label in LABELS.items()), *registry.get_choices()]


class ActFilterSet(WagtailFilterSet):
    matter = django_filters.ChoiceFilter(label=gettext_lazy("事项"), choices=Matter.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("操作"), choices=_kinds)
    user = django_filters.ModelChoiceFilter(
        label=gettext_lazy("操作人"), queryset=lambda request: get_user_model().objects.order_by("username")
    )
    user_name = django_filters.CharFilter(label=gettext_lazy("操作人的用户名"), lookup_expr="iexact")
    object_kind = django_filters.ChoiceFilter(label=gettext_lazy("对象种类"), choices=_object_kinds)
    label = django_filters.CharFilter(label=gettext_lazy("对象"), lookup_expr="icontains")
    at = django_filters.DateFromToRangeFilter(label=gettext_lazy("时间"), widget=DateRangePickerWidget)

    class Meta:
        model = Act
        fields = ["matter", "kind", "user", "user_name", "object_kind", "label", "at"]


class ActsReport(ReportView):
    """Fifty a page. The export holds everything that the filters leave, a lot at a time."""

    model = Act
    permission_policy = None  # asked for where the addresses are: the right is one of its own
    page_title = gettext_lazy("操作记录")
    header_icon = "list-ul"
    index_url_name = "archive_acts"
    index_results_url_name = "archive_acts_results"
    filterset_class = ActFilterSet
    default_ordering = "-at"
    is_searchable = False
    export_filename = "acts"
    list_export = [
        "at",
        "matter_words",
        "kind_words",
        "user_name",
        "object_words",
        "object_id",
        "label",
        "words",
        "address",
    ]
    export_headings = {
        "at": gettext_lazy("时间"),
        "matter_words": gettext_lazy("事项"),
        "kind_words": gettext_lazy("操作"),
        "user_name": gettext_lazy("操作人"),
        "object_words": gettext_lazy("对象种类"),
        "object_id": gettext_lazy("编号"),
        "label": gettext_lazy("对象"),
        "words": gettext_lazy("说明"),
        "address": gettext_lazy("来自"),
    }
    columns = [
        Column(
            "at", label=gettext_lazy("时间"), sort_key="at", accessor=lambda act: _clock(act.at), classname="nowrap"
        ),
        Column("matter", label=gettext_lazy("事项"), accessor="get_matter_display", classname="nowrap"),
        Column("kind", label=gettext_lazy("操作"), accessor=lambda act: label_of(act.kind)),
        Column("user_name", label=gettext_lazy("操作人"), accessor=lambda act: act.user_name or _("系统")),
        Column("label", label=gettext_lazy("对象"), accessor=lambda act: object_words(act)),
        Column("words", label=gettext_lazy("说明")),
        Column("address", label=gettext_lazy("来自")),
    ]

    def get_base_queryset(self):
        return Act.objects.all()

    def order_queryset(self, queryset):
        return queryset.order_by("at", "pk") if self.ordering == "at" else queryset.order_by("-at", "-pk")

    def stream_csv(self, queryset):
        """With the mark that spreadsheets need to read Chinese."""
        yield "\ufeff".encode()
        yield from super().stream_csv(_told(queryset))

    def write_xlsx(self, queryset, output):
        super().write_xlsx(_told(queryset), output)

    def get_heading(self, queryset, field):
        return super().get_heading(Act.objects.none(), field)


def _clock(at) -> str:
    """To the second: what came first is what a log is asked."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def object_words(act: Act) -> str:
    """The object with its kind before it, as in 「故事：永济桥」."""
    kind = kind_of_object(act.object_kind)
    return f"{kind}：{act.label}" if kind and act.label else act.label


def _told(acts):
    """The acts with the words of the export, none of which a spreadsheet computes."""
    names: dict[str, str] = {}
    for act in acts.iterator(LOT):
        act.matter_words, act.kind_words = act.get_matter_display(), label_of(act.kind)
        act.object_words = names.setdefault(act.object_kind, kind_of_object(act.object_kind))
        act.user_name = harmless(act.user_name or _("系统"))
        act.label, act.words, act.address = harmless(act.label), harmless(act.words), act.address or ""
        yield act


class ActsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(VIEW_ACTS)
