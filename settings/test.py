"""The settings of the test suite: a data folder of its own, quick passwords, background tasks done in place."""

import os
import tempfile

# Set before the base is read, so that nothing of a developer's museum is ever touched.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="museum-test-")

from .base import *  # noqa: E402, F403
from .base import SEARCH, STORAGES  # noqa: E402

SECRET_KEY = "only-for-the-tests-" + "x" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# No worker runs beside the tests: what the desk looks for is indexed when it is looked for.
SEARCH = SEARCH | {"DESK_IN_PLACE": True}
