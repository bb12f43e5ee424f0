"""What is offered while a reader types."""

import pytest
from django.urls import reverse

from search import registry
from search.documents import Audience
from search.indexing import rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def typing(client):
    return lambda q: client.get(reverse("search:suggest"), {"q": q})


@pytest.fixture
def titles(shelf):
    shelf.put(1, title="東莞縣志", url="/books/dgxz/", suggest_weight=6)
    shelf.put(2, title="東莞祕檔", suggest_weight=6)
    shelf.put_on_site(3, title="東莞調查", body="秘密", suggest_weight=6)
    rebuild()
    return shelf


def test_titles_are_suggested_with_what_they_are_and_where_they_lead(typing, titles):
    response = typing("dgxz")
    assert response.json() == {"suggestions": [{"title": "東莞縣志", "kind": "图书", "url": "/books/dgxz/"}]}
    assert "private" in response["Cache-Control"]
    assert typing("東莞縣").json() == typing("东莞县").json() == response.json()


def test_what_was_withdrawn_is_not_suggested_whatever_the_index_still_holds(typing, titles):
    titles.remove(2)
    assert {offer["title"] for offer in typing("东莞").json()["suggestions"]} == {"東莞縣志", "東莞調查"}


def test_the_reading_room_is_suggested_what_the_public_is(typing, titles):
    registry.set_audience_resolver(lambda request: Audience.READING_ROOM)
    titles.put_on_site(2, title="東莞祕檔", body="")
    titles.documents[2] = titles.documents[2][1:]
    assert "東莞祕檔" not in str(typing("东莞").json())


@pytest.mark.parametrize("typed", ["", "？", "\x01", '"' * 50, "莞" * 10_000, "𠀀", "%", "d' OR 1=1"])
def test_whatever_is_typed_is_answered(typing, titles, typed):
    assert typing(typed).status_code == 200


def test_an_index_that_is_being_built_suggests_nothing(typing, shelf):
    assert typing("dg").json() == {"suggestions": []}
