"""What every storage must do, on local folders and on a real S3-compatible server alike."""

import hashlib
import io
import random
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile

from media_assets import intake
from media_assets.filetypes import FileKind
from tests.media_assets.made_files import a_jpeg

MIB = 1024 * 1024


def stored(place, data: bytes, name: str = "ab/cdef.jpg", alias: str = "default") -> str:
    return place.storages[alias].save(name, ContentFile(data))


def random_bytes(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


class BreaksOff(io.RawIOBase):
    """A source that fails after so many bytes, as a network share or a cut connection does."""

    def __init__(self, good: int):
        self._left = good

    def seek(self, offset, whence=0):
        return 0

    def read(self, size=-1):
        if self._left <= 0:
            raise ConnectionResetError("来源中断")
        block = bytes(min(size if size > 0 else MIB, self._left))
        self._left -= len(block)
        return block


@pytest.mark.parametrize("name", ["imports/ab/cdef.bin", "avatar_images/陳伯陶.JPEG", "ab/無尾"])
def test_a_file_whose_extension_says_nothing_is_stored_all_the_same(place, name):
    stored(place, b"\x00\x01", name)

    with place.storages["default"].open(name) as file:
        assert file.read() == b"\x00\x01"


def test_what_is_stored_comes_back_byte_for_byte(place):
    data = random_bytes(3 * MIB + 17)
    name = stored(place, data)

    storage = place.storages["default"]
    with storage.open(name) as file:
        assert hashlib.sha256(file.read()).digest() == hashlib.sha256(data).digest()
    size, modified = storage.stat(name)
    assert size == len(data) == storage.size(name)
    assert abs(modified - datetime.now(UTC)) < timedelta(minutes=2)
    assert [(f.name, f.size) for f in storage.files()] == [(name, len(data))]
    assert storage.exists(name)


def test_a_file_of_many_parts_comes_back_whole(place):
    data = random_bytes(40 * MIB)
    name = stored(place, data)

    with place.storages["default"].open(name) as file:
        digest = hashlib.sha256()
        for block in file.chunks():
            digest.update(block)
    assert digest.digest() == hashlib.sha256(data).digest()


def test_an_upload_that_lies_on_disk_is_taken_over(place):
    upload = TemporaryUploadedFile("龙舟.mp4", "video/mp4", 0, None)
    upload.write(b"0123456789")
    upload.size = 10
    upload.seek(0)

    name = place.storages["default"].save("ab/film.mp4", upload)

    with place.storages["default"].open(name) as file:
        assert file.read() == b"0123456789"


def test_parts_are_read_without_the_rest(place):
    data = random_bytes(2 * MIB)
    name = stored(place, data)

    part = place.storages["default"].open_part(name, 1_000_000, 500)
    try:
        assert part.read(500) == data[1_000_000:1_000_500]
    finally:
        part.close()


def test_a_reader_may_leap_about(place):
    data = random_bytes(9 * MIB)
    name = stored(place, data)
    dice = random.Random(3)

    with place.storages["default"].open(name) as file:
        for _ in range(30):
            start, length = dice.randrange(len(data)), dice.randrange(200_000)
            file.seek(start)
            assert file.read(length) == data[start : start + length]
        file.seek(-5, io.SEEK_END)
        assert file.read() == data[-5:]
        assert file.read(1) == b""
    with file.open() as again:
        assert again.read(10) == data[:10]


@pytest.mark.parametrize("good", [10_000, 20 * MIB])
def test_a_source_that_breaks_off_leaves_nothing_behind(place, good):
    content = File(BreaksOff(good), name="x.jpg")
    content.size = 64 * MIB

    with pytest.raises(OSError):
        place.storages["default"].save("ab/broken.jpg", content)

    assert not place.storages["default"].exists("ab/broken.jpg")
    assert place.names() == []
    if place.server is not None:
        uploads = place.server.root_client().list_multipart_uploads(Bucket=place.server.bucket, Prefix=place.prefix)
        assert uploads.get("Uploads", []) == []


def test_a_source_that_ends_early_is_not_taken_for_whole(local_place):
    content = ContentFile(b"only this")
    content.size = 1000

    with pytest.raises(OSError):
        local_place.storages["default"].save("ab/short.jpg", content)

    assert local_place.names() == []


@pytest.mark.parametrize("mode", ["wb", "ab", "rb+", "w"])
def test_nothing_is_written_in_place(place, mode):
    with pytest.raises(ValueError, match="whole"):
        place.storages["default"].open("ab/cdef.jpg", mode)


def test_what_is_not_there_is_said_to_be_missing(place):
    storage = place.storages["default"]
    for ask in (
        lambda: storage.stat("ab/none.jpg"),
        lambda: storage.open("ab/none.jpg").read(),
        lambda: storage.open_part("ab/none.jpg", 0, 10),
        lambda: storage.size("ab/none.jpg"),
    ):
        with pytest.raises(FileNotFoundError):
            ask()
    assert not storage.exists("ab/none.jpg")
    storage.remove("ab/none.jpg")


@pytest.mark.parametrize("name", ["../outside.jpg", "ab/../../outside.jpg", "/etc/passwd.jpg"])
def test_no_name_leads_out_of_the_storage(place, name):
    with pytest.raises(Exception, match="Suspicious|traversal|denied|Detected"):
        place.storages["default"].save(name, ContentFile(b"x"))


def test_files_are_listed_by_the_beginning_of_their_names(place):
    for name in ("ab/1.jpg", "ab/2.jpg", "ac/3.jpg"):
        stored(place, b"x", name)

    assert [f.name for f in place.storages["default"].files("ab/")] == ["ab/1.jpg", "ab/2.jpg"]
    assert [f.name for f in place.storages["default"].files("a")] == ["ab/1.jpg", "ab/2.jpg", "ac/3.jpg"]
    assert list(place.storages["default"].files("zz/")) == []


def test_a_copy_in_public_has_its_own_life(place):
    data = a_jpeg(40, 30)
    name = stored(place, data, alias="derivatives")
    public = place.storages["public"]

    for _attempt in range(2):  # done again after a kill
        public.take(place.storages["derivatives"], name, "ab/token/w320.jpg")
    place.storages["derivatives"].delete(name)

    with public.open("ab/token/w320.jpg") as file:
        assert file.read() == data
    assert len(place.names()) == 1


class TestOnS3:
    """What an object tells of itself, and who may fetch it."""

    def fetch(self, url: str, **headers) -> tuple[int, dict, bytes]:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:  # noqa: S310
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {}, error.read()

    def original(self, place) -> str:
        content = ContentFile(a_jpeg(40, 30), "可园一九三六年.html")
        intake.facts_of(content, content.name, {FileKind.IMAGE})
        return place.storages["default"].save("ab/cdef.jpg", content)

    def test_type_and_original_name_are_kept_with_the_object(self, s3_place):
        storage = s3_place.storages["default"]
        head = storage.client.head_object(**storage.place(self.original(s3_place)))

        assert head["ContentType"] == "image/jpeg"
        assert unquote(head["Metadata"]["original-name"]) == "可园一九三六年.html"
        with storage.open("ab/cdef.jpg") as file:
            assert head["Metadata"]["sha256"] == hashlib.sha256(file.read()).hexdigest()

    def test_only_public_copies_answer_without_a_signature(self, s3_place):
        name = self.original(s3_place)
        s3_place.storages["public"].take(s3_place.storages["default"], name, "ab/t/w320.jpg")

        status, headers, body = self.fetch(s3_place.storages["public"].url("ab/t/w320.jpg"))
        assert (status, headers["content-type"], headers["cache-control"]) == (
            200,
            "image/jpeg",
            "public, max-age=3600",
        )
        assert body == a_jpeg(40, 30)
        bucket = f"{s3_place.server.endpoint}/{s3_place.server.bucket}"
        for key in s3_place.names():
            expected = 200 if key.startswith(f"{s3_place.prefix}/public/") else 403
            assert self.fetch(f"{bucket}/{key}")[0] == expected
        assert self.fetch(f"{bucket}/?list-type=2")[0] == 403

    def test_a_signed_link_gives_one_file_under_its_own_name_for_a_while(self, s3_place):
        storage = s3_place.storages["default"]
        name = self.original(s3_place)
        link = storage.signed_link(
            name, mime_type="image/jpeg", disposition="attachment; filename*=utf-8''%E5%8F%AF%E5%9B%AD.jpg", seconds=60
        )

        status, headers, body = self.fetch(link, Range="bytes=0-1")
        assert (status, headers["content-type"], body) == (206, "image/jpeg", b"\xff\xd8")
        assert headers["content-disposition"] == "attachment; filename*=utf-8''%E5%8F%AF%E5%9B%AD.jpg"
        assert headers["cache-control"] == "private, no-store"
        assert self.fetch(link.replace("cdef", "cdee"))[0] == 403
        assert self.fetch(link.replace("attachment", "inline"))[0] == 403
        assert self.fetch(link.replace("Expires=60", "Expires=6000"))[0] == 403

    def test_a_signed_link_runs_out(self, s3_place):
        link = s3_place.storages["default"].signed_link(self.original(s3_place), mime_type="image/jpeg", seconds=1)
        time.sleep(2.2)

        assert self.fetch(link)[0] == 403
