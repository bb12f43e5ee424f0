"""Where files lie: checked addresses only, and a storage that is no local folder."""

import json

import pytest
from django.core.files.storage import InMemoryStorage, default_storage, storages
from django.utils.module_loading import import_string

from media_assets.models import ArchiveImage, ArchiveVideo, Derivative
from media_assets.storage import CheckedAddress

from .made_files import a_film, a_jpeg, upload


class RemoteStorage(CheckedAddress, InMemoryStorage):
    """Like a bucket: no path on this machine."""

    view_name = "media:stored"


@pytest.fixture
def remote(monkeypatch, db):
    storage = RemoteStorage()
    monkeypatch.setattr(default_storage, "_wrapped", storage)
    monkeypatch.setattr(Derivative._meta.get_field("file"), "storage", storage)
    return storage


def test_files_that_lie_elsewhere_are_described_shown_and_served(remote, rule, client):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    data = a_film(1.0)
    film = ArchiveVideo.objects.create(title="龙舟", file=upload(data, "龙舟.mp4"))

    assert image.derivatives.count() == 6
    assert film.largest().width == 320
    response = client.get(film.url, headers={"Range": "bytes=100-299"})
    assert response.status_code == 206
    assert response.getvalue() == data[100:300]
    assert client.get(image.largest("webp").url).getvalue()[8:12] == b"WEBP"


def test_every_storage_leads_to_a_checked_view_or_nowhere():
    assert storages["default"].url("originals/ab/cd.jpg") == "/media/f/originals/ab/cd.jpg"
    assert storages["renditions"].url("renditions/ab/cd.jpg") == "/media/cms/renditions/ab/cd.jpg"
    with pytest.raises(ValueError, match="address"):
        storages["derivatives"].url("derivatives/ab/cd.jpg")


@pytest.mark.parametrize("alias", ["default", "derivatives", "renditions"])
def test_a_queued_task_is_told_the_alias_and_no_secret(alias):
    path, args, kwargs = json.loads(json.dumps(storages[alias].deconstruct()))

    assert (args, kwargs) == ([alias], {})
    assert import_string(path)(*args, **kwargs) is storages[alias]
