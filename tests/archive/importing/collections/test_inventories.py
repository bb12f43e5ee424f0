"""Inventories from file to collection and back: read, planned, applied, killed, undone, exported."""

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from archive.importing.collections import apply, runs
from archive.importing.collections.columns import propose
from archive.importing.collections.export import as_csv, as_workbook
from archive.models import AlbumPage, Identifier, Inventory, InventoryRow, PhotoIndexPage, PhotoPage, Place, Topic
from media_assets import jobs
from media_assets.file_errors import FileError
from media_assets.models import Job
from tests import factories

pytestmark = pytest.mark.django_db
State = Inventory.State
TABLE = """编号,题名,拍摄时间,地点,关键词,版权,文件名
甲001,舊碼頭,1978年12月,石龍鎮,民俗;市集,公有领域,
甲002,赛龙舟,端午,石龙镇,民俗,公有領域,没有.jpg
甲003,,1980年,,,,
"""


class KilledError(BaseException):
    """What a kill is to the program."""


@pytest.fixture
def index(home) -> PhotoIndexPage:
    return PhotoIndexPage.objects.get()


def handed_in(table: str | bytes, parent, name="照片清册.csv", user=None, kind="photo") -> Inventory:
    data = table if isinstance(table, bytes) else table.encode()
    inventory = runs.start(SimpleUploadedFile(name, data), user, parent=parent, kind=kind)
    inventory.refresh_from_db()
    return inventory


def planned(table, parent, create=True, **given) -> Inventory:
    inventory = handed_in(table, parent, **given)
    assert inventory.state == State.MAPPING, inventory.reason
    runs.map_columns(inventory, inventory.columns, runs.create_all(create))
    inventory.refresh_from_db()
    assert inventory.state == State.PLANNED, inventory.reason
    return inventory


def applied(table, parent, **given) -> Inventory:
    inventory = planned(table, parent, **given)
    assert runs.approve(inventory)
    inventory.refresh_from_db()
    assert inventory.state == State.DONE, inventory.reason
    return inventory


def undone(inventory: Inventory) -> Inventory:
    assert runs.take_back(inventory)
    inventory.refresh_from_db()
    assert inventory.state == State.UNDONE, inventory.reason
    return inventory


def counts(inventory: Inventory) -> tuple[int, ...]:
    return tuple(inventory.plan["counts"][name] for name in ("create", "update", "skip", "problem"))


def test_headings_in_chinese_and_english_propose_their_fields():
    assert propose(["档號", "題名", "Ｔｉｔｌｅ", "拍摄地点", "dateText", "不明"]) == [
        "key",
        "title",
        "",
        "places",
        "date_written",
        "",
    ]


def test_a_plan_tells_every_row_and_problem_and_writes_nothing(index):
    place = factories.place("石龙镇")
    inventory = planned(TABLE, index, create=False)
    assert counts(inventory) == (2, 0, 0, 1)
    assert PhotoPage.objects.count() == Topic.objects.count() == 0
    told = list(runs.problems(inventory))
    assert (3, "", "文件名", "馆里没有叫“没有.jpg”的文件。") in told
    assert (4, "", "题名", "没有题名。") in told
    assert any(row == 3 and "端午" in words for row, _sheet, _column, words in told)
    assert {each["name"] for each in inventory.plan["unknown"]["topics"]["names"]} == {"民俗", "市集"}
    assert "places" not in inventory.plan["unknown"], place


def test_rows_become_drafts_with_what_belongs_to_a_page(index):
    picture = factories.image()
    factories.place("石龙镇")
    applied(TABLE.replace("没有.jpg", "碼頭.ＪＰＧ"), index)
    page = PhotoPage.objects.get(title="赛龙舟")
    assert not page.live
    assert page.lead_image == picture
    assert page.rights == "pdm"
    assert page.identifier.kind == Identifier.Kind.PAGE
    assert page.title_pinyin.startswith("sai")
    assert [link.place.name for link in page.page_places.all()] == ["石龙镇"]
    old = PhotoPage.objects.get(title="舊碼頭")
    assert old.date_earliest is not None
    assert [link.topic.name for link in old.page_topics.all()] == ["民俗", "市集"]
    assert PhotoIndexPage.find_problems() == ([], [], [], [], [])


@pytest.mark.postgresql
def test_the_same_file_again_changes_nothing(index):
    applied(TABLE, index)
    assert counts(planned(TABLE, index)) == (0, 0, 2, 1)


@pytest.mark.postgresql
def test_a_changed_row_updates_its_page_and_undo_gives_the_old_value_back(index):
    applied(TABLE, index)
    again = applied(TABLE.replace("1978年12月", "1979年"), index)
    assert counts(again) == (0, 1, 1, 1)
    assert PhotoPage.objects.get(title="舊碼頭").date_written == "1979年"
    undone(again)
    assert PhotoPage.objects.get(title="舊碼頭").date_written == "1978年12月"


@pytest.mark.postgresql
def test_undo_leaves_nothing_behind(index):
    before = (PhotoPage.objects.count(), Topic.objects.count(), Place.objects.count())
    inventory = undone(applied(TABLE, index))
    assert (PhotoPage.objects.count(), Topic.objects.count(), Place.objects.count()) == before
    index.refresh_from_db()
    assert index.numchild == 0
    assert inventory.plan["undone"] == {"kept": 0, "made_kept": 0}


def test_what_a_person_changed_since_is_kept_and_told(index):
    inventory = applied(TABLE, index)
    page = PhotoPage.objects.get(title="赛龙舟")
    page.title = "石龙赛龙舟"
    page.save()
    inventory = undone(inventory)
    assert [each.title for each in PhotoPage.objects.all()] == ["石龙赛龙舟"]
    assert inventory.plan["undone"]["kept"] == 1
    assert any("没有删除" in words for *_where, words in runs.problems(inventory))


def test_a_published_page_is_changed_in_a_new_version_only(index):
    page = factories.photo("旧码头", parent=index)
    applied(f"永久标识符,题名\n{page.identifier_id},舊碼頭（西岸）\n", index)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "旧码头")
    assert page.get_latest_revision_as_object().title == "舊碼頭（西岸）"


@pytest.mark.postgresql
def test_killed_while_applying_it_goes_on_with_equal_counts(index, monkeypatch, settings):
    table = "编号,题名,主题\n" + "".join(f"乙{n:03},照片{n},民俗\n" for n in range(60))
    monkeypatch.setattr(apply, "BATCH", 10)
    monkeypatch.setattr(apply, "batches", lambda rows, size=10: _batches(rows, min(size, 10)))
    inventory = planned(table, index)
    settings.MEDIA_JOBS_IN_PLACE = False
    runs.approve(inventory)
    real, calls = apply.enqueue_with_passages, []

    def dies(ids):
        calls.append(ids)
        if len(calls) == 3:
            raise KilledError
        real(ids)

    monkeypatch.setattr(apply, "enqueue_with_passages", dies)
    with pytest.raises(KilledError):
        jobs.drain(names=[runs.KIND])
    assert PhotoPage.objects.count() == 20
    Job.objects.update(lease_until="2020-01-01T00:00:00Z")
    jobs.drain(names=[runs.KIND])
    inventory.refresh_from_db()
    assert (inventory.state, PhotoPage.objects.count(), Topic.objects.count()) == (State.DONE, 60, 1)
    settings.MEDIA_JOBS_IN_PLACE = True
    undone(inventory)
    assert PhotoPage.objects.count() == Topic.objects.count() == 0


def _batches(rows, size):
    return _real_batches(rows, size)


_real_batches = apply.batches


@pytest.mark.postgresql
def test_many_photographs_are_spread_over_albums(index, monkeypatch):
    monkeypatch.setattr("archive.importing.collections.plan.MOST_CHILDREN", 4)
    monkeypatch.setattr(apply, "MOST_CHILDREN", 4)
    inventory = applied("题名\n" + "".join(f"照片{n}\n" for n in range(9)), index)
    assert [(album.title, album.numchild) for album in AlbumPage.objects.order_by("path")] == [
        ("照片清册 1", 4),
        ("照片清册 2", 4),
        ("照片清册 3", 1),
    ]
    assert "3 个新相册" in inventory.plan["notes"][0]
    undone(inventory)
    assert AlbumPage.objects.count() == 0


def test_an_export_imported_again_changes_nothing(index):
    factories.photo("=1+1", parent=index, description="-2", page_places=[])
    applied(TABLE, index)
    pages = PhotoPage.objects.order_by("path")
    table = "".join(as_csv(pages))
    assert "'=1+1" in table
    assert counts(planned(table, index, create=False)) == (0, 0, 3, 0)
    with as_workbook(pages) as book:
        assert counts(planned(book.read(), index, create=False, name="清册.xlsx")) == (0, 0, 3, 0)


def test_columns_named_once_are_remembered_for_the_next_file(index):
    inventory = handed_in("甲,乙\n1,码头\n", index)
    runs.map_columns(inventory, ["key", "title"])
    assert handed_in("甲,乙\n2,渡口\n", index).columns == ["key", "title"]


REAL = {
    "57893-many-merges.xlsx": "清册里没有内容。",
    "TwoSheetsOneHidden.xlsx": "清册里只有列名，列名之下没有内容。",
    "chinese-provinces.xls": "这是旧版（.xls）或有密码的 Excel 文件，请去掉密码并另存为 .xlsx 后再上传。",
    "password.xls": "这是旧版（.xls）或有密码的 Excel 文件，请去掉密码并另存为 .xlsx 后再上传。",
    "poc-xmlbomb.xlsx": "文档里的 XML 自行定义了实体，可能耗尽内存，不能收存。",
    "easyexcel_dataformat.xlsx": (27, ["", "title"], (27, "2020-1-1 1:01")),
    "easyexcel_extra_merged.xlsx": (6, ["title", "description"], (6, "普通超链接")),
    "streets_5000_gb18030.csv": (5000, ["key", "title"], (5000, "东华门街道")),
    "nga_constituents_text_entries.csv": (6908, ["", "description", "title"], (6908, "bibliography")),
    "tate_artworks_5000.csv": (
        5000,
        None,
        (5000, "A Figure Bowing before a Seated Old Man with his Arm Outstretched in Benediction."),
    ),
}
"""Name → why it is refused, or its rows, what a person says of its columns where the headings do not say it, how many
things it makes, and what the first is called."""


@pytest.mark.parametrize(("name", "told"), REAL.items())
def test_real_tables_are_planned_rightly_or_refused_in_words(name, told, index, shared_data):
    data = (shared_data / "sheets" / name).read_bytes()
    with suppress(FileError):
        handed_in(data, index, name=name)
    inventory = Inventory.objects.get()
    if isinstance(told, str):
        assert (inventory.state, inventory.reason) == (State.FAILED, told)
        return
    rows, columns, (made, first) = told
    assert (inventory.state, inventory.rows.count()) == (State.MAPPING, rows)
    runs.map_columns(inventory, columns or inventory.columns, runs.create_all(False))
    inventory.refresh_from_db()
    assert inventory.state == State.PLANNED, inventory.reason
    assert (inventory.plan["counts"]["create"], inventory.rows.first().title[: len(first)]) == (made, first)


def test_merged_cells_say_what_their_range_says(index, shared_data):
    handed_in((shared_data / "sheets/easyexcel_extra_merged.xlsx").read_bytes(), index, name="合并.xlsx")
    assert InventoryRow.objects.last().cells[:2] == ["合并单元格", "合并单元格"]
