"""The outbox and the one indexer: nothing lost, nothing doubled, nobody held up."""

import threading

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from search import indexing, registry
from search.engines import get_engine, tantivy_index
from search.engines.base import IndexState
from search.indexing import Indexer, drain, enqueue, index_state, rebuild
from search.locking import IndexerBusyError, indexer_lock
from search.models import OutboxEntry

from .shelf import Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def waiting() -> list[str]:
    return [str(entry) for entry in OutboxEntry.objects.order_by("pk")]


def due_again(**fields) -> None:
    OutboxEntry.objects.update(retry_at=timezone.now(), **fields)


class StopAfter(threading.Event):
    """A stop that comes after so many pauses, and notes how long they should have been."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self.left = pauses
        self.pauses: list[float] = []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


# --- The outbox ---------------------------------------------------------------------------------------------------


def test_what_was_enqueued_is_found_after_draining_and_the_rows_are_gone(shelf, found):
    shelf.put(1, title="東莞縣志")
    assert enqueue("page", [1]) == 1
    assert drain() == 1
    assert found("东莞") == ["page:1"]
    assert waiting() == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_no_hit(shelf, found):
    class Refused(Exception):
        pass

    with pytest.raises(Refused), transaction.atomic():
        shelf.put(1, title="東莞縣志")
        enqueue("page", [1])
        raise Refused
    shelf.remove(1)
    assert drain() == 0
    assert found("东莞") == []


def test_a_change_is_found_by_its_new_words_alone(shelf, found):
    shelf.put(1, title="舊題")
    enqueue("page", [1])
    drain()
    shelf.put(1, title="新題")
    enqueue("page", [1])
    drain()
    assert (found("旧题"), found("新题")) == ([], ["page:1"])


def test_what_may_no_longer_be_found_is_removed(shelf, found):
    shelf.put(1, title="祕本")
    shelf.put(11, title="祕本")
    enqueue("page", [1, 11])
    drain()
    shelf.remove(1)
    enqueue("page", [1])
    drain()
    assert found("秘本") == ["page:11"]


def test_an_object_enqueued_many_times_is_built_and_found_once(shelf, found):
    shelf.put(1, title="莞")
    enqueue("page", [1, 1])
    enqueue("page", [1])
    shelf.built.clear()
    assert drain() == 3
    assert [1] in shelf.built
    assert found("莞") == ["page:1"]


def test_draining_twice_doubles_nothing(shelf, found):
    shelf.put(1, title="莞")
    enqueue("page", [1])
    drain()
    assert drain() == 0
    enqueue("page", [1])
    drain()
    assert found("莞") == ["page:1"]


def test_a_crash_between_commit_and_deletion_repeats_the_work_and_doubles_nothing(shelf, found, monkeypatch):
    drain()
    shelf.put(1, title="莞")
    enqueue("page", [1])
    with monkeypatch.context() as crash:
        crash.setattr(indexing, "_settle", lambda *args: (_ for _ in ()).throw(OperationalError("server closed")))
        with pytest.raises(OperationalError):
            drain()
    assert waiting() == ["page:1"]
    assert found("莞") == ["page:1"]
    drain()
    assert waiting() == []
    assert found("莞") == ["page:1"]


def test_rows_that_arrive_while_a_batch_is_made_stay_for_the_next(shelf, found, monkeypatch):
    drain()
    shelf.put(1, title="舊")
    enqueue("page", [1])
    build = shelf.build

    def change_meanwhile(ids):
        documents = list(build(ids))
        if not waiting()[1:]:
            shelf.put(1, title="新")
            enqueue("page", [1])
        return documents

    monkeypatch.setattr(shelf, "build", change_meanwhile)
    assert drain(limit=1) == 1
    assert waiting() == ["page:1"]
    drain(limit=1)
    assert found("新") == ["page:1"]


def test_a_limit_is_kept(shelf):
    drain()
    enqueue("page", range(10))
    assert drain(limit=4) == 4
    assert len(waiting()) == 6


def test_more_rows_than_a_batch_are_all_drained(shelf, found, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    monkeypatch.setattr(indexing, "_ROWS_PER_COMMIT", 3)
    monkeypatch.setattr(indexing, "_DELETE_BATCH", 2)
    drain()
    for number in range(10):
        shelf.put(number, title="莞")
    enqueue("page", range(10))
    assert drain() == 10
    assert len(found("莞")) == 10


def test_a_large_import_is_enqueued_with_few_queries(shelf, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert enqueue("page", iter(range(2_500))) == 2_500
    assert enqueue("page", []) == 0


# --- What fails ---------------------------------------------------------------------------------------------------


def test_one_broken_object_does_not_hold_up_the_others(shelf, found):
    drain()
    for number in range(5):
        shelf.put(number, title="莞")
    shelf.broken = {2}
    enqueue("page", range(5))
    assert drain() == 4
    assert len(found("莞")) == 4
    entry = OutboxEntry.objects.get()
    assert (entry.object_id, entry.attempts) == (2, 1)
    assert "第 2 号的记录已损坏" in entry.last_error
    assert entry.retry_at > timezone.now()


def test_a_broken_object_waits_longer_each_time_and_is_indexed_when_it_is_mended(shelf, found):
    drain()
    shelf.put(2, title="莞")
    shelf.broken = {2}
    enqueue("page", [2])
    delays = []
    for _attempt in range(15):
        drain()
        entry = OutboxEntry.objects.get()
        delays.append((entry.retry_at - timezone.now()).total_seconds())
        assert drain() == 0
        due_again()
    assert delays[0] < 6 < delays[1] < delays[5] < delays[-1] <= 3600
    assert OutboxEntry.objects.get().attempts == 15
    shelf.broken = set()
    assert drain() == 1
    assert found("莞") == ["page:2"]


def test_a_broken_object_that_is_enqueued_again_keeps_one_row(shelf):
    drain()
    shelf.broken = {2}
    enqueue("page", [2, 2, 2])
    drain()
    assert waiting() == ["page:2"]


def test_a_source_that_nobody_registered_is_kept_with_the_reason(shelf):
    drain()
    enqueue("audio", [1])
    drain()
    assert "audio" in OutboxEntry.objects.get().last_error


def test_two_documents_for_one_audience_are_refused_with_the_reason(shelf):
    drain()
    shelf.put(1, title="莞")
    shelf.documents[1] *= 2
    enqueue("page", [1])
    drain()
    assert "two documents" in OutboxEntry.objects.get().last_error


def test_a_database_that_is_away_is_nobodys_fault(shelf, monkeypatch):
    drain()
    enqueue("page", [1])

    def unreachable(ids):
        raise OperationalError("connection refused")

    monkeypatch.setattr(shelf, "build", unreachable)
    with pytest.raises(OperationalError):
        drain()
    assert OutboxEntry.objects.get().attempts == 0


# --- The lock -----------------------------------------------------------------------------------------------------


def test_nobody_writes_while_another_holds_the_lock(shelf):
    enqueue("page", [1])
    with indexer_lock():
        with pytest.raises(IndexerBusyError):
            drain(patience=0)
        with pytest.raises(IndexerBusyError):
            rebuild(patience=0.1)
    assert drain(patience=0) == 1


# --- The rebuild --------------------------------------------------------------------------------------------------


def test_a_missing_index_is_built_by_the_first_drain(shelf, found):
    shelf.put(1, title="莞")
    assert index_state() == "missing"
    drain()
    assert index_state() == "ok"
    assert found("莞") == ["page:1"]


def test_a_rebuild_holds_every_source_and_tells_how_far_it_is(shelf, found):
    leaves = Shelf("leaf")
    registry.register("leaf", leaves)
    shelf.put(1, title="莞")
    for number in range(450):
        leaves.put(number, title="莞")
    told = []
    assert rebuild(lambda *progress: told.append(progress)) == 451
    assert len(found("莞")) == 100
    assert told[0] == ("page", 0, 1)
    assert told[-1] == ("leaf", 450, 450)


def test_a_rebuild_mends_an_index_that_went_astray(shelf, found):
    shelf.put(1, title="莞")
    rebuild()
    with get_engine().writer() as writer:
        writer.delete("page:1")
        writer.commit()
    assert found("莞") == []
    rebuild()
    assert found("莞") == ["page:1"]


def test_what_changes_during_a_rebuild_is_in_the_old_index_at_once_and_in_the_new_one(shelf, found, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 1)
    monkeypatch.setattr(indexing, "_DRAIN_DURING_REBUILD", 0)
    for number in (1, 2, 3):
        shelf.put(number, title="舊")
    rebuild()
    seen_meanwhile = []

    def change(source, done, total):
        if done == 1:
            shelf.put(1, title="新一")  # scanned already
            shelf.put(3, title="新三")  # not scanned yet
            shelf.put(4, title="新四")  # not there when the scan began
            shelf.remove(2)
            enqueue("page", [1, 2, 3, 4])
        if done == 2:
            seen_meanwhile.extend(found("新"))

    rebuild(change)
    assert sorted(seen_meanwhile) == ["page:1", "page:3", "page:4"]
    assert sorted(found("新")) == ["page:1", "page:3", "page:4"]
    assert found("旧") == []
    assert waiting() == []


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(shelf, found):
    shelf.put(1, title="莞")
    rebuild()
    shelf.put(2, title="莞")

    def fail(source, done, total):
        raise RuntimeError("磁盘已满")

    with pytest.raises(RuntimeError, match="磁盘已满"):
        rebuild(fail)
    assert found("莞") == ["page:1"]


def test_what_cannot_be_built_during_a_rebuild_waits_in_the_outbox(shelf, found):
    shelf.put(1, title="莞")
    shelf.broken = {2}
    assert rebuild() == 1
    assert waiting() == ["page:2"]
    assert OutboxEntry.objects.get().attempts == 1


def test_ids_out_of_order_stop_a_rebuild(shelf, monkeypatch):
    monkeypatch.setattr(shelf, "ids", lambda: iter([2, 1]))
    with pytest.raises(ValueError, match="gives 1 after 2"):
        rebuild()


# --- The loop -----------------------------------------------------------------------------------------------------


@pytest.fixture
def one_connection(monkeypatch):
    """The loop closes connections that grew old; here it runs on the test's own, which must stay open."""
    monkeypatch.setattr(indexing, "close_old_connections", lambda: None)


def test_the_loop_builds_drains_and_then_waits(one_connection, shelf, found):
    shelf.put(1, title="莞")
    enqueue("page", [1])
    stop = StopAfter(4)
    Indexer(poll=0.5).run(stop)
    assert found("莞") == ["page:1"]
    assert waiting() == []
    assert stop.pauses[0] == 0
    assert stop.pauses[-1] == 0.5


def test_the_loop_survives_errors_waits_longer_each_time_and_says_why(
    one_connection, shelf, found, monkeypatch, caplog
):
    drain()
    shelf.put(1, title="莞")
    enqueue("page", [1])
    with monkeypatch.context() as broken:
        broken.setattr(indexing, "drain", lambda **given: (_ for _ in ()).throw(OperationalError("no route to host")))
        stop = StopAfter(4)
        Indexer(poll=0.5, longest_pause=3).run(stop)
    assert stop.pauses == [1, 2, 3, 3]
    assert "no route to host" in caplog.text
    Indexer().run(StopAfter(2))
    assert found("莞") == ["page:1"]


def test_the_loop_rebuilds_an_index_of_other_tables(shelf, found, monkeypatch):
    shelf.put(1, title="莞")
    drain()
    monkeypatch.setattr(tantivy_index, "TOKENS_VERSION", 99)
    assert index_state() == "outdated"
    Indexer().run(StopAfter(2))
    assert found("莞") == ["page:1"]


def test_the_loop_stands_by_while_another_process_indexes(one_connection, shelf):
    drain()
    enqueue("page", [1])
    stop = StopAfter(2)
    with indexer_lock():
        Indexer(poll=0.5).run(stop)
    assert stop.pauses == [2, 2]
    assert waiting() == ["page:1"]


def test_a_worker_that_goes_down_gives_up_a_rebuild_and_leaves_no_litter(shelf, search_index, monkeypatch):
    shelf.put(1, title="莞")
    stop = threading.Event()
    build = shelf.build

    def told_to_stop(ids):
        stop.set()
        return build(ids)

    monkeypatch.setattr(shelf, "build", told_to_stop)
    Indexer().run(stop)
    assert get_engine().state() is IndexState.MISSING
    assert [path.name for path in search_index.iterdir()] == ["indexer.lock"]


def test_a_quiet_look_at_the_outbox_costs_one_query(shelf, django_assert_num_queries):
    drain()
    with django_assert_num_queries(1):
        Indexer().run(StopAfter(1))
