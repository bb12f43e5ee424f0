"""What an editor meets in the CMS: uploads that are looked into, and reasons in Chinese."""

import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from media_assets import public_copies
from media_assets.models import AccessLevel, ArchiveDocument, ArchiveImage, ArchiveVideo, FileRemoval

from .made_files import a_film, a_jpeg, a_recording, encoded, quarters, upload


@pytest.fixture(autouse=True)
def _allowed(rule, media_root):
    """Everything is allowed: the rule has its own tests."""


def record(**fields) -> dict:
    root = Collection.get_first_root_node()
    return {
        "title": "可园",
        "collection": root.pk,
        "access": "0",
        "rights": "cne",
        "tags": "",
        **fields,
    }


def sent(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def words_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_an_editor_adds_a_picture(editor_client):
    response = editor_client.post(
        reverse("wagtailimages:add"),
        record(file=sent(a_jpeg(1000, 600), "可园舊影.jpg"), access="1", credit="张三摄", rights="cc-by"),
    )

    assert response.status_code == 302, words_of(response)
    image = ArchiveImage.objects.get()
    assert (image.access, image.credit, image.rights) == (AccessLevel.ON_SITE, "张三摄", "cc-by")
    assert (image.original_name, image.width, image.file_size) == ("可园舊影.jpg", 1000, len(a_jpeg(1000, 600)))
    assert image.derivatives.count() == 6


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html><script>fetch('/')</script></html>", "照片.jpg", "这是网页或矢量图代码"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "徽标.jpg", "矢量图"),
        (a_jpeg()[:3000], "照片.jpg", "图片已损坏、不完整"),
        (encoded(Image.new("1", (20_000, 20_000)), "PNG"), "地图.png", "图片过大：20000×20000 像素"),
        ("莞邑".encode(), "照片.jpg", "这是文档文件，此处只收图片"),
    ],
)
def test_a_wrong_picture_is_refused_in_chinese_with_the_reason(editor_client, data, name, words):
    response = editor_client.post(reverse("wagtailimages:add"), record(file=sent(data, name)))

    assert response.status_code == 200
    assert words in words_of(response)
    assert not ArchiveImage.objects.exists()


def test_an_empty_file_is_refused(editor_client):
    response = editor_client.post(reverse("wagtailimages:add"), record(file=sent(b"", "空.jpg")))

    assert "空" in words_of(response)
    assert not ArchiveImage.objects.exists()


def test_a_png_that_is_called_jpg_is_kept_as_what_it_is(editor_client):
    editor_client.post(reverse("wagtailimages:add"), record(file=sent(encoded(quarters(), "PNG"), "截图.jpg")))

    image = ArchiveImage.objects.get()
    assert image.mime_type == "image/png"
    assert image.file.name.endswith(".png")


@pytest.mark.parametrize(
    ("image_format", "mode", "extension"),
    [("TIFF", "CMYK", "tif"), ("AVIF", "RGB", "avif"), ("WEBP", "RGBA", "webp"), ("GIF", "P", "gif")],
)
def test_every_format_can_be_added_and_is_shown_in_the_cms(editor_client, image_format, mode, extension):
    data = encoded(quarters().convert(mode), image_format)
    response = editor_client.post(reverse("wagtailimages:add"), record(file=sent(data, f"图.{extension}")))
    assert response.status_code == 302, words_of(response)
    image = ArchiveImage.objects.get()

    for url in (reverse("wagtailimages:index"), reverse("wagtailimages:edit", args=[image.pk])):
        page = BeautifulSoup(editor_client.get(url).content, "html.parser")
        shown = [img["src"] for img in page.select("img") if "/media/" in img.get("src", "")]
        assert shown, url
        for src in shown:
            answer = editor_client.get(src)
            assert answer.status_code == 200
            assert Image.open(io.BytesIO(answer.getvalue())).format in ("JPEG", "PNG", "GIF", "WEBP")


def test_the_multiple_uploader_takes_pictures_and_refuses_others(editor_client):
    url = reverse("wagtailimages:add_multiple")
    headers = {"X-Requested-With": "XMLHttpRequest"}
    good = editor_client.post(
        url, {"title": "甲", "files[]": sent(a_jpeg(), "甲.jpg"), "collection": 1}, headers=headers
    ).json()
    bad = editor_client.post(
        url, {"title": "乙", "files[]": sent(a_jpeg()[:2500], "乙.jpg"), "collection": 1}, headers=headers
    ).json()

    assert good["success"], good
    assert good["duplicate"] is False
    assert ArchiveImage.objects.get().access == AccessLevel.OPEN
    assert not bad["success"]
    assert "图片已损坏" in bad["error_message"]
    assert ArchiveImage.objects.count() == 1


def test_wagtails_own_warning_of_a_duplicate_works(editor_client):
    ArchiveImage.objects.create(title="先到", file=upload(a_jpeg(), "先到.jpg"))
    response = editor_client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "后到", "files[]": sent(a_jpeg(), "后到.jpg"), "collection": 1},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()

    assert response["success"]
    assert response["duplicate"]
    assert ArchiveImage.objects.count() == 2


def test_a_file_that_is_stored_before_its_record_is_complete_is_described_too(db):
    """As Wagtail's multiple uploader does when the record still lacks something."""
    image = ArchiveImage(title="可园")
    image.file.save("可园.jpg", upload(a_jpeg(1000, 600), "可园.jpg"), save=False)
    image.save()

    assert image.file.name.endswith(".jpg")
    assert (image.original_name, image.width) == ("可园.jpg", 1000)
    assert image.derivatives.count() == 6


def test_a_duplicate_and_a_failure_are_told_on_the_edit_page(editor_client):
    ArchiveImage.objects.create(title="先到", file=upload(a_jpeg(), "先到.jpg"))
    second = ArchiveImage.objects.create(title="后到", file=upload(a_jpeg(), "后到.jpg"))
    ArchiveImage.objects.filter(pk=second.pk).update(derivatives_error="磁盘已满")

    words = words_of(editor_client.get(reverse("wagtailimages:edit", args=[second.pk])))

    assert "馆内已有内容完全相同的文件：“先到”" in words
    assert "展示图制作失败：磁盘已满" in words
    assert f"SHA-256 校验值：{second.sha256}" in words
    assert "原文件名：后到.jpg；类型：image/jpeg" in words


def test_changing_the_record_needs_no_new_file(editor_client):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    keys = {d.key for d in image.derivatives.all()}
    response = editor_client.post(
        reverse("wagtailimages:edit", args=[image.pk]), record(title="可园（邀山阁）", access="2")
    )

    assert response.status_code == 302, words_of(response)
    image.refresh_from_db()
    assert (image.title, image.access) == ("可园（邀山阁）", AccessLevel.STAFF)
    assert {d.key for d in image.derivatives.all()} == keys


def test_a_new_picture_in_place_of_the_old_one(editor_client):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    old_file = image.file.name
    response = editor_client.post(
        reverse("wagtailimages:edit", args=[image.pk]), record(file=sent(a_jpeg(1000, 600), "新.jpg"))
    )

    assert response.status_code == 302, words_of(response)
    image = ArchiveImage.objects.get()
    assert (image.original_name, image.width) == ("新.jpg", 1000)
    assert image.largest().width == 1000
    FileRemoval.objects.update(retry_at=None)  # masters go a while later
    public_copies.drain()
    assert not image.file.storage.exists(old_file)


def test_focal_points_are_counted_on_the_upright_original(db):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(4000, 2000), "可园.jpg"))
    image.focal_point_x, image.focal_point_y = 3900, 100  # the green quarter
    image.focal_point_width = image.focal_point_height = 100
    image.save()

    rendition = image.get_rendition("fill-100x100-c100")
    red, green, blue = Image.open(rendition.file.open()).convert("RGB").getpixel((60, 20))

    assert green > 120
    assert red < 90
    assert blue < 110


def test_several_renditions_at_once_are_made_too(db):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))

    assert set(image.get_renditions("width-100", "width-200|format-webp")) == {
        "width-100",
        "width-200|format-webp",
    }


@pytest.mark.parametrize("name", ["16bit.deflate.tif", "test-card-lossless.jp2", "hopper.Lab.tif"])
def test_the_library_opens_while_a_picture_that_wagtail_cannot_decode_has_no_derivatives(
    editor_client, shared_data, name
):
    data = (shared_data / "images" / name).read_bytes()
    image = ArchiveImage.objects.create(title="棲瀾縣舊影", file=upload(data, name))
    image.derivatives.all().delete()

    response = editor_client.get(reverse("wagtailimages:index"))

    assert response.status_code == 200
    assert ArchiveImage.objects.get().renditions.get().width == min(165, image.width)


def test_the_library_opens_when_a_picture_without_derivatives_has_lost_its_file(editor_client):
    image = ArchiveImage.objects.create(title="棲瀾縣舊影", file=upload(a_jpeg(), "可园.jpg"))
    image.derivatives.all().delete()
    image.file.storage.delete(image.file.name)

    assert editor_client.get(reverse("wagtailimages:index")).status_code == 200


def test_an_editor_adds_a_film(editor_client):
    response = editor_client.post(
        reverse("wagtailmedia:add", args=["video"]),
        record(title="龙舟竞渡", file=sent(a_film(1.0, sound=True), "龍舟.mp4")),
    )

    assert response.status_code == 302, words_of(response)
    film = ArchiveVideo.objects.get()
    assert (film.type, film.width, film.height, film.mime_type) == ("video", 320, 240, "video/mp4")
    assert film.poster_is_automatic
    assert film.derivatives.count() == 2
    assert "龍舟.mp4" in words_of(editor_client.get(reverse("wagtailmedia:index")))
    assert editor_client.get(reverse("wagtailmedia:edit", args=[film.pk])).status_code == 200


@pytest.mark.parametrize(
    ("media_type", "data", "name", "words"),
    [
        ("video", "并不是影片".encode(), "影片.mp4", "这是文档文件，此处只收影片"),
        ("video", a_recording(), "录音.mp4", "这是录音文件，此处只收影片"),
        ("audio", a_film(0.5), "影片.mp3", "这是影片文件，此处只收录音"),
        ("video", a_film(1.0)[:-1500], "断.mp4", "影片或录音不完整"),
    ],
)
def test_a_wrong_film_is_refused_in_chinese_with_the_reason(editor_client, media_type, data, name, words):
    response = editor_client.post(reverse("wagtailmedia:add", args=[media_type]), record(file=sent(data, name)))

    assert response.status_code == 200
    assert words in words_of(response)
    assert not ArchiveVideo.objects.exists()


def test_a_still_that_is_no_picture_is_refused(editor_client):
    response = editor_client.post(
        reverse("wagtailmedia:add", args=["video"]),
        record(file=sent(a_film(0.5), "龙舟.mp4"), thumbnail=sent(b"<html></html>", "封面.jpg")),
    )

    assert "这是网页" in words_of(response)
    assert not ArchiveVideo.objects.exists()


def test_an_editor_replaces_a_films_still(editor_client):
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(0.5), "龙舟.mp4"))
    response = editor_client.post(
        reverse("wagtailmedia:edit", args=[film.pk]),
        record(title="龙舟", thumbnail=sent(encoded(quarters(640, 360), "PNG"), "封面.png")),
    )

    assert response.status_code == 302, words_of(response)
    film.refresh_from_db()
    assert not film.poster_is_automatic
    assert film.thumbnail.name.endswith(".png")
    assert film.largest().width == 640


def test_an_editor_adds_a_document(editor_client):
    response = editor_client.post(
        reverse("wagtaildocs:add"),
        record(title="凡例", file=sent("凡例：莞邑。".encode("gb18030"), "凡例.txt")),
    )

    assert response.status_code == 302, words_of(response)
    document = ArchiveDocument.objects.get()
    assert (document.mime_type, document.original_name) == ("text/plain", "凡例.txt")
    page = editor_client.get(reverse("wagtaildocs:edit", args=[document.pk]))
    assert document.url in page.content.decode()


def test_the_multiple_uploader_takes_documents(editor_client):
    answer = editor_client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "凡例", "files[]": sent("凡例".encode(), "凡例.txt"), "collection": 1},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()

    assert answer["success"], answer
    assert ArchiveDocument.objects.get().mime_type == "text/plain"


def test_a_web_page_is_refused_as_a_document(editor_client):
    response = editor_client.post(reverse("wagtaildocs:add"), record(file=sent(b"<!doctype html><p>", "公告.pdf")))

    assert "这是网页" in words_of(response)
    assert not ArchiveDocument.objects.exists()
