"""Jobs: asked for with the change, done once, tried again when it may help, told in words."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from media_assets import intake, jobs
from media_assets.derivatives.batch import ask_for_missing
from media_assets.file_errors import UnshownFile
from media_assets.models import ArchiveImage, Batch, Job, JobState, Scan
from media_assets.storage_errors import StorageUnavailableError, Trouble

from .made_files import a_jpeg, upload

pytestmark = pytest.mark.postgresql  # whoever claims a job asks the database who was first


@pytest.fixture(autouse=True)
def _no_worker(settings):
    settings.MEDIA_JOBS_IN_PLACE = False


@pytest.fixture
def scan(db, media_root):
    made = Scan.objects.create(file=upload(a_jpeg(), "卷一·龍舟.jpg"))
    Job.objects.all().delete()
    return made


@pytest.fixture
def probe():
    """Register a kind of work that does what `probe.does` says; `probe.seen` holds the works it was given."""

    class Probe:
        def __init__(self):
            self.seen: list[jobs.Work] = []
            self.does = lambda work: None

        def __call__(self, work):
            self.seen.append(work)
            self.does(work)

    made = Probe()
    jobs.register("probe", "试验", made, max_attempts=3)
    yield made
    jobs.unregister("probe")


def raising(error):
    def does(work):
        raise error

    return does


def the_job() -> Job:
    return Job.objects.get(kind="probe")


def make_due() -> None:
    Job.objects.update(retry_at=None)


def test_what_is_asked_for_waits_and_is_done_by_whoever_comes(scan, probe):
    jobs.ask("probe", scan)
    assert the_job().state == JobState.WAITING

    assert jobs.drain() == 1
    job = the_job()
    assert (job.state, job.percent, job.attempts) == (JobState.DONE, 100, 1)
    assert probe.seen[0].asset == scan
    assert job.started_at <= job.finished_at


def test_asking_twice_is_asking_once(scan, probe):
    jobs.ask("probe", scan)
    jobs.ask("probe", scan)

    assert jobs.drain() == 1


def test_a_change_that_is_rolled_back_asks_for_nothing(scan, probe):
    with pytest.raises(IntegrityError), transaction.atomic():
        jobs.ask("probe", scan)
        raise IntegrityError
    assert not Job.objects.exists()


def test_what_is_asked_for_while_it_is_being_made_is_made_once_more(scan, probe):
    probe.does = lambda work: jobs.ask("probe", scan) if len(probe.seen) == 1 else None
    jobs.ask("probe", scan)
    jobs.drain()

    assert len(probe.seen) == 2
    assert the_job().state == JobState.DONE


def test_what_cannot_be_done_fails_at_once_with_its_reason(scan, probe):
    probe.does = raising(jobs.JobError("这部影片没有画面。"))
    jobs.ask("probe", scan)
    jobs.drain()

    assert (the_job().state, the_job().reason, the_job().attempts) == (JobState.FAILED, "这部影片没有画面。", 1)


def test_a_file_that_cannot_be_read_is_not_tried_again(scan, probe):
    probe.does = raising(intake.UnreadableFile("文件已损坏。"))
    jobs.ask("probe", scan)
    jobs.drain()

    assert (the_job().state, the_job().reason) == (JobState.FAILED, "文件已损坏。")


def test_what_went_wrong_is_tried_three_times_each_later(scan, probe):
    probe.does = raising(ValueError("意外"))
    jobs.ask("probe", scan)
    waits = []
    for attempt in (1, 2):
        assert jobs.drain() == 1
        job = the_job()
        assert (job.state, job.attempts, job.reason) == (JobState.WAITING, attempt, "出错：意外")
        waits.append(job.retry_at - timezone.now())
        assert jobs.drain() == 0, "it waits for its time"
        make_due()
    assert waits[1] > waits[0] * 1.5

    jobs.drain()
    assert the_job().state == JobState.FAILED


def test_an_outage_of_the_storage_is_waited_out_and_counts_as_no_attempt(scan, probe):
    probe.does = raising(StorageUnavailableError(Trouble.UNREACHABLE))
    jobs.ask("probe", scan)
    for _round in range(5):
        jobs.drain()
        assert (the_job().state, the_job().attempts) == (JobState.WAITING, 0)
        assert "文件存储连接不上，稍后自动再试" in the_job().reason
        make_due()

    probe.does = lambda work: None
    jobs.drain()
    assert (the_job().state, the_job().reason) == (JobState.DONE, "")


def test_a_job_is_claimed_by_one(scan, probe):
    jobs.ask("probe", scan)
    first, second = the_job(), the_job()

    assert first.take()
    assert not second.take()
    assert jobs.drain() == 0


def test_a_job_whose_lease_ran_out_is_lost_to_its_first_worker(scan, probe):
    jobs.ask("probe", scan)
    first = the_job()
    first.take()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.drain() == 1

    assert not first.renew()
    assert not first.finish()
    assert not first.fail("来晚了")
    assert the_job().state == JobState.DONE
    work = jobs.Work(first)
    work.heartbeat()
    with pytest.raises(jobs.JobLost):
        work.progress(50)


def test_progress_renews_the_lease_and_is_written_every_other_second(
    scan, probe, monkeypatch, django_assert_num_queries
):
    jobs.ask("probe", scan)
    job = the_job()
    job.take()
    work = jobs.Work(job)
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    with django_assert_num_queries(0):
        for percent in range(50):
            work.progress(percent)

    work._written -= jobs.WRITE_EVERY
    with django_assert_num_queries(1):
        work.progress(51)
        work.progress(52)
    assert the_job().percent == 51
    assert the_job().lease_until > timezone.now() + timedelta(seconds=30)


def test_a_worker_that_is_told_to_stop_gives_the_job_back_as_it_was(scan, probe):
    jobs.ask("probe", scan)
    job = the_job()
    job.take()
    stop = threading.Event()
    stop.set()
    probe.does = lambda work: work.progress(10)
    jobs.perform(jobs.Work(job, stop))

    assert (the_job().state, the_job().attempts, the_job().retry_at) == (JobState.WAITING, 0, None)


def test_a_job_of_an_asset_that_is_gone_goes_too(scan, probe):
    jobs.ask("probe", scan)
    scan.delete()
    assert not Job.objects.exists()

    Job.objects.ask("probe", "scan", [987])
    jobs.drain()
    assert not Job.objects.filter(kind="probe").exists()
    assert not probe.seen


def test_what_this_version_does_not_know_is_left_alone(scan):
    Job.objects.ask("from-the-future", "scan", [scan.pk])
    assert jobs.drain() == 0


def test_what_a_person_waits_for_goes_before_a_batch(db, media_root, probe):
    scans = [Scan.objects.create(file=upload(a_jpeg(), f"{n}.jpg")) for n in range(3)]
    Job.objects.all().delete()
    batch = Batch.objects.create(label="整卷")
    jobs.ask_for("probe", "scan", [s.pk for s in scans[:2]], batch=batch)
    jobs.ask("probe", scans[2])

    assert [job.object_id for job in jobs.next_jobs(["probe"])] == [scans[2].pk, scans[0].pk, scans[1].pk]


def test_many_are_asked_for_in_a_few_queries(db, probe, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        Job.objects.ask("probe", "scan", range(1, 1201))
    assert Job.objects.count() == 1200


def test_retry_begins_afresh_and_cancel_stops_what_waits(scan, probe):
    probe.does = raising(jobs.JobError("不成。"))
    jobs.ask("probe", scan)
    jobs.drain()
    assert Job.objects.retry() == 1
    assert (the_job().state, the_job().attempts) == (JobState.WAITING, 0)

    assert Job.objects.cancel() == 1
    assert jobs.drain() == 0
    jobs.ask("probe", scan)
    assert the_job().state == JobState.WAITING, "asking again is stronger than an old cancellation"


def test_old_results_are_forgotten_but_no_failure(scan, probe):
    Job.objects.ask("probe", "scan", [1, 2])
    Job.objects.filter(object_id=1).update(state=JobState.DONE)
    Job.objects.filter(object_id=2).update(state=JobState.FAILED)
    Job.objects.update(finished_at=timezone.now() - timedelta(days=31))
    jobs.prune()

    assert [job.object_id for job in Job.objects.all()] == [2]


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_given_up_and_others_go_on(settings, media_root):
    """With the worker's threads: one job hangs for ever, the next is done nevertheless."""
    scans = [Scan.objects.create(file=upload(a_jpeg(), f"{n}.jpg")) for n in range(2)]
    Job.objects.all().delete()
    hanging, done = threading.Event(), threading.Event()

    def run(work):
        if work.asset == scans[0]:
            hanging.wait(30)
        done.set()

    jobs.register("probe", "试验", run, max_attempts=1, wall_seconds=1)
    stop = threading.Event()
    runner = threading.Thread(target=jobs.JobRunner(workers=1, poll=0.05).run, args=(stop,))
    try:
        for scan in scans:
            jobs.ask("probe", scan)
        runner.start()
        assert done.wait(60)
        hung = Job.objects.get(object_id=scans[0].pk)
        assert (hung.state, hung.reason) == (JobState.FAILED, "超过 1 分钟没有做完，已停止。")
    finally:
        hanging.set()
        stop.set()
        runner.join(60)
        time.sleep(0.2)
        jobs.unregister("probe")


def test_the_pictures_of_a_new_file_are_asked_for_not_made(db, media_root):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    assert not image.derivatives.exists()
    assert Job.objects.of(image).get(kind="derivatives").state == JobState.WAITING

    jobs.drain()
    assert image.derivatives.count() == 6


def test_pictures_of_a_file_that_was_replaced_are_shown_no_more(db, media_root):
    """As when a face had to be covered: between the new file and its pictures the page shows none."""
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    jobs.drain()
    image.file = upload(a_jpeg(800, 500), "遮去人脸.jpg")
    image.save()
    assert not image.derivatives.exists()

    jobs.drain()
    assert image.largest().width == 800


def test_a_damaged_picture_fails_its_job_and_tells_the_editor(db, media_root):
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    path = media_root / "default" / image.file.name
    path.write_bytes(path.read_bytes()[:200])
    jobs.drain()

    image = ArchiveImage.objects.get()
    job = Job.objects.of(image).get(kind="derivatives")
    assert job.state == JobState.FAILED
    assert job.reason == image.derivatives_error != ""


def test_what_was_forgotten_between_file_and_job_is_asked_for_each_hour(db, media_root):
    """As when the process was killed after the file was stored and before its job was written."""
    image = ArchiveImage.objects.create(title="可园", file=upload(a_jpeg(1000, 600), "可园.jpg"))
    Job.objects.all().delete()
    ask_for_missing()
    assert Job.objects.of(image).get(kind="derivatives").state == JobState.WAITING

    jobs.drain()
    Job.objects.all().delete()
    ask_for_missing()
    assert not Job.objects.exists(), "what has its pictures needs nothing"

    ArchiveImage.objects.filter(pk=image.pk).update(width=6000)  # as if it had come before there were pyramids
    ask_for_missing()
    assert Job.objects.of(image).get().kind == "pyramid"


def test_a_picture_that_is_kept_unseen_is_no_failure(scan, probe):
    def does(work):
        raise UnshownFile(f"{UnshownFile.OPENING}：少见的编码。")

    probe.does = does
    jobs.ask("probe", scan)
    jobs.drain()
    assert Job.objects.get(kind="probe").state == JobState.DONE


def test_what_is_tried_again_no_longer_says_why_it_failed(scan, probe):
    Job.objects.create(kind="probe", asset_kind="scan", object_id=scan.pk, state=JobState.FAILED, reason="磁盘已满。")
    Job.objects.filter(kind="probe").retry()
    assert Job.objects.get(kind="probe").reason == ""
