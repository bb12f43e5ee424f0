"""A synthetic collection: of the size that was asked for, found like a real one, and gone without a trace."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Page

from archive import scale_collection
from archive.models import Identifier, Leaf, Place, Section
from archive.models.acts import AppendOnly
from search.indexing import rebuild

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "home")]


def counts() -> dict[str, int]:
    """Rows of every table but the logs, which only grow."""
    models = [model for label in ("archive", "wagtailcore") for model in apps.get_app_config(label).get_models()]
    logs = [model for model in models if "log" in model._meta.model_name or issubclass(model, AppendOnly)]
    watched = [model for model in models if model not in logs and model._meta.managed]
    return {model._meta.label: model._base_manager.count() for model in watched}


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(scale_collection, "PASSAGES_A_BOOK", 60)
    monkeypatch.setattr(scale_collection, "STORIES_A_COLUMN", 4)
    monkeypatch.setattr(scale_collection, "TOWNS", 3)


def test_it_is_of_the_size_asked_for_and_can_be_searched(small, client):
    made = scale_collection.build(300)
    assert (Section.objects.count(), Leaf.objects.count()) == (174, 120)
    rebuild()
    answer = client.get(reverse("search:results"), {"place": "scale-county", "format": "json"}).json()
    assert answer["total"] == made
    assert {value["value"] for value in answer["facets"]["kind"]} == {"section", "leaf", "book", "story"}
    assert client.get(answer["hits"][0]["url"]).status_code == 200


def test_it_is_removed_whole_and_nothing_else_is(small):
    before = counts()
    scale_collection.build(300)
    with pytest.raises(ValueError, match="already"):
        scale_collection.build(10)
    scale_collection.remove()
    assert counts() == before
    assert Page.find_problems() == ([], [], [], [], [])
    assert not Place.objects.filter(slug__startswith="scale-").exists()
    assert not Identifier.objects.exclude(kind=Identifier.Kind.PAGE).exists()


def test_the_same_seed_makes_the_same_words():
    one, two = scale_collection.Words(5), scale_collection.Words(5)
    assert [one.passage() for _text in range(3)] == [two.passage() for _text in range(3)]
    assert scale_collection.Words(6).passage() != scale_collection.Words(5).passage()


def test_the_command_refuses_a_second_collection_and_removes_the_first(small, capsys):
    call_command("scale_collection", "60", "--no-index")
    with pytest.raises(CommandError, match="--remove"):
        call_command("scale_collection", "60", "--no-index")
    call_command("scale_collection", "--remove")
    assert not scale_collection.exists()
