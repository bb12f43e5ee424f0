"""The pages 「清册导入」 of the CMS, and the command, with real files through the real job."""

import time

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from archive.editing import roles
from archive.editing.inventory_rights import may_import_beneath
from archive.importing.collections import runs
from archive.models import GroupRule, Inventory, PhotoIndexPage, PhotoPage
from tests import factories
from tests.archive.importing.collections.test_inventories import TABLE, handed_in, planned

pytestmark = pytest.mark.django_db
State = Inventory.State


def signed_in(django_user_model, name: str, *groups: str) -> Client:
    user = django_user_model.objects.create_user(name, password="x")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def index(home) -> PhotoIndexPage:
    return PhotoIndexPage.objects.get()


@pytest.fixture
def editor(home, django_user_model) -> Client:
    return signed_in(django_user_model, "bianji", roles.EDITOR)


def one(inventory: Inventory, act: str = "") -> str:
    return reverse(f"archive_inventory{act}", args=[inventory.pk])


def test_an_editor_goes_from_the_file_to_drafts_and_back(editor, index):
    inventory = handed_in(TABLE, index, user=editor.user)
    page = editor.get(one(inventory)).content.decode()
    assert "列的对应" in page
    columns = {f"column-{at}": field for at, field in enumerate(inventory.columns)}
    editor.post(one(inventory, "_map"), columns)
    page = editor.get(one(inventory)).content.decode()
    assert "2 新建 0 更新 0 未变 1 有问题" in page
    assert "馆里没有叫“没有.jpg”的文件。" in page
    editor.post(one(inventory, "_map"), columns | {"rest-topics": "create"})
    editor.post(one(inventory, "_approve"))
    assert PhotoPage.objects.filter(live=False, page_topics__topic__name="民俗").count() == 2
    assert "整体撤销" in editor.get(one(inventory)).content.decode()
    editor.post(one(inventory, "_undo"))
    assert "已整体撤销" in editor.get(one(inventory)).content.decode()
    assert not PhotoPage.objects.exists()


def test_the_form_takes_a_file_and_refuses_a_place_that_cannot_hold_it(editor, index, home):
    from_form = handed_in_by_form(editor, home)
    assert "不能放这一类内容" in from_form.content.decode()
    assert handed_in_by_form(editor, index).status_code == 302
    assert Inventory.objects.get().created_by == editor.user


def handed_in_by_form(client, parent):
    from_disk = SimpleUploadedFile("清册.csv", TABLE.encode())
    return client.post(
        reverse("archive_inventory_add"), {"file": from_disk, "kind": "photo", "parent": parent.pk, "encoding": ""}
    )


def test_problems_are_taken_along_as_a_table(editor, index):
    inventory = planned(TABLE, index, user=editor.user)
    answer = b"".join(editor.get(one(inventory, "_problems")).streaming_content).decode("utf-8-sig")
    assert "4,,题名,没有题名。" in answer


def test_pages_are_given_back_in_the_columns_of_an_inventory(editor, index):
    factories.photo("旧码头", parent=index)
    address = reverse("archive_inventory_export")
    query = {"export-parent": index.pk, "export-kind": "photo", "export-form": "csv"}
    answer = b"".join(editor.get(address, query).streaming_content).decode("utf-8-sig")
    assert answer.startswith("永久标识符,题名")
    assert "旧码头" in answer
    assert editor.get(address, query | {"export-form": "xlsx"}).status_code == 200


def test_an_import_is_seen_by_its_owner_and_by_administrators_alone(editor, index, django_user_model):
    inventory = planned(TABLE, index, user=editor.user)
    other = signed_in(django_user_model, "lingyi", roles.EDITOR)
    assert other.get(one(inventory)).status_code == 404
    assert other.post(one(inventory, "_approve")).status_code == 404
    boss = Client()
    boss.force_login(django_user_model.objects.create_superuser("guanli", password="x"))
    assert boss.get(one(inventory)).status_code == 200


def test_a_town_imports_nothing_beneath_pages_of_others(index, django_user_model):
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    album = factories.album("石渡镇相册")
    group = roles.ensure_town_group("石渡镇", [album], collection)
    town = signed_in(django_user_model, "tongxun", group.name)
    assert "不能在它之下新建" in handed_in_by_form(town, index).content.decode()
    assert handed_in_by_form(town, album).status_code == 302


def test_a_group_that_may_make_stories_alone_imports_no_photographs(editor, index):
    GroupRule.objects.create(group=Group.objects.get(name=roles.EDITOR), kinds=["story"])
    assert not may_import_beneath(editor.user, index, "photo")
    inventory = handed_in(TABLE, index, user=editor.user)
    columns = {f"column-{at}": field for at, field in enumerate(inventory.columns)}
    assert editor.post(one(inventory, "_map"), columns)["Location"] == reverse("wagtailadmin_home")
    runs.map_columns(inventory, inventory.columns, runs.create_all())
    assert editor.post(one(inventory, "_approve"))["Location"] == reverse("wagtailadmin_home")
    runs.approve(inventory)  # as if the rule had come after the yes
    assert not PhotoPage.objects.exists()
    inventory.refresh_from_db()
    assert "现在不能在这里新建页面" in inventory.reason


def test_who_may_add_nothing_sees_no_imports(index, django_user_model):
    reader = signed_in(django_user_model, "shengao", roles.REVIEWER)
    assert reader.get(reverse("archive_inventories")).status_code in (302, 403)


def test_the_command_does_the_same(index, tmp_path, capsys):
    table = tmp_path / "清册.csv"
    table.write_text(TABLE, encoding="utf-8")
    call_command("import_collection", str(table), "--dry-run")
    assert "2 新建 0 更新 0 未变 1 有问题" in capsys.readouterr().out
    assert not PhotoPage.objects.exists()
    call_command("import_collection", str(table), "--yes")
    assert PhotoPage.objects.count() == 2
    call_command("import_collection", undo=Inventory.objects.latest("pk").pk)
    assert not PhotoPage.objects.exists()


def test_a_running_step_tells_rows_a_second_and_what_remains(editor, index, settings):
    inventory = planned(TABLE, index, user=editor.user)
    settings.MEDIA_JOBS_IN_PLACE = False
    editor.post(one(inventory, "_approve"))
    assert editor.get(one(inventory, "_progress")).json()["percent"] == 0
    Inventory.objects.update(rows_done=600, pace={"began": time.time() - 60, "from": 300, "total": 900})
    told = editor.get(one(inventory, "_progress")).json()
    assert told["percent"] == 66.7
    assert "600 / 900 行，每秒 5 行，约剩 60 秒" in told["words"]
    assert "每秒" in editor.get(one(inventory)).content.decode()


def test_every_row_is_listed_with_what_is_done_with_it(editor, index):
    page = factories.photo("旧码头", parent=index)
    table = f"永久标识符,题名,拍摄时间\n{page.identifier_id},舊碼頭（西岸）,1978年\n,渡口,端午\n,,1980年\n"
    inventory = planned(table, index, user=editor.user)
    shown = editor.get(one(inventory)).content.decode()
    assert "<del>旧码头</del> → <ins>舊碼頭（西岸）</ins>" in shown
    assert "未能理解“端午”" in shown
    problems = editor.get(one(inventory), {"rows": "problem"}).content.decode().partition('id="rows"')[2]
    assert "没有题名。" in problems
    assert "渡口" not in problems
    assert "没有这样的行。" in editor.get(one(inventory), {"rows": "skip"}).content.decode()
    assert "渡口" in editor.get(one(inventory), {"rows": "胡写", "p": "999"}).content.decode()


def test_the_whole_plan_is_taken_along_with_old_and_new(editor, index):
    page = factories.photo("=1+1", parent=index)
    inventory = planned(f"永久标识符,题名\n{page.identifier_id},舊碼頭\n,渡口\n", index, user=editor.user)
    answer = editor.get(one(inventory, "_plan"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "行,工作表,题名,做什么,列,原来,改为,提示"
    assert lines[1] == "2,,舊碼頭,更新,题名,'=1+1,舊碼頭,"
    assert lines[2].startswith("3,,渡口,新建")
    assert "no-store" in answer["Cache-Control"]


def test_the_page_says_until_when_it_can_be_undone(editor, index):
    inventory = planned(TABLE, index, user=editor.user)
    editor.post(one(inventory, "_approve"))
    shown = editor.get(one(inventory)).content.decode()
    inventory.refresh_from_db()
    assert f"{inventory.undoable_until:%Y}年" in shown
    assert "以前可以整体撤销" in shown


def test_a_page_of_others_is_not_named_by_the_form_that_refuses_it(index, django_user_model):
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    own, other = factories.album("石渡镇相册"), factories.album("机密相册", published=False)
    group = roles.ensure_town_group("石渡镇", [own], collection)
    town = signed_in(django_user_model, "tongxun", group.name)
    refused = handed_in_by_form(town, other).content.decode()
    assert "不能在它之下新建" in refused
    assert "机密" not in refused
    query = {"export-parent": other.pk, "export-kind": "photo", "export-form": "csv"}
    exported = town.get(reverse("archive_inventory_export"), query)
    assert exported.status_code == 302


@pytest.mark.parametrize("what", ["", "_progress", "_problems", "_plan"])
def test_nothing_of_an_import_is_shown_to_others(what, editor, index, django_user_model):
    inventory = planned(TABLE, index, user=editor.user)
    other = signed_in(django_user_model, "lingyi", roles.EDITOR)
    assert other.get(one(inventory, what)).status_code == 404
    assert signed_in(django_user_model, "shengao", roles.REVIEWER).get(one(inventory, what)).status_code in (302, 403)
    assert Client().get(one(inventory, what)).status_code == 302


@pytest.mark.parametrize("act", ["_map", "_approve", "_undo", "_retry", "_discard"])
def test_nobody_else_acts_on_an_import(act, editor, index, django_user_model):
    inventory = planned(TABLE, index, user=editor.user)
    other = signed_in(django_user_model, "lingyi", roles.EDITOR)
    assert other.post(one(inventory, act)).status_code == 404
    assert editor.get(one(inventory, act)).status_code == 405
    inventory.refresh_from_db()
    assert inventory.state == State.PLANNED


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0", "旧式表格"),
        ("空.csv", b"", "这个文件是空的。"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_form(name, data, said, editor, index):
    given = {"file": SimpleUploadedFile(name, data), "kind": "photo", "parent": index.pk, "encoding": ""}
    answer = editor.post(reverse("archive_inventory_add"), given)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Inventory.objects.exists()


def test_a_column_named_twice_or_no_title_is_told_and_nothing_lost(editor, index):
    inventory = handed_in("甲,乙\n1,码头\n", index, user=editor.user)
    twice = editor.post(one(inventory, "_map"), {"column-0": "title", "column-1": "title"}, follow=True)
    assert "“题名”只能对应一列。" in twice.content.decode()
    none = editor.post(one(inventory, "_map"), {"column-0": "胡写", "column-1": ""}, follow=True)
    assert "请指出哪一列是题名。" in none.content.decode()
    inventory.refresh_from_db()
    assert inventory.state == State.MAPPING
