"""Files that were made to harm are refused with a reason: no other error, no long wait, no programs let in."""

import io
import struct
import time
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image

from media_assets import intake, probing
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile

from .made_files import a_film, a_jpeg, a_recording, encoded, quarters
from .mutations import many

LONGEST_SECONDS = 30


@pytest.fixture(autouse=True)
def _in_a_process_of_its_own(settings):
    settings.MEDIA_SANDBOX = {}


def described(data: bytes, name: str = "文件"):
    return intake.describe(io.BytesIO(data), name)


def an_office_document(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | members).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def an_archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"MZ")
    return buffer.getvalue()


def a_pdf(**root) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        for key, value in root.items():
            pdf.Root[f"/{key}"] = value
        pdf.save(buffer)
    return buffer.getvalue()


def a_pdf_that_carries(name: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        pdf.attachments[name] = b"content"
        pdf.save(buffer)
    return buffer.getvalue()


def a_locked_pdf(**passwords) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        pdf.save(buffer, encryption=pikepdf.Encryption(**passwords))
    return buffer.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def a_tiff_with_pages(count: int) -> bytes:
    small = Image.new("L", (4, 4))
    return encoded(small, "TIFF", save_all=True, append_images=[small] * (count - 1))


def a_tiff_that_goes_round() -> bytes:
    data = bytearray(encoded(quarters(40, 30), "TIFF"))
    offset = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[offset : offset + 2], "little")
    data[offset + 2 + 12 * entries :][:4] = offset.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (a_jpeg() + b"<html><script>alert(1)</script></html>", "藏有网页或脚本"),
        (a_jpeg(comment=b"<?php system($_GET[0]); ?>"), "藏有网页或脚本"),
        (a_recording() + b"<SCRIPT src=//x>", "藏有网页或脚本"),
        (a_jpeg() + an_archive("安装.exe"), "末尾藏有压缩包"),
        (encoded(quarters(), "PNG") + an_archive("META-INF/MANIFEST.MF", "a.class"), "末尾藏有压缩包"),
        (a_pdf() + an_archive("run.js"), "PDF 已损坏|末尾藏有压缩包"),
        (b"<html><script>1</script>" + a_pdf(), "网页"),
        (a_jpeg(comment=b"%PDF-1.7 1 0 obj"), "同时又是 PDF"),
        (b"GIF89a=1;/*" + b"<script>" + bytes(300), "脚本"),
    ],
)
def test_a_file_that_is_two_is_refused(data, words):
    with pytest.raises(FileError, match=words):
        described(data)


def test_letters_that_turn_up_in_noise_are_no_reason_to_refuse_a_picture():
    assert described(a_jpeg(comment=b"\x9c<HtmL\x9d\x01<?pHp\xe2\x80")).mime_type == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (a_png_that_claims(60_000, 60_000), "图片过大：60000×60000"),
        (an_office_document({"word/media/a.bin": bytes(60_000_000)}), "展开后异常庞大"),
        (an_office_document({"word/x.xml": b'<!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'}), "实体"),
        (an_office_document({"word/inner.zip": an_archive("a.txt")}), "夹带着压缩包"),
    ],
)
def test_a_bomb_is_refused(data, words):
    with pytest.raises(RefusedFile, match=words):
        described(data)


def test_the_bounds_are_settings(settings):
    settings.MEDIA_BOUNDS = {"pages": 3, "pixels": 90_000, "seconds": 1, "frames": 2}

    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "green", "blue")]
    for data, words in (
        (a_tiff_with_pages(4), "4幅画面"),
        (encoded(quarters(400, 240), "PNG"), "图片过大"),
        (a_film(2.0), "过长"),
        (encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), "3幅画面"),
    ):
        with pytest.raises(RefusedFile, match=words):
            described(data)
    assert described(a_tiff_with_pages(3)).width == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (an_office_document({"word/vbaProject.bin": b"x"}), "宏"),
        (an_office_document({"word/embeddings/付款单.exe": b"MZ"}), "付款单.exe"),
        (a_pdf_that_carries("工资.js"), "工资.js"),
        (a_pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")), "运行程序"),
    ],
)
def test_what_carries_a_program_is_refused(data, words):
    with pytest.raises(RefusedFile, match=words):
        described(data)


def test_a_pdf_with_a_table_beside_it_or_a_script_for_its_reader_is_kept():
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")

    assert described(a_pdf_that_carries("收支.xlsx")).pages == 1
    assert described(a_pdf(OpenAction=script)).pages == 1


def test_a_pdf_that_nobody_can_open_is_refused_and_one_that_forbids_printing_is_kept():
    with pytest.raises(RefusedFile, match="打开密码"):
        described(a_locked_pdf(owner="主", user="客"))
    assert described(a_locked_pdf(owner="主", user="")).pages == 1


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_a_pdf_that_was_cut_off_is_refused(cut):
    data = a_pdf()
    with pytest.raises(UnreadableFile, match="PDF 已损坏"):
        described(data[: int(len(data) * cut)])


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("matroska", "libx264"), ("avi", "mpeg4")])
def test_a_film_that_was_cut_off_is_refused_though_it_would_play(container, codec):
    data = a_film(3.0, container=container, codec=codec)
    with pytest.raises(UnreadableFile):
        described(data[: len(data) * 8 // 10])


def test_captions_that_are_wrong_are_refused_with_the_line():
    with pytest.raises(RefusedFile, match=r"第 [34] 行"):
        described("WEBVTT\n\n00:01.000 -> 00:02.000\n龙舟\n".encode())


def test_a_chain_of_directories_that_goes_round_ends():
    assert described(a_tiff_that_goes_round()).width == 40


def test_a_telephones_picture_with_a_film_behind_it_is_kept():
    assert described(a_jpeg() + a_film(0.5)).mime_type == "image/jpeg"


def test_an_old_document_with_an_absurd_sector_size_is_refused():
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    head[30:32], head[48:52] = b"\x09\xff", b"\xff\xff\xff\xff"

    with pytest.raises(RefusedFile, match="文档"):
        described(bytes(head))


def a_file_of_each_kind() -> list[bytes]:
    pictures = [encoded(quarters(200, 120), f) for f in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "JPEG2000")]
    films = [
        a_film(0.5),
        a_film(0.5, container="matroska"),
        a_recording(),
        a_recording(container="wav", codec="pcm_s16le"),
    ]
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\n龙舟\n".encode()
    return [*pictures, *films, a_pdf(), an_office_document({}), captions]


@pytest.mark.parametrize("number", range(28))
def test_a_mutation_is_kept_or_refused_and_nothing_else(number):
    files = a_file_of_each_kind()
    _name, data = list(many(files, 28))[number]
    start = time.monotonic()
    try:
        facts = described(data)
    except FileError as error:
        assert any("\u4e00" <= c <= "\u9fff" for c in error.reason)
    else:
        assert facts.size == len(data)
    assert time.monotonic() - start < LONGEST_SECONDS


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("pdf/encryption_openpassword.pdf", "打开密码"),
        ("pdf/corruptionOneByteMissing.pdf", "PDF 已损坏"),
        ("sheets/poc-xmlbomb.xlsx", "实体"),
        ("images/balloon_trunc2.jp2", "图片已损坏"),
        ("vtt/invalid.vtt", "行"),
        ("vtt/invalid_timeframe.srt", "行"),
    ],
)
def test_real_harmful_files_are_refused(shared_data, path, words):
    with (shared_data / path).open("rb") as file, pytest.raises(FileError, match=words):
        intake.describe(file, path.rpartition("/")[2])


@pytest.mark.parametrize(
    "path",
    [
        "pdf/encryption_notextaccess.pdf",
        "pdf/fileAttachment.pdf",
        "pdf/javascript.pdf",
        "pdf/honglou-pinglun_vertical.pdf",
        "sheets/57893-many-merges.xlsx",
        "sheets/password.xls",
        "av/apple-prores-422-proxy.mov",
        "av/jpeg2000.mov",
        "av/hdv-720p60.mov",
        "av/rabbit320.webm",
        "vtt/long_string_chinese.vtt",
        "vtt/sample.srt",
    ],
)
def test_real_files_are_kept(shared_data, path):
    with (shared_data / path).open("rb") as file:
        assert intake.describe(file, path.rpartition("/")[2]).sha256
        assert probing.sniff(file)
