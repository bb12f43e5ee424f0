"""What was altered or taken out of the log past the museum is found."""

from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive.acts import sealing
from archive.acts.recording import record
from archive.models import Act, ActSeal

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@contextmanager
def past_the_museum():
    """Whoever owns the database can take its guards away first."""
    on = {"postgresql": ("ALTER TABLE {0} DISABLE TRIGGER {0}_stands",)}.get(
        connection.vendor, ("DROP TRIGGER IF EXISTS {0}_stands",)
    )
    with connection.cursor() as cursor:
        for table in ("archive_act", "archive_actseal"):
            for command in on:
                cursor.execute(command.format(table))
        yield cursor


@pytest.fixture
def log() -> list[Act]:
    acts = [record("test", label=f"第{number}件", words="原话") for number in range(1, 6)]
    sealing.seal()
    return acts


def faults(noted: str = "") -> list[str]:
    return [problem.words for problem in sealing.check(noted)]


def test_a_whole_log_has_no_faults(log):
    assert faults() == []
    assert sealing.head().startswith("5:")


def test_sealing_again_adds_nothing(log):
    before = sealing.head()
    assert sealing.seal() == 0
    assert sealing.seal(everything=True) == 0
    assert sealing.head() == before


@pytest.mark.parametrize("column", ["words", "label", "user_name", "kind", "matter", "object_id"])
def test_an_altered_act_is_named(log, column):
    with past_the_museum() as cursor:
        cursor.execute(f"UPDATE archive_act SET {column} = 'x' WHERE id = %s", [log[2].pk])  # noqa: S608
    assert len(faults()) == 1
    assert f"第 {log[2].pk} 号操作" in faults()[0]


def test_an_act_with_another_date_is_named(log):
    with past_the_museum() as cursor:
        cursor.execute("UPDATE archive_act SET at = '2020-01-01 00:00:00+00' WHERE id = %s", [log[0].pk])
    assert len(faults()) == 1


def test_an_act_that_was_taken_out_is_missed(log):
    with past_the_museum() as cursor:
        cursor.execute("DELETE FROM archive_act WHERE id = %s", [log[1].pk])
    assert faults() == [f"第 {log[1].pk} 号操作不见了"]


def test_an_act_that_was_taken_out_with_its_seal_is_missed(log):
    with past_the_museum() as cursor:
        cursor.execute("DELETE FROM archive_actseal WHERE act_id = %s", [log[1].pk])
        cursor.execute("DELETE FROM archive_act WHERE id = %s", [log[1].pk])
    assert any("封记不见了" in words for words in faults())


def test_a_tail_that_was_cut_off_is_missed_by_whoever_noted_the_head(log):
    noted = sealing.head()
    with past_the_museum() as cursor:
        cursor.execute("DELETE FROM archive_actseal WHERE position > 3")
        cursor.execute("DELETE FROM archive_act WHERE id >= %s", [log[3].pk])
    assert faults() == []
    assert "截去" in faults(noted)[0]


def test_a_chain_that_was_made_anew_is_known_by_an_earlier_head(log):
    noted = sealing.head()
    with past_the_museum() as cursor:
        cursor.execute("UPDATE archive_act SET words = 'x' WHERE id = %s", [log[0].pk])
        cursor.execute("DELETE FROM archive_actseal")
    sealing.seal(everything=True)
    assert faults() == []
    assert faults(noted) == ["与当日记下的封记不同"]


def test_a_transaction_that_ends_late_is_sealed_after_those_that_began_later(db):
    late = record("test", label="晚提交的")
    Act.objects.bulk_create([Act(pk=late.pk + 5, kind="test", matter="other")])
    ActSeal.objects.create(position=1, act_id=late.pk + 5, digest=sealing.digest_of(_row(late.pk + 5), ""))
    assert sealing.seal() == 1
    assert ActSeal.objects.get(position=2).act_id == late.pk
    assert faults() == []


def test_the_command_tells_a_whole_log_and_gives_the_head(log, capsys):
    call_command("check_acts")
    assert sealing.head() in capsys.readouterr().out


def test_the_command_fails_for_a_log_with_faults(log):
    with past_the_museum() as cursor:
        cursor.execute("UPDATE archive_act SET words = 'x' WHERE id = %s", [log[2].pk])
    with pytest.raises(CommandError, match="1 处"):
        call_command("check_acts")


def test_the_command_says_what_a_noted_head_looks_like(log):
    with pytest.raises(CommandError, match="序号:封记"):
        call_command("check_acts", noted="昨天")


def _row(pk: int) -> dict:
    return Act.objects.values(*sealing._FIELDS).get(pk=pk)
