"""Who gets which file, and how it is handed over."""

import io
import logging
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.urls import reverse
from django.utils.http import http_date
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media_assets import delivery
from media_assets.delivery import Use, Verdict
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Scan
from media_assets.serving import UNSATISFIABLE, Blocks, byte_range
from media_assets.wagtail_hooks import ask_the_rule

from .made_files import a_film, a_jpeg, a_pdf, upload

PDF = a_pdf(bytes(range(256)) * 40)


@pytest.fixture
def image(db, media_root):
    return ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园舊影.jpg"))


@pytest.fixture
def scan(db, media_root):
    return Scan.objects.create(file=upload(a_jpeg(), "卷一_001.jpg"))


@pytest.fixture
def film(db, media_root):
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(a_film(1.0), "龙舟 竞渡.mp4"))
    film.refresh_from_db()  # with the still that a job has made of it
    return film


@pytest.fixture
def document(db, media_root):
    return ArchiveDocument.objects.create(title="东莞志", file=upload(PDF, "東莞縣志（民國）.pdf"))


def original_of(kind: str, asset) -> str:
    return reverse("media:original", args=[kind, asset.pk])


def body(response) -> bytes:
    return response.getvalue()


# --- the rule ---------------------------------------------------------------------------------------


def test_without_a_rule_everything_is_refused(image, film, document, client, editor_client):
    previous = delivery.set_rule(None)
    try:
        rendition = image.get_rendition("max-165x165")
        for url in (
            image.largest().url,
            film.url,
            document.url,
            original_of("image", image),
            image.file.url,
            rendition.url,
        ):
            assert editor_client.get(url).status_code == 404, url
    finally:
        delivery.set_rule(previous)


def test_every_address_asks_the_rule_about_its_asset(image, scan, film, document, rule, editor_client):
    rendition = image.get_rendition("max-165x165")
    expected = [
        (image.largest("webp").url, image, Use.DERIVATIVE),
        (scan.largest("jpeg").url, scan, Use.DERIVATIVE),
        (film.largest("jpeg").url, film, Use.DERIVATIVE),
        (film.url, film, Use.PLAY),
        (document.url, document, Use.DOWNLOAD),
        (original_of("image", image), image, Use.ORIGINAL),
        (original_of("scan", scan), scan, Use.ORIGINAL),
        (original_of("video", film), film, Use.ORIGINAL),
        (original_of("document", document), document, Use.ORIGINAL),
        (image.file.url, image, Use.ORIGINAL),
        (scan.file.url, scan, Use.ORIGINAL),
        (film.thumbnail.url, film, Use.CMS),
        (rendition.url, image, Use.CMS),
    ]
    for url, asset, use in expected:
        rule.asked.clear()
        assert editor_client.get(url).status_code == 200, url
        assert rule.asked == [(asset, use)], url

    rule.verdict = delivery.REFUSED
    for url, _asset, _use in expected:
        assert editor_client.get(url).status_code == 404, url


def test_originals_and_cms_pictures_need_a_login_whatever_the_rule_says(image, film, rule, client):
    rendition = image.get_rendition("max-165x165")
    rule.asked.clear()

    for url in (original_of("image", image), image.file.url, film.thumbnail.url, rendition.url):
        assert client.get(url).status_code == 404, url
    assert rule.asked == []


def test_a_login_without_the_cms_is_not_enough(image, rule, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("读者", "duzhe@example.cn", "密码-long-enough"))

    assert client.get(original_of("image", image)).status_code == 404


def test_what_is_refused_looks_like_what_does_not_exist(image, document, rule, client):
    rule.verdict = delivery.REFUSED
    addresses = image.largest().url, reverse("media:derivative", args=["0" * 40, "jpg"])
    refused, unknown = (client.get(address) for address in addresses)

    assert refused.status_code == unknown.status_code == 404
    # The page for 404 offers to show the same address in other characters: that alone may differ.
    pages = [
        page.content.decode().replace(quote(url, safe=""), "")
        for page, url in zip((refused, unknown), addresses, strict=True)
    ]
    assert pages[0] == pages[1]
    assert "Content-Disposition" not in client.get(document.url)
    assert client.get(reverse("media:document", args=[document.pk, "别的名字.pdf"])).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/o/page/1/",
        "/media/o/image/999999/",
        "/media/f/../../etc/passwd",
        "/media/f/originals/00/none.jpg",
        "/media/cms/..%2f..%2fsettings.py",
        "/media/p/" + "0" * 40 + ".jpg",
    ],
)
def test_addresses_that_name_nothing_are_not_found(db, rule, editor_client, path):
    assert editor_client.get(path).status_code == 404


def test_nothing_may_be_posted(image, rule, client):
    assert client.post(image.largest().url).status_code == 405


def test_the_files_of_derivatives_have_no_address_of_their_own(image):
    with pytest.raises(ValueError, match="address"):
        image.largest().file.url  # noqa: B018


def test_a_file_that_the_storage_has_lost_is_not_found_and_is_logged(image, rule, client, caplog):
    row = image.largest()
    row.file.storage.remove(row.file.name)

    with caplog.at_level(logging.ERROR):
        assert client.get(row.url).status_code == 404
    assert row.file.name in caplog.text


# --- headers ----------------------------------------------------------------------------------------


def test_a_public_picture_may_be_cached_for_an_hour_and_a_private_one_not_at_all(image, rule, client):
    public = client.get(image.largest("webp").url)
    rule.verdict = Verdict(allowed=True, cache="private")
    private = client.get(image.largest("webp").url)

    assert public["Cache-Control"] == "public, max-age=3600"
    assert private["Cache-Control"] == "private, no-store"


def test_a_picture_comes_with_its_type_and_no_powers(image, rule, client):
    response = client.get(image.largest("webp").url)

    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert body(response)[8:12] == b"WEBP"


def test_an_original_is_handed_over_under_its_chinese_name(image, rule, editor_client):
    response = editor_client.get(original_of("image", image))

    assert response["Content-Disposition"] == ("attachment; filename*=utf-8''%E5%8F%AF%E5%9B%AD%E8%88%8A%E5%BD%B1.jpg")
    assert body(response) == a_jpeg()


def test_a_document_is_shown_or_kept(document, db, media_root, rule, client):
    shown, kept = client.get(document.url), client.get(document.url + "?download")
    note = ArchiveDocument.objects.create(title="x", file=upload("<b>凡例".encode(), "凡例.txt"))

    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%9D%B1")
    assert "sandbox" not in shown["Content-Security-Policy"]
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert kept["Content-Disposition"].startswith("attachment;")
    assert client.get(note.url)["Content-Disposition"].startswith("attachment;")
    assert client.get(note.url)["Content-Type"] == "text/plain"


def test_subtitles_are_given_to_the_player_as_subtitles(db, media_root, rule, client):
    subtitles = ArchiveDocument.objects.create(
        title="字幕", file=upload("WEBVTT\n\n00:01.000 --> 00:02.000\n龙舟\n".encode(), "字幕.vtt")
    )
    response = client.get(subtitles.url)

    assert response["Content-Type"] == "text/vtt"
    assert response["Content-Disposition"].startswith("inline")


def test_a_link_cannot_put_another_name_on_a_document(document, rule, client):
    response = client.get(reverse("media:document", args=[document.pk, "政府公告.pdf"]))

    assert response.status_code == 302
    assert response["Location"] == document.url


def test_the_browser_that_has_it_already_gets_nothing_again(image, film, rule, client):
    for url in (image.largest().url, film.url):
        first = client.get(url)
        by_tag = client.get(url, headers={"If-None-Match": first["ETag"]})
        by_date = client.get(url, headers={"If-Modified-Since": first["Last-Modified"]})

        assert (by_tag.status_code, by_date.status_code) == (304, 304)
        assert by_tag["Cache-Control"] == first["Cache-Control"]
        assert by_tag.content == b""
    assert len(rule.asked) == 6


def test_a_new_file_has_a_new_validator(document, rule, client):
    before = client.get(document.url)["ETag"]
    document.file = ContentFile(PDF + b"\n", name="東莞縣志（民國）.pdf")
    document.save()

    assert client.get(document.url)["ETag"] != before
    assert client.get(document.url, headers={"If-None-Match": before}).status_code == 200


# --- ranges -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", (0, 999)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("Bytes = 990 - 5000", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=1000-", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("bytes=１-２", None),
        ("items=0-5", None),
        ("bytes=" + "9" * 200 + "-", None),
        ("", None),
    ],
)
def test_a_range_is_understood_as_the_standard_says(header, expected):
    assert byte_range(header, 1000) == expected


def test_no_part_of_an_empty_file_can_be_had():
    assert byte_range("bytes=0-", 0) == UNSATISFIABLE
    assert byte_range("bytes=-5", 0) == UNSATISFIABLE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(first=st.integers(0, 12_000), length=st.integers(1, 12_000))
def test_any_range_is_the_same_as_the_slice(document, rule, client, first, length):
    response = client.get(document.url, headers={"Range": f"bytes={first}-{first + length - 1}"})
    expected = PDF[first : first + length]

    if not expected:
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{len(PDF)}"
        return
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(PDF)}"
    assert int(response["Content-Length"]) == len(expected)
    assert body(response) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(length=st.integers(1, 12_000))
def test_any_number_of_last_bytes_can_be_had(document, rule, client, length):
    response = client.get(document.url, headers={"Range": f"bytes=-{length}"})

    assert response.status_code == 206
    assert body(response) == PDF[-length:]


def test_several_ranges_at_once_are_answered_with_the_whole(document, rule, client):
    response = client.get(document.url, headers={"Range": "bytes=0-1,4-5"})

    assert response.status_code == 200
    assert body(response) == PDF


def test_a_range_of_a_version_that_is_gone_is_answered_with_the_whole(document, rule, client):
    now = client.get(document.url)
    part = {"Range": "bytes=0-9"}

    assert client.get(document.url, headers=part | {"If-Range": now["ETag"]}).status_code == 206
    assert client.get(document.url, headers=part | {"If-Range": now["Last-Modified"]}).status_code == 206
    assert client.get(document.url, headers=part | {"If-Range": '"别的"'.encode().decode("latin-1")}).status_code == 200
    assert client.get(document.url, headers=part | {"If-Range": http_date(0)}).status_code == 200


def test_head_tells_the_length_and_opens_nothing(document, rule, client, monkeypatch):
    monkeypatch.setattr(type(storages["default"]), "open", lambda *args, **kwargs: pytest.fail("opened"))
    response = client.head(document.url)
    part = client.head(document.url, headers={"Range": "bytes=5-9"})

    assert response.status_code == 200
    assert int(response["Content-Length"]) == len(PDF)
    assert (part.status_code, part["Content-Length"]) == (206, "5")
    assert response.content == part.content == b""


def test_the_file_is_closed_however_the_response_ends(document, rule, client, monkeypatch):
    opened = []
    keep = type(storages["default"]).open_part

    def remember(self, *args):
        opened.append(keep(self, *args))
        return opened[-1]

    monkeypatch.setattr(type(storages["default"]), "open_part", remember)
    body(client.get(document.url))
    client.get(document.url).close()
    assert [part.closed for part in opened] == [True, True]

    cut_off = Blocks(io.BytesIO(PDF), len(PDF))
    next(iter(cut_off))
    cut_off.close()

    assert cut_off.file.closed


def test_a_large_file_is_handed_over_in_blocks():
    sizes = [len(block) for block in Blocks(io.BytesIO(bytes(300_000)), 290_000)]

    assert sum(sizes) == 290_000
    assert max(sizes) <= 256 * 1024


# --- Wagtail's own address --------------------------------------------------------------------------


def test_wagtails_document_hook_asks_the_same_rule(document, rule, rf, django_user_model):
    request = rf.get("/documents/1/x")
    assert body(ask_the_rule(document, request)) == PDF
    assert rule.asked == [(document, Use.DOWNLOAD)]

    rule.verdict = delivery.REFUSED
    with pytest.raises(Http404):
        ask_the_rule(document, request)
