"""Where passwords are compared and asked for anew: every door leads here, so here is where guessing is slowed down."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from wagtail.admin.forms.auth import PasswordResetForm

from archive.acts import kinds
from archive.acts.recording import address_of, record
from archive.models.acts import Matter

from . import throttling


class ThrottledBackend(ModelBackend):
    """Django's own, asked no more often than `throttling` lets. Raises TooManyAttemptsError past every form, which
    `DoorMiddleware` answers."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        name = username if username is not None else kwargs.get(get_user_model().USERNAME_FIELD)
        if not isinstance(name, str) or password is None:
            return None
        account, address = throttling.of_account(name), throttling.of_address(request)
        held = throttling.take(account, address)
        user = super().authenticate(request, username=name, password=password, **kwargs)
        if user is not None:
            throttling.settle(account, address)
            return user
        kind = kinds.SIGN_IN_HELD if held else kinds.SIGN_IN_FAILED
        label = account.shown or "（没有这个帐号）"
        record(kind, label=label, matter=Matter.SIGN_IN, address=address_of(request))
        return None


class ThrottledPasswordResetForm(PasswordResetForm):
    """Each letter that is asked for counts, whether or not there is such an address."""

    def save(self, *args, request=None, **kwargs):
        throttling.take(
            throttling.of_account(self.cleaned_data["email"], throttling.Scope.RESET_ACCOUNT),
            throttling.of_address(request, throttling.Scope.RESET_ADDRESS),
        )
        return super().save(*args, request=request, **kwargs)
