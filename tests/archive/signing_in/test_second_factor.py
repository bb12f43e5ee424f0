"""The second factor: without it a session that needs it reaches nothing; with it everything is as before."""

import re
import time
from base64 import b32decode
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver, reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from archive.access import AccessLevel
from archive.acts import kinds
from archive.models import Act, GroupRule, RecoveryCode
from archive.publication import set_access
from archive.signing_in import second_factor
from tests import factories

pytestmark = pytest.mark.django_db
ENROL, VERIFY = "/admin/second-factor/", "/admin/second-factor/verify/"
NOW = 1_800_000_000


@pytest.fixture
def clock():
    """Time stands still, and is set by `clock(seconds)`."""
    with mock.patch("archive.signing_in.second_factor.time") as stopped:
        stopped.return_value = NOW

        def put(seconds: float) -> None:
            stopped.return_value = NOW + seconds

        yield put


@pytest.fixture
def editor(home, django_user_model):
    person = django_user_model.objects.create_user("editor", password="x")
    person.groups.add(Group.objects.get(name="编辑"))
    return person


@pytest.fixture
def desk(editor) -> Client:
    """Signed in with the password alone, as long as that is enough."""
    client = Client()
    client.force_login(editor)
    return client


def code_of(client: Client, seconds: float = 0) -> str:
    """What the telephone shows after it has read the page."""
    shown = re.search(r'door-key">([A-Z2-7 ]+)<', client.get(ENROL).content.decode())[1].replace(" ", "")
    return code_at(b32decode(shown), seconds)


def code_at(key: bytes, seconds: float = 0) -> str:
    return f"{totp(key, t0=0, step=30, drift=int((NOW + seconds) // 30 - time.time() // 30)):06d}"


def enrolled(client: Client) -> list[str]:
    answer = client.post(ENROL, {"code": code_of(client)})
    return re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", answer.content.decode())


@pytest.fixture
def at_the_door(desk, editor, clock) -> Client:
    """Has a second factor, and has given the password."""
    enrolled(desk)
    client = Client()
    client.post("/admin/login/", {"username": "editor", "password": "x"})
    clock(60)
    return client


def key_of(editor) -> bytes:
    return TOTPDevice.objects.get(user=editor).bin_key


class TestSettingIt:
    def test_a_code_of_the_shown_key_sets_it_and_shows_ten_recovery_codes_once(self, desk, editor, clock):
        codes = enrolled(desk)
        assert len(set(codes)) == 10
        stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
        assert not any(code in stored or code.replace("-", "") in stored for code in codes)
        assert codes[0] not in desk.get(ENROL).content.decode()
        assert desk.get("/admin/").status_code == 200
        assert Act.objects.get(kind=kinds.FACTOR_SET).user_name == "editor"

    def test_the_code_is_drawn_by_the_museum_and_names_it(self, desk, clock):
        page = desk.get(ENROL)
        assert "<svg" in page.content.decode()
        assert page["Cache-Control"].startswith("max-age=0")
        address = second_factor.address_of_key(mock.Mock(get_username=lambda: "何通讯"), "00" * 20)
        assert address.startswith("otpauth://totp/%E6%95%B0%E5%AD%97%E6%96%B9%E5%BF%97%E9%A6%86%3A%E4%BD%95")

    @pytest.mark.parametrize("code", ["", "000000", "abcdef", "12345", "１２３４５６７", "-12345", "0" * 500])
    def test_a_wrong_code_sets_nothing(self, desk, code, clock):
        code_of(desk)
        answer = desk.post(ENROL, {"code": code})
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not TOTPDevice.objects.exists()

    def test_setting_another_makes_the_old_one_and_other_sessions_worthless(self, desk, editor, clock):
        enrolled(desk)
        old = key_of(editor)
        other = Client()
        other.post("/admin/login/", {"username": "editor", "password": "x"})
        clock(60)
        other.post(VERIFY, {"code": code_at(old, 60)})
        assert other.get("/admin/").status_code == 200
        clock(120)
        desk.post(ENROL, {"code": code_of(desk, 120)})
        assert desk.get("/admin/").status_code == 200
        assert other.get("/admin/").status_code == 302

    def test_readers_have_none(self, home):
        assert Client().get(ENROL)["Location"] == "/admin/login/"


class TestTheDoor:
    def test_after_the_password_every_address_of_the_cms_leads_to_the_code(self, at_the_door):
        for address in ("/admin/", "/admin/pages/", "/admin/account/", "/admin/users/", "/admin/login/", "/admin/x/"):
            answer = at_the_door.get(address)
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(VERIFY)

    def test_its_machinery_is_refused(self, at_the_door, editor):
        for address in ("/admin/api/main/pages/", "/admin/tag-autocomplete/"):
            assert at_the_door.get(address, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403
        assert at_the_door.get("/admin/api/main/pages/", headers={"accept": "application/json"}).status_code == 403
        assert at_the_door.post(ENROL, {"code": "000000"})["Location"] == VERIFY
        for address in ("codes/", "remove/"):
            assert at_the_door.post(f"{ENROL}{address}")["Location"] == VERIFY
        assert TOTPDevice.objects.filter(user=editor).exists()

    def test_no_address_of_the_cms_is_open(self, at_the_door):
        """Every pattern without an argument, asked as a browser would."""
        admin = next(
            each for each in get_resolver().url_patterns if str(each.pattern) == "admin/" and each.namespace is None
        )
        open_to_all = {"sprite/", "jsi18n/"}
        for address in _plain_addresses(admin):
            if address in open_to_all:
                continue
            answer = at_the_door.get(f"/admin/{address}")
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(VERIFY), address

    def test_the_site_sees_a_reader(self, at_the_door, home):
        page = factories.story("内部")
        set_access(page, AccessLevel.STAFF)
        assert at_the_door.get(page.get_url()).status_code == 404
        image = factories.image("未用的照片")
        assert at_the_door.get(image.derivatives.first().url).status_code == 404

    def test_the_sites_own_sign_in_leads_to_it_too(self, desk, editor, clock):
        enrolled(desk)
        client = Client()
        answer = client.post("/_util/login/", {"username": "editor", "password": "x", "next": "/stories/"})
        assert answer["Location"] == f"{VERIFY}?next=%2Fstories%2F"
        clock(60)
        answer = client.post(VERIFY, {"code": code_at(key_of(editor), 60), "next": "/stories/"})
        assert answer["Location"] == "/stories/"

    def test_the_code_opens_where_the_person_wanted_to_go(self, at_the_door, editor):
        answer = at_the_door.post(VERIFY, {"code": code_at(key_of(editor), 60), "next": "/admin/pages/"})
        assert answer["Location"] == "/admin/pages/"
        assert at_the_door.get("/admin/account/").status_code == 200
        assert Act.objects.get(kind=kinds.FACTOR_GIVEN).user_name == "editor"

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_the_code_leads_to_no_foreign_place(self, at_the_door, editor, wanted):
        answer = at_the_door.post(VERIFY, {"code": code_at(key_of(editor), 60), "next": wanted})
        assert answer["Location"] == "/admin/"

    def test_the_session_gets_a_new_key(self, at_the_door, editor):
        before = at_the_door.cookies["sessionid"].value
        at_the_door.post(VERIFY, {"code": code_at(key_of(editor), 60)})
        assert at_the_door.cookies["sessionid"].value != before

    def test_a_code_passes_once(self, at_the_door, editor):
        code = code_at(key_of(editor), 60)
        assert at_the_door.post(VERIFY, {"code": code}).status_code == 302
        other = Client()
        other.post("/admin/login/", {"username": "editor", "password": "x"})
        assert other.post(VERIFY, {"code": code}).status_code == 200
        assert other.get("/admin/").status_code == 302

    @pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_a_clock_may_differ_by_one_step(self, at_the_door, editor, clock, steps, passes):
        clock(300)
        answer = at_the_door.post(VERIFY, {"code": code_at(key_of(editor), 300 + 30 * steps)})
        assert (answer.status_code == 302) is passes

    def test_spaces_and_full_width_digits_are_read(self, at_the_door, editor):
        code = code_at(key_of(editor), 60)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        assert at_the_door.post(VERIFY, {"code": f" {wide[:3]} {wide[3:]} "}).status_code == 302

    def test_guessing_is_held_and_the_right_code_with_it(self, at_the_door, editor):
        for _attempt in range(5):
            assert at_the_door.post(VERIFY, {"code": "000000"}).status_code == 200
        answer = at_the_door.post(VERIFY, {"code": code_at(key_of(editor), 60)})
        assert (answer.status_code, "Retry-After" in answer) == (429, True)
        assert Act.objects.filter(kind=kinds.FACTOR_FAILED).count() == 5

    def test_signing_in_anew_gives_no_new_attempts(self, at_the_door, editor):
        for _attempt in range(5):
            at_the_door.post(VERIFY, {"code": "000000"})
        again = Client()
        again.post("/admin/login/", {"username": "editor", "password": "x"})
        assert again.post(VERIFY, {"code": "000000"}).status_code == 429

    def test_whoever_does_not_go_on_can_go_away(self, at_the_door):
        assert at_the_door.post("/admin/second-factor/leave/")["Location"] == "/admin/login/"
        assert at_the_door.get("/admin/login/").status_code == 200


class TestRecoveryCodes:
    def test_each_opens_once(self, desk, editor, clock):
        codes = enrolled(desk)
        for attempt, status in ((codes[3].upper(), 302), (codes[3], 200), (codes[4].replace("-", " "), 302)):
            client = Client()
            client.post("/admin/login/", {"username": "editor", "password": "x"})
            assert client.post(VERIFY, {"code": attempt}).status_code == status
        assert RecoveryCode.objects.filter(used_at=None).count() == 8
        assert "还余 8 个" in Act.objects.filter(kind=kinds.FACTOR_GIVEN).latest("pk").words

    def test_another_persons_code_opens_nothing(self, desk, django_user_model, at_the_door):
        other = django_user_model.objects.create_user("other", password="x")
        theirs = second_factor.renew_recovery_codes(other)
        assert at_the_door.post(VERIFY, {"code": theirs[0]}).status_code == 200

    def test_new_ones_end_the_old(self, desk, editor, clock):
        old = enrolled(desk)
        assert desk.post("/admin/second-factor/codes/").status_code == 200
        client = Client()
        client.post("/admin/login/", {"username": "editor", "password": "x"})
        assert client.post(VERIFY, {"code": old[0]}).status_code == 200


class TestRequired:
    @pytest.fixture
    def required(self, editor):
        return GroupRule.objects.create(group=Group.objects.get(name="编辑"), needs_second_factor=True)

    def test_a_member_without_one_is_led_to_set_it_and_nowhere_else(self, required, desk, clock):
        for address in ("/admin/", "/admin/pages/", "/admin/account/"):
            assert desk.get(address)["Location"].startswith(f"{ENROL}?next=")
        assert desk.get(VERIFY)["Location"] == "/admin/"
        assert "须用两步验证" in desk.get(ENROL).content.decode()
        assert len(enrolled(desk)) == 10
        assert desk.get("/admin/").status_code == 200

    def test_nobody_else_is_asked(self, required, home, django_user_model):
        other = django_user_model.objects.create_user("reviewer", password="x")
        other.groups.add(Group.objects.get(name="审稿人"))
        client = Client()
        client.force_login(other)
        assert client.get("/admin/").status_code == 200

    def test_it_cannot_be_done_without(self, required, desk, editor, clock):
        enrolled(desk)
        desk.post("/admin/second-factor/remove/")
        assert TOTPDevice.objects.filter(user=editor).exists()

    def test_where_it_is_not_required_it_can(self, desk, editor, clock):
        enrolled(desk)
        desk.post("/admin/second-factor/remove/")
        assert not TOTPDevice.objects.exists()
        assert desk.get("/admin/").status_code == 200


class TestReset:
    def test_an_administrator_takes_a_lost_one_away(self, desk, editor, clock, administrator):
        enrolled(desk)
        listing = administrator.get(reverse("wagtailusers_users:index")).content.decode()
        address = reverse("archive_factor_reset", args=[editor.pk])
        assert address in listing
        assert administrator.get(address).status_code == 200
        assert TOTPDevice.objects.filter(user=editor).exists()
        administrator.post(address)
        assert not TOTPDevice.objects.filter(user=editor).exists()
        assert not RecoveryCode.objects.filter(user=editor).exists()
        act = Act.objects.get(kind=kinds.FACTOR_RESET)
        assert (act.label, act.user_name) == ("editor", "administrator")

    def test_nobody_takes_that_of_the_mightier(self, home, django_user_model, desk):
        chief = django_user_model.objects.create_superuser("chief", password="x")
        TOTPDevice.objects.create(user=chief, name="app")
        keeper = django_user_model.objects.create_user("keeper", password="x")
        keeper.groups.add(Group.objects.get(name="管理员"))
        client = Client()
        client.force_login(keeper)
        address = reverse("archive_factor_reset", args=[chief.pk])
        for who in (client, desk, Client()):
            assert who.post(address).status_code in (302, 403)
        assert TOTPDevice.objects.filter(user=chief).exists()


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, SHA-1, of which six digits are shown."""
    device = TOTPDevice(key=b"12345678901234567890".hex())
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        with mock.patch("archive.signing_in.second_factor.time", return_value=seconds):
            device.last_t = -1
            assert second_factor._fits(device, code)


def _plain_addresses(resolver, prefix=""):
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _plain_addresses(entry, text)
        elif not re.search(r"[<^(?\\]", text):
            yield text
