"""An index, a registry and a shelf of documents for each test alone."""

import pytest
from django.urls import reverse

from search import engines, registry
from search.engines.base import EngineQuery
from search.indexing import rebuild

from .shelf import Shelf


@pytest.fixture
def search_index(settings, tmp_path):
    """The folder of an index that no other test sees."""
    folder = tmp_path / "search"
    settings.SEARCH = settings.SEARCH | {"DIR": str(folder)}
    engines.reset()
    yield folder
    engines.reset()


@pytest.fixture
def empty_registry(monkeypatch):
    """A registry without the museum's builders and kinds."""
    for table in ("_builders", "_kinds", "_labellers", "_parents", "_expanders"):
        monkeypatch.setattr(registry, table, {})
    for resolvers in ("_audience_resolvers", "_client_resolvers"):
        monkeypatch.setattr(registry, resolvers, [])
    return registry


@pytest.fixture
def shelf(search_index, empty_registry) -> Shelf:
    """The one source of documents."""
    shelf = Shelf()
    registry.register("page", shelf)
    for kind, label in (("book", "图书"), ("photo", "照片"), ("leaf", "书页")):
        registry.register_kind(kind, label)
    return shelf


@pytest.fixture
def found():
    """Asks the engine directly: the refs that hold the folded terms."""

    def ask(*terms: str, audience="public", **options) -> list[str]:
        query = EngineQuery(audience=registry.Audience(audience), terms=terms, limit=100, **options)
        return [hit.ref for hit in engines.get_engine().search(query).hits]

    return ask


@pytest.fixture
def look(client):
    """Asks the results page; `format="json"` for the programs' answer."""

    def get(**parameters):
        return client.get(reverse("search:results"), parameters)

    return get


@pytest.fixture
def gazetteer(shelf):
    """A book of thirteen leaves that all tell of dragon boats, and a photograph."""
    for number in range(1, 14):
        shelf.put(
            number,
            title=f"第 {number} 页",
            work="DG-B-1",
            work_title="東莞縣志",
            kind="leaf",
            grouped=True,
            position=number,
            locator=f"第 {number} 页",
            body=f"端午，龍舟第{number}競渡",
            url=f"/books/dgxz/p/{number}/",
        )
    shelf.put(20, title="龍舟", kind="photo")
    rebuild()
