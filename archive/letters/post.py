"""Sends letters, each once: a row is written before, and marked behind.

A process that is killed between the two leaves a row that is tried again after ten minutes, so that in that one case a
letter may come twice; it is never lost. No transaction is held while a mail server is spoken to.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from archive.models import SentLetter
from media_assets.stored_names import in_lots

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
MOST_TRIES = 6
KEPT_FOR = timedelta(days=90)
CHUNK = 200


@dataclass(frozen=True)
class Letter:
    """`key` is unique for occasion and person; `template` lies in archive/letters/, its first line is the subject."""

    key: str
    to: object
    template: str
    context: dict


def send(letters: Iterable[Letter]) -> int:
    """Send those that have not gone out; how many did. What is refused is logged, noted on its row and tried again, six
    times at most; while the mail server does not answer, nothing is begun."""
    if not settings.SENDS_MAIL:
        return 0
    return sum(_send_lot(lot) for lot in in_lots(letters, CHUNK))


def forget() -> None:
    """For the timetable: drop the rows of letters whose occasion is long past."""
    SentLetter.objects.filter(begun_at__lt=timezone.now() - KEPT_FOR).delete()


def _send_lot(letters: list[Letter]) -> int:
    done = SentLetter.objects.filter(key__in=[letter.key for letter in letters], sent_at__isnull=False)
    gone = set(done.values_list("key", flat=True))
    left = [letter for letter in letters if letter.key not in gone and letter.to.email]
    if not left:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        logger.warning("the mail server does not answer: %d letters wait", len(left), exc_info=True)
        return 0
    try:
        return sum(_send(letter, connection) for letter in left)
    finally:
        connection.close()


def _send(letter: Letter, connection) -> bool:
    if not _claim(letter):
        return False
    row = SentLetter.objects.filter(key=letter.key)
    try:
        _message(letter, connection).send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; an impossible address is a ValueError
        logger.warning("letter %s could not be sent", letter.key, exc_info=True)
        row.update(reason=str(error)[:500])
        return False
    row.update(sent_at=timezone.now(), reason="")
    return True


def _claim(letter: Letter) -> bool:
    """Whether this letter is ours to send now."""
    now = timezone.now()
    try:
        with transaction.atomic():
            SentLetter.objects.create(key=letter.key, to=letter.to, begun_at=now)
        return True
    except IntegrityError:
        left = Q(sent_at__isnull=True, begun_at__lt=now - AGAIN_AFTER, tries__lt=MOST_TRIES)
        return bool(SentLetter.objects.filter(left, key=letter.key).update(begun_at=now, tries=F("tries") + 1))


def _message(letter: Letter, connection) -> EmailMessage:
    context = letter.context | {
        "to": letter.to.get_full_name() or letter.to.get_username(),
        "museum": settings.WAGTAIL_SITE_NAME,
        "base": settings.PUBLIC_BASE_URL.rstrip("/"),
    }
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(f"archive/letters/{letter.template}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    return EmailMessage(
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[letter.to.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
