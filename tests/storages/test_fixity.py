"""Fixity on a local folder and on S3: the same masters, the same findings."""

import hashlib
import tracemalloc

import pytest
from django.core.files.base import ContentFile

from media_assets.models import FixityCheck, FixityState, Scan
from media_assets.preservation import fixity
from tests import factories

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _pictures_are_not_the_matter_here(settings):
    settings.MEDIA_JOBS_IN_PLACE = False


def overwrite(scan: Scan, data: bytes) -> None:
    """Behind the museum's back."""
    scan.file.storage.remove(scan.file.name)
    scan.file.storage.save(scan.file.name, ContentFile(data))


def test_each_master_is_found_as_it_is(place):
    whole, changed, cut, empty, gone = (factories.scan() for _number in range(5))
    data = whole.file.open().read()
    overwrite(changed, data[:-1] + bytes([data[-1] ^ 1]))
    overwrite(cut, data[: len(data) // 2])
    overwrite(empty, b"")
    gone.file.storage.remove(gone.file.name)

    progress = fixity.check()

    states = dict(FixityCheck.objects.values_list("object_id", "state"))
    assert states == {
        whole.pk: FixityState.OK,
        changed.pk: FixityState.CHANGED,
        cut.pk: FixityState.CHANGED,
        empty.pk: FixityState.CHANGED,
        gone.pk: FixityState.MISSING,
    }
    assert (progress.files, progress.damaged) == (5, 4)


def test_a_large_master_streams(place):
    """Far larger than what may be held of it."""
    storage = place.storages["default"]
    name = storage.save("originals/ab/cdef.tif", ContentFile(bytes(48 * MIB)))
    tracemalloc.start()
    digest, size = fixity.digest_of(storage, name)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == 48 * MIB
    assert digest == hashlib.sha256(bytes(48 * MIB)).hexdigest()
    assert peak < 8 * MIB
