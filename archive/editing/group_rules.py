"""The museum's own part of a group's form, and the bounds on kinds where pages are made by hand."""

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from archive.acts.recording import tell_grant
from archive.models import GroupRule
from archive.models.group_rules import PageKind, may_add_kind

_GRANTS = (GroupPagePermission, GroupCollectionPermission)


class GroupRulePanel(forms.ModelForm):
    """A panel of Wagtail's group form. Being saved last, it also tells the log which rights on pages and collections
    were given: Wagtail makes those in bulk, of which no signal tells."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("只可新建"),
        choices=PageKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个也不选，即不限种类。在哪些页面之下可以新建，由上面的页面权限决定。"),
    )

    class Meta:
        model = GroupRule
        fields = ["needs_second_factor", "kinds"]

    def __init__(self, data=None, files=None, instance: Group | None = None):
        self.group = instance or Group()
        rule = GroupRule.objects.filter(group=self.group).first() if self.group.pk else None
        self._held = {model: set(self._grants(model)) for model in _GRANTS}
        super().__init__(data, files, instance=rule, prefix="museum_rule")

    def save(self, commit: bool = True) -> GroupRule:
        self.instance.group = self.group
        rule = super().save(commit)
        for model in _GRANTS:
            given = set(self._grants(model)) - self._held[model]
            related = model.objects.select_related("permission", "group").filter(pk__in=given)
            for grant in related.order_by("pk"):
                tell_grant(grant, "给予")
        return rule

    def as_admin_panel(self) -> str:
        return render_to_string("archive/editing/group_rule_panel.html", {"form": self})

    def _grants(self, model) -> list[int]:
        return list(model.objects.filter(group=self.group).values_list("pk", flat=True)) if self.group.pk else []


def hold_other_kinds(request: HttpRequest, parent: Page, model: type[Page]) -> HttpResponse | None:
    """For `before_create_page`."""
    if may_add_kind(request.user, parent, model):
        return None
    return _refused(request, parent, model)


def hold_copies_of_other_kinds(request: HttpRequest, page: Page) -> HttpResponse | None:
    """For `before_copy_page`: a copy is a new page, wherever it goes."""
    target = request.POST.get("new_parent_page", "")
    parent = Page.objects.filter(pk=target).first() if target.isdecimal() else page.get_parent()
    if parent is None or may_add_kind(request.user, parent, page.specific_class):
        return None
    return _refused(request, parent, page.specific_class)


def hold_moves_of_other_kinds(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """For `before_move_page`: where somebody may not make such a page, none is brought either."""
    if may_add_kind(request.user, destination, page.specific_class):
        return None
    return _refused(request, destination, page.specific_class)


def hold_moves_of_many(request: HttpRequest, action_type: str, pages: list, action) -> HttpResponse | None:
    """For `before_bulk_action`: the same for several."""
    if action_type != "move":
        return None
    destination = action.cleaned_form.cleaned_data["chooser"]
    for page in pages:
        if (response := hold_moves_of_other_kinds(request, page, destination)) is not None:
            return response
    return None


def _refused(request: HttpRequest, parent: Page, model: type[Page]) -> HttpResponse:
    messages.error(request, _("您所在的组不能新建“%(kind)s”。") % {"kind": model._meta.verbose_name})
    return redirect("wagtailadmin_explore", parent.pk)
