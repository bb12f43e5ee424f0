"""The second factor: one-time codes by the clock (TOTP, RFC 6238) and ten recovery codes, and where a session stands.

A session whose second factor is outstanding is nobody's: see `door.DoorMiddleware`.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from enum import Enum
from time import time
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from archive.acts import kinds
from archive.acts.recording import address_of, record
from archive.models import GroupRule, RecoveryCode
from archive.models.acts import Matter

from . import throttling

SESSION_KEY, PENDING_KEY = "second_factor", "second_factor_pending"
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what is misread: 0 o 1 l i


class Standing(Enum):
    """Where the session of a person stands."""

    FREE = "free"
    VERIFIED = "verified"
    MUST_VERIFY = "must-verify"
    MUST_ENROL = "must-enrol"

    @property
    def is_outstanding(self) -> bool:
        return self in (Standing.MUST_VERIFY, Standing.MUST_ENROL)


def device_of(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def standing_of(request: HttpRequest, user) -> Standing:
    devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    rules = GroupRule.objects.filter(group__user=OuterRef("pk"), needs_second_factor=True)
    people = get_user_model().objects.filter(pk=user.pk).order_by()
    # One query for whoever has none, at every request.
    has_one, is_asked_for = people.values_list(Exists(devices), Exists(rules)).get()
    if has_one and (device := device_of(user)) is not None:
        passed = request.session.get(SESSION_KEY) == _mark(device)
        return Standing.VERIFIED if passed else Standing.MUST_VERIFY
    return Standing.MUST_ENROL if is_asked_for else Standing.FREE


def is_required(user) -> bool:
    """Whether a group of this person's asks for it."""
    return GroupRule.objects.filter(group__user=user, needs_second_factor=True).exists()


# --- Setting it -----------------------------------------------------------------------------------------------------


def pending_key(request: HttpRequest) -> str:
    """The key (hex) that this session is setting up, made when it is first asked for."""
    return request.session.setdefault(PENDING_KEY, default_key())


def key_as_text(key: str) -> str:
    """For typing in: base32 in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address_of_key(user, key: str) -> str:
    """What the QR code says (otpauth, as the common apps read it)."""
    issuer = settings.WAGTAIL_SITE_NAME.replace(":", "")
    parameters = urlencode({"secret": b32encode(bytes.fromhex(key)).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{user.get_username()}')}?{parameters}"


def enrol(request: HttpRequest, user, code: str) -> list[str] | None:
    """Confirm the pending key with a code of it: the person's recovery codes, to be shown once; None for a wrong code.

    A device that was there before is replaced, and other sessions of the person have to verify anew.
    """
    throttling.take(throttling.of_person(user))
    device = TOTPDevice(user=user, name="app", key=pending_key(request), confirmed=True)
    if not _fits(device, code):
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        device.save()
        codes = renew_recovery_codes(user)
        record(kinds.FACTOR_SET, user, user=user)
    throttling.settle(throttling.of_person(user))
    request.session.pop(PENDING_KEY, None)
    _admit(request, device)
    return codes


def renew_recovery_codes(user) -> list[str]:
    """Ten new ones; the old ones are worth nothing from now on."""
    codes = ["-".join(_letters(5) for _part in range(2)) for _code in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(user, code)) for code in codes])
    return codes


def reset(user) -> bool:
    """Take the second factor away, for who lost it; whether there was one."""
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        deleted, _models = TOTPDevice.objects.filter(user=user).delete()
        if deleted:
            record(kinds.FACTOR_RESET, user)
    return bool(deleted)


# --- Giving it ------------------------------------------------------------------------------------------------------


def verify(request: HttpRequest, user, code: str) -> bool:
    """A code of the app or a recovery code; each passes once. Raises TooManyAttemptsError."""
    counted = throttling.of_person(user)
    held = throttling.take(counted)
    words = ""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
        passed = device is not None and _fits(device, code)
        if passed:
            device.save()
        elif device is not None and _use_recovery_code(user, code):
            passed, words = True, f"用恢复码；还余 {unused_codes(user)} 个"
    if not passed:
        words = "输错次数过多，须等候" if held else ""
        record(kinds.FACTOR_FAILED, user, words, user=user, matter=Matter.SIGN_IN, address=address_of(request))
        return False
    throttling.settle(counted)
    _admit(request, device)
    record(kinds.FACTOR_GIVEN, user, words, user=user, matter=Matter.SIGN_IN, address=address_of(request))
    return True


def unused_codes(user) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _fits(device: TOTPDevice, code: str) -> bool:
    """The step of the clock, the one before or the one after, and none that was used (RFC 6238, 5.2)."""
    digits = "".join(code.split())
    if not (len(digits) == device.digits and digits.isdecimal()):
        return False
    totp = _clock(device)
    if not totp.verify(int(digits), device.tolerance, device.last_t + 1):
        return False
    device.last_t = totp.t()
    return True


def _clock(device: TOTPDevice) -> TOTP:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time()
    return totp


def _use_recovery_code(user, code: str) -> bool:
    digest = _digest(user, code)
    return bool(RecoveryCode.objects.filter(user=user, digest=digest, used_at=None).update(used_at=timezone.now()))


def _admit(request: HttpRequest, device: TOTPDevice) -> None:
    """A new key for the session, so that one which was known before is worth nothing."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = _mark(device)


def _mark(device: TOTPDevice) -> str:
    """Names the device and its key: one that was set anew does not pass for the old."""
    return f"{device.pk}:{hashlib.sha256(device.bin_key).hexdigest()[:16]}"


def _digest(user, code: str) -> str:
    """Keyed with the museum's secret: whoever reads the table alone cannot try codes against it."""
    plain = "".join(code.lower().split()).replace("-", "")
    return hmac.new(settings.SECRET_KEY.encode(), f"{user.pk}:{plain}".encode(), hashlib.sha256).hexdigest()


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _letter in range(count))
