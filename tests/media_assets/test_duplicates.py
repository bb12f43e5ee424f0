"""Pictures that look alike are shown to the editor side by side, and keeping both is the editor's choice."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance
from wagtail.images.forms import get_image_form

from media_assets import duplicates, intake
from media_assets.forms import notices_of
from media_assets.likenesses import NEAR_BITS, as_signed, near
from media_assets.models import ArchiveImage

from .made_files import encoded, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_this_museum_alone():
    duplicates.forget()
    yield
    duplicates.forget()


def a_scene(seed: int) -> Image.Image:
    """Shapes as a photograph has them: large ones that carry the likeness."""
    dice = np.random.default_rng(seed)
    picture = Image.new("RGB", (900, 600), tuple(dice.integers(0, 255, 3)))
    draw = ImageDraw.Draw(picture)
    for _shape in range(14):
        x, y, w, h = (int(n) for n in dice.integers((0, 0, 80, 80), (800, 500, 400, 300)))
        draw.ellipse((x, y, x + w, y + h), tuple(int(c) for c in dice.integers(0, 255, 3)))
    return picture


def likeness(picture: Image.Image, image_format: str = "JPEG", **options) -> int:
    return intake.describe(io.BytesIO(encoded(picture, image_format, **options)), "图").likeness


def bits_between(one: int, another: int) -> int:
    return (one ^ another).bit_count()


@pytest.mark.parametrize(
    "copied",
    [
        lambda p: likeness(p.resize((450, 300))),
        lambda p: likeness(p, quality=30),
        lambda p: likeness(p.convert("L")),
        lambda p: likeness(ImageEnhance.Brightness(p).enhance(1.2)),
        lambda p: likeness(p, "PNG"),
        lambda p: likeness(p, "TIFF", compression="tiff_lzw"),
    ],
)
def test_a_copy_is_near(copied):
    assert bits_between(likeness(a_scene(1)), copied(a_scene(1))) <= NEAR_BITS


def test_another_picture_is_far():
    numbers = [likeness(a_scene(seed)) for seed in range(5)]
    assert min(bits_between(a, b) for i, a in enumerate(numbers) for b in numbers[:i]) > NEAR_BITS


def test_an_even_surface_is_like_nothing():
    assert likeness(Image.new("RGB", (300, 200), (240, 240, 240))) == 0


def test_a_turned_flag_changes_nothing():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = likeness(a_scene(2).transpose(Image.Transpose.ROTATE_90), exif=exif)

    assert bits_between(likeness(a_scene(2)), turned) <= NEAR_BITS


def test_the_nearest_comes_first_whatever_the_sign():
    numbers = np.array([as_signed(n) for n in (0xFFFF_0000_0000_0000, 0xFFFF_0000_0000_0003, 0x1)], dtype=np.int64)

    assert near(as_signed(0xFFFF_0000_0000_0001), numbers).tolist() == [0, 1]


# --- in the museum ----------------------------------------------------------------------------------


@pytest.fixture
def twins(media_root):
    first = ArchiveImage.objects.create(title="可园", file=upload(encoded(a_scene(1), quality=95), "可园.jpg"))
    ArchiveImage.objects.create(title="龙舟", file=upload(encoded(a_scene(3)), "龙舟.jpg"))
    second = ArchiveImage.objects.create(
        title="可园（缩小）", file=upload(encoded(a_scene(1).resize((450, 300))), "b.jpg")
    )
    return first, second


def test_each_finds_the_other(twins):
    first, second = twins

    assert duplicates.like(first) == [second]
    assert duplicates.like(second) == [first]
    assert duplicates.pairs() == [(first, second)]


def test_what_was_decided_does_not_hide_what_was_not(twins):
    first, second = twins
    third = ArchiveImage.objects.create(title="又一张", file=upload(encoded(a_scene(1), quality=60), "c.jpg"))
    duplicates.keep_both(first, [second, third])
    ArchiveImage.objects.filter(pk=second.pk).update(title="改名")

    assert [(one.pk, another.pk) for one, another in duplicates.pairs(most=1)] == [(second.pk, third.pk)]


def test_a_twin_in_a_collection_of_others_is_not_told_of(twins, django_user_model):
    first, _second = twins
    somebody = django_user_model.objects.create_user("somebody", password="x")
    form_class = get_image_form(ArchiveImage)

    assert "keep_both" not in form_class(instance=first, user=somebody).fields
    assert "keep_both" in form_class(instance=first).fields


def test_the_same_bytes_in_a_collection_of_others_are_told_of_without_a_title(media_root, django_user_model, twins):
    first, _second = twins
    first.file.open()
    ArchiveImage.objects.create(title="内部底片", file=upload(first.file.read(), "x.jpg"))
    somebody = django_user_model.objects.create_user("somebody", password="x")

    told = "".join(notices_of(first, somebody))
    assert "内容完全相同" in told
    assert "内部底片" not in told
    assert "内部底片" in "".join(notices_of(first))


def test_one_that_was_added_a_moment_ago_is_found(twins):
    first, _second = twins
    duplicates.like(first)
    third = ArchiveImage.objects.create(title="又一张", file=upload(encoded(a_scene(1), quality=60), "c.jpg"))

    assert third in duplicates.like(first)


def test_one_that_has_another_picture_by_now_is_not_told_of(twins):
    first, second = twins
    duplicates.like(first)
    second.file = upload(encoded(a_scene(4)), "d.jpg")
    second.save()

    assert duplicates.like(first) == []


def test_the_editor_sees_the_twin_beside_and_keeps_both(twins, editor_client):
    first, second = twins
    address = f"/admin/images/{first.pk}/"
    page = editor_client.get(address).content.decode()
    assert "可能重复的图片" in page
    assert f'href="/admin/images/{second.pk}/"' in page
    assert second.fitting(320).checked_url in page
    assert "龙舟" not in page

    posted = {"title": "可园", "collection": first.collection_id, "tags": "", "access": 0, "rights": first.rights}
    editor_client.post(address, posted | {"keep_both": [second.pk]})

    for image in ArchiveImage.objects.filter(pk__in=[first.pk, second.pk]):
        assert duplicates.undecided(image) == []
        assert "可能重复的图片" not in editor_client.get(f"/admin/images/{image.pk}/").content.decode()
    assert duplicates.pairs() == []


def test_what_is_not_decided_is_shown_again(twins, editor_client):
    first, _second = twins
    posted = {"title": "可园", "collection": first.collection_id, "tags": "", "access": 0, "rights": first.rights}
    editor_client.post(f"/admin/images/{first.pk}/", posted)

    assert duplicates.undecided(ArchiveImage.objects.get(pk=first.pk))


def test_the_page_of_likely_duplicates_lists_each_pair_until_it_is_decided(twins, editor_client):
    first, second = twins
    address = "/admin/media/duplicates/"
    page = editor_client.get(address).content.decode()
    assert f'href="/admin/images/{first.pk}/"' in page
    assert second.small.checked_url in page
    assert "龙舟" not in page

    page = editor_client.post(address, {"one": first.pk, "another": second.pk}, follow=True).content.decode()
    assert "已记下" in page
    assert "没有发现相似的图片" in page


def test_the_page_of_likely_duplicates_is_for_those_who_may_change_pictures(twins, staff):
    assert staff.get("/admin/media/duplicates/").status_code in (302, 403)
