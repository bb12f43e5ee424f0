"""What the people of the office may and may not do in the CMS."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page

from archive.access import AccessLevel
from archive.editing import roles
from archive.models import ArchivePage, BookIndexPage, Place, StoryPage
from tests import factories


def signed_in(django_user_model, *groups: str) -> Client:
    user = django_user_model.objects.create_user("-".join(groups)[:30], password="x")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def town(home):
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    album, column = factories.album("石渡相册"), factories.column("石渡故事")
    return roles.ensure_town_group("石渡镇", [album, column], collection), album, column, collection


@pytest.mark.django_db
class TestGroups:
    def test_preparing_twice_changes_nothing(self, home):
        from archive.museum_setup import prepare

        before = (Group.objects.count(), Page.objects.count())
        prepare()
        assert (Group.objects.count(), Page.objects.count()) == before

    def test_the_office_has_its_own_groups_and_not_the_stock_ones(self, home):
        assert set(Group.objects.values_list("name", flat=True)) == {
            *("管理员", "编辑", "审稿人"),
            *("审稿人·初审", "审稿人·复审", "审稿人·终审"),
        }

    @pytest.mark.parametrize("group", ["管理员", "编辑", "审稿人"])
    def test_everyone_of_the_office_opens_the_desk(self, home, django_user_model, group):
        factories.story("草稿", published=False)
        desk = signed_in(django_user_model, group).get(reverse("wagtailadmin_home"))
        assert desk.status_code == 200
        text = desk.content.decode()
        assert "待办" in text
        assert "从未发布的草稿" in text

    def test_an_editor_publishes_and_keeps_authority_records(self, home, django_user_model):
        editor = signed_in(django_user_model, "编辑")
        index = BookIndexPage.objects.get()
        assert editor.get(reverse("wagtailadmin_pages:add", args=["archive", "bookpage", index.pk])).status_code == 200
        for name in ("place", "agent", "topic", "series"):
            assert editor.get(reverse(f"wagtailsnippets_archive_{name}:list")).status_code == 200
            assert editor.get(reverse(f"wagtailsnippets_archive_{name}:add")).status_code == 200

    def test_a_reviewer_adds_nothing(self, home, django_user_model):
        reviewer = signed_in(django_user_model, "审稿人")
        index = BookIndexPage.objects.get()
        answer = reviewer.get(reverse("wagtailadmin_pages:add", args=["archive", "bookpage", index.pk]))
        assert answer.status_code == 302

    def test_an_administrator_keeps_the_accounts(self, home, django_user_model):
        administrator = signed_in(django_user_model, "管理员")
        assert administrator.get(reverse("wagtailusers_users:index")).status_code == 200
        assert administrator.get(reverse("identifiers:index")).status_code == 200


@pytest.mark.django_db
class TestTownContributor:
    def test_adds_beneath_the_own_towns_pages_only(self, town, django_user_model):
        group, album, _column, _collection = town
        contributor = signed_in(django_user_model, group.name)
        add = reverse("wagtailadmin_pages:add", args=["archive", "photopage", album.pk])
        assert contributor.get(add).status_code == 200
        other = factories.album("别镇相册")
        add = reverse("wagtailadmin_pages:add", args=["archive", "photopage", other.pk])
        assert contributor.get(add).status_code == 302

    def test_publishes_nothing(self, town, django_user_model):
        group, album, *_rest = town
        contributor = signed_in(django_user_model, group.name)
        add = reverse("wagtailadmin_pages:add", args=["archive", "photopage", album.pk])
        page = contributor.get(add).content.decode()
        assert "action-publish" not in page

    def test_sees_no_other_towns_files(self, town, django_user_model):
        group, _album, _column, collection = town
        contributor = signed_in(django_user_model, group.name)
        own = factories.image("自家照片", collection=collection, uploaded_by_user=group.user_set.get())
        others = factories.image("别家照片")
        assert contributor.get(own.derivatives.first().url).status_code == 200
        assert contributor.get(others.derivatives.first().url).status_code == 404
        library = contributor.get(reverse("wagtailimages:index")).content.decode()
        assert "自家照片" in library
        assert "别家照片" not in library

    def test_sees_no_staff_page(self, town, django_user_model):
        contributor = signed_in(django_user_model, town[0].name)
        page = factories.story("内部")
        from archive.publication import set_access

        set_access(page, AccessLevel.STAFF)
        assert contributor.get(page.get_url()).status_code == 404


@pytest.mark.django_db
class TestAccessView:
    def test_changes_the_level_at_once_and_logs_it(self, home, django_user_model, client):
        page = factories.story("有争议的故事")
        editor = signed_in(django_user_model, "编辑")
        address = reverse("archive_page_access", args=[page.pk])
        assert editor.get(address).status_code == 200
        answer = editor.post(address, {"access": "2", "reason": "待核"})
        assert answer.status_code == 302
        assert client.get(page.get_url()).status_code == 404
        assert StoryPage.objects.get(pk=page.pk).live
        history = editor.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
        assert "更改了访问级别" in history

    def test_an_editors_draft_does_not_change_it(self, home, django_user_model):
        page = factories.story("故事")
        from archive.publication import set_access

        set_access(page, AccessLevel.STAFF)
        fresh = StoryPage.objects.get(pk=page.pk)
        fresh.access = AccessLevel.OPEN
        fresh.save_revision().publish()
        assert ArchivePage.objects.get(pk=page.pk).effective_access == AccessLevel.STAFF

    def test_is_refused_to_who_may_not_publish(self, town, django_user_model):
        page = factories.story("故事")
        contributor = signed_in(django_user_model, town[0].name)
        assert contributor.get(reverse("archive_page_access", args=[page.pk])).status_code in (302, 403)

    @pytest.mark.parametrize("value", ["", "7", "公开"])
    def test_a_level_that_is_none_is_refused_with_a_word(self, home, django_user_model, value):
        page = factories.story("故事")
        editor = signed_in(django_user_model, "编辑")
        answer = editor.post(reverse("archive_page_access", args=[page.pk]), {"access": value})
        assert answer.status_code == 200
        assert answer.context["form"].errors


@pytest.mark.django_db
class TestAuthorities:
    def test_a_place_in_use_is_not_deleted_and_the_editor_is_told(self, home, administrator):
        from archive.models import PagePlace

        place = factories.place("石渡镇")
        PagePlace.objects.create(page=factories.photo("渡口"), place=place)
        address = reverse("wagtailsnippets_archive_place:delete", args=[place.pk])
        answer = administrator.post(address, follow=True)
        assert Place.objects.filter(pk=place.pk).exists()
        assert answer.status_code in (200, 403)

    def test_a_place_cannot_be_part_of_itself(self, home):
        from django.core.exceptions import ValidationError

        town = factories.place("石渡镇")
        village = factories.place("上沙村", parent=town)
        town.parent = village
        with pytest.raises(ValidationError, match="上级地方"):
            town.full_clean()

    def test_is_edited_with_its_former_names(self, home, administrator):
        data = {
            "name": "石渡镇",
            "kind": "town",
            "other_names": "",
            "description": "",
            "slug": "",
            "parent": "",
            "latitude": "",
            "longitude": "",
            "former_names-TOTAL_FORMS": "1",
            "former_names-INITIAL_FORMS": "0",
            "former_names-MIN_NUM_FORMS": "0",
            "former_names-MAX_NUM_FORMS": "1000",
            "former_names-0-name": "石步墟",
            "former_names-0-date_written": "明万历间",
            "former_names-0-note": "",
            "former_names-0-ORDER": "1",
        }
        answer = administrator.post(reverse("wagtailsnippets_archive_place:add"), data)
        assert answer.status_code == 302, answer.context["form"].errors
        place = Place.objects.get()
        assert place.slug == "shi-du-zhen"
        assert place.former_names.get().name == "石步墟"
        assert place.former_names.get().date_earliest is not None
        assert administrator.get(reverse("wagtailsnippets_archive_place:edit", args=[place.pk])).status_code == 200

    def test_renaming_a_place_is_found_by_the_new_name(self, home, index, client):
        from archive.models import PagePlace
        from search.indexing import drain

        place = factories.place("石渡镇")
        photo = factories.photo("渡口")
        PagePlace.objects.create(page=photo, place=place)
        place.name = "镜湖镇"
        place.save()
        drain()
        assert client.get("/search/?q=镜湖&format=json").json()["total"] == 1
