"""Pyramids are made of large pictures by a job, kept in step with the original, and go with it."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from media_assets.derivatives.pyramids import PYRAMID, SupersededError, make_pyramid
from media_assets.file_errors import FileError
from media_assets.models import ArchiveImage, Job, JobState, Pyramid, Scan
from media_assets.stored_names import columns
from media_assets.tile_index import TileIndex
from tests.media_assets.made_files import a_photograph_with_a_position, encoded, quarters, upload

from .conftest import numbered

pytestmark = pytest.mark.django_db


def stored(pyramid: Pyramid) -> Image.Image:
    with pyramid.file.storage.open(pyramid.file.name) as file:
        return Image.open(io.BytesIO(file.read()))


def names() -> list[str]:
    storage = Pyramid._meta.get_field("file").storage
    return [file.name for file in storage.files() if file.name.endswith(".tif")]


def test_a_large_picture_is_given_a_pyramid_and_a_small_one_is_not(media_root):
    large = ArchiveImage.objects.create(title="全景", file=upload(encoded(quarters(2001, 300)), "全景.jpg"))
    small = ArchiveImage.objects.create(title="小照", file=upload(encoded(quarters(2000, 300)), "小照.jpg"))

    assert (large.pyramid.width, large.pyramid.height) == (2001, 300)
    assert Job.objects.of(large).get(kind=PYRAMID).state == JobState.DONE
    assert not Job.objects.of(small).filter(kind=PYRAMID).exists()


def test_a_small_picture_may_have_one_too(media_root):
    small = ArchiveImage.objects.create(title="小照", file=upload(encoded(quarters(40, 30)), "小照.jpg"))
    pyramid = make_pyramid(small)

    assert [(level.width, level.height) for level in TileIndex(bytes(pyramid.tiles)).levels] == [(40, 30)]


def test_a_scan_has_one_of_its_own(media_root):
    scan = Scan.objects.create(file=upload(encoded(quarters(2400, 300, "L")), "卷一-001.jpg"))

    assert scan.pyramid.owner == scan
    assert stored(scan.pyramid).mode == "L"


def test_it_is_upright_in_srgb_and_says_nothing_of_where_it_was_taken(media_root):
    data = a_photograph_with_a_position(2400, 1200, orientation=6)
    image = ArchiveImage.objects.create(title="直幅", file=upload(data, "直幅.jpg"))
    made = stored(image.pyramid)

    assert made.size == (image.width, image.height) == (1200, 2400)
    assert (made.mode, made.tag_v2.get(34853), made.tag_v2.get(700)) == ("RGB", None, None)
    red, green, blue = made.getpixel((1100, 100))
    assert red > 150 > max(green, blue)  # what was at the left above is at the right above


def test_transparency_becomes_paper(media_root):
    picture = Image.new("RGBA", (2100, 100), (200, 30, 30, 0))
    image = ArchiveImage.objects.create(title="拓片", file=upload(encoded(picture, "PNG"), "拓片.png"))

    assert min(stored(image.pyramid).convert("RGB").getpixel((50, 50))) > 250


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "L", "P"])
def test_every_kind_of_colour_becomes_eight_bits(media_root, mode):
    picture = quarters(2100, 90) if mode != "I;16" else Image.new("I;16", (2100, 90), 65535)
    image_format = "PNG" if mode == "P" else "TIFF"
    data = encoded(picture if mode == "I;16" else picture.convert(mode), image_format)
    image = ArchiveImage.objects.create(title="图", file=upload(data, f"图.{image_format.lower()}"))
    made = stored(image.pyramid)

    assert made.mode in ("RGB", "L")
    assert min(made.convert("RGB").getpixel((2000, 80))) > 225


def test_it_is_made_once_and_keeps_its_address_when_made_anew(media_root):
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    first = image.pyramid
    again, anew = make_pyramid(image), make_pyramid(image, force=True)

    assert again.pk == first.pk
    assert anew.key == first.key
    assert anew.file.name != first.file.name


def test_another_picture_has_another_address_and_the_old_file_goes(media_root, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    before = Pyramid.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        image.file = ContentFile(encoded(numbered(2200, 500)), "新.jpg")
        image.save()
    after = Pyramid.objects.get()

    assert after.key != before.key
    assert (after.width, after.height) == (2200, 500)
    assert names() == [after.file.name]


def test_a_small_picture_in_place_of_a_large_one_leaves_no_pyramid(media_root, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
        image.file = ContentFile(encoded(quarters(200, 100)), "小.jpg")
        image.save()

    assert not Pyramid.objects.exists()
    assert names() == []


def test_it_goes_with_its_picture(media_root, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
        image.delete()

    assert (Pyramid.objects.count(), names()) == (0, [])


def test_the_audit_knows_its_file(media_root):
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    name = image.pyramid.file.name

    assert any(column.named([name]) for column in columns("derivatives"))
    assert (column := next(c for c in columns("derivatives") if c.model is Pyramid)).size_field == "file_size"
    assert column.under("derivatives/").exists()


def test_a_picture_that_was_replaced_meanwhile_gets_nothing_of_the_old_one(media_root):
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(quarters(50, 50)), "全景.jpg"))
    stale = ArchiveImage.objects.get(pk=image.pk)
    ArchiveImage.objects.filter(pk=image.pk).update(sha256="0" * 64)

    with pytest.raises(SupersededError):
        make_pyramid(stale)
    assert (Pyramid.objects.count(), names()) == (0, [])


def test_a_damaged_picture_is_told_to_the_editor_and_leaves_nothing_behind(media_root):
    image = ArchiveImage.objects.create(title="全景", file=upload(encoded(numbered()), "全景.jpg"))
    Pyramid.objects.all().delete()
    with Path(image.file.path).open("r+b") as file:
        file.truncate(20_000)

    with pytest.raises(FileError, match="损坏"):
        make_pyramid(image)
    assert not Pyramid.objects.exists()
