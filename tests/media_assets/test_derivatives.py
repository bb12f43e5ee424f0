"""The rows and files of the pictures that pages show: made once, kept together, gone together."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from media_assets import jobs, public_copies
from media_assets.derivatives.images import make_derivatives
from media_assets.models import ArchiveImage, ArchiveVideo, Batch, Derivative, FileRemoval, Job, JobState, Scan
from media_assets.storage import LocalFiles

from .made_files import (
    a_film,
    a_jpeg,
    refusing,
    upload,
)


@pytest.fixture
def image(db, media_root):
    return ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))


def files_in(folder) -> set:
    return {p for p in (folder / "derivatives").rglob("*") if p.is_file()}


def test_a_saved_picture_has_all_its_derivatives(image, media_root):
    assert {(d.preset, d.format, d.width) for d in image.derivatives.all()} == {
        (preset, image_format, width)
        for preset, width in (("w320", 320), ("w960", 960), ("w1920", 1000))
        for image_format in ("webp", "jpeg")
    }
    assert len(files_in(media_root)) == 6
    assert image.largest("jpeg").width == 1000
    assert image.fitting(500, "webp").width == 960
    assert image.derivatives_error == ""


def test_keys_cannot_be_guessed_and_are_never_the_same(image):
    keys = {d.key for d in image.derivatives.all()}
    assert len(keys) == 6
    assert all(len(key) == 40 for key in keys)


def test_making_them_again_changes_nothing_unless_it_is_forced(image, media_root):
    before, files = {d.pk for d in image.derivatives.all()}, files_in(media_root)

    assert make_derivatives(image)
    assert {d.pk for d in image.derivatives.all()} == before
    assert files_in(media_root) == files

    assert make_derivatives(image, force=True)
    assert not {d.pk for d in image.derivatives.all()} & before


def test_a_new_file_replaces_rows_and_files_together(db, media_root, django_capture_on_commit_callbacks):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    keys, files = {d.key for d in image.derivatives.all()}, files_in(media_root)

    with django_capture_on_commit_callbacks(execute=True):
        image.file = upload(a_jpeg(300, 200), "新.jpg")
        image.save()

    assert not {d.key for d in image.derivatives.all()} & keys
    assert not files_in(media_root) & files
    assert len(files_in(media_root)) == 2


def test_a_deleted_asset_leaves_no_file(db, media_root, django_capture_on_commit_callbacks):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    scan = Scan.objects.create(file=upload(a_jpeg(), "卷一.jpg"))
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"))
    assert len(files_in(media_root)) == 4 + 4 + 2

    film.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        for asset in (image, scan, film):
            asset.delete()
    masters = [p for p in media_root.rglob("*") if p.is_file()]
    assert len(masters) == 4, "three originals and a still: masters go a while later"
    FileRemoval.objects.update(retry_at=None)
    public_copies.drain()

    assert [p for p in media_root.rglob("*") if p.is_file()] == []


def test_a_master_that_a_row_still_names_is_kept(db, media_root):
    """As when the saving of its replacement failed after Wagtail had given the old file up."""
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    image.file.storage.delete(image.file.name)
    FileRemoval.objects.update(retry_at=None)
    public_copies.drain()

    assert image.file.storage.exists(image.file.name)
    assert not FileRemoval.objects.exists()


def test_pictures_of_a_file_that_was_replaced_meanwhile_are_not_kept(db, media_root):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(800, 500), "可园.jpg"))
    slow = ArchiveImage.objects.get()
    image.file = upload(a_jpeg(400, 300), "遮去人脸.jpg")
    image.save()
    shown = set(image.derivatives.values_list("key", flat=True))

    assert not make_derivatives(slow, force=True)

    assert set(ArchiveImage.objects.get().derivatives.values_list("key", flat=True)) == shown


def test_a_deletion_that_is_rolled_back_loses_no_file(db, media_root, django_capture_on_commit_callbacks):
    scan = Scan.objects.create(file=upload(a_jpeg(), "卷一.jpg"))

    class Regret(Exception):
        pass

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Regret), transaction.atomic():
        scan.delete()
        raise Regret

    scan = Scan.objects.get()
    assert scan.file.storage.exists(scan.file.name)
    assert all(d.file.storage.exists(d.file.name) for d in scan.derivatives.all())


@pytest.fixture
def full_disk(monkeypatch):
    def refuse(part, content):
        if "derivatives" in part.parts and content.size > 3000:
            raise OSError(28, "No space left on device")
        return keep(part, content)

    keep = LocalFiles._write
    monkeypatch.setattr(LocalFiles, "_write", staticmethod(refuse))


def test_a_full_disk_does_not_lose_the_upload_and_says_what_happened(db, media_root, full_disk):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))

    assert ArchiveImage.objects.get().file.storage.exists(image.file.name)
    assert not Derivative.objects.exists()
    assert not files_in(media_root)
    assert "文件存储已满" in ArchiveImage.objects.get().derivatives_error


def test_what_failed_is_made_by_the_command(db, media_root, monkeypatch, capsys):
    with monkeypatch.context() as broken:
        broken.setattr(LocalFiles, "_save", refusing(LocalFiles._save))
        image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    assert ArchiveImage.objects.get().derivatives_error

    call_command("make_derivatives", missing=True)

    image = ArchiveImage.objects.get()
    assert image.derivatives_error == ""
    assert image.derivatives.count() == 4
    assert "失败 0 件" in capsys.readouterr().out


def test_the_command_names_what_it_could_not_make(image, media_root):
    image.file.storage.remove(image.file.name)
    ArchiveImage.objects.update(sha256="0" * 64)

    errors = io.StringIO()
    with pytest.raises(CommandError, match="失败 1 件"):
        call_command("make_derivatives", stderr=errors)
    assert "可园.jpg" in errors.getvalue()


def test_a_picture_that_is_no_longer_the_assets_is_never_shown_for_it(image):
    ArchiveImage.objects.filter(pk=image.pk).update(sha256="0" * 64)
    stale = ArchiveImage.objects.get()
    stale.file.storage.remove(stale.file.name)

    assert not make_derivatives(stale)
    assert not stale.derivatives.exists()


def test_a_derivative_belongs_to_exactly_one_asset(image):
    row = image.derivatives.first()
    row.image = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_everything_is_given_to_the_worker_as_one_batch(image, settings, capsys):
    settings.MEDIA_JOBS_IN_PLACE = False
    Derivative.objects.filter(image=image).first().delete()
    call_command("make_derivatives", queue=True)

    batch = Batch.objects.get()
    assert str(batch) in capsys.readouterr().out
    assert list(Job.objects.filter(batch=batch).values_list("kind", "object_id")) == [("derivatives", image.pk)]
    jobs.drain()
    assert Job.objects.get(batch=batch).state == JobState.DONE
    assert {d.preset for d in image.derivatives.all()} >= {"w320"}
    assert image.derivatives.count() % 2 == 0


def test_a_batch_for_the_worker_is_not_forced(image):
    with pytest.raises(CommandError, match="--queue"):
        call_command("make_derivatives", queue=True, force=True)
