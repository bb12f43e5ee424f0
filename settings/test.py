"""The settings of the test suite: a data folder of its own, quick passwords, background tasks done in place."""

import os
import tempfile

# Set before the base is read, so that nothing of a developer's museum is ever touched.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="museum-test-")
os.environ["EMAIL_URL"] = "memorymail://"

from .base import *  # noqa: E402, F403
from .base import SEARCH, STORAGES  # noqa: E402

SECRET_KEY = "only-for-the-tests-" + "x" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# No worker runs beside the tests: what the desk looks for is indexed when it is looked for.
SEARCH = SEARCH | {"DESK_IN_PLACE": True}
# Nor does anybody do jobs beside them: what is asked for is done at once.
MEDIA_JOBS_IN_PLACE = True
# Encoding takes seconds: the tests of films ask for it by name.
MEDIA_FILMS_ON_ARRIVAL = False
# Decoders run in this process: starting an interpreter for each of a thousand small pictures takes minutes. The tests
# of the sandbox and of hostile files start it all the same.
MEDIA_SANDBOX = {"in_place": True}
