"""The rooms of an exhibition at addresses of their own, one after another or all at once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.views import serve

from archive.access import audience_of, may_see_content, may_see_record
from archive.exchange.in_chinese import fill_from_chinese
from archive.models import ExhibitionPage

from .books import page_at
from .exhibits import Room, rooms_of


@require_safe
def room(request: HttpRequest, path: str, number: str = "") -> HttpResponse:
    """One room; without a number all of them on one page, to print or to leaf through. Where there is no exhibition
    the address is one of the page tree's own."""
    page = page_at(request, path)
    if not isinstance(page, ExhibitionPage):
        return serve(request, f"{path}/rooms/{number}/" if number else f"{path}/rooms/")
    audience = audience_of(request)
    if not may_see_record(audience, page.effective_access):
        raise Http404
    fill_from_chinese(page, request, (), {})
    allowed = may_see_content(audience, page.effective_access)
    context = {"page": page, "audience": audience, "content_allowed": allowed}
    rooms = rooms_of(page, audience) if allowed else []
    if allowed:
        context |= _walk(rooms, number)
    return render(request, "reading/exhibition_rooms.html", context)


def _walk(rooms: list[Room], number: str) -> dict:
    """What is shown, and what stands before and after it. Raises Http404."""
    if not number:
        if not rooms:
            raise Http404
        return {"rooms": rooms, "shown": rooms}
    place = int(number)
    if not 1 <= place <= len(rooms):
        raise Http404
    return {
        "rooms": rooms,
        "shown": rooms[place - 1 : place],
        "room": rooms[place - 1],
        "before": rooms[place - 2] if place > 1 else None,
        "after": rooms[place] if place < len(rooms) else None,
    }
