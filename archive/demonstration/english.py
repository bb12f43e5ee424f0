"""The demonstration's English tree: translations made through Wagtail's own door, as an editor makes them."""

import json
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Locale, Page

from archive.editing.roles import ensure_roles
from archive.models import EnglishParticulars, FreePage, HomePage, IndexPage, Place, Series, Topic

from .keys import found, key_of
from .texts import english

LANGUAGE = "en"
ABOUT_KEY = "about"
_HAN = re.compile(r"[\u3400-\u9fff]")
_TRANSLATED_FIELDS = (
    "other_titles",
    "description",
    "credit",
    "source",
    "compilers",
    "publisher",
    "extent",
    "volume",
    "caption",
    "photographer",
    "people_shown",
    "shot_at",
    "byline",
    "transcript",
)


def nothing(_line: str) -> None:
    """The voice of a call that nobody listens to."""


@transaction.atomic
def build_english(say: Callable[[str], object] = nothing) -> bool:
    """Make the English tree of the demonstration, or nothing where there is an English home page already; returns
    whether it was made now. What the Chinese demonstration lacks is left out."""
    source = HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
    if source is None or HomePage.objects.filter(locale__language_code=LANGUAGE).exists():
        return False
    locale = Locale.objects.get_or_create(language_code=LANGUAGE)[0]
    home = source.copy_for_translation(locale)
    ensure_roles(home)
    tree = _Tree(locale, get_user_model().objects.filter(username="editor").first())
    tree.home(source, home)
    tree.pages()
    _describe_museum()
    say(f"英文示范页面：{tree.count} 个。")
    return True


class _Tree:
    """What is being made: translations of pages, with the authority records that they name."""

    def __init__(self, locale: Locale, user):
        self.locale, self.user, self.count = locale, user, 0
        self.places = self._records(Place, "place", english.PLACES)
        self.topics = self._records(Topic, "topic", english.TOPICS)
        self.series = self._records(Series, "series", english.SERIES)
        self._join_places()

    # --- Authority records ---

    def _records(self, model, kind: str, words: dict) -> dict[int, object]:
        """Translations by the primary key of what they translate."""
        made = {}
        for key, row in found(model, kind, words).items():
            copy = row.copy_for_translation(self.locale)
            copy.name, copy.description = words[key]
            copy.other_names, copy.slug = row.name, row.slug
            copy.save()
            made[row.pk] = copy
        return made

    def _join_places(self) -> None:
        """English towns lie in English counties."""
        for pk, copy in self.places.items():
            copy.parent = self.places.get(Place.objects.get(pk=pk).parent_id)
            copy.save()

    # --- Pages ---

    def home(self, source: HomePage, home: HomePage) -> None:
        home.title, home.introduction, home.featured = english.HOME["title"], english.HOME["introduction"], None
        self._publish(home)
        for index in IndexPage.objects.child_of(source).live().specific():
            if words := english.INDEXES.get(index.museum_kind):
                copy = index.copy_for_translation(self.locale)
                copy.title, copy.introduction = words["title"], words["introduction"]
                self._publish(copy)
        about = found(Page, "page", [ABOUT_KEY]).get(ABOUT_KEY)
        if about is not None and isinstance(about := about.specific, FreePage):
            copy = about.copy_for_translation(self.locale)
            copy.title, copy.body = english.ABOUT["title"], _stream(english.ABOUT["body"])
            self._publish(copy)

    def pages(self) -> None:
        there = found(Page, "page", english.PAGES)
        for key, words in english.PAGES.items():
            if key in there and there[key].get_parent().has_translation(self.locale):
                self._page(there[key].specific.copy_for_translation(self.locale), words)

    def _page(self, page: Page, words: dict) -> None:
        """Every field in English, or empty where it would be Chinese."""
        for name in _TRANSLATED_FIELDS:
            if _HAN.search(getattr(page, name, "") or ""):
                setattr(page, name, "")
        if hasattr(page, "body"):
            page.body = _stream(words.get("body", ()))
        for name, value in words.items():
            if name != "body":
                setattr(page, name, value)
        page.series = self.series.get(page.series_id)
        page.page_places = _translated(page.page_places.all(), "place", self.places)
        page.page_topics = _translated(page.page_topics.all(), "topic", self.topics)
        page.related_items = []
        self._publish(page)

    def _publish(self, page: Page) -> None:
        page.save_revision(user=self.user).publish(user=self.user)
        self.count += 1


def _describe_museum() -> None:
    """The museum's English particulars, where nobody has written any."""
    if not EnglishParticulars.in_force():
        EnglishParticulars.objects.update_or_create(defaults=english.PARTICULARS)


def _translated(links, name: str, made: dict) -> list:
    """The links of a page to records that have a translation, pointed to it."""
    kept = []
    for link in links:
        if (copy := made.get(getattr(link, f"{name}_id"))) is not None:
            setattr(link, name, copy)
            kept.append(link)
    return kept


def _stream(blocks) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


@transaction.atomic
def remove_english() -> list[str]:
    """Remove what `build_english` made and nothing else; returns the titles of pages kept because others built on
    them. Without a demonstration in English nothing happens."""
    keys = {key_of("page", key) for key in (*english.PAGES, ABOUT_KEY)}
    home = HomePage.objects.filter(locale__language_code=LANGUAGE, title=english.HOME["title"]).first()
    kept = []
    pages = Page.objects.filter(translation_key__in=keys, locale__language_code=LANGUAGE).order_by("-depth")
    tops = [*IndexPage.objects.child_of(home), home] if home else []
    for page in [*pages, *tops]:
        page = Page.objects.filter(pk=page.pk).first()
        if page is not None and page.get_children().exists():
            kept.append(page.title)
        elif page is not None:
            page.specific.delete()
    _remove_records()
    EnglishParticulars.objects.filter(**english.PARTICULARS).delete()
    return kept


def _remove_records() -> None:
    """English records that no page names any more; lower places first."""
    for model, kind, words in (
        (Place, "place", english.PLACES),
        (Topic, "topic", english.TOPICS),
        (Series, "series", english.SERIES),
    ):
        keys = [key_of(kind, key) for key in words]
        rows = model.objects.filter(translation_key__in=keys, locale__language_code=LANGUAGE)
        used = "pages" if model is Series else f"page_{kind}s"
        if model is Place:
            rows.update(parent=None)
        rows.filter(**{f"{used}__isnull": True}).delete()
