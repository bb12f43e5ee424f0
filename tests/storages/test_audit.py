"""What the audit of the storages finds, what it leaves in peace, and what it mends."""

import json
import os
import time
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.users.models import UserProfile

from media_assets import delivery, jobs, storage_audit, storage_mending, stored_names
from media_assets.derivatives.pyramids import make_pyramid
from media_assets.models import (
    ArchiveRendition,
    ArchiveVideo,
    Derivative,
    FileRemoval,
    PublicCopyRequest,
    Pyramid,
)
from media_assets.public_copies import drain
from media_assets.storage_audit import Problem, audit
from media_assets.storage_mending import ImplausibleError, mend
from tests import factories

pytestmark = pytest.mark.django_db


def silent(words: str) -> None:
    pass


def found() -> list:
    return list(audit(silent))


def problems() -> set:
    return {finding.problem for finding in found()}


@pytest.fixture
def public():
    """Assets of which everybody may see the derivatives: those whose key is in this set."""
    shown = set()
    previous = delivery.set_publicity(lambda asset: asset.pk in shown)
    yield shown
    delivery.set_publicity(previous)


@pytest.fixture
def old(monkeypatch):
    """Everything that lies in a storage has lain there for long."""
    monkeypatch.setattr(storage_audit, "UNDER_WAY", timedelta(seconds=-60))
    monkeypatch.setattr(storage_mending, "UNDER_WAY", timedelta(seconds=-60))


@pytest.fixture
def photograph(place, public):
    """One published photograph with its public copies."""
    image = factories.image("石龍舊碼頭")
    public.add(image.pk)
    PublicCopyRequest.objects.ask("image", [image.pk])
    drain()
    assert image.derivatives.exclude(public_name="").exists()
    return image


class TestWhatIsFound:
    def test_a_museum_in_order_has_no_findings(self, photograph, old):
        photograph.get_rendition("max-100x100")
        factories.video()
        factories.scan()
        factories.document()
        drain()
        assert found() == []

    def test_a_lost_original_is_named_with_where_to_find_its_page(self, place, photograph):
        place.storages["default"].remove(photograph.file.name)
        (lost,) = found()
        assert lost.problem is Problem.LOST
        assert "图片《石龍舊碼頭》" in lost.label
        assert lost.address.endswith(f"/admin/images/{photograph.pk}/")
        assert "码头.jpg" in lost.detail

    @pytest.mark.parametrize("make", [factories.scan, factories.video, factories.document])
    def test_every_kind_of_original_is_looked_for(self, place, public, make):
        asset = make()
        drain()
        place.storages["default"].remove(asset.file.name)
        assert [finding.name for finding in found()] == [asset.file.name]

    def test_a_lost_still_derivative_rendition_and_public_copy_are_found(self, place, photograph):
        film = ArchiveVideo.objects.get(pk=factories.video().pk)
        rendition = photograph.get_rendition("max-100x100")
        derivative = photograph.derivatives.first()
        drain()
        place.storages["default"].remove(film.thumbnail.name)
        place.storages["renditions"].remove(rendition.file.name)
        place.storages["derivatives"].remove(derivative.file.name)
        place.storages["public"].remove(derivative.public_name)
        assert {(f.problem, f.alias, f.name) for f in found()} == {
            (Problem.LOST, "default", film.thumbnail.name),
            (Problem.LOST, "renditions", rendition.file.name),
            (Problem.LOST, "derivatives", derivative.file.name),
            (Problem.LOST, "public", derivative.public_name),
        }

    def test_a_file_of_another_size_is_found(self, place, photograph):
        place.storages["default"].save(photograph.file.name, ContentFile(b"cut short"))
        (changed,) = found()
        assert changed.problem is Problem.CHANGED
        assert "实有 9 字节" in changed.detail

    @pytest.mark.parametrize("alias", ["default", "derivatives", "renditions", "public"])
    def test_a_file_that_no_row_knows_is_found(self, place, public, old, alias):
        place.storages[alias].save("aa/bb/nobody.jpg", ContentFile("無主".encode()))
        root = stored_names.ROOTS[alias][0]
        place.storages[alias].save(f"{root}ab/nobody.jpg", ContentFile("無主".encode()))
        assert {(f.problem, f.name) for f in found()} == {
            (Problem.UNCLAIMED, "aa/bb/nobody.jpg"),
            (Problem.UNCLAIMED, f"{root}ab/nobody.jpg"),
        }

    def test_a_large_museum_is_gone_through_in_parts(self, place, photograph, old, monkeypatch):
        monkeypatch.setattr(stored_names, "FEW", 0)
        place.storages["default"].save("originals/odd/one.jpg", ContentFile(b"1"))
        place.storages["public"].save("odd/one.jpg", ContentFile(b"1"))
        place.storages["default"].remove(photograph.file.name)
        assert {f.name for f in found()} == {"originals/odd/one.jpg", "odd/one.jpg", photograph.file.name}

    @pytest.mark.parametrize("count", [0, 20_001, 400_001])
    def test_the_parts_of_a_storage_leave_nothing_out(self, count):
        parts = stored_names.portions("originals/", count)
        for digits in range(256):
            name = f"originals/{digits:02x}/" + "c" * 30 + ".jpg"
            (part,) = [part for part in parts if name.startswith(part.prefix)]
            assert sum(name.startswith(folder) for folder in part.folders) == 1

    def test_what_is_public_and_should_not_be_is_found(self, photograph, public):
        public.clear()
        (leaked,) = found()
        assert leaked.problem is Problem.LEAKED
        assert leaked.asset == photograph

    def test_what_should_be_public_and_is_not_is_found(self, place, public):
        image = factories.image()
        drain()
        public.add(image.pk)
        (finding,) = found()
        assert (finding.problem, finding.asset) == (Problem.NOT_COPIED, image)

    def test_work_that_waits_for_ten_minutes_is_found_with_the_reason(self, place, public):
        FileRemoval.objects.ask("public", ["ab/cd/w320.jpg"])
        assert found() == []
        FileRemoval.objects.update(created_at=timezone.now() - timedelta(minutes=11), last_error="文件存储连接不上")
        (waiting,) = found()
        assert waiting.problem is Problem.WAITING
        assert "文件存储连接不上" in waiting.detail

    def test_parts_that_an_interruption_left_are_found_after_a_day(self, local_place, public, old):
        folder = Path(local_place.storages["default"].location, "originals", "ab")
        folder.mkdir(parents=True)
        part = folder / ".cdef.jpg.00112233.part"
        part.write_bytes(b"half")
        assert found() == []
        os.utime(part, (time.time() - 90_000,) * 2)
        assert problems() == {Problem.PARTIAL}


class TestWhatIsLeftInPeace:
    def test_a_file_of_the_last_hour(self, place, public):
        place.storages["default"].save("originals/ab/uploading.jpg", ContentFile(b"1"))
        assert found() == []

    def test_a_public_copy_whose_names_are_not_written_yet(self, place, public, old):
        PublicCopyRequest.objects.ask("image", [404])
        PublicCopyRequest.objects.update(token="ab/" + "c" * 38)
        place.storages["public"].save("ab/" + "c" * 38 + "/w320.jpg", ContentFile(b"1"))
        assert found() == []

    def test_a_file_that_waits_for_its_removal(self, place, public, old):
        place.storages["derivatives"].save("derivatives/ab/c.jpg", ContentFile(b"1"))
        FileRemoval.objects.ask("derivatives", ["derivatives/ab/c.jpg"])
        assert found() == []

    def test_the_portrait_of_a_user(self, place, public, old, admin_user):
        profile = UserProfile.get_for_user(admin_user)
        profile.avatar.save("陳伯陶.jpg", ContentFile(factories.picture_bytes()))
        assert found() == []
        place.storages["default"].remove(profile.avatar.name)
        assert problems() == {Problem.LOST}


class TestMending:
    def test_lost_pictures_are_made_again(self, place, photograph):
        rendition = photograph.get_rendition("max-100x100")
        derivative = photograph.derivatives.first()
        place.storages["renditions"].remove(rendition.file.name)
        place.storages["derivatives"].remove(derivative.file.name)
        mend(silent)
        assert found() == []
        assert photograph.derivatives.count() == photograph.derivatives.exclude(public_name="").count() > 0
        new = ArchiveRendition.objects.get(image=photograph, filter_spec="max-100x100")
        assert place.storages["renditions"].exists(new.file.name)

    def test_a_lost_pyramid_is_made_again(self, place, photograph):
        lost = make_pyramid(photograph)
        place.storages["derivatives"].remove(lost.file.name)
        mend(silent)
        new = Pyramid.objects.get(image=photograph)
        assert place.storages["derivatives"].exists(new.file.name)
        assert found() == []

    def test_a_lost_cover_of_a_document_is_made_again(self, place, public):
        document = factories.document()
        public.add(document.pk)
        PublicCopyRequest.objects.ask("document", [document.pk])
        drain()
        lost = document.derivatives.first()
        place.storages["derivatives"].remove(lost.file.name)
        mend(silent)
        assert not Derivative.objects.filter(pk=lost.pk).exists()
        assert document.derivatives.exclude(public_name="").count() == document.derivatives.count() > 0
        assert found() == []

    def test_a_lost_stream_of_a_film_is_made_again_with_its_others(self, place, public):
        film = factories.video()
        jobs.ask("film", film)
        lost = film.derivatives.films().first()
        place.storages["derivatives"].remove(lost.file.name)
        mend(silent)
        assert not film.derivatives.filter(pk=lost.pk).exists()
        assert film.derivatives.films().exists()
        assert Problem.LOST not in problems()

    def test_subtitles_that_everybody_may_read_lack_no_pictures(self, place, public):
        words = factories.document("字幕", b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xe9\xbe\x99\xe8\x88\x9f\n", "zh.vtt")
        public.add(words.pk)
        assert found() == []

    def test_a_damaged_public_copy_comes_back_under_another_token(self, place, photograph):
        derivative = photograph.derivatives.first()
        place.storages["public"].save(derivative.public_name, ContentFile(b"damaged"))
        mend(silent)
        assert found() == []
        assert Derivative.objects.get(pk=derivative.pk).public_name != derivative.public_name
        assert not place.storages["public"].exists(derivative.public_name)

    def test_what_should_not_be_public_goes(self, place, photograph, public):
        names = list(photograph.derivatives.values_list("public_name", flat=True))
        public.clear()
        mend(silent)
        assert found() == []
        assert not any(place.storages["public"].exists(name) for name in names)
        assert set(photograph.derivatives.values_list("public_name", flat=True)) == {""}

    @pytest.mark.parametrize("alias", ["derivatives", "renditions", "public"])
    def test_leftovers_that_can_be_made_again_are_removed(self, place, public, old, alias):
        place.storages[alias].save("aa/bb/nobody.jpg", ContentFile(b"1"))
        mend(silent)
        assert place.names() == []

    def test_an_original_that_nobody_claims_is_set_aside_whole(self, place, public, old):
        data = "無主的原件".encode() * 1000
        place.storages["default"].save("originals/ab/cd.tif", ContentFile(data))
        mend(silent)
        assert found() == []
        kept = f"unclaimed/{timezone.localdate():%Y-%m-%d}/originals/ab/cd.tif"
        assert not place.storages["default"].exists("originals/ab/cd.tif")
        with closing(place.storages["default"].open(kept)) as file:
            assert file.read() == data

    def test_what_is_set_aside_in_a_bucket_keeps_its_type(self, s3_place, public, old):
        s3_place.storages["default"].save("originals/ab/cd.tif", ContentFile(b"II*\0"))
        mend(silent)
        kept = f"unclaimed/{timezone.localdate():%Y-%m-%d}/originals/ab/cd.tif"
        assert s3_place.storages["default"].head(kept)["ContentType"] == "image/tiff"

    def test_a_lost_original_costs_nothing_else(self, place, photograph):
        """The pictures that were made from it are all there is now."""
        place.storages["default"].remove(photograph.file.name)
        place.storages["derivatives"].remove(photograph.derivatives.first().file.name)
        before = set(place.names())
        mend(silent)
        assert set(place.names()) == before
        assert [finding.problem for finding in found()] == [Problem.LOST, Problem.LOST]

    def test_an_automatic_still_is_taken_again(self, place, public):
        film = ArchiveVideo.objects.get(pk=factories.video().pk)
        drain()
        place.storages["default"].remove(film.thumbnail.name)
        mend(silent)
        assert found() == []
        film.refresh_from_db()
        assert place.storages["default"].exists(film.thumbnail.name)

    def test_work_that_waited_is_done(self, place, public):
        place.storages["public"].save("ab/cd/w320.jpg", ContentFile(b"1"))
        FileRemoval.objects.ask("public", ["ab/cd/w320.jpg"])
        FileRemoval.objects.update(
            created_at=timezone.now() - timedelta(hours=1), retry_at=timezone.now() + timedelta(minutes=4)
        )
        mend(silent)
        assert place.names() == []
        assert found() == []

    def test_a_bucket_that_holds_none_of_the_originals_is_not_mended(self, place, public, monkeypatch):
        monkeypatch.setattr(storage_mending, "TOO_FEW", 2)
        images = [factories.image(f"第{n}张") for n in range(3)]
        drain()
        for image in images:
            place.storages["default"].remove(image.file.name)
        before = set(place.names())
        with pytest.raises(ImplausibleError, match="指错了"):
            mend(silent)
        assert set(place.names()) == before
        assert Derivative.objects.exists()

    def test_a_database_that_knows_none_of_the_files_is_not_mended(self, place, public, old, monkeypatch):
        monkeypatch.setattr(storage_mending, "TOO_FEW", 2)
        for digits in range(256):
            place.storages["default"].save(f"originals/{digits:02x}/a.jpg", ContentFile(b"1"))
        with pytest.raises(ImplausibleError, match="旧备份"):
            mend(silent)
        assert len(place.names()) == 256


class TestTheCommand:
    def run(self, *arguments) -> str:
        out = StringIO()
        try:
            call_command("check_storage", *arguments, stdout=out, stderr=StringIO())
        except CommandError as error:
            return f"{out.getvalue()}\n!{error}"
        return out.getvalue()

    def test_order_is_said_in_a_line(self, photograph):
        assert "存储与馆藏登记相符。" in self.run("--audit")

    def test_what_is_left_ends_with_an_error(self, place, photograph):
        place.storages["default"].remove(photograph.file.name)
        said = self.run("--audit", "--mend")
        assert "图片《石龍舊碼頭》" in said
        assert "!有 1 处不符" in said

    def test_json_can_be_read_by_a_machine(self, place, photograph):
        place.storages["default"].remove(photograph.file.name)
        told = json.loads(self.run("--audit", "--json").partition("\n!")[0])
        assert told["counts"] == {"lost": 1}
        assert told["findings"][0]["name"] == photograph.file.name

    def test_what_was_mended_is_no_error(self, photograph, public):
        public.clear()
        assert "!" in self.run("--audit")
        assert "存储与馆藏登记相符。" in self.run("--mend")
