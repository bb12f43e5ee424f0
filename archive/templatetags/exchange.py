"""What the head of a page and its share sheet ask: descriptions for machines, citations, languages, scripts."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page as ResultsPage
from django.http import HttpRequest
from django.urls import resolve, reverse, translate_url
from django.urls.exceptions import Resolver404
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page

from archive.access import audience_of
from archive.exchange import linked_data
from archive.exchange.addresses import absolute
from archive.exchange.citations import gbt7714
from archive.exchange.in_chinese import ShownInChinese, marked
from archive.exchange.references import reference_of
from archive.exchange.script_choice import SIMPLIFIED, TRADITIONAL, wants_traditional
from archive.exchange.subjects import Subject
from archive.models import ArchivePage, HomePage, IndexPage, Place

register = template.Library()

_DESCRIPTION = 200
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}
HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


def _subject(context) -> Subject | None:
    """What the page at hand shows: one of the published kinds, or a part of a book."""
    page = context.get("page")
    if not isinstance(page, ArchivePage) or page.pk is None or not page.live:
        return None
    return Subject(page, context.get("section"), context.get("leaf"))


def _is_preview(context) -> bool:
    """A draft, at the desk or under a link: nothing is to be cited, kept or described to machines."""
    return getattr(context.get("request"), "is_preview", False) or "share_link" in context


# --- The head -------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/head_meta.html", takes_context=True)
def head_meta(context) -> dict:
    """Open Graph, JSON-LD, canonical address, feeds and translations of the page at hand. A preview, an error page and
    what is for staff alone have none of them."""
    page, museum = context.get("page"), context.get("museum")
    request: HttpRequest | None = context.get("request")
    if request is None or museum is None or _is_preview(context):
        return {}
    name = museum.name
    given = {"site": name, "feeds": reverse("feed_atom"), "feeds_rss": reverse("feed_rss"), "museum": museum}
    if isinstance(page, Page) and page.pk and page.live:
        given["alternates"] = _alternates(context)
    subject = _subject(context)
    if subject is not None:
        return given | (_head_of_subject(subject, name) if linked_data.described(subject.page) else {})
    if isinstance(page, HomePage):
        data = linked_data.of_museum(page, name, reverse("search:results"))
        return given | {"linked": linked_data.as_script(data), "address": absolute(page.get_url() or "/")} | {
            "title": name, "description": museum.motto, "type": "website"}  # fmt: skip
    if isinstance(page, IndexPage):
        return given | _head_of_index(page, context.get("results"), name)
    if isinstance(place := context.get("place"), Place):
        data = linked_data.of_place(place, request.path)
        return given | {"linked": linked_data.as_script(data), "address": absolute(request.path)} | {
            "title": place.name, "description": place.description[:_DESCRIPTION], "type": "website"}  # fmt: skip
    return given


def _head_of_subject(subject: Subject, museum: str) -> dict:
    page = subject.page
    kinds = {"book": "book", "video": "video.other", "story": "article"}
    head = {
        "title": f"{subject.title}｜{page.title}" if subject.part is not None else page.title,
        "description": str(page.search_description or page.description)[:_DESCRIPTION],
        "address": absolute(subject.url),
        "type": kinds.get(page.kind, "website") if subject.part is None else "article",
        "image": linked_data.picture_address(page),
        "image_text": page.title,
        "linked": linked_data.as_script(linked_data.of_subject(subject, museum)),
    }
    if page.is_container:
        head["own_feed"] = {
            "title": page.title,
            "rss": reverse("feed_of_container_rss", args=[page.identifier_id]),
            "atom": reverse("feed_of_container_atom", args=[page.identifier_id]),
        }
    return head


def _head_of_index(page: IndexPage, results: ResultsPage | None, museum: str) -> dict:
    items = results.object_list if results is not None else []
    return {
        "title": page.title,
        "description": page.introduction[:_DESCRIPTION],
        "address": absolute(page.get_url() or "/"),
        "type": "website",
        "linked": linked_data.as_script(linked_data.of_list(page, items, museum)),
    }


# --- The share sheet ------------------------------------------------------------------------------------------


@register.inclusion_tag("components/share_sheet.html", takes_context=True)
def share_sheet(context) -> dict:
    """Permanent address, QR code and citations of the page at hand; nothing of a draft."""
    subject = _subject(context)
    if subject is None or _is_preview(context):
        return {}
    reference = subject.reference
    return {
        "subject": subject,
        "address": subject.permanent_address,
        "code": reverse("qr_code", args=[reference]),
        "citation": gbt7714(reference_of(subject, leaves=context.get("leaves"))),
        "files": [
            {"label": label, "address": reverse("citation", args=[reference, suffix])}
            for label, suffix in (("BibTeX", "bib"), ("RIS", "ris"))
        ],
    }


# --- Scripts and languages ------------------------------------------------------------------------------------


@register.inclusion_tag("components/preferences.html", takes_context=True)
def preferences(context) -> dict:
    """The reader's settings: size and colours, which the browser keeps, and the script, which needs the server."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {}
    traditional = wants_traditional(request)
    back = urlencode({"next": request.get_full_path()})
    return {
        "chinese": get_language() == settings.LANGUAGE_CODE,
        "traditional": traditional,
        "scripts": [
            {
                "label": label,
                "lang": lang,
                "chosen": traditional is chosen,
                "address": f"{reverse('choose_script', args=[script])}?{back}",
            }
            for label, lang, script, chosen in (
                ("简体", "zh-Hans", SIMPLIFIED, False),
                ("繁體", "zh-Hant", TRADITIONAL, True),
            )
        ],
        "languages": _alternates(context, others=True),
    }


def _alternates(context, *, others: bool = False) -> list[dict]:
    """The page at hand in each language that has it, asked for once a request."""
    request = context["request"]
    known = getattr(request, "_archive_alternates", None)
    if known is None:
        known = request._archive_alternates = _translations(context, request)
    if others:
        return [row for row in known if row["code"] != get_language()]
    return known if len(known) > 1 else []


def _translations(context, request: HttpRequest) -> list[dict]:
    page = context.get("page")
    if context.get("section") or context.get("leaf"):
        return []
    if isinstance(page, Page):
        return _of_page(page, request)
    return _of_view(request)


def _of_page(page: Page, request: HttpRequest) -> list[dict]:
    model = ArchivePage if isinstance(page, ArchivePage) else Page
    rows = model.objects.filter(translation_key=page.translation_key).select_related("locale").live().order_by("pk")
    rows = rows.visible_to(audience_of(request)) if model is ArchivePage else rows.public()
    return [_language(row.locale.language_code, row.get_url(request) or "/") for row in rows]


def _of_view(request: HttpRequest) -> list[dict]:
    """An address that is no page (search, the saved list) is there in every language that has a home page."""
    try:
        resolve(request.path)
    except Resolver404:
        return []
    codes = HomePage.objects.live().order_by("pk").values_list("locale__language_code", flat=True)
    return [_language(code, translate_url(request.get_full_path(), code)) for code in codes]


def _language(code: str, address: str) -> dict:
    return {
        "code": code,
        "lang": HTML_LANGUAGES.get(code, code),
        "name": LANGUAGE_NAMES.get(code, code),
        "address": address,
        "absolute": absolute(address),
    }


@register.filter(is_safe=True)
def in_lines(text: str) -> SafeString:
    """A text with its line breaks, marked where it is shown in Chinese on a page in another language."""
    lines = "<br>".join(escape(line) for line in str(text).splitlines())
    return marked(lines) if isinstance(text, ShownInChinese) else mark_safe(lines)  # noqa: S308 -- escaped above


@register.filter
def is_chinese_here(text) -> bool:
    """Whether a text stands in for one that is not translated."""
    return isinstance(text, ShownInChinese)
