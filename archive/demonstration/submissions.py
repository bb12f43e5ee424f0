"""Two campaigns, and what the town of the demonstration sent to them, through the same doors as a contributor."""

import io
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale

from archive.access import AccessLevel
from archive.contributing.moves import move, send
from archive.editing import town_roles
from archive.editing.roles import ensure_contributing_town
from archive.editing.submission_acceptance import accept
from archive.models import Campaign, ColumnPage, ContributingTown, Place, Submission, SubmissionFile
from archive.models.campaigns import check_letter
from media_assets.models import ArchiveImage

from .accounts import TOWN
from .files import PREFIX, Library
from .keys import found
from .records import CampaignRecord, SubmissionRecord
from .texts.submissions import CAMPAIGNS, CONSENT, CONTACT, SUBMISSIONS

PRINT_WIDTH = 1200
"""Pixels; what is sent is a small print of a photograph."""
SENDER, ANSWERER = "laigao", "editor"


def create(library: Library) -> None:
    """Make what is not there. Without the accounts of the demonstration nothing is made."""
    people = {user.username: user for user in get_user_model().objects.filter(username__in=[SENDER, ANSWERER])}
    place = Place.objects.filter(name=TOWN, locale=Locale.get_default()).first()
    if len(people) < 2 or place is None:
        return
    town = ensure_contributing_town(place)
    people[SENDER].groups.add(town.group)
    for record in SUBMISSIONS:
        with transaction.atomic():
            if not Submission.objects.filter(receipt=_receipt(record)).exists():
                _send(record, town, people, library)
    today = timezone.localdate()
    for record in CAMPAIGNS:
        days = {"opens_on": today + timedelta(record.opened), "closes_on": today + timedelta(record.closes)}
        Campaign.objects.filter(title=record.title, opens_on=today, closes_on=today).update(**days)


def _campaign(record: CampaignRecord) -> Campaign:
    """Open today alone, until everything is sent."""
    today = timezone.localdate()
    facts = {"wanted": record.wanted, "consent_text": CONSENT, "contact": CONTACT, "wants_films": True}
    facts |= {"opens_on": today, "closes_on": today}
    return Campaign.objects.get_or_create(title=record.title, defaults=facts)[0]


def _receipt(record: SubmissionRecord) -> str:
    return f"{record.number}-{check_letter(record.number)}"


def _send(record: SubmissionRecord, town: ContributingTown, people: dict, library: Library) -> None:
    campaign, sender, office = _campaign(record.campaign), people[SENDER], people[ANSWERER]
    facts = {"kind": record.kind, "title": record.title, "text": record.text, "author": record.author}
    facts |= {"place_written": record.place, "date_written": record.date, "people": record.people}
    receipt = _receipt(record)
    row = Submission.objects.create(campaign=campaign, town=town, contributor=sender, receipt=receipt, **facts)
    if record.picture in library.images:
        SubmissionFile.objects.create(submission=row, image=_print(record, town, library.images[record.picture]))
    if record.is_draft:
        return
    row = send(row, sender, agreed_to=campaign.consent_version)
    if record.returned:
        move(row, "return", office, record.returned)
    column = found(ColumnPage, "page", ["town-column"]).get("town-column")
    if record.is_accepted and column is not None:
        accept(row, office, column)


def _print(record: SubmissionRecord, town: ContributingTown, photograph: ArchiveImage) -> ArchiveImage:
    written = io.BytesIO()
    with photograph.file.open() as file, Image.open(file) as picture:
        picture.thumbnail((PRINT_WIDTH, PRINT_WIDTH))
        picture.save(written, "JPEG", quality=88)
    image = ArchiveImage(title=record.title, collection=town.collection, access=AccessLevel.STAFF)
    image.description = photograph.description
    image.file = ContentFile(written.getvalue(), name=f"{PREFIX}{record.number.lower()}.jpg")
    image.save()
    return image


def remove() -> list[str]:
    """Take it away; returns what is kept because others have built upon it."""
    kept = []
    rows = Submission.objects.filter(receipt__in=[_receipt(record) for record in SUBMISSIONS])
    for row in rows.select_related("page"):
        if row.page is not None and not row.page.live:
            row.page.delete()
        for image in ArchiveImage.objects.filter(pk__in=row.files.values("image"), original_name__startswith=PREFIX):
            image.delete()
        row.delete()
    for campaign in Campaign.objects.filter(title__in=[record.title for record in CAMPAIGNS]):
        if campaign.submissions.exists():
            kept.append(campaign.title)
        else:
            campaign.delete()
    return kept


def remove_town() -> None:
    """The town's group and folder, once nobody is in it and nothing was sent by it."""
    town = ContributingTown.objects.filter(place__name=TOWN).first()
    if town is not None and not town.group.user_set.exists() and not town.submissions.exists():
        town_roles.stop_sending(town)
