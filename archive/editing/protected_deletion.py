"""Deleting something that is still in use ends in a sentence, not in an error page."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

NAMED = 5


class ProtectedDeletionMiddleware:
    """The database refuses to delete what others point to, whichever view asked. Nothing was deleted."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        home = reverse("wagtailadmin_home")
        if not isinstance(exception, ProtectedError) or not request.path.startswith(home):
            return None
        users = sorted({str(thing) for thing in exception.protected_objects})
        names = "、".join(users[:NAMED]) + (_("等") if len(users) > NAMED else "")
        messages.error(request, _("未删除：仍在使用它的有 %(names)s。请先在那里换掉或移除。") % {"names": names})
        back = request.META.get("HTTP_REFERER", "")
        safe = url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if safe else home)
