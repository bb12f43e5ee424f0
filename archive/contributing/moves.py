"""The moves of a submission, in one place: who sends, returns, declines, accepts and withdraws, from which state.

draft → sent → returned → sent … → accepted, declined; withdrawn by the town before that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.models import Campaign, Submission, SubmissionAct, SubmissionState
from archive.models.campaigns import Kind, name_of

State = SubmissionState


class MoveRefusedError(Exception):
    """`reason` is a sentence for the person."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Move:
    sources: frozenset[State]
    target: State
    needs_reason: bool = False


MOVES = {
    "send": Move(frozenset({State.DRAFT, State.RETURNED}), State.SENT),
    "return": Move(frozenset({State.SENT}), State.RETURNED, needs_reason=True),
    "decline": Move(frozenset({State.SENT}), State.DECLINED, needs_reason=True),
    "accept": Move(frozenset({State.SENT}), State.ACCEPTED),
    "withdraw": Move(frozenset({State.DRAFT, State.SENT, State.RETURNED}), State.WITHDRAWN),
}


def locked(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends."""
    return Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)


@transaction.atomic
def move(
    submission: Submission,
    name: str,
    person,
    reason: str = "",
    *,
    meanwhile: Callable[[Submission], None] | None = None,
) -> Submission:
    """Make the move and write it into the history; `meanwhile` happens with it or not at all.

    Raises MoveRefusedError for a move that the state does not allow, or without a reason where one is needed.
    """
    row, asked, reason = locked(submission), MOVES[name], reason.strip()
    if row.state not in asked.sources:
        told = {"receipt": row.receipt, "state": row.get_state_display()}
        raise MoveRefusedError(_("来稿 %(receipt)s 现在是“%(state)s”，不能这样处理。") % told)
    if asked.needs_reason and not reason:
        raise MoveRefusedError(_("请写明理由，来稿人会看到。"))
    if meanwhile is not None:
        meanwhile(row)
    row.state = asked.target
    row.save()
    facts = {"person": person, "person_name": name_of(person), "state": asked.target, "reason": reason}
    SubmissionAct.objects.create(submission=row, **facts)
    return row


def _ask_for_the_work(row: Submission) -> None:
    """Raises MoveRefusedError where that is missing which makes it a photograph, a film or a text."""
    if row.kind == Kind.PICTURE and not row.files.filter(image__isnull=False).exists():
        raise MoveRefusedError(_("请至少附上一张照片。"))
    if row.kind == Kind.FILM and not row.files.filter(video__type="video").exists():
        raise MoveRefusedError(_("请至少附上一部影片。"))
    if not row.text.strip() and not row.files.exists():
        raise MoveRefusedError(_("请写下文字，或附上文件。"))


def send(submission: Submission, person, *, agreed_to: int | None) -> Submission:
    """To the office, with the consent that was read: `agreed_to` is its version, None without a tick.

    Raises MoveRefusedError also when there is no consent, it was changed meanwhile, nothing is in it, or the campaign
    has closed; what was returned may be answered after the last day.
    """

    def settle(row: Submission) -> None:
        campaign = Campaign.objects.get(pk=row.campaign_id)
        if agreed_to is None:
            raise MoveRefusedError(_("请先阅读授权同意书，并勾选同意。"))
        if agreed_to != campaign.consent_version:
            raise MoveRefusedError(_("授权同意书刚刚修改过，请重新阅读并勾选同意。"))
        if row.state == State.DRAFT and not Campaign.objects.open_for(row.town).filter(pk=campaign.pk).exists():
            raise MoveRefusedError(_("这次征集已经截止或尚未开始，不能再送出。"))
        if not row.title.strip():
            raise MoveRefusedError(_("请写题名。"))
        _ask_for_the_work(row)
        row.sent_at = timezone.now()
        row.consent, row.consent_version = campaign.consent_text, campaign.consent_version
        row.reply = ""
        row.consent_name, row.consent_at = name_of(person), timezone.now()

    return move(submission, "send", person, submission.reply, meanwhile=settle)
