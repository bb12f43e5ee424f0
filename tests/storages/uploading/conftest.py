"""A page of uploads over each storage, with small parts."""

import pytest
from django.test import Client
from wagtail.models import Collection

from .browser import MIB, Browser


@pytest.fixture(autouse=True)
def _folder_of_parts(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "parts"
    settings.UPLOAD_PART_BYTES = 5 * MIB


@pytest.fixture
def collection(db) -> Collection:
    return Collection.get_first_root_node().add_child(name="照片")


@pytest.fixture
def page(place, collection, django_user_model) -> Browser:
    """The page of an editor, in front of each storage in turn."""
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("莞编辑", password="x"))
    return Browser(client, collection)
