"""What the embedded engine promises beyond the common behaviour: its folder, its generations, its fingerprint."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings

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


# --- Killed in the middle -----------------------------------------------------------------------------------------

WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from search.engines.tantivy import TantivyEngine
from tests.search.shelf import make_document

engine = TantivyEngine(Path(sys.argv[1]))
number = 100
with getattr(engine, sys.argv[2])() as writer:
    while True:
        for _document in range(20):
            writer.add(make_document(number, body="龍舟競渡" * 50))
            number += 1
        writer.commit()
        print(number, flush=True)
"""


def killed_while(folder, what: str, commits: int) -> int:
    """Have another process write, kill it at once after so many commits, and give the last number it had committed."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(folder), what], stdout=subprocess.PIPE, cwd=settings.BASE_DIR
    )
    for _commit in range(commits):
        acknowledged = int(process.stdout.readline())
    process.kill()
    process.wait()
    return acknowledged


@pytest.mark.parametrize("commits", [1, 3, 7])
def test_a_writer_that_is_killed_loses_nothing_that_was_committed_and_leaves_no_lock(tantivy, folder, commits):
    acknowledged = killed_while(folder, "writer", commits)
    assert total(TantivyEngine(folder)) >= 1 + acknowledged - 100
    with TantivyEngine(folder).writer() as writer:
        writer.add(make_document(2))
        writer.commit()
    assert total(tantivy) >= 2 + acknowledged - 100


def test_a_rebuild_that_is_killed_leaves_the_live_index_and_its_litter_is_tidied(tantivy, folder):
    killed_while(folder, "replacement", 3)
    assert total(TantivyEngine(folder)) == 1
    long_ago = time.time() - 3600
    os.utime(folder / "CURRENT", (long_ago, long_ago))
    tantivy.tidy()
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    with tantivy.replacement() as writer:
        writer.add(make_document(1))
        writer.add(make_document(2))
    assert total(tantivy) == 2
