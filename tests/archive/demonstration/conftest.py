"""The demonstration, built once for all tests of this folder and rolled back at the end."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from archive.demonstration import build, files, pictures
from tests import factories

SAMPLE = (
    "yongji-bridge",
    "temple-opera",
    "pottery-works",
    "dragon-boats",
    "second-bridge-night",
    "map-county",
    "map-blueprint",
    "ferry-ticket",
    "new-year-print",
    "view-pagoda",
    "rubbing-dam",
    "journal-cover",
)
"""One picture of every hand: the rest is drawn by the same ones, and drawing all of it takes most of a minute."""
LEAVES = ("kangxi-preface-1a", "journal-2023-1-p1")
FILM = "film-kiln"


@pytest.fixture(scope="session")
def drawn() -> dict[str, bytes]:
    """Every file of the demonstration: a sample as it is, one film for all films, the rest very small pictures."""
    jobs = {holding.job.name: holding.job for holding in files.holdings()}
    real = dict(pictures.draw(jobs[name], str(settings.NODE_MODULES_DIR)) for name in (*SAMPLE, *LEAVES, FILM))
    tiny = factories.picture_bytes(40, 30)
    return {name: real[FILM] if job.scene in pictures.FILMS else real.get(name, tiny) for name, job in jobs.items()}


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
