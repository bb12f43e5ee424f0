"""The page 「可能重复的图片」 of the CMS: pairs that look alike, side by side, until an editor has decided."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from . import duplicates
from .models import ArchiveImage

SHOWN = 50
_REMEMBERED_SECONDS = 600
_REMEMBERED = "media_assets.likely_duplicates"


def urls() -> list:
    return [path("media/duplicates/", likely_duplicates, name="media_likely_duplicates")]


def likely_duplicates(request: HttpRequest) -> HttpResponse:
    """Shows the pairs; a POST with `one` and `another` remembers that both are kept."""
    policy = policy_registry.get_by_type(ArchiveImage)
    if not policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    mine = policy.instances_user_has_permission_for(request.user, "change")
    if request.method == "POST":
        one, another = (get_object_or_404(mine, pk=_number(request.POST.get(name))) for name in ("one", "another"))
        duplicates.keep_both(one, [another])
        messages.success(request, _("已记下：两张都保留。"))
        return redirect("media_likely_duplicates")
    # Going through a whole library takes seconds: what was found is looked at again, not looked for.
    keys = cache.get_or_set(_REMEMBERED, _found, _REMEMBERED_SECONDS)
    images = mine.prefetch_derivatives().in_bulk({key for pair in keys for key in pair})
    pairs = [(images[a], images[b]) for a, b in keys if a in images and b in images]
    pairs = [pair for pair in pairs if duplicates.is_undecided(*pair)]
    context = {
        "pairs": pairs[:SHOWN],
        "more": max(0, len(pairs) - SHOWN),
        "page_title": _("可能重复的图片"),
        "header_icon": "copy",
        "breadcrumbs_items": [{"url": reverse("wagtailadmin_home"), "label": _("首页")}],
    }
    return TemplateResponse(request, "media_assets/likely_duplicates.html", context)


def _found() -> list[tuple[int, int]]:
    return [(one.pk, another.pk) for one, another in duplicates.pairs()]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
