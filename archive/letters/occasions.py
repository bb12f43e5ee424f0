"""Who should be written to now, and of what.

- A reviewer, once a day, of what waits for the own opinion and is due tomorrow or overdue, where a stage has a term.
- The members of a town that is asked, when a campaign opens, seven days and one day before it closes.
- Whoever sent something in, when it was returned, accepted or declined.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from wagtail.models import TaskState

from archive.access import Audience, may_see_record
from archive.models import ArchivePage, Campaign, ContributingTown, ReviewState, ReviewTask, Submission, SubmissionAct
from archive.models.campaigns import SubmissionState

from .post import Letter

FIRST_HOUR = 8
"""Nobody is reminded before this hour of the day."""
NAMED = 20
NEWS_FOR = timedelta(days=3)
"""What is older is no news: a museum that was switched off for a week does not write of everything since."""
LAST_DAYS = (1, 7)


def due(now: datetime | None = None) -> Iterator[Letter]:
    """All letters of this moment; those that went out already are among them."""
    now = timezone.localtime(now)
    reminders = chain(reviews(now), campaigns(now.date())) if now.hour >= FIRST_HOUR else ()
    return chain(answers(now), reminders)


# --- Reviews ------------------------------------------------------------------------------------------------------


def reviews(now: datetime) -> Iterator[Letter]:
    waiting: dict[int, list[ReviewState]] = {}
    people = {}
    for task in ReviewTask.objects.filter(days__isnull=False, active=True):
        tomorrow = now + timedelta(days=1)
        pressing = ReviewState.objects.filter(
            task=task, status=TaskState.STATUS_IN_PROGRESS, started_at__lte=tomorrow - timedelta(days=task.days)
        )
        if not pressing.exists():
            continue
        for person in _reachable(task.groups.all()):
            mine = pressing.filter(pk__in=task.get_task_states_user_can_moderate(person).values("pk"))
            found = list(mine.select_related("workflow_state").order_by("started_at", "pk"))
            for state in found:
                state.task = task  # with its term: a plain row would ask for it once for each
            if found:
                people[person.pk] = person
                waiting.setdefault(person.pk, []).extend(found)
    for pk, states in waiting.items():
        yield Letter(f"reviews:{pk}:{now.date()}", people[pk], "reviews", _of_reviews(states, now))


def _of_reviews(states: list[ReviewState], now: datetime) -> dict:
    """A letter leaves the house: what is closed is not named in it."""
    states = sorted(states, key=lambda state: state.due_at)
    named = states[:NAMED]
    keys = {int(state.workflow_state.object_id) for state in named}
    pages = ArchivePage.objects.in_bulk(keys)
    rows = [
        {
            "page": page,
            "is_closed": not may_see_record(Audience.PUBLIC, page.effective_access),
            "stage": state.stage.label,
            "due": state.due_at,
            "days_over": state.days_over(now),
        }
        for state in named
        if (page := pages.get(int(state.workflow_state.object_id))) is not None
    ]
    overdue = sum(state.days_over(now) > 0 for state in states)
    return {"rows": rows, "count": len(states), "more": len(states) - len(rows), "overdue": overdue}


# --- Campaigns ----------------------------------------------------------------------------------------------------


def campaigns(today: date) -> Iterator[Letter]:
    running = Campaign.objects.filter(is_closed_early=False, opens_on__lte=today, closes_on__gte=today)
    for campaign in running.iterator(chunk_size=100):
        occasion = _occasion(campaign, today)
        if occasion is not None:
            yield from _of_campaign(campaign, occasion, today)


def _occasion(campaign: Campaign, today: date) -> str | None:
    """What there is to say today: the last days, that it has opened, or nothing."""
    is_new = today - campaign.opens_on < NEWS_FOR
    left = (campaign.closes_on - today).days
    last = next((days for days in LAST_DAYS if left <= days), None)
    if last is None or (is_new and left > LAST_DAYS[0]):
        return "opened" if is_new else None
    return f"closes-in-{last}"


def _of_campaign(campaign: Campaign, occasion: str, today: date) -> Iterator[Letter]:
    states = [SubmissionState.DRAFT, SubmissionState.RETURNED]
    counted = Submission.objects.filter(campaign=campaign).values("town").order_by()
    counts = {
        row["town"]: row
        for row in counted.annotate(
            unsent=Count("pk", filter=Q(state__in=states)),
            sent=Count("pk", filter=~Q(state__in=[*states, SubmissionState.WITHDRAWN])),
        )
    }
    for town in ContributingTown.objects.asked_in(campaign).select_related("place", "group"):
        count = counts.get(town.pk, {"sent": 0, "unsent": 0})
        context = {"campaign": campaign, "town": town, "opened": occasion == "opened"} | count
        context["days"] = (campaign.closes_on - today).days
        for person in _reachable([town.group]):
            yield Letter(
                f"campaign:{campaign.pk}:{campaign.closes_on}:{occasion}:{person.pk}", person, "campaign", context
            )


# --- Submissions --------------------------------------------------------------------------------------------------


def answers(now: datetime) -> Iterator[Letter]:
    """What the office said of a submission, to whoever wrote it; what has been said anew since is not told any more."""
    said = (SubmissionState.RETURNED, SubmissionState.ACCEPTED, SubmissionState.DECLINED)
    acts = SubmissionAct.objects.filter(at__gt=now - NEWS_FOR, state__in=said, submission__contributor__is_active=True)
    acts = acts.select_related("submission__contributor", "submission__campaign")
    for act in acts.iterator(chunk_size=200):
        if act.submission.state == act.state:
            context = {"submission": act.submission, "act": act}
            yield Letter(f"submission-act:{act.pk}", act.submission.contributor, "submission", context)


def _reachable(groups) -> QuerySet:
    """Active members who have an address, each once."""
    people = get_user_model().objects.filter(groups__in=groups, is_active=True).exclude(email="")
    return people.distinct().order_by("pk")
