"""`{% picture %}`: what a visitor's browser is given to choose from."""

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template

from media_assets.models import ArchiveImage, Scan

from .made_files import a_jpeg, upload


@pytest.fixture
def image(db, media_root):
    return ArchiveImage.objects.create(
        title="可园", description="可园“邀山阁” <民国>", file=upload(a_jpeg(1200, 600), "可园.jpg")
    )


def html(image, arguments: str = "") -> BeautifulSoup:
    template = Template("{% load pictures %}{% picture image " + arguments + " %}")
    return BeautifulSoup(template.render(Context({"image": image})), "html.parser")


def test_the_browser_can_choose_among_sizes_and_formats(image):
    page = html(image, 'sizes="(min-width: 60em) 50vw, 100vw" class="lead"')
    source, img = page.picture.source, page.picture.img

    assert source["type"] == "image/webp"
    assert [part.split()[1] for part in source["srcset"].split(", ")] == ["320w", "960w", "1200w"]
    assert all(".webp " in part + " " for part in source["srcset"].split(", "))
    assert [part.split()[1] for part in img["srcset"].split(", ")] == ["320w", "960w", "1200w"]
    assert img["src"].endswith(".jpg")
    assert (img["width"], img["height"]) == ("960", "480")
    assert source["sizes"] == img["sizes"] == "(min-width: 60em) 50vw, 100vw"
    assert (img["loading"], img["decoding"], img["class"]) == ("lazy", "async", ["lead"])


def test_the_description_is_the_alternative_text_unless_another_is_given(image):
    assert html(image).img["alt"] == "可园“邀山阁” <民国>"
    assert html(image, 'alt="邀山阁"').img["alt"] == "邀山阁"
    assert html(image, 'alt=""').img["alt"] == ""


def test_only_derivatives_are_linked_to(image):
    found = str(html(image))

    assert "/media/p/" in found
    assert "/media/cms/" not in found
    assert image.file.name not in found


def test_a_listing_of_pictures_asks_the_database_once(image, media_root, django_assert_num_queries):
    for number in range(3):
        ArchiveImage.objects.create(title=f"图{number}", file=upload(a_jpeg(), "图.jpg"))

    with django_assert_num_queries(2):
        for one in ArchiveImage.objects.prefetch_derivatives():
            assert html(one).picture


def test_a_picture_that_is_not_ready_says_so(image):
    image.derivatives.all().delete()
    missing = html(image, 'class="lead"').span

    assert missing["class"] == ["picture-missing", "lead"]
    assert missing["aria-label"] == "可园“邀山阁” <民国>"
    assert "展示图制作中" in missing.text

    image.derivatives_error = "文件已损坏。"
    assert "图片尚未备好" in html(image).span.text


def test_no_picture_at_all_says_so(db):
    missing = html(None).span

    assert missing["class"] == ["picture-missing"]
    assert "暂无图片" in missing.text


def test_a_scan_is_shown_the_same_way(db, media_root):
    scan = Scan.objects.create(file=upload(a_jpeg(), "卷一.jpg"))

    assert html(scan, 'alt="卷一 第一页"').img["alt"] == "卷一 第一页"
