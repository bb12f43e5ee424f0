"""Uploads in parts: what holds for parts that the museum keeps holds for those that the storage keeps."""

import base64
import hashlib
import json
import time
import zlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection

from archive.editing.roles import ensure_town_group
from media_assets.jobs import drain
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Upload, UploadState
from media_assets.uploading import protocol
from media_assets.uploading.carriers import carrier_of
from tests.factories import picture_bytes
from tests.media_assets.made_files import a_film

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _folder_of_parts(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "parts"
    settings.UPLOAD_PART_BYTES = 5 * MIB


def crc32(data: bytes) -> str:
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


@dataclass
class Browser:
    """What the page's own script does, step by step."""

    client: Client
    collection: Collection

    def post(self, address: str, **body):
        return self.client.post(f"/admin/media/uploads/{address}", json.dumps(body), content_type="application/json")

    def begin(self, *files: tuple[str, bytes], group: str = "", modified: int = 1_700_000_000_000) -> list[dict]:
        told = [{"path": name, "size": len(data), "modified": modified} for name, data in files]
        answer = self.post("create/", collection=self.collection.pk, group=group, files=told)
        assert answer.status_code == 200, answer.content
        return answer.json()["uploads"]

    def address(self, upload: dict, number: int, checksum: str) -> dict:
        part = {"upload": upload["id"], "number": number, "checksum": checksum}
        return self.post("sign/", parts=[part]).json()["addresses"][0]

    def put(self, address: dict, data: bytes) -> int:
        if address["url"].startswith("/"):
            return self.client.put(address["url"], data, content_type="application/octet-stream").status_code
        return requests.put(address["url"], data=data, headers=address["headers"], timeout=20).status_code

    def send(self, upload: dict, data: bytes, numbers=None) -> None:
        size = upload["partSize"]
        for number in numbers or range(1, -(-len(data) // size) + 1):
            part = data[(number - 1) * size : number * size]
            assert self.put(self.address(upload, number, crc32(part)), part) in (200, 204)

    def complete(self, upload: dict, **body):
        return self.post(f"{upload['id']}/complete/", **body)

    def state(self, upload: dict) -> dict:
        return self.client.get(f"/admin/media/uploads/{upload['id']}/").json()


@pytest.fixture
def collection(db) -> Collection:
    return Collection.get_first_root_node().add_child(name="照片")


@pytest.fixture
def page(place, collection, django_user_model) -> Browser:
    """The page of an editor, in front of each storage in turn."""
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("莞编辑", password="x"))
    return Browser(client, collection)


def long_film() -> bytes:
    """Twelve megabytes, so that it needs three parts: a film, and a box behind it that players pass over."""
    film = a_film(1.0)
    filling = bytes(range(256)) * (12 * 4096 - len(film) // 256)
    return film + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling


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


def test_hostile_content_is_refused_with_the_reason_and_leaves_nothing(page, place):
    data = b"<html><script>fetch('/')</script></html>"
    (upload,) = page.begin(("码头.jpg", data))
    page.send(upload, data)

    told = page.complete(upload).json()

    assert told["state"] == "refused"
    assert "网页" in told["reason"]
    assert not ArchiveImage.objects.exists()
    row = Upload.objects.get()
    assert carrier_of(row).parts(row) == []


def test_a_file_is_kept_under_the_type_that_it_is(page):
    data = picture_bytes(image_format="PNG")
    (upload,) = page.begin(("碼頭.jpg", data))
    page.send(upload, data)
    page.complete(upload)

    image = ArchiveImage.objects.get()
    assert (image.mime_type, image.file.name[-4:]) == ("image/png", ".png")
    with image.file.open() as stored:
        assert stored.read() == data


def test_names_of_types_that_are_not_kept_and_empty_files_are_refused_at_once(page):
    program, nothing, good = page.begin(("安装.exe", b"MZ"), ("空.jpg", b""), ("好.jpg", picture_bytes()))

    assert "不收" in program["refused"]
    assert "空" in nothing["refused"]
    assert good["state"] == "uploading"


def test_names_keep_neither_paths_nor_invisible_characters(page):
    (upload,) = page.begin(("../../民國\\廿五年/可園\u202egpj.jpg", picture_bytes()))

    assert upload["name"] == "可園gpj.jpg"


def test_a_file_over_its_kinds_limit_and_one_over_the_quota_are_refused_at_once(page, settings):
    settings.MEDIA_MAX_BYTES = {"image": 1000}
    settings.UPLOAD_BYTES_UNDER_WAY = 20 * MIB
    film = bytes(12 * MIB)

    large, first, second = page.begin(("大.jpg", bytes(1001)), ("一.mp4", film), ("二.mp4", film))

    assert "文件过大" in large["refused"]
    assert first["state"] == "uploading"
    assert "总量" in second["refused"]


def test_an_upload_is_its_owners_alone(page, django_user_model):
    data = picture_bytes()
    (upload,) = page.begin(("码头.jpg", data))
    address = page.address(upload, 1, crc32(data))
    other = Browser(Client(), page.collection)
    other.client.force_login(django_user_model.objects.create_superuser("另一位", password="x"))

    assert (
        other.post("sign/", parts=[{"upload": upload["id"], "number": 1, "checksum": crc32(data)}]).status_code == 404
    )
    assert other.complete(upload).status_code == 404
    assert other.post(f"{upload['id']}/abort/").status_code == 404
    assert other.client.get(f"/admin/media/uploads/{upload['id']}/").status_code == 404
    assert other.post("states/", uploads=[upload["id"]]).json() == {"uploads": []}
    if address["url"].startswith("/"):
        assert other.put(address, data) == 404
    (own,) = other.begin(("码头.jpg", data))
    assert own["id"] != upload["id"]


def test_a_town_contributor_adds_to_the_own_collection_alone(place, home, collection, django_user_model):
    own = Collection.get_first_root_node().add_child(name="石龙镇")
    person = django_user_model.objects.create_user("石龙", password="x")
    person.groups.add(ensure_town_group("石龙镇", [], own))
    client = Client()
    client.force_login(person)
    data = picture_bytes()

    (refused,) = Browser(client, collection).begin(("码头.jpg", data))
    (taken,) = Browser(client, own).begin(("码头.jpg", data))

    assert "不能往这个文件夹" in refused["refused"]
    assert taken["state"] == "uploading"


def test_whoever_lost_the_right_meanwhile_adds_nothing(place, home, django_user_model):
    own = Collection.get_first_root_node().add_child(name="石龙镇")
    person = django_user_model.objects.create_user("石龙", password="x")
    group = ensure_town_group("石龙镇", [], own)
    person.groups.add(group)
    client = Client()
    client.force_login(person)
    page, data = Browser(client, own), picture_bytes()
    (upload,) = page.begin(("码头.jpg", data))
    page.send(upload, data)
    group.collection_permissions.all().delete()

    assert page.complete(upload).json()["state"] == "refused"
    assert not ArchiveImage.objects.exists()


def test_what_was_given_up_is_gone_and_takes_nothing_more(page, place):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data, [1])
    row = Upload.objects.get()

    assert page.post(f"{upload['id']}/abort/").json()["state"] == "cancelled"

    assert carrier_of(row).parts(row) == []
    assert page.complete(upload).status_code == 410
    assert page.post("sign/", parts=[{"upload": upload["id"], "number": 2, "checksum": crc32(data)}]).status_code == 410
    (anew,) = page.begin(("片.mp4", data))
    assert anew["id"] != upload["id"]


def test_what_nobody_goes_on_with_is_cleared_away_on_the_storage_too(page):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    (fresh,) = page.begin(("另一片.mp4", data))
    page.send(upload, data, [1])
    row = Upload.objects.get(pk=upload["id"])
    Upload.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    assert protocol.expire() == 1

    row.refresh_from_db()
    assert row.state == UploadState.EXPIRED
    assert "没有续传" in row.reason
    assert carrier_of(row).parts(row) == []
    assert page.complete(upload).status_code == 410
    assert page.state(fresh)["state"] == "uploading"


def test_parts_that_no_row_speaks_for_are_swept(page, place):
    data = long_film()
    (upload,) = page.begin(("片.mp4", data))
    page.send(upload, data, [1])
    row = Upload.objects.get()
    Upload.objects.all().delete()

    assert carrier_of(row).sweep(set(), timedelta(0)) == 1
    assert carrier_of(row).parts(row) == []


def test_an_upload_that_the_museum_moved_away_from_begins_anew_and_expires(local_place, collection, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("莞编辑", password="x"))
    page, data = Browser(client, collection), picture_bytes()
    (upload,) = page.begin(("码头.jpg", data))
    Upload.objects.update(carrier="s3", storage_id="of-a-bucket-that-is-gone")

    page.send(upload, data)
    Upload.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert protocol.expire() == 1
    assert Upload.objects.get().state == UploadState.EXPIRED


def test_a_document_comes_in_too(page):
    data = "石龙,码头\n".encode()
    (upload,) = page.begin(("清单.csv", data))
    page.send(upload, data)

    assert page.complete(upload).json()["state"] == "accepted"
    assert ArchiveDocument.objects.get().original_name == "清单.csv"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"collection": 1, "files": "no"},
        {"collection": 1, "files": [{"path": "a.jpg", "size": -1}]},
        {"collection": 1, "files": [{"path": "a.jpg", "size": True}]},
        {"collection": "x", "files": [{"path": "a.jpg", "size": 1}]},
        {"collection": 1, "files": [{"path": 5, "size": 1}]},
    ],
)
def test_a_request_that_makes_no_sense_is_answered_with_400(local_place, administrator, body):
    answer = Browser(administrator, None).post("create/", **body)

    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_who_is_not_signed_in_is_sent_to_the_door(client, db):
    assert client.post("/admin/media/uploads/create/", "{}", content_type="application/json").status_code in (302, 401)


def test_requests_from_other_sites_are_refused(local_place, django_user_model):
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("莞编辑", password="x"))

    assert client.post("/admin/media/uploads/create/", "{}", content_type="application/json").status_code == 403
