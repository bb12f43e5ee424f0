"""Who may see a thing, as numbers that can be compared."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessLevel(models.IntegerChoices):
    """Ordered from the most open to the strictest: the effective level of several things is their `max()`."""

    OPEN = 0, _("公开")
    ON_SITE = 1, _("馆内")
    STAFF = 2, _("内部")
