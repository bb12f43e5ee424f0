"""A draft under its link, as readers will see it."""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from archive.access import audience_of, may_see_content
from archive.exchange.in_chinese import fill_from_chinese
from archive.models import ArchivePage, ShareLink

from .drafts import draft_of
from .holding import remember

logger = logging.getLogger(__name__)

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


@require_safe
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """The newest draft; 410 when the link is over, which names nothing; 404 for no link, and for a page that this
    audience could not read if it were published."""
    try:
        response = _answer(request, secret)
    except Http404 as missing:
        response = page_not_found(request, missing)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    link = get_object_or_404(ShareLink.objects.select_related("page"), secret=secret)
    if not link.is_active:
        return TemplateResponse(request, "errors/share_over.html", status=410)
    if not may_see_content(audience_of(request), link.page.effective_access):
        raise Http404
    response = _page(request, draft_of(link.page), link)
    if request.method == "GET":
        _count(link)
    remember(request, response, link)
    return response


def _page(request: HttpRequest, draft: ArchivePage, link: ShareLink) -> HttpResponse:
    """In the language of its tree, which the address does not tell."""
    language = draft.locale.language_code
    with translation.override(language):
        fill_from_chinese(draft, request, (), {})
        response = draft.serve(request)
        response.context_data["share_link"] = link
        response.render()
    response["Content-Language"] = language
    return response


def _count(link: ShareLink) -> None:
    """A figure that cannot be written keeps nobody from reading."""
    try:
        with transaction.atomic():
            ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())
    except DatabaseError:
        logger.warning("an opening of share link %s was not counted", link.pk, exc_info=True)
