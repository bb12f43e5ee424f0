"""What a page of results shows is read by narrow queries: it is what the index was given, and no more."""

import pytest

from archive.access import AccessLevel
from archive.models import BookPage, PageAgent, PagePlace, PageTopic, PlaceName
from archive.publication import set_access
from search import registry
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "home")]

SHOWN = (
    *("ref", "work", "kind", "title", "other_titles", "url", "permanent_url", "identifier", "audiences", "body"),
    *("places", "date", "locator", "thumbnail", "work_title", "continuation"),
)


def one_of_everything() -> list:
    """Pages of every kind with all that they can have, and a book of either kind."""
    sections = factories.book("東莞縣志", compilers="陳伯陶", publisher="養和印務局", date_written="民國十六年")
    leaves = factories.book("康熙東莞縣志", text_unit=BookPage.TextUnit.LEAF)
    part = factories.section(sections, "風俗", label="卷三")
    factories.section(sections, "競渡", "五月五日，龍舟競渡。", parent=part)
    for text in ("荆蠻義之，從而歸者千", "餘家", ""):
        factories.leaf(leaves, text, scan=factories.scan())
    pages = [
        factories.photo("舊碼頭", caption="脈瀝洲", photographer="佚名", other_titles="碼頭\n  渡口"),
        factories.film("龍舟", transcript="鼓声", episode=3),
        factories.story("老街", body=[("paragraph", "<p>騎樓<b>連片</b></p>")], byline="李某"),
        factories.album("街巷", description="巷陌"),
        factories.column("話你知"),
        factories.video_series("影像志"),
    ]
    for page in (sections, leaves, *pages):
        place = factories.place(f"石龍{page.pk}")
        PlaceName.objects.create(place=place, name=f"石龍圩{page.pk}")
        PagePlace.objects.create(page=page, place=place)
        PageAgent.objects.create(page=page, agent=factories.agent(f"陳某{page.pk}", other_names="子礪"))
        PageTopic.objects.create(page=page, topic=factories.topic(f"端午{page.pk}"))
    return [sections, leaves, *pages]


def told(document) -> dict:
    return {name: getattr(document, name) for name in SHOWN}


@pytest.mark.parametrize("level", [AccessLevel.OPEN, AccessLevel.ON_SITE, AccessLevel.STAFF])
def test_what_is_shown_is_what_was_indexed(level):
    for page in one_of_everything():
        set_access(page, level)
    compared = 0
    for source in ("page", "section", "leaf", "free-page"):
        ids = list(registry.ids_of(source))
        shown, (built, failed) = registry.show_each(source, ids), registry.build_each(source, ids)
        assert not failed
        assert {key: list(map(told, made)) for key, made in shown.items()} == {
            key: list(map(told, made)) for key, made in built.items()
        }
        compared += sum(map(len, shown.values()))
    assert compared > 0 if level < AccessLevel.STAFF else compared == 0


def test_the_names_that_explain_a_hit_are_those_that_were_indexed():
    one_of_everything()
    ids = list(registry.ids_of("page"))
    names = registry.names_of("page", ids)
    for document in registry.build("page", ids):
        expected = (document.people, document.place_names, document.subjects)
        assert tuple(names[document.object_id]) == expected
        assert any(expected)


@pytest.mark.parametrize("source", ["page", "section", "leaf"])
def test_a_withdrawn_thing_is_not_shown(source):
    for page in one_of_everything():
        type(page).objects.get(pk=page.pk).unpublish()
    ids = list(range(1, 200))
    assert not any(registry.show_each(source, ids).values())
