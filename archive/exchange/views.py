"""Addresses behind sharing and keeping: citations as files, QR codes, leaves for good, saved lists, robots.txt."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.coreutils import get_supported_content_language_variant

from archive.access import Audience, audience_of
from archive.models.identifiers import is_well_formed

from .addresses import absolute, permanent
from .citations import FORMATS
from .qr_codes import qr_svg
from .references import reference_of
from .subjects import MOST_AT_ONCE, Found, State, find, find_all

CROSSED = ("place", "topic", "series", "kind", "year_from", "year_to", "sort", "format", "view", "lines")
"""Parameters whose combinations are without number: crawlers are asked to leave them alone."""
CLOSED_TO_ROBOTS = (
    "/admin/",
    "/search/*&",  # the words of a question alone stay open
    "/en/search/*&",
    "/search/suggest",
    "/search/compare/",
    "/search/refs.json",
    "/search/named.json",
    "/*/*/search/?",
    "/*/p/*?q=",
    "/*/pdf/",
    "/*/s/*?q=",
    "/saved/",
    "/en/saved/",
    "/script/",
    "/cite/",
    "/qr/",
    "/share/",
)


def _language() -> str:
    return get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)


def _private_unless_public(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    if audience_of(request) is Audience.PUBLIC:
        response["Cache-Control"] = "no-cache"
    return response


@require_safe
def leaf_address(request: HttpRequest, identifier: str, key: str) -> HttpResponse:
    """303 from the permanent address of a leaf to where it is now. A withdrawn book answers for its leaves."""
    if identifier.isascii() and identifier != identifier.lower():
        return HttpResponsePermanentRedirect(f"/id/{identifier.lower()}/p/{key}")
    found = find(f"{identifier}/p/{key}", audience_of(request), _language())
    if found.state is State.WITHDRAWN:
        return redirect(f"/id/{identifier}")
    if found.state is not State.HERE:
        raise Http404
    response = redirect(found.subject.url)
    response.status_code = 303
    return response


@require_safe
def citation(request: HttpRequest, reference: str, suffix: str) -> HttpResponse:
    """The citation of one thing as a file: GB/T 7714—2015 (txt), BibTeX (bib) or RIS (ris)."""
    form = FORMATS.get(suffix)
    found = find(reference, audience_of(request), _language())
    if form is None or found.state is not State.HERE:
        raise Http404
    body = form.write(reference_of(found.subject))
    return _private_unless_public(request, _file(body, form, reference.replace("/", "-")))


def _file(body: str, form, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
    return response


@require_safe
def qr_code(request: HttpRequest, reference: str) -> HttpResponse:
    """The permanent address as an SVG. It says no more than its own address does, so nobody is asked."""
    if not is_well_formed(reference.partition("/")[0]):
        raise Http404
    response = HttpResponse(qr_svg(permanent(reference)), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


# --- The reader's own list ------------------------------------------------------------------------------------


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """The page of the saved list. The list itself is in the browser; the museum does not know it."""
    return render(request, "exchange/saved.html", {"most": MOST_AT_ONCE})


@require_safe
def offline_note(request: HttpRequest) -> HttpResponse:
    """What a reader without a network is shown in place of a page that they did not keep. Names nothing."""
    return render(request, "exchange/offline_note.html")


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker that answers with the copies a reader keeps. At the top of the site: a worker rules what lies
    beneath its own address."""
    worker = render(request, "exchange/offline_worker.js", {"note": reverse("offline_note")})
    worker["Content-Type"] = "text/javascript; charset=utf-8"
    worker["Cache-Control"] = "no-cache"
    return worker


def _asked(request: HttpRequest) -> list[Found]:
    references = [part for part in request.GET.get("ids", "").split(",") if part]
    return find_all(references, audience_of(request), _language())


@require_safe
def saved_titles(request: HttpRequest) -> JsonResponse:
    """What a browser's list leads to now: `ids`, separated by commas, at most MOST_AT_ONCE of them."""
    items = [_as_json(found) for found in _asked(request)]
    answer = JsonResponse({"items": items}, json_dumps_params={"ensure_ascii": False})
    return _private_unless_public(request, answer)


def _as_json(found: Found) -> dict[str, str]:
    data = {"id": found.reference, "state": found.state.value}
    if found.title:
        data["title"] = found.title
    if found.subject is not None:
        subject = found.subject
        data |= {
            "kind": subject.kind_label,
            "date": subject.page.date_written,
            "within": subject.page.title if subject.part is not None else "",
            "url": subject.url,
            "address": subject.permanent_address,
        }
    return data


@require_safe
def saved_citations(request: HttpRequest, suffix: str) -> HttpResponse:
    """The citations of a list as one file; what is no longer shown is left out."""
    form = FORMATS.get(suffix)
    if form is None:
        raise Http404
    subjects = [found.subject for found in _asked(request) if found.state is State.HERE]
    body = "\n".join(form.write(reference_of(subject)) for subject in subjects)
    return _private_unless_public(request, _file(body, form, "saved"))


# --- Robots ---------------------------------------------------------------------------------------------------


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots Exclusion Protocol (RFC 9309): everything but the CMS, narrowed searches and crossed filters."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in CLOSED_TO_ROBOTS]
    lines += [f"Disallow: /*{mark}{name}=" for name in CROSSED for mark in ("?", "&")]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
