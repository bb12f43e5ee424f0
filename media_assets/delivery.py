"""Who may fetch which file: asked of one rule, which the layer above registers because it knows the pages.

    delivery.set_rule(rule)      # in apps.ready(); rule(request, asset, use) -> Verdict
    delivery.set_publicity(rule) # may everybody see the derivatives of this asset, now? rule(asset) -> bool

Until rules are registered every file is refused and nothing is public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.http import HttpRequest

from .models import ArchiveAsset


class Use(StrEnum):
    """What the file is asked for."""

    DERIVATIVE = "derivative"  # a small picture, on a page
    ZOOM = "zoom"  # a part of a picture, up to its full size
    PLAY = "play"  # a film or a recording, in the player
    DOWNLOAD = "download"  # a document, or the subtitles of a film
    ORIGINAL = "original"  # the file as it was handed in; staff only whatever the rule says
    CMS = "cms"  # what the editing pages show; staff only whatever the rule says


@dataclass(frozen=True)
class Verdict:
    """`cache` "public" means that anybody would have got the same answer, so that a cache may keep it. `by_link` False
    means that the storage is to give no link of its own, which would be good for longer than this answer."""

    allowed: bool
    cache: Literal["public", "private"] = "private"
    by_link: bool = True


REFUSED = Verdict(allowed=False)
Rule = Callable[[HttpRequest, ArchiveAsset, Use], Verdict]


def _refuse_everything(request: HttpRequest, asset: ArchiveAsset, use: Use) -> Verdict:
    return REFUSED


_rule: Rule = _refuse_everything


def set_rule(rule: Rule | None) -> Rule:
    """Register the museum's rule, or with None go back to refusing everything. Returns the one before."""
    global _rule
    previous, _rule = _rule, rule or _refuse_everything
    return previous


Publicity = Callable[[ArchiveAsset], bool]


def _nothing_is_public(asset: ArchiveAsset) -> bool:
    return False


_publicity: Publicity = _nothing_is_public


def set_publicity(rule: Publicity | None) -> Publicity:
    """Register who decides what may have public copies, or with None nothing may. Returns the one before."""
    global _publicity
    previous, _publicity = _publicity, rule or _nothing_is_public
    return previous


def is_public(asset: ArchiveAsset) -> bool:
    """Whether everybody may see this asset's derivatives, so that they may lie where nobody asks."""
    return _publicity(asset)


def verdict(request: HttpRequest, asset: ArchiveAsset, use: Use) -> Verdict:
    """May this request have this asset for this use? Originals and the CMS's pictures need a login to the CMS
    before the rule is asked at all."""
    if use in (Use.ORIGINAL, Use.CMS) and not _is_staff(request):
        return REFUSED
    return _rule(request, asset, use)


def _is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.has_perm("wagtailadmin.access_admin")
