"""From files to catalogue: the table of a batch, and the drafts that are made of it once."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Collection, Locale, Page

from archive.editing import upload_drafts
from archive.editing.roles import EDITOR, ensure_roles, ensure_town_group
from archive.editing.upload_drafts import Plan
from archive.editing.upload_records import cleaned, names_in
from archive.models import AlbumPage, BatchRow, PhotoIndexPage, PhotoPage, UploadBatch, VideoIndexPage, VideoPage
from media_assets.jobs import drain
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo, Job, Upload
from media_assets.uploading.acceptance import take_in
from tests.factories import film_bytes, picture_bytes, place, topic
from tests.media_assets.made_files import a_pdf, a_photograph_with_a_position

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(home) -> Collection:
    return Collection.get_first_root_node().add_child(name="来稿")


@pytest.fixture
def person(home, django_user_model):
    """One of the office's editors."""
    groups = ensure_roles(Page.objects.get(depth=1))
    user = django_user_model.objects.create_user("莞编辑", password="x")
    user.groups.add(groups[EDITOR])
    return user


@pytest.fixture
def desk(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def batch(person, collection) -> UploadBatch:
    return UploadBatch.objects.create(owner=person, collection=collection)


def bring(batch: UploadBatch, name: str, data: bytes | None = None):
    file = SimpleUploadedFile(name, data or picture_bytes())
    return take_in(batch.owner, batch.collection, file, batch.key)


def photos() -> PhotoIndexPage:
    return PhotoIndexPage.objects.get(locale=Locale.get_default())


def films() -> VideoIndexPage:
    return VideoIndexPage.objects.get(locale=Locale.get_default())


def fill(desk: Client, batch: UploadBatch, rows: dict[int, dict[str, str]]) -> dict:
    address = f"/admin/archive/uploads/{batch.pk}/cells/"
    answer = desk.post(address, json.dumps({"rows": rows}), content_type="application/json")
    assert answer.status_code == 200
    return answer.json()


def act(desk: Client, batch: UploadBatch, do: str, **fields):
    return desk.post(f"/admin/archive/uploads/{batch.pk}/act/", {"do": do, **fields}, follow=True)


def test_a_row_begins_with_what_the_file_tells_of_itself(batch):
    bring(batch, "码头_旧影.jpg", a_photograph_with_a_position(400, 240))

    row = batch.rows.get()

    assert row.image == ArchiveImage.objects.get()
    assert row.record["title"]
    assert row.record["rights"] == "cne"


def test_the_table_shows_a_row_a_file_with_what_was_read_and_what_is_missing(desk, batch):
    bring(batch, "龙舟001.jpg")
    bring(batch, "赛龙舟.mp4", film_bytes())

    text = desk.get(f"/admin/archive/uploads/{batch.pk}/").content.decode()

    assert "龙舟001.jpg" in text
    assert "400×300" in text
    assert "160×120 · 0:01" in text
    assert text.count("未填") > 4
    assert "is-missing" in text


def test_a_file_that_the_museum_holds_already_is_marked(desk, batch):
    data = picture_bytes()
    bring(batch, "第一份.jpg", data)
    bring(batch, "又一份.jpg", data)

    assert "馆内已有相同的文件" in desk.get(f"/admin/archive/uploads/{batch.pk}/").content.decode()


def test_what_is_written_in_a_cell_is_kept_and_leaves_the_others_alone(desk, batch):
    place("石龙镇")
    bring(batch, "龙舟001.jpg")
    row = batch.rows.get()

    told = fill(desk, batch, {row.pk: {"date_written": "民國廿五年", "places": "石龙镇、萬江"}})
    fill(desk, batch, {row.pk: {"credit": "张三摄"}})

    row.refresh_from_db()
    assert (row.record["date_written"], row.record["credit"]) == ("民國廿五年", "张三摄")
    assert row.record["title"] == "龙舟001"
    assert "1936" in told["rows"][str(row.pk)]["notes"]["date_written"]
    assert told["rows"][str(row.pk)]["notes"]["places"] == "未收录：萬江"


def test_a_file_may_come_in_without_a_page_of_its_own(desk, batch):
    bring(batch, "龙舟001.jpg")
    bring(batch, "龙舟002.jpg")
    first, second = batch.rows.all()

    told = fill(desk, batch, {first.pk: {"left_out": "不生成页面"}, second.pk: {"left_out": ""}})
    act(desk, batch, "drafts", photos=photos().pk)
    drain()

    assert told["rows"][str(first.pk)]["values"]["left_out"] == "1"
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.page_id is None
    assert second.page_id is not None


def test_choices_may_be_pasted_by_their_labels_and_others_are_told_of(desk, batch):
    bring(batch, "龙舟001.jpg")
    row = batch.rows.get()

    told = fill(desk, batch, {row.pk: {"rights": "公有领域", "access": "秘密", "title": "a\tb\n c"}})

    row.refresh_from_db()
    assert (row.record["rights"], row.record["access"], row.record["title"]) == ("pdm", "0", "a b c")
    assert "秘密" in told["refused"][str(row.pk)]["access"]


@pytest.mark.parametrize("column", ["nonsense", "image_id"])
def test_columns_that_there_are_not_are_not_written(desk, batch, column):
    bring(batch, "龙舟001.jpg")
    row = batch.rows.get()

    assert fill(desk, batch, {row.pk: {column: "1"}})["refused"]

    row.refresh_from_db()
    assert column not in row.record


def test_names_stand_between_marks_of_every_width():
    assert names_in("石龙镇、莞城，  万江;石龙镇") == ["石龙镇", "莞城", "万江"]
    assert cleaned("description", " 一行\n两行 ") == "一行\n两行"


def test_a_new_album_of_drafts_is_made_with_all_that_was_written(desk, batch):
    place("石龙镇"), topic("民俗")
    for number in (2, 1, 3):
        bring(batch, f"龙舟{number:03}.jpg")
    rows = {
        row.pk: {
            "title": f"龙舟竞渡之{number}",
            "date_written": "1978年",
            "places": "石龙镇",
            "topics": "民俗",
            "credit": "张三摄",
            "rights": "cc-by",
            "source": "县档案馆",
            "access": "1",
            "description": "两岸观者如堵。",
        }
        for number, row in enumerate(batch.rows.all(), 1)
    }
    fill(desk, batch, rows)

    act(desk, batch, "drafts", album="龙舟老照片", photos=photos().pk)

    album = AlbumPage.objects.get(title="龙舟老照片")
    made = list(PhotoPage.objects.child_of(album).order_by("path"))
    assert [page.title for page in made] == ["龙舟竞渡之1", "龙舟竞渡之2", "龙舟竞渡之3"]
    assert not album.live and not any(page.live for page in made)
    assert all(page.latest_revision and page.owner == batch.owner for page in made)
    page = made[0]
    assert (page.date_written, page.credit, page.rights, page.access) == ("1978年", "张三摄", "cc-by", 1)
    assert [link.place.name for link in page.page_places.all()] == ["石龙镇"]
    assert [link.topic.name for link in page.page_topics.all()] == ["民俗"]
    assert page.date_earliest is not None
    image = page.lead_image
    assert (image.title, image.credit, image.source, image.access) == ("龙舟竞渡之1", "张三摄", "县档案馆", 1)
    assert image.date_written == "1978年"


def test_pressing_twice_makes_the_pages_once_and_later_files_are_added(desk, batch):
    bring(batch, "龙舟001.jpg")
    act(desk, batch, "drafts", album="龙舟老照片", photos=photos().pk)
    act(desk, batch, "drafts", album="龙舟老照片", photos=photos().pk)
    assert (AlbumPage.objects.count(), PhotoPage.objects.count()) == (1, 1)

    bring(batch, "龙舟002.jpg")
    act(desk, batch, "drafts", album="龙舟老照片", photos=photos().pk)

    assert AlbumPage.objects.count() == 1
    assert PhotoPage.objects.child_of(AlbumPage.objects.get()).count() == 2


def test_a_worker_killed_between_two_pages_goes_on_behind_the_first(desk, batch, settings, monkeypatch):
    for number in (1, 2, 3):
        bring(batch, f"龙舟{number:03}.jpg")
    settings.MEDIA_JOBS_IN_PLACE = False
    real, calls = upload_drafts._make_page, []

    def dies_at_the_second(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise MemoryError
        real(*arguments)

    monkeypatch.setattr(upload_drafts, "_make_page", dies_at_the_second)
    upload_drafts.ask(batch, Plan(photos=photos().pk))
    drain(names=[upload_drafts.KIND])
    assert PhotoPage.objects.count() == 1
    monkeypatch.setattr(upload_drafts, "_make_page", real)
    Job.objects.filter(kind=upload_drafts.KIND).update(retry_at=None)
    drain(names=[upload_drafts.KIND])

    assert PhotoPage.objects.count() == 3
    batch.refresh_from_db()
    assert batch.state == UploadBatch.State.DONE


def test_films_become_film_pages_and_documents_are_kept_as_files_alone(desk, batch):
    bring(batch, "赛龙舟.mp4", film_bytes())
    bring(batch, "县志.pdf", a_pdf())

    act(desk, batch, "drafts", films=films().pk)

    page = VideoPage.objects.get()
    assert (page.title, page.video, page.live) == ("赛龙舟", ArchiveVideo.objects.get(), False)
    assert ArchiveDocument.objects.get().title == "县志"


def test_what_is_written_can_go_to_the_files_alone(desk, batch):
    bring(batch, "龙舟001.jpg")
    fill(desk, batch, {batch.rows.get().pk: {"title": "趁景", "credit": "李四"}})

    act(desk, batch, "files")

    image = ArchiveImage.objects.get()
    assert (image.title, image.credit) == ("趁景", "李四")
    assert not PhotoPage.objects.exists()


@pytest.mark.parametrize(
    ("written", "words"), [({"title": ""}, "没有题名"), ({"places": "无名乡"}, "“无名乡”还没有收录")]
)
def test_no_draft_is_made_while_a_title_is_missing_or_a_name_is_unknown(desk, batch, written, words):
    bring(batch, "龙舟001.jpg")
    fill(desk, batch, {batch.rows.get().pk: written})

    answer = act(desk, batch, "drafts", photos=photos().pk)

    assert words in answer.content.decode()
    assert not PhotoPage.objects.exists()


def test_the_form_says_where_a_new_album_cannot_be(desk, batch):
    bring(batch, "龙舟001.jpg")

    nowhere = act(desk, batch, "drafts", album="新相册")
    nothing = act(desk, batch, "drafts")

    assert "新相册要放在“照片”栏目下" in nowhere.content.decode()
    assert "请至少选择" in nothing.content.decode()
    assert not AlbumPage.objects.exists()


def test_the_form_keeps_what_stands_in_its_cells_without_any_script(desk, batch):
    bring(batch, "龙舟001.jpg")
    row = batch.rows.get()

    act(desk, batch, "save", **{f"cell-{row.pk}-title": "起龍", f"cell-{row.pk}-rights": "cc0"})

    row.refresh_from_db()
    assert (row.record["title"], row.record["rights"]) == ("起龍", "cc0")


def test_files_that_come_with_the_form_make_a_batch_and_wrong_ones_are_told_of(desk, collection):
    good = SimpleUploadedFile("码头.jpg", picture_bytes())
    bad = SimpleUploadedFile("假.jpg", b"<html><script>alert(1)</script></html>")

    answer = desk.post("/admin/archive/uploads/", {"collection": collection.pk, "files": [good, bad]}, follow=True)

    assert "“假.jpg”" in answer.content.decode()
    assert [row.path for row in BatchRow.objects.all()] == ["码头.jpg"]
    assert Upload.objects.get().state == "accepted"


def test_a_batch_is_its_owners_alone(batch, administrator):
    bring(batch, "龙舟001.jpg")
    row = batch.rows.get()

    for address in ("", "progress/"):
        assert administrator.get(f"/admin/archive/uploads/{batch.pk}/{address}").status_code == 404
    told = json.dumps({"rows": {row.pk: {"title": "改"}}})
    address = f"/admin/archive/uploads/{batch.pk}/cells/"
    assert administrator.post(address, told, content_type="application/json").status_code == 404
    assert administrator.post(f"/admin/archive/uploads/{batch.pk}/act/", {"do": "files"}).status_code == 404


def test_rows_of_another_batch_are_not_written_through_ones_own(desk, batch, person, collection):
    other = UploadBatch.objects.create(owner=person, collection=collection)
    bring(other, "龙舟001.jpg")
    row = other.rows.get()

    fill(desk, batch, {row.pk: {"title": "改"}})

    row.refresh_from_db()
    assert row.record["title"] == "龙舟001"


def test_a_contributor_makes_drafts_where_the_own_town_may_and_nowhere_else(home, django_user_model):
    own = Collection.get_first_root_node().add_child(name="石龙镇")
    album = photos().add_child(instance=AlbumPage(title="石龙镇来稿", slug="shilong"))
    user = django_user_model.objects.create_user("石龙", password="x")
    user.groups.add(ensure_town_group("石龙镇", [album], own))
    client = Client()
    client.force_login(user)
    batch = UploadBatch.objects.create(owner=user, collection=own)
    bring(batch, "龙舟001.jpg")

    refused = act(client, batch, "drafts", photos=photos().pk)
    assert "您不能在这里添加" in refused.content.decode()
    assert not PhotoPage.objects.exists()
    act(client, batch, "drafts", photos=album.pk)
    assert PhotoPage.objects.get().get_parent().specific == album


def test_a_right_that_was_taken_away_meanwhile_stops_the_worker(batch):
    bring(batch, "龙舟001.jpg")
    batch.owner.groups.clear()

    upload_drafts.ask(batch, Plan(photos=photos().pk))

    batch.refresh_from_db()
    assert batch.state == UploadBatch.State.FAILED
    assert "不能在所选的页面下添加" in batch.reason
    assert not PhotoPage.objects.exists()


def test_who_may_add_no_file_anywhere_finds_no_uploads(staff):
    assert staff.get("/admin/archive/uploads/").status_code in (302, 403)
    assert "上传批次" not in staff.get("/admin/").content.decode()


def test_the_table_of_many_files_asks_little_of_the_database(desk, batch, django_assert_max_num_queries):
    for number in range(30):
        bring(batch, f"龙舟{number:03}.jpg")
    desk.get(f"/admin/archive/uploads/{batch.pk}/")

    with django_assert_max_num_queries(62):
        desk.get(f"/admin/archive/uploads/{batch.pk}/")


@pytest.mark.parametrize("library", ["images", "media"])
def test_the_libraries_lead_to_the_page_of_uploads(desk, library):
    assert 'href="/admin/archive/uploads/"' in desk.get(f"/admin/{library}/").content.decode().partition("<main")[2]


def test_files_that_come_in_later_are_offered_the_album_of_the_first(desk, batch):
    bring(batch, "龙舟001.jpg")
    act(desk, batch, "drafts", album="龙舟老照片", photos=photos().pk)
    album = AlbumPage.objects.get()

    text = desk.get(f"/admin/archive/uploads/{batch.pk}/").content.decode()

    assert f'name="photos" value="{album.pk}"' in text
    assert "已生成 1 页草稿" in text
