"""A path for every file, wherever it is kept."""

import io
import tempfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db.models.fields.files import FieldFile

from media_assets.local_copies import local_path, path_of
from media_assets.models import ArchiveDocument

from .made_files import upload

pytestmark = pytest.mark.django_db


class Elsewhere(Storage):
    """A storage that is no folder, as a bucket is none."""

    def _open(self, name, mode="rb"):
        return ContentFile("遠方".encode(), name=name)


@pytest.fixture
def document(media_root):
    return ArchiveDocument.objects.create(title="凡例", file=upload("凡例".encode(), "凡例.txt"))


def test_a_file_of_this_disk_is_read_where_it_lies(document, media_root):
    with local_path(document.file) as path:
        assert path == Path(storages["default"].path(document.file.name))
    assert path.read_text() == "凡例"


def test_a_file_from_elsewhere_is_a_copy_that_goes_away(document):
    file = FieldFile(document, document._meta.get_field("file"), "originals/ab/cd.txt")
    file.storage = Elsewhere()

    with local_path(file) as path:
        assert path.suffix == ".txt"
        assert path.read_text() == "遠方"
    assert not path.exists()


def test_a_file_that_is_not_there_is_told_so(document):
    document.file.storage.remove(document.file.name)

    with pytest.raises(FileNotFoundError), local_path(document.file):
        pass


def test_an_open_file_has_its_own_path_or_that_of_a_copy(tmp_path):
    place = tmp_path / "甲.bin"
    place.write_bytes(b"abc")
    with place.open("rb") as file, path_of(File(file)) as path:
        assert path == place

    in_memory = io.BytesIO(b"abc")
    in_memory.seek(2)
    with path_of(in_memory) as path:
        assert path.read_bytes() == b"abc"
        assert in_memory.tell() == 0
    assert not path.exists()


def test_what_was_written_a_moment_ago_is_in_it():
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"abc")
        with path_of(file) as path:
            assert path.read_bytes() == b"abc"
