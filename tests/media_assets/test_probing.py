"""What a file really is, whatever it is called."""

import io
import zipfile
from fractions import Fraction

import pytest
from PIL import Image

from media_assets import file_errors, probing
from media_assets.decoding.films import shown_size
from media_assets.filetypes import FILE_TYPES, FileKind

from .made_files import a_film, a_jpeg, a_photograph_with_a_position, a_recording, encoded, quarters


def sniffed(data: bytes, name: str = "") -> str:
    return probing.sniff(io.BytesIO(data), name)


def a_zip(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def a_zip_of(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("image_format", "mime_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
        ("JPEG2000", "image/jp2"),
    ],
)
def test_a_picture_is_known_and_measured_in_every_format_that_is_kept(image_format, mime_type):
    file = io.BytesIO(encoded(quarters(120, 80), image_format))

    assert probing.sniff(file) == mime_type
    facts = probing.probe_picture(file)
    assert (facts.width, facts.height) == (120, 80)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        (a_recording(), "audio/mpeg"),
        (a_recording(container="wav", codec="pcm_s16le"), "audio/wav"),
        (a_recording(container="flac", codec="flac"), "audio/flac"),
        (a_recording(container="adts", codec="aac"), "audio/aac"),
        (a_film(0.5), "video/mp4"),
        (a_film(0.5, container="mov"), "video/quicktime"),
        (a_film(0.5, container="matroska"), "video/x-matroska"),
        (a_film(0.5, container="webm", codec="libvpx"), "video/webm"),
        (a_film(0.5, container="avi", codec="mpeg4"), "video/x-msvideo"),
        (a_film(0.5, container="mpegts"), "video/mp2t"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n龙舟\n".encode(), "text/vtt"),
        ("1\r\n00:00:01,000 --> 00:00:02,000\r\n龍舟\r\n".encode("gb18030"), "application/x-subrip"),
        ("莞邑大事记，光绪间。".encode(), "text/plain"),
        ("莞邑大事记，光绪间。".encode("gb18030"), "text/plain"),
        ("\ufeff莞邑大事记".encode("utf-16-le"), "text/plain"),
        (("龙" * 4000).encode(), "text/plain"),
        (("x" + "龙" * 4000).encode("gb18030"), "text/plain"),
        (a_zip_of({"mimetype": "application/epub+zip", "内容.xhtml": "村史"}), "application/epub+zip"),
    ],
)
def test_a_file_is_known_by_its_bytes(data, mime_type):
    assert sniffed(data) == mime_type


@pytest.mark.parametrize("member", ["word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"])
def test_an_office_document_is_known_by_what_its_archive_holds(member):
    mime_type = sniffed(a_zip_of({"[Content_Types].xml": "<Types/>", member: "<x/>"}), "任意.zip")

    assert mime_type.startswith("application/vnd.openxmlformats-officedocument.")


def test_a_table_is_told_from_a_note_by_its_name_alone():
    assert sniffed("镇街,年份\n莞城,1978\n".encode(), "台账.CSV") == "text/csv"
    assert sniffed("镇街,年份\n莞城,1978\n".encode(), "台账.txt") == "text/plain"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>", "矢量图"),
        (a_zip(a="b"), "压缩包"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "认不出"),
        (b"#EXTM3U\n\x00http://169.254.169.254/", "认不出"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "文档"),
    ],
)
def test_what_is_not_kept_is_refused_with_the_reason(data, words):
    with pytest.raises(file_errors.RefusedFile) as refusal:
        sniffed(data, "照片.jpg")
    assert words in refusal.value.reason


def test_an_empty_file_is_unreadable():
    with pytest.raises(file_errors.UnreadableFile, match="空"):
        sniffed(b"")


def test_a_cut_off_office_document_is_unreadable():
    whole = a_zip_of({"[Content_Types].xml": "x" * 500, "word/document.xml": "y" * 500})
    with pytest.raises(file_errors.UnreadableFile):
        sniffed(whole[: len(whole) // 2])


def test_every_type_has_an_extension_of_its_own():
    extensions = [t.extension for t in FILE_TYPES]
    assert len(extensions) == len(set(extensions))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_measured_upright(orientation):
    facts = probing.probe_picture(io.BytesIO(a_photograph_with_a_position(400, 240, orientation)))

    assert facts.orientation == orientation
    assert (facts.width, facts.height) == ((400, 240) if orientation < 5 else (240, 400))


def test_a_picture_of_four_hundred_megapixels_is_refused_from_its_header():
    bomb = encoded(Image.new("1", (20_000, 20_000)), "PNG")

    with pytest.raises(file_errors.RefusedFile, match="20000×20000"):
        probing.probe_picture(io.BytesIO(bomb))


def test_samples_without_an_agreed_black_and_white_are_kept_and_shown_from_darkest_to_brightest():
    ramp = Image.new("F", (64, 64))
    ramp.putdata([x / 63 for _y in range(64) for x in range(64)])

    found = probing.look_inside(io.BytesIO(encoded(ramp, "TIFF")), "image/tiff")

    assert (found.width, found.height, found.unshown) == (64, 64, "")


def test_a_picture_that_nothing_decodes_is_kept_and_told_so():
    flat = encoded(Image.new("F", (20, 20), 0.5), "TIFF")

    found = probing.look_inside(io.BytesIO(flat), "image/tiff")

    assert (found.width, found.height) == (20, 20)
    assert found.unshown.startswith("已保存原件，暂不能显示")


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_a_cut_off_picture_is_found_though_its_header_is_whole(image_format):
    noise = Image.effect_noise((300, 300), 80).convert("RGB")
    data = encoded(noise, image_format)
    cut = io.BytesIO(data[: len(data) * 6 // 10])
    mime_type = probing.sniff(cut)

    with pytest.raises(file_errors.UnreadableFile):
        probing.look_inside(cut, mime_type)


def test_a_whole_picture_is_left_at_its_beginning():
    file = io.BytesIO(a_jpeg())
    probing.look_inside(file, "image/jpeg")
    assert file.tell() == 0


def test_a_film_tells_its_seconds_and_its_size():
    facts = probing.probe_film(io.BytesIO(a_film(2.0, sound=True)))

    assert facts.kind is FileKind.VIDEO
    assert facts.duration == pytest.approx(2.0, abs=0.15)
    assert (facts.width, facts.height) == (320, 240)
    assert facts.codecs == ("h264", "aac")


def test_a_film_with_oblong_pixels_is_measured_as_it_is_shown():
    facts = probing.probe_film(io.BytesIO(a_film(0.5, 720, 576, pixel_aspect=Fraction(16, 15))))

    assert (facts.width, facts.height) == (768, 576)


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (720, 576)), (90, (576, 720)), (-90, (576, 720)), (180, (720, 576))]
)
def test_a_film_held_upright_is_measured_upright(rotation, size):
    assert shown_size(720, 576, None, rotation) == size


def test_sound_in_a_film_container_is_a_recording():
    facts = probing.probe_film(io.BytesIO(a_recording(container="mp4", codec="aac")))

    assert facts.kind is FileKind.AUDIO
    assert facts.width is None


def test_a_cut_off_film_is_unreadable():
    data = a_film(2.0)
    with pytest.raises(file_errors.UnreadableFile):
        probing.probe_film(io.BytesIO(data[: len(data) // 2]))


def test_a_film_whose_pictures_are_rubbish_is_unreadable():
    data = bytearray(a_film(1.0))
    start = data.index(b"mdat") + 4
    data[start : start + 1500] = bytes(1500)

    with pytest.raises(file_errors.UnreadableFile):
        probing.probe_film(io.BytesIO(bytes(data)))


def test_a_playlist_called_mp4_is_never_given_to_the_film_library():
    playlist = b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n"

    with pytest.raises(file_errors.RefusedFile):
        probing.probe_film(io.BytesIO(playlist))


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("tiff_strip_cmyk_jpeg.tif", (100, 100)),
        ("g4_orientation_6.tif", (590, 88)),
        ("hopper_orientation_8.webp", (128, 128)),
        ("BigTIFF.tif", (64, 64)),
        ("g4-multi.tiff", (3307, 4677)),
        ("hopper_bad_exif.jpg", (500, 500)),
    ],
)
def test_real_pictures_are_measured(shared_data, name, size):
    with (shared_data / "images" / name).open("rb") as file:
        facts = probing.probe_picture(file)
        probing.look_inside(file, probing.sniff(file))
    assert (facts.width, facts.height) == size


@pytest.mark.parametrize(
    ("name", "size", "is_shown"),
    [
        ("old-style-jpeg-compression.tif", (4160, 870), True),
        ("hopper.Lab.tif", (128, 128), True),
        ("int16_rgb.tif", (64, 64), True),
        ("test-card-lossless.jp2", (640, 480), True),
        ("iphone.heic", (5712, 4284), True),
        ("tiled-cmyk-i8.tif", (490, 367), False),
    ],
)
def test_real_rare_pictures_are_kept(shared_data, name, size, is_shown):
    with (shared_data / "images" / name).open("rb") as file:
        found = probing.look_inside(file, probing.sniff(file))
    assert (found.width, found.height) == size
    assert found.unshown == "" if is_shown else found.unshown.startswith("已保存原件，暂不能显示")


def test_a_real_picture_that_was_cut_off_is_refused(shared_data):
    with (shared_data / "images" / "balloon_trunc2.jp2").open("rb") as file, pytest.raises(file_errors.UnreadableFile):
        probing.look_inside(file, probing.sniff(file))


@pytest.mark.parametrize(
    "name", ["apple-prores-422-proxy.mov", "hdv-720p60.mov", "jpeg2000.mov", "rabbit320.mp4", "rabbit320.webm"]
)
def test_real_films_tell_their_length(shared_data, name):
    with (shared_data / "av" / name).open("rb") as file:
        facts = probing.probe_film(file)
    assert facts.kind is FileKind.VIDEO
    assert facts.duration == pytest.approx(7.8 if "rabbit" in name else 1.0, abs=0.1)


@pytest.mark.parametrize(
    ("path", "mime_type"),
    [
        ("sheets/chinese-provinces.xls", "application/vnd.ms-excel"),
        (
            "sheets/poc-xmlbomb.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("sheets/streets_5000_gb18030.csv", "text/csv"),
        ("vtt/long_string_chinese.vtt", "text/vtt"),
        ("vtt/sample.srt", "application/x-subrip"),
        ("pdf/honglou-pinglun_vertical.pdf", "application/pdf"),
        ("books/guangdong-tongzhi", ""),
    ],
)
def test_real_documents_are_known(shared_data, path, mime_type):
    place = shared_data / path
    if place.is_dir():
        place, mime_type = next(place.glob("*.txt")), "text/plain"
    with place.open("rb") as file:
        assert probing.sniff(file, place.name) == mime_type
