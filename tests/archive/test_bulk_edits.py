"""One change to many records: previewed page by page, applied by the worker, taken back as a whole."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, PageLogEntry, WorkflowPage

from archive.access import AccessLevel
from archive.editing.bulk_edits import work
from archive.editing.bulk_edits.wishes import Wish, WishForm
from archive.editing.roles import EDITOR, ensure_roles, ensure_three_reviews
from archive.models import BulkEdit, BulkEditLine, PhotoPage, StoryIndexPage, StoryPage
from archive.publication import set_access
from media_assets.jobs import drain
from tests import factories

pytestmark = pytest.mark.django_db
ACTION = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "bulk_edit"])
State, Line = BulkEdit.State, BulkEditLine.State


@pytest.fixture
def person(home, django_user_model):
    groups = ensure_roles(Page.objects.get(depth=1))
    user = django_user_model.objects.create_user("莞编辑", password="x")
    user.groups.add(groups[EDITOR])
    return user


def desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def town(home):
    return factories.place("長橋镇")


@pytest.fixture
def photos(home) -> list[PhotoPage]:
    album = factories.album("龙舟")
    return [factories.photo(f"赛龍舟{number}", parent=album) for number in range(3)]


def latest(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def planned(user, pages, **wish) -> BulkEdit:
    return work.plan(user, [Page.objects.get(pk=page.pk) for page in pages], Wish(**wish))


def done(user, pages, *, publishes: bool = False, **wish) -> BulkEdit:
    edit = work.plan(user, [Page.objects.get(pk=page.pk) for page in pages], Wish(**wish), publishes=publishes)
    work.ask(edit)
    drain()
    edit.refresh_from_db()
    assert edit.state == State.DONE, edit.reason
    return edit


def undone(edit: BulkEdit) -> BulkEdit:
    assert work.ask_to_undo(edit)
    drain()
    edit.refresh_from_db()
    assert edit.state == State.UNDONE, edit.reason
    return edit


class TestWish:
    RECORD = {
        "title": "賽龍舟", "other_titles": "", "description": "在長橋", "date_written": "1962年", "credit": "张三",
        "source": "", "rights": "cne", "series": 3, "places": [1, 2], "topics": [],
    }  # fmt: skip

    def test_says_only_what_would_change(self):
        wish = Wish(values={"credit": "张三", "source": "县档案馆"}, add={"places": [2, 5]}, remove={"places": [1]})
        assert wish.applied_to(self.RECORD) == {"source": "县档案馆", "places": [2, 5]}

    def test_replaces_literally_in_the_chosen_fields_alone(self):
        wish = Wish(find="長", replace="长", within=["title", "description"])
        assert wish.applied_to(self.RECORD) == {"description": "在长橋"}
        assert Wish(find=".", replace="", within=["title"]).applied_to(self.RECORD) == {}

    def test_empties(self):
        assert Wish(clear=["credit", "series"]).applied_to(self.RECORD) == {"credit": "", "series": None}


class TestForm:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({}, "__all__"),
            ({"find": "長"}, "within"),
            ({"replace": "长"}, "find"),
            ({"credit": "张三", "clear": ["credit"]}, "credit"),
            ({"add_places": "没有这个镇"}, "add_places"),
            ({"add_places": "長橋镇", "remove_places": "長橋镇"}, "remove_places"),
            ({"rights": "自编"}, "rights"),
            ({"within": ["access"], "find": "a"}, "within"),
            ({"series": "999999"}, "series"),
        ],
    )
    def test_what_makes_no_sense_is_told_where_it_stands(self, town, given, field):
        form = WishForm(given)
        assert not form.is_valid()
        assert field in form.errors

    def test_names_are_found_in_the_order_given(self, town):
        other = factories.place("栖澜县")
        form = WishForm({"add_places": "栖澜县、長橋镇"})
        assert form.is_valid(), form.errors
        assert form.wish().add == {"places": [other.pk, town.pk]}


class TestPreview:
    def test_shows_every_change_and_makes_none(self, person, photos, town):
        answer = desk(person).post(
            f"{ACTION}?{'&'.join(f'id={photo.pk}' for photo in photos)}",
            {
                "add_places": "長橋镇",
                "credit": "县方志办供图",
                "find": "赛龍舟",
                "replace": "賽龍舟",
                "within": ["title"],
            },
            follow=True,
        )
        html = answer.content.decode()
        assert "将修改 3 页" in html
        for number in range(3):
            assert f"<del>赛龍舟{number}</del>" in html
            assert f"<ins>賽龍舟{number}</ins>" in html
        assert html.count("<ins>長橋镇</ins>") == 3
        assert BulkEdit.objects.get().state == State.PLANNED
        for photo in photos:
            assert latest(photo).title == photo.title
            assert not photo.revisions.exists() or latest(photo).credit == ""

    def test_what_does_not_change_is_said_apart(self, person, photos):
        photos[0].credit = "县方志办供图"
        photos[0].save_revision()
        edit = planned(person, photos, values={"credit": "县方志办供图"})
        assert [line.state for line in edit.lines.all()] == [Line.SAME, Line.PLANNED, Line.PLANNED]

    def test_what_would_become_too_long_or_nameless_is_left_alone(self, person, photos):
        edit = planned(person, photos, find="赛龍舟0", replace="", within=["title"])
        line = edit.lines.first()
        assert (line.state, line.note) == (Line.BARRED, "改后没有题名。")
        edit = planned(person, photos, find="赛", replace="长" * 200, within=["title"])
        assert edit.lines.first().state == Line.PLANNED
        edit = planned(person, photos, find="赛", replace="长" * 255, within=["title"])
        assert "255" in edit.lines.first().note

    def test_a_wrong_form_comes_back_with_what_was_written(self, person, photos):
        answer = desk(person).post(f"{ACTION}?id={photos[0].pk}", {"add_places": "没有这个镇", "credit": "张三"})
        html = answer.content.decode()
        assert "没有收录：没有这个镇" in html
        assert 'value="张三"' in html
        assert not BulkEdit.objects.exists()

    def test_more_than_may_be_changed_at_once_are_refused(self, person, photos, monkeypatch):
        monkeypatch.setattr(work, "MOST_PAGES", 2)
        address = f"{ACTION}?{'&'.join(f'id={photo.pk}' for photo in photos)}"
        assert "一次最多修改 2 页" in desk(person).get(address).content.decode()
        desk(person).post(address, {"credit": "张三"})
        assert not BulkEdit.objects.exists()

    def test_an_address_of_nonsense_selects_nothing(self, person):
        for query in ("", "id=x", "id=99999999999999999999999", "id=0"):
            assert desk(person).get(f"{ACTION}?{query}").status_code == 200
            assert desk(person).post(f"{ACTION}?{query}", {"credit": "张三"}).status_code == 302
        assert not BulkEdit.objects.exists()

    def test_a_hundred_lines_cost_no_more_queries_than_three(self, person, photos, town, django_assert_max_num_queries):
        edit = planned(person, photos, add={"places": [town.pk]})
        client = desk(person)
        address = reverse("archive_bulk_edit", args=[edit.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as three:
            client.get(address)
        hundred = range(97)
        BulkEditLine.objects.bulk_create(
            [
                BulkEditLine(edit=edit, title=f"照片{n}", before={"places": []}, after={"places": [town.pk]})
                for n in hundred
            ]
        )
        with django_assert_max_num_queries(len(three)):
            assert client.get(address).content.decode().count("<ins>長橋镇</ins>") == 100
        assert len(three) < 40  # most of them are the CMS's own, for its menu


@pytest.mark.postgresql
class TestApplied:
    def test_each_page_gets_a_new_draft_and_readers_see_what_they_saw(self, person, photos, town):
        edit = done(person, photos, values={"credit": "县方志办供图"}, add={"places": [town.pk]})
        for photo in photos:
            written = latest(photo)
            assert written.credit == "县方志办供图"
            assert [row.place for row in written.page_places.all()] == [town]
            live = PhotoPage.objects.get(pk=photo.pk)
            assert live.live
            assert live.credit == ""
            assert live.has_unpublished_changes
            assert PageLogEntry.objects.filter(page=photo.pk, action="wagtail.edit", user=person).exists()
        assert edit.lines.filter(state=Line.DONE).count() == 3

    def test_at_once_only_where_that_is_allowed(self, person, photos):
        waiting = photos[1]
        waiting.description = "还没有发布的改动"
        waiting.save_revision()
        done(person, photos, values={"credit": "县方志办供图"}, publishes=True)
        credits = [PhotoPage.objects.get(pk=photo.pk).credit for photo in photos]
        assert credits == ["县方志办供图", "", "县方志办供图"]
        assert latest(waiting).credit == "县方志办供图"

    def test_never_at_once_where_three_people_read_first(self, person, home):
        story = factories.story("永济桥")
        WorkflowPage.objects.create(page=StoryIndexPage.objects.get(), workflow=ensure_three_reviews())
        done(person, [story], values={"credit": "县方志办供图"}, publishes=True)
        assert StoryPage.objects.get(pk=story.pk).credit == ""

    def test_not_by_whoever_may_not_publish(self, person, photos):
        GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
        done(person, photos, values={"credit": "县方志办供图"}, publishes=True)
        assert {PhotoPage.objects.get(pk=photo.pk).credit for photo in photos} == {""}
        assert {latest(photo).credit for photo in photos} == {"县方志办供图"}

    def test_what_somebody_changed_since_the_preview_is_left_alone(self, person, photos):
        edit = planned(person, photos, values={"credit": "县方志办供图"})
        photos[0].credit = "李四摄"
        photos[0].save_revision()
        photos[1].description = "别的栏目"
        photos[1].save_revision()
        work.ask(edit)
        drain()
        assert [latest(photo).credit for photo in photos] == ["李四摄", "县方志办供图", "县方志办供图"]
        assert latest(photos[1]).description == "别的栏目"
        assert "预览之后" in edit.lines.first().note

    def test_what_was_locked_or_deleted_meanwhile_is_told(self, person, photos, administrator):
        edit = planned(person, photos, values={"credit": "县方志办供图"})
        PhotoPage.objects.filter(pk=photos[0].pk).update(locked=True)
        photos[1].delete()
        work.ask(edit)
        drain()
        states = [(line.state, bool(line.note)) for line in edit.lines.all()]
        assert states == [(Line.BARRED, True), (Line.BARRED, True), (Line.DONE, False)]

    def test_killed_in_between_it_goes_on_and_changes_nothing_twice(self, person, photos, monkeypatch):
        edit = planned(person, photos, values={"credit": "县方志办供图"})
        real, seen = work._apply, []

        def dies(edit, line):
            if len(seen) == 1:
                seen.append("died")
                raise KeyboardInterrupt
            seen.append(line.pk)
            real(edit, line)

        monkeypatch.setattr(work, "_apply", dies)
        work.BulkEdit.objects.filter(pk=edit.pk).update(state=State.APPLYING)
        edit.refresh_from_db()

        class Progress:
            asset = edit

            def progress(self, percent):
                assert 0 <= percent <= 100

        with pytest.raises(KeyboardInterrupt):
            work.run(Progress())
        assert edit.lines.filter(state=Line.DONE).count() == 1
        work.run(Progress())
        assert edit.lines.filter(state=Line.DONE).count() == 3
        for photo in photos:
            assert photo.revisions.filter(user=person).count() == 1


@pytest.mark.postgresql
class TestUndone:
    def test_as_a_whole(self, person, photos, town):
        photos[0].page_places.add(photos[0].page_places.model(place=town))
        photos[0].save_revision().publish()
        other = factories.place("栖澜县")
        edit = done(person, photos, publishes=True, add={"places": [other.pk]}, values={"credit": "县方志办供图"})
        assert PhotoPage.objects.get(pk=photos[0].pk).page_places.count() == 2
        undone(edit)
        for photo in photos:
            page = PhotoPage.objects.get(pk=photo.pk)
            assert page.credit == latest(photo).credit == ""
            assert not page.has_unpublished_changes
        assert [row.place for row in PhotoPage.objects.get(pk=photos[0].pk).page_places.all()] == [town]
        assert not PhotoPage.objects.get(pk=photos[1].pk).page_places.exists()

    def test_what_a_person_wrote_since_stays(self, person, photos):
        edit = done(person, photos, values={"credit": "县方志办供图", "source": "县档案馆"})
        page = latest(photos[0])
        page.credit = "李四摄"
        page.save_revision()
        undone(edit)
        assert (latest(photos[0]).credit, latest(photos[0]).source) == ("李四摄", "")
        assert "署名" in edit.lines.first().note

    def test_once(self, person, photos):
        edit = done(person, photos, values={"credit": "县方志办供图"})
        undone(edit)
        assert not work.ask_to_undo(edit)
        assert not work.ask(edit)


class TestWhoMay:
    def test_nobody_edits_through_it_what_he_may_not_edit(self, home, photos, django_user_model):
        user = django_user_model.objects.create_user("guest", password="x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        edit = planned(user, photos, values={"credit": "张三"})
        assert {line.state for line in edit.lines.all()} == {Line.BARRED}

    def test_what_a_person_may_not_know_of_is_not_named(self, home, photos, django_user_model):
        set_access(photos[0], AccessLevel.STAFF)
        user = django_user_model.objects.create_user("guest", password="x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        address = f"{ACTION}?id={photos[0].pk}&id={photos[1].pk}"
        html = desk(user).get(address).content.decode()
        assert photos[0].title not in html
        assert photos[1].title in html
        desk(user).post(address, {"credit": "张三"})
        assert list(BulkEdit.objects.get().lines.values_list("page", flat=True)) == [photos[1].pk]

    def test_an_edit_is_its_owners(self, person, photos, administrator, django_user_model):
        edit = planned(person, photos, values={"credit": "张三"})
        other = django_user_model.objects.create_user("other", password="x")
        other.groups.add(*person.groups.all())
        names = ("archive_bulk_edit", "archive_bulk_edit_progress")
        for name in names:
            assert desk(person).get(reverse(name, args=[edit.pk])).status_code == 200
            assert desk(other).get(reverse(name, args=[edit.pk])).status_code == 404
            assert administrator.get(reverse(name, args=[edit.pk])).status_code == 200
            assert Client().get(reverse(name, args=[edit.pk])).status_code == 302
        for do in ("apply", "undo", "discard"):
            address = reverse(f"archive_bulk_edit_{do}", args=[edit.pk])
            assert desk(other).post(address).status_code == 404
            assert administrator.post(address).status_code in (302, 403)
            assert desk(person).get(address).status_code == 405
        edit.refresh_from_db()
        assert edit.state == State.PLANNED

    def test_it_is_confirmed_undone_and_listed_at_the_desk(self, person, photos):
        client = desk(person)
        client.post(f"{ACTION}?id={photos[0].pk}", {"credit": "县方志办供图"})
        edit = BulkEdit.objects.get()
        client.post(reverse("archive_bulk_edit_apply", args=[edit.pk]))
        drain()
        assert "全部撤销" in client.get(reverse("archive_bulk_edit", args=[edit.pk])).content.decode()
        client.post(reverse("archive_bulk_edit_undo", args=[edit.pk]))
        drain()
        assert "已撤销" in client.get(reverse("archive_bulk_edit", args=[edit.pk])).content.decode()
        assert "已撤销" in client.get(reverse("archive_bulk_edits")).content.decode()
        assert latest(photos[0]).credit == ""
