"""The museum for readers of English."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize
from wagtail.models import Locale

from archive.access import AccessLevel
from archive.models import BookIndexPage, BookPage, EnglishParticulars, HomePage, StoryPage
from archive.publication import set_access
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def english(home) -> HomePage:
    """An English home page with its four catalogues."""
    locale = Locale.objects.create(language_code="en")
    translated = home.copy_for_translation(locale)
    _publish(translated, title="Chronicle Museum")
    for index in home.get_children().specific():
        _publish(index.copy_for_translation(locale), title=index.slug.title(), introduction="")
    return HomePage.objects.get(pk=translated.pk)


def _publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def translated(page, **fields):
    """A published English page of a Chinese one."""
    return _publish(page.copy_for_translation(Locale.objects.get(language_code="en")), **fields)


class TestTrees:
    def test_stand_beside_each_other(self, english, client):
        story = translated(factories.story("水上鼓声"), title="Drums on the water")
        assert story.get_url() == "/en/stories/shui-shang-gu-sheng/"
        text = client.get("/en/stories/").content.decode()
        assert "Drums on the water" in text
        assert "水上鼓声" not in text
        assert "Drums on the water" not in client.get("/stories/").content.decode()

    def test_a_translation_shares_the_identifier_of_its_source(self, english, client):
        story = factories.story("水上鼓声")
        copy = translated(story, title="Drums on the water")
        assert copy.identifier_id == story.identifier_id
        assert client.get(f"/id/{story.identifier_id}").headers["Location"] == story.get_url()

    def test_without_an_english_home_page_there_is_none(self, home, client):
        assert client.get("/en/").status_code == 404
        assert "English" not in client.get("/").content.decode()

    def test_whoever_edits_the_chinese_home_page_edits_its_translation(self, home):
        from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
        from wagtail.models import GroupPagePermission

        locale = Locale.objects.create(language_code="en")
        CopyPageForTranslationAction(home, locale).execute(skip_permission_checks=True)
        copy = HomePage.objects.get(locale=locale)
        rights = GroupPagePermission.objects.filter(page=copy).values_list("group__name", flat=True)
        assert {"编辑", "审稿人", "管理员"} <= set(rights)


class TestLinksBetweenLanguages:
    def test_stand_where_there_is_a_translation(self, english, client):
        story = factories.story("水上鼓声")
        alone = factories.story("未译")
        copy = translated(story, title="Drums on the water")
        text = client.get(story.get_url()).content.decode()
        assert f'hreflang="en" href="{copy.get_url()}"' in text
        assert f'<link rel="alternate" hreflang="en" href="{settings.PUBLIC_BASE_URL}{copy.get_url()}">' in text
        assert f'hreflang="zh-Hans" href="{story.get_url()}"' in client.get(copy.get_url()).content.decode()
        assert 'hreflang="en"' not in client.get(alone.get_url()).content.decode()

    def test_do_not_lead_to_what_is_closed_or_a_draft(self, english, client):
        story = factories.story("水上鼓声")
        copy = translated(story, title="Drums on the water")
        set_access(copy, AccessLevel.STAFF)
        assert copy.get_url() not in client.get(story.get_url()).content.decode()
        set_access(copy, AccessLevel.OPEN)
        StoryPage.objects.get(pk=copy.pk).unpublish()
        assert copy.get_url() not in client.get(story.get_url()).content.decode()

    def test_a_search_goes_on_in_the_other_language(self, english, client, index):
        assert 'href="/en/search/?q=%E6%A1%A5"' in client.get("/search/", {"q": "桥"}).content.decode()


class TestWhatIsNotTranslated:
    def test_is_shown_in_chinese_and_says_so(self, english, client):
        story = factories.story("水上鼓声", description="埋了十三年。\n又下水。", credit="县志办供图", byline="陆芸")
        copy = translated(story, title="Drums", description="", credit="", byline="Lu Yun")
        text = client.get(copy.get_url()).content.decode()
        assert '<span class="in-chinese" lang="zh-Hans">埋了十三年。<br>又下水。</span>' in text
        assert '<span class="in-chinese" lang="zh-Hans">县志办供图</span>' in text
        assert "shown in Chinese" in text
        assert "Lu Yun" in text
        assert "陆芸" not in text

    def test_a_text_is_marked_as_a_whole(self, english, client):
        story = factories.story("水上鼓声", body=[("text", "<p>埋了十三年。</p>")])
        text = client.get(translated(story, title="Drums", body=[]).get_url()).content.decode()
        assert re.search(r'<div class="prose story" lang="zh-Hans">(?:(?!</?article).)*埋了十三年。', text, re.DOTALL)

    def test_a_copy_that_nobody_translated_is_marked_too(self, english, client):
        copy = translated(factories.story("水上鼓声", description="埋了十三年。"), title="Drums")
        assert (
            '<span class="in-chinese" lang="zh-Hans">埋了十三年。</span>' in client.get(copy.get_url()).content.decode()
        )

    def test_html_in_it_is_text(self, english, client):
        story = factories.story("旧事", description="旧<script>alert(1)</script>")
        text = client.get(translated(story, title="Old", description="").get_url()).content.decode()
        assert "<script>alert(1)" not in text
        assert "旧&lt;script&gt;" in text

    def test_what_is_closed_there_does_not_come_along(self, english, client):
        story = factories.story("机密", description="机密的说明", body=[("text", "<p>机密的正文</p>")])
        copy = translated(story, title="Open", description="", body=[])
        set_access(story, AccessLevel.ON_SITE)
        text = client.get(copy.get_url()).content.decode()
        assert "机密的说明" in text
        assert "机密的正文" not in text
        set_access(story, AccessLevel.STAFF)
        assert "机密" not in client.get(copy.get_url()).content.decode()

    def test_a_book_leads_to_its_chinese_text(self, english, client):
        book = factories.book("县志")
        factories.section(book, "桥梁")
        text = client.get(translated(book, title="Gazetteer").get_url()).content.decode()
        assert f'hreflang="zh-Hans" href="{book.get_url()}">Read the book in Chinese' in text

    def test_costs_no_more_than_two_queries(self, english, client, django_assert_max_num_queries):
        copy = translated(factories.story("水上鼓声", description="埋了十三年。"), title="Drums", description="")
        client.get(copy.get_url())
        with django_assert_max_num_queries(28):
            client.get(copy.get_url())


class TestInterface:
    def test_of_the_whole_site_is_english(self, english, client, index):
        factories.book("县志")
        EnglishParticulars.objects.create(name="Chronicle Museum", notice="Closed on Mondays")
        for address in ("/en/", "/en/books/", "/en/search/?q=a", "/en/saved/", "/en/feeds/", "/en/nothing/"):
            page = client.get(address)
            text = re.sub(r"<(script|style)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL)
            assert '<html lang="en">' in text, address
            assert "Chronicle Museum" in text, address
            assert "Closed on Mondays" in text, address
            chinese = [
                line.strip() for line in re.sub(r'lang="zh[^>]*>[^<]*', "", text).splitlines() if HAN.search(line)
            ]
            assert not chinese, (address, chinese[:5])

    def test_the_museums_particulars_are_marked_where_they_are_chinese(self, english, client):
        assert '<span lang="zh-Hans">数字方志馆</span>' in client.get("/en/books/").content.decode()

    def test_the_chinese_site_is_not_touched(self, english, client):
        EnglishParticulars.objects.create(name="Chronicle Museum")
        assert "Chronicle Museum</span>" not in client.get("/books/").content.decode()


def _messages_of(path: Path) -> list[str]:
    """What a template gives to be translated."""
    code = templatize(path.read_text(encoding="utf-8"))
    found = re.findall(r"""gettext\((?:u?'((?:[^'\\]|\\.)*)'|u?"((?:[^"\\]|\\.)*)")\)""", code)
    return [
        ast.literal_eval(f'"{one or other}"' if '"' not in (one or other) else f"'{one or other}'")
        for one, other in found
    ]


def _templates() -> list[Path]:
    folders = [ROOT / "archive/templates", ROOT / "search/templates"]
    found = [path for folder in folders for path in sorted(folder.rglob("*.html"))]
    of_the_desk = {"editing", "contributing", "wagtailadmin", "wagtailimages", "wagtailmedia"}
    return [path for path in found if not of_the_desk & set(path.parts)]


def test_templates_give_something_to_be_translated():
    assert sum(map(len, map(_messages_of, _templates()))) > 150


@pytest.mark.parametrize("path", _templates(), ids=lambda path: path.name)
def test_every_word_of_a_public_template_is_in_the_english_catalogue(path):
    with override("en"):
        missing = [message for message in _messages_of(path) if HAN.search(message) and gettext(message) == message]
    assert missing == []


def test_the_kinds_of_things_have_english_names():
    with override("en"):
        names = [str(label) for _value, label in BookPage.Kind.choices] + [str(BookIndexPage.listed._meta.verbose_name)]
        assert not [name for name in names if HAN.search(name)]


def test_the_demonstration_has_a_small_english_tree_and_takes_it_away(home):
    from archive.demonstration.english import build_english, remove_english

    assert build_english()
    assert not build_english()
    assert Client().get("/en/").status_code == 200
    assert Client().get("/en/books/").status_code == 200
    assert remove_english() == []
    assert not HomePage.objects.filter(locale__language_code="en").exists()
    assert not EnglishParticulars.objects.exists()
