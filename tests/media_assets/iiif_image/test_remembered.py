"""What everybody may have is remembered, and forgotten at the next commit of anybody."""

import shutil
import sqlite3
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections, transaction
from django.test import Client

from archive.access import AccessLevel
from archive.museum_setup import prepare
from archive.publication import set_access
from media_assets import delivery
from media_assets.delivery import Verdict
from media_assets.derivatives.pyramids import make_pyramid
from media_assets.iiif_image import views
from media_assets.models import ArchiveImage
from media_assets.unchanged import _SqliteMarks, mark
from tests import factories, migrated_database
from tests.media_assets.made_files import encoded, upload

from .conftest import numbered


@pytest.fixture(autouse=True)
def _in_a_file(django_db_setup, django_db_blocker, tmp_path, monkeypatch):
    """A database as a museum has it: what the other tests use lies in memory, where no commit can be seen."""
    monkeypatch.setattr(views, "GRANTS", views._Grants())
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL tells by its own snapshots")
    path = shutil.copy(migrated_database.path(), tmp_path / "museum.sqlite3")
    usual = connections["default"]
    described = usual.settings_dict | {"NAME": str(path)}
    monkeypatch.setitem(connections.settings, "default", described)
    with django_db_blocker.unblock():
        connections["default"] = type(usual)(described, "default")
        prepare()
        yield
        connections["default"].close()
        connections["default"] = usual


def commit_something() -> None:
    """In another thread, so on another connection."""

    def change() -> None:
        ArchiveImage.objects.create(title="别的", file=ContentFile(factories.picture_bytes(), "别的.jpg"))
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()


@pytest.fixture
def address(media_root, rule) -> str:
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    return f"/iiif/image/3/{make_pyramid(image).key}/0,0,512,512/512,512/0/default.jpg"


def test_the_mark_stays_until_somebody_commits(media_root):
    before = mark()
    assert mark() == before
    commit_something()
    assert mark() != before


def test_a_database_that_is_put_in_place_of_another_has_a_mark_of_its_own(tmp_path):
    path, copy = tmp_path / "museum.sqlite3", tmp_path / "copy.sqlite3"
    sqlite3.connect(path).execute("CREATE TABLE a (b)")
    marks = _SqliteMarks()
    before = marks.now(str(path))
    copy.write_bytes(path.read_bytes())
    copy.replace(path)

    assert before is not None
    assert marks.now(str(path)) not in (None, before)


def test_there_is_no_mark_inside_a_transaction():
    with transaction.atomic():
        assert mark() is None


def test_the_rule_is_asked_once_for_many_tiles_of_what_everybody_may_have(address, rule):
    answers = [Client().get(address) for _ in range(4)]

    assert len(rule.asked) == 1
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.items())) for answer in (answers[1], answers[3])}) == 1
    for name in ("ETag", "Link", "Cache-Control", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
        assert answers[0][name] == answers[3][name]


def test_and_again_after_any_commit(address, rule):
    Client().get(address)
    commit_something()
    rule.verdict = delivery.REFUSED

    assert Client().get(address).status_code == 404
    assert len(rule.asked) == 2


def test_what_is_for_one_reader_alone_is_never_remembered(address, rule):
    rule.verdict = Verdict(allowed=True, cache="private")
    assert [Client().get(address).status_code for _ in range(3)] == [200] * 3
    assert len(rule.asked) == 3


def test_what_is_refused_is_never_remembered(address, rule):
    rule.verdict = delivery.REFUSED
    Client().get(address)
    rule.verdict = Verdict(allowed=True, cache="public")

    assert Client().get(address).status_code == 200


def test_a_mistake_is_told_the_same_on_the_short_way(address):
    wrong = address.replace("512,512/0", "0,0/0")
    first = Client().get(wrong)
    Client().get(address)
    second = Client().get(wrong)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 400


@pytest.mark.parametrize("how", ["unpublish", "staff", "on_site", "asset", "delete"])
def test_what_is_closed_is_refused_at_the_very_next_request(media_root, how):
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    page = factories.photo("旧照", lead_image=image)
    address = f"/iiif/image/3/{make_pyramid(image).key}/0,0,512,512/512,512/0/default.jpg"
    assert [Client().get(address).status_code for _ in range(2)] == [200, 200]

    if how == "unpublish":
        page.unpublish()
    elif how == "asset":
        ArchiveImage.objects.filter(pk=image.pk).update(access=AccessLevel.STAFF)
    elif how == "delete":
        page.delete()
    else:
        set_access(page, AccessLevel.STAFF if how == "staff" else AccessLevel.ON_SITE)

    assert Client().get(address).status_code == 404
