"""Moving a museum from folders to a bucket and back: every file, whole, once, whatever interrupts it."""

import hashlib
import os
import signal
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import environ
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.users.models import UserProfile

from archive.models import BookImport
from media_assets import delivery, storage_move
from media_assets.models import ArchiveDocument
from media_assets.public_copies import drain
from media_assets.storage_move import Journal, Move, MoveError, places
from settings.storages import backends
from tests import factories

from .conftest import Place, move_in, s3_environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(tmp_path, monkeypatch, settings, object_storage):
    """Two places described in one museum's settings, with the local one in use; `use("s3")` moves in."""
    environment = s3_environment(object_storage) | {"STORAGE": "local"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.DATA_DIR = tmp_path
    settings.MEDIA_BACKENDS = backends(environ.Env(), tmp_path)

    def use(kind: str) -> Place:
        made = move_in(settings.MEDIA_BACKENDS[kind], monkeypatch)
        server = object_storage if kind == "s3" else None
        return Place(kind, made, server, environment["S3_PREFIX"])

    return use


@pytest.fixture
def museum(both, admin_user):
    """One of everything that rows name, in folders."""
    both("local")
    previous = delivery.set_publicity(lambda asset: True)
    image = factories.image("石龍舊碼頭")
    image.get_rendition("max-100x100")
    factories.scan()
    factories.video()
    factories.document(name="東莞縣志（康熙）.pdf")
    manuscript = "卷一　輿地".encode()
    BookImport.objects.create(file=ContentFile(manuscript, name="東莞縣志.txt"), file_size=len(manuscript))
    UserProfile.get_for_user(admin_user).avatar.save("陳伯陶.jpg", ContentFile(factories.picture_bytes()))
    while drain():
        pass
    yield image
    delivery.set_publicity(previous)


class Run:
    """One run of a move, with what it said."""

    def __init__(self, source: str = "local", target: str = "s3", **options):
        self.failures: list[str] = []
        self.told = []
        self.move = Move(source, target, report=self.failures.append, progress=self.told.append, **options)

    def tally(self):
        return self.move.run()


def contents(place: Place) -> dict[tuple[str, str], str]:
    """Storage and name of everything there → its SHA-256."""
    found = {}
    for alias, storage in place.storages.items():
        for file in storage.files():
            with closing(storage.open(file.name)) as opened:
                found[alias, file.name] = hashlib.sha256(opened.read()).hexdigest()
    return found


class TestThere:
    def test_everything_arrives_whole_and_the_source_is_untouched(self, museum, both):
        before = contents(both("local"))
        run = Run()
        tally = run.tally()
        assert run.failures == []
        assert (tally.copied, tally.files) == (len(before), len(before))
        assert contents(both("s3")) == before
        assert contents(both("local")) == before

    def test_types_and_metadata_are_as_if_they_had_been_saved_there(self, museum, both):
        Run().tally()
        place = both("s3")
        pdf = ArchiveDocument.objects.get()
        told = place.storages["default"].head(pdf.file.name)
        assert told["ContentType"] == "application/pdf"
        assert told["Metadata"]["sha256"] == pdf.sha256
        assert told["CacheControl"] == "private, no-store"
        copy = museum.derivatives.filter(format="webp").first()
        told = place.storages["public"].head(copy.public_name)
        assert (told["ContentType"], told["CacheControl"]) == ("image/webp", "public, max-age=3600")

    def test_the_museum_works_in_its_new_place(self, museum, both, client):
        Run().tally()
        both("s3")
        call_command("check_storage", "--audit", stdout=StringIO(), stderr=StringIO())

    def test_and_back_again(self, museum, both, tmp_path):
        before = contents(both("local"))
        Run().tally()
        Path(tmp_path / "media").rename(tmp_path / "旧文件夹")
        run = Run("s3", "local")
        run.tally()
        assert run.failures == []
        assert contents(both("local")) == before


class TestAgain:
    def test_only_what_is_new_is_copied(self, museum, both):
        first = Run().tally()
        both("local")
        new = factories.document("新到的志書")
        second = Run().tally()
        assert (second.there, second.copied) == (first.copied, 1 + new.derivatives.count())
        assert both("s3").storages["default"].exists(new.file.name)

    def test_what_was_copied_is_neither_read_nor_written_again(self, museum, both):
        Run().tally()
        for name in (file.name for file in both("s3").storages["derivatives"].files()):
            both("s3").storages["derivatives"].remove(name)
        assert Run().tally().copied == 0

    def test_verification_copies_again_what_is_no_longer_right(self, museum, both):
        Run().tally()
        place = both("s3")
        derivative = museum.derivatives.first()
        place.storages["derivatives"].remove(derivative.file.name)
        place.storages["default"].save(museum.file.name, ContentFile(b"damaged"))
        tally = Run(verify=True).tally()
        assert tally.copied == 2
        assert contents(both("s3")) == contents(both("local"))

    def test_a_limit_is_kept_and_the_rest_comes_later(self, museum, both):
        assert Run(limit=2).tally().copied == 2
        tally = Run().tally()
        assert tally.there == 2
        assert tally.there + tally.copied == tally.files
        assert contents(both("s3")) == contents(both("local"))

    def test_another_bucket_begins_anew(self, museum, settings):
        Run(limit=1).tally()
        for description in settings.MEDIA_BACKENDS["s3"].values():
            description["OPTIONS"]["location"] = f"2/{description['OPTIONS']['location']}"
        assert Run(limit=1).tally().there == 0

    def test_a_line_that_was_cut_short_does_not_count(self, museum, tmp_path):
        Run().tally()
        (log,) = [
            path for path in (tmp_path / "storage-move").rglob("default/*.log") if museum.sha256 in path.read_text()
        ]
        log.write_bytes(log.read_bytes()[:-1])
        assert Run().tally().copied == 1
        assert Run().tally().copied == 0


class TestTrouble:
    def test_a_damaged_original_is_named_and_not_kept(self, museum, both):
        place = both("local")
        place.storages["default"].save(museum.file.name, ContentFile(b"\xff\xd8 damaged"))
        run = Run()
        tally = run.tally()
        assert tally.failed == 1
        assert museum.file.name in run.failures[0]
        assert museum.sha256 in run.failures[0]
        assert not both("s3").storages["default"].exists(museum.file.name)

    def test_what_failed_is_tried_again_next_time(self, museum, both):
        place = both("local")
        path = Path(place.storages["default"].path(museum.file.name))
        kept = path.read_bytes()
        path.unlink()
        run = Run()
        assert run.tally().failed == 1
        assert "来处没有这个文件" in run.failures[0]
        path.write_bytes(kept)
        tally = Run().tally()
        assert (tally.failed, tally.copied) == (0, 1)

    def test_it_stops_when_the_storage_is_down(self, museum, settings, monkeypatch):
        monkeypatch.setattr(storage_move, "PATIENCE", 1)
        for description in settings.MEDIA_BACKENDS["s3"].values():
            description["OPTIONS"]["endpoint_url"] = "http://127.0.0.1:9"
        with pytest.raises(MoveError, match="再次运行，即从此处继续"):
            Run().tally()

    def test_two_at_once_are_refused(self, museum, both):
        first = Run()
        refusals = []

        def in_between(tally):
            if not refusals:
                with pytest.raises(MoveError, match="正在运行") as refusal:
                    Run().tally()
                refusals.append(refusal.value)

        first.move.progress = in_between
        first.tally()
        assert refusals

    def test_a_place_that_is_not_described_is_refused(self, settings):
        settings.MEDIA_BACKENDS = {"local": settings.MEDIA_BACKENDS["local"]}
        with pytest.raises(MoveError, match="S3_BUCKET"):
            places("local", "s3")

    def test_files_of_rows_that_are_gone_are_not_copied(self, museum, both):
        both("local").storages["default"].save("originals/ab/nobody.jpg", ContentFile(b"1"))
        Run().tally()
        assert not both("s3").storages["default"].exists("originals/ab/nobody.jpg")


class TestTheCommand:
    def test_it_says_what_to_do_next(self, museum):
        out = StringIO()
        call_command("move_storage", "--from", "local", "--to", "s3", stdout=out, stderr=StringIO())
        assert "STORAGE=s3" in out.getvalue()
        assert "check_storage --audit" in out.getvalue()

    def test_failures_end_with_an_error(self, museum, both):
        both("local").storages["default"].remove(museum.file.name)
        err = StringIO()
        with pytest.raises(CommandError):
            call_command("move_storage", "--from", "local", "--to", "s3", stdout=StringIO(), stderr=err)
        assert museum.file.name in err.getvalue()

    def test_a_part_is_called_a_part(self, museum):
        out = StringIO()
        call_command("move_storage", "--from", "local", "--to", "s3", "--limit", "1", stdout=out, stderr=StringIO())
        assert "还没有复制完" in out.getvalue()


class TestTheJournal:
    def test_it_keeps_few_files_open(self, tmp_path):
        journal = Journal(tmp_path)
        for digits in range(256):
            item = storage_move.Item("derivatives", f"derivatives/{digits:02x}/a.jpg")
            journal.add(item, "0" * 64, 1)
        assert len(journal._open) <= storage_move.MOST_OPEN
        journal.close()
        shards = [f"{digits:02x}" for digits in range(256)]
        assert len(journal.known("derivatives", shards)) == 256

    def test_the_remaining_time_is_not_guessed_at_once(self):
        tally = storage_move.Tally(weight=1000, done_weight=100, seconds=1)
        assert tally.remaining() is None
        tally.seconds = 10
        assert tally.remaining() == 90


@pytest.mark.skipif(connection.vendor != "sqlite", reason="两个进程不能共用一条 PostgreSQL 连接")
def test_killed_without_warning_it_goes_on_where_it_was(museum, both, tmp_path):
    documents = [factories.document(f"第{n}卷") for n in range(12)]
    before = contents(both("local"))
    for least in (2, 8):
        child = os.fork()
        if not child:
            Run().tally()
            os._exit(0)
        while _lines(tmp_path) < least and not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            time.sleep(0.002)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    there = _lines(tmp_path)
    tally = Run().tally()
    assert there >= 8
    assert (tally.there, tally.copied) == (there, len(before) - there)
    assert contents(both("s3")) == before
    assert len(documents) == 12


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (folder / "storage-move").rglob("*.log"))
