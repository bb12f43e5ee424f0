"""Every act on a publication or a permission is written down, whoever did it and by whatever way."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, PageLogEntry

from archive.acts import kinds
from archive.acts.recording import record
from archive.editing.reviews import EMERGENCY, publish_in_emergency
from archive.editing.roles import ensure_three_reviews
from archive.models import Act, GroupRule, StoryIndexPage
from archive.models.acts import Matter
from tests import factories

pytestmark = pytest.mark.django_db


def acts(kind: str):
    return Act.objects.filter(kind=kind).order_by("pk")


class TestPublications:
    def test_each_act_on_a_page_is_kept_with_its_person_and_its_kind(self, home, administrator):
        page = factories.story("永济桥", published=False)
        address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
        page.save_revision().publish()
        assert administrator.post(address).status_code == 302
        act = acts("wagtail.unpublish").get()
        assert (act.user_name, act.matter, act.object_kind) == (
            "administrator",
            Matter.PUBLICATION,
            "archive.storypage",
        )
        assert (act.object_id, act.label) == (str(page.pk), "永济桥")
        assert acts("wagtail.publish").get().user_name == ""

    def test_deletion_is_told_when_the_page_and_the_person_are_gone(self, home, administrator, django_user_model):
        page = factories.story("要删的故事")
        assert administrator.post(reverse("wagtailadmin_pages:delete", args=[page.pk])).status_code == 302
        django_user_model.objects.get(username="administrator").delete()
        act = acts("wagtail.delete").get(object_id=str(page.pk))
        assert (act.label, act.user_name) == ("要删的故事", "administrator")

    def test_an_access_level_is_told_with_before_and_after(self, home, administrator):
        page = factories.story("有争议的故事")
        administrator.post(reverse("archive_page_access", args=[page.pk]), {"access": "2", "reason": "待核"})
        assert acts("archive.access").get().words.endswith("公开 → 内部")

    def test_an_emergency_is_told_with_its_reason(self, home, django_user_model):
        from wagtail.models import WorkflowPage

        WorkflowPage.objects.create(page=StoryIndexPage.objects.get(), workflow=ensure_three_reviews())
        page = factories.story("汛情", published=False)
        chief = django_user_model.objects.create_superuser("chief", password="x")
        publish_in_emergency(page, page.save_revision(user=chief), chief, "县防汛指挥部要求立即发布")
        act = acts(EMERGENCY).get()
        assert "县防汛指挥部要求立即发布" in act.words
        assert act.user == chief

    def test_what_wagtail_takes_back_is_not_in_the_log(self, home):
        page = factories.story("故事", published=False)
        before = Act.objects.count()
        with pytest.raises(RuntimeError), transaction.atomic():
            page.save_revision().publish()
            raise RuntimeError
        assert Act.objects.count() == before


class TestPermissions:
    def test_what_is_done_by_code_is_the_systems(self, home, django_user_model):
        person = django_user_model.objects.create_user("何通讯", password="x")
        person.groups.add(Group.objects.get(name="编辑"))
        assert acts(kinds.USER_MADE).get(label="何通讯").user is None
        assert acts(kinds.USER_GROUPS).get().words == "加入：编辑"

    def test_groups_set_from_either_side_are_told_of_the_person(self, home, django_user_model):
        one, two = (django_user_model.objects.create_user(name, password="x") for name in ("甲", "乙"))
        group = Group.objects.get(name="编辑")
        group.user_set.add(one, two)
        group.user_set.clear()
        told = [(act.label, act.words) for act in acts(kinds.USER_GROUPS)]
        assert told == [("甲", "加入：编辑"), ("乙", "加入：编辑"), ("甲", "移出：编辑"), ("乙", "移出：编辑")]

    def test_a_user_who_is_stopped_or_raised_is_told_so(self, django_user_model):
        person = django_user_model.objects.create_user("editor", password="x")
        person.is_active, person.is_superuser = False, True
        person.save()
        assert acts(kinds.USER_CHANGED).get().words == "停用；设为超级用户"

    def test_a_new_password_is_told_and_never_written(self, django_user_model):
        person = django_user_model.objects.create_user("editor", password="x")
        person.set_password("石渡桥头三棵榕")
        person.save()
        act = acts(kinds.PASSWORD_CHANGED).get()
        assert "榕" not in act.words + act.label

    def test_signing_in_is_no_change_of_a_user(self, django_user_model, settings):
        person = django_user_model.objects.create_user("editor", password="x")
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
        assert Client().login(username="editor", password="x")
        person.refresh_from_db()
        assert person.password.startswith("pbkdf2")
        assert not acts(kinds.PASSWORD_CHANGED).exists()
        assert not acts(kinds.USER_CHANGED).exists()

    def test_rights_of_groups_on_pages_and_collections_are_told_both_ways(self, home):
        group = Group.objects.create(name="试用组")
        right = Permission.objects.get(codename="publish_page")
        grant = GroupPagePermission.objects.create(group=group, page=home, permission=right)
        grant.delete()
        words = list(acts(kinds.GROUP_RIGHTS).filter(label="试用组").values_list("words", flat=True))
        assert [each[:2] for each in words] == ["给予", "收回"]
        assert home.title in words[0]

    def test_rights_that_the_form_gives_in_bulk_are_told_with_who_gave_them(self, home, administrator):
        group = Group.objects.create(name="试用组")
        image_right = Permission.objects.get(content_type__app_label="wagtailimages", codename="add_image")
        root = Collection.get_first_root_node()
        form = group_form(group, administrator)
        form |= {
            "page_permissions-TOTAL_FORMS": "1",
            "page_permissions-0-page": str(home.pk),
            "page_permissions-0-permissions": ["add_page"],
            "image_permissions-TOTAL_FORMS": "1",
            "image_permissions-0-collection": str(root.pk),
            "image_permissions-0-permissions": [str(image_right.pk)],
            "museum_rule-needs_second_factor": "on",
            "museum_rule-kinds": ["photo", "story"],
        }
        answer = administrator.post(reverse("wagtailusers_groups:edit", args=[group.pk]), form)
        assert answer.status_code == 302, [(p.prefix, p.errors) for p in answer.context["permission_panels"]]
        assert GroupPagePermission.objects.filter(group=group).count() == 1
        assert GroupCollectionPermission.objects.filter(group=group).count() == 1
        told = acts(kinds.GROUP_RIGHTS).filter(label="试用组")
        assert {act.user_name for act in told} == {"administrator"}
        assert sorted(act.words for act in told) == [
            "给予：图文集“Root”·添加图片",
            "给予：页面“数字方志馆”·新建并修改自己的页面",
        ]
        rule = GroupRule.objects.get(group=group)
        assert (rule.needs_second_factor, rule.kinds) == (True, ["photo", "story"])
        assert acts(kinds.GROUP_CHANGED).get().words == "须用两步验证；只可新建：照片、故事"

    def test_a_new_group_is_made_with_its_rule(self, home, administrator):
        form = group_form(Group(name="镜湖镇照片"), administrator) | {"museum_rule-kinds": ["photo"]}
        answer = administrator.post(reverse("wagtailusers_groups:add"), form)
        assert answer.status_code == 302, [(p.prefix, p.errors) for p in answer.context["permission_panels"]]
        assert GroupRule.objects.get(group__name="镜湖镇照片").kinds == ["photo"]
        assert acts(kinds.GROUP_MADE).get(label="镜湖镇照片").user_name == "administrator"

    def test_a_kind_that_is_none_is_refused_and_nothing_is_saved(self, home, administrator):
        form = group_form(Group(name="镜湖镇照片"), administrator) | {"museum_rule-kinds": ["photo", "飞机"]}
        answer = administrator.post(reverse("wagtailusers_groups:add"), form)
        assert answer.status_code == 200
        assert not Group.objects.filter(name="镜湖镇照片").exists()

    def test_a_user_changed_at_the_desk_is_told_once(self, home, administrator, django_user_model):
        person = django_user_model.objects.create_user("editor", password="x", email="a@example.gov.cn")
        before = Act.objects.count()
        data = {
            "username": "editor",
            "email": "b@example.gov.cn",
            "first_name": "编辑",
            "last_name": "陆",
            "is_active": "on",
        }
        answer = administrator.post(reverse("wagtailusers_users:edit", args=[person.pk]), data)
        assert answer.status_code == 302, answer.context["form"].errors
        told = Act.objects.order_by("pk")[before:]
        assert [(act.kind, act.words, act.user_name) for act in told] == [
            (kinds.USER_CHANGED, "邮箱已改；姓已改；名已改", "administrator")
        ]


class TestComingIn:
    def test_is_told_with_the_address_behind_our_proxy(self, django_user_model, settings):
        settings.TRUSTED_PROXIES = ["10.0.0.1/32"]
        django_user_model.objects.create_user("editor", password="x")
        client = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.9"})
        client.post(reverse("wagtailadmin_login"), {"username": "editor", "password": "y"})
        client.post(reverse("wagtailadmin_login"), {"username": "editor", "password": "x"})
        assert [(act.kind, act.address) for act in Act.objects.filter(matter=Matter.SIGN_IN).order_by("pk")] == [
            (kinds.SIGN_IN_FAILED, "203.0.113.9"),
            (kinds.SIGNED_IN, "203.0.113.9"),
        ]

    def test_what_was_typed_for_a_name_is_not_kept_when_nobody_is_called_so(self, db):
        Client().post(reverse("wagtailadmin_login"), {"username": "my-secret-password", "password": "y"})
        assert "my-secret" not in str(Act.objects.values())


class TestNothingIsChanged:
    def test_the_museum_refuses(self, db):
        act = record("test")
        act.words = "改写"
        for attempt in (
            act.save,
            act.delete,
            Act.objects.all().delete,
            lambda: Act.objects.update(words=""),
            lambda: Act.objects.bulk_update([act], ["words"]),
        ):
            with pytest.raises(ValidationError):
                attempt()

    @pytest.mark.postgresql
    def test_the_database_refuses_too(self, db):
        record("test", words="原话")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE archive_act SET words = 'x'")
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM archive_act")
        assert Act.objects.get(kind="test").words == "原话"

    def test_an_entry_of_wagtails_that_is_deleted_stays_in_ours(self, home):
        page = factories.story("故事")
        PageLogEntry.objects.filter(page_id=page.pk).delete()
        Page.objects.get(pk=page.pk).delete()
        assert Act.objects.filter(object_id=str(page.pk), kind="wagtail.publish").exists()


def group_form(group: Group, administrator: Client) -> dict:
    """What the browser would send of the group's form if nothing were changed."""
    address = reverse("wagtailusers_groups:edit", args=[group.pk]) if group.pk else reverse("wagtailusers_groups:add")
    context = administrator.get(address).context
    data = {"name": group.name}
    for panel in context["permission_panels"]:
        if hasattr(panel, "management_form"):
            for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"):
                data[f"{panel.prefix}-{name}"] = str(panel.management_form[name].value())
    return data
