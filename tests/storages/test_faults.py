"""When the storage is down, slow, refusing, full or cut: nothing is half done, people are told, work goes on later."""

import random
import resource
import signal
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse

from archive.models import PhotoPage
from media_assets import jobs, public_copies
from media_assets.derivatives.images import make_derivatives
from media_assets.models import ArchiveImage, Derivative, FileRemoval, Job, JobState, PublicCopyRequest
from media_assets.outage import OUTAGE
from media_assets.storage_errors import StorageUnavailableError, Trouble
from tests import factories
from tests.media_assets.made_files import a_jpeg

from .conftest import Place, describe_place, move_in, s3_environment
from .fault_proxy import Fault, FaultProxy

MIB = 1024 * 1024
PATIENCE = 1.0
ALL = [Fault.BUSY, Fault.FULL, Fault.REFUSED, Fault.SILENT]


@pytest.fixture
def proxy(object_storage):
    proxy = FaultProxy(object_storage.port)
    yield proxy
    proxy.close()


@pytest.fixture
def far(tmp_path, monkeypatch, object_storage, proxy) -> Place:
    """The museum's storage beyond a network that may fail."""
    environment = s3_environment(object_storage, proxy.endpoint) | {"S3_TIMEOUT": str(PATIENCE)}
    made = move_in(describe_place("s3", tmp_path, environment, monkeypatch), monkeypatch)
    return Place("s3", made, object_storage, environment["S3_PREFIX"])


def recover(proxy: FaultProxy) -> None:
    proxy.fault = Fault.NONE
    OUTAGE.forget()
    for model in (PublicCopyRequest, FileRemoval, Job):
        model.objects.update(retry_at=None)


def drain() -> None:
    while jobs.drain() + public_copies.drain():
        pass


class TestOneOperation:
    @pytest.mark.parametrize("fault", ALL)
    def test_fails_in_one_kind_of_error_with_a_reason(self, far, proxy, fault):
        storage = far.storages["default"]
        name = storage.save("ab/cdef.jpg", ContentFile(b"x" * 1000))
        proxy.fault = fault

        for operation in (
            lambda: storage.save("ab/other.jpg", ContentFile(b"x" * 1000)),
            lambda: storage.stat(name),
            lambda: storage.open(name).read(),
            lambda: storage.open_part(name, 0, 10),
            lambda: storage.remove(name),
            lambda: list(storage.files()),
            lambda: far.storages["public"].take(storage, name, "ab/t/w320.jpg"),
        ):
            started = time.monotonic()
            with pytest.raises(StorageUnavailableError) as caught:
                operation()
            assert caught.value.reason
            assert time.monotonic() - started < 12
        if fault is Fault.FULL:
            assert caught.value.trouble is Trouble.FULL
        proxy.fault = Fault.NONE
        assert [key.rsplit("/", 1)[1] for key in far.names()] == ["cdef.jpg"]

    def test_a_wrong_key_is_a_refusal(self, far):
        far.storages["default"].secret_key = "wrong"

        with pytest.raises(StorageUnavailableError) as caught:
            far.storages["default"].save("ab/cdef.jpg", ContentFile(b"x"))
        assert caught.value.trouble is Trouble.REFUSED

    @pytest.mark.parametrize("after", [300, 200_000, 10 * MIB])
    def test_an_upload_that_is_cut_leaves_no_object(self, far, proxy, after):
        proxy.fault, proxy.after = Fault.CUT_REQUEST, after

        with pytest.raises(StorageUnavailableError):
            far.storages["default"].save("ab/cut.jpg", ContentFile(bytes(40 * MIB)))

        proxy.fault = Fault.NONE
        assert far.names() == []

    def test_an_upload_that_is_cut_once_is_tried_again(self, far, proxy):
        """The first part passes, the second is cut and sent anew over another connection."""
        proxy.fault, proxy.after = Fault.CUT_REQUEST, 18 * MIB
        data = random.Random(5).randbytes(40 * MIB)
        far.storages["default"].patience = 20.0

        far.storages["default"].save("ab/cut.jpg", ContentFile(data))

        proxy.fault = Fault.NONE
        with far.storages["default"].open("ab/cut.jpg") as file:
            assert file.read() == data

    def test_a_download_that_is_cut_goes_on_where_it_was(self, far, proxy):
        data = random.Random(5).randbytes(6 * MIB)
        name = far.storages["default"].save("ab/cdef.jpg", ContentFile(data))
        proxy.fault, proxy.after = Fault.CUT_ANSWER, 2_000_000

        with far.storages["default"].open(name) as file:
            assert file.read() == data

    def test_a_download_that_brings_nothing_is_no_short_file(self, far, proxy):
        name = far.storages["default"].save("ab/cdef.jpg", ContentFile(bytes(6 * MIB)))
        reader = far.storages["default"].open(name)
        assert reader.size == 6 * MIB
        proxy.fault, proxy.after = Fault.CUT_ANSWER, 100  # within the head of the answer

        with pytest.raises(StorageUnavailableError):
            reader.read()

    def test_a_slow_answer_is_waited_for(self, far, proxy):
        proxy.fault, proxy.delay = Fault.SLOW, 0.4
        far.storages["default"].patience = 5.0
        name = far.storages["default"].save("ab/cdef.jpg", ContentFile(b"x"))

        assert far.storages["default"].stat(name)[0] == 1

    def test_a_disk_that_is_full_keeps_no_part_of_a_file(self, local_place):
        """A limit of the system on the size of files stands for the full disk: the error comes while writing."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, before[1]))
            with pytest.raises(StorageUnavailableError) as caught:
                local_place.storages["default"].save("ab/big.jpg", ContentFile(bytes(3 * MIB)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        assert caught.value.trouble is Trouble.FULL
        assert local_place.names() == []


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.SILENT])
class TestTheMuseum:
    def test_public_pages_still_open(self, far, proxy, home, fault):
        photo = factories.photo("龙舟")
        drain()
        photo.lead_image.derivatives.update(public_name="")
        proxy.fault = fault

        for url in (home.get_url(), photo.get_url(), "/photos/"):
            started = time.monotonic()
            assert Client().get(url).status_code == 200
            assert time.monotonic() - started < 6  # each of its pictures would wait for PATIENCE, and again

    def test_a_picture_that_must_be_streamed_becomes_a_plain_one(self, far, proxy, home, fault):
        photo = factories.photo("龙舟")
        url = photo.lead_image.derivatives.first().checked_url
        far.storages["derivatives"].delivery = "stream"
        proxy.fault = fault

        answer = Client().get(url)
        assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, "image/svg+xml", "30")
        assert answer["Cache-Control"] == "no-store"
        started = time.monotonic()
        assert Client().get(url).status_code == 503
        assert time.monotonic() - started < 0.9 * PATIENCE, "the second one does not wait for itself"

        recover(proxy)
        assert Client().get(url).status_code == 200

    def test_an_upload_in_the_cms_says_so_and_keeps_what_was_filled_in(self, far, proxy, home, administrator, fault):
        proxy.fault = fault
        form = {
            "title": "一九三六年的码头",
            "collection": "1",
            "credit": "陈伯陶摄",
            "access": "0",
            "rights": "",
            "tags": "",
            "description": "码头与货船",
        }
        add = reverse("wagtailimages:add")
        upload = SimpleUploadedFile("码头.jpg", a_jpeg(600, 400), "image/jpeg")
        answer = administrator.post(add, form | {"file": upload})

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "文件没有存入" in page
        assert "一九三六年的码头" in page
        assert "陈伯陶摄" in page
        assert not ArchiveImage.objects.exists()
        proxy.fault = Fault.NONE
        assert far.names() == []

        upload.seek(0)
        assert administrator.post(add, form | {"file": upload}).status_code == 302
        assert ArchiveImage.objects.get().derivatives.exists()

    def test_several_at_once_each_get_their_reason(self, far, proxy, home, administrator, fault):
        proxy.fault = fault
        answer = administrator.post(
            reverse("wagtailimages:add_multiple"),
            {
                "title": "码头",
                "files[]": SimpleUploadedFile("码头.jpg", a_jpeg(600, 400), "image/jpeg"),
                "collection": "1",
            },
            headers={"X-Requested-With": "XMLHttpRequest"},
        )

        assert answer.status_code == 200
        assert answer.json()["success"] is False
        assert "文件没有存入" in answer.json()["error_message"]
        assert not ArchiveImage.objects.exists()

    def test_derivatives_that_could_not_be_made_are_made_later(self, far, proxy, home, fault):
        image = factories.image()
        image.derivatives.all().delete()
        proxy.fault = fault

        assert not make_derivatives(image)
        assert "稍后自动制作" in image.derivatives_error
        assert Job.objects.of(image).get(kind="derivatives").state == JobState.WAITING

        recover(proxy)
        drain()
        image.refresh_from_db()
        assert image.derivatives.exists()
        assert image.derivatives_error == ""

    def test_publication_and_withdrawal_catch_up(self, far, proxy, home, fault):
        proxy.fault = Fault.NONE
        image = factories.image()
        photo = factories.photo("龙舟", lead_image=image)
        proxy.fault = fault
        public_copies.drain()
        waiting = PublicCopyRequest.objects.get()
        assert waiting.attempts == 1
        assert waiting.last_error

        recover(proxy)
        drain()
        copies = [key for key in far.names() if "/public/" in key]
        assert len(copies) == image.derivatives.count()

        proxy.fault = fault
        PhotoPage.objects.get(pk=photo.pk).unpublish()
        drain()
        assert not Derivative.objects.exclude(public_name="").exists(), "no page leads there any more"
        assert FileRemoval.objects.exists()
        recover(proxy)
        drain()
        assert [key for key in far.names() if "/public/" in key] == []

    def test_deleting_in_the_cms_succeeds_and_the_files_go_later(self, far, proxy, home, fault, administrator):
        image = factories.image()
        assert len(far.names()) > 1
        proxy.fault = fault

        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = administrator.post(reverse("wagtailimages:delete", args=[image.pk]))
        assert answer.status_code == 302
        assert not ArchiveImage.objects.exists()

        recover(proxy)
        drain()
        assert far.names() == []


@pytest.mark.django_db
def test_a_film_cut_in_the_middle_of_streaming_ends_there_and_starts_again(far, proxy, home):
    far.storages["default"].delivery = "stream"
    film = factories.film("龙舟", video=factories.video())
    proxy.fault, proxy.after = Fault.CUT_ANSWER, 1_500
    answer = Client().get(film.video.url)
    with pytest.raises(StorageUnavailableError):
        answer.getvalue()

    recover(proxy)
    assert Client().get(film.video.url).getvalue() == factories.film_bytes()
