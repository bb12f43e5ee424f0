"""Tells the editor what a written date was understood as, or that it was not."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class DateMeaningPanel(Panel):
    """A read-only line beneath the field `date_written`; a script keeps it in step while one types."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "archive/editing/date_meaning_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context["address"] = reverse_lazy("archive_date_meaning")
            context["meaning"] = self.instance.date_meaning()
            return context

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("系统的理解"))
        super().__init__(**kwargs)
