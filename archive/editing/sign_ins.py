"""The page 「登录暂停」 of the CMS, where a wait is lifted, and where somebody's lost second factor is taken away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from archive.accounts.models import User
from archive.acts import kinds
from archive.acts.recording import record
from archive.models import SignInTally
from archive.models.acts import Matter
from archive.signing_in import second_factor

KEEP_ACCOUNTS = "accounts.change_user"
SHOWN = 200

_keeps_accounts = permission_required(KEEP_ACCOUNTS)


def urls() -> list:
    return [
        path("archive/sign-ins/", held_sign_ins, name="archive_sign_ins"),
        path("archive/sign-ins/<int:pk>/lift/", lift, name="archive_sign_in_lift"),
        path("archive/second-factor/<int:user_id>/", reset_factor, name="archive_factor_reset"),
    ]


def menu_item() -> MenuItem:
    return SignInsMenuItem(
        gettext_lazy("登录暂停"), reverse("archive_sign_ins"), name="sign-ins", icon_name="lock", order=130
    )


class SignInsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(KEEP_ACCOUNTS)


@require_GET
@_keeps_accounts
def held_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who has to wait now, and until when."""
    held = SignInTally.objects.filter(held_until__gt=timezone.now()).order_by("-held_until")[:SHOWN]
    return render(request, "archive/editing/sign_ins.html", {"held": held})


@require_POST
@_keeps_accounts
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a wait at once."""
    tally = get_object_or_404(SignInTally, pk=pk)
    record(kinds.HOLD_LIFTED, label=tally.shown or tally.get_scope_display(), matter=Matter.SIGN_IN, user=request.user)
    tally.delete()
    messages.success(request, _("已解除，可以再次登录。"))
    return redirect("archive_sign_ins")


@_keeps_accounts
def reset_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a person's second factor away, after a question. A superuser's only by a superuser: whoever could take it
    from the mightier could get at their account."""
    person = get_object_or_404(User, pk=user_id)
    if person.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "POST":
        if second_factor.reset(person):
            messages.success(request, _("已取消“%(name)s”的两步验证。") % {"name": person.get_username()})
        else:
            messages.info(request, _("“%(name)s”没有设两步验证。") % {"name": person.get_username()})
        return redirect("wagtailusers_users:index")
    required = second_factor.is_required(person)
    return render(request, "archive/editing/factor_reset.html", {"person": person, "is_required": required})


def listing_buttons(user: User, request_user):
    """For `register_user_listing_buttons`: only where there is something to take away."""
    may = request_user.has_perm(KEEP_ACCOUNTS) and (request_user.is_superuser or not user.is_superuser)
    if may and TOTPDevice.objects.filter(user=user).exists():
        address = reverse("archive_factor_reset", args=[user.pk])
        yield Button(_("取消两步验证"), address, icon_name="key", priority=40)
