"""Tasks that found nothing to do, and are no failures.

Wagtail notes the references of each row that links a page to a place or a person, in a task of its own. Publishing the
page writes those rows anew, and the task of the old row finds it gone. The page's own task notes them all: nothing is
missing.
"""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

TASK = "wagtail.tasks.update_reference_index_task"
VANISHED = Q(task_path=TASK, exception_class_path__endswith="DoesNotExist")


class WithoutVanished(logging.Filter):
    """Lets such a task's end pass in silence, in the log of django_tasks ("Task id=… path=… state=…")."""

    def filter(self, record: logging.LogRecord) -> bool:
        what, arguments = (record.exc_info or (None,))[0], record.args or ()
        return not (what and issubclass(what, ObjectDoesNotExist) and TASK in arguments)
