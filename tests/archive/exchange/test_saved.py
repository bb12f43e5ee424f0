"""The reader's own list: kept in the browser, its titles asked for."""

import pytest

from archive.access import AccessLevel
from archive.models import StoryPage
from archive.publication import set_access
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def titles(client, *references) -> list[dict]:
    return client.get("/saved/titles.json", {"ids": ",".join(references)}).json()["items"]


def test_the_page_explains_itself_without_javascript(home, client):
    text = client.get("/saved/").content.decode()
    assert "<noscript>" in text
    assert 'content="noindex"' in text


def test_titles_come_in_the_order_asked_for(home, client):
    book = factories.book("棲瀾縣志", date_written="康熙二十八年")
    section = factories.section(book, "桥梁", label="卷二")
    leaf = factories.leaf(book, label="三上")
    story = factories.story("水上鼓声")
    references = [story.identifier_id, f"{book.identifier_id}/p/{leaf.key}", section.identifier_id, book.identifier_id]
    found = titles(client, *references)
    assert [item["id"] for item in found] == references
    assert [item["title"] for item in found] == ["水上鼓声", "三上", "卷二 桥梁", "棲瀾縣志"]
    assert found[1]["within"] == "棲瀾縣志"
    assert [item["url"] for item in found][1:3] == [leaf.get_absolute_url(), section.get_absolute_url()]


def test_what_was_withdrawn_says_so(home, client):
    story = factories.story("水上鼓声")
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert titles(client, story.identifier_id) == [
        {"id": story.identifier_id, "state": "withdrawn", "title": "水上鼓声"}
    ]


def test_what_was_deleted_says_so(home, client):
    story = factories.story("水上鼓声")
    StoryPage.objects.get(pk=story.pk).delete()
    assert titles(client, story.identifier_id)[0]["state"] == "withdrawn"


def test_what_is_closed_and_what_never_was_look_alike(home, client, staff):
    closed = factories.story("机密")
    set_access(closed, AccessLevel.STAFF)
    draft = factories.story("草稿", published=False)
    found = titles(client, closed.identifier_id, draft.identifier_id, "0000000b0", "<script>", "x/p/1")
    assert [item["state"] for item in found] == ["unknown"] * 5
    assert all("title" not in item for item in found)
    assert titles(staff, closed.identifier_id)[0]["title"] == "机密"


def test_an_on_site_thing_gives_its_record(home, client):
    story = factories.story("馆内文稿")
    set_access(story, AccessLevel.ON_SITE)
    assert titles(client, story.identifier_id)[0]["title"] == "馆内文稿"


def test_a_long_list_is_answered_in_few_queries(home, client, django_assert_max_num_queries):
    references = [factories.story(f"故事 {number}").identifier_id for number in range(12)]
    references += [factories.section(factories.book("县志"), "目").identifier_id for _ in range(3)]
    client.get("/saved/titles.json")
    with django_assert_max_num_queries(12):
        assert len(titles(client, *references, *["0"] * 500)) == 16


def test_citations_of_the_list_are_one_file(home, client):
    first, second = factories.book("棲瀾縣志"), factories.story("水上鼓声")
    StoryPage.objects.get(pk=second.pk).unpublish()
    third = factories.photo("旧码头")
    ids = ",".join(page.identifier_id for page in (first, second, third))
    answer = client.get("/saved/citations.ris", {"ids": ids})
    assert answer["Content-Disposition"] == 'attachment; filename="saved.ris"'
    assert answer.content.decode().count("TY  - ") == 2
    assert "水上鼓声" not in answer.content.decode()
    assert client.get("/saved/citations.txt", {"ids": ids}).content.decode().count("[2") == 2
    assert client.get("/saved/citations.doc", {"ids": ids}).status_code == 404


def test_the_worker_for_reading_without_a_network_rules_the_whole_site(home, client):
    worker = client.get("/offline-worker.js")
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    assert worker["Cache-Control"] == "no-cache"
    assert 'const NOTE = "/saved/offline/";' in worker.content.decode().replace("\\u002D", "-")


def test_what_stands_in_for_a_page_that_was_not_kept_leads_to_the_list(home, client):
    text = client.get("/saved/offline/").content.decode()
    assert "现在连不上本馆" in text
    assert 'href="/saved/"' in text
    assert 'content="noindex"' in text
