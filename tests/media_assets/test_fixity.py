"""Fixity: what was kept is still what came in, or somebody is told."""

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from media_assets.models import ArchiveDocument, ArchiveImage, AssetKind, FixityCheck, FixityState, Scan
from media_assets.preservation import fixity
from media_assets.storage import LocalFiles
from media_assets.storage_errors import StorageUnavailableError, Trouble

from .made_files import a_jpeg, upload

pytestmark = pytest.mark.usefixtures("db", "media_root")


@pytest.fixture(autouse=True)
def _pictures_are_not_the_matter_here(settings):
    settings.MEDIA_JOBS_IN_PLACE = False


def a_scan(name: str = "卷一·龍舟.jpg", width: int = 640) -> Scan:
    return Scan.objects.create(file=upload(a_jpeg(width, 480), name))


def path_of(asset):
    return asset.file.storage.path(asset.file.name)


def write(asset, data: bytes) -> None:
    with open(path_of(asset), "wb") as file:  # noqa: PTH123 -- beside the storage, as a disk would
        file.write(data)


def result_of(asset) -> FixityCheck:
    return FixityCheck.objects.get(object_id=asset.pk)


def test_a_whole_file_is_found_whole():
    scan = a_scan()
    progress = fixity.check()

    assert (progress.files, progress.damaged, progress.bytes) == (1, 0, scan.file_size)
    assert (result_of(scan).state, result_of(scan).found_sha256) == (FixityState.OK, scan.sha256)


def test_one_bit_that_has_turned_is_found():
    scan = a_scan()
    data = bytearray(scan.file.open().read())
    data[len(data) // 2] ^= 1
    write(scan, bytes(data))

    assert fixity.check().damaged == 1
    result = result_of(scan)
    assert (result.state, result.note) == (FixityState.CHANGED, f"大小未变，内容变了。文件：{scan.file.name}")
    assert result.found_sha256 not in ("", scan.sha256)


def test_a_file_that_was_cut_is_told_with_its_sizes():
    scan = a_scan()
    write(scan, b"\xff\xd8")
    fixity.check()

    assert result_of(scan).note.startswith(f"登记为 {scan.file_size} 字节，现有 2 字节。")


def test_a_file_that_is_empty_now_is_changed():
    scan = a_scan()
    write(scan, b"")
    fixity.check()

    assert result_of(scan).state == FixityState.CHANGED


def test_a_file_that_is_gone_is_missing():
    scan = a_scan()
    scan.file.storage.remove(scan.file.name)
    fixity.check()

    assert result_of(scan).state == FixityState.MISSING
    assert scan.file.name in result_of(scan).note


def test_a_file_that_the_disk_cannot_read_is_unreadable(monkeypatch):
    def broken(self, name, first, length):
        raise OSError(5, "Input/output error")

    scan = a_scan()
    monkeypatch.setattr(LocalFiles, "open_part", broken)
    fixity.check()

    assert result_of(scan).state == FixityState.UNREADABLE
    assert "Input/output error" in result_of(scan).note


def test_a_storage_that_does_not_answer_is_no_damage(monkeypatch):
    scans = [a_scan(f"{n}.jpg") for n in range(3)]
    keep, asked = LocalFiles.open_part, []

    def goes_away(self, name, first, length):
        asked.append(name)
        if len(asked) == 3:
            raise StorageUnavailableError(Trouble.UNREACHABLE, name)
        return keep(self, name, first, length)

    monkeypatch.setattr(LocalFiles, "open_part", goes_away)
    with pytest.raises(StorageUnavailableError):
        fixity.check()

    assert {row.object_id for row in FixityCheck.objects.filter(state=FixityState.OK)} == {s.pk for s in scans[:2]}
    assert FixityCheck.objects.count() == 2, "what was read is kept, what could not be asked is not blamed"


def test_a_wrong_storage_stops_the_check_before_it_blames_everything(monkeypatch):
    for number in range(25):
        scan = a_scan(f"{number}.jpg", 100 + number)
        scan.file.storage.remove(scan.file.name)
    with pytest.raises(fixity.ImplausibleError, match="存储指错了地方"):
        fixity.check()

    assert FixityCheck.objects.count() == fixity.IMPLAUSIBLE


def test_a_file_that_is_replaced_while_it_is_read_is_not_blamed(monkeypatch):
    scan = a_scan()
    keep = LocalFiles.open_part

    def replaces(self, name, first, length):
        fresh = Scan.objects.get()
        fresh.file = upload(a_jpeg(320, 200), "新.jpg")
        fresh.save()
        write(scan, b"old bytes, soon to be removed")
        return keep(self, name, first, length)

    monkeypatch.setattr(LocalFiles, "open_part", replaces)
    assert fixity.check().damaged == 0
    assert not FixityCheck.objects.exists()


def test_what_was_never_checked_comes_first_then_the_oldest():
    scans = [a_scan(f"{n}.jpg") for n in range(4)]
    day = timezone.now() - timedelta(days=200)
    for scan, age in ((scans[0], 1), (scans[1], 0)):
        FixityCheck.objects.create(
            asset_kind="scan", object_id=scan.pk, state="ok", checked_at=day + timedelta(days=age)
        )

    found = [asset.pk for asset in fixity.to_check([AssetKind.SCAN], timezone.now())]
    assert found == [scans[2].pk, scans[3].pk, scans[1].pk, scans[0].pk]


def test_a_check_goes_on_where_it_stopped():
    scans = [a_scan(f"{n}.jpg") for n in range(4)]
    assert fixity.check(most_files=3).files == 3
    assert fixity.check(before=timezone.now() - timedelta(days=1)).files == 1
    assert FixityCheck.objects.count() == len(scans)


def test_a_check_that_is_stopped_within_a_file_keeps_the_others():
    scans = [a_scan(f"{n}.jpg") for n in range(3)]
    stop = threading.Event()
    fixity.check(stop=stop, watch=lambda progress, result: stop.set() if result else None)

    assert [row.object_id for row in FixityCheck.objects.all()] == [scans[0].pk]


def test_no_more_bytes_are_read_than_allowed():
    scans = [a_scan(f"{n}.jpg") for n in range(4)]
    progress = fixity.check(most_bytes=scans[0].file_size * 2 + 10)
    assert progress.files == 2


def test_every_kind_of_master_is_checked():
    a_scan()
    ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(), "可园.jpg"))
    ArchiveDocument.objects.create(
        title="字幕", file=upload("WEBVTT\n\n00:00.000 --> 00:01.000\n龍舟\n".encode(), "字幕.vtt")
    )

    assert fixity.check().files == 3
    assert set(FixityCheck.objects.values_list("asset_kind", flat=True)) == {"scan", "image", "document"}


# --- At night -------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch, settings):
    """Tell the time in Shanghai; the night is from one to five."""
    settings.FIXITY_HOURS = "1-5"
    now = {"now": datetime(2026, 11, 22, 18, 0, tzinfo=UTC)}  # two o'clock
    monkeypatch.setattr(timezone, "now", lambda: now["now"])
    return now


def test_nothing_is_read_by_day(clock):
    a_scan()
    clock["now"] = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert fixity.nightly() is None


def test_a_night_ends_with_its_bytes_and_the_next_goes_on(clock, settings):
    scans = [a_scan(f"{n}.jpg") for n in range(3)]
    settings.FIXITY_BYTES_A_NIGHT = scans[0].file_size * 2
    assert fixity.nightly().files == 2
    clock["now"] += timedelta(minutes=1)
    assert fixity.nightly() is None, "the night's bytes are read"

    clock["now"] += timedelta(days=1)
    assert fixity.nightly().files == 1
    clock["now"] += timedelta(minutes=1)
    assert fixity.nightly().files == 0, "everything was read within ninety days"


def test_what_was_damaged_is_read_again_each_night(clock):
    scan = a_scan()
    whole = scan.file.open().read()
    write(scan, b"damaged")
    assert fixity.nightly().damaged == 1

    write(scan, whole)
    clock["now"] += timedelta(days=1)
    fixity.nightly()
    assert result_of(scan).state == FixityState.OK


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [("1-5", 4, True), ("1-5", 5, False), ("22-4", 23, True), ("22-4", 3, True), ("", 2, False)],
)
def test_the_hours_of_the_night(settings, hours, at, expected):
    settings.FIXITY_HOURS = hours
    assert fixity.is_night(datetime(2026, 11, 22, at, 30, tzinfo=UTC)) is expected


# --- The command ----------------------------------------------------------------------------------------------


def run(*arguments) -> str:
    out = StringIO()
    call_command("check_fixity", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_says_how_much_was_read():
    a_scan()
    assert "查了 1 件" in run()
    assert "查了 0 件" in run(), "nothing is due"
    assert "查了 1 件" in run("--all")


def test_the_command_fails_on_damage_and_names_the_file():
    scan = a_scan()
    write(scan, b"damaged")
    out = StringIO()
    with pytest.raises(CommandError, match="1 件损坏"):
        call_command("check_fixity", stdout=out, stderr=StringIO())
    assert "内容已变" in out.getvalue()
    assert "卷一·龍舟.jpg" in out.getvalue()
    assert scan.file.name in out.getvalue()


def test_the_command_checks_one_kind_so_many_or_what_is_old():
    for number in range(3):
        a_scan(f"{number}.jpg")
    assert "查了 0 件" in run("--kind", "image")
    assert "查了 2 件" in run("--kind", "scan", "--limit", "2")
    assert "查了 1 件" in run("--since", "2026-01-01")
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("--since", "去年")
