"""Answers that are given again: only while they are true, and only to the public."""

import pytest
from django.urls import reverse

from search import registry
from search.documents import Audience
from search.indexing import drain, enqueue, rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def asked(q: str = "龙舟", **headers) -> str:
        return client.get(reverse("search:results"), {"q": q, "format": "json"}, headers=headers).content.decode()

    return asked


def test_an_answer_is_given_again_without_being_made_again(shelf, ask):
    shelf.put(1, title="龍舟競渡")
    rebuild()
    first = ask()
    shelf.built.clear()
    assert ask() == first
    assert shelf.built == []


def test_what_was_withdrawn_is_gone_before_the_index_knows(shelf, ask):
    shelf.put(1, title="龍舟競渡")
    rebuild()
    assert "競渡" in ask()
    shelf.remove(1)
    enqueue("page", [1])
    assert "競渡" not in ask()
    drain()
    assert "競渡" not in ask()


def test_a_row_that_failed_keeps_answers_from_being_given_again(shelf, ask):
    shelf.put(1, title="龍舟競渡")
    shelf.broken.add(2)
    rebuild()
    ask()
    shelf.remove(1)
    assert "競渡" not in ask()


def test_what_comes_new_is_found_after_the_commit(shelf, ask):
    rebuild()
    assert '"total": 0' in ask()
    shelf.put(1, title="龍舟競渡")
    enqueue("page", [1])
    drain()
    assert '"total": 1' in ask()


def test_the_reading_room_is_never_given_what_was_kept(shelf, ask):
    shelf.put_on_site(1, title="東莞縣志", body="龍舟競渡")
    rebuild()
    assert '"total": 0' in ask()
    registry.set_audience_resolver(lambda request: Audience(request.headers.get("Audience", "public")))
    assert '"total": 1' in ask(audience="reading-room")
    assert '"total": 0' in ask()


def test_readers_with_other_cookies_get_answers_of_their_own(shelf, ask, client):
    shelf.put(1, title="龍舟競渡")
    rebuild()
    ask()
    shelf.built.clear()
    client.cookies["script"] = "traditional"
    ask()
    assert shelf.built == [[1]]


def test_headers_are_kept_with_the_answer(shelf, client):
    shelf.put(1, title="龍舟競渡")
    rebuild()
    pages = [client.get(reverse("search:results"), {"q": "龙舟", "sort": "title"}) for _time in range(2)]
    assert pages[0].content == pages[1].content
    assert dict(pages[0].headers) == dict(pages[1].headers)
    assert pages[1]["X-Robots-Tag"] == "noindex"
