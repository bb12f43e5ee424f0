"""Text leaves compressed for whoever can read it so; files leave as they are."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from archive.reading.compression import TextCompressionMiddleware

LONG = "栖澜县志 " * 200


def answered(response: HttpResponse, accepts: str = "gzip, br") -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return TextCompressionMiddleware(lambda _request: response)(request)


def test_a_page_is_compressed_for_whoever_reads_it_so(home, client):
    plain, packed = client.get("/"), client.get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_pages_in_traditional_characters_are_converted_before_they_are_compressed(home, client):
    client.cookies["script"] = "hant"
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert "zh-Hant" in gzip.decompress(packed.content).decode()


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/atom+xml", "application/json"])
def test_text_of_every_kind_is_compressed(kind):
    assert answered(HttpResponse(LONG, content_type=kind))["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("kind", ["video/mp4", "image/jpeg", "application/pdf"])
def test_a_file_keeps_its_length_so_that_parts_of_it_can_be_asked_for(tmp_path, kind):
    file = tmp_path / "film"
    file.write_bytes(LONG.encode())
    response = answered(FileResponse(file.open("rb"), content_type=kind))
    assert "Content-Encoding" not in response
    assert response["Content-Length"] == str(file.stat().st_size)


def test_the_same_page_is_never_of_the_same_length_twice_in_a_row_for_long():
    lengths = {len(answered(HttpResponse(LONG)).content) for _round in range(40)}
    assert len(lengths) > 1
