"""The pages of the door: set the second factor, give it, make new recovery codes, do without it, go away."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from archive.exchange.qr_codes import qr_svg

from . import second_factor
from .door import ENROL, LEAVE, VERIFY, person_at_the_door
from .second_factor import Standing

CODES, REMOVE = "archive_factor_codes", "archive_factor_remove"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": gettext_lazy("请输入验证码。")},
    )


def urls() -> list:
    return [
        path("", enrol, name=ENROL),
        path("verify/", verify, name=VERIFY),
        path("codes/", codes, name=CODES),
        path("remove/", remove, name=REMOVE),
        path("leave/", leave, name=LEAVE),
    ]


@never_cache
@sensitive_post_parameters("code")
def verify(request: HttpRequest) -> HttpResponse:
    """The page after the password, for who has a second factor."""
    person, standing = person_at_the_door(request)
    if standing is not Standing.MUST_VERIFY:
        return redirect(_onward(request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.verify(request, person, form.cleaned_data["code"]):
            return redirect(_onward(request))
        form.add_error(None, _("验证码不对，或已用过。请等应用里换出下一个再输。"))
    context = {"form": form, "person": person, "next": _wanted(request)}
    return render(request, "archive/editing/door_verify.html", context)


@never_cache
@sensitive_post_parameters("code")
def enrol(request: HttpRequest) -> HttpResponse:
    """Set the second factor, or set another; for who works in the CMS, and for who has to before anything else."""
    person, standing = person_at_the_door(request)
    if standing is Standing.MUST_VERIFY:
        return redirect(VERIFY)
    person = person or _worker(request)
    if person is None:
        return redirect("wagtailadmin_login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = second_factor.enrol(request, person, form.cleaned_data["code"])
        if made is not None:
            return _show_codes(request, made)
        form.add_error(None, _("验证码不对。请看手机的时间是否准确，再输应用里现在的六位数字。"))
    key = second_factor.pending_key(request)
    context = {
        "form": form,
        "person": person,
        "next": _wanted(request),
        "is_required": standing is Standing.MUST_ENROL,
        "has_one": second_factor.device_of(person) is not None,
        "unused": second_factor.unused_codes(person),
        "key": second_factor.key_as_text(key),
        # Drawn by us from a key of ours.
        "qr": mark_safe(qr_svg(second_factor.address_of_key(person, key)).decode()),  # noqa: S308
    }
    return render(request, "archive/editing/door_enrol.html", context)


@never_cache
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, for who has passed."""
    person = _worker(request)
    if person is None or second_factor.device_of(person) is None:
        raise PermissionDenied
    return _show_codes(request, second_factor.renew_recovery_codes(person))


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Do without it again, where no group asks for it."""
    person = _worker(request)
    if person is None:
        raise PermissionDenied
    if second_factor.is_required(person):
        messages.error(request, _("您所在的组须用两步验证，不能取消；可以另设一个。"))
        return redirect(ENROL)
    second_factor.reset(person)
    messages.success(request, _("已取消两步验证。"))
    return redirect("wagtailadmin_account")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Out again, without having passed."""
    logout(request)
    return redirect("wagtailadmin_login")


def _show_codes(request: HttpRequest, made: list[str]) -> HttpResponse:
    """Once: only their hashes are kept."""
    return render(request, "archive/editing/door_codes.html", {"codes": made, "next": _onward(request)})


def _worker(request: HttpRequest):
    """Whoever works in the CMS and has passed, else None."""
    return request.user if request.user.has_perm("wagtailadmin.access_admin") else None


def _wanted(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _onward(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is ours."""
    wanted = _wanted(request)
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else reverse("wagtailadmin_home")
