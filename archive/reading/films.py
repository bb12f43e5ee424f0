"""What belongs to a film page besides the page: the track of its chapters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from archive.access import Audience, audience_of, may_see_content
from archive.models import VideoPage
from media_assets.captions import chapters_track


@require_safe
def chapters(request: HttpRequest, pk: int) -> HttpResponse:
    """The chapters of a published film as WebVTT. What is refused is answered as what does not exist."""
    page = VideoPage.objects.live().select_related("video").filter(pk=pk).first()
    audience = audience_of(request)
    if page is None or not may_see_content(audience, page.effective_access):
        raise Http404
    found = page.chapter_list()
    if not found:
        raise Http404
    text = chapters_track(found, (page.video.duration if page.video else 0) or 0)
    is_public = audience is Audience.PUBLIC or may_see_content(Audience.PUBLIC, page.effective_access)
    cache = "public, max-age=60" if is_public else "private, no-store"
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": cache})
