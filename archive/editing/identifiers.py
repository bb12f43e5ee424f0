"""The register of permanent identifiers in the CMS: looked up, filtered, explained; never edited away."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from archive.models import Identifier


class RegisterPermissionPolicy(ModelPermissionPolicy):
    """Identifiers are assigned by the museum itself: no person adds or deletes one."""

    def user_has_permission(self, user, action):
        return action in ("change", "view") and super().user_has_permission(user, action)


class IdentifierViewSet(ModelViewSet):
    model = Identifier
    icon = "link"
    name = "identifiers"
    url_prefix = "archive/identifiers"
    menu_label = _("永久标识符")
    menu_order = 260
    add_to_settings_menu = True
    list_display = ["value", "kind", "title", DateColumn("removed_at", label=_("删除时间")), "reason"]
    list_filter = ["kind", "ever_public"]
    search_fields = ["value", "title"]
    search_backend_name = None
    ordering = ["-assigned_at"]
    inspect_view_enabled = True
    copy_view_enabled = False
    panels = [FieldPanel("reason")]


register_permission_policy(Identifier, RegisterPermissionPolicy(Identifier))
