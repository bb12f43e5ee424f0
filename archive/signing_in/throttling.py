"""Slows down whoever guesses: attempts are counted by account and by address, before anything is compared.

The first attempts are free; each one beyond doubles a wait, up to a bound. During the wait nothing is tried, the right
password included: an answer that told it from a wrong one would let the guessing go on. That somebody can keep another
out of an account for a quarter of an hour is the price; an administrator lifts it. An account that does not exist is
counted alike, so that nobody learns which do. The counts lie in the database, so that all web processes share them.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from archive.access import client_address
from archive.models import SignInTally

Scope = SignInTally.Scope
QUIET = timedelta(days=1)
"""After so long without an attempt everything is forgotten."""


@dataclass(frozen=True)
class Patience:
    """`free` attempts cost nothing; then `first` seconds, doubled each time, at most `most`."""

    free: int
    first: int
    most: int

    def wait(self, failures: int) -> int:
        over = failures - self.free
        return 0 if over < 0 else min(self.most, self.first * 2 ** min(over, 20))


PATIENCE = {
    Scope.ACCOUNT: Patience(5, 30, 900),
    # A whole office may stand behind one address.
    Scope.ADDRESS: Patience(40, 30, 900),
    Scope.FACTOR: Patience(5, 30, 900),
    Scope.RESET_ACCOUNT: Patience(3, 300, 3600),
    Scope.RESET_ADDRESS: Patience(20, 60, 3600),
}


class TooManyAttemptsError(Exception):
    """Come again in `wait` seconds."""

    def __init__(self, wait: int):
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Counted:
    """What one attempt is counted against."""

    scope: str
    key: str
    shown: str = ""


def of_account(name: str, scope: str = Scope.ACCOUNT) -> Counted:
    """An account by the name that was typed; shown to administrators only if there is such an account, for people
    type passwords there."""
    typed = get_user_model().normalize_username(name)[:500]
    shown = get_user_model().objects.filter(username=typed).values_list("username", flat=True).first() or ""
    return Counted(scope, _digest(typed.casefold()), shown)


def of_address(request: HttpRequest | None, scope: str = Scope.ADDRESS) -> Counted | None:
    """The client's own address, or its /64 network in IPv6; None where nobody knows it."""
    address = client_address(request) if request is not None else None
    if address is None:
        return None
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False)
    return Counted(scope, _digest(str(address)), str(address))


def of_person(user) -> Counted:
    return Counted(Scope.FACTOR, _digest(str(user.pk)), user.get_username())


def take(*counted: Counted | None) -> bool:
    """Count an attempt before it is made. Raises TooManyAttemptsError when it may not be made; whether one more would
    have to wait."""
    begins_waiting = False
    with transaction.atomic():
        now = timezone.now()
        tallies = [_locked(each, now) for each in counted if each is not None]
        waits = [tally.held_until - now for tally in tallies if tally.held_until and tally.held_until > now]
        if waits:
            raise TooManyAttemptsError(int(max(waits).total_seconds()) + 1)
        for tally in tallies:
            tally.failures = tally.failures + 1 if now - tally.last_at < QUIET else 1
            wait = PATIENCE[tally.scope].wait(tally.failures)
            tally.last_at, tally.held_until = now, now + timedelta(seconds=wait) if wait else None
            tally.save(update_fields=["failures", "last_at", "held_until"])
            begins_waiting = begins_waiting or bool(wait)
    return begins_waiting


def settle(*counted: Counted | None) -> None:
    """It succeeded: the account starts anew; the address is given back this attempt alone, for whoever has one account
    could otherwise guess others for ever."""
    for each in counted:
        if each is None:
            continue
        tally = SignInTally.objects.filter(scope=each.scope, key=each.key)
        if each.scope == Scope.ADDRESS:
            tally.filter(failures__gt=0).update(failures=F("failures") - 1, held_until=None)
        else:
            tally.delete()


def forget() -> None:
    """For the timetable: what has been quiet for long."""
    SignInTally.objects.filter(last_at__lt=timezone.now() - QUIET).delete()


def _locked(counted: Counted, now) -> SignInTally:
    tally, _made = SignInTally.objects.select_for_update().get_or_create(
        scope=counted.scope, key=counted.key, defaults={"shown": counted.shown[:150], "last_at": now}
    )
    return tally


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
