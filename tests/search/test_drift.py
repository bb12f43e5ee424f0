"""Whether the index holds what it should, and the commands that ask and mend."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search import drift
from search.drift import DriftKind, find_drift
from search.engines import get_engine
from search.indexing import drain, enqueue, rebuild
from search.locking import indexer_lock

from .shelf import make_document

pytestmark = pytest.mark.django_db


def drifts() -> list[tuple[str, DriftKind]]:
    return [(item.ref, item.kind) for item in find_drift()]


@pytest.fixture
def indexed(shelf, monkeypatch):
    """Thirty things, all indexed, compared in small pages."""
    monkeypatch.setattr(drift, "BATCH", 4)
    monkeypatch.setattr(drift, "_PAGE", 3)
    for number in range(1, 31):
        shelf.put(number, title=f"第{number}頁")
    rebuild()
    return shelf


def test_a_true_index_has_no_drift(indexed):
    assert drifts() == []


def test_what_is_missing_and_what_should_not_be_there_is_named(indexed):
    indexed.put(31, title="漏編")
    indexed.put(5, title="改題")
    indexed.remove(1)
    indexed.remove(17)
    indexed.remove(30)
    assert drifts() == [
        ("page:1", DriftKind.GHOST),
        ("page:17", DriftKind.GHOST),
        ("page:30", DriftKind.GHOST),
        ("page:31", DriftKind.MISSING),
    ]


def test_an_object_indexed_for_the_wrong_audience_is_drift(indexed):
    indexed.put_on_site(3, title="第三頁", body="內部")
    indexed.documents[3] = indexed.documents[3][:1]
    assert drifts() == [("page:3", DriftKind.GHOST)]


def test_what_still_waits_in_the_outbox_is_no_drift(indexed):
    indexed.put(31, title="漏編")
    enqueue("page", [31])
    assert drifts() == []


def test_an_empty_index_misses_everything(indexed):
    with get_engine().replacement():
        pass
    assert len(drifts()) == 30


def check(*arguments: str) -> str:
    out = StringIO()
    call_command("check_search", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_reports_repairs_and_is_then_content(indexed, found):
    indexed.put(31, title="漏編")
    indexed.remove(2)
    with pytest.raises(CommandError, match="缺 1 条，多 1 条"):
        check()
    assert "缺 page:31" in check("--repair")
    drain()
    assert found("漏编") == ["page:31"]
    assert "page:2" not in found()
    assert "一致" in check()


def test_the_command_lists_the_first_ones_and_counts_all(indexed):
    with get_engine().replacement():
        pass
    out = StringIO()
    with pytest.raises(CommandError, match="缺 30 条"):
        call_command("check_search", "--show", "2", stdout=out)
    assert out.getvalue().count("page:") == 2


def test_what_a_vanished_source_left_behind_needs_a_rebuild(indexed):
    with get_engine().writer() as writer:
        writer.add(make_document(1, source="audio"))
        writer.commit()
    with pytest.raises(CommandError, match="rebuild_search"):
        check("--repair")
    call_command("rebuild_search", stdout=StringIO())
    assert "一致" in check()


def test_the_command_says_when_there_is_no_index(shelf):
    with pytest.raises(CommandError, match="rebuild_search"):
        check()


def test_the_rebuild_command_shows_its_progress(indexed):
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert "page: 30/30" in out.getvalue()
    assert "共 30 份" in out.getvalue()


def test_the_rebuild_command_says_when_another_process_writes(indexed, monkeypatch):
    monkeypatch.setattr("search.indexing.rebuild.__kwdefaults__", {"patience": 0})
    with indexer_lock(), pytest.raises(CommandError, match="另一个进程"):
        call_command("rebuild_search")
