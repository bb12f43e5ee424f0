"""The pages 「后台任务」 and 「固定性检查」 of the CMS."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.editing.jobs_report import latest_batches
from archive.editing.named_assets import ReportPermissionPolicy
from media_assets import jobs
from media_assets.models import Batch, FixityCheck, Job, JobState
from tests import factories


@pytest.fixture(autouse=True)
def _no_worker(settings):
    settings.MEDIA_JOBS_IN_PLACE = False


@pytest.fixture
def image(home):
    made = factories.image("栖澜橋全景")
    Job.objects.all().delete()
    return made


@pytest.fixture
def contributor(home, django_user_model) -> Client:
    """A person who may enter the CMS and nothing else."""
    user = django_user_model.objects.create_user("contributor", password="x")
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    client = Client()
    client.force_login(user)
    return client


def words(response) -> str:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def failed(image, reason="图片已损坏。") -> Job:
    jobs.ask("derivatives", image)
    Job.objects.update(state=JobState.FAILED, reason=reason, finished_at=timezone.now())
    return Job.objects.get()


def test_the_list_tells_what_of_which_how_far_and_why(administrator, image):
    jobs.ask("derivatives", image)
    Job.objects.update(state=JobState.RUNNING, percent=42.4)
    page = BeautifulSoup(administrator.get(reverse("archive_jobs")).content, "html.parser")

    row = page.select_one("table.listing tbody tr:has(progress)")
    assert row.select_one("a")["href"] == reverse("wagtailimages:edit", args=[image.pk])
    assert "栖澜橋全景" in row.text
    assert "展示图" in row.text
    assert row.progress["value"] == "42"
    assert not page.select("[data-archive-jobs] script")
    assert page.select_one("[data-archive-jobs]")["data-archive-jobs"] == "lively"


def test_the_list_is_filtered_by_state_and_kind(administrator, image):
    failed(image)
    assert "栖澜橋全景" in words(administrator.get(reverse("archive_jobs_results"), {"state": "failed"}))
    assert "图片已损坏。" in words(administrator.get(reverse("archive_jobs_results"), {"kind": "derivatives"}))
    assert "栖澜橋全景" not in words(administrator.get(reverse("archive_jobs_results"), {"state": "done"}))


def test_a_failed_job_is_tried_again_at_a_persons_wish(administrator, image):
    job = failed(image)
    assert administrator.get(reverse("archive_job_retry", args=[job.pk])).status_code == 405
    administrator.post(reverse("archive_job_retry", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


def test_the_buttons_of_the_list_work_in_a_browser(image, django_user_model):
    """Where forged posts are refused: every form carries its token, those within the table too."""
    job = failed(image)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(django_user_model.objects.create_superuser("root", password="x"))
    page = BeautifulSoup(browser.get(reverse("archive_jobs")).content, "html.parser")
    form = page.select_one(f'form[action="{reverse("archive_job_retry", args=[job.pk])}"]')
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]

    assert browser.post(form["action"], {"csrfmiddlewaretoken": token}).status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_all_that_failed_is_tried_again_and_all_that_waits_cancelled(administrator, image):
    job = failed(image)
    assert "重试全部失败的（1）" in words(administrator.get(reverse("archive_jobs")))
    administrator.post(reverse("archive_jobs_retry_failed"))
    job.refresh_from_db()
    assert job.state == JobState.WAITING

    administrator.post(reverse("archive_jobs_cancel_waiting"))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_who_sees_everything_but_is_no_administrator_retries_one_not_all(staff, image):
    job = failed(image)
    assert "栖澜橋全景" in words(staff.get(reverse("archive_jobs")))
    assert "重试全部" not in words(staff.get(reverse("archive_jobs")))
    assert staff.post(reverse("archive_jobs_retry_failed")).status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.FAILED

    staff.post(reverse("archive_job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_contributor_sees_nothing_of_files_of_others(contributor, image):
    job = failed(image)
    FixityCheck.objects.create(asset_kind="image", object_id=image.pk, state="missing", checked_at=timezone.now())

    assert "栖澜橋全景" not in words(contributor.get(reverse("archive_jobs")))
    assert "栖澜橋全景" not in words(contributor.get(reverse("archive_fixity")))
    assert contributor.post(reverse("archive_job_retry", args=[job.pk])).status_code == 404


def test_the_public_is_asked_to_log_in(client, image):
    for name in ("archive_jobs", "archive_jobs_results", "archive_fixity"):
        assert client.get(reverse(name)).status_code == 302


def test_a_failure_is_told_on_the_first_page(administrator, image):
    failed(image)
    assert "未能完成的文件处理 ：1" in words(administrator.get(reverse("wagtailadmin_home"))).replace("： ", "：")


def test_the_form_of_a_picture_tells_that_its_pictures_are_being_made(administrator, image):
    jobs.ask("derivatives", image)
    assert "展示图制作中。" in words(administrator.get(reverse("wagtailimages:edit", args=[image.pk])))


def test_the_list_asks_the_database_the_same_for_many_as_for_few(administrator, image, django_assert_max_num_queries):
    for number in range(30):
        jobs.ask("derivatives", factories.image(f"图 {number}"))
    administrator.get(reverse("archive_jobs"))
    with django_assert_max_num_queries(30):
        administrator.get(reverse("archive_jobs_results"))


# --- Batches --------------------------------------------------------------------------------------------------


def a_batch(image, done: int, total: int, seconds_each: float = 10) -> Batch:
    batch = Batch.objects.create(label="卷一·整卷扫描")
    Job.objects.ask("derivatives", "scan", range(1, total + 1), batch=batch)
    now = timezone.now()
    for number, job in enumerate(Job.objects.filter(batch=batch)[:done]):
        end = now - timedelta(seconds=seconds_each * (done - 1 - number))
        Job.objects.filter(pk=job.pk).update(
            state=JobState.DONE, started_at=end - timedelta(seconds=seconds_each), finished_at=end
        )
    return batch


def test_a_batch_promises_nothing_until_three_are_done(image):
    a_batch(image, done=2, total=10)
    (line,) = latest_batches()
    assert (line.total, line.done, line.unfinished, line.percent, line.remaining_words) == (10, 2, 8, 20, "—")


def test_a_batch_reckons_from_the_rate_of_the_last_jobs(image):
    a_batch(image, done=5, total=65, seconds_each=10)
    (line,) = latest_batches()
    assert line.remaining == pytest.approx(600, rel=0.05)
    assert line.remaining_words == "约 10 分钟"


def test_a_batch_that_stands_still_promises_ever_less(image):
    a_batch(image, done=5, total=65)
    hour = timedelta(hours=1)
    for job in Job.objects.filter(state=JobState.DONE):
        Job.objects.filter(pk=job.pk).update(started_at=job.started_at - hour, finished_at=job.finished_at - hour)
    (line,) = latest_batches()
    assert line.remaining > 40_000


def test_batches_are_shown_with_their_bars(administrator, image):
    a_batch(image, done=3, total=4)
    page = BeautifulSoup(administrator.get(reverse("archive_jobs")).content, "html.parser")
    bar = page.select_one("[data-archive-jobs] progress")
    assert bar["value"] == "75"
    assert "卷一·整卷扫描" in page.select_one("[data-archive-jobs]").text
    assert "3／4" in page.select_one("[data-archive-jobs]").text


# --- Fixity ---------------------------------------------------------------------------------------------------


@pytest.fixture
def damaged(image, home):
    photo = factories.photo("栖澜桥", lead_image=image)
    other = factories.image("完好的一张")
    now = timezone.now()
    FixityCheck.objects.create(
        asset_kind="image",
        object_id=image.pk,
        state="changed",
        found_sha256="ab" * 32,
        checked_at=now,
        note="大小未变，内容变了。",
    )
    FixityCheck.objects.create(asset_kind="image", object_id=other.pk, state="ok", checked_at=now)
    return photo


def test_a_damaged_file_is_named_first_with_its_pages(administrator, damaged):
    page = BeautifulSoup(administrator.get(reverse("archive_fixity")).content, "html.parser")
    first, second = page.select("table.listing tbody tr")

    assert "栖澜橋全景" in first.text
    assert "内容已变" in first.text
    assert first.select_one(f'a[href="{reverse("wagtailadmin_pages:edit", args=[damaged.pk])}"]').text == "栖澜桥"
    assert "完好" in second.text


def test_the_report_is_filtered_and_counted(administrator, damaged):
    told = words(administrator.get(reverse("archive_fixity"), {"state": "ok"}))
    assert "完好的一张" in told
    assert "栖澜橋全景" not in told
    assert "内容已变 1" in told


def test_the_report_is_exported_with_its_pages(administrator, damaged):
    answer = administrator.get(reverse("archive_fixity"), {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert lines[0].startswith("对象种类,")
    changed = next(line for line in lines if "栖澜橋全景" in line)
    assert "内容已变" in changed
    assert changed.endswith("栖澜桥")
    assert len(lines) == 3


def test_damage_is_told_on_the_first_page(administrator, damaged):
    assert "损坏或丢失的原件" in words(administrator.get(reverse("wagtailadmin_home")))


def test_the_list_is_filtered_by_batch_and_names_no_batch_to_others(administrator, contributor, image):
    other = factories.image("另一張")
    Job.objects.all().delete()
    batch = Batch.objects.create(label="未公开之书")
    Job.objects.ask("derivatives", "image", [image.pk], batch=batch)
    Job.objects.ask("derivatives", "image", [other.pk])

    shown = words(administrator.get(reverse("archive_jobs"), {"batch": batch.pk}))
    assert "栖澜橋全景" in shown
    assert "另一張" not in shown
    assert "未公开之书" not in words(contributor.get(reverse("archive_jobs")))


def test_those_who_may_look_or_act_are_told_as_people_too(contributor, django_user_model):
    policy = ReportPermissionPolicy(Job)
    django_user_model.objects.create_user("nobody", password="x")
    chief = django_user_model.objects.create_superuser("chief", password="x")

    lookers = set(policy.users_with_any_permission(["view"]).values_list("username", flat=True))
    assert lookers == {"contributor", "chief"}
    assert list(policy.users_with_any_permission(["change"])) == [chief]
    assert not policy.users_with_any_permission(["delete"])
