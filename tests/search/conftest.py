"""An index, a registry and a shelf of documents for each test alone."""

import pytest

from search import engines, registry
from search.engines.base import EngineQuery

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
