"""Fixtures for every test: an index and file folders of its own, the museum's tree, readers of each audience."""

import os
import shutil
import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from archive.museum_setup import prepare
from search import engines

from . import migrated_database
from .components import SHARED_DATA, missing

# The browser of the journeys keeps a loop of events in its thread; tests that follow it there are no part of that loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session", autouse=True)
def _data_folder_goes_away():
    yield
    shutil.rmtree(django_settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """On SQLite every worker starts from a copy of one migrated database, made once for a set of migrations: running
    Wagtail's two hundred takes half a minute. On PostgreSQL pytest-django's own way."""
    if connection.vendor != "sqlite":
        request.getfixturevalue("django_test_environment")
        request.getfixturevalue("django_db_modify_db_settings")  # each process of a parallel run has its own database
        with django_db_blocker.unblock():
            created = setup_databases(verbosity=0, interactive=False)
        yield
        with django_db_blocker.unblock():
            _send_others_away(connection)
            teardown_databases(created, verbosity=0)
        return
    with django_db_blocker.unblock():
        migrated_database.restore_into(connection)
    yield


def _send_others_away(database) -> None:
    """Sessions of threads and of killed workers that the server has not missed yet would keep it from the dropping."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def shared_data() -> Path:
    """Real files beside a developer's checkout. A user's clone has none."""
    if not SHARED_DATA.is_dir():
        missing("测试用真实文件", "它们不随仓库分发；相应的测试只在开发者的机器上运行")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Database keys come again from test to test; what was counted or looked up in another museum must not, nor the
    language in which the last page was read."""
    cache.clear()
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _indexes_of_its_own(settings):
    """No test finds what another one left behind; a folder is made only by whoever indexes."""
    folder = Path(settings.DATA_DIR) / "indexes" / uuid.uuid4().hex
    settings.SEARCH = settings.SEARCH | {"DIR": str(folder / "search")}
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def index(settings, tmp_path):
    """An empty search index of this test alone; `drain()` brings it up to date."""
    settings.SEARCH = settings.SEARCH | {"DIR": str(tmp_path / "search")}
    engines.reset()
    yield
    engines.reset()


@pytest.fixture
def home(db):
    """The home page of a museum that is set up and empty."""
    return prepare()


@pytest.fixture
def staff_user(db, django_user_model):
    user = django_user_model.objects.create_user("reader-of-all", password="x", is_active=True)
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="archive", codename="view_internal"),
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
    )
    return user


@pytest.fixture
def reading_room(settings) -> Client:
    """A reader at a desk of the reading room."""
    settings.READING_ROOM_NETWORKS = ["10.20.0.0/16"]
    return Client(REMOTE_ADDR="10.20.3.4")


@pytest.fixture
def staff(staff_user) -> Client:
    client = Client()
    client.force_login(staff_user)
    return client


@pytest.fixture
def administrator(django_user_model, db) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("administrator", password="x"))
    return client
