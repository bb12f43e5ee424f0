"""Links to drafts: who may give them, when none is given, and what the log keeps of them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from archive.access import AccessLevel
from archive.models import ArchivePage, ShareLink
from archive.models.campaigns import name_of

MAY_SHARE = "archive.add_sharelink"
MADE, ENDED = "archive.share.make", "archive.share.end"
DAYS = (1, 7, 14, 30)
MOST_ACTIVE = 20


class SharingRefusedError(Exception):
    """`reason` is a sentence for the person."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def may_share(user, page: ArchivePage) -> bool:
    """Whether this person may see, make and end the links of a page: nothing goes out of the house by whoever only
    hands work in, unless the office gives the right."""
    return user.has_perm(MAY_SHARE) and page.permissions_for_user(user).can_edit()


def refusal(page: ArchivePage) -> str:
    """Why no link to this page is made now; "" when one may be."""
    if page.effective_access >= AccessLevel.STAFF:
        return _("这个页面的访问级别是“内部”，不能分享给馆外的人。")
    if page.share_links.active().count() >= MOST_ACTIVE:
        return _("这个页面已有 %(most)d 个有效的链接，请先结束用不着的。") % {"most": MOST_ACTIVE}
    return ""


@transaction.atomic
def make(page: ArchivePage, user, given_to: str, days: int) -> ShareLink:
    """A new link, good for so many days. Raises SharingRefusedError."""
    row = ArchivePage.objects.select_for_update(of=("self",)).order_by().get(pk=page.pk)
    reason = refusal(row)
    if reason:
        raise SharingRefusedError(reason)
    link = ShareLink.objects.create(
        page=row,
        given_to=given_to,
        created_by=user,
        created_by_name=name_of(user),
        expires_at=timezone.now() + timedelta(days=days),
    )
    log(page, MADE, user=user, data=_told(link))
    return link


@transaction.atomic
def end(link: ShareLink, user) -> bool:
    """End a link at once; False when it was over already."""
    if not ShareLink.objects.active().filter(pk=link.pk).update(ended_at=timezone.now()):
        return False
    log(link.page.specific, ENDED, user=user, data=_told(link))
    return True


def _told(link: ShareLink) -> dict:
    """For the log, which is kept in the office's language; the secret is none of its business."""
    until = timezone.localtime(link.expires_at)
    return {"link": link.pk, "reason": f"给“{link.given_to}”，有效至 {until:%Y-%m-%d %H:%M}"}
