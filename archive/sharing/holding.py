"""Who opened a link holds it: a signed cookie names the links, and the files of their drafts are given by it.

The cookie proves only that they were opened. Whether a link is good, and what its draft shows, is asked of the database
at every request, so that nothing stays open when one is ended.
"""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from archive.access import Audience, may_see_content
from archive.models import ShareLink

from .drafts import assets_of_draft

COOKIE = "shared"
MOST_HELD = 10
_SALT = "archive.sharing"


def held(request: HttpRequest) -> list[int]:
    """The links that this reader opened, the newest first; none of a cookie that is not ours. No query."""
    told = request.COOKIES.get(COOKIE)
    if not told:
        return []
    try:
        return signing.loads(told, salt=_SALT)[:MOST_HELD]
    except signing.BadSignature:
        return []


def remember(request: HttpRequest, response: HttpResponse, link: ShareLink) -> None:
    """Add a link to those that the reader holds, for as long as any of them is good. One query."""
    asked = [link.pk, *(pk for pk in held(request) if pk != link.pk)][:MOST_HELD]
    good = dict(ShareLink.objects.active().filter(pk__in=asked).values_list("pk", "expires_at"))
    if link.pk not in good:
        return
    rest = max(good.values()) - timezone.now()
    response.set_cookie(
        COOKIE,
        signing.dumps([pk for pk in asked if pk in good], salt=_SALT),
        max_age=max(1, int(rest.total_seconds())),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def is_in_a_held_draft(request: HttpRequest, audience: Audience, kind: str, pk: int) -> bool:
    """Whether a draft to which this reader holds a good link shows the asset, given as in `ArchivePage.used_assets`,
    and may be read by this audience."""
    links = ShareLink.objects.active().filter(pk__in=held(request)).select_related("page__latest_revision")
    pages = {link.page_id: link.page for link in links if may_see_content(audience, link.page.effective_access)}
    return any((kind, pk) in assets_of_draft(page) for page in pages.values())
