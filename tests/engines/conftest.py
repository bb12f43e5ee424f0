"""Every engine there is, each with a folder of its own."""

import pytest
from django.utils.module_loading import import_string

ENGINES = ["search.engines.tantivy.TantivyEngine"]


@pytest.fixture(params=ENGINES, ids=lambda path: path.rpartition(".")[2])
def unbuilt_engine(request, tmp_path):
    """An engine whose index does not exist yet."""
    return import_string(request.param)(tmp_path / "search")


@pytest.fixture
def engine(unbuilt_engine):
    """An engine with an empty index."""
    with unbuilt_engine.replacement():
        pass
    return unbuilt_engine


@pytest.fixture
def write(engine):
    """Adds documents to the live index and commits."""

    def add(*documents):
        with engine.writer() as writer:
            for document in documents:
                writer.add(document)
            writer.commit()

    return add


@pytest.fixture
def another_process(unbuilt_engine, tmp_path):
    """The engine as a second process sees it: an instance that shares nothing with the first but the folder."""
    return type(unbuilt_engine)(tmp_path / "search")
