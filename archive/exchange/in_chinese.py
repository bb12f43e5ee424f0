"""Pages in another language that lack something: what the Chinese page says stands in, and says that it is Chinese."""

import re
from copy import copy

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from archive.access import audience_of, may_see_content, may_see_record
from archive.models import ArchivePage, EnglishParticulars, MuseumSettings

RECORD_FIELDS = (
    "description",
    "other_titles",
    "date_written",
    "credit",
    "source",
    "compilers",
    "publisher",
    "extent",
    "volume",
    "photographer",
    "shot_at",
    "byline",
    "curators",
)
STREAMS = ("body", "rooms")
CONTENT_FIELDS = ("caption", "people_shown", "transcript", *STREAMS)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LANG = "zh-Hans"


class InChinese(str):
    """A Chinese text on a page in another language, said to be Chinese to a screen reader."""

    def __html__(self) -> SafeString:
        return mark_safe(f'<span lang="{LANG}">{escape(str(self))}</span>')  # noqa: S308 -- escaped


class ShownInChinese(str):
    """A Chinese text on a page in another language. Printed in a template it is marked as Chinese, for the eye and
    for a screen reader; the filters that make plain text of it lose the mark and nothing else."""

    def __html__(self) -> SafeString:
        return marked(escape(str(self)))


def marked(html: str) -> SafeString:
    """Escaped HTML with the mark around it."""
    note = f'<span class="in-chinese-note">{escape(_("以中文显示"))}</span>'
    return mark_safe(f'<span class="in-chinese" lang="{LANG}">{html}</span>{note}')  # noqa: S308


def particulars(museum: MuseumSettings, language: str) -> MuseumSettings:
    """The museum's particulars in the language that is being read; what it lacks there stays Chinese."""
    if language == settings.LANGUAGE_CODE or museum is None:
        return museum
    translated = EnglishParticulars.in_force()
    shown = copy(museum)
    for name in EnglishParticulars.FIELDS:
        chinese = getattr(museum, name)
        setattr(shown, name, translated.get(name) or (InChinese(chinese) if _HAN.search(chinese) else chinese))
    return shown


def fill_from_chinese(page, request: HttpRequest, serve_args, serve_kwargs) -> None:
    """Before a page is served: what it lacks, or copied untranslated, is the Chinese page's and marked so.

    The page at hand alone is changed and never saved. What the reader may not see there does not come along.
    """
    if not isinstance(page, ArchivePage) or page.tree_language == settings.LANGUAGE_CODE:
        return
    rows = ArchivePage.objects.filter(translation_key=page.translation_key, tree_language=settings.LANGUAGE_CODE)
    source = rows.live().specific().first()
    audience = audience_of(request)
    if source is None or not isinstance(source, type(page)) or not may_see_record(audience, source.effective_access):
        return
    page.chinese_page = source
    readable = may_see_content(audience, source.effective_access)
    for name in (*RECORD_FIELDS, *(CONTENT_FIELDS if readable else ())):
        if hasattr(page, name):
            _fill(page, source, name)


def _fill(page: ArchivePage, source: ArchivePage, name: str) -> None:
    own, chinese = getattr(page, name), getattr(source, name)
    if name in STREAMS:
        if not own and chinese:
            setattr(page, name, chinese)
            page.body_in_chinese = True
    elif chinese and _HAN.search(chinese) and own in ("", chinese):
        setattr(page, name, ShownInChinese(chinese))
