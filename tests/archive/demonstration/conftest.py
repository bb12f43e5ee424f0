"""The demonstration, built once for all tests of this folder and rolled back at the end."""

import pytest
from django.core.management import call_command
from django.db import transaction

from archive.demonstration import build, files


@pytest.fixture(scope="session")
def drawn() -> dict[str, bytes]:
    """Every file of the demonstration, drawn once."""
    return files.draw()


@pytest.fixture(scope="module")
def demonstration(drawn, django_db_setup, django_db_blocker):
    """The built demonstration; returns what `build` said. Each test changes it within a savepoint of its own."""
    said: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        build.build(said.append, drawn)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def demo(capsys):
    """Runs the command; returns what it printed."""

    def run(*arguments: str) -> str:
        call_command("demo", *arguments)
        return capsys.readouterr().out

    return run
