"""What uploads refuse, whose they are, and what becomes of those that nobody goes on with."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection

from archive.editing.roles import ensure_town_group
from media_assets.models import ArchiveDocument, ArchiveImage, Upload, UploadState
from media_assets.uploading import protocol
from media_assets.uploading.carriers import carrier_of
from tests.factories import picture_bytes

from .browser import MIB, Browser, crc32, long_film

pytestmark = pytest.mark.django_db


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
    assert other.client.get(f"/media/uploads/{upload['id']}/").status_code == 404
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
    assert client.post("/media/uploads/create/", "{}", content_type="application/json").status_code == 401


def test_requests_from_other_sites_are_refused(local_place, django_user_model):
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("莞编辑", password="x"))

    assert client.post("/media/uploads/create/", "{}", content_type="application/json").status_code == 403
