"""Everything that the museum adds to Wagtail's CMS, registered in one place."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from .editing import (
    acts_report,
    book_imports,
    campaigns,
    fixity_report,
    group_rules,
    inventories,
    jobs_report,
    reviews,
    role_overview,
    sharing,
    sign_ins,
    submissions,
    upload_batches,
    uploads_page,
    workbench,
)
from .editing.access_view import ACTION, page_access
from .editing.authorities import AuthorityGroup
from .editing.book_import_rights import may_import_into
from .editing.bulk_edits import views as bulk_edits
from .editing.bulk_edits.action import BulkEditAction
from .editing.dashboard import WaitingPanel, summary_items
from .editing.identifiers import IdentifierViewSet
from .editing.own_work import known_pages, narrow_api
from .editing.translated_homes import connect as give_rights_on_translated_homes
from .exchange.in_chinese import fill_from_chinese
from .models import ArchivePage, BookPage
from .models.dated import meaning_of
from .publication import ask_for_assets
from .sharing.links import may_share
from .signing_in.door import ENROL

register_snippet(AuthorityGroup)


@hooks.register("register_admin_viewset")
def identifiers_viewset() -> IdentifierViewSet:
    return IdentifierViewSet()


@hooks.register("register_admin_urls")
def admin_urls() -> list:
    return [
        path("archive/date-meaning/", date_meaning, name="archive_date_meaning"),
        path("archive/access/<int:page_id>/", page_access, name="archive_page_access"),
        *jobs_report.urls(),
        *fixity_report.urls(),
        *workbench.urls(),
        *book_imports.urls(),
        *reviews.urls(),
        *sharing.urls(),
        *upload_batches.urls(),
        *bulk_edits.urls(),
        *acts_report.urls(),
        *sign_ins.urls(),
        *role_overview.urls(),
        *inventories.urls(),
        *submissions.urls(),
    ]


def date_meaning(request: HttpRequest) -> JsonResponse:
    """How a written date is understood, for the line beneath the field."""
    return JsonResponse({"meaning": meaning_of(request.GET.get("written", "")[:200])})


@hooks.register("insert_global_admin_js")
def admin_scripts() -> str:
    scripts = ("archive/editing/date_meaning.js", "archive/editing/autosave.js")
    return format_html_join("\n", '<script src="{}"></script>', ((static(script),) for script in scripts))


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("archive/editing/desk.css"))


@hooks.register("construct_homepage_summary_items", order=1000)
def homepage_figures(request: HttpRequest, items: list) -> None:
    items[:] = summary_items(request)


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list) -> None:
    panels.append(WaitingPanel(request))


@hooks.register("register_page_header_buttons")
def access_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way to the access level, for whoever may change it."""
    if not isinstance(page.specific_deferred, ArchivePage):
        return
    permissions = page.permissions_for_user(user)
    if permissions.can_publish() or (permissions.can_edit() and page.first_published_at is None):
        yield Button(_("访问级别"), reverse("archive_page_access", args=[page.pk]), icon_name="lock-open", priority=55)


@hooks.register("register_page_header_buttons")
def workbench_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way to the text of a book, for whoever may edit it."""
    if isinstance(page.specific_deferred, BookPage) and page.permissions_for_user(user).can_edit():
        yield Button(_("书稿工作台"), reverse("archive_workbench", args=[page.pk]), icon_name="list-ul", priority=50)


@hooks.register("register_page_header_buttons")
def import_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way to a file for this book, for whoever may import into it."""
    if isinstance(page.specific_deferred, BookPage) and may_import_into(user, page):
        address = f"{reverse('archive_book_import_add')}?book={page.pk}"
        yield Button(_("导入书稿"), address, icon_name="upload", priority=52)


@hooks.register("construct_page_chooser_queryset")
@hooks.register("construct_explorer_page_queryset")
def known_pages_in_lists(*given):
    """(parent, pages, request) from the explorer, (pages, request) from the chooser."""
    *_parent, pages, request = given
    return known_pages(request.user, pages)


@hooks.register("construct_admin_api", order=1000)
def known_things_in_api(router) -> None:
    narrow_api(router)


@hooks.register("construct_help_menu")
def help_of_our_own(request: HttpRequest, items: list) -> None:
    """Wagtail's own entries lead to pages on other hosts, which a closed network does not reach."""
    items[:] = [item for item in items if not getattr(item, "url", "").startswith(("http://", "https://"))]


hooks.register("before_serve_page", fill_from_chinese)
give_rights_on_translated_homes()


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action(ACTION, _("更改访问级别"), _("更改了访问级别"))
    for action in (*book_imports.ACTIONS, *inventories.ACTIONS, *reviews.ACTIONS, *sharing.ACTIONS):
        actions.register_action(*action)


@hooks.register("register_admin_menu_item")
def visit_site() -> MenuItem:
    # The whole address: a bare "/" would be taken for the current page everywhere.
    return MenuItem(_("查看网站"), f"{settings.PUBLIC_BASE_URL}/", icon_name="view", order=10_000)


@hooks.register("register_admin_menu_item")
def imports_menu_item() -> MenuItem:
    return book_imports.menu_item()


@hooks.register("register_admin_menu_item")
def reviews_menu_item() -> MenuItem:
    return reviews.menu_item()


hooks.register("before_publish_page", reviews.hold_publication)
hooks.register("after_edit_page", reviews.advise_whoever_submits)
hooks.register("after_create_page", reviews.advise_whoever_submits)
hooks.register("before_bulk_action", reviews.hold_bulk_publication)
hooks.register("construct_page_action_menu", reviews.arrange_actions)


@hooks.register("register_page_header_buttons")
def review_sheet_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way to the opinions on a page that is, or was, reviewed."""
    if isinstance(page.specific_deferred, ArchivePage) and reviews.has_sheet(page):
        yield Button(
            _("审稿单"), reverse("archive_review_sheet", args=[page.pk]), icon_name="clipboard-list", priority=57
        )


@hooks.register("register_page_header_buttons")
def sharing_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way to the links under which people outside read the draft, for whoever may give them."""
    if isinstance(page.specific_deferred, ArchivePage) and may_share(user, page):
        yield Button(_("分享链接"), reverse("archive_sharing", args=[page.pk]), icon_name="link", priority=56)


@hooks.register("register_admin_viewset")
def campaigns_viewset() -> campaigns.CampaignViewSet:
    return campaigns.CampaignViewSet("archive_campaigns")


@hooks.register("register_admin_menu_item")
def submissions_menu_item() -> MenuItem:
    return submissions.menu_item()


@hooks.register("register_page_header_buttons")
def submission_button(page: Page, user, view_name: str, next_url: str | None = None):
    """The way back to what a town sent in, its source and its consent."""
    address = submissions.address_of_page(user, page)
    if address:
        yield Button(_("来稿与授权"), address, icon_name="mail", priority=58)


@hooks.register("register_admin_menu_item")
def uploads_menu_item() -> MenuItem:
    return uploads_page.menu_item()


@hooks.register("register_admin_menu_item")
def bulk_edits_menu_item() -> MenuItem:
    return bulk_edits.menu_item()


hooks.register("register_bulk_action", BulkEditAction)


@hooks.register("register_admin_menu_item")
def inventories_menu_item() -> MenuItem:
    return inventories.menu_item()


@hooks.register("register_reports_menu_item")
def jobs_menu_item() -> MenuItem:
    return MenuItem(_("后台任务"), reverse("archive_jobs"), name="jobs", icon_name="cogs", order=100)


@hooks.register("register_reports_menu_item")
def fixity_menu_item() -> MenuItem:
    return MenuItem(_("固定性检查"), reverse("archive_fixity"), name="fixity", icon_name="history", order=110)


@hooks.register("after_bulk_action")
def collection_changed_in_bulk(request: HttpRequest, action_type: str, objects, action) -> None:
    """Wagtail moves many assets to another collection by one update, of which no signal tells."""
    if action_type == "add_to_collection":
        ask_for_assets(objects)


hooks.register("register_reports_menu_item", acts_report.menu_item)
hooks.register("register_reports_menu_item", sign_ins.menu_item)
hooks.register("register_settings_menu_item", role_overview.menu_item)
hooks.register("register_user_listing_buttons", sign_ins.listing_buttons)
hooks.register("before_create_page", group_rules.hold_other_kinds)
hooks.register("before_copy_page", group_rules.hold_copies_of_other_kinds)
hooks.register("before_move_page", group_rules.hold_moves_of_other_kinds)
hooks.register("before_bulk_action", group_rules.hold_moves_of_many)


@hooks.register("register_group_permission_panel", order=1000)
def group_rule_panel() -> type[group_rules.GroupRulePanel]:
    return group_rules.GroupRulePanel


@hooks.register("register_permissions")
def permissions_of_the_museum():
    return Permission.objects.filter(content_type__app_label="archive", codename__in=["view_acts", "add_sharelink"])


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict:
    return {
        "url": reverse(ENROL),
        "label": _("两步验证"),
        "help_text": _("登录时除密码外，再输手机应用里的六位数字。"),
    }
