"""The settings of a museum under measurement: no bound on questions, static files as they lie."""

from settings.base import *  # noqa: F403
from settings.base import SEARCH, STORAGES

SEARCH = SEARCH | {"QUESTIONS_A_MINUTE": 0, "SUGGESTIONS_A_MINUTE": 0}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
