"""Three reviews by three people: what was not read by all of them goes live by no path; withdrawal waits for nobody."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import PageLogEntry, Revision, TaskState, WorkflowPage, WorkflowState

from archive.editing.reviews import EMERGENCY, publish_in_emergency
from archive.editing.roles import EDITOR, REVIEWER, ensure_three_reviews
from archive.models import EmergencyPublication, ReviewState, StoryIndexPage, StoryPage
from archive.models.reviews import ReviewsMissingError, digest_of, missing_reviews
from tests import factories

pytestmark = pytest.mark.django_db
COUNTS = ("count", "TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


@pytest.fixture
def stories(home) -> StoryIndexPage:
    """The stories, which three people are to read."""
    page = StoryIndexPage.objects.get()
    WorkflowPage.objects.create(page=page, workflow=ensure_three_reviews())
    return page


@pytest.fixture
def people(home, django_user_model) -> dict:
    def person(name: str, *groups: str):
        user = django_user_model.objects.create_user(name, password="x")
        user.groups.add(*Group.objects.filter(name__in=groups))
        return user

    return {
        "editor": person("editor", EDITOR),
        "first": person("first", f"{REVIEWER}·初审"),
        "second": person("second", f"{REVIEWER}·复审"),
        "final": person("final", f"{REVIEWER}·终审"),
        "everything": person("everything", EDITOR, *(f"{REVIEWER}·{stage}" for stage in ("初审", "复审", "终审"))),
        "chief": django_user_model.objects.create_superuser("chief", password="x"),
    }


@pytest.fixture
def story(stories, people) -> StoryPage:
    page = factories.story("永济桥", published=False)
    page.owner = people["editor"]
    page.save()
    page.save_revision(user=people["editor"])
    return page


def desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hand_in(page, user) -> WorkflowState:
    return page.get_workflow().start(page, user)


def give(page, user, action: str = "approve", comment: str = "可"):
    page = StoryPage.objects.get(pk=page.pk)
    state = page.current_workflow_task_state
    page.current_workflow_task.on_action(state, user, action, comment=comment)
    return StoryPage.objects.get(pk=page.pk)


def read_by_three(page, people):
    hand_in(page, people["editor"])
    for name in ("first", "second", "final"):
        page = give(page, people[name])
    return page


class TestTheWay:
    def test_a_page_goes_live_when_the_third_person_has_passed_it(self, story, people):
        hand_in(story, people["editor"])
        assert not give(story, people["first"]).live
        assert not give(story, people["second"]).live
        page = give(story, people["final"])
        assert page.live
        assert digest_of(page.live_revision) == ReviewState.objects.last().digest

    def test_what_came_back_changed_begins_with_the_first_stage(self, story, people):
        state = hand_in(story, people["editor"])
        give(story, people["first"])
        page = give(story, people["second"], "reject", "年代有误")
        page.title = "永濟橋"
        page.save_revision(user=people["editor"])
        WorkflowState.objects.get(pk=state.pk).resume(people["editor"])
        assert StoryPage.objects.get(pk=story.pk).current_workflow_task.name == "初审"
        for name in ("first", "second", "final"):
            page = give(story, people[name])
        assert page.live
        assert page.title == "永濟橋"

    def test_what_came_back_unchanged_goes_on_where_it_was(self, story, people):
        state = hand_in(story, people["editor"])
        give(story, people["first"])
        give(story, people["second"], "reject", "请核实年代")
        WorkflowState.objects.get(pk=state.pk).resume(people["editor"])
        assert StoryPage.objects.get(pk=story.pk).current_workflow_task.name == "复审"

    def test_comments_in_the_margin_need_no_second_round(self, story, people):
        hand_in(story, people["editor"])
        page = give(story, people["first"])
        page.save_revision(user=people["second"])
        give(story, people["second"])
        assert give(story, people["final"]).live

    def test_the_live_version_stays_while_a_change_is_read(self, story, people):
        page = read_by_three(story, people)
        page.title = "永济桥（改）"
        page.save_revision(user=people["editor"])
        hand_in(page, people["editor"])
        assert StoryPage.objects.get(pk=page.pk).title == "永济桥"
        give(page, people["first"])
        give(page, people["second"])
        assert StoryPage.objects.get(pk=page.pk).title == "永济桥"
        assert give(page, people["final"]).title == "永济桥（改）"

    def test_pages_that_no_reviews_govern_are_published_as_ever(self, home, people):
        page = factories.photo("旧码头", published=False)
        page.save_revision(user=people["editor"]).publish(user=people["editor"])
        page.refresh_from_db()
        assert page.live


class TestWho:
    def test_nobody_reviews_the_own_words(self, story, people):
        story.save_revision(user=people["everything"])
        hand_in(story, people["everything"])
        with pytest.raises(PermissionDenied, match="不能再审"):
            give(story, people["everything"])

    def test_whoever_changed_the_words_is_their_author_too(self, story, people):
        story.title = "永济古桥"
        story.save_revision(user=people["first"])
        story.title = "永济桥记"
        story.save_revision(user=people["editor"])
        hand_in(story, people["editor"])
        with pytest.raises(PermissionDenied, match="不能再审"):
            give(story, people["first"])

    def test_nobody_gives_two_opinions_on_the_same_words(self, story, people):
        hand_in(story, people["editor"])
        give(story, people["everything"])
        with pytest.raises(PermissionDenied, match="三个人"):
            give(story, people["everything"])
        with pytest.raises(PermissionDenied, match="复审"):
            give(story, people["first"])

    def test_a_superuser_is_no_reviewer(self, story, people):
        hand_in(story, people["editor"])
        with pytest.raises(PermissionDenied):
            give(story, people["chief"])
        assert not TaskState.objects.reviewable_by(people["chief"]).exists()

    def test_a_page_is_offered_to_those_alone_who_may_review_it(self, story, people):
        hand_in(story, people["editor"])
        may = {name for name, user in people.items() if TaskState.objects.reviewable_by(user).exists()}
        assert may == {"first", "everything"}
        give(story, people["everything"])
        may = {name for name, user in people.items() if TaskState.objects.reviewable_by(user).exists()}
        assert may == {"second"}

    def test_to_return_a_page_is_to_say_why(self, story, people):
        hand_in(story, people["editor"])
        with pytest.raises(PermissionDenied, match="意见"):
            give(story, people["first"], "reject", "  ")


class TestNoWayRound:
    def test_publishing_a_revision(self, story, people):
        for user in (people["editor"], people["chief"], None):
            with pytest.raises(ReviewsMissingError, match="初审、复审、终审"):
                story.get_latest_revision().publish(user=user, skip_permission_checks=True)
        assert not StoryPage.objects.get(pk=story.pk).live

    def test_the_action_that_the_form_uses(self, story, people):
        with pytest.raises(ReviewsMissingError):
            PublishPageRevisionAction(story.get_latest_revision(), user=people["chief"]).execute(
                skip_permission_checks=True
            )

    def test_saving_it_live(self, story):
        story.live = True
        with pytest.raises(ReviewsMissingError):
            story.save()

    def test_another_version_than_the_one_that_was_read(self, story, people):
        page = read_by_three(story, people)
        page.title = "永济桥（未审）"
        later = page.save_revision(user=people["editor"])
        with pytest.raises(ReviewsMissingError):
            later.publish(user=people["chief"])
        assert StoryPage.objects.get(pk=page.pk).title == "永济桥"

    def test_words_that_were_changed_while_they_were_read(self, story, people):
        hand_in(story, people["editor"])
        give(story, people["first"])
        story.title = "永济桥（偷改）"
        story.save_revision(user=people["editor"])
        with pytest.raises(PermissionDenied, match="重审"):
            give(story, people["second"])

    def test_a_schedule(self, story, people):
        story.go_live_at = timezone.now() + timedelta(days=1)
        revision = story.save_revision(user=people["editor"])
        with pytest.raises(ReviewsMissingError):
            revision.publish(user=people["chief"])
        with pytest.raises(ReviewsMissingError):
            PublishPageRevisionAction(revision, user=people["chief"]).execute(skip_permission_checks=True)
        revision.refresh_from_db()
        assert revision.approved_go_live_at is None

    def test_a_schedule_of_what_was_read_comes_true(self, story, people):
        story.go_live_at = timezone.now() + timedelta(days=1)
        story.save_revision(user=people["editor"])
        page = read_by_three(story, people)
        assert not page.live
        revision = page.get_latest_revision()
        revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
        call_command("publish_scheduled")
        assert StoryPage.objects.get(pk=page.pk).live

    def test_a_live_copy_begins_as_a_draft(self, story, people):
        page = read_by_three(story, people)
        copy = CopyPageAction(page, keep_live=True, update_attrs={"slug": "copy"}, user=people["chief"]).execute()
        assert not StoryPage.objects.get(pk=copy.pk).live

    def test_a_page_that_is_made_live_begins_as_a_draft(self, stories):
        page = stories.add_child(instance=StoryPage(title="直接上线", slug="zhijie", live=True))
        assert not StoryPage.objects.get(pk=page.pk).live

    def test_an_alias_of_what_was_not_read(self, stories, home):
        column = factories.column("别处", published=False)
        WorkflowPage.objects.create(page=column, workflow=column.get_workflow().__class__.objects.get(name="审核发布"))
        elsewhere = factories.story("未审的稿", parent=column)
        assert elsewhere.live
        with pytest.raises(ReviewsMissingError):
            elsewhere.create_alias(parent=stories, update_slug="alias")

    def test_an_alias_of_what_was_read(self, story, people, stories):
        page = read_by_three(story, people)
        alias = page.create_alias(parent=stories, update_slug="alias")
        assert StoryPage.objects.get(pk=alias.pk).live

    def test_going_back_to_an_older_version_that_was_read_is_no_news(self, story, people):
        page = read_by_three(story, people)
        passed = page.live_revision
        page.title = "永济桥（改）"
        page.save_revision(user=people["editor"])
        passed.as_object().save_revision(user=people["editor"]).publish(user=people["editor"])
        assert StoryPage.objects.get(pk=page.pk).live_revision_id != passed.pk

    def test_opinions_on_another_page_count_for_nothing(self, story, people):
        read_by_three(story, people)
        twin = factories.story("永济桥", published=False)
        with pytest.raises(ReviewsMissingError):
            twin.save_revision(user=people["editor"]).publish()


class TestAtOnce:
    def test_withdrawal_waits_for_no_review(self, story, people):
        page = read_by_three(story, people)
        page.unpublish(user=people["editor"])
        assert not StoryPage.objects.get(pk=page.pk).live

    @pytest.mark.parametrize("held_by", ["a review", "a date"])
    def test_withdrawal_waits_for_no_change_that_is_held(self, story, people, held_by):
        page = read_by_three(story, people)
        page.title = "永济桥，改"
        revision = page.save_revision(user=people["editor"])
        if held_by == "a review":
            hand_in(page, people["editor"])
        else:
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() + timedelta(days=1))
        people["editor"].groups.get().page_permissions.create(
            page=page.get_parent(), permission=Permission.objects.get(codename="publish_page")
        )
        answer = desk(people["editor"]).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
        assert answer.status_code == 302
        assert not StoryPage.objects.get(pk=page.pk).live
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()

    def test_a_lock_that_a_person_set_is_heeded(self, story, people):
        page = read_by_three(story, people)
        StoryPage.objects.filter(pk=page.pk).update(locked=True, locked_by=people["chief"])
        people["editor"].groups.get().page_permissions.create(
            page=page.get_parent(), permission=Permission.objects.get(codename="publish_page")
        )
        desk(people["editor"]).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
        assert StoryPage.objects.get(pk=page.pk).live

    def test_an_emergency_is_on_record_for_good(self, story, people):
        record = publish_in_emergency(story, story.get_latest_revision(), people["chief"], "防汛通告，局长口头批准")
        assert StoryPage.objects.get(pk=story.pk).live
        entry = PageLogEntry.objects.get(action=EMERGENCY)
        assert entry.user == people["chief"]
        assert entry.data["reason"] == record.reason
        with pytest.raises(ValidationError):
            record.save()
        with pytest.raises(ValidationError):
            record.delete()

    def test_an_emergency_is_for_these_words_alone(self, story, people):
        publish_in_emergency(story, story.get_latest_revision(), people["chief"], "防汛通告，局长口头批准")
        page = StoryPage.objects.get(pk=story.pk)
        page.title = "另一件事"
        with pytest.raises(ReviewsMissingError):
            page.save_revision(user=people["chief"]).publish(user=people["chief"])

    def test_who_may_not_publish_in_an_emergency_is_refused(self, story, people):
        address = reverse("archive_review_emergency", args=[story.pk])
        assert desk(people["editor"]).post(address, {"reason": "我很着急，等不及了"}).status_code in (302, 403)
        assert not EmergencyPublication.objects.exists()
        answer = desk(people["chief"]).post(address, {"reason": "太短"})
        assert "reason" in answer.context["form"].errors
        desk(people["chief"]).post(address, {"reason": "防汛通告，局长口头批准发布"})
        assert StoryPage.objects.get(pk=story.pk).live


class TestAtTheDesk:
    def test_the_publish_button_is_not_there_and_would_do_nothing(self, story, people):
        edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
        for name in ("editor", "chief"):
            assert "action-publish" not in desk(people[name]).get(edit).content.decode()

    def test_bulk_publication_publishes_nothing(self, story, people):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        answer = desk(people["chief"]).post(f"{address}?id={story.pk}", follow=True)
        assert "还没有经过三审" in answer.content.decode()
        assert not StoryPage.objects.get(pk=story.pk).live

    def test_what_waits_is_listed_with_since_when(self, story, people):
        hand_in(story, people["editor"])
        ReviewState.objects.update(started_at=timezone.now() - timedelta(days=3))
        html = desk(people["first"]).get(reverse("archive_reviews")).content.decode()
        assert "永济桥" in html
        assert "3 天" in html
        assert "永济桥" not in desk(people["second"]).get(reverse("archive_reviews")).content.decode()
        assert "永济桥" in desk(people["editor"]).get(reverse("archive_reviews"), {"whose": "all"}).content.decode()

    def test_the_sheet_keeps_each_versions_opinions(self, story, people):
        state = hand_in(story, people["editor"])
        give(story, people["first"], comment="史实可靠")
        page = give(story, people["second"], "reject", "年代有误")
        page.title = "永濟橋"
        page.save_revision(user=people["editor"])
        WorkflowState.objects.get(pk=state.pk).resume(people["editor"])
        html = desk(people["first"]).get(reverse("archive_review_sheet", args=[story.pk])).content.decode()
        for words in ("史实可靠", "年代有误", "第 1 次送审", "第 2 次送审", "退回修改", "待审"):
            assert words in html

    def test_the_sheet_of_a_page_that_one_may_not_know_of_is_not_found(self, story, people, django_user_model):
        user = django_user_model.objects.create_user("town", password="x")
        user.groups.add(Group.objects.create(name="镇"))
        from archive.editing.roles import _admin_access

        user.user_permissions.add(_admin_access())
        assert desk(user).get(reverse("archive_review_sheet", args=[story.pk])).status_code == 404

    def test_the_words_stand_still_while_they_are_read(self, story, people):
        hand_in(story, people["editor"])
        edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
        assert desk(people["first"]).get(edit).status_code == 200
        page = StoryPage.objects.get(pk=story.pk)
        made = StoryPage.get_edit_handler().get_form_class()
        fields = dict.fromkeys(made.base_fields, "") | {
            "title": "改了",
            "slug": page.slug,
            "language": page.language,
        }
        counts = {f"{name}-{count}": "0" for name in ("body", *made.formsets) for count in COUNTS}
        form = made(fields | counts, instance=page, parent_page=page.get_parent(), for_user=people["first"])
        assert not form.is_valid()
        assert "稿件正在审阅" in str(form.non_field_errors())

    def test_missing_reviews_cost_a_bounded_number_of_queries(self, story, people, django_assert_max_num_queries):
        page = read_by_three(story, people)
        with django_assert_max_num_queries(8):
            assert missing_reviews(page, page.live_revision) == []
