"""The page 「操作记录」: for whom it is, what it finds, and what it hands out."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.acts.recording import record
from archive.models import Act
from archive.models.acts import Matter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(home, django_user_model) -> dict[str, Client]:
    clients = {}
    for name, group in (("keeper", "管理员"), ("editor", "编辑"), ("reviewer", "审稿人")):
        person = django_user_model.objects.create_user(name, password="x")
        person.groups.add(Group.objects.get(name=group))
        clients[name] = Client()
        clients[name].force_login(person)
    return clients


def listed(client: Client, **filters) -> str:
    answer = client.get(reverse("archive_acts"), filters)
    assert answer.status_code == 200
    return answer.content.decode()


def test_is_for_administrators_alone(office):
    for name in ("archive_acts", "archive_acts_results"):
        assert office["keeper"].get(reverse(name)).status_code == 200
        for who in ("editor", "reviewer"):
            answer = office[who].get(reverse(name))
            assert (answer.status_code, answer.get("Location")) == (302, reverse("wagtailadmin_home"))
        assert Client().get(reverse(name)).status_code == 302
    assert reverse("archive_acts") in listed(office["keeper"])
    assert reverse("archive_acts") not in office["editor"].get(reverse("wagtailadmin_home")).content.decode()


def test_export_is_for_administrators_alone(office):
    assert office["editor"].get(reverse("archive_acts"), {"export": "csv"}).status_code == 302


def test_finds_by_person_matter_act_kind_object_and_day(office):
    factories.story("永济桥")
    record("user.change", label="石渡镇的人", words="停用", matter=Matter.PERMISSION)
    keeper = office["keeper"]
    assert "永济桥" in listed(keeper, matter="publication")
    assert "永济桥" not in listed(keeper, matter="permission")
    assert "石渡镇的人" in listed(keeper, kind="user.change")
    assert "永济桥" not in listed(keeper, kind="user.change")
    assert "永济桥" in listed(keeper, object_kind="archive.storypage", label="永济")
    assert "永济桥" not in listed(keeper, object_kind="archive.bookpage")
    today = timezone.localdate().isoformat()
    assert "永济桥" in listed(keeper, at_from=today, at_to=today)
    assert "永济桥" not in listed(keeper, at_to="2020-01-01")
    assert "登录" in listed(keeper, user_name="EDITOR")


@pytest.mark.parametrize(
    "asked", [{"at_from": "不是日期"}, {"matter": "x"}, {"kind": "x"}, {"p": "9999"}, {"user": "0"}, {"ordering": "x"}]
)
def test_a_question_that_makes_no_sense_is_no_failure(office, asked):
    assert office["keeper"].get(reverse("archive_acts"), asked).status_code in (200, 404)


def test_names_are_not_taken_for_markup(office):
    record("test", label="<script>alert(1)</script>", words="<b>粗</b>")
    assert "<script>alert(1)" not in listed(office["keeper"])


def test_a_page_of_a_hundred_thousand_asks_a_bounded_number_of_queries(office, django_assert_max_num_queries):
    rows = [Act(kind="wagtail.edit", matter="publication", label=f"故事{n}", user_name="甲") for n in range(5000)]
    for _lot in range(20):
        for row in rows:
            row.pk = None
        Act.objects.bulk_create(rows, batch_size=2000)
    office["keeper"].get(reverse("archive_acts"))
    with django_assert_max_num_queries(32):
        answer = office["keeper"].get(reverse("archive_acts"), {"matter": "publication"})
    assert len(answer.context["object_list"]) == 50


def test_the_table_handed_out_holds_everything_and_computes_nothing(office):
    record("test", label='=HYPERLINK("http://x")', words="＋1", address="203.0.113.9")
    for number in range(60):
        record("test", label=f"第{number}件")
    asked = {"kind": "", "export": "csv"}
    text = b"".join(office["keeper"].get(reverse("archive_acts"), asked).streaming_content).decode()
    assert text.startswith("\ufeff时间,事项,操作,操作人")
    assert "第0件" in text
    assert "第59件" in text
    assert "'=HYPERLINK" in text
    assert "'＋1" in text
    book = b"".join(office["keeper"].get(reverse("archive_acts"), {"export": "xlsx"}).streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True))
    assert len(rows) == Act.objects.count() + 1
    assert not [cell for row in rows for cell in row if str(cell).startswith("=")]
