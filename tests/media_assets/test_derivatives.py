"""The pictures that pages show: upright, in the right colours, in the right sizes, telling nothing more."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from PIL import Image, ImageCms

from media_assets import intake, jobs, public_copies
from media_assets.derivatives import posters
from media_assets.derivatives.images import make_derivatives
from media_assets.derivatives.rendering import render, sizes_for
from media_assets.models import ArchiveImage, ArchiveVideo, Batch, Derivative, FileRemoval, Job, JobState, Scan
from media_assets.storage import LocalFiles

from .made_files import (
    LEFT_BOTTOM,
    LEFT_TOP,
    RIGHT_BOTTOM,
    RIGHT_TOP,
    a_film,
    a_jpeg,
    a_photograph_with_a_position,
    a_recording,
    encoded,
    quarters,
    upload,
)


def rendered(data: bytes, mime_type: str, width: int, height: int) -> dict:
    """{(preset, format): decoded picture}"""
    return {
        (r.preset.value, r.format.value): Image.open(io.BytesIO(r.data))
        for r in render(io.BytesIO(data), mime_type, width, height)
    }


def near(colour, wanted, tolerance=14) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour[:3], wanted, strict=True))


def corners(picture: Image.Image) -> list:
    picture = picture.convert("RGB")
    width, height = picture.size
    return [picture.getpixel((width * x // 4, height * y // 4)) for y in (1, 3) for x in (1, 3)]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4000, 3000, [("w320", 320, 240), ("w960", 960, 720), ("w1920", 1920, 1440)]),
        (1920, 1000, [("w320", 320, 167), ("w960", 960, 500), ("w1920", 1920, 1000)]),
        (500, 400, [("w320", 320, 256), ("w960", 500, 400)]),
        (320, 200, [("w320", 320, 200)]),
        (10, 10, [("w320", 10, 10)]),
        (1000, 20_000, [("w320", 32, 640), ("w960", 96, 1920), ("w1920", 192, 3840)]),
        (30_000, 10, [("w320", 320, 1), ("w960", 960, 1), ("w1920", 1920, 1)]),
    ],
)
def test_sizes_are_bounded_and_never_above_the_source(width, height, expected):
    assert [(p.value, w, h) for p, w, h in sizes_for(width, height)] == expected


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_stored = quarters(1200, 700)
    if orientation in turns:
        as_stored = as_stored.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(as_stored, "JPEG", exif=exif, quality=90)

    for key, picture in rendered(data, "image/jpeg", 1200, 700).items():
        assert picture.size[0] > picture.size[1], key
        for found, wanted in zip(corners(picture), [LEFT_TOP, RIGHT_TOP, LEFT_BOTTOM, RIGHT_BOTTOM], strict=True):
            assert near(found, wanted), (key, found, wanted)


def test_position_camera_and_profile_never_survive():
    data = a_photograph_with_a_position(400, 240)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)

    for made in render(io.BytesIO(data), "image/jpeg", 400, 240):
        picture = Image.open(io.BytesIO(made.data))
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
        assert "莞牌".encode() not in made.data
        assert b"GPS" not in made.data


def test_lab_comes_out_in_its_colours(shared_data):
    data = {name: (shared_data / "images" / name).read_bytes() for name in ("hopper.Lab.tif", "hopper.avif")}
    lab, plain = (
        rendered(data[name], mime_type, 128, 128)[("w320", "jpeg")].convert("RGB").resize((4, 4))
        for name, mime_type in (("hopper.Lab.tif", "image/tiff"), ("hopper.avif", "image/avif"))
    )

    for place in ((0, 0), (1, 1), (2, 2), (3, 3)):
        assert near(lab.getpixel(place), plain.getpixel(place), 25)


def test_what_nothing_decodes_says_that_the_original_is_kept(shared_data):
    data = (shared_data / "images" / "tiled-cmyk-i8.tif").read_bytes()

    with pytest.raises(intake.UnshownFile, match="已保存原件，暂不能显示"):
        rendered(data, "image/tiff", 490, 367)


def test_real_position_data_never_survives(shared_data):
    data = (shared_data / "images" / "xmp_test.jpg").read_bytes()
    assert b"http://ns.adobe.com/xap" in data

    for made in render(io.BytesIO(data), "image/jpeg", 2000, 1072):
        assert b"adobe" not in made.data.lower()
        assert b"<x:xmpmeta" not in made.data


def test_cmyk_comes_out_in_the_colours_of_print():
    cmyk = Image.new("CMYK", (400, 300), (0, 255, 255, 0))  # printers' red
    found = rendered(encoded(cmyk, "JPEG", quality=95), "image/jpeg", 400, 300)[("w320", "jpeg")]

    assert found.mode == "RGB"
    red, green, blue = found.getpixel((100, 100))
    assert red > 190
    assert green < 80
    assert blue < 80


def test_sixteen_bits_do_not_turn_white():
    ramp = Image.new("I;16", (400, 100))
    ramp.putdata([x * 65535 // 399 for _y in range(100) for x in range(400)])
    found = rendered(encoded(ramp, "TIFF"), "image/tiff", 400, 100)[("w960", "jpeg")].convert("L")

    assert found.getpixel((2, 50)) < 10
    assert abs(found.getpixel((200, 50)) - 128) < 8
    assert found.getpixel((397, 50)) > 245


def test_another_colour_space_is_carried_over_to_srgb():
    lab = ImageCms.createProfile("LAB")
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = encoded(quarters(), "PNG")
    profiled = encoded(quarters(), "PNG", icc_profile=wide)
    mismatched = encoded(quarters(), "PNG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())

    wanted = corners(rendered(plain, "image/png", 400, 240)[("w320", "jpeg")])
    for data in (profiled, mismatched):
        found = corners(rendered(data, "image/png", 400, 240)[("w320", "jpeg")])
        assert all(near(a, b) for a, b in zip(found, wanted, strict=True))


def test_transparency_stays_in_webp_and_shows_paper_in_jpeg():
    drawing = Image.new("RGBA", (1000, 800), (0, 0, 0, 0))
    drawing.paste((200, 30, 30, 255), (0, 0, 500, 800))
    found = rendered(encoded(drawing, "PNG"), "image/png", 1000, 800)

    webp, jpeg = found[("w320", "webp")], found[("w320", "jpeg")]
    assert webp.mode == "RGBA"
    assert webp.getpixel((310, 100))[3] == 0
    assert near(jpeg.getpixel((310, 100)), (255, 255, 255))
    assert near(jpeg.getpixel((80, 100)), (200, 30, 30))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_comes_out(mode):
    found = rendered(encoded(quarters(700, 500).convert(mode), "PNG"), "image/png", 700, 500)

    assert found[("w960", "webp")].size == (700, 500)
    assert near(corners(found[("w960", "jpeg")])[3], RIGHT_BOTTOM, 60 if mode in ("1", "P") else 20)


@pytest.mark.parametrize(
    "name",
    [
        *("tiff_strip_cmyk_jpeg.tif", "16bit.deflate.tif", "planar-rgb-u8.tif", "g4-multi.tiff", "hopper.avif"),
        *("iphone.heic", "test-card-lossless.jp2", "hopper.Lab.tif", "int16_rgb.tif", "BigTIFF.tif"),
        "old-style-jpeg-compression.tif",
    ],
)
def test_real_pictures_come_out(shared_data, name):
    with (shared_data / "images" / name).open("rb") as file:
        facts = intake.describe(file)
        made = list(render(file, facts.mime_type, facts.width, facts.height))
    assert len(made) == 2 * len(sizes_for(facts.width, facts.height))
    for one in made:
        assert Image.open(io.BytesIO(one.data)).size == (one.width, one.height)


# --- rows and files ---------------------------------------------------------------------------------


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
        broken.setattr(LocalFiles, "_save", _only_originals(LocalFiles._save))
        image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    assert ArchiveImage.objects.get().derivatives_error

    call_command("make_derivatives", missing=True)

    image = ArchiveImage.objects.get()
    assert image.derivatives_error == ""
    assert image.derivatives.count() == 4
    assert "失败 0 件" in capsys.readouterr().out


def _only_originals(keep, refused="derivatives/"):
    def save(self, name, content):
        if name.startswith(refused):
            raise OSError(5, "Input/output error")
        return keep(self, name, content)

    return save


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


# --- films ------------------------------------------------------------------------------------------


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
        broken.setattr(LocalFiles, "_save", _only_originals(LocalFiles._save, "posters/"))
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
