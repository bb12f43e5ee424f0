"""What the office asks the towns for: the campaigns, and how much has come in to each."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from archive.models import Campaign, SubmissionState


class CampaignsView(IndexView):
    """With what came in counted, in the query of the list itself."""

    def get_base_queryset(self):
        sent = Q(submissions__sent_at__isnull=False)
        waiting = Q(submissions__state=SubmissionState.SENT)
        counted = super().get_base_queryset()
        return counted.annotate(came=Count("submissions", filter=sent), waiting=Count("submissions", filter=waiting))


def _came(campaign: Campaign) -> str:
    """「12 件，3 件待处理」, which leads to them."""
    words = _("%(came)d 件，%(waiting)d 件待处理") if campaign.waiting else _("%(came)d 件")
    told = words % {"came": campaign.came, "waiting": campaign.waiting}
    return format_html('<a href="{}?campaign={}">{}</a>', reverse("archive_submissions"), campaign.pk, told)


class CampaignViewSet(ModelViewSet):
    model = Campaign
    icon = "form"
    menu_label = gettext_lazy("征集活动")
    menu_order = 450
    add_to_admin_menu = True
    index_view_class = CampaignsView
    list_display = [
        "title",
        Column("standing", label=gettext_lazy("现在"), accessor="get_standing_display"),
        Column("opens_on", label=gettext_lazy("开始日期"), sort_key="opens_on"),
        Column("closes_on", label=gettext_lazy("截止日期"), sort_key="closes_on"),
        Column("came", label=gettext_lazy("来稿"), accessor=_came),
    ]
    search_fields = ["title"]
    copy_view_enabled = False
    inspect_view_enabled = False
