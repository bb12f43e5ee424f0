"""Sign-in: how often it failed lately, and what a second factor leaves behind besides its device."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInTally(models.Model):
    """Attempts that count against one account or one address. In the database, so that all web processes count
    together; a row is forgotten when it has been quiet for a day.

    `key` is a digest: people type passwords into the field for the name. `shown` tells an administrator which account
    or address it is, when there is such an account.
    """

    class Scope(models.TextChoices):
        ACCOUNT = "account", _("帐号")
        ADDRESS = "address", _("地址")
        FACTOR = "factor", _("两步验证")
        RESET_ACCOUNT = "reset-account", _("找回密码·邮箱")
        RESET_ADDRESS = "reset-address", _("找回密码·地址")

    scope = models.CharField(_("种类"), max_length=16, choices=Scope.choices)
    key = models.CharField(max_length=64)
    shown = models.CharField(_("帐号或地址"), max_length=150, blank=True)
    failures = models.PositiveIntegerField(_("次数"), default=0)
    last_at = models.DateTimeField(_("最近一次"), db_index=True)
    held_until = models.DateTimeField(_("暂停至"), null=True, blank=True)

    class Meta:
        verbose_name = _("登录暂停")
        verbose_name_plural = _("登录暂停")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_tally_for_each")]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.shown}"


class RecoveryCode(models.Model):
    """A code that opens the door once when the telephone is lost. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="a_code_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.used_at or ''}"
