"""What the media assets add to Wagtail: the page of likely duplicates; and Wagtail's own document address, should it be
mounted, asks the same rule as ours."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import duplicates_report
from .views import serve_document


@hooks.register("register_admin_urls")
def admin_urls() -> list:
    return duplicates_report.urls()


@hooks.register("register_reports_menu_item")
def duplicates_menu_item() -> MenuItem:
    return MenuItem(
        _("可能重复的图片"), reverse("media_likely_duplicates"), name="duplicates", icon_name="copy", order=120
    )


@hooks.register("before_serve_document")
def ask_the_rule(document, request):
    return serve_document(request, document)
