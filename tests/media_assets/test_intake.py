"""The one way in: facts that are right, refusals that say why."""

import hashlib
import io
import unicodedata

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media_assets import intake
from media_assets.filetypes import FileKind
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan

from .made_files import a_film, a_jpeg, a_photograph_with_a_position, a_recording, encoded, upload

pytestmark = pytest.mark.django_db


def test_the_facts_of_a_picture():
    data = a_photograph_with_a_position(400, 240, orientation=6)

    facts = intake.describe(io.BytesIO(data), "可园旧影.jpg")

    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.sha1 == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    assert (facts.size, facts.mime_type, facts.kind) == (len(data), "image/jpeg", FileKind.IMAGE)
    assert (facts.width, facts.height, facts.duration) == (240, 400, None)
    assert facts.original_name == "可园旧影.jpg"


def test_the_facts_of_a_film_and_of_a_recording():
    film = intake.describe(io.BytesIO(a_film(2.0)), "龍舟競渡.mp4")
    recording = intake.describe(io.BytesIO(a_recording(container="mp4", codec="aac")), "口述.mp4")

    assert (film.kind, film.mime_type) == (FileKind.VIDEO, "video/mp4")
    assert film.duration == pytest.approx(2.0, abs=0.15)
    assert (recording.kind, recording.mime_type) == (FileKind.AUDIO, "audio/mp4")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html><script>fetch('/')</script></html>", "照片.jpg", "网页"),
        (a_jpeg()[:3000], "照片.jpg", "图片已损坏"),
        (b"<?xml version='1.0'?><svg/>", "徽标.jpg", "矢量图"),
        (encoded(Image.new("1", (20_000, 20_000)), "PNG"), "地图.png", "图片过大：20000×20000"),
        (b"", "空.jpg", "文件是空的"),
        (a_film(0.5), "片.jpg", "这是影片文件，此处只收图片"),
        ("莞邑".encode(), "照片.jpg", "这是文档文件，此处只收图片"),
    ],
)
def test_a_wrong_picture_is_refused_with_the_reason(data, name, words):
    with pytest.raises(intake.FileError) as refusal:
        intake.describe(io.BytesIO(data), name, {FileKind.IMAGE})
    assert words in refusal.value.reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("并不是影片".encode(), "这是文档文件，此处只收影片"),
        (a_film(2.0)[:-1500], "影片或录音不完整"),
        (a_recording(container="mp4", codec="aac"), "这是录音文件，此处只收影片"),
    ],
)
def test_a_wrong_film_is_refused_with_the_reason(data, words):
    with pytest.raises(intake.FileError) as refusal:
        intake.describe(io.BytesIO(data), "影片.mp4", {FileKind.VIDEO})
    assert words in refusal.value.reason


def test_a_file_above_the_limit_is_refused_before_it_is_decoded(settings):
    settings.MEDIA_MAX_BYTES = {"image": 1000}

    with pytest.raises(intake.RefusedFile, match="文件过大"):
        intake.describe(io.BytesIO(a_jpeg()), "大图.jpg")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\扫描\\民國二十五年\\東莞縣志 卷一.tif", "東莞縣志 卷一.tif"),
        ("../../etc/passwd", "passwd"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("莞\r\nSet-Cookie: a=b.jpg", "莞Set-Cookie: a=b.jpg"),
        ("𢎞治.jpg", "𢎞治.jpg"),
        ("名" * 300 + ".jpg", "名" * 251 + ".jpg"),
        ("", ""),
    ],
)
def test_the_name_is_kept_but_not_what_could_deceive(given_name, kept):
    assert intake.clean_name(given_name) == kept


@given(st.text(max_size=600))
def test_any_name_at_all_becomes_one_that_fits(name):
    cleaned = intake.clean_name(name)
    assert len(cleaned) <= 255
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "/" not in cleaned
    assert intake.clean_name(cleaned) == cleaned


def test_saving_outside_a_form_fills_in_the_facts_too(media_root):
    data = a_photograph_with_a_position(400, 240, orientation=6)
    image = ArchiveImage.objects.create(title="可园", file=upload(data, "可园旧影.JPG"))
    image.refresh_from_db()

    assert image.sha256 == hashlib.sha256(data).hexdigest()
    assert image.file_hash == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    assert (image.original_name, image.mime_type, image.file_size) == ("可园旧影.JPG", "image/jpeg", len(data))
    assert (image.width, image.height) == (240, 400)


def test_a_scan_a_film_and_a_document_fill_in_their_facts(media_root):
    scan = Scan.objects.create(file=upload(encoded(Image.new("L", (300, 500)), "TIFF"), "卷一_001.tif"))
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟.mp4"))
    document = ArchiveDocument.objects.create(title="凡例", file=upload("凡例".encode(), "凡例.txt"))

    assert (scan.width, scan.height, scan.mime_type) == (300, 500, "image/tiff")
    assert (film.type, film.width, film.height) == ("video", 320, 240)
    assert film.duration == pytest.approx(1.0, abs=0.15)
    assert (document.mime_type, document.file_size) == ("text/plain", 6)
    assert document.filename == "凡例.txt"


def test_the_stored_path_says_nothing_of_the_name_and_ends_in_the_real_type(media_root):
    image = ArchiveImage.objects.create(title="x", file=upload(encoded(Image.new("RGB", (9, 9)), "PNG"), "一.jpg"))

    assert image.file.name.startswith("originals/")
    assert image.file.name.endswith(".png")
    assert len(image.file.name) < 100
    assert image.file.name.isascii()


def test_the_same_bytes_twice_are_two_assets_that_know_of_each_other(media_root):
    data = a_jpeg()
    first = ArchiveImage.objects.create(title="甲", file=upload(data, "甲.jpg"))
    second = ArchiveImage.objects.create(title="乙", file=upload(data, "乙.jpg"))

    assert list(second.same_files()) == [first]
    assert first.file.name != second.file.name


def test_a_refused_file_leaves_nothing_behind(media_root):
    with pytest.raises(intake.FileError):
        Scan.objects.create(file=upload(a_jpeg()[:2000], "断.jpg"))

    assert not Scan.objects.exists()
    assert not [p for p in media_root.rglob("*") if p.is_file()]


def test_a_new_file_in_place_of_the_old_one_is_described_anew(media_root):
    document = ArchiveDocument.objects.create(title="凡例", file=upload("初稿".encode(), "凡例.txt"))
    before = document.sha256

    document.file = ContentFile("WEBVTT\n\n00:01.000 --> 00:02.000\n龙舟\n".encode(), name="字幕.vtt")
    document.save(update_fields=["file"])
    document.refresh_from_db()

    assert document.sha256 != before
    assert (document.mime_type, document.original_name) == ("text/vtt", "字幕.vtt")


def test_saving_the_record_alone_does_not_read_the_file(media_root):
    image = ArchiveImage.objects.create(title="甲", file=upload(a_jpeg(), "甲.jpg"))
    image.file.storage.remove(image.file.name)

    image = ArchiveImage.objects.get(pk=image.pk)
    image.credit = "张三摄"
    image.save()

    assert ArchiveImage.objects.get(pk=image.pk).credit == "张三摄"
