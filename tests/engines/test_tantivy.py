"""What the embedded engine promises beyond the common behaviour: its folder, its generations, its fingerprint."""

import os
import time

import pytest

from search.documents import Audience
from search.engines import tantivy_index
from search.engines.base import EngineQuery, IndexState, IndexUnavailableError
from search.engines.tantivy import TantivyEngine
from tests.search.shelf import make_document


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "search"


@pytest.fixture
def tantivy(folder):
    engine = TantivyEngine(folder)
    with engine.replacement() as writer:
        writer.add(make_document(1))
    return engine


def total(engine) -> int:
    return engine.search(EngineQuery(audience=Audience.PUBLIC)).total


def test_an_index_of_other_tables_is_outdated_and_neither_read_nor_written(tantivy, monkeypatch):
    monkeypatch.setattr(tantivy_index, "TOKENS_VERSION", 99)
    assert tantivy.state() is IndexState.OUTDATED
    with pytest.raises(IndexUnavailableError):
        total(tantivy)
    with pytest.raises(IndexUnavailableError), tantivy.writer():
        pass


def test_an_index_that_lost_files_is_broken_and_can_be_replaced(tantivy, folder):
    generation = folder / (folder / "CURRENT").read_text()
    for path in generation.glob("*.idx"):
        path.unlink()
    fresh = TantivyEngine(folder)
    assert fresh.state() is IndexState.BROKEN
    (generation / "meta.json").unlink()
    assert TantivyEngine(folder).state() is IndexState.BROKEN
    with fresh.replacement() as writer:
        writer.add(make_document(1))
    assert (fresh.state(), total(fresh)) == (IndexState.READY, 1)


@pytest.mark.parametrize("content", ["", "no-such-generation", "\n"])
def test_a_pointer_to_nothing_is_a_missing_index(tantivy, folder, content):
    (folder / "CURRENT").write_text(content)
    assert tantivy.state() is IndexState.MISSING


def test_the_replaced_generation_stays_for_a_grace_and_then_goes(tantivy, folder):
    old = (folder / "CURRENT").read_text()
    with tantivy.replacement():
        pass
    tantivy.tidy()
    assert (folder / old).is_dir()
    long_ago = time.time() - 3600
    os.utime(folder / "CURRENT", (long_ago, long_ago))
    tantivy.tidy()
    assert not (folder / old).exists()
    assert total(tantivy) == 0


def test_tidying_removes_what_a_killed_rebuild_left_behind(tantivy, folder):
    (folder / "20260101-000000-dead").mkdir()
    long_ago = time.time() - 3600
    os.utime(folder / "CURRENT", (long_ago, long_ago))
    tantivy.tidy()
    assert not (folder / "20260101-000000-dead").exists()
    assert total(tantivy) == 1


def test_a_reader_of_a_generation_that_is_gone_goes_on_with_the_live_one(tantivy, folder):
    reader = TantivyEngine(folder)
    assert total(reader) == 1
    with tantivy.replacement() as writer:
        writer.add(make_document(1))
        writer.add(make_document(2))
    long_ago = time.time() - 3600
    os.utime(folder / "CURRENT", (long_ago, long_ago))
    tantivy.tidy()
    assert total(reader) == 2


def test_the_text_is_not_kept_in_the_index(tantivy, folder):
    with tantivy.writer() as writer:
        writer.add(make_document(2, body="祕密之事不可外傳"))
        writer.commit()
    stored = b"".join(path.read_bytes() for path in folder.rglob("*.store"))
    assert "祕密".encode() not in stored
    assert "秘密之事".encode() not in stored
