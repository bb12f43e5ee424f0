"""What the office asks the towns for, and what they send: campaigns, submissions, and everything done to them."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Collection, Page

from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo

from .authorities import Place
from .dated import DatedMixin

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are misread from paper."""
RANDOM_LETTERS = 7


def check_letter(text: str) -> str:
    """The letter behind a receipt number: one letter misread, or two neighbours exchanged, give another one."""
    figures = [int(letter, 36) for letter in text if letter.isalnum()]
    return ALPHABET[sum(place * figure for place, figure in enumerate(figures, 1)) % 31]


def new_receipt() -> str:
    """「2026-K7Q4MX9-C」: the year, seven letters that nobody guesses, and a check letter."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM_LETTERS))
    number = f"{timezone.localdate().year}-{letters}"
    return f"{number}-{check_letter(number)}"


class Kind(models.TextChoices):
    PICTURE = "picture", _("照片")
    FILM = "film", _("影片")
    TEXT = "text", _("文字")


def name_of(user) -> str:
    """How a person is written into what must stay readable when the account is gone."""
    full, short = user.get_full_name(), user.get_username()
    return f"{full}（{short}）"[:200] if full else short


class ContributingTownQuerySet(models.QuerySet):
    def asked_in(self, campaign: "Campaign") -> "ContributingTownQuerySet":
        return self if campaign.is_for_all else self.filter(place__in=campaign.towns.all())


class ContributingTown(models.Model):
    """A town that sends in: who belongs to it, and the folder in which its files wait."""

    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, related_name="contributing_town", verbose_name=_("镇街/村")
    )
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="contributing_town", verbose_name=_("来稿人组")
    )
    collection = models.OneToOneField(
        Collection, on_delete=models.PROTECT, related_name="+", verbose_name=_("待收文件夹")
    )

    objects = ContributingTownQuerySet.as_manager()

    class Meta:
        verbose_name = _("来稿镇街")
        verbose_name_plural = _("来稿镇街")

    def __str__(self) -> str:
        return self.place.name


class CampaignQuerySet(models.QuerySet):
    def open_for(self, *towns: ContributingTown) -> "CampaignQuerySet":
        """Those that one of these towns is asked in and may send to today."""
        today = timezone.localdate()
        running = self.filter(is_closed_early=False, opens_on__lte=today, closes_on__gte=today)
        places = [town.place_id for town in towns]
        named = Campaign.towns.through.objects.filter(campaign=OuterRef("pk"), place__in=places)
        return running.filter(Q(is_for_all=True) | Exists(named))


class Campaign(models.Model):
    """What is wanted, from whom, until when. `consent_version` rises with every change of the consent text."""

    title = models.CharField(_("题名"), max_length=200)
    wanted = models.TextField(_("征集什么"), help_text=_("内容、要求与用途；空一行为一段。"))
    wants_pictures = models.BooleanField(_("收照片"), default=True)
    wants_films = models.BooleanField(_("收影片"), default=False)
    wants_texts = models.BooleanField(_("收文字"), default=True)
    is_for_all = models.BooleanField(_("向所有来稿镇街征集"), default=True)
    towns = models.ManyToManyField(
        Place,
        verbose_name=_("只向这些镇街征集"),
        blank=True,
        related_name="+",
        limit_choices_to={"contributing_town__isnull": False},
        help_text=_("没有勾上面一项时，只有选中的镇街看得到这次征集。"),
    )
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"), help_text=_("当天仍可来稿。"))
    is_closed_early = models.BooleanField(_("提前结束"), default=False)
    consent_text = models.TextField(_("授权同意书"))
    consent_version = models.PositiveIntegerField(default=1, editable=False)
    contact = models.CharField(_("联系人与电话"), max_length=200, blank=True)

    objects = CampaignQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("wanted"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("wants_pictures"), FieldPanel("wants_films"), FieldPanel("wants_texts")])],
            heading=_("收哪几种"),
        ),
        FieldPanel("is_for_all"),
        FieldPanel("towns", widget=CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on"), FieldPanel("is_closed_early")]),
        FieldPanel("consent_text"),
        FieldPanel("contact"),
    ]

    class Meta:
        verbose_name = _("征集活动")
        verbose_name_plural = _("征集活动")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")),
                name="campaign_runs_forward",
                violation_error_message=_("截止日期不能早于开始日期。"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        before = Campaign.objects.filter(pk=self.pk).values_list("consent_text", "consent_version").first()
        if before is not None:
            self.consent_version = before[1] + (before[0] != self.consent_text)
        super().save(*args, **kwargs)

    def get_standing_display(self) -> str:
        today = timezone.localdate()
        if self.is_closed_early or self.closes_on < today:
            return _("已结束")
        return _("征集中") if self.opens_on <= today else _("未开始")

    def clean(self) -> None:
        super().clean()
        if not self.kinds:
            raise ValidationError(_("请至少选一种要收的作品。"))

    @property
    def kinds(self) -> list[Kind]:
        asked = ((Kind.PICTURE, self.wants_pictures), (Kind.FILM, self.wants_films), (Kind.TEXT, self.wants_texts))
        return [kind for kind, is_wanted in asked if is_wanted]


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已送出")
    RETURNED = "returned", _("退回补充")
    ACCEPTED = "accepted", _("已采用")
    DECLINED = "declined", _("未采用")
    WITHDRAWN = "withdrawn", _("已撤回")


class Submission(DatedMixin):
    """One work sent in by a town. Its state is changed by `archive.contributing.moves` alone; `consent` is the exact
    text that was agreed to, `reply` the answer to a return while it is being written, `pages` all drafts made of
    it, of which `page` is the first or their album. Names of people stand beside their accounts, which may
    be deleted."""

    receipt = models.CharField(_("回执号"), max_length=20, unique=True, default=new_receipt, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("征集活动")
    )
    town = models.ForeignKey(
        ContributingTown, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("镇街")
    )
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    contributor_name = models.CharField(_("来稿人"), max_length=200, editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("题名"), max_length=200, blank=True)
    text = models.TextField(_("说明或正文"), blank=True, max_length=50_000)
    author = models.CharField(_("作者（拍摄者、撰文者）"), max_length=120, blank=True)
    people = models.CharField(_("图中人物"), max_length=500, blank=True)
    place_written = models.CharField(_("地点"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT, editable=False
    )
    consent = models.TextField(blank=True, editable=False)
    consent_version = models.PositiveIntegerField(null=True, editable=False)
    consent_name = models.CharField(max_length=200, blank=True, editable=False)
    consent_at = models.DateTimeField(null=True, editable=False)
    reply = models.TextField(_("给方志办的答复"), blank=True, max_length=2000)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    pages = models.ManyToManyField(Page, editable=False, related_name="+")
    created_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(_("送出时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("来稿")
        verbose_name_plural = _("来稿")
        ordering = ["-pk"]
        constraints = [DatedMixin.order_constraint("submission")]
        indexes = [
            models.Index(fields=["campaign", "state"], name="submission_tally"),
            models.Index(fields=["-sent_at"], name="submission_sent"),
        ]

    def save(self, *args, **kwargs) -> None:
        if self.contributor is not None:
            self.contributor_name = self.contributor_name or name_of(self.contributor)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.name}（{self.receipt}）"

    @property
    def name(self) -> str:
        """The title; a draft may be without."""
        return self.title or _("（未题名）")

    @property
    def upload_group(self) -> str:
        return f"submission-{self.pk}"

    @property
    def is_editable(self) -> bool:
        return self.state in (SubmissionState.DRAFT, SubmissionState.RETURNED)


class SubmissionFile(models.Model):
    """A file of a submission: an asset at the closed level until the submission is accepted."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, null=True, related_name="+")
    video = models.ForeignKey(ArchiveVideo, on_delete=models.CASCADE, null=True, related_name="+")
    document = models.ForeignKey(ArchiveDocument, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = _("来稿文件")
        verbose_name_plural = _("来稿文件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.asset)

    @property
    def asset(self) -> ArchiveImage | ArchiveVideo | ArchiveDocument:
        return self.image or self.video or self.document


class SubmissionAct(models.Model):
    """One line of a submission's history. Lines are added and never changed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="acts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=SubmissionState.choices)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("来稿经过")
        verbose_name_plural = _("来稿经过")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.get_state_display()}"

    def save(self, *args, **kwargs) -> None:
        """Raises TypeError for a line that is there already."""
        if not self._state.adding:
            raise TypeError("the history of a submission is only added to")
        super().save(*args, **kwargs)
