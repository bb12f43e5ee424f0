"""The permanent addresses of everything."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from archive.access import audience_of, may_see_content, may_see_record, published
from archive.models import ArchivePage, AssetUse, Identifier, Section
from archive.models.identifiers import is_well_formed


@require_safe
def permanent_address(request: HttpRequest, identifier: str) -> HttpResponse:
    """303 to where the thing is now, whatever it is called by now; 410 with an explanation when it was withdrawn;
    404 for what was never public here, and for what leaves no trace."""
    if identifier.isascii() and identifier != identifier.lower():
        return HttpResponsePermanentRedirect(f"/id/{identifier.lower()}")
    row = Identifier.objects.filter(pk=identifier).first() if is_well_formed(identifier) else None
    if row is None:
        raise Http404
    if row.removed_at is not None:
        if not row.ever_public:
            raise Http404
        return _gone(request, row, row.title)
    if row.kind == Identifier.Kind.PAGE:
        return _page_address(request, row)
    if row.kind == Identifier.Kind.SECTION:
        return _section_address(request, row)
    return _asset_address(request, row)


def _gone(request: HttpRequest, row: Identifier, title: str) -> HttpResponse:
    context = {"identifier": row, "title": title}
    return TemplateResponse(request, "errors/withdrawn.html", context, status=410)


def _see_other(address: str | None) -> HttpResponse:
    if not address:
        raise Http404
    response = redirect(address)
    response.status_code = 303
    return response


def _page_address(request: HttpRequest, row: Identifier) -> HttpResponse:
    """The page in the language of the request where there is one, else in the museum's own."""
    language = getattr(request, "LANGUAGE_CODE", "")
    pages = sorted(
        ArchivePage.objects.filter(identifier=row).select_related("locale"),
        key=lambda page: (not page.live, page.locale.language_code != language, page.pk),
    )
    visible = [page for page in pages if may_see_record(audience_of(request), page.effective_access)]
    if not visible:
        raise Http404
    page = visible[0]
    if page.live:
        return _see_other(page.get_url(request))
    if page.is_withdrawn:
        return _gone(request, row, page.title)
    raise Http404


def _section_address(request: HttpRequest, row: Identifier) -> HttpResponse:
    found = Section.objects.select_related("book").filter(identifier=row).first()
    if found is None or not may_see_record(audience_of(request), found.book.effective_access):
        raise Http404
    if found.book.live:
        return _see_other(found.get_absolute_url())
    if found.book.is_withdrawn:
        return _gone(request, row, found.heading)
    raise Http404


def _asset_address(request: HttpRequest, row: Identifier) -> HttpResponse:
    """A file has no page of its own: the first published page that shows it to this reader stands for it."""
    audience = audience_of(request)
    uses = AssetUse.objects.filter(published(audience, content=True, prefix="page__"))
    assets = {name: asset for name in ("image", "video", "document") if (asset := getattr(row, name)) is not None}
    if not assets or not all(may_see_content(audience, asset.access) for asset in assets.values()):
        raise Http404
    use = uses.filter(**assets).select_related("page").order_by("page_id").first()
    return _see_other(use.page.get_url(request) if use else None)
