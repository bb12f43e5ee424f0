"""「批量修改」 in the lists of pages: the form of what is to be changed; its answer is the preview."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from archive.editing.own_work import known_pages

from . import work
from .wishes import WishForm


class BulkEditAction(PageBulkAction):
    display_name = gettext_lazy("批量修改")
    action_type = "bulk_edit"
    aria_label = gettext_lazy("修改所选页面的著录")
    template_name = "archive/editing/bulk_edit_form.html"
    action_priority = 5
    form_class = WishForm

    @classmethod
    def get_queryset(cls, model, object_ids):
        """At most one more than may be changed at once, so that too many cost no more than many."""
        keys = [key for key in map(str, object_ids) if key.isascii() and key.isdecimal() and len(key) < 19]
        return list(Page.objects.filter(pk__in=keys[: work.MOST_PAGES + 1]).order_by("path"))

    def get_actionable_objects(self):
        pages, _none = super().get_actionable_objects()
        known = known_pages(self.request.user, Page.objects.filter(pk__in=[page.pk for page in pages]))
        keys = set(known.order_by().values_list("pk", flat=True))
        return [page for page in pages if page.pk in keys], {"items_with_no_access": []}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"count": len(context["items"]), "most": work.MOST_PAGES}

    def prepare_action(self, objects, objects_without_access) -> HttpResponse:
        if len(objects) > work.MOST_PAGES:
            messages.error(self.request, _("一次最多修改 %d 页，请分几次选择。") % work.MOST_PAGES)
            return redirect(self.next_url)
        if not objects:
            messages.error(self.request, _("没有选中页面。"))
            return redirect(self.next_url)
        form = self.cleaned_form
        edit = work.plan(self.request.user, objects, form.wish(), publishes=form.cleaned_data["publishes"])
        return redirect("archive_bulk_edit", edit.pk)

    @classmethod
    def execute_action(cls, objects, **kwargs) -> tuple[int, int]:
        """Nothing: what is wished for is done after its preview was confirmed."""
        return 0, 0
