"""`make dev`: the embedded settings with debugging on and plain static files."""

from .base import *  # noqa: F403
from .base import SENDS_MAIL, STORAGES

DEBUG = True
if not SENDS_MAIL:  # letters are written into the log
    EMAIL_BACKEND, SENDS_MAIL = "django.core.mail.backends.console.EmailBackend", True
    WAGTAIL_PASSWORD_RESET_ENABLED = True
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
