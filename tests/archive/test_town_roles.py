"""The people of a town in one step, bound to kinds and to their own branches; and every group told in sentences."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import Collection, GroupPagePermission, Page

from archive.acts import kinds as acts
from archive.editing import roles, town_roles
from archive.editing.role_overview import read_roles
from archive.editing.upload_drafts import may_add as may_make
from archive.importing.books.new_books import book_index
from archive.models import (
    Act,
    AlbumPage,
    BookIndexPage,
    BookPage,
    Campaign,
    ColumnPage,
    ContributingTown,
    GroupRule,
    PhotoIndexPage,
    PhotoPage,
    StoryIndexPage,
    Submission,
    VideoPage,
    VideoSeriesPage,
)
from tests import factories

pytestmark = pytest.mark.django_db
TOWN = "石渡镇"


@pytest.fixture
def town(home):
    return town_roles.ensure(TOWN, ["photo", "story", "film"], with_editors=True)


def person_in(django_user_model, *groups: Group) -> Client:
    user = django_user_model.objects.create_user("-".join(group.name for group in groups)[:60], password="x")
    user.groups.set(groups)
    client = Client()
    client.force_login(user)
    return client


def may_add(client: Client, model: str, parent: Page) -> bool:
    answer = client.get(reverse("wagtailadmin_pages:add", args=["archive", model, parent.pk]))
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


class TestMaking:
    def test_each_kind_has_a_branch_of_its_own_that_nobody_sees_yet(self, town, client):
        assert {type(page.specific) for page in town.pages} == {AlbumPage, ColumnPage, VideoSeriesPage}
        assert {page.title for page in town.pages} == {"石渡镇来稿"}
        for page in town.pages:
            assert not page.live
            assert page.get_workflow().name == "三审发布"

    def test_making_again_changes_nothing(self, town):
        before = (Page.objects.count(), Group.objects.count(), Collection.objects.count())
        rights = set(GroupPagePermission.objects.values_list("group", "page", "permission"))
        said = Act.objects.count()
        again = town_roles.ensure(TOWN, ["photo", "story", "film"], with_editors=True)
        assert again == town
        assert (Page.objects.count(), Group.objects.count(), Collection.objects.count()) == before
        assert set(GroupPagePermission.objects.values_list("group", "page", "permission")) == rights
        assert Act.objects.count() == said

    def test_a_branch_that_was_renamed_is_known_again(self, town):
        album = AlbumPage.objects.get()
        album.title = "石渡影像"
        album.save()
        town_roles.ensure(TOWN, ["photo"])
        assert AlbumPage.objects.count() == 1

    def test_two_towns_share_nothing(self, town, django_user_model):
        other = town_roles.ensure("镜湖镇", ["photo"])
        contributor = person_in(django_user_model, other.contributors)
        assert may_add(contributor, "photopage", other.pages[0])
        for page in town.pages:
            assert contributor.get(reverse("wagtailadmin_pages:add_subpage", args=[page.pk])).status_code in (302, 403)
        listing = contributor.get(reverse("wagtailadmin_explore", args=[PhotoIndexPage.objects.get().pk]))
        assert TOWN not in listing.content.decode()

    @pytest.mark.parametrize(("name", "kinds"), [("", ["photo"]), ("  ", ["photo"]), (TOWN, []), (TOWN, ["film", "x"])])
    def test_half_an_order_is_refused(self, home, name, kinds):
        with pytest.raises(ValidationError):
            town_roles.ensure(name, kinds)
        assert not Collection.objects.filter(name__contains="来稿").exists()


class TestWhatTheyMayDo:
    def test_contributors_add_their_kinds_in_their_branches_and_publish_nothing(self, town, django_user_model):
        contributor = person_in(django_user_model, town.contributors)
        album = AlbumPage.objects.get()
        assert may_add(contributor, "photopage", album)
        assert may_add(contributor, "storypage", ColumnPage.objects.get())
        assert may_add(contributor, "videopage", VideoSeriesPage.objects.get())
        assert not may_add(contributor, "photopage", PhotoIndexPage.objects.get())
        assert not album.permissions_for_user(django_user_model.objects.get()).can_publish()

    def test_editors_change_what_others_of_the_town_wrote(self, town, django_user_model):
        writer = person_in(django_user_model, town.contributors)
        editor = person_in(django_user_model, town.editors)
        album = AlbumPage.objects.get()
        photo = PhotoPage(title="渡口", slug="dukou", live=False)
        album.add_child(instance=photo)
        edit = reverse("wagtailadmin_pages:edit", args=[photo.pk])
        assert editor.get(edit).status_code == 200
        assert writer.get(edit).status_code == 302
        user = django_user_model.objects.get(groups=town.editors)
        assert not photo.permissions_for_user(user).can_publish()

    def test_a_kind_that_is_not_theirs_is_refused_with_a_word_and_not_made(self, town, django_user_model):
        town_roles.ensure(TOWN, ["story"])
        contributor = person_in(django_user_model, town.contributors)
        album = AlbumPage.objects.get()
        address = reverse("wagtailadmin_pages:add", args=["archive", "photopage", album.pk])
        answer = contributor.get(address, follow=True)
        assert "您所在的组不能新建“照片”" in answer.content.decode()
        contributor.post(address, {"title": "渡口", "slug": "dukou"})
        assert not PhotoPage.objects.exists()
        assert may_add(contributor, "storypage", ColumnPage.objects.get())

    def test_a_copy_is_a_new_page_too(self, town, django_user_model):
        album = AlbumPage.objects.get()
        contributor = person_in(django_user_model, town.contributors)
        photo = PhotoPage(title="渡口", slug="dukou", live=False, owner=django_user_model.objects.get())
        album.add_child(instance=photo)
        town_roles.ensure(TOWN, ["story"])
        form = {"new_title": "渡口二", "new_slug": "dukou-2", "new_parent_page": album.pk}
        assert contributor.post(reverse("wagtailadmin_pages:copy", args=[photo.pk]), form).status_code == 302
        assert PhotoPage.objects.count() == 1

    def test_the_list_of_kinds_offers_what_may_be_made(self, home, django_user_model):
        made = town_roles.ensure(TOWN, ["story"])
        roles.grant_pages(made.contributors, home, ("add_page",))
        contributor = person_in(django_user_model, made.contributors)
        photos, tales = PhotoIndexPage.objects.get(), StoryIndexPage.objects.get()

        offered = contributor.get(reverse("wagtailadmin_pages:add_subpage", args=[tales.pk])).content.decode()
        withheld = contributor.get(reverse("wagtailadmin_pages:add_subpage", args=[photos.pk])).content.decode()

        assert f"/storypage/{tales.pk}/" in offered
        assert f"/photopage/{photos.pk}/" not in withheld and f"/albumpage/{photos.pk}/" not in withheld

    def test_what_may_not_be_made_is_not_brought_either(self, town, home, django_user_model):
        album = AlbumPage.objects.get()
        editor = person_in(django_user_model, town.editors)
        photo = PhotoPage(title="渡口", slug="dukou", live=False)
        other = PhotoIndexPage.objects.get().add_child(instance=AlbumPage(title="另一册", slug="other", live=False))
        roles.grant_pages(town.editors, other, ("add_page", "change_page"))
        album.add_child(instance=photo)
        town_roles.ensure(TOWN, ["story"])
        one = reverse("wagtailadmin_pages:move_confirm", args=[photo.pk, other.pk])
        many = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'move'])}?id={photo.pk}"

        told = editor.post(one, follow=True).content.decode()
        editor.post(many, {"chooser": other.pk})

        assert "您所在的组不能新建“照片”" in told
        assert PhotoPage.objects.get().get_parent().pk == album.pk
        town_roles.ensure(TOWN, ["photo", "story"])
        editor.post(many, {"chooser": other.pk})
        assert PhotoPage.objects.get().get_parent().pk == other.pk

    def test_a_second_group_that_may_lets_them(self, town, django_user_model):
        town_roles.ensure(TOWN, ["story"])
        free = Group.objects.create(name="照片志愿者")
        roles.grant_pages(free, AlbumPage.objects.get(), ("add_page",))
        contributor = person_in(django_user_model, town.contributors, free)
        assert may_add(contributor, "photopage", AlbumPage.objects.get())

    def test_a_town_that_adds_books_knows_of_no_others_drafts(self, home, django_user_model):
        made = town_roles.ensure(TOWN, ["book"])
        contributor = person_in(django_user_model, made.contributors)
        secret = factories.book("未公开的县志", published=False)
        index = BookIndexPage.objects.get()
        assert may_add(contributor, "bookpage", index)
        listing = contributor.get(reverse("wagtailadmin_explore", args=[index.pk])).content.decode()
        assert "未公开的县志" not in listing
        assert contributor.get(reverse("wagtailadmin_pages:edit", args=[secret.pk])).status_code == 302
        own = BookPage(title="石渡乡土志", slug="shidu", live=False, owner=django_user_model.objects.get())
        index.add_child(instance=own)
        assert "石渡乡土志" in contributor.get(reverse("wagtailadmin_explore", args=[index.pk])).content.decode()

    def test_imports_of_books_and_batches_of_pictures_keep_to_the_kinds(self, home, django_user_model):
        made = town_roles.ensure(TOWN, ["book", "photo"])
        person_in(django_user_model, made.contributors)
        user, album = django_user_model.objects.get(), AlbumPage.objects.get()
        assert book_index(user) is not None
        assert may_make(user, album, PhotoPage)
        town_roles.ensure(TOWN, ["story"])
        assert book_index(user) is None
        assert not may_make(user, album, PhotoPage)

    def test_the_office_is_bound_to_nothing(self, town, django_user_model):
        editor = person_in(django_user_model, Group.objects.get(name="编辑"))
        assert may_add(editor, "storypage", StoryIndexPage.objects.get())
        assert may_add(editor, "videopage", VideoSeriesPage.objects.get())
        assert not VideoPage.objects.exists()


class TestTakingAway:
    def test_groups_go_and_pages_stay(self, town):
        assert town_roles.remove(TOWN) == ["镇街编辑·石渡镇", "镇街通讯员·石渡镇"]
        assert AlbumPage.objects.count() == 1
        assert not GroupRule.objects.exists()
        assert Act.objects.filter(kind=acts.GROUP_DELETED, label__endswith=TOWN).count() == 2

    def test_not_while_anybody_is_in_them(self, town, django_user_model):
        person_in(django_user_model, town.editors)
        with pytest.raises(ValidationError, match="镇街编辑"):
            town_roles.remove(TOWN)
        assert Group.objects.filter(pk=town.contributors.pk).exists()

    def test_by_command(self, home, capsys):
        call_command("town_roles", TOWN, "--kinds", "photo", "book", "--editors", "--second-factor")
        assert "镇街编辑·石渡镇" in capsys.readouterr().out
        assert GroupRule.objects.filter(needs_second_factor=True, kinds=["photo", "book"]).count() == 2
        call_command("town_roles", TOWN, "--remove")
        assert not Group.objects.filter(name__contains=TOWN).exists()
        with pytest.raises(CommandError, match="镇街"):
            call_command("town_roles", " ")


class TestTheOverview:
    def test_tells_each_group_in_sentences(self, town):
        told = {role.group.name: role for role in read_roles()}
        contributors = told["镇街通讯员·石渡镇"].sentences
        assert "可进入后台。" in contributors
        assert "“照片 › 石渡镇来稿”" in "".join(contributors)
        assert "图书" not in "".join(contributors)
        assert any(sentence.endswith("可新建并修改自己的页面。") for sentence in contributors)
        assert "在图文集“石渡镇来稿”里，可添加图片、文档、影片；选用图片、文档。" in contributors
        assert "只可新建：照片、影片、故事。" in contributors
        assert "担任初审。" in told["审稿人·初审"].sentences
        assert any("发布与撤回" in sentence for sentence in told["编辑"].sentences)

    def test_counts_active_people_and_second_factors(self, town, django_user_model):
        for name in ("甲", "乙", "丙"):
            person = django_user_model.objects.create_user(name, password="x", is_active=name != "丙")
            person.groups.add(town.contributors)
        TOTPDevice.objects.create(user=django_user_model.objects.get(username="甲"), name="app")
        role = next(role for role in read_roles() if role.group == town.contributors)
        assert (role.people, role.with_factor) == (2, 1)

    def test_more_towns_ask_no_more_queries(self, town, django_assert_max_num_queries):
        for number in range(12):
            town_roles.ensure(f"第{number}镇", ["photo", "story"])
        with django_assert_max_num_queries(14):
            assert len(read_roles()) == 20

    def test_is_for_who_keeps_groups(self, town, administrator, django_user_model):
        page = administrator.get(reverse("archive_roles"))
        assert "镇街通讯员·石渡镇" in page.content.decode()
        for group in (town.contributors, Group.objects.get(name="编辑")):
            client = person_in(django_user_model, group)
            for name in ("archive_roles", "archive_town_roles"):
                assert client.get(reverse(name))["Location"] == reverse("wagtailadmin_home")
            client.post(reverse("archive_town_roles"), {"town": "黑镇", "kinds": ["photo"]})
        assert not Group.objects.filter(name__contains="黑镇").exists()

    def test_the_form_makes_and_takes_away(self, home, administrator):
        address = reverse("archive_town_roles")
        assert administrator.post(address, {"town": TOWN}).context["form"].errors.keys() == {"__all__"}
        answer = administrator.post(
            address, {"town": TOWN, "kinds": ["photo"], "needs_second_factor": "on"}, follow=True
        )
        assert "“镇街通讯员·石渡镇”已就绪" in answer.content.decode()
        assert "须用两步验证。" in answer.content.decode()
        answer = administrator.post(address, {"town": TOWN, "remove": "1"}, follow=True)
        assert "页面与文件都还在" in answer.content.decode()


class TestThoseWhoSendIn:
    def test_need_no_kinds_and_never_enter_the_desk(self, home, django_user_model):
        factories.place(TOWN)
        made = town_roles.ensure(TOWN, [], with_senders=True)
        sender = person_in(django_user_model, made.senders)

        assert [group.name for group in made.groups] == ["来稿人·石渡镇"]
        assert sender.get("/contribute/").status_code == 200
        assert sender.get("/admin/").status_code == 302
        told = next(role for role in read_roles() if role.group == made.senders).sentences
        assert any("/contribute/" in sentence for sentence in told)

    def test_are_made_for_a_place_that_is_known(self, home):
        with pytest.raises(ValidationError, match="地方"):
            town_roles.ensure(TOWN, [], with_senders=True)
        assert not Group.objects.filter(name__contains=TOWN).exists()

    def test_making_again_changes_nothing(self, home):
        factories.place(TOWN)
        first = town_roles.ensure(TOWN, [], with_senders=True)
        assert town_roles.ensure(TOWN, ["photo"], with_senders=True).senders == first.senders
        assert ContributingTown.objects.count() == 1

    def test_go_with_the_towns_roles_unless_something_was_sent(self, home, django_user_model):
        place = factories.place(TOWN)
        town_roles.ensure(TOWN, [], with_senders=True)
        assert town_roles.remove(TOWN) == ["来稿人·石渡镇"]
        assert not ContributingTown.objects.exists() and not Collection.objects.filter(name__contains=TOWN).exists()

        town_roles.ensure(TOWN, [], with_senders=True)
        town = ContributingTown.objects.get(place=place)
        today = timezone.localdate()
        campaign = Campaign.objects.create(
            title="征集", wanted="照片", consent_text="同意", opens_on=today, closes_on=today
        )
        Submission.objects.create(campaign=campaign, town=town, kind="text", title="旧事")
        assert town_roles.remove(TOWN) == []
        assert ContributingTown.objects.get() == town

    def test_by_command(self, home, capsys):
        factories.place(TOWN)
        call_command("town_roles", TOWN, "--kinds", "--senders")
        assert "来稿人·石渡镇" in capsys.readouterr().out
