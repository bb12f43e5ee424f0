"""The still of a film: its own or an editor's, and what becomes of it when the film is replaced."""

import pytest
from PIL import Image

from media_assets.derivatives import posters
from media_assets.models import ArchiveVideo
from media_assets.storage import LocalFiles

from .made_files import (
    LEFT_TOP,
    a_film,
    a_jpeg,
    a_recording,
    near,
    refusing,
    upload,
)


def test_a_film_gets_a_still_of_its_own(db, media_root):
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(3.0, dark_until=0.6), "龙舟.mp4"))
    film.refresh_from_db()

    assert film.poster_is_automatic
    picture = Image.open(film.thumbnail.open())
    assert picture.size == (320, 240)
    assert near(picture.convert("RGB").getpixel((100, 100)), LEFT_TOP, 25)
    assert {(d.width, d.format) for d in film.derivatives.all()} == {(320, "webp"), (320, "jpeg")}


def test_a_still_that_the_editor_gives_is_used_and_kept(db, media_root):
    film = ArchiveVideo.objects.create(
        title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"), thumbnail=upload(a_jpeg(640, 480), "封面.HTML")
    )
    film.file = upload(a_film(1.5), "新片.mp4")
    film.save()
    film.refresh_from_db()

    assert not film.poster_is_automatic
    assert film.thumbnail.name.endswith(".jpg")
    assert film.largest("jpeg").width == 640


def test_a_still_that_the_editor_gives_while_one_is_being_made_is_kept(db, media_root, monkeypatch):
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"))
    film.refresh_from_db()
    made = posters.poster_of(film)

    def slowly(video):
        given = ArchiveVideo.objects.get(pk=video.pk)
        given.thumbnail = upload(a_jpeg(640, 480), "封面.jpg")
        given.save()
        return made

    monkeypatch.setattr(posters, "poster_of", slowly)
    posters.ensure_poster(film)
    now = ArchiveVideo.objects.get(pk=film.pk)
    assert not now.poster_is_automatic
    assert film.thumbnail.name == now.thumbnail.name
    assert Image.open(now.thumbnail.open()).width == 640


def test_an_automatic_still_changes_with_the_film_and_comes_back_when_taken_away(db, media_root):
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"))
    film.refresh_from_db()
    first = film.thumbnail.name

    film.file = upload(a_film(1.0, 640, 360), "新片.mp4")
    film.save()
    film.refresh_from_db()
    assert film.thumbnail.name != first
    assert film.largest("jpeg").width == 640

    film.thumbnail = ""
    film.save()
    film.refresh_from_db()
    assert film.thumbnail
    assert film.poster_is_automatic


def test_a_film_without_a_still_is_kept_and_the_lack_is_told(db, media_root, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(LocalFiles, "_save", refusing(LocalFiles._save, "posters/"))
        ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"))

    film = ArchiveVideo.objects.get()
    assert "未能从影片中截取" in film.derivatives_error

    film.save()
    film.refresh_from_db()
    assert film.derivatives_error == ""
    assert film.largest().width == 320


def test_a_recording_has_no_pictures_and_no_error(db, media_root):
    recording = ArchiveVideo.objects.create(title="口述", file=upload(a_recording(), "口述.mp3"))

    assert recording.type == "audio"
    assert not recording.thumbnail
    assert not recording.derivatives.exists()
    assert recording.derivatives_error == ""


@pytest.mark.parametrize("name", ["rabbit320.webm", "hdv-720p60.mov", "apple-prores-422-proxy.mov"])
def test_real_films_get_a_still(db, media_root, shared_data, name):
    film = ArchiveVideo.objects.create(title=name, file=upload((shared_data / "av" / name).read_bytes(), name))

    assert film.largest("jpeg").width == film.width
