"""Who may see a page, and why it was withdrawn: changed at once, outside revisions and reviews."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.auth import user_passes_test
from wagtail.log_actions import log

from archive.access import AccessLevel
from archive.models import ArchivePage
from archive.publication import set_access

ACTION = "archive.access"


class AccessForm(forms.Form):
    access = forms.TypedChoiceField(
        label=gettext_lazy("访问级别"),
        choices=AccessLevel.choices,
        coerce=lambda value: AccessLevel(int(value)),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("撤回说明（公开）"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("页面撤回或删除后，读者打开永久地址时会看到这段话；请勿写入内部信息。"),
    )


@user_passes_test(lambda user: user.has_perm("wagtailadmin.access_admin"))
def page_access(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show and change the level of one page. 403 for whoever may not publish it: closing is as weighty as opening."""
    page = get_object_or_404(ArchivePage, pk=page_id).specific
    permissions = page.permissions_for_user(request.user)
    if not (permissions.can_publish() or (permissions.can_edit() and page.first_published_at is None)):
        raise PermissionDenied
    form = AccessForm(request.POST or None, initial={"access": page.access, "reason": page.identifier.reason})
    if request.method == "POST" and form.is_valid():
        _change(request, page, form.cleaned_data["access"], form.cleaned_data["reason"])
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {
        "page": page,
        "form": form,
        "inherited": page.effective_access > page.access,
        "effective": AccessLevel(page.effective_access).label,
        "below": page.get_descendant_count(),
        "cancel": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    return render(request, "archive/editing/page_access.html", context)


@transaction.atomic
def _change(request: HttpRequest, page: ArchivePage, level: AccessLevel, reason: str) -> None:
    before = AccessLevel(page.access)
    page.identifier.reason = reason
    page.identifier.save(update_fields=["reason"])
    if before == level:
        messages.info(request, _("访问级别未变；撤回说明已保存。"))
        return
    set_access(page, level)
    log(page, ACTION, user=request.user, data={"before": before.label, "after": level.label})
    messages.success(
        request,
        _("“%(title)s”的访问级别已由“%(before)s”改为“%(after)s”，即时生效。")
        % {"title": page.title, "before": before.label, "after": level.label},
    )
