"""Permanent identifiers: given once, never given again, kept as a tombstone when the thing is gone."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
"""The 29 "extended digits" of the NOID scheme: no vowels, so no words, and no l to take for 1."""

BODY_LENGTH = 8
"""29**8 is 5e11: among a million identifiers a new one collides with a probability of 2e-6, and is then redrawn."""


def check_character(body: str) -> str:
    """The check character of the NOID Check Digit Algorithm: it finds any one wrong character and any two that
    changed places."""
    total = sum(place * max(ALPHABET.find(character), 0) for place, character in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def mint() -> str:
    """A new identifier value: eight random characters and their check character."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(BODY_LENGTH))
    return body + check_character(body)


def is_well_formed(value: str) -> bool:
    """Whether the check character fits, so that a mistyped identifier is told from an unknown one."""
    return (
        len(value) == BODY_LENGTH + 1
        and all(character in ALPHABET for character in value)
        and check_character(value[:-1]) == value[-1]
    )


class IdentifierManager(models.Manager):
    def assign(self, kind: str, **target) -> "Identifier":
        """A new row with a value that no row ever had."""
        return self.create(value=self._unused(1)[0], kind=kind, **target)

    def assign_many(self, kind: str, count: int) -> list["Identifier"]:
        """Rows for an import, made in a few statements."""
        rows = [Identifier(value=value, kind=kind) for value in self._unused(count)]
        return self.bulk_create(rows, batch_size=1000)

    def _unused(self, count: int) -> list[str]:
        values: set[str] = set()
        while len(values) < count:
            drawn = {mint() for _draw in range(min(count - len(values), 500))}
            values |= drawn - set(self.filter(pk__in=drawn).values_list("pk", flat=True))
        return list(values)


class Identifier(models.Model):
    """One permanent identifier. Pages and sections point to theirs; an asset is pointed to from here, because the
    asset library knows nothing of the museum. Translations of one work share theirs.

    Rows are never deleted: when the thing goes, ``removed_at`` and ``reason`` make the row its tombstone.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("页面")
        SECTION = "section", _("篇目")
        IMAGE = "image", _("图片")
        VIDEO = "video", _("影音")
        DOCUMENT = "document", _("文档")

    value = models.CharField(_("标识符"), max_length=16, primary_key=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    image = models.OneToOneField(
        "media_assets.ArchiveImage",
        verbose_name=_("图片"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="identifier",
    )
    video = models.OneToOneField(
        "media_assets.ArchiveVideo",
        verbose_name=_("影音"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="identifier",
    )
    document = models.OneToOneField(
        "media_assets.ArchiveDocument",
        verbose_name=_("文档"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="identifier",
    )
    assigned_at = models.DateTimeField(_("分配时间"), default=timezone.now, editable=False)
    title = models.CharField(_("最后的题名"), max_length=255, blank=True)
    removed_at = models.DateTimeField(_("删除时间"), null=True, blank=True)
    ever_public = models.BooleanField(_("曾对外公开"), default=False, editable=False)
    reason = models.TextField(
        _("撤回或删除的说明"), blank=True, help_text=_("公开显示在永久地址上，请勿写入内部信息。")
    )

    objects = IdentifierManager()

    class Meta:
        verbose_name = _("永久标识符")
        verbose_name_plural = _("永久标识符")
        indexes = [models.Index(fields=["kind", "removed_at"], name="identifier_kind_removed")]

    def __str__(self) -> str:
        return self.value

    def bury(self, title: str, *, closed: bool = False) -> None:
        """Make the row a tombstone. It answers for itself only if the thing was public once and is not `closed` now."""
        self.refresh_from_db(fields=["ever_public"])
        self.removed_at = timezone.now()
        self.title = title[:255]
        self.ever_public = self.ever_public and not closed
        self.save(update_fields=["removed_at", "title", "ever_public"])
