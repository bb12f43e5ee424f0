"""Letters: who is written to, when, of what; each once, and never lost."""

# ruff: noqa: F811 (a fixture that another module lends has the name of the argument that asks for it)

import socketserver
import threading
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from archive.access import AccessLevel
from archive.contributing.moves import move
from archive.editing.roles import ensure_contributing_town
from archive.letters import occasions, post
from archive.letters.post import Letter, send
from archive.models import Campaign, ReviewState, ReviewTask, SentLetter, StoryPage
from tests import factories
from tests.factories import place

from .test_reviews import desk, give, hand_in, people, stories, story  # noqa: F401
from .test_submissions import campaign, editor, person, sent, town, written  # noqa: F401

pytestmark = pytest.mark.django_db
MORNING = 9


def at(days: int = 0, hour: int = MORNING) -> datetime:
    now = timezone.localtime().replace(hour=hour, minute=0)
    return now + timedelta(days=days)


def write(days: int = 0, hour: int = MORNING) -> list:
    """What goes out at that moment."""
    mail.outbox.clear()
    send(occasions.due(at(days, hour)))
    return list(mail.outbox)


@pytest.fixture
def mailed(people):
    """Everybody has an address."""
    for user in people.values():
        user.email = f"{user.username}@example.org"
        user.save()
    return people


@pytest.fixture
def waits(story, mailed):
    """A story that came to its first stage just now, with a term of five days."""
    ReviewTask.objects.update(days=5)
    hand_in(story, mailed["editor"])
    ReviewState.objects.update(started_at=at(0, 0))
    mail.outbox.clear()
    return story


class TestReviews:
    def test_whoever_may_give_the_opinion_is_reminded_once_a_day_from_the_day_before(self, waits):
        assert not write(3)
        (letter, other) = write(4)
        assert {*letter.to, *other.to} == {"first@example.org", "everything@example.org"}
        assert "将要到期" in letter.subject and "永济桥" in letter.body and "初审" in letter.body
        assert f"http://127.0.0.1:8000/admin/pages/{waits.pk}/edit/" in letter.body
        assert not write(4, 20)
        assert "1 件已逾期" in write(6)[0].subject

    def test_lateness_is_counted_in_days_that_have_begun(self, waits):
        state = ReviewState.objects.get()
        assert [state.days_over(state.due_at + timedelta(hours=hours)) for hours in (-1, 0, 1, 25)] == [0, 0, 1, 2]
        assert "（逾期 2 天）" in write(6)[0].body

    def test_the_next_stage_has_a_term_of_its_own(self, waits, mailed):
        give(waits, mailed["first"])
        mail.outbox.clear()
        assert not write(3)

    def test_without_a_term_nobody_is_reminded(self, waits):
        ReviewTask.objects.update(days=None)
        assert not write(300)

    def test_nobody_is_reminded_at_night(self, waits):
        assert not write(6, 7)

    def test_what_is_closed_is_not_named_in_a_letter(self, waits):
        StoryPage.objects.update(effective_access=AccessLevel.STAFF)
        assert all("永济桥" not in letter.body and "一件内部稿件" in letter.body for letter in write(6))

    def test_the_list_tells_the_term(self, waits, mailed):
        ReviewState.objects.update(started_at=at(-6, 0))
        answer = desk(mailed["first"]).get("/admin/archive/reviews/").content.decode()
        assert f"{at(-1, 0):%Y-%m-%d}" in answer and "逾期" in answer

    def test_many_that_wait_are_one_letter_and_no_more_questions(self, waits, mailed, django_assert_max_num_queries):
        for number in range(12):
            other = factories.story(f"另一篇{number}", published=False)
            other.save_revision(user=mailed["editor"])
            hand_in(other, mailed["editor"])
        with django_assert_max_num_queries(40):
            letters = write(6)
        assert len(letters) == 2 and all("13 件" in letter.subject for letter in letters)


@pytest.fixture
def member(person):
    person.email = "he@example.org"
    person.save()
    return person


class TestCampaigns:
    def test_a_town_is_told_when_it_opens_and_before_it_closes(self, campaign, member):
        subjects = [letter.subject for days in range(12) for letter in write(days)]
        assert subjects == [
            "【数字方志馆】新的征集：讲村史 ２０２６",
            "【数字方志馆】“讲村史 ２０２６”还有 6 天截止",
            "【数字方志馆】“讲村史 ２０２６”还有 1 天截止",
        ]

    def test_it_says_what_the_town_has_sent(self, campaign, town, member):
        sent(campaign, town, member)
        written(campaign, town, member)
        (letter,) = write(8)
        assert "已送出 1 件，另有 1 件还没有送出" in letter.body
        assert f"/contribute/campaigns/{campaign.pk}/" in letter.body

    def test_a_short_one_says_at_once_that_it_closes(self, campaign, member):
        Campaign.objects.update(closes_on=timezone.localdate())
        assert [letter.subject for letter in write()] == ["【数字方志馆】“讲村史 ２０２６”今天截止"]

    def test_one_that_has_run_for_long_is_no_news(self, campaign, member):
        Campaign.objects.update(closes_on=timezone.localdate() + timedelta(days=90))
        assert not write(5)

    def test_who_is_not_asked_is_not_written_to(self, campaign, member):
        other = ensure_contributing_town(place("石碣镇"))
        Campaign.objects.update(is_for_all=False)
        campaign.towns.add(other.place)
        assert not write()

    def test_one_that_was_closed_early_is_silent(self, campaign, member):
        Campaign.objects.update(is_closed_early=True)
        assert not write(8)

    def test_whoever_left_or_has_no_address_is_not_written_to(self, campaign, member):
        member.is_active = False
        member.save()
        assert not write()
        member.is_active, member.email = True, ""
        member.save()
        assert not write()


class TestAnswers:
    @pytest.fixture(autouse=True)
    def _no_campaign_letters(self, monkeypatch):
        monkeypatch.setattr(occasions, "campaigns", lambda today: iter(()))

    def test_whoever_sent_it_in_learns_what_became_of_it(self, campaign, town, member, editor):
        submission = sent(campaign, town, member)
        move(submission, "return", editor, "请补拍摄年份。")
        (letter,) = write(0, 23)
        assert letter.to == ["he@example.org"] and submission.receipt in letter.subject
        assert "请补拍摄年份。" in letter.body and f"/contribute/{submission.receipt}/" in letter.body
        assert not write(0, 23)

    def test_an_answer_that_was_overtaken_is_not_told(self, campaign, town, member, editor):
        submission = sent(campaign, town, member)
        move(submission, "return", editor, "请补。")
        move(submission, "withdraw", member)
        assert not write()

    def test_what_is_days_old_is_no_news(self, campaign, town, member, editor):
        move(sent(campaign, town, member), "decline", editor, "与本县无关。")
        assert not write(4)


@pytest.fixture
def letter(member, campaign, town):
    facts = {"submission": written(campaign, town, member), "act": {}}
    return Letter("one", member, "submission", facts)


class TestThePost:
    @override_settings(SENDS_MAIL=False)
    def test_without_a_mail_server_nothing_is_sent_or_noted(self, letter):
        assert send([letter]) == 0
        assert not SentLetter.objects.exists()

    def test_what_could_not_be_sent_is_tried_again(self, letter, monkeypatch, caplog):
        def refuse(message):
            raise ConnectionRefusedError("nobody is there")

        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMessage.send", refuse)
            assert send([letter]) == 0
        row = SentLetter.objects.get()
        assert row.sent_at is None and "nobody is there" in row.reason and "could not be sent" in caplog.text
        assert send([letter]) == 0, "not at once"
        SentLetter.objects.update(begun_at=timezone.now() - post.AGAIN_AFTER * 2)
        assert send([letter]) == 1
        assert len(mail.outbox) == 1 and SentLetter.objects.get().tries == 2

    def test_an_address_that_never_works_is_given_up(self, letter):
        past = timezone.now() - timedelta(hours=1)
        SentLetter.objects.create(key="one", to=letter.to, begun_at=past, tries=post.MOST_TRIES)
        assert send([letter]) == 0

    def test_an_address_that_breaks_the_header_goes_nowhere(self, letter):
        letter.to.email = "a@example.org\nBcc: b@example.org"
        assert send([letter]) == 0
        assert not mail.outbox

    def test_markup_and_line_ends_in_what_people_wrote_stay_text(self, letter):
        letter.context["submission"].title = "甲 & <b>乙</b>\nBcc: x@example.org"
        send([letter])
        assert "甲 & <b>乙</b>" in mail.outbox[0].body
        assert "\n" not in mail.outbox[0].subject

    def test_rows_of_old_letters_are_dropped(self, letter):
        send([letter])
        SentLetter.objects.update(begun_at=timezone.now() - timedelta(days=91))
        post.forget()
        assert not SentLetter.objects.exists()

    def test_while_the_mail_server_is_away_nothing_is_begun(self, letter, settings, caplog):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        assert send([letter]) == 0
        assert "does not answer" in caplog.text and not SentLetter.objects.exists()

    def test_a_mail_server_gets_it(self, letter, settings):
        with mail_server() as (port, received):
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
            assert send([letter]) == 1
        assert b"To: he@example.org" in received[0] and b"Auto-Submitted: auto-generated" in received[0]


class _Receiver(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one sender needs."""

    def handle(self) -> None:
        self.say(b"220 here")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.say(b"354 go on")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            elif line.upper().startswith(b"QUIT"):
                self.say(b"221 bye")
                return
            self.say(b"250 ok")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class mail_server:  # noqa: N801
    """Listens on loopback while the block runs: its port, and what it was given."""

    def __enter__(self) -> tuple[int, list[bytes]]:
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Receiver)
        self.server.received = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_address[1], self.server.received

    def __exit__(self, *_exception) -> None:
        self.server.shutdown()
        self.server.server_close()
