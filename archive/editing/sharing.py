"""The page 「分享链接」 of the CMS: the links to one page's draft, a form for another, the end of any."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.auth import user_passes_test
from wagtail.models import Page

from archive.access import AccessLevel
from archive.exchange.addresses import absolute
from archive.models import ArchivePage, BookPage
from archive.sharing.links import DAYS, ENDED, MADE, SharingRefusedError, end, make, may_share, refusal

from .own_work import known_pages

ACTIONS = (
    (MADE, gettext_lazy("分享稿件"), gettext_lazy("给出了分享链接")),
    (ENDED, gettext_lazy("结束分享"), gettext_lazy("结束了分享链接")),
)
PER_PAGE = 30

_at_the_desk = user_passes_test(lambda user: user.has_perm("wagtailadmin.access_admin"))


def urls() -> list:
    return [
        path("archive/sharing/<int:page_id>/", sharing, name="archive_sharing"),
        path("archive/sharing/<int:page_id>/end/<int:pk>/", end_link, name="archive_sharing_end"),
    ]


class ShareForm(forms.Form):
    given_to = forms.CharField(
        label=gettext_lazy("给谁"),
        max_length=200,
        help_text=gettext_lazy("姓名或单位，显示在稿件上方，例如“市博物馆 李工”。每人给一个，用不着时单独结束。"),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"),
        choices=lambda: [(days, _("%(days)d 天") % {"days": days}) for days in DAYS],
        coerce=int,
        initial=7,
    )


@_at_the_desk
def sharing(request: HttpRequest, page_id: int) -> HttpResponse:
    """The links, those in force first; as a form it makes one. 403 for whoever may not; 400 for what is refused."""
    page = _page_for(request, page_id)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            make(page, request.user, **form.cleaned_data)
        except SharingRefusedError as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("链接已备好，请复制给“%(who)s”。") % {"who": form.cleaned_data["given_to"]})
            return redirect("archive_sharing", page.pk)
    status = 400 if form.is_bound else 200
    return render(request, "archive/editing/sharing.html", _context(request, page, form), status=status)


def _context(request: HttpRequest, page: ArchivePage, form: ShareForm) -> dict:
    in_force = Q(ended_at=None, expires_at__gt=timezone.now())
    rows = page.share_links.order_by(Case(When(in_force, then=0), default=1), "-pk")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return {
        "page": page,
        "form": form,
        "refused": refusal(page),
        "links": [(link, absolute(reverse("shared_draft", args=[link.secret]))) for link in shown],
        "shown": shown,
        "is_book": isinstance(page, BookPage),
        "holds_others": page.holds_others,
        "is_on_site": page.effective_access == AccessLevel.ON_SITE,
    }


@require_POST
@_at_the_desk
def end_link(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    page = _page_for(request, page_id)
    link = get_object_or_404(page.share_links.select_related("page"), pk=pk)
    if end(link, request.user):
        messages.success(request, _("给“%(who)s”的链接已结束，即时生效。") % {"who": link.given_to})
    else:
        messages.info(request, _("这个链接早已失效。"))
    return redirect("archive_sharing", page.pk)


def _page_for(request: HttpRequest, page_id: int) -> ArchivePage:
    """404 for a page that this person may not know of, 403 for one whose links are not theirs to give."""
    get_object_or_404(known_pages(request.user, Page.objects.filter(pk=page_id)))
    page = get_object_or_404(ArchivePage, pk=page_id).specific
    if not may_share(request.user, page):
        raise PermissionDenied
    return page
