"""Guessing is slowed down by account and by address, at every door, for all processes together."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.acts import kinds
from archive.models import Act, SignInTally
from archive.signing_in import throttling
from archive.signing_in.throttling import PATIENCE, Scope, TooManyAttemptsError
from tests import migrated_database

LOGIN = "/admin/login/"
SITE_LOGIN = "/_util/login/"


def try_to_enter(name: str, password: str, client: Client | None = None, door: str = LOGIN):
    return (client or Client()).post(door, {"username": name, "password": password})


@pytest.fixture
def editor(home, django_user_model):
    person = django_user_model.objects.create_user("editor", password="对的密码")
    person.groups.add(Group.objects.get(name="编辑"))
    return person


@pytest.mark.django_db
class TestTheDoors:
    @pytest.mark.parametrize("door", [LOGIN, SITE_LOGIN])
    def test_the_sixth_attempt_has_to_wait_even_with_the_right_password(self, editor, door):
        for _attempt in range(5):
            assert try_to_enter("editor", "错", door=door).status_code == 200
        answer = try_to_enter("editor", "对的密码", door=door)
        assert answer.status_code == 429
        assert 25 <= int(answer["Retry-After"]) <= 31
        assert answer["Cache-Control"] == "no-store"
        assert "尝试次数过多" in answer.content.decode()
        assert "sessionid" not in answer.cookies

    def test_both_doors_count_together(self, editor):
        for door in (LOGIN, SITE_LOGIN, LOGIN, SITE_LOGIN, LOGIN):
            try_to_enter("editor", "错", door=door)
        assert try_to_enter("editor", "对的密码", door=SITE_LOGIN).status_code == 429

    def test_the_wait_doubles_and_has_a_bound(self, editor):
        waits = []
        for _round in range(9):
            SignInTally.objects.update(held_until=None)
            for _attempt in range(5 if not waits else 1):
                try_to_enter("editor", "错")
            waits.append(int(try_to_enter("editor", "错")["Retry-After"]))
        assert waits[:4] == [30, 60, 120, 240]
        assert waits[-1] == PATIENCE[Scope.ACCOUNT].most

    def test_waiting_over_the_right_password_opens_and_clears(self, editor):
        for _attempt in range(5):
            try_to_enter("editor", "错")
        SignInTally.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        assert try_to_enter("editor", "对的密码").status_code == 302
        assert not SignInTally.objects.filter(scope=Scope.ACCOUNT).exists()

    def test_an_account_that_does_not_exist_is_answered_alike(self, editor):
        answers = {}
        for name in ("editor", "nobody"):
            texts = [try_to_enter(name, "错") for _attempt in range(6)]
            bodies = [re.sub(r"\b[A-Za-z0-9]{64}\b", "", text.content.decode()).replace(name, "") for text in texts]
            answers[name] = [(text.status_code, body) for text, body in zip(texts, bodies, strict=True)]
        assert answers["editor"] == answers["nobody"]

    def test_a_name_in_other_clothes_is_the_same_account(self, editor):
        for name in ("editor", "ＥＤＩＴＯＲ", "Editor", "EDITOR", "ｅditor"):
            try_to_enter(name, "错")
        assert try_to_enter("editor", "对的密码").status_code == 429

    def test_one_address_that_tries_many_accounts_is_held_and_others_are_not(self, editor):
        guesser = Client(REMOTE_ADDR="203.0.113.9")
        for number in range(PATIENCE[Scope.ADDRESS].free):
            assert try_to_enter(f"name{number}", "123456", guesser).status_code == 200
        assert try_to_enter("editor", "对的密码", guesser).status_code == 429
        assert try_to_enter("editor", "对的密码", Client(REMOTE_ADDR="203.0.113.10")).status_code == 302

    def test_an_address_is_not_believed_from_whoever_writes_it(self, editor):
        for number in range(PATIENCE[Scope.ADDRESS].free):
            forged = Client(REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": f"198.51.100.{number}"})
            try_to_enter(f"name{number}", "123456", forged)
        assert try_to_enter("editor", "对的密码", Client(REMOTE_ADDR="203.0.113.9")).status_code == 429

    def test_one_good_account_does_not_let_its_owner_guess_others(self, editor):
        guesser = Client(REMOTE_ADDR="203.0.113.9")
        held = False
        for number in range(2 * PATIENCE[Scope.ADDRESS].free):
            try_to_enter("editor", "对的密码", guesser)
            guesser.cookies.clear()
            held = held or try_to_enter(f"name{number}", "123456", guesser).status_code == 429
        assert held

    def test_neighbours_in_ipv6_are_one(self, editor):
        for number in range(PATIENCE[Scope.ADDRESS].free):
            try_to_enter(f"name{number}", "1", Client(REMOTE_ADDR=f"2001:db8::{number:x}"))
        assert try_to_enter("editor", "对的密码", Client(REMOTE_ADDR="2001:db8::ffff")).status_code == 429

    def test_a_script_is_answered_in_json(self, editor):
        for _attempt in range(5):
            try_to_enter("editor", "错")
        client = Client(headers={"x-requested-with": "XMLHttpRequest"})
        answer = try_to_enter("editor", "错", client)
        assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")

    def test_code_that_asks_without_a_request_is_held_too(self, editor):
        for _attempt in range(5):
            assert authenticate(username="editor", password="错") is None
        with pytest.raises(TooManyAttemptsError):
            authenticate(username="editor", password="对的密码")

    def test_failures_and_the_wait_are_in_the_log(self, editor):
        for _attempt in range(7):
            try_to_enter("editor", "错")
        told = Act.objects.filter(kind__startswith="sign-in").values_list("kind", "label")
        assert list(told.order_by("pk")) == [*[(kinds.SIGN_IN_FAILED, "editor")] * 4, (kinds.SIGN_IN_HELD, "editor")]

    @pytest.mark.parametrize("name", ["", "a" * 10_000, "\x00", "😀", "' OR 1=1"])
    def test_a_strange_name_is_no_failure(self, home, name):
        assert try_to_enter(name, "x").status_code in (200, 400)

    def test_old_counts_are_forgotten(self, editor):
        try_to_enter("editor", "错")
        SignInTally.objects.update(last_at=timezone.now() - timedelta(days=2))
        throttling.forget()
        assert not SignInTally.objects.exists()


@pytest.mark.django_db
class TestForgottenPasswords:
    def test_letters_are_bounded_whether_or_not_the_address_is_known(self, home, django_user_model):
        django_user_model.objects.create_user("editor", email="editor@example.gov.cn", password="x")
        statuses = {}
        for address in ("editor@example.gov.cn", "nobody@example.gov.cn"):
            asked = [Client().post("/admin/password_reset/", {"email": address}) for _time in range(4)]
            statuses[address] = [answer.status_code for answer in asked]
        assert set(map(tuple, statuses.values())) == {(302, 302, 302, 429)}
        assert len(mail.outbox) == 3


@pytest.mark.django_db
class TestLifting:
    def test_an_administrator_lifts_a_wait(self, editor, administrator):
        for _attempt in range(5):
            try_to_enter("editor", "错")
        page = administrator.get(reverse("archive_sign_ins")).content.decode()
        assert "editor" in page
        tally = SignInTally.objects.get(scope=Scope.ACCOUNT)
        assert administrator.post(reverse("archive_sign_in_lift", args=[tally.pk])).status_code == 302
        assert try_to_enter("editor", "对的密码").status_code == 302
        assert Act.objects.get(kind=kinds.HOLD_LIFTED).user_name == "administrator"

    def test_nobody_else_does(self, editor):
        tally = SignInTally.objects.create(scope=Scope.ACCOUNT, key="x", last_at=timezone.now())
        client = Client()
        client.force_login(editor)
        assert client.get(reverse("archive_sign_ins")).status_code == 302
        assert client.post(reverse("archive_sign_in_lift", args=[tally.pk])).status_code == 302
        assert SignInTally.objects.filter(pk=tally.pk).exists()

    def test_a_link_lifts_nothing(self, administrator, home):
        tally = SignInTally.objects.create(scope=Scope.ACCOUNT, key="x", last_at=timezone.now())
        assert administrator.get(reverse("archive_sign_in_lift", args=[tally.pk])).status_code == 405


SCRIPT = """
import django; django.setup()
from archive.signing_in import throttling
from archive.signing_in.throttling import Counted, Scope, TooManyAttemptsError
let = 0
for _attempt in range(40):
    try:
        throttling.take(Counted(Scope.ACCOUNT, "same"))
        let += 1
    except TooManyAttemptsError:
        pass
print(let)
"""


def test_two_processes_that_guess_at_once_share_the_count(tmp_path):
    copy = tmp_path / "museum.sqlite3"
    copy.write_bytes(migrated_database.path().read_bytes())
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{copy}", "DJANGO_SETTINGS_MODULE": "settings.test"}
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", SCRIPT]
    both = [subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE) for _process in range(2)]
    let = [int(process.communicate(timeout=120)[0]) for process in both]
    assert sum(let) == PATIENCE[Scope.ACCOUNT].free
