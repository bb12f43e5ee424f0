"""The authority records in the CMS: places, people and bodies, topics, series, each with listing, filters, chooser."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from archive.models import Agent, Place, Series, Topic


class AuthorityViewSet(SnippetViewSet):
    """What the four have in common. Listings are exported as CSV or XLSX by Wagtail itself."""

    chooser_viewset_class = SnippetChooserViewSet
    list_display = ["name", Column("slug", label=_("网址名")), Column("locale", label=_("语言"))]
    list_export = ["name", "other_names", "slug", "description"]
    list_per_page = 50
    copy_view_enabled = False
    inspect_view_enabled = True


class PlaceViewSet(AuthorityViewSet):
    model = Place
    icon = "site"
    list_display = ["name", "kind", Column("parent", label=_("上级地方")), "slug"]
    list_filter = ["kind", "parent"]
    list_export = ["name", "other_names", "kind", "parent", "latitude", "longitude", "slug", "description"]


class AgentViewSet(AuthorityViewSet):
    model = Agent
    icon = "user"
    list_display = ["name", "kind", "date_written", "slug"]
    list_filter = ["kind"]
    list_export = ["name", "other_names", "kind", "date_written", "slug", "description"]


class TopicViewSet(AuthorityViewSet):
    model = Topic
    icon = "tag"


class SeriesViewSet(AuthorityViewSet):
    model = Series
    icon = "list-ol"
    list_display = ["name", "colour", "slug"]


class AuthorityGroup(SnippetViewSetGroup):
    items = (PlaceViewSet, AgentViewSet, TopicViewSet, SeriesViewSet)
    menu_label = _("规范档")
    menu_icon = "folder-open-inverse"
    menu_order = 250
