"""Uploads in parts: what holds for parts that the museum keeps holds for those that the storage keeps."""

import hashlib
import time

import pytest

from media_assets.jobs import drain
from media_assets.models import ArchiveImage, ArchiveVideo, Upload
from media_assets.uploading.carriers import carrier_of
from tests.factories import picture_bytes

from .browser import MIB, crc32, long_film

pytestmark = pytest.mark.django_db


def test_a_file_of_one_part_becomes_a_picture_and_nothing_is_left_beside_it(page, place):
    data = picture_bytes()
    (upload,) = page.begin(("相册/一九三六/码头旧影.jpg", data))
    assert not ArchiveImage.objects.exists()
    page.send(upload, data)
    assert not ArchiveImage.objects.exists(), "nothing is in the library before it is whole and examined"

    assert page.complete(upload).json()["state"] == "accepted"

    image = ArchiveImage.objects.get()
    assert (image.title, image.original_name) == ("码头旧影", "码头旧影.jpg")
    assert (image.width, image.height, image.file_size) == (400, 300, len(data))
    assert image.sha256 == hashlib.sha256(data).hexdigest()
    assert image.collection == page.collection
    assert image.uploaded_by_user.username == "莞编辑"
    assert image.derivatives.exists()
    with image.file.open() as stored:
        assert stored.read() == data
    assert len([name for name in place.names() if "originals/" in name]) == 1
    assert Upload.objects.get().asset_id == image.pk


def test_a_film_in_three_parts_is_byte_for_byte_what_was_sent(page):
    data = long_film()
    (upload,) = page.begin(("龍舟競渡.mp4", data))
    page.send(upload, data, [3, 1, 2])

    page.complete(upload, checksums={"1": crc32(data[: 5 * MIB])})

    film = ArchiveVideo.objects.get()
    assert film.sha256 == hashlib.sha256(data).hexdigest()
    assert film.duration == pytest.approx(1.0, abs=0.2)


def test_the_same_file_chosen_again_goes_on_from_the_last_part(page):
    data = long_film()
    (upload,) = page.begin(("龍舟競渡.mp4", data))
    page.send(upload, data, [1, 2])

    (again,) = page.begin(("龍舟競渡.mp4", data))

    assert again["id"] == upload["id"]
    assert [(part["number"], part["length"]) for part in again["parts"]] == [(1, 5 * MIB), (2, 5 * MIB)]
    assert again["parts"][0]["checksum"] == crc32(data[: 5 * MIB])
    page.send(again, data, [3])
    assert page.complete(again).json()["state"] == "accepted"


def test_a_file_of_another_time_or_size_is_another_upload(page):
    data = long_film()
    (upload,) = page.begin(("龍舟競渡.mp4", data))
    (later,) = page.begin(("龍舟競渡.mp4", data), modified=1_700_000_000_001)
    (longer,) = page.begin(("龍舟競渡.mp4", data + b"\0"))

    assert len({upload["id"], later["id"], longer["id"]}) == 3


def test_two_files_of_one_name_in_two_folders_are_two_uploads(page):
    data = picture_bytes()
    first, second = page.begin(("东/001.jpg", data), ("西/001.jpg", data))
    again = page.begin(("西/001.jpg", data), ("东/001.jpg", data))

    assert first["id"] != second["id"]
    assert [upload["id"] for upload in again] == [second["id"], first["id"]]


def test_what_was_taken_in_already_is_not_sent_twice_within_its_group(page):
    data = picture_bytes()
    (upload,) = page.begin(("码头.jpg", data), group="a" * 32)
    page.send(upload, data)
    page.complete(upload)

    (again,) = page.begin(("码头.jpg", data), group="a" * 32)
    (elsewhere,) = page.begin(("码头.jpg", data), group="b" * 32)

    assert (again["id"], again["state"]) == (upload["id"], "accepted")
    assert elsewhere["state"] == "uploading"


def test_a_gap_is_answered_with_what_is_missing(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data, [1, 3])

    answer = page.complete(upload)

    assert answer.status_code == 409
    assert (answer.json()["missing"], answer.json()["wrong"]) == ([2], [])
    assert not ArchiveVideo.objects.exists()
    page.send(upload, data, [2])
    assert page.complete(upload).json()["state"] == "accepted"


def test_a_part_of_an_older_version_of_the_file_is_found_by_its_checksum(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, b"\1" + data[1:])

    answer = page.complete(upload, checksums={"1": crc32(data[: 5 * MIB])})

    assert (answer.status_code, answer.json()["wrong"]) == (409, [1])
    time.sleep(1.1)  # the test server lists both versions of a part, and tells their age in whole seconds
    page.send(upload, data, [1])
    assert page.complete(upload, checksums={"1": crc32(data[: 5 * MIB])}).json()["state"] == "accepted"
    assert ArchiveVideo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_a_small_file_that_was_changed_meanwhile_can_be_sent_anew(page):
    old, new = picture_bytes(), picture_bytes()
    new = new + b"\0" * max(len(old) - len(new), 0)
    old = old + b"\0" * (len(new) - len(old))
    (upload,) = page.begin(("码头.jpg", old))
    page.send(upload, old)

    assert page.complete(upload, checksums={"1": crc32(new)}).json()["wrong"] == [1]
    page.send(upload, new)
    assert page.complete(upload, checksums={"1": crc32(new)}).json()["state"] == "accepted"


def test_bytes_that_are_not_those_announced_are_refused(page):
    data = picture_bytes()
    (upload,) = page.begin(("码头.jpg", data))
    address = page.address(upload, 1, crc32(data))

    assert page.put(address, data[:-1] + b"\7") >= 400
    assert page.put(address, data + b"more") >= 400
    assert page.put(address, data[:-5]) >= 400

    assert page.complete(upload).status_code == 409
    assert page.state(upload)["parts"] == []


def test_an_address_is_good_for_its_own_part_alone(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    first, second = data[: 5 * MIB], data[5 * MIB : 10 * MIB]
    address = page.address(upload, 1, crc32(first))
    forged = {"url": address["url"].replace("partNumber=1", "partNumber=2"), "headers": address["headers"]}
    if forged["url"].startswith("/"):
        forged["url"] = forged["url"].replace(":1:", ":2:")

    assert page.put(forged, first) in (403, 400)
    assert page.put(address, second) >= 400
    assert page.state(upload)["parts"] == []


def test_a_finished_file_is_not_overwritten_by_an_address_that_is_still_good(page):
    data = picture_bytes()
    (upload,) = page.begin(("码头.jpg", data))
    address = page.address(upload, 1, crc32(data))
    assert page.put(address, data) in (200, 204)
    page.complete(upload)

    assert page.put(address, data) >= 400


def test_a_part_that_is_sent_twice_counts_once(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data)
    page.send(upload, data, [2])

    assert [part["number"] for part in page.state(upload)["parts"]] == [1, 2, 3]
    assert page.complete(upload).json()["state"] == "accepted"


def test_many_are_completed_in_one_question_each_with_its_own_answer(page):
    files = [(f"龙舟{number}.jpg", picture_bytes()) for number in range(3)]
    whole, lacking, given_up = page.begin(*files)
    page.send(whole, files[0][1])
    page.post(f"{given_up['id']}/abort/")

    asked = [{"id": upload["id"]} for upload in (whole, lacking, given_up)] + [{"id": 10**6}]
    answers = page.post("complete/", uploads=asked).json()["uploads"]

    assert answers[0]["state"] == "accepted"
    assert (answers[1]["status"], answers[1]["missing"]) == (409, [1])
    assert [answer["status"] for answer in answers[2:]] == [410, 404]


def test_completing_twice_makes_one_film(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data)

    answers = [page.complete(upload), page.complete(upload)]

    assert [answer.json()["state"] for answer in answers] == ["accepted", "accepted"]
    assert ArchiveVideo.objects.count() == 1


def test_a_worker_killed_after_the_parts_were_joined_goes_on_behind_that(page, settings):
    settings.MEDIA_JOBS_IN_PLACE = False
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data)
    assert page.complete(upload).status_code == 202
    row = Upload.objects.get()
    carrier_of(row).finish(row)

    drain()

    assert ArchiveVideo.objects.get().sha256 == hashlib.sha256(data).hexdigest()
    assert page.state(upload)["state"] == "accepted"
